"""A district small enough to work out every answer by hand.

Units:    d 石峰区 > t 河东镇 > v 柳村, d > o 区委办
Mentors:  g > m > a > c,  g > k > a,  m > b        (a has two mentors: a diamond below g)
Alone:    x, whose name would be a script on a careless page
"""

from collections.abc import Iterable
from typing import Any

from graph.names import search_fields
from graph.schema import PROGRAMME
from graph.store import Store
from graph.upsert import add_label, edge_type, upsert_edges, upsert_nodes

SCRIPT = "<script>alert(1)</script>"

UNITS = [
    ("d", "石峰区", "district", None),
    ("t", "河东镇", "township", "d"),
    ("v", "柳村", "village", "t"),
    ("o", "区委办", "department", "d"),
]
POSTS = [
    # id, title, unit, rank, kind
    ("v1", "村书记助理", "v", "科员", "grassroots"),
    ("t1", "镇党委副书记", "t", "副科", "key"),
    ("o1", "副主任", "o", "正科", "unit_head"),
    ("o2", "科员", "o", "科员", "staff"),
]
PEOPLE = [
    # id, name, roles, cohort
    ("g", "曾国安", "Mentor", None),
    ("k", "王方", "Mentor", None),
    ("m", "王芳", "Mentor Trainee", 2010),
    ("a", "李明", "Mentor Trainee", 2017),
    ("b", "李敏", "Trainee", 2018),
    ("c", "𠮷田", "Trainee", 2020),
    ("x", SCRIPT, "", None),
]
MENTORING = [
    # id, mentor, trainee, kind, since, until
    ("m1", "g", "m", "township", "2010", "2012"),
    ("m2", "g", "k", None, None, None),
    ("m3", "m", "a", "village", "2017-09", "2019-09"),
    ("m4", "k", "a", "township", "2017-09-16", None),
    ("m5", "m", "b", "village", "2018-07", None),
    ("m6", "a", "c", "peer", "2020-08", None),
]
ROTATIONS = [
    # id, person, post, kind, since, until, status, rank
    ("r1", "a", "o2", "appointment", "2017-08", "2017-10", None, None),
    ("r2", "a", "v1", "grassroots", "2017-10", "2019-10", "actual", None),
    ("r3", "a", "t1", "key_post", "2019-10", None, "actual", None),
    ("r4", "a", "o1", "rotation", "2024-09", None, "planned", None),
    ("r5", "b", "v1", "grassroots", "2019-10-08", "2021-10-08", "actual", "副科"),
    ("r6", "m", "o1", "appointment", "2015", None, "actual", None),
    ("r8", "c", "o2", "rotation", "2024-01", None, "planned", None),
    ("r7", "k", "t1", "appointment", None, "2019", "actual", None),
]
ACTIVITIES = [
    ("c1", "入职第一课", "course", "2017-08-20"),
    ("c2", "网格日", "platform", "2024-06-30"),
]
ATTENDANCE = [("a", "c1"), ("b", "c1"), ("b", "c2"), ("g", "c1")]
WISHES = [("a", "o1", "Post", 1, None), ("a", "t", "Unit", 2, "yes")]
KIN = [("a", "b", "姐弟")]
RECORDS = [
    # id, person, kind, on, withdrawn_on
    ("n1", "a", "talk", "2018-01-10", None),
    ("n2", "a", "report", None, None),
    ("n3", "a", "talk", "2018-02-10", "2018-02-11"),
]

PROGRAMME_TEXT = """
id: small
name: {zh: 小计划, en: Small}
as_of: 2024-06-30
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy section}
  - {key: 正科, zh: 正科, en: section}
mentoring_kinds:
  - {key: township, zh: 乡镇导师, en: township mentor}
  - {key: village, zh: 村级导师, en: village mentor}
  - {key: peer, zh: 同伴导师, en: peer mentor}
totals:
  - key: trainees
    zh: 学员
    en: Trainees
    sentence: {zh: 学员人数。, en: Trainees.}
    rule: {joined: {}}
  - key: villages
    zh: 下村
    en: To villages
    sentence: {zh: 下村人数。, en: To villages.}
    rule: {sent: {kinds: [grassroots], unit_kinds: [village], since: 2017-10-01}}
  - key: heads
    zh: 主要负责人
    en: Heads
    sentence: {zh: 任主要负责人人数。, en: Heads.}
    rule: {held: {post_kinds: [unit_head]}}
  - key: courses
    zh: 培训人次
    en: Attendances
    sentence: {zh: 培训人次。, en: Attendances.}
    rule: {attendances: {kinds: [course, platform]}}
  - key: platform
    zh: 平台
    en: Platform
    sentence: {zh: 平台人数。, en: Platform.}
    rule: {took_part: {kinds: [platform], months: 1}}
  - key: raised
    zh: 提副科
    en: Raised
    sentence: {zh: 提任副科人数。, en: Raised.}
    rule: {promoted: {to: 副科, months: 60}}
"""


