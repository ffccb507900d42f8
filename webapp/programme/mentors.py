"""Mentors: who has which, who lacks one, who could be asked, and what each pair has done."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.programme import audit as audits
from queries.programme import mentoring
from queries.programme.acceptance import (
    PairNotes,
    Side,
    WaitingPair,
    pair_notes,
    waiting_pairs,
    waits_for,
)
from queries.programme.duties import DutyStanding
from queries.programme.facts import Facts, Pairing
from queries.programme.holding import (
    VacantPost,
    not_in_post_words,
    post_words,
    vacant_on_line,
    vacant_words,
)
from queries.programme.person_files import MentorFile, mentor_file
from queries.programme.stages import StageProgress, progress
from queries.programme.todo import MENTOR
from queries.programme.unit_lights import by_unit
from webapp.programme.answers import PlainOf, ProgrammeAsked, UnitAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.hand_over import OFFERED, appoint_url, hand_over_url, mend_url
from webapp.programme.page import as_json, facts, page
from webapp.shell.form_links import enter_url, form_for
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store

MOST_MISSING = 50  # beyond it nobody reads who could be asked for each

MOST_ROWS = 300  # of a table; with more the units come first


@bp.get("/programme/mentors")
def mentors() -> str:
    """Show the completeness light of every trainee, the pool, and what each pair has done."""
    known = facts()
    lights = {person: each for person, each in mentoring.lights(known).items() if each}
    missing = mentoring.incomplete(known)
    endings, pairs = mentoring.endings(known), mentoring.by_progress(known)
    return page(
        "mentors.html",
        "people",
        "postings",
        "pairings",
        needing=len(lights),
        complete=sum(mentoring.is_complete(each) for each in lights.values()),
        lacking=len({light.person for light in missing}),
        left_behind=len({each.pairing.trainee for each in mentoring.to_hand_over(known)}),
        hand_overs=_hand_overs(known),
        not_in_post_words=not_in_post_words,
        hand_over_url=hand_over_url,
        mend_url=mend_url,
        vacant=mentoring.vacant_posts(known),
        vacant_words=vacant_words,
        appoint_url=appoint_url,
        waiting=[_waiting_row(Cells(known), each) for each in waiting_pairs(known)],
        waiting_columns=_waiting_columns(),
        missing=missing,
        most_missing=MOST_MISSING,
        candidates={
            (light.person, light.kind): mentoring.candidates(
                known, light.person, light.kind, OFFERED
            )
            for light in missing[:MOST_MISSING]
        },
        post_words=post_words,
        vacant_near={
            (light.person, light.kind): vacant_on_line(known, light.person, light.kind)
            for light in missing[:MOST_MISSING]
        },
        rules=[mentoring.need_words(use.parameters) for use in known.programme.mentor_needs],
        most_rows=MOST_ROWS,
        endings=endings[:MOST_ROWS],
        endings_total=len(endings),
        **_unit_table(known, len(lights)),
        **_light_table(known, lights),
        **_pool_table(known),
        pair_columns=_pair_columns(known),
        pairs=[
            _pair_row(known, Cells(known), mentoring.pair_progress(known, each))
            for each in pairs[:MOST_ROWS]
        ],
        pairs_total=len(pairs),
    )


def _unit_table(known: Facts, needing: int) -> dict[str, Any]:
    """Sum up by unit where the people are too many to be listed."""
    chosen = ProgrammeAsked.read().unit
    found = by_unit(known, chosen) if needing > MOST_ROWS else []
    cells = Cells(known)
    return {
        "unit_columns": [
            column("light", _("Light")),
            column("unit", _("Unit")),
            column("needing", _("Need {mentors}"), True),
            column("complete", _("Have all"), True),
            column("missing", _("{Mentors} missing"), True),
        ],
        "by_unit": [
            {
                "light": cells.state(
                    "red" if each.missing else "green",
                    f"{each.complete}/{each.needing}",
                    f"{-each.missing:06d}",
                ),
                "unit": {
                    "url": link("programme.mentors", unit=each.unit),
                    "text": known.units[each.unit].name,
                },
                "needing": each.needing,
                "complete": each.complete,
                "missing": each.missing,
            }
            for each in found[:MOST_ROWS]
        ],
        "by_unit_total": len(found),
    }


def _light_table(known: Facts, lights: dict[str, tuple[mentoring.Light, ...]]) -> dict[str, Any]:
    kinds = [kind.key for kind in known.programme.mentoring_kinds]
    cells = Cells(known)
    return {
        "columns": [
            column("light", _("Light")),
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("stage", _("Stage")),
            *(column(kind, term("mentoring_kinds", kind)) for kind in kinds),
        ],
        "rows": [
            _light_row(known, cells, person, each)
            for person, each in _by_missing(lights)[:MOST_ROWS]
        ],
        "rows_total": len(lights),
    }


def _pool_table(known: Facts) -> dict[str, Any]:
    members = list(mentoring.pool(known).values())
    return {
        "pool_columns": [
            column("mentor", _("{Mentor}")),
            column("unit", _("Unit")),
            column("kinds", _("Kinds")),
            column("posts", _("Posts by which they guide"), grow=3),
            column("load", _("Guides now"), True),
            column("capacity", _("At most"), True),
            column("now", _("{Trainees} now"), grow=5),
            column("ended", _("Guided before"), grow=5),
        ],
        "pool": [_pool_row(known, Cells(known), member) for member in members[:MOST_ROWS]],
        "pool_total": len(members),
    }


class MissingMentor(TypedDict):
    """A mentor that somebody lacks, and who could be asked."""

    person: str
    person_name: str
    kind: str
    since: date | None
    candidates: list[mentoring.ProposedMentor]


class MentorsAnswer(TypedDict):
    """Needs of mentors, who could be asked, who left the post, the pool, and the pairs."""

    lights: list[tuple[mentoring.Light, ...]]
    missing_total: int
    truncated: bool
    missing: list[MissingMentor]
    hand_overs_total: int
    hand_overs: list[mentoring.HandOver]
    vacant_posts: list[VacantPost]
    not_accepted: list[WaitingPair]
    pool: list[mentoring.PoolMember]
    endings: list[mentoring.Ending]
    pairs: list[mentoring.PairProgress]


@bp.get("/api/programme/mentors")
@operation(Annotated[Any, PlainOf(MentorsAnswer)], ProgrammeAsked)
def mentors_json() -> Response:
    """Return needs, who could be asked, pool and pairs as JSON."""
    return as_json(**mentors_answer(facts()))


def mentors_answer(known: Facts) -> MentorsAnswer:
    """Return what the page, the JSON interface and the command say of mentors."""
    missing = mentoring.incomplete(known)
    return {
        "lights": list(mentoring.lights(known).values()),
        "missing_total": len(missing),
        "truncated": len(missing) > MOST_MISSING,
        "missing": [
            {
                "person": light.person,
                "person_name": known.name(light.person),
                "kind": light.kind,
                "since": light.missing_since,
                "candidates": mentoring.candidates(known, light.person, light.kind, OFFERED),
            }
            for light in missing[:MOST_MISSING]
        ],
        "hand_overs_total": len(mentoring.to_hand_over(known)),
        "hand_overs": _hand_overs(known),
        "vacant_posts": mentoring.vacant_posts(known),
        "not_accepted": waiting_pairs(known),
        "pool": list(mentoring.pool(known).values()),
        "endings": mentoring.endings(known),
        "pairs": mentoring.pairs(known),
    }


def _hand_overs(known: Facts) -> list[mentoring.HandOver]:
    found = mentoring.to_hand_over(known)[:MOST_MISSING]
    return [mentoring.hand_over(known, each, OFFERED) for each in found]


def _waiting_columns() -> list[dict[str, Any]]:
    return [
        column("mentor", _("{Mentor}")),
        column("trainee", _("{Trainee}")),
        column("kind", _("Kind")),
        column("since", _("Since")),
        column("accepted", _("Accepted")),
        column("next", _("Next step")),
    ]


def _waiting_row(cells: Cells, waiting: WaitingPair) -> dict[str, Any]:
    pairing = waiting.pairing
    return {
        "mentor": cells.person(pairing.mentor),
        "trainee": cells.standing(pairing.trainee),
        "kind": term("mentoring_kinds", pairing.kind),
        "since": pairing.since,
        "accepted": accepted_word(pairing),
        "next": {"url": enter_url("mentoring", pairing.id), "text": _("enter")},
    }


def accepted_word(pairing: Pairing) -> str:
    """Say who of a pair has accepted it, and who has not yet."""
    waits: tuple[Side, ...] = waits_for(pairing)
    if not waits:
        days = [pairing.mentor_accepted_on or "", pairing.trainee_accepted_on or ""]
        return _("both, on %(day)s", day=max(days))
    if len(waits) == 2:
        return _("neither yet")
    return _("not yet: the {mentor}") if waits == ("mentor",) else _("not yet: the {trainee}")


@bp.get("/programme/mentors/<path:id>")
def mentor(id: str) -> str:
    """Show a mentor the own trainees: where each stands, what is due, what the pair has done."""
    known = facts()
    found = mentor_file(known, id)
    return page(
        "mentor.html",
        "people",
        "postings",
        "pairings",
        "records",
        id=id,
        member=found.mentor,
        ended=Cells(known).people([pairing.trainee for pairing in found.mentor.ended]),
        notes={each.pair: each for each in _notes(found)},
        pairs=[pair.pairing for pair in found.pairs],
        **_own_trainees(known, found),
        **_own_duties(known, found),
    )


def _own_trainees(known: Facts, found: MentorFile) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "columns": [
            column("trainee", _("{Trainee}")),
            column("stage", _("Stage")),
            column("gate", _("Next condition")),
            *_pair_columns(known)[2:],
            *([column("talk", _("Talk"))] if known.programme.talk_kind else ()),
        ],
        "rows": [
            {
                **_pair_row(known, cells, pair),
                "stage": term("stages", where.stage),
                "gate": cells.days(where.next_on),
                "talk": _talk(known, pair.pairing),
            }
            for pair, where in zip(found.pairs, found.stages, strict=True)
        ],
    }


def _talk(known: Facts, pairing: Pairing) -> dict[str, Any] | None:
    """Return the way to enter a talk that the mentor held, which may be at any time."""
    kind = known.programme.talk_kind
    levels_ = {level.key for level in known.programme.levels}
    level = MENTOR if MENTOR in levels_ else None
    cells = {"person": pairing.trainee, "given_by": pairing.mentor, "on": known.day}
    url = kind and enter_url("records", kind=kind, level=level, **cells)
    return {"url": url, "text": _("enter")} if url else None


def _own_duties(known: Facts, found: MentorFile) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "duty_columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("duty", _("Duty")),
            column("due", _("Due on")),
            column("next", _("Next step")),
        ],
        "duties": [
            {
                "state": cells.state("red", _("late"), "0")
                if each.state == "late"
                else cells.state("yellow", _("due"), "1"),
                "person": cells.standing(each.person),
                "duty": term("duties", each.duty),
                "due": cells.days(each.due),
                "next": {
                    "url": form_for(known, "duty_due", each.person, each.duty),
                    "text": _("enter"),
                },
            }
            for each in found.duties
        ],
    }


class MentorAnswer(TypedDict):
    """One mentor's own trainees, and what both sides of each pair noted."""

    mentor: mentoring.PoolMember
    pairs: list[mentoring.PairProgress]
    stages: list[StageProgress]
    duties: list[DutyStanding]
    notes: list[PairNotes]


