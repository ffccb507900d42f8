"""Questions about posts held: by a person, in a post, and around a post."""

from __future__ import annotations

from queries.columns import columns
from queries.people import LIMIT, PERSON
from queries.query import Parameter, Query, bilingual

POST = Parameter("post", "岗位编号", "id of a post", required=True, of="Post")
_ACTUAL = "coalesce({e}.status, 'actual') <> 'planned'"

# A move: one posting and the one that began just before it, with none of the person's between.
_MOVE = f"""\
  WHERE {_ACTUAL.format(e="e")} AND {_ACTUAL.format(e="f")} AND other.id <> $post
    AND {{first}}.since < {{second}}.since
    AND NOT EXISTS {{{{
      MATCH (p)-[g:ROTATED_TO]->(:Post)
      WHERE {_ACTUAL.format(e="g")} AND g.since > {{first}}.since AND g.since < {{second}}.since
    }}}}"""
_BEFORE = _MOVE.format(first="f", second="e")
_AFTER = _MOVE.format(first="e", second="f")

QUERIES = (
    Query(
        "careers.timeline",
        bilingual("任职经历", "Career"),
        bilingual(
            "一人任过和拟任的岗位，按开始日期排列；职级以任职为准，未注明的取岗位职级。",
            "The posts a person held and is planned to hold, by the day they began; the rank is "
            "that of the posting, else of the post.",
        ),
        (PERSON,),
        columns("post title unit rank kind since until status"),
        """\
MATCH (:Person {id: $person})-[e:ROTATED_TO]->(post:Post)
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS post, post.name AS title, u.id AS unit, coalesce(e.rank, post.rank) AS rank,
  e.kind AS kind, e.since AS since, e.until AS until, coalesce(e.status, 'actual') AS status
ORDER BY since, e.id""",
    ),
    Query(
        "posts.holders",
        bilingual("历任", "Holders of a post"),
        bilingual(
            "实际任过一个岗位的人员，按开始日期排列。",
            "Who actually held a post, by the day it began.",
        ),
        (POST,),
        columns("person name since until kind"),
        f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(:Post {{id: $post}})
WHERE {_ACTUAL.format(e="e")}
RETURN p.id AS person, p.name AS name, e.since AS since, e.until AS until, e.kind AS kind
ORDER BY since, person, e.id""",
    ),
    Query(
        "posts.moves",
        bilingual("从哪来、到哪去", "Before and after a post"),
        bilingual(
            "任过一个岗位的人员此前和此后紧接着任的岗位及人数，人数多的在前。",
            "The posts that holders held just before and just after, with the number of people, "
            "most people first.",
        ),
        (POST,),
        columns("direction post title unit unit_name people"),
        f"""\
CALL {{
  MATCH (:Post {{id: $post}})<-[e:ROTATED_TO]-(p:Person)-[f:ROTATED_TO]->(other:Post)
{_BEFORE}
  RETURN 'before' AS direction, other, p
  UNION ALL
  MATCH (:Post {{id: $post}})<-[e:ROTATED_TO]-(p:Person)-[f:ROTATED_TO]->(other:Post)
{_AFTER}
  RETURN 'after' AS direction, other, p
}}
WITH direction, other, count(DISTINCT p) AS people
OPTIONAL MATCH (other)-[:IN]->(u:Unit)
RETURN direction AS direction, other.id AS post, other.name AS title, u.id AS unit,
  u.name AS unit_name, people AS people
ORDER BY direction DESC, people DESC, post""",
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
