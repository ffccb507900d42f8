"""What the word in a cell means: a key of the programme, no value at all, an id, a name.

Words are judged by the programme that comes with the files, else by the stored one; where neither
lists anything for a column, any text is taken. `graph.terms` tells which key a word means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.errors import InputError
from graph.programme import EMPTY_PROGRAMME, Programme
from graph.schema import TABLES, Column, Labels, Property, Reference, Table
from graph.store import Reader
from graph.terms import TitledTerm, key_of
from loaders.problems import Findings
from loaders.readers.cells import without_blanks
from queries.stored_programme import parsed_programme, stored_text

_DASHES = set("-‐‑‒–—―－")
_ROLES_BETWEEN = re.compile("[;；,，、]")
_WHOLE = re.compile(r"(\d+)\.0+")
_COHORT = re.compile(r"(\d{4})\s*[届级年]")
_KNOWN_SHOWN = 20


@dataclass(frozen=True)
class Fix:
    """How a text of a column is written as it is meant; only one with the pattern can need it."""

    pattern: str
    text: Callable[[str], str]


def whole_number(text: str) -> str:
    """Return an id that a calculation program wrote as a broken number as the whole one it is.

    >>> whole_number("201.0"), whole_number("201.5"), whole_number("v1.0")
    ('201', '201.5', 'v1.0')
    """
    match = _WHOLE.fullmatch(text) if ".0" in text else None
    return match.group(1) if match else text


_ID = Fix(r"\.0", whole_number)
_NAME = Fix(r"\s", without_blanks)


def fix_of(column: Column) -> Fix | None:
    """Return how the texts of a column are mended before they are compared with others."""
    if isinstance(column, Reference) or column.heading == "id":
        return _ID
    return _NAME if isinstance(column, Property) and column.names_person else None


def is_nothing(text: str) -> bool:
    """Return whether a cell holds only dashes, as forms have where there is nothing to write.

    >>> is_nothing("—"), is_nothing("--"), is_nothing("2-3")
    (True, True, False)
    """
    return _DASHES.issuperset(text)


def cohort(text: Any) -> Any:
    """Return the year in the name of a cohort.

    >>> cohort("2022届"), cohort("2022"), cohort("届")
    ('2022', '2022', '届')
    """
    match = _COHORT.fullmatch(text) if isinstance(text, str) else None
    return match.group(1) if match else text


# --- words and keys ------------------------------------------------------------------------------


def is_judged(column: Column, programme: Programme) -> bool:
    """Return whether the programme says what a column may hold, or which words mean its keys."""
    kinds = "" if isinstance(column, Reference) else column.kinds
    return bool(kinds and programme.values(kinds))


def is_set(column: Labels | Property) -> bool:
    """Return whether a column holds several of a few words that the software itself knows."""
    return isinstance(column, Labels) or column.kinds == "posting_marks"


def is_listed(column: Labels | Property) -> bool:
    """Return whether every word of a judged column must be known."""
    return is_set(column) or column.type == "text"


def reader_of(column: Labels | Property, programme: Programme) -> Callable[[str], Any]:
    """Make the function that gives what a cell of a judged column means; ValueError if nothing."""
    terms = programme.values(column.kinds)
    if is_set(column):
        return lru_cache(maxsize=1 << 10)(lambda text: _keys(terms, text))

    def read(text: str) -> str | None:
        key = key_of(terms, text)
        if key is None and (column.required or not is_nothing(text)):
            raise ValueError("unknown")
        return key

    return read


def listed(words: tuple[str, ...] | None, terms: tuple[TitledTerm, ...]) -> tuple[str, ...] | None:
    """Return the words of a list with keys for those known; others stay, as does a state after "=".

    >>> listed(("谈心=done", "other"), (TitledTerm(key="talk", zh="谈心", en="talk"),))
    ('talk=done', 'other')
    """
    split = (word.partition("=") for word in words or ())
    return tuple(f"{key_of(terms, word) or word}{sign}{end}" for word, sign, end in split) or None


def _keys(terms: tuple[TitledTerm, ...], text: str) -> tuple[str, ...] | None:
    words = list(filter(None, map(str.strip, _ROLES_BETWEEN.split(text))))
    keys = [key_of(terms, word) for word in words if not is_nothing(word)]
    if None in keys:
        raise ValueError("unknown")
    return tuple(dict.fromkeys(filter(None, keys))) or None


def unknown(
    column: Labels | Property, programme: Programme, value: str, findings: Findings
) -> tuple[str, dict[str, Any]]:
    """Return which problem a word is that means no key, with the nearest and the known ones."""
    terms = programme.values(column.kinds)
    if is_set(column):
        words = filter(None, map(str.strip, _ROLES_BETWEEN.split(value)))
        value = next((word for word in words if key_of(terms, word) is None), value)
    grade = key_of(programme.grades, value) if column.kinds == "ranks" else None
    if grade is not None:
        counts_as = next(each.counts_as for each in programme.grades if each.key == grade)
        rank = programme.title("ranks", counts_as, findings.language)
        space, *around = (" ", "(", ")") if findings.language == "en" else ("", "（", "）")
        return "grade-as-rank", {"rank": f"{space}{rank.join(around)}" if rank else ""}
    group = key_of(programme.activity_groups, value) if column.kinds == "activity_kinds" else None
    if group is not None:
        within = (each for each in programme.activity_kinds if each.group == group)
        between = ", " if findings.language == "en" else "、"
        return "group-as-kind", {
            "known": between.join(_shown(e, findings.language) for e in within)
        }
    known = list({term.key: _shown(term, findings.language) for term in terms}.values())
    more = ", …" if len(known) > _KNOWN_SHOWN else ""
    hint = findings.word("known", known=", ".join(known[:_KNOWN_SHOWN]) + more)
    if nearest := programme.nearest(column.kinds, value):
        said = findings.word("nearest", nearest=_shown(nearest, findings.language))
        hint = f"{said} {hint}" if findings.language == "en" else said + hint
    if column.kinds in ("roles", "posting_statuses", "posting_marks"):
        return "bad-value", {"hint": hint}
    code = "unknown-rank" if column.kinds == "ranks" else "unknown-kind"
    return code, {"list": column.kinds, "hint": hint}


def _shown(term: TitledTerm, language: str) -> str:
    title = term.text(language)
    if title in ("", term.key):
        return term.key
    return f"{term.key} ({title})" if language == "en" else f"{term.key}（{title}）"


# --- what is stored ------------------------------------------------------------------------------


def stored_programme(store: Reader | None) -> Programme:
    """Return the stored programme; an empty one without a store, or where none can be read."""
    return programme_of(stored_text(store) if store else None)


def programme_of(text: str | None) -> Programme:
    """Return the programme of a stored text; an empty one where there is none to read."""
    try:
        return parsed_programme(text)
    except InputError:  # stored by another version of this program
        return EMPTY_PROGRAMME


@dataclass(frozen=True)
class Unfit:
    """A value of stored rows that is no key of a programme."""

    table: Table
    column: Property
    value: str
    count: int


def unfit(store: Reader, programme: Programme, but_load: str = "") -> Iterator[Unfit]:
    """Find what stored rows hold that a programme does not list; `but_load`: of other loads."""
    for table in TABLES:
        pattern = f"(n:{table.label})" if table.label else f"()-[n:{table.edge}]->()"
        for column in table.properties:
            if column.type != "text" or not is_judged(column, programme):
                continue
            rows = store.read(
                f"MATCH {pattern}\nWHERE n.{column.name} IS NOT NULL"
                " AND ($load = '' OR NOT (coalesce(n.origin, '') STARTS WITH $load))\n"
                f"RETURN n.{column.name} AS value, count(*) AS count\nORDER BY value",
                load=f"{but_load}:" if but_load else "",
            )
            keys = {term.key for term in programme.values(column.kinds)}
            for row in rows:
                if row["value"] not in keys:
                    yield Unfit(table, column, str(row["value"]), row["count"])
