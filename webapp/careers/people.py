"""One person's career on one axis, and several people side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from graph.dates import first_day
from queries.careers.compare import MOST_PEOPLE, Align, Comparison, Shared, compare
from queries.careers.history import CYPHER, Career, Posting, career
from queries.careers.postings import postings
from webapp.careers.blueprint import bp
from webapp.careers.ground import asked_day, how, post, said, unit
from webapp.shell import person_url, post_url, term
from webapp.store import current_store
from webapp.timeline import Entry, known_to, period, timeline
from webapp.words import programme

APPOINTMENT = "appointment"  # the kind of a posting that is no exercise


@bp.get("/careers/people/<path:id>")
def one(id: str) -> str:
    """Show one career: posts, ranks, mentors, exercises, records on one axis; gaps named."""
    on = asked_day()
    found = career(current_store(), id, on, programme())
    lit = set(filter(None, request.args.get("lit", "").split(",")))
    return render_template(
        "careers/one.html",
        found=found,
        on=on,
        line=timeline(_entries(found), on),
        table=_table(found, lit),
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
        lit=lit,
        answers=[how(text.strip(), person=id) for text in CYPHER.values()],
    )


@bp.get("/api/careers/people/<path:id>")
def one_json(id: str) -> Response:
    """Answer the same as JSON, with the earliest legal dates of `/api/careers/dates`."""
    return jsonify(career(current_store(), id, asked_day(), programme()).as_dict())


@bp.get("/careers/compare")
def side_by_side() -> str:
    """Put 2 to 6 people side by side, by date, by time since entry, or by a rank."""
    people = asked_people()
    found = _compare(people) if len(people) > 1 else None
    return render_template(
        "careers/compare.html",
        found=found,
        people=people,
        names=_names(people),
        rows=[*people, *([""] * (MOST_PEOPLE - len(people)))][: max(len(people) + 1, 2)],
        align=request.args.get("align", "date"),
        rank=request.args.get("rank", ""),
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
        answers=[how(found.cypher)] if found else [],
    )


@bp.get("/api/careers/compare")
def side_by_side_json() -> Response:
    """Answer the same as JSON."""
    found = _compare(asked_people())
    answer = found.as_dict()
    for (_a, _b, sentences), row in zip(found.differences, answer["differences"], strict=True):
        row["sentences"] = [said(each) for each in sentences]
    return jsonify(answer)


def asked_people() -> list[str]:
    """Give the ids of the address; a name that only one person has will do."""
    columns = postings(current_store())
    found = []
    for text in request.args.getlist("person"):
        text = text.strip()
        if not text:
            continue
        if text not in columns.person_at and columns.person_names.count(text) == 1:
            text = columns.person_ids[columns.person_names.index(text)]
        found.append(text)
    return list(dict.fromkeys(found))


def _compare(people: list[str]) -> Comparison:
    align: Any = request.args.get("align") or "date"
    rank = request.args.get("rank") or None
    wanted: Align = align
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


def _entries(found: Career) -> Iterator[Entry]:
    for number, posting in enumerate(found.postings):
        row = posting.row
        is_exercise = row["kind"] not in (None, APPOINTMENT)
        kind = term("rotation_kinds", row["kind"])
        place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
        yield Entry(
            f"posting {number}",
            "exercises" if is_exercise else "posts",
            f"{place}{_(' (%(note)s)', note=kind) if is_exercise else ''}",
            row["since"],
            None if posting.reversed else row["until"],
            planned=row["status"] == "planned",
            url=post_url(row["post"]),
        )
    steps = [*found.ranks, None]
    for number, (step, after) in enumerate(zip(found.ranks, steps[1:], strict=True)):
        text = term("ranks_and_grades", step.rank)
        yield Entry(f"rank {number}", "ranks", text, step.since, after.since if after else None)
    for number, gap in enumerate(found.gaps):
        text = _("no posting known") if gap.certain else _("perhaps a gap")
        yield Entry(f"gap {number}", "gaps", text, gap.since, gap.until)
    for number, row in enumerate(found.mentors):
        kind = term("mentoring_kinds", row["kind"])
        text = f"{row['name']}{_(' (%(note)s)', note=kind) if kind else ''}"
        yield Entry(
            f"mentor {number}",
            "mentors",
            text,
            row["since"],
            row["until"],
            url=person_url(row["id"]),
        )
    for number, row in enumerate(found.activities):
        yield Entry(f"activity {number}", "activities", row["title"], row["since"], is_point=True)
    for number, row in enumerate(found.records):
        parts = (term("record_kinds", row["kind"]), term("results", row["result"]))
        text = " · ".join(part for part in parts if part)
        yield Entry(f"record {number}", "records", text, row["since"], is_point=True)


def _table(found: Career, lit: set[str]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "period", "title": _("Period")},
            {"key": "unit", "title": _("Unit")},
            {"key": "post", "title": _("Post")},
            {"key": "kind", "title": _("Kind")},
            {"key": "rank", "title": _("Rank")},
            {"key": "months", "title": _("Months"), "number": True},
            {"key": "note", "title": _("Note")},
        ],
        "rows": [
            {
                "period": {
                    "text": period(
                        p.row["since"], p.row["until"], planned=p.row["status"] == "planned"
                    ),
                    "sort": p.row["since"] or "",
                },
                "unit": unit(p.row["unit"], p.row["unit_name"]),
                "post": post(p.row["post"], p.row["title"]),
                "kind": term("rotation_kinds", p.row["kind"]) or None,
                "rank": term("ranks_and_grades", p.row["rank"]) or None,
                "months": p.months,
                "note": _note(p, lit),
            }
            for p in found.postings
        ],
    }


def _note(posting: Posting, lit: set[str]) -> str | None:
    row = posting.row
    notes = [_("step of the search")] if row["id"] in lit else []
    if posting.reversed:
        notes.append(_("the end stands before the begin"))
    if not row["since"]:
        notes.append(_("begin unknown"))
    notes += [known_to(row["since"]), known_to(row["until"])]
    if posting.lane > 0:
        notes.append(_("beside another post"))
    if posting.runs and not row["until"]:
        notes.append(_("no end known"))
    return " · ".join(dict.fromkeys(note for note in notes if note)) or None


def _gaps(found: Career) -> list[dict[str, Any]]:
    return [
        {
            "text": _("%(since)s to %(until)s", since=gap.since, until=gap.until),
            "months": gap.months,
            "certain": gap.certain,
            "where": _("before %(post)s", post=gap.after)
            if gap.after
            else _("after %(post)s", post=gap.before or ""),
        }
        for gap in found.gaps
    ]


# --- the picture of several careers: bars on one axis, drawn by the server, so it prints as is


@dataclass(frozen=True)
class Bar:
    """One posting in the picture; numbers are in the picture's own units."""

    x: float
    y: float
    width: float
    text: str
    tip: str
    url: str
    colour: int
    lit: bool
    planned: bool
    open_end: bool
    vague: bool


