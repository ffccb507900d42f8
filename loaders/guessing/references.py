"""What columns mean by their values: ids of people listed elsewhere, rows' own numbers, identity
cards, directions of ties. Decided over the whole column and all sheets, never by one cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.dates import is_date
from loaders.guessing.headings import ENDS, plain_heading
from loaders.guessing.sheets import GuessedColumn, GuessedSheet
from loaders.words import is_absent

_OVERLAP = 0.8  # of the values of a column that names rows of another
_IDENTITY = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]")
_IDENTITY_HEADING = re.compile(r"身份证|证件号|公民身份")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_TOO_LONG = re.compile(r"\d{16,}(?:\.0+)?")
_FLOAT = re.compile(r"(\d+)\.0+")
_GENERIC = {"id", "编号", "序号", "no", "no.", "nr", "row", "edge_id", "tie_id", ""}
_FLAGS = {"是", "否", "有", "无", "√", "×", "yes", "no", "y", "n", "true", "false", "x"}
_DIRECTIONS = {"directed", "undirected", "mutual"}
_ABOVE = re.compile(r"parent|manager|boss|reports|supervis|leader|上级|领导|主管")


def whole(text: str) -> str:
    """Return an id as it was before it became a decimal number."""
    return _FLOAT.sub(r"\1", text) if _FLOAT.fullmatch(text) else text


def known_values(column: GuessedColumn) -> set[str]:
    """Return the different values of a column that say something."""
    return {whole(value) for value in column.values if not is_absent(value)}


def is_identity_number(text: str) -> bool:
    """Return whether a text is a national identity number: 18 digits with a day of birth in it."""
    found = _IDENTITY.fullmatch(text)
    return bool(found) and is_date("-".join(found.groups())) if found else False


def has_lost_digits(values: Iterable[str]) -> list[int]:
    """Return the places of numbers that a spreadsheet has rounded."""
    values = list(values)
    long = [at for at, text in enumerate(values) if _TOO_LONG.fullmatch(text)]
    rounded = [at for at in long if whole(values[at])[15:].strip("0") == ""]
    found = {at for at, text in enumerate(values) if _SCIENTIFIC.fullmatch(text)}
    found |= {at for at in long if "." in values[at]}
    if len(rounded) == len(long):
        found |= set(rounded)
    return sorted(found)


def look_at_numbers(sheet: GuessedSheet) -> None:
    """Take identity numbers and numbers that lost digits for nobody's id."""
    for column in sheet.columns:
        values = column.values
        identities = sum(map(is_identity_number, values))
        if (values and identities > len(values) / 2) or _IDENTITY_HEADING.search(column.heading):
            column.meaning, column.about = "", "identity-number"
        if column.about == "identity-number":  # shown to nobody in full
            column.samples = [f"{text[:6]}…" for text in column.samples]
        if column.meaning.endswith("_id") and has_lost_digits(values):
            column.meaning, column.about = "", "lost-digits"


def look_at_directions(sheet: GuessedSheet) -> None:
    """Take a column of directions for no kind; ties without one are left out."""
    for column in sheet.columns:
        words = {value.casefold() for value in column.values}
        if column.meaning == "kind" and words == {"mentors"}:  # the type of our own edges
            column.meaning, column.about = "", "direction"
        if not words or not words <= _DIRECTIONS:
            continue
        if column.meaning == "kind":
            column.meaning = ""
        column.about = "direction"
        none = tuple(dict.fromkeys(each for each in column.values if each.casefold() != "directed"))
        sheet.undirected = (column.heading, none)
        label = next((c for c in sheet.columns if plain_heading(c.heading) == "label"), None)
        if label and not label.meaning and label.values and not sheet.column("kind"):
            label.meaning, label.why = "kind", "heading"


def look_at_people(sheets: list[GuessedSheet]) -> None:
    """Give meanings by what columns name: the ids or the names of people listed somewhere."""
    for sheet in sheets:
        for column in sheet.columns:
            flags = {value.casefold() for value in column.values}
            if column.meaning in ENDS and flags and flags <= _FLAGS:
                column.meaning = ""  # whether somebody is a trainee, not who
        _find_own_numbers(sheet)
    _find_numbers_of_rows(sheets)
    lists = [sheet for sheet in sheets if sheet.column("person_id") and sheet.column("person")]
    ids = {id_ for sheet in sheets for c in sheet.all("person_id") for id_ in known_values(c)}
    named = lists or sheets
    names = {name for sheet in named for c in sheet.all("person") for name in known_values(c)}
    for sheet in sheets:
        for column in sheet.columns:
            if column.meaning in ENDS and not (column.meaning == "person" and sheet in lists):
                _take_for_ids(sheet, column, ids, names)
            elif column.meaning in ("mentor_id", "trainee_id"):
                _take_for_names(sheet, column, ids, names)
            elif not column.meaning and not column.about:
                _find_reference(sheet, column, ids, names)
    for sheet in sheets:
        _find_person(sheet)
    for key in ("unit", "post"):
        _look_at_listed(sheets, key)


