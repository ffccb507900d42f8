"""What the addresses of the pages about careers ask for, and what their forms offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import request

from graph.dates import first_day, is_date
from graph.errors import N_, UsageError
from queries.personnel import postings
from queries.personnel.columns import LEVELS
from webapp.careers.words import label
from webapp.shell.asked import read_whole
from webapp.shell.store import current_store
from webapp.shell.words import as_of, programme

MOST_POSTS = 2000  # that a form lists; any other may still be typed by its id


def asked_day(name: str = "on") -> date:
    """Return the day of the address, or the programme's own day, or today."""
    return asked(name) or as_of()


def asked(name: str) -> date | None:
    """Return a date of the address, None when it is empty; UsageError when it is none."""
    return read_date(name, request.args.get(name, "").strip())


def read_date(name: str, text: str) -> date | None:
    """Read a date; a year or month is its first day."""
    if not text:
        return None
    if not is_date(text):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name=name,
            value=text,
        )
    return first_day(text)


def asked_number(name: str, default: int | None, low: int, high: int) -> int | None:
    """Return a whole number of the address; UsageError when it is none or outside the bounds."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    return read_whole(name, text, low, high, max(low, default or 2))


def asked_level(default: str) -> str:
    """Return the level of the address; a wrong one is told by the question itself."""
    return request.args.get("level", "").strip() or default


def person_id(text: str) -> str:
    """Return the id that a field means: an id, or a name that only one person has."""
    columns = postings(current_store())
    if text not in columns.person_at and columns.person_names.count(text) == 1:
        return columns.person_ids[columns.person_names.index(text)]
    return text


def asked_person() -> str:
    """Return the id of the person of the address; a name that only one person has will do."""
    text = request.args.get("person", "").strip()
    return person_id(text) if text else ""


def choices() -> dict[str, list[dict[str, str]]]:
    """Return what forms offer: the kinds and ranks that postings have, and all units."""
    columns = postings(current_store())
    used: dict[str, Iterable[str | None]] = {
        "rank": columns.ranks,
        "kind": columns.kinds,
        "post_kind": set(columns.post_kinds),
        "unit_kind": set(columns.unit_kinds),
    }
    found = {
        what: [{"key": key, "text": label(what, key, key)} for key in _sorted(what, keys)]
        for what, keys in used.items()
    }
    found["title"] = [{"key": key, "text": key} for key in sorted(set(columns.post_titles))]
    found["post"] = [
        {"key": id_, "text": columns.post_text(at)}
        for at, id_ in enumerate(columns.post_ids[:MOST_POSTS])
    ]
    found["unit"] = [
        {"key": id_, "text": name}
        for id_, name in zip(columns.unit_ids, columns.unit_names, strict=True)
    ]
    return found


def _sorted(what: str, keys: Iterable[str | None]) -> list[str]:
    """Put keys in the programme's own order, unlisted ones after them."""
    order = [each.key for each in programme().terms(_list_of(what))]
    known = {key for key in keys if key}
    return [key for key in order if key in known] + sorted(known - set(order))


def _list_of(what: str) -> str:
    return "ranks_and_grades" if what == "rank" else LEVELS[what]
