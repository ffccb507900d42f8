"""The examples in docstrings hold."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "graph",
    "layouts",
    "queries",
    "jobs",
    "loaders",
    "planning",
    "webapp",
    "examples",
    "bench",
)
MODULES = sorted(
    file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    for folder in FOLDERS
    for file in (ROOT / folder).rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_hold(name: str):
    failed, tried = doctest.testmod(import_module(name))
    assert tried > 0
    assert failed == 0
