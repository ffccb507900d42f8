"""Cases of the personnel specification through flows, the tree, routes, a post and paths."""

from datetime import date

import pytest

from graph.store import Store
from queries.careers.flows import flows
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from queries.careers.posts_history import history
from queries.careers.routes import RouteEnd, routes
from queries.careers.tree import tree
from tests.queries.careers.careers_rows import posting
from tests.queries.careers.test_path_states import PROGRAMME, stored

ON = date(2024, 6, 30)
HEAD, FORCE, VICE = "b:head:x:mid", "f:force:x:high", "d:vice:x:high"
# Case 1: a task force beside the post of a head. Case 19: secretary and director at once.
ROWS = [
    posting("one", HEAD, "2019-01-01", "2023-03-01"),
    posting("one", FORCE, "2021-01-01", "2022-01-01", kind="secondment"),
    posting("one", VICE, "2023-03-01"),
    posting("two", "s:secretary:x:high", "2015-01-01", "2018-01-01"),
    posting("two", "s:director:x:mid", "2015-01-01"),
]


@pytest.fixture
def cases(embedded_store: Store) -> Store:
    return stored(embedded_store, ROWS)


def test_case_1_after_head_comes_vice_and_no_task_force_is_in_the_chain(cases):
    assert [each.post for each in history(cases, HEAD, ON).after] == [VICE]
    found = routes(cases, RouteEnd("rank", "mid"), RouteEnd("rank", "high"), ON)
    assert [(hop.source, hop.target) for hop in found.chain or ()] == [(HEAD, VICE)]
    assert [(route.keys, route.median_months) for route in found.routes] == [((HEAD, VICE), 50)]
    assert tree(cases, "post", ON).at([HEAD, VICE]) is not None
    assert tree(cases, "post", ON).at([HEAD, FORCE]) is None
    answer = flows(cases, "post", ON)
    assert [(band.source, band.target) for band in answer.bands] == [(HEAD, VICE)]
    assert answer.beside == 1
    beside = search(cases, parse_steps([{"post": HEAD, "while": {"post": FORCE}}]), ON)
    assert beside.count == 1  # asked for with "while"


def test_case_19_who_remains_in_the_other_post_has_arrived_nowhere(cases):
    found = history(cases, "s:secretary:x:high", ON)
    assert (found.after, found.groups.arrived, found.groups.on_the_way) == ((), 0, 1)
    other = history(cases, "s:director:x:mid", ON)
    assert other.before == ()
    assert [each.held_as for each in other.holders] == ["main"]
    early = history(cases, "s:director:x:mid", date(2017, 12, 31))
    assert [each.held_as for each in early.holders] == ["also_held"]


@pytest.mark.parametrize(
    ("day", "left", "not_known"),
    [
        ("2018-06-01", 0, 0),  # the last dated fact: in service
        ("2018-06-02", 0, 1),
        ("2021-06-30", 0, 1),  # three years before the load: not known since 2018-06-01
        ("2024-02-29", 0, 1),
        ("2024-03-01", 1, 0),  # the day of the load
    ],
)
def test_case_17_left_without_a_day(embedded_store, day, left, not_known):
    rows = [posting("gone", HEAD, "2015-01-01"), posting("gone", "x:y", "2018-06-01", "2018-06-01")]
    stored(embedded_store, rows)
    text = PROGRAMME + "statuses: [{key: resigned, zh: 辞职, en: resigned, counts: false}]\n"
    embedded_store.write("MATCH (p:Programme) SET p.rules = $text", text=text)
    embedded_store.write(
        "MATCH (p:Person {id: 'gone'}) SET p.status = 'resigned' "
        "CREATE (:Load {number: 1, id: 'l1', at: '2024-03-01T08:00:00'})"
    )
    embedded_store.write("MATCH (p:Person {id: 'gone'}) SET p.origin = 1")
    steps = parse_steps([{"post": HEAD}, {"reaches": {"rank": "high"}}])
    groups = search(embedded_store, steps, date.fromisoformat(day)).groups
    assert (groups.left_before, groups.not_known) == (left, not_known)
    assert groups.on_the_way == 1 - left - not_known
