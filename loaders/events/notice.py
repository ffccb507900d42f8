"""What a notice is, what it can bring, and the person on its day as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.dates import first_day, is_date
from graph.errors import N_, NotFound, UsageError
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.entry import RowStep
from queries.personnel import Personnel, State, terms_of
from queries.personnel import reading as personnel_reading
from queries.personnel.pairs import pair_until
from queries.sentences import Sentence

KINDS = ("appoint", "remove", "second", "return", "hand_over")  # beside those of service

PERSON = "MATCH (p:Person {id: $id})\nRETURN p.name AS name"
_PAIRS = """
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id = $person OR t.id = $person
RETURN e.id AS id, m.id AS mentor, m.name AS mentor_name, t.id AS trainee, t.name AS trainee_name,
       e.kind AS kind, e.since AS since, e.until AS until
ORDER BY id
"""


@dataclass(frozen=True)
class Notice:
    """What an office writes down: what happened to whom, from which day, by which document."""

    kind: str
    person: str
    on: str
    post: str | None = None
    to: str | None = None  # where somebody goes; of `hand_over` the mentor who takes over
    document: str | None = None
    until: str | None = None  # of a leave or a secondment, where it is known
    concurrent: bool = False  # an appointment beside the post held


@dataclass(frozen=True)
class Consequence:
    """One thing that a notice does: what it is, the row or post it is about, a sentence."""

    what: str  # posting_begins, posting_ends, pair_begins, pair_ends, post_free, ...
    id: str
    message: Sentence


@dataclass(frozen=True)
class NoticeDoubt:
    """Something that a person must confirm with a reason before the notice is stored."""

    rule: str
    message: Sentence


@dataclass
class Effect:
    """What a notice would do."""

    steps: list[RowStep] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    doubts: list[NoticeDoubt] = field(default_factory=list)


@dataclass(frozen=True)
class Situation:
    """A person on the day of a notice, as it is stored."""

    reader: Reader
    programme: Programme
    notice: Notice
    day: date
    name: str
    model: Personnel
    state: State
    held: Sequence[Row]  # the main posting first, each with `how`
    pairs: Sequence[Row]  # that run on the day

    @property
    def as_mentor(self) -> list[Row]:
        """Return the pairs in which the person is the mentor."""
        return [pair for pair in self.pairs if pair["mentor"] == self.notice.person]


def situation(reader: Reader, programme: Programme, notice: Notice) -> Situation:
    """Read a person on the day of a notice; NotFound and UsageError say what is wrong with it."""
    if not is_date(notice.on) or len(notice.on) != len("2024-06-30"):
        raise UsageError(
            N_("“%(day)s” is no day."), N_("Write it as in 2024-06-30."), day=notice.on
        )
    rows = reader.read(PERSON, id=notice.person)
    if not rows:
        raise NotFound(
            N_("There is no person %(id)s."), N_("Search for the name."), id=notice.person
        )
    terms, day = terms_of(programme), first_day(notice.on)
    columns = personnel_reading.read_people(reader, terms.left, [notice.person])
    model = Personnel(
        columns, terms, lambda people, on: personnel_reading.last_dated(reader, people, on)
    )
    today = model.on(day)
    pairs = [
        {**row, "until": end}
        for row in reader.read(_PAIRS, person=notice.person)
        if runs(row["since"], end := _pair_end(model, row), notice.on)
    ]
    return Situation(
        reader=reader,
        programme=programme,
        notice=notice,
        day=day,
        name=rows[0]["name"],
        model=model,
        state=today[notice.person],
        held=today.holds(notice.person),
        pairs=pairs,
    )


def _pair_end(model: Personnel, row: Row) -> str | None:
    return pair_until(model, row["mentor"], row["trainee"], row["since"], row["until"])


def runs(since: str | None, until: str | None, day: str) -> bool:
    """Return whether a period holds a day, its begin and end taken as their first days."""
    begun = not since or first_day(since).isoformat() <= day
    return begun and (not until or day < first_day(until).isoformat())
