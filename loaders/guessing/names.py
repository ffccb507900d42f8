"""How the names and ids of people are written in a column, and who may be whom.

What stands in brackets, titles, several names in one cell, ids read as decimal numbers. Whether a
step is safe is decided over the whole column: brackets that tell two people apart stay.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from graph.store import Store
from loaders.guessing.headings import ENDS
from loaders.guessing.meanings import MEANINGS
from loaders.guessing.references import known_values, whole
from loaders.guessing.sheets import Doubts, GuessedColumn, GuessedSheet, first_words
from loaders.words import bare, in_brackets, is_absent

_SEX = {"男", "女", "m", "f", "male", "female"}
_BETWEEN = (";", "；", "、", "\n", " and ", " & ", "＆")
_TITLES = re.compile(
    r"\b(?:dr|prof|professor|mr|mrs|ms|miss|sir|dame|ph ?d|m ?d|msc|bsc|ma|jr|sr|rev|hon)\b"
)
_HAN_TITLE = "老师|教授|师傅|师父|同志|先生|女士|主任|书记|局长|镇长|科长|处长|部长|所长|院长"
_AFTER_NAME = re.compile(rf"(?<=[\u4e00-\u9fff]{{2}})(?:{_HAN_TITLE})$")
_NO_NAME = re.compile(  # "王主任", "ditto", "himself": they name somebody who stands elsewhere
    rf"[\u4e00-\u9fff]副?(?:{_HAN_TITLE})|同上|同前|[〃″]|本人|自己|自带"
    r"|(?i:ditto|idem|same|same as above|as above|see above|self|himself|herself|myself|me)"
)
_HAN_ALONE = re.compile(r"[\u4e00-\u9fff\w]*[\u4e00-\u9fff]{4}[\u4e00-\u9fff\w]*")
_LONGEST_HAN = 7  # signs of a name that has no dot in it
_HAN_SEVERAL = re.compile(r"[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})+")
_HAN_SPACE = re.compile(r"\s+")
_OF_ONE = ("born_on", "cohort", "native_place", "joined_on")  # a person has one of each
_SEVERAL_ROWS = {"mentor", "mentor_id", "post", "post_id", "trainee", "trainee_id"}
_URL = re.compile(r"https?://\S+/([^/\s]+)")
_STORED = "MATCH (p:Person)\nWHERE p.name IN $names\nRETURN p.id AS id, p.name AS name\nORDER BY id"
_STORED_UNITS = (
    "MATCH (u:Unit)\nWHERE u.name IN $names\nRETURN u.id AS id, u.name AS name\nORDER BY id"
)
_MOST_MAPPED = 500  # names that a description gives ids

TIDY = ["tidy", "middle_dot"]


def settle_ends(sheets: list[GuessedSheet], doubts: Doubts, store: Store | None = None) -> None:
    """Choose the steps of all columns of people, and tell who may be whom."""
    for sheet in sheets:
        for column in sheet.columns:
            if column.meaning in ENDS:
                _settle_names(sheet, column, doubts)
            elif column.meaning.endswith("_id"):
                _settle_ids(column)
        _tell_equal(sheet, doubts)
        _tell_twice(sheet, doubts)
    _name_to_id(sheets, doubts)
    if store:
        _name_to_stored(sheets, doubts, store)
        _name_to_stored_units(sheets, doubts, store)
    _tell_alike(sheets, doubts)
    _tell_unknown(sheets, doubts)


def _settle_ids(column: GuessedColumn) -> None:
    column.steps = ["tidy", "absent"]
    if any(whole(value) != value for value in column.values):
        column.steps.append("whole")
    known = [value for value in column.values if not is_absent(value)]
    if known and all(_URL.fullmatch(value) for value in known):
        column.steps.append({"split": {"by": "/", "take": -1}})


def _settle_names(sheet: GuessedSheet, column: GuessedColumn, doubts: Doubts) -> None:
    column.steps = [*TIDY, "absent"]
    values = [(row, value) for row, value in column.pairs if not is_absent(value)]
    column.between = tuple(sign for sign in _BETWEEN if any(sign in v.lower() for _, v in values))
    names = [(row, name) for row, value in values for name in _apart(value, column.between)]
    _settle_brackets(sheet, column, names, doubts)
    for row, value in names:
        if _may_be_several(value):
            doubts.add("several-in-a-cell", sheet, column, [row], value)
        elif not _is_name(value):
            doubts.add("not-a-name", sheet, column, [row], value)
    if column.about == "wish":
        doubts.add("wish", sheet, column)
    family = sheet.column(f"{column.meaning}_family")
    is_short = "first" in column.heading.casefold() or "given" in column.heading.casefold()
    if is_short and not family:
        doubts.add("first-names", sheet, column)


def _is_name(value: str) -> bool:
    """Return whether a text can be somebody's name: it has letters, is short and is no heading."""
    plain = bare(value) or value
    is_heading = any(plain.casefold() in meaning.headings for meaning in MEANINGS.values())
    is_sentence = len(plain) > _LONGEST_HAN and _HAN_ALONE.fullmatch(plain)
    if is_heading or is_sentence or _NO_NAME.fullmatch(plain):
        return False
    return any(sign.isalpha() for sign in value) and len(plain) <= 60


