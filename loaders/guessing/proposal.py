"""The description that follows from what the columns of files mean; see `loaders.guess`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graph.programme import EMPTY_PROGRAMME
from graph.schema import TABLES
from graph.terms import key_of
from loaders.guessing.dates import DATES
from loaders.guessing.headings import ENDS
from loaders.guessing.names import TIDY
from loaders.guessing.sheets import Doubt, GuessedColumn, GuessedSheet
from loaders.words import is_absent

_OF_PEOPLE = (
    "cohort", "joined_on", "born_on", "native_place", "education", "specialties", "status",
)  # fmt: skip
_PLAIN = ["tidy", "absent"]


def described_by(
    sheets: list[GuessedSheet], path: Path, doubts: Iterable[Doubt] = ()
) -> dict[str, Any] | None:
    """Make the description that follows from the meanings; None when they make no table."""
    tables: dict[str, list[dict[str, Any]]] = {}
    has_people = any(sheet.column("person") for sheet in sheets)
    for sheet in sorted(sheets, key=lambda each: not each.is_list):
        for name, entry in _entries(sheet, has_people):
            tables.setdefault(name, []).append(entry)
    people = tables.get("people", [])
    for entry in people if len(people) > 1 else ():  # who is listed is not made a second time
        if not any("numbered" in each["steps"] for each in entry["columns"].values()):
            entry.setdefault("distinct", True)
    _mark_read(sheets, tables)
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
            files[sheet.key]["without_notes"] = True
    title = path.stem if path.is_file() else ", ".join(each["name"] for each in files.values())
    unread = {key: unused_headings(sheet) for sheet in sheets if (key := sheet.key) in used}
    asked = [
        {name: value for name, value in doubt.as_dict().items() if value} | {"answer": ""}
        for doubt in doubts
    ]
    return {
        "name": "my-source",
        "title": title,
        "files": files,
        "tables": {name: tables[name] for name in order},
        **({"not_read": found} if (found := {k: v for k, v in unread.items() if v}) else {}),
        **({"doubts": asked} if asked else {}),
    }


def _mark_read(sheets: list[GuessedSheet], tables: dict[str, list[dict[str, Any]]]) -> None:
    """Mark the columns from which some entry reads; a meaning alone may have no place in any."""
    for sheet in sheets:
        entries = [each for of in tables.values() for each in of if each["file"] == sheet.key]
        read = {heading for each in entries for heading in _headings_in(each["columns"].values())}
        for column in sheet.columns:
            column.is_read = column.heading in read


def _headings_in(cells: Iterable[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        yield from (cell["column"],) if "column" in cell else cell.get("parts", ())


def unused_headings(sheet: GuessedSheet) -> list[str]:
    """Return the headings of the columns that hold something and are not read."""
    return [
        column.heading
        for column in sheet.columns
        if column.heading
        and not column.is_read
        and column.about != "direction"
        and (column.values or column.nested)
    ]


def _pattern(name: str) -> str:
    return re.sub(r"[\[\]?*]", "?", name)


def _entries(sheet: GuessedSheet, has_people: bool) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield the entries of the description that a sheet's columns make."""
    has = sheet.has
    person = next((each for each in ("person", "trainee") if _ends(sheet, each)), None)
    yield from _units_and_posts(sheet, has, person)
    for end in ENDS:
        for column in _ends(sheet, end):
            name = _named(sheet, end, column)
            if name is None:
                continue  # an id alone names somebody of another sheet, or who is stored
            columns = {"id": _id(sheet, column), "name": name}
            if end == person:
                own = has - {"status"} if _is_of_postings(sheet) else has
                columns |= {key: _property(sheet, key) for key in _OF_PEOPLE if key in own}
            yield "people", _people(sheet, end, column, columns)
    for mentor in _ends(sheet, "mentor"):
        for trainee in _ends(sheet, person) if person else ():
            if mentor is not trainee:
                yield "mentoring", _tie(sheet, mentor, trainee, has_people)
    post = _post_id(sheet, has)
    for column in _ends(sheet, person) if person and post else ():
        columns = {"person": _id(sheet, column), "post": post or {}, **_period(sheet, has)}
        if _is_of_postings(sheet):
            columns["status"] = _read(sheet, "status", _PLAIN)
        postings = {**_from(sheet, column), "columns": columns}
        unknown = {"person": "create" if person not in has else ""}
        keep = _where_known(sheet, "post", _creating(postings, unknown, has_people))
        yield "rotations", keep


