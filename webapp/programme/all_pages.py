"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.programme import (
    audit,
    duties,
    exercises,
    focus,
    home,
    mentors,
    people,
    problems,
    reminders,
    reserve,
    training,
    unit_reports,
    use,
    wording,
)
from webapp.programme.blueprint import bp

__all__ = [
    "audit",
    "bp",
    "duties",
    "exercises",
    "focus",
    "home",
    "mentors",
    "people",
    "problems",
    "reminders",
    "reserve",
    "training",
    "unit_reports",
    "use",
    "wording",
]
