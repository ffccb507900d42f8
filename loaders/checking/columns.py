"""The cells of a column judged as a whole: each different one once, by one function of its type.

A function takes a cell and gives what it means; ValueError where it is wrong. A column of plain
texts is looked through for the few that may be anything else than what they are, and only those
are judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from graph.dates import is_date
from graph.programme import Programme
from graph.schema import Column, Property, Reference
from loaders.checking import values
from loaders.readers import LostZero
from loaders.readers.blocks import MAY_NEED_CLEANING, Block, meant, pl, replaced
from loaders.readers.cells import Cleaning
from loaders.words import says_open

Marks = npt.NDArray[np.bool_]
Judge = Callable[[Any], Any]
Type = Literal["text", "integer", "number", "list"]

_LARGEST = 2**63 - 1  # both engines keep integers of 64 bits
_FEW = 256
_REMEMBERED = 1 << 17  # different cells of a column
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[ T]0?0:00(?::00)?)?"
)
_LIST = re.compile("[;；]")
# Control characters, and halves of characters.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_integer: Judge = TypeAdapter(int).validate_python
# A number as offices write it: "1500", "1,500.00", "7.5".
_DECIMAL = re.compile(r"-?(?:\d{1,3}(?:[,，]\d{3})+|\d{1,12})(?:\.(\d{1,2})0*)?")
_MOST = 10**12  # far below where hundredths are lost
_WRONG = object()


def normal_date(text: str) -> str:
    """Return a date as ISO text of the precision it has; raise ValueError when it is none.

    >>> normal_date("2017/9/16"), normal_date("2017年9月"), normal_date("2017")
    ('2017-09-16', '2017-09', '2017')
    """
    match = _DATE.fullmatch(text)
    parts = [int(part) for part in match.groups() if part] if match else []
    date = "-".join(f"{part:0{4 if not at else 2}d}" for at, part in enumerate(parts))
    if not is_date(date):
        raise ValueError("not a date")
    return date


def split_list(text: str) -> tuple[str, ...] | None:
    """Split the list inside a cell; None when it holds nothing.

    >>> split_list("law; economics；")
    ('law', 'economics')
    """
    return tuple(filter(None, map(str.strip, _LIST.split(text)))) or None


# --- one cell ------------------------------------------------------------------------------------


def _word(cell: Any) -> str:
    if not isinstance(cell, str):
        raise ValueError("no text")
    return str(cell)


def _text(cell: Any) -> str:
    text = _word(cell)
    if _REFUSED.search(text):
        raise ValueError("no plain text")
    return text


def _date(cell: Any) -> str | None:
    if isinstance(cell, LostZero) or not isinstance(cell, str):
        raise ValueError("January or October, or no text")
    return None if values.is_nothing(cell) else normal_date(cell)


def _end(cell: Any) -> str | None:
    return None if isinstance(cell, str) and says_open(cell) else _date(cell)


def _number(column: Property) -> Judge:
    least = -_LARGEST if column.at_least is None else column.at_least
    prepared = values.cohort if column.heading == "cohort" else lambda cell: cell

    def judge(cell: Any) -> int:
        number: int = _integer(prepared(cell))
        if not least <= number <= _LARGEST:
            raise ValueError("out of bounds")
        return number

    return judge


def _decimal(column: Property) -> Judge:
    def judge(cell: Any) -> float:
        text = str(cell) if isinstance(cell, int | float) else cell
        if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
            raise ValueError("no number of two decimals")
        number = float(text.replace(",", "").replace("，", ""))
        if column.at_least is not None and number < column.at_least:
            raise ValueError("too small")
        if (column.above is not None and number <= column.above) or abs(number) > _MOST:
            raise ValueError("out of bounds")
        return number

    return judge


def judge_of(column: Column, programme: Programme) -> Judge:
    """Make the function that gives what a filled cell of a column means."""
    if not isinstance(column, Reference) and values.is_judged(column, programme):
        if values.is_listed(column):
            read = values.reader_of(column, programme)
            return lambda cell: read(_word(cell))
        assert isinstance(column, Property)
        terms = programme.values(column.kinds)
        return lambda cell: values.listed(split_list(_text(cell)), terms)
    if column.type == "date":
        return _end if column.heading == "until" else _date
    if isinstance(column, Property) and column.type == "integer":
        return _number(column)
    if isinstance(column, Property) and column.type == "number":
        return _decimal(column)
    if column.type == "list":
        return lambda cell: split_list(_text(cell))
    fix = values.fix_of(column)
    return (lambda cell: fix.text(_text(cell))) if fix else _text


def type_of(column: Column) -> Type:
    """Return what the values of a column are; a date is a text."""
    return "text" if column.type == "date" else column.type


def looked_for(column: Column, programme: Programme) -> str | None:
    """Return the pattern of the cells of a column that must be judged; None where all must be."""
    is_plain = column.type == "text"
    if not is_plain or (not isinstance(column, Reference) and values.is_judged(column, programme)):
        return None
    fix = values.fix_of(column)
    return MAY_NEED_CLEANING if fix is None else f"{MAY_NEED_CLEANING}|{fix.pattern}"


# --- a column ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JudgedColumn:
    """A column of a block: its values, null where a cell is empty or wrong, and the wrong cells."""

    values: pl.Series
    empty: Marks
    wrong: Mapping[int, Any] = field(default_factory=dict)  # by the place of the row


class ColumnJudge:
    """Judges the cells of one column, block by block."""

    def __init__(
        self, judge: Judge, type_: Type = "text", pattern: str | None = None,
        cleaning: Cleaning | None = None,
    ) -> None:  # fmt: skip
        self._judge = judge
        self._type = type_
        self._pattern = pattern
        self._clean = cleaning.clean if cleaning else None
        self._known: dict[str, tuple[Any, str | None]] = {}  # by cell its value and cleaned text

    def judged(self, block: Block, at: int) -> JudgedColumn:
        """Return the column at a place of a block, which may have fewer."""
        if at >= len(block.columns):
            nothing = pl.repeat(None, block.height, dtype=self._dtype(), eager=True)
            return JudgedColumn(nothing, np.ones(block.height, bool))
        cells = block.columns[at]
        found = {text: self._look(text) for text in self._looked_at(cells)}
        # A dash where a date belongs says nothing, as an empty cell does.
        blank = [text for text, (value, _) in found.items() if value is None]
        bad = {text: cell for text, (value, cell) in found.items() if value is _WRONG}
        values = self._valued(cells, found)
        empty = np.zeros(len(cells), bool)
        if blank or cells.null_count():
            empty = _marks(cells.is_null() | cells.is_in(blank) if blank else cells.is_null())
        wrong: dict[int, Any] = {}
        if bad:
            places = np.flatnonzero(_marks(cells.is_in(list(bad)))).tolist()
            wrong = {place: bad[cells[place]] for place in places}
        others = [(row, cell) for (row, column), cell in block.others.items() if column == at]
        return self._with_others(JudgedColumn(values, empty, wrong), others)

    def _looked_at(self, cells: pl.Series) -> Iterable[str]:
        """Return the different texts of a column that may be anything else than what they are."""
        if cells.null_count() == len(cells):
            return ()
        if len(cells) <= _FEW:  # each question to the library takes as long as judging many cells
            return dict.fromkeys(text for text in cells.to_list() if text is not None)
        looked = cells.filter(cells.str.contains(self._pattern)) if self._pattern else cells
        texts: list[str] = looked.unique().drop_nulls().to_list()
        return texts

    def _look(self, text: str) -> tuple[Any, str | None]:
        """Return what a text means and how it reads when it is cleaned."""
        known = self._known.get(text)
        if known is None:
            cell = self._clean(text) if self._clean else text
            known = (None if cell is None else self._value(cell)), cell
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = known
        return known

    def _value(self, cell: Any) -> Any:
        try:
            return self._judge(cell)
        except ValueError:
            return _WRONG

    def _valued(self, cells: pl.Series, found: Mapping[str, tuple[Any, str | None]]) -> pl.Series:
        """Return the values of cells; one that was not looked at is a text that means itself."""
        right = {text: None if value is _WRONG else value for text, (value, _) in found.items()}
        if self._type == "text":
            return replaced(cells, {text: to for text, to in right.items() if to != text})
        return meant(cells, right, self._dtype())

    def _dtype(self) -> Any:
        types = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64}
        return types.get(self._type, pl.List(pl.String))

    def _with_others(self, judged: JudgedColumn, others: list[tuple[int, Any]]) -> JudgedColumn:
        """Judge the cells that are no plain texts too."""
        if not others:
            return judged
        values, wrong, empty = judged.values.to_list(), dict(judged.wrong), judged.empty.copy()
        for row, cell in others:
            value = self._value(cell)
            empty[row] = not cell or value is None
            values[row] = None if value is _WRONG else value
            if value is _WRONG:
                wrong[row] = cell
        return JudgedColumn(pl.Series(values, dtype=self._dtype()), empty, wrong)


def _marks(series: pl.Series) -> Marks:
    return (series.fill_null(False) if series.null_count() else series).to_numpy()
