"""Files as offices have them: any encoding, title rows, merged headings, dates of every kind."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from graph.store import Store
from loaders.load import check, load
from loaders.readers.cells import Unreadable
from loaders.readers.encodings import scan
from loaders.readers.sheets import File, Reading, sheets_of

SIMPLIFIED = "编号,姓名\nt1,王芳在区委组织部工作，负责选调生的培养与管理\n"
TRADITIONAL = "編號,姓名\nt1,陳國華於教育處服務，負責學員的培訓與輔導工作\n"
WESTERN = "id,name\n" + "".join(f"{at},José Müller-Señor à Genève\n" for at in range(9))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(SIMPLIFIED, each) for each in ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk")],
        *[(SIMPLIFIED, each) for each in ("utf-16-le", "utf-16-be")],
        *[(TRADITIONAL, each) for each in ("utf-8", "big5", "gb18030")],
        *[(WESTERN, each) for each in ("utf-8", "latin-1", "cp1252")],
        ("id,name\n1,𠮷野家\n", "gb18030"),
        ("id,name\n1,Wang\n", "ascii"),
    ],
)
def test_encoding_is_told_from_the_bytes(text: str, encoding: str):
    data = text.encode(encoding)
    found = scan(lambda: io.BytesIO(data)).encoding
    assert data.decode(found) == text


def test_title_rows_and_merged_headings_of_a_workbook(embedded_store: Store, tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "people.xlsx")) as workbook:
        sheet = workbook.add_worksheet("人员")
        sheet.merge_range(0, 0, 0, 3, "2024 年选调生名册")
        sheet.merge_range(1, 0, 2, 0, "编号")
        sheet.merge_range(1, 1, 1, 2, "基本情况")
        sheet.write_row(2, 1, ["姓名", "入职日期"])
        sheet.merge_range(1, 3, 2, 3, "届")
        sheet.write_row(3, 0, ["t1", "王芳", "2023年9月", "２０２３"])
        sheet.write_row(4, 0, ["t2", "李明", "不详", 2024])
    (problem,) = check(tmp_path / "people.xlsx", language="en")
    assert (problem.sheet, problem.row, problem.column, problem.value) == (
        "人员", 5, "入职日期", "不详",
    )  # fmt: skip
    load(embedded_store, tmp_path / "people.xlsx", skip_bad=True)
    rows = embedded_store.read(
        "MATCH (p:Person) RETURN p.id AS id, p.joined_on AS day, p.cohort AS n"
    )
    assert rows == [{"id": "t1", "day": "2023-09", "n": 2023}]


def test_group_above_tells_equal_headings_apart(tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "list.xlsx")) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.merge_range(0, 0, 1, 0, "姓名")
        sheet.merge_range(0, 1, 0, 2, "任职")
        sheet.merge_range(0, 3, 0, 4, "师徒")
        sheet.write_row(1, 1, ["开始", "结束", "开始", "结束"])
        sheet.write_row(2, 0, ["王芳", "2017", "2018", "2019", "2020"])
    file = File("list.xlsx", lambda: (tmp_path / "list.xlsx").open("rb"))
    (sheet,) = sheets_of(file, Reading({"姓名", "开始", "结束"}))
    assert sheet.headings == ["姓名", "任职 开始", "任职 结束", "师徒 开始", "师徒 结束"]
    assert [cells for _, cells in sheet.rows()] == [["王芳", "2017", "2018", "2019", "2020"]]


def test_native_dates_keep_the_precision_they_have(embedded_store: Store, tmp_path: Path):
    dates = ["2023/9/16", "2023.09", "2023年9月16日", "2023年9月", "2023", "２０２３．０９"]
    rows = "".join(f"p{at},王芳,{date}\n" for at, date in enumerate(dates))
    (tmp_path / "people.csv").write_text(f"id,name,joined_on\n{rows}", encoding="utf-8")
    load(embedded_store, tmp_path / "people.csv")
    stored = embedded_store.read("MATCH (p:Person) RETURN p.joined_on AS day ORDER BY p.id")
    assert [row["day"] for row in stored] == [
        "2023-09-16", "2023-09", "2023-09-16", "2023-09", "2023", "2023-09",
    ]  # fmt: skip


# --- what is refused --------------------------------------------------------------------------


def codes(path: Path, source: str = "native") -> list[str]:
    return [problem.code for problem in check(path, source=source, language="en")]


def test_zip_bomb_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"id,name\n" + bytes(100 << 20))
    assert codes(tmp_path / "bomb.zip") == ["swells"]
    assert codes(tmp_path / "bomb.zip", "edge-list") == ["swells"]


def test_gzip_bomb_is_refused(tmp_path: Path):
    import gzip

    with gzip.open(tmp_path / "pairs.csv.gz", "wb") as file:
        file.write(b"mentor,trainee\n")
        for _ in range(100):
            file.write(b"a,b\n" * (1 << 18))
    assert codes(tmp_path / "pairs.csv.gz", "edge-list") == ["swells"]


@pytest.mark.parametrize("ending", ["gexf", "graphml"])
def test_billion_laughs_are_refused(tmp_path: Path, ending: str):
    laughs = "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        f"<{ending}><graph><nodes><node id='&l9;'/></nodes></graph></{ending}>"
    )
    (tmp_path / f"x.{ending}").write_text(text)
    assert set(codes(tmp_path / f"x.{ending}", ending)) == {"xml-entities"}


def test_external_entity_is_refused(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "x.graphml").write_text(
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><graphml><graph>'
        '<node id="a"><data key="name">&e;</data></node></graph></graphml>'
    )
    assert set(codes(tmp_path / "x.graphml", "graphml")) == {"xml-entities"}


def test_ten_thousand_columns_are_refused(tmp_path: Path):
    headings = ",".join(f"c{at}" for at in range(10_000))
    (tmp_path / "people.csv").write_text(f"id,name,{headings}\n1,a\n")
    assert codes(tmp_path / "people.csv") == ["too-wide"]
    assert codes(tmp_path / "people.csv", "edge-list") == ["too-wide"]
    with xlsxwriter.Workbook(str(tmp_path / "people.xlsx")) as workbook:
        workbook.add_worksheet("people").write_row(0, 0, [f"c{at}" for at in range(10_000)])
    assert codes(tmp_path / "people.xlsx") == ["too-wide"]


def test_refusal_is_one_sentence_in_both_languages(tmp_path: Path):
    (tmp_path / "x.gexf").write_text("<html></html>")
    for language, part in (("en", "GEXF"), ("zh_Hans", "请")):
        problem = check(tmp_path / "x.gexf", source="gexf", language=language)[0]
        assert part in problem.message + (problem.hint or "")


# --- other formats ----------------------------------------------------------------------------


def test_json_lines_keep_their_line_numbers(tmp_path: Path):
    lines = [{"a": 1, "b": ["x", {"c": 2}]}, {"b": None, "d": True}]
    text = "\n\n".join(json.dumps(each) for each in lines)
    file = File("x.jsonl", lambda: io.BytesIO(text.encode()))
    (sheet,) = sheets_of(file, Reading())
    assert sheet.headings == ["a", "b", "d"]
    assert list(sheet.rows()) == [(1, ["1", ["x", {"c": 2}], None]), (3, [None, None, "true"])]


def test_broken_json_line_is_told_with_its_number():
    file = File("x.jsonl", lambda: io.BytesIO(b'{"a": 1}\n{"a": \n'))
    with pytest.raises(Unreadable) as caught:
        sheets_of(file, Reading())
    assert (caught.value.code, caught.value.row) == ("not-json", 2)


@pytest.mark.parametrize(
    ("text", "arcs"),
    [
        ("*Vertices 2\n*Arcs\n1 2 3.5\n", [("1", "2", "3.5")]),
        ("*vertices 3\r\n1 a\r\n*ARCSLIST\r\n1 2 3\r\n", [("1", "2", None), ("1", "3", None)]),
        ("*Vertices 2\n*Matrix\n0 1\n0 0\n", [("1", "2", "1")]),
        (
            "*Network a\n*Vertices 1\n1 x\n*Network b\n*Vertices 2\n1 x\n2 y\n*Arcs\n1 2\n",
            [("1", "2:2", None)],
        ),
    ],
)
def test_pajek_arcs_of_every_kind(text: str, arcs: list[tuple[str, str, str | None]]):
    file = File("x.net", lambda: io.BytesIO(text.encode()))
    _, sheet = sheets_of(file, Reading())
    assert [tuple(cells[:3]) for _, cells in sheet.rows()] == arcs


def test_large_file_is_streamed(tmp_path: Path):
    """A text of 60 MB is read with a few MB of memory."""
    import tracemalloc

    with (tmp_path / "pairs.csv").open("w") as written:
        written.write("mentor,trainee\n")
        for _ in range(300):
            written.write("some mentor's long name in full,some trainee's long name\n" * 3_500)
    file = File("pairs.csv", lambda: (tmp_path / "pairs.csv").open("rb"))
    (sheet,) = sheets_of(file, Reading({"mentor", "trainee"}))
    tracemalloc.start()
    count = sum(1 for _ in sheet.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1_050_000
    assert peak < 24 << 20
