"""What the trainees of one district do beside their posts: central tasks, grid days, grid workers.

It also puts the party's side of some departments into the files: whoever headed one and has left it
was its party secretary, and whoever heads one now is both. Its own stream of random numbers, and
ids of its own, so that nothing else of the district changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from examples.district import NO_GRID_DAY, ON_LEAVE, VILLAGE_OF, District, Row, TraineePosting
from examples.words import ACTIVITIES, CAREERS, POSTS, TOWNS, UNITS, VILLAGES, month_number

Rows = Callable[[District], Iterator[Row]]

# Who was on no central task in three years, by position (T001 is 0).
NO_CENTRAL_TASK = (0, 1, 11, 43, 44, 45)
FIRST = "2021-07-01"  # of the three years that the report counts
SECOND_TASKS = 12  # trainees with a second task in them
FULL_GRID_DAYS = ("2024-04-05", "2024-05-05", "2024-06-05")  # everybody who ever comes was there
# The part-time grid workers, by position: from when until when.
GRID_WORKERS = {39: ("2023-03-01", "2023-12-01"), 43: ("2024-02-20", "")}


class CentralTask(NamedTuple):
    """One central task: its kind, title, the number of its unit, from when until when."""

    kind: str
    title: str
    unit: int
    since: str
    until: str


CENTRAL_TASKS = (
    CentralTask("land", "棚户区改造征地拆迁", 17, "2019-04-01", "2020-01-20"),
    CentralTask("development", "通村公路项目", 16, "2020-05-06", "2021-03-31"),
    CentralTask("land", "产业园征地拆迁", 13, "2021-09-01", "2022-06-30"),
    CentralTask("development", "高标准农田项目", 16, "2021-10-11", "2022-09-30"),
    CentralTask("petitions", "信访积案化解攻坚", 6, "2021-11-01", "2022-04-30"),
    CentralTask("investment", "招商引资小分队", 3, "2022-02-14", "2022-12-20"),
    CentralTask("development", "乡村振兴示范片项目", 14, "2022-03-01", "2023-02-28"),
    CentralTask("land", "老旧小区改造征地拆迁", 17, "2022-08-15", "2023-05-31"),
    CentralTask("petitions", "矛盾纠纷化解", 14, "2023-03-01", "2023-09-30"),
    CentralTask("development", "养老服务中心项目", 18, "2023-06-01", "2024-03-31"),
    CentralTask("investment", "产业链招商专班", 3, "2023-09-04", "2024-08-31"),
    CentralTask("land", "快速路二期征地拆迁", 15, "2024-01-08", "2024-12-31"),
    CentralTask("petitions", "信访代办", 19, "2024-02-01", "2024-12-31"),
    CentralTask("development", "污水管网项目", 13, "2024-03-15", "2024-11-30"),
)


def _task(district: District, at: int) -> str:
    return f"W{district.number * len(CENTRAL_TASKS) + at + 1:03d}"


def activities(others: Rows) -> Rows:
    """Add the unit to each activity, and the central tasks after them."""

    def rows(district: District) -> Iterator[Row]:
        grids = 0
        for row in others(district):
            if row[1] != "grid_day":
                yield *row, ""
                continue
            villages = [each for each in VILLAGES if UNITS[each].kind == "community"]
            unit, grids = villages[grids % len(villages)], grids + 1
            yield *row[:5], f"{district.unit_names[unit]}网格", row[6], district.unit(unit)
        for at, task in enumerate(CENTRAL_TASKS):
            name = district.unit_names[task.unit]
            days, where = (task.since, task.until), (name, "区委、区政府", district.unit(task.unit))
            yield _task(district, at), task.kind, f"{name}{task.title}", *days, *where

    return rows


def attendance(others: Rows) -> Rows:
    """Let everybody come to the last grid days, and put people on the central tasks."""

    def rows(district: District) -> Iterator[Row]:
        came: dict[str, set[str]] = defaultdict(set)
        for row in others(district):
            came[str(row[1])].add(str(row[0]))
            yield row
        yield from _grid_days(district, came)
        for i, at in _on_tasks(district):
            yield district.trainee(i), _task(district, at), "成员", ""
        yield district.other(6), _task(district, 6), "成员", ""  # who was transferred out later

    return rows


def _grid_days(district: District, came: dict[str, set[str]]) -> Iterator[Row]:
    for at, activity in enumerate(ACTIVITIES):
        if activity.kind != "grid_day" or activity.day not in FULL_GRID_DAYS:
            continue
        for i in range(district.trainees):
            is_away = i == ON_LEAVE and activity.day == FULL_GRID_DAYS[-1]
            there = district.trainee(i) in came[district.activity(at)]
            if i not in NO_GRID_DAY and not is_away and not there:
                yield district.trainee(i), district.activity(at), "学员", ""


def _on_tasks(district: District) -> list[tuple[int, int]]:
    """Draw who was on which task: each who ever was on one task of the three years, some on two."""
    draw = district.draw("central tasks")
    pool = [i for i in range(len(CAREERS)) if i not in NO_CENTRAL_TASK]
    drawn: set[tuple[int, int]] = set()
    for i in [*pool, *draw.sample(pool, SECOND_TASKS)]:
        free = [at for at in _open_to(district, i) if (i, at) not in drawn]
        if free:
            drawn.add((i, draw.choice(free)))
    for at, task in enumerate(CENTRAL_TASKS):  # before the three years
        if task.since < FIRST:
            early = [i for i in range(len(CAREERS)) if _joined_by(district, i, task.since)]
            drawn |= {(i, at) for i in {0, *draw.sample(early, 4)}}
    return sorted((i, at) for i, at in drawn if i < district.trainees)


def _open_to(district: District, i: int) -> list[int]:
    return [
        at
        for at, task in enumerate(CENTRAL_TASKS)
        if task.since >= FIRST and _joined_by(district, i, task.since)
    ]


def _joined_by(district: District, i: int, day: str) -> bool:
    return district.joined[i][0] < month_number(day)


# --- posts and postings


def posts(others: Rows) -> Rows:
    """Add the posts of grid workers and of party secretaries of departments."""

    def rows(district: District) -> Iterator[Row]:
        yield from others(district)
        for unit in dict.fromkeys(_grid_of(district, i) for i in GRID_WORKERS):
            place = district.unit(unit)
            yield _post("PG", place), "网格员", place, "", "grid_worker", 1, "社会工作", 3
        for unit in dict.fromkeys(POSTS[each.post].unit for each in _heads(district)):
            place = district.unit(unit)
            yield _post("PS", place), "党组书记", place, "正科", "secretary", 1, "", 3

    return rows


def rotations(others: Rows, more: Rows) -> Rows:
    """Put the party's side in the place of some heads, and add what is held beside, last of all."""

    def rows(district: District) -> Iterator[Row]:
        moved = {
            (district.trainee(each.trainee), district.post(each.post)): each
            for each in _heads(district)
            if each.until
        }
        for row in others(district):
            head = moved.get((str(row[0]), str(row[1])))
            post = _post("PS", district.unit(POSTS[head.post].unit)) if head else row[1]
            yield row[0], post, *row[2:]
        yield from more(district)
        yield from _beside(district)

    return rows


