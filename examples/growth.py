"""What fills the growth files of one district: what pairs do, activities, attendance, records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from examples.district import AS_OF, COHORTS, NO_FIRST_LESSON, NO_GRID_DAY, District, Row, text
from examples.words import ACTIVITIES, CAREERS, month_number

# Gaps on purpose, by position (T001 is 0): examples/shifeng/README.md lists them.
LATE_TALK, NO_WEEKLY_TALK, POOR_REVIEW = 19, 37, 22
NO_REPORT = {14: ("district",), 27: ("unit", "district")}
STILL_WAITING = {(39, "village_allowance"), (42, "housing"), (8, "health_check")}
ASKED_FOR_A_TALK = (25, 31, 44)
LATE_UNIT = 3  # its last report on its trainees is of June 2023
UNIT_REPORTS = ("2022-12", "2023-06", "2023-12", "2024-06")

MONDAYS = [date(2024, 6, 24) - timedelta(weeks=week) for week in range(26)]
GRID_DAYS = [at for at, activity in enumerate(ACTIVITIES) if activity.kind == "grid_day"]
ORGANISERS = {
    "first_lesson": "区委组织部",
    "course": "区委组织部",
    "party_school": "区委党校",
    "lecture": "区委宣传部",
    "sit_in": "各乡镇党委",
    "grid_day": "各街道党工委",
}
PLACE_OF = {
    "first_lesson": "区委党校",
    "course": "区委党校",
    "party_school": "区委党校",
    "lecture": "区会议中心",
    "contest": "区会议中心",
    "grid_day": "各社区网格",
}
TALKS = (
    "思想稳定，工作主动",
    "适应岗位较快，需加强政策学习",
    "能独立承担任务，希望多接触项目",
    "与群众沟通有进步",
    "工作量较大，注意劳逸结合",
    "建议增加写作锻炼",
)
AWARDS = (
    "乡村振兴先进个人",
    "优秀共青团干部",
    "防汛抗旱先进个人",
    "优秀调研报告",
    "招商工作先进个人",
)


# Keys of the programme's three lists of five, in the order in which a pair comes to them.
METHODS = ("talk", "visit_together", "demonstrate", "assign", "review")
DUTIES = ("thought", "life", "work", "business", "conduct")
TASKS = ("households", "dispute", "survey", "project", "lecture")
MONTHS_EACH = 5  # about so long a pair takes for one more of each


class InventedEntry(NamedTuple):
    """One entry of a growth file."""

    kind: str
    on: str
    level: str
    result: str
    summary: str


def mentoring(district: District) -> Iterator[Row]:
    """Yield mentor, trainee, kind, since, until, methods, duties, tasks: more the longer they met.

    One pair in twelve has written nothing down.
    """
    draw = district.draw("pairs")
    for row in district.mentoring():
        mentor, trainee, kind, since, until = map(str, row)
        first = month_number(since) if len(since) > 4 else int(since) * 12 + 6
        months = min(month_number(until) if until else AS_OF, AS_OF) - first
        # Drawn for the silent, too: one of them more or less changes no other pair.
        methods, duties, tasks = (_part(keys, months, draw) for keys in (METHODS, DUTIES, TASKS))
        if draw.random() < 1 / 12:
            methods, duties, tasks = [], [], []
        running = tasks[-1:] if not until else []
        states = [task if task in running else f"{task}=done" for task in tasks]
        lists = (";".join(each) for each in (methods, duties, states))
        yield (mentor, trainee, kind, since, until, *lists)


def _part(keys: tuple[str, ...], months: int, draw: Random) -> list[str]:
    """Take as many of a list as a pair of so many months has come to, now and then one less."""
    reached = months // MONTHS_EACH + (months > 0) - (draw.random() < 0.25)
    taken = list(keys[: max(min(reached, len(keys)), 0)])
    if len(taken) > 2 and draw.random() < 0.3:
        del taken[draw.randrange(1, len(taken))]
    return taken


def activities(district: District) -> Iterator[Row]:
    """Yield id, kind, title, held_on, until, place, organiser."""
    for at, activity in enumerate(ACTIVITIES):
        until = f"{activity.day[:8]}17" if activity.kind == "party_school" else ""
        place = PLACE_OF.get(activity.kind, district.unit_names[7 + at % 13])
        organiser = ORGANISERS.get(activity.kind, "区委组织部")
        yield (
            district.activity(at),
            activity.kind,
            activity.title,
            activity.day,
            until,
            place,
            organiser,
        )


def attendance(district: District) -> Iterator[Row]:
    """Yield person, activity, role, result: how many come is fixed, who comes is drawn.

    The last five grid days share out everybody who ever comes, so that each does come.
    """
    draw = district.draw("attendance")
    pool = [i for i in range(len(CAREERS)) if i not in NO_GRID_DAY]
    shared = draw.sample(pool, len(pool))
    last_days = GRID_DAYS[-5:]
    for at, activity in enumerate(ACTIVITIES):
        month = month_number(activity.day)
        if activity.kind == "first_lesson":
            chosen = [i for i in COHORTS[int(activity.day[:4])] if i != NO_FIRST_LESSON]
        elif at in last_days:
            chosen = shared[last_days.index(at) :: 5]
        else:
            among = pool if activity.kind == "grid_day" else range(len(CAREERS))
            joined = [i for i in among if district.joined[i][0] < month]
            chosen = draw.sample(joined, activity.people)
        for number, i in enumerate(sorted(chosen)):
            role = "发言人" if activity.kind == "seminar" and number < 2 else "学员"
            result = "一等奖" if activity.kind == "contest" and number == 4 else ""
            if activity.kind == "party_school":
                result = "结业"
            if i < district.trainees:
                yield district.trainee(i), district.activity(at), role, result


def records(district: District) -> Iterator[Row]:
    """Yield person, kind, on, level, result, summary: everything dated in a growth file."""
    draw = district.draw("records")
    for i in range(district.trainees):
        mine = [*_talks(district, i, draw), *_yearly(i, draw), *_care(district, i, draw)]
        if district.joined[i][0] < month_number("2023-01") and draw.random() < 0.4:
            day = text(draw.randint(month_number("2023-01"), AS_OF - 1), draw.randint(1, 28))
            level = draw.choice(("district", "township"))
            mine.append(InventedEntry("award", day, level, "", draw.choice(AWARDS)))
        if i in ASKED_FOR_A_TALK:
            day = f"2024-06-{draw.randint(3, 24):02d}"
            mine.append(InventedEntry("talk_request", day, "", "", "希望当面谈谈岗位安排"))
        for entry in sorted(mine, key=lambda entry: entry.on):
            yield district.trainee(i), *entry
    yield from _unit_reports(district)


def _unit_reports(district: District) -> Iterator[Row]:
    """Let each unit report on its trainees each June and December, all of them on one day."""
    for i in range(district.trainees):
        at = district.home_of(i).unit
        for month in UNIT_REPORTS:
            late = at == LATE_UNIT and month > UNIT_REPORTS[1]
            if district.joined[i][0] < month_number(month) and not late:
                on = f"{month}-{8 + at % 15:02d}"
                summary = "按期报告选调生日常管理情况"
                yield district.trainee(i), "management_report", on, "unit", "received", summary


def _talks(district: District, i: int, draw: Random) -> Iterator[InventedEntry]:
    """Talk every half-year, every quarter and, at the grassroots, every week."""
    first = max(district.joined[i][0] + 1, month_number("2021-07"))
    for month in range(first, AS_OF + 1):
        if month % 6 == 4:  # May and November
            day = text(month, draw.randint(3, 26))
            yield InventedEntry("talk", day, "district", "", draw.choice(TALKS))
        late = i == LATE_TALK and month > month_number("2023-11")
        if month % 3 == 1 and month > month_number("2022-12") and not late:
            day = text(month, draw.randint(5, 18))
            yield InventedEntry("talk", day, "township", "", draw.choice(TALKS))
    if district.home_of(i).kind == "grassroots":
        for monday in MONDAYS:
            on = monday + timedelta(days=draw.randrange(4))
            if i != NO_WEEKLY_TALK or on < date(2024, 5, 15):
                yield InventedEntry("talk", on.isoformat(), "village", "", draw.choice(TALKS))


def _yearly(i: int, draw: Random) -> Iterator[InventedEntry]:
    """Report to the unit and the district each December, and be appraised each January."""
    cohort = CAREERS[i].cohort
    for year in range(cohort, 2024):
        day = draw.randint(5, 18)
        receipts = {"unit": day, "district": day + draw.randint(1, 9)}
        for level, on in receipts.items():
            if year != 2023 or level not in NO_REPORT.get(i, ()):
                summary = f"{year}年度思想汇报"
                yield InventedEntry(
                    "thought_report", f"{year}-12-{on:02d}", level, "received", summary
                )
        result = "优秀" if draw.random() < 0.2 else "称职"
        if year == cohort:
            result = "不定等次"
        elif i == POOR_REVIEW and year == 2022:
            result = "基本称职"
        on = draw.randint(8, 26)
        yield InventedEntry(
            "appraisal", f"{year + 1}-01-{on:02d}", "unit", result, f"{year}年度考核"
        )


def _care(district: District, i: int, draw: Random) -> Iterator[InventedEntry]:
    """Yield what each cohort is entitled to, but for those who still wait for it."""
    cohort = CAREERS[i].cohort
    given = [
        ("living_allowance", range(2019, 2023), f"{cohort}-12-20", "生活补助已发放"),
        ("village_allowance", range(2021, 2024), f"{cohort + 1}-01-15", "驻村补助已发放"),
        ("housing", range(2022, 2024), f"{cohort}-10-18", "入住人才公寓"),
        *(
            ("health_check", range(2015, year), f"{year}-05-{draw.randint(8, 24):02d}", "年度体检")
            for year in (2022, 2023, 2024)
        ),
    ]
    if draw.random() < 0.2:
        given.append(("visit", range(2015, 2024), "2024-02-06", "春节走访慰问"))
    for result, cohorts, day, summary in given:
        if cohort in cohorts and (i, result) not in STILL_WAITING:
            yield InventedEntry("care", day, "district", result, summary)
