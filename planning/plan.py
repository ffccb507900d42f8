"""A plan as its readers see it: assignments, costs, bound, or the reason why there is none.

Costs and violations are those of the checker. The JSON is that of `flask plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, InputError
from planning.problem.defaults import Setting, SettingDict, setting_from
from planning.problem.horizon import Horizon, HorizonDict, horizon
from planning.problem.instance import Note
from planning.problem.scenario import Scenario, ScenarioDict
from queries.sentences import Sentence

Say = Callable[[Sentence], str]


def in_english(sentence: Sentence) -> str:
    """Say a sentence in English; terms of the programme stay keys."""
    return sentence.text(title=_english)


def _english(terms: str, key: str | None) -> str:
    return (key or "-").rpartition("\n")[2]


class AssignmentDict(TypedDict):
    """A person in a post for some periods."""

    person: str
    post: str
    kind: str | None
    since: str
    until: str
    stays: bool


class RemedyDict(TypedDict):
    """One change that makes a plan possible; its scenario can be planned again with."""

    message: str
    cost: int | None
    scenario: ScenarioDict | None


class RuleMessage(TypedDict):
    """What is told of a rule."""

    rule: str
    message: str


class FairnessDict(TypedDict):
    """The best, worst and mean cost of a person, and the standard deviation."""

    best: int
    worst: int
    mean: float
    spread: float


class PlanWithoutConflict(TypedDict):
    """A plan but for what cannot hold together."""

    status: str
    cost: int | None
    bound: float | None
    gap: float | None
    seconds: float
    costs: dict[str, int]
    assignments: list[AssignmentDict]
    conflict_is_minimal: bool
    relaxations: list[str]
    remedies: list[RemedyDict]
    horizon: HorizonDict
    scenario: ScenarioDict
    rules: list[SettingDict]
    fairness: FairnessDict | None
    cost_by_person: dict[str, int]
    notes: list[RuleMessage]
    data_version: str


class PlanDict(PlanWithoutConflict):
    """A plan, as `flask plan` prints it."""

    conflict: list[RuleMessage]


class PlanHead(TypedDict):
    """The figures at the head of a plan."""

    reference: str
    name: str | None
    kept: str | None
    status: str
    cost: int | None
    bound: float | None
    gap: float | None
    moves: int
    people_moved: int
    people: int
    fairness: FairnessDict | None


PlanPostingRow = Annotated[
    dict[str, Any],
    FieldsOf(
        AssignmentDict,
        "PlanPostingDict",
        person_name=str,
        post_name=str,
        kind_title=str,
        reasons=list[str],
        good=list[str],
        against=list[str],
    ),
]


@dataclass(frozen=True, order=True)
class Assignment:
    """A person in a post for some periods; `stays` goes on with the post of the first day."""

    person: str
    since: str
    post: str
    kind: str | None
    until: str
    stays: bool = False

    def as_dict(self) -> AssignmentDict:
        """Return CONTRACT's object of an assignment; `stays` comes on top."""
        return {
            "person": self.person,
            "post": self.post,
            "kind": self.kind,
            "since": self.since,
            "until": self.until,
            "stays": self.stays,
        }


@dataclass(frozen=True)
class Remedy:
    """One change that makes a plan possible; `scenario` has it where a scenario can say it."""

    sentence: Sentence
    cost: int | None
    scenario: Scenario | None = None

    def as_dict(self, said: Say = in_english) -> RemedyDict:
        """Return plain values; a scenario can be planned again with."""
        return {
            "message": said(self.sentence),
            "cost": self.cost,
            "scenario": self.scenario.as_dict() if self.scenario else None,
        }


@dataclass(frozen=True)
class Plan:
    """One plan, or the reason why there is none."""

    status: str
    horizon: Horizon
    assignments: tuple[Assignment, ...] = ()
    cost: int | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float = 0.0
    costs: Mapping[str, int] = field(default_factory=dict)
    conflict: tuple[tuple[str, Sentence], ...] = ()
    is_conflict_minimal: bool = False  # verified: drop any one and a plan exists
    relaxations: tuple[Sentence, ...] = ()
    remedies: tuple[Remedy, ...] = ()  # the relaxations again, each as a scenario
    settings: tuple[Setting, ...] = ()
    scenario: Scenario = field(default_factory=Scenario)
    notes: tuple[Note, ...] = ()
    cost_by_person: Mapping[str, int] = field(default_factory=dict)
    data_version: str = ""

    @property
    def fairness(self) -> FairnessDict | None:
        """Return the best, worst and mean cost of a person, and the standard deviation."""
        values = sorted(self.cost_by_person.values())
        if not values:
            return None
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        return {
            "best": values[0],
            "worst": values[-1],
            "mean": round(mean, 2),
            "spread": round(spread, 2),
        }

    def as_dict(self, said: Say = in_english) -> PlanDict:
        """Return CONTRACT's JSON of `flask plan`, which `flask plan-check` reads again."""
        return {
            "status": self.status,
            "cost": self.cost,
            "bound": None if self.bound is None else round(self.bound, 3),
            "gap": None if self.gap is None else round(self.gap, 6),
            "seconds": round(self.seconds, 3),
            "costs": dict(self.costs),
            "assignments": [each.as_dict() for each in self.assignments],
            "conflict": [
                {"rule": rule, "message": said(sentence)} for rule, sentence in self.conflict
            ],
            "conflict_is_minimal": self.is_conflict_minimal,
            "relaxations": [said(sentence) for sentence in self.relaxations],
            "remedies": [remedy.as_dict(said) for remedy in self.remedies],
            "horizon": self.horizon.as_dict(),
            "scenario": self.scenario.as_dict(),
            "rules": [setting.as_dict() for setting in self.settings],
            "fairness": self.fairness,
            "cost_by_person": dict(self.cost_by_person),
            "notes": [{"rule": note.rule, "message": said(note.sentence)} for note in self.notes],
            "data_version": self.data_version,
        }

    def judged(self, costs: Mapping[str, int]) -> Plan:
        """Return the plan with the checker's costs by rule for its own."""
        return replace(self, costs=dict(costs))


def plan_from(value: Mapping[str, Any]) -> Plan:
    """Read a plan back from the JSON that `as_dict` gave; sentences stay as they were said."""
    given = value.get("horizon")
    if not isinstance(given, Mapping):
        raise InputError(
            N_('The plan has no "horizon".'), N_("Give the file that `flask plan` wrote.")
        )
    return Plan(
        status=str(value.get("status", "feasible")),
        horizon=horizon(given["from"], int(given["periods"]), given["period"]),
        assignments=tuple(
            sorted(
                Assignment(
                    each["person"],
                    each["since"],
                    each["post"],
                    each.get("kind"),
                    each["until"],
                    bool(each.get("stays", False)),
                )
                for each in value.get("assignments", ())
            )
        ),
        cost=value.get("cost"),
        bound=value.get("bound"),
        gap=value.get("gap"),
        seconds=float(value.get("seconds") or 0.0),
        costs=dict(value.get("costs") or {}),
        conflict=tuple(
            (each["rule"], Sentence(each["message"])) for each in value.get("conflict", ())
        ),
        settings=tuple(setting_from(each) for each in value.get("rules", ())),
        scenario=Scenario.from_dict(value.get("scenario") or {}),
        cost_by_person=dict(value.get("cost_by_person") or {}),
        data_version=str(value.get("data_version") or ""),
    )


def moves(plan: Plan) -> list[Assignment]:
    """Return the new postings of a plan."""
    return [each for each in plan.assignments if not each.stays]
