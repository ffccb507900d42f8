"""Plan rotations: the scenario, the run, the plan and its reasons, change, accept, withdraw."""

from webapp.planning import api, pages, people, running
from webapp.planning.blueprint import bp

__all__ = ["api", "bp", "pages", "people", "running"]
