"""Ways to a form and back, and the name under which this browser enters things.

Apart from the forms themselves, so that every page can lead to one.
"""

from __future__ import annotations

from typing import Any

from flask import session, url_for

from graph.errors import N_, NotFound
from graph.schema import TABLES, Table
from loaders.entry import Stored
from queries.programme.duties import requests
from queries.programme.facts import Facts
from queries.programme.stages import progress
from webapp.shell.frame import person_url, post_url, unit_url
from webapp.shell.way_back import here

_NAME = "name"
LONGEST_NAME = 60
# Findings that are mended in the posting itself.
_POSTING_CHECKS = (
    "exercise_too_long",
    "exercise_too_short",
    "exercise_ending",
    "exercise_out_of_order",
)


def enter_url(table: str, id_: str | None = None, **values: Any) -> str:
    """Return the address of a form: of a stored row, or of a new one with some cells filled in.

    After saving, the person comes back to the page that the link stands on.
    """
    given = {key: value for key, value in values.items() if value is not None}
    given.setdefault("next", here())
    if id_ is not None:
        return url_for("entering.row", table=table, id=id_, **given)
    return url_for("entering.new", table=table, **given)


def many_url(waiting_for: str, unit: str = "", cohort: int | None = None) -> str:
    """Return the address of a table with a row for each who waits for a duty or a measure."""
    given: dict[str, Any] = {
        "of_unit": unit,
        "of_cohort": cohort,
        "waiting_for": waiting_for,
        "next": here(),
    }
    return url_for(
        "entering.many_rows", table="records", **{key: each for key, each in given.items() if each}
    )


def form_for(known: Facts, check: str, person: str, part: str | None) -> str | None:
    """Return the address of the form by which something that the audit found is mended.

    `check` and `part` are those of a finding: a duty, a request, a measure, a kind.
    """
    programme = known.programme
    if check == "mentor_missing":
        return enter_url("mentoring", trainee=person, kind=part, since=known.day)
    if check == "mentor_after_stage":
        running = [p for p in known.mentors_now(person) if p.kind == part]
        return enter_url("mentoring", running[0].id) if running else None
    if check in _POSTING_CHECKS:
        had = [p for p in known.postings.get(person, ()) if p.kind == part]
        return enter_url("rotations", had[-1].id) if had else None
    if check in ("stage_late", "stage_deadline"):
        return _passing(known, person)
    if check in ("exercise_missing", "home_post_lost", "gate_coming"):
        kind = part if check == "exercise_missing" else None
        return enter_url("rotations", person=person, kind=kind, since=known.day)
    if check == "training_missing":
        return enter_url("attendance", person=person)
    if check == "file_incomplete":
        return enter_url("people", person)
    if check.startswith("problem_"):
        return url_for("programme.settle", id=part, next=here())
    cells: dict[str, Any] = {}
    if check.startswith("duty_"):
        duty = next(each for each in programme.duties if each.key == part).rule.parameters
        cells = {"kind": duty.record, "level": duty.level}
    elif check.startswith("request_"):
        request_ = next(each for each in programme.requests if each.key == part).rule.parameters
        waits = (r for r in requests(known) if r.person == person and r.request == part)
        owner = next((r.owner for r in waits if r.state != "done"), request_.owner)
        cells = {"kind": request_.by, "level": owner, "result": request_.record}
    elif check == "care_missing":
        care = next(each for each in programme.entitlements if each.key == part).rule.parameters
        cells = {"kind": care.record, "result": care.result}
    return enter_url("records", person=person, on=known.day, **cells) if cells else None


def _passing(known: Facts, person: str) -> str:
    """Return the form of what the stage of a person still waits for: a record or a posting."""
    where = progress(known)[person]
    rules = next((s.gates for s in known.programme.stages if s.key == where.stage), ())
    for rule, gate in zip(rules, where.gates, strict=True):
        if rule.reviewed and not gate.reached:
            return enter_url("records", person=person, on=known.day, kind=rule.reviewed.record)
    return enter_url("rotations", person=person, since=known.day)


def known_table(name: str) -> Table:
    """Return a table by its name; NotFound for another one."""
    found = next((each for each in TABLES if each.name == name), None)
    if found is None:
        raise NotFound(
            N_('There is no table "%(name)s".'),
            N_("Known: %(known)s."),
            name=name,
            known=", ".join(each.name for each in TABLES),
        )
    return found


def home_of(row: Stored) -> str:
    """Return the page on which a row is seen: its own, or that of the person it is about."""
    if row.table == "people":
        return person_url(row.id)
    if row.table == "units":
        return unit_url(row.id)
    if row.table == "posts":
        return post_url(row.id)
    if row.table == "activities":
        return url_for("entering.row", table="activities", id=row.id)
    person = row.values.get("trainee") or row.values.get("person")
    return person_url(str(person)) if person else url_for("entering.index")


def author(given: str = "") -> str:
    """Return the name under which things are entered: the one given, else the one kept before."""
    given = given.strip()[:LONGEST_NAME]
    if given:
        session[_NAME] = given
        session.permanent = True
    return given or kept_name()


def kept_name() -> str:
    """Return the name that was asked for once and is kept in the cookie."""
    return str(session.get(_NAME, ""))
