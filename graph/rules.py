"""The rules that `programme.yaml` may name, and the parameters each one takes.

A rule is one name with its parameters, `served_months: {kind: grassroots, at_least: 24}`. Here
stand the names, what they mean and what they take; the functions that judge them live where the
question is asked. There is no expression language. A field marked `Names("rotation_kinds")` must
be on that list of the programme, when the list is not empty. Those of `rules.yaml` stand in
`graph/appointment_rules.py`, those of the growth file and the portrait in `graph/file_rules.py`.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from graph.dates import add_days, add_months
from graph.declared import Count, Frozen, Months, Names, PartialDate

Rank = Annotated[str, Names("ranks")]
RankOrGrade = Annotated[str, Names("ranks_and_grades")]
Stage = Annotated[str, Names("stages")]
UnitKind = Annotated[str, Names("unit_kinds")]
PostKind = Annotated[str, Names("post_kinds")]
MentoringKind = Annotated[str, Names("mentoring_kinds")]
RotationKind = Annotated[str, Names("rotation_kinds")]
ActivityKind = Annotated[str, Names("activity_kinds_and_groups")]
RecordKind = Annotated[str, Names("record_kinds")]
Result = Annotated[str, Names("results")]
Level = Annotated[str, Names("levels")]


@lru_cache(maxsize=1 << 10)
def _months_before(on: date, months: int) -> str:
    return add_months(add_days(on, 1), -months).isoformat()


class Window(Frozen):
    """A period that ends on the day asked for: whole months back, from a day on, or all.

    An event counts when `first_day(on) <= its date <= on`, both as text.
    """

    months: Months | None = None
    since: PartialDate | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Window:
        if self.months is not None and self.since is not None:
            raise ValueError("takes months or since, not both")
        return self

    def first_day(self, on: date) -> str | None:
        """Return the first day that counts, as text; None when everything before `on` does.

        >>> Window(months=36).first_day(date(2024, 6, 30))
        '2021-07-01'
        """
        if self.months is not None:
            return _months_before(on, self.months)
        return self.since

    def first_text(self, on: date) -> str:
        """Return the least date that counts, to compare with dates of any precision.

        A month or a year that begins on the first day is not before it.

        >>> day = date(2024, 6, 30)
        >>> Window(months=36).first_text(day), Window(since="2017-01-01").first_text(day)
        ('2021-07', '2017')
        """
        return (self.first_day(on) or "").removesuffix("-01").removesuffix("-01")


# --- what a person has done so far: gates of stages, the focus list --------------------------


class SinceJoining(Frozen):
    """At least so many months have passed since `joined_on`."""

    months: Months


class ServedMonths(Frozen):
    """Actual rotations of a kind add up to so many months (in posts of such units, if given).

    Postings to posts of `or_post_kinds` count as well, whatever their kind.
    """

    kind: RotationKind
    at_least: Months
    unit_kinds: tuple[UnitKind, ...] = ()
    or_post_kinds: tuple[PostKind, ...] = ()


class HasServed(Frozen):
    """An actual rotation of a kind, or to a post of one of these kinds, has begun."""

    kind: RotationKind
    or_post_kinds: tuple[PostKind, ...] = ()


class ReachedRank(Frozen):
    """The highest rank held so far is this one or a higher one."""

    rank: Rank


class PassedStage(Frozen):
    """The person has left this stage behind."""

    stage: Stage


class Reviewed(Frozen):
    """So many records of a kind with one of these results (any, if none), in the window or ever."""

    record: RecordKind
    results: tuple[str, ...] = ()
    at_least: Count = 1
    months: Months | None = None


# --- what is owed to a person -----------------------------------------------------------------


class NeedsMentor(Frozen):
    """While in one of these stages a trainee has so many current mentors of a kind.

    `during` are kinds of posting: from its first day to its last one the trainee has them as well.
    """

    kind: MentoringKind
    count: Count
    while_: tuple[Stage, ...] = Field(default=(), alias="while")
    during: tuple[RotationKind, ...] = ()

    @model_validator(mode="after")
    def _some_time(self) -> NeedsMentor:
        if not self.while_ and not self.during:
            raise ValueError("takes while or during")
        return self


class Every(Frozen):
    """A record of a kind (and level) falls due so long after the one before, or after joining.

    Within the grace it is due, afterwards late. `owner` is the level that does it, as a unit that
    reports on its trainees; else the level holds a talk, and the trainee writes what is no talk.
    `held_by` is the kind of mentor who holds it, where one guides the trainee on the day.
    """

    record: RecordKind
    level: Level | None = None
    months: Months | None = None
    days: Count | None = None
    late_after_days: Annotated[int, Field(ge=0)] = 0
    while_: tuple[Stage, ...] = Field(default=(), alias="while")
    owner: Level | None = None
    held_by: MentoringKind | None = None

    @model_validator(mode="after")
    def _one_period(self) -> Every:
        if (self.months is None) == (self.days is None):
            raise ValueError("takes either months or days")
        return self


class Receives(Frozen):
    """Each trainee of these cohorts (of all, if none) has a record with this result.

    Once, or once in each period of `months`.
    """

    record: RecordKind
    result: str
    cohorts: tuple[int, ...] = ()
    months: Months | None = None


class Attends(Window):
    """So many activities of these kinds: in the window, or within so long after joining."""

    kinds: tuple[ActivityKind, ...]
    at_least: Count = 1
    within_months: Months | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Attends:
        if (self.months is None) == (self.within_months is None) or self.since is not None:
            raise ValueError("takes either months or within_months")
        return self


class Answered(Frozen):
    """A record of a kind (a request) is answered by a later one of another kind within so long.

    The level of the request names its owner; `owner` does where the request has none. Only a record
    of the owner's level answers it, or one of any level whose result is the request's kind.
    """

    record: RecordKind
    by: RecordKind
    within_days: Count
    owner: Level | None = None


class Testimony(Reviewed):
    """What is on file for somebody; with `last_only` the last record of the kind decides."""

    last_only: bool = False


class ShownBy(Frozen):
    """So many of these kinds of record speak for somebody, as appraisal, award and 民主测评."""

    of: Annotated[tuple[Testimony, ...], Field(min_length=1)]
    at_least: Count = 1

    @model_validator(mode="after")
    def _can_be_met(self) -> ShownBy:
        if self.at_least > len(self.of):
            raise ValueError("asks for more than it lists")
        return self


class Prefer(Frozen):
    """Who comes first when this is decided, by one fact each; it is shown, never a weight.

    `reserve_list`: who stands on the list; who is in the `batch` is proposed for it.
    `important_post`: for a post of these kinds, who has begun one of them or a rotation `served`
    (and is in the batch, if given). `vacancy`: for a vacant post, who is in the batch.
    `equal_conditions`: the batch, among those equal in all else.
    """

    batch: Literal["train", "mature", "use"] | None = None
    when: Literal["reserve_list", "important_post", "vacancy", "equal_conditions"]
    post_kinds: tuple[PostKind, ...] = ()
    served: tuple[RotationKind, ...] = ()

    @model_validator(mode="after")
    def _has_a_batch(self) -> Prefer:
        if self.batch is None and self.when in ("vacancy", "equal_conditions"):
            raise ValueError("takes a batch")
        return self


# --- the totals of the report -----------------------------------------------------------------


class Joined(Frozen):
    """Trainees in service from a day not after the day asked for, or from an unknown one."""


class Sent(Window):
    """Different trainees with an actual rotation of these kinds beginning in the window.

    With `unit_kinds`: to a post in a unit of one of these kinds.
    """

    kinds: tuple[RotationKind, ...]
    unit_kinds: tuple[UnitKind, ...] = ()


class TookPart(Window):
    """Different trainees who took part in an activity of these kinds held in the window."""

    kinds: tuple[ActivityKind, ...]


class Attendances(Window):
    """Attendances of trainees, one for each person and activity of these kinds in the window."""

    kinds: tuple[ActivityKind, ...]


class Promoted(Window):
    """Trainees whose first time at this rank begins in the window, after a time at a lower one.

    A rank is given by home postings; what runs beside and what is acting gives none.
    """

    to: Rank


class Held(Window):
    """Different trainees with an actual rotation to such a post begun in the window.

    A post is one of these kinds, or has one of these titles; with `unit_kinds`: in a unit of one of
    these kinds.
    """

    post_kinds: tuple[PostKind, ...] = ()
    titles: tuple[str, ...] = ()
    unit_kinds: tuple[UnitKind, ...] = ()

    @model_validator(mode="after")
    def _names_posts(self) -> Held:
        if not self.post_kinds and not self.titles:
            raise ValueError("takes post_kinds, titles or both")
        return self


class Recorded(Window):
    """Records of trainees of these kinds dated in the window; with `people`, those who have one.

    With `results` or `levels`: records with one of these.
    """

    records: tuple[RecordKind, ...]
    results: tuple[Result, ...] = ()
    levels: tuple[Level, ...] = ()
    people: bool = False


# --- where each rule may stand ----------------------------------------------------------------


class RuleUse(Frozen):
    """One rule named with its parameters: exactly one field of a subclass is set."""

    @model_validator(mode="after")
    def _exactly_one(self) -> RuleUse:
        if len(self.model_fields_set) != 1 or self.parameters is None:
            raise ValueError("names exactly one rule with its parameters")
        return self

    @property
    def name(self) -> str:
        """Return the rule's name."""
        return next(iter(self.model_fields_set))

    @property
    def parameters(self) -> Any:
        """Return the rule's parameters, an object of the class that documents the rule."""
        return getattr(self, self.name)


