"""The largest number that is allowed and one more; "n more" where a filter is set."""

import pytest

from graph.errors import UsageError
from queries.careers.path_steps import MOST_MONTHS, MOST_STEPS, parse_steps
from queries.catalogue import QUERIES, ask
from queries.network.scene import scene
from queries.network.view import MOST, MOST_ASKED, View
from tests.boundaries.given import DAY, given, mentor, person
from webapp.api.general import SEARCH_LIMIT

PEOPLE = [person(f"t{n}", cohort=2020 + n % 2) for n in range(4)]


@pytest.fixture
def store(embedded_store, tmp_path):
    pairs = [
        {"id": f"g{n}", "mentor": "m", "trainee": f"t{n}", "kind": "town", "since": "2021-01-01"}
        for n in range(4)
    ]
    return given(embedded_store, tmp_path / "data", people=[*PEOPLE, mentor()], mentoring=pairs)


LIMITED = [
    (name, each.name)
    for name, query in QUERIES.items()
    for each in query.parameters
    if each.type == "integer"
]


@pytest.mark.parametrize(("name", "parameter"), LIMITED)
def test_a_question_takes_the_largest_number_and_no_larger_one(name, parameter):
    asked = QUERIES[name].parameter(parameter)
    assert asked.typed(str(asked.at_most)) == asked.at_most
    assert asked.typed(str(asked.at_least)) == asked.at_least
    for wrong in (asked.at_most + 1, asked.at_least - 1):
        with pytest.raises(UsageError):
            asked.typed(str(wrong))


@pytest.mark.parametrize(
    ("limit", "rows", "truncated"), [(3, 3, True), (4, 4, False), (5, 4, False)]
)
@pytest.mark.parametrize("name", ["people.list", "people.search"])
def test_rows_are_cut_only_when_there_is_one_more(store, app, name, limit, rows, truncated):
    more = {"role": "trainee"} if name == "people.list" else {"text": "学员"}
    answer = ask(store, name, limit=limit, **more)
    assert (len(answer.rows), answer.truncated) == (rows, truncated)
    told = app.test_client().get(f"/api/queries/{name}", query_string={"limit": limit, **more}).json
    assert (len(told["rows"]), told["truncated"]) == (rows, truncated)


@pytest.mark.parametrize(("limit", "truncated"), [(3, True), (4, False), (5, False)])
def test_a_search_says_that_there_is_more_only_when_there_is(store, app, limit, truncated):
    told = app.test_client().get(f"/api/search?q=学员&limit={limit}").json
    assert (len(told["results"]), told["truncated"]) == (min(limit, 4), truncated)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/search?q=x&limit=0", 400),
        ("/api/search?q=x&limit=1", 200),
        (f"/api/search?q=x&limit={SEARCH_LIMIT}", 200),
        (f"/api/search?q=x&limit={SEARCH_LIMIT + 1}", 400),
        ("/api/network?person=m&limit=0", 400),
        ("/api/network?person=m&limit=1", 200),
        (f"/api/network?person=m&limit={MOST}", 200),
        (f"/api/network?person=m&limit={MOST + 1}", 400),
        ("/api/careers/paths?limit=-1&steps=[{}]", 400),
        ("/api/careers/paths?limit=0&steps=[{}]", 200),
        ("/api/careers/paths?limit=1000000&steps=[{}]", 200),
        ("/api/careers/paths?limit=1000001&steps=[{}]", 400),
        ("/api/queries/people.list?limit=0", 400),
        ("/api/queries/people.list?limit=1", 200),
        ("/api/queries/people.list?limit=1000000", 200),
        ("/api/queries/people.list?limit=1000001", 400),
        ("/network?" + "&".join(f"cohort={1980 + n}" for n in range(MOST_ASKED)), 200),
        ("/network?" + "&".join(f"cohort={1980 + n}" for n in range(MOST_ASKED + 1)), 400),
    ],
)
def test_the_largest_limit_of_an_address_is_taken_and_one_more_is_not(store, app, address, status):
    assert app.test_client().get(address).status_code == status


@pytest.mark.parametrize(
    ("steps", "is_good"), [(0, False), (1, True), (MOST_STEPS, True), (MOST_STEPS + 1, False)]
)
def test_a_path_has_so_many_steps(steps, is_good):
    if is_good:
        assert len(parse_steps([{}] * steps)) == steps
    else:
        with pytest.raises(UsageError):
            parse_steps([{}] * steps)


@pytest.mark.parametrize(
    ("months", "is_good"), [(-1, False), (0, True), (MOST_MONTHS, True), (MOST_MONTHS + 1, False)]
)
def test_a_deadline_has_so_many_months(months, is_good):
    if is_good:
        (step,) = parse_steps([{"within_months": months}])
        assert step.as_dict() == {"within_months": months}
    else:
        with pytest.raises(UsageError):
            parse_steps([{"within_months": months}])


@pytest.mark.parametrize(
    ("limit", "shown", "more"),
    [(4, 4, 1), (5, 5, 0), (6, 5, 0)],  # the mentor and four trainees
)
def test_a_picture_says_how_many_more_there_are(store, limit, shown, more):
    found = scene(store, View(person=("m",), depth=1, limit=limit), DAY)
    assert (len(found.people), found.total) == (shown, 5)
    assert found.beyond.get("m", 0) == more
    assert found.left.get(("m", "trainees"), 0) == more


@pytest.mark.parametrize(
    ("limit", "shown", "more"),
    [(2, 2, 1), (3, 3, 0), (4, 3, 0)],  # two of the four are of 2020
)
def test_n_more_counts_only_whom_the_filter_lets_through(store, app, limit, shown, more):
    view = View(person=("m",), depth=1, limit=limit, only_cohort="2020")
    found = scene(store, view, DAY)
    assert (len(found.people), found.total, found.unmatched) == (shown, 3, 2)
    assert found.beyond.get("m", 0) == more
    assert found.left.get(("m", "trainees"), 0) == more
    address = f"/api/network?person=m&depth=1&limit={limit}&only_cohort=2020"
    told = app.test_client().get(address).json
    assert told["beyond"].get("m", 0) == more
    opened = scene(store, view.changed(expand=(("trainees", "m"),)), DAY)
    assert len(opened.people) == 3  # "n more" brings exactly those


@pytest.mark.parametrize(("cohort", "more"), [("2020", 1), ("2021", 1), ("2019", 0)])
def test_n_more_of_ties_opened_by_hand_keeps_to_the_filter(store, cohort, more):
    view = View(person=("m",), depth=0, limit=1, only_cohort=cohort, expand=(("trainees", "m"),))
    found = scene(store, view, DAY)
    assert found.left.get(("m", "trainees"), 0) == 0
    assert len(found.people) == 1 + 2 * more


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2022-02-28", "", 2),
        ("2022-03-01", "", 1),  # a tie that ended on the day is over
        ("2022-03-02", "", 1),
        ("", "2020-12-31", 1),
        ("", "2021-01-01", 2),  # a tie that begins on the last day is there
        ("", "2021-01-02", 2),
    ],
)
def test_a_tie_is_within_a_period_by_its_first_day_and_its_last_but_one(
    embedded_store, tmp_path, since, until, shown
):
    pair = {"id": "g", "mentor": "m", "trainee": "t", "since": "2021-01-01", "until": "2022-03-01"}
    store = given(embedded_store, tmp_path / "data", people=[person(), mentor()], mentoring=[pair])
    found = scene(store, View(person=("m",), depth=1, since=since, until=until), DAY)
    assert len(found.people) == shown
