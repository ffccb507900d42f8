"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.programme import (
    audit,
    care,
    duties,
    exercises,
    focus,
    home,
    mentors,
    people,
    problems,
    reminders,
    reserve,
    short_list,
    task_places,
    training,
    unit_reports,
    use,
    wording,
)
from webapp.programme.blueprint import bp

__all__ = [
    "audit",
    "bp",
    "care",
    "duties",
    "exercises",
    "focus",
    "home",
    "mentors",
    "people",
    "problems",
    "reminders",
    "reserve",
    "short_list",
    "task_places",
    "training",
    "unit_reports",
    "use",
    "wording",
]
