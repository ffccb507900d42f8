"""The description that follows from what the columns of files mean; see `loaders.guess`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph.schema import TABLES

DATES = ("joined_on", "born_on", "since", "until")
OPEN = ["-", "—", "无", "至今", "今", "现在", "present", "now", "N/A", "n/a"]

_ENDS = ("person", "trainee", "mentor")
_OF_PEOPLE = (
    "cohort", "joined_on", "born_on", "native_place", "education", "specialties", "status",
)  # fmt: skip
_TIDY = ["tidy", "middle_dot"]


@dataclass
class GuessedColumn:
    """One column of a sheet: its heading, some of its values, and what it seems to mean."""

    heading: str
    samples: list[str]
    values: list[str] = field(repr=False)
    meaning: str = ""  # a key of MEANINGS; empty: it is not read
    forms: tuple[str, ...] = ()  # of its dates
    pivot: int | None = None
    why: str = ""  # "heading", "dates", "reference"


@dataclass
class GuessedSheet:
    """One sheet of a file and its columns."""

    key: str  # the name of the file in the description
    file: str
    sheet: str
    heading_row: int
    columns: list[GuessedColumn]

    def column(self, meaning: str) -> GuessedColumn | None:
        """Give the column of a meaning."""
        return next((each for each in self.columns if each.meaning == meaning), None)

    def values(self, meaning: str) -> list[str]:
        """Give the values that were looked at in the column of a meaning."""
        column = self.column(meaning)
        return column.values if column else []


def described_by(sheets: Iterable[GuessedSheet], path: Path) -> dict[str, Any] | None:
    """Make the description that follows from the meanings; None when they make no table."""
    sheets = list(sheets)
    tables: dict[str, list[dict[str, Any]]] = {}
    has_people = any(sheet.column("person") for sheet in sheets)
    for sheet in sorted(sheets, key=lambda each: each.column("person") is None):
        for name, entry in _entries(sheet, has_people):
            tables.setdefault(name, []).append(entry)
    if not tables:
        return None
    order = [table.name for table in TABLES if table.name in tables]
    used = {entry["file"] for entries in tables.values() for entry in entries}
    files: dict[str, Any] = {}
    for sheet in sheets:
        if sheet.key in used:
            files[sheet.key] = {"name": _pattern(sheet.file)}
            if sheet.sheet:
                files[sheet.key]["sheet"] = _pattern(sheet.sheet)
            if sheet.heading_row > 1:
                files[sheet.key]["heading_row"] = sheet.heading_row
    title = path.stem if path.is_file() else ", ".join(each["name"] for each in files.values())
    return {
        "name": "my-source",
        "title": title,
        "files": files,
        "tables": {name: tables[name] for name in order},
    }


def _pattern(name: str) -> str:
    return re.sub(r"[\[\]?*]", "?", name)


def _entries(sheet: GuessedSheet, has_people: bool) -> Iterable[tuple[str, dict[str, Any]]]:
    """Give the entries of the description that a sheet's columns make."""
    has = {column.meaning for column in sheet.columns if column.meaning}
    person = next((each for each in ("person", "trainee") if _id_of(sheet, each)), None)
    yield from _units_and_posts(sheet, has, person)
    for end in _ENDS:
        id_ = _id_of(sheet, end)
        if id_ is None or end not in has:
            continue  # an id alone names somebody of another sheet, or who is stored
        columns = {"id": id_, "name": _read(sheet, end, _TIDY)}
        if end == person:
            columns |= {key: _property(sheet, key) for key in _OF_PEOPLE if key in has}
        entry: dict[str, Any] = {"file": sheet.key, "columns": columns}
        is_list = end == "person" and not has & {"post", "mentor", "mentor_id", "trainee"}
        if is_list and "person_id" not in has and _has_twice(sheet, "person"):
            columns["id"] = _read(sheet, "person", [*_TIDY, "numbered"])  # equal names, two people
        elif not is_list or "person_id" not in has:
            entry["distinct"] = True
        yield "people", _where_known(sheet, end, entry)
    mentor = _id_of(sheet, "mentor")
    if person and mentor:
        columns = {"mentor": mentor, "trainee": _id_of(sheet, person) or {}}
        if not {"post", "post_id"} & has:
            columns |= _period(sheet, has)
        ties = {"file": sheet.key, "columns": columns}
        unknown = {
            "mentor": "create" if "mentor" not in has else "",
            "trainee": "create" if person not in has else "",
        }
        yield "mentoring", _where_known(sheet, "mentor", _creating(ties, unknown, has_people))
    post = _post_id(sheet, has)
    if person and post:
        columns = {"person": _id_of(sheet, person) or {}, "post": post, **_period(sheet, has)}
        postings = {"file": sheet.key, "columns": columns}
        unknown = {"person": "create" if person not in has else ""}
        yield "rotations", _where_known(sheet, "post", _creating(postings, unknown, has_people))


