"""What the JSON of the programme takes and how its answers are described.

`page.plain` turns the frozen values of `queries/programme` into plain ones; `PlainOf` says by the
same rules what type comes of it, so that no value is described twice.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, NotRequired, Union, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from graph.answers import fields_type
from queries.sentences import Sentence, Term
from webapp.shell.asking import InScope, OnDay

NAMED = ("person", "mentor", "trainee")  # ids that have the name beside them
FIGURES = ("percent", "count", "free", "value", "is_gap")  # made from the other fields


class UnitAsked(OnDay):
    """The day, and the unit whose people alone are looked at."""

    unit: str = ""


class ProgrammeAsked(UnitAsked, InScope):
    """The day, the scope, and the unit: the people of both are looked at."""


class PlainOf:
    """What `page.as_json` makes of an answer, which is a `TypedDict` or a frozen value."""

    def __init__(self, of: type) -> None:
        self.of = of

    def __get_pydantic_core_schema__(self, _source: Any, handler: Callable[[Any], Any]) -> Any:
        answer = fields_type(
            f"{self.of.__name__}OfDay",
            {"as_of": str} | {name: _plain(of) for name, of in get_type_hints(self.of).items()},
        )
        return handler(answer)


def figures_of(of: type) -> list[str]:
    """Return the figures that a value makes from its other fields."""
    return [name for name in FIGURES if isinstance(getattr(of, name, None), property)]


@cache
def _plain(of: object) -> Any:
    """Return the type of the plain value of a type."""
    inner = tuple(_plain(each) for each in get_args(of) if each is not Ellipsis)
    origin = get_origin(of)
    if origin is Annotated:
        return inner[0]
    if origin in (Union, types.UnionType):
        return Union[inner]  # noqa: UP007  # of a tuple
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict[str, inner[1]]  # type: ignore[valid-type]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        if origin is tuple and Ellipsis not in get_args(of):
            return tuple[inner]  # type: ignore[valid-type]
        return list[inner[0]]  # type: ignore[valid-type]
    return _plain_class(of) if isinstance(of, type) else of


def _plain_class(of: type) -> Any:
    if issubclass(of, Sentence | Term | date):
        return str
    if is_typeddict(of):
        return fields_type(of.__name__, {n: _plain(t) for n, t in get_type_hints(of).items()})
    names = [each.name for each in fields(of)] if is_dataclass(of) else getattr(of, "_fields", None)
    if names is None:
        return of
    hints = get_type_hints(of)
    kept = _plain_fields({name: hints[name] for name in names})
    for name in figures_of(of):
        kept[name] = _plain(get_type_hints(getattr(of, name).fget)["return"])
    return fields_type(of.__name__, kept)


def _plain_fields(hints: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, of in hints.items():
        kept[name] = _plain(of)
        if name in NAMED and (of is str or str in get_args(of)):
            kept[f"{name}_name"] = NotRequired[str] if get_args(of) else str  # no id, no name
    return kept
