"""Make the tables of `docs/data.md` and `docs/sources.md` from what the code declares.

`python -m loaders.describe` writes them anew; a test says when they are stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph.schema import EDGE_TYPES, PRIVACY, TABLES, Column, Labels, Property, Reference
from loaders.problems import KINDS
from loaders.sources import sources
from loaders.sources.transforms import TRANSFORMS
from loaders.sources.writing import as_yaml

PAGE = Path(__file__).parent.parent / "docs" / "data.md"
SOURCES_PAGE = PAGE.with_name("sources.md")

_TYPES = {
    "text": "text",
    "integer": "whole number",
    "number": "number with two decimals at most",
    "date": "date",
    "list": "list",
}


def described(page: str) -> str:
    """Return `docs/data.md` with what stands between its marks made anew."""
    made = {
        "columns": _columns(),
        "edges": _edges(),
        "privacy": _privacy_classes(),
        "problems": _problems(),
    }
    return _made_anew(page, made)


def described_sources(page: str) -> str:
    """Return `docs/sources.md` with the steps and the shipped descriptions made anew."""
    return _made_anew(page, {"steps": _steps(), "sources": _sources()})


def _made_anew(page: str, texts: dict[str, str]) -> str:
    for name, text in texts.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        if page.count(begin) != 1 or page.count(end) != 1:
            raise ValueError(f"the page has no one place for {name}")
        before, rest = page.split(begin)
        page = f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"
    return page


def _steps() -> str:
    rows = []
    for step in TRANSFORMS.values():
        given, cell, result = step.examples[0]
        written = step.name if given in (None, {}) else as_yaml({step.name: given}).strip()
        shown = "nothing" if result is None else f"`{result}`"
        example = f"`{'' if cell is None else cell}` → {shown}"
        rows.append((f"`{step.name}`", step.en, f"`{written}`", example))
    return _table(("step", "what it does", "as in", "gives"), rows)


def _sources() -> str:
    rows = ((f"`{each['name']}`", each["description"]) for each in sources("en"))
    return _table(("name", "what it reads"), rows)


def _columns() -> str:
    parts = []
    for table in TABLES:
        rows = (
            (_name(column), column.zh, _meaning(column), _privacy(column))
            for column in table.file_columns
        )
        what = f"nodes `{table.label}`" if table.label else f"edges `{table.edge}`"
        parts.append(f"### {table.name} {table.zh}: {what}\n")
        parts.append(_table(("column", "标题", "what it holds", "privacy"), rows))
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
    if column.kinds and column.type == "list":
        said = f"list; words of `{column.kinds}` of the programme are read as their keys"
    elif column.kinds:
        said = f"one of `{column.kinds}` of the programme"
    if column.at_least is not None:
        said += f", {column.at_least} or more"
    if column.above is not None:
        said += f", above {column.above}"
    return said if column.name == column.heading else f"{said}; stored as `{column.name}`"


def _privacy(column: Column) -> str:
    """Return the class of a column, and of a record's kinds that have another one."""
    by_kind = column.privacy_by_kind if isinstance(column, Property) else ()
    others = "".join(f"; {each} of `{kind}`" for kind, each in by_kind)
    return f"{column.privacy}{others}"


def _privacy_classes() -> str:
    return _table(("privacy", "", "who"), ((str(n), zh, en) for n, (zh, en) in PRIVACY.items()))


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
    for path, make in ((PAGE, described), (SOURCES_PAGE, described_sources)):
        path.write_text(make(path.read_text(encoding="utf-8")), encoding="utf-8")
