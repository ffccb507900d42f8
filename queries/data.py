"""Questions about all that is stored: counts, and a search over people, units and posts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from graph import tables
from graph.cache import per_version
from graph.schema import PROGRAMME, TABLES, Table
from graph.store import Row, Store
from queries import people
from queries.columns import columns
from queries.dated import ANY_DAY
from queries.personnel.on_file import not_yet_by
from queries.query import LAST, Parameter, Query, bilingual


def _pattern(table: Table) -> str:
    """Write what the rows of a table are; a withdrawn one counts nowhere."""
    if table.edge:
        return f"()-[:{table.edge}]->()"
    kept = " WHERE n.withdrawn_on IS NULL" if table.has_withdrawn_rows else ""
    return f"(n:{table.label}){kept}"


# A question each: a number of all edges of a type, or all nodes of a label, either engine keeps.
_COUNTS = {
    name: f"MATCH {pattern}\nRETURN count(*) AS value\nORDER BY value"
    for name, pattern in [
        *((table.name, _pattern(table)) for table in TABLES),
        ("programmes", f"(n:{PROGRAMME})"),
    ]
}


def _all(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Put people first, then units, then posts."""
    text = values["text"]
    if not text:
        return []
    found = people.QUERIES[0]
    assert found.name == "people.search" and found.runner
    rows = [
        {"label": "Person", "id": row["id"], "name": row["name"], "detail": None}
        for row in found.runner(store, found, values, language)
    ]
    if len(rows) < values["limit"]:
        rows += store.read(query.cypher, text=text, limit=values["limit"] - len(rows))
    return rows


def _begun_rows() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each table whose rows carry a day: the facts among them, and the day."""
    for each in TABLES:
        heading = tables.begin(each)
        if heading:
            kept = " WHERE n.withdrawn_on IS NULL" if each.has_withdrawn_rows else ""
            if each.edge == "ROTATED_TO":
                kept = " WHERE coalesce(n.status, 'actual') <> 'planned'"
            yield each.name, (tables.pattern(each) + kept, f"n.`{heading}`")
    yield "attendance", ("()-[:TOOK_PART_IN]->(n:Activity)", "n.held_on")


_BEGINS = dict(_begun_rows())
# Rows that carry no date count with the people whom they are about.
_UNDATED = {
    "people": "MATCH (p:Person) RETURN p.id AS one, p.id AS other",
    "wishes": "MATCH (p:Person)-[:WISHES_FOR]->() RETURN p.id AS one, p.id AS other",
    "kin": "MATCH (p:Person)-[:KIN_OF]->(q:Person) RETURN p.id AS one, q.id AS other",
}
_BY_DAY = """
MATCH {rows}
RETURN coalesce({begin}, '') AS day, count(*) AS rows
ORDER BY day
"""


def _counted(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Count the rows that had begun by an earlier day; from today on all that are stored."""
    rows: list[Row] = [{"key": name, "value": n} for name, n in _stored(store).items()]
    if values["ends"] == LAST:
        return rows
    begun = {name: _begun(store, name, values["on"]) for name in _BEGINS}
    hidden = not_yet_by(store, values["on"])
    for name in _UNDATED:
        begun[name] = sum(hidden.isdisjoint(each) for each in _people_of(store, name))
    return [{**row, "value": begun.get(row["key"], row["value"])} for row in rows]


@per_version(1)
def _stored(store: Store) -> dict[str, int]:
    """Count the rows of each table; the first page shows them at each opening."""
    return {name: int(store.read(each)[0]["value"]) for name, each in _COUNTS.items()}


def _begun(store: Store, name: str, on: str) -> int:
    days, totals = _begins(store, name)
    at = bisect_right(days, on)
    return totals[at - 1] if at else 0


@per_version(len(_UNDATED))
def _people_of(store: Store, name: str) -> list[tuple[str, str]]:
    return list(zip(*store.read_columns(_UNDATED[name], ("one", "other")), strict=True))


@per_version(len(_BEGINS))
def _begins(store: Store, name: str) -> tuple[list[str], list[int]]:
    """Return the begins of the rows of a table in order, and how many had begun by each."""
    rows, begin = _BEGINS[name]
    days, counts = store.read_columns(_BY_DAY.format(rows=rows, begin=begin), ("day", "rows"))
    return list(days), list(accumulate(counts))


QUERIES = (
    Query(
        "search.all",
        bilingual("查找人员、单位和岗位", "Find people, units and posts"),
        bilingual(
            "先人员（同“查找人员”），再名称或编号包含所给文字的单位，再岗位；岗位注明单位。",
            "People first, as people.search finds them, then the units and then the posts whose "
            "name or id contains the text; a post with its unit.",
        ),
        (
            Parameter("text", "姓名、名称或编号", "name or id", required=True, folded=True),
            people.limit(20),
            ANY_DAY,
        ),
        columns("label id name/thing detail"),
        """\
CALL {
  MATCH (u:Unit)
  WHERE toLower(u.name) CONTAINS $text OR toLower(u.id) CONTAINS $text
  OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
  RETURN 'Unit' AS label, u.id AS id, u.name AS name, above.name AS detail, 0 AS place
  UNION ALL
  MATCH (post:Post)
  WHERE toLower(post.name) CONTAINS $text OR toLower(post.id) CONTAINS $text
  OPTIONAL MATCH (post)-[:IN]->(u:Unit)
  RETURN 'Post' AS label, post.id AS id, post.name AS name, u.name AS detail, 1 AS place
}
RETURN label AS label, id AS id, name AS name, detail AS detail
ORDER BY place, CASE WHEN toLower(name) = $text OR toLower(id) = $text THEN 0
  WHEN toLower(name) STARTS WITH $text THEN 1 ELSE 2 END, name, id
LIMIT $limit""",
        runner=_all,
    ),
    Query(
        "data.counts",
        bilingual("数据总量", "What is stored"),
        bilingual(
            "每张表在库中的行数，不含已撤回的记录，按数据集的表序排列；往日只计当日已开始的。",
            "How many rows of each table are stored, without withdrawn records, in the order of "
            "the data set; on an earlier day those that had begun.",
        ),
        (ANY_DAY,),
        columns("key value"),
        ";\n\n".join(f"// {name}\n{each}" for name, each in _COUNTS.items()),
        runner=_counted,
        computed=("ends",),
    ),
)
