"""The Gantt of a plan as plain data, by person and by post; `static/timeline.js` draws it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from webapp.planning.answers import Judged
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.marks import COLOURS, GREY, LETTERS


def kind_marks() -> dict[str, dict[str, Any]]:
    """Give each kind of rotation its colour and its letter, in the programme's own order."""
    return {
        each.key: {
            "colour": at + 1 if at < COLOURS else GREY,
            "letter": LETTERS[at % len(LETTERS)],
            "title": term("rotation_kinds", each.key),
        }
        for at, each in enumerate(words.programme().terms("rotation_kinds"))
    }


def legend(seen: Judged) -> list[dict[str, Any]]:
    """Return the marks of the kinds that a plan has."""
    used = {each.kind for each in seen.plan.assignments}
    return [mark for kind, mark in kind_marks().items() if kind in used]


def board(seen: Judged) -> dict[str, Any]:
    """Return rows and bars, once by person and once by post; each bar knows what it stands for."""
    marks = kind_marks()
    plan, problem = seen.plan, seen.problem
    bars: list[dict[str, Any]] = []
    for at, each in enumerate(plan.assignments):
        mark = marks.get(each.kind or "", {"colour": GREY, "letter": "·", "title": each.kind or ""})
        person, post = seen.person(each.person), seen.post(each.post)
        when = _("%(since)s to %(until)s", since=each.since, until=each.until)
        how = _("goes on") if each.stays else _("new")
        bars.append(
            {
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
                "className": f"colour-{mark['colour']}{'' if each.stays else ' planned'}",
            }
        )
    held = {each.post for each in plan.assignments}
    posts = sorted(problem.posts, key=lambda post: (post.id not in held, post.id))
    days = [day.isoformat() for day in plan.horizon.days]
    return {
        "bars": bars,
        "people": [{"id": each.id, "text": each.name} for each in problem.people],
        "posts": [{"id": each.id, "text": seen.post(each.id)} for each in posts],
        "days": days,
        "from": days[0],
        "to": days[-1],
    }
