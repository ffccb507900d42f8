"""Questions about posts held: by a person, in a post, and around a post."""

from __future__ import annotations

from datetime import date

from graph.store import Row, Store
from queries.columns import columns
from queries.dated import ANY_DAY, PLANNED, ended, posted
from queries.people import BEGUN, LIMIT, PERSON
from queries.personnel import of_people
from queries.query import LAST, Parameter, Query, bilingual

POST = Parameter("post", "岗位编号", "id of a post", required=True, of="Post")


def _moves(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Count the moves of all holders to and from the post, by the post at the other end."""
    rows = store.read(query.cypher, **values)
    day = date.max if values["on"] == LAST else date.fromisoformat(values["on"])
    people = sorted({row["person"] for row in rows})
    if not people:
        return []
    model = of_people(store, people)
    at: dict[tuple[str, str], set[str]] = {}
    for person in people:
        for move in model.moves(day, person):
            ends = move["from_post"], move["to_post"]
            if move["from_post"] is None or move["how"] != "move" or values["post"] not in ends:
                continue
            way, other = ("before", ends[0]) if ends[1] == values["post"] else ("after", ends[1])
            at.setdefault((way, other), set()).add(person)
    found = [
        {"direction": way, **model.columns.post_row(other), "people": len(who)}
        for (way, other), who in at.items()
    ]
    found.sort(key=lambda row: (row["direction"] == "after", -row["people"], row["post"]))
    return found


QUERIES = (
    Query(
        "careers.timeline",
        bilingual("任职经历", "Career"),
        bilingual(
            "一人任过和拟任的岗位，按开始日期排列；职级以任职为准，未注明的取岗位职级。",
            "The posts a person held and is planned to hold, by the day they began; the rank is "
            "that of the posting, else of the post.",
        ),
        (PERSON, ANY_DAY, PLANNED),
        columns("post title unit rank kind since until status"),
        f"""\
MATCH (:Person {{id: $person}})-[e:ROTATED_TO]->(post:Post)
WHERE {posted("e")}
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS post, post.name AS title, u.id AS unit, coalesce(e.rank, post.rank) AS rank,
  e.kind AS kind, e.since AS since, {ended("e")} AS until,
  coalesce(e.status, 'actual') AS status
ORDER BY since, e.id""",
        computed=("ends",),
    ),
    Query(
        "posts.holders",
        bilingual("历任", "Holders of a post"),
        bilingual(
            "实际任过一个岗位的人员，按开始日期排列。",
            "Who actually held a post, by the day it began.",
        ),
        (POST, ANY_DAY),
        columns("person name since until kind"),
        f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(:Post {{id: $post}})
WHERE {BEGUN}
RETURN p.id AS person, p.name AS name, e.since AS since, {ended("e")} AS until, e.kind AS kind
ORDER BY since, person, e.id""",
        computed=("ends",),
    ),
    Query(
        "posts.moves",
        bilingual("从哪来、到哪去", "Before and after a post"),
        bilingual(
            "任过一个岗位的人员从哪些主要职务来、到哪些主要职务去及人数，人数多的在前；"
            "期间挂职、兼任不算。",
            "From which main posts holders came and to which they went, with the number of people, "
            "most people first. What ran beside does not count.",
        ),
        (POST, ANY_DAY),
        columns("direction post title unit unit_name people"),
        f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(:Post {{id: $post}})
WHERE {BEGUN}
RETURN DISTINCT p.id AS person
ORDER BY person""",
        runner=_moves,
    ),
    Query(
        "posts.profile",
        bilingual("岗位信息", "A post's particulars"),
        bilingual("一个岗位的基本信息。", "What is on file about one post."),
        (POST,),
        columns("id:Post title unit unit_name rank kind capacity demands hardship"),
        """\
MATCH (post:Post {id: $post})
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS id, post.name AS title, u.id AS unit, u.name AS unit_name, post.rank AS rank,
  post.kind AS kind, post.capacity AS capacity, post.demands AS demands, post.hardship AS hardship
ORDER BY id""",
    ),
    Query(
        "posts.list",
        bilingual("岗位名单", "List of posts"),
        bilingual(
            "岗位及其单位，可按单位（含下级）和类别筛选，按编号排列。",
            "Posts with their units, of one unit (with all below) or kind if given, by id.",
        ),
        (
            Parameter("unit", "单位编号，含下级", "id of a unit, with all below", of="Unit"),
            Parameter("kind", "岗位类别", "kind of post"),
            LIMIT,
        ),
        columns("post title unit unit_name rank kind capacity hardship"),
        """\
MATCH (post:Post)-[:IN]->(u:Unit)
WHERE ($kind IS NULL OR post.kind = $kind)
  AND ($unit IS NULL OR EXISTS {
    MATCH (u)-[:PART_OF*0..60]->(top:Unit)
    WHERE top.id = $unit
  })
RETURN post.id AS post, post.name AS title, u.id AS unit, u.name AS unit_name, post.rank AS rank,
  post.kind AS kind, post.capacity AS capacity, post.hardship AS hardship
ORDER BY post
LIMIT $limit""",
    ),
)
