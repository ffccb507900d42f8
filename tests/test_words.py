"""One word for one thing: names of classes and files, and how large a file or a function may be."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "graph",
    "queries",
    "loaders",
    "layouts",
    "jobs",
    "planning",
    "webapp",
    "examples",
    "bench",
    "docs",
)
MOST_LINES = 500  # of a file
LONGEST = 60  # lines of a function

# Files above the limit, and why.
LONG_FILES: dict[str, str] = {
    "loaders/entry.py": "whatever happens to one row shares its checks and its history",
    "loaders/problems.py": "one list of what can be wrong in a file, in two languages",
    "loaders/storing.py": "rows of nodes and of edges are written in one order of steps",
    "graph/schema.py": "every table stands in one list with all its columns",
    "queries/programme/audit.py": "every check stands beside the sentence that it says",
}

# What has another name: a posting is no stay, an owner of a lock lends nothing.
NOT_OURS = {
    "stint", "stints", "spell", "spells", "stretch", "stretches", "stay", "stays",
    "knot", "knots", "knotted", "lend", "lender", "lent",
}  # fmt: skip
# GEXF calls the times of a node its spells.
MAY_SAY = {("loaders/readers/markup.py", "spell"), ("loaders/readers/markup.py", "spells")}


@cache
def trees() -> dict[str, ast.Module]:
    """Return every Python file of ours but tests, by its path from the root."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for file in files
    }


def test_no_two_classes_have_one_name():
    files: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                files[node.name].append(path)
    twice = {name: paths for name, paths in files.items() if len(paths) > 1}
    assert twice == {}


def test_every_file_has_a_name_that_says_something():
    vague = {"ground.py", "utils.py", "helpers.py", "misc.py"}
    assert [path for path in trees() if path.rpartition("/")[2] in vague] == []


def test_no_file_is_longer_than_the_limit():
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in trees()}
    long = {path for path, count in lines.items() if count > MOST_LINES}
    assert long == set(LONG_FILES)


def test_no_function_is_longer_than_the_limit():
    long = {
        f"{path}:{node.name}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST
    }
    assert long == set()


def test_no_name_below_the_web_is_a_word_that_has_another_one():
    found = []
    for path, tree in trees().items():
        if not path.startswith(("graph/", "queries/", "loaders/", "examples/")):
            continue
        for name in names(tree):
            words = set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))
            found += [(path, name) for word in words & NOT_OURS if (path, word) not in MAY_SAY]
    assert found == []


def names(tree: ast.Module) -> set[str]:
    """Return every name that a file gives: of functions, classes, parameters, variables, fields."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found
