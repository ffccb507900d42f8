"""Who is in a scope on a day: a unit with all below, a cohort, whom a mentor guides."""

from datetime import date

import pytest

from graph.errors import AppError, NotFound, UsageError
from graph.store import Store
from queries.personnel import personnel
from queries.programme.on_day import facts_on
from queries.scope import Scope, counted_in, mentor_called, people_of, read_scope

PEOPLE: tuple[tuple[str, str, set[str]], ...] = (
    # the day before, on the day and after it, of a move from a village to its township
    ("unit:v", "2019-09-30", {"a"}),
    ("unit:v", "2019-10-01", set()),
    ("unit:t", "2019-09-30", {"a"}),
    ("unit:t", "2019-12-01", {"a", "b"}),
    ("unit:d", "2019-12-01", {"a", "b", "m"}),
    ("unit:d", "2024-06-30", {"a", "m"}),  # what is planned is held by nobody yet
    ("unit:d", "1990-01-01", {"k"}),  # since nobody knows when
    ("cohort:2017", "2024-06-30", {"a"}),
    ("cohort:2017", "2016-12-31", set()),  # its year has not come
    ("cohort:2018", "2018-06-30", set()),  # nobody of it is on file yet
    ("cohort:2018", "2018-07-01", {"b"}),
    ("cohort:2031", "2024-06-30", set()),  # nobody ever was
    ("mentor:m", "2019-08-31", {"a", "b"}),
    ("mentor:m", "2019-09-01", {"b"}),
    ("mentor:g", "2009-12-31", {"k"}),  # since nobody knows when
    ("mentor:g", "2010-01-01", {"m", "k"}),
    ("mentor:x", "2024-06-30", set()),  # without trainees
)


def test_who_is_in_a_scope_on_a_day(small_graph: Store):
    found = [
        (scope, day, set(people_of(small_graph, read_scope(scope), date.fromisoformat(day))))
        for scope, day, _people in PEOPLE
    ]
    assert found == [(scope, day, people) for scope, day, people in PEOPLE]


def test_a_scope_counts_the_trainees_on_the_roll(small_graph: Store):
    day = date(2024, 6, 30)
    assert counted_in(small_graph, None, day) == 4
    assert counted_in(small_graph, Scope("unit", "d"), day) == 2
    assert counted_in(small_graph, Scope("mentor", "g"), day) == 0  # g guides k alone, who is none
    assert counted_in(small_graph, None, date(2016, 6, 1)) == 1  # of m alone is anything known


def test_facts_of_a_unit_and_a_scope_are_of_who_is_in_both(small_graph: Store):
    day = date(2024, 6, 30)
    everybody = set(facts_on(small_graph, day).trainees)
    assert everybody == {"a", "b", "c", "m"}
    of = {
        (unit, scope): set(facts_on(small_graph, day, unit, read_scope(scope)).trainees)
        for unit in ("", "t")
        for scope in ("unit:d", "cohort:2010")
    }
    assert of == {
        ("", "unit:d"): {"a", "m"},
        ("", "cohort:2010"): {"m"},
        ("t", "unit:d"): {"a"},
        ("t", "cohort:2010"): set(),
    }


def test_a_unit_is_where_the_main_post_is(small_graph: Store):
    day = personnel(small_graph).on(date(2019, 12, 1))
    assert {id_: day.unit_of(id_) for id_ in "abmxk"} == {
        "a": "t", "b": "v", "m": "o", "x": None, "k": None,
    }  # fmt: skip
    assert day.unit_of("nobody") is None
    assert day.in_unit("nowhere") == frozenset()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("U08", "no scope"),
        ("unit:", "no scope"),
        ("town:U08", "no scope"),
        (":", "no scope"),
        ("cohort:19", "no year"),
        ("cohort:0000", "no year"),
        ("cohort:２０１９", "no year"),
    ],
)
def test_a_scope_that_is_none_is_refused(text: str, told: str):
    with pytest.raises(UsageError, match=told) as error:
        read_scope(text)
    assert "in=" in str(error.value)


@pytest.mark.parametrize("text", ["unit:nowhere", "mentor:nobody", "mentor:t", "unit:a"])
def test_a_scope_of_what_is_not_stored_is_told(small_graph: Store, text: str):
    with pytest.raises(NotFound) as error:
        people_of(small_graph, read_scope(text), date(2024, 6, 30))
    said: AppError = error.value
    assert text.partition(":")[2] in str(said) and "leave in out" in str(said)


def test_a_name_that_one_mentor_has_alone_names_the_mentor(small_graph: Store):
    assert mentor_called(small_graph, "曾国安") == "g"
    assert mentor_called(small_graph, "李敏") is None  # guides nobody
    small_graph.write("MATCH (p:Mentor {id: 'm'}) SET p.name = '曾国安'")
    assert mentor_called(small_graph, "曾国安") is None
