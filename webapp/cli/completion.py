"""What a shell completes besides commands and options: names that the program itself lists.

Nothing stored is looked at: a key pressed by mistake opens no store.
"""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from graph.own_words import in_words


def query_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a question."""
    from queries.catalogue import QUERIES

    return _matching(
        ((name, in_words(each.titles["en"])) for name, each in QUERIES.items()), incomplete
    )


def query_parameters(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete `key=` for what the question that was named takes."""
    from queries.catalogue import QUERIES

    query = QUERIES.get(ctx.params.get("name") or "")
    given = query.parameters if query else ()
    return _matching(((f"{each.name}=", "") for each in given), incomplete)


def source_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a kind of files that ships; a path is completed by the shell."""
    from loaders.sources import sources

    found = _matching(((each["name"], each["title"]) for each in sources("en")), incomplete)
    return found or [CompletionItem(incomplete, type="file")]


def table_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a table of the data set."""
    from graph.schema import TABLES

    return _matching(((table.name, table.en) for table in TABLES), incomplete)


def _matching(items: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name, help=text) for name, text in items if name.startswith(incomplete)]
