"""What comes first on a day: work by consequence, everybody by stage, what falls due in 13 weeks.

Everything is made from what other pages show: the list of things to do, the moves that are due, the
audit's lights, the stages and the totals. So no figure here differs from theirs. It holds plain
values only, the names of few people and counts of all, so that it can be kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Annotated, Any, NamedTuple

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import add_days
from graph.programme import Programme
from graph.store import Row
from queries.programme import report
from queries.programme.audit import LEVELS, Level, audit, levels
from queries.programme.due_moves import due_moves
from queries.programme.facts import Facts
from queries.programme.holding import post_words
from queries.programme.stages import StageProgress, progress
from queries.programme.todo import WORK, ThingToDo, first_level, late_count, roles, things

DAYS = 30
WEEKS = 13
FIRST = 6  # of each kind of work that are named
MOST_DRAWN = 150  # people by name; more are counts of each stage
EVERYBODY = ""  # in place of a role
# What falls due, in the order in which a week's bar is stacked, by kind of item.
GROUPS: Mapping[str, str] = {
    **{"duty": "talks", "request": "talks", "problem": "talks"},
    **{"training": "training", "care": "training"},
    **{"gate": "stages", "stage": "stages"},
    "exercise": "postings",
}
STACK = tuple(dict.fromkeys(GROUPS.values()))


@dataclass(frozen=True)
class WorkEntry:
    """Somebody, or a post, that a kind of work is about: since when, or by when."""

    person: str  # empty: it is about a post
    name: str
    post: str | None
    mentor: str | None
    mentor_name: str | None
    part: str | None  # the kind that is missing or over, as the thing to do has it
    day: date | None


@dataclass(frozen=True)
class Work:
    """One kind of work of a role: how much of it, whom it is about, the first of them."""

    kind: str  # of `todo.WORK`
    light: Level
    things: int
    people: int
    late: int
    due: int  # within DAYS
    undated: int
    checks: tuple[str, ...]  # of the audit, that are among it
    first: tuple[WorkEntry, ...]


@dataclass(frozen=True)
class PersonHere:
    """Somebody in a stage: for how many months, at which rank, under which light."""

    person: str
    name: str
    months: int | None
    rank: str | None
    light: Level | None  # none: nothing was found


@dataclass(frozen=True)
class StageNow:
    """A stage with its people: by name where all are few, and counted by rank and by light."""

    stage: str | None  # none: in no stage
    people: int
    ranks: Mapping[str, int]  # "" is none
    lights: Mapping[str, int]  # "green": nothing was found
    here: tuple[PersonHere, ...]


@dataclass(frozen=True)
class WeekDue:
    """What falls due in some days, the last included, by what it is."""

    since: date
    until: date
    counts: Mapping[str, int]

    @property
    def count(self) -> int:
        """Return how much it is."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class TotalNow:
    """One total of the report."""

    key: str
    value: int


@dataclass(frozen=True)
class RoleCount:
    """How much a role has to do."""

    role: str
    things: int


class ProgrammeTodayDict(TypedDict):
    """What comes first, as plain values."""

    on: str
    people: int
    late: int
    due: int
    things: int
    roles: list[Annotated[Row, FieldsOf(RoleCount)]]
    work: list[Annotated[Row, FieldsOf(Work)]]
    stages: list[Annotated[Row, FieldsOf(StageNow)]]
    weeks: list[Annotated[Row, FieldsOf(WeekDue)]]
    totals: list[Annotated[Row, FieldsOf(TotalNow)]]


