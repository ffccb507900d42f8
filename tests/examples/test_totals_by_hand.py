"""The published totals on a dozen days, against a plain script over the CSV files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from graph.settings import Settings
from graph.store import open_store
from tests.examples import totals_by_hand
from tests.queries.programme.programme_cases import DISTRICT, loaded
from webapp import create_app

PUBLISHED = {
    "trainees": 46, "villages": 20, "key_posts": 12, "secondments": 32, "platform": 40,
    "grid_workers": 2, "onsite_teaching": 81, "seminars": 65, "to_deputy_county": 2,
    "to_section": 5, "to_deputy_section": 10, "unit_heads": 7,
}  # fmt: skip
DAYS = (
    "2016-12-31", "2017-01-01",  # villages are counted from the second one on
    "2019-12-07", "2019-12-08",  # T002 becomes party secretary of a department
    "2020-07-31", "2020-08-01",  # nothing more is known of C009
    "2021-12-31", "2022-01-01",
    "2022-05-31", "2022-06-01",  # C008 has resigned
    "2023-02-28", "2023-03-01", "2023-03-02",  # T040 becomes a grid worker, a task begins
    "2023-10-15", "2023-10-16",  # C007 was transferred out
    "2024-02-29", "2024-06-30", "2024-07-01",
)  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path = tmp_path_factory.mktemp("by-hand") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield create_app(Settings(language="en"), store=loaded(store, DISTRICT))


def test_the_script_finds_the_published_totals():
    figures, by_kind = totals_by_hand.totals("2024-06-30")
    assert figures.pop("courses") >= 90
    assert figures == PUBLISHED
    assert all(by_kind["platform"].values())  # people on tasks of each kind
    assert by_kind["unit_heads"] == {"unit_head": 6, "secretary": 2}  # T008 is both


@pytest.mark.parametrize("day", DAYS)
def test_page_and_question_give_what_the_script_counts(app: Flask, day: str):
    figures, by_kind = totals_by_hand.totals(day)
    told = app.test_client().get(f"/api/programme/report?on={day}").json
    assert {total["key"]: total["value"] for total in told["totals"]} == figures
    for total in told["totals"]:
        assert len(total["rows"]) == total["value"]
        kinds = {each["key"]: each["value"] for each in total["by_kind"]}
        assert kinds == by_kind.get(total["key"], {})
    asked = app.test_client().get(f"/api/queries/programme.totals?on={day}").json
    assert {row["key"]: row["value"] for row in asked["rows"]} == figures


def test_the_rows_behind_a_total_name_their_post_or_activity(app: Flask):
    told = app.test_client().get("/api/programme/report?on=2024-06-30").json["totals"]
    rows = {total["key"]: total["rows"] for total in told}
    heads = {(row["person"], row["on"], row["post"]) for row in rows["unit_heads"]}
    assert {("T002", "2019-12-08", "PS05"), ("T001", "2019-10-23", "P21")} <= heads
    raised = [(row["person"], row["on"], row["post"]) for row in rows["to_deputy_county"]]
    assert raised == [("T001", "2022-11-17", "P01"), ("T002", "2023-03-18", "P01")]
    assert all(row["activity"].startswith("W") for row in rows["platform"])
    page = app.test_client().get("/programme/report/platform?kind=land&lang=en").text
    assert page[page.index("data-table=") :].count("<tr>") - 1 == 13
    assert app.test_client().get("/programme/report/platform?kind=grid_day").status_code == 404


def test_the_commands_give_what_the_script_counts(app: Flask):
    figures, by_kind = totals_by_hand.totals("2023-03-01")
    runner = app.test_cli_runner()
    asked = json.loads(
        runner.invoke(args=["query", "programme.totals", "on=2023-03-01", "--json"]).output
    )
    assert {row["key"]: row["value"] for row in asked["rows"]} == figures
    table = runner.invoke(args=["report", "--on", "2023-03-01"]).output
    lines = [line.split() for line in table.splitlines()]
    assert ["platform", str(figures["platform"])] in [line[:2] for line in lines]
    assert ["platform/land", str(by_kind["platform"]["land"])] in [line[:2] for line in lines]


def test_each_window_leaves_something_out():
    """Each total of three years would be larger without its window, so that it is really tested."""
    day, first = "2024-06-30", totals_by_hand.three_years("2024-06-30")
    assert first == "2021-07-01"
    for kind in ("first_lesson", "onsite_teaching", "seminar", "land", "development"):
        within = list(totals_by_hand.attended(day, {kind}, first))
        assert len(within) < len(list(totals_by_hand.attended(day, {kind}, "")))
    for kind in ("key_post", "grassroots"):
        takes = lambda row, kind=kind: row["kind"] == kind  # noqa: E731
        within = totals_by_hand.first_postings(day, takes, first)
        assert within < totals_by_hand.first_postings(day, takes)
