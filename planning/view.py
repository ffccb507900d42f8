"""A plan as it is shown: one plain value for its page, its JSON, its command and its files.

Every figure is the checker's or made from the plan's own assignments; nothing is solved here.
Sentences and titles stay as templates and keys until whoever shows them says them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, NotRequired, cast

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import KeptByVersion
from graph.errors import N_
from planning.check import CheckOfPlanDict, Report, check
from planning.explain.empty_periods import without_post
from planning.explain.short import ShortReasons, short_reasons
from planning.explain.why import reasons
from planning.measures import WishCountDict, coverage, gaps, granted
from planning.plan import (
    Assignment,
    Plan,
    PlanHead,
    PlanPostingRow,
    PlanWithoutConflict,
    moves,
)
from planning.planner import PlanningContext, problem_of
from planning.problem.instance import PlanningProblem
from planning.rule_costs import (
    ConflictDict,
    ConflictLine,
    RuleCost,
    RuleCostDict,
    TitleText,
    conflict_lines,
    gap_of,
    rule_costs,
)
from queries.sentences import Sentence, SentenceText, say


@dataclass(frozen=True)
class PlanPosting:
    """A posting of the plan, with names and the reasons for and against; the first has its cost."""

    assignment: Assignment
    person_name: str
    post_name: str
    reasons: tuple[Sentence, ...]

    def as_dict(self, text: SentenceText, title: TitleText) -> PlanPostingRow:
        """Return plain values for JSON."""
        return {
            **self.assignment.as_dict(),
            "person_name": self.person_name,
            "post_name": self.post_name,
            "kind_title": title("rotation_kinds", self.assignment.kind),
            "reasons": [text(each) for each in self.reasons],
            "good": [text(each) for each in self.short.good],
            "against": [text(each) for each in self.short.against],
        }

    @property
    def short(self) -> ShortReasons:
        """Return the reasons in few words."""
        return short_reasons(self.reasons)


@dataclass(frozen=True)
class PostPeriod:
    """How full a post is in one period."""

    since: str
    people: tuple[str, ...]
    others: int  # of nobody planned here
    held: int
    level: str


@dataclass(frozen=True)
class PostCoverage:
    """How full one post is, period by period."""

    post: str
    post_name: str
    capacity: int | None
    must_cover: bool
    periods: tuple[PostPeriod, ...]

    def as_dict(self) -> PostCoverageRow:
        """Return plain values for JSON."""
        periods = [{**vars(each), "people": list(each.people)} for each in self.periods]
        return {**vars(self), "periods": periods}


PostCoverageRow = Annotated[dict[str, Any], FieldsOf(PostCoverage)]


@dataclass(frozen=True)
class WishCount:
    """How many people get a wish; `share` of the most frequent one."""

    wish: str  # its number, "none" or "unstated"
    people: int
    share: float

    def as_dict(self, text: SentenceText) -> WishCountDict:
        """Return plain values for JSON."""
        words = {
            "none": say(N_("none of their wishes")),
            "unstated": say(N_("no wish stated")),
        }
        number = say(N_("wish number %(n)s"), n=self.wish)
        return {
            "wish": self.wish,
            "title": text(words.get(self.wish, number)),
            "people": self.people,
            "share": self.share,
        }


@dataclass(frozen=True)
class PersonExercises:
    """What a plan does for each required exercise: `had` before it, `closed` by it, `lacking`."""

    person: str
    name: str
    exercises: dict[str, str]  # state by kind


@dataclass(frozen=True)
class IdlePeriod:
    """A period in which somebody has no post, and why."""

    person: str
    name: str
    since: str
    reason: Sentence

    def as_dict(self, text: SentenceText) -> IdlePeriodRow:
        """Return plain values for JSON."""
        return {**vars(self), "reason": text(self.reason)}


IdlePeriodRow = Annotated[dict[str, Any], FieldsOf(IdlePeriod, reason=str)]


@dataclass(frozen=True)
class PersonCost:
    """What a plan costs one person."""

    person: str
    name: str
    cost: int


class ExercisesDict(TypedDict):
    """The required exercises lacking before and after a plan, those closed, and by person."""

    before: int
    closed: int
    after: int
    people: list[Annotated[dict[str, Any], FieldsOf(PersonExercises)]]


class PlanDetailsDict(TypedDict):
    """What can be told of a plan whose people and posts are all still there."""

    moves_with_reasons: list[PlanPostingRow]
    coverage: list[PostCoverageRow]
    wishes: list[WishCountDict]
    exercises: ExercisesDict
    without_post: list[IdlePeriodRow]
    person_costs: list[Annotated[dict[str, Any], FieldsOf(PersonCost)]]


class PlanViewDict(PlanWithoutConflict):
    """A plan with everything that its page shows.

    The rules are judged where there is a plan, the details told where its people and posts are
    all there.
    """

    reference: str
    name: str | None
    kept: str | None
    moves: int
    people_moved: int
    people: int
    conflict: list[ConflictDict]
    rule_lines: NotRequired[list[RuleCostDict]]
    check: NotRequired[CheckOfPlanDict]
    moves_with_reasons: NotRequired[list[PlanPostingRow]]
    coverage: NotRequired[list[PostCoverageRow]]
    wishes: NotRequired[list[WishCountDict]]
    exercises: NotRequired[ExercisesDict]
    without_post: NotRequired[list[IdlePeriodRow]]
    person_costs: NotRequired[list[Annotated[dict[str, Any], FieldsOf(PersonCost)]]]


@dataclass(frozen=True)
class PlanDetails:
    """What can be told of a plan whose people and posts are all still there."""

    people: tuple[tuple[str, str], ...]  # id and name of everybody planned for
    posts: tuple[tuple[str, str], ...]  # id and name
    postings: tuple[PlanPosting, ...]  # in the plan's order
    coverage: tuple[PostCoverage, ...]  # posts that nobody holds come last
    wishes: tuple[WishCount, ...]
    exercise_kinds: tuple[str, ...]  # required ones
    exercises: tuple[PersonExercises, ...]
    without_post: tuple[IdlePeriod, ...]
    person_costs: tuple[PersonCost, ...]  # the dearest first

    @property
    def moves(self) -> tuple[PlanPosting, ...]:
        """Return the new postings by day and person."""
        new = [each for each in self.postings if not each.assignment.stays]
        return tuple(sorted(new, key=lambda p: (p.assignment.since, p.assignment.person)))

    def of_person(self, person: str) -> tuple[PlanPosting, ...]:
        """Return one person's postings in order."""
        mine = [each for each in self.postings if each.assignment.person == person]
        return tuple(sorted(mine, key=lambda p: (p.assignment.since, p.assignment.post)))

    def person_name(self, id_: str) -> str:
        """Return a person's name, or the id of somebody not planned for."""
        return dict(self.people).get(id_, id_)

    @property
    def exercise_counts(self) -> dict[str, int]:
        """Count the required exercises lacking before and after, and those closed."""
        counts = Counter(state for row in self.exercises for state in row.exercises.values())
        return {
            "before": counts["lacking"] + counts["closed"],
            "closed": counts["closed"],
            "after": counts["lacking"],
        }

    def as_dict(self, text: SentenceText, title: TitleText) -> PlanDetailsDict:
        """Return plain values for JSON."""
        counts = self.exercise_counts
        return {
            "moves_with_reasons": [each.as_dict(text, title) for each in self.moves],
            "coverage": [each.as_dict() for each in self.coverage],
            "wishes": [each.as_dict(text) for each in self.wishes],
            "exercises": {
                "before": counts["before"],
                "closed": counts["closed"],
                "after": counts["after"],
                "people": [vars(each) for each in self.exercises],
            },
            "without_post": [each.as_dict(text) for each in self.without_post],
            "person_costs": [vars(each) for each in self.person_costs],
        }


