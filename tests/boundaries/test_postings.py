"""Who holds a post, serves and has a rank on the day a posting begins, ends, and beside them."""

import json

import pytest

from queries.careers.at_level import share
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from queries.careers.posts_history import history
from queries.catalogue import ask
from queries.personnel import Known, KnownPosting, Terms, of_people, of_rows
from queries.personnel.state import AWAITING, NOT_KNOWN, YES
from queries.personnel.terms import ServiceKind
from queries.post_file import post_file
from queries.unit_file import unit_file
from tests.boundaries.given import around, day, given, person, posting

HELD = (False, True, True)
LEFT = (True, False, False)
ENDED = [posting("deputy", "2022-01-01", "2024-06-01")]


def holders(store, on) -> dict[str, bool]:
    """Say on each road whether the deputy's post is held."""
    text = day(on).isoformat()
    return {
        "posts.filled": any(
            row["person"] for row in ask(store, "posts.filled", on=text).rows
            if row["post"] == "deputy"
        ),
        "units.posts": any(
            row["person"] for row in ask(store, "units.posts", unit="T", on=text).rows
            if row["post"] == "deputy"
        ),
        "units.people": bool(ask(store, "units.people", unit="T", on=text).rows),
        "units.people above": bool(ask(store, "units.people", unit="D", on=text).rows),
        "units.roster": bool(ask(store, "units.roster", unit="T", on=text).rows),
        "people.list": bool(ask(store, "people.list", unit="T", on=text).rows),
        "state": "t-deputy-2022-01-01" in of_people(store, ["t"]).on(day(on)).posting_ids,
    }  # fmt: skip


@pytest.mark.parametrize(("on_day", "expected"), [("2022-01-01", HELD), ("2024-06-01", LEFT)])
def test_a_post_is_held_from_its_first_day_to_the_day_before_its_last(
    embedded_store, tmp_path, app, on_day, expected
):
    store = given(embedded_store, tmp_path / "data", rotations=ENDED)
    browser = app.test_client()
    for on, is_held in zip(around(on_day), expected, strict=True):
        assert set(holders(store, on).values()) == {is_held}, (on, holders(store, on))
        told = browser.get(f"/api/posts/deputy?on={on}").json
        assert bool(told["now"]) == is_held, on
        is_empty = on_day == "2024-06-01" and not is_held  # before the first holder is no gap
        assert bool(told["gaps"]) == is_empty, on
        assert bool(history(store, "deputy", on).vacancies) == is_empty, on
        shown = browser.get(f"/api/queries/units.people?unit=T&on={on}").json
        assert bool(shown["rows"]) == is_held, on


@pytest.mark.parametrize(
    ("until", "on", "is_held"),
    [
        ("2024-06", "2024-05-31", True),  # a month ends by its first day
        ("2024-06", "2024-06-01", False),
        ("2024", "2023-12-31", True),
        ("2024", "2024-01-01", False),
        ("9999-12-31", "2024-06-30", True),
    ],
)
def test_an_end_of_a_month_or_a_year_counts_from_its_first_day(
    embedded_store, tmp_path, until, on, is_held
):
    rows = [posting("deputy", "2022-01-01", until)]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert set(holders(store, on).values()) == {is_held}


@pytest.mark.parametrize(
    ("on", "is_held"), [("2024-01-01", True), ("2024-12-30", True), ("2024-12-31", False)]
)
def test_within_one_year_a_posting_lasts_to_the_last_day_of_it(
    embedded_store, tmp_path, on, is_held
):
    rows = [posting("deputy", "2024", "2024")]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert (ask(store, "units.people", unit="T", on=on).rows != []) == is_held


@pytest.mark.parametrize(
    ("on", "service"),
    [
        ("2024-05-31", YES),
        ("2024-06-01", AWAITING),
        ("2024-08-31", AWAITING),
        ("2024-09-01", NOT_KNOWN),  # three months after the last posting ended
        ("2024-09-02", NOT_KNOWN),
    ],
)
def test_three_months_after_the_last_posting_nobody_knows(embedded_store, tmp_path, on, service):
    store = given(embedded_store, tmp_path / "data", rotations=ENDED)
    state = of_people(store, ["t"]).on(day(on))
    assert int(state.in_service[state.model.columns.person_at["t"]]) == service


@pytest.mark.parametrize(
    ("on", "service", "holds"),
    [
        ("2024-05-31", "yes", {"p"}),
        ("2024-06-01", "no", set()),
        ("2024-06-02", "no", set()),
    ],
)
def test_who_retires_is_gone_on_that_day(on, service, holds):
    terms = Terms(ranks=("科员",), service={"retired": ServiceKind(in_service=False)})
    retired = Known("t", "2020-07-01", service=(("retired", "2024-06-01"),))
    held = KnownPosting("p", "t", "post", "appointment", "科员", "2022-01-01", None)
    state = of_rows([retired], [held], terms).on(day(on))
    assert (state["t"].in_service, state.posting_ids) == (service, holds)


@pytest.mark.parametrize(
    ("on", "rank"), [("2021-12-31", "科员"), ("2022-01-01", "副科"), ("2022-01-02", "副科")]
)
def test_a_rank_is_that_of_the_day(embedded_store, tmp_path, on, rank):
    rows = [posting("clerk", "2020-07-01", "2022-01-01"), *ENDED]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert of_people(store, ["t"]).on(day(on))["t"].rank == rank