@bp.get("/api/programme/mentors/<path:id>")
@operation(Annotated[Any, PlainOf(MentorAnswer)], UnitAsked)
def mentor_json(id: str) -> Response:
    """Return a mentor's own trainees as JSON: what each pair has done, and what is due."""
    return as_json(**mentor_answer(facts(), id))


def mentor_answer(known: Facts, id: str) -> dict[str, Any]:
    """Return what the page, the JSON interface and the command say of one mentor."""
    found = mentor_file(known, id)
    return {**vars(found), "notes": _notes(found)}


def _notes(found: MentorFile) -> list[PairNotes]:
    return pair_notes(current_store(), [pair.pairing.id for pair in found.pairs])


def _by_missing(lights: dict[str, tuple[mentoring.Light, ...]]) -> list[tuple[str, Any]]:
    def pressing(pair: tuple[str, tuple[mentoring.Light, ...]]) -> tuple[int, int, str]:
        person, needs = pair
        wrong = sum(len(each.not_in_post) for each in needs)
        return -sum(each.missing for each in needs), -wrong, person

    return sorted(lights.items(), key=pressing)


def _light_row(
    known: Facts, cells: Cells, person: str, lights: tuple[mentoring.Light, ...]
) -> dict[str, Any]:
    missing = sum(light.missing for light in lights)
    wanted = sum(light.wanted for light in lights)
    row: dict[str, Any] = {kind.key: None for kind in known.programme.mentoring_kinds}
    for light in lights:
        url = link("programme.person", id=person, _anchor="mentors")
        if light.missing:
            since = light.missing_since.isoformat() if light.missing_since else "?"
            word = _("missing since %(day)s", day=since)
            row[light.kind] = {"state": "red", "text": word, "sort": since, "url": url}
        elif light.not_in_post:
            gone = ", ".join(known.name(each.pairing.mentor) for each in light.not_in_post)
            word = _("%(name)s, not in the post", name=gone)
            row[light.kind] = {"state": "yellow", "text": word, "sort": gone, "url": url}
        else:
            row[light.kind] = cells.people([pairing.mentor for pairing in light.mentors])
    have = f"{wanted - missing}/{wanted}"
    colour = "red" if missing else "green" if mentoring.is_complete(lights) else "yellow"
    wrong = sum(len(light.not_in_post) for light in lights)
    return row | {
        "light": cells.state(colour, have, f"{9 - missing:02d}{99 - wrong:02d}"),
        "person": cells.standing(person),
        "unit": cells.unit_of(person),
        "stage": term("stages", progress(known)[person].stage),
    }


