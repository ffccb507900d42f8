"""What talks brought up and somebody settles: open, late, settled.

A problem is open until the day it is settled on, and late from the day after the last day that its
date may mean. Few records have one, so that they are read by a question of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from graph.dates import first_day, last_day
from graph.errors import N_
from graph.store import Reader, Row
from queries.sentences import Sentence, say

if TYPE_CHECKING:
    from queries.programme.facts import Facts

ProblemState = Literal["done", "due", "late"]

PROBLEMS = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE ($people IS NULL OR p.id IN $people)
  AND r.problem IS NOT NULL AND r.on <= $day AND r.withdrawn_on IS NULL
RETURN p.id AS person, r.id AS record, r.on AS day, r.level AS level, r.given_by AS given_by,
  r.problem AS problem, r.solver AS solver, r.due AS due, r.closed_on AS closed_on,
  r.outcome AS outcome
ORDER BY person, day, record
"""


class TalkProblem(NamedTuple):
    """A problem of one talk, as it stands on the day."""

    record: str
    person: str
    on: str
    level: str | None
    given_by: str | None
    problem: str
    solver: str | None
    due: date | None
    closed_on: date | None
    outcome: str | None
    state: ProblemState


def read_problems(
    store: Reader, on: date, people: Iterable[str] | None
) -> dict[str, tuple[TalkProblem, ...]]:
    """Read the problems that were known by a day, by person, oldest first."""
    wanted = None if people is None else sorted(people)
    query = PROBLEMS.replace("$people IS NULL OR ", "") if wanted is not None else PROBLEMS
    found: dict[str, list[TalkProblem]] = defaultdict(list)
    for row in store.read(query, people=wanted, day=on.isoformat()):
        found[row["person"]].append(_standing(row, on))
    return {person: tuple(each) for person, each in found.items()}


def _standing(row: Row, on: date) -> TalkProblem:
    due = last_day(row["due"]) if row["due"] else None
    closed = first_day(row["closed_on"]) if row["closed_on"] else None
    is_closed = closed is not None and closed <= on
    late = due is not None and on > due
    return TalkProblem(
        record=row["record"],
        person=row["person"],
        on=row["day"],
        level=row["level"],
        given_by=row["given_by"],
        problem=row["problem"],
        solver=row["solver"],
        due=due,
        closed_on=closed if is_closed else None,
        outcome=row["outcome"] if is_closed else None,
        state="done" if is_closed else "late" if late else "due",
    )


def problems(facts: Facts) -> list[TalkProblem]:
    """List the problems of all trainees: late ones first, settled ones last."""
    return facts.once(_all_problems)


def _all_problems(facts: Facts) -> list[TalkProblem]:
    by_person: Mapping[str, tuple[TalkProblem, ...]] = facts.problems
    found = [each for person in facts.trainees for each in by_person.get(person, ())]
    order = {"late": 0, "due": 1, "done": 2}
    return sorted(found, key=lambda p: (order[p.state], p.due or date.max, p.person, p.record))


def who_settles(facts: Facts, each: TalkProblem) -> Sentence:
    """Say who settles a problem by when, or which of both is not on file."""
    who = facts.name(each.solver) if each.solver else None
    if who and each.due:
        return say(N_("%(who)s settles it by %(due)s"), who=who, due=each.due)
    if who:
        return say(N_("%(who)s settles it, no day is set"), who=who)
    if each.due:
        return say(N_("to be settled by %(due)s, nobody is named for it"), due=each.due)
    return say(N_("nobody is named who settles it, and no day is set"))
