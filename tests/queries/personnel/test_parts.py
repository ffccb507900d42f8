"""Columns and models in parts say what the whole says; parts are mended, places exchanged."""

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest

from queries.personnel import Personnel, parts
from queries.personnel.columns import Postings, columns_of
from queries.personnel.joined import JoinedPersonnel
from queries.personnel.parts import (
    JoinedPostings,
    chained,
    holders,
    in_parts,
    mended,
    offsets,
    placed,
    shifted,
)
from queries.personnel.places import PostsAndUnits, coded, places_of
from queries.personnel.reading import bare_post, written
from queries.personnel.terms import Known, KnownPosting
from tests.queries.personnel.histories import TERMS, dated_only, histories, model_of
from tests.queries.personnel.test_follow import everything

PEOPLE = sorted(dated_only(histories(7, 9)), key=lambda each: each.id)
WHOLE = model_of(PEOPLE)
DAY = date(2016, 1, 1)


@pytest.fixture(params=[1, 2, 4, 9, 20])
def joined(request, monkeypatch):
    """The same people in parts of one, two, four; all in one; in one that has room for more."""
    monkeypatch.setattr(parts, "SIZE", request.param)
    models = [Personnel(part, TERMS, WHOLE.last_dated) for part in in_parts(WHOLE.columns)]
    assert len(models) == -(-9 // request.param)
    return JoinedPersonnel(models, TERMS, WHOLE.last_dated)


def plain(columns: Postings) -> dict[str, Any]:
    """All columns as plain values."""
    found = {each.name: getattr(columns, each.name) for each in fields(Postings)}
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in found.items()
    }


def test_columns_of_parts_are_the_whole_s(joined):
    assert plain(joined.columns) == plain(WHOLE.columns)
    assert len(joined.columns) == len(WHOLE.columns)
    assert not hasattr(joined.columns, "__array_interface__")


def test_the_model_of_parts_says_what_the_whole_says(joined):
    assert everything(joined) == everything(WHOLE)
    whole, day = WHOLE.on(DAY), joined.on(DAY)
    assert list(day) == list(whole)
    assert len(day) == len(whole)
    for each in PEOPLE:
        assert day[each.id] == whole[each.id]
        assert day.main_posting(each.id) == whole.main_posting(each.id)
        assert day.rank_index(each.id) == whole.rank_index(each.id)
        assert (day.serves(each.id), day.has_left(each.id)) == (
            whole.serves(each.id), whole.has_left(each.id),
        )  # fmt: skip
        assert day.holds(each.id) == whole.holds(each.id)
        assert joined.moves(DAY, each.id) == WHOLE.moves(DAY, each.id)
        assert each.id in joined.part_of(each.id).columns.person_at
    for name in ("held", "main", "rank", "out", "in_service"):
        assert getattr(day, name).tolist() == getattr(whole, name).tolist()
    for name in ("home", "rank", "until", "end_not_recorded", "start", "precedence",
                 "by_precedence"):  # fmt: skip
        assert getattr(joined, name).tolist() == getattr(WHOLE, name).tolist()


def test_a_part_that_knows_a_day_keeps_what_it_said(joined):
    first = joined.parts[0].on(DAY)
    assert joined.on(DAY)["H0"] == first["H0"] == WHOLE.on(DAY)["H0"]
    assert joined.parts[0].on(DAY) is first
    assert everything(joined) == everything(WHOLE)


def test_some_people_are_answered_by_their_parts(joined):
    of_one = joined.of(["H3"])
    assert of_one.on(DAY)["H3"] == WHOLE.on(DAY)["H3"]
    if len(joined.parts) > 2:
        assert of_one is joined.part_of("H3")
        assert joined.of(["H0", "H8"]).columns.person_ids == [
            *joined.parts[0].columns.person_ids, *joined.parts[-1].columns.person_ids
        ]  # fmt: skip
    assert joined.of([]) is joined
    assert joined.of([each.id for each in PEOPLE]) is joined or len(joined.parts) == 1
    assert joined.part_of("A") is joined.parts[0]  # before the first, after the last
    assert joined.part_of("Z") is joined.parts[-1]


