"""Propose a description for files nobody has described: by headings, shapes of dates, foreign keys.

Each column of each sheet is given a meaning, one of `MEANINGS`; a description follows from the
meanings alone (`described_by`), so a person corrects meanings, or the text of the description.
`preview` shows the first rows as they would be loaded. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from graph.errors import N_, InputError, Problem
from graph.store import Store
from loaders.checking.rows import TableReader
from loaders.meanings import MEANINGS
from loaders.problems import LANGUAGE, Findings, Place
from loaders.proposal import DATES, OPEN, GuessedColumn, GuessedSheet, described_by
from loaders.readers.cells import Unreadable
from loaders.readers.headings import normal_heading
from loaders.readers.native import refuse_missing
from loaders.readers.sheets import File, Reading, Sheet, files_at, sheets_of
from loaders.sources import Description, open_source, parse_description
from loaders.sources.transforms import DateParameters, compiled
from loaders.sources.writing import as_yaml

SAMPLED = 2_000  # rows of a sheet that are looked at
SHOWN = 8  # rows of a table that a preview shows
_OVERLAP = 0.8  # of the values of a column that names rows of another


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ID = re.compile(r"(?:^|_)id(?:$|_)|pid|编号|工号|学号|号码|代码|身份证号")
_PARENTHESES = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：]")


@dataclass(frozen=True)
class PreviewTable:
    """The first rows of one of our tables, as they would be loaded."""

    name: str
    headings: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Guess:
    """What is proposed: the meanings, the description as text, and what comes of it."""

    sheets: list[GuessedSheet]
    text: str
    description: Description
    tables: list[PreviewTable]
    problems: list[Problem]

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON of `flask guess`."""
        return {
            "columns": [
                {
                    "file": sheet.file,
                    "sheet": sheet.sheet or None,
                    "column": column.heading,
                    "meaning": column.meaning or None,
                    "why": column.why or None,
                    "samples": column.samples,
                }
                for sheet in self.sheets
                for column in sheet.columns
            ],
            "description": self.text,
            "preview": {
                table.name: [dict(zip(table.headings, row, strict=True)) for row in table.rows]
                for table in self.tables
            },
            "problems": [problem.as_dict() for problem in self.problems],
        }


def guess(
    path: Path,
    meanings: Mapping[str, str] | None = None,
    *,
    language: str = LANGUAGE,
    store: Store | None = None,
) -> Guess:
    """Propose a description of files; `meanings` ("SHEET.NUMBER" -> key) correct the proposal.

    InputError says why when nothing can be proposed.
    """
    sheets = looked_at(path, language)
    for sheet in sheets:
        for number, column in enumerate(sheet.columns):
            if meanings is not None:
                given = meanings.get(f"{sheet.key}.{number}", "")
                column.meaning = given if given in MEANINGS and column.heading else ""
                _find_date_form(column)
    described = described_by(sheets, path)
    if described is None:
        raise InputError(
            N_("Nothing in %(file)s looks like people, posts or ties."),
            N_("Give its columns headings such as name, mentor, post, unit, from."),
            file=path.name,
        )
    text = as_yaml(described)
    description = parse_description(text, "source.yaml", language)
    tables, problems = preview(path, description, language=language, store=store)
    return Guess(sheets, text, description, tables, problems)


# --- looking ----------------------------------------------------------------------------------


def looked_at(path: Path, language: str = LANGUAGE) -> list[GuessedSheet]:
    """Open files and give every sheet with what its columns seem to mean."""
    refuse_missing(path)
    findings = Findings(language)
    wanted = {heading for meaning in MEANINGS.values() for heading in meaning.headings}
    found: list[GuessedSheet] = []
    for file in _files(path, findings):
        try:
            for each in sheets_of(file, Reading(wanted)):
                found.append(_looked_at(file, each, len(found)))
        except Unreadable as error:
            findings.add(error.code, Place(file.name, row=error.row), **error.details)
    problems = findings.problems()
    if problems or not found:
        first = problems[0] if problems else None
        raise InputError(
            N_("%(file)s: %(what)s") if first else N_("There is no table in %(file)s."),
            first.hint if first else None,
            problems,
            file=path.name if first is None else first.file,
            **({"what": first.message} if first else {}),
        )
    _find_references(found)
    for sheet in found:
        _find_dates(sheet)
    return found


def _files(path: Path, findings: Findings) -> list[File]:
    try:
        files = files_at(path)
    except Unreadable as error:
        findings.add(error.code, Place(path.name), **error.details)
        return []
    return [each for each in files if each.format] if len(files) > 1 else files


def _looked_at(file: File, sheet: Sheet, number: int) -> GuessedSheet:
    rows = [cells for _, cells in islice(sheet.rows(), SAMPLED)]
    columns = []
    for at, heading in enumerate(sheet.headings):
        cells = [cells[at] for cells in rows if at < len(cells)]
        values = [cell for cell in cells if isinstance(cell, str)]
        columns.append(GuessedColumn(heading, list(dict.fromkeys(values))[:3], values))
    guessed = GuessedSheet(f"f{number + 1}", file.name, sheet.name, sheet.heading_row, columns)
    _name_by_heading(guessed)
    return guessed


