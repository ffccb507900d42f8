"""Make the tables of `docs/data.md` from the schema and the list of problems.

`python -m loaders.describe` writes them anew; a test says when they are stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph.schema import EDGE_TYPES, TABLES, Column, Labels, Property, Reference
from loaders.problems import KINDS

PAGE = Path(__file__).parent.parent / "docs" / "data.md"

_TYPES = {"text": "text", "integer": "whole number", "date": "date", "list": "list"}


def described(page: str) -> str:
    """Give a page with what stands between its marks made anew."""
    for name, text in (("columns", _columns()), ("edges", _edges()), ("problems", _problems())):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ValueError(f"docs/data.md has no one place for {name}")
        before, rest = page.split(begin)
        page = f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"
    return page


def _columns() -> str:
    parts = []
    for table in TABLES:
        rows = ((_name(column), column.zh, _meaning(column)) for column in table.columns)
        what = f"nodes `{table.label}`" if table.label else f"edges `{table.edge}`"
        parts.append(f"### {table.name} {table.zh}: {what}\n")
        parts.append(_table(("column", "标题", "what it holds"), rows))
    return "\n".join(parts)


def _name(column: Column) -> str:
    return f"**{column.heading}**" if column.required else column.heading


def _meaning(column: Column) -> str:
    said = _TYPES[column.type]
    if isinstance(column, Labels):
        return f"{said} of {' and '.join(f'`{value}`' for value, _ in column.label_by_value)}"
    if isinstance(column, Reference):
        return f"id of a `{column.label}`" + (f", makes `{column.edge}`" if column.edge else "")
    assert isinstance(column, Property)
    if column.values:
        said = " or ".join(f"`{value}`" for value in column.values)
    if column.kinds:
        said = f"one of `{column.kinds}` of programme.yaml"
    if column.at_least is not None:
        said += f", {column.at_least} or more"
    return said if column.name == column.heading else f"{said}; stored as `{column.name}`"


def _edges() -> str:
    return _table(
        ("edge", "from the table"),
        ((f"`{edge.pattern}`", edge.table) for edge in EDGE_TYPES),
    )


def _problems() -> str:
    rows = (
        (f"`{code}`", kind.severity, " ".join(part for part in kind.en if part != "{hint}"))
        for code, kind in KINDS.items()
    )
    return _table(("code", "", "what it says"), rows)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines
    )


if __name__ == "__main__":
    PAGE.write_text(described(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