def _pool_row(known: Facts, cells: Cells, member: mentoring.PoolMember) -> dict[str, Any]:
    over = member.free is not None and member.free < 0
    level = audits.levels(known.programme).get("mentor_overloaded", "blue")
    load: Any = member.load
    if over:
        load = {"state": level, "text": _("%(n)s, over the limit", n=load), "sort": load}
    elif member.free == 0:
        load = {"state": "blue", "text": _("%(n)s, full", n=load), "sort": load}
    return {
        "mentor": {
            "url": link("programme.mentor", id=member.mentor),
            "text": known.name(member.mentor),
            "sort": known.name(member.mentor),
        },
        "unit": cells.unit_of(member.mentor),
        "kinds": [term("mentoring_kinds", kind) for kind in member.kinds],
        "posts": {"list": [cells.post(post) for post in member.posts], "sort": len(member.posts)},
        "load": load,
        "capacity": member.capacity,
        "now": cells.people([pairing.trainee for pairing in member.current]),
        "ended": cells.people([pairing.trainee for pairing in member.ended]),
    }


def _pair_columns(known: Facts) -> list[dict[str, Any]]:
    return [
        column("mentor", _("{Mentor}")),
        column("trainee", _("{Trainee}")),
        column("kind", _("Kind")),
        column("since", _("Since")),
        column("methods", _("Methods used")),
        column("duties", _("Duties done")),
        column("tasks", _("Growth tasks")),
        column("accepted", _("Accepted")),
        column("next", _("Next step")),
    ]


