"""Every public name is used by the program itself, not by tests alone."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("graph", "queries", "loaders", "layouts", "planning", "webapp", "tools")
USERS = (*FOLDERS, "bench", "examples", "docs")  # who may use them, beside the files of the root

# Whoever has another decorator is called by a framework: a route, a command, a validator.
PLAIN = re.compile(
    r"(property|cached_property|staticmethod|classmethod|abstractmethod|contextmanager|cache"
    r"|lru_cache|per_version|dataclass)\b"
)
# Methods of forms and fields that WTForms calls.
OF_FORMS = re.compile(
    r"webapp/\w+/(forms|fields)\.py:(validate_\w+|pre_validate|process_formdata|has_groups)"
)
# Names that others call, and who.
CALLED = {
    "loaders/readers/encodings.py:readable": "io.RawIOBase",
    "loaders/readers/encodings.py:readinto": "io.RawIOBase",
}


def defined(tree: ast.Module) -> list[str]:
    """Return the public functions, classes and methods of a file that no framework calls."""
    within = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    return [
        node.name
        for body in within
        for node in body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and all(PLAIN.match(ast.unparse(each)) for each in node.decorator_list)
    ]


def used(tree: ast.Module) -> list[str]:
    """Return every name that a file uses, the words of its texts too, but for docstrings."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.append(node.id)
        elif isinstance(node, ast.Attribute):
            found.append(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found.append(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"\w+", node.value) if "\n" not in node.value else []
    return found


def unused(trees: dict[str, ast.Module], words: set[str]) -> list[str]:
    """Return `file:name` of what nobody uses; `words` are those of templates and scripts."""
    uses = Counter(name for tree in trees.values() for name in used(tree))
    return [
        f"{path}:{name}"
        for path, tree in trees.items()
        if path.startswith(tuple(f"{folder}/" for folder in FOLDERS))
        for name in defined(tree)
        if not uses[name] and name not in words
    ]


def test_every_public_name_is_used_by_the_program():
    files = [*ROOT.glob("*.py"), *(f for folder in USERS for f in (ROOT / folder).rglob("*.py"))]
    trees = {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for file in files
    }
    templates = [*(ROOT / "webapp").rglob("*.html"), *(ROOT / "webapp").rglob("*.txt")]
    words = {word for file in templates for word in re.findall(r"\w+", file.read_text("utf-8"))}
    assert {each for each in unused(trees, words) if not OF_FORMS.match(each)} == set(CALLED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): ...", ["graph/m.py:f"]),
        ("def f(): ...\nf()", []),
        ("def _f(): ...", []),
        ("@app.get('/')\ndef f(): ...", []),
        ("@property\ndef f(): ...", ["graph/m.py:f"]),
        ("class C:\n    def f(self): ...\nC()", ["graph/m.py:f"]),
        ('def f():\n    """Say f.\n\n    >>> f()\n    """', ["graph/m.py:f"]),
        ("def f(): ...\nTABLE = {'a': 'f'}", []),
    ],
)
def test_an_unused_name_is_told(text: str, expected: list[str]):
    assert unused({"graph/m.py": ast.parse(text)}, set()) == expected
