"""What the addresses of the pages about careers ask for, and what their forms offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from queries.personnel import postings
from queries.personnel.columns import LEVELS
from webapp.careers.limits import LimitsAsked
from webapp.careers.words import label
from webapp.shell.asking import OnDay
from webapp.shell.frame import term
from webapp.shell.store import current_store
from webapp.shell.words import as_of, programme

MOST_POSTS = 2000  # that a form lists; any other may still be typed by its id


class AtLevel(LimitsAsked):
    """The level of a posting's labels; a wrong one is told by the question itself."""

    level: str = "unit_kind"


class OfPerson(LimitsAsked):
    """A person, by id or by a name that only one person has."""

    person: str = ""


def asked_day() -> date:
    """Return the day of the address, or the programme's own day, or today."""
    return OnDay.read().on or as_of()


def person_id(text: str) -> str:
    """Return the id that a field means: an id, or a name that only one person has."""
    columns = postings(current_store())
    if text not in columns.person_at and columns.person_names.count(text) == 1:
        return columns.person_ids[columns.person_names.index(text)]
    return text


def asked_person() -> str:
    """Return the id of the person of the address; a name that only one person has will do."""
    text = OfPerson.read().person
    return person_id(text) if text else ""


def choices() -> dict[str, list[dict[str, str]]]:
    """Return what forms offer: the kinds and ranks that postings have, and all units."""
    columns = postings(current_store())
    used: dict[str, Iterable[str | None]] = {
        "rank": columns.ranks,
        "kind": columns.kinds,
        "post_kind": set(columns.post_kinds),
        "unit_kind": set(columns.unit_kinds),
        "grade": [each.key for each in programme().grades],
    }
    found = {
        what: [{"key": key, "text": _title(what, key)} for key in _sorted(what, keys)]
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


def _title(what: str, key: str) -> str:
    return term("grades", key) if what == "grade" else label(what, key, key)


def _sorted(what: str, keys: Iterable[str | None]) -> list[str]:
    """Put keys in the programme's own order, unlisted ones after them."""
    order = [each.key for each in programme().terms(_list_of(what))]
    known = {key for key in keys if key}
    return [key for key in order if key in known] + sorted(known - set(order))


def _list_of(what: str) -> str:
    if what == "grade":
        return "grades"
    return "ranks_and_grades" if what == "rank" else LEVELS[what]
