"""What an office's notice says, as one step that is previewed, stored and undone as one."""

from loaders.events.happen import NoticeOutcome, happen
from loaders.events.kept import KeptEvent, events, undo_event
from loaders.events.notice import Consequence, Notice, NoticeDoubt

__all__ = [
    "Consequence",
    "KeptEvent",
    "Notice",
    "NoticeDoubt",
    "NoticeOutcome",
    "events",
    "happen",
    "undo_event",
]