def _pair_row(known: Facts, cells: Cells, pair: mentoring.PairProgress) -> dict[str, Any]:
    methods, duties, tasks = pair.done
    programme = known.programme
    return {
        "mentor": cells.person(pair.pairing.mentor),
        "trainee": cells.standing(pair.pairing.trainee),
        "kind": term("mentoring_kinds", pair.pairing.kind),
        "since": pair.pairing.since,
        "accepted": accepted_word(pair.pairing),
        "next": {"url": enter_url("mentoring", pair.pairing.id), "text": _("enter")},
        "methods": _ticked(methods, pair.methods, "mentoring_methods"),
        "duties": _ticked(duties, pair.duties, "mentoring_duties"),
        "tasks": {
            "text": f"{tasks}/{len(programme.growth_tasks)}",
            "sort": f"{tasks:03d}",
            "title": " · ".join(
                f"{term('growth_tasks', task.key)}: {task_word(task.state)}" for task in pair.tasks
            ),
        },
    }


def _ticked(done: int, ticks: tuple[tuple[str, bool], ...], terms: str) -> dict[str, Any]:
    return {
        "text": f"{done}/{len(ticks)}",
        "sort": f"{done:03d}",
        "title": " · ".join(f"{'✓' if tick else '–'} {term(terms, key)}" for key, tick in ticks),
    }


def task_word(state: str) -> str:
    """Return the state of a growth task; a word of the office's own stays as it is."""
    return {"open": _("not begun"), "begun": _("begun"), "done": _("done")}.get(state, state)