@dataclass(frozen=True)
class ProgrammeToday:
    """All that a programme asks of its people on a day."""

    on: date
    people: int
    late: int
    due: int  # within DAYS
    things: int
    roles: tuple[RoleCount, ...]
    by_role: Mapping[str, tuple[Work, ...]]  # EVERYBODY: of all roles
    stages: tuple[StageNow, ...]
    weeks: tuple[WeekDue, ...]
    totals: tuple[TotalNow, ...]

    def work(self, role: str = EVERYBODY) -> tuple[Work, ...]:
        """Return the work of a role by its consequence, all of it where none is named."""
        return self.by_role.get(role, ())

    def of(self, kind: str) -> Work | None:
        """Return one kind of work, None where there is nothing of it."""
        return next((each for each in self.work() if each.kind == kind), None)

    def as_dict(self, role: str = EVERYBODY) -> ProgrammeTodayDict:
        """Return plain values for JSON, with the work of a role."""
        return {
            "on": self.on.isoformat(),
            "people": self.people,
            "late": self.late,
            "due": self.due,
            "things": self.things,
            "roles": [_plain(each) for each in self.roles],
            "work": [_plain(each) for each in self.work(role)],
            "stages": [_plain(each) for each in self.stages],
            "weeks": [_plain(each) for each in self.weeks],
            "totals": [_plain(each) for each in self.totals],
        }


def asks_something(programme: Programme) -> bool:
    """Return whether a programme has rules by which there is something to do."""
    return bool(
        programme.stages
        or programme.duties
        or programme.mentor_needs
        or programme.trainings
        or programme.exercises
        or programme.requests
        or programme.entitlements
    )


def programme_today(facts: Facts) -> ProgrammeToday:
    """Return what comes first for the trainees that facts speak of."""
    return facts.once(_today)


def _today(facts: Facts) -> ProgrammeToday:
    found, ahead = things(facts, DAYS), things(facts, 7 * WEEKS)
    counted = Counter(thing.role for thing in found)
    last = add_days(facts.on, DAYS)
    return ProgrammeToday(
        on=facts.on,
        people=len(facts.trainees),
        late=facts.once(late_count),
        due=sum(_is_due(thing, last) for thing in found),
        things=len(found),
        roles=tuple(RoleCount(role, counted[role]) for role in roles(facts)),
        by_role=_work(facts, found, last),
        stages=tuple(_stages(facts)),
        weeks=tuple(_weeks(facts, ahead)),
        totals=tuple(TotalNow(each.key, each.value) for each in report.totals(facts)),
    )


def _is_due(thing: ThingToDo, last: date) -> bool:
    return thing.when == "due" and thing.due is not None and thing.due <= last


# --- work


class _About(NamedTuple):
    """Whom or which post a thing to do is about, without names: most of them are only counted."""

    person: str
    post: str | None
    mentor: str | None
    part: str | None
    day: date | None

    @property
    def key(self) -> str:
        return self.person or self.post or ""


def _work(facts: Facts, found: Iterable[ThingToDo], last: date) -> dict[str, tuple[Work, ...]]:
    mine: dict[tuple[str, str], list[ThingToDo]] = defaultdict(list)
    for thing in found:
        work = thing.work
        mine[EVERYBODY, work].append(thing)
        mine[thing.role, work].append(thing)
    by_role = {}
    for role in (EVERYBODY, *roles(facts)):
        is_first = role in (EVERYBODY, first_level(facts))
        made = [_kind(facts, kind, mine.get((role, kind), []), last, is_first) for kind in WORK]
        by_role[role] = tuple(work for work in made if work.things)
    return by_role


def _kind(facts: Facts, kind: str, mine: list[ThingToDo], last: date, is_first: bool) -> Work:
    about = _about(kind, mine)
    found_levels = levels(facts.programme)
    lights = {thing.light for thing in mine}
    if is_first and kind in ("vacancy", "next_period"):
        # Both are those of the place Plans; the list of things to do has those of few days.
        about = _planned(facts, kind, about)
        if about:
            lights.add("yellow")
    count = max(len(mine), len(about)) if kind in ("vacancy", "next_period") else len(mine)
    checks = {thing.check for thing in mine}
    return Work(
        kind=kind,
        light=min(lights, key=LEVELS.index, default="blue"),
        things=count,
        people=len({each.person for each in about if each.person}),
        late=sum(thing.when == "late" for thing in mine),
        due=sum(_is_due(thing, last) for thing in mine),
        undated=sum(thing.when == "undated" for thing in mine),
        checks=tuple(check for check in found_levels if check in checks),
        first=tuple(_named(facts, each) for each in _first(about)),
    )


