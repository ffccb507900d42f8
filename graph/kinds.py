"""The kinds that the data of a programme may use, as lists of `programme.yaml` declare them."""

from __future__ import annotations

from typing import Annotated, Literal

from graph.declared import Names
from graph.rules import PostKind, RotationKind, Stage, UnitKind
from graph.terms import Value

Mechanism = Annotated[str, Names("mechanisms")]


class Kind(Value):
    """A kind of unit, post, mentoring, rotation, activity or record."""

    mechanism: Mechanism | None = None


# What a kind of record may need; an amount makes it a payment, a cause a visit.
RecordColumn = Literal[
    "level",
    "result",
    "summary",
    "until",
    "document",
    "topic",
    "amount",
    "batch",
    "account",
    "cause",
    "given_by",
]


class RecordKindTerm(Kind):
    """A kind of record: the results that it may have (any, if none) and what it needs."""

    results: tuple[Annotated[str, Names("results")], ...] = ()
    needs: tuple[RecordColumn, ...] = ()

    @property
    def is_payment(self) -> bool:
        """Return whether a record of the kind says that money was paid."""
        return "amount" in self.needs

    @property
    def is_visit(self) -> bool:
        """Return whether a record of the kind says that somebody was visited, and why."""
        return "cause" in self.needs


class MentorKindTerm(Kind):
    """A kind of mentor, and the post by which they guide; without one they guide as people.

    A post is one of the kind's own when its kind, its title and the kind of its unit stand on the
    lists that are given. `placed_by` are the kinds of posting that place a trainee: the post is on
    the line of units where the trainee is placed. `within` is the kind of unit that both are in.
    Trainees in `from_stages` may guide others as this kind, whether they have guided or not.
    """

    post_kinds: tuple[PostKind, ...] = ()
    titles: tuple[str, ...] = ()
    unit_kinds: tuple[UnitKind, ...] = ()
    placed_by: tuple[RotationKind, ...] = ()
    within: UnitKind | None = None
    from_stages: tuple[Stage, ...] = ()
    both_accept: bool = False  # a pair is accepted by both sides, each on its day

    @property
    def by_post(self) -> bool:
        """Return whether they guide by a post that they hold."""
        return bool(self.post_kinds or self.titles)


class PostingKind(Kind):
    """A kind of posting, and whether it runs beside the home post and never ends it."""

    keeps_home_post: bool = False


class ActivityKindTerm(Kind):
    """A kind of activity, and the group of kinds that a rule may name in its place."""

    group: Annotated[str, Names("activity_groups")] | None = None


class AttendanceRole(Value):
    """What somebody was at an activity, and whether its hours count for them."""

    counts_hours: bool = True
