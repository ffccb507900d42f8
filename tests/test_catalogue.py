"""Every question of the catalogue: same rows, same order, both engines, worked out by hand.

The district is that of `tests/small_graph.py`; its programme's day is 2024-06-30.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph.errors import NotFound, UsageError
from graph.own_words import in_words
from graph.programme import EMPTY_PROGRAMME
from graph.store import Store
from queries.catalogue import QUERIES, ask, page
from queries.query import Query
from tests.small_graph import SCRIPT

CONTRACT = {
    # name: (parameters, columns), as outsiders rely on them
    "people.search": ("text limit", "id name roles"),
    "lineage.down": ("person depth kinds", "person name generation"),
    "lineage.up": ("person depth kinds", "person name generation"),
    "lineage.around": ("person depth limit", "person name distance"),
    "lineage.between": ("a b kinds", "step from to edge kind since until sentence"),
    "lineage.common_ancestors": ("a b", "person name generation_a generation_b"),
    "careers.timeline": ("person", "post title unit rank kind since until status"),
    "posts.holders": ("post", "person name since until kind"),
    "units.people": ("unit on", "person name post since"),
    "people.state": (
        "person on",
        "in_service since main_post also_holds meanwhile_at rank grade",
    ),
    "careers.moves": ("person on", "person day from_post to_post gap_days how"),
    "programme.totals": ("on", "key value"),
}

# name -> [(parameters, rows in order)]
CASES: dict[str, list[tuple[dict[str, Any], list[tuple[Any, ...]]]]] = {
    "people.search": [
        # exact initials "lm" before nothing else; name order 李敏 (U+654F) < 李明 (U+660E)
        ({"text": "李"}, [("b", "李敏", ["trainee"]), ("a", "李明", ["trainee", "mentor"])]),
        ({"text": "WangFang"}, [("k", "王方", ["mentor"]), ("m", "王芳", ["trainee", "mentor"])]),
        ({"text": "wf", "limit": 1}, [("k", "王方", ["mentor"])]),
        ({"text": "zeng guo"}, [("g", "曾国安", ["mentor"])]),
        # the id "a" is exact; everybody else only has an a somewhere, 李明 and 李敏 have none
        ({"text": "A", "limit": 2}, [("a", "李明", ["trainee", "mentor"]), ("x", SCRIPT, [])]),
        ({"text": "𠮷"}, [("c", "𠮷田", ["trainee"])]),
        ({"text": "<script>"}, [("x", SCRIPT, [])]),
        ({"text": "nobody"}, []),
    ],
    "people.nearest": [
        ({"text": "李民"}, [("b", "李敏", ["trainee"]), ("a", "李明", ["trainee", "mentor"])]),
        ({"text": "欧"}, []),
    ],
    "people.list": [
        ({"role": "mentor", "cohort": 2017}, [("a", "李明", ["trainee", "mentor"], 2017, None)]),
        ({"unit": "o"}, [("m", "王芳", ["trainee", "mentor"], 2010, None)]),
        ({"in": "mentor:g", "on": "2011"}, [
            ("k", "王方", ["mentor"], None, None), ("m", "王芳", ["trainee", "mentor"], 2010, None),
        ]),
        ({"after": "g", "limit": 1}, [("k", "王方", ["mentor"], None, None)]),
        ({"text": "Li", "role": "trainee"}, [
            ("a", "李明", ["trainee", "mentor"], 2017, None),
            ("b", "李敏", ["trainee"], 2018, None),
        ]),
    ],
    "people.count": [({}, [(7,)]), ({"role": "trainee"}, [(4,)]), ({"unit": "d"}, [(2,)]),
                     ({"unit": "d", "in": "cohort:2017"}, [(1,)])],
    "people.cohorts": [({}, [(2010, 1), (2017, 1), (2018, 1), (2020, 1)])],
    "people.cards": [
        ({"people": "c;a"}, [
            ("a", "李明", ["trainee", "mentor"], 2017, None, "t1", "镇党委副书记", "t", "河东镇",
             "副科", "2019-10", "main", 2, 1),
            ("c", "𠮷田", ["trainee"], 2020, None, None, None, None, None, None, None, None, 1, 0),
        ]),
    ],
    "people.profile": [
        ({"person": "b"}, [("b", "李敏", ["trainee"], 2018, *[None] * 7)]),
    ],
    "people.mentors": [
        ({"person": "a"}, [
            ("m", "王芳", "village", "2017-09", "2019-09"),
            ("k", "王方", "township", "2017-09-16", None),
        ]),
        ({"person": "g"}, []),
    ],
    "people.trainees": [
        # an unknown beginning comes last
        ({"person": "g"}, [
            ("m", "王芳", "township", "2010", "2012"), ("k", "王方", None, None, None),
        ]),
        ({"person": "m", "limit": "1"}, [("a", "李明", "village", "2017-09", "2019-09")]),
    ],
    "people.postings": [
        ({"person": "b"}, [
            ("r5", "v1", "村书记助理", "v", "柳村", "副科", "grassroots", "2019-10-08",
             "2021-10-08", "actual"),
        ]),
    ],
    "people.activities": [
        ({"person": "b"}, [
            ("c1", "入职第一课", "course", "2017-08-20", None, None, None, None, None),
            ("c2", "网格日", "platform", "2024-06-30", None, None, None, None, None),
        ]),
    ],
    "people.records": [
        ({"person": "a"}, [
            ("n1", "talk", "2018-01-10", None, None, None, None, None, None),
            ("n2", "report", None, None, None, None, None, None, None),
        ]),
    ],
    "people.service": [({"person": "k"}, [("s1", "leave", "2018-03", "2018-05", None, None, None)]),
        ({"person": "a"}, [])],
    "people.grades": [({"person": "k"}, [("g1", "一级主任科员", "2017", None)])],
    "people.wishes": [({"person": "a"}, [(1, "o1", None, "副主任", None),
        (2, None, "t", "河东镇", "yes")])],
    "people.kin": [({"person": "b"}, [("a", "李明", "姐弟")]),
        ({"person": "a"}, [("b", "李敏", "姐弟")])],
    "people.state": [
        ({"person": "a"}, [("yes", "2017-08-01", "t1", [], [], "副科", None)]),
        ({"person": "a", "on": "2017-07-31"}, [("no", None, None, [], [], None, None)]),
        # b's last post ended on 2021-10-08 and the rank with it, three months later
        ({"person": "b", "on": "2022-01-07"}, [
            ("awaiting", "2021-10-08", None, [], [], "副科", None),
        ]),
        ({"person": "b", "on": "2022-01-08"}, [
            ("not_known", "2021-10-08", None, [], [], None, None),
        ]),
        # only planned; took part in nothing, guided since 2020-08
        ({"person": "c"}, [("not_known", "2020-08-01", None, [], [], None, None)]),
        ({"person": "x"}, [("not_known", None, None, [], [], None, None)]),
    ],
    "careers.moves": [
        ({"person": "a"}, [
            ("a", "2017-08-01", None, "o2", None, "move"),
            ("a", "2017-10-01", "o2", "v1", 0, "move"),
            ("a", "2019-10-01", "v1", "t1", 0, "move"),
        ]),
        ({"person": "a", "on": "2017-10-01"}, [
            ("a", "2017-08-01", None, "o2", None, "move"),
            ("a", "2017-10-01", "o2", "v1", 0, "move"),
        ]),
        ({"person": "x"}, []),
    ],
    "lineage.down": [
        ({"person": "g"}, [
            ("k", "王方", 1), ("m", "王芳", 1), ("b", "李敏", 2), ("a", "李明", 2),
            ("c", "𠮷田", 3),
        ]),
        ({"person": "g", "depth": "1"}, [("k", "王方", 1), ("m", "王芳", 1)]),
        ({"person": "m", "kinds": "village"}, [("b", "李敏", 1), ("a", "李明", 1)]),
        ({"person": "g", "kinds": "township,village"}, [
            ("m", "王芳", 1), ("b", "李敏", 2), ("a", "李明", 2),
        ]),
        ({"person": "g", "limit": 3}, [("k", "王方", 1), ("m", "王芳", 1), ("b", "李敏", 2)]),
        ({"person": "x"}, []),
    ],
    "lineage.up": [
        ({"person": "c"}, [("a", "李明", 1), ("k", "王方", 2), ("m", "王芳", 2),
            ("g", "曾国安", 3)]),
        ({"person": "c", "depth": 1}, [("a", "李明", 1)]),
        ({"person": "c", "kinds": "peer;village"}, [("a", "李明", 1), ("m", "王芳", 2)]),
    ],
    "lineage.around": [
        ({"person": "m"}, [("g", "曾国安", 1), ("b", "李敏", 1), ("a", "李明", 1)]),
        # two steps: k over g (or a), c over a
        ({"person": "m", "depth": 2}, [
            ("g", "曾国安", 1), ("b", "李敏", 1), ("a", "李明", 1), ("k", "王方", 2),
            ("c", "𠮷田", 2),
        ]),
        ({"person": "m", "depth": 2, "limit": 2}, [("g", "曾国安", 1), ("b", "李敏", 1)]),
        ({"person": "a", "kinds": "peer"}, [("c", "𠮷田", 1)]),
    ],
    "lineage.between": [
        # g-k-a and g-m-a are both shortest: k comes before m
        ({"a": "g", "b": "a"}, [
            (1, "g", "k", "MENTORS", None, None, None, "曾国安是王方的导师。"),
            (2, "k", "a", "MENTORS", "township", "2017-09-16", None,
             "王方自2017年9月16日起是李明的导师（乡镇导师）。"),
        ]),
        # only with village mentors: upwards from b to m, then down to a
        ({"a": "b", "b": "a", "kinds": "village"}, [
            (1, "b", "m", "MENTORS", "village", "2018-07", None,
             "王芳自2018年7月起是李敏的导师（村级导师）。"),
            (2, "m", "a", "MENTORS", "village", "2017-09", "2019-09",
             "王芳自2017年9月至2019年9月是李明的导师（村级导师）。"),
        ]),
        ({"a": "g", "b": "x"}, []),
        ({"a": "g", "b": "g"}, []),
    ],
    "lineage.common_ancestors": [
        ({"a": "a", "b": "b"}, [("m", "王芳", 1, 1), ("g", "曾国安", 2, 2)]),
        # nobody is an ancestor of themselves: a is none of a and c
        ({"a": "a", "b": "c"}, [("k", "王方", 1, 2), ("m", "王芳", 1, 2), ("g", "曾国安", 2, 3)]),
        ({"a": "a", "b": "x"}, []),
    ],
    "lineage.reach": [({"person": "g"}, [(2, 5, 3)]), ({"person": "c"}, [])],
    "lineage.neighbours": [
        ({"people": "a"}, [("a", "k", "王方"), ("a", "m", "王芳"), ("a", "c", "𠮷田")]),
        ({"people": "a;b", "direction": "up"}, [
            ("a", "k", "王方"), ("a", "m", "王芳"), ("b", "m", "王芳"),
        ]),
        ({"people": "a;b", "direction": "down"}, [("a", "c", "𠮷田")]),
    ],
    "lineage.ties": [
        ({"people": "g;m;k;b"}, [
            ("m2", "g", "k", None, None, None),
            ("m1", "g", "m", "township", "2010", "2012"),
            ("m5", "m", "b", "village", "2018-07", None),
        ]),
    ],
    "lineage.degrees": [({"people": "a;x"}, [("a", 2, 1), ("x", 0, 0)])],
    "lineage.hubs": [({"limit": 3}, [("g", "曾国安", 2), ("m", "王芳", 2), ("a", "李明", 1)])],
    "careers.timeline": [
        ({"person": "a"}, [
            ("o2", "科员", "o", "科员", "appointment", "2017-08", "2017-10", "actual"),
            ("v1", "村书记助理", "v", "科员", "grassroots", "2017-10", "2019-10", "actual"),
            ("t1", "镇党委副书记", "t", "副科", "key_post", "2019-10", None, "actual"),
            ("o1", "副主任", "o", "正科", "rotation", "2024-09", None, "planned"),
        ]),
        # the posting's own rank, not that of the post
        ({"person": "b"}, [
            ("v1", "村书记助理", "v", "副科", "grassroots", "2019-10-08", "2021-10-08", "actual"),
        ]),
        ({"person": "x"}, []),
    ],
    "posts.holders": [
        ({"post": "v1"}, [
            ("a", "李明", "2017-10", "2019-10", "grassroots"),
            ("b", "李敏", "2019-10-08", "2021-10-08", "grassroots"),
        ]),
        # a's posting there is only planned
        ({"post": "o1"}, [("m", "王芳", "2015", None, "appointment")]),
        # an unknown beginning comes last
        ({"post": "t1"}, [("a", "李明", "2019-10", None, "key_post"),
            ("k", "王方", None, "2019", "appointment")]),
    ],
    "posts.moves": [
        ({"post": "v1"}, [
            ("before", "o2", "科员", "o", "区委办", 1),
            ("after", "t1", "镇党委副书记", "t", "河东镇", 1),
        ]),
        # from o2 to v1, not to t1; the planned posting is none
        ({"post": "o2"}, [("after", "v1", "村书记助理", "v", "柳村", 1)]),
        ({"post": "t1"}, [("before", "v1", "村书记助理", "v", "柳村", 1)]),
    ],
    "posts.profile": [
        ({"post": "t1"}, [("t1", "镇党委副书记", "t", "河东镇", "副科", "key", None, None, None)]),
    ],
    "posts.list": [
        ({"unit": "t"}, [
            ("t1", "镇党委副书记", "t", "河东镇", "副科", "key", None, None),
            ("v1", "村书记助理", "v", "柳村", "科员", "grassroots", None, None),
        ]),
        ({"kind": "staff"}, [("o2", "科员", "o", "区委办", "科员", "staff", None, None)]),
    ],
    "careers.served_under": [
        # m has headed o since 2015, where a was 科员; the id is made of the ids of both postings
        ({"ranks": "正科;副科;科员"}, [
            ("under-810b8aed846f3ec1", "m", "a", "o", "2017-08", "2017-10"),
        ]),
        # without ranks those of the programme count
        ({}, [("under-810b8aed846f3ec1", "m", "a", "o", "2017-08", "2017-10")]),
        ({"ranks": "科员"}, []),
        ({"record": "appraisal"}, []),
    ],
    "units.people": [
        # on the programme's day; b has left, k's posting ended, a's next one and c's are planned
        ({"unit": "d"}, [("a", "李明", "t1", "2019-10"), ("m", "王芳", "o1", "2015")]),
        # two levels below
        ({"unit": "d", "on": "2019-10-08"}, [
            ("b", "李敏", "v1", "2019-10-08"),
            ("a", "李明", "t1", "2019-10"), ("m", "王芳", "o1", "2015"),
        ]),
        # the day itself: b's first day; a left v1 on 2019-10 and holds t1
        ({"unit": "t", "on": "2019-10-08"}, [("b", "李敏", "v1", "2019-10-08"),
            ("a", "李明", "t1", "2019-10")]),
        # the last day before: until is the first day no longer held
        ({"unit": "v", "on": "2021-10-07"}, [("b", "李敏", "v1", "2019-10-08")]),
        ({"unit": "v", "on": "2021-10-08"}, []),
        # a beginning that nobody knows counts as long ago
        ({"unit": "t", "on": "2016"}, [("k", "王方", "t1", None)]),
    ],
    "units.roster": [
        ({"unit": "t"}, [
            ("a", "李明", "t1", "镇党委副书记", "t", "河东镇", "副科", "key_post", "2019-10"),
        ]),
    ],
    "units.posts": [
        ({"unit": "o"}, [
            ("o1", "副主任", "正科", "unit_head", None, "m", "王芳", "2015", None),
            ("o2", "科员", "科员", "staff", None, None, None, None, None),
        ]),
        ({"unit": "d"}, []),
    ],
    "posts.filled": [
        # on the programme's day: v1 is empty, k's posting at t1 ended, a's at o1 is planned
        ({}, [
            ("o1", "副主任", "o", "区委办", "正科", "unit_head", None, "m", "王芳", "2015", None),
            ("o2", "科员", "o", "区委办", "科员", "staff", None, None, None, None, None),
            ("t1", "镇党委副书记", "t", "河东镇", "副科", "key", None,
             "a", "李明", "2019-10", None),
            ("v1", "村书记助理", "v", "柳村", "科员", "grassroots", None, None, None, None, None),
        ]),
        ({"unit": "t", "on": "2019-10-08", "limit": 1, "text": "V1"}, [
            ("v1", "村书记助理", "v", "柳村", "科员", "grassroots", None,
             "b", "李敏", "2019-10-08", None),
        ]),
        ({"rank": "科员", "kind": "staff", "text": "科"}, [
            ("o2", "科员", "o", "区委办", "科员", "staff", None, None, None, None, None),
        ]),
        ({"text": "x"}, []),
    ],
    "units.profile": [({"unit": "v"}, [("v", "柳村", "village", "t", "河东镇")])],
    "units.tree": [
        ({}, [
            ("d", "石峰区", "district", None, 0), ("o", "区委办", "department", "d", 2),
            ("t", "河东镇", "township", "d", 1), ("v", "柳村", "village", "t", 1),
        ]),
    ],
    "units.children": [
        ({"unit": "d"}, [("o", "区委办", "department"), ("t", "河东镇", "township")]),
        ({"unit": "v"}, []),
    ],
    "units.path": [
        ({"unit": "v"}, [
            (2, "d", "石峰区", "district"), (1, "t", "河东镇", "township"),
            (0, "v", "柳村", "village"),
        ]),
    ],
    "programme.totals": [
        # trainees m a b c; villages a (2017-10 is in the window from 2017-10-01) and b; heads m;
        # attendances a, b, b (g is no trainee); platform b; raised a (b had no lower rank before)
        ({}, [
            ("trainees", 4), ("villages", 2), ("heads", 1), ("courses", 3), ("platform", 1),
            ("raised", 1),
        ]),
        # before b came (no day of joining: from the first posting), so that b's attendance does not
        # count either, and before the first fact of c; before a was raised, before the platform day
        ({"on": "2018-12-31"}, [
            ("trainees", 2), ("villages", 1), ("heads", 1), ("courses", 1), ("platform", 0),
            ("raised", 0),
        ]),
    ],
    "programme.total": [
        ({"key": "villages"}, [("a", "李明", "2017-10", None, None),
            ("b", "李敏", "2019-10-08", None, None)]),
        ({"key": "courses"}, [
            ("a", "李明", "2017-08-20", "c1", "入职第一课"),
            ("b", "李敏", "2017-08-20", "c1", "入职第一课"),
            ("b", "李敏", "2024-06-30", "c2", "网格日"),
        ]),
    ],
    "search.all": [
        ({"text": "柳"}, [("Unit", "v", "柳村", "河东镇")]),
        # the unit 河东镇 and no post; ids count too: person k first, and no unit or post has a k
        ({"text": "K", "limit": 1}, [("Person", "k", "王方", None)]),
        # exact before containing, people before units before posts
        ({"text": "v1"}, [("Post", "v1", "村书记助理", "柳村")]),
        ({"text": "科员"}, [("Post", "o2", "科员", "区委办")]),
    ],
    "data.counts": [
        ({}, [
            ("units", 4), ("posts", 4), ("people", 7), ("mentoring", 6), ("rotations", 8),
            ("service", 1), ("grades", 1),
            ("activities", 2), ("attendance", 4), ("records", 2), ("wishes", 2), ("kin", 1),
            ("programmes", 1),
        ]),
    ],
}  # fmt: skip


def test_every_question_has_a_case():
    assert list(CASES) == list(QUERIES)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [(name, given, rows) for name, cases in CASES.items() for given, rows in cases],
    ids=lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else None,
)
def test_question_gives_the_rows_worked_out_by_hand(
    read_only_graph: Store, name: str, given: dict[str, Any], expected: list[tuple[Any, ...]]
):
    answer = ask(read_only_graph, name, **given)
    assert [tuple(row.values()) for row in answer.rows] == expected
    assert all(tuple(row) == answer.columns for row in answer.rows)


@pytest.mark.parametrize("name", CONTRACT)
def test_contract_names_parameters_and_columns_stand(name: str):
    parameters, columns = CONTRACT[name]
    query = QUERIES[name]
    assert [column.name for column in query.columns] == columns.split()
    own = [parameter.name for parameter in query.parameters]
    assert own[: len(parameters.split())] == parameters.split()
    needed = {"text", "person", "a", "b", "post", "unit"}
    if name == "careers.moves":  # of everybody where nobody is named
        needed.remove("person")
    assert {each.name for each in query.parameters if each.required} == needed & set(own)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_question_is_told_in_both_languages(query: Query):
    for texts in (query.titles, query.descriptions, *(each.titles for each in query.columns)):
        chinese = in_words(texts["zh_Hans"], EMPTY_PROGRAMME.role_words("zh_Hans"))
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[\u4e00-\u9fff]", texts["en"])


def _needed(name: str, **instead: Any) -> dict[str, Any]:
    """What a question cannot do without: ids of people of the small district."""
    known = {"person": "a", "a": "a", "b": "b", "post": "v1", "unit": "d", "key": "trainees"}
    known |= {"text": "w", "people": "a"}
    return {
        each.name: known[each.name] for each in QUERIES[name].parameters if each.required
    } | instead


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (query.name, each.name)
        for query in QUERIES.values()
        for each in query.parameters
        if each.type == "text" and not each.one_of
    ],
)
def test_text_is_a_value_and_never_cypher(read_only_graph: Store, name: str, parameter: str):
    evil = "a'}) DETACH DELETE n //\" OR 1=1 \\' `$limit 导师 𠮷"
    given = f"unit:{evil}" if parameter == "in" else evil
    before = read_only_graph.read("MATCH (n) RETURN count(n) AS n")
    try:
        rows = ask(read_only_graph, name, **_needed(name, **{parameter: given})).rows
    except NotFound as error:
        assert evil in error.message
    else:
        assert parameter in ("text", "after", "kind", "rank", "record")
        assert rows in ([], [{"people": 0}]) or parameter == "after"
    assert read_only_graph.read("MATCH (n) RETURN count(n) AS n") == before


@pytest.mark.parametrize(
    ("name", "given", "message", "hint"),
    [
        (
            "lineage.dwon",
            {},
            'There is no question "lineage.dwon".',
            'Did you mean "lineage.down"?',
        ),
        ("xyz", {}, 'There is no question "xyz".', "See the list: flask queries."),
        (
            "lineage.down",
            {"persn": "a"},
            'The question lineage.down has no parameter "persn".',
            'Did you mean "person"?',
        ),
        (
            "lineage.down",
            {"person": "a", "zzz": "1"},
            'The question lineage.down has no parameter "zzz".',
            "It takes person, depth, kinds, on, limit.",
        ),
        ("lineage.down", {}, "The question lineage.down needs person.", "Give it as person=..."),
        (
            "lineage.down",
            {"person": " "},
            "The question lineage.down needs person.",
            "Give it as person=...",
        ),
        (
            "lineage.down",
            {"person": "a", "depth": "two"},
            'depth "two" is not a whole number from 1 to 100000.',
            "Write it in digits, as in depth=2.",
        ),
        (
            "lineage.down",
            {"person": "a", "depth": "0"},
            'depth "0" is not a whole number from 1 to 100000.',
            "Write it in digits, as in depth=2.",
        ),
        (
            "people.search",
            {"text": "a", "limit": "-1"},
            'limit "-1" is not a whole number from 1 to 1000000.',
            "Write it in digits, as in limit=20.",
        ),
        (
            "units.people",
            {"unit": "d", "on": "2024-13"},
            'on "2024-13" is not a date.',
            "Write it like 2024-06-30.",
        ),
        (
            "people.list",
            {"role": "boss"},
            'role "boss" is not known.',
            "It is one of trainee, mentor.",
        ),
    ],
)  # fmt: skip
def test_bad_name_or_parameter_says_what_to_do(
    embedded_store: Store, name: str, given: dict[str, str], message: str, hint: str
):
    with pytest.raises(UsageError) as caught:
        ask(embedded_store, name, **given)
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert (caught.value.status, caught.value.exit_code) == (400, 2)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("lineage.down", {"person": "nobody"}, 'There is no person "nobody".'),
        ("lineage.between", {"a": "a", "b": "nobody"}, 'There is no person "nobody".'),
        ("posts.holders", {"post": "nothing"}, 'There is no post "nothing".'),
        ("units.people", {"unit": "nowhere"}, 'There is no unit "nowhere".'),
        ("people.list", {"unit": "nowhere"}, 'There is no unit "nowhere".'),
        ("programme.total", {"key": "none"}, 'The programme has no total "none".'),
    ],
)
def test_unknown_id_is_not_found(
    read_only_graph: Store, name: str, given: dict[str, str], message: str
):
    with pytest.raises(NotFound) as caught:
        ask(read_only_graph, name, **given)
    assert caught.value.message == message


def test_answer_has_the_shape_of_flask_query(read_only_graph: Store):
    answer = ask(read_only_graph, "people.search", text=" wf ", limit="1").as_dict()
    assert list(answer) == ["query", "parameters", "columns", "rows", "truncated", "cypher"]
    assert answer["parameters"] == {"text": "wf", "limit": 1}
    assert answer["truncated"] is True
    json.dumps(answer)


def test_answer_is_not_truncated_when_the_limit_is_just_enough(read_only_graph: Store):
    assert not ask(read_only_graph, "people.search", text="wf", limit=2).truncated
    assert not ask(read_only_graph, "lineage.down", person="g", limit=5).truncated
    assert ask(read_only_graph, "lineage.down", person="g", limit=4).truncated


def test_day_without_one_is_the_programmes_own(read_only_graph: Store):
    assert ask(read_only_graph, "units.people", unit="d").parameters["on"] == "2024-06-30"


def test_sentence_is_in_the_language_asked_for(read_only_graph: Store):
    rows = ask(read_only_graph, "lineage.between", language="en", a="m", b="a").rows
    assert rows[0]["sentence"] == "王芳 mentored 李明 (village mentor) from 2017-09 to 2019-09."


def test_page_of_the_questions_is_current():
    stored = (Path(__file__).parents[1] / "docs" / "queries.md").read_text(encoding="utf-8")
    assert stored.rstrip("\n") == page(), "run: python -m queries.catalogue > docs/queries.md"
