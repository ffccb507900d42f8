"""What every export writes with: the programme's texts, cells as text, a file that is complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph.schema import PROGRAMME
from graph.store import Reader
from graph.tables import number_text
from loaders.readers import PROGRAMME_FILE, RULES_FILE


def stored_texts(store: Reader) -> dict[str, str]:
    """Return the texts of programme.yaml and rules.yaml that were loaded."""
    rows = store.read(
        f"MATCH (p:{PROGRAMME})\n"
        "RETURN p.id AS id, p.rules AS rules, p.appointment_rules AS appointment_rules\n"
        "ORDER BY id\nLIMIT 1"
    )
    texts = {
        PROGRAMME_FILE: rows[0]["rules"] if rows else None,
        RULES_FILE: rows[0]["appointment_rules"] if rows else None,
    }
    return {name: text for name, text in texts.items() if text}


def text(value: Any) -> str:
    """Return a value as the text of one cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return number_text(value)
    return ";".join(value) if isinstance(value, list) else str(value)


@contextmanager
def complete(path: Path) -> Iterator[Path]:
    """Return a name to write to; the file gets its own name only when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
