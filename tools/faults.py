"""Put known faults in again, one after another, and see that a test fails: `make faults`.

The faults are edits in `tools/faults.toml`; each is made in a copy of the tree, and the test that
is named there is asked. What came of it is written to docs/faults.md.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LISTED = Path(__file__).with_suffix(".toml")
TESTS = "tests/boundaries"
FOLDERS = (
    *("bench", "examples", "graph", "jobs", "layouts", "loaders", "planning", "queries"),
    *("tests", "tools", "webapp"),
)
HEAD = """\
# Thirteen faults

Each of these faults stands on a boundary, and once all tests let it pass. `make faults` puts them
in again (`tools/faults.toml`), one after another in a copy of the tree, asks the test that is named
here, and writes this page. Some stand in more than one place.

| fault | put in at | test of `tests/boundaries` | with the fault it |
| --- | --- | --- | --- |
"""


class Edit(NamedTuple):
    """What stands exactly once in a file, and what stands there with the fault."""

    file: str
    before: str
    after: str

    def make(self, tree: Path) -> None:
        """Change the file of a tree; a text that is not there once is a ValueError."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.before) != 1:
            raise ValueError(f"{self.file}: {text.count(self.before)} times: {self.before}")
        path.write_text(text.replace(self.before, self.after), encoding="utf-8")

    def undo(self, tree: Path) -> None:
        """Put the file of the repository back."""
        shutil.copy2(ROOT / self.file, tree / self.file)


class PlantedFault(NamedTuple):
    """A fault: its edits, and the test that must fail with them."""

    what: str
    test: str
    edits: tuple[Edit, ...]


def listed() -> list[PlantedFault]:
    """Return the faults in the order of their list."""
    rows = tomllib.loads(LISTED.read_text(encoding="utf-8"))["fault"]
    return [
        PlantedFault(row["what"], row["test"], tuple(Edit(**each) for each in row["edit"]))
        for row in rows
    ]


def copied(tree: Path) -> None:
    """Copy what the tests of boundaries need."""
    for name in FOLDERS:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tree / name, ignore=leave)
    for name in ("pyproject.toml", "wsgi.py"):
        shutil.copy2(ROOT / name, tree / name)


def fails(tree: Path, tests: Sequence[str]) -> bool:
    """Return whether one of some tests fails in a tree; what else goes wrong is a RuntimeError."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "--exitfirst", "-m", "not bolt", "-p",
         "no:cacheprovider", *(f"{TESTS}/{each}" for each in tests)],
        cwd=tree, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode == 1


def put_in(tree: Path, fault: PlantedFault) -> bool:
    """Return whether the test of a fault fails with it; the tree is as before afterwards."""
    try:
        for each in fault.edits:
            each.make(tree)
        return fails(tree, [fault.test])
    finally:
        for each in fault.edits:
            each.undo(tree)


def page(found: Mapping[PlantedFault, bool]) -> str:
    """Return the page as Markdown."""
    rows = []
    for fault, is_seen in found.items():
        files = ", ".join(f"`{file}`" for file in dict.fromkeys(each.file for each in fault.edits))
        told = "fails" if is_seen else "PASSES"
        rows.append(f"| {fault.what} | {files} | `{fault.test}` | {told} |\n")
    return HEAD + "".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Put the faults in; 1 where a test does not see its own, or fails without."""
    asked = argparse.ArgumentParser(prog="make faults", description=__doc__)
    asked.add_argument("words", nargs="*", help="only those in whose name one stands; no page then")
    words = asked.parse_args(arguments).words
    faults = [each for each in listed() if not words or any(word in each.what for word in words)]
    found: dict[PlantedFault, bool] = {}
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copied(tree)
        if fails(tree, sorted({each.test for each in faults})):
            print("A test fails as the code is.")
            return 1
        for fault in faults:
            found[fault] = put_in(tree, fault)
            print(f"{'fails' if found[fault] else 'PASSES'}: {fault.what}", flush=True)
    if not words:
        (ROOT / "docs" / "faults.md").write_text(page(found), encoding="utf-8")
    return not all(found.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
