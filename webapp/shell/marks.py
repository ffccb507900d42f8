"""Which shape stands for what: one mapping for every page and picture.

Colours have their home in `webapp/pictures/signs.py`.
"""

from __future__ import annotations

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

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Lane:
    """One lane of a time line."""

    key: str
    title: LazyString


LANES: tuple[Lane, ...] = (
    Lane("posts", _l("Posts")),
    Lane("exercises", _l("Exercises")),
    Lane("ranks", _l("Ranks")),
    Lane("grades", _l("Grades")),
    Lane("gaps", _l("Gaps")),
    Lane("service", _l("Service")),
    Lane("mentors", _l("{Mentors}")),
    Lane("trainees", _l("{Trainees}")),
    Lane("activities", _l("Activities")),
    Lane("records", _l("Records")),
)


@dataclass(frozen=True)
class Category:
    """One value that fills marks: its colour, and the characters that say the same without it."""

    key: str
    title: str
    colour: str  # a token of the style sheet
    letter: str
    people: int
