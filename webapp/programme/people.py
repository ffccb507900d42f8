"""Where people stand: the board of stages, the growth files, the focus list, one person."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_
from queries.programme import board as stage_board
from queries.programme import focus as lists
from queries.programme import growth_file
from queries.programme import stages as machine
from queries.programme.facts import Facts
from queries.programme.holding import not_in_post_words
from queries.programme.person_files import TraineeFile, trainee_file
from webapp.programme import findings
from webapp.programme.answers import PlainOf, ProgrammeAsked, UnitAsked
from webapp.programme.blueprint import bp
from webapp.programme.care import payment_table
from webapp.programme.cells import Cells, column
from webapp.programme.charts import figure_of, radar
from webapp.programme.hand_over import mend_url
from webapp.programme.learning import hours_table
from webapp.programme.mentors import accepted_word
from webapp.programme.page import as_json, facts, page
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

MOST_MOVES = 500
BATCH_WORDS = {"train": N_("Train"), "mature": N_("Mature"), "use": N_("Use")}


@bp.get("/programme/stages")
def stages() -> str:
    """Show the board of stages, each person's next gate, and the moves so far."""
    known = facts()
    cells = Cells(known)
    found, moves = machine.progress(known), stage_board.moves(known)
    return page(
        "stages.html",
        "people",
        "postings",
        "records",
        board=stage_board.board(known),
        rule_words=machine.rule_words,
        stage_words=machine.stage_words,
        batch_words={key: _(word) for key, word in BATCH_WORDS.items()},
        columns=[
            column("person", _("Name"), grow=3),
            column("unit", _("Unit"), grow=4),
            column("stage", _("Stage"), grow=4),
            column("since", _("Since"), grow=3),
            column("months", _("Months"), True, grow=2),
            column("gate", _("Next condition"), grow=8),
            column("on", _("Opens on"), grow=3),
            column("deadline", _("Deadline"), grow=3),
        ],
        rows=[
            {
                "person": cells.standing(each.person),
                "unit": cells.unit_of(each.person),
                "stage": _staged(known, each.stage),
                "since": each.since and each.since.isoformat(),
                "months": each.months,
                "gate": [said(gate.rule) for gate in each.gates if not gate.reached],
                "on": cells.days(each.next_on),
                "deadline": cells.days(each.deadline),
            }
            for each in sorted(found.values(), key=lambda p: (p.next_on or date.max, p.person))
        ],
        moves_columns=[
            column("on", _("Day")),
            column("person", _("Name")),
            column("from", _("From")),
            column("to", _("To")),
            column("months", _("After months"), True),
        ],
        moves=[
            {
                "on": move.on.isoformat(),
                "person": cells.standing(move.person),
                "from": term("stages", move.came_from),
                "to": term("stages", move.stage),
                "months": move.months,
            }
            for move in moves[:MOST_MOVES]
        ],
        moves_total=len(moves),
    )


class StagesAnswer(TypedDict):
    """Everybody's stage, and the moves."""

    people: list[machine.StageProgress]
    moves: list[stage_board.StageChange]


@bp.get("/api/programme/stages")
@operation(Annotated[Any, PlainOf(StagesAnswer)], ProgrammeAsked)
def stages_json() -> Response:
    """Return everybody's stage, and the moves, as JSON."""
    return as_json(**stages_answer(facts()))


def stages_answer(known: Facts) -> StagesAnswer:
    """Return what the page, the JSON interface and the command say of stages."""
    return {"people": list(machine.progress(known).values()), "moves": stage_board.moves(known)}


def _staged(known: Facts, key: str | None) -> Any:
    order = [stage.key for stage in known.programme.stages]
    return key and {"text": term("stages", key), "sort": f"{order.index(key):02d}"}


# --- growth files


