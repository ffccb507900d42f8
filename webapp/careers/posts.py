"""This post: holders, gaps, stays, where from and where to, and what may follow for one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from queries.careers.posts_history import Neighbour, PostHistory, PostHistoryDict, history
from queries.personnel import postings
from queries.rules.appointments import Blocked, may_take
from webapp.careers.asked import OfPerson, asked_day, asked_person, choices
from webapp.careers.blueprint import bp
from webapp.careers.files import CareerTable, file_links, tables_file, wants_file
from webapp.careers.limits import asked_limits, limited
from webapp.careers.words import (
    HELD_AS,
    SHOWN,
    days_between,
    how,
    judged_rows,
    percent,
    person,
    post,
    unit,
)
from webapp.people.timeline import period
from webapp.shell.asking import WithPlanned
from webapp.shell.day import planned
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store
from webapp.shell.words import programme


class PostAsked(OfPerson, WithPlanned):
    """For whom posts that may follow are judged, and by which kind of rotation."""

    kind: str | None = None


@bp.get("/careers/posts/<path:id>")
def post_page(id: str) -> ResponseReturnValue:
    """Show what postings tell of a post; with `person`, which rule blocks each next post."""
    store, on, limits = current_store(), asked_day(), asked_limits()
    found = history(store, id, on, limits, planned())
    if wants_file():
        return tables_file("post", _place(found), limits, on, _files(found))
    who = asked_person()
    blocked = _blocked(found, who) if who else {}
    return render_template(
        "careers/post.html",
        found=found,
        on=on,
        who=who,
        who_name=_name(who),
        kind=PostAsked.read().kind or "",
        now=[each for each in found.holders if each.runs],
        holders=_holders(found),
        cut=max(len(found.holders) - SHOWN, 0),
        before=_neighbours(found.before),
        after=_neighbours(found.after, blocked if who else None),
        against={
            key: (term("rotation_kinds", each.kind), judged_rows(each.to_tell()))
            for key, each in blocked.items()
            if each.to_tell()
        },
        names={each.post: _place(each) for each in found.after},
        choices=choices(),
        files=file_links([(each.key, each.title) for each in _files(found)]),
        **limited(limits),
        term=term,
        answers=[how(found.cypher, _("The holders"), post=id)],
    )


@bp.get("/api/careers/posts/<path:id>")
@operation(PostHistoryDict, PostAsked)
def post_json(id: str) -> Response:
    """Answer the same as JSON."""
    found = history(current_store(), id, asked_day(), asked_limits(), planned())
    who = asked_person()
    answer = found.as_dict()
    if who:
        answer["person"] = who
        answer["next"] = [each.as_dict() for each in _blocked(found, who).values()]
    return jsonify(answer)


def _blocked(found: PostHistory, who: str) -> dict[str, Blocked]:
    posts = [each.post for each in found.after]
    kind = PostAsked.read().kind  # else each post is taken in its usual way
    return may_take(current_store(), programme(), found.on, who, posts, kind)


def _name(who: str) -> str:
    columns = postings(current_store())
    return columns.person_names[columns.person_at[who]] if who in columns.person_at else who


def _place(each: Neighbour | PostHistory) -> str:
    return " ".join(part for part in (each.unit_name, each.title) if part)


def _files(found: PostHistory) -> list[CareerTable]:
    """Return the holders, and every move to the post or away from it with who made it."""
    tables = [CareerTable("holders", _("Holders in order"), _holders(found, None))]
    for key, title, those in (
        ("before", _("Where they came from"), found.before),
        ("after", _("Where they went next"), found.after),
    ):
        table = _neighbours(those)
        rows = [
            {**row, "who": person(id_, name)}
            for row, each in zip(table["rows"], those, strict=True)
            for id_, name in each.people
        ]
        tables.append(CareerTable(key, title, {"columns": table["columns"], "rows": rows}))
    return tables


def _holders(found: PostHistory, most: int | None = SHOWN) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "person", "title": _("Person")},
            {"key": "period", "title": _("Period")},
            {"key": "kind", "title": _("Kind")},
            {"key": "held_as", "title": _("Held as")},
            {"key": "months", "title": _("Months"), "number": True},
            {"key": "state", "title": _("State")},
        ],
        "rows": [
            {
                "person": person(each.person, each.name),
                "period": {
                    "text": period(
                        each.row["since"],
                        each.row["until"],
                        planned=each.row["status"] == "planned",
                    ),
                    "sort": each.row["since"] or "",
                },
                "kind": term("rotation_kinds", each.row["kind"]),
                "held_as": str(HELD_AS[each.held_as]) if each.held_as else None,
                "months": each.months,
                "state": _state(each.row, each.runs, each.months),
            }
            for each in (found.holders if most is None else found.holders[-most:])
        ],
    }


def _state(row: Mapping[str, Any], runs: bool, months: int | None) -> str:
    if row["status"] == "planned":
        return _("planned")
    if runs:
        return _("holds it now") if row["until"] else _("holds it now, no end known")
    if months is None:
        return _("dates unclear")
    return _("ended")


def _neighbours(
    those: tuple[Neighbour, ...], blocked: dict[str, Blocked] | None = None
) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"key": "post", "title": _("Post")},
        {"key": "unit", "title": _("Unit")},
        {"key": "rank", "title": _("Rank")},
        {"key": "count", "title": _("People"), "number": True},
    ]
    if any(each.share is not None for each in those):  # of fewer than 10 cases counts only
        columns.append({"key": "share", "title": _("Share"), "number": True})
    columns += [
        {"key": "months", "title": _("Median months"), "number": True},
        {"key": "who", "title": _("Who")},
    ]
    if blocked is not None:
        columns.append({"key": "kind", "title": _("Kind")})
        columns.append({"key": "open", "title": _("For this person")})
    return {
        "columns": columns,
        "rows": [
            {
                "post": post(each.post, each.title),
                "unit": unit(each.unit, each.unit_name),
                "rank": term("ranks_and_grades", each.rank) or None,
                "count": len(each.people),
                "share": percent(each.share),
                "months": f"{each.median_months:g}" if each.median_months is not None else None,
                "who": each.people,
                "kind": _kind((blocked or {}).get(each.post)),
                "open": _open((blocked or {}).get(each.post)),
            }
            for each in those
        ],
    }


def _open(blocked: Blocked | None) -> str | None:
    if blocked is None:
        return None
    hard = [each.rule.id for each in blocked.against if each.rule.kind == "hard"]
    other = [each.rule.id for each in blocked.against if each.rule.kind != "hard"]
    other += [each.rule.id for each in blocked.advice if each.rule.id not in other]
    unknown = [each.rule.id for each in blocked.undecided if each.rule.kind == "hard"]
    if blocked.state == "waits":
        day = days_between(blocked.earliest, blocked.latest)
        return _("not before %(day)s (%(rules)s)", day=day, rules=", ".join(hard))
    if blocked.state == "blocked":
        return _("blocked by %(rules)s", rules=", ".join(hard))
    if blocked.state == "undecided":
        return _("not decided: %(rules)s", rules=", ".join(unknown))
    if other:
        return _("open; %(rules)s advise against it", rules=", ".join(other))
    return _("no rule stands against it")


def _kind(blocked: Blocked | None) -> str | None:
    return (term("rotation_kinds", blocked.kind) or None) if blocked else None
