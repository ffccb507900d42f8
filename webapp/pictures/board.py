"""The picture of who guides whom: mentors as diamonds, trainees as circles with their cohort.

Three ways to lay it: a column a unit with its mentors above, a band a generation, a column a cohort
below all mentors. Whose card is open is lit with their ties.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from queries.programme.board_shape import (
    BoardColumn,
    BoardMentor,
    BoardTie,
    BoardTrainee,
    MentorBoard,
)
from webapp.pictures.board_layout import Frame, Layout, MarkPlace, by_cohort, by_generation, by_unit
from webapp.pictures.path_line import shortened
from webapp.shell.frame import term
from webapp.shell.language import own_words

# Units side by side, generations below each other; more are counts. Cohorts may share a column.
MOST_COLUMNS = {"unit": 14, "generation": 10, "cohort": 10_000}
PILL = 12.0  # height of the word beside a stub


@dataclass(frozen=True)
class DrawnColumn:
    """One unit, generation or cohort: its frame and its name."""

    frame: Frame
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
    state: str  # "", over, out, former
    tip: str
    beside: bool  # the name stands beside the mark, not below
    name_y: float
    is_lit: bool


@dataclass(frozen=True)
class Stub:
    """What somebody lacks: a short red line to a word."""

    path: str
    x: float
    y: float
    width: float
    word: str


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
    state: str  # "", missing, out, past
    tip: str
    stub: Stub | None
    name_y: float
    is_lit: bool


@dataclass(frozen=True)
class BoardLine:
    """One line from mentor to trainee, or an arc between trainees."""

    path: str
    kind: str  # post, out, person
    tip: str
    is_ended: bool
    is_lit: bool


@dataclass(frozen=True)
class BoardPicture:
    """All of it."""

    width: int
    height: float
    columns: tuple[DrawnColumn, ...]
    mentors: tuple[DrawnMentor, ...]
    trainees: tuple[DrawnTrainee, ...]
    past: tuple[DrawnTrainee, ...]
    past_y: float
    ties: tuple[BoardLine, ...]
    is_lit: bool  # somebody's card is open: the rest is dim


def board_picture(
    board: MentorBoard,
    stages: list[str],
    url_of: Callable[[str], str],
    held: str = "",
) -> BoardPicture | None:
    """MarkPlace everybody of a board; None where they are too many to be told apart."""
    if not board.is_drawn or len(board.columns) > MOST_COLUMNS[board.view.by]:
        return None
    lay = {"unit": by_unit, "generation": by_generation, "cohort": by_cohort}[board.view.by]
    layout = lay(board)
    ties = [each for each in board.ties if _is_drawn(each, layout, board)]
    lit = {held} | {
        each
        for tie in ties
        if held in (tie.mentor, tie.trainee)
        for each in (tie.mentor, tie.trainee)
    }
    if layout.of_mentor(held, "") is None:
        lit = set()
    mentors = tuple(
        _mentor(each, layout.mentors[each.person, each.kind], board, url_of, lit)
        for each in board.mentors
    )
    trainees = tuple(
        _trainee(each, layout.trainees[each.person], layout, board, stages, url_of, lit)
        for each in board.trainees
    )
    past = tuple(
        _past(each, layout.trainees[each], board, url_of, lit)
        for each in board.past
        if each in layout.trainees
    )
    return BoardPicture(
        width=layout.width,
        height=layout.height,
        columns=tuple(
            DrawnColumn(
                frame,
                frame.label or shortened(column_name(board, column), max(frame.width - 26, 40)),
                column.trainees + (column.mentors if board.view.by != "unit" else 0),
            )
            for column, frame in layout.frames
        ),
        mentors=mentors,
        trainees=trainees,
        past=past,
        past_y=layout.past_y,
        ties=tuple(_line(each, layout, board, lit, held) for each in ties),
        is_lit=bool(lit),
    )


def column_name(board: MentorBoard, column: BoardColumn) -> str:
    """Return the name of a column: that of its unit, its cohort, or which generation it is."""
    if board.view.by == "unit":
        return column.name or "?"
    if not column.key:
        return _("cohort not known") if board.view.by == "cohort" else _("in no pair")
    if board.view.by == "generation":
        return _("generation %(n)s", n=column.key)
    return column.key


def short_kind(kind: str) -> str:
    """Return the title of a kind of mentor without what stands in brackets and who they are."""
    title = re.sub(r"（.*?）|\s*\(.*?\)", "", term("mentoring_kinds", kind))
    return title.removesuffix(own_words("{mentor}")).strip() or title


def _is_drawn(tie: BoardTie, layout: Layout, board: MentorBoard) -> bool:
    """Return whether both stand in the picture; who is past is not led to from above all."""
    if tie.trainee not in layout.trainees or layout.of_mentor(tie.mentor, tie.kind) is None:
        return False
    return tie.trainee not in board.past or board.view.pairs == "ever"


def _mentor(
    each: BoardMentor,
    place: MarkPlace,
    board: MentorBoard,
    url_of: Callable[[str], str],
    lit: set[str],
) -> DrawnMentor:
    if each.is_out:
        note = _("left %(day)s", day=_short(each.left_on, board.on)) if each.left_on else ""
        note = note or _("not in the post")
    elif each.is_over:
        note = _("%(load)s/%(most)s over", load=each.load, most=each.capacity)
    else:
        note = f"{each.load}/{each.capacity}" if each.capacity is not None else str(each.load)
    state = "out" if each.is_out else "over" if each.is_over else "former" if each.is_former else ""
    so_far = ngettext("%(num)s {trainee} so far", "%(num)s {trainees} so far", each.ever)
    return DrawnMentor(
        id=each.person,
        name=shortened(each.name, place.room),
        url=url_of(each.person),
        x=place.x,
        y=place.y,
        size=8 + min(each.ever, 16) / 2.5,
        load=each.load,
        note=note if place.beside else "",
        state=state,
        tip=f"{each.name} {note} · {so_far}",
        beside=place.beside,
        name_y=place.name_y,
        is_lit=each.person in lit,
    )


def _short(day: date, on: date) -> str:
    """Return a day without its year where that is the year looked at."""
    return f"{day:%m-%d}" if day.year == on.year else day.isoformat()


def _trainee(
    each: BoardTrainee,
    place: MarkPlace,
    layout: Layout,
    board: MentorBoard,
    stages: list[str],
    url_of: Callable[[str], str],
    lit: set[str],
) -> DrawnTrainee:
    state = "missing" if each.missing else "out" if each.out_of_post else ""
    kinds = _(", ").join(term("mentoring_kinds", kind) for kind in each.missing)
    tip = f"{each.name} {_('lacks %(kinds)s', kinds=kinds)}" if kinds else each.name
    return DrawnTrainee(
        id=each.person,
        name=shortened(each.name, place.room),
        url=url_of(each.person),
        x=place.x,
        y=place.y,
        label=_cohort(each.cohort),
        stage=stages.index(each.stage) % 3 if each.stage in stages else 0,
        state=state or ("" if each.needs or not board.needing else "past"),
        tip=tip,
        stub=_stub(each, place, layout, board) if each.missing else None,
        name_y=place.name_y,
        is_lit=each.person in lit,
    )


def _cohort(cohort: int | None) -> str:
    return f"{cohort % 100:02}" if cohort else ""


def _stub(each: BoardTrainee, place: MarkPlace, layout: Layout, board: MentorBoard) -> Stub:
    """Lead to a word where the mentor would stand: above by a post, below among trainees."""
    above = {tie.kind for tie in board.ties if tie.by_post} | {m.kind for m in board.mentors}
    words = [short_kind(kind) for kind in each.missing]
    word = shortened(_("no %(kinds)s", kinds=_(", ").join(words)), 100)
    room = 11.2 * sum(1 if ord(sign) > 0x2E7F else 0.56 for sign in word) + 8
    x = min(max(place.x, room / 2), layout.width - room / 2)
    if set(each.missing) <= above or not layout.arcs_y:
        return Stub(f"M{place.x} {place.y - 11}v-12", x, place.y - 23 - PILL, room, word)
    return Stub(f"M{place.x} {place.name_y + 4}v8", x, place.name_y + 12, room, word)


def _past(
    person: str,
    place: MarkPlace,
    board: MentorBoard,
    url_of: Callable[[str], str],
    lit: set[str],
) -> DrawnTrainee:
    name = board.names[person]
    return DrawnTrainee(
        id=person,
        name=shortened(name, place.room),
        url=url_of(person),
        x=place.x,
        y=place.y,
        label=_cohort(board.cohorts.get(person)),
        stage=0,
        state="past",
        tip=name,
        stub=None,
        name_y=place.name_y,
        is_lit=person in lit,
    )


def _line(tie: BoardTie, layout: Layout, board: MentorBoard, lit: set[str], held: str) -> BoardLine:
    one, two = layout.of_mentor(tie.mentor, tie.kind), layout.trainees[tie.trainee]
    assert one is not None  # `_is_drawn` looked
    is_person = tie.mentor in layout.trainees
    kind = "person" if is_person else "post" if tie.is_right else "out"
    return BoardLine(
        path=_path(one, two, is_person, layout, board),
        kind=kind,
        tip=f"{_named(board, tie.mentor)} → {_named(board, tie.trainee)}",
        is_ended=not tie.runs,
        is_lit=bool(lit) and held in (tie.mentor, tie.trainee),
    )


def _named(board: MentorBoard, person: str) -> str:
    return board.name_of.get(person, person)


def _path(
    one: MarkPlace, two: MarkPlace, is_person: bool, layout: Layout, board: MentorBoard
) -> str:
    (x1, y1), (x2, y2) = (one.x, one.y), (two.x, two.y)
    if is_person and layout.arcs_y:  # hang below the columns
        past = layout.past_y
        begin = y1 - 9 if y1 >= past else y1 + 44
        low = min(layout.arcs_y + 88, layout.arcs_y + 14 + abs(x2 - x1) / 10)
        return f"M{x1} {begin:.1f}C{x1} {low:.1f} {x2} {low:.1f} {x2} {y2 + 44:.1f}"
    if is_person and board.view.by != "generation":  # from one cohort or unit to another
        lift = 10 + abs(x2 - x1) / 12
        return f"M{x1} {y1}Q{(x1 + x2) / 2:.1f} {(y1 + y2) / 2 - lift:.1f} {x2} {y2}"
    return f"M{x1} {y1 + 8:.1f}L{x2} {y2 - 11:.1f}"
