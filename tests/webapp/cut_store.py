"""A store that holds only the facts of a day, made of the files of the reference district."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.conftest import ROOT

SHIFENG = ROOT / "examples" / "shifeng"
_BEGINS = {
    "rotations": "since",
    "mentoring": "since",
    "service": "since",
    "grades": "since",
    "activities": "held_on",
    "records": "on",
}
_OF_PEOPLE = {
    "rotations": ("person",),
    "mentoring": ("mentor", "trainee"),
    "service": ("person",),
    "grades": ("person",),
}
_LEFT = ("retired", "transferred_out", "resigned")  # statuses that mean: left
_NAMING = {**_OF_PEOPLE, "attendance": ("person",), "records": ("person",), "wishes": ("person",)}
_NAMING["kin"] = ("person", "relative")


def cut(folder: Path, day: str) -> Path:
    """Write the district as it was known by a day: what began later, and who, is not in it."""
    folder.mkdir()
    tables = {path.stem: list(_rows(path)) for path in SHIFENG.glob("*.csv")}
    whole = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for name, begin in _BEGINS.items():
        tables[name] = [
            row
            for row in tables[name]
            if (row.get(begin) or "") <= day and row.get("status") != "planned"
        ]
        for row in tables[name] if name != "activities" else ():  # announced with their end
            if row.get("until", "") > day:
                row["until"] = ""
    there = {row["id"] for row in tables["activities"]}
    tables["attendance"] = [row for row in tables["attendance"] if row["activity"] in there]
    later = _with_later_facts(whole, day)
    for row in tables["people"]:
        if row["status"] in _LEFT and row["id"] in later:
            row["status"] = ""  # they were there yet, so that the fact behind it had not come
    gone = _not_yet(whole, day)
    tables["people"] = [row for row in tables["people"] if row["id"] not in gone]
    for name, headings in _NAMING.items():
        tables[name] = [
            row for row in tables[name] if not gone & {row[heading] for heading in headings}
        ]
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", list(whole[name][0]), rows)
    for name in ("programme.yaml", "rules.yaml"):
        (folder / name).write_bytes((SHIFENG / name).read_bytes())
    return folder


def _with_later_facts(tables: dict[str, list[dict[str, str]]], day: str) -> set[str]:
    """Return who has a fact that begins or ends after the day."""
    return {
        row[heading]
        for name, headings in {**_OF_PEOPLE, "records": ("person",)}.items()
        for row in tables[name]
        for heading in headings
        if any(row.get(at, "") > day for at in ("since", "until", "on"))
        and row.get("status") != "planned"
    }


def _not_yet(tables: dict[str, list[dict[str, str]]], day: str) -> set[str]:
    """Return who has dated facts, every one of them after the day."""
    begins: dict[str, list[str]] = {row["id"]: [] for row in tables["people"]}
    for row in tables["people"]:
        begins[row["id"]] += [row["joined_on"]] if row["joined_on"] else []
    for name, headings in _OF_PEOPLE.items():
        for row in tables[name]:
            for heading in headings:
                if row.get("status") != "planned":
                    begins[row[heading]].append(row["since"])
    return {id_ for id_, days in begins.items() if days and min(days) > day}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, headings: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
