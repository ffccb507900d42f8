"""A question as data: `Query`, what it takes, what it gives, its Cypher; and `Answer`.

A query checks itself when it is made, so a slip is found at import: every `$name` of the Cypher
is declared, every declared column is returned, and the rows have an order. Values reach the
engine as parameters only; the one exception is a depth, which Cypher wants in the text (`*1..3`):
there `..$depth` is replaced by a checked whole number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graph.dates import first_day, is_date
from graph.errors import N_, UsageError
from graph.store import Row, Store
from queries.columns import Column, Type
from queries.row_types import AnswerDict

LANGUAGES = ("zh_Hans", "en")
AS_OF = "as-of day"  # default of a date: the programme's own day, or today
LAST = "~"  # after every date: what Cypher is told where no day is asked for
NO_LIMIT = 2**31 - 2  # what Cypher is told where no limit is asked for

Titles = Mapping[str, str]


class Runner(Protocol):
    """Answers where one statement is not enough; `values` holds every declared parameter."""

    def __call__(self, store: Store, query: Query, values: Row, language: str) -> list[Row]:
        """Return the rows in their order."""


@dataclass(frozen=True)
class Parameter:
    """What a query takes. Values arrive as text from an address or a command, or typed."""

    name: str
    zh: str
    en: str
    type: Type = "text"
    required: bool = False
    default: Any = None
    of: str = ""  # label of the node whose id it must be
    one_of: tuple[str, ...] = ()
    at_least: int = 1
    at_most: int = 1_000_000
    folded: bool = False  # compared with the stored search text

    @property
    def titles(self) -> Titles:
        """Return what it means in both languages."""
        return {"zh_Hans": self.zh, "en": self.en}

    def typed(self, value: Any) -> Any:
        """Turn a given value into its type; UsageError says what it may be."""
        if self.type == "list":
            return _list(value)
        if self.type == "integer":
            return self._integer(value)
        text = str(value).strip()
        if self.type == "date":
            if not is_date(text):
                raise UsageError(
                    N_('%(name)s "%(value)s" is not a date.'),
                    N_("Write it like 2024-06-30."),
                    name=self.name,
                    value=text,
                )
            return first_day(text).isoformat()
        if self.one_of and text not in self.one_of:
            raise UsageError(
                N_('%(name)s "%(value)s" is not known.'),
                N_("It is one of %(known)s."),
                name=self.name,
                value=text,
                known=", ".join(self.one_of),
            )
        return text

    def _integer(self, value: Any) -> int:
        text = str(value).strip()
        digits = text.isascii() and text.isdigit() and len(text) < 10
        if not digits or not self.at_least <= int(text) <= self.at_most:
            raise UsageError(
                N_('%(name)s "%(value)s" is not a whole number from %(least)s to %(most)s.'),
                N_("Write it in digits, as in %(name)s=%(example)s."),
                name=self.name,
                value=text,
                least=self.at_least,
                most=self.at_most,
                example=self.default or max(self.at_least, 2),
            )
        return int(text)


@dataclass(frozen=True)
class Query:
    """One named question. `cypher` runs as it stands on Neo4j; `embedded` where it must differ."""

    name: str
    titles: Titles
    descriptions: Titles
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    cypher: str
    embedded: str = ""
    runner: Runner | None = None
    computed: tuple[str, ...] = ()  # parameters of the Cypher that the runner makes

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise ValueError(f"query {self.name}: {fault}")

    def parameter(self, name: str) -> Parameter | None:
        """Return a declared parameter by its name."""
        return next((each for each in self.parameters if each.name == name), None)

    def text(self, engine: str) -> str:
        """Return the Cypher that an engine runs."""
        return self.embedded if engine == "embedded" and self.embedded else self.cypher

    def _faults(self) -> list[str]:
        faults = []
        if not re.fullmatch(r"[a-z]+\.[a-z_]+", self.name):
            faults.append("the name is two lower-case words with a dot between them")
        for texts in (self.titles, self.descriptions, *(each.titles for each in self.parameters)):
            if any(not texts.get(language) for language in LANGUAGES):
                faults.append("every text is given in Chinese and English")
        declared = {each.name for each in self.parameters}
        for cypher in filter(None, (self.cypher, self.embedded)):
            used = set(re.findall(r"\$(\w+)", cypher))
            if unknown := used - declared - set(self.computed):
                faults.append(f"the Cypher uses undeclared {sorted(unknown)}")
            if not self.runner and (unused := declared - used):
                faults.append(f"the Cypher does not use {sorted(unused)}")
            if "ORDER BY" not in cypher.rpartition("RETURN")[2]:
                faults.append("the rows have no order")
        names = [each.name for each in self.columns]
        if not self.runner and returned(self.cypher) != names:
            faults.append(f"the Cypher returns {returned(self.cypher)}, not {names}")
        return faults


@dataclass(frozen=True)
class Answer:
    """What a query gave: `query` is its name, `cypher` what the engine was asked."""

    query: str
    parameters: Row
    columns: tuple[str, ...]
    rows: list[Row]
    truncated: bool
    cypher: str

    def as_dict(self) -> AnswerDict:
        """Return the JSON of `flask query`."""
        return {
            "query": self.query,
            "parameters": self.parameters,
            "columns": list(self.columns),
            "rows": self.rows,
            "truncated": self.truncated,
            "cypher": self.cypher,
        }


def returned(cypher: str) -> list[str]:
    """Return the names of the columns that a statement returns last.

    >>> returned("MATCH (p:Person) RETURN p.id AS id, count(p.name) AS `from` ORDER BY id")
    ['id', 'from']
    """
    last = cypher.rpartition("RETURN")[2].partition("ORDER BY")[0]
    return re.findall(r"\bAS\s+`?(\w+)`?\s*(?:,|$)", last.strip())


def with_depth(cypher: str, depth: int | None) -> str:
    """Write a checked depth where Cypher takes no parameter; without one any length is meant.

    >>> with_depth("-[:MENTORS*1..$depth]->", 3), with_depth("-[:MENTORS*1..$depth]->", None)
    ('-[:MENTORS*1..3]->', '-[:MENTORS*1..]->')
    """
    return cypher.replace("..$depth", f"..{depth if depth is not None else ''}")


def bilingual(zh: str, en: str) -> Titles:
    """Return a text in the two languages of the interface."""
    return {"zh_Hans": zh, "en": en}


def _list(value: Any) -> list[str]:
    parts = (
        re.split(r"[;；,，]", value) if isinstance(value, str) else [str(each) for each in value]
    )
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
