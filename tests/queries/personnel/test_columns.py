"""Postings as columns: their order, codes and labels, and where a person's begin."""

from datetime import date

import numpy as np
import pytest

from graph.errors import UsageError
from queries.personnel.columns import Begun, RawPostings, columns_of
from queries.personnel.days import OPEN, UNKNOWN, day_number
from queries.personnel.places import places_of
from queries.personnel.terms import Known

UNITS = [
    {"id": "A", "name": "石峰区", "kind": "district", "part_of": None},
    {"id": "B", "name": "河东镇", "kind": "township", "part_of": "A"},
    {"id": "C", "name": "柳村", "kind": "village", "part_of": "B"},
    {"id": "D", "name": "河西镇", "kind": "township", "part_of": "A"},
    {"id": "E", "name": "外单位", "kind": None, "part_of": None},
]
POSTS = [
    {"id": "p", "title": "镇长", "rank": "正科", "kind": "head", "unit": "B"},
    {"id": "q", "title": "书记", "rank": None, "kind": None, "unit": "C"},
    {"id": "r", "title": "镇长", "rank": "科员", "kind": "head", "unit": "D"},
    {"id": "s", "title": "顾问", "rank": "科员", "kind": "other", "unit": None},
]
# id, person, post, kind, rank, since, until, status, marks
ROWS = [
    ("5", "u", "r", "secondment", None, "2021", None, "planned", ()),
    ("1", "t", "q", None, "副科", "2018-01-01", "2019", None, ("concurrent",)),
    ("2", "t", "p", "appointment", None, "2016-03", "2018", "actual", ()),
    ("4", "t", "s", "", None, None, None, None, ("acting",)),
    (
        "3",
        "t",
        "r",
        "appointment",
        None,
        "2018-01-01",
        "2018-06-01",
        None,
        ("acting", "concurrent"),
    ),
    ("6", "x", "p", None, None, "2020", None, None, ()),  # of nobody who is here
    ("7", "t", "z", None, None, "2020", None, None, ()),  # of no post that is here
]
PEOPLE = [
    Known("t", joined_on="2016-03-05", status="active"),
    Known("u", born_on="1990", grades=(("一级科员", "2022"),)),
    Known("v"),
]


def number(text):
    return day_number(date.fromisoformat(text))


@pytest.fixture
def columns():
    fields = list(zip(*ROWS, strict=True))
    ids, people, posts, kinds, ranks, since, until, status, marks = fields
    raw = RawPostings(people, posts, ids, kinds, ranks, since, until, status, marks)
    return columns_of(PEOPLE, raw, places_of(POSTS, UNITS), ["甲", "乙", "丙"])


def test_rows_stand_by_person_begin_end_and_id(columns):
    assert columns.ids == ["4", "2", "3", "1", "5"]
    assert columns.person.tolist() == [0, 0, 0, 0, 1]
    assert columns.post.tolist() == [3, 0, 2, 1, 2]
    assert columns.since.tolist() == [
        UNKNOWN, number("2016-03-01"), number("2018-01-01"), number("2018-01-01"),
        number("2021-01-01"),
    ]  # fmt: skip
    assert columns.until.tolist() == [
        OPEN, number("2018-01-01"), number("2018-06-01"), number("2019-01-01"), OPEN
    ]  # fmt: skip
    assert columns.until_last.tolist() == [
        OPEN, number("2018-12-31"), number("2018-06-01"), number("2019-12-31"), OPEN
    ]  # fmt: skip
    assert len(columns) == 5
    assert columns.since_texts == [None, "2016-03", "2018-01-01", "2018-01-01", "2021"]
    assert columns.until_texts == [None, "2018", "2018-06-01", "2019", None]


