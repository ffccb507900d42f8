"""The place Careers: everybody's way in one picture, how long each rank took, and what to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from graph.dates import months_between
from graph.errors import N_, UsageError
from queries.careers.at_level import FEW
from queries.careers.limits import Limits
from queries.careers.lines import CareerLine, CareerLines, CareerLinesDict, career_lines
from queries.careers.path_steps import PathStep, RankReached
from queries.careers.paths import PathAnswer, search
from queries.careers.rank_arrivals import RankTime
from queries.careers.routes import Route, RouteEnd, kept_routes
from queries.personnel import personnel
from webapp.careers.asked import asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.limits import LimitsAsked, asked_limits, kept_limits, limited
from webapp.careers.routes import route_text
from webapp.careers.words import label, person
from webapp.pictures.cohorts import cohorts_picture
from webapp.pictures.path_line import lines_picture
from webapp.pictures.signs import rank_step, signs_of, unit_sign
from webapp.pictures.strip import rank_strip
from webapp.shell.asking import OneOf
from webapp.shell.frame import person_url, term
from webapp.shell.operations import operation
from webapp.shell.store import current_store
from webapp.shell.words import programme

WIDTH = 880
CHIPS = ("start", "via", "end")
MOST_WAYS = 4
MOST_OFFERED = 3  # ways that the controls offer


class LinesAsked(LimitsAsked):
    """Whose ways, and whether those who left are among them."""

    gone: Annotated[str, OneOf("", "yes")] = ""


class OverviewAsked(LinesAsked):
    """How the lines are laid, which are lit, and which is held."""

    align: Annotated[str, OneOf("entry", "calendar")] = "entry"
    start: str = ""
    via: str = ""
    end: str = ""
    lit: Annotated[str, OneOf("", "may_rise", "early")] = ""
    hold: str = ""
    show: Annotated[str, OneOf("", "table")] = ""


@bp.get("/careers")
def index() -> str:
    """Show everybody's way, or cohorts of very many, with what lights up by the chips."""
    asked = OverviewAsked.read()
    found = career_lines(current_store(), asked_day(), _limits(asked), with_gone=bool(asked.gone))
    way = _way(asked, found)
    lit = _lit(asked, found, way)
    first = found.times[0] if found.times else None
    align: Literal["entry", "calendar"] = "calendar" if asked.align == "calendar" else "entry"
    picture = None
    if found.lines:
        least = first.legal_months if first else None
        picture = lines_picture(found.lines, WIDTH, align, least, _least_text(first))
    return render_template(
        "careers/index.html",
        found=found,
        picture=picture,
        cohorts=cohorts_picture(found, WIDTH, _cohort_url) if found.cohorts else None,
        asked=asked,
        way=way,
        lit=lit,
        unseen=len(lit - {line.person for line in found.lines}) if lit and found.lines else 0,
        first=first,
        above=_above(found, first),
        strips=[(time, rank_strip(time)) for time in found.times if _is_told(time)],
        ways=_ways(found),
        ways_more=_ways_url(found),
        chips=[_chip(name, asked) for name in CHIPS],
        suggestions=_suggestions(found, asked),
        legend=[(rank, rank_step(rank), count) for rank, count in found.at_rank.items()],
        signs=signs_of(each.unit_kind for line in found.lines for each in line.posts),
        link=_link,
        hold_url=_hold_url(asked.hold),
        held=next((line for line in found.lines if line.person == asked.hold), None),
        people=_two_lines(found, lit),
        table=_table(found) if asked.show else None,
        choices=choices() if found.people or found.gone else {},
        kept=kept_limits(),
        whom=_whom(asked),
        **limited(asked_limits()),
    )


@bp.get("/api/careers")
@operation(CareerLinesDict, LinesAsked)
def lines_json() -> Response:
    """Answer everybody's ways as JSON."""
    asked = LinesAsked.read()
    store = current_store()
    found = career_lines(store, asked_day(), _limits(asked), with_gone=bool(asked.gone))
    return jsonify(found.as_dict())


def _limits(asked: LimitsAsked) -> Limits:
    """Return the limits of the address; of trainees where there are any and nothing else is said.

    A programme looks after its trainees; their mentors' careers are asked for by `who=all`.
    """
    limits = asked_limits()
    if "who" in request.args or not programme().stages:
        return limits
    return replace(limits, trainees=True)


def _whom(asked: OverviewAsked) -> list[tuple[str, str, bool]]:
    """Offer the trainees or everybody, where the programme looks after trainees."""
    if not programme().stages:
        return []
    is_all = "who" in request.args and asked.who == "all"
    return [
        (_("{trainees}"), _link(who=None), not is_all),
        (_("all people"), _link(who="all"), is_all),
    ]


