"""Flows and the tree of careers by hand, and against plain counting over real careers."""

from datetime import date

import pytest

from graph.errors import UsageError
from queries.careers.flows import flows
from queries.careers.limits import Limits
from queries.careers.tree import tree
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
CAREERS = [
    posting("a", "v1:x:village", "2010"),
    posting("a", "v2:x:village", "2011"),  # no move between kinds
    posting("a", "o:y:office", "2012-05"),
    posting("a", "v1:x:village", "2014"),  # a return
    posting("b", "v1:x:village", "2010"),
    posting("b", "o:y:office", "2015"),
    posting("c", "o:y:office", "2013"),
    posting("c", "s:z:", "2014"),  # the kind is not known
    posting("d", "v1:x:village", "2010", status="planned"),
]
UNITS = {"v1": (None, "t"), "v2": (None, "t"), "t": (None, None)}


def bands(answer):
    return {
        (band.source, band.target): [moved.person for moved in band.moves] for band in answer.bands
    }


def test_moves_know_their_people(store):
    answer = flows(fill(store, CAREERS), "post_kind", ON)
    assert bands(answer) == {
        ("village", "office"): ["a", "b"],
        ("office", "village"): ["a"],
        ("office", None): ["c"],
    }
    assert (answer.moves, answer.people) == (4, 3)
    first = answer.bands[0].moves[0]
    assert (first.since, first.months) == ("2012-05", 28)


def test_a_band_counts_a_person_once_however_often_they_move(store):
    rows = [posting("a", post, str(2010 + at)) for at, post in enumerate(("u:x", "u:y") * 2)]
    rows += [posting("b", "u:x", "2010"), posting("b", "u:y", "2011")]
    answer = flows(fill(store, rows), "post", ON)
    assert [(band.source, len(band), band.people) for band in answer.bands] == [
        ("u:x", 3, 2),
        ("u:y", 1, 1),
    ]


def test_a_period_holds_the_moves_that_begin_in_it(store):
    fill(store, CAREERS)
    answer = flows(store, "post_kind", ON, Limits(since=date(2012, 5, 1), until=date(2014, 1, 1)))
    assert bands(answer) == {("village", "office"): ["a"]}
    assert {
        (each.key, each.gained, each.lost, each.net, each.entered) for each in answer.balances
    } == {
        ("office", 1, 0, 1, 1),
        ("village", 0, 1, -1, 0),
    }


def test_a_unit_takes_in_those_who_come_and_go_and_all_below(store):
    fill(store, CAREERS, units=UNITS)
    assert set(bands(flows(store, "unit", ON, Limits(unit="t")))) == {
        ("v1", "v2"), ("v2", "o"), ("o", "v1"), ("v1", "o"),
    }  # fmt: skip
    assert set(bands(flows(store, "unit", ON, Limits(unit="s")))) == {("o", "s")}


def test_gains_and_losses_cancel_over_all(store):
    answer = flows(fill(store, CAREERS), "unit", ON)
    assert sum(each.net for each in answer.balances) == 0
    assert sum(each.entered for each in answer.balances) == 3


def test_tree_shows_where_careers_part_and_meet(store):
    rows = [
        posting("a", "u:x:start", "2010"),
        posting("a", "u:y:left", "2011"),
        posting("a", "u:z:end", "2013"),
        posting("b", "u:x:start", "2010"),
        posting("b", "u:w:right", "2011"),
        posting("b", "u:z:end", "2012"),
        posting("c", "u:x:start", "2010"),
    ]
    answer = tree(fill(store, rows), "post_kind", ON)
    (start,) = answer.root.branches
    assert (start.key, len(start.people), start.ended) == ("start", 3, 1)
    assert [(each.key, [id_ for id_, _ in each.people]) for each in start.branches] == [
        ("left", ["a"]),
        ("right", ["b"]),
    ]
    assert [(m.key, m.depth, m.ways, m.people) for m in answer.meetings] == [("end", 3, 2, 2)]
    end = answer.at(["start", "left", "end"])
    assert end is not None
    assert end.median_months == 36
    assert answer.at(["start", "up"]) is None


def test_tree_ends_at_its_depth(store):
    answer = tree(fill(store, CAREERS), "post_kind", ON, depth=1)
    assert {(b.key, len(b.people), len(b.branches)) for b in answer.root.branches} == {
        ("village", 2, 0),
        ("office", 1, 0),
    }


def test_nobody_is_an_answer(store):
    fill(store, [])
    assert flows(store, "unit", ON).bands == ()
    assert tree(store, "unit", ON).root.people == []


@pytest.mark.parametrize("depth", [0, 13])
def test_depth_is_bounded(embedded_store, depth):
    with pytest.raises(UsageError):
        tree(embedded_store, "unit", ON, depth)