def _look_at_listed(sheets: list[GuessedSheet], key: str) -> None:
    """Take columns that hold the ids of units or posts of another sheet for such ids."""
    lists = [sheet for sheet in sheets if sheet.column(f"{key}_id") and sheet.column(key)]
    ids = {id_ for sheet in lists for c in sheet.all(f"{key}_id") for id_ in known_values(c)}
    names = {name for sheet in lists for c in sheet.all(key) for name in known_values(c)}
    for sheet in sheets:
        if sheet not in lists:
            for column in sheet.all(key):
                _take_for_ids(sheet, column, ids, names)


def _find_own_numbers(sheet: GuessedSheet) -> None:
    """Tell the numbers of ties and rows from the ids of people."""
    ids = sheet.column("person_id")
    if ids is None or sheet.column("person"):
        return
    if sheet.column("trainee") or sheet.column("trainee_id"):
        is_generic = plain_heading(ids.heading) in _GENERIC
        if not is_generic and sheet.column("trainee") and not sheet.column("trainee_id"):
            ids.meaning = "trainee_id"
        else:
            ids.meaning = ""
            ids.about = "" if is_generic else "row-numbers"


def _find_numbers_of_rows(sheets: list[GuessedSheet]) -> None:
    """Tell the ids of rows from those of people where people are named by ids of another sheet."""
    both = [sheet for sheet in sheets if sheet.column("person_id") and sheet.column("person")]
    listed = {id(s): {v for c in s.all("person_id") for v in known_values(c)} for s in both}
    for sheet in both:
        own, named = sheet.column("person_id"), sheet.column("person")
        assert own and named
        elsewhere = set().union(*(ids for key, ids in listed.items() if key != id(sheet)))
        if _share(known_values(named), elsewhere) >= _OVERLAP:
            own.meaning, own.about = "", "row-numbers"
            named.meaning, named.why = "person_id", "reference"


def _share(values: set[str], known: set[str]) -> float:
    return len(values & known) / len(values) if values else 0.0


def _take_for_ids(
    sheet: GuessedSheet, column: GuessedColumn, ids: set[str], names: set[str]
) -> None:
    values = known_values(column)
    end = column.meaning
    is_of_ids = _share(values, ids) >= _OVERLAP and _share(values, names) < _OVERLAP
    if is_of_ids and not sheet.column(f"{end}_id"):
        column.meaning, column.why = f"{end}_id", "reference"


def _take_for_names(
    sheet: GuessedSheet, column: GuessedColumn, ids: set[str], names: set[str]
) -> None:
    values, end = known_values(column), column.meaning.removesuffix("_id")
    is_of_names = _share(values, names) >= _OVERLAP and _share(values, ids) < _OVERLAP
    if is_of_names and not sheet.column(end):
        column.meaning, column.why = end, "reference"


def _find_reference(
    sheet: GuessedSheet, column: GuessedColumn, ids: set[str], names: set[str]
) -> None:
    values = known_values(column)
    least = 1 if _ABOVE.search(plain_heading(column.heading)) else 2
    if not column.heading or (len(values) < least and not (column.is_list and values)):
        return
    own = sheet.column("person_id") or sheet.column("person")
    for known, suffix in ((ids, "_id"), (names, "")):
        if _share(values, known) < _OVERLAP or _equals_own(sheet, column):
            continue
        wanted = ("mentor",) if own else ("mentor", "trainee")
        taken = sheet.has | {each.removesuffix("_id") for each in sheet.has}
        free = [each for each in wanted if each not in taken]
        if free:
            column.meaning, column.why = free[0] + suffix, "reference"
            return


def _equals_own(sheet: GuessedSheet, column: GuessedColumn) -> bool:
    """Return whether a column says of each person the person's own name or id again."""
    for meaning in ("person", "person_id"):
        own = sheet.column(meaning)
        if own and own is not column:
            text_by_row = dict(own.pairs)
            same = sum(text_by_row.get(row) == text for row, text in column.pairs)
            if same > len(column.values) / 2:
                return True
    return False


def _find_person(sheet: GuessedSheet) -> None:
    """See who the person of a sheet is where its words alone would say a mentor of nobody."""
    for column in sheet.columns:
        if column.meaning in ("post", "unit") and _equals_own(sheet, column):
            column.meaning = ""  # a title of a page, not of an office
    has = sheet.has
    if {"person", "trainee"} <= has and not has & {"mentor", "mentor_id", "post", "post_id"}:
        for column in sheet.columns:  # whose trainees the rows name
            if column.meaning in ("person", "person_id", "person_family"):
                column.meaning = column.meaning.replace("person", "mentor")
        return
    if has & {"person", "person_id", "trainee", "trainee_id"} or "mentor" not in has:
        return
    if has & {"post", "unit", "since"}:
        for column in sheet.all("mentor")[:1]:
            column.meaning = "person"
