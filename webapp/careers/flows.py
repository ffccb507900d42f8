"""Flows between units, ranks or posts by period, and the tree of where careers part and meet."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from queries.careers.flows import Flows, FlowsDict, Moved, flows, years
from queries.careers.tree import MOST_DEPTH, Branch, CareerTree, CareerTreeDict, tree
from queries.personnel import postings
from webapp.careers import charts
from webapp.careers.asked import AtLevel, asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.words import LEVEL_TITLES, SHOWN, career_link, how, label, month_count, person
from webapp.shell.asking import Day, OneOf, Whole
from webapp.shell.operations import operation
from webapp.shell.store import current_store

TREE_KEPT = ("level", "depth", "on")
ENDS = ("source", "target", "entered")
MOST_BALANCES = 100


class FlowsAsked(AtLevel):
    """Moves that begin from `since` until before `until`, in or out of a unit."""

    since: Day | None = None
    until: Day | None = None
    unit: str | None = None


class FlowsJson(FlowsAsked):
    """The same, with who made each move."""

    people: Annotated[str, OneOf("0", "1")] = "0"


class TreeAsked(AtLevel):
    """How many postings deep the tree of beginnings goes."""

    depth: Annotated[int, Whole(1, MOST_DEPTH, 4)] = 4


class StepPage(TreeAsked):
    """The step of the career that a page lists."""

    step: Annotated[int, Whole(1, MOST_DEPTH, 2)] = 1


@bp.get("/careers/flows")
def flow() -> str:
    """Show who moved between what in a period, with what each gained and lost."""
    found = _flows()
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
        span=years(current_store(), found.on),
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
def flow_people() -> str:
    """Show the people of one band, or who came to a label, left it or began there."""
    found = _flows()
    moves = _asked_moves(found)
    kept: dict[str, Any] = {
        key: request.args[key] for key in (*charts.KEPT, "level") if request.args.get(key)
    }
    return render_template(
        "careers/flow_people.html",
        moves=moves,
        people=len({moved.person for moved in moves}),
        source=_end(found, "source"),
        target=_end(found, "target"),
        entered=_end(found, "entered"),
        table=_people_table(moves),
        cut=max(len(moves) - SHOWN, 0),
        back=url_for("careers.flow", **kept),
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
def branches() -> str:
    """Show the tree of beginnings: where careers part, where they meet again, and who is there."""
    found = _tree()
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
        branch=branch,
        rows=_rows(branch, path, found.level),
        trail=_trail(found, path),
        people=branch.people[:SHOWN] if path else [],
        cut=max(len(branch.people) - SHOWN, 0),
        chart=charts.meeting(found, **_kept())
        if any(b.branches for b in found.root.branches)
        else None,
        meetings=_meetings(found),
        branch_text=charts.branch_text(branch, found.level),
        month_count=month_count,
        answers=[how(found.cypher, _("The postings that are read"))],
    )


@bp.get("/careers/tree/people")
def branch_people() -> str:
    """Show who has a label as a given step of the career, whichever way led there."""
    found = _tree()
    step = StepPage.read().step
    key = request.args.get("key") or None
    before = (request.args["before"] or None,) if "before" in request.args else None
    people = found.together(step, key, before)
    texts = dict(_texts(found.level))
    return render_template(
        "careers/branch_people.html",
        people=people,
        step=step,
        target=label(found.level, key, texts.get(key or "", key or "")),
        source=label(found.level, before[0], texts.get(before[0] or "", before[0] or ""))
        if before
        else None,
        table={
            "columns": [
                {"key": "person", "title": _("Person")},
                {"key": "career", "title": _("Career")},
            ],
            "rows": [
                {"person": person(id_, name), "career": career_link(id_)}
                for id_, name in people[:SHOWN]
            ],
        },
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
    asked = FlowsAsked.read()
    return flows(current_store(), asked.level, asked_day(), asked.since, asked.until, asked.unit)


def _tree() -> CareerTree:
    asked = TreeAsked.read()
    return tree(current_store(), asked.level, asked_day(), asked.depth)


def _kept() -> dict[str, Any]:
    """Return what the addresses of the tree keep of this one."""
    return {key: request.args[key] for key in TREE_KEPT if request.args.get(key)}


def _texts(level: str) -> list[tuple[str, str]]:
    _codes, keys, texts = postings(current_store()).labels(level)
    return list(zip(keys, texts, strict=True))


def _band_table(found: Flows, links: dict[tuple[str | None, str | None], str]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "source", "title": _("From")},
            {"key": "target", "title": _("To")},
            {"key": "moves", "title": _("Moves"), "number": True},
            {"key": "people", "title": _("People"), "number": True},
        ],
        "rows": [
            {
                "source": label(found.level, band.source, band.source_text),
                "target": label(found.level, band.target, band.target_text),
                "moves": {
                    "url": links[band.source, band.target],
                    "text": len(band),
                    "sort": len(band),
                },
                "people": band.people,
            }
            for band in found.bands[:SHOWN]
        ],
    }


def _balance_table(found: Flows) -> dict[str, Any]:
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
                "what": label(found.level, each.key, each.text),
                "gained": _opens(each.gained, charts.band_url(found, target=each.key)),
                "lost": _opens(each.lost, charts.band_url(found, source=each.key)),
                "net": f"{each.net:+d}" if each.net else "0",
                "entered": _opens(each.entered, charts.band_url(found, entered=each.key)),
            }
            for each in found.balances[:MOST_BALANCES]
        ],
    }


def _opens(count: int, url: str) -> Any:
    """Make a figure that opens its rows, where there are any."""
    return {"url": url, "text": count, "sort": count} if count else count


def _people_table(moves: tuple[Moved, ...]) -> dict[str, Any]:
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
            for moved in moves[:SHOWN]
        ],
    }


def _rows(branch: Branch, path: list[str], level: str) -> list[dict[str, Any]]:
    """Lay out a branch and what is below it, two levels deep, each with its own address."""
    kept = _kept()
    rows: list[dict[str, Any]] = []

    def add(each: Branch, at: list[str], indent: int) -> None:
        for below in each.branches:
            here = [*at, below.key or ""]
            rows.append(
                {
                    "text": label(level, below.key, below.text),
                    "people": len(below.people),
                    "ended": below.ended,
                    "months": below.median_months,
                    "indent": indent,
                    "url": url_for("careers.branches", **kept, at=here),
                }
            )
            if indent < 2:
                add(below, here, indent + 1)

    add(branch, path, 0)
    return rows[:SHOWN]


def _trail(found: CareerTree, path: list[str]) -> list[dict[str, str]]:
    kept = _kept()
    trail = [{"text": _("Everybody"), "url": url_for("careers.branches", **kept)}]
    for length in range(1, len(path) + 1):
        branch = found.at(path[:length])
        if branch is not None:
            url = url_for("careers.branches", **kept, at=path[:length])
            trail.append({"text": label(found.level, branch.key, branch.text), "url": url})
    return trail


def _meetings(found: CareerTree) -> dict[str, Any]:
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
            for each in found.meetings[:SHOWN]
        ],
    }
