"""The Gantt of a plan as plain data, by person and by post; `static/timeline.js` draws it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from planning.view import PlanDetails, PlanPosting, PlanView
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.marks import LETTERS


def kind_marks() -> dict[str, dict[str, Any]]:
    """Give each kind of rotation its letter, in the programme's own order."""
    return {
        each.key: {
            "letter": LETTERS[at % len(LETTERS)],
            "title": term("rotation_kinds", each.key),
        }
        for at, each in enumerate(words.programme().terms("rotation_kinds"))
    }


def legend(view: PlanView) -> list[dict[str, Any]]:
    """Return the marks of the kinds that a plan has."""
    used = {each.kind for each in view.plan.assignments}
    return [mark for kind, mark in kind_marks().items() if kind in used]


def board(view: PlanView, details: PlanDetails) -> dict[str, Any]:
    """Return rows and bars, once by person and once by post; each bar knows what it stands for."""
    marks = kind_marks()
    held = {each.post for each in view.plan.assignments}
    posts = sorted(details.posts, key=lambda post: (post[0] not in held, post[0]))
    days = [day.isoformat() for day in view.plan.horizon.days]
    return {
        "bars": [_bar(at, each, marks) for at, each in enumerate(details.postings)],
        "people": [{"id": id_, "text": name} for id_, name in details.people],
        "posts": [{"id": id_, "text": name} for id_, name in posts],
        "days": days,
        "from": days[0],
        "to": days[-1],
    }


def _bar(at: int, posting: PlanPosting, marks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    each, person, post = posting.assignment, posting.person_name, posting.post_name
    mark = marks.get(each.kind or "", {"letter": "·", "title": each.kind or ""})
    when = _("%(since)s to %(until)s", since=each.since, until=each.until)
    how = _("goes on") if each.stays else _("new")
    return {
        "id": at,
        "person": each.person,
        "post": each.post,
        "person_name": person,
        "post_name": post,
        "start": each.since,
        "end": each.until,
        "text_person": f"{mark['letter']} {post}",
        "text_post": f"{mark['letter']} {person}",
        "tip": f"{person} · {post}\n{mark['title']} · {when} · {how}",
        "className": "" if each.stays else "planned",
    }


def poster_rows(view: PlanView, details: PlanDetails) -> list[dict[str, Any]]:
    """Return people by period for the wall: what lasts several periods is one cell."""
    days = [day.isoformat() for day in view.plan.horizon.days][:-1]
    marks = kind_marks()
    return [
        {"name": name, "id": id_, "cells": _cells(details.of_person(id_), days, marks)}
        for id_, name in details.people
    ]


def _cells(
    mine: tuple[PlanPosting, ...], days: list[str], marks: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = []
    for day in days:
        here = [p for p in mine if p.assignment.since <= day < p.assignment.until]
        ids = [posting.assignment.post for posting in here]
        if cells and cells[-1]["ids"] == ids:
            cells[-1]["span"] += 1
            continue
        unknown = {"letter": "·", "title": ""}
        texts = [
            {
                "text": posting.post_name,
                **marks.get(posting.assignment.kind or "", unknown),
                "is_new": not posting.assignment.stays,
            }
            for posting in here
        ]
        cells.append({"ids": ids, "span": 1, "posts": texts, "since": day})
    return cells