def _link(**changes: str | None) -> str:
    """Return this page's address with some things asked for differently; None takes one away."""
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if value}
    kept.update(changes)
    return url_for("careers.index", **{key: value for key, value in kept.items() if value})


def _hold_url(held: str) -> Callable[[str], str]:
    """Return what a click on a line opens: it holds the line, and a second one compares."""

    def url_of(person: str) -> str:
        if not held:
            return _link(hold=person, lit=None)
        if person == held:
            return _link(hold=None)
        return url_for("careers.side_by_side", person=[held, person])

    return url_of


def _cohort_url(cohort: int | None) -> str:
    return _link(cohort_from=str(cohort), cohort_to=str(cohort)) if cohort else _link()


def _least_text(first: RankTime | None) -> str:
    if first is None or not first.legal_months:
        return ""
    return _(
        "%(rank)s by law after %(years)s years at the least (%(rules)s)",
        rank=term("ranks", first.rank),
        years=f"{first.legal_months / 12:g}",
        rules="+".join(first.legal_rules),
    )


def _above(found: CareerLines, first: RankTime | None) -> int:
    """Count who holds the first rank that is told of, or one above it."""
    if first is None:
        return 0
    ranks = found.ladder[found.ladder.index(first.rank) :]
    return sum(found.at_rank.get(rank, 0) for rank in ranks)


def _is_told(time: RankTime) -> bool:
    """Return whether a rank's times say something: somebody arrived."""
    return bool(time.groups.arrived)


# --- chips: from, by way of, to


def _step(text: str) -> PathStep:
    """Read a chip: `rank:副科` is the first day at it or above, all else a posting that begins."""
    what, sign, value = text.partition(":")
    if what == "rank" and sign:
        return PathStep(reaches=RankReached(rank=value))
    if what == "unit_kind" and sign:
        return PathStep(unit_kind=value)
    if what == "post_kind" and sign:
        return PathStep(post_kind=value)
    raise UsageError(
        N_("A way leads by rank:R, unit_kind:K or post_kind:K, not %(text)s."),
        N_("Choose from the list."),
        text=text,
    )


def _way(asked: OverviewAsked, found: CareerLines) -> PathAnswer | None:
    steps = tuple(_step(text) for name in CHIPS if (text := getattr(asked, name)))
    if not steps:
        return None
    most = None if found.lines else FEW  # lines are lit one by one, cohorts are not
    return search(current_store(), steps, found.on, most, found.limits)


def _lit(asked: OverviewAsked, found: CareerLines, way: PathAnswer | None) -> set[str] | None:
    """Return who is lit; None: everybody alike."""
    if way is not None:
        return {match.person for match in way.people}
    if asked.lit == "may_rise":
        return {line.person for line in found.may_rise}
    if asked.lit == "early":
        return {each.person for time in found.times[:1] for each in time.early}
    if asked.hold:
        return {asked.hold}
    return None


def _chip(name: str, asked: OverviewAsked) -> dict[str, Any]:
    titles = {"start": _("from"), "via": _("by way of"), "end": _("to")}
    chosen = getattr(asked, name)
    offered = [
        {"text": _choice_text(each), "url": _link(**{name: each, "lit": None, "hold": None})}
        for each in _offered(name)
    ]
    return {
        "title": titles[name],
        "text": _choice_text(chosen) if chosen else _("anything"),
        "is_on": bool(chosen),
        "off": _link(**{name: None}),
        "choices": offered,
    }


def _offered(name: str) -> list[str]:
    columns = personnel(current_store()).columns
    used = {
        "unit_kind": {kind for kind in columns.unit_kinds if kind},
        "post_kind": {kind for kind in columns.post_kinds if kind},
        "rank": {rank for rank in columns.ranks if rank},
    }
    known = programme()
    order = ("rank", "post_kind", "unit_kind") if name == "end" else ("unit_kind", "post_kind")
    order = order if name != "via" else ("post_kind", "unit_kind", "rank")
    found = []
    for what in order:
        listed = [each.key for each in known.terms(f"{what}s")]
        found += [f"{what}:{key}" for key in listed if key in used[what]]
    return found


def _choice_text(text: str) -> str:
    what, _sign, value = text.partition(":")
    return label(what, value, value)


