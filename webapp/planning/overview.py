"""The place Plans: who should move in the next half-year, where nobody is, and one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from graph.dates import months_between
from planning import kept_plans
from queries.choices import trainee_count
from queries.programme.due_moves import (
    DueMove,
    DueMoves,
    DueMovesDict,
    EmptyPost,
    Why,
    due_moves,
)
from queries.programme.facts import Facts
from queries.programme.on_day import appointment_rules
from queries.rules.short_list import shortlist
from webapp.pictures.gantt import WIDTH, GanttAxis, GanttRow
from webapp.pictures.signs import unit_sign
from webapp.planning.blueprint import bp
from webapp.planning.forms import ScenarioForm
from webapp.planning.found import kept_rows
from webapp.planning.pages import run_rows
from webapp.planning.scenario import DEFAULT_SECONDS
from webapp.planning.words import RUN_STATUSES, gap_text, money
from webapp.programme.answers import ProgrammeAsked
from webapp.programme.page import facts_asked
from webapp.shell.frame import person_url, post_url, term
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.states import KEPT_STATUSES, state
from webapp.shell.store import current_store

NARROW = 600  # px of the picture beside long words
MOST_ROWS = 60  # of one group that the picture shows; the count says all
MOST_JUDGED = 3000  # people times posts for which those who fit are counted


@dataclass(frozen=True)
class MoveRow:
    """One row of the picture with its words."""

    name: str
    url: str
    note: str
    row: GanttRow
    state: str
    says: str
    does: tuple[tuple[str, str], ...]  # text, address


@dataclass(frozen=True)
class MoveGroup:
    """Rows that belong together."""

    title: str
    count: int
    note: str
    rows: tuple[MoveRow, ...]


@bp.get("/plans")
def index() -> str:
    """Show everybody whom the next half-year touches, and the kept plans below."""
    store = current_store()
    asked = ProgrammeAsked.read()
    known = facts_asked(asked.unit)
    found = due_moves(known)
    # Letters keep their size: where words are longer, less is left for what is drawn.
    width = NARROW if language() == "en" else WIDTH
    axis = GanttAxis.around(found.on, (found.since, found.until), width)
    rows = kept_rows()
    return render_template(
        "planning/index.html",
        found=found,
        axis=axis,
        half=half_year_text(found.since),
        has_exercises=bool(known.programme.exercises),
        leads=any(kind.leading for kind in known.programme.post_kinds),
        begin=found.since,
        posts=len(known.posts),
        groups=_groups(known, found, axis),
        waiting=_waiting(known, found),
        counts={why: len(found.of(why)) for why in ("over", "due", "planned")},
        held_places=[
            (term("post_kinds", each.kind), each) for each in found.places if each.capacity
        ],
        person_url=person_url,
        name=known.name,
        plans=rows,
        accepted=[row for row in rows if row["status"] == kept_plans.ACCEPTED],
        runs=run_rows(),
        kept_state=lambda key: state(KEPT_STATUSES, key),
        run_state=lambda key: state(RUN_STATUSES, key),
        gap_text=gap_text,
        money=money,
        trainees=trainee_count(store),
        form=ScenarioForm(),
        sent={
            "from": found.since,
            "periods": 1,
            "period": "half-year",
            "seconds": DEFAULT_SECONDS,
            "who": "all",
            "keep_planned": "yes",
        },
        answers=[{"title": None, "cypher": kept_plans.ALL.strip(), "parameters": None}],
    )


@bp.get("/api/plans/due")
@operation(DueMovesDict, ProgrammeAsked)
def due_json() -> Response:
    """Answer who should move in the next half-year, and which leading posts have room."""
    asked = ProgrammeAsked.read()
    return jsonify(due_moves(facts_asked(asked.unit)).as_dict())


def half_year_text(begin: date) -> str:
    """Return the name of the half-year that begins on a day."""
    if begin.month < 7:
        return _("H1 %(year)s", year=begin.year)
    return _("H2 %(year)s", year=begin.year)


def _groups(known: Facts, found: DueMoves, axis: GanttAxis) -> list[MoveGroup]:
    said: dict[Why, tuple[str, str]] = {
        "over": (_("Over the limit"), _("the limit is past: arrange first")),
        "due": (
            _("Due by the end of %(half)s", half=half_year_text(found.since)),
            _("between the earliest day | and the limit"),
        ),
        "planned": (_("Planned already"), _("accepted, kept as planned postings")),
    }
    groups = []
    for why, (title, note) in said.items():
        moves = found.of(why)
        rows = tuple(_move_row(known, move, axis) for move in moves[:MOST_ROWS])
        groups.append(MoveGroup(title, len(moves), note, rows))
    shown = found.vacant[:MOST_ROWS]
    could = _candidates(known, [each.post for each in shown])
    rows = tuple(_post_row(known, each, axis, found.until, could.get(each.post)) for each in shown)
    leads = any(kind.leading for kind in known.programme.post_kinds)
    title = _("Leading posts with room") if leads else _("Posts with room")
    note = _("outlined: empty since, to the end of the period")
    groups.append(MoveGroup(title, len(found.vacant), note, rows))
    return [group for group in groups if group.count]


def _candidates(known: Facts, posts: Sequence[str]) -> dict[str, int]:
    """Count who fits each post by every hard rule; nothing where a page would wait for it."""
    if len(posts) * len(known.trainees) > MOST_JUDGED:
        return {}
    rules, counted = appointment_rules(current_store()), known.once(_counted)
    for post in posts:
        if post not in counted:
            counted[post] = len(shortlist(known, post, rules).places)
    return counted


def _counted(_known: Facts) -> dict[str, int]:
    """Return where the facts keep how many fit which post."""
    return {}


def _move_row(known: Facts, move: DueMove, axis: GanttAxis) -> MoveRow:
    index = known.rank_index(move.person)
    rank = known.programme.ranks[index].key if index is not None else None
    place, brief = _place(known, move.post), _brief(known, move.post)
    spans = [axis.span("held", move.since, axis.on, place, rank, brief)]
    words, colour = "", "yellow"
    if move.why == "over" and move.limit:
        spans[0] = axis.span("held", move.since, move.limit, place, rank, brief)
        spans.append(axis.span("over", move.limit, axis.on))
        months = months_between(move.limit, axis.on)
        words, colour = ngettext("%(num)s month over", "%(num)s months over", months), "red"
    elif move.why == "planned" and move.planned_post and move.planned_on:
        to, to_brief = _place(known, move.planned_post), _brief(known, move.planned_post)
        spans.append(axis.span("planned", move.planned_on, axis.last, to, None, to_brief))
        words, colour = _("%(day)s planned", day=axis.short(move.planned_on)), "blue"
    else:
        spans.append(axis.span("open", axis.on, move.limit or axis.last))
        words = (
            _("%(day)s at the limit", day=axis.short(move.limit))
            if move.earliest is None and move.limit
            else _("%(day)s full", day=axis.short(move.earliest or move.limit or axis.on))
        )
    person = known.people.get(move.person)
    cohort = f"{person.cohort} · " if person and person.cohort else ""
    return MoveRow(
        name=known.name(move.person),
        url=person_url(move.person),
        note=f"{cohort}{term('rotation_kinds', move.kind)}",
        row=axis.row(spans, [("limit", move.limit), ("earliest", move.earliest)]),
        state=colour,
        says=words,
        does=_next_step(known, move),
    )


def _next_step(known: Facts, move: DueMove) -> tuple[tuple[str, str], ...]:
    """Return what is done next: who is away comes back, who is placed goes on."""
    if move.why == "planned" and move.planned_post:
        return ((_brief(known, move.planned_post), post_url(move.planned_post)),)
    where_to = (_("where to"), url_for("planning.new", people=move.person))
    if move.kind not in known.programme.kinds_beside:
        return (where_to,)
    back = url_for("entering.event_list", kind="return", person=move.person, on=known.day)
    return ((_("back to the own post"), back),)


def _post_row(
    known: Facts, each: EmptyPost, axis: GanttAxis, until: date, could: int | None
) -> MoveRow:
    post = known.posts[each.post]
    if each.since:
        months = months_between(each.since, axis.on)
        words = ngettext("%(num)s month empty", "%(num)s months empty", months)
    else:
        words = _("never full")
    if each.held:
        room = ngettext("%(num)s place", "%(num)s places", each.capacity - each.held)
        words = f"{room} · {words}"
    rank = f"{term('ranks', post.rank)} · " if post.rank else ""
    fits = ngettext("%(num)s fits", "%(num)s fit", could) if could is not None else words
    return MoveRow(
        name=_place(known, each.post),
        url=post_url(each.post),
        note=f"{rank}{each.held}/{each.capacity}",
        row=axis.row([axis.span("vacant", each.since or axis.first, until, words)]),
        state="red",
        says=fits,
        does=((_("see candidates"), url_for("programme.shortlist", id=each.post)),),
    )


def _place(known: Facts, post: str) -> str:
    """Name a post with its unit."""
    found = known.posts[post]
    unit = known.units.get(found.unit or "")
    return f"{unit.name} {found.name}" if unit else found.name


def _brief(known: Facts, post: str) -> str:
    """Name a post with the sign of its unit's kind, where its name would not fit."""
    found = known.posts[post]
    unit = known.units.get(found.unit or "")
    return f"{unit_sign(unit.kind)} {found.name}".strip() if unit else found.name


def _waiting(known: Facts, found: DueMoves) -> list[dict[str, Any]]:
    return [
        {
            "title": term("rotation_kinds", kind),
            "people": [(known.name(each), person_url(each)) for each in people[:MOST_ROWS]],
            "count": len(people),
        }
        for kind, people in found.waiting.items()
    ]
