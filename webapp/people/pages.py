"""People: the list with its filters, and the page that says all about one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from graph.schema import table
from graph.store import Row, Store
from loaders.loads import origin_of
from queries.catalogue import Answer, ask
from queries.personnel import State, of_people
from webapp.data.questions import shown
from webapp.people.timeline import Entry, period, timeline
from webapp.shell import words
from webapp.shell.asked import read_year
from webapp.shell.frame import person_url, post_url, term
from webapp.shell.marks import ROLES, role_of
from webapp.shell.store import current_store

bp = Blueprint("people", __name__)

PAGE = 50  # people on one page of the list
MOST_TRAINEES = 200  # of one person that the page lists; all are counted
PREVIEW = 8  # neighbours named beside the link to the network
APPOINTMENT = "appointment"  # the kind of a posting that is no exercise


@dataclass(frozen=True)
class Card:
    """One person in a list or a picture, with the post of highest rank held on the day."""

    id: str
    name: str
    roles: tuple[str, ...]
    cohort: int | None
    status: str | None
    post: str | None
    title: str | None
    unit: str | None
    unit_name: str | None
    rank: str | None
    mentors: int
    trainees: int

    @property
    def role(self) -> str:
        """Return the key of the sign: trainee, mentor, both or person."""
        return role_of(self.roles)

    @property
    def place(self) -> str:
        """Name the post with its unit before it."""
        return " ".join(part for part in (self.unit_name, self.title) if part)


@dataclass(frozen=True)
class Person:
    """All that the page of one person shows, as it is stored."""

    facts: Row
    postings: list[Row]
    mentors: list[Row]
    trainees: list[Row]
    activities: list[Row]
    records: list[Row]
    as_of: date
    state: State
    holds: list[Row]  # on the day, the main post first
    answers: tuple[Answer, ...]

    @property
    def present(self) -> list[Row]:
        """Return the postings of the day, the main one first."""
        row_of = {row["rotation"]: row for row in self.postings}
        return [{**row_of[each["id"]], "how": each["how"]} for each in self.holds]

    @property
    def planned(self) -> list[Row]:
        """Return the postings that are only planned."""
        return [row for row in self.postings if row["status"] == "planned"]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for the JSON interface."""
        return {
            "as_of": self.as_of.isoformat(),
            "person": self.facts,
            "state": asdict(self.state),
            "present": self.present,
            "postings": self.postings,
            "mentors": self.mentors,
            "trainees": self.trainees,
            "activities": self.activities,
            "records": self.records,
        }


# --- what is asked of the graph


def person(store: Store, id: str, on: date) -> Person:
    """Gather one person's file; NotFound when nobody has the id."""
    profile = ask(store, "people.profile", person=id)
    postings = ask(store, "people.postings", person=id)
    mentors = ask(store, "people.mentors", person=id)
    trainees = ask(store, "people.trainees", person=id)
    activities = ask(store, "people.activities", person=id)
    records = ask(store, "people.records", person=id)
    day = of_people(store, [id]).on(on)
    return Person(
        profile.rows[0],
        postings.rows,
        mentors.rows,
        trainees.rows,
        activities.rows,
        records.rows,
        on,
        day[id],
        day.holds(id),
        (profile, postings, mentors, trainees, activities, records),
    )


def cards(store: Store, ids: Sequence[str], on: date) -> dict[str, Card]:
    """Return the card of each stored id, in the order asked for."""
    if not ids:
        return {}
    rows_by_id: dict[str, list[Row]] = {}
    for row in ask(store, "people.cards", people=list(ids), on=on.isoformat()).rows:
        rows_by_id.setdefault(row["id"], []).append(row)
    day = of_people(store, list(ids)).on(on)
    return {id_: _card(rows_by_id[id_][0], day[id_].rank) for id_ in ids if id_ in rows_by_id}


def _card(first: Row, rank: str | None) -> Card:
    """Make a card of the first row of a person: the main post, or what is held beside none."""
    return Card(
        first["id"],
        first["name"],
        tuple(first["roles"] or ()),
        first["cohort"],
        first["status"],
        first["post"],
        first["title"],
        first["unit"],
        first["unit_name"],
        rank,
        first["mentors"],
        first["trainees"],
    )


def is_held(posting: Row, day: str) -> bool:
    """Return whether a posting is actual and its period holds a day."""
    return (
        posting.get("status") != "planned"
        and (posting["since"] or "") <= day
        and (not posting["until"] or day < posting["until"])
    )


def rank_place(rank: str | None) -> int:
    """Return the place of a rank on the programme's ladder, -1 for none."""
    place = words.programme().rank_index(rank)
    return -1 if place is None else place


# --- pages