def _suggestions(found: CareerLines, asked: OverviewAsked) -> list[dict[str, Any]]:
    """Offer what is asked most: from the two lowest kinds of unit to a rank; who may rise now."""
    offered: list[dict[str, Any]] = []
    if found.times and found.lines:
        rank = found.times[0].rank
        first = [line.posts[0].unit_kind for line in found.lines if line.posts]
        counted = {kind: first.count(kind) for kind in dict.fromkeys(first) if kind}
        for kind in sorted(counted, key=lambda each: -counted[each])[:MOST_OFFERED]:
            steps = (PathStep(unit_kind=kind), PathStep(reaches=RankReached(rank=rank)))
            count = search(current_store(), steps, found.on, 0, found.limits).count
            chosen = {"start": f"unit_kind:{kind}", "end": f"rank:{rank}"}
            offered.append(
                {
                    "text": f"{label('unit_kind', kind, kind)} → {term('ranks', rank)}",
                    "count": count,
                    "url": _link(**chosen, via=None, lit=None, hold=None),
                    "is_on": (asked.start, asked.end) == (chosen["start"], chosen["end"]),
                }
            )
    if found.may_rise:
        none = dict.fromkeys((*CHIPS, "hold"))
        offered.append(
            {
                "text": _("may rise now"),
                "count": len(found.may_rise),
                "url": _link(**none, lit=None if asked.lit == "may_rise" else "may_rise"),
                "is_on": asked.lit == "may_rise",
            }
        )
    return offered


# --- the panel


def _ways(found: CareerLines) -> list[dict[str, Any]]:
    """Return the commonest ways to the first rank above the lowest, by kinds of unit."""
    if not found.times:
        return []
    time = found.times[0]
    ends = RouteEnd("rank", time.start), RouteEnd("rank", time.rank)
    answer = kept_routes(current_store(), *ends, found.on, "unit_kind", found.limits)
    most = max((route.count for route in answer.routes), default=1)
    return [
        {
            "text": _way_text(route),
            "title": route_text(answer, route),
            "count": route.count,
            "share": round(100 * route.count / most),
            "url": url_for(
                "careers.from_to",
                start=f"rank:{time.start}",
                end=f"rank:{time.rank}",
                level="unit_kind",
                route=at,
                **kept_limits(),
            ),
        }
        for at, route in enumerate(answer.routes[:MOST_WAYS])
    ]


def _way_text(route: Route) -> str:
    return " → ".join(unit_sign(key) or "?" for key in route.keys)


def _ways_url(found: CareerLines) -> str:
    if not found.times:
        return ""
    time = found.times[0]
    return url_for(
        "careers.from_to",
        start=f"rank:{time.start}",
        end=f"rank:{time.rank}",
        level="unit_kind",
        **kept_limits(),
    )


def _table(found: CareerLines) -> dict[str, Any]:
    columns: Sequence[dict[str, Any]] = (
        {"key": "person", "title": _("Person")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "entry", "title": _("Entry")},
        {"key": "way", "title": _("Way")},
        {"key": "rank", "title": _("Rank")},
        {"key": "months", "title": _("Months since entry"), "number": True},
        {"key": "next", "title": _("Next rank")},
    )
    return {"columns": list(columns), "rows": [_row(line) for line in found.lines]}


def _two_lines(found: CareerLines, lit: set[str] | None) -> list[dict[str, Any]]:
    """Return a row of two lines for each, for a narrow screen; of those who are lit alone."""
    rows = []
    for line in found.lines:
        if lit is not None and line.person not in lit:
            continue
        told = _row(line)
        signs = [unit_sign(each.unit_kind) for each in line.posts if each.unit_kind]
        way = [sign for at, sign in enumerate(signs) if not at or sign != signs[at - 1]]
        rows.append(
            {
                "name": line.name,
                "url": person_url(line.person),
                "cohort": line.cohort,
                "rank": told["rank"],
                "way": " → ".join(way),
                "next": told["next"],
                "months": told["months"],
            }
        )
    return rows


def _row(line: CareerLine) -> dict[str, Any]:
    ranks = [each.rank for each in line.posts if each.rank]
    rise = line.next_rise
    told = ""
    if rise and rise.state == "open":
        told = _("%(rank)s now", rank=term("ranks", rise.rank))
    elif rise and rise.day:
        told = f"{term('ranks', rise.rank)} {rise.day}"
    units = [f"{each.unit_name or ''} {each.title}".strip() for each in line.posts]
    return {
        "person": person(line.person, line.name),
        "cohort": line.cohort,
        "entry": line.entry.isoformat(),
        "way": " → ".join(units),
        "rank": term("ranks", ranks[-1]) if ranks else None,
        "months": months_between(line.entry, line.until),
        "next": told or None,
    }
