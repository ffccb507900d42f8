"""The people of a district beside its trainees and mentors: careers that have a fault or a turn.

Two homes at once, somebody acting, a fall in rank, an end later than the service, people who left
or of whom nothing is known any more, dates of a year only. All of them hold posts that nobody else
of the district takes, so that they change nothing of the trainees. Three were trainees and have
left: they are not of the programme on its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from examples.words import ACTIVITIES, COUNTIES, POSTS, SPECIALTIES, PostWords, new_name

if TYPE_CHECKING:
    from examples.district import District, Row

# Posts beside those of `words.POSTS`, numbered on after them: the position is the key below.
OTHER_POSTS = (
    PostWords(13, "村委会主任", "village_head", "", 1, "", 4),
    PostWords(7, "镇人大主席", "deputy", "正科", 1, "", 3),
    PostWords(7, "政法委员", "deputy", "副科", 1, "", 3),
    PostWords(2, "主任", "unit_head", "正科", 1, "", 2),
    PostWords(2, "副主任", "deputy", "副科", 2, "", 2),
    PostWords(6, "副局长", "deputy", "副科", 2, "法学", 2),
    PostWords(6, "信访督查专员", "staff", "科员", 4, "法学", 2),
    PostWords(17, "社区工作队员", "grassroots", "科员", 1, "社会工作", 3),
    PostWords(10, "司法所所长", "deputy", "副科", 1, "法学", 3),
    PostWords(0, "机关事务中心主任", "unit_head", "正科", 1, "", 2),
    PostWords(6, "信访积案化解专班组长", "secondment", "", 1, "法学", 4),
    PostWords(0, "区政协副主席", "leader", "副处", 1, "", 2),
)
(
    VILLAGE_HEAD,
    CHAIR,
    LAW,
    OFFICE_HEAD,
    OFFICE_DEPUTY,
    BUREAU_DEPUTY,
    CLERK,
    COMMUNITY,
    JUSTICE,
    LOGISTICS,
    TASK_FORCE,
    VICE_CHAIR,
) = range(len(POSTS), len(POSTS) + len(OTHER_POSTS))


class OtherPosting(NamedTuple):
    """One posting: the position of the post, kind, begin, end, the rank held, marks."""

    post: int
    kind: str
    since: str
    until: str = ""
    rank: str = ""
    marks: str = ""


class OtherService(NamedTuple):
    """One dated fact of service."""

    kind: str
    since: str
    until: str = ""
    to: str = ""
    document: str = ""
    note: str = ""


class OtherPerson(NamedTuple):
    """One of the others; a former trainee has a cohort."""

    joined: str
    born: str
    education: str
    postings: tuple[OtherPosting, ...]
    service: tuple[OtherService, ...] = ()
    status: str = "active"
    roles: str = ""
    cohort: int | None = None
    grades: tuple[tuple[str, str, str], ...] = ()  # grade, since, document


def _held(post: int, since: str, until: str = "", rank: str = "", marks: str = "") -> OtherPosting:
    return OtherPosting(post, "appointment", since, until, rank, marks)


CONCURRENT, ACTING = "concurrent", "acting"
# In this order: C001, C002, ... The README of the district says what each of them shows.
OTHERS = (
    OtherPerson(  # two homes; the higher one ends and the other goes on; retires in October
        "1986-08-15",
        "1964-09-21",
        "大专",
        (
            _held(CHAIR, "2019-05-20", "2023-04-20"),
            _held(LAW, "2020-03-16", marks=CONCURRENT),
        ),
        (OtherService("retired", "2024-10-01", document="石组〔2024〕18号"),),
    ),
    OtherPerson(  # rose, and the end of the older posting was never written down
        "2004-07-12",
        "1980-03",
        "本科",
        (_held(BUREAU_DEPUTY, "2015-09-07"), _held(LOGISTICS, "2023-04-20")),
    ),
    OtherPerson(  # deputy, and acting head since the head has left
        "2006-07-03",
        "1983-11-02",
        "硕士",
        (
            _held(OFFICE_DEPUTY, "2019-03-11"),
            _held(OFFICE_HEAD, "2024-01-15", marks=ACTING),
        ),
    ),
    OtherPerson(  # retired in November, the posting was ended in January
        "",
        "1963-10",
        "本科",
        (
            _held(CHAIR, "2014-04-18", "2019-05-20"),
            _held(OFFICE_HEAD, "2019-05-20", "2024-01-15"),
        ),
        (OtherService("retired", "2023-11-01", document="石组〔2023〕52号"),),
        "retired",
    ),
    OtherPerson(  # fell in rank
        "2008-07-01",
        "1985-05-16",
        "本科",
        (
            _held(BUREAU_DEPUTY, "2016-04-01", "2021-06-15"),
            _held(CLERK, "2021-06-15"),
        ),
    ),
    OtherPerson(  # came from elsewhere with a rank; joined a day after the first posting
        "2021-06-16",
        "1984-07-30",
        "硕士",
        (_held(BUREAU_DEPUTY, "2021-06-15"),),
    ),
    OtherPerson(  # a trainee who was transferred out; the last posting and a pair stay open
        "2016-07-18",
        "1993-04-08",
        "本科",
        (
            OtherPosting(COMMUNITY, "grassroots", "2016-07-18", "2018-09-10", "科员"),
            _held(CLERK, "2018-09-10", "2021-09-13", "科员"),
            OtherPosting(OFFICE_DEPUTY, "key_post", "2021-09-13", "", "副科"),
        ),
        (OtherService("transferred_out", "2023-10-16", "", "市委组织部", "石组〔2023〕47号"),),
        "transferred_out",
        "trainee;mentor",
        2016,
        (("一级科员", "2017-07-18", "石组〔2017〕88号"),),
    ),
    OtherPerson(  # a trainee who resigned in the community
        "2020-08-03",
        "1997-12-19",
        "本科",
        (OtherPosting(COMMUNITY, "grassroots", "2020-08-03", "2022-06-01", "科员"),),
        (OtherService("resigned", "2022-06-01", document="石组〔2022〕33号", note="个人原因"),),
        "resigned",
        "trainee",
        2020,
        (("一级科员", "2021-08-03", "石组〔2021〕90号"),),
    ),
    OtherPerson(  # a trainee who left, nobody wrote down when
        "2018-08-20",
        "1996",
        "本科",
        (OtherPosting(COMMUNITY, "grassroots", "2018-09-10", "2020-07-31", "科员"),),
        status="resigned",
        roles="trainee",
        cohort=2018,
    ),
    OtherPerson(  # nothing is known since the end of 2019
        "2009-09-01", "1982", "大专", (_held(CLERK, "2013-06-03", "2019-12-31"),), status=""
    ),
    OtherPerson(  # only a secondment goes on: no main post
        "2012-08-20",
        "1990-02-11",
        "本科",
        (
            _held(CLERK, "2021-10-11", "2024-05-20"),
            OtherPosting(TASK_FORCE, "secondment", "2024-03-04", "2025-03-04"),
        ),
    ),
    OtherPerson(  # dates of a year only: to the end of 2019 in one post, "2019" on in the next
        "2001",
        "1975",
        "大专",
        (
            _held(OFFICE_DEPUTY, "2012", "2019"),
            _held(LAW, "2019", "2019"),
            _held(JUSTICE, "2019"),
        ),
    ),
    OtherPerson(  # head of a unit with a task force beside it, then vice chair
        "1995-07-10",
        "1972-12-05",
        "硕士",
        (
            _held(LOGISTICS, "2019-01-01", "2023-03-01"),
            OtherPosting(TASK_FORCE, "secondment", "2021-01-01", "2022-01-01", "正科"),
            _held(VICE_CHAIR, "2023-03-01"),
        ),
    ),
    OtherPerson(  # resigned and came back; a clerk seconded to a post of a higher rank
        "2010-07-01",
        "1987-06-24",
        "本科",
        (
            _held(CLERK, "2010-07-01", "2013-01-20"),
            _held(CLERK, "2020-03-01"),
            OtherPosting(TASK_FORCE, "secondment", "2022-05-09", "2023-05-09", "副科"),
        ),
        (
            OtherService("resigned", "2013-01-20", document="石组〔2013〕4号"),
            OtherService("returned", "2020-03-01", document="石组〔2020〕11号", note="重新录用"),
        ),
        grades=(("一级科员", "2022-09-01", "石组〔2022〕61号"),),
    ),
    OtherPerson(  # the last posting ended ten days ago: awaiting a post
        "2021-12-20", "1998-08", "本科", (_held(CLERK, "2022-01-10", "2024-06-20"),)
    ),
)
TRANSFERRED, RESIGNED, LEFT_UNDATED = 6, 7, 8  # positions of the former trainees

# Pairs of former trainees and of one as a mentor: ("M", "C" or "T", position) of both, kind, days.
Who = tuple[str, int]
OTHER_PAIRS: tuple[tuple[Who, Who, str, str, str], ...] = (
    (("M", 3), ("C", TRANSFERRED), "township", "2016-07-18", "2020-03-16"),
    (("M", 10), ("C", TRANSFERRED), "village", "2016-07-18", "2021-09-13"),
    (("C", TRANSFERRED), ("T", 26), "peer", "2020-09-15", ""),  # open, and the mentor has left
    (("M", 2), ("C", RESIGNED), "township", "2020-08-03", ""),  # open, and the trainee has left
    (("M", 10), ("C", RESIGNED), "village", "2020-08-03", "2022-06-01"),
    (("M", 10), ("C", LEFT_UNDATED), "village", "2018-09-10", "2020-07-31"),
)
# What former trainees took part in: position, kind of activity, its day.
OTHER_ATTENDANCE = (
    (TRANSFERRED, "first_lesson", "2016-09-10"),
    (TRANSFERRED, "course", "2022-04-12"),
    (TRANSFERRED, "seminar", "2022-06-22"),
    (TRANSFERRED, "grid_day", "2023-03-05"),
    (RESIGNED, "first_lesson", "2020-09-10"),
    (RESIGNED, "onsite_teaching", "2021-09-18"),
    (LEFT_UNDATED, "first_lesson", "2018-09-10"),
)
# Records of former trainees: position, kind, day, level, result, summary.
OTHER_RECORDS = (
    (TRANSFERRED, "appraisal", "2023-01-13", "unit", "称职", "2022年度考核"),
    (TRANSFERRED, "talk", "2023-05-10", "district", "", "思想稳定，工作主动"),
    (RESIGNED, "appraisal", "2022-01-14", "unit", "称职", "2021年度考核"),
    (LEFT_UNDATED, "talk", "2019-05-15", "district", "", "能独立承担任务，希望多接触项目"),
)


def people(district: District) -> Iterator[Row]:
    """Yield the rows of people, of names that nobody else of the district has."""
    draw = district.draw("others")
    names = {str(row[1]) for row in district.people()}
    for i, person in enumerate(OTHERS):
        yield (
            district.other(i),
            new_name(draw, names),
            person.roles,
            person.cohort or "",
            person.joined,
            person.born,
            draw.choice(COUNTIES),
            person.education,
            draw.choice(SPECIALTIES),
            person.status,
            1 if "mentor" in person.roles else "",
        )


def posts(district: District) -> Iterator[Row]:
    """Yield the posts that only the others hold."""
    for i, post in enumerate(OTHER_POSTS, len(POSTS)):
        unit = district.unit(post.unit)
        yield district.post(i), post.title, unit, post.rank, post.kind, *post[4:]


def rotations(district: District) -> Iterator[Row]:
    """Yield the postings of the others, and the second post of one secretary of a village."""
    head = district.post(VILLAGE_HEAD)
    yield district.mentor(6), head, "appointment", "2021-01-20", "", "actual", "", CONCURRENT
    for i, person in enumerate(OTHERS):
        for each in person.postings:
            post, period = district.post(each.post), (each.since, each.until)
            yield district.other(i), post, each.kind, *period, "actual", each.rank, each.marks


def service(district: District) -> Iterator[Row]:
    """Yield who of the others left, comes back or will retire."""
    for i, person in enumerate(OTHERS):
        for fact in person.service:
            yield district.other(i), *fact


def grades(district: District) -> Iterator[Row]:
    """Yield the grades of the others that are known."""
    for i, person in enumerate(OTHERS):
        for grade in person.grades:
            yield district.other(i), *grade


def mentoring(district: District) -> Iterator[Row]:
    """Yield the pairs of former trainees; nothing is written down of what they did."""
    ids = {"M": district.mentor, "C": district.other, "T": district.trainee}
    for (mentor, at), (trainee, i), kind, since, until in OTHER_PAIRS:
        if trainee != "T" or i < district.trainees:
            yield ids[mentor](at), ids[trainee](i), kind, since, until, "", "", ""


def attendance(district: District) -> Iterator[Row]:
    """Yield what former trainees took part in."""
    at = {(each.kind, each.day): place for place, each in enumerate(ACTIVITIES)}
    for i, kind, day in OTHER_ATTENDANCE:
        yield district.other(i), district.activity(at[kind, day]), "学员", ""


def records(district: District) -> Iterator[Row]:
    """Yield what stands in the growth files of former trainees."""
    for i, *entry in OTHER_RECORDS:
        yield district.other(i), *entry
