"""What is odd in files whose columns have their meanings: told before anything is stored."""

from __future__ import annotations

import re
from collections import defaultdict

from graph.store import Store
from loaders.guessing.dates import series, settle_dates
from loaders.guessing.headings import ENDS
from loaders.guessing.names import settle_ends
from loaders.guessing.references import has_lost_digits
from loaders.guessing.sheets import Doubts, GuessedColumn, GuessedSheet, first_words
from loaders.words import is_absent

_TOLD = ("identity-number", "row-numbers", "of-the-mentor")
_UNIT_TOO = re.compile(r"单位[及、与和]")
_LEFT = re.compile(r"调出|离职|辞职|退休|调离|former|alumni|(?i:\bleft\b)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SEVERAL = {"", *ENDS, *(f"{end}_id" for end in ENDS)}  # meanings of which all columns are read


def settle(sheets: list[GuessedSheet], doubts: Doubts, store: Store | None = None) -> None:
    """Choose how the columns are read that have a meaning, and tell what is doubtful."""
    for sheet in sheets:
        settle_dates(sheet, doubts)
        _tell_columns(sheet, doubts)
        _tell_series(sheet, doubts)
        _tell_rows(sheet, doubts)
        _tell_whose(sheet, doubts)
        _tell_people(sheet, doubts)
        _tell_postings(sheet, doubts)
    settle_ends(sheets, doubts, store)
    _tell_unused(sheets, doubts)


def _tell_columns(sheet: GuessedSheet, doubts: Doubts) -> None:
    first: dict[str, GuessedColumn] = {}
    for column in sheet.columns:
        lost = has_lost_digits(column.values)
        if lost and (column.about or column.meaning.endswith("_id")):
            rows = [column.rows[at] for at in lost]
            doubts.add("lost-digits", sheet, column, rows, column.values[lost[0]])
            if column.meaning:  # somebody said that it is an id
                column.meaning = ""
        if not column.values and not column.nested:
            continue
        if column.about in _TOLD and not column.meaning:
            doubts.add(column.about, sheet, column)
        if column.nested and not column.meaning:
            doubts.add("nested", sheet, column, value=column.nested)
        if column.meaning not in _SEVERAL:
            other = first.setdefault(column.meaning, column)
            if other is not column:
                doubts.add("second-column", sheet, column, other=other.heading)
    name, words = sheet.undirected
    for column in sheet.columns if words else ():
        if column.heading == name:
            rows = [row for row, value in column.pairs if value in words]
            doubts.add("undirected", sheet, column, rows, count=len(rows))


def _tell_series(sheet: GuessedSheet, doubts: Doubts) -> None:
    for columns in series(sheet):
        shown = first_words([" ".join(each.heading.split()) for each in columns])
        doubts.add("series", sheet, columns[0], value=shown, count=len(columns))


def _tell_whose(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of a post or unit that stands behind the mentor and may be the mentor's."""
    before = ""
    for column in sheet.columns:
        end = column.meaning.removesuffix("_id").removesuffix("_family")
        if end in ENDS:
            before = end
        elif column.meaning in ("post", "unit") and before == "mentor":
            doubts.add("whose-post", sheet, column)
        if column.meaning == "post" and _UNIT_TOO.search(column.heading):
            doubts.add("unit-and-post", sheet, column)


def _tell_people(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of people who may have left, and of years that are none."""
    where = f"{sheet.sheet} {sheet.file}"
    if sheet.has & {"person", "person_id"} and (found := _LEFT.search(where)):
        doubts.add("left-people", sheet, None, value=found.group(0))
    for key in ("post", "unit", "status"):
        for column in sheet.all(key):
            gone = [(row, text) for row, text in column.pairs if _LEFT.search(text)]
            if gone:
                doubts.add("left-people", sheet, column, [row for row, _ in gone], gone[0][1])
    for column in sheet.all("cohort"):
        odd = [(row, v) for row, v in column.pairs if re.search(r"\d", v) and not _YEAR.search(v)]
        if odd:
            doubts.add("short-year", sheet, column, [row for row, _ in odd], odd[0][1])


def _tell_rows(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of rows that hold something and name nobody."""
    ends = [c for c in sheet.columns if c.meaning.removesuffix("_id") in ENDS]
    if not ends:
        return
    named = {row for c in ends for row, value in c.pairs if not is_absent(value)}
    filled = {row for column in sheet.columns for row in column.rows}
    if lost := filled - named:
        doubts.add("rows-without-names", sheet, None, lost, count=len(lost))
    own = [c for c in ends if c.meaning.removesuffix("_id") in ("person", "trainee")]
    with_person = {row for c in own for row in c.rows}
    without = sorted((named - with_person) & filled) if own else []
    if without:
        doubts.add("rows-without-names", sheet, own[0], without, count=len(without))


def _tell_postings(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of people who seem to hold several posts at once, as nothing says until when."""
    person = sheet.column("person_id") or sheet.column("person") or sheet.column("trainee")
    since = sheet.column("since")
    is_of_posts = sheet.has & {"post", "post_id"} and person
    if not is_of_posts or not person or sheet.column("until") or (since and since.is_period):
        return
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in person.pairs:
        rows[name].append(row)
    for name, each in rows.items():
        if len(each) > 1:
            years = dict(since.pairs) if since else {}
            is_yearly = all(re.fullmatch(r"\d{4}", years.get(row, "")) for row in each)
            code = "yearly-rows" if is_yearly else "open-postings"
            doubts.add(code, sheet, person, each, name, count=len(each))


def _tell_unused(sheets: list[GuessedSheet], doubts: Doubts) -> None:
    """Tell of tables of which nothing is read."""
    for sheet in sheets:
        if sheet.has_more:
            doubts.add("long-file", sheet, count=sheet.row_count)
        if sheet.beside:
            doubts.add("outside-tables", sheet, value=first_words(sheet.beside))
        has = {meaning.removesuffix("_id") for meaning in sheet.has}
        is_read = has & {"person", "trainee", "unit", "post"} or {"mentor"} <= has
        if not is_read and sheet.row_count and len(sheets) > 1:
            doubts.add("unused-sheet", sheet, None)
