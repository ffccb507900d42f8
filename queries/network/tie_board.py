"""The board of a network in which nobody needs a mentor: generations or cohorts of whoever is tied.

A genealogy, clerks and their judges: the marks are mentors above and everybody who had one. Very
many are counts of each column, with those who had most trainees. All pairs that had begun by the
day are looked at, or those that still run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from heapq import nsmallest

from graph.cache import per_version
from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.dated import begun, posted
from queries.generations import Generations, generations
from queries.programme.board_shape import (
    MOST_DRAWN,
    BoardColumn,
    BoardMentor,
    BoardTie,
    BoardTrainee,
    BoardView,
    MentorBoard,
)
from queries.programme.mentor_board import mentor_board
from queries.programme.on_day import facts_on
from queries.programme.standing import facts_of_few
from queries.scope import Scope, people_of
from queries.unit_tree import unit_tree

FIRST_OF_COLUMN = 5  # people that a column of counts names

TIES = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id <> t.id AND {begun("e")}
RETURN m.id AS mentor, t.id AS trainee, e.kind AS kind, e.until AS until
ORDER BY mentor, trainee, kind, until"""
PEOPLE = """\
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS id, p.name AS name, p.cohort AS cohort, p.capacity AS capacity
ORDER BY id"""
COHORTS = """\
MATCH (p:Person)
WHERE p.cohort IS NOT NULL
RETURN p.id AS id, p.cohort AS cohort
ORDER BY id"""
IN_UNITS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(:Post)-[:IN]->(u:Unit)
WHERE u.id IN $units AND {posted("e")}
RETURN DISTINCT p.id AS id
ORDER BY id"""


def whole_board(
    store: Store, on: date, view: BoardView, unit: str = "", scope: Scope | None = None
) -> MentorBoard:
    """Return the board of a programme's needs, else that of all ties.

    The needs of very many are not judged before a first page is shown: they have all ties too.
    """
    known = facts_of_few(store, on, scope)
    if known is not None and known.programme.mentor_needs:
        return mentor_board(facts_on(store, on, unit, scope), view)
    return tie_board(store, on, view, unit, scope)


def tie_board(
    store: Store, on: date, view: BoardView, unit: str = "", scope: Scope | None = None
) -> MentorBoard:
    """Return the board of all ties, or of those whose trainee ever had a post in a unit.

    With a scope, of those whose trainee is in it. NotFound for a unit that is not stored.
    """
    return _board(store, on, view, unit, scope)


@per_version(6)
def _board(store: Store, on: date, view: BoardView, unit: str, scope: Scope | None) -> MentorBoard:
    rows, lines = _ties(store, on), _lines(store, on)
    if unit:
        among = _of_unit(store, unit, on)
        rows = [row for row in rows if row["trainee"] in among]
    if scope is not None:
        people = people_of(store, scope, on)
        rows = [row for row in rows if row["trainee"] in people]
    day = on.isoformat()
    running = [row for row in rows if row["until"] is None or day < row["until"]]
    shown = running if view.pairs == "now" else rows
    cohorts = {row["id"]: int(row["cohort"]) for row in store.read(COHORTS)}
    by = view.by if view.by != "unit" else "generation"
    if by == "cohort" and not cohorts:
        by = "generation"
    if view.only:
        shown = [row for row in shown if row["kind"] == view.only]
    ties = {
        (row["mentor"], row["trainee"], row["kind"] or ""): BoardTie(
            row["mentor"],
            row["trainee"],
            row["kind"] or "",
            by_post=False,
            is_right=True,
            runs=row["until"] is None or day < row["until"],
        )
        for row in shown
    }
    board = MentorBoard(
        on=on,
        view=BoardView(view.pairs, by, view.only),
        complete=0,
        pairs_now=len(running),
        pairs_ever=len(rows),
        columns=(),
        mentors=(),
        trainees=(),
        past=(),
        ties=tuple(ties.values()),
        generations=lines.counts,
        longest=lines.longest,
    )
    return _filled(store, board, lines, cohorts, rows)


@per_version(2)
def _ties(store: Store, on: date) -> list[Row]:
    return store.read(TIES, on=on.isoformat())


@per_version(2)
def _lines(store: Store, on: date) -> Generations:
    return generations((row["mentor"], row["trainee"]) for row in _ties(store, on))


def _of_unit(store: Store, unit: str, on: date) -> set[str]:
    tree = unit_tree(store)
    if unit not in tree.units:
        raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
    units, waiting = set[str](), [unit]
    while waiting:
        each = waiting.pop()
        if each not in units:
            units.add(each)
            waiting += [child.id for child in tree.children[each]]
    return {
        row["id"]
        for row in store.read(IN_UNITS, units=sorted(units), on=on.isoformat(), planned="no")
    }


def _filled(
    store: Store,
    board: MentorBoard,
    lines: Generations,
    cohorts: dict[str, int],
    rows: list[Row],
) -> MentorBoard:
    """Put whoever is tied into columns: a mark each, or counts where they are too many."""
    people = sorted({each for tie in board.ties for each in (tie.mentor, tie.trainee)})
    below = {tie.trainee for tie in board.ties}

    def column(person: str) -> str:
        if board.view.by == "cohort":
            return str(cohorts.get(person, ""))
        return str(lines.of[person])

    ever = Counter(row["mentor"] for row in {(r["mentor"], r["trainee"]): r for r in rows}.values())
    columns = _columns(people, below, column, ever)
    named = set(board.longest) | {each for c in columns for each in c.first}
    is_few = len(people) <= MOST_DRAWN
    facts = {row["id"]: row for row in store.read(PEOPLE, people=people if is_few else [*named])}
    if is_few and not named <= facts.keys():
        facts |= {row["id"]: row for row in store.read(PEOPLE, people=[*named])}
    mentors, trainees = _marks(board, people if is_few else [], below, facts, column, ever, cohorts)
    return replace(
        board,
        columns=tuple(columns),
        mentors=tuple(mentors),
        trainees=tuple(trainees),
        ties=board.ties if is_few else (),
        names={id_: row["name"] for id_, row in facts.items() if id_ in named},
    )


def _marks(
    board: MentorBoard,
    people: list[str],
    below: set[str],
    facts: dict[str, Row],
    column: Callable[[str], str],
    ever: Counter[str],
    cohorts: dict[str, int],
) -> tuple[list[BoardMentor], list[BoardTrainee]]:
    """Return a mark for each person: of mentors above, and of everybody who had one."""
    load = Counter(tie.mentor for tie in board.ties if tie.runs)
    mentors = [
        BoardMentor(
            person=each,
            name=facts[each]["name"],
            kind="",
            column=column(each),
            load=load[each],
            capacity=facts[each]["capacity"],
            ever=ever[each],
            left_on=None,
            is_out=False,
            is_former=not load[each],
        )
        for each in people
        if each not in below
    ]
    trainees = [
        BoardTrainee(
            each,
            facts[each]["name"],
            column(each),
            cohorts.get(each),
            None,
            (),
            None,
            (),
            needs=False,
        )
        for each in people
        if each in below
    ]
    return mentors, trainees


def _columns(
    people: Iterable[str], below: set[str], column: Callable[[str], str], ever: Counter[str]
) -> list[BoardColumn]:
    mine: dict[str, list[str]] = defaultdict(list)
    for each in people:
        mine[column(each)].append(each)
    found = []
    for key, those in sorted(mine.items(), key=lambda each: (not each[0], int(each[0] or 0))):
        first = nsmallest(FIRST_OF_COLUMN, those, key=lambda each: (-ever[each], each))
        trainees = sum(each in below for each in those)
        found.append(
            BoardColumn(
                key=key,
                unit="",
                name=key,
                trainees=trainees,
                mentors=len(those) - trainees,
                missing=0,
                out_of_post=0,
                first=tuple(each for each in first if ever[each]),
            )
        )
    return found
