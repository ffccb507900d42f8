"""Questions about people: finding them, and everything on one person's file."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections import Counter
from datetime import date

from graph.names import fold, syllables
from graph.store import Row, Store
from queries import directory
from queries.columns import columns
from queries.dated import ANY_DAY, PLANNED, begun, ended, known_cohort, posted, shown_ends
from queries.personnel import of_people
from queries.personnel.on_file import first_fitting, not_yet_among, not_yet_by
from queries.query import AS_OF, LAST, Parameter, Query, bilingual
from queries.scope import IN, chosen

ROLES = "[label IN ['Trainee', 'Mentor'] WHERE label IN labels(p) | toLower(label)]"
PERSON = Parameter("person", "人员编号", "id of a person", required=True, of="Person")
ON = Parameter(
    "on", "日期，默认为项目的统计日", "day, the programme's own by default", "date", default=AS_OF
)
LIMIT = Parameter("limit", "最多行数", "rows at most", "integer")


def limit(default: int) -> Parameter:
    """Return the parameter `limit` with a default."""
    return Parameter("limit", "最多行数", "rows at most", "integer", default=default)


def _search(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    if not values["text"]:
        return []
    hidden = not_yet_by(store, values["on"])
    known = directory.of(store)
    if known is None:  # a small graph, another engine, or the data have just changed
        return first_fitting(
            lambda most: store.read(query.cypher, **{**values, "limit": most}),
            values["limit"],
            lambda row: row["id"] not in hidden,
        )
    ids = first_fitting(
        lambda most: known.find(values["text"], most),
        values["limit"],
        lambda id_: id_ not in hidden,
    )
    by_id = {row["id"]: row for row in store.read(_BY_IDS, ids=ids)}
    return [by_id[id_] for id_ in ids if id_ in by_id]


_BY_IDS = f"""
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p.id AS id, p.name AS name, {ROLES} AS roles
ORDER BY id
"""


_CHUNK = 1_000  # people asked about in one question


def _listed(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return the people of a page with their statuses as known on the day."""
    rows, ends = _page(store, query, values), shown_ends(store, values["on"])
    if ends == LAST or not rows:
        return rows
    day = of_people(store, [row["id"] for row in rows]).on(date.fromisoformat(values["on"]))
    return [{**row, "status": day.status(row["id"], row["status"], ends)} for row in rows]


def _page(store: Store, query: Query, values: Row) -> list[Row]:
    """Return the people of a page; those of a unit or a scope are found by what they hold."""
    ids = chosen(store, values)
    if ids is None:
        hidden = not_yet_by(store, values["on"])
        if not hidden:
            return store.read(query.cypher, within=None, **values)
        (fitting,) = store.read_columns(_FITTING, ("id",), within=None, **_asked(values))
        shown = sorted(id_ for id_ in fitting if id_ not in hidden)
        begin = bisect_right(shown, values["after"] or "")
        return store.read(_OF_IDS, ids=shown[begin : begin + values["limit"]])
    ids = ids[bisect_right(ids, values["after"] or "") :]
    rows: list[Row] = []
    for at in range(0, len(ids), _CHUNK):
        rows += store.read(query.cypher, within=ids[at : at + _CHUNK], **values)
        if len(rows) >= values["limit"]:
            break
    return rows[: values["limit"]]


def _asked(values: Row) -> Row:
    return {key: values[key] for key in ("text", "cohort", "role")}


