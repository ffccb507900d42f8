"""Real careers against plain loops over the same rows, on both engines.

The ministers are asked in full on both. Of the baseball players (115,355 postings) the embedded
engine holds all, Neo4j those whose id begins with "ab" to "al": loading everybody there takes
minutes and asks nothing else. Without the folder of public data beside the repository the tests
are skipped.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

import pytest

from bench.careers_data import Tables, baseball, ministers, put, shared_data
from graph.settings import Settings
from graph.store import Store, open_store
from queries.careers.flows import flows
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from queries.careers.posts_history import history
from queries.careers.routes import RouteEnd, routes
from queries.careers.tree import tree
from queries.personnel import personnel
from tests.queries.personnel import literal

MINISTERS_ON = date(2024, 8, 1)
BASEBALL_ON = date(2025, 1, 1)
SUBSET = ("ab", "ac", "ad", "ai", "ak", "al")
Both = pytest.param("neo4j", marks=pytest.mark.bolt)


def public(name: str) -> Path:
    folder = shared_data(name)
    if folder is None:
        pytest.skip("the folder of public data is not beside the repository")
    return folder


@pytest.fixture(scope="module")
def minister_rows() -> Tables:
    return ministers(public("uk-ministers"))


@pytest.fixture(scope="module")
def player_rows() -> Tables:
    return baseball(public("baseball-careers"))


def opened(request: pytest.FixtureRequest, folder: Path, rows: Tables) -> Iterator[Store]:
    """Put the rows into the engine that the fixture asks for, once for all tests of the module."""
    if request.param == "neo4j":
        store: Store = request.getfixturevalue("opened_neo4j")
        store.write("MATCH (n) CALL (n) { DETACH DELETE n }")
        put(store, rows)
        yield store
        return
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        put(store, rows)
        yield store


@pytest.fixture(scope="module", params=["embedded", Both])
def cabinet(request, tmp_path_factory, minister_rows) -> Iterator[Store]:
    yield from opened(request, tmp_path_factory.mktemp("cabinet"), minister_rows)


@pytest.fixture(scope="module", params=[pytest.param("embedded", marks=pytest.mark.slow), Both])
def league(request, tmp_path_factory, player_rows) -> Iterator[tuple[Store, Tables]]:
    rows = player_rows
    if request.param == "neo4j":
        kept = [row for row in rows["rotations"] if row["person"].startswith(SUBSET)]
        people = {row["person"] for row in kept}
        rows = {
            **rows,
            "rotations": kept,
            "people": [row for row in rows["people"] if row["id"] in people],
        }
        assert 1_000 < len(kept) < 20_000
    else:
        assert len(rows["rotations"]) == 115_355
    folder = tmp_path_factory.mktemp("league")
    for store in opened(request, folder, rows):
        yield store, rows


def by_person(rows: Tables, on: date) -> dict[str, list[dict]]:
    """Sort each person's postings as the columns do: by begin, end, id."""
    found: dict[str, list[dict]] = defaultdict(list)
    for row in rows["rotations"]:
        if row["since"] and row["since"] <= on.isoformat():
            found[row["person"]].append(row)
    for postings in found.values():
        postings.sort(key=lambda row: (row["since"], row["until"] or "9999", row["id"]))
    return found


def main_posts(rows: Tables, on: date) -> dict[str, list[tuple[dict, bool]]]:
    """Return each person's main posts in order, by the literal reading; True: remained in it."""
    row_of = {row["id"]: row for row in rows["rotations"]}
    held = {
        id_: literal.main_posts_by(person, on) for id_, person in literal.people_of(rows).items()
    }
    return {
        id_: [(row_of[posting.id], remains) for posting, _, remains in sequence]
        for id_, sequence in held.items()
        if sequence
    }


def arrivals(sequence: list[tuple[dict, bool]], key_of: dict) -> list[tuple]:
    """Return the moves between neighbouring keys that differ, without posts that one remains in."""
    pairs = pairwise(sequence)
    keys = [(key_of[a["post"]], key_of[b["post"]]) for (a, _), (b, remains) in pairs if not remains]
    return [(a, b) for a, b in keys if a != b]


def found(store: Store, steps: list[dict], on: date):
    return search(store, parse_steps(steps), on)


# --- ministers: full days, ranks, departments, overlaps ------------------------------------------


