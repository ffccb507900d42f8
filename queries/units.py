"""Questions about units: their tree, their posts and the people there on a day."""

from __future__ import annotations

from graph.store import Row, Store
from queries.columns import columns
from queries.held import BEGUN, held_on
from queries.people import LIMIT, ON
from queries.query import Parameter, Query, bilingual

UNIT = Parameter("unit", "单位编号", "id of a unit", required=True, of="Unit")

_BELOW = """\
MATCH (:Unit {id: $unit})<-[:PART_OF*0..60]-(u:Unit)
WITH DISTINCT u"""
_HOLDERS = f"""\
{_BELOW}
MATCH (u)<-[:IN]-(post:Post)<-[e:ROTATED_TO]-(p:Person)
WHERE {BEGUN}"""


def _held(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return the rows of postings that are held on the day."""
    return held_on(store, store.read(query.cypher, **values), values["on"])


def _rostered(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return the rows of postings that are held on the day, with their ranks."""
    return held_on(store, store.read(query.cypher, **values), values["on"], ranked=True)


_MEETING = """\
MATCH (post:Post)
WHERE ($rank IS NULL OR post.rank = $rank) AND ($kind IS NULL OR post.kind = $kind)
  AND ($text IS NULL OR toLower(post.name) CONTAINS toLower($text)
    OR toLower(post.id) CONTAINS toLower($text))
  AND ($unit IS NULL OR EXISTS {
    MATCH (post)-[:IN]->(:Unit)-[:PART_OF*0..60]->(top:Unit)
    WHERE top.id = $unit
  })"""


def posts_meeting(store: Store, values: Row) -> dict[str, int | None]:
    """Return all posts that meet the filters of `posts.filled`, by id, with their capacity."""
    text = f"{_MEETING}\nRETURN post.id AS post, post.capacity AS capacity\nORDER BY post"
    asked = {name: values.get(name) for name in ("text", "unit", "rank", "kind")}
    posts, capacities = store.read_columns(text, ("post", "capacity"), **asked)
    return dict(zip(posts, capacities, strict=True))


def _filled(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return the posts with who holds them on the day, and one row for a post that is empty."""
    rows = store.read(query.cypher, **values)
    held = {row["rotation"] for row in held_on(store, rows, values["on"])}
    posts: dict[str, list[Row]] = {}
    for row in rows:
        posts.setdefault(row["post"], []).append(row)
    nobody = dict.fromkeys(("person", "name", "since", "marks"))
    return [
        row
        for of_post in posts.values()
        for row in [each for each in of_post if each["rotation"] in held]
        or [{**of_post[0], **nobody}]
    ]


QUERIES = (
    Query(
        "units.people",
        bilingual("单位人员", "People of a unit"),
        bilingual(
            "当日实际任职于该单位及其所有下级单位的人员，一岗一行，按姓名排列。",
            "Who actually holds a post in the unit or any unit below it on the day, a row a post, "
            "by name.",
        ),
        (UNIT, ON, LIMIT),
        columns("person name post since"),
        f"""\
{_HOLDERS}
RETURN p.id AS person, p.name AS name, post.id AS post, e.since AS since, e.id AS rotation
ORDER BY name, person, since, post, rotation""",
        runner=_held,
    ),
    Query(
        "units.roster",
        bilingual("单位花名册", "Roster of a unit"),
        bilingual(
            "同“单位人员”，另列岗位和单位名称、职级、类别。",
            "The people of a unit as above, with the names of posts and units, ranks and kinds.",
        ),
        (UNIT, ON, LIMIT),
        columns("person name post title unit unit_name rank kind since"),
        f"""\
{_HOLDERS}
RETURN p.id AS person, p.name AS name, post.id AS post, post.name AS title, u.id AS unit,
  u.name AS unit_name, coalesce(e.rank, post.rank) AS rank, e.kind AS kind, e.since AS since,
  e.id AS rotation
ORDER BY name, person, since, post, rotation""",
        runner=_rostered,
    ),
    Query(
        "units.posts",
        bilingual("单位岗位", "Posts of a unit"),
        bilingual(
            "该单位自身的岗位和当日任职人员，一人一行；空岗也占一行。主持工作者在列，岗位仍为空缺。",
            "The unit's own posts with their holders on the day, a row a holder; one row for a "
            "post that is empty. Who is acting is listed; the post is still vacant.",
        ),
        (UNIT, ON),
        columns("post title rank kind capacity person name since marks"),
        f"""\
MATCH (:Unit {{id: $unit}})<-[:IN]-(post:Post)
OPTIONAL MATCH (post)<-[e:ROTATED_TO]-(p:Person)
WHERE {BEGUN}
RETURN post.id AS post, post.name AS title, post.rank AS rank, post.kind AS kind,
  post.capacity AS capacity, p.id AS person, p.name AS name, e.since AS since, e.marks AS marks,
  e.id AS rotation
ORDER BY post, since, person, rotation""",
        runner=_filled,
    ),
    Query(
        "posts.filled",
        bilingual("岗位与任职人员", "Posts and who holds them"),
        bilingual(
            "岗位、单位、编制和当日任职人员，一人一行；空岗也占一行；limit 为最多岗位数。",
            "Posts with unit, capacity and holders on the day, a row a holder; one row for a post "
            "that is empty; `limit` counts posts.",
        ),
        (
            Parameter("text", "岗位名称或编号的一部分", "part of the title or id"),
            Parameter("unit", "单位编号，含下级", "id of a unit, with all below", of="Unit"),
            Parameter("rank", "职级", "rank"),
            Parameter("kind", "岗位类别", "kind of post"),
            ON,
            LIMIT,
        ),
        columns("post title unit unit_name rank kind capacity person name since marks"),
        f"""\
{_MEETING}
WITH post ORDER BY post.id LIMIT $limit
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
OPTIONAL MATCH (post)<-[e:ROTATED_TO]-(p:Person)
WHERE {BEGUN}
RETURN post.id AS post, post.name AS title, u.id AS unit, u.name AS unit_name, post.rank AS rank,
  post.kind AS kind, post.capacity AS capacity, p.id AS person, p.name AS name, e.since AS since,
  e.marks AS marks, e.id AS rotation
ORDER BY post, since, person, rotation""",
        runner=_filled,
    ),
    Query(
        "units.profile",
        bilingual("单位信息", "A unit's particulars"),
        bilingual("一个单位的基本信息。", "What is on file about one unit."),
        (UNIT,),
        columns("id:Unit name/thing kind part_of above"),
        """\
MATCH (u:Unit {id: $unit})
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS id, u.name AS name, u.kind AS kind, above.id AS part_of, above.name AS above
ORDER BY id""",
    ),
    Query(
        "units.tree",
        bilingual("单位层级", "Tree of units"),
        bilingual(
            "所有单位及其上级单位和自身岗位数，按编号排列。",
            "All units with the unit above and the number of their own posts, by id.",
        ),
        (),
        columns("unit name/thing kind part_of posts"),
        """\
MATCH (u:Unit)
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS unit, u.name AS name, u.kind AS kind, above.id AS part_of,
  COUNT { (u)<-[:IN]-(:Post) } AS posts
ORDER BY unit""",
    ),
    Query(
        "units.children",
        bilingual("下级单位", "Units below"),
        bilingual("直接下级单位，按编号排列。", "The units directly below, by id."),
        (UNIT,),
        columns("unit name/thing kind"),
        """\
MATCH (:Unit {id: $unit})<-[:PART_OF]-(u:Unit)
RETURN u.id AS unit, u.name AS name, u.kind AS kind
ORDER BY unit""",
    ),
    Query(
        "units.path",
        bilingual("单位路径", "Path of a unit"),
        bilingual(
            "从最上级单位到该单位，step 为距该单位的层数。",
            "The units from the top down to this one; `step` counts the levels above it.",
        ),
        (UNIT,),
        columns("step unit name/thing kind"),
        """\
MATCH path = (:Unit {id: $unit})-[:PART_OF*0..60]->(u:Unit)
RETURN length(path) AS step, u.id AS unit, u.name AS name, u.kind AS kind
ORDER BY step DESC, unit""",
    ),
)
