"""Portraits and files of all 46, counted again from the CSV files alone, against the JSON.

The script below the imports of the test knows nothing of the project: it reads rows and dates.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.store import open_store
from tests.queries.programme.programme_cases import DISTRICT, loaded
from webapp import create_app

DAYS = ("2023-12-31", "2024-06-30", "2025-01-01")
SCALES = {  # axis: kind of record, scale from the worst, months
    "political": ("political", "较差 一般 较好 好", 24),
    "performance": ("performance", "较差 一般 较好 突出", 24),
    "ordinary": ("ordinary", "较差 一般 较好 好", 6),
    "inspection": ("inspection", "不胜任 基本胜任 胜任", 36),
    "yearly_review": ("appraisal", "不称职 基本称职 称职 优秀", 18),
    "file": ("file_review", "存疑 待补充 属实", 60),
}
YEARLY = {  # part: kind, levels, at least, first year, months after
    "appraisals": ("appraisal", [""], 1, 0, 3),
    "ordinary_appraisals": ("ordinary", [""], 4, 2024, 1),
    "reports": ("thought_report", ["unit", "district"], 1, 0, 0),
    "talks": ("talk", ["district", "township"], 1, 2023, 0),
    "results": ("performance", [""], 1, 2023, 3),
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (Path(DISTRICT) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_of(text: str) -> date:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_of(text: str) -> date:
    first = first_of(text)
    if len(text) == 10:
        return first
    if len(text) == 4:
        return date(first.year, 12, 31)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)


def back(on: date, months: int) -> date:
    """Return the first day of whole months back that end on a day."""
    after = on + timedelta(days=1)
    number = after.year * 12 + after.month - 1 - months
    day = after.day
    while True:
        try:
            return date(number // 12, number % 12 + 1, day)
        except ValueError:
            day -= 1


def line_by_hand(records: list[dict[str, str]], key: str, on: date) -> tuple[int, str]:
    kind, scale, months = SCALES[key]
    mine = [row for row in records if row["kind"] == kind]
    if not mine:
        return 0, "unknown"
    last = max(mine, key=lambda row: first_of(row["on"]))
    if first_of(last["on"]) < back(on, months):
        return 0, "unknown"
    those = [row for row in mine if last_of(row["on"]) >= first_of(last["on"])]
    if len({row["result"] for row in those}) > 1:
        return 0, "doubtful"
    if last["result"] not in scale.split():  # as 不定等次
        return 0, "unknown"
    return scale.split().index(last["result"]) + 1, "known"


def part_by_hand(records: list[dict[str, str]], key: str, joined: str, on: date) -> tuple[int, int]:
    """Return how many years are there, and how many are asked for whose time is over, or there."""
    kind, levels, least, since, after = YEARLY[key]
    begin = last_of(joined)
    have = want = 0
    for level in levels:
        for year in range(max(begin.year, since), on.year + 1):
            if date(year, 1, 1) < begin:
                continue
            count = 0
            for row in records:
                if row["kind"] == kind and level in ("", row["level"]):
                    years = {
                        d.year - (d.month <= after)
                        for d in (first_of(row["on"]), last_of(row["on"]))
                    }
                    count += years == {year}
            until = date(year + 1, after + 1, 1) - timedelta(days=1)
            have += count >= least
            want += count >= least or on > until
    return have, want


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("district") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield create_app(Settings(language="en"), loaded(store, DISTRICT)).test_client()


@pytest.mark.parametrize("day", DAYS)
def test_every_line_and_every_part_is_what_the_files_say(client: FlaskClient, day: str):
    people = {row["id"]: row for row in rows_of("people")}
    away = {row["person"] for row in rows_of("service")}
    records = [row for row in rows_of("records") if row["on"] <= day]
    on = first_of(day)
    files = client.get(f"/api/programme/files?on={day}").json["files"]
    assert len(files) == 46
    for file in files:
        who = file["person"]
        mine = [row for row in records if row["person"] == who]
        drawn = client.get(f"/api/programme/people/{who}?on={day}").json
        lines = {axis["key"]: (axis["figure"], axis["state"]) for axis in drawn["portrait"]}
        assert lines == {key: line_by_hand(mine, key, on) for key in SCALES}, who
        assert drawn["file"] == file
        if who in away:  # a leave changes which years are asked for
            continue
        parts = {p["key"]: (p["have"], p["want"]) for p in file["parts"] if p["key"] in YEARLY}
        joined = people[who]["joined_on"]
        assert parts == {key: part_by_hand(mine, key, joined, on) for key in YEARLY}, who
