"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.careers import dates, flows, overview, paths, people, posts, routes
from webapp.careers.blueprint import bp

__all__ = ["bp", "dates", "flows", "overview", "paths", "people", "posts", "routes"]