def test_nobody_at_all_is_one_empty_part():
    nobody = columns_of([], written([]), places_of([]))
    (part,) = in_parts(nobody)
    assert plain(part) == plain(nobody)
    model = JoinedPersonnel([Personnel(part, TERMS, WHOLE.last_dated)], TERMS, WHOLE.last_dated)
    assert dict(model.on(DAY)) == {}
    assert model.moves(DAY) == []


@pytest.mark.parametrize(
    "touched",
    [["H0"], ["H4"], ["H8"], ["H0", "H1", "H8"], ["H2", "H3"], [f"H{n}" for n in range(9)]],
)
def test_a_part_with_some_people_read_anew_is_as_if_all_were(touched):
    """People come, go and change: those before, between and after the others too."""
    now = {each.id: each for each in PEOPLE}
    other = {each.id: each for each in dated_only(histories(8, 12))}
    for id_ in touched[::2]:
        del now[id_]
    now |= {id_: other[id_] for id_ in (*touched[1::2], "H10", "H9")}
    ids = sorted(now)
    both = model_of([*PEOPLE, *other.values()]).columns.places
    expected = _columns([now[id_] for id_ in ids], both)
    fresh = _columns([now[id_] for id_ in ids if id_ in (*touched, "H10", "H9")], both)
    found = mended(_columns(PEOPLE, both), fresh, {*touched, "H10", "H9"})
    assert _values(found) == _values(expected)


def _columns(people, places) -> Postings:
    model = model_of(people).columns
    rows = [
        KnownPosting(p.id, each.id, p.post, p.kind, p.rank, p.since, p.until, p.planned, p.marks)
        for each in people
        for p in each.postings
    ]
    known = [
        model.known.get(at, Known(id_, each.joined_on, each.born_on))
        for at, (id_, each) in enumerate(zip(model.person_ids, people, strict=True))
    ]
    return columns_of(known, written(rows), places)


def _values(columns: Postings) -> dict[str, Any]:
    """All columns, codes as what they stand for: a mended part may know values that went."""
    found = plain(columns)
    for codes, values in (("kind", "kinds"), ("rank", "ranks")):
        of = found.pop(values)
        found[codes] = [of[at] for at in found[codes]]
    return found


def test_who_holds_some_posts():
    at = WHOLE.columns.post_at["A"]
    posts = np.arange(len(WHOLE.columns.post_ids)) == at
    expected = [each.id for each in PEOPLE if any(p.post == "A" for p in each.postings)]
    assert holders(WHOLE.columns, posts) == expected
    assert holders(WHOLE.columns, np.zeros(len(posts), dtype=bool)) == []


def test_a_part_beside_other_places():
    posts = [bare_post("0"), *map(bare_post, WHOLE.columns.post_ids)]
    places = places_of(posts)
    moved = placed(WHOLE.columns, places, np.arange(len(WHOLE.columns.post_ids)) + 1)
    assert [moved.post_ids[at] for at in moved.post] == [
        WHOLE.columns.post_ids[at] for at in WHOLE.columns.post
    ]
    same = placed(WHOLE.columns, WHOLE.columns.places, None)
    assert same.post.tolist() == WHOLE.columns.post.tolist()


def test_runs_one_after_another():
    assert offsets([]) == []
    assert offsets([3]) == [0]
    assert offsets([3, 0, 2]) == [0, 3, 3]
    one, other = np.array([1, 2]), np.array([0, 4])
    assert chained([one, other]).tolist() == [1, 2, 0, 4]
    assert chained([one, other], [0, 5]).tolist() == [1, 2, 5, 9]
    assert shifted([{0: "a", 2: "b"}, {1: "c"}], [0, 3]) == {0: "a", 2: "b", 4: "c"}
    assert isinstance(JoinedPostings([WHOLE.columns]), Postings)


# --- places ---------------------------------------------------------------------------------------