def _beside(district: District) -> Iterator[Row]:
    for each in _heads(district):
        if not each.until and each.trainee < district.trainees:
            post = _post("PS", district.unit(POSTS[each.post].unit))
            days = (each.since, each.until)
            yield (
                district.trainee(each.trainee),
                post,
                each.kind,
                *days,
                "actual",
                "正科",
                "concurrent",
            )
    for i, (since, until) in GRID_WORKERS.items():
        if i < district.trainees:
            post = _post("PG", district.unit(_grid_of(district, i)))
            yield district.trainee(i), post, "platform", since, until, "actual", "科员", ""


def _heads(district: District) -> list[TraineePosting]:
    """Return who headed a department that one of them has left: first that one, then the next."""
    heads = [
        each
        for path in district.paths
        for each in path
        if POSTS[each.post].kind == "unit_head" and POSTS[each.post].unit not in TOWNS
    ]
    left = {POSTS[each.post].unit for each in heads if each.until}
    return [each for each in heads if POSTS[each.post].unit in left]


def _grid_of(district: District, i: int) -> int:
    """Return the village or community in whose grid somebody works part-time."""
    unit = POSTS[district.paths[i][0].post].unit
    return unit if unit in VILLAGES else VILLAGE_OF[unit]


def _post(kind: str, unit: str) -> str:
    return kind + unit[1:]