def _name_by_heading(sheet: GuessedSheet) -> None:
    """Give each meaning to the column whose heading says it best: exactly, else as a part."""
    taken: set[str] = set()
    plain = [_plain_heading(each.heading) for each in sheet.columns]
    for is_exact in (True, False):
        fitting = [
            (-len(known), at, meaning.key)
            for at, heading in enumerate(plain)
            for meaning in MEANINGS.values()
            for known in meaning.headings
            if heading and (heading == known if is_exact else _is_part(known, heading))
        ]
        for _, at, key in sorted(fitting):
            column = sheet.columns[at]
            is_id = bool(_ID.search(plain[at]))
            if not column.meaning and key not in taken and is_id == key.endswith("_id"):
                column.meaning, column.why = key, "heading"
                taken.add(key)
    if "person_id" in taken and not taken & {"person", "trainee", "mentor"}:
        names = [each for each in sheet.columns if each.meaning in ("unit", "post")]
        if names:  # a list of units or posts: its id is theirs
            kind = names[0].meaning
            for column in sheet.columns:
                if column.meaning == "person_id":
                    column.meaning = f"{kind}_id"


def _plain_heading(heading: str) -> str:
    """Give a heading without what stands in parentheses; playerID becomes player_id."""
    plain = _CAMEL.sub("_", _PARENTHESES.sub("", heading))
    return normal_heading(plain.replace("\n", "").replace("\u3000", ""))


def _is_part(known: str, heading: str) -> bool:
    """Tell whether a heading holds a known one: whole words of English, two signs of Chinese."""
    if known.isascii():
        return known in re.split(r"[_\W]+", heading) or f"_{known}_" in f"_{heading}_"
    return len(known) > 1 and known in heading


def _find_references(sheets: list[GuessedSheet]) -> None:
    """Give meanings by the values: a column that names the people of another column."""
    ids = {value for sheet in sheets for value in sheet.values("person_id")}
    names = {value for sheet in sheets for value in sheet.values("person")}
    for sheet in sheets:
        own = sheet.column("person_id") or sheet.column("person")
        for column in sheet.columns:
            if column.meaning or not column.heading or len(set(column.values)) < 2:
                continue
            values = set(column.values)
            for known, suffix in ((ids, "_id"), (names, "")):
                if len(values & known) < _OVERLAP * len(values):
                    continue
                wanted = ("mentor",) if own else ("mentor", "trainee")
                free = [each for each in wanted if not sheet.column(each + suffix)]
                if free and not sheet.column(free[0]):
                    column.meaning, column.why = free[0] + suffix, "reference"
                    break


def _find_dates(sheet: GuessedSheet) -> None:
    for column in sheet.columns:
        if column.meaning in DATES:
            _find_date_form(column)
    unnamed = [
        each
        for each in sheet.columns
        if each.heading and not each.meaning and _looks_like_dates(each)
    ]
    free = [each for each in ("since", "until") if not sheet.column(each)]
    for column, meaning in zip(unnamed, free, strict=False):
        column.meaning, column.why = meaning, "dates"
        _find_date_form(column)


def _looks_like_dates(column: GuessedColumn) -> bool:
    texts = [text for text in column.values if text not in OPEN][:200]
    if len(texts) < 2 or not any(re.search(r"\d[-/.年]\d|\d{8}|\d年", text) for text in texts):
        return False
    return _share_read(texts, ("ymd", "dmy"), 99) >= _OVERLAP


def _find_date_form(column: GuessedColumn) -> None:
    """Choose the form that reads the most of a column's dates."""
    if column.meaning not in DATES:
        return
    texts = [text for text in column.values if text not in OPEN][:500]
    forms: list[tuple[tuple[str, ...], int | None]] = [
        (form, pivot)
        for pivot in (None, _this_century())
        for form in (("ymd",), ("excel", "ymd"), ("dmy",), ("mdy",))
    ]
    serials = sum(bool(re.fullmatch(r"[1-6]\d{4}(?:\.\d+)?", text)) for text in texts)
    if serials > len(texts) / 2:
        forms.sort(key=lambda each: each[0][0] != "excel")
    best = max(forms, key=lambda each: _share_read(texts, *each))
    column.forms, column.pivot = best


def _this_century() -> int:
    return (date.today().year + 5) % 100


def _share_read(texts: list[str], forms: tuple[Any, ...], pivot: int | None) -> float:
    read = compiled([("date", DateParameters(forms=forms, pivot=pivot))])
    assert read is not None
    counted = Counter(texts)
    good = sum(count for text, count in counted.items() if isinstance(read(text), str))
    return good / max(len(texts), 1)


# --- showing ----------------------------------------------------------------------------------


def preview(
    path: Path,
    description: Description,
    *,
    language: str = LANGUAGE,
    store: Store | None = None,
) -> tuple[list[PreviewTable], list[Problem]]:
    """Give the first rows of each table as they would be loaded, and what is wrong with them."""
    findings = Findings(language)
    tables = []
    with open_source(path, findings, description, store) as data_set:
        for raw in data_set.tables.values():
            reader = TableReader(raw, findings)
            batch = next(reader.batches(), None)
            rows = batch.rows[:SHOWN] if batch else []
            tables.append(PreviewTable(raw.table.name, list(reader.at), list(rows)))
    return tables, findings.problems()[:50]
