"""Foreign data by a short description: `flask load PATH --source NAME|FILE`.

`open_source` gives the same `DataSet` as the reader of the native data set, so that everything
after it (checks, load, problems with file and row, leaving wrong rows out) is the same.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from graph.schema import TABLES, table, table_of_label
from graph.store import Store
from loaders.problems import LANGUAGE, Findings, Place
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet, RawTable, open_data_set
from loaders.readers.cells import Unreadable
from loaders.readers.headings import normal_heading
from loaders.readers.native import SOURCE_FILE, refuse_missing
from loaders.readers.sheets import File, Reading, Sheet, files_at, plain_name, sheets_of
from loaders.sources.description import Derive, FileSpec, SourceDescription
from loaders.sources.ends import Ends, columns_of_created
from loaders.sources.mapping import MappedTable, SheetPart
from loaders.sources.notes import without_notes
from loaders.sources.reading import described, parse_description, shipped, shipped_names

__all__ = [
    "NATIVE",
    "Derive",
    "Source",
    "SourceDescription",
    "described",
    "open_source",
    "parse_description",
    "sources",
]

NATIVE = "native"

Source = str | Path | SourceDescription  # a name that ships, a file, or a description as it is


def sources(language: str = LANGUAGE) -> list[dict[str, Any]]:
    """List the sources that ship, as `flask sources` prints them."""
    texts = {
        "en": (
            "Native data set",
            "A folder of CSV files, a workbook with a sheet per table, or one JSON object of "
            "arrays; English or Chinese headings. Every file is optional.",
        ),
        "zh_Hans": (
            "本系统数据集",
            "CSV 文件夹、每表一个工作表的 Excel 工作簿，或由数组组成的 JSON 对象；"
            "标题可用中文或英文，各文件均可省略。",
        ),
    }
    title, description = texts["en" if language == "en" else "zh_Hans"]
    files = [*(f"{each.name}.csv" for each in TABLES), PROGRAMME_FILE, RULES_FILE]
    listed = [{"name": NATIVE, "title": title, "files": files, "description": description}]
    for name in shipped_names():
        each = shipped(name)
        listed.append(
            {
                "name": name,
                "title": each.title.text(language),
                "files": list(
                    dict.fromkeys(name for spec in each.files.values() for name in spec.name)
                ),
                "description": each.description.text(language),
            }
        )
    return listed


@contextmanager
def open_source(
    path: Path, findings: Findings, source: Source = NATIVE, store: Store | None = None
) -> Iterator[DataSet]:
    """Open files of any described shape as a data set.

    A folder with a `source.yaml` is read as that describes. A mistake in the description raises
    InputError; what is wrong with the files goes into the findings. A store tells which missing
    ends of edges it has.
    """
    if source == NATIVE and (path / SOURCE_FILE).is_file():
        source = path / SOURCE_FILE
    if source == NATIVE:
        with open_data_set(path, findings) as data_set:
            yield data_set
        return
    description = described(source, findings.language)
    refuse_missing(path)
    data_set = DataSet(path.name)
    opened = _Opened(path, description, findings, store)
    data_set.tables = opened.tables()
    data_set.derive, data_set.source = description.derive, description.name
    data_set.doubts_early, data_set.asked = not description.historic, description.doubts
    data_set.unused = opened.unused
    yield data_set


class _Opened:
    """The files of a source, opened as the tables that its description makes of them."""

    def __init__(
        self, path: Path, description: SourceDescription, findings: Findings, store: Store | None
    ) -> None:
        self._description = description
        self._findings = findings
        self._store = store
        try:
            self._files = files_at(path)
        except Unreadable as error:
            self._files = []
            findings.add(error.code, Place(path.name, row=error.row), **error.details)
        self._is_single = path.is_file() and len(self._files) == 1
        self._sheets: dict[str, list[tuple[Sheet, Place]]] = {}
        self._unreadable: set[tuple[Place, str]] = set()  # what was told; two entries read one file
        self.unused: list[tuple[str, str, str]] = []  # file, sheet, column

    def tables(self) -> dict[str, RawTable]:
        """Return the raw tables in the order they are stored."""
        for name, spec in self._description.files.items():
            self._sheets[name] = list(self._sheets_of(name, spec))
        ends = Ends(self._store)
        mapped: dict[str, MappedTable] = {}
        keeping: set[str] = set()
        for name, entries in self._description.tables.items():
            parts = [
                SheetPart(entry, self._description.files[entry.file], sheet, place)
                for entry in entries
                for sheet, place in self._sheets[entry.file]
            ]
            parts = [part for part in parts if self._has_columns(part)]
            if not parts:
                continue
            mapped[name] = MappedTable(table(name), parts, self._findings, ends)
            creating = [
                heading
                for entry in entries
                for heading, policy in entry.missing.items()
                if policy == "create"
            ]
            ends.add(mapped[name], creating)
            if any(entry.reversed_period == "keep" for entry in entries):
                keeping.add(name)
        for label in sorted(ends.labels_created()):  # created nodes need a table of their own
            of_label = table_of_label(label)
            wanted = columns_of_created(label)
            if of_label.name in mapped:
                own = mapped[of_label.name].headings
                own += [heading for heading in wanted if heading not in own]
            else:
                mapped[of_label.name] = _only_created(of_label.name, wanted, self._findings, ends)
        return {
            each.name: RawTable(
                each, mapped[each.name].place, mapped[each.name].blocks, each.name in keeping
            )
            for each in TABLES
            if each.name in mapped
        }

    def _sheets_of(self, name: str, spec: FileSpec) -> Iterator[tuple[Sheet, Place]]:
        """Find the sheets of one of the description's files; tell when there is none."""
        wanted = self._description.wanted(name)
        accepted = {
            normal_heading(heading)
            for each in wanted
            for heading in (each, each.split(".")[0], *spec.headings.get(each, ()))
        }
        reading = Reading(
            accepted, spec.format, spec.encoding, spec.separator, spec.heading_row, spec.positions
        )
        found = False
        for file in self._matching(spec):
            found = True
            try:
                sheets = sheets_of(file, reading)
            except Unreadable as error:
                place = Place(file.name, row=error.row)
                if (place, error.code) not in self._unreadable:
                    self._findings.add(error.code, place, **error.details)
                self._unreadable.add((place, error.code))
                continue
            chosen = _chosen(sheets, spec, accepted)
            if not chosen and spec.sheet and not spec.optional:
                self._findings.add("missing-sheet", Place(file.name), value=spec.sheet)
            for sheet in chosen:
                self._note_unused(sheet, accepted)
                if spec.without_notes:
                    sheet = without_notes(sheet, self._findings)
                yield sheet, sheet.place
        if not found and not spec.optional and not self._findings.error_count:
            shown = " / ".join(spec.name)
            self._findings.add("missing-file", Place(shown), value=shown)

    def _note_unused(self, sheet: Sheet, accepted: set[str]) -> None:
        place = sheet.place
        for heading in filter(None, sheet.headings):
            at = (place.file or "", place.sheet or "", heading)
            if normal_heading(heading) not in accepted and at not in self.unused:
                self.unused.append(at)

    def _matching(self, spec: FileSpec) -> list[File]:
        if self._is_single and len({each.name for each in self._description.files.values()}) == 1:
            return self._files  # one file is what it is given as, whatever its name
        return [
            file
            for file in self._files
            if any(
                fnmatch.fnmatchcase(own, pattern.casefold())
                for pattern in spec.name
                for own in _names(file)
            )
        ]

    def _has_columns(self, part: SheetPart) -> bool:
        missing = list(dict.fromkeys(part.missing_columns()))
        for name in [] if part.entry.optional else missing:
            accepted = part.spec.headings.get(name, ())
            self._findings.add(
                "missing-source-column",
                part.place.at(max(part.sheet.heading_row, 1)),
                name,
                name,
                accepted=" / ".join([name, *accepted]),
                hint=self._findings.nearest(name, filter(None, part.sheet.headings[:60])),
            )
        return not missing


def _only_created(name: str, headings: list[str], findings: Findings, ends: Ends) -> MappedTable:
    made = MappedTable(table(name), [], findings, ends)
    made.headings = headings
    return made


def _names(file: File) -> set[str]:
    """Return the names by which a file may match a pattern: with its folder or without."""
    last = PurePosixPath(file.name).name.casefold()
    return {file.name.casefold(), last, plain_name(last)}


def _chosen(sheets: list[Sheet], spec: FileSpec, accepted: set[str]) -> list[Sheet]:
    """Choose the sheets that a description means: by name, else the one with its columns."""
    if spec.sheet:
        wanted = spec.sheet.casefold()
        return [each for each in sheets if fnmatch.fnmatchcase(each.name.casefold(), wanted)]

    def known(sheet: Sheet) -> int:
        return len(accepted.intersection(map(normal_heading, sheet.headings)))

    return [max(sheets, key=known)] if sheets else []
