"""Who guides whom, and where a mentor is missing: everybody in columns of units, one picture.

A column is a unit of the kind in which mentors of the first kind by post stand, with all below it;
without such kinds it is the unit below the top one. Who needs mentors stands in a column; who is
past that stands below all of them. Very many people are told as counts of each column.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row
from queries.programme.facts import Facts
from queries.programme.holding import posts_of
from queries.programme.mentoring import Light, is_complete, lights, pool, to_hand_over
from queries.programme.stages import progress

MOST_DRAWN = 150  # trainees who need mentors; more are counts of each column


@dataclass(frozen=True)
class BoardMentor:
    """A mentor by post in a column: how many now and at most, how many ever, when they left."""

    person: str
    kind: str
    column: str
    load: int
    capacity: int | None
    ever: int
    left_on: date | None  # the post; None while they hold it
    is_out: bool

    @property
    def is_over(self) -> bool:
        """Return whether they guide more than their limit."""
        return self.capacity is not None and self.load > self.capacity


@dataclass(frozen=True)
class BoardTrainee:
    """Somebody who needs mentors: the kinds that are missing, and whose mentor is out of post."""

    person: str
    column: str
    cohort: int | None
    stage: str | None
    missing: tuple[str, ...]
    missing_since: date | None
    out_of_post: tuple[str, ...]  # mentors


@dataclass(frozen=True)
class BoardTie:
    """A pair that runs: by a post, or between people."""

    mentor: str
    trainee: str
    kind: str
    by_post: bool
    is_right: bool


@dataclass(frozen=True)
class BoardColumn:
    """A unit with what stands in it."""

    unit: str
    name: str
    trainees: int
    mentors: int
    missing: int
    out_of_post: int


class MentorBoardDict(TypedDict):
    """The board as plain values."""

    on: str
    needing: int
    complete: int
    missing: int
    out_of_post: int
    columns: list[Annotated[Row, FieldsOf(BoardColumn)]]
    mentors: list[Annotated[Row, FieldsOf(BoardMentor)]]
    trainees: list[Annotated[Row, FieldsOf(BoardTrainee)]]
    past: list[str]
    ties: list[Annotated[Row, FieldsOf(BoardTie)]]
    generations: list[int]
    longest: list[str]


@dataclass(frozen=True)
class MentorBoard:
    """Everybody who needs mentors or guides, as they stand on a day."""

    on: date
    complete: int
    columns: tuple[BoardColumn, ...]
    mentors: tuple[BoardMentor, ...]  # by column, then in the order of the kinds
    trainees: tuple[BoardTrainee, ...]  # who need mentors, by column and cohort
    past: tuple[str, ...]  # who need none any more, by cohort
    ties: tuple[BoardTie, ...]
    generations: tuple[int, ...]  # people of each generation, the first mentors first
    longest: tuple[str, ...]  # one longest line of mentors, from the top

    @property
    def missing(self) -> tuple[BoardTrainee, ...]:
        """Return who lacks a mentor, longest first."""
        lacking = [each for each in self.trainees if each.missing]
        return tuple(
            sorted(lacking, key=lambda each: (each.missing_since or date.min, each.person))
        )

    @property
    def out_of_post(self) -> tuple[BoardTrainee, ...]:
        """Return whose mentor is not in the post."""
        return tuple(each for each in self.trainees if each.out_of_post)

    def as_dict(self) -> MentorBoardDict:
        """Return plain values for JSON."""
        return {
            "on": self.on.isoformat(),
            "needing": len(self.trainees),
            "complete": self.complete,
            "missing": len(self.missing),
            "out_of_post": len(self.out_of_post),
            "columns": [_plain(each) for each in self.columns],
            "mentors": [_plain(each) for each in self.mentors],
            "trainees": [_plain(each) for each in self.trainees],
            "past": list(self.past),
            "ties": [_plain(each) for each in self.ties],
            "generations": list(self.generations),
            "longest": list(self.longest),
        }


def mentor_board(facts: Facts) -> MentorBoard:
    """Return who guides whom on the day, in columns of units."""
    return facts.once(_board)


def _board(facts: Facts) -> MentorBoard:
    needs = {person: each for person, each in lights(facts).items() if each}
    column_of = _columns(facts)
    trainees = [_trainee(facts, person, each, column_of) for person, each in needs.items()]
    trainees.sort(key=lambda each: (each.column, each.cohort or 0, each.person))
    by_post = {kind.key for kind in facts.programme.mentoring_kinds if kind.by_post}
    out = {each.pairing.id: each for each in to_hand_over(facts)}
    ties = []
    for person in facts.trainees:
        for pairing in facts.mentors_now(person):
            kind = pairing.kind or ""
            ties.append(
                BoardTie(pairing.mentor, person, kind, kind in by_post, pairing.id not in out)
            )
    mentors = _mentors(facts, ties, trainees, column_of)
    past = sorted(
        (person for person in facts.trainees if person not in needs),
        key=lambda person: (facts.people[person].cohort or 0, person),
    )
    generations, longest = _generations(facts)
    return MentorBoard(
        on=facts.on,
        complete=sum(is_complete(each) for each in needs.values()),
        columns=tuple(_counted(facts, trainees, mentors)),
        mentors=tuple(mentors),
        trainees=tuple(trainees),
        past=tuple(past),
        ties=tuple(ties),
        generations=generations,
        longest=longest,
    )


def _columns(facts: Facts) -> dict[str, str]:
    """Return the column of each unit: the nearest one of the kinds, else that below the top."""
    term = next((each for each in facts.programme.mentoring_kinds if each.by_post), None)
    kinds = set(term.unit_kinds) if term else set()
    found = {}
    for unit in facts.units:
        chain = facts.chain(unit)
        wanted = [each for each in chain if facts.units[each].kind in kinds]
        found[unit] = wanted[0] if wanted else chain[-2] if len(chain) > 1 else chain[-1]
    return found


def _trainee(
    facts: Facts, person: str, needs: tuple[Light, ...], column_of: dict[str, str]
) -> BoardTrainee:
    since = [light.missing_since for light in needs if light.missing and light.missing_since]
    where = progress(facts).get(person)
    return BoardTrainee(
        person=person,
        column=_column(facts, person, needs, column_of),
        cohort=facts.people[person].cohort,
        stage=where.stage if where else None,
        missing=tuple(light.kind for light in needs if light.missing),
        missing_since=min(since, default=None),
        out_of_post=tuple(each.pairing.mentor for light in needs for each in light.not_in_post),
    )


def _column(facts: Facts, person: str, needs: tuple[Light, ...], column_of: dict[str, str]) -> str:
    """Return the column where a trainee is placed for mentors by post, else that of the unit."""
    posts = posts_of(facts)
    columns = posts.model.columns
    for light in needs:
        if light.kind in posts.kinds:
            for place in posts.places(light.kind, columns.person_at.get(person, -1)):
                return column_of.get(columns.unit_ids[place.unit], "")
    return column_of.get(facts.unit_of(person) or "", "")


def _mentors(
    facts: Facts, ties: list[BoardTie], trainees: list[BoardTrainee], column_of: dict[str, str]
) -> list[BoardMentor]:
    """Return the mentors by post: who guides now, each in the column of their post."""
    members, place = pool(facts), {each.person: each.column for each in trainees}
    order = {kind.key: at for at, kind in enumerate(facts.programme.mentoring_kinds)}
    out = {each.pairing.mentor: each for each in to_hand_over(facts)}
    guided: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tie in ties:
        if tie.by_post:
            guided[tie.mentor, tie.kind].append(tie.trainee)
    found = []
    for (mentor, kind), those in guided.items():
        member, wrong = members.get(mentor), out.get(mentor)
        posts = [facts.posts[post].unit or "" for post in member.posts] if member else []
        columns = [column_of[unit] for unit in posts if unit in column_of]
        known = [place[each] for each in those if each in place]
        column = columns[0] if columns and wrong is None else (known or columns or [""])[0]
        found.append(
            BoardMentor(
                person=mentor,
                kind=kind,
                column=column,
                load=member.load if member else len(those),
                capacity=member.capacity if member else None,
                ever=len({each.trainee for each in facts.mentees.get(mentor, ())}),
                left_on=wrong.since if wrong else None,
                is_out=wrong is not None,
            )
        )
    return sorted(found, key=lambda each: (each.column, order.get(each.kind, 99), each.person))


def _counted(
    facts: Facts, trainees: list[BoardTrainee], mentors: list[BoardMentor]
) -> list[BoardColumn]:
    names = dict.fromkeys([each.column for each in trainees] + [each.column for each in mentors])
    found = []
    for unit in names:
        mine = [each for each in trainees if each.column == unit]
        found.append(
            BoardColumn(
                unit=unit,
                name=facts.units[unit].name if unit in facts.units else "?",
                trainees=len(mine),
                mentors=sum(each.column == unit for each in mentors),
                missing=sum(bool(each.missing) for each in mine),
                out_of_post=sum(bool(each.out_of_post) for each in mine),
            )
        )
    listed = list(facts.units)
    return sorted(found, key=lambda each: listed.index(each.unit) if each.unit in listed else 0)


def _generations(facts: Facts) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return how many stand in each generation by the longest line, and one longest line.

    Ties back to somebody above, as in a circle, lead no further.
    """
    above: dict[str, set[str]] = defaultdict(set)
    for trainee, pairings in facts.pairings.items():
        above[trainee] |= {pairing.mentor for pairing in pairings}
    people = {*above, *(mentor for those in above.values() for mentor in those)}
    depth: dict[str, int] = {}
    through: dict[str, str | None] = {}
    for start in sorted(people):
        stack, open_ = [start], set[str]()
        while stack:
            each = stack[-1]
            if each in depth:
                stack.pop()
                continue
            open_.add(each)
            waiting = [m for m in sorted(above[each]) if m not in depth and m not in open_]
            if waiting:
                stack.append(waiting[0])
                continue
            best = max(
                (m for m in sorted(above[each]) if m in depth), key=depth.__getitem__, default=None
            )
            depth[each] = depth[best] + 1 if best else 1
            through[each] = best
            stack.pop()
    counts = [0] * max(depth.values(), default=0)
    for generation in depth.values():
        counts[generation - 1] += 1
    line, last = list[str](), max(sorted(depth), key=depth.__getitem__, default=None)
    while last is not None:
        line.insert(0, last)
        last = through[last]
    return tuple(counts), tuple(line)


def _plain(value: BoardColumn | BoardMentor | BoardTrainee | BoardTie) -> Row:
    return {
        key: each.isoformat()
        if isinstance(each, date)
        else list(each)
        if isinstance(each, tuple)
        else each
        for key, each in vars(value).items()
    }
