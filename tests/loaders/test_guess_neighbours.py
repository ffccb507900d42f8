"""Neighbours of the collected cases: each kind of doubt just below and just above its limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.store import Store
from loaders.guess import Guess, guess
from loaders.load import load
from tests.loaders.guessed import records, shown_person, tie


def dates_of(tmp_path: Path, *texts: str, heading: str = "入职日期") -> tuple[list[Any], set[str]]:
    rows = "".join(f'n{at}x,"{text}"\n' for at, text in enumerate(texts))
    (tmp_path / "people.csv").write_text(f"姓名,{heading}\n{rows}", encoding="utf-8")
    found = guess(tmp_path / "people.csv", language="en")
    key = next(iter({"joined_on", "born_on", "since"} & set(found.tables[0].headings)))
    read = [row.get(key) for row in records(tmp_path / "people.csv", found, "people")]
    texts_read = [value if isinstance(value, str) else None for value in read]
    return texts_read, {doubt.code for doubt in found.doubts}


@pytest.mark.parametrize(
    ("texts", "read", "codes"),
    [
        # one short year never changes how others are read, and the other way round
        (["2022.07", "21.7"], ["2022-07", "2021-07"], set()),
        (["97.11", "2022.07", "98年3月"], ["1997-11", "2022-07", "1998-03"], set()),
        # a number of Excel has five digits and no year has; 4-digit numbers are years
        (["45185", "45186", "2019"], ["2023-09-16", "2023-09-17", "2019"], set()),
        (["2019", "2020.3", "45185"], ["2019", "2020-03", "2023-09-16"], {"serial-dates"}),
        (["9999", "2019"], ["9999", "2019"], set()),
        (["10000", "10001"], ["1927-05-18", "1927-05-19"], set()),
        (["9000", "2019-01"], ["9000", "2019-01"], set()),
        # 1905 and before are asked, 1906 is not
        (["1905", "2019"], ["1905", "2019"], {"early-date"}),
        (["1906", "2019"], ["1906", "2019"], set()),
        (["1899-12-30", "2019"], ["1899-12-30", "2019"], {"early-date"}),
        # .1 may have been .10, unless some .10 is there
        (["2021.1", "2021.9"], ["2021-01", "2021-09"], {"lost-zero"}),
        (["2021.1", "2021.10"], ["2021-01", "2021-10"], set()),
        (["21.1", "21.9"], ["2021-01", "2021-09"], {"lost-zero"}),
        # one date that can only be of one order decides the column
        (["9/1/2017", "9/16/2017"], ["2017-09-01", "2017-09-16"], set()),
        (["9/1/2017", "16/9/2017"], ["2017-01-09", "2017-09-16"], set()),
        (["9/16/2017", "16/9/2017", "9/1/2017"], None, {"day-or-month"}),
        (["9/9/2017", "1/1/2018"], ["2017-09-09", "2018-01-01"], set()),
        # a day without its year is no date
        (["7.3", "2024.7.3"], [None, "2024-07-03"], {"unread-date"}),
        (["7.3", "11.5"], [None, None], {"unread-date"}),
        # terms and school years
        (["2017年秋", "2018/19", "2017-2018学年"], ["2017", "2018", "2017"], set()),
        (["2018/19", "2011-12"], ["2018", "2011-12"], {"month-or-year"}),
        (["210701", "2021"], [None, "2021"], {"unread-date"}),
        # words for nothing and for "until now"
        (["待定", "2021", "—", "NA", "至今"], [None, "2021", None, None, None], set()),
        (["2021.07起", "2022.07至今", "2020.09"], ["2021-07", "2022-07", "2020-09"], set()),
    ],
)
def test_each_date_is_read_by_its_own_shape_and_its_column(
    tmp_path: Path, texts: list[str], read: list[str | None] | None, codes: set[str]
):
    found, doubts = dates_of(tmp_path, *texts)
    assert doubts == codes
    assert read is None or found == read


def of_pairs(tmp_path: Path, text: str) -> tuple[Path, Guess, set[str]]:
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    found = guess(path, language="en")
    return path, found, {doubt.code for doubt in found.doubts}


def test_last_days_are_told_from_first_days_by_what_follows(tmp_path: Path):
    for end, read in (("2018-09-30", "2018-10-01"), ("2018-10-01", "2018-10-01")):
        path, found, _ = of_pairs(
            tmp_path,
            f"姓名,单位,职务,开始,结束\n穆岚,甲镇,科员,2015-07-01,{end}\n穆岚,甲镇,镇长,2018-10-01,\n",
        )
        assert next(records(path, found, "rotations"))["until"] == read


def test_rows_that_were_not_looked_at_are_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("loaders.guessing.looking.SAMPLED", 2)
    for rows, codes in ((2, set()), (3, {"long-file"})):
        text = "姓名,导师\n" + "".join(f"甲{at}某,高远\n" for at in range(rows))
        assert of_pairs(tmp_path, text)[2] == codes


@pytest.mark.parametrize("word", ["none", "NULL", r"\N", "NaN", "无", "待定", "Tbd", "-", "—", "/"])
def test_a_word_for_nothing_is_nobody_in_any_case(tmp_path: Path, word: str):
    path, found, codes = of_pairs(tmp_path, f"姓名,导师\n穆岚,高远\n苏禾,{word}\n")
    assert list(map(tie, records(path, found, "mentoring"))) == ["高远>穆岚"] and codes == set()
    assert sorted(map(shown_person, records(path, found, "people"))) == ["穆岚", "苏禾", "高远"]


@pytest.mark.parametrize("name", ["Na", "无忌", "Noneman", "待定坤"])
def test_a_name_that_begins_like_such_a_word_is_a_name(tmp_path: Path, name: str):
    path, found, _ = of_pairs(tmp_path, f"姓名,导师\n穆岚,高远\n苏禾,{name}\n")
    assert len(list(records(path, found, "mentoring"))) == 2


def test_brackets_that_tell_two_people_apart_stay(tmp_path: Path):
    path, found, codes = of_pairs(tmp_path, "姓名,导师\n王伟（财政局）,高远\n王伟（教育局）,高远\n")
    assert "namesakes" in codes
    assert len([r for r in records(path, found, "people") if r["name"].startswith("王伟")]) == 2


def test_one_person_with_an_id_and_a_name_elsewhere_stays_one(tmp_path: Path):
    path, found, codes = of_pairs(tmp_path, "工号,姓名,导师\n201,高远,\n202,穆岚,高远\n")
    assert sorted(map(shown_person, records(path, found, "people"))) == ["201=高远", "202=穆岚"]
    assert list(map(tie, records(path, found, "mentoring"))) == ["201>202"] and codes == set()


def test_a_name_that_two_ids_have_is_asked(tmp_path: Path):
    *_, codes = of_pairs(tmp_path, "工号,姓名,导师\n7,高远,\n8,高远,\n9,穆岚,高远\n")
    assert "two-of-a-name" in codes


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        (("990302199803121234", "990405199907021226"), "identity-number"),
        (("99030219980312123X", "990405199907021226"), "identity-number"),
        (("9.9E+17", "9.8E+17"), "lost-digits"),
        (("123456789012345000", "123456789012346000"), "lost-digits"),
        (("1234567890123456.0", "1234567890123457.0"), "lost-digits"),
    ],
)
def test_such_a_number_is_nobodys_id(tmp_path: Path, ids: tuple[str, str], code: str):
    path, found, codes = of_pairs(tmp_path, f"编号,姓名\n{ids[0]},穆岚\n{ids[1]},苏禾\n")
    assert code in codes
    assert sorted(map(shown_person, records(path, found, "people"))) == ["穆岚", "苏禾"]
    assert not any(each in found.text.partition("doubts:")[0] for each in ids)


def test_identity_numbers_are_not_shown_whole(tmp_path: Path):
    _, found, _ = of_pairs(tmp_path, "姓名,身份证号\n穆岚,990302199803121234\n")
    assert "990302199803121234" not in str(found.as_dict())


def test_sixteen_digits_that_are_all_there_stay_an_id(tmp_path: Path):
    path, found, codes = of_pairs(
        tmp_path, "编号,姓名\n1234567890123451,穆岚\n1234567890123452,苏禾\n"
    )
    assert codes == set() and "1234567890123451=穆岚" in map(
        shown_person, records(path, found, "people")
    )


def test_a_post_behind_the_mentor_is_asked(tmp_path: Path):
    *_, codes = of_pairs(tmp_path, "学员,导师,职务\n穆岚,高远,党委书记\n")
    assert "whose-post" in codes
    *_, codes = of_pairs(tmp_path, "学员,职务,导师\n穆岚,科员,高远\n")
    assert "whose-post" not in codes


def test_equal_names_that_cannot_be_one_person_are_asked(tmp_path: Path):
    *_, codes = of_pairs(tmp_path, "姓名,出生年月,导师\n王伟,1998-03,高远\n王伟,1999-07,季明\n")
    assert "one-or-two" in codes
    *_, codes = of_pairs(tmp_path, "姓名,出生年月,导师\n王伟,1998-03,高远\n王伟,1998-03,季明\n")
    assert codes == set()


@pytest.mark.parametrize("word", ["Undirected", "mutual"])
def test_a_tie_without_direction_is_left_out_and_told(tmp_path: Path, word: str):
    path, found, codes = of_pairs(
        tmp_path, f"Source,Target,Type\nAda One,Bo Two,Directed\nBo Two,Cy Three,{word}\n"
    )
    assert codes == {"undirected"}
    assert list(map(tie, records(path, found, "mentoring"))) == ["Ada One>Bo Two"]


def test_both_languages_have_words_for_every_doubt(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text("Mentor,Mentee,Start\nA B,C D,9/1/2017\n", encoding="utf-8")
    (zh,) = guess(path, language="zh_Hans").doubts
    (en,) = guess(path, language="en").doubts
    assert zh.code == en.code and "可能是" in zh.message and "may be" in en.message


def test_what_stands_beside_the_arrays_of_a_json_file_is_told(tmp_path: Path):
    path = tmp_path / "x.json"
    path.write_text(
        '{"head": {"name": "Mira Holt"}, "people": [{"id": "1", "name": "Jonas Vane"}]}',
        encoding="utf-8",
    )
    assert "outside-tables" in {each.code for each in guess(path, language="en").doubts}


def several(folder: Path, **files: str) -> Guess:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return guess(folder, language="en")


@pytest.mark.parametrize("name", ["units", "Departments", "单位", "companies", "部门一览表"])
@pytest.mark.parametrize("headings", ["id,name", "编号,名称", "代码,单位名称"])
def test_what_a_table_of_units_lists_is_nobody(tmp_path: Path, name: str, headings: str):
    path = tmp_path / "x"
    found = several(
        path,
        people="id,name\nT1,Ann\n",
        posts="id,title,unit\nP1,Clerk,U1\nP2,Head,U1\n",
        **{name: f"{headings}\nU1,Finance\n"},
    )
    assert list(map(shown_person, records(path, found, "people"))) == ["T1=Ann"]
    units = [(row["id"], row["name"]) for row in records(path, found, "units")]
    assert units == [("U1", "Finance")]
    posts = [(row["id"], row["title"], row["unit"]) for row in records(path, found, "posts")]
    assert posts == [("P1", "Clerk", "U1"), ("P2", "Head", "U1")]


def test_ids_of_postings_are_nobodys_where_people_are_listed(tmp_path: Path):
    path = tmp_path / "x"
    found = several(
        path,
        list="id,name\nT1,Ann\nT2,Bo\n",
        held="id,person,post,since,status,cohort\n"
        "R1,T1,Clerk,2020,planned,2019\nR2,T2,Clerk,2021,actual,2019\n",
    )
    assert list(map(shown_person, records(path, found, "people"))) == ["T1=Ann", "T2=Bo"]
    assert [row["person"] for row in records(path, found, "rotations")] == ["T1", "T2"]
    assert "row-numbers" in {each.code for each in found.doubts}
    # a column with a meaning that has no place in the table is told like any other
    assert {each["column"] for each in found.unused_columns} == {"id", "cohort"}
    assert [row["status"] for row in records(path, found, "rotations")] == ["planned", "actual"]


@pytest.mark.parametrize("name", ["activities", "志愿", "wishes", "attendance", "kin"])
def test_a_table_of_ours_without_posts_or_ties_makes_none(tmp_path: Path, name: str):
    path = tmp_path / "x"
    table = {name: "id,person,post,title,kind\nW1,T1,P1,A talk,talk\n"}
    found = several(path, people="id,name\nT1,Ann\n", **table)
    assert [each.name for each in found.tables] == ["people"]
    assert "unused-sheet" in {each.code for each in found.doubts}


def test_a_month_that_lost_its_zero_is_told_as_refused(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (("姓名", "入职时间"), ("张伟", 2021.1), ("李娜", 2020.9)):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    (told,) = guess(tmp_path / "x.xlsx", language="en").doubts
    assert told.code == "january-or-october" and "read as" not in told.message


def test_undirected_ties_name_the_source_that_reads_them(tmp_path: Path):
    text = "source,target,type\n1,2,Undirected\n1,3,Directed\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    for language in ("en", "zh_Hans"):
        told = guess(tmp_path / "x.csv", language=language).doubts
        assert any("--source undirected" in each.message for each in told)


def test_people_in_a_file_named_after_their_unit_stay_people(tmp_path: Path):
    path = tmp_path / "部门.csv"
    path.write_text("编号,姓名,部门\nT1,张伟,财务科\n", encoding="utf-8")
    found = guess(path, language="en")
    assert list(map(shown_person, records(path, found, "people"))) == ["T1=张伟"]


@pytest.mark.parametrize(
    ("mentor", "code"),
    [
        ("王芳 李娜", "several-in-a-cell"), ("王 芳", ""), ("欧阳 菲", ""), ("同上", "not-a-name"),
        ("本人", "not-a-name"), ("ditto", "not-a-name"), ("王主任", "not-a-name"),
        ("孟老师", "not-a-name"), ("王芳老师", "same-person"), ("主任妮", ""), ("Mel Same", ""),
        ("以上人员均为2021年选调", "not-a-name"), ("买买提·吐尔逊江", ""), ("司马相如明月", ""),
    ],
)  # fmt: skip
def test_what_names_nobody_or_two_is_asked(tmp_path: Path, mentor: str, code: str):
    text = f"姓名,导师\n张伟,{mentor}\n李强,王芳\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    codes = {each.code for each in guess(tmp_path / "x.csv", language="en").doubts}
    assert codes == ({code} if code else set())


@pytest.mark.parametrize("planned", ["计划", "planned", "拟任"])
def test_a_planned_posting_is_not_read_as_actual(tmp_path: Path, planned: str):
    text = f"人员,岗位,开始,状态\n张伟,科员,2031-09,{planned}\n李强,科员,2021-09,实际\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    found = guess(tmp_path / "x.csv", language="en")
    states = [row["status"] for row in records(tmp_path / "x.csv", found, "rotations")]
    assert states == [planned, "实际"]
    assert not any("status" in row for row in records(tmp_path / "x.csv", found, "people"))


def test_units_that_are_stored_are_not_made_a_second_time(tmp_path: Path, embedded_store: Store):
    (tmp_path / "units").mkdir()
    text = "id,name\nU1,龙山镇\nU2,党政办\nU3,党政办\n"
    (tmp_path / "units" / "units.csv").write_text(text, encoding="utf-8")
    load(embedded_store, tmp_path / "units")
    rows = "姓名,单位,职务\n张伟,龙山镇,科员\n李强,党政办,科员\n"
    (tmp_path / "x.csv").write_text(rows, encoding="utf-8")
    found = guess(tmp_path / "x.csv", language="en", store=embedded_store)
    (told,) = [each for each in found.doubts if each.code == "stored-units"]
    assert (told.column, told.rows) == ("单位", (2,)) and "龙山镇 U1" in told.message
    load(embedded_store, tmp_path / "x.csv", source=found.description, confirmed=True)
    units = embedded_store.read("MATCH (u:Unit) RETURN u.id AS id ORDER BY id")
    assert [row["id"] for row in units] == ["U1", "U2", "U3", "党政办"]
    (held,) = embedded_store.read("MATCH (p:Post)-[:IN]->(:Unit {id: 'U1'}) RETURN p.id AS id")
    assert held["id"] == "龙山镇/科员"


@pytest.mark.parametrize("headings", ["教师姓名,学生姓名", "姓名,徒弟", "Name,Mentee"])
def test_a_name_beside_trainees_is_their_mentors(tmp_path: Path, headings: str):
    (tmp_path / "x.csv").write_text(f"{headings}\n王芳,张伟\n王芳,李强\n", encoding="utf-8")
    found = guess(tmp_path / "x.csv", language="en")
    ties = sorted(map(tie, records(tmp_path / "x.csv", found, "mentoring")))
    assert ties == ["王芳>张伟", "王芳>李强"]


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("是否选调生", "是,否"), ("Student", "yes,no"), ("选调生年度", "2021,2022"),
        ("学生人数", "3,4"), ("导师", "有,无"),
    ],
)  # fmt: skip
def test_what_is_told_of_people_is_nobody(tmp_path: Path, heading: str, values: str):
    one, other = values.split(",")
    text = f"姓名,{heading}\n张伟,{one}\n李强,{other}\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    found = guess(tmp_path / "x.csv", language="en")
    people = sorted(map(shown_person, records(tmp_path / "x.csv", found, "people")))
    assert people == ["张伟", "李强"]
    assert list(records(tmp_path / "x.csv", found, "mentoring")) == []
