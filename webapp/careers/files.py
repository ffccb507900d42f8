"""The tables of a page about careers as Excel or CSV: all rows, ids beside what they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from loaders.export.sheet import as_csv
from queries.careers.limits import Limits
from webapp.careers.limits import said_all
from webapp.programme.documents import Cell, Document, Section, as_workbook
from webapp.shell.asking import Asked, OneOf

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileAsked(Asked):
    """The tables of a page as a file: a workbook of all, or one as CSV."""

    format: Annotated[str | None, OneOf("csv", "xlsx")] = None
    table: str | None = None


@dataclass(frozen=True)
class CareerTable:
    """A table of a page: its name in addresses, its title, its columns and rows."""

    key: str
    title: str
    table: Mapping[str, Any]

    def heads(self) -> list[str]:
        """Return the headings, those of ids among them."""
        return [head for head, _, _ in self._columns()]

    def rows(self) -> list[list[Cell]]:
        """Return the cells of all rows."""
        columns = self._columns()
        return [
            [_plain(row.get(key), of_id) for _, key, of_id in columns] for row in self.table["rows"]
        ]

    def _columns(self) -> list[tuple[str, str, bool]]:
        found: list[tuple[str, str, bool]] = []
        for column in self.table["columns"]:
            key, title = column["key"], str(column["title"])
            cells = (row.get(key) for row in self.table["rows"])
            if any(isinstance(cell, Mapping) and cell.get("id") for cell in cells):
                found.append((_("%(what)s (id)", what=title), key, True))
            found.append((title, key, False))
        return found


def _plain(cell: Any, of_id: bool) -> Cell:
    if isinstance(cell, Mapping):
        cell = cell.get("id" if of_id else "text")
    elif of_id:
        return None
    return cell if isinstance(cell, str | int | None) else str(cell)


def wants_file() -> bool:
    """Return whether the address asks for a file instead of the page: then rows are not cut."""
    return FileAsked.read().format is not None


def tables_file(
    name: str, title: str, limits: Limits, on: date, tables: Sequence[CareerTable]
) -> Response:
    """Return the tables as the file that the address asks for; NotFound for a table not there."""
    asked = FileAsked.read()
    if asked.format == "csv":
        chosen = [each for each in tables if asked.table in (None, each.key)]
        if not chosen:
            raise NotFound(
                N_('There is no table "%(table)s" here.'),
                N_("Use one of %(known)s."),
                table=asked.table,
                known=", ".join(each.key for each in tables),
            )
        made = as_csv(chosen[0].heads(), chosen[0].rows())
        return _attached(made, "text/csv", f"{name}-{chosen[0].key}.csv")
    document = Document(
        name,
        title,
        said_all(limits, on),
        (),
        tuple(
            Section(
                each.key,
                each.title,
                tuple(each.heads()),
                tuple(tuple(row) for row in each.rows()),
                annex=True,
            )
            for each in tables
        ),
    )
    return _attached(as_workbook(document), _EXCEL, f"{name}.xlsx")


def _attached(made: bytes, kind: str, name: str) -> Response:
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, mimetype=kind, headers=head)


def file_links(tables: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return the files of this page: a workbook of all tables, and each (key, title) as CSV."""
    kept = {
        key: request.args.getlist(key) for key in request.args if key not in FileAsked.model_fields
    }
    here: dict[str, Any] = {**(request.view_args or {}), **kept}
    endpoint = str(request.endpoint)
    links = [{"text": "Excel", "url": url_for(endpoint, **here, format="xlsx")}]
    for key, title in tables:
        text = "CSV" if len(tables) == 1 else f"CSV: {title}"
        links.append({"text": text, "url": url_for(endpoint, **here, format="csv", table=key)})
    return links
