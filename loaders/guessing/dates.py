"""How the dates of a column are written: each text by its own shape, then the column as a whole.

What a text alone cannot say (is 9/1/2017 in January?) the other texts of its column decide; where
they do not, it is a doubt.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from loaders.checking.odd_dates import EARLIEST
from loaders.guessing.sheets import Doubts, GuessedColumn, GuessedSheet
from loaders.problems import Wrong
from loaders.readers.cells import LostZero
from loaders.sources.dates import halves, is_serial, plain_date, read_date, school_year
from loaders.sources.transforms import compiled
from loaders.words import is_absent, is_open

DATES = ("joined_on", "born_on", "since", "until")

_ORDERS = ("ymd", "dmy", "mdy")
_OVERLAP = 0.8
_SERIES = 3  # columns that are a row of periods
_COUNTS = re.compile(r"[\W\d_]+|[一二三四五六七八九十]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TENTH = re.compile(r"(?:\d{2}|\d{4})\.1")
_MAY_BE_SCHOOL_YEAR = re.compile(r"(\d{4})[-/](0\d|1[0-2])")
_NO_YEAR = re.compile(r"\d[./]\d{1,2}")

Texts = list[tuple[int, str]]  # row, text


def find_dates(sheet: GuessedSheet) -> None:
    """Give the meanings since and until to columns without one that hold dates."""
    in_series = [each for columns in series(sheet) for each in columns]
    unnamed = [
        each
        for each in sheet.columns
        if each.heading and not each.meaning and not each.about and _looks_like_dates(each)
        if not any(each is other for other in in_series)
    ]
    free = [each for each in ("since", "until") if not sheet.column(each)]
    for column, meaning in zip(unnamed, free, strict=False):
        column.meaning, column.why = meaning, "dates"


def series(sheet: GuessedSheet) -> list[list[GuessedColumn]]:
    """Return the columns that are periods side by side: years, quarters, blocks."""
    by_stem: dict[str, list[GuessedColumn]] = defaultdict(list)
    for column in sheet.columns:
        if column.heading and not column.meaning and not column.about:
            stem = _COUNTS.sub("", column.heading.split("\n")[0])
            if stem != column.heading.strip():
                by_stem[stem.casefold()].append(column)
    return [
        columns
        for columns in by_stem.values()
        if len(columns) >= _SERIES and any(each.values for each in columns)
    ]


def _looks_like_dates(column: GuessedColumn) -> bool:
    texts = [plain_date(text) for text in column.values if not is_open(text)][:200]
    if len(texts) < 2 or not any(re.search(r"\d[-/.年]\d|\d{8}|\d年", text) for text in texts):
        return False
    read = sum(any(read_date(text, form, 99) for form in _ORDERS) for text in texts)
    return read >= _OVERLAP * len(texts)


def settle_dates(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Choose how the columns of dates are read, and tell what is doubtful about them."""
    columns = [each for each in sheet.columns if each.meaning in DATES]
    texts = {id(each): _texts(each) for each in columns}
    together = [text for each in texts.values() for text in each]
    for column in columns:
        _settle(sheet, column, texts[id(column)], together, doubts)
    _find_last_days(sheet)


def _find_last_days(sheet: GuessedSheet) -> None:
    """See whether periods end the day (month, year) before the next of the same person begins."""
    since, until = sheet.column("since"), sheet.column("until")
    person = sheet.column("person_id") or sheet.column("person") or sheet.column("trainee")
    if not since or not until or not person or since.is_period or until.is_period:
        return
    through = compiled([("through", None)])
    assert through
    begins: dict[str, set[str]] = defaultdict(set)
    name_by_row, ends = dict(person.pairs), []
    for row, text in since.pairs:
        if row in name_by_row and (day := read_as(since, plain_date(text))):
            begins[name_by_row[row]].add(day)
    for row, text in until.pairs:
        day = None if is_open(text) else read_as(until, plain_date(text))
        if row in name_by_row and day:
            ends.append((name_by_row[row], day))
    day_before = sum(_follows(through(day), begins[name]) for name, day in ends)
    until.is_through = day_before > sum(day in begins[name] for name, day in ends)


def _texts(column: GuessedColumn) -> Texts:
    """Return the dates of a column as they are written, of periods both ends."""
    given = [(row, t) for row, t in column.pairs if not is_absent(t) and not is_open(t)]
    column.is_period = any(halves(text) for _, text in given)
    ends = _parts(given) if column.is_period else given
    return [(row, plain_date(text)) for row, text in ends]


