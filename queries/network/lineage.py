"""Questions about who mentored whom, generation by generation.

No question enumerates paths: their number explodes where people have several mentors. Neo4j plans
`min(length(p))` over `*1..` as a breadth-first search if it starts from the one person; `LIMIT 1`
and a far end without a label leave it no other start (it took one in a graph just loaded). The
embedded engine would list the paths, and stops unbounded ones at ten steps, so there we go round
by round over the frontier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise

from graph.dates import precision
from graph.programme import Programme
from graph.store import Row, Store
from queries.columns import columns
from queries.dated import ANY_DAY, begun, ended
from queries.network import tie_block
from queries.people import PERSON, limit
from queries.query import NO_LIMIT, Parameter, Query, bilingual, with_depth
from queries.stored_programme import parsed_programme, stored_programme

KINDS = Parameter("kinds", "师徒类别", "kinds of mentoring, all by default", "list")
DEPTH = Parameter("depth", "最多代数", "generations at most", "integer", at_most=100_000)
A = Parameter("a", "甲的编号", "id of the first person", required=True, of="Person")
B = Parameter("b", "乙的编号", "id of the second person", required=True, of="Person")

DOWN, UP, BOTH = "-[{e}:MENTORS{length}]->", "<-[{e}:MENTORS{length}]-", "-[{e}:MENTORS{length}]-"
_MANY_PATHS = 200  # so many shortest paths are not compared one by one


_ROUND = "// Asked once for each round; $frontier holds the people of the round before.\n"


def _reached(arrow: str, column: str, limited: bool = False) -> tuple[str, str]:
    """Write who is reached and how far: as one statement, and as one round of a search."""
    whole = f"""\
MATCH (from:Person {{id: $person}})
WITH from
LIMIT 1
MATCH p = (from){arrow.format(e="", length="*1..$depth")}(x)
WHERE x.id <> $person
  AND all(e IN relationships(p) WHERE ($kinds IS NULL OR e.kind IN $kinds)
    AND {begun("e")})
RETURN x.id AS person, x.name AS name, min(length(p)) AS {column}
ORDER BY {column}, name, person{_LIMIT if limited else ""}"""
    one_round = f"""\
{_ROUND}MATCH (p:Person){arrow.format(e="e", length="")}(x:Person)
WHERE p.id IN $frontier AND ($kinds IS NULL OR e.kind IN $kinds)
  AND {begun("e")}
RETURN DISTINCT x.id AS person, x.name AS name
ORDER BY name, person"""
    return whole, one_round


_LIMIT = "\nLIMIT $limit"


def _walk(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return everybody reached with the smallest number of steps."""
    depth, column = values["depth"], query.columns[-1].name
    if store.engine != "embedded":
        told = {key: value for key, value in values.items() if key != "depth"}
        return store.read(with_depth(query.cypher, depth), **told)
    most = values["limit"]
    seen = {values["person"]}
    rows: list[Row] = []
    frontier, step = [values["person"]], 0
    while frontier and (depth is None or step < depth) and len(rows) < most:
        step += 1
        new = []
        asked = {"frontier": frontier, "kinds": values["kinds"], "on": values["on"]}
        for row in store.read(query.embedded, **asked):
            if row["person"] not in seen:
                seen.add(row["person"])
                new.append(row["person"])
                rows.append({"person": row["person"], "name": row["name"], column: step})
        frontier = new
    return rows[:most]


def _lineage(name: str, arrow: str, titles: tuple[str, str], told: tuple[str, str]) -> Query:
    whole, one_round = _reached(arrow, "generation", limited=True)
    return Query(
        name,
        bilingual(*titles),
        bilingual(*told),
        (PERSON, DEPTH, KINDS, ANY_DAY, Parameter("limit", "最多行数", "rows at most", "integer")),
        columns("person name generation"),
        whole,
        embedded=one_round,
        runner=_walk,
        computed=("frontier",),
    )


_down = _lineage(
    "lineage.down",
    DOWN,
    ("带出的{trainee}", "Descendants"),
    (
        "一人带教的{trainee}、{trainee}的{trainee}，直至最后一代；每人一次，取最小代数，按代、姓名排列。",
        "Trainees, their trainees and so on to the last; each person once, at the smallest "
        "generation, by generation and name.",
    ),
)
_up = _lineage(
    "lineage.up",
    UP,
    ("历代{mentor}", "Ancestors"),
    (
        "一人的{mentor}、{mentor}的{mentor}，直至最早一代；每人一次，取最小代数，按代、姓名排列。",
        "Mentors, their mentors and so on to the roots; each person once, at the smallest "
        "generation, by generation and name.",
    ),
)


_EVERYBODY = {"depth": None, "limit": NO_LIMIT}


