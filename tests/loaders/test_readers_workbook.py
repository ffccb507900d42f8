"""Workbooks as offices keep them: merged cells, headings of two rows, months kept as numbers."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from graph.store import Store
from loaders.load import check, load
from loaders.readers.cells import LostZero, Unreadable
from loaders.readers.sheets import Reading, Sheet, files_at, sheets_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
OURS = Path(__file__).resolve().parents[1] / "cases" / "formats"
WANTED = {"姓名", "单位", "职务", "导师", "学员", "结对时间", "name", "任职时间"}


def read(path: Path) -> list[Sheet]:
    (file,) = files_at(path)
    return sheets_of(file, Reading(WANTED))


def cells(sheet: Sheet) -> list[list[str | None]]:
    return [row for _, row in sheet.rows()]


# --- headings of two rows ---------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_two_rows_of_headings_name_columns_by_group_and_heading(ending: str):
    (sheet,) = read(SHARED / "files" / f"two-row-heading.{ending}")
    assert sheet.headings == [
        "序号", "学员 姓名", "学员 单位", "导师 姓名", "导师 职务", "结对时间",
    ]  # fmt: skip
    assert cells(sheet) == [
        ["1", "穆岚", "东坪镇", "高远", "党委书记", "2021-09"],
        ["2", "苏禾", "西坪镇", "陆川", "党委书记", "2021-09"],
    ]


def test_two_rows_of_headings_without_merged_cells_are_known_by_their_blanks(tmp_path: Path):
    text = "序号,学员,,导师,,结对时间\n,姓名,单位,姓名,职务,\n1,穆岚,东坪镇,高远,党委书记,2021-09\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    (sheet,) = read(tmp_path / "x.csv")
    assert sheet.headings == [
        "序号", "学员 姓名", "学员 单位", "导师 姓名", "导师 职务", "结对时间",
    ]  # fmt: skip
    assert cells(sheet) == [["1", "穆岚", "东坪镇", "高远", "党委书记", "2021-09"]]


def test_data_below_a_heading_with_a_gap_are_no_second_row_of_headings(tmp_path: Path):
    (tmp_path / "x.csv").write_text("姓名,,导师\n穆岚,女,\n苏禾,男,高远\n", encoding="utf-8")
    (sheet,) = read(tmp_path / "x.csv")
    assert sheet.headings == ["姓名", "", "导师"]
    assert cells(sheet) == [["穆岚", "女", None], ["苏禾", "男", "高远"]]


def test_group_stands_before_no_heading_that_is_clear_without_it():
    sheet = read(SHARED / "office" / "1-花名册.xlsx")[0]
    assert sheet.headings[-2:] == ["单位及职务", "任现职时间"]
    assert sheet.heading_row == 4


# --- merged cells below the headings ----------------------------------------------------------


def test_merged_cells_count_for_each_of_their_rows():
    (sheet,) = read(SHARED / "files" / "merged-units.xlsx")
    assert cells(sheet) == [
        ["东坪镇", "穆岚", "高远"],
        ["东坪镇", "苏禾", "高远"],
        ["东坪镇", "季明", "陆川"],
        ["西坪镇", "田野", "陆川"],
    ]


def test_merged_cells_of_an_open_document_count_for_each_row():
    (sheet,) = read(OURS / "merged.ods")
    assert sheet.headings == ["单位", "姓名", "导师", "结对时间"]
    assert [list(map(str, row)) for row in cells(sheet)] == [
        ["东坪镇", "穆岚", "高远", "2015.10"],
        ["东坪镇", "苏禾", "高远", "2016.1"],
    ]
    assert [isinstance(row[3], LostZero) for row in cells(sheet)] == [False, True]


def test_merged_note_below_a_table_stands_once_and_blank_rows_stay_blank(tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "单位", "职务"])
        sheet.write_row(1, 0, ["穆岚"])
        sheet.merge_range(1, 1, 1, 2, "已调出")  # to the right, beside a name
        sheet.merge_range(2, 0, 2, 2, "注：本表由干部科填报")
        sheet.merge_range(3, 1, 5, 1, "东坪镇")
        sheet.write(4, 0, "苏禾")
        sheet.write(6, 0, "季明")
    (found,) = read(tmp_path / "x.xlsx")
    assert cells(found) == [
        ["穆岚", "已调出", "已调出"],
        ["注：本表由干部科填报", None, None],
        [None, "东坪镇", None],
        ["苏禾", "东坪镇", None],
        [None, None, None],
        ["季明", None, None],
    ]


def test_merged_cell_of_a_native_table_fills_its_rows(embedded_store: Store):
    load(embedded_store, SHARED / "files" / "native-merged.xlsx")
    rows = embedded_store.read(
        "MATCH (p:Post)-[:IN]->(u:Unit) RETURN p.id AS post, u.id AS unit ORDER BY post"
    )
    assert [(row["post"], row["unit"]) for row in rows] == [("P1", "U1"), ("P2", "U1")]


# --- months that are numbers ------------------------------------------------------------------


def of_numbers(path: Path, *columns: list[tuple[float, str]]) -> list[list[str | None]]:
    """Write columns of numbers with their formats, and read them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", *(f"列{at}" for at in range(len(columns)))])
    for at, column in enumerate(columns, 2):
        for row, (value, form) in enumerate(column, 2):
            sheet.cell(row, at, value).number_format = form
            sheet.cell(row, 1, f"人{row}")
    book.save(path)
    (found,) = read(path)
    return [row[1:] for row in cells(found)]


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_number_shown_with_two_decimals_keeps_its_zero(ending: str):
    (sheet,) = read(SHARED / "files" / f"number-month.{ending}")
    assert [row[3] for row in cells(sheet)] == ["2015.10", "2018.9", "2016.10"]