def _about(kind: str, mine: Iterable[ThingToDo]) -> list[_About]:
    is_post = kind == "vacancy"
    about = [
        _About(each.person, each.part if is_post else None, each.mentor, each.part, each.due)
        for each in mine
    ]
    if kind == "mentor_left":  # whom one mentor leaves behind stand together
        about.sort(key=lambda each: (each.day or date.max, each.mentor or ""))
    return about


def _planned(facts: Facts, kind: str, about: list[_About]) -> list[_About]:
    moves = due_moves(facts)
    if kind == "vacancy":
        known = [_About("", each.post, None, None, each.since) for each in moves.vacant]
        posts = {each.post for each in moves.vacant}
        return [*known, *(each for each in about if each.post not in posts)]
    due = [
        _About(move.person, None, None, move.kind, move.earliest or move.limit)
        for move in moves.of("due")
    ]
    people = {move.person for move in moves.moves}
    return [*due, *(each for each in about if each.person not in people)]


def _first(about: Iterable[_About]) -> list[_About]:
    """Return the first of them, each person once."""
    seen: dict[str, _About] = {}
    for each in about:
        seen.setdefault(each.key, each)
        if len(seen) == FIRST:
            break
    return list(seen.values())


def _named(facts: Facts, each: _About) -> WorkEntry:
    return WorkEntry(
        person=each.person,
        name=facts.name(each.person) if each.person else post_words(facts, each.post or each.part),
        post=each.post,
        mentor=each.mentor,
        mentor_name=facts.name(each.mentor) if each.mentor else None,
        part=each.part,
        day=each.day,
    )


# --- stages


def _stages(facts: Facts) -> list[StageNow]:
    if not facts.programme.stages:
        return []
    lights: dict[str, Level] = {}
    for finding in audit(facts).findings:  # the most pressing first
        lights.setdefault(finding.person, finding.level)
    by_stage: dict[str | None, list[StageProgress]] = defaultdict(list)
    for each in progress(facts).values():
        by_stage[each.stage].append(each)
    order: list[str | None] = [stage.key for stage in facts.programme.stages]
    is_drawn = len(facts.trainees) <= MOST_DRAWN
    return [
        _stage(facts, stage, by_stage[stage], lights, is_drawn)
        for stage in (*order, *(None,) * (None in by_stage))
    ]


def _stage(
    facts: Facts,
    stage: str | None,
    people: list[StageProgress],
    lights: Mapping[str, Level],
    is_drawn: bool,
) -> StageNow:
    ladder = [rank.key for rank in facts.programme.ranks]
    at = {each.person: facts.rank_index(each.person) for each in people}
    ranks = Counter(-1 if index is None else index for index in at.values())
    counted = Counter(lights.get(each.person, "green") for each in people)
    here = []
    for each in people if is_drawn else ():
        index = at[each.person]
        rank = None if index is None else ladder[index]
        name, light = facts.name(each.person), lights.get(each.person)
        here.append(PersonHere(each.person, name, each.months, rank, light))
    return StageNow(
        stage=stage,
        people=len(people),
        ranks={"" if index < 0 else ladder[index]: ranks[index] for index in sorted(ranks)},
        lights={level: counted[level] for level in (*LEVELS, "green") if counted[level]},
        here=tuple(sorted(here, key=_by_light)),
    )


def _by_light(each: PersonHere) -> tuple[int, int, str]:
    place = LEVELS.index(each.light) if each.light else len(LEVELS)
    return place, -(each.months or 0), each.person


# --- weeks


def _weeks(facts: Facts, found: Iterable[ThingToDo]) -> list[WeekDue]:
    """Count what falls due in the seven days that begin with the day, in the next, and so on."""
    counts: list[Counter[str]] = [Counter() for _ in range(WEEKS)]
    for thing in found:
        if thing.when == "due" and thing.due and thing.kind in GROUPS:
            week = (thing.due - facts.on).days // 7
            if week < WEEKS:
                counts[week][GROUPS[thing.kind]] += 1
    weeks = []
    for number, counted in enumerate(counts):
        since, until = (add_days(facts.on, 7 * number + more) for more in (0, 6))
        by_group = {group: counted[group] for group in STACK}
        weeks.append(WeekDue(since, until, by_group))
    return weeks


def _plain(value: Any) -> Any:
    """Turn a value of ours into plain ones."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
