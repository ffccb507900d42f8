"""Questions about the totals of the programme's report: the figures, and the rows behind one.

A total is a rule with parameters (`graph/rules.py`), counted by `report.py` from the facts of the
day, as the pages have them.
"""

from __future__ import annotations

from datetime import date

from graph.store import Row, Store
from queries.columns import columns
from queries.programme import report
from queries.programme.on_day import facts_on
from queries.programme.reading import READS
from queries.query import AS_OF, Parameter, Query, bilingual


def _totals(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    facts = facts_on(store, date.fromisoformat(values["on"]))
    return [{"key": each.key, "value": each.value} for each in report.totals(facts)]


def _behind(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    facts = facts_on(store, date.fromisoformat(values["on"]))
    total = report.total(facts, values["key"])
    rows = []
    for row in total.rows:
        title = facts.programme.title("record_kinds", row.record, language) or None
        activity = facts.activities[row.activity] if row.activity else None
        rows.append(
            {
                "person": row.person,
                "name": facts.name(row.person),
                "date": row.on,
                "item": activity.id if activity else None,
                "title": activity.name if activity else title,
            }
        )
    return rows


_CYPHER = ";\n\n".join(
    f"// {name}\n{READS[name].strip()}"
    for name in ("people", "postings", "attendance", "records", "activities")
)
_ON = Parameter(
    "on", "日期，默认为项目的统计日", "day, the programme's own by default", "date", default=AS_OF
)
_COMPUTED = ("people", "day", "mark", "end")

QUERIES = (
    Query(
        "programme.totals",
        bilingual("项目总量", "Totals of the programme"),
        bilingual(
            "项目报告的各项总量，规则见项目文件，按文件中的顺序排列；只计当日在册{trainee}，"
            "调出、辞职等已离开的不计。",
            "The totals of the programme's report by the rules in its file, in the file's order; "
            "only of {trainees} who had joined by the day and have not left.",
        ),
        (_ON,),
        columns("key value"),
        _CYPHER,
        runner=_totals,
        computed=_COMPUTED,
    ),
    Query(
        "programme.total",
        bilingual("一项总量的明细", "The rows behind a total"),
        bilingual(
            "一项总量所计的人员、人次或记录，按日期排列。",
            "The people, attendances or records that one total counts, by date.",
        ),
        (Parameter("key", "指标", "key of the total", required=True), _ON),
        columns("person name date item title"),
        _CYPHER,
        runner=_behind,
        computed=_COMPUTED,
    ),
)
