"""Where descriptions come from: those that ship, and a person's own file, read and checked.

What is wrong is told with line, key and value (`graph.declared`); here the names that a description
takes from elsewhere are checked: files, tables' columns, ends of edges, catalogue questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from graph import declared
from graph.errors import N_, InputError, Problem, UsageError
from graph.schema import TABLES
from graph.schema import table as table_of
from loaders.problems import LANGUAGE
from loaders.sources.description import SourceDescription

SHIPPED = Path(__file__).parent / "shipped"

_LARGEST = 1 << 18  # characters


def read_description(path: Path, language: str = LANGUAGE) -> SourceDescription:
    """Read a person's own description; InputError carries every mistake in it."""
    try:
        return parse_description(declared.read_text(path), path.name, language)
    except OSError as error:
        raise InputError(
            N_("%(file)s cannot be read: %(reason)s."),
            file=path.name,
            reason=error.strerror or type(error).__name__,
        ) from None


def parse_description(text: str, file: str, language: str = LANGUAGE) -> SourceDescription:
    """Read the text of a description; `file` names it in problems."""
    if len(text) > _LARGEST:
        raise InputError(
            N_("%(file)s is too long for a description."),
            N_("It has %(count)s characters; at most %(most)s are read."),
            file=file,
            count=len(text),
            most=_LARGEST,
        )
    read = declared.parse(SourceDescription, text, file, language)
    read.refuse(_bad_names(read))
    return read.value


def _bad_names(read: declared.Description[SourceDescription]) -> Iterator[Problem]:
    description = read.value

    def unknown(loc: declared.Loc, name: str, list_: str, known: Iterable[str]) -> Problem:
        hint = declared.known_or_nearest(name, list(known), read.language)
        return read.problem("unknown_name", loc, name, list=list_, hint=hint)

    tables = [table.name for table in TABLES]
    for name, entries in description.tables.items():
        if name not in tables:
            yield unknown(("tables", name), name, "tables", tables)
            continue
        table = table_of(name)
        headings = [column.heading for column in table.columns]
        references = [each.heading for each in table.references]
        for at, entry in enumerate(entries):
            loc: declared.Loc = ("tables", name, at)
            if entry.file not in description.files:
                yield unknown((*loc, "file"), entry.file, "files", description.files)
            for heading in entry.columns:
                if heading not in headings:
                    yield unknown((*loc, "columns", heading), heading, name, headings)
            misspelt = {declared.nearest(each, headings) for each in entry.columns}
            for column in table.columns:
                if column.required and column.heading not in misspelt:
                    yield read.problem("missing", (*loc, "columns", column.heading), None)
            for heading in entry.missing:
                if heading not in references:
                    yield unknown((*loc, "missing", heading), heading, "missing", references)
    if description.derive:  # questions are imported only where they are asked
        from queries.catalogue import QUERIES

        ends = {"id", "mentor", "trainee"}
        deriving = [name for name, q in QUERIES.items() if ends <= {c.name for c in q.columns}]
        for at, derive in enumerate(description.derive):
            if derive.query not in deriving:
                yield unknown(("derive", at, "query"), derive.query, "derive", deriving)
                continue
            known = [each.name for each in QUERIES[derive.query].parameters]
            for name in derive.parameters:
                if name not in known:
                    yield unknown(("derive", at, "parameters", name), name, derive.query, known)


@cache
def shipped(name: str) -> SourceDescription:
    """Return a description that ships, by its name."""
    return read_description(SHIPPED / f"{name}.yaml", "en")


@cache
def shipped_names() -> tuple[str, ...]:
    """List the names of the descriptions that ship."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def described(
    source: str | Path | SourceDescription, language: str = LANGUAGE
) -> SourceDescription:
    """Return a description by the name of one that ships, from a file, or as it is."""
    if isinstance(source, SourceDescription):
        return source
    if str(source) in shipped_names():
        return shipped(str(source))
    path = Path(source)
    if path.suffix.lower() in (".yaml", ".yml") or path.is_file():
        return read_description(path, language)
    raise UsageError(
        N_('There is no source "%(name)s".'),
        N_("Give the file of a description, or one of %(known)s."),
        name=str(source),
        known=", ".join(["native", *shipped_names()]),
    )
