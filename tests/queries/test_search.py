"""Who is found, and what tells namesakes apart, on the small district of 2024-06-30."""

from datetime import date

import pytest

from graph.errors import NotFound
from graph.store import Store
from queries.cards import role_of
from queries.search import nearest, search, small_card
from queries.sentences import Term

DAY = date(2024, 6, 30)


def test_person_is_told_by_cohort_and_posts(small_graph: Store):
    (found,) = search(small_graph, "liming", DAY)
    assert (found.kind, found.id, found.name, found.cohort) == ("person", "a", "李明", 2017)
    assert found.places == ("河东镇 镇党委副书记",)
    assert role_of(found.roles) == "both"


def test_people_come_first_then_units_then_posts(small_graph: Store):
    assert [(hit.kind, hit.places) for hit in search(small_graph, "镇", DAY)] == [
        ("unit", ("石峰区",)),
        ("post", ("河东镇",)),
    ]
    assert search(small_graph, "  ", DAY) == []


def test_small_card_of_a_unit_and_a_post_has_its_kind_and_rank(small_graph: Store):
    unit, post = (
        small_card(small_graph, "units", "t", DAY),
        small_card(small_graph, "posts", "t1", DAY),
    )
    assert unit is not None and unit.term == Term("unit_kinds", "township")
    assert post is not None and (post.places, post.term) == (("河东镇",), Term("ranks", "副科"))
    assert small_card(small_graph, "people", "NOPE", DAY) is None
    with pytest.raises(NotFound):
        small_card(small_graph, "units", "NOPE", DAY)


def test_a_name_that_nobody_has_finds_the_nearest(small_graph: Store):
    assert "a" in {hit.id for hit in nearest(small_graph, "李铭", DAY)}


def test_nobody_is_found_before_the_first_fact(small_graph: Store):
    assert [hit.id for hit in search(small_graph, "liming", date(2017, 8, 1))] == ["a"]
    assert search(small_graph, "liming", date(2017, 7, 31)) == []
    assert "a" not in {hit.id for hit in nearest(small_graph, "李铭", date(2017, 7, 31))}
