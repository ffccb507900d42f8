"""Try mutants and write docs/mutants.md: `make mutants ARGS='queries/rules --again'`."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import re
import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest

from tools.mutants import made
from tools.mutants.made import Mutant
from tools.mutants.report import page
from tools.mutants.tried import Result, Trial

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "var" / "mutants"
DECLARED = Path(__file__).with_name("declared.toml")
SEED = 15


class Room(NamedTuple):
    """A package whose mutants are tried: how many of them, and by which tests."""

    at_most: int | None  # None: all
    tests: tuple[str, ...]


ROOMS = {
    "queries/personnel": Room(
        None, ("tests/queries/personnel", "tests/boundaries/test_postings.py")
    ),
    "queries/programme": Room(
        300,
        (
            "tests/queries/programme", "tests/boundaries/test_programme.py",
            "tests/boundaries/test_gates.py",
        ),
    ),
    "queries/rules": Room(
        300,
        (
            "tests/queries/test_rules.py", "tests/queries/test_rule_edges.py",
            "tests/queries/test_verdicts.py",
            "tests/boundaries/test_rules.py", "tests/boundaries/test_short_list.py",
            "tests/boundaries/test_candidate.py", "tests/boundaries/test_legal_dates.py",
            "tests/boundaries/test_appointment_cases.py",
            "tests/queries/careers/test_eligibility.py",
        ),
    ),
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Try what is not known yet, then write the page."""
    asked = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    asked.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    asked.add_argument("--file", default="", help="only of files whose name has this expression")
    asked.add_argument(
        "--seconds", type=float, default=2, help="of tests for a mutant, the cheapest"
    )
    asked.add_argument("--again", action="store_true", help="try again what survived")
    asked.add_argument("--afresh", action="store_true", help="forget what was tried before")
    asked.add_argument("--learn", action="store_true", help="only learn what each test runs into")
    asked.add_argument("--report", action="store_true", help="only write the page")
    options = asked.parse_args(arguments)
    os.environ.setdefault("HISTORIES", "12")  # of invented people: enough, and quick
    KEPT.mkdir(parents=True, exist_ok=True)
    results = KEPT / "results.jsonl"
    if options.afresh:
        results.unlink(missing_ok=True)
    is_right = True
    for name in () if options.report else options.rooms or ROOMS:
        known = _known(results)
        todo = [
            each
            for each in mutants_in(name)
            if re.search(options.file, each.file)
            and known.get(each.key, {}).get("outcome", "")
            in (("", "survived", "not run") if options.again else ("",))
        ]
        if todo or options.learn:
            random.Random(SEED).shuffle(todo)  # what is tried of a run that is ended is a sample
            chosen = () if options.learn else todo
            is_right = _try(name, chosen, results, options.seconds) and is_right
    known = _known(results)
    found = {name: [(each, known.get(each.key)) for each in mutants_in(name)] for name in ROOMS}
    declared = tomllib.loads(DECLARED.read_text(encoding="utf-8"))["mutant"]
    text = page(found, declared, {name: room.tests for name, room in ROOMS.items()}, SEED)
    (ROOT / "docs" / "mutants.md").write_text(text, encoding="utf-8")
    return not is_right


@cache
def mutants_in(room: str) -> list[Mutant]:
    """Return the mutants of a room that are tried: all, or a seeded sample."""
    every = [mutant for file in _files(room) for mutant in _made(file)]
    count = ROOMS[room].at_most
    if count is None or count >= len(every):
        return every
    chosen = set(sorted(range(len(every)), key=lambda at: _drawn(every[at]))[:count])
    return [mutant for at, mutant in enumerate(every) if at in chosen]


def _drawn(mutant: Mutant) -> str:
    """Return the lot of a mutant: no other one changes it, so a sample lasts as the code does."""
    return hashlib.sha1(f"{SEED} {mutant.key}".encode()).hexdigest()


def _files(room: str) -> list[str]:
    return sorted(each.relative_to(ROOT).as_posix() for each in (ROOT / room).rglob("*.py"))


def _made(file: str) -> list[Mutant]:
    """Return the mutants of a file, kept until it changes: to make them takes seconds."""
    digest = hashlib.sha1((ROOT / file).read_bytes() + version("mutmut").encode())
    kept = KEPT / f"{digest.hexdigest()}.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(made.mutants_of(ROOT, file)))
    found: list[Mutant] = pickle.loads(kept.read_bytes())
    return found


def _try(room: str, mutants: Sequence[Mutant], results: Path, seconds: float) -> bool:
    """Try mutants one after another; say and keep what becomes of each."""
    alive = 0
    with results.open("a", encoding="utf-8") as file:

        def keep(result: Result) -> None:
            nonlocal alive
            file.write(json.dumps(result, ensure_ascii=False) + "\n")
            file.flush()
            if not result["outcome"].startswith("killed"):
                alive += 1
                print(f"{result['outcome']}: {result['key']}", flush=True)

        folder = KEPT / room
        folder.mkdir(parents=True, exist_ok=True)
        learnt = folder / "tests.json"
        trial = Trial(ROOT, _files(room), mutants, learnt, keep, seconds)
        pytest.main(
            [*ROOMS[room].tests, "-m", "not bolt", "-p", "no:terminal",
             "-p", "no:cacheprovider", "-o", "timeout=0", "-o", "addopts=--import-mode=importlib",
             "--basetemp", str(folder / "tmp")],
            plugins=[trial],
        )  # fmt: skip
    print(f"{room}: {len(mutants)} tried, {alive} of them not killed")
    return trial.is_right


def _known(results: Path) -> dict[str, Result]:
    """Return what became of each mutant, the latest time that it was tried."""
    if not results.exists():
        return {}
    lines = results.read_text(encoding="utf-8").splitlines()
    return {each["key"]: each for each in map(json.loads, lines)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
