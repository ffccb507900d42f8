"""Kinds of things that a programme lists, and mentors with the post by which they guide."""

from __future__ import annotations

from typing import Annotated

from graph.declared import Names
from graph.rules import PostKind, RotationKind, Stage, UnitKind
from graph.terms import Value

Mechanism = Annotated[str, Names("mechanisms")]


class Kind(Value):
    """A kind of unit, post, mentoring, rotation, activity or record."""

    mechanism: Mechanism | None = None


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
