import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from graph.errors import InputError, Problem
from graph.store import Store
from loaders.load import check, load
from loaders.readers import escape, unescape

PEOPLE = "编号,姓名\nt1,王芳\n"


def people(store: Store, path: Path) -> set[tuple[str, str]]:
    load(store, path)
    rows = store.read("MATCH (n:Person) RETURN n.id AS id, n.name AS name ORDER BY id")
    return {(row["id"], row["name"]) for row in rows}


def codes(problems: list[Problem]) -> list[tuple[str, str, str | None]]:
    return [(problem.severity, problem.code, problem.file) for problem in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_told_apart(embedded_store: Store, tmp_path: Path, encoding: str):
    (tmp_path / "people.csv").write_bytes(PEOPLE.encode(encoding))
    assert people(embedded_store, tmp_path / "people.csv") == {("t1", "王芳")}


def test_encoding_is_known_from_the_whole_file(embedded_store: Store, tmp_path: Path):
    ascii_rows = "".join(f"p{number},Wang\n" for number in range(200_000))  # more than one block
    (tmp_path / "people.csv").write_bytes(f"id,name\n{ascii_rows}t1,王芳\n".encode("gb18030"))
    assert check(tmp_path) == []


def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path):
    (tmp_path / "people.csv").write_bytes(b"id,name\nt1,\xff\xff\n")
    assert codes(check(tmp_path)) == [("error", "unknown-encoding", "people.csv")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_the_one_that_makes_known_headings(
    embedded_store: Store, tmp_path: Path, separator: str
):
    lines = [separator.join(cells) for cells in (("id", "name"), ("t1", '"a,b;c\td"'))]
    (tmp_path / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    assert people(embedded_store, tmp_path) == {("t1", "a,b;c\td")}


def test_quoted_newline_and_blank_line_keep_spreadsheet_rows(tmp_path: Path):
    text = 'id,name,joined_on\nt1,"a\nb\nc",2017\n\n,,\nt2,d,soon\n'
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert [problem.row for problem in check(tmp_path)] == [5]


def test_row_after_many_thousands_has_its_number(tmp_path: Path):
    rows = "".join(f"p{number},Wang,2017\n" for number in range(2, 25_000))
    text = f"id,name,joined_on\n{rows}x,Li,soon\n"
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    assert [problem.row for problem in check(tmp_path)] == [25_000]


@pytest.mark.parametrize("cell", ['"open', '"a"b'])
def test_broken_quotes_are_a_problem_with_their_row(tmp_path: Path, cell: str):
    (tmp_path / "people.csv").write_text(f"id,name\nt1,a\nt2,{cell}\n", encoding="utf-8")
    (problem,) = check(tmp_path)
    assert (problem.code, problem.row) == ("bad-quotes", 3)


def test_missing_and_foreign_paths_are_refused_in_a_sentence(tmp_path: Path):
    (tmp_path / "people.pdf").write_bytes(b"")
    with pytest.raises(InputError, match="does not exist"):
        check(tmp_path / "nothing")
    with pytest.raises(InputError, match="not a data set"):
        check(tmp_path / "people.pdf")


def test_folder_without_a_table_is_a_problem(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    assert codes(check(tmp_path)) == [("error", "empty-data-set", tmp_path.name)]


def test_one_table_given_twice_is_a_problem(tmp_path: Path):
    for name in ("people.csv", "人员.csv"):
        (tmp_path / name).write_text(PEOPLE, encoding="utf-8")
    assert codes(check(tmp_path)) == [("error", "duplicate-table", "人员.csv")]


def test_empty_file_is_an_empty_table(embedded_store: Store, tmp_path: Path):
    for name in ("people.csv", "mentoring.csv", "units.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert check(tmp_path) == []
    assert sum(load(embedded_store, tmp_path).loaded.values()) == 0


@pytest.mark.parametrize(
    "content",
    ["{", "[]", "{'people': []}", '{"people": {}}', '{"people": ["t1"]}', "[" * 100_000, "1e5"],
)
def test_wrong_json_is_a_problem(tmp_path: Path, content: str):
    (tmp_path / "data.json").write_text(content, encoding="utf-8")
    (problem,) = check(tmp_path / "data.json")
    assert (problem.severity, problem.file) == ("error", "data.json")
    assert problem.code in ("not-json", "not-a-row")


@pytest.mark.parametrize("ending", [".xlsx", ".zip"])
def test_damaged_archive_is_a_problem(tmp_path: Path, ending: str):
    (tmp_path / f"data{ending}").write_bytes(b"PK\x03\x04 no archive")
    assert codes(check(tmp_path / f"data{ending}")) == [
        ("error", "unreadable-file", f"data{ending}")
    ]


def test_zip_without_a_workbook_is_a_problem(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "data.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert [problem.code for problem in check(tmp_path / "data.xlsx")] == ["other-kind"]


def test_zipped_folder_is_a_data_set(embedded_store: Store, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("set/people.csv", PEOPLE)
        archive.writestr("set/mentoring.csv", "mentor,trainee\nt1,t9\n")
        archive.writestr("__MACOSX/set/._people.csv", b"\x00")
    (problem,) = check(tmp_path / "set.zip")
    assert (problem.code, problem.file) == ("unknown-reference", "set/mentoring.csv")
    load(embedded_store, tmp_path / "set.zip", skip_bad=True)
    assert embedded_store.read("MATCH (n:Person) RETURN n.name AS name") == [{"name": "王芳"}]


def test_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path):
    bomb = io.BytesIO(b"")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", PEOPLE)
    # The size after unpacking is what the archive says: twice in its directory.
    data = bomb.getvalue()
    size = len(PEOPLE.encode())
    huge = data.replace(size.to_bytes(4, "little"), (3 << 30).to_bytes(4, "little"))
    (tmp_path / "data.zip").write_bytes(huge)
    assert [problem.code for problem in check(tmp_path / "data.zip")] == ["too-large"]


def test_sheet_that_spans_billions_of_cells_is_refused(tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "data.xlsx")) as workbook:
        sheet = workbook.add_worksheet("people")
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "far")
    (problem,) = check(tmp_path / "data.xlsx")
    assert problem.code == "too-large"


def test_only_sheet_may_be_named_by_its_file(embedded_store: Store, tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "people.xlsx")) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["编号", "姓名"])
        sheet.write_row(1, 0, ["t1", "王芳"])
    assert people(embedded_store, tmp_path / "people.xlsx") == {("t1", "王芳")}


def test_json_cell_that_is_not_text_is_a_problem(tmp_path: Path):
    rows = [{"id": "a", "name": {"first": "Wang"}}, {"id": "b", "name": "王"}]
    (tmp_path / "data.json").write_text(json.dumps({"people": rows}), encoding="utf-8")
    problems = check(tmp_path / "data.json")
    assert [(each.row, each.column, each.code) for each in problems] == [(2, "name", "bad-value")]


def test_json_with_half_a_surrogate_pair_is_no_text(tmp_path: Path):
    (tmp_path / "data.json").write_text('{"people": [{"id": "b", "name": "\\ud800"}]}', "utf-8")
    (problem,) = check(tmp_path / "data.json", language="en")
    assert problem.code == "not-json"
    assert "surrogates not allowed" in problem.message


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@a", "\ta", "'=1", "''=1", "'", "''", "'a", "O'Neill", "", "＝1", "a=1"],
)
def test_escaped_text_is_no_formula_and_comes_back(text: str):
    assert unescape(escape(text)) == text
    assert escape(text)[:1] not in tuple("=+-@\t\r＝＋－＠")
