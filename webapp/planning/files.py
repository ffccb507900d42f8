"""A plan as files: a workbook (roster, posts, costs, moves) and a calendar."""

from __future__ import annotations

from flask_babel import gettext as _

from planning.plan import moves
from queries.programme.todo import Item, calendar
from queries.sentences import Sentence
from webapp.planning.answers import (
    Judged,
    head,
    idle_rows,
    move_rows,
    person_costs,
    post_rows,
    rules,
)
from webapp.planning.ground import STATUSES, Found, gap_text, money
from webapp.programme.documents import Document, Section
from webapp.shell import words
from webapp.shell.frame import term


def workbook(found: Found, seen: Judged) -> Document:
    """Make the document of a plan: its figures first, then a sheet for each thing it says."""
    plan, figures = found.plan, head(found)
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
            _by_person(seen),
            _by_post(seen),
            _costs(found),
            _person_costs(seen),
            _moves(seen),
            _idle(seen),
        ),
        invented=words.programme().invented,
    )


def _periods(seen: Judged) -> list[str]:
    return [day.isoformat() for day in seen.plan.horizon.days[:-1]]


def _by_person(seen: Judged) -> Section:
    """List each person's post in each period; a post held beside the home post stands after it."""
    periods = _periods(seen)
    rows = []
    for person in seen.problem.people:
        mine = [each for each in seen.plan.assignments if each.person == person.id]
        cells = [
            " + ".join(seen.post(each.post) for each in mine if each.since <= day < each.until)
            for day in periods
        ]
        rows.append((person.id, person.name, *cells))
    columns = (_("Id"), _("Name"), *periods)
    return Section("people", _("By person"), columns, tuple(rows), annex=True)


def _by_post(seen: Judged) -> Section:
    rows = []
    for row in post_rows(seen):
        cells = []
        for period in row["periods"]:
            names = [seen.person(person) for person in period["people"]]
            names += [_("%(n)s others", n=period["others"])] if period["others"] else []
            cells.append("、".join(names))
        rows.append((row["post"], row["post_name"], row["capacity"], *cells))
    columns = (_("Id"), _("Post"), _("Capacity"), *_periods(seen))
    return Section("posts", _("By post"), columns, tuple(rows), annex=True)


def _costs(found: Found) -> Section:
    rows = [
        (", ".join(line["numbers"]), line["title"], " / ".join(line["kinds"]), line["cost"])
        for line in rules(found.plan)
    ]
    rows.append(("", _("Total"), "", found.plan.cost or 0))
    columns = (_("Number"), _("Rule"), _("Kind"), _("Cost"))
    return Section("costs", _("Cost by rule"), columns, tuple(rows), annex=True)


def _person_costs(seen: Judged) -> Section:
    rows = [(row["person"], row["name"], row["cost"]) for row in person_costs(seen)]
    columns = (_("Id"), _("Name"), _("Cost"))
    return Section("shares", _("Cost by person"), columns, tuple(rows), annex=True)


def _moves(seen: Judged) -> Section:
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
        for row in move_rows(seen)
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


def _idle(seen: Judged) -> Section:
    rows = [(r["person"], r["name"], r["since"], r["reason"]) for r in idle_rows(seen)]
    columns = (_("Id"), _("Name"), _("Period from"), _("Reason"))
    return Section("idle", _("Periods without a post"), columns, tuple(rows), annex=True)


def ics(found: Found, seen: Judged, person: str | None = None) -> str:
    """Write the moves of a plan, or of one person in it, as whole-day events of a calendar."""
    items, text = [], {}
    for each in moves(found.plan):
        if person is not None and each.person != person:
            continue
        key = f"{found.reference}-{each.person}-{each.post}-{each.since}"
        text[key] = _(
            "%(person)s: %(post)s (%(kind)s), until %(until)s",
            person=seen.person(each.person),
            post=seen.post(each.post),
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
    name = found.name if person is None else f"{found.name} · {seen.person(person)}"
    made_on = min(words.as_of(), found.plan.horizon.since)
    return calendar(sorted(items, key=lambda item: (item.due, item.key)), made_on, text, name)


def _period(found: Found, day: str) -> int:
    return [each.isoformat() for each in found.plan.horizon.days].index(day)
