"""A block of rows judged column by column, which is many times faster than cell by cell.

pydantic judges every different cell of a column once, and what it made of it is remembered; plain
text is looked at as a whole. A block in doubt gives None and is then judged row by row
(`loaders.checking.rows`), so nothing is taken here that pydantic would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from loaders.checking.values import Fix
from loaders.readers.cells import Cells, Cleaning, is_dense

# What `rows` and pydantic refuse in a text: control characters and halves of characters.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TEXTS = {str, type(None)}
_REMEMBERED = 1 << 17  # different cells of a column

Judge = Callable[[Sequence[Any]], "Sequence[Any] | None"]
Typed = list["Sequence[Any] | None"]  # the values of each column; None where nobody wants them


class Remembered(dict[Any, Any]):
    """What a function makes of each different cell, made when it is first asked for."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: Any) -> Any:
        made = self._make(cell)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = made
        return made


class Columns:
    """Judges blocks of rows of one table; `types` are pydantic's, None stands for plain text."""

    def __init__(
        self,
        types: Sequence[Any],
        fixes: Sequence[Fix | None],
        required: Sequence[bool],
        wanted: Sequence[bool],
        cleaning: Cleaning | None,
    ) -> None:
        self._cleaning = cleaning
        self._wanted = wanted
        self._judges = [
            self._plain(is_required, fix) if type_ is None else self._remembering(type_)
            for type_, fix, is_required in zip(types, fixes, required, strict=True)
        ]

    def judged(self, block: list[Cells]) -> Typed | None:
        """Return the typed values of the wanted columns; None when a row may be wrong or blank."""
        judges = self._judges
        if set(map(len, block)) != {len(judges)}:
            return None
        columns: Typed = []
        by_column = zip(*block, strict=True)
        for judge, cells, is_wanted in zip(judges, by_column, self._wanted, strict=True):
            try:
                values = judge(cells)
            except (ValidationError, TypeError):  # a list or an object cannot be remembered
                return None
            if values is None:
                return None
            columns.append(values if is_wanted else None)
        return columns

    def _remembering(self, type_: Any) -> Judge:
        judge: Callable[[Any], Any] = TypeAdapter(type_).validate_python
        make, cleaning = judge, self._cleaning
        if cleaning:
            clean = cleaning.clean
            make = lambda cell: judge(clean(cell))  # noqa: E731
        known = Remembered(make).__getitem__
        return lambda cells: list(map(known, cells))

    def _plain(self, is_required: bool, fix: Fix | None) -> Judge:
        cleaning = self._cleaning

        def judge(cells: Sequence[Any]) -> Sequence[Any] | None:
            try:
                whole = "".join(cells)
            except TypeError:  # there are empty ones, or something else than texts
                if not _TEXTS.issuperset(map(type, cells)):
                    return None
                whole = "".join(filter(None, cells))
            dense = is_dense(whole)
            if not dense and _REFUSED.search(whole):
                return None
            values = cleaning.cleaned(cells, whole, dense) if cleaning else cells
            if fix and any(mark in whole for mark in fix.marks):
                values = [cell and fix.text(cell) for cell in values]
            return None if is_required and not all(values) else values

        return judge
