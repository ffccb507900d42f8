"""Rows that are typed into a table of a page, and what is said beside their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value

from loaders.written import MOST

BLANK_ROWS = 8  # that are offered below those filled in
_OUT = "out"  # the box of a row that is to be left out


class TypedRowsField(Field):
    """The rows of a table: texts by heading; blank rows and those left out are not in it."""

    data: list[dict[str, str]]

    def __init__(self, headings: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._headings = frozenset(headings)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read `NAME-N-HEADING`, in the order of N."""
        super().process(None, [] if data is unset_value else data, extra_filters)
        if formdata is None:
            return
        found: dict[int, dict[str, str]] = {}
        left_out = set()
        for name in formdata:
            prefix, _sign, rest = name.partition("-")
            number, _sign, heading = rest.partition("-")
            if prefix != self.name or not number.isdecimal():
                continue
            at = int(number[:9])
            if heading == _OUT:
                left_out.add(at)
            text = formdata.get(name)
            # A file stands among the fields too.
            if heading in self._headings and isinstance(text, str) and text.strip():
                found.setdefault(at, {})[heading] = text.strip()
        self.data = [found[at] for at in sorted(found) if at not in left_out][: MOST + 1]


class SharedField(Field):
    """What all rows of a table share, as texts by heading: `NAME-HEADING`."""

    data: dict[str, str]

    def __init__(self, headings: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._headings = headings

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the texts that are not empty."""
        super().process(None, {} if data is unset_value else data, extra_filters)
        if formdata is not None:
            texts = {h: formdata.get(f"{self.name}-{h}", "").strip() for h in self._headings}
            self.data = {heading: text for heading, text in texts.items() if text}


def with_blanks(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Return rows with some blank ones below."""
    return [*rows, *({} for _ in range(BLANK_ROWS))]


@dataclass
class BesideRows:
    """What stands beside the cells of a table: faults, who fits, whom an id names."""

    headings: Sequence[str]
    faults: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    fitting: dict[tuple[int, str], list[tuple[str, str]]] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)  # faults of no cell
    names: Mapping[str, str] = field(default_factory=dict)  # by id: name, unit and post

    def fault(
        self,
        at: int,
        heading: str | None,
        text: str,
        fitting: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Put a fault at its cell, with who fits there; or above the table."""
        if heading is None or heading not in self.headings:
            self.other.append(text)
            return
        self.faults.setdefault((at, heading), []).append(text)
        if fitting:
            self.fitting[at, heading] = list(fitting)

    def at(self, at: int, heading: str) -> list[str]:
        """Return the faults of a cell."""
        return self.faults.get((at, heading), [])
