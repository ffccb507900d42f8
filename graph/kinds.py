"""The kinds that the data of a programme may use, as lists of `programme.yaml` declare them."""

from __future__ import annotations

from typing import Annotated, Literal

from graph.declared import Names
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
    """A kind of mentor, and the kinds of post by which they guide; none: they guide as people."""

    post_kinds: tuple[Annotated[str, Names("post_kinds")], ...] = ()


class PostingKind(Kind):
    """A kind of posting, and whether it runs beside the home post and never ends it."""

    keeps_home_post: bool = False


class ActivityKindTerm(Kind):
    """A kind of activity, and the group of kinds that a rule may name in its place."""

    group: Annotated[str, Names("activity_groups")] | None = None


class AttendanceRole(Value):
    """What somebody was at an activity, and whether its hours count for them."""

    counts_hours: bool = True
