"""One person's career on one axis, and several people side by side."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.meanings import plain_kinds
from queries.careers.compare import MOST_PEOPLE, Comparison, ComparisonDict, Shared, compare
from queries.careers.history import CYPHER, Career, CareerDict, career
from queries.careers.limits import EVERYBODY
from queries.personnel import postings
from queries.timeline import of_career
from webapp.careers.asked import asked_day, person_id
from webapp.careers.blueprint import bp
from webapp.careers.files import CareerTable, file_links, tables_file, wants_file
from webapp.careers.picture import picture
from webapp.careers.words import career_link, held_as, how, post, posting_note, unit
from webapp.people.timeline import period, timeline
from webapp.pictures.time_lanes import time_lanes
from webapp.shell.asking import OnDay, Several, WithPlanned
from webapp.shell.day import planned
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.words import programme


@bp.get("/careers/people/<path:id>")
def one(id: str) -> ResponseReturnValue:
    """Show one career: posts, ranks, mentors, exercises, records on one axis; gaps named."""
    on = asked_day()
    found = career(current_store(), id, on, programme(), planned())
    lit = set(filter(None, request.args.get("lit", "").split(",")))
    tables = [
        CareerTable("postings", _("Posts and exercises"), _table(found, lit)),
        CareerTable("moves", _("Main posts in order"), _moves(found)),
    ]
    if wants_file():
        return tables_file("career", str(found.person["name"]), EVERYBODY, on, tables)
    return render_template(
        "careers/one.html",
        found=found,
        on=on,
        line=(line := timeline(of_career(found, plain_kinds(programme())), on)),
        line_picture=time_lanes(line),
        as_of=on,
        table=tables[0].table,
        moves=tables[1].table,
        files=file_links([(each.key, each.title) for each in tables]),
        gaps=_gaps(found),
        together=[
            {
                "one": post(a["post"], a["title"]),
                "other": post(b["post"], b["title"]),
                "period": period(since, until),
            }
            for a, b, since, until in found.together
        ],
        ranks=[(term("ranks_and_grades", step.rank), step) for step in found.ranks],
        has_ladder=bool(programme().ranks),
        unrecorded=sum(p.end_not_recorded for p in found.postings),
        lit=lit,
        planned=any(p.row["status"] == "planned" for p in found.postings),
        answers=[how(text.strip(), person=id) for text in CYPHER.values()],
    )


@bp.get("/api/careers/people/<path:id>")
@operation(CareerDict, WithPlanned)
def one_json(id: str) -> Response:
    """Answer the same as JSON, with the earliest legal dates of `/api/careers/dates`."""
    return jsonify(career(current_store(), id, asked_day(), programme(), planned()).as_dict())


class CompareAsked(OnDay):
    """Who stands side by side, and from which day each is counted.

    An `align` that cannot be is told by the question itself.
    """

    person: Several = ()
    align: str = "date"
    rank: str | None = None


@bp.get("/careers/compare")
def side_by_side() -> ResponseReturnValue:
    """Put 2 to 6 people side by side, by date, by time since entry, or by a rank."""
    people = asked_people()
    found = _compare(people) if len(people) > 1 else None
    if found and wants_file():
        tables = [CareerTable("figures", _("Figures"), _side_table(found))]
        return tables_file("compare", _("Side by side"), EVERYBODY, asked_day(), tables)
    return render_template(
        "careers/compare.html",
        found=found,
        people=people,
        names=_names(people),
        rows=[*people, *([""] * (MOST_PEOPLE - len(people)))][: max(len(people) + 1, 2)],
        align=CompareAsked.read().align,
        rank=CompareAsked.read().rank or "",
        ranks=programme().ranks,
        picture=picture(found) if found else None,
        shared=[_shared(each, found) for each in found.shared] if found else [],
        differences=[
            (_name(found, a), _name(found, b), [said(each) for each in sentences])
            for a, b, sentences in found.differences
        ]
        if found
        else [],
        table=_side_table(found) if found else None,
        files=file_links([("figures", _("Figures"))]),
        answers=[how(found.cypher)] if found else [],
    )


@bp.get("/api/careers/compare")
@operation(ComparisonDict, CompareAsked)
def side_by_side_json() -> Response:
    """Answer the same as JSON."""
    found = _compare(asked_people())
    answer = found.as_dict()
    for (_a, _b, sentences), row in zip(found.differences, answer["differences"], strict=True):
        row["sentences"] = [said(each) for each in sentences]
    return jsonify(answer)


def asked_people() -> list[str]:
    """Return the ids of the address; a name that only one person has will do."""
    return list(dict.fromkeys(person_id(text) for text in CompareAsked.read().person))


def _compare(people: list[str]) -> Comparison:
    asked = CompareAsked.read()
    align: Any = asked.align
    rank, wanted = asked.rank, align
    if align == "rank" and rank is None and programme().ranks:
        rank = programme().ranks[min(1, len(programme().ranks) - 1)].key
    return compare(current_store(), people, asked_day(), programme(), wanted, rank)


def _names(people: list[str]) -> dict[str, str]:
    columns = postings(current_store())
    return {
        id_: columns.person_names[columns.person_at[id_]]
        for id_ in people
        if id_ in columns.person_at
    }


def _name(found: Comparison, id_: str) -> dict[str, str]:
    name = next(each.person["name"] for each in found.careers if each.person["id"] == id_)
    return {"id": id_, "name": name}


def _table(found: Career, lit: set[str]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "period", "title": _("Period")},
            {"key": "unit", "title": _("Unit")},
            {"key": "post", "title": _("Post")},
            {"key": "held_as", "title": _("Held as")},
            {"key": "kind", "title": _("Kind")},
            {"key": "rank", "title": _("Rank")},
            {"key": "months", "title": _("Months"), "number": True},
            {"key": "note", "title": _("Note")},
        ],
        "rows": [
            {
                "period": {
                    "text": period(p.row["since"], p.ends, planned=p.row["status"] == "planned"),
                    "sort": p.row["since"] or "",
                },
                "unit": unit(p.row["unit"], p.row["unit_name"]),
                "post": post(p.row["post"], p.row["title"]),
                "held_as": held_as(p) or None,
                "kind": term("rotation_kinds", p.row["kind"]) or None,
                "rank": term("ranks_and_grades", p.row["rank"]) or None,
                "months": p.months,
                "note": " · ".join(
                    filter(
                        None,
                        [
                            _("step of the search") if p.row["id"] in lit else "",
                            posting_note(p, found.on),
                        ],
                    )
                )
                or None,
            }
            for p in found.postings
        ],
    }


def _moves(found: Career) -> dict[str, Any]:
    def end_of(move: dict[str, Any], side: str) -> dict[str, Any] | None:
        names = (move[f"{side}_unit_name"], move[f"{side}_title"])
        text = " ".join(name for name in names if name)
        return post(move[f"{side}_post"], text) if move[f"{side}_post"] is not None else None

    return {
        "columns": [
            {"key": "since", "title": _("Since")},
            {"key": "from", "title": _("From")},
            {"key": "to", "title": _("To")},
            {"key": "gap", "title": _("Days between"), "number": True},
            {"key": "how", "title": _("Note")},
        ],
        "rows": [
            {
                "since": {"text": move["since"], "sort": move["day"]},
                "from": end_of(move, "from"),
                "to": end_of(move, "to"),
                "gap": move["gap_days"],
                "how": _("remains in the post also held") if move["how"] == "remains_in" else None,
            }
            for move in found.moves
        ],
    }


def _gaps(found: Career) -> list[dict[str, Any]]:
    return [
        {
            "text": _("%(since)s to %(until)s", since=gap.since, until=gap.until),
            "months": gap.months,
            "certain": gap.certain,
            "where": _("before %(post)s", post=gap.after)
            if gap.after
            else _("after %(post)s", post=gap.before)
            if gap.before
            else _("no home posting known"),
        }
        for gap in found.gaps
    ]


def _shared(each: Shared, found: Comparison | None) -> dict[str, Any]:
    assert found is not None
    names = [_name(found, id_) for id_ in each.people]
    words = {
        "post": _("held the same post"),
        "unit": _("served in the same unit at the same time"),
        "mentor": _("had the same {mentor}"),
    }
    kind = "person" if each.what == "mentor" else each.what
    when = period(each.since, each.until) if each.since else ""
    return {
        "people": names,
        "words": words[each.what],
        "thing": {"kind": kind, "id": each.key, "text": each.name},
        "period": when,
    }


def _side_table(found: Comparison) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [{"key": "what", "title": _("Figure")}]
    columns += [
        {"key": each.person["id"], "title": each.person["name"], "number": True}
        for each in found.careers
    ]
    rows: list[dict[str, Any]] = [{"what": _("Entry")}, {"what": _("Postings")}]
    for each in found.careers:
        rows[0][each.person["id"]] = each.entry
        link = career_link(each.person["id"])
        rows[1][each.person["id"]] = {**link, "text": len(each.actual)}
    for rank in programme().ranks:
        steps = [each.reached(rank.key, programme()) for each in found.careers]
        row: dict[str, Any] = {
            "what": _("Months from entry to %(rank)s", rank=term("ranks", rank.key))
        }
        for each, step in zip(found.careers, steps, strict=True):
            row[each.person["id"]] = step.months_from_entry if step else None
        if any(row[each.person["id"]] is not None for each in found.careers):
            rows.append(row)
    return {"columns": columns, "rows": rows}
