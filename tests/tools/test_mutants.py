"""Mutants: what is changed, whether tests see it, and what docs/mutants.md says of the last run."""

import json
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tools.mutants.made import mutants_of
from tools.mutants.report import page, reason_of

CODE = '''
"""Ages."""
from functools import cached_property

LIMIT = 40


def N_(text: str) -> str:
    return text


class Person:
    """Somebody."""

    def __init__(self, age: int = 3) -> None:
        self.age: int | None = age

    @cached_property
    def is_young(self) -> bool:
        """Return whether 1 + 1 is 2."""
        return self.age <= LIMIT


def name(years: int) -> str:
    return N_("%(years)s years" + str(years))


def unseen(years: int) -> int:
    return years + 1
'''
TESTS = """
import sample


def test_ages():
    assert sample.Person(39).is_young
    assert not sample.Person(41).is_young
    sample.unseen(3)
"""
BOUNDARY = """

def test_forty_is_young():
    assert sample.Person(40).is_young
"""
DRIVER = """
import json, sys
from pathlib import Path
import pytest
from tools.mutants.made import mutants_of
from tools.mutants.tried import Trial

root = Path(sys.argv[1])
trial = Trial(root, ["sample.py"], mutants_of(root, "sample.py"), root / "learnt.json",
              lambda result: print(json.dumps(result)))
pytest.main([str(root), "-p", "no:terminal", "-p", "no:cacheprovider",
             "--basetemp", str(root / "tmp")], plugins=[trial])
sys.exit(not trial.is_right)
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / "sample.py").write_text(CODE)
    (tmp_path / "test_sample.py").write_text(TESTS)
    return tmp_path


def tried(project):
    """Try the mutants of the small project, by its tests, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(project)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    changes = {re.sub(r" #\d+ \[\w+\]$", "", row["key"]): row["outcome"] for row in rows}
    return done, changes


def test_bodies_of_functions_are_changed_and_texts_and_defaults_are_not(project):
    found = {(each.function, each.before, each.after) for each in mutants_of(project, "sample.py")}
    assert found == {
        ("Person.__init__", "self.age: int | None = age", "self.age: int | None = None"),
        ("Person.is_young", " <= LIMIT", "< LIMIT"),
        ("unseen", "years + 1", "years - 1"),
        ("unseen", "1", "2"),
    }


def test_a_change_that_no_test_sees_survives_until_a_test_sees_it(project):
    _, changes = tried(project)
    assert changes == {
        "sample.py:Person.__init__: self.age: int | None = age -> self.age: int | None = None":
            "killed",
        "sample.py:Person.is_young:  <= LIMIT -> < LIMIT": "survived",
        "sample.py:unseen: years + 1 -> years - 1": "survived",
        "sample.py:unseen: 1 -> 2": "survived",
    }  # fmt: skip
    (project / "test_sample.py").write_text(TESTS + BOUNDARY)
    _, changes = tried(project)
    assert changes["sample.py:Person.is_young:  <= LIMIT -> < LIMIT"] == "killed"


def test_a_change_that_turns_for_ever_or_that_no_test_reaches_is_told_apart(project):
    (project / "test_sample.py").write_text("import sample\n\n\ndef test_nothing():\n    pass\n")
    _, changes = tried(project)
    assert set(changes.values()) == {"not run"}


def test_tests_that_fail_as_the_code_is_end_the_run(project):
    (project / "test_sample.py").write_text("def test_wrong():\n    assert 1 == 2\n")
    done, changes = tried(project)
    assert done.returncode == 1
    assert changes == {}
    assert "test_wrong fails as the code is" in done.stdout


def test_the_page_counts_and_names(project):
    mutants = mutants_of(project, "sample.py")
    results = [{"outcome": outcome, "seconds": 6.0}
               for outcome in ("killed", "killed by time", "survived", "survived")]  # fmt: skip
    declared = [
        {"file": "sample.py", "function": "unseen", "before": "1", "why": "no", "equivalent": True},
        {"file": "sample.py", "function": "unseen", "before": "years + 1", "why": "to write"},
    ]
    text = page({"sample": list(zip(mutants, results, strict=True))}, declared, {"sample": ()}, 1)
    assert "| `sample` | 4 | 2 | 1 | 1 | 0 | 66.7 | 0.4 |" in text
    survivors, equal = text.split("## Survivors")[1].split("## Equivalent")
    assert "unseen: `years + 1` -> `years - 1`: to write" in survivors
    assert "unseen: `1` -> `2`: no" in equal
    assert reason_of(mutants[0], declared) is None


# --- the last run ---------------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `([\w/]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \|", re.M
)
NAMED = re.compile(r"^- `([\w/]+\.py):(\d+)` [\w.]+: `.+` -> `.*`: \S.+$")


@pytest.mark.parametrize("row", ROW.findall(PAGE), ids=lambda row: row[0])
def test_nine_of_ten_mutants_of_a_room_are_killed(row):
    mutants, killed, equal, alive, missing = map(int, row[1:6])
    assert mutants == killed + equal + alive + missing
    assert killed >= 0.9 * (killed + alive) or missing  # of a room that was tried whole
    assert float(row[6]) == pytest.approx(100 * killed / (killed + alive), abs=0.06)


def test_the_page_has_the_three_rooms():
    rooms = {row[0]: int(row[1]) for row in ROW.findall(PAGE)}
    assert set(rooms) == {"queries/personnel", "queries/programme", "queries/rules"}
    assert rooms["queries/programme"] == rooms["queries/rules"] == 300
    assert rooms["queries/personnel"] > 3_000  # all of them


@pytest.mark.parametrize(("title", "column"), [("Survivors", 4), ("Equivalent", 3)])
def test_every_mutant_that_is_not_killed_is_named_with_the_reason(title, column):
    part = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("- ")]
    assert len(lines) == sum(int(each[column]) for each in ROW.findall(PAGE))
    for line in lines:
        named = NAMED.match(line)
        assert named, line
        assert (ROOT / named[1]).is_file()
        assert title == "Survivors" or "no test sees it yet" not in line
