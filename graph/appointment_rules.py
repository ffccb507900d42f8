"""The rules of appointment, rotation and promotion that `rules.yaml` may name, with what they take.

The functions that judge them are in `queries/rules/`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from graph.declared import Count, Frozen, Months
from graph.rules import (
    PostKind,
    Rank,
    RankOrGrade,
    RecordKind,
    Result,
    RotationKind,
    RuleUse,
    UnitKind,
)
from graph.rules import ServedMonths as ServedMonths  # a rule of both files

SoftPart = Literal["work_months", "grassroots_months", "posts_below"]


class TrialPeriod(Frozen):
    """A new civil servant is on trial for so long: no rise in rank, no move."""

    months: Months


class NoTransfer(Frozen):
    """In the first months after joining no rotation of these kinds begins."""

    months: Months
    kinds: tuple[RotationKind, ...]


class HardshipService(Frozen):
    """Recruits of a post in hardship serve there so long; only short moves of these kinds."""

    months: Months
    hardship: Annotated[int, Field(ge=1, le=5)]
    allowed_kinds: tuple[RotationKind, ...] = ()
    allowed_months: Months | None = None


class RankAfter(Frozen):
    """A rank is reached after so long at one of the ranks below (and what else it asks).

    What it asks for `generally` is advice: it is said and keeps nobody out.
    """

    rank: Rank
    from_: tuple[RankOrGrade, ...] = Field(alias="from")
    months: Months
    trial_counts: bool = True
    work_months: Months | None = None
    grassroots_months: Months | None = None
    grassroots_kinds: tuple[RotationKind, ...] = ()
    grassroots_unit_kinds: tuple[UnitKind, ...] = ()
    posts_below: Count | None = None
    unbroken: bool = False
    generally: tuple[SoftPart, ...] = ("posts_below",)


class LevelByLevel(Frozen):
    """No rank is skipped; no rise within so many months of the one before, none on trial."""

    months: Months


class GradeSteps(Frozen):
    """The ladder of grades, in order, with the months each step takes.

    `ranks_count` names the rank whose time counts for the step to a grade like that in the grade
    below it; a yearly review (a `record`) with a result of `excellent` shortens a step.
    """

    steps: tuple[RankOrGrade, ...]
    months: Months
    ranks_count: dict[str, Rank] = Field(default_factory=dict)
    excellent_shortens: Annotated[int, Field(ge=0)] = 0
    record: RecordKind | None = None
    excellent: tuple[Result, ...] = ()
    not_counted: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _steps_are_named(self) -> GradeSteps:
        unknown = sorted(set(self.ranks_count) - set(self.steps))
        if unknown:
            raise ValueError(f"ranks_count names {unknown[0]}, which is none of the steps")
        return self


class FirstGrade(Frozen):
    """The grade given after the trial period, by education."""

    by_education: dict[str, RankOrGrade]


class PostTrial(Frozen):
    """A new holder of a post of these kinds is on trial in it for so long."""

    months: Months
    post_kinds: tuple[PostKind, ...]


class KeepsHomePost(Frozen):
    """A rotation of these kinds runs beside the home post, which goes on."""

    kinds: tuple[RotationKind, ...]


class Lasts(Frozen):
    """A rotation of these kinds lasts so long."""

    kinds: tuple[RotationKind, ...]
    at_least: Months | None = None
    at_most: Months | None = None
    never_over: Months | None = None


class AgeAtMost(Frozen):
    """Nobody older than this begins a rotation of these kinds in a unit of these kinds."""

    kinds: tuple[RotationKind, ...]
    unit_kinds: tuple[UnitKind, ...]
    years: Count


class OppositeWay(Frozen):
    """After so long in units of one side, a rotation of these kinds goes to the other side."""

    kinds: tuple[RotationKind, ...]
    months: Months
    above: tuple[UnitKind, ...]
    below: tuple[UnitKind, ...]


class KinApart(Frozen):
    """Relatives do not serve in one unit where one leads, nor in its guarded units."""

    relations: tuple[str, ...]
    leading_post_kinds: tuple[PostKind, ...]
    guarded_words: tuple[str, ...] = ()


class HomePlace(Frozen):
    """Nobody holds a post of these kinds in the place where they grew up."""

    post_kinds: tuple[PostKind, ...]
    unit_kinds: tuple[UnitKind, ...]


class LongestInPost(Frozen):
    """Nobody holds one post longer (a note when one unit or the suggestion is passed)."""

    months: Months
    unit_months: Months | None = None
    suggest_after: Months | None = None


class ChangesInTerm(Frozen):
    """Within one term at most so many changes of post; the limit of time at one rank."""

    term_months: Months
    at_most: Count
    rank_months: Months | None = None


class GrassrootsWanted(Frozen):
    """Who has served less than this at the grassroots is moved there, to hardship first."""

    months: Months
    kinds: tuple[RotationKind, ...]


class Settled(Frozen):
    """Nobody is moved or raised in the first months of a new post."""

    months: Months


class TownshipCounts(Frozen):
    """Experience in units of these kinds counts from so long as principal, or so as deputy."""

    principal_months: Months
    deputy_months: Months
    unit_kinds: tuple[UnitKind, ...]
    principals: tuple[PostKind, ...] = ()
    deputies: tuple[PostKind, ...] = ()


class LastReviews(Frozen):
    """None of the last yearly reviews has one of these results."""

    record: RecordKind
    last: Count
    none_of: tuple[str, ...]


class AppointmentRule(RuleUse):
    """What `rules.yaml` may name."""

    trial_period: TrialPeriod | None = None
    served_months: ServedMonths | None = None
    no_transfer: NoTransfer | None = None
    hardship_service: HardshipService | None = None
    rank_after: RankAfter | None = None
    level_by_level: LevelByLevel | None = None
    grade_steps: GradeSteps | None = None
    first_grade: FirstGrade | None = None
    post_trial: PostTrial | None = None
    keeps_home_post: KeepsHomePost | None = None
    lasts: Lasts | None = None
    age_at_most: AgeAtMost | None = None
    opposite_way: OppositeWay | None = None
    kin_apart: KinApart | None = None
    home_place: HomePlace | None = None
    longest_in_post: LongestInPost | None = None
    changes_in_term: ChangesInTerm | None = None
    grassroots_wanted: GrassrootsWanted | None = None
    settled: Settled | None = None
    township_counts: TownshipCounts | None = None
    last_reviews: LastReviews | None = None


# What a rule meant before its file could say so, in a programme that has these kinds.
_MEANT_BEFORE: dict[str, dict[str, tuple[str, Any]]] = {
    "rank_after": {"grassroots_kinds": ("rotation_kinds", ("grassroots",))},
    "grade_steps": {
        "record": ("record_kinds", "appraisal"),
        "excellent": ("results", ("优秀",)),
    },
    "township_counts": {
        "principals": ("post_kinds", ("secretary", "unit_head")),
        "deputies": ("post_kinds", ("deputy",)),
    },
}


def completed(use: AppointmentRule, allows: Callable[[str, str], bool]) -> AppointmentRule:
    """Return a rule with what its file leaves out and files of before meant by it.

    `allows` says whether a list of the programme has a key, or takes any.
    """
    known = {
        field: meant
        for field, (terms, meant) in _MEANT_BEFORE.get(use.name, {}).items()
        if field not in use.parameters.model_fields_set
        and all(allows(terms, key) for key in ([meant] if isinstance(meant, str) else meant))
    }
    if not known:
        return use
    return use.model_copy(update={use.name: use.parameters.model_copy(update=known)})
