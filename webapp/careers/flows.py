"""Flows between units, ranks or posts by period, and the tree of where careers part and meet."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from queries.careers.flows import Flows, FlowsDict, Moved, flows
from queries.careers.tree import MOST_DEPTH, Branch, CareerTree, CareerTreeDict, tree
from queries.personnel import postings
from webapp.careers import charts
from webapp.careers.asked import AtLevel, asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.files import CareerTable, file_links, tables_file, wants_file
from webapp.careers.limits import KEPT, asked_limits, kept_limits, limited
from webapp.careers.words import (
    LEVEL_TITLES,
    SHOWN,
    career_link,
    group_columns,
    how,
    label,
    person,
    post,
    unit,
)
from webapp.shell.asking import OneOf, Whole
from webapp.shell.operations import operation
from webapp.shell.store import current_store

TREE_KEPT = ("level", "depth", *KEPT)
ENDS = ("source", "target", "entered")
MOST_BALANCES = 100


class FlowsJson(AtLevel):
    """Moves of a period, in or out of a unit; with `people=1` who made each one."""

    people: Annotated[str, OneOf("0", "1")] = "0"


class TreeAsked(AtLevel):
    """How many postings deep the tree of beginnings goes."""

    depth: Annotated[int, Whole(1, MOST_DEPTH, 4)] = 4


class StepPage(TreeAsked):
    """The step of the career that a page lists."""

    step: Annotated[int, Whole(1, MOST_DEPTH, 2)] = 1
    stayed: Annotated[str, OneOf("0", "1")] = "0"


@bp.get("/careers/flows")
def flow() -> ResponseReturnValue:
    """Show who moved between what in a period, with what each gained and lost."""
    found = _flows()
    if wants_file():
        return tables_file(
            "flows", _("Who moves between what?"), found.limits, found.on, _files(found)
        )
    links = {
        (band.source, band.target): charts.band_url(found, source=band.source, target=band.target)
        for band in found.bands
    }
    return render_template(
        "careers/flows.html",
        found=found,
        level=found.level,
        levels=LEVEL_TITLES,
        level_title=LEVEL_TITLES.get(found.level, found.level),
        choices=choices(),
        files=file_links(
            [("moves", _("Moves")), ("gains", _("Gains and losses")), ("people", _("Who moved"))]
        ),
        **limited(found.limits),
        chart=charts.sankey(found, links) if found.bands else None,
        chart_height=charts.height(len(found.bands)),
        cut=max(len(found.bands) - charts.MOST_BANDS, 0),
        bands=_band_table(found, links),
        balances=_balance_table(found),
        widest=found.bands[0] if found.bands else None,
        label=label,
        answers=[how(found.cypher, _("The postings that are read"))],
    )


@bp.get("/careers/flows/people")
def flow_people() -> ResponseReturnValue:
    """Show the people of one band, or who came to a label, left it or began there."""
    found = _flows()
    moves = _asked_moves(found)
    if wants_file():
        table = CareerTable("people", _("Who moved"), _people_table(moves, None))
        return tables_file("flow", _("Who moved"), found.limits, found.on, [table])
    return render_template(
        "careers/flow_people.html",
        moves=moves,
        files=file_links([("people", _("Who moved"))]),
        **limited(found.limits),
        people=len({moved.person for moved in moves}),
        source=_end(found, "source"),
        target=_end(found, "target"),
        entered=_end(found, "entered"),
        table=_people_table(moves),
        cut=max(len(moves) - SHOWN, 0),
        back=url_for("careers.flow", level=found.level, **kept_limits()),
        answers=[how(found.cypher, _("The postings that are read"))],
    )


def _asked_moves(found: Flows) -> tuple[Moved, ...]:
    """Return the moves of the address; an end that it does not name may be anything."""
    ends = {key: request.args[key] or None for key in ENDS if key in request.args}
    if "entered" in ends:
        return found.entered(ends["entered"])
    if "source" in ends and "target" in ends:
        band = found.band(ends["source"], ends["target"])
        return band.moves if band else ()
    if "target" in ends:
        return found.gained(ends["target"])
    return found.lost(ends.get("source"))


def _end(found: Flows, name: str) -> str | None:
    """Name an end of the address; None where it names none."""
    if name not in request.args:
        return None
    key = request.args[name] or None
    texts = dict(_texts(found.level))
    return label(found.level, key, texts.get(key or "", key or ""))


@bp.get("/api/careers/flows")
@operation(FlowsDict, FlowsJson)
def flow_json() -> Response:
    """Answer the same as JSON; `people=1` adds who made each move."""
    return jsonify(_flows().as_dict(people=FlowsJson.read().people == "1"))


@bp.get("/careers/tree")
def branches() -> ResponseReturnValue:
    """Show the tree of beginnings: where careers part, where they meet again, and who is there."""
    found = _tree()
    if wants_file():
        title = _("Tree of careers")
        return tables_file("tree", title, found.limits, found.on, _tree_files(found))
    path = request.args.getlist("at")
    branch = found.at(path)
    if branch is None:
        raise NotFound(N_("No career begins that way."), N_("Go back to the whole tree."))
    return render_template(
        "careers/tree.html",
        found=found,
        level=found.level,
        levels=LEVEL_TITLES,
        level_title=LEVEL_TITLES.get(found.level, found.level),
        depth=TreeAsked.read().depth,
        most_depth=MOST_DEPTH,
        choices=choices(),
        files=file_links(
            [
                ("branches", _("Tree of careers")),
                ("meetings", _("Meetings")),
                ("people", _("Who is on each branch")),
            ]
        ),
        **limited(found.limits),
        branch=branch,
        rows=_rows(branch, path, found.level),
        trail=_trail(found, path),
        people=branch.people[:SHOWN] if path else [],
        cut=max(len(branch.people) - SHOWN, 0),
        chart=charts.meeting(found, **_kept()) if found.root.branches else None,
        meetings=_meetings(found),
        branch_text=charts.branch_text(branch, found.level),
        answers=[how(found.cypher, _("The postings that are read"))],
    )


@bp.get("/careers/tree/people")
def branch_people() -> ResponseReturnValue:
    """Show who has a label as a given step of the career, whichever way led there.

    With `stayed` only who has gone no further.
    """
    found = _tree()
    step, stayed = StepPage.read().step, StepPage.read().stayed == "1"
    key = request.args.get("key") or None
    before = (request.args["before"] or None,) if "before" in request.args else None
    people = found.together(step, key, before, stayed)
    if wants_file():
        table = CareerTable("people", _("Person"), _who_table(people))
        return tables_file("branch", _("Tree of careers"), found.limits, found.on, [table])
    texts = dict(_texts(found.level))
    return render_template(
        "careers/branch_people.html",
        people=people,
        step=step,
        target=label(found.level, key, texts.get(key or "", key or "")),
        source=label(found.level, before[0], texts.get(before[0] or "", before[0] or ""))
        if before
        else None,
        stayed=stayed,
        files=file_links([("people", _("Person"))]),
        **limited(found.limits),
        table=_who_table(people[:SHOWN]),
        cut=max(len(people) - SHOWN, 0),
        back=url_for("careers.branches", **_kept()),
        answers=[how(found.cypher, _("The postings that are read"))],
    )


@bp.get("/api/careers/tree")
@operation(CareerTreeDict, TreeAsked)
def branches_json() -> Response:
    """Answer the same as JSON."""
    return jsonify(_tree().as_dict())


def _flows() -> Flows:
    return flows(current_store(), AtLevel.read().level, asked_day(), asked_limits())


def _tree() -> CareerTree:
    asked = TreeAsked.read()
    return tree(current_store(), asked.level, asked_day(), asked.depth, asked_limits())


def _kept() -> dict[str, Any]:
    """Return what the addresses of the tree keep of this one."""
    return {key: request.args[key] for key in TREE_KEPT if request.args.get(key)}


def _texts(level: str) -> list[tuple[str, str]]:
    _codes, keys, texts = postings(current_store()).labels(level)
    return list(zip(keys, texts, strict=True))


def _band_table(
    found: Flows, links: dict[tuple[str | None, str | None], str], most: int | None = SHOWN
) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "source", "title": _("From")},
            {"key": "target", "title": _("To")},
            {"key": "moves", "title": _("Moves"), "number": True},
            *group_columns(_("People")),
        ],
        "rows": [
            {
                "source": _end_cell(found.level, band.source, band.source_text),
                "target": _end_cell(found.level, band.target, band.target_text),
                "moves": {
                    "url": links[band.source, band.target],
                    "text": len(band),
                    "sort": len(band),
                },
                **band.groups.as_dict(),
            }
            for band in found.bands[:most]
        ],
    }


def _end_cell(level: str, key: str | None, text: str) -> Any:
    """Make the cell of an end of a band; a unit or a post is a link."""
    said = label(level, key, text)
    if key is None or level not in ("unit", "post"):
        return said
    return unit(key, said) if level == "unit" else post(key, said)


def _files(found: Flows) -> list[CareerTable]:
    links = {(band.source, band.target): "" for band in found.bands}
    moved: list[dict[str, Any]] = []
    for band in found.bands:
        ends = {
            "source": _end_cell(found.level, band.source, band.source_text),
            "target": _end_cell(found.level, band.target, band.target_text),
        }
        moved += [{**ends, **row} for row in _people_table(band.moves, None)["rows"]]
    columns = [
        {"key": "source", "title": _("From")},
        {"key": "target", "title": _("To")},
        *_people_table((), None)["columns"],
    ]
    return [
        CareerTable("moves", _("Moves"), _band_table(found, links, None)),
        CareerTable("gains", _("Gains and losses"), _balance_table(found, None)),
        CareerTable("people", _("Who moved"), {"columns": columns, "rows": moved}),
    ]


def _who_table(people: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "person", "title": _("Person")},
            {"key": "career", "title": _("Career")},
        ],
        "rows": [{"person": person(id_, name), "career": career_link(id_)} for id_, name in people],
    }


def _balance_table(found: Flows, most: int | None = MOST_BALANCES) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "what", "title": str(LEVEL_TITLES[found.level])},
            {"key": "gained", "title": _("Gained"), "number": True},
            {"key": "lost", "title": _("Lost"), "number": True},
            {"key": "net", "title": _("Net"), "number": True},
            {"key": "entered", "title": _("Began there"), "number": True},
        ],
        "rows": [
            {
                "what": _end_cell(found.level, each.key, each.text),
                "gained": _opens(each.gained, charts.band_url(found, target=each.key)),
                "lost": _opens(each.lost, charts.band_url(found, source=each.key)),
                "net": each.net if most is None else f"{each.net:+d}" if each.net else "0",
                "entered": _opens(each.entered, charts.band_url(found, entered=each.key)),
            }
            for each in found.balances[:most]
        ],
    }


def _opens(count: int, url: str) -> Any:
    """Make a figure that opens its rows, where there are any."""
    return {"url": url, "text": count, "sort": count} if count else count


def _people_table(moves: tuple[Moved, ...], most: int | None = SHOWN) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "person", "title": _("Person")},
            {"key": "since", "title": _("Moved on")},
            {"key": "months", "title": _("Months before that"), "number": True},
            {"key": "career", "title": _("Career")},
        ],
        "rows": [
            {
                "person": person(moved.person, moved.name),
                "since": {"text": moved.since, "sort": moved.day.isoformat()},
                "months": moved.months,
                "career": career_link(moved.person),
            }
            for moved in moves[:most]
        ],
    }


def _rows(branch: Branch, path: list[str], level: str) -> list[dict[str, Any]]:
    """Lay out a branch and what is below it, two levels deep, each with its own address."""
    kept = _kept()
    rows: list[dict[str, Any]] = []

    def add(each: Branch, at: list[str], indent: int) -> None:
        for below in each.branches:
            here = [*at, below.key or ""]
            url = url_for("careers.branches", **kept, at=here)
            rows.append(
                {
                    "text": label(level, below.key, below.text),
                    "people": len(below.people),
                    "groups": below.groups,
                    "months": below.median_months,
                    "indent": indent,
                    "url": url,
                }
            )
            if indent < 2:
                add(below, here, indent + 1)

    add(branch, path, 0)
    return rows[:SHOWN]


def _tree_files(found: CareerTree) -> list[CareerTable]:
    """Return every branch with its groups, the meetings, and who is on which branch."""
    ways: list[dict[str, Any]] = []
    who: list[dict[str, Any]] = []

    def add(branch: Branch, before: str) -> None:
        for below in branch.branches:
            way = before + label(found.level, below.key, below.text)
            row = {"way": way, "step": below.depth, "months": below.median_months}
            ways.append({**row, "people": len(below.people), **below.groups.as_dict()})
            who.extend({"way": way, "person": person(id_, name)} for id_, name in below.people)
            add(below, f"{way} → ")

    add(found.root, "")
    columns = [
        {"key": "way", "title": _("Way")},
        {"key": "step", "title": _("As which step"), "number": True},
        {"key": "people", "title": _("People"), "number": True},
        *group_columns(_("Went on")),
        {"key": "months", "title": _("Median months"), "number": True},
    ]
    of_people = [columns[0], {"key": "person", "title": _("Person")}]
    return [
        CareerTable("branches", _("Tree of careers"), {"columns": columns, "rows": ways}),
        CareerTable("meetings", _("Meetings"), _meetings(found, None)),
        CareerTable("people", _("Who is on each branch"), {"columns": of_people, "rows": who}),
    ]


def _trail(found: CareerTree, path: list[str]) -> list[dict[str, str]]:
    kept = _kept()
    trail = [{"text": _("Everybody"), "url": url_for("careers.branches", **kept)}]
    for length in range(1, len(path) + 1):
        branch = found.at(path[:length])
        if branch is not None:
            url = url_for("careers.branches", **kept, at=path[:length])
            trail.append({"text": label(found.level, branch.key, branch.text), "url": url})
    return trail


def _meetings(found: CareerTree, most: int | None = SHOWN) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "what", "title": str(LEVEL_TITLES[found.level])},
            {"key": "depth", "title": _("As which step"), "number": True},
            {"key": "ways", "title": _("Different ways there"), "number": True},
            {"key": "people", "title": _("People"), "number": True},
        ],
        "rows": [
            {
                "what": label(found.level, each.key, each.text),
                "depth": each.depth,
                "ways": each.ways,
                "people": _opens(each.people, charts.step_url(each.depth, each.key, **_kept())),
            }
            for each in found.meetings[:most]
        ],
    }
