"""The file of one person, asked without a web application, on each engine."""

from datetime import date

import pytest

from graph.errors import NotFound
from graph.store import Store
from queries.person_file import TieCount, person_file
from queries.post_file import post_file, post_list
from queries.unit_file import unit_file

DAY = date(2024, 6, 30)


def test_file_gathers_what_is_known_on_the_day(small_graph: Store):
    found = person_file(small_graph, "a", DAY)
    assert (found.as_of, found.role, found.state.main_post) == (DAY, "both", "t1")
    assert [(row["post"], row["how"]) for row in found.present] == [("t1", "main")]
    # What is planned is in the file where it is asked for only.
    assert found.planned == ()
    assert [row["post"] for row in person_file(small_graph, "a", DAY, True).planned] == ["o1"]
    assert (found.mentor_count, found.trainee_count) == (TieCount(1, 2), TieCount(1, 1))
    assert [(move["from_post"], move["to_post"], move["to_name"]) for move in found.career] == [
        (None, "o2", "区委办 科员"),
        ("o2", "v1", "柳村 村书记助理"),
        ("v1", "t1", "河东镇 镇党委副书记"),
    ]
    assert found.standing is None  # the small programme has no stages
    assert found.origin is None  # entered by hand
    assert {entry.lane for entry in found.line} == {
        "exercises", "mentors", "trainees", "activities", "records"
    }  # fmt: skip


def test_file_of_an_earlier_day_has_the_posts_of_that_day(small_graph: Store):
    found = person_file(small_graph, "a", date(2018, 1, 1))
    assert [row["post"] for row in found.present] == ["v1"]
    assert [move["to_post"] for move in found.career] == ["o2", "v1"]
    assert found.mentor_count == TieCount(2, 2)


def test_file_of_nobody_is_not_found(small_graph: Store):
    with pytest.raises(NotFound):
        person_file(small_graph, "NOPE", DAY)


def test_unit_and_post_are_asked_in_one_call(small_graph: Store):
    unit = unit_file(small_graph, "t", DAY)
    assert ([each.id for each in unit.way], unit.persons) == (["d", "t"], 1)
    assert [(row["post"], [h["person"] for h in row["holders"]]) for row in unit.posts] == [
        ("t1", ["a"])
    ]
    post = post_file(small_graph, "t1", DAY)
    assert ([row["person"] for row in post.now], post.persons) == (["a"], 2)
    listed = post_list(small_graph, DAY, unit="d")
    assert ([row["post"] for row in listed.posts], listed.empty) == (["o1", "o2", "t1", "v1"], 2)