def _common(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Search upwards twice and keep who is found both times, nearest first."""
    everybody = {**_EVERYBODY, "kinds": values["kinds"], "on": values["on"]}
    by_id_a, by_id_b = (
        {row["person"]: row for row in _walk(store, _up, {**everybody, "person": values[key]}, "")}
        for key in ("a", "b")
    )
    rows = [
        {
            "person": id_,
            "name": row["name"],
            "generation_a": row["generation"],
            "generation_b": by_id_b[id_]["generation"],
        }
        for id_, row in by_id_a.items()
        if id_ in by_id_b
    ]
    rows.sort(key=_nearness)
    return rows


def _nearness(row: Row) -> tuple[int, int, str, str]:
    a, b = row["generation_a"], row["generation_b"]
    return a + b, max(a, b), row["name"], row["person"]


def _reach(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    everybody = {**_EVERYBODY, "kinds": values["kinds"], "on": values["on"]}
    rows = _walk(store, _down, {**everybody, "person": values["person"]}, "")
    if not rows:
        return []
    return [
        {
            "trainees": sum(row["generation"] == 1 for row in rows),
            "descendants": len(rows),
            "generations": rows[-1]["generation"],
        }
    ]


# --- how two people are connected


def _between(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Find one shortest path: of several, the one whose ids come first in order."""
    a, b, kinds, on = values["a"], values["b"], values["kinds"], values["on"]
    if a == b:
        return []
    if store.engine != "embedded":
        (found,) = store.read(_BETWEEN, **values)
        if found["paths"] < _MANY_PATHS:
            rules = parsed_programme(found["rules"])
            return _steps(found["ids"] or [], found["ties"], kinds, rules, language)
    block = tie_block.of(store)
    if block:
        path = block.first_path(a, b, kinds, on)
    else:
        asked = {"kinds": kinds, "on": on}
        path = _first_path(lambda ids: store.read(query.embedded, frontier=ids, **asked), a, b)
    if not path:
        return []
    ties = store.read(_TIES_OF_PATH, people=path, on=on, ends=values["ends"])
    return _steps(path, ties, kinds, stored_programme(store), language)


def _first_path(neighbours: Callable[[list[str]], Iterable[Row]], a: str, b: str) -> list[str]:
    """Search from both ends, the smaller frontier first; give the first path in order of ids."""
    before: tuple[dict[str, set[str]], ...] = ({a: set()}, {b: set()})  # one step nearer to the end
    frontiers = [[a], [b]]
    while all(frontiers):
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        found: dict[str, set[str]] = {}
        for row in neighbours(frontiers[side]):
            if row["neighbour"] not in before[side]:
                found.setdefault(row["neighbour"], set()).add(row["person"])
        before[side].update(found)
        frontiers[side] = list(found)
        meeting = {id_ for id_ in found if id_ in before[1 - side]}
        if meeting:
            return _smallest(before, meeting)
    return []


def _smallest(before: tuple[dict[str, set[str]], ...], meeting: set[str]) -> list[str]:
    """Walk from the first end to the second over shortest paths, by the smallest id each time."""
    from_a, from_b = before
    onward: dict[str, set[str]] = {}
    waiting = set(meeting)
    while waiting:  # back to the first end, noting how to go on from each person
        nearer: set[str] = set()
        for id_ in waiting:
            for earlier in from_a[id_]:
                onward.setdefault(earlier, set()).add(id_)
                nearer.add(earlier)
        waiting = nearer
    (at,) = (id_ for id_, earlier in from_a.items() if not earlier)
    path = [at]
    while at not in meeting:
        at = min(onward[at])
        path.append(at)
    while from_b[at]:
        at = min(from_b[at])
        path.append(at)
    return path


def _steps(
    path: list[str],
    tie_rows: list[Row],
    kinds: list[str] | None,
    programme: Programme,
    language: str,
) -> list[Row]:
    ties: dict[tuple[str, str], Row] = {}
    for row in tie_rows:
        ends = (row["mentor"], row["trainee"])
        if kinds is None or row["kind"] in kinds:
            for pair in (ends, ends[::-1]):
                known = ties.get(pair)
                if known is None or _age(row) < _age(known):
                    ties[pair] = row
    names = {row[end]: row[f"{end}_name"] for row in tie_rows for end in ("mentor", "trainee")}
    rows = []
    for step, (one, other) in enumerate(pairwise(path), start=1):
        tie = ties[one, other]
        rows.append(
            {
                "step": step,
                "from": one,
                "to": other,
                "edge": "MENTORS",
                "kind": tie["kind"],
                "since": tie["since"],
                "until": tie["until"],
                "sentence": sentence(tie, names, programme, language),
            }
        )
    return rows


def _age(tie: Row) -> tuple[bool, str, str, str]:
    return tie["since"] is None, tie["since"] or "", tie["mentor"], tie["tie"] or ""


def sentence(tie: Row, names: dict[str, str], programme: Programme, language: str) -> str:
    """Return who mentored whom as what and when.

    >>> from graph.programme import EMPTY_PROGRAMME
    >>> tie = {"mentor": "m", "trainee": "t", "kind": None, "since": "2017-09", "until": None}
    >>> names = {"m": "王芳", "t": "李明"}
    >>> [sentence(tie, names, EMPTY_PROGRAMME, each) for each in ("zh_Hans", "en")]
    ['王芳自2017年9月起是李明的导师。', '王芳 has mentored 李明 since 2017-09.']
    """
    mentor, trainee = names[tie["mentor"]], names[tie["trainee"]]
    since, until = tie["since"], tie["until"]
    kind = programme.title("mentoring_kinds", tie["kind"], language)
    if language == "en":
        verb = "mentored" if until else "has mentored" if since else "mentors"
        parts = [mentor, verb, trainee]
        parts += [f"({kind})"] if kind else []
        parts += [f"from {since} to {until}"] if since and until else []
        parts += [f"since {since}"] if since and not until else []
        parts += [f"until {until}"] if until and not since else []
        return " ".join(parts) + "."
    period = f"自{_zh(since)}" if since else ""
    period += f"至{_zh(until)}" if until else "起" if since else ""
    return f"{mentor}{period}是{trainee}的导师{f'（{kind}）' if kind else ''}。"


@lru_cache(maxsize=4096)
def _zh(day: str) -> str:
    """Write a date as Chinese texts do, in its own precision."""
    year, month, of_month = (*day.split("-"), "", "")[:3]
    said = f"{year}年"
    if precision(day) != "year":
        said += f"{int(month)}月"
    return f"{said}{int(of_month)}日" if precision(day) == "day" else said


_TIES = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id IN $people AND t.id IN $people AND {begun("e")}
RETURN e.id AS tie, m.id AS mentor, t.id AS trainee, e.kind AS kind, e.since AS since,
  {ended("e")} AS until
ORDER BY mentor, trainee, since, tie
LIMIT $limit"""
_ALL_SHORTEST = f"""\
MATCH p = allShortestPaths((:Person {{id: $a}})-[:MENTORS*]-(:Person {{id: $b}}))
WHERE all(e IN relationships(p) WHERE ($kinds IS NULL OR e.kind IN $kinds)
  AND {begun("e")})
WITH [n IN nodes(p) | n.id] AS ids
LIMIT {_MANY_PATHS}"""
# The path and all that is told of it, in one journey to the server.
_BETWEEN = f"""\
CALL {{
{_ALL_SHORTEST}
RETURN ids
}}
WITH ids
ORDER BY ids
WITH collect(ids) AS found
WITH found[0] AS ids, size(found) AS paths
CALL (ids) {{
  MATCH (m:Person)-[e:MENTORS]->(t:Person)
  WHERE m.id IN ids AND t.id IN ids AND {begun("e")}
  RETURN collect({{tie: e.id, mentor: m.id, mentor_name: m.name, trainee: t.id,
    trainee_name: t.name, kind: e.kind, since: e.since,
    until: {ended("e")}}}) AS ties
}}
CALL () {{
  OPTIONAL MATCH (g:Programme)
  WITH g
  ORDER BY g.id
  LIMIT 1
  RETURN g.rules AS rules
}}
RETURN ids AS ids, paths AS paths, ties AS ties, rules AS rules"""
_TIES_OF_PATH = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id IN $people AND t.id IN $people AND {begun("e")}
RETURN e.id AS tie, m.id AS mentor, m.name AS mentor_name, t.id AS trainee,
  t.name AS trainee_name, e.kind AS kind, e.since AS since, {ended("e")} AS until"""
_PEOPLE = Parameter("people", "人员编号", "ids of people", "list", required=True)

QUERIES = (
    _down,
    _up,
    Query(
        "lineage.around",
        bilingual("周围的人", "Around a person"),
        bilingual(
            "沿师徒关系双向 depth 步以内的人；每人一次，取最少步数，按步数、姓名排列。",
            "Everybody within `depth` steps of mentoring in either direction; each person once, at "
            "the fewest steps, by distance and name.",
        ),
        (
            PERSON,
            Parameter("depth", "步数", "steps", "integer", default=1, at_most=1000),
            limit(200),
            KINDS,
            ANY_DAY,
        ),
        columns("person name distance"),
        _reached(BOTH, "distance", limited=True)[0],
        embedded=_reached(BOTH, "distance")[1],
        runner=_walk,
        computed=("frontier",),
    ),
    Query(
        "lineage.between",
        bilingual("两人之间", "Between two people"),
        bilingual(
            "两人之间沿师徒关系的一条最短路径，一步一行；有多条时取编号排在最前的；不连通则无行。",
            "One shortest path of mentoring between two people, a row a step; of several, the one "
            "whose ids come first in order; no row when there is none.",
        ),
        (A, B, KINDS, ANY_DAY),
        columns("step from to edge kind since until sentence"),
        f"{_ALL_SHORTEST}\nRETURN ids AS ids\nORDER BY ids",
        embedded=f"""\
{_ROUND}MATCH (p:Person)-[e:MENTORS]-(x:Person)
WHERE p.id IN $frontier AND ($kinds IS NULL OR e.kind IN $kinds)
  AND {begun("e")}
RETURN DISTINCT p.id AS person, x.id AS neighbour
ORDER BY neighbour, person""",
        runner=_between,
        computed=("frontier", "ends"),
    ),
    Query(
        "lineage.common_ancestors",
        bilingual("共同的先辈{mentor}", "Common ancestors"),
        bilingual(
            "两人共同的历代{mentor}及各自的代数，代数之和小的在前；本人不算自己的先辈。",
            "Who is an ancestor of both, with the generations to each, nearest first; nobody is an "
            "ancestor of themselves.",
        ),
        (A, B, KINDS, ANY_DAY, Parameter("limit", "最多行数", "rows at most", "integer")),
        columns("person name generation_a generation_b"),
        _reached(UP, "generation")[0].replace("$person", "$a").replace("$depth", ""),
        embedded=_reached(UP, "generation")[1],
        runner=_common,
        computed=("frontier",),
    ),
    Query(
        "lineage.reach",
        bilingual("影响范围", "Reach of a mentor"),
        bilingual(
            "直接{trainee}数、带出人数和代数；没有{trainee}则无行。",
            "How many trainees, descendants and generations; no row for who has none.",
        ),
        (PERSON, KINDS, ANY_DAY),
        columns("trainees descendants generations"),
        _reached(DOWN, "generation")[0].replace("$depth", ""),
        embedded=_reached(DOWN, "generation")[1],
        runner=_reach,
        computed=("frontier",),
    ),
    Query(
        "lineage.neighbours",
        bilingual("相邻的人", "Neighbours"),
        bilingual(
            "所给人员各自的{mentor}和{trainee}，可只看一个方向。",
            "The mentors and trainees of each of some people, or those of one direction.",
        ),
        (
            _PEOPLE,
            Parameter(
                "direction",
                "方向：both 双向、up {mentor}、down {trainee}",
                "both, up to mentors, or down to trainees",
                default="both",
                one_of=("both", "up", "down"),
            ),
            ANY_DAY,
            limit(1000),
        ),
        columns("person neighbour name"),
        f"""\
CALL {{
  MATCH (p:Person)-[e:MENTORS]->(x:Person)
  WHERE p.id IN $people AND $direction <> 'up' AND {begun("e")}
  RETURN p.id AS person, x.id AS neighbour, x.name AS name
  UNION
  MATCH (p:Person)<-[e:MENTORS]-(x:Person)
  WHERE p.id IN $people AND $direction <> 'down' AND {begun("e")}
  RETURN p.id AS person, x.id AS neighbour, x.name AS name
}}
RETURN person AS person, neighbour AS neighbour, name AS name
ORDER BY person, name, neighbour
LIMIT $limit""",
    ),
    Query(
        "lineage.ties",
        bilingual("若干人之间的师徒关系", "Ties among some people"),
        bilingual(
            "两端都在所给人员中的师徒关系。",
            "The ties of mentoring with both ends among some people.",
        ),
        (_PEOPLE, ANY_DAY, Parameter("limit", "最多行数", "rows at most", "integer")),
        columns("tie mentor trainee kind since until"),
        _TIES,
        computed=("ends",),
    ),
    Query(
        "lineage.degrees",
        bilingual("关系数", "Ties of some people"),
        bilingual(
            "所给人员各自的{mentor}关系数和{trainee}关系数。",
            "How many ties to mentors and to trainees each of some people has.",
        ),
        (_PEOPLE, ANY_DAY),
        columns("person mentors trainees"),
        f"""\
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person, size([(p)<-[e:MENTORS]-() WHERE {begun("e")} | 1]) AS mentors,
  size([(p)-[e:MENTORS]->() WHERE {begun("e")} | 1]) AS trainees
ORDER BY person""",
    ),
    Query(
        "lineage.hubs",
        bilingual("{trainee}最多的{mentor}", "{Mentors} of the most {trainees}"),
        bilingual(
            "带教{trainee}最多的人，多的在前。", "Who has mentored the most people, most first."
        ),
        (ANY_DAY, limit(10)),
        columns("person name trainees"),
        f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE {begun("e")}
WITH m, count(DISTINCT t) AS trainees
RETURN m.id AS person, m.name AS name, trainees AS trainees
ORDER BY trainees DESC, name, person
LIMIT $limit""",
    ),
)
