"""A plan as files: a workbook (roster, posts, costs, moves) and a calendar."""

from __future__ import annotations

from flask_babel import gettext as _

from planning.plan import Plan
from planning.view import PlanDetails, PlanView
from queries.programme.todo import Item
from queries.programme.todo_calendar import calendar
from queries.sentences import Sentence
from webapp.planning.found import PlanFound
from webapp.planning.words import STATUSES, gap_text, money
from webapp.programme.documents import Document, Section
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.sentences import said, title


def workbook(found: PlanFound, view: PlanView, details: PlanDetails) -> Document:
    """Make the document of a plan: its figures first, then a sheet for each thing it says."""
    plan, figures = found.plan, view.head()
    facts = (
        (_("Status"), str(STATUSES[plan.status][1])),
        (_("From"), plan.horizon.since.isoformat()),
        (_("Until"), plan.horizon.until.isoformat()),
        (_("Cost"), money(figures["cost"])),
        (_("Bound"), money(figures["bound"])),
        (_("Gap"), gap_text(figures["gap"])),
        (_("Changes of post"), str(figures["moves"])),
        (_("Version of the data"), plan.data_version),
    )
    return Document(
        name=f"plan-{found.reference}",
        title=found.name if found.kept else _("Rotation plan"),
        subtitle=_("%(since)s to %(until)s", since=plan.horizon.since, until=plan.horizon.until),
        facts=facts,
        sections=(
            _by_person(plan, details),
            _by_post(plan, details),
            _costs(view),
            _person_costs(details),
            _moves(details),
            _idle(details),
        ),
        invented=words.programme().invented,
    )


def _periods(plan: Plan) -> list[str]:
    return [day.isoformat() for day in plan.horizon.days[:-1]]


def _by_person(plan: Plan, details: PlanDetails) -> Section:
    """List each person's post in each period; a post held beside the home post stands after it."""
    periods = _periods(plan)
    names = dict(details.posts)
    rows = []
    for id_, name in details.people:
        mine = [each for each in plan.assignments if each.person == id_]
        cells = [
            " + ".join(names[each.post] for each in mine if each.since <= day < each.until)
            for day in periods
        ]
        rows.append((id_, name, *cells))
    columns = (_("Id"), _("Name"), *periods)
    return Section("people", _("By person"), columns, tuple(rows), annex=True)


def _by_post(plan: Plan, details: PlanDetails) -> Section:
    rows = []
    for row in details.coverage:
        cells = []
        for period in row.periods:
            names = [details.person_name(person) for person in period.people]
            names += [_("%(n)s others", n=period.others)] if period.others else []
            cells.append("、".join(names))
        rows.append((row.post, row.post_name, row.capacity, *cells))
    columns = (_("Id"), _("Post"), _("Capacity"), *_periods(plan))
    return Section("posts", _("By post"), columns, tuple(rows), annex=True)


def _costs(view: PlanView) -> Section:
    rows = [
        (", ".join(line["numbers"]), line["title"], " / ".join(line["kinds"]), line["cost"])
        for line in (each.as_dict(title) for each in view.rules)
    ]
    rows.append(("", _("Total"), "", view.plan.cost or 0))
    columns = (_("Number"), _("Rule"), _("Kind"), _("Cost"))
    return Section("costs", _("Cost by rule"), columns, tuple(rows), annex=True)


def _person_costs(details: PlanDetails) -> Section:
    rows = [(each.person, each.name, each.cost) for each in details.person_costs]
    columns = (_("Id"), _("Name"), _("Cost"))
    return Section("shares", _("Cost by person"), columns, tuple(rows), annex=True)


def _moves(details: PlanDetails) -> Section:
    rows = [
        (
            row["person"],
            row["person_name"],
            row["post_name"],
            row["kind_title"],
            row["since"],
            row["until"],
            " ".join(row["reasons"]),
        )
        for row in (each.as_dict(said, title) for each in details.moves)
    ]
    columns = (
        _("Id"),
        _("Name"),
        _("Post"),
        _("Kind"),
        _("From"),
        _("Until"),
        _("Reasons"),
    )
    return Section("moves", _("Changes of post"), columns, tuple(rows), annex=True)


def _idle(details: PlanDetails) -> Section:
    rows = [(r.person, r.name, r.since, said(r.reason)) for r in details.without_post]
    columns = (_("Id"), _("Name"), _("Period from"), _("Reason"))
    return Section("idle", _("Periods without a post"), columns, tuple(rows), annex=True)


def ics(found: PlanFound, details: PlanDetails, person: str | None = None) -> str:
    """Write the moves of a plan, or of one person in it, as whole-day events of a calendar."""
    items, text = [], {}
    for posting in details.moves:
        each = posting.assignment
        if person is not None and each.person != person:
            continue
        key = f"{found.reference}-{each.person}-{each.post}-{each.since}"
        text[key] = _(
            "%(person)s: %(post)s (%(kind)s), until %(until)s",
            person=posting.person_name,
            post=posting.post_name,
            kind=term("rotation_kinds", each.kind),
            until=each.until,
        )
        items.append(
            Item(
                key=key,
                kind="move",
                role=each.kind or "",
                person=each.person,
                mentor=None,
                due=found.plan.horizon.days[_period(found, each.since)],
                late=False,
                words=Sentence(text[key]),
            )
        )
    name = found.name if person is None else f"{found.name} · {details.person_name(person)}"
    made_on = min(words.today(), found.plan.horizon.since)
    return calendar(sorted(items, key=lambda item: (item.due, item.key)), made_on, text, name)


def _period(found: PlanFound, day: str) -> int:
    return [each.isoformat() for each in found.plan.horizon.days].index(day)
