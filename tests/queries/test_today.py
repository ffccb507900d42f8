"""The first page's value: what changed lately, data without a programme, what is kept of many."""

from datetime import date
from pathlib import Path

import pytest

from graph.store import Store
from loaders.load import load
from queries import today as todays
from queries.lately import lately
from queries.scope import Scope
from queries.today import today
from tests.conftest import ROOT

DATA = {
    "units.csv": "id,name,kind,part_of\nd,某区,district,\nv,桥头村,village,d\n",
    "posts.csv": "id,title,unit,capacity\np1,村助理,v,2\np2,主任,d,1\n",
    "people.csv": "id,name,roles\na,王伟,trainee\nb,李娜,trainee\nm,赵敏,mentor\n",
    "mentoring.csv": "mentor,trainee,kind,since\nm,a,village,2019-09\nm,b,village,2021\n",
    "rotations.csv": (
        "person,post,kind,since,until\n"
        "a,p1,grassroots,2019,2024-03-05\n"
        "a,p2,appointment,2024-03-05,\n"  # the same day: one change
        "b,p1,grassroots,2021-07-01,2024-06-20\n"
        "m,p2,appointment,2010-01-01,2011-02-03\n"
    ),
}


@pytest.fixture
def store(embedded_store: Store, tmp_path: Path) -> Store:
    for name, text in DATA.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load(embedded_store, tmp_path)
    return embedded_store


def changes(store: Store, on: date, people: frozenset[str] | None = None) -> list[tuple]:
    return [(c.on, c.change, c.person, c.post) for c in lately(store, on, people).changes]


@pytest.mark.parametrize(
    ("on", "year", "expected"),
    [
        (date(2024, 3, 4), 2021, [("2021-07-01", "began", "b", "p1")]),  # nothing in 2024 yet
        (date(2024, 3, 5), 2024, [("2024-03-05", "began", "a", "p2")]),
        (date(2024, 6, 19), 2024, [("2024-03-05", "began", "a", "p2")]),
        (
            date(2024, 6, 20),
            2024,
            [("2024-06-20", "ended", "b", "p1"), ("2024-03-05", "began", "a", "p2")],
        ),
        (date(2019, 5, 1), 2019, [("2019", "began", "a", "p1")]),  # known to the year
        (date(2009, 12, 31), 2009, []),
    ],
)
def test_changes_are_of_the_year_by_the_day(store: Store, on: date, year: int, expected: list):
    found = lately(store, on)
    assert (found.year, found.count) == (year, len(expected))
    assert changes(store, on) == expected


def test_changes_of_some_people_are_theirs(store: Store):
    on = date(2024, 6, 30)
    assert changes(store, on, frozenset({"b"})) == [("2024-06-20", "ended", "b", "p1")]
    assert changes(store, on, frozenset()) == []
    assert (lately(store, on, most=1).count, len(lately(store, on, most=1).changes)) == (2, 1)


def test_data_without_a_programme_tells_what_is_on_file(store: Store):
    found = today(store, date(2024, 6, 30))
    assert found.programme is None
    file = found.on_file
    assert file is not None
    assert file.people == 3
    assert (file.counted, [(each.year, each.count) for each in file.decades]) == (
        "start", [(2010, 2), (2020, 1)],
    )  # fmt: skip
    assert [(each.id, each.count) for each in file.units] == [("d", 1)]  # who serves on the day
    assert [(each.id, each.count) for each in file.mentors] == [("m", 2)]
    past = today(store, date(2015, 1, 1)).on_file
    assert [(each.id, each.count) for each in past.units] == [("d", 1)]  # nobody serves: ever
    guided = today(store, date(2024, 6, 19), Scope("mentor", "m")).on_file
    assert [(each.id, each.count) for each in guided.units] == [("d", 1), ("v", 1)]
    assert guided.people == 2


def test_pairs_alone_are_counted_by_decade(embedded_store: Store, tmp_path: Path):
    for name in ("people.csv", "mentoring.csv"):
        (tmp_path / name).write_text(DATA[name], encoding="utf-8")
    load(embedded_store, tmp_path)
    found = today(embedded_store, date(2020, 12, 31))
    assert found.changes.count == 0
    assert found.on_file.counted == "pairs"
    assert [(each.year, each.count) for each in found.on_file.decades] == [(2010, 1)]


def test_figures_of_many_are_kept_and_marked_after_a_write(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(todays, "MOST_AT_ONCE", 0)
    load(embedded_store, ROOT / "tests" / "cases" / "programme-of-six")
    on = date(2024, 6, 30)
    assert (today(embedded_store, on).state, today(embedded_store, on).programme) in (
        ("counting", None), ("now", today(embedded_store, on, waits=True).programme),
    )  # fmt: skip
    todays._kept.wait(embedded_store)
    counted = today(embedded_store, on)
    assert counted.state == "now"
    assert counted.programme == today(embedded_store, on, waits=True).programme
    embedded_store.write("MATCH (p:Person {id: 'A'}) SET p.name = 'Another'", [("Person", "A", "")])
    after = today(embedded_store, on)
    assert (after.state, after.programme) == ("older", counted.programme)
    todays._kept.wait(embedded_store)
    assert today(embedded_store, on).state == "now"
