"""The rows of all text files of a data set, read and judged ahead on the second core.

One copy of the process reads one table after the other, so that it goes on with the next while the
rows of the one before are still compared here (`prefetch.py`). It cannot tell findings: what is in
doubt comes as it was read, and is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from graph.programme import Programme
from graph.schema import Table
from loaders.checking.prefetch import prefetch
from loaders.checking.rows import Block, TableReader
from loaders.problems import Findings
from loaders.readers import RawTable, Unreadable

_WORTH_IT = 10_000  # rows that are read before a second process is begun
Item = tuple[str, "Block | Unreadable | None"]  # None: the table is read


class ReadAhead:
    """Gives the blocks of each table, which are to be asked for in the order of the tables.

    `wanted` gives the headings of a table whose values are looked at; None for all.
    """

    def __init__(
        self,
        tables: Iterable[RawTable],
        programme: Programme,
        wanted: Callable[[Table], Collection[str] | None],
    ) -> None:
        self._items = prefetch(_items(tables, programme, wanted), _WORTH_IT, _rows)

    def blocks(self, raw: RawTable) -> Iterator[Block] | None:
        """Return the blocks of a table as `TableReader.batches` takes them."""
        return self._of(raw.table.name) if _is_text(raw) else None

    def close(self) -> None:
        """End the copy, wherever it is."""
        self._items.close()

    def _of(self, name: str) -> Iterator[Block]:
        for of, item in self._items:
            if of != name:  # the rest of a table that was left
                continue
            if item is None:
                return
            if isinstance(item, Unreadable):
                raise Unreadable(item.code, item.row, **item.details)
            yield item


def _is_text(raw: RawTable) -> bool:
    """Return whether a table is only read; other reading notes what it did, or asks the store."""
    return raw.cleaning is not None


def _items(
    tables: Iterable[RawTable],
    programme: Programme,
    wanted: Callable[[Table], Collection[str] | None],
) -> Iterator[Item]:
    for raw in filter(_is_text, tables):
        name = raw.table.name
        reader = TableReader(raw, Findings(), programme, wanted(raw.table))
        try:
            for block in reader.blocks():
                yield name, block
        except Unreadable as error:
            yield name, error
        yield name, None


def _rows(item: Item) -> int:
    return item[1][1] if isinstance(item[1], tuple) else 0
