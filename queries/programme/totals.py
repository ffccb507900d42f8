"""Questions about the stored programme: its day, and the totals of its report.

A total is a rule with parameters (`graph/rules.py`); each rule is one piece of Cypher here that
gives the rows behind the figure. The figure is their number.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from graph.errors import N_, NotFound
from graph.programme import EMPTY_PROGRAMME, Programme, ReportTotal, day_of, parse_programme
from graph.schema import PROGRAMME
from graph.store import Reader, Row, Store
from queries.columns import columns
from queries.query import AS_OF, Parameter, Query, bilingual

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


def as_of(store: Store) -> date:
    """Return the day that questions are asked for: the programme's own, or today."""
    return day_of(stored_programme(store), date.today())


# Of the trainees `p`: each piece ends with the rows behind a total, as person `p`, the `date` of
# what counts, and the `item` (post or activity) where there is exactly one.
_ACTUAL = "coalesce(e.status, 'actual') <> 'planned' AND e.since <= $on"
_STATEMENTS = {
    "joined": """\
MATCH (p:Trainee)
WHERE p.joined_on IS NULL OR p.joined_on <= $on
WITH p, p.joined_on AS date, null AS item""",
    "sent": f"""\
MATCH (p:Trainee)-[e:ROTATED_TO]->(post:Post)-[:IN]->(u:Unit)
WHERE {_ACTUAL} AND e.kind IN $kinds AND ($first IS NULL OR e.since >= $first)
  AND ($unit_kinds IS NULL OR u.kind IN $unit_kinds)
WITH p, min(e.since) AS date, null AS item""",
    "held": f"""\
MATCH (p:Trainee)-[e:ROTATED_TO]->(post:Post)
WHERE {_ACTUAL} AND post.kind IN $post_kinds AND ($first IS NULL OR e.since >= $first)
WITH p, min(e.since) AS date, null AS item""",
    "took_part": """\
MATCH (p:Trainee)-[:TOOK_PART_IN]->(a:Activity)
WHERE a.kind IN $kinds AND a.held_on <= $on AND ($first IS NULL OR a.held_on >= $first)
WITH p, min(a.held_on) AS date, null AS item""",
    "attendances": """\
MATCH (p:Trainee)-[:TOOK_PART_IN]->(a:Activity)
WHERE a.kind IN $kinds AND a.held_on <= $on AND ($first IS NULL OR a.held_on >= $first)
WITH DISTINCT p, a.held_on AS date, a AS item""",
    "promoted": f"""\
MATCH (p:Trainee)-[e:ROTATED_TO]->(post:Post)
WHERE {_ACTUAL} AND coalesce(e.rank, post.rank) IN $ranks
WITH p, min(e.since) AS date
WHERE $first IS NULL OR date >= $first
MATCH (p)-[e:ROTATED_TO]->(post:Post)
WHERE {_ACTUAL} AND e.since < date AND coalesce(e.rank, post.rank) IN $lower
WITH DISTINCT p, date, null AS item""",
}
_ROWS = """
RETURN p.id AS person, p.name AS name, date AS date, item.id AS item, item.name AS title
ORDER BY date, person, item"""
_NUMBER = "\nRETURN count(p) AS value\nORDER BY value"


def _values(programme: Programme, total: ReportTotal, on: str) -> dict[str, Any]:
    """Return the parameters of a total's Cypher from those of its rule."""
    rule = total.rule.parameters
    values: dict[str, Any] = {"on": on}
    for name in ("kinds", "unit_kinds", "post_kinds"):
        if hasattr(rule, name):
            values[name] = list(getattr(rule, name)) or None
    if hasattr(rule, "first_day"):
        values["first"] = _lower_bound(rule.first_day(date.fromisoformat(on)))
    if hasattr(rule, "to"):
        place = programme.rank_index(rule.to)
        index = {
            term.key: programme.rank_index(term.key) for term in programme.terms("ranks_and_grades")
        }
        values["ranks"] = [key for key, at in index.items() if at == place and at is not None]
        values["lower"] = [
            key for key, at in index.items() if at is not None and place is not None and at < place
        ]
    return values


def _lower_bound(day: str | None) -> str | None:
    """Shorten a first day so that a month or a year that begins on it is not before it.

    >>> _lower_bound("2021-07-01"), _lower_bound("2021-01-01"), _lower_bound("2021-07-02")
    ('2021-07', '2021', '2021-07-02')
    """
    return day.removesuffix("-01").removesuffix("-01") if day else day


def _totals(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    programme = stored_programme(store)
    rows = []
    for total in programme.totals:
        statement = _STATEMENTS[total.rule.name] + _NUMBER
        (row,) = store.read(statement, **_values(programme, total, values["on"]))
        rows.append({"key": total.key, "value": row["value"]})
    return rows


def _behind(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    programme = stored_programme(store)
    for total in programme.totals:
        if total.key == values["key"]:
            statement = _STATEMENTS[total.rule.name] + _ROWS
            return store.read(statement, **_values(programme, total, values["on"]))
    raise NotFound(
        N_('The programme has no total "%(key)s".'),
        N_("It has %(known)s."),
        key=values["key"],
        known=", ".join(total.key for total in programme.totals) or "-",
    )


def _every_statement(tail: str) -> str:
    return ";\n\n".join(f"// {name}\n{text}{tail}" for name, text in _STATEMENTS.items())


_ON = Parameter(
    "on", "日期，默认为项目的统计日", "day, the programme's own by default", "date", default=AS_OF
)
_COMPUTED = ("kinds", "unit_kinds", "post_kinds", "first", "ranks", "lower")

QUERIES = (
    Query(
        "programme.totals",
        bilingual("项目总量", "Totals of the programme"),
        bilingual(
            "项目报告的各项总量，规则见项目文件，按文件中的顺序排列。",
            "The totals of the programme's report by the rules in its file, in the file's order.",
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
