"""The two public sets of real careers as rows of the native data set, for tests and benchmarks.

They are read from the folder of public data beside the repository; nothing of them is kept here.
`shared_data()` gives None where the folder is missing.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.store import Store
from graph.upsert import BATCH, edge_type, upsert_edges, upsert_nodes

Tables = dict[str, list[dict[str, Any]]]
ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path | None:
    """Return the folder of one public set, or None where it is not there."""
    folder = ROOT.parent / "shared" / "data" / name
    return folder if folder.is_dir() else None


def ministers(folder: Path) -> Tables:
    """Read the UK ministers: posts have ranks and departments, appointments have full days."""
    people = {row["id"]: row["name"] for row in _rows(folder / "person.csv")}
    return {
        "people": [{"id": id_, "name": name} for id_, name in sorted(people.items())],
        "units": [
            {"id": row["id"], "name": row["name"], "kind": "department", "part_of": None}
            for row in _rows(folder / "organisation.csv")
        ],
        "posts": [
            {
                "id": row["id"],
                "title": row["name"],
                "unit": row["organisation_id"],
                "rank": row["rank_equivalence"] or None,
                "kind": None,
            }
            for row in _rows(folder / "post.csv")
        ],
        "rotations": [
            {
                "id": row["id"],
                "person": row["person_id"],
                "post": row["post_id"],
                "kind": "appointment",
                "since": row["start_date"] or None,
                "until": row["end_date"] or None,
            }
            for row in _rows(folder / "appointment.csv")
        ],
    }


_POSITIONS = ("p", "c", "1b", "2b", "3b", "ss", "lf", "cf", "rf", "dh")


def baseball(folder: Path) -> Tables:
    """Read the players: a posting is one season with one team, at the position played most.

    Only the year is known, so a season begins in its year and ends with the next.
    """
    names = {
        row["playerID"]: f"{row.get('nameFirst') or ''} {row.get('nameLast') or ''}".strip()
        for row in _rows(folder / "People.csv.gz")
    }
    teams: dict[str, str] = {}
    for row in _rows(folder / "Teams.csv.gz"):
        teams[row["teamID"]] = row.get("name") or row["teamID"]
    posts: dict[str, dict[str, Any]] = {}
    rotations: list[dict[str, Any]] = []
    leagues: dict[str, str] = {}
    for row in _rows(folder / "Appearances.csv.gz"):
        team, person, year = row["teamID"], row["playerID"], int(row["yearID"])
        games = [(float(row.get(f"G_{at}") or 0), at) for at in _POSITIONS]
        position = max(games, key=lambda pair: pair[0])[1]
        post = f"{team}-{position}"
        teams.setdefault(team, team)
        leagues[team] = row.get("lgID") or "none"
        posts[post] = {"id": post, "title": position, "unit": team, "rank": None, "kind": position}
        rotations.append(
            {
                "id": f"{person}-{year}-{team}",
                "person": person,
                "post": post,
                "kind": "season",
                "since": str(year),
                "until": str(year + 1),
            }
        )
    for person in {row["person"] for row in rotations}:
        names.setdefault(person, person)
    return {
        "people": [{"id": id_, "name": name or id_} for id_, name in sorted(names.items())],
        "units": [
            {"id": team, "name": teams[team], "kind": leagues.get(team), "part_of": None}
            for team in sorted(teams)
        ],
        "posts": [posts[id_] for id_ in sorted(posts)],
        "rotations": rotations,
    }


def put(store: Store, tables: Tables) -> None:
    """Store the rows by the schema's own upsert, in batches."""
    for name, label in (("people", "Person"), ("units", "Unit")):
        rows = [
            {"id": row["id"], "props": {k: v for k, v in row.items() if k not in _NOT_STORED}}
            for row in tables[name]
        ]
        for batch in _batches(rows):
            upsert_nodes(store, label, batch)
    posts = [
        {
            "id": row["id"],
            "props": {"name": row["title"], "rank": row["rank"], "kind": row["kind"]},
        }
        for row in tables["posts"]
    ]
    for batch in _batches(posts):
        upsert_nodes(store, "Post", batch)
    ends = [{"id": None, "source": row["id"], "target": row["unit"]} for row in tables["posts"]]
    for batch in _batches(ends):
        upsert_edges(store, edge_type("IN"), batch, identified=False, fresh=True)
    above = [
        {"id": None, "source": row["id"], "target": row["part_of"]}
        for row in tables["units"]
        if row["part_of"]
    ]
    for batch in _batches(above):
        upsert_edges(store, edge_type("PART_OF"), batch, identified=False, fresh=True)
    edges = [
        {
            "id": row["id"],
            "source": row["person"],
            "target": row["post"],
            "props": {k: row.get(k) for k in ("kind", "since", "until", "status", "rank")},
        }
        for row in tables["rotations"]
    ]
    for batch in _batches(edges):
        upsert_edges(store, edge_type("ROTATED_TO"), batch, fresh=True)


_NOT_STORED = ("id", "part_of")


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at : at + BATCH]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as packed:
            yield from csv.DictReader(packed)
    else:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