def _creating(entry: dict[str, Any], unknown: dict[str, str], has_people: bool) -> dict[str, Any]:
    """Let people of whom only the id is known be created, where no sheet lists people."""
    missing = {} if has_people else {heading: word for heading, word in unknown.items() if word}
    return {**entry, "missing": missing} if missing else entry


def _units_and_posts(
    sheet: GuessedSheet, has: set[str], person: str | None
) -> Iterable[tuple[str, dict[str, Any]]]:
    if "unit" in has:
        columns = {"id": _unit_id(sheet, has), "name": _read(sheet, "unit", ["tidy"])}
        if "part_of" in has:
            columns["part_of"] = _read(sheet, "part_of", ["tidy"])
        entry = {"file": sheet.key, "distinct": True, "columns": columns}
        yield "units", _where_known(sheet, "unit", entry)
    if "post" in has:
        unit = _unit_id(sheet, has) if {"unit", "unit_id"} & has else {"value": "unknown"}
        columns = {
            "id": _post_id(sheet, has) or {},
            "title": _read(sheet, "post", ["tidy"]),
            "unit": unit,
        }
        if "rank" in has and not person:
            columns["rank"] = _read(sheet, "rank", ["tidy"])
        entry = {"file": sheet.key, "distinct": True, "columns": columns}
        if not {"unit", "unit_id"} & has:
            entry["missing"] = {"unit": "create"}
        yield "posts", _where_known(sheet, "post", entry)


def _period(sheet: GuessedSheet, has: set[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "kind" in has:
        columns["kind"] = _read(sheet, "kind", ["tidy"])
    for key in ("since", "until"):
        if key in has:
            columns[key] = _property(sheet, key)
    if "rank" in has and {"post", "post_id"} & has:
        columns["rank"] = _read(sheet, "rank", ["tidy"])
    return columns


def _read(sheet: GuessedSheet, meaning: str, steps: list[Any]) -> dict[str, Any]:
    column = sheet.column(meaning)
    assert column is not None
    return {"column": column.heading, "steps": list(steps)}


def _property(sheet: GuessedSheet, key: str) -> dict[str, Any]:
    column = sheet.column(key)
    assert column is not None
    if key in DATES:
        given: dict[str, Any] = {}
        if column.forms not in ((), ("ymd",)):
            given["forms"] = list(column.forms)
        if column.pivot is not None:
            given["pivot"] = column.pivot
        missing = [word for word in OPEN if word in column.values]
        steps: list[Any] = [{"missing": missing}] if missing else []
        return _read(
            sheet, key, [*steps, "zero_means_missing", {"date": given} if given else "date"]
        )
    if key == "cohort":
        return _read(sheet, key, [{"replace": {"届": "", "级": "", "年": ""}}, "number"])
    if key == "specialties":
        joined = "".join(column.values)
        by = max("、，,；;/", key=joined.count)
        return _read(sheet, key, [{"list": by}] if by in joined else ["tidy"])
    return _read(sheet, key, ["tidy"])


def _id_of(sheet: GuessedSheet, end: str) -> dict[str, Any] | None:
    """Give what makes the id of the person at an end: a column of ids, else the name."""
    if sheet.column(f"{end}_id"):
        return _read(sheet, f"{end}_id", ["tidy"])
    return _read(sheet, end, _TIDY) if sheet.column(end) else None


def _unit_id(sheet: GuessedSheet, has: set[str]) -> dict[str, Any]:
    return _read(sheet, "unit_id" if "unit_id" in has else "unit", ["tidy"])


def _post_id(sheet: GuessedSheet, has: set[str]) -> dict[str, Any] | None:
    if "post_id" in has:
        return _read(sheet, "post_id", ["tidy"])
    unit = next((each for each in ("unit_id", "unit") if each in has), None)
    if "post" not in has or unit is None:
        return _read(sheet, "post", ["tidy"]) if "post" in has else None
    names = [column.heading for key in (unit, "post") if (column := sheet.column(key))]
    return {"parts": names, "join": "/", "steps": ["tidy"]}


def _has_twice(sheet: GuessedSheet, meaning: str) -> bool:
    values = sheet.values(meaning)
    return len(set(values)) < len(values)


def _where_known(sheet: GuessedSheet, meaning: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Leave out the rows in which the column that makes the entry is empty, if there are any."""
    column = sheet.column(f"{meaning}_id") or sheet.column(meaning)
    longest = max((len(each.values) for each in sheet.columns), default=0)
    if column and len(column.values) < longest:
        condition = [{"column": column.heading, "empty": False}]
        return {"file": entry["file"], "keep_if": condition, **entry}
    return entry
