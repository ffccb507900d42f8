"""JSON of other shapes: trees, résumés, arrays of pairs."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from graph.dates import following
from loaders.readers.sheets import File, Reading, sheets_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"


def read(content: Any) -> dict[str, list[list[Any]]]:
    data = content.read_bytes() if isinstance(content, Path) else json.dumps(content).encode()
    found = sheets_of(File("x.json", lambda: io.BytesIO(data)), Reading())
    return {each.name: [each.headings, *(cells for _, cells in each.rows())] for each in found}


# --- trees ------------------------------------------------------------------------------------


def test_tree_is_read_at_every_level():
    assert read(SHARED / "files" / "tree.json") == {
        "": [
            ["name", "parent_id"],
            ["Mira Holt", None],
            ["Jonas Vane", "Mira Holt"],
            ["Lena Orr", "Jonas Vane"],
            ["Ida Finn", "Mira Holt"],
        ]
    }


@pytest.mark.parametrize("key", ["students", "学员", "below"])
def test_trees_of_any_name_in_any_array_are_read_by_their_ids(key: str):
    tree = {"id": 1, "name": "A", key: [{"id": 2, "name": "B", key: [{"id": 3, "name": "C"}]}]}
    rows = [["id", "name", "parent_id"], ["1", "A", None], ["2", "B", "1"], ["3", "C", "2"]]
    assert read([tree]) == {"": rows}
    assert read({"people": [tree], "note": "x"}) == {"people": rows}
    assert read(tree) == {"": rows}


def test_a_thousand_levels_are_read():
    text = '{"name": "0"}'
    for at in range(1, 300):
        text = f'{{"name": "{at}", "children": [{text}]}}'
    assert len(read(json.loads(text))[""]) == 301


def test_what_is_nested_and_no_tree_stays_nested():
    jobs = {"people": [{"name": "A", "jobs": [{"name": "clerk"}]}]}
    assert read(jobs) == {"people": [["name", "jobs"], ["A", [{"name": "clerk"}]]]}
    data = {"name": "Survey", "students": [{"name": "A"}]}
    assert read(data) == {"students": [["name"], ["A"]]}
    assert read([{"name": "A", "students": ["B"]}]) == {"": [["name", "students"], ["A", ["B"]]]}


# --- résumés ----------------------------------------------------------------------------------


def test_resume_is_the_work_of_its_person():
    expected = [
        ["name", "employer", "position", "since", "until"],
        ["Mira Holt", "Eastmere Clinic", "Resident", "2015-07", "2018-07"],
        ["Mira Holt", "Eastmere Clinic", "Registrar", "2018-07", None],
    ]
    path = SHARED / "files" / "resume.json"
    assert read(path) == {"work": expected}
    content = json.loads(path.read_text(encoding="utf-8"))
    assert read([content, content]) == {"work": [*expected, *expected[1:]]}


def test_former_form_of_a_resume_is_read_and_odd_dates_stay():
    work = [{"company": "Eastmere", "position": "Aide", "startDate": "2015", "endDate": "spring"}]
    assert read({"basics": {"name": "Ann"}, "work": work}) == {
        "work": [
            ["name", "employer", "position", "since", "until"],
            ["Ann", "Eastmere", "Aide", "2015", "spring"],
        ]
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-12-31", "2018-01-01"),
        ("2016-02-28", "2016-02-29"),
        ("2017-11", "2017-12"),
        ("2017-12", "2018-01"),
        ("2017", "2018"),
        ("9999-12-30", "9999-12-31"),
        ("9999-11", "9999-12"),
        ("9998", "9999"),
    ],
)
def test_what_follows_a_date_has_its_precision(text: str, expected: str):
    assert following(text) == expected


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12", "9999", "2017-13", ""])
def test_nothing_follows_the_last_date(text: str):
    with pytest.raises(ValueError):
        following(text)


# --- pairs ------------------------------------------------------------------------------------


def test_places_in_an_array_become_its_ids():
    found = read(SHARED / "browse" / "mixed.json")
    assert found["edges"] == [["column 1", "column 2"], ["1", "2"]]
    assert [row[:2] for row in found["people"]] == [
        ["id", "name"],
        ["1", "Ann Example"],
        ["2", "Bo Example"],
    ]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([[7, 8]], [["7", "8"]]),  # ids
        ([[0, 1], [1, 0]], [["7", "8"], ["8", "7"]]),  # places
        ([[0, 2]], [["0", "2"]]),  # neither
        ([[0, 1, 1]], [["0", "1", "1"]]),
        ([["7", "8"]], [["7", "8"]]),
    ],
)
def test_pairs_are_ids_where_they_can_be(pairs: list[list[Any]], expected: list[list[str]]):
    people = [{"id": 7, "name": "A"}, {"id": 8, "name": "B"}]
    assert read({"people": people, "links": pairs})["links"][1:] == expected
