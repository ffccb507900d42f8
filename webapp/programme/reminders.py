"""Reminders to send: one message for each talker, as text to copy and as a table to take out."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.programme import reminders as reminded
from queries.programme.facts import Facts
from webapp.programme.answers import ProgrammeAsked
from webapp.programme.audit import role_word
from webapp.programme.blueprint import bp
from webapp.programme.cells import column
from webapp.programme.files import as_file, file_links
from webapp.programme.page import facts, page
from webapp.shell.asking import OneOf, Whole
from webapp.shell.operations import operation
from webapp.shell.sentences import said


class RemindersAsked(ProgrammeAsked):
    """How far ahead is reminded of."""

    days: Annotated[int, Whole(0, 366, 7)] = 7


class RemindersPage(RemindersAsked):
    """The page, or its table as a file."""

    format: Annotated[str | None, OneOf("csv", "xlsx")] = None


class ReminderDict(TypedDict):
    """One message: to whom, about how many things, its text."""

    to: str
    mentor: str | None
    things: int
    text: str


class RemindersAnswer(TypedDict):
    """Every message of a day."""

    as_of: str
    days: int
    reminders: list[ReminderDict]


def reminders_answer(known: Facts, days: int) -> RemindersAnswer:
    """Return what the page, the JSON interface and the command say of reminders."""
    found = reminded.reminders(known, days)
    return {
        "as_of": known.day,
        "days": days,
        "reminders": [
            {
                "to": _to(known, each),
                "mentor": each.mentor,
                "things": len(each.things),
                "text": _text(known, each),
            }
            for each in found
        ],
    }


def _to(known: Facts, each: reminded.Reminder) -> str:
    if each.talker:
        return each.talker
    level = role_word(each.level or "")
    if each.unit and each.unit in known.units:
        return _("%(where)s, %(level)s", where=known.units[each.unit].name, level=level)
    return level


def _text(known: Facts, each: reminded.Reminder) -> str:
    who = _to(known, each)
    lines = [_("%(who)s: as of %(day)s, the following wait for you:", who=who, day=known.day)]
    for n, thing in enumerate(each.things, 1):
        what = said(thing.what)
        if thing.times > 1:
            what = _("%(what)s (%(n)s times)", what=what, n=thing.times)
        given: dict[str, Any] = {"n": n, "what": what, "due": thing.due or "–"}
        if thing.days_late:
            late = {**given, "days": thing.days_late}
            lines.append(_("%(n)s. %(what)s, by %(due)s, %(days)s days late", **late))
        else:
            lines.append(_("%(n)s. %(what)s, by %(due)s", **given))
    return "\n".join([*lines, _("Please see to them and enter them when they are done.")])


@bp.get("/programme/reminders")
def reminders() -> str | Response:
    """Show one message for each who is to be reminded, to copy or to take out as a table."""
    asked = RemindersPage.read()
    answer = reminders_answer(facts(), asked.days)
    if asked.format:
        columns = [
            column("to", _("To whom")),
            column("things", _("Things"), True),
            column("text", _("Text")),
        ]
        return as_file("reminders", _("Reminders"), columns, answer["reminders"], asked.format)
    files = file_links("programme.reminders", days=asked.days)
    return page(
        "reminders.html", "people", "pairings", "records", "problems", answer=answer, files=files
    )


@bp.get("/api/programme/reminders")
@operation(RemindersAnswer, RemindersAsked)
def reminders_json() -> RemindersAnswer:
    """Return one message for each who is to be reminded."""
    return reminders_answer(facts(), RemindersAsked.read().days)
