"""Nobody who has left is put on a list: by file, by form, by JSON; the day before, on it, after."""

import csv
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.settings import Settings
from graph.store import Store
from loaders import entry
from loaders.load import check, load
from webapp import create_app

PROGRAMME = """
id: lists
name: {zh: 名单, en: Lists}
as_of: 2024-06-30
unknown_after: 120
record_kinds:
  - {key: reserve, zh: 后备名单, en: reserve list, results: [put_on, taken_off], needs: [result]}
  - {key: focus, zh: 重点名单, en: focus list, results: [confirmed, removed]}
results:
  - {key: put_on, zh: 纳入, en: put on}
  - {key: taken_off, zh: 调出, en: taken off}
  - {key: confirmed, zh: 已确认, en: confirmed}
  - {key: removed, zh: 已移出, en: removed}
reserve: {key: r, zh: 后备名单, en: Reserve list, record: reserve, put_on: put_on,
  taken_off: taken_off}
focus: {key: f, zh: 重点, en: Focus, record: focus, rules: [{since_joining: {months: 1}}]}
"""
SERVICE = {
    "left": [("resigned", "2024-03-01", "")],
    "left_in_2023": [("retired", "2023", "")],
    "came_back": [("transferred_out", "2023-01-01", ""), ("returned", "2024-03-01", "")],
    "away": [("transferred_out", "2023-01-01", "2024-03-01")],
    "on_leave": [("leave", "2023-01-01", "")],
    "here": [],
}
ROWS = [  # who, kind, day, result, the day of leaving that is told
    ("left", "reserve", "2024-02-29", "put_on", None),
    ("left", "reserve", "2024-03-01", "put_on", "2024-03-01"),
    ("left", "reserve", "2024-03-02", "put_on", "2024-03-01"),
    ("left", "reserve", "2024-03-02", "taken_off", None),
    ("left", "focus", "2024-03-02", "confirmed", "2024-03-01"),
    ("left", "focus", "2024-03-02", "removed", None),
    ("left", "reserve", "2024", "put_on", None),  # may have been in January
    ("left", "reserve", "2024-03", "put_on", "2024-03-01"),
    ("left_in_2023", "reserve", "2023-12-30", "put_on", None),  # may have left on the last day
    ("left_in_2023", "reserve", "2023-12-31", "put_on", "2023-12-31"),
    ("left_in_2023", "reserve", "2024-01-01", "put_on", "2023-12-31"),
    ("came_back", "reserve", "2024-02-29", "put_on", "2023-01-01"),
    ("came_back", "reserve", "2024-03-01", "put_on", None),
    ("away", "reserve", "2024-02-29", "put_on", "2023-01-01"),
    ("away", "reserve", "2024-03-01", "put_on", None),
    ("on_leave", "reserve", "2024-03-01", "put_on", None),
    ("here", "reserve", "2024-03-01", "put_on", None),
]


def write(folder: Path, records=(), with_service: bool = True) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    tables = {
        "people": [
            ("id", "name", "roles", "joined_on"),
            *((who, f"王{who}", "trainee", "2020-01-01") for who in SERVICE),
        ],
        "records": [("person", "kind", "on", "result"), *records],
    }
    if with_service:
        facts = [(who, *fact) for who, each in SERVICE.items() for fact in each]
        tables["service"] = [("person", "kind", "since", "until"), *facts]
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def test_a_file_is_told_each_row_that_puts_a_leaver_on(tmp_path):
    found = check(write(tmp_path / "data", [row[:4] for row in ROWS]), language="en")
    expected = [
        (at, "leaver-on-list", "person", who)
        for at, (who, *_, left) in enumerate(ROWS, 2)
        if left is not None
    ]
    assert [(p.row, p.code, p.column, p.value) for p in found] == expected
    assert found[0].message == (
        '"left" left on 2024-03-01; nobody who has left is put on: reserve list.'
    )


@pytest.fixture
def stored(embedded_store: Store, tmp_path) -> Store:
    load(embedded_store, write(tmp_path / "data"))
    return embedded_store


def records_of(store: Store) -> int:
    return store.read("MATCH (r:Record) RETURN count(r) AS n")[0]["n"]


def test_one_row_is_judged_by_what_is_stored(stored: Store):
    for who, kind, on, result, left in ROWS:
        before = records_of(stored)
        row = {"person": who, "kind": kind, "on": on, "result": result}
        if left is None:
            entry.add(stored, "records", row, by="组织科", language="en")
            assert records_of(stored) == before + 1
            continue
        with pytest.raises(InputError) as error:
            entry.add(stored, "records", row, by="组织科", language="en")
        (problem,) = error.value.problems
        assert (problem.code, problem.column) == ("leaver-on-list", "person")
        assert f"left on {left}" in problem.message
        assert records_of(stored) == before


def test_a_file_of_records_alone_is_judged_by_the_stored_service(stored: Store, tmp_path):
    rows = [row[:4] for row in ROWS if row[4] is not None]
    folder = write(tmp_path / "later", rows, with_service=False)
    with pytest.raises(InputError):
        load(stored, folder)
    assert records_of(stored) == 0


@pytest.mark.parametrize(
    ("day", "status"), [("2024-02-29", 200), ("2024-03-01", 400), ("2024-03-02", 400)]
)
def test_page_json_and_command_refuse_a_leaver_in_one_sentence(stored: Store, day: str, status):
    app = create_app(Settings(language="en"), stored)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client, runner = app.test_client(), app.test_cli_runner()
    body = {"person": "left", "decision": "put_on", "on": day, "by": "组织科"}
    told = client.post("/api/programme/reserve", json=body)
    assert told.status_code == status
    assert records_of(stored) == (status == 200)
    # Where the first is stored, the others are decisions of other days.
    by_command, by_form = ("2024-02-27", "2024-02-28") if status == 200 else (day, day)
    asked = ["reserve", "put-on", "left", "--from", by_command, "--by", "组织科"]
    command = runner.invoke(args=asked)
    assert command.exit_code == (0 if status == 200 else 1)
    form = client.post(f"/programme/reserve?on={day}", data=body | {"on": by_form})
    if status == 200:
        assert told.json["is_listed"] is True
        assert "left is on the list on that day." in command.output
        assert form.status_code == 303
        assert records_of(stored) == 3
    else:
        sentence = "nobody who has left is put on: reserve list"
        assert sentence in told.json["detail"]
        assert sentence in command.output
        assert form.status_code in (400, 422)
        assert records_of(stored) == 0
