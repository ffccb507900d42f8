"""Other people's files: each is read right, or what is doubtful of it is asked; never wrong
without a word.

The inputs lie in `tests/cases/guess`; the whole collection stands beside the repository, and
those of its cases that are not copied here are skipped without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from loaders.guess import Guess, guess
from tests.loaders.guessed import period, records, shown_person, tie

OWN = Path(__file__).parent.parent / "cases" / "guess"
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "cases"

TIES = ("mentor", "trainee", "kind", "since", "until")
POSTINGS = ("person", "post", "since", "until")


@dataclass(frozen=True)
class Case:
    """What is right of a file: facts that must come out, doubts that must be told."""

    ties: tuple[str, ...] | None = None  # "mentor>trainee kind since-until"
    posts: tuple[str, ...] | None = None  # "person@post since-until"
    people: str | None = None  # names, or id=name, with commas
    dates: tuple[str, ...] = ()  # of people, in order of rows: born_on or joined_on
    asks: str = ""  # codes of doubts that must be told
    only: bool = False  # and no other one
    refused: bool = False  # or it is refused, in words


def case(**given: Any) -> Case:
    return Case(**given)


GUIDED = ("高远>穆岚 since 2021-09", "陆川>苏禾 since 2021-09")
OFFICE_DATES = ("2022-07", "2021-07", "2020-09")

CASES: dict[str, Case] = {
    # whose post, several mentors, first and family names
    "files/导师职务.csv": case(ties=GUIDED, posts=(), asks="of-the-mentor"),
    "files/2加1.xlsx": case(
        people="季明,陆川,田野,穆岚,苏禾,高远",
        ties=(
            "季明>苏禾 township since 2021-09", "田野>穆岚 senior since 2021-09",
            "田野>苏禾 senior since 2021-09", "陆川>穆岚 village since 2021-09",
            "陆川>苏禾 village since 2021-09", "高远>穆岚 township since 2021-09",
        ),
        asks="", only=True,
    ),
    "files/cosup.csv": case(
        ties=(
            "Mira Holt>Jonas Vane since 2017-09-01", "Mira Holt>Lena Orr since 2018-09-01",
            "Tom Abel>Jonas Vane since 2017-09-01",
        ),
        only=True,
    ),
    "files/wide-mentees.csv": case(
        ties=("Mira Holt>Jonas Vane", "Mira Holt>Lena Orr", "Tom Abel>Ida Finn"), only=True
    ),
    "files/firstlast.csv": case(
        people="Jonas Kell,Jonas Vane,Lena Orr,Mira Holt,Mira Sands",
        ties=(
            "Mira Holt>Jonas Vane since 2021-09-01", "Mira Holt>Lena Orr since 2022-09-01",
            "Mira Sands>Jonas Kell since 2021-09-01",
        ),
        only=True,
    ),
    "files/forms.csv": case(people="Jonas Kell,Jonas Vane,Mira Holt", asks="wish"),
    # ids
    "files/edges-id.csv": case(
        people="p1,p2,p3", ties=("p1>p2 advisor", "p1>p3 advisor"), only=True
    ),
    "files/师徒表.csv": case(ties=GUIDED, people="穆岚,苏禾,陆川,高远", only=True),
    "files/student-ids.csv": case(
        people="A201=Mira Holt,S101=Jonas Vane,S102=Lena Orr",
        ties=("A201>S101 since 2001", "A201>S102 since 2003"), only=True,
    ),
    "files/gephi-tables": case(
        people="1=Mira Holt,2=Jonas Vane,3=Lena Orr", ties=("1>2 advisor since 2001 until 2005",),
        asks="undirected",
    ),
    "files/people-and-pairs": case(
        people="101=Jonas Vane,102=Lena Orr,201=Mira Holt",
        ties=("201>101 since 2001", "201>102 since 2003"), only=True,
    ),
    "files/pandas-float": case(
        people="101=Jonas Vane,102=Lena Orr,201=Mira Holt",
        ties=("201>101 since 2001", "201>102 since 2003"), only=True,
    ),
    "files/native-float": case(
        people="101=Jonas Vane,201=Mira Holt", ties=("201>101 since 2001",), only=True
    ),
    "files/idnumber.csv": case(
        people="季明,穆岚,苏禾,高远", ties=("高远>季明", "高远>穆岚", "高远>苏禾"),
        asks="lost-digits",
    ),
    "files/idnumber.xlsx": case(people="穆岚,苏禾", asks="lost-digits"),
    "files/wikidata.csv": case(
        people="Q900000=Mira Holt,Q900001=Jonas Vane,Q900002=Lena Orr",
        ties=("Q900000>Q900001 since 2001-01-01", "Q900000>Q900002 since 2003-05-06"), only=True,
    ),
    "files/gephi-label.csv": case(
        people="ncs1=Mira Holt,ncs2=Jonas Vane,ncs3=Lena Orr", ties=("ncs1>ncs2", "ncs1>ncs3"),
        only=True,
    ),
    "files/admin": case(
        people="p1=Mira Holt,p2=Jonas Vane", ties=("p1>p2 since 2001",), only=True
    ),
    "files/org.csv": case(
        people="101=Mira Holt,102=Jonas Vane,103=Lena Orr", ties=("101>102", "101>103"), only=True
    ),
    # dates
    "files/mixed-dates.xlsx": case(
        ties=(
            "Mira Holt>Bo Lind since 2020-09-19", "Mira Holt>Ida Finn since 2019-09-03",
            "Mira Holt>Jonas Vane since 2017-09-16", "Mira Holt>Lena Orr since 2018-09",
        ),
        only=True,
    ),
    "files/text-and-serial.xlsx": case(
        ties=(
            "Mira Holt>Bo Lind since 2020-03", "Mira Holt>Ida Finn since 2019",
            "Mira Holt>Jonas Vane since 2017-09-16", "Mira Holt>Lena Orr since 2018-09-03",
        ),
        asks="serial-dates",
    ),
    "files/us-dates.csv": case(asks="day-or-month"),
    "files/en-dates.csv": case(
        ties=(
            "Mira Holt>Jonas Vane since 2017-09-16 until 2019-06-30",
            "Mira Holt>Lena Orr since 2018-09-03", "Tom Abel>Bo Lind since 2019-10-03",
            "Tom Abel>Ida Finn since 2017-09 until 2019-06",
        ),
        only=True,
    ),
    "files/dash-open.csv": case(
        posts=(
            "Mira Holt@Eastmere Clinic/Registrar since 2018-07",
            "Mira Holt@Eastmere Clinic/Resident since 2015-07 until 2018-07",
            "Tom Abel@Eastmere Clinic/Resident since 2016-07",
        ),
        only=True,
    ),
    "files/terms.csv": case(
        ties=(
            "Mira Holt>Jonas Vane since 2017", "Mira Holt>Lena Orr since 2018",
            "Tom Abel>Bo Lind since 2019", "Tom Abel>Ida Finn since 2018",
        ),
        only=True,
    ),
    "files/period-cell.csv": case(
        posts=(
            "穆岚@东坪镇/党委委员 since 2018-09 until 2021-05", "穆岚@东坪镇/副镇长 since 2021-05",
            "穆岚@东坪镇/科员 since 2015-07 until 2018-09",
        ),
        only=True,
    ),
    "files/任职时间.csv": case(
        posts=(
            "穆岚@东坪镇/党委委员 since 2018-09",
            "穆岚@东坪镇/科员 since 2015-07 until 2018-09",
        ),
        only=True,
    ),
    "files/effective.csv": case(asks="open-postings"),
    "files/sap.csv": case(
        people="00000101=Jonas Vane",
        posts=(
            "00000101@Finance/Clerk since 2015-07-01 until 2018-10-01",
            "00000101@Finance/Deputy since 2018-10-01",
        ),
        only=True,
    ),
    "office/5-numbers.xlsx": case(
        people="张伟,李娜", dates=("2022-07", "1998-03"), asks="january-or-october"
    ),
    "office/6-text.xlsx": case(
        people="张伟,李娜", dates=("2022-07", "1998-03", "2021-10", "1997-11"), only=True
    ),
    "office/7-mixed.xlsx": case(
        people="张伟,李娜", dates=("2022-07", "1998-03", "2021-10", "1997-11"), only=True
    ),
    "office/8-shortyear.xlsx": case(dates=OFFICE_DATES, only=True),
    "office/9-datetime.xlsx": case(dates=("2022-07", "2021-07-01", "2020-09"), only=True),
    "office/10-zhijin.xlsx": case(dates=OFFICE_DATES, only=True),
    "office/11-one-of-ten.xlsx": case(dates=("2022-07",) * 9, only=True),
    # words for nothing, several names, brackets, notes
    "files/r-na.csv": case(
        people="Ida Finn,Jonas Vane,Lena Orr,Mira Holt",
        ties=(
            "Mira Holt>Ida Finn since 2003-09-01",
            "Mira Holt>Jonas Vane since 2001-09-01 until 2005-06-30",
        ),
        only=True,
    ),
    "files/unknown.csv": case(
        people="Bo Lind,Ida Finn,Jonas Vane,Lena Orr,Mira Holt", ties=("Mira Holt>Jonas Vane",),
        only=True,
    ),
    "files/无.csv": case(
        people="季明,田野,穆岚,苏禾,高远", ties=("高远>穆岚 since 2021-09",), only=True
    ),
    "files/mysql-null.csv": case(
        people="1=Mira Holt,2=Jonas Vane,3=Lena Orr", ties=("1>2 since 2001-09-01",), only=True
    ),
    "files/nan.json": case(
        people="Jonas Vane,Lena Orr,Mira Holt", ties=("Mira Holt>Jonas Vane since 2001",),
        only=True,
    ),
    "files/two-advisors.csv": case(
        people="Ida Finn,Jonas Vane,Lena Orr,Mira Holt,Tom Abel",
        ties=(
            "Mira Holt>Ida Finn since 2004", "Mira Holt>Jonas Vane since 2001",
            "Mira Holt>Lena Orr since 2003", "Tom Abel>Ida Finn since 2004",
            "Tom Abel>Jonas Vane since 2001",
        ),
        only=True,
    ),
    "files/导师多人.csv": case(
        ties=("季明>穆岚 since 2021-09", "高远>穆岚 since 2021-09", "高远>苏禾 since 2021-09"),
        only=True,
    ),
    "files/newline-cell.csv": case(
        ties=("季明>穆岚 since 2021-09", "高远>穆岚 since 2021-09", "高远>苏禾 since 2021-09"),
        only=True,
    ),
    "files/女.csv": case(
        people="穆岚,苏禾,高远", ties=("穆岚>苏禾 since 2023-09", "高远>穆岚 since 2021-09"),
        only=True,
    ),
    "files/titles.csv": case(asks="same-person"),
    "files/footer.xlsx": case(people="穆岚,苏禾,陆川,高远", ties=GUIDED, only=True),
    "files/note.csv": case(people="穆岚,高远", ties=("高远>穆岚",), only=True),
    "files/repeated-heading.csv": case(
        people="Jonas Vane,Lena Orr,Mira Holt",
        ties=("Mira Holt>Jonas Vane since 2001", "Mira Holt>Lena Orr since 2003"), only=True,
    ),
    # what cannot be read yet is told
    "files/sts.csv": case(people="1=Jonas Vane,2=Lena Orr", asks="series"),
    "files/rota.xlsx": case(asks="series"),
    "files/blocks.xlsx": case(asks="series", refused=True),
    "office/1-花名册.xlsx": case(asks="unread-date lost-digits identity-number left-people"),
    "office/2-结对表.xlsx": case(asks="brackets"),
    "office/3-谈话台账.xlsx": case(asks="unused-sheet"),
    "browse/courts.csv": case(
        people='"Example, Ann"',
        posts=(
            "Example, Ann@Court of X/Judge since 2004-11-20 until 2012-05-02",
            "Example, Ann@Court of Y/Judge since 2012-05-02",
        ),
        only=True,
    ),
    "browse/coaches.csv": case(people="Ann Example", ties=(), asks="yearly-rows"),
    "browse/genea.json": case(
        people="1=Ann Example,7=Bo Example,8=Cy Example", ties=("7>1", "7>8", "8>1"), posts=(),
        only=True,
    ),
    "browse/mixed.json": case(refused=True),
    "browse/two.net": case(people="1=Ann Example,2=Bo Example", ties=("1>2",)),
    "browse/hub": case(only=True),
}  # fmt: skip

# What these hold is the readers' to find (formats, merged cells, number formats); here it is only
# asked that nothing absurd comes of them.
READ = {
    "files/date-9999", "files/dates-extreme", "files/default.graphml", "files/gb2312.graphml",
    "files/gbk-names.zip", "files/gephi.gexf", "files/html.xls", "files/labels.net",
    "files/lockfile", "files/merged-units.xlsx", "files/native-merged.xlsx",
    "files/native-month.xlsx", "files/native-nfd", "files/nfd-list.csv", "files/number-month.xls",
    "files/number-month.xlsx", "files/own-export.graphml", "files/renamed.csv",
    "files/resume.json", "files/tree.json",
    "files/tsv16.xls", "files/two-row-heading.ods", "files/two-row-heading.xls",
    "files/two-row-heading.xlsx", "files/undirected.gexf", "files/unquoted.net",
    "files/yed.graphml", "office/4-native.xlsx", "office/4-native2.xlsx",
}  # fmt: skip


def found_at(name: str) -> Path:
    own, shared = OWN / name.partition("/")[2], SHARED / name
    if own.exists():
        return own
    if not SHARED.is_dir():
        pytest.skip("the collection of cases is not beside the repository")
    return shared


def assert_right(path: Path, found: Guess, right: Case) -> None:
    if right.ties is not None:
        assert sorted(map(tie, records(path, found, "mentoring"))) == sorted(right.ties)
    if right.posts is not None:
        rows = records(path, found, "rotations")
        told = [f"{row['person']}@{row['post']}{period(row)}" for row in rows]
        assert sorted(told) == sorted(right.posts)
    people = list(records(path, found, "people"))
    if right.people is not None:
        names = [right.people.strip('"')] if '"' in right.people else right.people.split(",")
        assert sorted(map(shown_person, people)) == sorted(names)
    if right.dates:
        dates = [r[k] for r in people for k in ("joined_on", "born_on") if r.get(k)]
        assert tuple(dates[: len(right.dates)]) == right.dates


def early_dates(path: Path, found: Guess) -> list[str]:
    return [
        value
        for table in ("people", "mentoring", "rotations")
        for row in records(path, found, table)
        for key in ("since", "until", "born_on", "joined_on")
        if isinstance(value := row.get(key), str) and value < "1906"
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_read_right_or_asked_about(name: str):
    path, right = found_at(name), CASES[name]
    try:
        found = guess(path, language="en")
    except InputError as error:
        assert right.refused and str(error)
        return
    codes = {doubt.code for doubt in found.doubts}
    assert set(right.asks.split()) <= codes
    if right.only:
        assert codes == set(right.asks.split())
    assert_right(path, found, right)
    assert "early-date" in codes or not early_dates(path, found)


@pytest.mark.parametrize("name", sorted(READ))
def test_no_file_gives_early_dates_without_a_word(name: str):
    path = found_at(name)
    try:
        found = guess(path, language="en")
    except InputError as error:
        assert str(error)
        return
    assert early_dates(path, found) == [] or "early-date" in {each.code for each in found.doubts}


def test_every_case_of_the_collection_is_named():
    if not SHARED.is_dir():
        pytest.skip("the collection of cases is not beside the repository")
    there = {
        f"{folder}/{each.name}"
        for folder in ("files", "office", "browse")
        for each in (SHARED / folder).iterdir()
        if each.name != "README.md"
    }
    assert there == {*CASES, *READ}
