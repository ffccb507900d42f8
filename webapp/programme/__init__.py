"""The programme's pages: where everybody stands, who lacks what, what is due, the report."""

from webapp.programme import (
    audit,
    boxes,
    cultivation,
    duties,
    home,
    people,
    unit_reports,
    use,
    wording,
)
from webapp.programme.blueprint import bp

__all__ = [
    "audit",
    "boxes",
    "bp",
    "cultivation",
    "duties",
    "home",
    "people",
    "unit_reports",
    "use",
    "wording",
]