def test_marks_status_and_facts_of_people(columns):
    assert columns.planned.tolist() == [False, False, False, False, True]
    assert columns.concurrent.tolist() == [False, False, True, True, False]
    assert columns.acting.tolist() == [True, False, True, False, False]
    assert columns.joined.tolist() == [number("2016-03-05"), UNKNOWN, UNKNOWN]
    assert columns.born.tolist() == [UNKNOWN, number("1990-01-01"), UNKNOWN]
    assert columns.person_names == ["甲", "乙", "丙"]
    assert columns.person_at == {"t": 0, "u": 1, "v": 2}
    assert {at: each.id for at, each in columns.known.items()} == {0: "t", 1: "u"}


def test_a_rank_is_the_posting_s_own_or_its_post_s(columns):
    assert [columns.ranks[at] for at in columns.rank] == ["科员", "正科", "科员", "副科", "科员"]
    assert columns.ranks == [None, "副科", "正科", "科员"]
    assert [columns.kinds[at] for at in columns.kind] == [
        None, "appointment", "appointment", None, "secondment",
    ]  # fmt: skip


def test_equal_begins_and_ends_go_by_id():
    rows = [("b", "t", "p"), ("a", "t", "p"), ("c", "t", "p")]
    raw = RawPostings(
        [row[1] for row in rows], [row[2] for row in rows], [row[0] for row in rows],
        [None] * 3, [None] * 3, ["2020"] * 3, ["2021"] * 3, [None] * 3, [()] * 3,
    )  # fmt: skip
    found = columns_of([Known("t")], raw, places_of(POSTS, UNITS))
    assert found.ids == ["a", "b", "c"]
    assert found.person_names == ["t"]


@pytest.mark.parametrize(
    ("level", "labels"),
    [
        ("post", ["顾问", "河东镇 镇长", "河西镇 镇长", "柳村 书记", "河西镇 镇长"]),
        ("unit", [None, "河东镇", "河西镇", "柳村", "河西镇"]),
        ("kind", [None, "appointment", "appointment", None, "secondment"]),
        ("rank", [None, "正科", None, "副科", "科员"]),  # an acting posting gives none
        ("title", ["顾问", "镇长", "镇长", "书记", "镇长"]),
        ("post_kind", ["other", "head", "head", None, "head"]),
        ("unit_kind", [None, "township", "township", "village", "township"]),
    ],
)
def test_labels_of_a_level(columns, level, labels):
    codes, keys, texts = columns.labels(level)
    assert [texts[at] if at >= 0 else None for at in codes.tolist()] == labels
    assert len(keys) == len(texts)


def test_another_level_is_refused(columns):
    with pytest.raises(UsageError, match=r"size is not a level.*post, title, rank, kind"):
        columns.labels("size")


def test_units_below_are_those_of_every_depth(columns):
    assert columns.units_below("A").tolist() == [True, True, True, True, False]
    assert columns.units_below("B").tolist() == [False, True, True, False, False]
    assert columns.units_below("C").tolist() == [False, False, True, False, False]


def test_a_circle_of_units_is_walked_once():
    units = [
        {"id": "A", "name": "A", "kind": None, "part_of": "B"},
        {"id": "B", "name": "B", "kind": None, "part_of": "A"},
        {"id": "C", "name": "C", "kind": None, "part_of": "C"},
    ]
    raw = RawPostings(*[()] * 9)
    found = columns_of([], raw, places_of([], units))
    assert found.units_below("A").tolist() == [True, True, False]
    assert found.units_below("C").tolist() == [False, False, True]
    assert found.nearest_unit_of_kind("town").tolist() == [-1, -1, -1]


def test_the_nearest_unit_of_a_kind_is_the_unit_itself_or_one_above():
    units = [
        {"id": "A", "name": "A", "kind": "town", "part_of": None},
        {"id": "B", "name": "B", "kind": "village", "part_of": "A"},
        {"id": "C", "name": "C", "kind": "town", "part_of": "B"},
        {"id": "D", "name": "D", "kind": None, "part_of": None},
    ]
    found = columns_of([], RawPostings(*[()] * 9), places_of([], units))
    assert found.nearest_unit_of_kind("town").tolist() == [0, 0, 2, -1]


