"""A plan on paper: the moves on one sheet of A4 for the leader, everybody on A3 for the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from planning.view import PlanDetails, PlanPosting, PlanView
from queries.programme.facts import Facts
from queries.programme.vacancies import vacancies
from webapp.pictures.fitting import Fitted, column_rooms, fitted, line_count, row_lines
from webapp.planning.board import poster_rows
from webapp.shell.frame import term
from webapp.shell.language import language
from webapp.shell.sentences import said

# In CSS pixels of the sheet: the room of the rows, the tallest and the least height of a line.
MOVES_ROOM, MOVES_TALL, MOVES_LEAST, MOVES_TEXT, MOVES_WIDTH = 505, 24, 14.5, 10.5, 950
WALL_ROOM, WALL_TALL, WALL_LEAST, WALL_TEXT, WALL_WIDTH = 900, 18, 12, 10.5, 1390
WALL_ROWS = 70


@dataclass(frozen=True)
class MoveLine:
    """One move: who, from where, to where, when, of which kind, why, gaps before and after."""

    name: str
    came_from: str
    to: str
    when: str
    kind: str
    reason: str
    before: int
    after: int

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what stands in its cells but for the counts."""
        return (self.name, self.came_from, self.to, self.when, self.kind, self.reason)


@dataclass(frozen=True)
class MovesSheet:
    """The moves of a plan as far as one sheet holds them."""

    rows: tuple[MoveLine, ...]
    rooms: tuple[float, ...]  # of the columns but for the counts
    lines: tuple[int, ...]  # that each row takes
    fitted: Fitted


@dataclass(frozen=True)
class WallSheet:
    """One sheet of the poster: rows of people, and between them the ranks that they hold."""

    rows: tuple[dict[str, Any], ...]
    line: float


def moves_sheet(details: PlanDetails, known: Facts) -> MovesSheet:
    """Return the moves of a plan for whoever decides about it."""
    states = {row.person: row.exercises.values() for row in details.exercises}
    empty = {each.post for each in vacancies(known) if not each.held}
    rows = []
    for posting in details.moves:
        each = posting.assignment
        mine = list(states.get(each.person, ()))
        lacking, closed = mine.count("lacking"), mine.count("closed")
        rows.append(
            MoveLine(
                name=posting.person_name,
                came_from=_came_from(posting, details, known),
                to=posting.post_name,
                when=_("%(since)s to %(until)s", since=each.since, until=each.until),
                kind=term("rotation_kinds", each.kind),
                reason=_reason(posting, each.post in empty),
                before=lacking + closed,
                after=lacking,
            )
        )
    texts = [row.texts for row in rows]
    rooms = column_rooms(texts, MOVES_WIDTH, MOVES_TEXT)
    lines = row_lines(texts, rooms, MOVES_TEXT)
    fit = fitted(lines, MOVES_ROOM, MOVES_TALL, MOVES_LEAST)
    return MovesSheet(tuple(rows), tuple(rooms), tuple(lines), fit)


def _came_from(posting: PlanPosting, details: PlanDetails, known: Facts) -> str:
    """Return the post that a move leaves: the one before it in the plan, else the present one."""
    each = posting.assignment
    before = [p for p in details.of_person(each.person) if p.assignment.until == each.since]
    if before:
        return before[-1].post_name
    home = known.home(each.person)
    if home is None:
        return "–"
    post = known.posts[home.post]
    unit = known.units.get(post.unit or "")
    return f"{unit.name}{post.name}" if unit else post.name


def _reason(posting: PlanPosting, fills_vacancy: bool) -> str:
    short, comma = posting.short, ", " if language() == "en" else "，"
    good = [said(each) for each in short.good]
    if fills_vacancy:
        good.append(_("fills an empty post"))
    against = [said(each) for each in short.against]
    text = comma.join(good) or _("keeps posts filled")
    if against:
        return _("%(good)s; against: %(against)s", good=text, against=_(", ").join(against))
    return text


def wall_sheets(view: PlanView, details: PlanDetails, known: Facts) -> list[WallSheet]:
    """Return the poster: names of one rank together, as few sheets as hold them all."""
    periods = max(len(view.plan.horizon.days) - 1, 1)
    rows = _by_rank(poster_rows(view, details), known)
    lines = [_wall_lines(row, WALL_WIDTH / periods) for row in rows]
    sheets = []
    while rows:
        room = WALL_ROOM - min(len(lines), WALL_ROWS)  # a line below each row
        fit = fitted(lines, room, WALL_TALL, WALL_LEAST)
        count = max(fit.rows, 1)
        sheets.append(WallSheet(tuple(rows[:count]), fit.line))
        rows, lines = rows[count:], lines[count:]
    return sheets


def _by_rank(people: Sequence[dict[str, Any]], known: Facts) -> list[dict[str, Any]]:
    """Put people of one rank together, the highest first, each rank below its title."""
    ranks = known.programme.ranks

    def index(row: dict[str, Any]) -> int:
        found = known.rank_index(row["id"])
        return -1 if found is None else found

    rows: list[dict[str, Any]] = []
    before: int | None = None
    for row in sorted(people, key=lambda row: -index(row)):
        if index(row) != before:
            before = index(row)
            title = term("ranks", ranks[before].key) if before >= 0 else _("rank not known")
            count = sum(index(each) == before for each in people)
            rows.append({"rank": title, "count": count})
        rows.append(row)
    return rows


def _wall_lines(row: dict[str, Any], width: float) -> int:
    """Return how many lines a row of the poster takes."""
    if "rank" in row:
        return 1
    cells = [
        sum(line_count(f"MM {post['text']}", cell["span"] * width - 9, WALL_TEXT)
            for post in cell["posts"])
        for cell in row["cells"]
    ]  # fmt: skip
    return max([1, line_count(row["name"], 88, WALL_TEXT), *cells])
