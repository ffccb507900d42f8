"""The six inputs of the portraits of one district, and what colleagues and the people said.

Its own stream of random numbers, so that nothing else of the district changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from examples.district import District, Row
from examples.words import month_number

SEED = 1516
DISTRICT_OFFICE, SUPERVISORS = "区委组织部", "区委考核办"
INSPECTED, HEARD = 12, 20
# Gaps on purpose, by position of the trainee (T001 is 0).
NEVER_REVIEWED, REVIEWED_LONG_AGO, TWO_VOICES, PAPERS_MISSING = 4, 6, 9, 12


def records(district: District) -> Iterator[Row]:
    """Yield records with their level empty: person, kind, on, level, result, ... to given_by."""
    draw = Random(SEED)
    known = list(range(district.trainees))
    before = [i for i in known if district.joined[i][0] < month_number("2023-01")]
    inspected = set(draw.sample(before, min(INSPECTED, len(before))))
    heard = set(draw.sample(before, min(HEARD, len(before))))
    for i in known:
        unit = district.unit_names[district.home_of(i).unit]
        political, work = _of(draw, "好", "好", "较好"), _of(draw, "突出", "较好", "一般")
        usual = _of(draw, "好", "好", "较好", "一般")
        office = DISTRICT_OFFICE
        if i == REVIEWED_LONG_AGO:
            yield _row(district, i, "political", "2021-12-20", "好", office)
        elif i in before and i != NEVER_REVIEWED:
            yield _row(
                district, i, "political", f"2023-12-{draw.randint(4, 22):02d}", political, office
            )
        if i in before:
            yield _row(
                district, i, "performance", f"2024-01-{draw.randint(8, 26):02d}", work, SUPERVISORS
            )
        day = f"2024-04-{draw.randint(8, 19):02d}"
        yield _row(district, i, "ordinary", day, usual, unit)
        if i == TWO_VOICES:
            yield _row(district, i, "ordinary", day, "一般" if usual != "一般" else "好", office)
        result = "待补充" if i == PAPERS_MISSING else "属实"
        yield _row(district, i, "file_review", "2023-10-20", result, office)
        if i in inspected:
            fit = _of(draw, "胜任", "胜任", "基本胜任")
            yield _row(district, i, "inspection", "2023-11-15", fit, f"{office}考察组")
            votes = _of(draw, "优秀", "称职")
            yield _row(district, i, "democratic", "2023-11-14", votes, f"{unit}干部职工")
        if i in heard:
            said = _of(draw, "满意", "满意", "基本满意")
            yield _row(district, i, "public_opinion", "2023-11-10", said, "服务对象代表")


def _of(draw: Random, *results: str) -> str:
    return draw.choice(results)


def _row(district: District, i: int, kind: str, on: str, result: str, by: str) -> Row:
    return district.trainee(i), kind, on, "", result, "", "", "", by