def test_ministers_from_junior_to_cabinet(cabinet, minister_rows):
    rank_of = {post["id"]: post["rank"] for post in minister_rows["posts"]}
    expected = {}
    for person, postings in by_person(minister_rows, MINISTERS_ON).items():
        pairs = [
            (one["since"], other["since"])
            for one in postings
            for other in postings
            if rank_of[one["post"]] == "PUSS" and rank_of[other["post"]] == "SoS"
            if one["id"] != other["id"] and one["since"] <= other["since"]
        ]
        if pairs:
            expected[person] = min(pairs)
    answer = found(cabinet, [{"rank": "PUSS"}, {"rank": "SoS"}], MINISTERS_ON)
    assert {m.person: tuple(d.isoformat() for d in m.days) for m in answer.people} == expected
    assert answer.count > 100
    months = sorted(m.months for m in answer.people)
    low, _, high = quantiles(months, n=4, method="inclusive")
    assert answer.median_months == median(months)
    assert answer.quartiles_months == (low, high)
    begins = [m.days[0] for m in answer.people]
    assert begins == sorted(begins)


def test_ministers_routes_go_by_main_posts(cabinet, minister_rows):
    answer = routes(
        cabinet, RouteEnd("rank", "PUSS"), RouteEnd("rank", "SoS"), MINISTERS_ON, "rank"
    )
    rank_of = {post["id"]: post["rank"] or None for post in minister_rows["posts"]}
    expected, ways = {}, {}
    for id_, person in literal.people_of(minister_rows).items():
        held = literal.main_posts_by(person, MINISTERS_ON)
        ranks = [(rank_of[posting.post], day) for posting, day, _ in held]
        pairs = [
            (one, other)
            for one, (low, _) in enumerate(ranks)
            for other, (high, _) in enumerate(ranks)
            if one < other and (low, high) == ("PUSS", "SoS")
        ]
        if pairs:
            one, other = min(pairs)
            expected[id_] = (ranks[one][1], ranks[other][1])
            way = [rank for rank, _ in ranks[one : other + 1]]
            ways[id_] = tuple(r for at, r in enumerate(way) if not at or way[at - 1] != r)
    walks = {walk.person: (walk, route) for route in answer.routes for walk in route.walks}
    assert {id_: (walk.since, walk.until) for id_, (walk, _) in walks.items()} == expected
    assert {id_: route.keys for id_, (_, route) in walks.items()} == ways
    assert answer.count > 100
    assert answer.chain is not None
    assert len(answer.chain) <= min(len(route.keys) - 1 for route in answer.routes)


def test_ministers_moves_between_departments(cabinet, minister_rows):
    unit_of = {post["id"]: post["unit"] for post in minister_rows["posts"]}
    expected: Counter[tuple[str, str]] = Counter()
    for sequence in main_posts(minister_rows, MINISTERS_ON).values():
        expected.update(arrivals(sequence, unit_of))
    answer = flows(cabinet, "unit", MINISTERS_ON)
    assert {(b.source, b.target): len(b.moves) for b in answer.bands} == dict(expected)
    assert answer.moves == sum(expected.values())


def test_ministers_changes_of_main_post_are_not_neighbouring_postings(cabinet, minister_rows):
    expected: Counter[tuple[str, str]] = Counter()
    post_of = {post["id"]: post["id"] for post in minister_rows["posts"]}
    for sequence in main_posts(minister_rows, MINISTERS_ON).values():
        expected.update(arrivals(sequence, post_of))
    answer = flows(cabinet, "post", MINISTERS_ON)
    assert {(b.source, b.target): len(b.moves) for b in answer.bands} == dict(expected)
    listed = {
        (row["person"], row["day"], row["to_post"])
        for row in personnel(cabinet).moves(MINISTERS_ON)
        if row["from_post"]
    }
    neighbours = {
        (person, other["since"], other["post"])
        for person, postings in by_person(minister_rows, MINISTERS_ON).items()
        for one, other in pairwise(postings)
        if one["post"] != other["post"]
    }
    # Of 2,386 neighbours 271 are no change of main post; 49 of 2,164 changes are no neighbours.
    assert (len(neighbours), len(neighbours - listed)) == (2_386, 271)
    assert (len(listed), len(listed - neighbours)) == (2_164, 49)
    assert answer.moves == 2_115  # of them 49 remain in a post that was also held


