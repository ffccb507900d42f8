"""Questions about the totals of the programme's report.

A total is a rule with parameters (`graph/rules.py`). What counts postings is judged by the
personnel model, what counts attendances is one piece of Cypher here; each gives the rows behind
the figure, and the figure is their number. Only trainees on the roll of the day are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from graph import rules
from graph.cache import per_version
from graph.errors import N_, NotFound
from graph.programme import Programme, ReportTotal
from graph.store import Row, Store
from queries.columns import columns
from queries.personnel import Personnel, of_people, personnel
from queries.personnel.reading import FETCH
from queries.programme.totals_of_postings import (
    count_first_postings,
    count_promotions,
    first_postings,
    first_promotions,
)
from queries.query import AS_OF, Parameter, Query, bilingual
from queries.stored_programme import stored_programme

_TRAINEES = """\
MATCH (p:Trainee)
RETURN p.id AS person, p.name AS name, p.joined_on AS date
ORDER BY person"""
# Each piece ends with the rows behind a total: person `p`, the `date` of what counts, and the
# `item` (activity) where there is exactly one.
_STATEMENTS = {
    "took_part": """\
MATCH (p:Trainee)-[:TOOK_PART_IN]->(a:Activity)
WHERE a.kind IN $kinds AND a.held_on <= $on AND ($first IS NULL OR a.held_on >= $first)
WITH p, min(a.held_on) AS date, null AS item""",
    "attendances": """\
MATCH (p:Trainee)-[:TOOK_PART_IN]->(a:Activity)
WHERE a.kind IN $kinds AND a.held_on <= $on AND ($first IS NULL OR a.held_on >= $first)
WITH DISTINCT p, a.held_on AS date, a AS item""",
}
_OF_EVERYBODY = "MATCH (p:Trainee)"
_OF_THOSE_GONE = "UNWIND $gone AS id\nMATCH (p:Person {id: id})"  # its key is indexed
_ROWS = """
RETURN p.id AS person, p.name AS name, date AS date, item.id AS item, item.name AS title
ORDER BY date, person, item"""
_NUMBER = "\nRETURN count(p) AS value\nORDER BY value"
_ONE_BY_ONE = 2_000  # trainees; of more the model of everybody is read, and kept


class _Known(NamedTuple):
    """What totals are counted over: the trainees on the roll of the day; the others are `gone`."""

    trainees: Sequence[Row]
    ids: Sequence[str]
    gone: Sequence[str]
    model: Personnel


def _known(store: Store, programme: Programme, on: date) -> _Known:
    rows = store.read(_TRAINEES)
    ids = [row["person"] for row in rows]
    is_large = len(ids) > _ONE_BY_ONE
    model = personnel(store, programme) if is_large else of_people(store, ids, programme)
    on_roll = model.on(on).on_roll
    trainees = [row for row in rows if row["person"] in on_roll]
    gone = [id_ for id_ in ids if id_ not in on_roll]
    return _Known(trainees, [row["person"] for row in trainees], gone, model)


def _of_trainees(known: _Known, total: ReportTotal, on: date) -> list[Row]:
    """Return the rows behind a total of postings or of joining, by date."""
    rule, model = total.rule.parameters, known.model
    found: dict[str, str | None]
    if isinstance(rule, rules.Joined):
        found = {row["person"]: row["date"] for row in known.trainees}
    elif isinstance(rule, rules.Promoted):
        risen = first_promotions(model, rule, known.ids, on)
        found = {person: each.since for person, each in risen.items()}
    else:
        first = first_postings(model, rule, known.ids, on)
        found = {person: posting.since for person, posting in first.items()}
    rows = [
        {**row, "date": found[row["person"]], "item": None, "title": None}
        for row in known.trainees
        if row["person"] in found
    ]
    return sorted(rows, key=lambda row: (row["date"] is None, row["date"] or "", row["person"]))


def _values(total: ReportTotal, on: str) -> dict[str, Any]:
    """Return the parameters of a total's Cypher from those of its rule."""
    rule = total.rule.parameters
    first = rule.first_text(date.fromisoformat(on)) or None
    return {"on": on, "kinds": list(rule.kinds), "first": first}