@dataclass(frozen=True)
class Row:
    """One person's lanes."""

    id: str
    name: str
    y: float
    height: float
    bars: tuple[Bar, ...]
    note: str


@dataclass(frozen=True)
class Picture:
    """All rows with the marks of the axis."""

    width: int
    height: float
    left: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None
    kinds: tuple[tuple[int, str], ...]


WIDTH, LEFT, LANE, AXIS = 1080, 120, 24, 28


def picture(found: Comparison) -> Picture:
    """Lay the careers out: by day when aligned by date, else in months from the common day 0."""
    spans = list(_spans(found))
    if not spans:
        return Picture(WIDTH, AXIS, LEFT, (), (), None, ())
    low = min(begin for *_rest, begin, _end in spans)
    high = max(max(end for *_rest, end in spans), low + 12)
    scale = (WIDTH - LEFT - 8) / (high - low)
    lit = {id_ for shared in found.shared for id_ in shared.postings}
    kinds = sorted({p.row["kind"] or "" for each in found.careers for p in each.postings})
    rows, y = [], float(AXIS)
    for each, origin in zip(found.careers, found.origins, strict=True):
        mine = [(p, begin, end) for who, p, begin, end in spans if who is each]
        lanes = max((p.lane for p, *_rest in mine), default=0) + 1
        bars = tuple(
            _bar(p, LEFT + (begin - low) * scale, y, (end - begin) * scale, lit, kinds)
            for p, begin, end in mine
        )
        note = ""
        if found.align != "date" and origin is None:
            note = _("has no such day")
        rows.append(Row(each.person["id"], each.person["name"], y, lanes * LANE + 8, bars, note))
        y += lanes * LANE + 8
    today = None
    if found.align == "date":
        today = LEFT + (_months(found.careers[0].on) - low) * scale
    return Picture(
        WIDTH,
        y,
        LEFT,
        tuple(rows),
        tuple((LEFT + (at - low) * scale, text) for at, text in _ticks(found, low, high)),
        today,
        tuple(
            (at % 6 + 1, term("rotation_kinds", kind) or _("not known"))
            for at, kind in enumerate(kinds)
        ),
    )


