"""Units and posts: the tree, who is where on a day, and who held a post one after another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _

from graph.dates import first_day, months_between
from graph.errors import N_, NotFound, UsageError
from graph.store import Row, Store
from queries.catalogue import Answer, ask
from queries.personnel import of_people
from webapp.data.questions import shown
from webapp.people.pages import rank_place, when
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.store import current_store

bp = Blueprint("places", __name__)

MOST_ROWS = 1000
MOVES = 12  # lines before and after on the page of a post


@dataclass(frozen=True)
class Unit:
    """One unit of the tree."""

    id: str
    name: str
    kind: str | None
    part_of: str | None
    posts: int  # its own, without the units below


class Tree:
    """All units with their places in the tree; made once for each version of the data."""

    def __init__(self, rows: Iterable[Row]) -> None:
        units = [
            Unit(row["unit"], row["name"], row["kind"], row["part_of"], row["posts"])
            for row in rows
        ]
        self.units = {unit.id: unit for unit in units}
        self.children: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in units:
            above = unit.part_of if unit.part_of in self.units else None
            self.children[above].append(unit)

    def way(self, id_: str) -> list[Unit]:
        """Return the units from the top down to this one."""
        way: list[Unit] = []
        unit = self.units.get(id_)
        while unit and unit not in way:
            way.insert(0, unit)
            unit = self.units.get(unit.part_of or "")
        return way

    def branch(self, id_: str) -> Unit | None:
        """Return the unit of the second level that holds this one, or the top itself."""
        way = self.way(id_)
        return way[min(1, len(way) - 1)] if way else None

    def outline(self) -> list[tuple[int, Unit]]:
        """Return all units from the top, each with its level, children below their unit."""
        found: list[tuple[int, Unit]] = []
        waiting = [(0, unit) for unit in reversed(self.children[None])]
        while waiting:
            level, unit = waiting.pop()
            found.append((level, unit))
            waiting += [(level + 1, child) for child in reversed(self.children[unit.id])]
        return found


def tree(store: Store) -> Tree:
    """Return the tree of units of the stored data."""
    return _tree(store, store.version())


@lru_cache(maxsize=4)
def _tree(store: Store, version: str) -> Tree:
    return Tree(ask(store, "units.tree").rows)


# --- units


@bp.get("/units")
def units() -> str:
    """List the tree of units with their posts."""
    outline = tree(current_store()).outline()
    kinds = Counter(unit.kind for _level, unit in outline)
    return render_template(
        "units/index.html",
        outline=outline[:MOST_ROWS],
        total=len(outline),
        kinds=[(term("unit_kinds", kind), count) for kind, count in kinds.most_common() if kind],
    )


@bp.get("/units/<path:id>")
def unit(id: str) -> str:
    """Show one unit: where it stands, who is there on a day with all below, its posts."""
    found = _unit(current_store(), id, _day())
    people = found["people"]
    return render_template(
        "units/unit.html",
        **found,
        as_of_unit=found["on"],
        columns=[
            {"key": "name", "title": _("Name")},
            {"key": "post", "title": _("Post")},
            {"key": "unit", "title": _("Unit")},
            {"key": "since", "title": _("Since")},
        ],
        rows=[
            {
                "name": {"kind": "person", "id": row["person"], "text": row["name"]},
                "post": {"kind": "post", "id": row["post"], "text": row["title"]},
                "unit": row["unit"]
                and {"kind": "unit", "id": row["unit"], "text": row["unit_name"]},
                "since": row["since"],
            }
            for row in people[:MOST_ROWS]
        ],
        post_columns=_post_columns(),
        post_rows=[_post_row(post) for post in found["posts"]],
        persons=len({row["person"] for row in people}),
        answers=[shown(answer) for answer in found["asked"]],
    )


@bp.get("/api/units/<path:id>")
def unit_json(id: str) -> Response:
    """Return one unit as JSON."""
    found = _unit(current_store(), id, _day())
    return jsonify(
        {
            "as_of": found["on"].isoformat(),
            "unit": asdict(found["unit"]),
            "path": [{"id": each.id, "name": each.name} for each in found["way"]],
            "children": [asdict(each) for each in found["children"]],
            "people": found["people"],
            "posts": found["posts"],
        }
    )


def _unit(store: Store, id_: str, on: date) -> dict[str, Any]:
    known = tree(store)
    if id_ not in known.units:
        raise NotFound(N_('There is no unit "%(id)s".'), N_("Search for the name."), id=id_)
    people = ask(store, "units.roster", unit=id_, on=on.isoformat())
    posts = ask(store, "units.posts", unit=id_, on=on.isoformat())
    return {
        "unit": known.units[id_],
        "way": known.way(id_),
        "children": known.children[id_],
        "on": on,
        "people": people.rows,
        "posts": _with_holders(posts.rows),
        "asked": (people, posts),
    }


_OF_POST = ("post", "title", "unit", "unit_name", "kind", "rank", "capacity")


def _options(terms: str) -> list[tuple[str, str]]:
    return [(each.key, term(terms, each.key)) for each in words.programme().terms(terms)]


def _with_holders(rows: list[Row]) -> list[Row]:
    """Gather the rows of one post, one for each holder, into one."""
    posts: dict[str, Row] = {}
    for row in rows:
        post = posts.setdefault(
            row["post"],
            {key: row[key] for key in _OF_POST if key in row} | {"holders": []},
        )
        if row["person"]:
            post["holders"].append({key: row[key] for key in ("person", "name", "since")})
    return list(posts.values())


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
    held, capacity = len(post["holders"]), post["capacity"]
    return {
        "post": {"kind": "post", "id": post["post"], "text": post["title"]},
        "unit": post.get("unit")
        and {"kind": "unit", "id": post["unit"], "text": post["unit_name"]},
        "kind": term("post_kinds", post["kind"]),
        "rank": post["rank"]
        and {"text": term("ranks_and_grades", post["rank"]), "sort": rank_place(post["rank"])},
        "capacity": {"text": f"{held} / {capacity if capacity is not None else '–'}", "sort": held},
        "holders": post["holders"],
    }


# --- posts


@bp.get("/posts")
def posts() -> str:
    """List the posts with who holds them on the day, filtered by the address."""
    chosen, answer = _posts()
    rows = _with_holders(answer.rows)
    return render_template(
        "posts/index.html",
        chosen=chosen,
        columns=_post_columns(with_unit=True),
        rows=[_post_row(row) for row in rows[:MOST_ROWS]],
        total=len(rows),
        empty_posts=sum(not row["holders"] for row in rows),
        units=[
            (unit.id, "\u3000" * level + unit.name)
            for level, unit in tree(current_store()).outline()[:MOST_ROWS]
        ],
        ranks=_options("ranks_and_grades"),
        kinds=_options("post_kinds"),
        answers=[shown(answer)],
    )


@bp.get("/api/posts")
def posts_json() -> Response:
    """List posts as JSON, each with those who hold it on the day."""
    _chosen, answer = _posts()
    rows = _with_holders(answer.rows)
    return jsonify(
        {
            "as_of": answer.parameters["on"],
            "total": len(rows),
            "truncated": len(rows) > MOST_ROWS,
            "posts": rows[:MOST_ROWS],
        }
    )


def _posts() -> tuple[dict[str, str], Answer]:
    names = ("text", "unit", "rank", "kind")
    chosen = {name: text for name in names if (text := request.args.get(name, "").strip())}
    on = _day().isoformat()
    return chosen, ask(current_store(), "posts.filled", **chosen, on=on)


@bp.get("/posts/<path:id>")
def post(id: str) -> str:
    """Show one post: its facts, its holders in order with the gaps between them."""
    found = _post(current_store(), id, words.as_of())
    holders = found["holders"]
    return render_template(
        "posts/post.html",
        **found,
        now=_now(current_store(), id, holders, found["on"]),
        columns=[
            {"key": "name", "title": _("Held by")},
            {"key": "period", "title": _("Period")},
            {"key": "months", "title": _("Months"), "number": True},
            {"key": "kind", "title": _("Kind")},
        ],
        rows=_holder_rows(found),
        answers=[shown(answer) for answer in found["asked"]],
    )


def _now(store: Store, post: str, holders: list[Row], on: date) -> list[Row]:
    """Keep the holders of the day, as the personnel model says."""
    people = sorted({row["person"] for row in holders})
    day = of_people(store, people).on(on) if people else None
    held = {
        (person, each["since"])
        for person in people
        for each in (day.holds(person) if day else ())
        if each["post"] == post
    }
    return [row for row in holders if (row["person"], row["since"]) in held]


@bp.get("/api/posts/<path:id>")
def post_json(id: str) -> Response:
    """Return one post as JSON."""
    found = _post(current_store(), id, words.as_of())
    kept = ("post", "holders", "gaps", "before", "after")
    return jsonify({"as_of": found["on"].isoformat(), **{key: found[key] for key in kept}})


def _post(store: Store, id_: str, on: date) -> dict[str, Any]:
    profile = ask(store, "posts.profile", post=id_)
    holders = ask(store, "posts.holders", post=id_)
    moves = ask(store, "posts.moves", post=id_)
    return {
        "post": profile.rows[0],
        "holders": holders.rows,
        "gaps": gaps(holders.rows, on),
        "before": [row for row in moves.rows if row["direction"] == "before"][:MOVES],
        "after": [row for row in moves.rows if row["direction"] == "after"][:MOVES],
        "on": on,
        "asked": (profile, holders, moves),
    }


def gaps(holders: Iterable[Row], on: date) -> list[dict[str, Any]]:
    """Return the times without any holder, between the first one and the day.

    >>> gaps([{"since": "2019", "until": "2020-03"}, {"since": "2020-05", "until": None}],
    ...      date(2024, 1, 1))
    [{'since': '2020-03', 'until': '2020-05', 'months': 2}]
    """
    found = []
    held = sorted(
        (row for row in holders if row["since"] and row.get("status") != "planned"),
        key=lambda row: row["since"],
    )
    until: str | None = None
    for row in held:
        if until is not None and _is_before(until, row["since"]):
            found.append(_gap(until, row["since"], first_day(row["since"])))
        if not row["until"]:
            return found
        until = max(until or "", row["until"])
    if until is not None and first_day(until) < on:
        found.append(_gap(until, None, on))
    return found


def _is_before(until: str, since: str) -> bool:
    """Compare at the coarser precision: until 2019-10 and since 2019-10-08 may be one day."""
    shorter = min(len(until), len(since))
    return until[:shorter] < since[:shorter]


def _gap(since: str, until: str | None, end: date) -> dict[str, Any]:
    return {"since": since, "until": until, "months": months_between(first_day(since), end)}


def _holder_rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the holders by date, with a row of its own for each gap."""
    rows: list[dict[str, Any]] = [
        {
            "name": {"kind": "person", "id": row["person"], "text": row["name"]},
            "period": when(row),
            "months": _months(row, found["on"]),
            "kind": term("rotation_kinds", row["kind"]),
        }
        for row in found["holders"]
    ]
    rows += [
        {
            "name": {"text": _("nobody")},
            "period": when(gap),
            "months": gap["months"],
            "kind": None,
        }
        for gap in found["gaps"]
    ]
    return sorted(rows, key=lambda row: row["period"]["sort"])


def _months(row: Row, on: date) -> int | None:
    """Count the whole months served up to the day."""
    if not row["since"] or first_day(row["since"]) > on:
        return None
    until = min(first_day(row["until"]), on) if row["until"] else on
    return months_between(first_day(row["since"]), until)


def _day() -> date:
    """Read the day of the address, the as-of day without one; UsageError when it is none."""
    text = request.args.get("on", "").strip()
    if not text:
        return words.as_of()
    try:
        return first_day(text)
    except ValueError:
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name="on",
            value=text,
        ) from None
