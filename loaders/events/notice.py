"""What a notice is, what it can bring, and the person on its day as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.dates import first_day, is_date
from graph.errors import N_, Conflict, NotFound, UsageError
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.checking.periods import period_problem
from loaders.entry import RowStep
from queries.personnel import Personnel, State, of_people
from queries.personnel.days import day_number
from queries.personnel.pairs import pair_ends
from queries.personnel.reading import text_of
from queries.sentences import Sentence

_PERSON = "MATCH (p:Person {id: $id})\nRETURN p.name AS name, p.mentor_capacity AS capacity"
_PAIR = """
RETURN e.id AS id, m.id AS mentor, m.name AS mentor_name, t.id AS trainee, t.name AS trainee_name,
       e.kind AS kind, e.since AS since, e.until AS until
ORDER BY id
"""
# Apart, as an engine looks a person up by the id at one end only.
_PAIRS = (
    f"MATCH (m:Person {{id: $person}})-[e:MENTORS]->(t:Person){_PAIR}",
    f"MATCH (t:Person {{id: $person}})<-[e:MENTORS]-(m:Person){_PAIR}",
)
_A_DAY = "2024-06-30"


@dataclass(frozen=True)
class Notice:
    """What an office writes down: what happened to whom, from which day, by which document."""

    kind: str
    person: str
    on: str
    post: str | None = None
    to: str | None = None  # where somebody goes; the new mentor, or the other one of a pair
    document: str | None = None
    until: str | None = None  # of a leave or a posting, where it is known
    concurrent: bool = False  # an appointment beside the post held
    acting: bool = False  # an appointment that gives no rank and does not fill the post
    posting_kind: str | None = None  # of an appointment or a secondment; None: the usual one
    reason: str = ""  # why it is stored in spite of what is doubtful about it


@dataclass(frozen=True)
class Consequence:
    """One thing that a notice does: what it is, the row or post it is about, a sentence."""

    what: str  # posting_begins, posting_ends, pair_begins, pair_ends, post_free, ...
    id: str
    message: Sentence
    gap: tuple[str, ...] = ()  # what is open after it: a post, or a kind of mentor of a trainee
    fills: tuple[str, ...] = ()  # the gap that it closes, if there is one


@dataclass(frozen=True)
class NoticeDoubt:
    """Something that a person must confirm with a reason before the notice is stored."""

    rule: str
    message: Sentence


@dataclass(frozen=True)
class Appointed:
    """Somebody who takes a post by a notice, to be judged by the appointment rules."""

    person: str
    post: str
    kind: str | None
    gives_rank: bool = True  # not in acting, nor beside the home post


@dataclass
class Effect:
    """What a notice would do."""

    steps: list[RowStep] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    doubts: list[NoticeDoubt] = field(default_factory=list)
    appointed: list[Appointed] = field(default_factory=list)

    def add(self, other: Effect) -> None:
        """Let another effect happen after this one."""
        self.steps += other.steps
        self.consequences += other.consequences
        self.doubts += other.doubts
        self.appointed += other.appointed


@dataclass(frozen=True)
class Situation:
    """A person on the day of a notice, as it is stored."""

    reader: Reader
    programme: Programme
    notice: Notice
    day: date
    name: str
    capacity: int | None  # how many they may guide
    model: Personnel
    state: State
    held: Sequence[Row]  # the main posting first, each with `how`
    pairs: Sequence[Row]  # that run on the day

    @property
    def as_mentor(self) -> list[Row]:
        """Return the pairs in which the person is the mentor."""
        return [pair for pair in self.pairs if pair["mentor"] == self.notice.person]

    def refuse_gone(self, column: str = "person") -> None:
        """Refuse what only happens to somebody in service; `column` is where they stand."""
        at = self.model.columns.person_at[self.notice.person]
        joined = int(self.model.columns.joined[at])
        if joined > day_number(self.day):
            raise Conflict(
                N_("%(name)s joins on %(joined)s only, after %(day)s."),
                N_("Write a later day, or correct the day of joining."),
                column=column,
                name=self.name,
                joined=text_of(joined),
                day=self.notice.on,
            )
        has_begun = int(self.model.start[at]) <= day_number(self.day)
        if (has_begun and self.state.in_service == "no") or self.has_left:
            raise Conflict(
                N_("%(name)s is out of service on %(day)s, since %(since)s."),
                N_("Enter first that the person came back."),
                column=column,
                name=self.name,
                day=self.notice.on,
                since=self.state.since or "?",
            )

    @property
    def has_left(self) -> bool:
        """Return whether the person left, on a known day or not."""
        return self.model.on(self.day).has_left(self.notice.person)


def situation(
    reader: Reader, programme: Programme, notice: Notice, column: str = "person"
) -> Situation:
    """Read a person on the day of a notice; NotFound and UsageError say what is wrong with it."""
    _refuse_days(notice)
    rows = reader.read(_PERSON, id=notice.person)
    if not rows:
        raise NotFound(
            N_("There is no person %(id)s."),
            N_("Search for the name."),
            column=column,
            id=notice.person,
        )
    day = first_day(notice.on)
    found = [row for each in _PAIRS for row in reader.read(each, person=notice.person)]
    others = {end for row in found for end in (row["mentor"], row["trainee"])}
    model = of_people(reader, [notice.person], programme)
    ends = pair_ends(reader, sorted(others), programme)
    today = model.on(day)
    return Situation(
        reader=reader,
        programme=programme,
        notice=notice,
        day=day,
        name=rows[0]["name"],
        capacity=rows[0]["capacity"],
        model=model,
        state=today[notice.person],
        held=today.holds(notice.person),
        pairs=[
            {**row, "until": end}
            for row in found
            if runs(row["since"], end := ends(row["mentor"], row["trainee"], row), notice.on)
        ],
    )


def _refuse_days(notice: Notice) -> None:
    for column, day in (("on", notice.on), ("until", notice.until)):
        is_whole = column == "until" or len(day or "") == len(_A_DAY)
        if day is not None and not (is_date(day) and is_whole):
            raise UsageError(
                N_("“%(day)s” is no day."), N_("Write it as in 2024-06-30."), column=column, day=day
            )
    if notice.until and period_problem(notice.on, notice.until):
        raise Conflict(
            N_("It ends on %(until)s, which is not after %(day)s, the day it begins."),
            N_("Write a later end, or leave it empty while it lasts."),
            column="until",
            until=notice.until,
            day=notice.on,
        )


def runs(since: str | None, until: str | None, day: str) -> bool:
    """Return whether a period holds a day, its begin and end taken as their first days."""
    begun = not since or first_day(since).isoformat() <= day
    return begun and (not until or day < first_day(until).isoformat())
