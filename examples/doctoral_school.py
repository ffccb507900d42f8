"""Write the invented doctoral school: 30 students, ten advisers, six laboratories.

Nobody's facts depend on those of another one: each student has a stream of random numbers.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from examples.words import INVENTED, new_name
from graph.dates import add_months
from graph.schema import TABLES

HERE = Path(__file__).parent / "doctoral"
SEED = 3426
TODAY = date(2024, 6, 30)
SPRING = 2024  # the year whose students came in March: their second laboratory is to be planned
LABS = ("结构生物学", "植物分子遗传", "神经环路", "合成生物学", "生态与进化", "计算生物学")
NO_EXAM, NO_DEFENCE = (18, 20), (1, 2)  # students by number
COHORTS = {2017: 2, 2018: 2, 2019: 4, 2020: 4, 2021: 4, 2022: 5, 2023: 7, 2024: 2}
JOURNAL_CLUBS = [date(2021 + n // 12, n % 12 + 1, 12) for n in range(42) if n % 2 == 0]
Row = dict[str, Any]


class School:
    """The tables of the school while they are put together."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self._names: set[str] = set()
        self._draw = Random(f"{SEED}/names")
        self._units_and_advisers()
        number = 0
        for year, count in COHORTS.items():
            for _ in range(count):
                number += 1
                self._student(number, year)

    def add(self, table: str, **cells: Any) -> None:
        """Add a row; the counted tables get the next id."""
        prefix = {"mentoring": "DM", "rotations": "DR", "service": "DV", "records": "DC"}
        if table in prefix:
            cells = {"id": f"{prefix[table]}{len(self.tables[table]) + 1:04d}", **cells}
        self.tables[table].append({key: str(value) for key, value in cells.items()})

    def _units_and_advisers(self) -> None:
        self.add("units", id="DU0", name=f"云岭大学生命科学学院{INVENTED}", kind="school")
        for n, name in enumerate(("分子与细胞系", "生态与计算系"), 1):
            self.add("units", id=f"DU{n}", name=name, kind="department_of_school", part_of="DU0")
        for n, name in enumerate(LABS, 1):
            lab, above = f"DL{n}", f"DU{1 + (n > 3)}"
            self.add("units", id=lab, name=f"{name}实验室", kind="laboratory", part_of=above)
            for id_, title, kind, rank, room in (
                (f"DH{n}", "实验室负责人", "laboratory_head", "professor", 1),
                (f"DF{n}", "副教授", "faculty", "associate_professor", 1),
                (f"DP{n}", "轮转博士生", "rotation_place", "phd_student", 4),
                (f"DT{n}", "论文博士生", "thesis_place", "phd_student", 8),
            ):
                self.add(
                    "posts", id=id_, title=title, unit=lab, rank=rank, kind=kind, capacity=room
                )
        for n in (1, 2):
            self.add(
                "posts", id=f"DA{n}", title="助教", unit=f"DU{n}", kind="teaching_place", capacity=8
            )
        for n in range(1, 11):
            self.add(
                "people", id=f"DX{n:02d}", name=new_name(self._draw, self._names), roles="mentor",
                specialties=LABS[(n - 1) % 6], mentor_capacity=20,
            )  # fmt: skip
            post = f"DH{n}" if n <= 6 else f"DF{n - 6}"
            self.add(
                "rotations", person=f"DX{n:02d}", post=post, kind="employment",
                since=f"{2005 + n}-09-01", status="actual",
            )  # fmt: skip
        for year in COHORTS:
            self.add(
                "activities", id=f"DO{year}", kind="orientation", title=f"{year}级入学教育",
                held_on=f"{year}-{3 if year == SPRING else 9:02d}-05", place="学院报告厅",
                organiser="研究生院",
            )  # fmt: skip
        for n, day in enumerate(JOURNAL_CLUBS, 1):
            self.add(
                "activities", id=f"DJ{n:02d}", kind="journal_club", title=f"文献研讨会第{n}期",
                held_on=day, place="学院会议室", organiser="研究生会",
            )  # fmt: skip

    def _student(self, number: int, year: int) -> None:
        id_, draw = f"DS{number:02d}", Random(f"{SEED}/{number}")
        joined = date(year, 3 if year == SPRING else 9, 1)
        joined = date(year, 12, 30) if number == 14 else joined
        self.add(
            "people", id=id_, name=new_name(self._draw, self._names), roles="trainee", cohort=year,
            joined_on=joined, born_on=f"{year - 25}-{draw.randint(1, 12):02d}", education="硕士",
            status="enrolled",
        )  # fmt: skip
        _Student(self, id_, number, joined, draw).write()

    def write(self, folder: Path = HERE) -> None:
        """Write one file for each table that has rows."""
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            rows = self.tables.get(table.name)
            if not rows:
                continue
            headings = [
                column.heading
                for column in table.columns
                if any(column.heading in row for row in rows)
            ]
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, headings, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


