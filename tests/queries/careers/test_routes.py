"""From A to B by hand: routes, times, the fastest, the typical, and the chain nobody walked."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dates import first_day
from graph.errors import NotFound, UsageError
from queries.careers.routes import RouteEnd, routes
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
LOW, HIGH = RouteEnd("rank", "low"), RouteEnd("rank", "high")


def found(store, start=LOW, end=HIGH, level="post_kind", **more):
    return routes(store, start, end, ON, level, **more)


CAREERS = [
    # a: village, office, office again, head: 48 months
    posting("a", "v:x:village:low", "2010", "2012"),
    posting("a", "o:y:office:low", "2012", "2013"),
    posting("a", "o:z:office:low", "2013", "2014"),
    posting("a", "o:h:head:high", "2014"),
    # b: the same route in 24 months
    posting("b", "v:x:village:low", "2015-01-01", "2016-01-01"),
    posting("b", "o:y:office:low", "2016-01-01", "2017-01-01"),
    posting("b", "o:h:head:high", "2017-01-01"),
    # c: straight, and back and up again, which does not count twice
    posting("c", "v:x:village:low", "2015-03", "2016-03"),
    posting("c", "o:h:head:high", "2016-03", "2017-03"),
    posting("c", "o:y:office:low", "2017-03", "2018-03"),
    posting("c", "o:h:head:high", "2018-03"),
    # d never arrives
    posting("d", "v:x:village:low", "2015"),
]


def test_routes_are_counted_with_their_times_and_people(store):
    answer = found(fill(store, CAREERS))
    assert [(r.keys, [(w.person, w.months) for w in r.walks]) for r in answer.routes] == [
        (("village", "office", "head"), [("b", 24), ("a", 48)]),
        (("village", "head"), [("c", 12)]),
    ]
    assert (answer.count, answer.median_months) == (3, 24)
    assert answer.routes[0].median_months == 36
    assert answer.routes[0].step_months == (18, 18)  # a: 24 + 24, b: 12 + 12
    assert answer.typical == answer.routes[0]
    assert [walk.person for walk in answer.fastest] == ["c"]
    assert answer.routes[0].share is None  # three cases are no percentage


def test_with_a_limit_the_first_a_that_is_soon_enough_counts(store):
    answer = found(fill(store, CAREERS), within_months=24)
    months = {w.person: w.months for r in answer.routes for w in r.walks}
    assert months == {"a": 24, "b": 24, "c": 12}


def test_share_is_given_from_ten_cases_on(store):
    rows = []
    for number in range(10):
        rows.append(posting(f"p{number}", "v:x:village:low", "2010"))
        if number < 3:
            rows.append(posting(f"p{number}", "o:y:office:low", "2011"))
        rows.append(posting(f"p{number}", "o:h:head:high", "2012"))
    assert [r.share for r in found(fill(store, rows)).routes] == [0.7, 0.3]


def test_chain_joins_moves_of_different_people(store):
    rows = [
        posting("a", "u:start::low", "2010"),
        posting("a", "u:mid", "2011"),
        posting("b", "u:mid", "2012"),
        posting("b", "u:end::high", "2013"),
        posting("c", "u:long", "2012"),
        posting("c", "u:mid", "2013"),
    ]
    answer = found(fill(store, rows), level="post")
    assert answer.count == 0
    assert [(hop.source, hop.target, hop.people) for hop in answer.chain or ()] == [
        ("u:start::low", "u:mid", (("a", "Na"),)),
        ("u:mid", "u:end::high", (("b", "Nb"),)),
    ]


def test_chain_takes_the_way_that_more_people_went(store):
    rows = []
    for person, posts in {
        "a": ("u:one::low", "u:mid"),
        "b": ("u:two::low", "u:mid"),
        "c": ("u:two::low", "u:mid"),
        "d": ("u:mid", "u:end::high"),
    }.items():
        rows += [posting(person, post, str(2010 + at)) for at, post in enumerate(posts)]
    chain = found(fill(store, rows)).chain
    assert [(hop.source, hop.target, [id_ for id_, _ in hop.people]) for hop in chain] == [
        ("u:two::low", "u:mid", ["b", "c"]),
        ("u:mid", "u:end::high", ["d"]),
    ]


def test_chain_ends_with_a_posting_that_is_b_itself(store):
    # q is held at the low rank by a, and at the high rank only after another post by b
    rows = [
        posting("a", "u:s::low", "2010"),
        posting("a", "u:q", "2011", rank="low"),
        posting("b", "u:t", "2010"),
        posting("b", "u:q", "2011", rank="high"),
    ]
    assert found(fill(store, rows), level="post").chain is None


def test_no_route_is_an_answer(store):
    answer = found(fill(store, CAREERS), start=HIGH, end=RouteEnd("rank", "higher"))
    assert (answer.count, answer.routes, answer.chain, answer.typical) == (0, (), None, None)
    assert answer.as_dict()["median_months"] is None


def test_of_two_posts_begun_on_one_day_one_is_also_held_and_nothing_is_a_route(store):
    rows = [posting("a", "u:x::high", "2020"), posting("a", "u:y::low", "2020-01-01")]
    answer = found(fill(store, rows), level="title")
    assert answer.routes == ()


def test_wrong_places_and_levels_are_named(embedded_store):
    fill(embedded_store, CAREERS)
    with pytest.raises(UsageError, match="wage"):
        RouteEnd("wage", "1")
    with pytest.raises(UsageError, match="shoe is not a level"):
        found(embedded_store, level="shoe")
    with pytest.raises(NotFound, match="nowhere"):
        found(embedded_store, start=RouteEnd("unit", "nowhere"))


a_row = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["u:x::low", "u:y::", "u:z::high"]), st.integers(0, 6)
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(a_row, max_size=9, unique_by=lambda row: (row[0], row[2])))
def test_routes_agree_with_a_plain_walk(embedded_store, rows):
    postings = [posting(person, post, f"20{10 + year}") for person, post, year in rows]
    fill(embedded_store, [*postings, posting("z", "u:x::low", None)])
    expected = {}
    for person in "ab":
        mine = sorted((p for p in postings if p["person"] == person), key=lambda p: p["since"])
        ranks = [p["post"].split(":")[3] for p in mine]
        if "low" not in ranks or "high" not in ranks[ranks.index("low") :]:
            continue
        low = ranks.index("low")
        high = ranks.index("high", low)
        titles = [p["post"].split(":")[1] for p in mine[low : high + 1]]
        merged = tuple(titles[:1] + [b for a, b in pairwise(titles) if a != b])
        years = first_day(mine[high]["since"]).year - first_day(mine[low]["since"]).year
        expected[person] = (merged, 12 * years)
    answer = found(embedded_store, level="title")
    assert {w.person: (r.keys, w.months) for r in answer.routes for w in r.walks} == expected
