"""Everything that is stored, as files: for loading again, and for other tools.

A folder of CSV, a workbook and JSON load back to the same graph; GraphML, GEXF, node-link JSON and
R's tables are for other tools; the folder for neo4j-admin is for a first load of millions. Rows are
read page by page along their ids and come in that order, so two exports of one graph are equal. A
file takes its place only when it is complete.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.errors import N_, InputError, UsageError
from graph.store import Store
from graph.tables import counting
from loaders.export.admin import write_admin
from loaders.export.native import write_folder, write_json, write_workbook
from loaders.export.networks import write_gexf, write_graphml, write_node_link, write_r
from loaders.export.of_day import rows_of_day
from loaders.export.rows import stored_texts as stored_texts


@dataclass(frozen=True)
class Format:
    """One way to write the graph: its ending, or none for a folder."""

    write: Callable[..., dict[str, int]]  # a store and a path, and of a day whose rows
    ending: str = ""
    of_day: bool = False  # it can be written as of a day


FORMATS = {
    "folder": Format(write_folder, of_day=True),
    "xlsx": Format(write_workbook, ".xlsx", of_day=True),
    "json": Format(write_json, ".json", of_day=True),
    "graphml": Format(write_graphml, ".graphml"),
    "gexf": Format(write_gexf, ".gexf"),
    "node-link": Format(write_node_link, ".json"),
    "r": Format(write_r),
    "neo4j-admin": Format(write_admin),
}
ENDINGS = (".xlsx", ".json", ".graphml", ".gexf")


def export(
    store: Store,
    path: str | Path,
    format: str | None = None,
    on_progress: Callable[[int], None] = lambda rows: None,
    on: date | None = None,
) -> dict[str, int]:
    """Write the graph in a format, or the one of the ending, a folder where there is none.

    With a day only what had begun by it is written, in a format that loads back; UsageError for
    another one.

    Counts the rows, or nodes and edges, that were written; `on_progress` is told how many rows
    were read so far.
    """
    path = Path(path)
    chosen = FORMATS[format] if format else _of_ending(path)
    if on is not None and not chosen.of_day:
        raise UsageError(
            N_("This format holds everything that is stored: it cannot be of a day."),
            N_("Write a folder, .xlsx or .json, or leave the day out."),
        )
    if path.is_dir() and chosen.ending:
        raise UsageError(N_("%(path)s is a folder."), N_("Give another name."), path=path)
    if path.is_file() and not chosen.ending:
        raise UsageError(
            N_("%(path)s is a file."), N_("Give a folder, or a name with an ending."), path=path
        )
    try:
        with counting(on_progress):
            if on is None:
                return chosen.write(store, path)
            return chosen.write(store, path, rows_of_day(store, on))
    except OSError as error:
        raise InputError(
            N_("%(path)s cannot be written: %(reason)s."),
            path=path,
            reason=error.strerror or error,
        ) from error


def _of_ending(path: Path) -> Format:
    found = [each for each in FORMATS.values() if each.ending == path.suffix.lower() != ""]
    if found:
        return found[0]
    if path.suffix and not path.is_dir():
        raise UsageError(
            N_('"%(ending)s" is not an ending that can be written.'),
            N_("Use a folder or one of %(known)s."),
            ending=path.suffix,
            known=", ".join(ENDINGS),
        )
    return FORMATS["folder"]
