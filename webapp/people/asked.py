"""The day that the address of a page about people, units or posts asks for."""

from __future__ import annotations

from datetime import date

from webapp.shell import words
from webapp.shell.asking import OnDay, read_date


def asked_day() -> date:
    """Return the day of `?on=`, or the programme's own day, or today."""
    return OnDay.read().on or words.as_of()


def read_day(text: str) -> date:
    """Read a day; an empty text is the programme's own, or today. UsageError when it is none."""
    text = text.strip()
    return read_date("on", text) if text else words.as_of()