class GateRule(RuleUse):
    """What must hold for a person: to leave a stage, to stand on the focus list."""

    since_joining: SinceJoining | None = None
    served_months: ServedMonths | None = None
    has_served: HasServed | None = None
    reached_rank: ReachedRank | None = None
    passed_stage: PassedStage | None = None
    reviewed: Reviewed | None = None


class MentorRule(RuleUse):
    """Which mentors a trainee needs."""

    needs_mentor: NeedsMentor | None = None


class DutyRule(RuleUse):
    """What falls due again and again."""

    every: Every | None = None


class EntitlementRule(RuleUse):
    """What a cohort is entitled to."""

    receives: Receives | None = None


class TrainingRule(RuleUse):
    """Which training each trainee has."""

    attends: Attends | None = None


class RequestRule(RuleUse):
    """What a trainee may ask for, and how soon it is answered."""

    answered: Answered | None = None


class PriorityRule(RuleUse):
    """Who comes first."""

    prefer: Prefer | None = None
    reviewed: Reviewed | None = None
    shown_by: ShownBy | None = None


class TotalRule(RuleUse):
    """What a total of the report counts."""

    joined: Joined | None = None
    sent: Sent | None = None
    took_part: TookPart | None = None
    attendances: Attendances | None = None
    promoted: Promoted | None = None
    held: Held | None = None
    recorded: Recorded | None = None
