"""Foreign data by description: pairs of `tests/cases/sources/NAME`, and what descriptions may say.

Each shipped description has a pair: the files in `input/` and `expected.toml`, like the cases of
the native data set. Everybody in them is invented; the shapes are those that are published.
"""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, UsageError
from graph.schema import table
from graph.store import Store
from graph.tables import stored_rows
from loaders.load import check, load
from loaders.sources import parse_description, sources

CASES = Path(__file__).parent.parent / "cases" / "sources"
NAMES = sorted(each["name"] for each in sources("en") if each["name"] != "native")


def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / name / "expected.toml").read_text(encoding="utf-8"))


def test_every_shipped_description_of_the_contract_is_there():
    assert set(NAMES) == {
        "academic-family-tree", "mathematics-genealogy", "pajek", "gexf", "graphml", "edge-list",
        "appointments", "chinese-buddhism-lineage", "uk-ministers", "baseball-careers",
        "undirected",
    }  # fmt: skip
    for each in (*sources("en"), *sources("zh_Hans")):
        assert each["title"] and each["files"] and each["description"]


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_exactly_the_expected_problems(name: str):
    problems = [
        each.as_dict() for each in check(CASES / name / "input", source=name, language="en")
    ]
    wanted = expected(name)["problems"]
    assert len(problems) == len(wanted), problems
    for problem, said in zip(problems, wanted, strict=True):
        assert {key: problem[key] for key in said} == said


@pytest.mark.parametrize("name", NAMES)
def test_right_rows_are_stored_and_loading_twice_changes_nothing(name: str, store: Store):
    said = expected(name)
    wanted = {table: in_order(rows) for table, rows in said["stored"].items()}
    for is_first in (True, False):
        report = load(store, CASES / name / "input", source=name, skip_bad=True, language="en")
        for table_name, rows in wanted.items():
            assert stored_like(store, table_name, rows) == rows
            assert not is_first or report.loaded[table_name] == len(rows)
        assert report.skipped == said["skipped"]


def stored_like(store: Store, name: str, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stored rows of a table without what is empty, and without ids that nobody gave."""
    has_ids = all("id" in row for row in wanted)
    return in_order(
        {
            key: value
            for key, value in row.items()
            if value not in (None, []) and (has_ids or key != "id")
        }
        for row in stored_rows(store, table(name))
    )


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


DESCRIPTION = """\
name: roster
title: Roster
files:
  list: {name: roster.csv}
tables:
  people:
    - file: list
      columns:
        id: nr
        name: {column: who, steps: [tidy]}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "said"),
    [
        ("title: Roster", "titel: Roster", 2, "titel", "title"),
        ("file: list", "file: lists", 7, "file", "list"),
        ("id: nr", "idd: nr", 9, "idd", "id"),
        ("        id: nr\n", "", 8, "id", "id"),
        ("steps: [tidy]", "steps: [tydy]", 10, "steps", "tidy"),
        ("steps: [tidy]", "steps: [{tidy: 3}]", 10, "steps", "tidy"),
        ("steps: [tidy]", "steps: [{date: {forms: [ydm]}}]", 10, "steps", "ydm"),
        ("steps: [tidy]", "value: x", 10, "name", "first_of"),
        ("people:", "poeple:", 6, "poeple", "people"),
        ("{name: roster.csv}", "{name: roster.csv, encoding: klingon}", 4, "list", "klingon"),
        ("name: roster\n", "name: My Roster\n", 1, "name", "My Roster"),
        ("title: Roster", "title: *x", 2, None, ""),
        ("title: Roster", "title: Roster\nderive: [{query: lineage.hubs, kind: x}]", 3, "query",
         "careers.served_under"),
    ],
)  # fmt: skip
def test_mistake_in_a_description_is_told_with_its_line(
    old: str, new: str, line: int, key: str | None, said: str
):
    assert old in DESCRIPTION
    for language in ("en", "zh_Hans"):
        with pytest.raises(InputError) as caught:
            parse_description(DESCRIPTION.replace(old, new), "roster.yaml", language)
        problem = caught.value.problems[0]
        assert (problem.file, problem.row, problem.column) == ("roster.yaml", line, key)
        assert said in f"{problem.message} {problem.hint}"
        assert (language == "en") != any("一" <= char <= "鿿" for char in problem.message)


