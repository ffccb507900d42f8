"""Edges that a catalogue question derives once a source is stored, each marked with its question.

They are stored as rows of `mentoring` like any others, with the kind that the description gives
and the question's name in `derived_by`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from graph.programme import Programme
from graph.schema import table
from graph.store import Store
from loaders.checking.rows import Row, TableReader
from loaders.problems import Findings, Place
from loaders.readers import RawTable
from loaders.readers.blocks import blocks_of
from loaders.readers.cells import Cells, in_blocks
from loaders.sources.description import Derive

_MOST = 10_000_000
_HEADINGS = ("id", "mentor", "trainee", "kind", "since", "until", "derived_by")


def derived(store: Store, derive: Derive) -> RawTable:
    """Ask the question of a stored source, and give its rows as a table of mentoring."""
    from queries.catalogue import ask

    answer = ask(store, derive.query, **{**derive.parameters, "limit": _MOST})

    def rows() -> Iterator[Cells]:
        yield list(_HEADINGS)
        for row in answer.rows:
            ends = [row["id"], row["mentor"], row["trainee"], derive.kind]
            yield [*ends, row.get("since"), row.get("until"), derive.query]

    return RawTable(table("mentoring"), Place(derive.query), lambda: blocks_of(in_blocks(rows())))


def store_derived(
    store: Store,
    derives: Iterable[Derive],
    programme: Programme,
    store_batches: Callable[[Store, TableReader, Iterable[list[Row]]], None],
    on_progress: Callable[[str, int, int], None] | None = None,
) -> int:
    """Derive and store the edges of a description; give their number.

    Those whose kind the programme does not have are left out.
    """
    count = 0

    def batches(reader: TableReader) -> Iterator[list[Row]]:
        nonlocal count
        for batch in reader.batches():
            yield batch.rows
            count += len(batch.rows)
            if on_progress:
                on_progress("mentoring", count, count)

    for derive in derives:
        reader = TableReader(derived(store, derive), Findings(), programme)
        store_batches(store, reader, batches(reader))
    return count