def _is_of_postings(sheet: GuessedSheet) -> bool:
    """Return whether the column of states says which postings are planned, nothing of people."""
    words = {word for word in sheet.values("status") if not is_absent(word)}
    if not words or not sheet.has & {"post", "post_id"}:
        return False
    return all(key_of(EMPTY_PROGRAMME.values("posting_statuses"), word) for word in words)


def _ends(sheet: GuessedSheet, end: str | None) -> list[GuessedColumn]:
    """Return the columns that tell the people at an end: of ids, else of names."""
    return sheet.all(f"{end}_id") or sheet.all(end or "")


def _named(sheet: GuessedSheet, end: str, column: GuessedColumn) -> dict[str, Any] | None:
    """Return what makes the name of the people of a column."""
    own = column if column.meaning == end else sheet.column(end)
    if own is None:
        return None
    family = sheet.column(f"{end}_family")
    if not family:
        return {"column": own.heading, "steps": list(own.steps or [*TIDY, "absent"])}
    first, last = own.heading, family.heading
    is_han = any(not value.isascii() for value in family.values[:20])
    parts, join = ([last, first], "") if is_han else ([first, last], " ")
    return {"parts": parts, "join": join, "steps": TIDY}


def _id(sheet: GuessedSheet, column: GuessedColumn) -> dict[str, Any]:
    """Return what makes the id of the people of a column."""
    if column.meaning.endswith("_id"):
        return {"column": column.heading, "steps": list(column.steps or _PLAIN)}
    made = _named(sheet, column.meaning, column) or {}
    if column.ids:  # who is listed with an id is not made a second time
        step = {"map": {"values": column.ids, "otherwise": "keep"}}
        return {**made, "steps": [*made["steps"], step]}
    return made


def _from(sheet: GuessedSheet, *ends: GuessedColumn) -> dict[str, Any]:
    """Begin an entry: its file, and the columns whose cells hold several people."""
    several = []
    for column in ends:
        if column.between:
            several.append({"column": column.heading, "by": list(column.between)})
        elif column.is_list:
            several.append({"column": column.heading})
    entry: dict[str, Any] = {"file": sheet.key}
    if several:
        entry["each"] = several
    return entry


def _people(
    sheet: GuessedSheet, end: str, column: GuessedColumn, columns: dict[str, Any]
) -> dict[str, Any]:
    entry: dict[str, Any] = {**_from(sheet, column), "columns": columns}
    is_list = end == "person" and sheet.is_list
    has_id = column.meaning.endswith("_id")
    if is_list and not has_id and _has_twice(column) and not sheet.column("person_family"):
        own = columns["id"]
        columns["id"] = {**own, "steps": [*own["steps"], "numbered"]}  # equal names, two people
    elif not (is_list and has_id):
        entry["distinct"] = True
    return _where_filled(sheet, column, entry)


def _tie(
    sheet: GuessedSheet, mentor: GuessedColumn, trainee: GuessedColumn, has_people: bool
) -> dict[str, Any]:
    has = sheet.has
    columns = {"mentor": _id(sheet, mentor), "trainee": _id(sheet, trainee)}
    if not {"post", "post_id"} & has:
        columns |= _period(sheet, has - {"rank"})
    if mentor.kind:
        columns["kind"] = {"value": mentor.kind}
    unknown = {
        end: "create" if sheet.column(column.meaning.removesuffix("_id")) is None else ""
        for end, column in (("mentor", mentor), ("trainee", trainee))
    }
    entry = {**_from(sheet, mentor, trainee), "columns": columns}
    entry = _where_filled(sheet, mentor, _where_filled(sheet, trainee, entry))
    column, words = sheet.undirected
    if words:
        entry["keep_if"] = [*entry.get("keep_if", []), {"column": column, "is_not": list(words)}]
    return _creating(entry, unknown, has_people)


def _creating(entry: dict[str, Any], unknown: dict[str, str], has_people: bool) -> dict[str, Any]:
    """Let people of whom only the id is known be created, where no sheet lists people."""
    missing = {} if has_people else {heading: word for heading, word in unknown.items() if word}
    return {**entry, "missing": missing} if missing else entry


