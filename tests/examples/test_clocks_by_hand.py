"""Every clock and light of the three examples on ten days, against plain scripts over the files."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from graph.settings import Settings
from loaders.load import load
from tests.examples.plain_clocks import Plain
from webapp import create_app
from webapp.shell.store import current_store

EXAMPLES = Path(__file__).parents[2] / "examples"
DAYS = (
    *("2019-02-28", "2021-03-01", "2022-02-15", "2022-08-14", "2023-01-01", "2023-09-01"),
    *("2024-01-31", "2024-02-29", "2024-06-30", "2024-09-02"),
)
LIGHTS = {
    *("stage_late", "stage_deadline", "duty_late", "duty_due", "request_late", "request_open"),
    *("exercise_too_long", "exercise_too_short", "exercise_out_of_order"),
    *("training_missing", "care_missing"),
}


@pytest.fixture(scope="module", params=["shifeng", "residency", "doctoral"])
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, FlaskClient]]:
    path = tmp_path_factory.mktemp(request.param) / "graph.kgl"
    app = create_app(Settings(store_url=f"embedded:{path}"))
    with app.app_context():
        load(current_store(), EXAMPLES / request.param)
    yield EXAMPLES / request.param, app.test_client()


@cache
def plain_day(folder: Path, on: str) -> Plain:
    return Plain(folder, date.fromisoformat(on))


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("on", DAYS)
def test_json_says_what_the_files_say(answers: tuple[Path, FlaskClient], on: str):
    folder, client = answers
    plain = plain_day(folder, on)

    def ask(page: str) -> Any:
        answer = client.get(f"/api/programme/{page}?on={on}")
        assert answer.status_code == 200
        return answer.json

    stands = {
        each["person"]: (
            each["stage"], day(each["since"]), each["months"], day(each["deadline"]),
        )
        for each in ask("stages")["people"]
        if each["person"] in plain.people
    }  # fmt: skip
    assert stands == plain.stands()
    duties = {
        (each["duty"], each["person"]): (day(each["due"]), each["state"])
        for each in ask("duties")["duties"]
        if each["person"] in plain.people
    }
    assert duties == plain.duties()
    lights = [
        (each["rule"], each["person"], day(each["due"]))
        for each in ask("audit")["findings"]
        if each["rule"] in LIGHTS and each["person"] in plain.people
    ]
    assert sorted(lights, key=str) == plain.lights()
    if folder.name != "shifeng":  # those of the district: test_totals_by_hand.py
        shown = {each["key"]: each["value"] for each in ask("report")["totals"]}
        assert shown == plain.totals()


def test_the_days_show_something_of_every_light(answers: tuple[Path, FlaskClient]):
    folder, _ = answers
    seen = {light for on in DAYS for light, *_ in plain_day(folder, on).lights()}
    assert {"duty_late", "duty_due", "exercise_too_long", "care_missing"} <= seen
    assert "training_missing" in seen
    assert ("stage_late" in seen) == (folder.name == "doctoral")
