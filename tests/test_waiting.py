"""No test waits for a fixed time, and none only imports a file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXED = ("sleep", "wait_for_timeout")
MAY_SLEEP = {
    "tests/waiting.py": "asks again until it is so",
    "tests/jobs/works.py": "is work that goes on until somebody stops it",
    "tests/loaders/test_load.py": "kills a load at a moment drawn by lot",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Give every Python file of the tests with its path from the root."""
    for file in sorted((ROOT / "tests").rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def fixed_waits(tree: ast.Module) -> list[int]:
    """Return the lines that call what waits for a given time."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in FIXED)
            or (isinstance(node.func, ast.Name) and node.func.id in FIXED)
        )
    ]


def only_importing(tree: ast.Module) -> list[str]:
    """Return the tests whose body imports and does nothing else."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and all(
            isinstance(line, ast.Import | ast.ImportFrom | ast.Pass)
            or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            for line in node.body
        )
    ]


def test_no_test_waits_for_a_fixed_time():
    found = {path for path, tree in sources() if fixed_waits(tree)}
    assert found == set(MAY_SLEEP)


def test_no_test_only_imports_a_file():
    assert {path: names for path, tree in sources() if (names := only_importing(tree))} == {}


@pytest.mark.parametrize("line", ["time.sleep(1)", "sleep(0.1)", "page.wait_for_timeout(300)"])
def test_a_fixed_wait_is_found(line: str):
    assert fixed_waits(ast.parse(line)) == [1]


def test_a_test_that_only_imports_is_found():
    tree = ast.parse('def test_x():\n    """Say."""\n    import queries\n\ndef helper(): pass')
    assert only_importing(tree) == ["test_x"]
