"""Judge a plan without the solver: read the graph again, and state every rule again, plainly.

Nothing of `rules`, `model`, `reading` or `solver` is used. Who is judged are the assignments of a
plan as they stand in its file; a rule's parameters are the only thing shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import TypedDict

from graph.dates import first_day
from graph.errors import N_
from graph.programme import Programme
from graph.store import Reader
from planning.check.facts import AssignedPosting
from planning.check.mentors import MentorRules
from planning.check.moves import MoveRules
from planning.check.people import PeopleRules
from planning.check.places import PlaceRules
from planning.problem.defaults import Setting
from queries.sentences import Sentence

PERIODS = Setting("periods", "P0", "hard", 0, "按期安排", "Assignments follow the periods")


class ViolationDict(TypedDict):
    """One thing that breaks a rule."""

    rule: str
    number: str
    kind: str
    units: int
    person: str | None
    post: str | None
    since: str | None
    message: str


class CheckOfPlanDict(TypedDict):
    """What the checker found, as `flask plan-check` prints it."""

    valid: bool
    cost: int
    costs: dict[str, int]
    violations: list[ViolationDict]
    warnings: list[ViolationDict]


@dataclass(frozen=True)
class Violation:
    """One thing that breaks a rule, in so many units."""

    rule: str
    number: str
    kind: str
    units: int
    person: str | None
    post: str | None
    since: str | None
    sentence: Sentence

    def as_dict(self, said: Callable[[Sentence], str] = str) -> ViolationDict:
        """Return CONTRACT's object of a violation, and a little more."""
        return {
            "rule": self.rule,
            "number": self.number,
            "kind": self.kind,
            "units": self.units,
            "person": self.person,
            "post": self.post,
            "since": self.since,
            "message": said(self.sentence),
        }


@dataclass(frozen=True)
class Report:
    """What the checker found: hard rules broken, the cost of soft ones, and what is only said."""

    violations: tuple[Violation, ...]
    soft: tuple[Violation, ...]
    warnings: tuple[Violation, ...]
    costs: Mapping[str, int]

    @property
    def is_valid(self) -> bool:
        """Return whether no hard rule is broken."""
        return not self.violations

    @property
    def cost(self) -> int:
        """Return the cost of the soft rules broken."""
        return sum(self.costs.values())

    def first(self) -> str:
        """Name the first hard rule broken, whom it concerns, and when; in no language."""
        if not self.violations:
            return "-"
        found = self.violations[0]
        parts = (found.number, found.rule, found.person, found.post, found.since)
        return " ".join(part for part in parts if part)

    def as_dict(self, said: Callable[[Sentence], str] = str) -> CheckOfPlanDict:
        """Return CONTRACT's JSON of `flask plan-check`; `said` gives a sentence in a language."""
        return {
            "valid": self.is_valid,
            "cost": self.cost,
            "costs": dict(self.costs),
            "violations": [each.as_dict(said) for each in self.violations],
            "warnings": [each.as_dict(said) for each in self.warnings],
        }


JUDGED = (
    "one_post", "agreed_end", "capacity", "offers", "placed", "must_cover", "rank_kept", "demands",
    "stage_first", "exercises", "tenure", "no_return", "mentors", "leave", "wishes", "avoided",
    "hardship_shared", "few_moves", "pinned", "forbidden", "keeps_home_post", "kin_apart",
    "trial_period", "no_transfer", "hardship_service", "rank_after", "level_by_level", "lasts",
    "age_at_most", "opposite_way", "home_place", "longest_in_post", "changes_in_term",
    "grassroots_wanted", "settled", "last_reviews",
)  # fmt: skip


def check(
    store: Reader,
    programme: Programme,
    settings: tuple[Setting, ...],
    plan: Mapping[str, Any],
) -> Report:
    """Judge a plan given as the JSON of `flask plan`; raise InputError when it cannot be read."""
    return _Checker(store, programme, settings, plan).report()


class _Checker(PlaceRules, MentorRules, PeopleRules, MoveRules):
    """All rules together, and the report of what they find."""

    def report(self) -> Report:
        self.found: list[Violation] = []
        self._read_assigned()
        for one, other in self._follow_on():
            words = N_("%(person)s has two assignments to %(post)s where it is one, on %(since)s.")
            self.found.append(self._violation(PERIODS, 1, one.person, one.post, other.begin, words))
        judges = {name: getattr(self, f"_{name}") for name in JUDGED}
        for setting in self.settings:
            judge = judges.get(setting.name)
            for units, person, post, at, words in judge(setting) if judge else ():
                if {(setting.name, person), (setting.name, post)} & self.waived:
                    continue
                if units > 0:
                    self.found.append(self._violation(setting, units, person, post, at, words))
        kinds: dict[str, list[Violation]] = {"hard": [], "soft": [], "warning": []}
        for each in self.found:
            kinds[each.kind].append(each)
        weights = {(each.name, each.number): each.weight for each in self.settings}
        costs: Counter[str] = Counter()
        for each in kinds["soft"]:
            costs[each.rule] += each.units * weights[each.rule, each.number]
        return Report(
            tuple(kinds["hard"]),
            tuple(kinds["soft"]),
            tuple(kinds["warning"]),
            {name: costs[name] for name in sorted(costs) if costs[name]},
        )

    def _violation(
        self,
        setting: Setting,
        units: int,
        person: str | None,
        post: str | None,
        at: int | None,
        words: str,
    ) -> Violation:
        since = self.days[at].isoformat() if at is not None else None
        place = self.posts.get(post or "")
        unit = self.units.get(place["unit"], {}).get("name", "") if place else ""
        values = {
            "person": self.people[person].name if person in self.people else person or "",
            "post": f"{unit}{place['name']}" if place else post or "",
            "since": since or "",
            "units": units,
        }
        return Violation(
            setting.name, setting.number, setting.kind, units, person, post, since,
            Sentence(words, values),
        )  # fmt: skip

    def _read_assigned(self) -> None:
        for row in self.rows:
            who = self.people.get(row["person"])
            if who is None or row["post"] not in self.posts:
                words = N_("%(person)s or %(post)s is not among those planned.")
                self.found.append(
                    self._violation(PERIODS, 1, row["person"], row["post"], None, words)
                )
                continue
            since = max(first_day(row["since"]), self.days[0])
            until = first_day(row["until"]) if row["until"] else self.days[-1]
            if since not in self.days or until not in self.days or since >= until:
                words = N_("The days of %(person)s in %(post)s are not those of the periods.")
                self.found.append(
                    self._violation(PERIODS, 1, row["person"], row["post"], None, words)
                )
                continue
            begin, end = self.days.index(since), self.days.index(until)
            going = None
            if begin == 0:
                same = [
                    p for p in self._present(who) if (p.post, p.kind) == (row["post"], row["kind"])
                ]
                going = same[0] if same else None
            self.assigned.append(
                AssignedPosting(row["person"], row["post"], row["kind"], begin, end, going)
            )
