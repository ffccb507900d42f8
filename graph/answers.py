"""What a plain value says, told to whatever describes the JSON interface.

A plain value is typed once: a `TypedDict` that `as_dict` returns. Where it is what `asdict` makes
of a dataclass, the dataclass is the type: `Annotated[Row, FieldsOf(Card)]`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, get_type_hints

from typing_extensions import TypedDict


class FieldsOf:
    """The fields of a dataclass as `asdict` gives them, `without` some, with `more` beside them.

    Keys that are known when the program starts only are given as a mapping.
    """

    def __init__(
        self,
        of: type | Mapping[str, Any],
        named: str = "",
        without: Collection[str] = (),
        **more: Any,
    ) -> None:
        self.of, self.named, self.without, self.more = of, named, without, more

    def __get_pydantic_core_schema__(self, _source: Any, handler: Callable[[Any], Any]) -> Any:
        if isinstance(self.of, Mapping):
            return handler(fields_type(self.named, {**self.of, **self.more}))
        fields = get_type_hints(self.of, include_extras=True) | self.more
        kept = {name: of for name, of in fields.items() if name not in self.without}
        return handler(fields_type(self.named or self.of.__name__, kept))


def fields_type(name: str, fields: Mapping[str, Any]) -> Any:
    """Make the type of an object that has these fields, all of them.

    >>> sorted(fields_type("Place", {"id": str, "level": int}).__required_keys__)
    ['id', 'level']
    """
    return TypedDict(name, dict(fields))  # type: ignore[operator]
