"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.planning import api, overview, pages, people, running
from webapp.planning.blueprint import bp

__all__ = ["api", "bp", "overview", "pages", "people", "running"]
