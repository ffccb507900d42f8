"""Which shape and which colour stand for what: one mapping for every page and picture.

A colour is a number: the tokens `--category-1` to `--category-7` of `tokens.css` (the Okabe-Ito
palette), 0 for the grey one. A colour never stands alone: a role has its shape, a unit its letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# What a person is; the class of its sign in the style sheet, the shape of its mark in a picture.
ROLES: dict[str, LazyString] = {
    "trainee": _l("{Trainee}"),
    "mentor": _l("{Mentor}"),
    "both": _l("{Trainee} and {mentor}"),
    "person": _l("Neither yet"),
}

GREY = 0
COLOURS = 7  # categories that have a colour of their own; more would no longer be told apart
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Lane:
    """One lane of a time line."""

    key: str
    title: LazyString
    colour: int


LANES: tuple[Lane, ...] = (
    Lane("posts", _l("Posts"), 1),
    Lane("exercises", _l("Exercises"), 2),
    Lane("ranks", _l("Ranks"), 7),
    Lane("grades", _l("Grades"), 7),
    Lane("gaps", _l("Gaps"), 0),
    Lane("service", _l("Service"), 0),
    Lane("mentors", _l("{Mentors}"), 6),
    Lane("trainees", _l("{Trainees}"), 5),
    Lane("activities", _l("Activities"), 3),
    Lane("records", _l("Records"), 4),
)


@dataclass(frozen=True)
class Category:
    """One value that fills marks: its colour, and the letter that says the same without colour."""

    key: str
    title: str
    colour: int
    letter: str
    people: int


def categories(values: Iterable[tuple[str, str]]) -> tuple[Category, ...]:
    """Return each value (key, title) its colour and letter, the most frequent first.

    Beyond the colours there are grey ones told apart by letter, beyond the letters one "other".

    >>> [(c.key, c.colour, c.letter, c.people) for c in categories([("u1", "A"), ("u2", "B"),
    ...                                                             ("u2", "B")])]
    [('u2', 1, 'A', 2), ('u1', 2, 'B', 1)]
    """
    counts = Counter(values)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Category(
            key,
            title,
            at + 1 if at < COLOURS else GREY,
            LETTERS[at] if at < len(LETTERS) else "·",
            people,
        )
        for at, ((key, title), people) in enumerate(ordered)
    )
