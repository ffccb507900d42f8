"""One person's file: all that is known of somebody on a day, as one plain value.

It holds what the page, the JSON and the command of a person show: particulars, what is held on
the day, postings, ties, activities, records, the moves of the career, the time line, where the
person stands in the programme, and where the row is from. Plans that concern the person are put
beside it in `planning.person_plans`, which stands above this.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.meanings import plain_kinds
from graph.schema import table
from graph.store import Row, Store
from queries import timeline
from queries.cards import place_of, role_of
from queries.careers.career_rows import HeldAs
from queries.catalogue import Answer, ask
from queries.dated import EVERYTHING, Dated, dated, known_cohort, shown_end, shown_ends
from queries.origins import Origin, origin_of
from queries.personnel import Day, State, of_people
from queries.personnel.on_file import not_yet_among
from queries.personnel.pairs import cut
from queries.programme.standing import StandingDict, TraineeStanding, standing
from queries.quality.listed import Choice, ListedFinding, QualityRow, quality
from queries.row_types import RowOf
from queries.sentences import SentenceText
from queries.stored_programme import stored_programme
from queries.timeline import LineEntry, LineEntryDict


@dataclass(frozen=True)
class TieCount:
    """How many people are tied on the day, and how many ever were."""

    now: int
    ever: int


# What hangs on a person, each a question of the catalogue.
_TABLES = ("postings", "mentors", "trainees", "activities", "records", "service", "grades")

PresentRow = Annotated[Row, RowOf("people.postings", how=HeldAs)]
CareerRow = Annotated[
    Row, RowOf("careers.moves", without=("person",), from_name=str | None, to_name=str | None)
]


class PersonFileDict(TypedDict):
    """One person's file as plain values."""

    as_of: str
    person: Annotated[Row, RowOf("people.profile")]
    state: Annotated[Row, FieldsOf(State, "PersonState")]
    present: list[PresentRow]
    postings: list[Annotated[Row, RowOf("people.postings")]]
    mentors: list[Annotated[Row, RowOf("people.mentors")]]
    trainees: list[Annotated[Row, RowOf("people.trainees")]]
    activities: list[Annotated[Row, RowOf("people.activities")]]
    records: list[Annotated[Row, RowOf("people.records")]]
    service: list[Annotated[Row, RowOf("people.service")]]
    grades: list[Annotated[Row, RowOf("people.grades")]]
    career: list[CareerRow]
    line: list[LineEntryDict]
    standing: StandingDict | None
    origin: Annotated[Row, FieldsOf(Origin)] | None
    givers: dict[str, str]
    on_file: bool
    doubts: list[QualityRow]


@dataclass(frozen=True)
class PersonFile:
    """All that is known of one person on a day."""

    as_of: date
    facts: Row
    state: State
    present: tuple[Row, ...]  # postings of the day, the main one first, each with `how`
    postings: tuple[Row, ...]
    mentors: tuple[Row, ...]
    trainees: tuple[Row, ...]
    activities: tuple[Row, ...]
    records: tuple[Row, ...]
    service: tuple[Row, ...]  # dated facts: joined, on leave, retired
    grades: tuple[Row, ...]
    career: tuple[Row, ...]  # moves of the main post, with the names of the posts
    line: tuple[LineEntry, ...]
    standing: TraineeStanding | None  # None: no trainee of the programme
    origin: Origin | None  # None: entered by hand
    givers: dict[str, str]  # names by id, of those who held the talks or judged
    on_file: bool  # something dated had begun by the day, or nothing of the person is dated
    doubts: tuple[ListedFinding, ...]  # about the data, accepted ones too
    answers: tuple[Answer, ...]  # how it was computed

    @property
    def role(self) -> str:
        """Return the key of the person's sign: trainee, mentor, both or person."""
        return role_of(self.facts["roles"] or ())

    @property
    def planned(self) -> tuple[Row, ...]:
        """Return the postings that are only planned."""
        return tuple(row for row in self.postings if row["status"] == "planned")

    @property
    def mentor_count(self) -> TieCount:
        """Count the mentors, as people."""
        return _counted(self.mentors, "mentor", self.as_of)

    @property
    def trainee_count(self) -> TieCount:
        """Count the trainees, as people."""
        return _counted(self.trainees, "trainee", self.as_of)

    def as_dict(self, text: SentenceText = str) -> PersonFileDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {
            "as_of": self.as_of.isoformat(),
            "person": self.facts,
            "state": asdict(self.state),
            "present": list(self.present),
            "postings": list(self.postings),
            "mentors": list(self.mentors),
            "trainees": list(self.trainees),
            "activities": list(self.activities),
            "records": list(self.records),
            "service": list(self.service),
            "grades": list(self.grades),
            "career": list(self.career),
            "line": [entry.as_dict() for entry in self.line],
            "standing": self.standing.as_dict(text) if self.standing else None,
            "origin": self.origin.as_dict() if self.origin else None,
            "givers": dict(self.givers),
            "on_file": self.on_file,
            "doubts": [each.as_dict(text) for each in self.doubts],
        }