def _units_and_posts(
    sheet: GuessedSheet, has: set[str], person: str | None
) -> Iterable[tuple[str, dict[str, Any]]]:
    if "unit" in has:
        columns = {"id": _unit_id(sheet, has), "name": _read(sheet, "unit", _PLAIN)}
        if "part_of" in has:
            columns["part_of"] = _read(sheet, "part_of", _PLAIN)
        entry = {"file": sheet.key, "distinct": True, "columns": columns}
        yield "units", _where_known(sheet, "unit", entry)
    if "post" in has:
        unit = _unit_id(sheet, has) if {"unit", "unit_id"} & has else {"value": "unknown"}
        columns = {
            "id": _post_id(sheet, has) or {},
            "title": _read(sheet, "post", _PLAIN),
            "unit": unit,
        }
        if "rank" in has and not person:
            columns["rank"] = _read(sheet, "rank", _PLAIN)
        entry = {"file": sheet.key, "distinct": True, "columns": columns}
        if not {"unit", "unit_id"} & has:
            entry["missing"] = {"unit": "create"}
        yield "posts", _where_known(sheet, "post", entry)


def _period(sheet: GuessedSheet, has: set[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "kind" in has:
        columns["kind"] = _read(sheet, "kind", _PLAIN)
    for key in ("since", "until"):
        if key in has:
            columns[key] = _property(sheet, key)
    since = sheet.column("since")
    if since and since.is_period and "until" not in has:
        columns["until"] = {"column": since.heading, "steps": _date_steps(since, "until")}
    if "rank" in has and {"post", "post_id"} & has:
        columns["rank"] = _read(sheet, "rank", _PLAIN)
    return columns


def _read(sheet: GuessedSheet, meaning: str, steps: list[Any]) -> dict[str, Any]:
    column = sheet.column(meaning)
    assert column is not None
    return {"column": column.heading, "steps": list(steps)}


def _property(sheet: GuessedSheet, key: str) -> dict[str, Any]:
    column = sheet.column(key)
    assert column is not None
    if key in DATES:
        return _read(sheet, key, _date_steps(column, key))
    if key == "cohort":
        return _read(sheet, key, [{"replace": {"届": "", "级": "", "年": ""}}, "number"])
    if key == "specialties":
        joined = "".join(column.values)
        by = max("、，,；;/", key=joined.count)
        return _read(sheet, key, [{"list": by}] if by in joined else _PLAIN)
    return _read(sheet, key, _PLAIN)


def _date_steps(column: GuessedColumn, key: str) -> list[Any]:
    given: dict[str, Any] = {}
    if column.forms not in ((), ("ymd",)):
        given["forms"] = list(column.forms)
    if column.pivot is not None:
        given["pivot"] = column.pivot
    begin = [{"period": "until" if key == "until" else "since"}] if column.is_period else []
    steps = ["absent", "open", "zero_means_missing", *begin, {"date": given} if given else "date"]
    return [*steps, "through"] if column.is_through else steps


def _unit_id(sheet: GuessedSheet, has: set[str]) -> dict[str, Any]:
    if "unit_id" in has:
        return _read(sheet, "unit_id", _PLAIN)
    column = sheet.column("unit")
    known = {"map": {"values": column.ids, "otherwise": "keep"}} if column and column.ids else None
    return _read(sheet, "unit", [*_PLAIN, known] if known else _PLAIN)


def _post_id(sheet: GuessedSheet, has: set[str]) -> dict[str, Any] | None:
    if "post_id" in has:
        return _read(sheet, "post_id", _PLAIN)
    unit = next((each for each in ("unit_id", "unit") if each in has), None)
    if "post" not in has or unit is None:
        return _read(sheet, "post", _PLAIN) if "post" in has else None
    names = [column.heading for key in (unit, "post") if (column := sheet.column(key))]
    return {"parts": names, "join": "/", "steps": ["tidy"]}


def _has_twice(column: GuessedColumn) -> bool:
    return len(set(column.values)) < len(column.values)


def _where_known(sheet: GuessedSheet, meaning: str, entry: dict[str, Any]) -> dict[str, Any]:
    column = sheet.column(f"{meaning}_id") or sheet.column(meaning)
    return _where_filled(sheet, column, entry) if column else entry


def _where_filled(
    sheet: GuessedSheet, column: GuessedColumn, entry: dict[str, Any]
) -> dict[str, Any]:
    """Leave out the rows in which the column says nothing, if there are any."""
    known = {row for row, value in column.pairs if not is_absent(value)}
    if len(known) == sheet.row_count or column.is_list:
        return entry
    conditions = [*entry.get("keep_if", []), {"column": column.heading, "empty": False}]
    return {**entry, "keep_if": conditions}