def _counted(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Count the people; those of a unit or a scope are found by what they hold."""
    people = chosen(store, values)
    if people is None:
        hidden = not_yet_by(store, values["on"])
        if not hidden:
            return store.read(query.cypher, within=None, **values)
        asked = _asked(values)
        if not any(asked.values()):
            everybody = store.read(query.cypher, within=None, **values)[0]["people"]
            return [{"people": everybody - len(hidden)}]
        (ids,) = store.read_columns(_FITTING, ("id",), within=None, **asked)
        return [{"people": sum(id_ not in hidden for id_ in ids)}]
    parts = [people[at : at + _CHUNK] for at in range(0, len(people), _CHUNK)]
    counts = [store.read(query.cypher, within=part, **values)[0]["people"] for part in parts]
    return [{"people": sum(counts)}]


def _cohorts(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Count the people of each cohort; who is not on file yet on the day counts in none."""
    hidden = not_yet_by(store, values["on"])
    rows = store.read(query.cypher)
    if not hidden:
        return rows
    people: Counter[int] = Counter({row["cohort"]: row["people"] for row in rows})
    ids, years = store.read_columns(_IN_COHORTS, ("id", "cohort"))
    people.subtract(year for id_, year in zip(ids, years, strict=True) if id_ in hidden)
    return [{**row, "people": people[row["cohort"]]} for row in rows if people[row["cohort"]]]


_IN_COHORTS = "MATCH (p:Person)\nWHERE p.cohort IS NOT NULL\nRETURN p.id AS id, p.cohort AS cohort"


def _kin(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return the relatives; the relation carries no date, but who is not on file yet is none."""
    rows = store.read(query.cypher, person=values["person"])
    hidden = not_yet_among(store, [row["relative"] for row in rows], values["on"])
    return [row for row in rows if row["relative"] not in hidden]


def _carded(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Return a row a post that people hold, the main one first, and one for who holds none."""
    on = date.fromisoformat(values["on"])
    day = of_people(store, values["people"]).on(on)
    keys = ("post", "title", "unit", "unit_name", "rank", "since", "how")
    ends = shown_ends(store, values["on"])
    rows = store.read(query.cypher, **values)
    return [
        {
            **row,
            "status": day.status(row["id"], row["status"], ends),
            "cohort": known_cohort(row["cohort"], ends),
            **{key: held[key] for key in keys},
        }
        for row in rows
        for held in day.holds(row["id"]) or [dict.fromkeys(keys)]
    ]


def _nearest(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    """Rank the people whose pinyin begins alike by likeness of pinyin, then of the name."""
    parts = syllables(values["text"])
    if not parts:
        return []
    pinyin = "".join(parts)
    heads = sorted({parts[0][:2], pinyin[:2], parts[0]})
    found: dict[str, Row] = {}
    hidden = not_yet_by(store, values["on"])
    for head in heads:
        for row in store.read(query.cypher, head=head, after=head + "\U0010ffff", most=_CANDIDATES):
            if row["id"] not in hidden:
                found[row["id"]] = row

    def likeness(row: Row) -> float:
        by_sound = difflib.SequenceMatcher(None, pinyin, row["pinyin"]).ratio()
        by_sign = difflib.SequenceMatcher(None, values["text"], fold(row["name"])).ratio()
        return round(by_sound + by_sign / 2, 6)

    alike = [(likeness(row), row) for row in found.values()]
    alike = [(score, row) for score, row in alike if score >= _ALIKE]
    alike.sort(key=lambda pair: (-pair[0], pair[1]["name"], pair[1]["id"]))
    return [row for _, row in alike[: values["limit"]]]


_CANDIDATES = 2000
_ALIKE = 0.6

# Who is meant by the filters of the list; every one may be left out.
_FILTERED = """\
MATCH (p:Person)
WHERE ($cohort IS NULL OR p.cohort = $cohort)
  AND ($role IS NULL OR ($role = 'trainee' AND 'Trainee' IN labels(p))
    OR ($role = 'mentor' AND 'Mentor' IN labels(p)))
  AND ($text IS NULL OR p.search CONTAINS $text)
  AND ($within IS NULL OR p.id IN $within)"""
_FITTING = f"{_FILTERED}\nRETURN p.id AS id"
_ROW = f"p.id AS id, p.name AS name, {ROLES} AS roles, p.cohort AS cohort, p.status AS status"
_OF_IDS = f"MATCH (p:Person)\nWHERE p.id IN $ids\nRETURN {_ROW}\nORDER BY id"
_FILTERS = (
    Parameter(
        "text",
        "姓名、拼音、首字母或编号的一部分",
        "part of name, pinyin, initials or id",
        folded=True,
    ),
    Parameter("cohort", "届", "year selected", "integer", at_most=9999),
    Parameter("role", "身份", "role", one_of=("trainee", "mentor")),
    Parameter("unit", "单位编号，含下级", "id of a unit, with all below", of="Unit"),
    IN,
    ON,
)

QUERIES = (
    Query(
        "people.search",
        bilingual("查找人员", "Find people"),
        bilingual(
            "按姓名、拼音、首字母和编号查找：先完全相同，再开头相同，后包含；每类按姓名、编号排列。",
            "By name, pinyin, initials and id: exact first, then beginnings, then parts; "
            "each class by name and id.",
        ),
        (
            Parameter(
                "text",
                "姓名、拼音、首字母或编号",
                "name, pinyin, initials or id",
                required=True,
                folded=True,
            ),
            limit(20),
            ANY_DAY,
        ),
        columns("id:Person name roles"),
        f"""\
MATCH (p:Person)
WHERE p.search CONTAINS $text
WITH p, CASE WHEN p.search CONTAINS '\\n' + $text + '\\n' THEN 0
  WHEN p.search CONTAINS '\\n' + $text THEN 1 ELSE 2 END AS class
ORDER BY class, p.name, p.id
LIMIT $limit
RETURN p.id AS id, p.name AS name, {ROLES} AS roles
ORDER BY class, name, id""",
        runner=_search,
    ),
    Query(
        "people.nearest",
        bilingual("相近的姓名", "Nearest names"),
        bilingual(
            "读音开头相同的人员中，与所给姓名最相近的，最相近的在前。",
            "Of the people whose pinyin begins alike, those most like a name, most alike first.",
        ),
        (
            Parameter("text", "姓名", "name", required=True, folded=True),
            ANY_DAY,
            limit(5),
        ),
        columns("id:Person name roles"),
        f"""\
MATCH (p:Person)
WHERE p.pinyin >= $head AND p.pinyin < $after
RETURN p.id AS id, p.name AS name, {ROLES} AS roles, p.pinyin AS pinyin
ORDER BY pinyin, id
LIMIT $most""",
        runner=_nearest,
        computed=("head", "after", "most"),
    ),
    Query(
        "people.list",
        bilingual("人员名单", "List of people"),
        bilingual(
            "符合条件的人员，按编号排列；after 为上一页最后的编号。",
            "People who meet the conditions, by id; `after` is the last id of the page before.",
        ),
        (
            *_FILTERS,
            Parameter("after", "上一页最后的编号", "last id of the page before"),
            limit(100),
        ),
        columns("id:Person name roles cohort status"),
        f"""\
{_FILTERED}
  AND ($after IS NULL OR p.id > $after)
WITH p ORDER BY p.id LIMIT $limit
RETURN {_ROW}
ORDER BY id""",
        runner=_listed,
        computed=("within",),
    ),
    Query(
        "people.count",
        bilingual("人数", "Number of people"),
        bilingual("符合条件的人数。", "How many people meet the conditions."),
        _FILTERS,
        columns("people"),
        f"{_FILTERED}\nRETURN count(p) AS people\nORDER BY people",
        runner=_counted,
        computed=("within",),
    ),
    Query(
        "people.cohorts",
        bilingual("各届人数", "Cohorts"),
        bilingual("每届的人数。", "How many people each cohort has."),
        (ANY_DAY,),
        columns("cohort people"),
        """\
MATCH (p:Person)
WHERE p.cohort IS NOT NULL
RETURN p.cohort AS cohort, count(p) AS people
ORDER BY cohort""",
        runner=_cohorts,
    ),
    Query(
        "people.cards",
        bilingual("人员卡片", "Cards of people"),
        bilingual(
            "每人当日所任岗位，一岗一行，主要职务在前"
            "（how：main 主要、also 兼任、meanwhile 期间挂职）；不在岗的也占一行。"
            "{mentor}、{trainee}只计当日以前开始的结对，按人计，不按结对次数计。",
            "What each person holds on the day, a row a post, the main one first (main, also, "
            "meanwhile); one row for who holds none. Mentors and trainees of pairs that had begun "
            "by the day are counted as people, however often a pair was tied.",
        ),
        (
            Parameter("people", "人员编号", "ids of people", "list", required=True),
            ON,
        ),
        columns(
            "id:Person name roles cohort status post title unit unit_name rank since how mentors "
            "trainees"
        ),
        f"""\
MATCH (p:Person)
WHERE p.id IN $people
OPTIONAL MATCH (p)<-[above:MENTORS]-(m:Person)
WHERE above.since IS NULL OR above.since <= $on
WITH p, count(DISTINCT m) AS mentors
OPTIONAL MATCH (p)-[below:MENTORS]->(t:Person)
WHERE below.since IS NULL OR below.since <= $on
WITH p, mentors, count(DISTINCT t) AS trainees
RETURN p.id AS id, p.name AS name, {ROLES} AS roles, p.cohort AS cohort, p.status AS status,
  mentors AS mentors, trainees AS trainees
ORDER BY id""",
        runner=_carded,
    ),
    Query(
        "people.profile",
        bilingual("人员信息", "A person's particulars"),
        bilingual("一人的基本信息。", "What is on file about one person."),
        (PERSON,),
        columns(
            "id:Person name roles cohort joined_on born_on native_place education specialties "
            "status mentor_capacity"
        ),
        f"""\
MATCH (p:Person {{id: $person}})
RETURN p.id AS id, p.name AS name, {ROLES} AS roles, p.cohort AS cohort,
  p.joined_on AS joined_on, p.born_on AS born_on, p.native_place AS native_place,
  p.education AS education, p.specialties AS specialties, p.status AS status,
  p.mentor_capacity AS mentor_capacity
ORDER BY id""",
    ),
    Query(
        "people.mentors",
        bilingual("{mentor}", "{Mentors}"),
        bilingual("一人的{mentor}，按开始日期排列。", "Who mentors a person, by the day it began."),
        (PERSON, ANY_DAY, LIMIT),
        columns("mentor name kind since until"),
        f"""\
MATCH (m:Person)-[e:MENTORS]->(:Person {{id: $person}})
WHERE {begun("e")}
RETURN m.id AS mentor, m.name AS name, e.kind AS kind, e.since AS since, {ended("e")} AS until
ORDER BY since, mentor, kind, e.id
LIMIT $limit""",
        computed=("ends",),
    ),
    Query(
        "people.trainees",
        bilingual("{trainee}", "{Trainees}"),
        bilingual(
            "一人带教的{trainee}，按开始日期排列。", "Whom a person mentors, by the day it began."
        ),
        (PERSON, ANY_DAY, LIMIT),
        columns("trainee name kind since until"),
        f"""\
MATCH (:Person {{id: $person}})-[e:MENTORS]->(t:Person)
WHERE {begun("e")}
RETURN t.id AS trainee, t.name AS name, e.kind AS kind, e.since AS since, {ended("e")} AS until
ORDER BY since, trainee, kind, e.id
LIMIT $limit""",
        computed=("ends",),
    ),
    Query(
        "people.postings",
        bilingual("任职与轮岗", "Postings"),
        bilingual(
            "一人的全部任职，含单位名称，按开始日期排列。",
            "All postings of a person with the names of the units, by the day they began.",
        ),
        (PERSON, ANY_DAY, PLANNED),
        columns("rotation post title unit unit_name rank kind since until status"),
        f"""\
MATCH (:Person {{id: $person}})-[e:ROTATED_TO]->(post:Post)
WHERE {posted("e")}
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN e.id AS rotation, post.id AS post, post.name AS title, u.id AS unit, u.name AS unit_name,
  coalesce(e.rank, post.rank) AS rank, e.kind AS kind, e.since AS since, {ended("e")} AS until,
  coalesce(e.status, 'actual') AS status
ORDER BY since, rotation""",
        computed=("ends",),
    ),
    Query(
        "people.activities",
        bilingual("参加的活动", "Activities"),
        bilingual(
            "一人参加的培训、交流和实践，按日期排列。", "What a person took part in, by date."
        ),
        (PERSON, ANY_DAY),
        columns("activity title kind held_on until place organiser role result"),
        f"""\
MATCH (:Person {{id: $person}})-[e:TOOK_PART_IN]->(a:Activity)
WHERE {begun("a", "held_on")}
RETURN a.id AS activity, a.name AS title, a.kind AS kind, a.held_on AS held_on,
  a.until AS until, a.place AS place, a.organiser AS organiser, e.role AS role,
  e.result AS result
ORDER BY held_on, activity""",
    ),
    Query(
        "people.records",
        bilingual("成长记录", "Growth file"),
        bilingual(
            "一人成长档案中未撤回的记录，按日期排列。",
            "The entries of a person's growth file that are not withdrawn, by date.",
        ),
        (PERSON, ANY_DAY),
        columns("record kind on level result summary given_by place topic"),
        f"""\
MATCH (:Person {{id: $person}})-[:HAS_RECORD]->(r:Record)
WHERE r.withdrawn_on IS NULL AND {begun("r", "on")}
RETURN r.id AS record, r.kind AS kind, r.on AS `on`, r.level AS level, r.result AS result,
  r.summary AS summary, r.given_by AS given_by, r.place AS place, r.topic AS topic
ORDER BY r.on, record""",
    ),
    Query(
        "people.service",
        bilingual("在职情况", "Service"),
        bilingual(
            "一人入职、休假、调出、辞职、退休等带日期的在职情况，按开始日期排列。",
            "The dated facts of a person's service (joined, on leave, transferred out, resigned, "
            "retired and so on), by the day they began.",
        ),
        (PERSON, ANY_DAY),
        columns("id kind since until destination document note"),
        f"""\
MATCH (:Person {{id: $person}})-[:HAS_SERVICE]->(s:Service)
WHERE {begun("s")}
RETURN s.id AS id, s.kind AS kind, s.since AS since, {ended("s")} AS until,
  s.destination AS destination, s.document AS document, s.note AS note
ORDER BY s.since, id""",
        computed=("ends",),
    ),
    Query(
        "people.grades",
        bilingual("职级", "Grades"),
        bilingual(
            "一人各次职级晋升，按开始日期排列。职级不是职务层次。",
            "The grades of a person, by the day they began. A grade is no rank.",
        ),
        (PERSON, ANY_DAY),
        columns("id grade since document"),
        f"""\
MATCH (:Person {{id: $person}})-[:HAS_GRADE]->(g:Grade)
WHERE {begun("g")}
RETURN g.id AS id, g.grade AS grade, g.since AS since, g.document AS document
ORDER BY g.since, id""",
    ),
    Query(
        "people.wishes",
        bilingual("志愿", "Wishes"),
        bilingual(
            "一人希望或回避的岗位和单位，按志愿序排列。",
            "The posts and units a person wishes for or avoids, by rank of wish.",
        ),
        (PERSON,),
        columns("rank_of_wish post unit title avoid"),
        """\
MATCH (:Person {id: $person})-[e:WISHES_FOR]->(n)
RETURN e.rank_of_wish AS rank_of_wish, CASE WHEN 'Post' IN labels(n) THEN n.id END AS post,
  CASE WHEN 'Unit' IN labels(n) THEN n.id END AS unit, n.name AS title, e.avoid AS avoid
ORDER BY rank_of_wish, n.id""",
    ),
    Query(
        "people.kin",
        bilingual("亲属", "Kin"),
        bilingual("档案中登记的亲属。", "The relatives that are on file."),
        (PERSON, ANY_DAY),
        columns("relative name relation"),
        """\
MATCH (:Person {id: $person})-[e:KIN_OF]-(k:Person)
RETURN k.id AS relative, k.name AS name, e.relation AS relation
ORDER BY relative, relation""",
        runner=_kin,
    ),
)