@dataclass(frozen=True, eq=False)
class PlanView:
    """A plan beside the data of now: its figures, its rules, the checker's judgement, details.

    There is no report without a plan, and there are no details when somebody or some post of it
    is gone.
    """

    reference: str
    name: str | None  # of a kept plan
    kept: str | None  # kept, accepted, withdrawn
    plan: Plan
    rules: tuple[RuleCost, ...]
    conflict: tuple[ConflictLine, ...]
    report: Report | None
    details: PlanDetails | None

    @property
    def gap(self) -> float | None:
        """Return how far the cost can be above the best one, as a share of it."""
        gap = self.plan.gap
        gap = gap if gap is not None else gap_of(self.plan.cost, self.plan.bound)
        return None if gap is None else round(gap, 6)

    @property
    def new_postings(self) -> tuple[PlanPosting, ...]:
        """Return what accepting would write; with ids for names where the data have changed."""
        if self.details is not None:
            return self.details.moves
        return tuple(PlanPosting(each, each.person, each.post, ()) for each in moves(self.plan))

    def head(self) -> PlanHead:
        """Return the figures at the head of the plan."""
        plan, made = self.plan, moves(self.plan)
        return {
            "reference": self.reference,
            "name": self.name,
            "kept": self.kept,
            "status": plan.status,
            "cost": plan.cost,
            "bound": None if plan.bound is None else round(plan.bound, 3),
            "gap": self.gap,
            "moves": len(made),
            "people_moved": len({each.person for each in made}),
            "people": len(plan.cost_by_person) or len({each.person for each in plan.assignments}),
            "fairness": plan.fairness,
        }

    def as_dict(self, text: SentenceText, title: TitleText) -> PlanViewDict:
        """Return the plan with everything that its page shows, as plain values for JSON."""
        value: dict[str, Any] = {
            **self.head(),
            **self.plan.as_dict(text),
            "gap": self.gap,
            "conflict": [each.as_dict(text, title) for each in self.conflict],
        }
        if self.report is not None:
            value["rule_lines"] = [each.as_dict(title) for each in self.rules]
            value["check"] = self.report.as_dict(text)
        if self.details is not None:
            value |= {**self.details.as_dict(text, title)}
        return cast(PlanViewDict, value)


