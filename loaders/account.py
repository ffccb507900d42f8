"""What of files will not be stored and what looks odd in them, told before anything is stored.

Whoever loads must have seen the doubts: a load of files with open ones is refused until it is told
that somebody has looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NotRequired

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import Problem, ProblemRow
from graph.schema import TABLES
from graph.store import Store
from loaders.checking.checks import Checks
from loaders.current_rows import current_rows
from loaders.kinds import DoubtDict, UnusedColumn, UnusedRow
from loaders.problems import LANGUAGE, Findings
from loaders.readers import DataSet, leave_out
from loaders.sources import NATIVE, Source, open_source

# Doubts about who somebody is: their rows are people that must be asked about.
_OF_PEOPLE = frozenset(
    ("same-person", "namesakes", "equal-names", "one-or-two", "two-of-a-name", "stored-people",
     "several-in-a-cell", "not-a-name", "first-names", "unknown-end", "twice-listed")
)  # fmt: skip
# Found while the rows are checked, whatever describes them; of files of our own shape only told.
_OF_ROWS = ("early-date", "activity-without-kind")


AccountRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {table.name: NotRequired[dict[str, int]] for table in TABLES},
        "AccountOfFiles",
        unused_columns=list[UnusedColumn],
        unused_rows=list[UnusedRow],
        doubts=list[DoubtDict],
    ),
]


@dataclass
class Account:
    """What a load would bring, by table, what it would leave out, and what looks odd."""

    tables: dict[str, dict[str, int]] = field(default_factory=dict)  # new, matched, asked
    unused_columns: list[dict[str, str | None]] = field(default_factory=list)
    unused_rows: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)  # those that nobody has answered

    def as_dict(self) -> AccountRow:
        """Return the JSON of it, as `flask load --dry-run` prints it."""
        return {
            **self.tables,
            "unused_columns": self.unused_columns,
            "unused_rows": self.unused_rows,
            "doubts": self.doubts,
        }


class CheckDict(TypedDict):
    """What a check found, as `flask check` prints it."""

    problems: list[ProblemRow]
    account: NotRequired[AccountRow]  # by table, with what is left out and what looks odd


def checked(account: Account, problems: Iterable[Problem]) -> CheckDict:
    """Return the JSON of a check: the problems, and the account where it says anything."""
    found: CheckDict = {"problems": [problem.as_dict() for problem in problems]}
    if account.doubts or account.unused_columns or account.unused_rows:
        found["account"] = account.as_dict()
    return found


def take_stock(
    path: str | Path,
    store: Store | None = None,
    *,
    without: Collection[str] = (),
    language: str = LANGUAGE,
    source: Source = NATIVE,
    counted: bool = False,
    on_progress: Callable[[str, int], None] = lambda table, rows: None,
) -> tuple[Account, list[Problem]]:
    """Check files and give the account of them; `counted` also asks the store who is new.

    `on_progress` is told the table and how many of its rows are checked.
    """
    findings = Findings(language)
    with (
        open_source(Path(path), findings, source, store) as data_set,
        closing(Checks(data_set, findings, store, keep=counted, on_progress=on_progress)) as checks,
    ):
        leave_out(data_set, without)
        checks.run()
        found = account_of(data_set, findings.problems())
        found.unused_columns += [
            {"file": place.file or None, "sheet": place.sheet or None, "column": heading}
            for reader in checks.readers.values()
            for place in [reader.raw.place]
            for heading in reader.left_out
        ]
        if counted and store:
            found.tables = _counted(checks, store, found.doubts)
    return found, findings.problems()


def account_of(data_set: DataSet, problems: Iterable[Problem]) -> Account:
    """Return the account of checked files, without the counts."""
    rows: dict[tuple[str | None, str | None, str | None, str], list[Problem]] = defaultdict(list)
    notes = []
    for each in problems:
        if each.code in _OF_ROWS and data_set.source:
            rows[each.file, each.sheet, each.column, each.code].append(each)
        elif each.code == "note-row":
            notes.append(
                {"file": each.file, "sheet": each.sheet, "row": each.row, "value": each.value}
            )
    doubts = [
        {
            "code": each.code,
            "file": each.file or None,
            "sheet": each.sheet or None,
            "column": each.column or None,
            "rows": list(each.rows),
            "message": each.message,
        }
        for each in data_set.asked
        if each.is_open
    ]
    known = {(each["file"], each["column"], each["code"]) for each in doubts}
    doubts += [
        {
            "code": code,
            "file": file,
            "sheet": sheet,
            "column": column,
            "rows": sorted({each.row for each in of_one if each.row is not None}),
            "message": " ".join(filter(None, (of_one[0].message, of_one[0].hint))),
        }
        for (file, sheet, column, code), of_one in rows.items()
        if (file, column, code) not in known
    ]
    unused = [{"file": f or None, "sheet": s or None, "column": c} for f, s, c in data_set.unused]
    return Account({}, unused, notes, doubts)


def _counted(
    checks: Checks, store: Store, doubts: list[dict[str, Any]]
) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    asked = sum(len(each["rows"]) for each in doubts if each["code"] in _OF_PEOPLE)
    for table in TABLES:
        counts[table.name] = {"new": 0, "matched": 0, "asked": 0}
        spool, reader = checks.spools.get(table.name), checks.readers.get(table.name)
        if spool is None or reader is None or not reader.is_usable or not reader.at:
            continue
        for _, rows in spool.batches(checks.left_out(table.name)):
            ids = [reader.id(row) for row in rows]
            matched = len(current_rows(store.read, table, ids))
            counts[table.name]["matched"] += matched
            counts[table.name]["new"] += len(ids) - matched
    counts["people"]["asked"] = asked
    return counts
