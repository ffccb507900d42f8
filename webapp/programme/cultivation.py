"""Mentors, training and exercises: who has what, who lacks it, and who could help.

Long because three mechanisms share their parts; each has its own section.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Response
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from queries.programme import duties as duty_rules
from queries.programme import exercises as exercise_rules
from queries.programme import mentoring
from queries.programme import training as trainings
from queries.programme.facts import Facts
from queries.programme.stages import progress
from webapp.programme.blueprint import bp
from webapp.programme.charts import bars, summary
from webapp.programme.ground import Cells, as_json, column, facts, link, page, said
from webapp.shell.form_links import enter_url, form_for
from webapp.shell.frame import term

MOST_MISSING = 50  # beyond it nobody reads who could be asked for each
OFFERED = 3
TROUBLES = {
    "too_long": ("red", N_("too long")),
    "out_of_order": ("red", N_("out of order")),
    "no_home_post": ("red", N_("no home post")),
    "too_short": ("yellow", N_("too short")),
    "ending": ("blue", N_("ending soon")),
    "missing": ("blue", N_("not begun")),
}


@bp.get("/programme/mentors")
def mentors() -> str:
    """Show the completeness light of every trainee, the pool, and what each pair has done."""
    known = facts()
    cells = Cells(known)
    kinds = [kind.key for kind in known.programme.mentoring_kinds]
    lights = {person: each for person, each in mentoring.lights(known).items() if each}
    missing = mentoring.incomplete(known)
    return page(
        "mentors.html",
        "people",
        "postings",
        "pairings",
        needing=len(lights),
        complete=sum(not any(light.missing for light in each) for each in lights.values()),
        missing=missing,
        most_missing=MOST_MISSING,
        candidates={
            (light.person, light.kind): mentoring.candidates(
                known, light.person, light.kind, OFFERED
            )
            for light in missing[:MOST_MISSING]
        },
        rules=[mentoring.need_words(use.parameters) for use in known.programme.mentor_needs],
        endings=mentoring.endings(known),
        columns=[
            column("light", _("Light")),
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("stage", _("Stage")),
            *(column(kind, term("mentoring_kinds", kind)) for kind in kinds),
        ],
        rows=[_light_row(known, cells, person, each) for person, each in _by_missing(lights)],
        pool_columns=[
            column("mentor", _("Mentor")),
            column("unit", _("Unit")),
            column("kinds", _("Kinds")),
            column("load", _("Guides now"), True),
            column("capacity", _("At most"), True),
            column("now", _("Trainees now"), grow=5),
            column("ended", _("Guided before"), grow=5),
        ],
        pool=[_pool_row(known, cells, member) for member in mentoring.pool(known).values()],
        pair_columns=_pair_columns(known),
        pairs=[_pair_row(known, cells, each) for each in mentoring.pairs(known)],
    )


@bp.get("/api/programme/mentors")
def mentors_json() -> Response:
    """Return needs, who could be asked, pool and pairs as JSON."""
    return as_json(**mentors_answer(facts()))


def mentors_answer(known: Facts) -> dict[str, Any]:
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
        "pool": list(mentoring.pool(known).values()),
        "endings": mentoring.endings(known),
        "pairs": mentoring.pairs(known),
    }


@bp.get("/programme/mentors/<path:id>")
def mentor(id: str) -> str:
    """Show a mentor the own trainees: where each stands, what is due, what the pair has done."""
    known = facts()
    member = _member(known, id)
    cells = Cells(known)
    mine = {pairing.trainee for pairing in member.current}
    owed = [d for d in duty_rules.duties(known) if d.person in mine and d.state != "done"]
    return page(
        "mentor.html",
        "people",
        "postings",
        "pairings",
        "records",
        id=id,
        member=member,
        columns=[
            column("trainee", _("Trainee")),
            column("stage", _("Stage")),
            column("gate", _("Next condition")),
            *_pair_columns(known)[2:],
        ],
        rows=[
            {
                **_pair_row(known, cells, mentoring.pair_progress(known, pairing)),
                "stage": term("stages", progress(known)[pairing.trainee].stage),
                "gate": cells.days(progress(known)[pairing.trainee].next_on),
            }
            for pairing in member.current
            if pairing.trainee in progress(known)
        ],
        duty_columns=[
            column("state", _("State")),
            column("person", _("Name")),
            column("duty", _("Duty")),
            column("due", _("Due on")),
            column("next", _("Next step")),
        ],
        duties=[
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
            for each in owed
        ],
        ended=cells.people([pairing.trainee for pairing in member.ended]),
    )


@bp.get("/api/programme/mentors/<path:id>")
def mentor_json(id: str) -> Response:
    """Return a mentor's own trainees as JSON: what each pair has done, and what is due."""
    return as_json(**mentor_answer(facts(), id))


