"""Types of the rows that questions of the catalogue answer with, made from their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from typing_extensions import TypedDict

from graph.answers import fields_type
from graph.store import Row
from queries.columns import Type

_TYPES: dict[str, Any] = {
    "text": str | None,
    "date": str | None,
    "integer": int | None,
    "list": list[str] | None,
}
_JSON = {"text": "string", "date": "string", "integer": "integer", "list": "array"}


class PersonName(TypedDict):
    """A person by id and name."""

    person: str
    name: str


class AnswerDict(TypedDict):
    """The answer of a question, as `flask query` prints it."""

    query: str
    parameters: dict[str, Any]
    columns: list[str]
    rows: list[Row]
    truncated: bool
    cypher: str


class RowOf:
    """A row of a question, for `Annotated[Row, RowOf("people.profile")]`.

    Columns `without` which it stands are left out; `more` are fields that were put beside them.
    """

    def __init__(self, query: str, without: Collection[str] = (), **more: Any) -> None:
        self.query, self.without, self.more = query, without, more

    def __get_pydantic_core_schema__(self, _source: Any, handler: Callable[[Any], Any]) -> Any:
        from queries.catalogue import find  # the catalogue imports those who answer

        fields = {
            each.name: _TYPES[each.type]
            for each in find(self.query).columns
            if each.name not in self.without
        }
        name = "".join(map(str.capitalize, re.split(r"[._]", "_".join((self.query, *self.more)))))
        return handler(fields_type(f"{name}Row", fields | self.more))


def json_type(of: Type) -> dict[str, Any]:
    """Return the JSON schema of a column's values.

    >>> json_type("integer")
    {'type': ['integer', 'null']}
    """
    return {"type": [_JSON[of], "null"]}
