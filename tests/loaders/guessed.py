"""The rows that a proposal makes of a file, in short texts to compare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.guess import Guess
from loaders.problems import Findings
from loaders.sources import open_source


def records(path: Path, found: Guess, table: str) -> Iterator[dict[str, Any]]:
    """Yield all rows of a table as they would be loaded."""
    with open_source(path, Findings("en"), found.description) as data_set:
        raw = data_set.tables.get(table)
        if raw is None:
            return
        blocks = [cells for block in raw.blocks() for cells in block.rows()]
        for cells in blocks[1:]:
            yield dict(zip(blocks[0], cells, strict=True))


def period(row: dict[str, Any]) -> str:
    told = [f"{key} {row[key]}" for key in ("since", "until") if row.get(key)]
    return "".join(f" {each}" for each in told)


def tie(row: dict[str, Any]) -> str:
    kind = f" {row['kind']}" if row.get("kind") else ""
    return f"{row['mentor']}>{row['trainee']}{kind}{period(row)}"


def shown_person(row: dict[str, Any]) -> str:
    return row["name"] if row["id"] == row["name"] else f"{row['id']}={row['name']}"
