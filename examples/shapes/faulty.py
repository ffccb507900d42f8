"""A district as an office keeps it by hand: every person has one typical mistake.

Headings and words are the office's own Chinese ones.
"""

from __future__ import annotations

from examples.shapes.book import Book


def mistakes(book: Book) -> None:
    """Put together people of one mistake each, E01 to E12, and the people beside them."""
    book.is_chinese = True
    book.unit("U", "乱账区", "区")
    book.unit("D", "区农业农村局", "区直部门", "U")
    book.unit("V", "桥头村", "村", "U")
    book.post("d-staff", "科员", "D", "科员", "一般岗位", capacity=20)
    book.post("d-dep", "副局长", "D", "副科", "单位副职", capacity=9)
    book.post("d-head", "局长", "D", "正科", "单位主要负责人", capacity=1)
    book.post("v-sec", "村书记", "V", "", "党组织书记", capacity=1)
    book.post("v-aide", "书记助理", "V", "科员", "基层一线岗位", capacity=9)
    for n in range(1, 13):
        book.person(f"E{n:02d}", "学员" if n in (8, 9, 12) else "", joined_on="2014-07-01")
    _one_each(book)
    # E08: the mentor retired, the pair is open. E09: the mentor joined after the trainee.
    book.person("M1", "导师", joined_on="2005-07-01")
    book.posting("M1", "v-sec", "2013-05-01", kind="任职")
    book.service("M1", "退休", "2022-11-01")
    book.pair("M1", "E08", "村书记", "2014-07-01")
    book.person("M2", "学员;导师", 2018, joined_on="2018-07-01")
    book.posting("M2", "d-staff", "2018-07-01", kind="任职")
    book.pair("M2", "E09", "优秀选调生", "2018-09-01")
    # E10: status only, no day.
    book.tables["people"][9]["status"] = "辞职"


def _one_each(book: Book) -> None:
    for person, post, since, until, kind in (
        # E01: no end of the first posting
        ("E01", "d-staff", "2014-07-01", "", "任职"),
        ("E01", "d-dep", "2019-03-01", "", "任职"),
        # E02: two homes for two years, both ended
        ("E02", "d-dep", "2016-01-01", "2020-01-01", "任职"),
        ("E02", "d-staff", "2018-01-01", "2022-01-01", "任职"),
        ("E02", "d-dep", "2022-01-01", "", "任职"),
        # E03: the rank is typed on the post only, and in words of the office: nothing is wrong
        ("E03", "d-head", "2017-05-01", "", "任职"),
        # E04: 7 March typed as 3 July, so that the next posting began before the last one ended
        ("E04", "d-staff", "2014-07-01", "2019-07-03", "任职"),
        ("E04", "d-dep", "2019-03-07", "", "任职"),
        # E05: one row twice
        ("E05", "d-staff", "2014-07-01", "", "任职"),
        ("E05", "d-staff", "2014-07-01", "", "任职"),
        # E06: a gap of ten days; E07: one of five months
        ("E06", "d-staff", "2014-07-01", "2020-03-01", "任职"),
        ("E06", "d-dep", "2020-03-11", "", "任职"),
        ("E07", "d-staff", "2014-07-01", "2020-03-01", "任职"),
        ("E07", "d-dep", "2020-08-01", "", "任职"),
        ("E08", "v-aide", "2014-07-01", "", "基层一线锻炼"),
        ("E09", "v-aide", "2014-07-01", "", "基层锻炼"),
        ("E10", "d-staff", "2014-07-01", "2021-05-31", "任职"),
        # E11: posted before joining, and open until the year 9999
        ("E11", "d-staff", "2014-05-01", "9999-12-31", "任职"),
        # E12: a secondment that nobody marked as one has ended the home post
        ("E12", "v-aide", "2014-07-01", "2018-07-01", "基层锻炼"),
        ("E12", "d-staff", "2018-07-01", "", "任职"),
        ("E12", "d-dep", "2021-01-01", "2021-07-01", "任职"),
    ):
        book.posting(person, post, since, until, kind=kind, status="实际")