@bp.get("/programme/files")
def files() -> str:
    """List the growth files with what they lack, the least complete first."""
    known = facts()
    cells = Cells(known)
    scores = sorted(growth_file.scores(known).values(), key=lambda s: (s.percent, s.person))
    enough = known.programme.audit.file_at_least
    return page(
        "files.html",
        "people",
        "postings",
        "records",
        scores=scores,
        enough=enough,
        complete=sum(score.percent >= enough for score in scores),
        whole=sum(score.is_complete for score in scores),
        rules=[
            (term("growth_file", part.key), growth_file.rule_in_words(part.rule))
            for part in known.programme.growth_file
        ],
        columns=[
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("percent", _("Complete (%%)") % {}, True),
            column("missing", _("Missing"), grow=6),
            column("coming", _("Still in time"), grow=5),
        ],
        rows=[
            {
                "person": cells.standing(score.person),
                "unit": cells.unit_of(score.person),
                "percent": score.percent,
                "missing": [
                    f"{term('growth_file', part.key)} {part.have}/{part.want}"
                    for part in score.parts
                    if part.have < part.want
                ],
                "coming": [
                    lack_text(each)
                    for part in score.parts
                    for each in part.lacks
                    if not each.is_late
                ],
            }
            for score in scores
        ],
    )


def lack_text(lack: growth_file.Lacking) -> str:
    """Say what a file lacks and until when, as a page, a print and a command do."""
    if lack.due is None:
        return said(lack.words)
    if lack.is_late:
        return _("%(what)s, until %(day)s, over", what=said(lack.words), day=lack.due)
    return _("%(what)s, until %(day)s", what=said(lack.words), day=lack.due)


class FilesAnswer(TypedDict):
    """How complete every growth file is."""

    files: list[growth_file.Score]


@bp.get("/api/programme/files")
@operation(Annotated[Any, PlainOf(FilesAnswer)], ProgrammeAsked)
def files_json() -> Response:
    """Return the completeness of every growth file as JSON."""
    return as_json(**files_answer(facts()))


def files_answer(known: Facts) -> FilesAnswer:
    """Return what the page, the JSON interface and the command say of the growth files."""
    return {"files": list(growth_file.scores(known).values())}


# --- the focus list


class FocusAnswer(TypedDict):
    """The key-focus list."""

    focus: list[lists.Focus]


@bp.get("/api/programme/focus")
@operation(Annotated[Any, PlainOf(FocusAnswer)], ProgrammeAsked)
def focus_json() -> Response:
    """Return the key-focus list as JSON."""
    return as_json(**focus_answer(facts()))


def focus_answer(known: Facts) -> FocusAnswer:
    """Return what the page, the JSON interface and the command say of the key-focus list."""
    return {"focus": lists.focus(known)}


# --- one person


@bp.get("/programme/people/<path:id>")
def person(id: str) -> str:
    """Show where one trainee stands: stage, lights, findings, portrait, file."""
    known = facts()
    found = trainee_file(current_store(), known, id)
    columns, rows = hours_table(known, found.hours, with_person=False)
    pay_columns, paid = payment_table(known, found.payments)
    return page(
        "person.html",
        "people",
        "postings",
        "pairings",
        "attendance",
        "listeners",
        "records",
        "own_records",
        "payments",
        "visits",
        id=id,
        name=known.name(id),
        where=found.stage,
        lights=found.mentors,
        candidates=found.candidates,
        accepted_word=accepted_word,
        not_in_post_words=not_in_post_words,
        mend_url=mend_url,
        found=findings.rows(known, found.findings),
        found_columns=findings.columns(with_person=False),
        duties=found.duties,
        care=found.care,
        exercises=found.exercises,
        axes=found.portrait,
        axis_sources={axis.key: axis.source for axis in known.programme.portrait},
        radar=radar(found.portrait),
        score=found.file,
        figure_of=figure_of,
        lack_text=lack_text,
        hours=(columns, rows),
        payments=([each for each in pay_columns if each["key"] not in ("person", "cohort")], paid),
        visits=found.visits,
    )


@bp.get("/api/programme/people/<path:id>")
@operation(Annotated[Any, PlainOf(TraineeFile)], UnitAsked)
def person_json(id: str) -> Response:
    """Return where one trainee stands as JSON."""
    return as_json(**person_answer(facts(), id))


def person_answer(known: Facts, id: str) -> dict[str, Any]:
    """Return what the page, the JSON interface and the command say of one trainee."""
    return vars(trainee_file(current_store(), known, id))