def test_rows_of_a_person_and_owners(columns):
    assert columns.of_person(0) == slice(0, 4)
    assert columns.of_person(1) == slice(4, 5)
    assert columns.of_person(2) == slice(5, 5)
    assert columns.owners(frozenset({"1", "5"})) == {"t", "u"}
    assert columns.owners(frozenset({"3", "6"})) == {"t"}
    assert columns.owners(frozenset()) == set()


def test_a_posting_and_a_post_as_plain_values(columns):
    assert columns.as_row(1) == {
        "id": "2", "post": "p", "title": "镇长", "unit": "B", "unit_name": "河东镇",
        "unit_kind": "township", "post_kind": "head", "rank": "正科", "kind": "appointment",
        "since": "2016-03", "until": "2018", "status": "actual",
    }  # fmt: skip
    row = columns.as_row(0)
    assert (row["unit"], row["unit_name"], row["unit_kind"]) == (None, None, None)
    assert columns.as_row(4)["status"] == "planned"
    assert columns.unit_of(0) == -1
    assert columns.unit_of(3) == 2
    assert columns.post_row("r") == {
        "post": "r", "title": "镇长", "unit": "D", "unit_name": "河西镇",
    }  # fmt: skip
    assert columns.post_row("s") == {
        "post": "s", "title": "顾问", "unit": None, "unit_name": None,
    }  # fmt: skip
    assert columns.post_text(0) == "河东镇 镇长"  # of the first unit but one


def test_what_had_begun_by_a_day(columns):
    """The day before, the day, the day after; what is planned or without a begin is none."""
    for on, ids in (("2017-12-31", ["2"]), ("2018-01-01", ["2", "3", "1"]),
                    ("2018-01-02", ["2", "3", "1"]), ("2030-01-01", ["2", "3", "1"])):  # fmt: skip
        begun = columns.begun(date.fromisoformat(on))
        assert [columns.ids[at] for at in begun.at] == ids
        assert (begun.on, begun.left_out) == (number(on), 1)
        assert begun.since.tolist() == columns.since[begun.at].tolist()
        assert begun.arrives.tolist() == [True] * len(ids)
        assert columns.begun(date.fromisoformat(on)) is begun


def begun_of(*rows):
    """Make what had begun by 2030 of rows: person, since."""
    raw = RawPostings(
        [row[0] for row in rows], ["p"] * len(rows), [f"{n:02}" for n in range(len(rows))],
        [None] * len(rows), [None] * len(rows), [row[1] for row in rows], [None] * len(rows),
        [None] * len(rows), [()] * len(rows),
    )  # fmt: skip
    people = [Known("t"), Known("u", joined_on="2015-01-01"), Known("v")]
    return columns_of(people, raw, places_of(POSTS, UNITS)).begun(date(2030, 1, 1))


CAREERS = (
    ("t", "2016-01-31"), ("t", "2018-01-01"), ("t", "2018-01-01"), ("t", "2019-01-01"),
    ("u", "2014-06-01"), ("u", "2018-01-01"),
)  # fmt: skip


def test_blocks_of_people_and_of_days():
    begun = begun_of(*CAREERS)
    assert isinstance(begun, Begun)
    assert begun.person.tolist() == [0, 0, 0, 0, 1, 1]
    # entry is joining where it is known, else the first begin; nobody's without either
    assert begun.entry.tolist() == [number("2016-01-31"), number("2015-01-01"), OPEN]


def test_nothing_begun_is_no_error():
    begun = begun_of()
    assert len(begun.at) == 0
    assert begun.entry.tolist() == [OPEN, number("2015-01-01"), OPEN]


def test_the_same_columns_with_other_plans(columns):
    other = columns.taken_as_planned(np.array([True] * 5))
    assert other.planned.tolist() == [True] * 5
    assert other.ids == columns.ids
    assert len(other.begun(date(2030, 1, 1)).at) == 0
