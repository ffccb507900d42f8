"""The programme that is stored, and the day that questions are asked for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from graph.programme import EMPTY_PROGRAMME, Programme, day_of, parse_programme
from graph.schema import PROGRAMME
from graph.store import Reader

_RULES_TEXT = f"MATCH (p:{PROGRAMME}) RETURN p.rules AS rules ORDER BY p.id LIMIT 1"


def stored_programme(store: Reader) -> Programme:
    """Return the programme that is stored, or an empty one."""
    rows = store.read(_RULES_TEXT)
    return parsed_programme(rows[0]["rules"] if rows else None)


def parsed_programme(text: str | None) -> Programme:
    """Return the programme of a stored text, or an empty one."""
    return _parsed(text) if text else EMPTY_PROGRAMME


def stored_text(store: Reader) -> str:
    """Return the text of the stored programme.yaml, empty when there is none."""
    rows = store.read(_RULES_TEXT)
    return str(rows[0]["rules"] or "") if rows else ""


@lru_cache(maxsize=8)
def _parsed(text: str) -> Programme:
    return parse_programme(text)


def as_of(store: Reader) -> date:
    """Return the day that questions are asked for: the programme's own, or today."""
    return day_of(stored_programme(store), date.today())
