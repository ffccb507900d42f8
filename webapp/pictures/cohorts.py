"""Cohorts of very many: a row each, filled after every year by the shares of the ranks held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from queries.careers.lines import CareerLines, CohortRow
from webapp.pictures.path_line import HEAD, NAME_END, LineBar, Tick
from webapp.pictures.signs import rank_step
from webapp.shell.frame import term

ROW = 18
MOST_ROWS = 30  # more cohorts than that are joined, five or ten years to a row


@dataclass(frozen=True)
class DrawnCohort:
    """One row: what it is called, where it opens, and its cells."""

    label: str
    url: str
    y: float
    people: int
    cells: tuple[LineBar, ...]  # `x` and `width` are of the cell; `tip` says its counts
    shares: tuple[tuple[tuple[float, float, int], ...], ...]  # of each cell: top, height, step


@dataclass(frozen=True)
class CohortsPicture:
    """All rows with their axis."""

    width: int
    height: float
    rows: tuple[DrawnCohort, ...]
    ticks: tuple[Tick, ...]


def cohorts_picture(
    found: CareerLines, width: int, url_of: Callable[[int | None], str]
) -> CohortsPicture:
    """Draw each cohort's ranks after each year since the entry."""
    rows = _joined(found.cohorts)
    years = max((len(row.ranks) for _label, row in rows), default=1)
    cell = (width - NAME_END - 60) / years
    drawn = []
    for at, (label, row) in enumerate(rows):
        y = HEAD + at * ROW
        cells, shares = [], []
        for year, counts in enumerate(row.ranks):
            cells.append(LineBar(round(NAME_END + year * cell, 1), round(cell - 1, 1), 0, "", ""))
            shares.append(tuple(_shares(counts, found.ladder)))
            cells[-1] = LineBar(
                cells[-1].x, cells[-1].width, 0, "", _tip(year, counts, found.ladder)
            )
        drawn.append(
            DrawnCohort(label, url_of(row.cohort), y, row.people, tuple(cells), tuple(shares))
        )
    every = max(1, years // 12)
    return CohortsPicture(
        width=width,
        height=HEAD + len(rows) * ROW + 8,
        rows=tuple(drawn),
        ticks=tuple(
            Tick(round(NAME_END + year * cell, 1), _("%(n)s y", n=year) if year else _("entry"))
            for year in range(0, years, every)
        ),
    )


def _joined(rows: tuple[CohortRow, ...]) -> list[tuple[str, CohortRow]]:
    """Return rows with their labels; so many cohorts that they would not fit are joined."""
    known = [row for row in rows if row.cohort is not None]
    if len(rows) <= MOST_ROWS or not known:
        return [(str(row.cohort or "?"), row) for row in rows]
    span = (known[-1].cohort or 0) - (known[0].cohort or 0) + 1
    step = 5 if span <= 5 * MOST_ROWS else 10 * -(-span // (10 * MOST_ROWS))
    groups: dict[int, list[CohortRow]] = {}
    for row in known:
        groups.setdefault((row.cohort or 0) // step * step, []).append(row)
    found = [(f"{first}–{first + step - 1}", _sum(first, those)) for first, those in groups.items()]
    return [("?", row) for row in rows if row.cohort is None] + found


def _sum(cohort: int, rows: list[CohortRow]) -> CohortRow:
    years = max(len(row.ranks) for row in rows)
    ranks = []
    for year in range(years):
        those = [row.ranks[year] for row in rows if year < len(row.ranks)]
        ranks.append(tuple(map(sum, zip(*those, strict=True))))
    return CohortRow(cohort, sum(row.people for row in rows), tuple(ranks))


def _shares(counts: tuple[int, ...], ladder: tuple[str, ...]) -> list[tuple[float, float, int]]:
    """Return the parts of a cell from the lowest rank at the bottom to the highest at the top."""
    whole, bottom, found = sum(counts), float(ROW - 3), []
    for at, count in enumerate(counts):
        if not count:
            continue
        height = (ROW - 3) * count / whole
        bottom -= height
        step = rank_step(ladder[at - 1]) if at else 0
        found.append((round(bottom, 1), round(height, 1), step))
    return found


def _tip(year: int, counts: tuple[int, ...], ladder: tuple[str, ...]) -> str:
    names = [_("no rank known"), *(term("ranks", rank) for rank in ladder)]
    said = [f"{name} {count}" for name, count in zip(names, counts, strict=True) if count]
    return _("after %(n)s years: %(ranks)s", n=year, ranks=" · ".join(said))
