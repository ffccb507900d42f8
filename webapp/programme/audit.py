"""Compliance: what the audit found, and what is to be done, by whom, by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from flask import Response, jsonify
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.dates import add_days
from graph.errors import N_, UsageError
from queries.programme import audit as audits
from queries.programme import todo as todos
from queries.programme import todo_calendar
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.findings import columns, level_word, mended_by, rows
from webapp.programme.page import as_json, facts, page
from webapp.shell.asking import Day, OneOf, Whole
from webapp.shell.form_links import many_url
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said

MOST_ROWS = 2000
DAYS = (30, 90)
# Records that several wait for are entered in one table; by check, the list that names them.
_IN_A_TABLE = {"duty_late": "duties", "duty_due": "duties", "care_missing": "entitlements"}


class AuditAsked(ProgrammeAsked):
    """Which findings are listed."""

    level: Annotated[str | None, OneOf(*audits.LEVELS)] = None
    rule: str | None = None
    mechanism: str | None = None
    person: str | None = None

    def filters(self) -> dict[str, str]:
        """Return what findings are chosen by."""
        return self.model_dump(include={"level", "rule", "mechanism", "person"}, exclude_none=True)

    def of(self, findings: tuple[audits.Finding, ...]) -> tuple[audits.Finding, ...]:
        """Return the findings that are asked for."""
        chosen = self.filters().items()
        return tuple(
            each for each in findings if all(getattr(each, key) == value for key, value in chosen)
        )


@bp.get("/programme/audit")
def audit() -> str:
    """Show what the audit found, by level, rule, mechanism or person; counts equal the rows."""
    known = facts()
    whole = audits.audit(known)
    chosen = AuditAsked.read()
    found = chosen.of(whole.findings)
    by_rule = Counter(each.rule for each in whole.findings)
    return page(
        "audit.html",
        "people",
        "postings",
        "pairings",
        "attendance",
        "records",
        counts=whole.counts,
        **_broken(whole),
        chosen=chosen.filters(),
        found=len(found),
        columns=columns(),
        rows=rows(known, found[:MOST_ROWS]),
        more=len(found) - MOST_ROWS,
        rules_columns=[
            column("level", _("Light"), grow=1),
            column("rule", _("Rule"), grow=2),
            column("meaning", _("What it asks"), grow=8),
            column("n", _("Found"), True),
        ],
        rules=[
            {
                "level": Cells(known).state(
                    level, level_word(level), str(audits.LEVELS.index(level))
                ),
                "rule": _(check.title),
                "meaning": _(check.meaning),
                "n": {
                    "url": link("programme.audit", rule=check.name),
                    "text": by_rule[check.name],
                    "sort": by_rule[check.name],
                },
            }
            for check, level in whole.checks
        ],
    )


def _broken(whole: audits.Audit) -> dict[str, Any]:
    """Return what is broken or late by rule, most first, and with how many people."""
    broken = [each for each in whole.findings if each.level == "red"]
    titles = {check.name: check.title for check, _level in whole.checks}
    counted = Counter(each.rule for each in broken)
    return {
        "red_people": len({each.person for each in broken if each.person}),
        "red_rules": [
            {
                "title": _(titles[rule]),
                "n": n,
                "url": link("programme.audit", rule=rule, level="red"),
            }
            for rule, n in counted.most_common()
        ],
    }


@bp.get("/api/programme/audit")
@operation(audits.AuditDict, AuditAsked)
def audit_json() -> Response:
    """Return the audit as JSON: the object of `flask audit`, of the findings asked for."""
    whole = audits.audit(facts())
    found = replace(whole, findings=AuditAsked.read().of(whole.findings))
    return jsonify(found.as_dict(said))


# --- to do


class TodoAsked(ProgrammeAsked):
    """The things to do of the next `days`, of one role or one person."""

    days: Annotated[int, Whole(0, 3660, 30)] = 30
    role: str | None = None  # one of the programme's: told where they are known
    person: str | None = None
    work: Annotated[str | None, OneOf(*todos.WORK)] = None
    when: Annotated[str | None, OneOf(*todos.WHENS)] = None
    since: Day | None = None
    until: Day | None = None

    def things(self, known: Facts, role: str | None) -> list[todos.ThingToDo]:
        """Return the things to do that are asked for, of a role where one is named."""
        found = todos.things(known, self.days, role, self.person)
        return todos.only(found, self.work, self.when, self.since, self.until)

    def kept(self) -> dict[str, Any]:
        """Return what a link to another role or more days keeps."""
        names = {"person", "work", "when", "since", "until"}
        return self.model_dump(include=names, exclude_none=True)


class TodoAnswer(TypedDict):
    """The things to do of the next days."""

    days: int
    items: list[todos.Item]


@bp.get("/programme/todo")
def todo() -> str:
    """List what is to be done for a role in the next days, what is late first."""
    known, asked = facts(), TodoAsked.read()
    days, role = asked.days, known_role(known, asked.role)
    every = asked.things(known, None)
    items = [item for item in every if role in (None, item.role)]
    by_role = Counter(item.role for item in every)
    late = [item for item in items if item.when == "late"]
    coming = [item for item in items if _falls_due(item, known, days)]
    folded = [item for item in items if _is_folded(item, known, days)]
    return page(
        "todo.html",
        "people",
        "postings",
        "pairings",
        "attendance",
        "records",
        days=days,
        choices=DAYS,
        role=role,
        asked=asked,
        kept=asked.kept(),
        late=len(late),
        found=len(items),
        roles=[(key, role_word(key), by_role[key]) for key in todos.roles(known)],
        total=len(every),
        calendar_url=link("programme.calendar", days=days, role=role, **asked.kept()),
        together=_together(items, asked.unit),
        columns=[
            column("state", _("State"), grow=1),
            column("due", _("By"), grow=3),
            column("role", _("Owner"), grow=2),
            column("what", _("What"), grow=8),
            column("person", _("Name"), grow=2),
            column("unit", _("Unit"), grow=2),
            column("next", _("Next step"), grow=1),
        ],
        now=_todo_rows(known, late),
        coming=_todo_rows(known, coming),
        coming_count=len(coming),
        folded=_todo_rows(known, folded),
        folded_count=len(folded),
    )


def _together(items: list[todos.ThingToDo], unit: str) -> list[tuple[str, str, int]]:
    """Return what several wait for: its word, the table with a row for each, how many they are."""
    waiting = Counter(
        (terms, item.part or "")
        for item in items
        if (terms := _IN_A_TABLE.get(item.check)) and item.when != "undated"
    )
    return [
        (term(terms, part), many_url(part, unit), count)
        for (terms, part), count in waiting.items()
        if count > 1
    ]


def _falls_due(item: todos.ThingToDo, known: Facts, days: int) -> bool:
    return item.when == "due" and item.due is not None and item.due <= add_days(known.on, days)


def _is_folded(item: todos.ThingToDo, known: Facts, days: int) -> bool:
    return item.when != "late" and not _falls_due(item, known, days)


def _todo_rows(known: Facts, found: list[todos.ThingToDo]) -> list[dict[str, Any]]:
    """Return the rows of the first things: those beyond them are counted only."""
    return [_todo_row(known, item) for item in todos.worded(known, found[:MOST_ROWS])]


def _todo_row(known: Facts, item: todos.Item) -> dict[str, Any]:
    cells = Cells(known)
    words = said(item.words)
    if item.times > 1:
        words = _("%(what)s (%(n)s times)", what=words, n=item.times)
    state = {"late": _("late"), "due": _("coming"), "undated": _("any day")}[item.when]
    if item.days_late:
        state = _("%(days)s days late", days=item.days_late)
    place = f"{audits.LEVELS.index(item.light)}{int(not item.late)}"
    form = mended_by(known, item.check, item.person, item.part) if item.check else None
    post = known.posts.get(item.part or "") if item.check == "secretary_vacant" else None
    about = link("programme.person", id=item.person)
    if post:
        about = link("programme.shortlist", id=post.id)
    return {
        "state": cells.state(item.light, state, place),
        "due": item.due and cells.days(item.due),
        "role": role_word(item.role),
        "what": {"url": about, "text": words},
        "person": cells.person(item.person),
        "unit": cells.unit(post.unit) if post else cells.unit_of(item.person),
        "next": form and {"url": form, "text": _("answer") if item.kind == "request" else _("do")},
    }


@bp.get("/api/programme/todo")
@operation(Annotated[Any, PlainOf(TodoAnswer)], TodoAsked)
def todo_json() -> Response:
    """Return the list of things to do as JSON."""
    return as_json(days=TodoAsked.read().days, items=_asked_for(facts()))


@bp.get("/programme/todo.ics")
def calendar() -> Response:
    """Return the list of things to do as a calendar file."""
    known = facts()
    answer = Response(calendar_text(known, _asked_for(known)), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=programme.ics"
    return answer


def calendar_text(known: Facts, items: list[todos.Item]) -> str:
    """Write things to do as an iCalendar file, in the language in use."""
    words = {
        item.key: _("late: %(what)s", what=said(item.words)) if item.late else said(item.words)
        for item in items
    }
    return todo_calendar.calendar(items, known.on, words, either(known.programme.name))


def role_word(role: str) -> str:
    """Say a role in a word."""
    return {todos.MENTOR: _("{mentor}"), todos.TRAINEE: _("{trainee}")}.get(role) or term(
        "levels", role
    )


def _asked_for(known: Facts) -> list[todos.Item]:
    asked = TodoAsked.read()
    return todos.worded(known, asked.things(known, known_role(known, asked.role)))


def known_role(known: Facts, role: str | None) -> str | None:
    """Check a role's name; none and an empty text mean all of them."""
    return role_among(todos.roles(known), role)


def role_among(names: Sequence[str], role: str | None) -> str | None:
    """Return a role that is one of several names, none for none; UsageError for another one."""
    if role and role not in names:
        raise UsageError(
            N_('There is no role "%(role)s".'),
            N_("Known: %(known)s."),
            role=role,
            known=", ".join(names),
        )
    return role or None