def test_unknown_source_names_those_that_ship(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        check(tmp_path, source="uk-minister")
    assert "uk-ministers" in str(caught.value)


def test_missing_file_and_column_are_told(tmp_path: Path):
    description = parse_description(DESCRIPTION, "roster.yaml")
    (problem,) = check(tmp_path, source=description, language="en")
    assert (problem.code, problem.value) == ("missing-file", "roster.csv")
    (tmp_path / "roster.csv").write_text("nr,whom\n1,a\n", encoding="utf-8")
    (problem,) = check(tmp_path, source=description, language="en")
    assert (problem.code, problem.column, problem.hint) == (
        "missing-source-column", "who", 'Did you mean "whom"?',
    )  # fmt: skip


def test_folder_with_source_yaml_is_read_as_it_says(embedded_store: Store, tmp_path: Path):
    (tmp_path / "source.yaml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("nr,who\n1,王　芳\n", encoding="utf-8")
    assert load(embedded_store, tmp_path).loaded["people"] == 1
    assert embedded_store.read("MATCH (p:Person) RETURN p.name AS name") == [{"name": "王芳"}]


def test_rows_of_several_files_are_told_by_their_own_file(tmp_path: Path):
    text = DESCRIPTION.replace("roster.csv", '"roster*.csv"')
    (tmp_path / "roster-1.csv").write_text("nr,who\n1,a\n2,b\n", encoding="utf-8")
    (tmp_path / "roster-2.csv").write_text("nr,who\n3,c\n2,d\n,e\n", encoding="utf-8")
    problems = check(tmp_path, source=parse_description(text, "x"), language="en")
    assert [(each.file, each.row, each.column, each.code) for each in problems] == [
        ("roster-2.csv", 3, "nr", "duplicate-id"),
        ("roster-2.csv", 4, "nr", "missing-id"),
    ]
    assert "row 3 (roster-1.csv)" in problems[0].message


TIES = """\
name: ties
title: Ties
files: {people: {name: people.csv, optional: true}, ties: {name: ties.csv}}
tables:
  people:
    - {file: people, columns: {id: id, name: name}}
  mentoring:
    - file: ties
      columns: {mentor: a, trainee: b}
      missing: {mentor: POLICY, trainee: POLICY}
"""


@pytest.mark.parametrize(
    ("policy", "codes", "people", "ties"),
    [
        ("error", ["unknown-reference"], ["p", "q"], 1),
        ("skip", ["skipped-row"], ["p", "q"], 1),
        ("create", [], ["p", "q", "x"], 2),
    ],
)
def test_missing_end_is_an_error_or_skipped_or_created(
    store: Store, tmp_path: Path, policy: str, codes: list[str], people: list[str], ties: int
):
    (tmp_path / "people.csv").write_text("id,name\np,P\n", encoding="utf-8")
    (tmp_path / "ties.csv").write_text("a,b\np,q\np,x\n", encoding="utf-8")
    store.write("CREATE (:Person {id: 'q', name: 'Q'})")  # stored before: it is no missing end
    description = parse_description(TIES.replace("POLICY", policy), "x")
    problems = check(tmp_path, store, source=description)
    assert [problem.code for problem in problems] == codes
    load(store, tmp_path, source=description, skip_bad=True)
    found = store.read("MATCH (p:Person) RETURN p.id AS id, p.name AS name ORDER BY id")
    assert [row["id"] for row in found] == people
    assert found[1]["name"] == "Q"
    if policy == "create":
        assert found[2]["name"] == "x (未知 unknown)"
    assert store.read("MATCH (:Person)-[r:MENTORS]->(:Person) RETURN count(r) AS n") == [
        {"n": ties}
    ]


def test_derived_edges_are_marked(store: Store):
    load(store, CASES / "uk-ministers" / "input", source="uk-ministers")
    rows = store.read("MATCH ()-[r:MENTORS]->() RETURN r.kind AS kind, r.derived_by AS derived_by")
    assert rows == [{"kind": "served_under", "derived_by": "careers.served_under"}]


def test_equal_names_are_kept_apart_by_a_number(embedded_store: Store, tmp_path: Path):
    text = DESCRIPTION.replace("id: nr", "id: {column: who, steps: [tidy, numbered]}")
    (tmp_path / "roster.csv").write_text("nr,who\n1,王芳\n2,王　芳\n3,李明\n", encoding="utf-8")
    load(embedded_store, tmp_path, source=parse_description(text, "x"))
    rows = embedded_store.read("MATCH (p:Person) RETURN p.id AS id, p.name AS name ORDER BY id")
    assert [(row["id"], row["name"]) for row in rows] == [
        ("李明", "李明"), ("王芳", "王芳"), ("王芳-2", "王芳"),
    ]  # fmt: skip


def test_example_of_the_page_loads_as_it_says(store: Store, tmp_path: Path):
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = load(store, tmp_path / "roster.csv", source=tmp_path / "source.yaml")
    assert (report.loaded["people"], report.loaded["mentoring"]) == (4, 2)
    ties = store.read(
        "MATCH (m)-[r:MENTORS]->(t) RETURN m.name AS mentor, t.name AS trainee, r.since AS since "
        "ORDER BY since"
    )
    assert [tuple(row.values()) for row in ties] == [
        ("李老师", "张三", "2023-09"),
        ("李老师", "迪丽热巴·迪力木拉提", "2023-10-08"),
    ]


def test_json_that_is_nested_where_a_text_belongs_is_a_problem(tmp_path: Path):
    nodes = [{"id": {"a": 1}, "name": "A"}, {"id": "b", "name": ["B", {"c": 1}], "advisors": [{}]}]
    (tmp_path / "data.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    problems = check(tmp_path / "data.json", source="mathematics-genealogy", language="en")
    assert [(each.row, each.column, each.code) for each in problems][:3] == [
        (2, "id", "bad-value"),
        (3, "name", "bad-value"),
        (3, "advisors", "bad-value"),
    ]
    text = DESCRIPTION.replace("- file: list", "- file: list\n      distinct: true").replace(
        "name: roster.csv", "name: data.json, sheet: nodes"
    )
    (tmp_path / "data.json").write_text(json.dumps({"nodes": [{"nr": {}, "who": "A"}]}))
    (problem,) = check(tmp_path, source=parse_description(text, "x"), language="en")
    assert problem.code == "bad-value"
