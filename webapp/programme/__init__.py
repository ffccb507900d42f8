"""The programme's pages: where everybody stands, who lacks what, what is due, the report."""

from webapp.programme import audit, boxes, cultivation, duties, home, people, use
from webapp.programme.blueprint import bp

__all__ = ["audit", "boxes", "bp", "cultivation", "duties", "home", "people", "use"]
