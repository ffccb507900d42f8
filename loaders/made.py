"""Properties of a node that are made from its id and one of its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graph.names import search_fields


@dataclass(frozen=True)
class Made:
    """The column, the names of what is made of it, and how, in the order of the names."""

    of: str
    names: tuple[str, ...]
    make: Callable[[str, Any], Iterable[Any]]


_NOTHING = Made("", (), lambda *_: ())
_MADE = {
    "people": Made(
        "name",
        ("pinyin", "initials", "search"),
        lambda id_, name: search_fields(id_, name).values(),
    ),
    "records": Made("kind", ("name",), lambda _, kind: (kind,)),
    "service": Made("kind", ("name",), lambda _, kind: (kind,)),
    "grades": Made("grade", ("name",), lambda _, grade: (grade,)),
}


def made_of(table: str) -> Made:
    """Return what is made of a column of a table; of most nothing."""
    return _MADE.get(table, _NOTHING)
