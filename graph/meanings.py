"""What the kinds of a programme mean by its own rules, where nothing names them outright."""

from __future__ import annotations

from collections.abc import Sequence

from graph.programme import Programme
from graph.terms import Value, key_of


def first_exercises(programme: Programme) -> tuple[str, ...]:
    """Return the kinds of exercise that everybody goes through and that nothing comes before.

    What runs beside the home post sends nobody anywhere, so it is none of them.
    """
    beside = programme.kinds_beside
    first = (e.key for e in programme.exercises if e.required and not e.after)
    return tuple(key for key in first if key not in beside)


def plain_kinds(programme: Programme) -> tuple[str, ...]:
    """Return the kinds of posting that are no exercise: no rule and no part speaks of them."""
    asked = {each.key for each in programme.exercises} | programme.kinds_beside
    return tuple(e.key for e in programme.rotation_kinds if e.key not in asked and not e.mechanism)


def usual_beside(programme: Programme) -> str | None:
    """Return the kind of posting beside the home post that the programme names first."""
    beside = programme.kinds_beside
    listed = (each.key for each in programme.rotation_kinds if each.key in beside)
    return next(listed, min(beside, default=None))


def mentors_from_anywhere(programme: Programme) -> tuple[str, ...]:
    """Return the kinds of mentor who guide as people, where others do so by a post they hold."""
    by_post = [each.key for each in programme.mentoring_kinds if each.by_post]
    return tuple(e.key for e in programme.mentoring_kinds if by_post and not e.by_post)


def statuses_away(programme: Programme) -> tuple[str, ...]:
    """Return the statuses of people that are called like a kind of service with resting clocks."""
    resting = [each for each in programme.service_kinds if each.pauses_clocks]
    return _called_like(programme, resting)


def statuses_gone(programme: Programme) -> tuple[str, ...]:
    """Return the statuses of people who no longer serve."""
    gone = [each for each in programme.service_kinds if not each.in_service]
    out = (each.key for each in programme.statuses if not each.counts)
    return tuple(dict.fromkeys((*out, *_called_like(programme, gone))))


def _called_like(programme: Programme, kinds: Sequence[Value]) -> tuple[str, ...]:
    """Return statuses by whose words one of some kinds of service is known.

    Where a programme lists no statuses, data may hold any word: then the words themselves.
    """
    if not programme.statuses:
        words = dict.fromkeys(word for kind in kinds for word in kind.words)
        return tuple(dict.fromkeys((*words, *(word.replace(" ", "_") for word in words))))
    return tuple(
        status.key
        for status in programme.statuses
        if any(key_of(tuple(kinds), word) for word in status.words)
    )