@bp.get("/people")
def index() -> str:
    """List people, filtered by cohort, role, unit and text, page by page in the order of ids."""
    store, on = current_store(), words.as_of()
    chosen = _filters()
    counted = ask(store, "people.count", on=on.isoformat(), **chosen)
    listed = _page(store, on, chosen)
    ids = [row["id"] for row in listed.rows]
    people = list(cards(store, ids, on).values())
    kept = {key: value for key, value in chosen.items() if value}
    return render_template(
        "people/index.html",
        total=counted.rows[0]["people"],
        people=people,
        columns=_list_columns(),
        rows=[_list_row(card) for card in people],
        chosen=chosen,
        cohorts=ask(store, "people.cohorts").rows,
        units=_unit_choices(store),
        roles={key: ROLES[key] for key in ("trainee", "mentor")},
        first_url=url_for("people.index", **kept) if request.args.get("after") else None,
        next_url=(url_for("people.index", after=ids[-1], **kept) if listed.truncated else None),
        answers=[shown(counted), shown(listed)],
    )


@bp.get("/people/<path:id>")
def show(id: str) -> str:
    """Show one person: where now, who guides whom, the time line and the rows behind it."""
    found = person(current_store(), id, words.as_of())
    return render_template(
        "people/person.html",
        person=found,
        facts=found.facts,
        role=role_of(found.facts["roles"] or ()),
        present=found.present,
        mentors=_counted(found.mentors, "mentor", found.as_of),
        trainees=_counted(found.trainees, "trainee", found.as_of),
        preview=_preview(found),
        line=timeline(_entries(found), found.as_of),
        tables=_tables(found),
        role_titles=ROLES,
        most_trainees=MOST_TRAINEES,
        origin=origin_of(current_store(), table("people"), id),
        answers=[shown(answer) for answer in found.answers],
    )


@bp.get("/api/people/<path:id>")
def show_json(id: str) -> Response:
    """Return one person's file as JSON."""
    return jsonify(person(current_store(), id, words.as_of()).as_dict())


@bp.get("/api/people")
def index_json() -> Response:
    """List people as JSON, 50 at a time; `after` is the last id of the page before."""
    store, on = current_store(), words.as_of()
    chosen = _filters()
    counted = ask(store, "people.count", on=on.isoformat(), **chosen)
    listed = _page(store, on, chosen)
    found = cards(store, [row["id"] for row in listed.rows], on)
    return jsonify(
        {
            "as_of": on.isoformat(),
            "total": counted.rows[0]["people"],
            "truncated": listed.truncated,
            "people": [asdict(card) for card in found.values()],
        }
    )


def _page(store: Store, on: date, chosen: Row) -> Answer:
    after = request.args.get("after")
    return ask(store, "people.list", on=on.isoformat(), after=after, limit=PAGE, **chosen)


def _filters() -> Row:
    """Read the filters of the address; UsageError for a cohort that is no year."""
    cohort = request.args.get("cohort", "").strip()
    role = request.args.get("role", "").strip()
    if role not in ("", "trainee", "mentor"):
        raise UsageError(
            N_('%(name)s "%(value)s" is not known.'),
            N_("It is one of %(known)s."),
            name="role",
            value=role,
            known="trainee, mentor",
        )
    return {
        "text": request.args.get("text", "").strip() or None,
        "cohort": read_year("cohort", cohort) if cohort else None,
        "role": role or None,
        "unit": request.args.get("unit", "").strip() or None,
    }


def _unit_choices(store: Store) -> list[dict[str, str]]:
    """Return the units that can be chosen; a very large tree is chosen on its own page."""
    rows = ask(store, "units.tree").rows
    return [{"id": row["unit"], "name": row["name"]} for row in rows[:200]]


def _list_columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "unit", "title": _("Unit")},
        {"key": "post", "title": _("Post")},
        {"key": "rank", "title": _("Rank")},
        {"key": "mentors", "title": _("Mentors"), "number": True},
        {"key": "trainees", "title": _("Trainees"), "number": True},
    ]


def _list_row(card: Card) -> dict[str, Any]:
    return {
        "name": {"kind": "person", "id": card.id, "text": card.name},
        "role": str(ROLES[card.role]),
        "cohort": card.cohort,
        "unit": card.unit and {"kind": "unit", "id": card.unit, "text": card.unit_name},
        "post": card.post and {"kind": "post", "id": card.post, "text": card.title},
        "rank": _rank(card.rank),
        "mentors": card.mentors,
        "trainees": card.trainees,
    }


def _rank(rank: str | None) -> Any:
    if not rank:
        return None
    return {"text": term("ranks_and_grades", rank), "sort": f"{rank_place(rank) + 1:02d}"}


def _counted(ties: Sequence[Row], of: str, on: date) -> dict[str, int]:
    """Count the people at the other end of some ties: of a day, and ever."""
    day = on.isoformat()
    now = {tie[of] for tie in ties if is_held(tie, day)}
    return {"now": len(now), "ever": len({tie[of] for tie in ties})}


def _preview(found: Person) -> list[Row]:
    """Name some of those around the person for the link to the network."""
    around = [{"id": row["mentor"], "name": row["name"]} for row in found.mentors]
    around += [{"id": row["trainee"], "name": row["name"]} for row in found.trainees]
    return list({row["id"]: row for row in around}.values())[:PREVIEW]


