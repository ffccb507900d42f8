"""What the programme says of each kind of record: the results that it may have, what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.programme import Programme
from loaders.checking.numbered import CheckedRows
from loaders.problems import Findings
from loaders.readers.blocks import pl

# Number of the row, code, column, value, and what the sentence names.
WrongRecord = tuple[int, str, str, str | None, dict[str, Any]]


def wrong_records(
    rows: CheckedRows, programme: Programme, findings: Findings
) -> Iterator[WrongRecord]:
    """Yield what is wrong with records by their kind: the result of another kind, a gap."""
    kinds = rows.column("kind")
    for kind in programme.record_kinds:
        mine = kinds == kind.key
        if not (kind.results or kind.needs) or not mine.any():
            continue
        title = kind.text(findings.language)
        results = rows.column("result")
        if kind.results:
            strange = mine & results.is_not_null() & ~results.is_in(list(kind.results))
            known = findings.word("comma").join(
                programme.title("results", each, findings.language) for each in kind.results
            )
            for number, value in rows.those(strange, results):
                shown = programme.title("results", value, findings.language)
                yield (
                    number,
                    "result-of-other-kind",
                    "result",
                    value,
                    {
                        "kind": title,
                        "shown": shown,
                        "known": known,
                    },
                )
        for heading in kind.needs:
            empty = mine & rows.column(heading).is_null()
            for number, _ in rows.those(empty, pl.Series([None] * len(kinds))):
                yield number, "needed-by-kind", heading, None, {"kind": title}