def _count(store: Store, total: ReportTotal, known: _Known, on: date) -> int:
    """Count the rows behind a total without making them."""
    rule, model = total.rule.parameters, known.model
    if isinstance(rule, rules.Joined):
        return len(known.ids)
    if isinstance(rule, rules.Promoted):
        return count_promotions(model, rule, known.ids, on)
    if isinstance(rule, rules.Sent | rules.Held):
        return count_first_postings(model, rule, known.ids, on)
    return _attended(store, total, known, on.isoformat())


def _attended(store: Store, total: ReportTotal, known: _Known, on: str) -> int:
    """Count the attendances of everybody, less those of the few who are gone."""
    statement, values = _STATEMENTS[total.rule.name] + _NUMBER, _values(total, on)
    count = int(store.read(statement, **values)[0]["value"])
    if known.gone:
        statement = statement.replace(_OF_EVERYBODY, _OF_THOSE_GONE)
        count -= int(store.read(statement, gone=list(known.gone), **values)[0]["value"])
    return count


def _totals(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    return [{"key": key, "value": value} for key, value in _counted(store, values["on"])]


@per_version(4)
def _counted(store: Store, on: str) -> tuple[tuple[str, int], ...]:
    """Count every total of a day; the first page shows them at each opening."""
    programme, day = stored_programme(store), date.fromisoformat(on)
    known = _known(store, programme, day)
    return tuple((total.key, _count(store, total, known, day)) for total in programme.totals)


def _behind(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    programme = stored_programme(store)
    for total in programme.totals:
        if total.key == values["key"]:
            on = date.fromisoformat(values["on"])
            known = _known(store, programme, on)
            if total.rule.name in _STATEMENTS:
                statement = _STATEMENTS[total.rule.name] + _ROWS
                rows = store.read(statement, **_values(total, values["on"]))
                gone = set(known.gone)
                return [row for row in rows if row["person"] not in gone]
            return _of_trainees(known, total, on)
    raise NotFound(
        N_('The programme has no total "%(key)s".'),
        N_("It has %(known)s."),
        key=values["key"],
        known=", ".join(total.key for total in programme.totals) or "-",
    )


def _every_statement(tail: str) -> str:
    postings = FETCH["postings"].strip()
    model = f"// joined, sent, held, promoted\n{_TRAINEES};\n\n{postings}\nORDER BY person, since"
    pieces = (f"// {name}\n{text}{tail}" for name, text in _STATEMENTS.items())
    return ";\n\n".join([model, *pieces])


_ON = Parameter(
    "on", "日期，默认为项目的统计日", "day, the programme's own by default", "date", default=AS_OF
)
_COMPUTED = ("people", "kinds", "first")

QUERIES = (
    Query(
        "programme.totals",
        bilingual("项目总量", "Totals of the programme"),
        bilingual(
            "项目报告的各项总量，规则见项目文件，按文件中的顺序排列；只计当日在册{trainee}，"
            "调出、辞职等已离开的不计。",
            "The totals of the programme's report by the rules in its file, in the file's order; "
            "only of trainees who had joined by the day and have not left.",
        ),
        (_ON,),
        columns("key value"),
        _every_statement(_NUMBER),
        runner=_totals,
        computed=_COMPUTED,
    ),
    Query(
        "programme.total",
        bilingual("一项总量的明细", "The rows behind a total"),
        bilingual(
            "一项总量所计的人员或人次，按日期排列。",
            "The people, or attendances, that one total counts, by date.",
        ),
        (Parameter("key", "指标", "key of the total", required=True), _ON),
        columns("person name date item title"),
        _every_statement(_ROWS),
        runner=_behind,
        computed=_COMPUTED,
    ),
)
