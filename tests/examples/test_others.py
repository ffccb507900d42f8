"""The people of the reference district whose career has a turn: what its README says of each.

Expectations are worked out from the files by hand, on the day before, on the day, and later.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import check, load
from queries.catalogue import ask
from queries.personnel import personnel
from tests.conftest import ROOT

SHIFENG = ROOT / "examples" / "shifeng"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("others") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        load(store, SHIFENG)
        yield store


STATES = [  # person, day, in service, main post, also holds, meanwhile at, rank
    ("M007", "2021-01-19", "yes", "P47", [], [], None),
    ("M007", "2021-01-20", "yes", "P47", ["P61"], [], None),
    ("C001", "2023-04-19", "yes", "P62", ["P63"], [], "正科"),
    ("C001", "2023-04-20", "yes", "P63", [], [], "副科"),
    ("C001", "2024-09-30", "yes", "P63", [], [], "副科"),
    ("C001", "2024-10-01", "no", None, [], [], None),
    ("C002", "2023-04-19", "yes", "P66", [], [], "副科"),
    ("C002", "2023-04-20", "yes", "P70", [], [], "正科"),
    ("C003", "2024-06-30", "yes", "P65", ["P64"], [], "副科"),
    ("C004", "2023-10-31", "yes", "P64", [], [], "正科"),
    ("C004", "2023-11-01", "no", None, [], [], None),
    ("C004", "2024-01-14", "no", None, [], [], None),
    ("C005", "2021-06-14", "yes", "P66", [], [], "副科"),
    ("C005", "2021-06-15", "yes", "P67", [], [], "科员"),
    ("C006", "2021-06-15", "no", None, [], [], None),
    ("C006", "2021-06-16", "yes", "P66", [], [], "副科"),
    ("C007", "2023-10-15", "yes", "P65", [], [], "副科"),
    ("C007", "2023-10-16", "no", None, [], [], None),
    ("C008", "2022-05-31", "yes", "P68", [], [], "科员"),
    ("C008", "2022-06-01", "no", None, [], [], None),
    ("C009", "2020-07-30", "yes", "P68", [], [], "科员"),
    ("C009", "2020-08-01", "not_known", None, [], [], None),
    ("C010", "2020-01-05", "awaiting", None, [], [], "科员"),
    ("C010", "2024-06-30", "not_known", None, [], [], None),
    ("C011", "2024-05-19", "yes", "P67", [], ["P71"], "科员"),
    ("C011", "2024-05-20", "yes", None, [], ["P71"], None),
    ("C012", "2018-12-31", "yes", "P65", [], [], "副科"),
    ("C013", "2021-06-01", "yes", "P70", [], ["P71"], "正科"),
    ("C013", "2023-03-01", "yes", "P72", [], [], "副处"),
    ("C014", "2013-01-19", "yes", "P67", [], [], "科员"),
    ("C014", "2013-01-20", "no", None, [], [], None),
    ("C014", "2020-03-01", "yes", "P67", [], [], "科员"),
    ("C014", "2022-12-01", "yes", "P67", [], ["P71"], "科员"),
    ("C015", "2024-06-30", "awaiting", None, [], [], "科员"),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state[0]} on {state[1]}")
def test_the_state_of_each_is_the_one_that_the_readme_tells(district: Store, state: tuple):
    person, day, *expected = state
    (row,) = ask(district, "people.state", person=person, on=day).rows
    told = [row[key] for key in ("in_service", "main_post", "also_holds", "meanwhile_at", "rank")]
    assert told == expected


def test_their_careers_are_moves(district: Store):
    def moves(person: str) -> list[tuple]:
        rows = ask(district, "careers.moves", person=person, on="2024-06-30").rows
        return [(row["day"], row["to_post"], row["gap_days"], row["how"]) for row in rows]

    assert moves("C001") == [
        ("2019-05-20", "P62", None, "move"),
        ("2023-04-20", "P63", 0, "remains_in"),
    ]
    assert [move[1] for move in moves("C012")] == ["P65", "P63", "P69"]
    assert [move[1:] for move in moves("C013")] == [
        ("P70", None, "move"), ("P72", 0, "move"),
    ]  # fmt: skip
    assert [move[1] for move in moves("C014")] == ["P67"]  # back in the same post: no move
    assert [move[1] for move in moves("C003")] == ["P65"]  # acting is no change of main post


def test_one_end_is_not_recorded_and_the_check_says_so(district: Store):
    model = personnel(district)
    marked = [model.columns.ids[at] for at in model.end_not_recorded.nonzero()[0].tolist()]
    assert marked == ["RT0176"]  # C002 in P66
    (problem,) = check(SHIFENG)
    assert (problem.code, problem.value) == ("overlapping-posts", "C002")


def test_totals_count_who_left_only_until_that_day(district: Store):
    def totals(day: str) -> dict[str, int]:
        return {row["key"]: row["value"] for row in ask(district, "programme.totals", on=day).rows}

    before, after = totals("2023-10-15"), totals("2023-10-16")
    changed = {key: before[key] - after[key] for key in before if before[key] != after[key]}
    assert changed == {
        "trainees": 1, "key_posts": 1, "platform": 1, "courses": 1, "seminars": 1,
        "to_deputy_section": 1,
    }  # fmt: skip
    for row in ask(district, "programme.totals", on="2023-10-15").rows:
        behind = ask(district, "programme.total", key=row["key"], on="2023-10-15").rows
        assert len(behind) == row["value"]


def test_who_serves_stands_on_the_roll_and_who_left_does_not(district: Store):
    day = personnel(district).on(date(2024, 6, 30))
    assert {"C007", "C008", "C009", "C004"} & day.on_roll == set()
    assert {"T001", "T046", "C010"} <= day.on_roll
