"""Propose a description for files nobody has described: by headings, shapes of dates, foreign keys.

Each column of each sheet is given a meaning, one of `MEANINGS`; a description follows from the
meanings alone (`described_by`), so a person corrects meanings, or the text of the description.
`preview` shows the first rows as they would be loaded. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from graph.errors import N_, InputError, Problem, ProblemRow
from graph.store import Store
from loaders.checking.rows import TableReader
from loaders.guessing.doubts import settle
from loaders.guessing.looking import looked_at
from loaders.guessing.meanings import MEANINGS
from loaders.guessing.proposal import described_by, unused_headings
from loaders.guessing.sheets import Doubt, Doubts, GuessedSheet
from loaders.kinds import DoubtDict, UnusedColumn, UnusedRow
from loaders.problems import LANGUAGE, Findings
from loaders.sources import SourceDescription, open_source, parse_description
from loaders.sources.writing import as_yaml

SHOWN = 8  # rows of a table that a preview shows


@dataclass(frozen=True)
class PreviewTable:
    """The first rows of one of our tables, as they would be loaded."""

    name: str
    headings: list[str]
    rows: list[tuple[Any, ...]]


class GuessedColumnDict(TypedDict):
    """What one column is taken for."""

    file: str
    sheet: str | None
    column: str
    meaning: str | None
    why: str | None
    samples: list[str]


class GuessDict(TypedDict):
    """What is proposed for files nobody has described, as `flask guess` prints it."""

    columns: list[GuessedColumnDict]
    description: str
    preview: dict[str, list[dict[str, Any]]]  # by table
    problems: list[ProblemRow]
    unused_columns: list[UnusedColumn]
    unused_rows: list[UnusedRow]
    doubts: list[DoubtDict]


@dataclass(frozen=True)
class Guess:
    """What is proposed: the meanings, the description as text, and what comes of it."""

    sheets: list[GuessedSheet]
    text: str
    description: SourceDescription
    tables: list[PreviewTable]
    problems: list[Problem]
    doubts: list[Doubt]

    @property
    def unused_columns(self) -> list[UnusedColumn]:
        """List the columns that hold something and are not read."""
        return [
            {"file": sheet.file, "sheet": sheet.sheet or None, "column": heading}
            for sheet in self.sheets
            for heading in unused_headings(sheet)
        ]

    @property
    def unused_rows(self) -> list[UnusedRow]:
        """List the rows that are totals, notes or headings once more, with what they say."""
        return [
            {"file": sheet.file, "sheet": sheet.sheet or None, "row": row, "value": text}
            for sheet in self.sheets
            for row, text in sheet.notes
        ]

    def as_dict(self) -> GuessDict:
        """Return the JSON of `flask guess`."""
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
            "unused_columns": self.unused_columns,
            "unused_rows": self.unused_rows,
            "doubts": [doubt.as_dict() for doubt in self.doubts],
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
    if meanings is not None:
        for sheet in sheets:
            for number, column in enumerate(sheet.columns):
                given = meanings.get(f"{sheet.key}.{number}", "")
                column.meaning = given if given in MEANINGS and column.heading else ""
    doubts = Doubts(language)
    settle(sheets, doubts, store)
    described = described_by(sheets, path, doubts.found)
    if described is None:
        raise InputError(
            N_("Nothing in %(file)s looks like people, posts or ties."),
            N_("Give its columns headings such as name, mentor, post, unit, from."),
            file=path.name,
        )
    text = as_yaml(described)
    description = parse_description(text, "source.yaml", language)
    tables, problems = preview(path, description, language=language, store=store)
    return Guess(sheets, text, description, tables, problems, doubts.found)


# --- showing ----------------------------------------------------------------------------------


def preview(
    path: Path,
    description: SourceDescription,
    *,
    language: str = LANGUAGE,
    store: Store | None = None,
) -> tuple[list[PreviewTable], list[Problem]]:
    """Return the first rows of each table as they would be loaded, and what is wrong with them."""
    findings = Findings(language)
    tables = []
    with open_source(path, findings, description, store) as data_set:
        for raw in data_set.tables.values():
            reader = TableReader(raw, findings)
            batch = next(reader.batches(), None)
            rows = batch.rows[:SHOWN] if batch else []
            tables.append(PreviewTable(raw.table.name, list(reader.at), list(rows)))
    return tables, findings.problems()[:50]