def _spans(found: Comparison) -> Iterator[tuple[Career, Posting, float, float]]:
    for each, origin in zip(found.careers, found.origins, strict=True):
        if found.align != "date" and origin is None:
            continue
        zero = _months(origin) if origin else 0.0
        for p in each.postings:
            if not p.row["since"]:
                continue
            begin = _months(first_day(p.row["since"]))
            until = p.row["until"] if not p.reversed else None
            end = _months(first_day(until)) if until else max(_months(each.on), begin + 1)
            yield each, p, begin - zero, max(end, begin + 0.3) - zero


def _months(day: date) -> float:
    return day.year * 12 + day.month - 1 + (day.day - 1) / 31


def _bar(p: Posting, x: float, y: float, width: float, lit: set[str], kinds: list[str]) -> Bar:
    row = p.row
    place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
    said_period = period(row["since"], row["until"], planned=row["status"] == "planned")
    parts = [place, term("rotation_kinds", row["kind"]), term("ranks_and_grades", row["rank"])]
    room = max(int(width / 13) - 1, 0)
    text = row["title"] if len(row["title"]) <= room else row["title"][: max(room - 1, 0)]
    if text and text != row["title"]:
        text += "…"
    return Bar(
        x=round(x, 1),
        y=round(y + 4 + max(p.lane, 0) * LANE, 1),
        width=round(width, 1),
        text=text,
        tip="\n".join([*(part for part in parts if part), said_period]),
        url=post_url(row["post"]),
        colour=kinds.index(row["kind"] or "") % 6 + 1,
        lit=row["id"] in lit,
        planned=row["status"] == "planned",
        open_end=not row["until"],
        vague=bool(known_to(row["since"]) or known_to(row["until"])),
    )


def _ticks(found: Comparison, low: float, high: float) -> Iterator[tuple[float, str]]:
    years = (high - low) / 12
    step = next(each for each in (1, 2, 5, 10, 20, 50, 1000) if years / each <= 14)
    first = int(low // 12)
    for year in range(first, int(high // 12) + 1):
        if year * 12 < low or year % step:
            continue
        text = str(year) if found.align == "date" else _("year %(n)s", n=year)
        yield year * 12, text


def _shared(each: Shared, found: Comparison | None) -> dict[str, Any]:
    assert found is not None
    names = [_name(found, id_) for id_ in each.people]
    words = {
        "post": _("held the same post"),
        "unit": _("served in the same unit at the same time"),
        "mentor": _("had the same mentor"),
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
        rows[1][each.person["id"]] = len(each.actual)
    for rank in programme().ranks:
        row: dict[str, Any] = {
            "what": _("Months from entry to %(rank)s", rank=term("ranks", rank.key))
        }
        for each in found.careers:
            step = next((s for s in each.ranks if s.rank == rank.key), None)
            row[each.person["id"]] = step.months_from_entry if step else None
        if any(row[each.person["id"]] is not None for each in found.careers):
            rows.append(row)
    return {"columns": columns, "rows": rows}
