"""Every page on a graph with nothing, one person, or one person and the programme."""

import csv
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.store import Store
from loaders.load import load
from tests.webapp.pages import EXAMPLES

DISTRICT = Path(__file__).resolve().parents[2] / "examples" / "shifeng"
GRAPHS = ("nothing", "one person", "one person and the programme")


@pytest.fixture(params=GRAPHS)
def few(
    request: pytest.FixtureRequest, client: FlaskClient, embedded_store: Store, tmp_path: Path
) -> FlaskClient:
    if request.param != "nothing":
        folder = tmp_path / "one"
        folder.mkdir()
        with (DISTRICT / "people.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            row = next(row for row in reader if row["id"] == "T001")
        with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
        if request.param == "one person and the programme":
            for name in ("programme.yaml", "rules.yaml"):
                shutil.copy(DISTRICT / name, folder)
        load(embedded_store, folder)
    return client


def test_every_page_answers_or_says_that_it_is_not_there(few: FlaskClient):
    answers = {path: few.get(path).status_code for path in EXAMPLES}
    assert {path: code for path, code in answers.items() if code not in (200, 302, 404)} == {}
    assert answers["/"] == answers["/people"] == answers["/data"] == 200