def _settle(
    sheet: GuessedSheet, column: GuessedColumn, texts: Texts, together: Texts, doubts: Doubts
) -> None:
    column.pivot = _pivot(texts)
    own = {form: _read(texts, form, column.pivot) for form in _ORDERS}
    # A sheet is written in one order of day and month: what a column leaves open others decide.
    everywhere = {form: _read(together, form, column.pivot) for form in _ORDERS}
    best = max(_ORDERS, key=lambda form: (len(own[form]), len(everywhere[form])))
    serials = [(row, text) for row, text in texts if is_serial(text)]
    others = [form for form in _ORDERS if form != best and own[form] - own[best]]
    column.forms = (best, *others, *(("excel",) if serials else ()))
    _tell_order(sheet, column, texts, everywhere, best, doubts)
    _tell_serials(sheet, column, texts, serials, doubts)
    _tell_months(sheet, column, texts, doubts)
    _tell_read(sheet, column, texts, doubts)


def read_as(column: GuessedColumn, text: str) -> str | None:
    """Return the date that a text of a column is read as."""
    for form in column.forms or ("ymd",):
        if found := read_date(text, form, column.pivot):
            return found
    return None


def _parts(given: Texts) -> Texts:
    found: Texts = []
    for row, text in given:
        ends = halves(text) or (text, None)
        found += [(row, end) for end in ends if end]
    return found


def _pivot(texts: Texts) -> int | None:
    """Return the last year of this century of two digits, where years are written so."""
    if any(_NO_YEAR.fullmatch(text) for _, text in texts):
        return None  # 7.3 is a day without its year, and so may be 11.5
    short = any(
        read_date(text, form, 99) and not any(read_date(text, each, None) for each in _ORDERS)
        for _, text in texts
        for form in _ORDERS
    )
    return (date.today().year + 5) % 100 if short else None


def _read(texts: Texts, form: str, pivot: int | None) -> set[str]:
    return {text for _, text in texts if read_date(text, form, pivot)}


def _tell_order(
    sheet: GuessedSheet,
    column: GuessedColumn,
    texts: Texts,
    counts: dict[str, set[str]],
    best: str,
    doubts: Doubts,
) -> None:
    for rival in _ORDERS:
        if rival == best or (counts[best] - counts[rival] and not counts[rival] - counts[best]):
            continue  # something in the column can only be the best
        unsure = [
            (row, text)
            for row, text in texts
            if text in counts[best]
            and text in counts[rival]
            and read_date(text, best, column.pivot) != read_date(text, rival, column.pivot)
        ]
        if unsure:
            first = unsure[0][1]
            doubts.add(
                "day-or-month", sheet, column, [row for row, _ in unsure], first,
                first=read_date(first, best, column.pivot),
                second=read_date(first, rival, column.pivot),
            )  # fmt: skip
            return


def _tell_serials(
    sheet: GuessedSheet, column: GuessedColumn, texts: Texts, serials: Texts, doubts: Doubts
) -> None:
    has_days = any(_DAY.fullmatch(text) for _, text in texts)
    if serials and not has_days and len(serials) <= len(texts) / 2:
        rows, text = [row for row, _ in serials], serials[0][1]
        doubts.add("serial-dates", sheet, column, rows, text, first=read_as(column, text))


def _tell_months(sheet: GuessedSheet, column: GuessedColumn, texts: Texts, doubts: Doubts) -> None:
    has_tens = any(text.endswith(".10") for _, text in texts)
    lost = {row for row, value in column.pairs if isinstance(value, LostZero)}
    for row, text in texts:
        if row in lost:  # the check refuses it, whatever is confirmed
            doubts.add("january-or-october", sheet, column, [row], text)
        elif _TENTH.fullmatch(text) and (sheet.is_workbook or not has_tens):
            doubts.add("lost-zero", sheet, column, [row], text, first=read_as(column, text))
    if not any(school_year(text) for _, text in texts):
        return
    for row, text in texts:
        found = _MAY_BE_SCHOOL_YEAR.fullmatch(text)
        if found and int(found.group(2)) == (int(found.group(1)) + 1) % 100:
            doubts.add("month-or-year", sheet, column, [row], text, first=read_as(column, text))


def _tell_read(sheet: GuessedSheet, column: GuessedColumn, texts: Texts, doubts: Doubts) -> None:
    unread, early = [], []
    for row, text in texts:
        found = read_as(column, text)
        if found is None:
            unread.append((row, text))
        elif found < EARLIEST:
            early.append((row, text))
    for code, told in (("unread-date", unread), ("early-date", early)):
        if told:
            doubts.add(code, sheet, column, [row for row, _ in told], told[0][1])


def _follows(day: Any, begins: Collection[str]) -> bool:
    """Return whether a day is among begins; nothing follows the last day that there is."""
    return not isinstance(day, Wrong) and day in begins