def units(*rows):
    """Read "B 河东镇 township A": id, name, kind, part of."""
    split = [(*row.split(), None, None)[:4] for row in rows]
    return [
        {"id": id_, "name": name, "kind": kind, "part_of": above}
        for id_, name, kind, above in split
    ]


def posts(*rows):
    split = [(*row.split(), None, None, None)[:5] for row in rows]
    return [
        {"id": id_, "title": title, "unit": unit, "rank": rank, "kind": kind}
        for id_, title, unit, rank, kind in split
    ]


UNITS = units("A 石峰区 district", "B 河东镇 township A", "D 柳村 village B")
POSTS = posts("p 镇长 B 正科 head", "r 书记 D", "t 区长 A 正处 head")


def told(places: PostsAndUnits) -> list[tuple]:
    """All places as plain rows: posts with their units, units with those above."""
    names = [*places.unit_ids, None]
    return [
        *zip(places.post_ids, places.post_titles, places.post_ranks, places.post_kinds,
             [names[at] for at in places.post_unit], strict=True),
        *zip(places.unit_ids, places.unit_names, places.unit_kinds,
             [names[at] for at in places.unit_parent], strict=True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "now",
    [
        UNITS,
        units("A 石峰区 district", "B 河西镇 subdistrict A", "D 柳村 village A"),
        units("A 石峰区 district", "D 柳村 village A"),  # one is gone
        units("B 河东镇 township"),
        units("0 市 city", *["A 石峰区 district 0", "B 河东镇 township A", "C 山口镇 township A"],
              *["D 柳村 village C", "E 村 village B"]),
        [],
    ],
)  # fmt: skip
@pytest.mark.parametrize("everybody", [True, False])
def test_units_exchanged_are_as_if_read_anew(now, everybody):
    there = {each["id"] for each in now}
    old = {each["id"]: each for each in UNITS}
    changed = [each for each in now if everybody or old.get(each["id"]) != each]
    touched = {*(each["id"] for each in changed), *(old.keys() - there)}
    found = places_of(POSTS, UNITS).with_units(touched, changed)
    left = [
        {**each, "part_of": each["part_of"] if each["part_of"] in there else None} for each in now
    ]
    kept = [{**each, "unit": each["unit"] if each["unit"] in there else None} for each in POSTS]
    assert told(found) == told(places_of(kept, left))


@pytest.mark.parametrize(
    "now",
    [
        POSTS,
        posts("p 代镇长 A 副科", "r 书记 D", "t 区长 B 正处 head"),
        posts("r 书记 D"),
        posts("o 科员 A 科员 staff", "p 镇长 B 正科 head", "q 科员 D", "r 书记 D",
              "t 区长 A 正处 head", "z 区长 B"),
        [],
    ],
)  # fmt: skip
@pytest.mark.parametrize("everybody", [True, False])
def test_posts_exchanged_are_as_if_read_anew(now, everybody):
    there = {each["id"] for each in now}
    old = {each["id"]: each for each in POSTS}
    changed = [each for each in now if everybody or old.get(each["id"]) != each]
    touched = {*(each["id"] for each in changed), *(old.keys() - there)}
    found = places_of(POSTS, UNITS).with_posts(touched, changed)
    assert told(found) == told(places_of(now, UNITS))
    assert found.post_at == {each["id"]: at for at, each in enumerate(now)}
    assert found.unit_at == {"A": 0, "B": 1, "D": 2}


def test_codes_of_ranks():
    codes, ranks = places_of(POSTS, UNITS).rank_codes
    assert ranks == [None, "正处", "正科"]
    assert codes.tolist() == [2, 0, 1]
    codes, values = coded(["b", None, "a", "b", ""], np.array([0, 2, 1, 4, 0]))
    assert (codes.tolist(), values) == ([2, 1, 0, 0, 2], [None, "a", "b"])
    codes, values = coded(["b", "a"], np.array([0, 0]))  # what nobody takes has no code
    assert (codes.tolist(), values) == ([1, 1], [None, "b"])
