"""What a load tells of its files, kept with it: in both languages, beside the row that it is about.

A page lists it until somebody changes the row or accepts it (`queries/quality/loaded.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph.errors import Problem
from loaders.loads import ToldProblem
from loaders.problems import Findings
from loaders.readers import DataSet


class Told:
    """The problems of a load, and the ids under which their rows are stored."""

    def __init__(self, problems: Sequence[Problem], findings: Findings, data_set: DataSet) -> None:
        self._problems, self._findings = problems, findings
        places = {
            (raw.place.file, raw.place.sheet): raw.table.name for raw in data_set.tables.values()
        }
        self._tables = [places.get((each.file, each.sheet)) for each in problems]
        self._wanted: dict[str, set[int]] = defaultdict(set)
        for problem, name in zip(problems, self._tables, strict=True):
            if name and problem.row is not None:
                self._wanted[name].add(problem.row)
        self._ids: dict[tuple[str, int], str] = {}

    def stored(self, table: str, numbers: Sequence[int], ids: Sequence[str]) -> None:
        """Note the ids of those rows of a batch that something was told of."""
        wanted = self._wanted.get(table)
        if wanted and not wanted.isdisjoint(numbers):
            for number, id_ in zip(numbers, ids, strict=True):
                if number in wanted:
                    self._ids[table, number] = id_

    def kept(self) -> list[ToldProblem]:
        """Return the problems as they are kept."""
        found: list[ToldProblem] = []
        for each, table in zip(self._problems, self._tables, strict=True):
            zh, en = (" ".join(text.split()) for text in self._findings.in_both(each))
            row = self._ids.get((table or "", each.row or 0))
            found.append(
                {
                    "code": each.code,
                    "severity": each.severity,
                    "file": each.file,
                    "sheet": each.sheet,
                    "row": each.row,
                    "column": each.column,
                    "value": each.value,
                    "count": each.count,
                    "zh": zh,
                    "en": en,
                    "table": table if row else None,
                    "id": row,
                }
            )
        return found
