"""Data sets of another shape than the reference district: five districts and two hospitals.

    python -m examples.generate --shape county --out FOLDER [--seed N]

Each has its own programme and a fixed cast that its truth is told of (`tests/cases/shapes`); names,
and of the larger ones the days of everybody else, are drawn. None is kept as files.
"""

from collections.abc import Callable, Mapping

from examples.shapes import districts, faulty, hospitals
from examples.shapes.book import Book

SHAPES: Mapping[str, Callable[[Book], None]] = {
    "county": districts.county,
    "mountain": districts.mountain,
    "yearly": districts.yearly,
    "term": districts.term,
    "mistakes": faulty.mistakes,
    "blocks": hospitals.blocks,
    "night-float": hospitals.night_float,
}
