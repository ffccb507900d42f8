"""The same odd careers through every figure: overlaps, reversed, open, same-day and one-day
postings, a gap and a return, each worked out by hand.

overlaps   x 2010 to 2014, y within it (the later begun is the main post), z from the end of x on
reversed   x ends before it begins and was never held, then y, still open
brief      x for one day, y for one day, five years of nothing, then x again
same-day   x and y begin on one day: x, which ends, is the main post first; y was also held
"""

from datetime import date

import pytest

from graph.programme import EMPTY_PROGRAMME
from graph.store import Store
from queries.careers.compare import compare
from queries.careers.flows import flows
from queries.careers.history import career
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from queries.careers.posts_history import history
from queries.careers.routes import RouteEnd, routes
from queries.careers.tree import tree
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
X, Y, Z = "u:x", "u:y", "u:z"
CAREERS = [
    posting("overlaps", X, "2010-01-01", "2014-01-01"),
    posting("overlaps", Y, "2012-01-01", "2013-01-01"),
    posting("overlaps", Z, "2014-01-01"),
    posting("reversed", X, "2010-01-01", "2009-01-01"),
    posting("reversed", Y, "2011-01-01"),
    posting("brief", X, "2010-01-01", "2010-01-02"),
    posting("brief", Y, "2010-01-02", "2010-01-03"),
    posting("brief", X, "2015-01-01"),
    posting("same-day", X, "2010-01-01", "2012-01-01"),
    posting("same-day", Y, "2010-01-01"),
]


@pytest.fixture
def odd(store: Store) -> Store:
    return fill(store, CAREERS)


def who(moves) -> list[tuple[str, int | None]]:
    return [(moved.person, moved.months) for moved in moves]


def test_flows_go_by_main_posts(odd):
    answer = flows(odd, "post", ON)
    assert {(band.source, band.target): who(band.moves) for band in answer.bands} == {
        (X, Y): [("brief", 0), ("overlaps", 24)],
        (X, Z): [("overlaps", 12)],  # x was the main post again for a year
        (Y, X): [("brief", 59)],  # overlaps remains in x, which is no arrival
    }
    assert (answer.moves, answer.people) == (4, 2)
    assert [(band.source, band.people) for band in answer.bands] == [(X, 2), (X, 1), (Y, 1)]
    assert {
        (each.key, each.gained, each.lost, each.net, each.entered) for each in answer.balances
    } == {(X, 1, 3, -2, 3), (Y, 2, 1, 1, 1), (Z, 1, 0, 1, 0)}
    assert who(answer.gained(X)) == [("brief", 59)]
    assert who(answer.lost(Y)) == [("brief", 59)]
    assert who(answer.entered(X)) == [
        ("brief", None), ("overlaps", None), ("same-day", None),
    ]  # fmt: skip


def test_tree_goes_by_main_posts(odd):
    answer = tree(odd, "post", ON)
    first, second = answer.at([X]), answer.at([X, Y])
    assert first is not None
    assert second is not None
    assert (len(first.people), first.ended) == (3, 0)
    assert (len(second.people), second.ended, second.median_months) == (3, 1, 24)
    assert [(each.key, len(each.people)) for each in second.branches] == [(X, 2)]
    assert answer.meetings == ()
    assert answer.together(3, X) == [("brief", "Nbrief"), ("overlaps", "Noverlaps")]
    assert answer.together(3, X, (Z,)) == []


def test_routes_go_from_the_first_a_to_the_first_later_b(odd):
    answer = routes(odd, RouteEnd("post", X), RouteEnd("post", Y), ON)
    (route,) = answer.routes
    assert route.keys == (X, Y)
    assert [(walk.person, walk.months) for walk in route.walks] == [
        ("brief", 0), ("overlaps", 24), ("same-day", 24),
    ]  # fmt: skip
    assert (answer.count, answer.median_months) == (3, 24)
    assert [walk.person for walk in answer.fastest] == ["brief"]
    onward = routes(odd, RouteEnd("post", X), RouteEnd("post", Z), ON)
    assert [[len(hop.people) for hop in onward.chain or ()]] == [[1]]


def test_paths_go_by_the_begins(odd):
    def found(*steps):
        return search(odd, parse_steps(list(steps)), ON)

    assert found({"post": X}, {"post": Y, "directly": True}).count == 4
    again = found({"post": X}, {}, {"post": X})
    assert [match.person for match in again.people] == ["brief"]
    assert found({"post": X}, {"post": Z, "directly": True}).count == 0
    waiting = found({"post": X}, {"post": Z, "directly": True}).waiting_people
    # brief holds x again, and nothing has begun since the one day of same-day
    assert [id_ for id_, _ in waiting] == ["brief", "same-day"]
    late = found({"post": X}, {"post": Y, "not_before_months": 12})
    assert [match.person for match in late.people] == ["reversed", "overlaps"]


def test_a_post_has_its_holders_and_the_gap(odd):
    found = history(odd, X, ON)
    assert [(each.person, each.months, each.runs) for each in found.holders] == [
        ("reversed", None, False),
        ("brief", 0, False),
        ("same-day", 24, False),
        ("overlaps", 48, False),
        ("brief", 113, True),
    ]
    assert [(gap.since, gap.until, gap.months, gap.certain) for gap in found.vacancies] == [
        ("2014-01-01", "2015-01-01", 12, True)
    ]
    assert (found.ended, found.median_months) == (3, 24)
    assert [(a.post, len(a.people), a.median_months) for a in found.after] == [
        (Y, 2, 12),
        (Z, 1, 12),
    ]
    (before,) = found.before
    assert (before.post, before.people, before.median_months) == (Y, (("brief", "Nbrief"),), 59)
    assert (found.entered, found.stayed) == (3, 1)


def test_a_career_names_its_gaps_and_what_runs_beside(odd):
    def of(person):
        return career(odd, person, ON, EMPTY_PROGRAMME)

    assert [(g.since, g.until, g.months, g.certain) for g in of("brief").gaps] == [
        ("2010-01-03", "2015-01-01", 59, True)
    ]
    assert of("overlaps").gaps == ()
    assert [(a["post"], b["post"], since, until) for a, b, since, until in of("overlaps").together
            ] == [(X, Y, "2012-01-01", "2013-01-01")]  # fmt: skip
    assert [p.lane for p in of("overlaps").postings] == [0, 1, 0]
    assert [(p.reversed, p.months) for p in of("reversed").postings] == [(True, None), (False, 161)]
    # nobody knows where the person was after a posting that ends before it begins
    assert [(g.since, g.until) for g in of("reversed").gaps] == [("2010-01-01", "2011-01-01")]


def test_what_two_share_is_the_time_in_which_both_ran(odd):
    found = compare(odd, ["overlaps", "same-day"], ON, EMPTY_PROGRAMME)
    assert {(s.what, s.key, s.since, s.until) for s in found.shared} == {
        ("post", X, "2010-01-01", "2012-01-01"),
        ("post", Y, "2012-01-01", "2013-01-01"),
        ("unit", "u", "2010-01-01", "2012-01-01"),
        ("unit", "u", "2012-01-01", "2013-01-01"),
        ("unit", "u", "2014-01-01", None),
    }
    # a reversed posting shares nothing
    other = compare(odd, ["overlaps", "reversed"], ON, EMPTY_PROGRAMME)
    assert {(s.what, s.key) for s in other.shared} == {("post", Y), ("unit", "u")}
