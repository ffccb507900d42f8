"""The catalogue: every question by its name, and `ask`, the one way to have it answered.

`python -m queries.catalogue` prints the page `docs/queries.md`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from graph.errors import N_, NotFound, UsageError
from graph.names import fold
from graph.own_words import in_words
from graph.programme import EMPTY_PROGRAMME
from graph.store import Row, Store
from queries import data, people, units
from queries import stored_programme as stored
from queries.careers import superiors, timelines
from queries.dated import shown_ends
from queries.network import lineage
from queries.personnel import questions as personnel_questions
from queries.programme import totals
from queries.query import AS_OF, LAST, NO_LIMIT, Answer, Parameter, Query, with_depth

__all__ = ["QUERIES", "Answer", "Query", "ask", "find", "page"]

QUERIES: dict[str, Query] = {
    query.name: query
    for module in (
        people,
        personnel_questions,
        lineage,
        timelines,
        superiors,
        units,
        totals,
        data,
    )
    for query in module.QUERIES
}


def find(name: str) -> Query:
    """Return the query of a name; UsageError names the nearest one."""
    if name in QUERIES:
        return QUERIES[name]
    nearest = difflib.get_close_matches(name, QUERIES, n=1, cutoff=0.5)
    if nearest:
        raise UsageError(
            N_('There is no question "%(name)s".'),
            N_('Did you mean "%(nearest)s"?'),
            name=name,
            nearest=nearest[0],
        )
    raise UsageError(
        N_('There is no question "%(name)s".'),
        N_("See the list: flask queries."),
        name=name,
    )


def ask(store: Store, name: str, /, *, language: str = "zh_Hans", **given: Any) -> Answer:
    """Answer a question; `given` holds its parameters, as text or typed.

    Raises UsageError for a name or value that cannot be, NotFound for an id that is not stored.
    """
    query = find(name)
    values = _values(store, query, given)
    limit = values.get("limit")
    told = {
        each.name: fold(values[each.name])
        if each.folded and values[each.name]
        else None
        if each.folded
        else values[each.name]
        for each in query.parameters
    }
    if "limit" in told:
        told["limit"] = NO_LIMIT if limit is None else limit + 1  # one more tells of the rest
    if "on" in told:
        told["on"] = day = str(told["on"] or LAST)
        if "ends" in query.computed:
            told["ends"] = shown_ends(store, day)
    cypher = with_depth(query.text(store.engine), values.get("depth"))
    if query.runner:
        rows = query.runner(store, query, told, language)
    else:
        told.pop("depth", None)
        rows = store.read(cypher, **told)
    if not any(value for row in rows for value in row.values()):  # no row, or a count of 0
        _refuse_unknown_ids(store, query, values)
    names = tuple(column.name for column in query.columns)
    return Answer(
        name,
        {key: value for key, value in values.items() if value is not None},
        names,
        [{key: row[key] for key in names} for row in rows[:limit]],
        limit is not None and len(rows) > limit,
        cypher,
    )


def _values(store: Store, query: Query, given: Row) -> Row:
    for key in given:
        if query.parameter(key) is None:
            _refuse_parameter(query, key)
    values: Row = {}
    for parameter in query.parameters:
        value = given.get(parameter.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if parameter.required:
                raise UsageError(
                    N_("The question %(query)s needs %(name)s."),
                    N_("Give it as %(name)s=..."),
                    query=query.name,
                    name=parameter.name,
                )
            value = _default(store, parameter)
        else:
            value = parameter.typed(value)
            if parameter.type == "list" and not value and not parameter.required:
                value = None
        values[parameter.name] = value
    return values


def _default(store: Store, parameter: Parameter) -> Any:
    if parameter.default == AS_OF:
        return stored.as_of(store).isoformat()
    return parameter.default


def _refuse_parameter(query: Query, key: str) -> None:
    known = [each.name for each in query.parameters]
    nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if nearest:
        raise UsageError(
            N_('The question %(query)s has no parameter "%(name)s".'),
            N_('Did you mean "%(nearest)s"?'),
            query=query.name,
            name=key,
            nearest=nearest[0],
        )
    raise UsageError(
        N_('The question %(query)s has no parameter "%(name)s".'),
        N_("It takes %(known)s."),
        query=query.name,
        name=key,
        known=", ".join(known) or "-",
    )


def _refuse_unknown_ids(store: Store, query: Query, values: Row) -> None:
    """Tell "nothing found" from "asked about somebody who is not stored"."""
    for parameter in query.parameters:
        id_ = values[parameter.name]
        if not parameter.of or id_ is None or isinstance(id_, list):
            continue
        if not store.read(f"MATCH (n:{parameter.of} {{id: $id}}) RETURN n.id AS id", id=id_):
            raise NotFound(_UNKNOWN[parameter.of], N_("Search for the name."), id=id_)


_UNKNOWN = {
    "Person": N_('There is no person "%(id)s".'),
    "Unit": N_('There is no unit "%(id)s".'),
    "Post": N_('There is no post "%(id)s".'),
}


def page() -> str:
    """Write `docs/queries.md`: every question with its parameters, columns and Cypher."""
    lines = [
        "# The questions",
        "",
        "Written by `python -m queries.catalogue > docs/queries.md`; a test holds it current.",
        "Each one is answered by `flask query NAME key=value`, by `/api/queries/NAME?key=value`",
        "and on the page `/queries/NAME`. Lists are separated by `;`.",
        "",
        "| name | parameters | columns |",
        "| --- | --- | --- |",
    ]
    for query in QUERIES.values():
        anchor = query.name.replace(".", "")
        taken = ", ".join(_parameter_text(each) for each in query.parameters)
        given = ", ".join(column.name for column in query.columns)
        lines.append(f"| [{query.name}](#{anchor}) | {taken} | {given} |")
    for query in QUERIES.values():
        lines += [
            "",
            f"## {query.name}",
            "",
            f"**{_plain(query.titles, 'zh_Hans')} · {_plain(query.titles, 'en')}**",
        ]
        lines += ["", _plain(query.descriptions, "zh_Hans"), ""]
        lines += [_plain(query.descriptions, "en"), ""]
        lines += [
            f"- `{each.name}`: {_plain(each.titles, 'zh_Hans')} · {_plain(each.titles, 'en')}"
            for each in query.parameters
        ]
        lines += [""] if query.parameters else []
        lines += ["```cypher", query.cypher, "```"]
        if query.embedded:
            lines += ["", "On the embedded engine:", "", "```cypher", query.embedded, "```"]
    return "\n".join(lines)


def _parameter_text(parameter: Parameter) -> str:
    if parameter.required:
        return f"**{parameter.name}**"
    shown = "" if parameter.default is None else f"={parameter.default}"
    return f"{parameter.name}{shown}"


def _plain(titles: Mapping[str, str], language: str) -> str:
    """Return a text with the words of no programme in particular."""
    return in_words(titles[language], EMPTY_PROGRAMME.role_words(language))


if __name__ == "__main__":
    print(page())
