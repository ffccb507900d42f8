"""Files that are not what their name says, and files that nobody means to give."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from shutil import copy

import pytest
import xlsxwriter

from graph.store import Store
from loaders.load import check, load
from loaders.readers.cells import Unreadable
from loaders.readers.sheets import File, Reading, files_at, sheets_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases" / "files"
WANTED = {"姓名", "导师", "结对时间", "name", "mentor"}
PAIR = [["穆岚", "高远", "2021-09"]]


def rows(path: Path) -> list[list[str | None]]:
    (file,) = files_at(path)
    (sheet,) = sheets_of(file, Reading(WANTED))
    return [sheet.headings, *(cells for _, cells in sheet.rows())]


def of(name: str, content: bytes) -> list[list[str | None]]:
    sheet = sheets_of(File(name, lambda: io.BytesIO(content)), Reading(WANTED))[0]
    return [sheet.headings, *(cells for _, cells in sheet.rows())]


def refused(name: str, content: bytes) -> tuple[str, object]:
    with pytest.raises(Unreadable) as caught:
        of(name, content)
    return caught.value.code, caught.value.details.get("what")


# --- content decides, not the ending ----------------------------------------------------------


@pytest.mark.parametrize("name", ["html.xls", "tsv16.xls"])
def test_file_that_is_no_workbook_is_read_as_what_it_is(name: str):
    assert rows(SHARED / name) == [["姓名", "导师", "结对时间"], *PAIR]


def test_workbook_under_another_ending_is_read():
    assert rows(SHARED / "renamed.csv") == [["姓名", "导师"], ["穆岚", "高远"]]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.json", "x.graphml", "x.gexf", "x"])
def test_network_is_known_under_any_ending(name: str):
    content = (
        b'<?xml version="1.0"?><graphml><graph edgedefault="directed">'
        b'<node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>'
    )
    assert [row[0] for row in of(name, content)] == ["id", "a", "b"]


def test_csv_under_the_ending_of_a_workbook_keeps_its_encoding():
    text = "姓名,导师\n穆岚,高远\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert of("x.xls", text.encode(encoding)) == [["姓名", "导师"], ["穆岚", "高远"]]


def test_json_and_packed_files_are_known_by_content():
    assert of("x.csv", b'[{"name": "Ann", "mentor": "Bo"}]') == [["name", "mentor"], ["Ann", "Bo"]]
    packed = gzip.compress(b"name,mentor\nAnn,Bo\n")
    assert of("x.csv", packed) == [["name", "mentor"], ["Ann", "Bo"]]


def test_heading_in_brackets_is_no_json():
    assert of("x.csv", b"[name],[mentor]\nAnn,Bo\n")[0] == ["[name]", "[mentor]"]


def test_html_table_has_merged_cells_and_the_encoding_it_declares():
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>'
        "<table><tr><th>单位</th><th>姓名</th><th>导师</th></tr>"
        '<tr><td rowspan=2>东坪镇</td><td>穆&nbsp;岚</td><td rowspan="2">高远<br>季明</td></tr>'
        "<tr><td>苏禾</td></tr></table></html>"
    )
    assert of("x.xls", page.encode("gb2312")) == [
        ["单位", "姓名", "导师"],
        ["东坪镇", "穆 岚", "高远\n季明"],
        ["东坪镇", "苏禾", "高远\n季明"],
    ]


def test_page_with_several_tables_is_a_sheet_of_each():
    table = "<table><tr><td>name<td>mentor<tr><td>{}<td>Bo</table>"
    page = f"<html><table><tr><td>{table.format('Ann')}<td>{table.format('Cy')}</table></html>"
    found = sheets_of(File("x.xls", lambda: io.BytesIO(page.encode())), Reading(WANTED))
    assert [each.name for each in found] == ["table 1", "table 2"]
    assert [[cells for _, cells in each.rows()] for each in found] == [
        [["Ann", "Bo"]],
        [["Cy", "Bo"]],
    ]


def test_html_cell_that_spans_millions_is_refused():
    page = b"<table><tr><td colspan=99999999>a</table>"
    assert refused("x.xls", page)[0] == "too-wide"


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"%PDF-1.7", "other-kind", "PDF"),
        (b"{\\rtf1", "other-kind", "RTF"),
        (b"Rar!\x1a\x07", "other-kind", "RAR"),
        (b"\x89PNG\r\n", "other-kind", "PNG"),
        (b'<?xml version="1.0"?><a/>', "other-kind", "XML"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "other-kind",
            "Excel 2003 XML",
        ),
        (b"<html><p>Sign in</p></html>", "other-kind", "HTML"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "other-kind", "Word"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked", None),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
def test_file_that_is_not_read_is_named(content: bytes, code: str, what: str, ending: str):
    assert refused(f"x.{ending}", content) == (code, what)


@pytest.mark.parametrize(
    ("inside", "what"), [("word/document.xml", "Word"), ("a.csv", "ZIP"), (None, "ZIP")]
)
def test_archive_that_is_no_workbook_is_named(inside: str | None, what: str):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(inside or "x", "a")
    assert refused("x.xlsx", content.getvalue()) == ("other-kind", what)


@pytest.mark.parametrize(("language", "said"), [("en", "By its content"), ("zh_Hans", "按内容看")])
def test_native_files_are_known_by_content_too(
    embedded_store: Store, tmp_path: Path, language: str, said: str
):
    with xlsxwriter.Workbook(str(tmp_path / "people.csv"), {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "姓名"])
        sheet.write_row(1, 0, ["T1", "穆岚"])
    load(embedded_store, tmp_path)
    assert embedded_store.read("MATCH (p:Person) RETURN p.name AS name") == [{"name": "穆岚"}]
    (tmp_path / "people.xlsx").write_text("编号,姓名\nT1,穆岚\n", encoding="gb18030")
    assert check(tmp_path / "people.xlsx", language=language) == []
    (tmp_path / "people.xlsx").write_bytes(b"%PDF-1.7")
    (problem,) = [
        each
        for each in check(tmp_path / "people.xlsx", language=language)
        if each.code == "other-kind"
    ]
    assert said in problem.message and "PDF" in problem.message


# --- names in archives, files of systems ------------------------------------------------------


def test_names_in_an_archive_made_by_windows_are_read(embedded_store: Store):
    load(embedded_store, SHARED / "gbk-names.zip")
    rows = embedded_store.read(
        "MATCH (m:Person)-[r:MENTORS]->(t:Person) "
        "RETURN m.name AS mentor, t.name AS trainee, r.since AS since"
    )
    assert [tuple(row.values()) for row in rows] == [("高远", "穆岚", "2021-09")]
    assert [file.name for file in files_at(SHARED / "gbk-names.zip")] == [
        "人员.csv",
        "师徒关系.csv",
    ]


@pytest.mark.parametrize("encoding", ["gbk", "big5", "utf-8"])
def test_names_in_an_archive_are_read_in_any_encoding(tmp_path: Path, encoding: str):
    names = {"gbk": "选调生人员名册.csv", "big5": "導師與學員名冊.csv", "utf-8": "选调生.csv"}
    raw = names[encoding].encode(encoding)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        info = zipfile.ZipInfo("x" * len(raw))
        archive.writestr(info, "name\nAnn\n")
    content = (tmp_path / "x.zip").read_bytes().replace(b"x" * len(raw), raw)
    (tmp_path / "x.zip").write_bytes(content)
    (file,) = files_at(tmp_path / "x.zip")
    assert file.name == names[encoding]
    assert [cells for _, cells in sheets_of(file, Reading())[0].rows()] == [["Ann"]]


def test_names_marked_as_utf8_stay_and_folders_of_windows_are_folders(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("数据\\人员.csv", "编号,姓名\nT1,穆岚\n")
    (file,) = files_at(tmp_path / "x.zip")
    assert file.name == "数据/人员.csv"
    assert check(tmp_path / "x.zip") == []


def test_files_of_systems_are_passed_over(tmp_path: Path):
    assert [file.name for file in files_at(SHARED / "lockfile")] == ["名单.xlsx"]
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n", encoding="utf-8")
    for name in ("~$people.xlsx", "._people.csv", ".~lock.people.csv#", ".DS_Store"):
        (tmp_path / name).write_bytes(b"\x00\x05")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        for name in ("a/~$b.csv", "__MACOSX/._b.csv", ".hidden/b.csv", "a/b.csv"):
            archive.writestr(name, "name\nAnn\n")
    assert [file.name for file in files_at(tmp_path)] == ["people.csv", "a/b.csv"]
    copy(tmp_path / "people.csv", tmp_path / "~$people.csv")
    assert check(tmp_path) == []


# --- accents ----------------------------------------------------------------------------------

PARTS, WHOLE = "Jose\u0301 Luna", "José Luna"


def _workbook(heading: str, name: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_column(0, 0, [heading, name])
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", f"Pre\u0301nom\n{PARTS}\n".encode()),
        ("x.txt", f"Pre\u0301nom\n{PARTS}\n".encode("utf-16")),
        ("x.xlsx", _workbook("Pre\u0301nom", PARTS)),
        ("x.json", json.dumps([{"Pre\u0301nom": PARTS}]).encode()),
        ("x.json", json.dumps([{"Pre\u0301nom": PARTS}], ensure_ascii=False).encode()),
        ("x.jsonl", json.dumps({"Pre\u0301nom": PARTS}).encode()),
        ("x.xls", f"<table><tr><th>Pre\u0301nom</th></tr><tr><td>{PARTS}</td></tr>".encode()),
    ],
    ids=["csv", "utf-16", "xlsx", "escaped json", "json", "json lines", "html"],
)
def test_accents_behind_their_letters_are_put_on_them(name: str, content: bytes):
    assert of(name, content) == [["Prénom"], [WHOLE]]


def test_accents_of_networks_are_put_on_their_letters():
    graphml = (
        '<graphml><key id="k" for="node" attr.name="Pre\u0301nom"/><graph>'
        f'<node id="{PARTS}"><data key="k">{PARTS}</data></node></graph></graphml>'
    )
    headings, row = of("x.graphml", graphml.encode())
    assert [row[0], row[headings.index("Prénom")]] == [WHOLE, WHOLE]
    assert of("x.net", f'*Vertices 1\n1 "{PARTS}"\n'.encode())[1][2] == WHOLE


def test_one_person_in_two_ways_of_writing_is_one(embedded_store: Store):
    load(embedded_store, SHARED / "native-nfd")
    load(embedded_store, SHARED / "nfd-list.csv", source="edge-list")
    rows = embedded_store.read("MATCH (p:Person) RETURN p.name AS name ORDER BY name")
    assert [row["name"] for row in rows] == ["Bo Lind", "Ida Finn", WHOLE]