def mentor_answer(known: Facts, id: str) -> dict[str, Any]:
    """Return what the page, the JSON interface and the command say of one mentor."""
    member = _member(known, id)
    mine = [p for p in member.current if p.trainee in progress(known)]
    trainees = {pairing.trainee for pairing in mine}
    owed = [d for d in duty_rules.duties(known) if d.person in trainees and d.state != "done"]
    return {
        "mentor": member,
        "pairs": [mentoring.pair_progress(known, pairing) for pairing in mine],
        "stages": [progress(known)[pairing.trainee] for pairing in mine],
        "duties": owed,
    }


def _member(known: Facts, id: str) -> mentoring.PoolMember:
    member = mentoring.pool(known).get(id)
    if member is None:
        raise NotFound(N_("There is no mentor %(id)s."), N_("Search for the name."), id=id)
    return member


def _by_missing(lights: dict[str, tuple[mentoring.Light, ...]]) -> list[tuple[str, Any]]:
    return sorted(lights.items(), key=lambda pair: (-sum(x.missing for x in pair[1]), pair[0]))


def _light_row(
    known: Facts, cells: Cells, person: str, lights: tuple[mentoring.Light, ...]
) -> dict[str, Any]:
    missing = sum(light.missing for light in lights)
    wanted = sum(light.wanted for light in lights)
    row: dict[str, Any] = {kind.key: None for kind in known.programme.mentoring_kinds}
    for light in lights:
        if light.missing:
            since = light.missing_since.isoformat() if light.missing_since else "?"
            word = _("missing since %(day)s", day=since)
            url = link("programme.person", id=person, _anchor="mentors")
            row[light.kind] = {"state": "red", "text": word, "sort": since, "url": url}
        else:
            row[light.kind] = cells.people([pairing.mentor for pairing in light.mentors])
    have = f"{wanted - missing}/{wanted}"
    return row | {
        "light": cells.state("red" if missing else "green", have, f"{-missing:03d}"),
        "person": cells.standing(person),
        "unit": cells.unit_of(person),
        "stage": term("stages", progress(known)[person].stage),
    }


def _pool_row(known: Facts, cells: Cells, member: mentoring.PoolMember) -> dict[str, Any]:
    full = member.free is not None and member.free < 0
    return {
        "mentor": {
            "url": link("programme.mentor", id=member.mentor),
            "text": known.name(member.mentor),
            "sort": known.name(member.mentor),
        },
        "unit": cells.unit_of(member.mentor),
        "kinds": [term("mentoring_kinds", kind) for kind in member.kinds],
        "load": {"state": "red", "text": member.load, "sort": member.load} if full else member.load,
        "capacity": member.capacity,
        "now": cells.people([pairing.trainee for pairing in member.current]),
        "ended": cells.people([pairing.trainee for pairing in member.ended]),
    }


