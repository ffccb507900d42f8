"""Where the marks of a board of mentors stand: a column a unit, a band a generation, a cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from queries.programme.board_shape import BoardColumn, BoardMentor, MentorBoard

T = TypeVar("T")
WIDTH = 892  # as wide as it stands on the smallest screen, so that letters keep their size
TOP = 58  # of the first row of mentors
LAYER = 78
ARCS = 96  # room for arcs below the trainees
GAP = 8.0  # between columns
BESIDE = 70.0  # room that a mentor needs for the name beside the mark; with less it is below
STEP = 28.0  # between trainees of one row
ROW = 54.0  # between rows of trainees
BAND = 64.0  # a row of a generation
LABEL = 88.0  # room for the name of a band
MOST_SIDE_BY_SIDE = 8  # mentors above cohorts in one row
MOST_COHORTS = 12  # columns; more cohorts share one


@dataclass(frozen=True)
class MarkPlace:
    """Where a mark stands, and its name: beside a mentor, or at a height below the mark."""

    x: float
    y: float
    name_y: float
    room: float  # for the name
    beside: bool = False


@dataclass(frozen=True)
class Frame:
    """The rectangle of a column."""

    x: float
    y: float
    width: float
    height: float
    label: str = ""  # of cohorts that share one


@dataclass
class Layout:
    """All places; mentors by person and kind, everybody else by person."""

    width: int = WIDTH
    height: float = 0.0
    frames: list[tuple[BoardColumn, Frame]] = field(default_factory=list)
    mentors: dict[tuple[str, str], MarkPlace] = field(default_factory=dict)
    trainees: dict[str, MarkPlace] = field(default_factory=dict)
    past_y: float = 0.0
    arcs_y: float = 0.0  # from which arcs between trainees hang; 0: they go straight

    def of_mentor(self, person: str, kind: str) -> MarkPlace | None:
        """Return where a mentor of a kind stands, be it as a diamond or as a circle."""
        found = self.mentors.get((person, kind)) or self.trainees.get(person)
        return found or next(
            (at for (who, _kind), at in self.mentors.items() if who == person), None
        )


def by_unit(board: MentorBoard) -> Layout:
    """Stand mentors of each kind in a row of their own, above the trainees of their unit."""
    kinds = list(dict.fromkeys(each.kind for each in _by_kind(board)))
    layout = Layout()
    columns = list(_columns(board))
    circles = TOP + LAYER * len(kinds) + 26.0
    mine = {key.key: [t for t in board.trainees if t.column == key.key] for key, _x, _w in columns}
    fits = {key.key: max(int(width // STEP), 1) for key, _x, width in columns}
    rows = max((-(-len(those) // fits[key]) for key, those in mine.items()), default=1)
    frame = circles + 60 + ROW * max(rows - 1, 0)
    for column, x, width in columns:
        layout.frames.append((column, Frame(x, 1, width, frame)))
        lines = list(_rows(mine[column.key], fits[column.key]))
        for at, line in enumerate(lines):
            y = circles + ROW * at
            for number, each in enumerate(line):
                place = x + width * (number + 0.5) / len(line)
                layout.trainees[each.person] = MarkPlace(
                    round(place, 1), y, y + 26 + 13 * (number % 2), 66
                )
        for row, kind in enumerate(kinds):
            those = [m for m in board.mentors if (m.column, m.kind) == (column.key, kind)]
            for number, mentor in enumerate(those):
                place = x + width * (number + 0.5) / len(those)
                y = float(TOP + row * LAYER)
                wide = width / len(those)
                layout.mentors[mentor.person, kind] = (
                    MarkPlace(round(place, 1), y, y - 1, max(wide / 2 - 14, 36), beside=True)
                    if wide >= BESIDE
                    else MarkPlace(round(place, 1), y, y + 26 + 13 * (number % 2), 2 * wide - 4)
                )
    is_flat = rows <= 1 and _arcs(board)
    layout.arcs_y = frame if is_flat else 0.0
    layout.past_y = frame + (ARCS if is_flat else 0) + 40
    last = 0.0
    for at, gone in enumerate(_rows(board.past, 24)):
        for number, person in enumerate(gone):
            x, y = WIDTH * (number + 0.5) / len(gone), layout.past_y + at * ROW
            layout.trainees[person] = MarkPlace(round(x, 1), y, y + 24 + 13 * (number % 2), 66)
            last = y
    layout.height = last + 42 if board.past else frame + (ARCS if is_flat else 8)
    return layout


def by_generation(board: MentorBoard) -> Layout:
    """Stand each generation in a band, everybody as near as may be below their mentors."""
    layout = Layout()
    above: dict[str, list[str]] = defaultdict(list)
    for tie in board.ties:
        above[tie.trainee].append(tie.mentor)
    at: dict[str, float] = {}
    fits = int((WIDTH - LABEL) // 54)
    y = 1.0
    for column in board.columns:
        people = [(m.person, m.kind) for m in board.mentors if m.column == column.key]
        people += [(t.person, "") for t in board.trainees if t.column == column.key]
        middle = WIDTH / 2

        def wanted(each: tuple[str, str], middle: float = middle) -> tuple[float, str]:
            known = [at[mentor] for mentor in above[each[0]] if mentor in at]
            return (sum(known) / len(known) if known else middle, each[0])

        people.sort(key=wanted)
        lines = list(_rows(people, fits))
        height = BAND * len(lines)
        layout.frames.append((column, Frame(0, y, WIDTH, height)))
        mentors = {(m.person, m.kind) for m in board.mentors}
        for row, line in enumerate(lines):
            room = (WIDTH - LABEL) / len(line)
            for number, who in enumerate(line):
                x = round(LABEL + room * (number + 0.5), 1)
                top = y + BAND * row + 20
                place = MarkPlace(
                    x, top, top + 24 + 13 * (number % 2), max(min(2 * room, 132) - 6, 40)
                )
                if who in mentors:
                    layout.mentors[who] = place
                else:
                    layout.trainees[who[0]] = place
                at[who[0]] = x
        y += height + GAP
    layout.height = y
    return layout


def by_cohort(board: MentorBoard) -> Layout:
    """Stand each cohort in a column, below the mentors who are of none."""
    layout = Layout()
    groups = list(cohort_groups(board.columns))
    width = (WIDTH - GAP * (len(groups) - 1)) / max(len(groups), 1)
    middle: dict[str, float] = {}
    lows = []
    above = [each for each in board.mentors if not each.column]
    lines = -(-len(above) // MOST_SIDE_BY_SIDE)
    top = TOP - 34 + 50.0 * lines
    for number, (label, columns) in enumerate(groups):
        x = number * (width + GAP)
        keys = {column.key for column in columns}
        people = [(m.person, m.kind) for m in board.mentors if m.column and m.column in keys]
        known = len(people)
        people += [(t.person, "") for t in board.trainees if t.column in keys]
        side = 0.22 * width if width > 60 else 0.0
        for row, (person, kind) in enumerate(people):
            y = top + 48 + 44 * row
            place = MarkPlace(
                round(x + width / 2 + (-side if row % 2 else side), 1), y, y + 23, width * 0.9
            )
            if row < known:
                layout.mentors[person, kind] = place
            else:
                layout.trainees[person] = place
            middle[person] = place.x
        lows.append(44 * len(people))
        first = columns[0]
        total = BoardColumn(
            first.key, "", first.name, sum(c.trainees for c in columns),
            sum(c.mentors for c in columns), 0, 0,
        )  # fmt: skip
        layout.frames.append((total, Frame(round(x, 1), top, round(width, 1), 0, label)))
    height = max(lows, default=0) + 40.0
    layout.frames = [
        (column, Frame(f.x, f.y, f.width, height, f.label)) for column, f in layout.frames
    ]
    layout.height = top + height + 4
    _above(board, above, middle, layout)
    return layout


def _above(
    board: MentorBoard, mentors: Sequence[BoardMentor], middle: dict[str, float], layout: Layout
) -> None:
    """Stand mentors in rows above the columns, each as near as may be over those they guide."""
    guided: dict[str, list[float]] = defaultdict(list)
    for tie in board.ties:
        if tie.trainee in middle:
            guided[tie.mentor].append(middle[tie.trainee])

    def wanted(each: BoardMentor) -> tuple[float, str]:
        known = guided[each.person]
        return (sum(known) / len(known) if known else WIDTH / 2, each.person)

    lines = max(-(-len(mentors) // MOST_SIDE_BY_SIDE), 1)
    order = sorted(mentors, key=wanted)
    for row in range(lines):
        line = order[row::lines]  # neighbours stand in different rows
        for number, each in enumerate(line):
            room = WIDTH / len(line)
            y = 22 + 50.0 * row
            x = round(room * (number + 0.5), 1)
            layout.mentors[each.person, each.kind] = MarkPlace(x, y, y - 1, room / 2 - 18, True)


def cohort_groups(columns: Sequence[BoardColumn]) -> Iterator[tuple[str, list[BoardColumn]]]:
    """Yield columns of cohorts, with a label where several share one."""
    known = [each for each in columns if each.key]
    years = [int(each.key) for each in known]
    span = max(years) - min(years) + 1 if years else 1
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000, 10_000) if span / n < MOST_COHORTS)
    if len(known) <= MOST_COHORTS:
        step = 1
    groups: dict[int, list[BoardColumn]] = defaultdict(list)
    for each, year in zip(known, years, strict=True):
        groups[year // step * step].append(each)
    for year, those in groups.items():
        yield (f"{year}–{year + step - 1}" if step > 1 else "", those)
    rest = [each for each in columns if not each.key and each.trainees]
    if rest:
        yield "", rest


def _by_kind(board: MentorBoard) -> list[BoardMentor]:
    """Return the mentors so that the kinds come in the order in which most of them have it."""
    order: dict[str, int] = {}
    for each in board.mentors:
        order.setdefault(each.kind, len(order))
    return sorted(board.mentors, key=lambda each: order[each.kind])


def _arcs(board: MentorBoard) -> bool:
    """Return whether a trainee guides another."""
    people = {each.person for each in board.trainees} | set(board.past)
    return any(tie.mentor in people and not tie.by_post for tie in board.ties)


def _rows(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Yield rows of about one length, none longer than `most`."""
    if not items:
        return
    lines = -(-len(items) // most)
    size = -(-len(items) // lines)
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


def _columns(board: MentorBoard) -> Iterator[tuple[BoardColumn, float, float]]:
    """Yield each column with its left side and its width, by how many stand in it."""
    room = WIDTH - GAP * (len(board.columns) - 1)
    weights = [max(min(each.trainees, 12), each.mentors, 3) + 0.4 for each in board.columns]
    x = 0.0
    for each, weight in zip(board.columns, weights, strict=True):
        width = room * weight / sum(weights)
        yield each, round(x, 1), round(width, 1)
        x += width + GAP
