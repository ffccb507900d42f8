"""What an office's notice says, as one step that is previewed, stored and undone as one."""

from loaders.events.happen import Outcome, happen
from loaders.events.kept import KeptEvent, events, undo_event
from loaders.events.notice import KINDS, Consequence, Doubt, Notice

__all__ = [
    "KINDS",
    "Consequence",
    "Doubt",
    "KeptEvent",
    "Notice",
    "Outcome",
    "events",
    "happen",
    "undo_event",
]