@pytest.mark.parametrize("form", ["0.00", "0.00_ ", "0.00_);(0.00)", "#0.00"])
def test_every_format_of_two_decimals_counts(tmp_path: Path, form: str):
    assert of_numbers(tmp_path / "x.xlsx", [(2015.1, form), (21.1, form)]) == [
        ["2015.10"],
        ["21.10"],
    ]


@pytest.mark.parametrize("form", ["General", "0.0", "0", "0.000"])
def test_number_shown_otherwise_has_lost_its_zero_for_certain_or_not(tmp_path: Path, form: str):
    column = [(2015.1, form), (2015.11, form), (2015.9, form), (2015.12, form)]
    found = [row[0] for row in of_numbers(tmp_path / "x.xlsx", column)]
    assert [str(text) for text in found] == ["2015.1", "2015.11", "2015.9", "2015.12"]
    assert [isinstance(text, LostZero) for text in found] == [True, False, False, False]


def test_column_of_months_with_a_mistake_still_holds_months(tmp_path: Path):
    column = [(2015.1, "General"), (2015.15, "General"), (2016.2, "General")]
    found = [row[0] for row in of_numbers(tmp_path / "x.xlsx", column)]
    assert [isinstance(text, LostZero) for text in found] == [True, False, False]


def test_column_of_other_fractions_holds_no_months(tmp_path: Path):
    scores = [(85.1, "0.00"), (77.35, "0.00"), (90.0, "0.00")]
    assert of_numbers(tmp_path / "x.xlsx", scores) == [["85.1"], ["77.35"], ["90"]]


def test_native_months_in_number_cells_are_read_as_shown(embedded_store: Store):
    load(embedded_store, SHARED / "files" / "native-month.xlsx")
    rows = embedded_store.read(
        "MATCH (p:Person)-[r:ROTATED_TO]->() "
        "RETURN p.born_on AS born, r.since AS since, r.until AS until"
    )
    assert [tuple(row.values()) for row in rows] == [("1992-10", "2015-10", "2018-09")]
    (other,) = embedded_store.read("MATCH (p:Person {id: 'T2'}) RETURN p.born_on AS born")
    assert other["born"] == "1992-08"


@pytest.mark.parametrize(("language", "said"), [("en", "October"), ("zh_Hans", "10 月")])
@pytest.mark.parametrize("source", ["native", "appointments"])
def test_month_that_has_lost_its_zero_is_told(
    tmp_path: Path, language: str, said: str, source: str
):
    native = ["编号", "姓名", "入职日期", "籍贯"]
    headings = native if source == "native" else ["单位", "姓名", "任职时间", "职务"]
    book = openpyxl.Workbook()
    book.active.title = "人员"
    for row in (headings, ["T1", "穆岚", 2015.1, "甲"], ["T2", "苏禾", "2015.1", "乙"]):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    found = check(tmp_path / "people.xlsx", source=source, language=language)
    told = [each for each in found if each.code == "january-or-october"]
    assert [(each.row, each.value) for each in told] == [(2, "2015.1")]
    assert said in told[0].message and "2015-10" in (told[0].hint or "")


def test_entities_in_an_open_document_are_refused(tmp_path: Path):
    laughs = "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("content.xml", text)
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "x.ods")
    assert caught.value.code == "unreadable-file"


def test_repeated_cells_of_an_open_document_keep_their_places(tmp_path: Path):
    with zipfile.ZipFile(OURS / "merged.ods") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    first = b"<table:table-row><table:table-cell"
    blank = b'<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    parts["content.xml"] = parts["content.xml"].replace(first, blank + first, 1)
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    (sheet,) = read(tmp_path / "x.ods")
    assert sheet.heading_row == 3
    assert [[str(text) for text in row] for row in cells(sheet)] == [
        ["东坪镇", "穆岚", "高远", "2015.10"],
        ["东坪镇", "苏禾", "高远", "2016.1"],
    ]