def test_ministers_who_left_are_not_on_the_way(cabinet, minister_rows):
    people = literal.people_of(minister_rows)
    answer = found(cabinet, [{"rank": "PUSS"}, {"rank": "SoS"}], MINISTERS_ON)
    rank_of = {post["id"]: post["rank"] for post in minister_rows["posts"]}
    held = by_person(minister_rows, MINISTERS_ON)
    arrived = {match.person for match in answer.people}
    started = {
        id_ for id_, postings in held.items() if any(rank_of[p["post"]] == "PUSS" for p in postings)
    }
    words = Counter(literal.in_service_on(people[id_], MINISTERS_ON) for id_ in started - arrived)
    assert answer.groups.arrived == len(arrived)
    assert answer.groups.on_the_way == words["yes"] + words["awaiting"]
    assert (answer.groups.left_before, answer.groups.not_known) == (words["no"], words["not_known"])
    assert (len(arrived), words["yes"], words["not_known"]) == (133, 125, 423)
    # Half of those who arrived did so within four years, half of all who began in fifteen.
    assert (answer.median_months, answer.times.incidence_median_months) == (48, 178)


def test_the_post_that_most_ministers_held(cabinet, minister_rows):
    begun = MINISTERS_ON.isoformat()
    rows = [row for row in minister_rows["rotations"] if row["since"] <= begun]
    post, count = Counter(row["post"] for row in rows).most_common(1)[0]
    answer = history(cabinet, post, MINISTERS_ON)
    assert len(answer.holders) == count
    begins = [each.row["since"] or "" for each in answer.holders]
    assert begins == sorted(begins)


# --- baseball: years only, returns to former teams, two teams in one year ------------------------


def test_players_from_shortstop_to_second_base(league):
    store, rows = league
    kind_of = {post["id"]: post["kind"] for post in rows["posts"]}
    expected = {}
    for person, postings in by_person(rows, BASEBALL_ON).items():
        pairs = [
            (one["since"], other["since"])
            for one in postings
            if kind_of[one["post"]] == "ss"
            for other in postings
            if kind_of[other["post"]] == "2b" and one["id"] != other["id"]
            if 0 <= int(other["since"]) - int(one["since"]) <= 2
        ]
        if pairs:
            expected[person] = min(pairs)
    steps = [{"post_kind": "ss"}, {"post_kind": "2b", "within_months": 24}]
    answer = found(store, steps, BASEBALL_ON)
    assert {m.person: tuple(str(d.year) for d in m.days) for m in answer.people} == expected
    assert expected


def test_players_moves_between_teams(league):
    store, rows = league
    unit_of = {post["id"]: post["unit"] for post in rows["posts"]}
    expected: Counter[tuple[str, str]] = Counter()
    first: Counter[str] = Counter()
    for sequence in main_posts(rows, BASEBALL_ON).values():
        first[unit_of[sequence[0][0]["post"]]] += 1
        expected.update(arrivals(sequence, unit_of))
    answer = flows(store, "unit", BASEBALL_ON)
    assert {(b.source, b.target): len(b.moves) for b in answer.bands} == dict(expected)
    assert {each.key: each.entered for each in answer.balances if each.entered} == dict(first)
    band = answer.bands[0]
    assert len({moved.person for moved in band.moves}) == band.people


def test_players_tree_counts_every_beginning(league):
    store, rows = league
    kind_of = {post["id"]: post["kind"] for post in rows["posts"]}
    expected: Counter[tuple[str, ...]] = Counter()
    for sequence in main_posts(rows, BASEBALL_ON).values():
        kinds = [kind_of[row["post"]] for row, _ in sequence]
        merged = [kind for at, kind in enumerate(kinds) if not at or kinds[at - 1] != kind]
        for length in range(1, min(len(merged), 3) + 1):
            expected[tuple(merged[:length])] += 1
    answer = tree(store, "post_kind", BASEBALL_ON, 3)
    for prefix, count in expected.items():
        branch = answer.at(list(prefix))
        assert branch is not None
        assert len(branch.people) == count
    meeting = answer.meetings[0]
    assert len(answer.together(meeting.depth, meeting.key)) == meeting.people
