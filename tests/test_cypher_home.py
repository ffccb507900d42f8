"""Cypher stands in `queries/` and on the writing side of `graph/` and `loaders/`."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A file, or a folder (ending in /).
HOMES = (
    "queries/",
    "loaders/",
    "graph/bolt.py",
    "graph/embedded.py",  # its own log of changes
    "graph/changes.py",
    "tools/neo4j.py",
    "graph/schema.py",
    "graph/store.py",
    "graph/tables.py",
    "graph/upsert.py",
    "bench/",  # measures what engines and statements cost
)
# The checker of plans reads by itself, and plans are kept where they are made.
DECLARED = ("planning/check/facts.py", "planning/check/mentors.py", "planning/kept_plans.py")
FOLDERS = (
    "graph",
    "queries",
    "layouts",
    "jobs",
    "loaders",
    "planning",
    "webapp",
    "examples",
    "bench",
    "docs",
)
CYPHER = re.compile(r"(?:^|\s)(?:MATCH|MERGE|CREATE|RETURN|CALL|UNWIND|DETACH DELETE)\s")


def holds_cypher(text: str) -> bool:
    """Return whether a source text holds Cypher in a string that is no docstring."""
    tree = ast.parse(text)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(id(first.value))
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and CYPHER.search(node.value)
        for node in ast.walk(tree)
    )


@cache
def found() -> frozenset[str]:
    """Return every file of ours but tests that holds Cypher."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    return frozenset(
        file.relative_to(ROOT).as_posix()
        for file in files
        if holds_cypher(file.read_text(encoding="utf-8"))
    )


def test_cypher_stands_at_home():
    away = {path for path in found() if not path.startswith(HOMES)}
    assert away - {*DECLARED} == set()


def test_no_exception_outlives_its_cypher():
    assert {*DECLARED} - found() == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('def f(store):\n    """MATCH (n) RETURN n"""\n    return 1', False),
        ('Q = """\nMATCH (n)\nRETURN n AS n"""', True),
        ("Q = f'MERGE (n:{label})'", True),
        ("said = 'To match this, return to the page.'", False),
    ],
)
def test_cypher_is_told_from_words(text: str, expected: bool):
    assert holds_cypher(text) is expected
