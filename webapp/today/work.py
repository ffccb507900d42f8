"""The words, links and buttons of the kinds of work that the first page lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from graph.dates import add_days, months_between
from queries.programme.due_moves import next_half_year
from queries.programme.facts import Facts
from queries.programme.today import DAYS, ProgrammeToday, Work, WorkEntry
from queries.programme.todo import Item
from webapp.programme.audit import role_word
from webapp.shell import words
from webapp.shell.frame import person_url, term

MOST_NAMED = {"mentor_missing": 4, "vacancy": 3}  # fewer, with more said of each

LIGHT_WORDS = {
    "red": _l("broken or late"),
    "yellow": _l("needs attention"),
    "blue": _l("worth knowing"),
    "green": _l("nothing found"),
}


@dataclass(frozen=True)
class NamedInRow:
    """Somebody or something named in a row: a link, and what is said before and after it."""

    text: str
    url: str
    card: str  # of the small card; empty where there is none
    note: str = ""
    before: str = ""
    before_url: str = ""


@dataclass(frozen=True)
class WorkRow:
    """One kind of work: how much, what, the first of whom it is about, where it is done."""

    kind: str
    light: str
    light_word: str
    things: int
    url: str
    title: str
    named: tuple[NamedInRow, ...]
    more: str
    button: str
    button_url: str


def work_rows(found: ProgrammeToday, role: str) -> list[WorkRow]:
    """Return the rows of a role by consequence; what there is nothing of is left out."""
    return [_row(found, work, role) for work in found.work(role)]


def _row(found: ProgrammeToday, work: Work, role: str) -> WorkRow:
    named = tuple(_named(found.on, work))
    button, url = _button(work)
    return WorkRow(
        kind=work.kind,
        light=work.light,
        light_word=str(LIGHT_WORDS[work.light]),
        things=work.things,
        url=list_url(work.kind, role),
        title=title_of(work.kind, work.checks, found.on),
        named=named,
        more=_more(work, len(named)),
        button=button,
        button_url=url,
    )


def list_url(kind: str, role: str = "") -> str:
    """Return the address of all that there is of a kind of work."""
    if kind == "vacancy":
        return url_for("programme.vacancies")
    if kind == "next_period":
        return url_for("planning.index")
    return url_for("programme.todo", work=kind, role=role or None)


def title_of(kind: str, checks: Iterable[str], on: date) -> str:
    """Say a kind of work, by what there is of it."""
    known = set(checks)
    if kind == "over_limit":
        if "exercise_too_long" not in known:
            return _("Stage past its deadline")
        return _("Over the limit") if "stage_late" in known else _("Exercise too long")
    if kind == "late":
        if "problem_late" not in known:
            return _("Talks, reports late")
        return _("Talks, problems late") if "duty_late" in known else _("Problems late")
    if kind == "not_done":
        if "care_missing" not in known:
            return _("Training missing")
        return _("Training and care") if "training_missing" in known else _("Care not received")
    if kind == "stage" and "gate_coming" not in known:
        return _("Deadline of a stage near")
    return {
        "mentor_missing": _("{Mentor} missing"),
        "mentor_left": _("{Mentor} left"),
        "request": _("Requests waiting"),
        "vacancy": _("Leading posts open"),
        "next_period": _("Due by %(day)s", day=add_days(next_half_year(on), -1)),
        "stage": _("New stage in %(days)s days", days=DAYS),
        "focus": _("Focus list to decide"),
        "other": _("Other things to do"),
    }[kind]


def _button(work: Work) -> tuple[str, str]:
    """Return the word of what is done next, and the page where it is done."""
    todo_url = url_for("programme.todo", work=work.kind)
    only_post = work.first[0].post if work.kind == "vacancy" and work.things == 1 else None
    candidates = (
        url_for("programme.shortlist", id=only_post)
        if only_post
        else url_for("programme.vacancies")
    )
    is_of_stage, plans_url = "stage_late" in work.checks, url_for("planning.index")
    answers = _("/").join(
        dict.fromkeys(
            term("record_kinds", each.rule.parameters.by) for each in words.programme().requests
        )
    )
    return {
        "mentor_missing": (_("Propose"), url_for("programme.mentors")),
        "mentor_left": (_("Hand over"), url_for("programme.mentors", _anchor="hand-over")),
        "request": (_("Arrange %(record)s", record=answers), todo_url),
        "over_limit": (_("List"), todo_url) if is_of_stage else (_("Find a post"), plans_url),
        "late": (_("Remind"), url_for("programme.reminders")),
        "vacancy": (_("Candidates"), candidates),
        "next_period": (_("Make a plan"), plans_url),
        "not_done": (_("List"), todo_url),
        "stage": (_("See"), url_for("programme.stages")),
        "focus": (_("Decide"), url_for("programme.focus")),
        "other": (_("List"), todo_url),
    }[work.kind]


def _more(work: Work, named: int) -> str:
    """Say how many there are beyond those named."""
    if work.kind == "other":
        told = []
        if work.late:
            told.append(_("%(n)s late", n=work.late))
        if work.due:
            told.append(_("%(n)s in %(days)s days", n=work.due, days=DAYS))
        if work.undated:
            told.append(_("%(n)s on any day", n=work.undated))
        return _(", ").join(told)
    if work.kind == "vacancy":
        rest = work.things - named
        return ngettext("and %(num)s post more", "and %(num)s posts more", rest) if rest > 0 else ""
    rest = work.people - named
    return ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else ""


# --- whom it is about


def _named(on: date, work: Work) -> Iterable[NamedInRow]:
    if work.kind == "other":
        return
    mentor = ""
    for entry in work.first[: MOST_NAMED.get(work.kind)]:
        if entry.post:
            name = entry.name
            url = url_for("programme.shortlist", id=entry.post)
            yield NamedInRow(name, url, f"posts/{entry.post}", _since(on, entry.day))
            continue
        before = ""
        if work.kind == "mentor_left" and entry.mentor and entry.mentor != mentor:
            mentor = entry.mentor
            day = _day(on, entry.day) if entry.day else ""
            before = _("%(name)s left %(day)s:", name=entry.mentor_name, day=day)
        yield NamedInRow(
            entry.name,
            person_url(entry.person),
            f"people/{entry.person}",
            _note(on, work.kind, entry),
            before,
            person_url(mentor) if before else "",
        )


def _note(on: date, kind: str, entry: WorkEntry) -> str:
    """Say for how long, or by when."""
    if kind == "mentor_missing":
        return " · ".join(
            filter(None, (term("mentoring_kinds", entry.part), _since(on, entry.day)))
        )
    if entry.day is None:
        return ""
    if kind == "request":
        late = (on - entry.day).days
        if late > 0:
            return ngettext("%(num)s day late", "%(num)s days late", late)
        return _("by %(day)s", day=_day(on, entry.day))
    if kind == "over_limit":
        months = months_between(entry.day, on)
        if months:
            return ngettext("%(num)s month over", "%(num)s months over", months)
        return ngettext("%(num)s day over", "%(num)s days over", (on - entry.day).days)
    return _day(on, entry.day) if kind == "stage" else ""


def _since(on: date, day: date | None) -> str:
    if day is None:
        return ""
    months = months_between(day, on)
    if months:
        return ngettext("%(num)s month", "%(num)s months", months)
    return ngettext("%(num)s day", "%(num)s days", (on - day).days)


def _day(on: date, day: date) -> str:
    """Write a day, short where it is of the same year."""
    text = day.isoformat()
    return text[5:] if day.year == on.year else text


# --- the answer


def figures(found: ProgrammeToday) -> dict[str, Any]:
    """Return the figures of the answer, each with the address of what it counts."""
    first = []
    for kind in ("mentor_missing", "mentor_left", "request", "vacancy"):
        work = found.of(kind)
        if work:
            count = work.things if kind == "vacancy" else work.people
            first.append({"kind": kind, "n": count, "url": list_url(kind)})
    return {
        "late": found.late,
        "late_url": url_for("programme.todo", when="late"),
        "due": found.due,
        "due_url": url_for(
            "programme.todo", since=found.on, until=add_days(found.on, DAYS), days=DAYS
        ),
        "things": found.things,
        "days": DAYS,
        "first": first,
    }


# --- on paper


def paper_groups(known: Facts, items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return what is to be done by kind of work, as rows of a list to print."""
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.work, []).append(item)
    groups = []
    for kind, mine in by_kind.items():
        rows = [_paper_row(known, item) for item in mine]
        title = title_of(kind, {item.check for item in mine}, known.on)
        groups.append({"title": title, "rows": rows})
    return groups


def _paper_row(known: Facts, item: Item) -> Mapping[str, Any]:
    unit = known.units.get(known.unit_of(item.person) or "") if item.person else None
    return {
        "light": item.light,
        "due": item.due.isoformat() if item.due else "",
        "days_late": item.days_late,
        "role": role_word(item.role),
        "words": item.words,
        "times": item.times,
        "unit": unit.name if unit else "",
    }