@pytest.mark.parametrize(
    ("begins", "vacant"),
    [
        ("2024-05-31", 0),  # both hold it for a day
        ("2024-06-01", 0),
        ("2024-06-02", 1),  # a day without anybody
    ],
)
def test_a_successor_on_the_day_leaves_no_vacancy(embedded_store, tmp_path, begins, vacant):
    rows = [*ENDED, posting("deputy", begins, of="u")]
    people = [person(), person("u")]
    store = given(embedded_store, tmp_path / "data", people=people, rotations=rows)
    found = history(store, "deputy", day("2024-06-30")).vacancies
    assert [(each.since, each.until) for each in found] == [("2024-06-01", begins)] * vacant
    gaps = post_file(store, "deputy", day("2024-06-30")).gaps
    assert [(each["since"], each["until"]) for each in gaps] == [("2024-06-01", begins)] * vacant


@pytest.mark.parametrize(("cases", "expected"), [(9, None), (10, 0.5), (11, 0.5)])
def test_below_ten_cases_there_is_no_share(cases, expected):
    found = share(cases / 2, cases)
    assert found == expected


def test_files_of_post_and_unit_say_the_same_on_the_day(embedded_store, tmp_path):
    store = given(embedded_store, tmp_path / "data", rotations=ENDED)
    for on, is_held in zip(around("2024-06-01"), LEFT, strict=True):
        assert bool(post_file(store, "deputy", on).now) == is_held, on
        of_unit = unit_file(store, "T", on)
        assert of_unit.persons == is_held, on
        (post,) = [each for each in of_unit.posts if each["post"] == "deputy"]
        assert bool(post["holders"]) == is_held, on


# --- deadlines of a path -------------------------------------------------------------------------


def ways(store, *steps, on="2024-06-30") -> int:
    return search(store, parse_steps(list(steps)), day(on)).count


FIRST = {"post": "clerk"}


def beside(since: str):
    return posting("deputy", since, marks="concurrent")


@pytest.mark.parametrize(
    ("since", "second", "count"),
    [
        ("2022-06-30", {"within_months": 24}, 1),
        ("2022-07-01", {"within_months": 24}, 1),  # the last day
        ("2022-07-02", {"within_months": 24}, 0),
        ("2022-06-30", {"not_before_months": 24}, 0),
        ("2022-07-01", {"not_before_months": 24}, 1),
        ("2022-07-02", {"not_before_months": 24}, 1),
        ("2022-06-30", {"within_months_of_entry": 24}, 1),
        ("2022-07-01", {"within_months_of_entry": 24}, 1),
        ("2022-07-02", {"within_months_of_entry": 24}, 0),
        ("2020-07-01", {"within_months": 0}, 1),
        ("2020-07-02", {"within_months": 0}, 0),
    ],
)
def test_a_deadline_of_a_path_holds_on_its_last_day(
    embedded_store, tmp_path, app, since, second, count
):
    rows = [
        posting("clerk", "2020-07-01", "2023-01-01"),
        posting("deputy", since, marks="concurrent"),
    ]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    steps = [FIRST, {"post": "deputy", **second}]
    assert ways(store, *steps) == count
    found = search(store, parse_steps(steps), day("2024-06-30"))
    assert len(store.read(found.cypher)) == count  # the same by the Cypher that is shown
    told = app.test_client().get("/api/careers/paths", query_string={"steps": json.dumps(steps)})
    assert told.json["count"] == count


@pytest.mark.parametrize(
    ("since", "count"),
    [("2021-02-27", 1), ("2021-02-28", 1), ("2021-03-01", 0)],
)
def test_a_year_after_a_leap_day_ends_on_the_28th(embedded_store, tmp_path, since, count):
    rows = [
        posting("clerk", "2020-02-29", "2023-01-01"),
        posting("deputy", since, marks="concurrent"),
    ]
    people = [person(joined_on="2020-02-29")]
    store = given(embedded_store, tmp_path / "data", people=people, rotations=rows)
    steps = [FIRST, {"post": "deputy", "within_months": 12}]
    assert ways(store, *steps) == count
    found = search(store, parse_steps(steps), day("2024-06-30"))
    assert len(store.read(found.cypher)) == count


@pytest.mark.parametrize(
    ("between", "count"),
    [
        ("2020-07-01", 1),  # begun together with the first: nothing lies between
        ("2021-01-01", 0),
        ("2022-07-01", 1),  # begun together with the second
        ("2022-07-02", 1),
    ],
)
def test_directly_means_that_nothing_begins_between(embedded_store, tmp_path, between, count):
    rows = [
        posting("clerk", "2020-07-01", "2023-01-01"),
        posting("village", between, marks="concurrent"),
        posting("deputy", "2022-07-01", marks="concurrent"),
    ]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    steps = [FIRST, {"post": "deputy", "directly": True}]
    assert ways(store, *steps) == count
    found = search(store, parse_steps(steps), day("2024-06-30"))
    assert len(store.read(found.cypher)) == count


@pytest.mark.parametrize(("on", "count"), [("2022-06-30", 0), ("2022-07-01", 1), ("2022-07-02", 1)])
def test_a_step_counts_from_the_day_on_which_it_begins(embedded_store, tmp_path, on, count):
    rows = [posting("clerk", "2020-07-01", "2022-07-01"), posting("deputy", "2022-07-01")]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert ways(store, FIRST, {"post": "deputy"}, on=on) == count
