"""Every page of this place: importing it registers them on the blueprint."""

from webapp.today import home, today
from webapp.today.blueprint import bp as bp

__all__ = ["bp", "home", "today"]