def fill(store: Store) -> Store:
    """Store the small district."""
    upsert_nodes(store, PROGRAMME, [_node("small", name="小计划", rules=PROGRAMME_TEXT)])
    upsert_nodes(store, "Unit", [_node(id_, name=name, kind=kind) for id_, name, kind, _ in UNITS])
    put_edges(store, "PART_OF", [(unit, above) for unit, _, _, above in UNITS if above])
    upsert_nodes(
        store,
        "Post",
        [_node(id_, name=name, rank=rank, kind=kind) for id_, name, _, rank, kind in POSTS],
    )
    put_edges(store, "IN", [(post, unit) for post, _, unit, _, _ in POSTS])
    put_people(store, [(id_, name) for id_, name, _, _ in PEOPLE])
    for label in ("Trainee", "Mentor"):
        add_label(store, "Person", label, [id_ for id_, _, roles, _ in PEOPLE if label in roles])
    upsert_nodes(
        store, "Person", [_node(id_, cohort=cohort) for id_, _, _, cohort in PEOPLE if cohort]
    )
    put_mentoring(store, MENTORING)
    leave = {"name": "leave", "kind": "leave", "since": "2018-03", "until": "2018-05"}
    upsert_nodes(store, "Service", [_node("s1", **leave)])
    grade = {"name": "一级主任科员", "grade": "一级主任科员", "since": "2017"}
    upsert_nodes(store, "Grade", [_node("g1", **grade)])
    put_edges(store, "HAS_SERVICE", [("k", "s1")])
    put_edges(store, "HAS_GRADE", [("k", "g1")])
    upsert_edges(
        store,
        edge_type("ROTATED_TO"),
        [
            {
                "id": id_,
                "source": person,
                "target": post,
                "props": {
                    "kind": kind, "since": since, "until": until, "status": status, "rank": rank
                },
            }
            for id_, person, post, kind, since, until, status, rank in ROTATIONS
        ],
    )  # fmt: skip
    upsert_nodes(
        store,
        "Activity",
        [_node(id_, name=name, kind=kind, held_on=on) for id_, name, kind, on in ACTIVITIES],
    )
    put_edges(store, "TOOK_PART_IN", ATTENDANCE)
    upsert_nodes(
        store,
        "Record",
        [
            _node(id_, name=kind, kind=kind, on=on, withdrawn_on=withdrawn)
            for id_, _, kind, on, withdrawn in RECORDS
        ],
    )
    put_edges(store, "HAS_RECORD", [(person, id_) for id_, person, *_ in RECORDS])
    for person, target, label, wish, avoid in WISHES:
        row: dict[str, Any] = {"id": f"{person}-{target}", "source": person, "target": target}
        row["props"] = {"rank_of_wish": wish, "avoid": avoid}
        upsert_edges(store, edge_type("WISHES_FOR", label), [row])
    rows: list[dict[str, Any]] = [
        {"id": f"{one}-{other}", "source": one, "target": other, "props": {"relation": relation}}
        for one, other, relation in KIN
    ]
    upsert_edges(store, edge_type("KIN_OF"), rows)
    return store


def put_people(store: Store, people: Iterable[tuple[str, str]]) -> None:
    """Store people with what a search looks into."""
    rows = [_node(id_, name=name, **search_fields(id_, name)) for id_, name in people]
    upsert_nodes(store, "Person", rows)


def put_mentoring(store: Store, ties: Iterable[tuple[Any, ...]]) -> None:
    """Store ties of (id, mentor, trainee[, kind, since, until]) between stored people."""
    rows: list[dict[str, Any]] = []
    for id_, mentor, trainee, *rest in ties:
        props = dict(zip(("kind", "since", "until"), rest, strict=False))
        rows.append({"id": id_, "source": mentor, "target": trainee, "props": props})
    upsert_edges(store, edge_type("MENTORS"), rows)


def put_edges(store: Store, type_: str, ends: Iterable[tuple[str, str]]) -> None:
    """Store edges that are known by their ends."""
    rows: list[dict[str, Any]] = [
        {"id": None, "source": one, "target": other, "props": {}} for one, other in ends
    ]
    upsert_edges(store, edge_type(type_), rows, identified=False)


def put_tree(store: Store, ties: Iterable[tuple[str, str]]) -> None:
    """Store people called after their ids and the mentoring between them."""
    ties = list(ties)
    put_people(store, [(id_, id_) for id_ in sorted({end for tie in ties for end in tie})])
    put_mentoring(store, [(f"{mentor}>{trainee}", mentor, trainee) for mentor, trainee in ties])


def _node(id_: str, **props: Any) -> dict[str, Any]:
    return {"id": id_, "props": props}
