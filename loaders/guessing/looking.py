"""Open unknown files and give every sheet with what its columns seem to mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.errors import N_, InputError
from loaders.guessing.dates import find_dates
from loaders.guessing.headings import name_by_heading
from loaders.guessing.meanings import MEANINGS
from loaders.guessing.references import look_at_directions, look_at_numbers, look_at_people
from loaders.guessing.sheets import GuessedColumn, GuessedSheet
from loaders.problems import LANGUAGE, Findings, Place
from loaders.readers.cells import Cells, Unreadable, cell
from loaders.readers.json_rows import arrays, json_content
from loaders.readers.native import refuse_missing
from loaders.readers.sheets import File, Reading, Sheet, files_at, sheets_of
from loaders.words import is_note

SAMPLED = 20_000  # rows of a sheet that are looked at


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
            if file.format == "json" and found:
                found[-1].beside = _beside(file)
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
    for sheet in found:
        name_by_heading(sheet)
        look_at_numbers(sheet)
        look_at_directions(sheet)
    look_at_people(found)
    for sheet in found:
        find_dates(sheet)
    return found


def _files(path: Path, findings: Findings) -> list[File]:
    try:
        files = files_at(path)
    except Unreadable as error:
        findings.add(error.code, Place(path.name), **error.details)
        return []
    return [each for each in files if each.format] if len(files) > 1 else files


def _looked_at(file: File, sheet: Sheet, number: int) -> GuessedSheet:
    columns = [GuessedColumn(heading, [], []) for heading in sheet.headings]
    guessed = GuessedSheet(
        f"f{number + 1}",
        file.name,
        sheet.name,
        sheet.heading_row,
        columns,
        is_workbook=file.format == "workbook",
    )
    for at, (row, cells) in enumerate(sheet.rows()):
        if at == SAMPLED:
            guessed.has_more = True
            break
        if is_note(cells, sheet.headings):
            guessed.notes.append((row, str(next(filter(None, cells)))))
        elif any(cells):
            guessed.row_count += 1
            _take(columns, row, cells)
    for column in columns:
        column.samples = list(dict.fromkeys(column.values))[:3]
    return guessed


def _beside(file: File) -> list[str]:
    """Name what a JSON file holds beside its tables."""
    content = json_content(file.opened)
    if not isinstance(content, dict) or "" in (tables := arrays(content)):
        return []
    return [name for name, value in content.items() if name not in tables and value]


def _take(columns: list[GuessedColumn], row: int, cells: Cells) -> None:
    for column, value in zip(columns, cells, strict=False):
        if isinstance(value, str):
            column.values.append(value)
            column.rows.append(row)
        elif isinstance(value, list) and value and all(map(_is_plain, value)):
            column.is_list = True
            column.values += [str(cell(each)) for each in value]
            column.rows += [row] * len(value)
        elif isinstance(value, list):
            column.nested = column.nested or ("" if not value else str(value)[:60])
            column.is_list = column.is_list or not value
        elif isinstance(value, dict) and value:
            column.nested = column.nested or str(value)[:60]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