def plan_view(
    ground: PlanningContext,
    reference: str,
    plan: Plan,
    name: str | None = None,
    kept: str | None = None,
) -> PlanView:
    """Return a plan as it is shown, judged by the data of now; once for each version of them."""
    key = (reference, plan.cost, plan.assignments)
    report, details = (
        (None, None)
        if plan.cost is None
        else _judgements.get(ground.store, key, lambda: _judged(ground, plan))
    )
    return PlanView(
        reference,
        name,
        kept,
        plan,
        rule_costs(plan),
        conflict_lines(ground, plan),
        report,
        details,
    )


_judgements: KeptByVersion[tuple[Report, PlanDetails | None]] = KeptByVersion(8)


def _judged(ground: PlanningContext, plan: Plan) -> tuple[Report, PlanDetails | None]:
    problem = problem_of(ground, plan)
    report = check(ground.store, ground.programme, plan.settings, plan.as_dict())
    return report, _details(problem, plan) if _is_known(problem, plan) else None


def _is_known(problem: PlanningProblem, plan: Plan) -> bool:
    people, posts = problem.person_by_id, problem.post_by_id
    return all(each.person in people and each.post in posts for each in plan.assignments)


def _details(problem: PlanningProblem, plan: Plan) -> PlanDetails:
    costs = plan.cost_by_person
    return PlanDetails(
        tuple((each.id, each.name) for each in problem.people),
        tuple((each.id, problem.post_name(each.id)) for each in problem.posts),
        _postings(problem, plan),
        _coverage(problem, plan),
        _wishes(problem, plan),
        tuple(need.kind for need in problem.exercises if need.required),
        _exercises(problem, plan),
        tuple(
            IdlePeriod(person, problem.person_name(person), since, reason)
            for person, since, reason in without_post(problem, plan)
        ),
        tuple(
            PersonCost(person, problem.person_name(person), costs[person])
            for person in sorted(costs, key=lambda p: (-costs[p], p))
        ),
    )


def _postings(problem: PlanningProblem, plan: Plan) -> tuple[PlanPosting, ...]:
    why = {
        (person, *key): tuple(sentences)
        for person, told in reasons(problem, plan).items()
        for key, sentences in _by_posting(told)
    }
    return tuple(
        PlanPosting(
            each,
            problem.person_name(each.person),
            name,
            why.get((each.person, name, each.since, each.until), ()),
        )
        for each in plan.assignments
        for name in (problem.post_name(each.post),)
    )


def _by_posting(told: Iterable[Sentence]) -> list[tuple[tuple[str, ...], list[Sentence]]]:
    """Cut a person's reasons posting by posting: each begins with the one of dates and cost."""
    groups: list[tuple[tuple[str, ...], list[Sentence]]] = []
    for sentence in told:
        values = sentence.values
        if {"post", "since", "until", "cost"} <= set(values):
            key = tuple(str(values[name]) for name in ("post", "since", "until"))
            groups.append((key, [sentence]))
        elif groups:
            groups[-1][1].append(sentence)
    return groups


def _coverage(problem: PlanningProblem, plan: Plan) -> tuple[PostCoverage, ...]:
    periods: dict[str, list[PostPeriod]] = {}
    for each in coverage(problem, plan):
        held = len(each["people"]) + each["others"]
        level = fullness(held, problem.post_by_id[each["post"]].capacity)
        periods.setdefault(each["post"], []).append(
            PostPeriod(each["since"], tuple(each["people"]), each["others"], held, level)
        )
    rows = [
        PostCoverage(
            id_,
            problem.post_name(id_),
            problem.post_by_id[id_].capacity,
            id_ in problem.covered,
            tuple(mine),
        )
        for id_, mine in periods.items()
    ]
    rows.sort(key=lambda row: (not any(each.held for each in row.periods), row.post))
    return tuple(rows)


def fullness(held: int, capacity: int | None) -> str:
    """Name how full a post is: closed, empty, part, full, over; `part` where no limit is known.

    >>> [fullness(0, 0), fullness(0, 2), fullness(1, 2), fullness(2, 2), fullness(3, 2)]
    ['closed', 'empty', 'part', 'full', 'over']
    """
    if capacity is None:
        return "part" if held else "empty"
    if held > capacity:
        return "over"
    if capacity == 0:
        return "closed"
    return "full" if held == capacity else "part" if held else "empty"


def _wishes(problem: PlanningProblem, plan: Plan) -> tuple[WishCount, ...]:
    """Count how many people get which wish, the best first."""
    counts = granted(problem, plan)
    most = max(counts.values(), default=0)
    keys = sorted((key for key in counts if key.isdigit()), key=int)
    keys += [key for key in ("none", "unstated") if key in counts]
    return tuple(WishCount(key, counts[key], counts[key] / most if most else 0) for key in keys)


def _exercises(problem: PlanningProblem, plan: Plan) -> tuple[PersonExercises, ...]:
    kinds = [need.kind for need in problem.exercises if need.required]
    return tuple(
        PersonExercises(
            gap.person,
            gap.name,
            {
                kind: "lacking" if kind in gap.after else "closed" if kind in gap.before else "had"
                for kind in kinds
            },
        )
        for gap in gaps(problem, plan)
    )