def _apart(value: str, between: tuple[str, ...]) -> list[str]:
    if not between:
        return [value]
    parts = re.split("|".join(map(re.escape, between)), value, flags=re.IGNORECASE)
    return [part.strip() for part in parts if part.strip()]


def _may_be_several(value: str) -> bool:
    """Return whether a comma, stroke or blank seems to stand between people, not inside a name."""
    plain = bare(value) or value
    if _HAN_SEVERAL.fullmatch(plain):
        return True
    if plain.count(",") == 1 and plain.isascii():
        return all(" " in part.strip() for part in plain.split(","))  # Holt, Mira is one
    return any(sign in plain for sign in ("，", "/", "｜", "|", " with ")) or plain.count(",") > 1


def _settle_brackets(
    sheet: GuessedSheet, column: GuessedColumn, names: list[tuple[int, str]], doubts: Doubts
) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in names:
        inside = in_brackets(name)
        if inside is not None:
            said[bare(name) or name].add(inside)
            rows[bare(name) or name].append(row)
    if not said:
        return
    twice = [name for name, each in said.items() if len(each) > 1]
    for name in twice:
        doubts.add("namesakes", sheet, column, rows[name], name)
    if twice:
        return
    column.steps.append("bare")
    lost = {i for each in said.values() for i in each if i.casefold() not in _SEX}
    if lost:
        told = [row for each in rows.values() for row in each]
        doubts.add("brackets", sheet, column, told, first_words(sorted(lost)))


def plain_name(column: GuessedColumn, value: str) -> str:
    """Return a name as it is loaded, for comparing."""
    plain = (bare(value) or value) if "bare" in column.steps else value
    return _HAN_SPACE.sub("", plain) if not plain.isascii() else " ".join(plain.split())


def _names(sheet: GuessedSheet, column: GuessedColumn) -> list[tuple[int, str]]:
    """Return the names of a column with their rows, family names with them."""
    family = sheet.column(f"{column.meaning}_family")
    after = dict(family.pairs) if family else {}
    return [
        (row, " ".join(filter(None, (plain_name(column, name), after.get(row)))))
        for row, value in column.pairs
        for name in _apart(value, column.between)
        if not is_absent(name)
    ]


