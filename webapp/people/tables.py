"""Tables and cells of people, units and posts: the same rows as the values, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from graph.store import Row
from planning.person_plans import PersonPlan
from queries.person_file import PersonFile
from webapp.data.quality import doubt_row
from webapp.people.timeline import period
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.sentences import said
from webapp.shell.states import KEPT_STATUSES, state

MOST_TRAINEES = 200  # of one person that the page lists; all are counted


def rank_place(rank: str | None) -> int:
    """Return the place of a rank on the programme's ladder, -1 for none."""
    place = words.programme().rank_index(rank)
    return -1 if place is None else place


def _rank(rank: str | None) -> Any:
    if not rank:
        return None
    return {"text": term("ranks_and_grades", rank), "sort": f"{rank_place(rank) + 1:02d}"}


def when(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cell of a period, sorted by its begin."""
    said = period(row["since"], row["until"], planned=row.get("status") == "planned")
    return {"text": said, "sort": row["since"] or ""}


def person_tables(found: PersonFile) -> dict[str, dict[str, Any]]:
    """Return the tables of a person's page: columns and rows by what they hold."""
    return {
        "postings": _postings(found.postings),
        "career": _career(found.career),
        "mentors": _ties(found.mentors, "mentor", _("{Mentor}")),
        "trainees": _ties(found.trainees[:MOST_TRAINEES], "trainee", _("{Trainee}")),
        "activities": _activities(found.activities),
        "records": _records(found.records, found.givers),
        "service": _service(found.service),
        "grades": _grades(found.grades),
        "doubts": _doubts(found),
    }


def _doubts(found: PersonFile) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "kind", "title": _("Kind")},
            {"key": "message", "title": _("What was found")},
            {"key": "row", "title": _("Row")},
            {"key": "accepted", "title": _("Accepted")},
            {"key": "do", "title": _("Next step")},
        ],
        "rows": [doubt_row(each.as_dict(said)) for each in found.doubts],
    }


def _postings(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "period", "title": _("Period"), "whole": True},
            {"key": "unit", "title": _("Unit")},
            {"key": "post", "title": _("Post")},
            {"key": "kind", "title": _("Kind")},
            {"key": "rank", "title": _("Rank")},
        ],
        "rows": [
            {
                "period": when(row),
                "unit": row["unit"] and unit_cell(row["unit"], row["unit_name"]),
                "post": post_cell(row["post"], row["title"]),
                "kind": term("rotation_kinds", row["kind"]),
                "rank": _rank(row["rank"]),
            }
            for row in rows
        ],
    }


def _career(moves: Iterable[Row]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "day", "title": _("Since")},
            {"key": "from", "title": _("From")},
            {"key": "to", "title": _("To")},
            {"key": "gap", "title": _("Days between"), "number": True},
            {"key": "how", "title": _("Note")},
        ],
        "rows": [
            {
                "day": move["day"],
                "from": move["from_post"] and post_cell(move["from_post"], move["from_name"]),
                "to": move["to_post"] and post_cell(move["to_post"], move["to_name"]),
                "gap": move["gap_days"],
                "how": _("remains in the post also held") if move["how"] == "remains_in" else None,
            }
            for move in moves
        ],
    }


def _ties(ties: Iterable[Row], key: str, title: str) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "person", "title": title},
            {"key": "kind", "title": _("Kind")},
            {"key": "period", "title": _("Period"), "whole": True},
        ],
        "rows": [
            {
                "person": person_cell(row[key], row["name"]),
                "kind": term("mentoring_kinds", row["kind"]),
                "period": when(row),
            }
            for row in ties
        ],
    }


def _activities(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "when", "title": _("When")},
            {"key": "kind", "title": _("Kind")},
            {"key": "title", "title": _("Title")},
            {"key": "place", "title": _("Place")},
            {"key": "result", "title": _("Role and result")},
        ],
        "rows": [
            {
                "when": " – ".join(filter(None, (row["held_on"], row["until"])))
                if row["held_on"]
                else None,
                "kind": term("activity_kinds", row["kind"]),
                "title": row["title"],
                "place": " · ".join(filter(None, (row["place"], row["organiser"]))),
                "result": " · ".join(filter(None, (row["role"], row["result"]))),
            }
            for row in rows
        ],
    }


def _records(rows: Iterable[Row], givers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "when", "title": _("When")},
            {"key": "kind", "title": _("Kind")},
            {"key": "level", "title": _("Level")},
            {"key": "result", "title": _("Result")},
            {"key": "given_by", "title": _("Given by")},
            {"key": "place", "title": _("Place")},
            {"key": "topic", "title": _("Topic")},
            {"key": "summary", "title": _("Summary")},
        ],
        "rows": [
            {
                "when": row["on"],
                "kind": term("record_kinds", row["kind"]),
                "level": term("levels", row["level"]),
                "result": term("results", row["result"]),
                "given_by": _giver(row["given_by"], givers),
                "place": row["place"],
                "topic": row["topic"],
                "summary": row["summary"],
            }
            for row in rows
        ],
    }


def _giver(given_by: str | None, givers: Mapping[str, str]) -> Any:
    if given_by is None or given_by not in givers:
        return given_by
    return {"kind": "person", "id": given_by, "text": givers[given_by]}


def _service(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "kind", "title": _("Kind")},
            {"key": "period", "title": _("Period"), "whole": True},
            {"key": "destination", "title": _("Destination")},
            {"key": "document", "title": _("Document number")},
            {"key": "note", "title": _("Note")},
        ],
        "rows": [
            {
                "kind": term("service_kinds", row["kind"]),
                "period": when(row),
                "destination": row["destination"],
                "document": row["document"],
                "note": row["note"],
            }
            for row in rows
        ],
    }


def _grades(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "grade", "title": _("Grade")},
            {"key": "since", "title": _("Since")},
            {"key": "document", "title": _("Document number")},
        ],
        "rows": [
            {
                "grade": term("grades", row["grade"]),
                "since": row["since"],
                "document": row["document"],
            }
            for row in rows
        ],
    }


def plan_rows(plans: Iterable[PersonPlan]) -> list[dict[str, Any]]:
    """Return what each kept plan would change for a person, in words."""
    return [
        {
            "id": plan.id,
            "name": plan.name,
            "state": state(KEPT_STATUSES, plan.status),
            "period": period(plan.since, plan.until),
            "moves": [
                {
                    "post": post_cell(move.post, move.post_name),
                    "kind": term("rotation_kinds", move.kind),
                    "period": period(move.since, move.until),
                }
                for move in plan.moves
            ],
        }
        for plan in plans
    ]


def person_cell(id_: str, text: str) -> dict[str, Any]:
    """Make the cell that links a person."""
    return {"kind": "person", "id": id_, "text": text}


def unit_cell(id_: str, text: str) -> dict[str, Any]:
    """Make the cell that links a unit."""
    return {"kind": "unit", "id": id_, "text": text}


def post_cell(id_: str, text: str | None) -> dict[str, Any]:
    """Make the cell that links a post."""
    return {"kind": "post", "id": id_, "text": text or id_}
