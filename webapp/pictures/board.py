"""The picture of who guides whom: mentors as diamonds above their trainees, a column a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from queries.programme.facts import Facts
from queries.programme.mentor_board import BoardMentor, BoardTrainee, MentorBoard
from webapp.pictures.path_line import shortened
from webapp.shell.frame import person_url, term

WIDTH = 916
TOP = 58  # of the first row of mentors
LAYER = 78
STEP = 40  # between trainees, where there is room
ARCS = 96  # room for arcs below the trainees


@dataclass(frozen=True)
class DrawnColumn:
    """One unit: its frame and its name."""

    x: float
    width: float
    name: str
    count: int


@dataclass(frozen=True)
class DrawnMentor:
    """One diamond: how large, the figure in it, and what stands beside it."""

    id: str
    name: str
    url: str
    x: float
    y: float
    size: float
    load: int
    note: str
    state: str  # "", over, out


@dataclass(frozen=True)
class DrawnTrainee:
    """One circle with the cohort in it."""

    id: str
    name: str
    url: str
    x: float
    y: float
    label: str
    stage: int  # which fill
    state: str  # "", missing, out
    lacks: str
    name_y: float


@dataclass(frozen=True)
class BoardLine:
    """One line from mentor to trainee, or an arc between trainees."""

    path: str
    kind: str  # post, out, person
    tip: str


@dataclass(frozen=True)
class BoardPicture:
    """All of it."""

    width: int
    height: float
    columns: tuple[DrawnColumn, ...]
    frame: float  # height of the columns
    mentors: tuple[DrawnMentor, ...]
    trainees: tuple[DrawnTrainee, ...]
    past: tuple[DrawnTrainee, ...]
    past_y: float
    ties: tuple[BoardLine, ...]


def board_picture(facts: Facts, board: MentorBoard) -> BoardPicture:
    """Place everybody of a board; the mentors of each kind stand in a row of their own."""
    kinds = [kind.key for kind in facts.programme.mentoring_kinds if kind.by_post]
    kinds = [kind for kind in kinds if any(each.kind == kind for each in board.mentors)]
    circles = TOP + LAYER * len(kinds) + 26
    frame = circles + 60
    past_y = frame + ARCS + 40
    columns = _columns(board)
    stages = [stage.key for stage in facts.programme.stages]
    at: dict[str, tuple[float, float]] = {}
    mentors, trainees = [], []
    for column, x, width in columns:
        mine = [each for each in board.trainees if each.column == column]
        for number, each in enumerate(mine):
            place = (x + width * (number + 0.5) / len(mine), float(circles))
            at[each.person] = place
            trainees.append(_trainee(facts, each, place, stages, number % 2))
        for row, kind in enumerate(kinds):
            those = [m for m in board.mentors if (m.column, m.kind) == (column, kind)]
            for number, mentor in enumerate(those):
                place = (x + width * (number + 0.5) / len(those), float(TOP + row * LAYER))
                at[mentor.person] = place
                mentors.append(_mentor(facts, mentor, place, width / len(those)))
    past = []
    for number, person in enumerate(board.past):
        place = (WIDTH * (number + 0.5) / max(len(board.past), 1), past_y)
        at[person] = place
        past.append(_past(facts, person, place, number % 2))
    return BoardPicture(
        width=WIDTH,
        height=past_y + (42 if past else -40),
        columns=tuple(
            DrawnColumn(x, width, shortened(_name(board, unit), width - 26), _count(board, unit))
            for unit, x, width in columns
        ),
        frame=frame,
        mentors=tuple(mentors),
        trainees=tuple(trainees),
        past=tuple(past),
        past_y=past_y,
        ties=tuple(_ties(facts, board, at, frame)),
    )


def _name(board: MentorBoard, unit: str) -> str:
    return next((each.name for each in board.columns if each.unit == unit), "?")


def _count(board: MentorBoard, unit: str) -> int:
    return next((each.trainees for each in board.columns if each.unit == unit), 0)


def _columns(board: MentorBoard) -> list[tuple[str, float, float]]:
    """Return each column with its left side and its width, by how many stand in it."""
    gap = 8.0
    room = WIDTH - gap * (len(board.columns) - 1)
    weights = [max(each.trainees, each.mentors, 2) + 0.4 for each in board.columns]
    whole = sum(weights) or 1
    found, x = [], 0.0
    for each, weight in zip(board.columns, weights, strict=True):
        width = room * weight / whole
        found.append((each.unit, round(x, 1), round(width, 1)))
        x += width + gap
    return found


def _mentor(
    facts: Facts, each: BoardMentor, place: tuple[float, float], room: float
) -> DrawnMentor:
    if each.is_out:
        note = _("left %(day)s", day=_short(each.left_on, facts)) if each.left_on else ""
        note = note or _("not in the post")
    elif each.is_over:
        note = _("%(load)s/%(most)s over", load=each.load, most=each.capacity)
    else:
        note = f"{each.load}/{each.capacity}" if each.capacity is not None else str(each.load)
    return DrawnMentor(
        id=each.person,
        name=shortened(facts.name(each.person), max(room / 2 - 14, 36)),
        url=person_url(each.person),
        x=round(place[0], 1),
        y=place[1],
        size=8 + min(each.ever, 16) / 2.5,
        load=each.load,
        note=note,
        state="out" if each.is_out else "over" if each.is_over else "",
    )


def _short(day: date, facts: Facts) -> str:
    """Return a day without its year where that is the year looked at."""
    return f"{day:%m-%d}" if day.year == facts.on.year else day.isoformat()


def _trainee(
    facts: Facts, each: BoardTrainee, place: tuple[float, float], stages: list[str], odd: int
) -> DrawnTrainee:
    state = "missing" if each.missing else "out" if each.out_of_post else ""
    kinds = _(", ").join(term("mentoring_kinds", kind) for kind in each.missing)
    return DrawnTrainee(
        id=each.person,
        name=shortened(facts.name(each.person), 66),
        url=person_url(each.person),
        x=round(place[0], 1),
        y=place[1],
        label=str(each.cohort)[-2:] if each.cohort else "",
        stage=stages.index(each.stage) % 3 if each.stage in stages else 0,
        state=state,
        lacks=_("lacks %(kinds)s", kinds=kinds) if kinds else "",
        name_y=place[1] + 26 + 13 * odd,
    )


def _past(facts: Facts, person: str, place: tuple[float, float], odd: int) -> DrawnTrainee:
    cohort = facts.people[person].cohort
    return DrawnTrainee(
        id=person,
        name=shortened(facts.name(person), 66),
        url=person_url(person),
        x=round(place[0], 1),
        y=place[1],
        label=str(cohort)[-2:] if cohort else "",
        stage=0,
        state="past",
        lacks="",
        name_y=place[1] + 24 + 13 * odd,
    )


def _ties(
    facts: Facts, board: MentorBoard, at: dict[str, tuple[float, float]], frame: float
) -> list[BoardLine]:
    past = set(board.past)
    deep = frame + ARCS - 8
    found = []
    for tie in board.ties:
        if tie.mentor not in at or tie.trainee not in at or tie.trainee in past:
            continue
        (x1, y1), (x2, y2) = at[tie.mentor], at[tie.trainee]
        tip = f"{facts.name(tie.mentor)} → {facts.name(tie.trainee)}"
        if tie.by_post:
            path = f"M{x1:.1f} {y1 + 8:.1f}L{x2:.1f} {y2 - 11:.1f}"
            found.append(BoardLine(path, "post" if tie.is_right else "out", tip))
            continue
        begin = y1 - 9 if tie.mentor in past else y1 + 44
        low = min(deep, frame + 14 + abs(x2 - x1) / 10)
        path = f"M{x1:.1f} {begin:.1f}C{x1:.1f} {low:.1f} {x2:.1f} {low:.1f} {x2:.1f} {y2 + 44:.1f}"
        found.append(BoardLine(path, "person", tip))
    return found