def person_file(store: Store, id: str, on: date, planned: bool = False) -> PersonFile:
    """Return one person's file on a day; NotFound when nobody has the id.

    Whatever is planned, or begins later, is in it where that is asked for.
    """
    asked = {"profile": ask(store, "people.profile", person=id)}
    wanted = EVERYTHING if planned else dated(store, on)
    by = None if planned else on
    asked |= {name: ask(store, f"people.{name}", person=id, on=by) for name in _TABLES}
    model = of_people(store, [id])
    day, facts = model.on(on), asked["profile"].rows[0]
    postings, mentors, trainees, activities, records, service, grades = (
        tuple(asked[name].rows) for name in _TABLES
    )
    mentors = _cut(store, mentors, wanted, trainee=id)
    trainees = _cut(store, trainees, wanted, mentor=id)
    row_of = {row["rotation"]: row for row in postings}
    return PersonFile(
        on,
        _known(facts, day, shown_ends(store, on.isoformat())),
        day[id],
        tuple({**row_of[each["id"]], "how": each["how"]} for each in day.holds(id)),
        postings,
        mentors,
        trainees,
        activities,
        records,
        service,
        grades,
        tuple(_moves(model.moves(on, id), postings)),
        timeline.of_file(
            postings,
            mentors,
            trainees,
            activities,
            records,
            service,
            grades,
            plain_kinds(stored_programme(store)),
        ),
        standing(store, id, on),
        origin_of(store, table("people"), id),
        _names(store, {row["given_by"] for row in records if row["given_by"]}),
        id not in not_yet_among(store, [id], on.isoformat()),
        quality(store, on, Choice(person=id, state="all")).listed,
        tuple(asked.values()),
    )


def _names(store: Store, ids: Set[str]) -> dict[str, str]:
    """Return the names of those ids that are people's; other texts are names already."""
    query = "MATCH (p:Person)\nWHERE p.id IN $ids\nRETURN p.id AS id, p.name AS name"
    rows = store.read(query, ids=sorted(ids)) if ids else ()
    return {row["id"]: row["name"] for row in rows}


def _known(facts: Row, day: Day, ends: str) -> Row:
    """Return the particulars of a person without what came later than an earlier day."""
    return {
        **facts,
        "status": day.status(facts["id"], facts["status"], ends),
        "joined_on": shown_end(facts["joined_on"], ends),
        "cohort": known_cohort(facts["cohort"], ends),
    }


def _cut(store: Store, rows: Iterable[Row], day: Dated, **side: str) -> tuple[Row, ...]:
    """Return rows of pairs with their ends as read, without the side that they all have."""
    pairs = cut(store, [{**row, **side} for row in rows], day)
    return tuple({key: each for key, each in row.items() if key not in side} for row in pairs)


def is_held(row: Row, day: str) -> bool:
    """Return whether a posting or a tie is actual and its period holds a day."""
    return (
        row.get("status") != "planned"
        and (row["since"] or "") <= day
        and (not row["until"] or day < row["until"])
    )


def _moves(moves: Iterable[Row], postings: Iterable[Row]) -> Iterable[Row]:
    name_of = {row["post"]: place_of(row["unit_name"], row["title"]) for row in postings}
    for move in moves:
        yield {
            "day": move["day"],
            "from_post": move["from_post"],
            "from_name": name_of.get(move["from_post"]),
            "to_post": move["to_post"],
            "to_name": name_of.get(move["to_post"]),
            "gap_days": move["gap_days"],
            "how": move["how"],
        }


def _counted(ties: Iterable[Row], of: str, on: date) -> TieCount:
    day = on.isoformat()
    ties = tuple(ties)
    now = {tie[of] for tie in ties if is_held(tie, day)}
    return TieCount(len(now), len({tie[of] for tie in ties}))