def _tell_equal(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of equal names in a list whose people may be different ones."""
    for end in ("person", "trainee"):
        column = sheet.column(end)
        if column is None:
            continue
        rows: dict[str, list[int]] = defaultdict(list)
        for row, name in _names(sheet, column):
            rows[name].append(row)
        ids = {row: text for c in sheet.all(f"{end}_id") for row, text in c.pairs}
        for name, each in rows.items():
            if len(each) < 2:
                continue
            if not ids and not sheet.has & _SEVERAL_ROWS:
                doubts.add("equal-names", sheet, column, each, name, count=len(each))
            elif _are_row_numbers(ids.values()) or (not ids and _differ(sheet, each)):
                doubts.add("one-or-two", sheet, column, each, name, count=len(each))


def _tell_twice(sheet: GuessedSheet, doubts: Doubts) -> None:
    """Tell of ids that several names have."""
    ids, names = sheet.column("person_id"), sheet.column("person")
    if ids is None or names is None or not sheet.is_list:
        return
    name_by_row = dict(names.pairs)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, id_ in ids.pairs:
        rows[id_].append(row)
    for id_, each in rows.items():
        if len({name_by_row.get(row) for row in each}) > 1:
            doubts.add("twice-listed", sheet, ids, each, id_, count=len(each))


def _are_row_numbers(ids: Iterable[str]) -> bool:
    numbers = [int(text) for text in ids if text.isascii() and text.isdigit()]
    return bool(numbers) and sorted(numbers) == list(range(1, len(numbers) + 1))


def _differ(sheet: GuessedSheet, rows: list[int]) -> bool:
    """Return whether rows of one name say what cannot be of one person."""
    for meaning in _OF_ONE:
        for column in sheet.all(meaning):
            text_by_row = dict(column.pairs)
            if len({text_by_row[row] for row in rows if row in text_by_row}) > 1:
                return True
    return False


def _name_to_id(sheets: list[GuessedSheet], doubts: Doubts) -> None:
    """Give the ids of a list to those who are only named: one person is not made two."""
    ids_by_name: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for end in ENDS:
            names, ids = sheet.column(end), sheet.column(f"{end}_id")
            if names and ids:
                id_by_row = dict(ids.pairs)
                for row, name in _names(sheet, names):
                    if row in id_by_row and not is_absent(id_by_row[row]):
                        ids_by_name[name].add(_id(ids, id_by_row[row]))
    for sheet in sheets:
        for end in ENDS:
            for column in sheet.all(end) if not sheet.column(f"{end}_id") else ():
                if sheet.column(f"{end}_family"):
                    continue
                _map_names(sheet, column, ids_by_name, doubts)


def _name_to_stored(sheets: list[GuessedSheet], doubts: Doubts, store: Store) -> None:
    """Give those who are only named the ids of the people who are stored under that name."""
    for sheet in sheets:
        for end in ENDS:
            for column in sheet.all(end) if not sheet.column(f"{end}_id") else ():
                named = sorted({name for _, name in _names(sheet, column)} - set(column.ids))
                ids_by_name: dict[str, set[str]] = defaultdict(set)
                for row in store.read(_STORED, names=named):
                    ids_by_name[row["name"]].add(row["id"])
                ids_by_name = {n: ids for n, ids in ids_by_name.items() if ids != {n}}
                before = set(column.ids)
                _map_names(sheet, column, ids_by_name, doubts)
                new = [f"{n} {id_}" for n, id_ in column.ids.items() if n not in before]
                if new:
                    rows = [row for row, name in _names(sheet, column) if name in column.ids]
                    shown = first_words(new, 10)
                    doubts.add("stored-people", sheet, column, rows, shown, count=len(new))


def _name_to_stored_units(sheets: list[GuessedSheet], doubts: Doubts, store: Store) -> None:
    """Give units that are only named the id of the one stored unit of that name."""
    for sheet in sheets:
        for column in sheet.all("unit") if not sheet.column("unit_id") else ():
            ids_by_name: dict[str, set[str]] = defaultdict(set)
            for row in store.read(_STORED_UNITS, names=sorted(known_values(column))):
                ids_by_name[row["name"]].add(row["id"])
            one = {name: min(ids) for name, ids in ids_by_name.items() if len(ids) == 1}
            column.ids = {name: id_ for name, id_ in one.items() if name != id_}
            if column.ids:
                rows = [row for row, name in column.pairs if name in column.ids]
                shown = first_words([f"{n} {id_}" for n, id_ in column.ids.items()], 10)
                doubts.add("stored-units", sheet, column, rows, shown, count=len(column.ids))


def _id(column: GuessedColumn, value: str) -> str:
    found = _URL.fullmatch(value) if any(isinstance(each, dict) for each in column.steps) else None
    return found.group(1) if found else whole(value)


def _map_names(
    sheet: GuessedSheet, column: GuessedColumn, ids_by_name: dict[str, set[str]], doubts: Doubts
) -> None:
    named = _names(sheet, column)
    for name in dict.fromkeys(name for _, name in named):
        if len(ids_by_name.get(name, ())) > 1:
            rows = [row for row, each in named if each == name]
            count = len(ids_by_name[name])
            doubts.add("two-of-a-name", sheet, column, rows, name, count=count)
    known = {
        name: next(iter(ids_by_name[name]))
        for _, name in named
        if len(ids_by_name.get(name, ())) == 1
    }
    if known and len(known) <= _MOST_MAPPED:
        column.ids = {**column.ids, **known}


def _tell_alike(sheets: list[GuessedSheet], doubts: Doubts) -> None:
    """Tell of names that are one person's in another order, or with titles."""
    spelt: dict[str, dict[str, tuple[GuessedSheet, GuessedColumn, int]]] = defaultdict(dict)
    for sheet in sheets:
        for end in ENDS:
            for column in sheet.all(end):
                for row, name in _names(sheet, column):
                    spelt[_alike(name)].setdefault(name, (sheet, column, row))
    for names in spelt.values():
        if len(names) > 1:
            sheet, column, _ = next(iter(names.values()))
            rows = [row for own, of, row in names.values() if own is sheet and of is column]
            doubts.add("same-person", sheet, column, rows, " / ".join(names))


def _alike(name: str) -> str:
    plain = re.sub(r"[^\w\s]", " ", _AFTER_NAME.sub("", name).casefold())
    return " ".join(sorted(_TITLES.sub(" ", plain).split())) or name


def _tell_unknown(sheets: list[GuessedSheet], doubts: Doubts) -> None:
    """Tell of ids and numbers in place of names that nobody in the files has."""
    listed = {i for sheet in sheets for c in sheet.all("person_id") for i in known_values(c)}
    for sheet in sheets:
        for column in sheet.columns:
            if column.meaning not in ("mentor_id", "trainee_id"):
                continue
            end = column.meaning.removesuffix("_id")
            if sheet.column(end) or not listed:
                continue
            lost = [(row, text) for row, text in column.pairs if _is_unknown(text, listed)]
            if lost:
                rows = [row for row, _ in lost]
                count = len({text for _, text in lost})
                doubts.add("unknown-end", sheet, column, rows, lost[0][1], count=count)


def _is_unknown(text: str, listed: Iterable[str]) -> bool:
    return not is_absent(text) and whole(text) not in listed
