"""The programme's pages: where everybody stands, who lacks what, what is due, the report."""

from webapp.programme import (
    audit,
    duties,
    exercises,
    home,
    mentors,
    people,
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
    "home",
    "mentors",
    "people",
    "training",
    "unit_reports",
    "use",
    "wording",
]
