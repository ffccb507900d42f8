"""Nested shapes of JSON that are made flat: trees of people, résumés, rows that are lists.

What is left nested stays in its cell, for the steps of a description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph.dates import following

Record = dict[str, Any]

PARENT = "parent_id"  # the column of whoever a row of a tree stands below

_IDS = ("id", "#key", "key", "name", "label", "title")
_BELOW = "children"  # as drawing libraries call what hangs below the one root
_GUIDED = {"students", "mentees", "advisees", "trainees", "apprentices", "disciples"}
_GUIDED |= {"学员", "学生", "徒弟", "弟子", "门生"}


# --- trees ------------------------------------------------------------------------------------


def tree_of(content: Record) -> dict[str, list[Any]]:
    """Return the rows of a tree with one root, without a name; nothing where it is none."""
    below = next(
        (
            key
            for key, value in content.items()
            if _are_of_a_kind(content, value) and (key == _BELOW or _goes_on(value, key))
        ),
        None,
    )
    return {"": list(_flat([content], below))} if below and _id_of(content) else {}


def rows_of_tree(rows: list[Any]) -> list[Any]:
    """Return rows and what hangs below them, at every level, each with whom it stands below."""
    for row in rows:
        for key, value in row.items() if isinstance(row, dict) else ():
            is_tree = key.casefold() in _GUIDED or (
                isinstance(value, list) and _goes_on(value, key)
            )
            if is_tree and _are_of_a_kind(row, value) and _id_of(row):
                return list(_flat(rows, key))
    return rows


def _are_of_a_kind(row: Record, below: Any) -> bool:
    """Return whether what is nested in an object is more of its kind: objects with its own id."""
    if not (isinstance(below, list) and below and all(isinstance(each, dict) for each in below)):
        return False
    return any(key in row and all(key in each for each in below) for key in _IDS)


def _goes_on(below: list[Any], key: str) -> bool:
    """Return whether something below has more of the same below it."""
    return any(isinstance(each, dict) and _are_of_a_kind(each, each.get(key)) for each in below)


def _flat(rows: list[Any], below: str) -> Iterator[Any]:
    waiting = [(row, None) for row in reversed(rows)]
    while waiting:
        row, parent = waiting.pop()
        if not isinstance(row, dict):
            yield row
            continue
        inner = row.get(below)
        kept = {key: value for key, value in row.items() if key != below}
        if not isinstance(inner, list):
            kept, inner = row, []
        yield {**kept, **({} if PARENT in row else {PARENT: parent})}
        waiting += [(each, _id_of(row)) for each in reversed(inner)]


def _id_of(row: Record) -> Any:
    return next((row[key] for key in _IDS if isinstance(row.get(key), str | int)), None)


# --- résumés ----------------------------------------------------------------------------------


def jobs_of_resumes(contents: list[Any]) -> dict[str, list[Any]]:
    """Return the work of people in the format JSON Resume; nothing where it is none.

    The name of a row is the person's there and the employer's in the format; its last day, month or
    year is part of the work, and `until` is the first after it.
    """
    if not contents or not all(map(_is_resume, contents)):
        return {}
    return {
        "work": [
            {
                "name": content["basics"]["name"],
                "employer": job.get("name") or job.get("company"),
                **{key: value for key, value in job.items() if key not in _OWN},
                "since": job.get("startDate"),
                "until": _until(job.get("endDate")),
            }
            for content in contents
            for job in content["work"]
        ]
    }


_OWN = ("name", "company", "startDate", "endDate")


def _is_resume(content: Any) -> bool:
    if not isinstance(content, dict) or not isinstance(content.get("basics"), dict):
        return False
    work = content.get("work")
    return isinstance(content["basics"].get("name"), str) and (
        isinstance(work, list) and all(isinstance(job, dict) for job in work)
    )


def _until(last: Any) -> Any:
    try:
        return following(last) if isinstance(last, str) else last
    except ValueError:
        return last


# --- rows that are lists ----------------------------------------------------------------------


def rows_of_lists(rows: list[Any], beside: Mapping[str, list[Any]]) -> list[Any]:
    """Return lists of values as rows with numbered columns.

    Pairs of numbers that are no ids of the one array with ids beside them are places in it,
    counted from 0, and become its ids.
    """
    if not rows or not all(isinstance(row, list) and row for row in rows):
        return rows
    if not all(isinstance(each, str | int | float | None) for row in rows for each in row):
        return rows
    ids = _ids_beside(rows, beside)
    return [
        {f"column {at}": ids.get(value, value) for at, value in enumerate(row, 1)} for row in rows
    ]


def _ids_beside(rows: list[Any], beside: Mapping[str, list[Any]]) -> dict[Any, Any]:
    named = [
        [row.get("id") for row in each]
        for each in beside.values()
        if each and all(isinstance(row, dict) and row.get("id") is not None for row in each)
    ]
    values = {value for row in rows for value in row}
    if len(named) != 1 or {len(row) for row in rows} != {2} or values <= set(named[0]):
        return {}
    is_place = all(type(value) is int and 0 <= value < len(named[0]) for value in values)
    return dict(enumerate(named[0])) if is_place else {}
