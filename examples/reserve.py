"""The reserve list of one district: who was put on it, until when, and who was taken off again."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from examples.district import District, Row, text
from examples.words import month_number

LISTED, SEED = 10, 1702
TAKEN_OFF, OVER = 8, 9  # of those listed, by position: one came off, the term of one is over


def records(district: District) -> Iterator[Row]:
    """Yield the records of the list, with their last column but one the end of the term."""
    draw = Random(SEED)
    early = [i for i in range(district.trainees) if district.joined[i][0] < month_number("2019-01")]
    for at, i in enumerate(sorted(draw.sample(early, min(LISTED, len(early))))):
        month = month_number("2022-03") + 12 * (at % 2)
        until = "2024-03-01" if at == OVER else "2026-03-01"
        on, document = text(month, 15), f"石组干〔{2022 + at % 2}〕{7 + at}号"
        yield district.trainee(i), "reserve", on, "", "put_on", "纳入后备干部名单", until, document
        if at == TAKEN_OFF:
            words = "动态调整"
            document = "石组干〔2024〕11号"
            yield district.trainee(i), "reserve", "2024-04-10", "", "taken_off", words, "", document
