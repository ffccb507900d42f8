"""The pages about careers: search by path, routes, flows, one post, one person, legal dates."""

from webapp.careers import dates, flows, home, paths, people, posts, routes
from webapp.careers.blueprint import bp

__all__ = ["bp", "dates", "flows", "home", "paths", "people", "posts", "routes"]
