"""What is proposed for files nobody has described: by heading, by dates, by foreign keys."""

from pathlib import Path

import pytest
import xlsxwriter

from graph.errors import InputError
from graph.store import Store
from loaders.guess import Guess, guess
from loaders.load import load


def meanings(found: Guess) -> dict[str, str]:
    return {
        column.heading: column.meaning
        for sheet in found.sheets
        for column in sheet.columns
        if column.meaning
    }


def first_rows(found: Guess) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: [tuple(row) for row in table.rows] for table in found.tables}


def test_chinese_roster_under_a_title(tmp_path: Path, store: Store):
    (tmp_path / "roster.csv").write_bytes(
        "2024 年名册,,,,,\n姓名,届别,工作单位,现任职务,任职时间,带教导师\n"
        "张　三,2019届,财政局,科员,2019.10,王芳\n"
        "李四,2020届,河东镇,副镇长,２０２０年９月,\n".encode("gb18030")
    )
    found = guess(tmp_path / "roster.csv")
    assert meanings(found) == {
        "姓名": "person", "届别": "cohort", "工作单位": "unit", "现任职务": "post",
        "任职时间": "since", "带教导师": "mentor",
    }  # fmt: skip
    rows = first_rows(found)
    assert rows["people"] == [
        ("张三", "张三", 2019), ("李四", "李四", 2020), ("王芳", "王芳", None),
    ]  # fmt: skip
    assert rows["mentoring"] == [("王芳", "张三")]
    assert rows["rotations"] == [
        ("张三", "财政局/科员", "2019-10"), ("李四", "河东镇/副镇长", "2020-09"),
    ]  # fmt: skip
    assert store.read("MATCH (n:Person) RETURN n.id AS id") == []
    report = load(store, tmp_path / "roster.csv", source=found.description)
    assert (report.loaded["people"], report.loaded["rotations"], report.skipped) == (3, 2, 0)


def test_references_and_dates_are_found_without_headings_that_say_so(tmp_path: Path):
    (tmp_path / "staff.csv").write_text(
        "staff id,name,boss,x,y\n"
        "1,Ann Lee,,16.9.2019,a\n2,Bob,1,17.10.2020,b\n3,Cy,1,1.1.2021,c\n4,Di,2,2.2.2022,d\n"
    )
    found = guess(tmp_path / "staff.csv", language="en")
    why = {column.heading: column.why for column in found.sheets[0].columns}
    assert meanings(found) == {
        "staff id": "person_id", "name": "person", "boss": "mentor_id", "x": "since",
    }  # fmt: skip
    assert (why["name"], why["boss"], why["x"]) == ("heading", "reference", "dates")
    assert first_rows(found)["mentoring"][0] == ("1", "2", "2020-10-17")


def test_workbook_with_people_and_pairs_on_two_sheets(tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "office.xlsx")) as workbook:
        sheet = workbook.add_worksheet("人员")
        for at, row in enumerate(
            [["编号", "姓名"], ["p1", "王芳"], ["p2", "李明"], ["p3", "张三"]]
        ):
            sheet.write_row(at, 0, row)
        sheet = workbook.add_worksheet("结对")
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_row(1, 0, ["p1", "p2"])
        sheet.write_row(2, 0, ["p2", "p3"])
    found = guess(tmp_path / "office.xlsx")
    assert meanings(found) == {
        "编号": "person_id", "姓名": "person", "甲": "mentor_id", "乙": "trainee_id",
    }  # fmt: skip
    assert first_rows(found)["mentoring"] == [("p1", "p2"), ("p2", "p3")]
    assert [problem for problem in found.problems if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (["2023-09-16", "2023-10"], ["2023-09-16", "2023-10"]),
        (["16/9/2023", "1/2/2023"], ["2023-09-16", "2023-02-01"]),
        (["9/16/2023", "1/2/2023"], ["2023-09-16", "2023-01-02"]),
        (["45185", "45186"], ["2023-09-16", "2023-09-17"]),
        (["2001", "2002"], ["2001", "2002"]),
        (["98.7.1", "01.7.1"], ["1998-07-01", "2001-07-01"]),
        (["至今", "2023年"], [None, "2023"]),
    ],
)
def test_form_of_dates_is_found(tmp_path: Path, dates: list[str], read: list[str | None]):
    rows = "".join(f"n{at},{date}\n" for at, date in enumerate(dates))
    (tmp_path / "people.csv").write_text(f"姓名,入职日期\n{rows}", encoding="utf-8")
    found = guess(tmp_path / "people.csv")
    assert [row[2] for row in first_rows(found)["people"]] == read


def test_equal_names_in_a_list_of_people_are_two_people(tmp_path: Path):
    (tmp_path / "people.csv").write_text("姓名,学历\n王芳,本科\n王芳,硕士\n", encoding="utf-8")
    rows = first_rows(guess(tmp_path / "people.csv"))["people"]
    assert rows == [("王芳", "王芳", "本科"), ("王芳-2", "王芳", "硕士")]


def test_corrected_meanings_make_another_description(tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("a,b\nAda,Bo\n", encoding="utf-8")
    with pytest.raises(InputError):
        guess(tmp_path / "pairs.csv")
    found = guess(tmp_path / "pairs.csv", {"f1.0": "trainee", "f1.1": "mentor"})
    assert first_rows(found)["mentoring"] == [("Bo", "Ada")]


def test_ids_alone_never_rename_somebody(tmp_path: Path, embedded_store: Store):
    embedded_store.write("CREATE (:Person {id: 'p1', name: '王芳'})")
    (tmp_path / "ties.csv").write_text("mentor_id,trainee_id\np1,p2\n", encoding="utf-8")
    found = guess(tmp_path / "ties.csv", store=embedded_store)
    load(embedded_store, tmp_path / "ties.csv", source=found.description)
    rows = embedded_store.read("MATCH (p:Person) RETURN p.id AS id, p.name AS name ORDER BY id")
    assert [row["name"] for row in rows] == ["王芳", "p2 (未知 unknown)"]


def test_what_cannot_be_read_is_told(tmp_path: Path):
    (tmp_path / "x.csv").write_bytes(b"\x00\xff\xff\xff")
    with pytest.raises(InputError) as caught:
        guess(tmp_path / "x.csv", language="en")
    assert "x.csv" in str(caught.value)
