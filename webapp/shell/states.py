"""States as cells of tables: a colour and a word; the states of kept plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from planning import kept_plans

KEPT_STATUSES = {
    kept_plans.KEPT: ("blue", _l("kept")),
    kept_plans.ACCEPTED: ("green", _l("accepted")),
    kept_plans.WITHDRAWN: ("yellow", _l("withdrawn")),
}


def state(word: Mapping[str, tuple[str, Any]], key: str) -> dict[str, Any]:
    """Make the cell of a state: colour and word."""
    colour, text = word.get(key, ("", key))
    return {"state": colour, "text": str(text), "sort": str(text)}
