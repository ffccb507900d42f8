"""When both sides of each pair of one district accepted it, and what some of them noted.

Its own stream of random numbers, so that nothing else of the district changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from examples.district import District, Row

COLUMNS = "mentor_accepted_on,trainee_accepted_on,mentor_note,trainee_note"
# Who has not accepted on purpose, by position of the trainee (T001 is 0) and kind of mentor.
WAITING = {(41, "peer"): "trainee", (45, "village"): "mentor", (44, "township"): "mentor trainee"}
MENTOR_NOTES = ("先熟悉村情，再压担子", "每月一起走访一次", "重点补写作和群众工作")
TRAINEE_NOTES = ("希望多跟班学习", "愿从信访接待做起", "想参与重点项目")


def accepted(pairs: Callable[[District], Iterator[Row]]) -> Callable[[District], Iterator[Row]]:
    """Let each pair be accepted by both within three weeks, but for those on purpose."""

    def rows(district: District) -> Iterator[Row]:
        draw = district.draw("acceptance")
        kept = {(district.trainee(i), kind): sides for (i, kind), sides in WAITING.items()}
        for row in pairs(district):
            trainee, kind, since = (str(cell) for cell in row[1:4])
            days = draw.randint(1, 7), draw.randint(1, 21)
            said = draw.random() < 0.1
            notes = draw.choice(MENTOR_NOTES), draw.choice(TRAINEE_NOTES)
            waits = kept.get((trainee, kind), "")
            sides = zip(("mentor", "trainee"), days, strict=True)
            on = ["" if side in waits.split() else _after(since, n) for side, n in sides]
            yield *row, *on, *(notes if said and not waits else ("", ""))

    return rows


def _after(since: str, days: int) -> str:
    """Give the day so many days later; one that is known by the month or year stays so."""
    return (date.fromisoformat(since) + timedelta(days)).isoformat() if len(since) == 10 else since
