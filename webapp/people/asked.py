"""The day that the address of a page about people, units or posts asks for."""

from __future__ import annotations

from datetime import date

from flask import request

from graph.dates import first_day
from graph.errors import N_, UsageError
from webapp.shell import words


def asked_day() -> date:
    """Return the day of `?on=`, or the programme's own day, or today."""
    return read_day(request.args.get("on", ""))


def read_day(text: str) -> date:
    """Read a day; an empty text is the programme's own, or today. UsageError when it is none."""
    text = text.strip()
    if not text:
        return words.as_of()
    try:
        return first_day(text)
    except ValueError:
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name="on",
            value=text,
        ) from None