def _entries(found: Person) -> list[Entry]:
    """Turn the file into what stands on the time line."""
    entries = []
    for number, row in enumerate(found.postings):
        is_exercise = row["kind"] not in (None, APPOINTMENT)
        kind = term("rotation_kinds", row["kind"])
        place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
        entries.append(
            Entry(
                f"posting {number}",
                "exercises" if is_exercise else "posts",
                f"{place}{_(' (%(note)s)', note=kind) if is_exercise else ''}",
                row["since"],
                row["until"],
                planned=row["status"] == "planned",
                url=post_url(row["post"]),
            )
        )
    for lane, key in (("mentors", "mentor"), ("trainees", "trainee")):
        for number, row in enumerate(getattr(found, lane)):
            kind = term("mentoring_kinds", row["kind"])
            entries.append(
                Entry(
                    f"{key} {number}",
                    lane,
                    f"{row['name']}{_(' (%(note)s)', note=kind) if kind else ''}",
                    row["since"],
                    row["until"],
                    url=person_url(row[key]),
                )
            )
    for number, row in enumerate(found.activities):
        kind = term("activity_kinds", row["kind"])
        entries.append(
            Entry(
                f"activity {number}",
                "activities",
                _("%(what)s: %(title)s", what=kind, title=row["title"]) if kind else row["title"],
                row["held_on"],
                row["until"],
                is_point=True,
            )
        )
    for number, row in enumerate(found.records):
        parts = (
            term("record_kinds", row["kind"]),
            term("levels", row["level"]),
            term("results", row["result"]),
            row["summary"],
        )
        said = " · ".join(part for part in parts if part)
        entries.append(Entry(f"record {number}", "records", said, row["on"], is_point=True))
    return entries


# --- the same rows as tables


def _tables(found: Person) -> dict[str, dict[str, Any]]:
    return {
        "postings": {
            "columns": [
                {"key": "period", "title": _("Period")},
                {"key": "unit", "title": _("Unit")},
                {"key": "post", "title": _("Post")},
                {"key": "kind", "title": _("Kind")},
                {"key": "rank", "title": _("Rank")},
            ],
            "rows": [_posting_row(row) for row in found.postings],
        },
        "mentors": _tie_table(found.mentors, "mentor", "mentors", _("Mentor")),
        "trainees": _tie_table(found.trainees[:MOST_TRAINEES], "trainee", "trainees", _("Trainee")),
        "activities": {
            "columns": [
                {"key": "when", "title": _("When")},
                {"key": "kind", "title": _("Kind")},
                {"key": "title", "title": _("Title")},
                {"key": "place", "title": _("Place")},
                {"key": "result", "title": _("Role and result")},
            ],
            "rows": [_activity_row(row) for row in found.activities],
        },
        "records": {
            "columns": [
                {"key": "when", "title": _("When")},
                {"key": "kind", "title": _("Kind")},
                {"key": "level", "title": _("Level")},
                {"key": "result", "title": _("Result")},
                {"key": "summary", "title": _("Summary")},
            ],
            "rows": [
                {
                    "when": row["on"],
                    "kind": term("record_kinds", row["kind"]),
                    "level": term("levels", row["level"]),
                    "result": term("results", row["result"]),
                    "summary": row["summary"],
                }
                for row in found.records
            ],
        },
    }


def when(row: Row) -> dict[str, Any]:
    """Return the cell of a period, sorted by its begin."""
    said = period(row["since"], row["until"], planned=row.get("status") == "planned")
    return {"text": said, "sort": row["since"] or ""}


def _posting_row(row: Row) -> dict[str, Any]:
    return {
        "period": when(row),
        "unit": row["unit"] and {"kind": "unit", "id": row["unit"], "text": row["unit_name"]},
        "post": {"kind": "post", "id": row["post"], "text": row["title"]},
        "kind": term("rotation_kinds", row["kind"]),
        "rank": _rank(row["rank"]),
    }


def _tie_table(ties: list[Row], key: str, roles: str, title: str) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "person", "title": title},
            {"key": "kind", "title": _("Kind")},
            {"key": "period", "title": _("Period")},
        ],
        "rows": [
            {
                "person": {"kind": "person", "id": row[key], "text": row["name"]},
                "kind": term("mentoring_kinds", row["kind"]),
                "period": when(row),
            }
            for row in ties
        ],
    }


def _activity_row(row: Row) -> dict[str, Any]:
    until = row["until"]
    return {
        "when": f"{row['held_on']} – {until}" if until and row["held_on"] else row["held_on"],
        "kind": term("activity_kinds", row["kind"]),
        "title": row["title"],
        "place": " · ".join(part for part in (row["place"], row["organiser"]) if part),
        "result": " · ".join(part for part in (row["role"], row["result"]) if part),
    }
