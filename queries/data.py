"""Questions about all that is stored: counts, and a search over people, units and posts."""

from __future__ import annotations

from graph.schema import PROGRAMME, TABLES, Table
from graph.store import Row, Store
from queries import people
from queries.columns import columns
from queries.query import Parameter, Query, bilingual


def _pattern(table: Table) -> str:
    """Write what the rows of a table are; a withdrawn one counts nowhere."""
    if table.edge:
        return f"()-[:{table.edge}]->()"
    kept = " WHERE n.withdrawn_on IS NULL" if table.has_withdrawn_rows else ""
    return f"(n:{table.label}){kept}"


_COUNTS = "\n  UNION ALL\n".join(
    f"  RETURN '{name}' AS key, COUNT {{ {pattern} }} AS value, {place} AS place"
    for place, (name, pattern) in enumerate(
        [*((table.name, _pattern(table)) for table in TABLES), ("programmes", f"(:{PROGRAMME})")]
    )
)


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
            "每张表在库中的行数，不含已撤回的记录，按数据集的表序排列。",
            "How many rows of each table are stored, without withdrawn records, in the order of "
            "the data set.",
        ),
        (),
        columns("key value"),
        f"""\
CALL {{
{_COUNTS}
}}
RETURN key AS key, value AS value
ORDER BY place""",
    ),
)