class _Student:
    """One student: when the examinations were passed, and what follows from it."""

    def __init__(self, school: School, id_: str, number: int, joined: date, draw: Random) -> None:
        self.school, self.id, self.number = school, id_, number
        self.joined, self.draw = joined, draw
        self.lab = number % 6 + 1
        self.away = date(2020, 3, 1) if number == 1 else None  # back a year later
        self.exam = self._after(joined, 10 + draw.randrange(4))
        self.proposal = self._after(self.exam, 6 + draw.randrange(4))
        self.defence = self._after(self.proposal, 30 + draw.randrange(10))
        if number == 14:
            self.exam, self.proposal = date(2023, 6, 30), date.max
        if number in NO_EXAM:
            self.exam = self.proposal = self.defence = date.max
        if number in NO_DEFENCE:
            self.defence = date.max

    def _after(self, day: date, months: int) -> date:
        if day == date.max:
            return day
        later = add_months(day, months) + timedelta(days=self.draw.randrange(20))
        return add_months(later, 12) if self.away and day < self.away <= later else later

    def write(self) -> None:
        """Add all rows of the student."""
        self._postings()
        self._advisers()
        self._examinations()
        self._reports()
        self._meetings()
        self._activities()
        self._service()

    def _posting(self, post: str, kind: str, since: date, until: date | None, rank: str) -> None:
        if since <= TODAY:
            self.school.add(
                "rotations", person=self.id, post=post, kind=kind, since=since,
                until=until or "", status="actual", rank=rank,
            )  # fmt: skip

    def _postings(self) -> None:
        since, labs = self.joined, [(self.lab + step) % 6 + 1 for step in (2, 4)]
        for at, lab in enumerate(labs):
            until: date | None = add_months(since, 4)
            if self.number == 24 and not at:
                until = None
            self._posting(f"DP{lab}", "lab_rotation", since, until, "phd_student")
            if until is None or self.joined.year == SPRING:
                return
            since = until
        for rank, begin, end in (
            ("phd_student", since, self.exam),
            ("phd_candidate", self.exam, self.defence),
        ):
            if begin < end and begin <= TODAY:
                last = end if end <= TODAY else None
                self._posting(f"DT{self.lab}", "thesis_work", begin, last, rank)
        if self.number % 3 == 0 and self.exam <= TODAY:
            begin = add_months(self.exam, 2)
            self._posting(
                f"DA{1 + (self.lab > 3)}", "teaching_practice", begin, add_months(begin, 5), ""
            )

    def _pair(self, adviser: int, kind: str, since: date, **more: Any) -> None:
        if since <= TODAY:
            until = self.defence if self.defence <= TODAY else ""
            self.school.add(
                "mentoring", mentor=f"DX{adviser:02d}", trainee=self.id, kind=kind,
                since=since, until=until, **more,
            )  # fmt: skip

    def _advisers(self) -> None:
        tasks = "literature_review=done" if self.exam <= TODAY else "literature_review"
        self._pair(
            self.lab, "supervisor", self.joined, methods="bench_work", duties="plan_of_study",
            tasks=tasks,
        )  # fmt: skip
        others = [n for n in range(1, 11) if n != self.lab]
        chosen = self.draw.sample(others, 4)
        if self.number != 11:
            self._pair(chosen[0], "co_supervisor", self.exam)
        for adviser in chosen[1 : 3 if self.number == 10 else 4]:
            self._pair(adviser, "committee", self.exam)

    def _record(self, kind: str, on: date, **cells: Any) -> None:
        if on <= TODAY:
            self.school.add("records", person=self.id, kind=kind, on=on, **cells)

    def _examinations(self) -> None:
        if self.number % 7 == 5 and self.exam <= TODAY:
            self._record("qualifying_exam", add_months(self.exam, -3), result="not_passed")
        for kind, on in (
            ("qualifying_exam", self.exam),
            ("thesis_proposal", self.proposal),
            ("thesis_defence", self.defence),
        ):
            self._record(kind, on, result="passed")
        for months in (20, 38):
            if self.exam <= TODAY and self.number % 2:
                self._record("publication", add_months(self.exam, months), summary="期刊论文")

    def _reports(self) -> None:
        for year in range(1, 8):
            on = add_months(self.joined, 12 * year - 1)
            if on < self.defence:
                self._record("progress_report", on, level="graduate_office")
            if self.exam < on < self.defence:
                is_weak = self.number % 5 == 1 and year == 3
                result = "concern" if is_weak else "satisfactory"
                self._record("committee_review", on, level="graduate_office", result=result)
            paid = add_months(self.joined, 12 * year - 11)
            is_last = add_months(paid, 12) > TODAY
            if paid < self.defence and not (self.number == 9 and is_last):
                self._record("scholarship", paid, result="yearly_stipend", summary="学年助学金")

    def _meetings(self) -> None:
        last = date(2024, 3, 12) if self.number == 15 else TODAY
        day = max(self.joined, date(2023, 7, 1))
        while day < min(self.defence, last):
            day += timedelta(days=self.draw.randint(26, 31))
            if day <= last and not (self.number == 20 and day >= date(2024, 2, 1)):
                self._record(
                    "supervision_meeting", day, level="lab_level", given_by=f"DX{self.lab:02d}",
                    topic=self.draw.choice(("实验进展", "论文写作", "研究计划")),
                )  # fmt: skip
        if self.number == 22:
            self._record(
                "meeting_request", date(2024, 6, 30) - timedelta(days=2), level="lab_level"
            )

    def _activities(self) -> None:
        is_late = self.number == 14  # who came in winter goes with those of the next year
        self.school.add("attendance", person=self.id, activity=f"DO{self.joined.year + is_late}")
        for n, day in enumerate(JOURNAL_CLUBS, 1):
            if self.joined <= day < self.defence and self.draw.random() < 0.95:
                self.school.add("attendance", person=self.id, activity=f"DJ{n:02d}")

    def _service(self) -> None:
        add = self.school.add
        left = date.max if self.defence == date.max else add_months(self.defence, 4)
        if left <= TODAY:
            add("service", person=self.id, kind="graduation", since=left)
        if self.away:
            add(
                "service", person=self.id, kind="suspension", since=self.away,
                until=add_months(self.away, 12), document="云大研〔2020〕12号", note="病休",
            )  # fmt: skip
        if self.number == 20:
            add("service", person=self.id, kind="suspension", since="2024-02-01", note="创业")
        if self.number == 7:
            add("service", person=self.id, kind="suspension", since="2022-02-15",
                until="2022-08-15", document="云大研〔2022〕3号")  # fmt: skip


def generate(folder: Path = HERE) -> None:
    """Write the files of the school into a folder."""
    School().write(folder)
