"""Units and posts: the tree, who is where on a day, and who held a post one after another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import gettext as _

from graph.store import Row
from queries.post_file import (
    PostFile,
    PostFileDict,
    PostList,
    PostListDict,
    post_file,
    post_list,
)
from queries.unit_file import UnitFile, UnitFileDict, filled, unit_file
from queries.unit_tree import UnitTreeDict, unit_tree
from webapp.data.questions import shown
from webapp.people.tables import person_cell, post_cell, rank_place, unit_cell, when
from webapp.pictures.signs import sign_of_unit
from webapp.shell import words
from webapp.shell.asking import OnDay
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store

bp = Blueprint("places", __name__)

MOST_ROWS = 1000


# --- units


@bp.get("/units")
def units() -> str:
    """List the tree of units with their posts."""
    known = unit_tree(current_store())
    outline = known.outline()
    return render_template(
        "units/index.html",
        outline=outline[:MOST_ROWS],
        signs={unit.id: sign_of_unit(unit.id) for _level, unit in outline[:MOST_ROWS]},
        total=len(outline),
        kinds=[(term("unit_kinds", kind), count) for kind, count in known.kinds()],
    )


@bp.get("/api/units")
@operation(UnitTreeDict)
def units_json() -> Response:
    """Return the tree of units as JSON, each with its level, children below their unit."""
    return jsonify(unit_tree(current_store()).as_dict(MOST_ROWS))


@bp.get("/units/<path:id>")
def unit(id: str) -> str:
    """Show one unit: where it stands, who is there on a day with all below, its posts."""
    found = unit_file(current_store(), id, words.as_of())
    return render_template(
        "units/unit.html",
        found=found,
        unit=found.unit,
        way=found.way,
        columns=[
            {"key": "name", "title": _("Name")},
            {"key": "post", "title": _("Post")},
            {"key": "unit", "title": _("Unit")},
            {"key": "since", "title": _("Since")},
        ],
        rows=_people_rows(found),
        post_columns=_post_columns(),
        post_rows=[_post_row(post) for post in found.posts],
        answers=[shown(answer) for answer in found.answers],
    )


@bp.get("/api/units/<path:id>")
@operation(UnitFileDict, OnDay)
def unit_json(id: str) -> Response:
    """Return one unit as JSON."""
    return jsonify(unit_file(current_store(), id, words.as_of()).as_dict())


def _people_rows(found: UnitFile) -> list[dict[str, Any]]:
    return [
        {
            "name": person_cell(row["person"], row["name"]),
            "post": post_cell(row["post"], row["title"]),
            "unit": row["unit"] and unit_cell(row["unit"], row["unit_name"]),
            "since": row["since"],
        }
        for row in found.people[:MOST_ROWS]
    ]


def _options(terms: str) -> list[tuple[str, str]]:
    return [(each.key, term(terms, each.key)) for each in words.programme().terms(terms)]


def _post_columns(with_unit: bool = False) -> list[dict[str, Any]]:
    return [
        {"key": "post", "title": _("Post")},
        *([{"key": "unit", "title": _("Unit")}] if with_unit else []),
        {"key": "kind", "title": _("Kind")},
        {"key": "rank", "title": _("Rank")},
        {"key": "capacity", "title": _("Filled"), "number": True},
        {"key": "holders", "title": _("Held by")},
    ]


def _post_row(post: Row) -> dict[str, Any]:
    held, capacity = filled(post), post["capacity"]
    return {
        "post": post_cell(post["post"], post["title"]),
        "unit": post.get("unit") and unit_cell(post["unit"], post["unit_name"]),
        "kind": term("post_kinds", post["kind"]),
        "rank": post["rank"]
        and {"text": term("ranks_and_grades", post["rank"]), "sort": rank_place(post["rank"])},
        "capacity": {"text": f"{held} / {capacity if capacity is not None else '–'}", "sort": held},
        "has_room": capacity is not None and held < capacity,
        "holders": post["holders"],
    }


# --- posts


class PostsAsked(OnDay):
    """The filters of the list of posts."""

    text: str | None = None
    unit: str | None = None
    rank: str | None = None
    kind: str | None = None


@bp.get("/posts")
def posts() -> str:
    """List the posts with who holds them on the day, filtered by the address."""
    chosen, found = _posts()
    return render_template(
        "posts/index.html",
        chosen=chosen,
        columns=_post_columns(with_unit=True),
        rows=[_post_row(row) for row in found.posts],
        total=found.total,
        found=found,
        units=[
            (unit.id, "\u3000" * level + unit.name)
            for level, unit in unit_tree(current_store()).outline()[:MOST_ROWS]
        ],
        ranks=_options("ranks_and_grades"),
        kinds=_options("post_kinds"),
        answers=[shown(found.answer)],
    )


@bp.get("/api/posts")
@operation(PostListDict, PostsAsked)
def posts_json() -> Response:
    """List posts as JSON, each with those who hold it on the day."""
    return jsonify(_posts()[1].as_dict(MOST_ROWS))


def _posts() -> tuple[dict[str, str], PostList]:
    chosen = PostsAsked.read().model_dump(exclude={"on"}, exclude_none=True)
    return chosen, post_list(current_store(), words.as_of(), MOST_ROWS, **chosen)


@bp.get("/posts/<path:id>")
def post(id: str) -> str:
    """Show one post: its facts, its holders in order with the gaps between them."""
    found = post_file(current_store(), id, words.as_of())
    return render_template(
        "posts/post.html",
        as_of=found.as_of,
        found=found,
        post=found.post,
        columns=[
            {"key": "name", "title": _("Held by")},
            {"key": "period", "title": _("Period")},
            {"key": "months", "title": _("Months"), "number": True},
            {"key": "kind", "title": _("Kind")},
        ],
        rows=_holder_rows(found),
        answers=[shown(answer) for answer in found.answers],
    )


@bp.get("/api/posts/<path:id>")
@operation(PostFileDict, OnDay)
def post_json(id: str) -> Response:
    """Return one post as JSON."""
    return jsonify(post_file(current_store(), id, words.as_of()).as_dict())


def _holder_rows(found: PostFile) -> list[dict[str, Any]]:
    """Return the holders by date, with a row of its own for each gap."""
    rows: list[dict[str, Any]] = [
        {
            "name": person_cell(row["person"], row["name"]),
            "period": when(row),
            "months": row["months"],
            "kind": term("rotation_kinds", row["kind"]),
        }
        for row in found.holders
    ]
    rows += [
        {
            "name": {"text": _("nobody")},
            "period": when(gap),
            "months": gap["months"],
            "kind": None,
        }
        for gap in found.gaps
    ]
    return sorted(rows, key=lambda row: row["period"]["sort"])
