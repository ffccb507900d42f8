"""JSON and JSON lines as rows: the keys of the objects are the headings.

A whole JSON file is held in memory, so it may not be huge; JSON lines are streamed.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from loaders.readers.cells import Cells, Unreadable, cell, composed, reason
from loaders.readers.encodings import Open, scan
from loaders.readers.json_shapes import jobs_of_resumes, rows_of_lists, rows_of_tree, tree_of

_LARGEST_JSON = 1 << 30  # bytes


def json_content(open_: Open) -> Any:
    """Read a whole JSON file; Unreadable when it is none."""
    encoding = scan(open_).encoding
    with open_() as stream:
        content = stream.read(_LARGEST_JSON + 1)
    if len(content) > _LARGEST_JSON:
        raise Unreadable("too-large", what=f"JSON > {_LARGEST_JSON >> 20} MB")
    try:
        return _loads(content.decode(encoding))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-json", reason=reason(error)) from None


def _loads(text: str) -> Any:
    hook = _composed_keys if "\\u" in text else None
    value = json.loads(composed(text), object_pairs_hook=hook)
    if "\\ud" in text or "\\uD" in text:  # half a surrogate pair can be stored nowhere
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _composed_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {composed(key): value for key, value in pairs}


def array_headings(rows: list[Any]) -> list[str]:
    """Return the keys of an array of objects, in the order they first occur."""
    for number, row in enumerate(rows, 2):
        if not isinstance(row, dict):
            raise Unreadable("not-a-row", number)
    return list(dict.fromkeys(heading for row in rows for heading in row))


def arrays(content: Any) -> dict[str, list[Any]]:
    """Find the arrays of objects in a JSON file by their names; the outermost has no name.

    An object of objects is an array whose rows carry their key as `#key`. What is nested is made
    flat where its shape is known (`loaders.readers.json_shapes`).
    """
    if isinstance(content, list):
        return jobs_of_resumes(content) or {"": rows_of_tree(content)}
    if not isinstance(content, dict):
        raise Unreadable("not-json", reason=type(content).__name__)
    if found := jobs_of_resumes([content]) or tree_of(content):
        return found
    found = {}
    for name, value in content.items():
        if isinstance(value, list):
            found[name] = value
        elif isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
            found[name] = [{"#key": key, **each} for key, each in value.items()]
    if not found and content and all(isinstance(value, dict) for value in content.values()):
        found[""] = [{"#key": key, **each} for key, each in content.items()]
    return {name: rows_of_lists(rows_of_tree(rows), found) for name, rows in found.items()}


def line_headings(open_: Open, encoding: str) -> list[str]:
    """Read JSON lines once for all their keys."""
    headings: dict[str, None] = {}
    for _, record in _records(open_, encoding):
        headings.update(dict.fromkeys(record))
    return list(headings)


def line_rows(open_: Open, encoding: str, headings: list[str]) -> Iterator[tuple[int, Cells]]:
    """Yield each line's values in the order of the headings, with the number of the line."""
    for number, record in _records(open_, encoding):
        yield number, [nested(record.get(heading)) for heading in headings]


def _records(open_: Open, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    with io.TextIOWrapper(open_(), encoding) as text:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                record = _loads(line)
            except (ValueError, RecursionError) as error:
                raise Unreadable("not-json", number, reason=reason(error)) from None
            if not isinstance(record, dict):
                raise Unreadable("not-a-row", number)
            yield number, record


def nested(value: Any) -> Any:
    """Return a value as a cell, but leave lists and objects as they are."""
    return value if isinstance(value, list | dict) else cell(value)
