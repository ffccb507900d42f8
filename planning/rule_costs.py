"""The rules of a plan as they are shown: what each costs, and those that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from typing_extensions import TypedDict

from planning.plan import Plan
from planning.planner import PlanningContext
from planning.problem.defaults import Setting
from queries.sentences import Sentence, SentenceText

# The title of a key of a list of the programme in a language; of "titles": "Chinese\nEnglish".
TitleText = Callable[[str, str | None], str]


class RuleCostDict(TypedDict):
    """The rules of one name and what they cost, with their title in one language."""

    rule: str
    numbers: list[str]
    title: str
    kinds: list[str]
    weight: int
    cost: int
    sources: list[str]


class ConflictDict(TypedDict):
    """One of the things that cannot hold together, in one language."""

    rule: str
    number: str
    title: str
    message: str


@dataclass(frozen=True)
class RuleCost:
    """The rules of one name: they are switched and priced together."""

    rule: str
    numbers: tuple[str, ...]
    title: str  # "Chinese\nEnglish"
    kinds: tuple[str, ...]
    weight: int
    cost: int
    sources: tuple[str, ...]

    def as_dict(self, title: TitleText) -> RuleCostDict:
        """Return plain values for JSON."""
        return {
            "rule": self.rule,
            "numbers": list(self.numbers),
            "title": title("titles", self.title),
            "kinds": list(self.kinds),
            "weight": self.weight,
            "cost": self.cost,
            "sources": list(self.sources),
        }


@dataclass(frozen=True)
class ConflictLine:
    """One of the things that cannot hold together, with its rule where that is on file."""

    rule: str
    number: str
    title: str  # "Chinese\nEnglish"
    sentence: Sentence

    def as_dict(self, text: SentenceText, title: TitleText) -> ConflictDict:
        """Return plain values for JSON."""
        return {
            "rule": self.rule,
            "number": self.number,
            "title": title("titles", self.title) if self.title else "",
            "message": text(self.sentence),
        }


def by_name(settings: Iterable[Setting]) -> dict[str, list[Setting]]:
    """Put the rules of one name together: they are switched and priced together."""
    found: dict[str, list[Setting]] = {}
    for each in settings:
        found.setdefault(each.name, []).append(each)
    return found


def rule_costs(plan: Plan) -> tuple[RuleCost, ...]:
    """Return the rules of a plan with the checker's cost, those of one name as one.

    The costs sum to the plan's.
    """
    return tuple(
        RuleCost(
            name,
            tuple(each.number for each in group),
            _titles(group),
            tuple(dict.fromkeys(each.kind for each in group)),
            max(each.penalty for each in group),
            plan.costs.get(name, 0),
            tuple(each.source for each in group if each.source),
        )
        for name, group in by_name(plan.settings).items()
    )


def conflict_lines(ground: PlanningContext, plan: Plan) -> tuple[ConflictLine, ...]:
    """Return what cannot hold together, each with its rule."""
    if not plan.conflict:
        return ()
    known = {each.name: each for each in (*ground.settings(), *plan.settings)}
    return tuple(
        ConflictLine(
            rule,
            known[rule].number if rule in known else "",
            _titles([known[rule]]) if rule in known else "",
            sentence,
        )
        for rule, sentence in plan.conflict
    )


def gap_of(cost: float | None, bound: float | None) -> float | None:
    """Return how far a cost can be above the best one, as a share of it; None without a bound."""
    if cost is None or bound is None:
        return None
    return max(0.0, (cost - bound) / cost) if cost else 0.0


def _titles(settings: Iterable[Setting]) -> str:
    zh, en = {each.zh: None for each in settings}, {each.en: None for each in settings}
    return f"{'；'.join(zh)}\n{'; '.join(en)}"
