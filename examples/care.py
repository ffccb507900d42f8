"""Hours and levels of the activities of one district, who only listened, and how care was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from examples.district import District, Row
from examples.growth import activities as usual_activities
from examples.words import CAREERS, month_number

SEED = 1719
HOURS: dict[str, tuple[int | str, str]] = {  # of an activity of each kind, and who holds it
    "first_lesson": (4, "district"),
    "course": (16, "district"),
    "party_school": (56, "district"),
    "lecture": (3, "district"),
    "sit_in": (2, "township"),
    "onsite_teaching": (4, "district"),
    "seminar": (3, "district"),
    "reading_group": ("2.5", "district"),
    "contest": (4, "city"),
    "exchange": (24, "province"),
}
LISTENED = 1 / 15  # of those who came to a lecture or a seminar
LISTENED_TO = ("lecture", "seminar")
AMOUNTS = {"living_allowance": "6000", "village_allowance": "15000"}
ACCOUNTS = {"living_allowance": "care_funds", "village_allowance": "village_work"}
SECOND_BATCH = ("2024-06-20", "2024年第二批", range(2021, 2024))
NOT_IN_SECOND_BATCH = 39  # by position: nothing of it has reached this one yet
CAUSES = ("春节慰问", "本人住院", "家庭困难", "扎根一线生日慰问")
VISITS = ((31, "2023-08-16", 1), (38, "2024-03-08", 2), (43, "2024-06-12", 3))
# Two asked for what a course has given or will give, one for what none does.
NEEDS = ((30, "2023-09-01", "乡村振兴"), (36, "2024-03-01", "写作"), (41, "2024-05-10", "数字政府"))
COLUMNS = "amount,batch,account,cause"
NOTHING = [""] * 11  # the columns between summary and these
TOPIC = 4  # the place of the topic among them


class Course(NamedTuple):
    """An activity of the new kinds, or one that is planned, and how many come to it."""

    kind: str
    title: str
    day: str
    hours: str
    level: str
    people: int


COURSES = (
    Course("online_academy", "干部网络学院2023年度必修课程", "2023-11-30", "50", "province", 12),
    Course("study_group", "理论学习中心组集体学习", "2023-12-12", "3", "township", 8),
    Course("theme_education", "主题教育读书班", "2023-05-15", "40", "district", 10),
    Course("online_academy", "干部网络学院2024年上半年课程", "2024-05-31", "24.5", "province", 12),
    Course("study_group", "理论学习中心组集体学习（第二季度）", "2024-06-18", "3", "township", 6),
    Course(
        "course", "公文写作提升班", "2024-09-10", "16", "district", 9
    ),  # after the day of the set
    Course("course", "乡村振兴专题培训班", "2024-10-15", "24", "city", 7),
)


def activities(
    rows: Callable[[District], Iterator[Row]],
) -> Callable[[District], Iterator[Row]]:
    """Give each activity its hours and its level, and add the courses."""

    def made(district: District) -> Iterator[Row]:
        for row in rows(district):
            hours, level = HOURS.get(str(row[1]), ("", ""))
            *rest, unit = row
            yield *rest, hours, level, unit
        for at, each in enumerate(COURSES):
            meeting = each.kind == "study_group"
            home = district.home_of(min(30 + at, district.trainees - 1)).unit
            place = "线上" if each.kind == "online_academy" else "区委党校"
            unit = district.unit(home) if meeting else ""
            place = district.unit_names[home] if meeting else place
            organiser = "区委组织部"
            row = (each.kind, each.title, each.day, "", place, organiser, each.hours, each.level)
            yield course_id(district, at), *row, unit

    return made


def attendance(
    rows: Callable[[District], Iterator[Row]],
) -> Callable[[District], Iterator[Row]]:
    """Let some have listened only, and share the courses out."""

    def made(district: District) -> Iterator[Row]:
        draw = Random(f"{SEED} {district.number}")
        kinds = {str(row[0]): row[1] for row in usual_activities(district)}
        for person, activity, role, result in rows(district):
            if kinds.get(str(activity)) in LISTENED_TO and draw.random() < LISTENED:
                role = "旁听"
            yield person, activity, role, result
        for at, each in enumerate(COURSES):
            month = month_number(each.day)
            joined = [i for i in range(district.trainees) if district.joined[i][0] < month]
            for number, i in enumerate(sorted(draw.sample(joined, min(each.people, len(joined))))):
                role = "旁听" if each.kind == "study_group" and number < 2 else "参训"
                yield district.trainee(i), course_id(district, at), role, ""

    return made


def records(
    rows: Callable[[District], Iterator[Row]],
) -> Callable[[District], Iterator[Row]]:
    """Tell what was paid by amount, batch and account, and add the second batch, visits, needs."""

    def made(district: District) -> Iterator[Row]:
        for person, kind, on, level, result, summary, *rest in rows(district):
            cells = ("", "", "", "")
            if kind == "care" and result in AMOUNTS:
                kind, cells = "allowance", _paid(str(result), f"{str(on)[:7]}批次")
            elif kind == "care" and result == "visit":
                kind, cells = "visit", ("", "", "", CAUSES[0])
            yield person, kind, on, level, result, summary, *rest, *cells
        day, batch, cohorts = SECOND_BATCH
        for i in range(district.trainees):
            if CAREERS[i].cohort in cohorts and i != NOT_IN_SECOND_BATCH:
                head = ("allowance", day, "district", "village_allowance", "到村任职工作补助已发放")
                yield district.trainee(i), *head, *NOTHING, *_paid("village_allowance", batch)
        for i, day, cause in VISITS:
            if i < district.trainees:
                head = ("visit", day, "district", "", "走访慰问")
                yield district.trainee(i), *head, *NOTHING, "800", "", "care_funds", CAUSES[cause]
        for i, day, topic in NEEDS:
            if i < district.trainees:
                head = ("training_need", day, "", "", "希望参加培训")
                told = [*NOTHING]
                told[TOPIC] = topic
                yield district.trainee(i), *head, *told, *[""] * 4

    return made


def _paid(result: str, batch: str) -> tuple[str, str, str, str]:
    return AMOUNTS[result], batch, ACCOUNTS[result], ""


def course_id(district: District, at: int) -> str:
    """Return the id of a course of this module."""
    return f"K{district.number * len(COURSES) + at + 1:03d}"
