"""What the talks of one district's last year brought up: who held them, where, about what.

Its own stream of random numbers, so that nothing else of the district changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from examples.district import District, Row

COLUMNS = "given_by,place,topic,said,problem,solver,due,closed_on,outcome"
FIRST = "2023-07-01"  # talks from this day on carry more than a summary
RAISED = "2024-05"  # the district's talks of this month brought the problems up
DISTRICT_OFFICE = "区委组织部"
TOPICS = ("思想状况", "工作适应", "群众工作", "生活困难", "学习提升", "岗位安排")
PLACES = ("办公室", "村（社区）会议室", "田间地头", "线上视频")

# By position of the trainee: what was said, the problem, settled by, due, settled on and how.
PROBLEMS: dict[int, tuple[str, str, str, str, str, str]] = {
    33: (
        *("宿舍漏雨，雨天睡不好", "驻村宿舍漏雨", "township"),
        *("2024-06-15", "2024-06-12", "已修缮屋顶"),
    ),
    34: (
        *("进村没有车，跑一趟半天", "下村交通不便", "township"),
        *("2024-06-20", "2024-06-18", "已配公务自行车"),
    ),
    35: (
        *("写材料多，入户少", "入户走访时间不够", "village"),
        *("2024-06-10", "2024-06-07", "已调整每周分工"),
    ),
    36: (
        *("想参加农技培训", "希望学习农业技术", "district"),
        *("2024-06-30", "2024-06-28", "已列入下期培训班"),
    ),
    37: ("村里没有固定办公桌", "缺少办公条件", "village", "2024-06-14", "", ""),
    38: ("与村干部说话听不懂方言", "方言沟通困难", "village", "2024-06-29", "", ""),
    39: ("到村任职工作补助发放慢", "到村任职工作补助未到账", "district", "2024-06-30", "", ""),
    40: ("同时管三个项目，顾不过来", "任务过于集中", "township", "2024-07-10", "", ""),
    41: ("家在外地，住处不稳定", "申请人才公寓", "district", "2024-07-31", "", ""),
    42: ("想跟班学习信访工作", "希望到信访部门跟班", "district", "2024-07", "", ""),
}  # fmt: skip


def told(records: Callable[[District], Iterator[Row]]) -> Callable[[District], Iterator[Row]]:
    """Let the talks of the last year say more; every other record has these columns empty."""

    def rows(district: District) -> Iterator[Row]:
        draw, ties = district.draw("talks"), _ties(district)
        position = {district.trainee(i): i for i in range(district.trainees)}
        for row in records(district):
            person, kind, on, level = (str(cell) for cell in row[:4])
            if kind != "talk" or on < FIRST:
                yield *row, *[""] * len(COLUMNS.split(","))
                continue
            mentors = {kind: _mentor(ties[person], kind, on) for kind in ("township", "village")}
            by = mentors.get(level, DISTRICT_OFFICE)
            place, topic = draw.choice(PLACES), draw.choice(TOPICS)
            raised = PROBLEMS.get(position.get(person, -1))
            if raised and level == "district" and on.startswith(RAISED):
                said, problem, solver, due, closed_on, outcome = raised
                solver = mentors.get(solver) or DISTRICT_OFFICE
                yield *row, by, place, topic, said, problem, solver, due, closed_on, outcome
            else:
                yield *row, by, place, topic, *[""] * 6

    return rows


def _ties(district: District) -> dict[str, list[tuple[str, str, str, str]]]:
    found: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for row in district.mentoring():
        mentor, trainee, kind, since, until = map(str, row)
        found[trainee].append((mentor, kind, since, until))
    return found


def _mentor(ties: list[tuple[str, str, str, str]], kind: str, on: str) -> str:
    running = (m for m, k, since, until in ties if k == kind and since <= on < (until or "9"))
    return next(running, "")
