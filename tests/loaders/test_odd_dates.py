"""Odd dates: a far end means no end wherever a row comes from; others are kept and told once."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from graph.dates import add_months
from graph.store import Store
from loaders import entry
from loaders.load import check, load

PEOPLE = "id,name,roles\nT1,王伟,trainee\nM1,李娜,mentor\n"


def from_today(text: str) -> str:
    """Put the day, or the year, a century after today in its place; a run may pass midnight."""
    century = add_months(date.today(), 1200)
    return text.format(
        before=century - timedelta(days=1),
        century=century,
        after=century + timedelta(days=1),
        year=century.year,
        next_year=century.year + 1,
    )


def written(folder: Path, **tables: str) -> Path:
    folder.mkdir()
    for name, text in {"people": PEOPLE, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def told(path: Path, **options) -> list[tuple]:
    return [(each.code, each.row, each.column, each.value) for each in check(path, **options)]


def ends(store: Store) -> list[tuple]:
    rows = store.read(
        "MATCH ()-[e:MENTORS]->() RETURN e.since AS since, e.until AS until ORDER BY since"
    )
    return [(row["since"], row["until"]) for row in rows]


@pytest.mark.parametrize(
    ("until", "is_far"),
    [
        ("{before}", False),
        ("{century}", False),
        ("{after}", True),
        ("{year}", False),
        ("{next_year}", True),
        *((each, True) for each in ("2999-12-31", "9998-01-01", "9999", "9999-12", "9999-12-31")),
    ],
)
def test_end_more_than_a_century_ahead_is_stored_as_no_end(
    until: str, is_far: bool, embedded_store: Store, tmp_path: Path
):
    until = from_today(until)
    path = written(tmp_path / "a", mentoring=f"mentor,trainee,since,until\nM1,T1,2019,{until}\n")
    assert told(path) == ([("far-end", 2, "until", until)] if is_far else [])
    load(embedded_store, path)
    assert ends(embedded_store) == [("2019", None if is_far else until)]


@pytest.mark.parametrize(
    ("born_on", "code"),
    [
        *(("1900", ""), ("1900-01-01", ""), ("1899-12-31", "old-date"), ("1899", "old-date")),
        *(("0001", "old-date"), ("{century}", ""), ("{after}", "far-date")),
    ],
)
def test_odd_date_that_is_no_end_is_told_and_kept(
    born_on: str, code: str, embedded_store: Store, tmp_path: Path
):
    born_on = from_today(born_on)
    path = written(tmp_path / "a", people=f"id,name,born_on\nT1,王伟,{born_on}\n")
    assert told(path) == ([(code, 2, "born_on", born_on)] if code else [])
    load(embedded_store, path)
    (row,) = embedded_store.read("MATCH (p:Person) RETURN p.born_on AS born_on")
    assert row["born_on"] == born_on


def test_odd_dates_of_a_long_file_are_told_once_for_a_column_with_their_number(
    embedded_store: Store, tmp_path: Path
):
    rows = "".join(f"M1,T1,{year:04d},9999-12-31\n" for year in range(1300, 2000))
    path = written(tmp_path / "a", mentoring=f"mentor,trainee,since,until\n{rows}")
    found = check(path, language="en")
    assert [(each.code, each.row, each.value) for each in found] == [
        ("old-date", 2, "1300"),
        ("far-end", 2, "9999-12-31"),
    ]
    assert "in this column: 600)" in found[0].message
    assert "in this column: 700)" in found[1].message
    load(embedded_store, path)
    assert {until for _, until in ends(embedded_store)} == {None}


def test_far_end_of_a_described_source_is_no_end(embedded_store: Store, tmp_path: Path):
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("mentor,trainee,since,end\n李娜,王伟,2019,9999-12-31\n", encoding="utf-8")
    report = load(embedded_store, pairs, source="edge-list")
    assert [(each.code, each.column) for each in report.problems] == [("far-end", "end")]
    assert ends(embedded_store) == [("2019", None)]


def test_far_end_that_is_entered_is_told_and_stored_as_no_end(
    embedded_store: Store, tmp_path: Path
):
    load(embedded_store, written(tmp_path / "people"))
    texts = {"mentor": "M1", "trainee": "T1", "since": "2019", "until": "9999-12-31"}
    checked = entry.check(embedded_store, "mentoring", texts)
    assert [each.code for each in checked.warnings] == ["far-end"]
    row = entry.add(embedded_store, "mentoring", texts, by="张三")
    assert "until" not in row.values
    row = entry.correct(
        embedded_store, "mentoring", row.id, {**texts, "until": "9998"}, by="张三", seen=row.mark
    )
    assert "until" not in row.values
    assert ends(embedded_store) == [("2019", None)]


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        *(("2019", "2019", None), ("2019-06", "2019", None), ("2019-06", "2019-06", None)),
        *(("2019-06-15", "2019-06", None), ("2019-06-29", "2019-06", None)),
        ("2019-06-30", "2019-06", "empty-period"),
        *(("2019-07-01", "2019-06", "reversed-period"), ("2019", "2018", "reversed-period")),
        *(("2019-06-15", "2019-06-15", "empty-period"), ("2019", "2019-01-01", "empty-period")),
        ("2019", "2019-01-02", None),
    ],
)
def test_period_is_refused_only_when_no_reading_of_it_has_a_day(
    since: str, until: str, code: str | None, tmp_path: Path
):
    path = written(tmp_path / "a", mentoring=f"mentor,trainee,since,until\nM1,T1,{since},{until}\n")
    assert [each[0] for each in told(path)] == ([code] if code else [])
