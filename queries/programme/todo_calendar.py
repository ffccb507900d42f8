"""What is to be done as an iCalendar file (RFC 5545): whole days, one event an item."""

from __future__ import annotations

from datetime import date

from graph.dates import add_days
from queries.programme.todo import Item


def calendar(items: list[Item], made_on: date, text: dict[str, str], name: str) -> str:
    """Write items with a day as an iCalendar file.

    `text` has the words of each item by its key.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//talent-network//programme//EN"]
    lines += ["CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_escaped(name)}"]
    for item in items:
        if item.due is None:
            continue
        day = max(item.due, made_on)  # what is late stands on the day it is looked at
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(item.key)}@programme",
            f"DTSTAMP:{_basic(made_on)}T000000Z",
            f"DTSTART;VALUE=DATE:{_basic(day)}",
            f"DTEND;VALUE=DATE:{_basic(add_days(day, 1))}",
            f"SUMMARY:{_escaped(text[item.key])}",
            f"CATEGORIES:{_escaped(item.role)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _basic(day: date) -> str:
    """Write a day as iCalendar does; strftime would cut the zeros of an early year."""
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """Escape what iCalendar gives a meaning to.

    >>> _escaped("a,b;c")
    'a\\\\,b\\\\;c'
    """
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Fold a line at 75 octets without cutting a character; what follows begins with a space."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > 75:
            parts.append(part)
            part = " "
        part += character
    return [*parts, part]