def _pair_columns(known: Facts) -> list[dict[str, Any]]:
    return [
        column("mentor", _("Mentor")),
        column("trainee", _("Trainee")),
        column("kind", _("Kind")),
        column("since", _("Since")),
        column("methods", _("Methods used")),
        column("duties", _("Duties done")),
        column("tasks", _("Growth tasks")),
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


# --- training


@bp.get("/programme/training")
def training() -> str:
    """Show who lacks which training, what was held, and the two lists with their gap."""
    known = facts()
    cells = Cells(known)
    standings = trainings.trainings(known)
    lacking = [each for each in standings if each.state != "done"]
    demands = trainings.demands(known)
    return page(
        "training.html",
        "people",
        "posts",
        "postings",
        "activities",
        "attendance",
        standings=standings,
        late=sum(each.state == "late" for each in lacking),
        gaps=[term("abilities", demand.ability) for demand in demands if demand.is_gap],
        rules=[
            (term("trainings", each.key), trainings.training_words(each.rule.parameters))
            for each in known.programme.trainings
        ],
        columns=[
            column("state", _("State")),
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("training", _("Training")),
            column("last", _("Last time")),
            column("due", _("By")),
        ],
        rows=[
            {
                "state": cells.state("yellow", _("late"), "0")
                if each.state == "late"
                else cells.state("blue", _("not yet"), "1"),
                "person": cells.standing(each.person),
                "unit": cells.unit_of(each.person),
                "training": term("trainings", each.training),
                "last": each.last and each.last.isoformat(),
                "due": cells.days(each.due),
            }
            for each in lacking
        ],
        period_columns=[
            column("year", _("Year"), True),
            column("kind", _("Kind")),
            column("activities", _("Activities"), True),
            column("attendances", _("Attendances"), True),
            column("people", _("People"), True),
        ],
        periods=[
            {
                "year": period.year,
                "kind": term("activity_kinds", period.kind),
                "activities": period.activities,
                "attendances": period.attendances,
                "people": period.people,
            }
            for period in trainings.periods(known)
        ],
        demand_columns=[
            column("ability", _("Ability")),
            column("posts", _("Posts that ask for it"), True),
            column("vacant", _("Nobody in post"), True),
            column("having", _("Bring it"), True),
            column("lacking", _("Lack it"), grow=6),
            column("courses", _("Courses of two years"), grow=4),
        ],
        demands=[
            {
                "ability": term("abilities", demand.ability),
                "posts": len(demand.posts),
                "vacant": len(demand.vacant),
                "having": len(demand.having),
                "lacking": cells.people(demand.lacking),
                "courses": [f"{a.name} {a.held_on}" for a in demand.courses]
                or cells.state("yellow", _("none"), "0"),
            }
            for demand in demands
        ],
        need_columns=[
            column("person", _("Name")),
            column("post", _("Post")),
            column("ability", _("Ability lacking")),
            column("courses", _("Courses that would give it")),
        ],
        needs=[
            {
                "person": cells.standing(need.person),
                "post": cells.post(need.post),
                "ability": term("abilities", need.ability),
                "courses": [course.name for course in need.courses],
            }
            for need in trainings.needs(known)
        ],
    )


@bp.get("/api/programme/training")
def training_json() -> Response:
    """Return trainings, totals per year and the two lists as JSON."""
    return as_json(**training_answer(facts()))


def training_answer(known: Facts) -> dict[str, Any]:
    """Return what the page, the JSON interface and the command say of training."""
    return {
        "trainings": trainings.trainings(known),
        "periods": trainings.periods(known),
        "demands": trainings.demands(known),
        "needs": trainings.needs(known),
    }


# --- exercises


@bp.get("/programme/exercises")
def exercises() -> str:
    """Show the matrix of people and kinds of exercise, gaps first, and the platform days."""
    known = facts()
    cells = Cells(known)
    coverage = exercise_rules.coverage(known)
    kinds = exercise_rules.mechanisms(known)
    counts: dict[int, int] = defaultdict(int)
    for row in coverage:
        counts[row.count] += 1
    months = exercise_rules.platform_months(known)[::-1]
    names, values = [m.month for m in months], [len(m.people) for m in months]
    return page(
        "exercises.html",
        "people",
        "posts",
        "postings",
        "activities",
        "attendance",
        kinds=kinds,
        counts=dict(sorted(counts.items())),
        all=len(coverage),
        columns=[
            column("person", _("Name"), grow=3),
            column("cohort", _("Cohort"), True, grow=2),
            column("unit", _("Unit"), grow=4),
            column("count", _("Kinds"), True, grow=2),
            *(column(kind, kind, grow=4) for kind in kinds),
        ],
        rows=[
            {
                "person": cells.standing(row.person),
                "cohort": known.people[row.person].cohort,
                "unit": cells.unit_of(row.person),
                "count": row.count,
                **{kind: _coverage_cell(cells, cell) for kind, cell in row.cells.items()},
            }
            for row in coverage
        ],
        finding_columns=[
            column("state", _("State")),
            column("person", _("Name")),
            column("kind", _("Kind")),
            column("post", _("Post")),
            column("on", _("Day")),
        ],
        findings=[
            {
                "state": cells.state(TROUBLES[each.trouble][0], _(TROUBLES[each.trouble][1])),
                "person": cells.standing(each.person),
                "kind": term("rotation_kinds", each.kind),
                "post": cells.post(each.posting.post) if each.posting else None,
                "on": cells.days(each.on),
            }
            for each in exercise_rules.findings(known, known.programme.audit.ahead_days)
        ],
        months=bars(names, values, _("people")),
        months_words=summary(names, values),
        month_columns=[
            column("month", _("Month")),
            column("activities", _("Activities"), True),
            column("people", _("People"), grow=10),
        ],
        month_rows=[
            {
                "month": month.month,
                "activities": len(month.activities),
                "people": cells.people(month.people),
            }
            for month in months[::-1]
        ],
        rules=[
            (
                term("rotation_kinds", each.key),
                [said(w) for w in exercise_rules.exercise_words(known.programme, each)],
            )
            for each in known.programme.exercises
        ],
    )


@bp.get("/api/programme/exercises")
def exercises_json() -> Response:
    """Return the matrix, the findings and the platform days as JSON."""
    return as_json(**exercises_answer(facts()))


def exercises_answer(known: Facts) -> dict[str, Any]:
    """Return what the page, the JSON interface and the command say of exercises."""
    return {
        "coverage": exercise_rules.coverage(known),
        "findings": exercise_rules.findings(known, known.programme.audit.ahead_days),
        "months": exercise_rules.platform_months(known),
    }


def _coverage_cell(cells: Cells, cell: exercise_rules.Cell) -> Any:
    if not cell.covered:
        return cells.state("yellow", _("none"), "0")
    words = []
    if cell.postings:
        words.append(_("%(months)s months", months=cell.months))
    if cell.days:
        words.append(_("%(days)s days", days=cell.days))
    text = " + ".join(words)
    sort = f"{cell.months * 31 + cell.days:06d}"
    if cell.running:
        return cells.state("blue", _("%(what)s, now", what=text), sort)
    return {"text": text, "sort": sort}
