"""Each recipe of CONTRIBUTING.md is walked as it is written, in a copy of the tree.

The blocks of the page are all that is added; what comes of them is asked by commands and pages.
A recipe that has gone stale fails: the place of its text is not found, or it does not work.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = ROOT / "examples" / "shifeng"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIRST_STEPS, _, RECIPES = PAGE.partition("\n# Six recipes")
BEGIN = re.compile(r"# (?P<file>\S+), (?:(?P<where>new|at the end)|(?P<how>.+?): (?P<text>.+)):?$")
NOT_COPIED = (
    *(".git", ".venv", "node_modules", "var", "bench", "screenshots"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
)
# What make installs is newer than these in a copy, so that nothing is installed by a walk.
LISTS = ("requirements.txt", "requirements-dev.txt", "package.json", "package-lock.json", ".npmrc")


@dataclass(frozen=True)
class Addition:
    """Lines for a file: `how` is new, at the end, after, before or the line after `text`."""

    file: str
    how: str
    text: str
    lines: tuple[str, ...]

    def apply(self, tree: Path) -> None:
        """Write the lines; a text that stands not exactly once is an AssertionError."""
        path = tree / self.file
        if self.how == "new":
            assert not path.exists(), f"{self.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")
            return
        there = path.read_text(encoding="utf-8").splitlines()
        places = [number for number, line in enumerate(there) if self.text in line]
        if self.how == "at the end":
            places = [len(there)]
        assert len(places) == 1, f"{self.file}: {self.text} stands in {len(places)} lines"
        first, last = {
            "before": (places[0], places[0]),
            "at the end": (places[0], places[0]),
            "after": (places[0] + 1, places[0] + 1),
            "the line after": (places[0] + 1, places[0] + 2),
        }[self.how]
        there[first:last] = self.lines
        path.write_text("\n".join(there) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Command:
    """A line that is typed in the root of the repository."""

    line: str

    def apply(self, tree: Path) -> None:
        """Run it; whatever ends with another code than 0 is an AssertionError."""
        run(tree, self.line)


Step = Addition | Command


def recipes(text: str) -> dict[str, str]:
    """Return each part of a page by its heading of the second level."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(recipe: str) -> list[Step]:
    """Return what the one block of a recipe adds and runs, in its order."""
    (block,) = re.findall(r"^```\w+\n(.*?)^```$", recipe, re.MULTILINE | re.DOTALL)
    found: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ ")))
        elif begin := BEGIN.fullmatch(line):
            how = begin["where"] or begin["how"]
            found.append(Addition(begin["file"], how, begin["text"] or "", ()))
        else:
            last = found[-1]
            assert isinstance(last, Addition), f"no file is named for: {line}"
            found[-1] = Addition(last.file, last.how, last.text, (*last.lines, line))
    return found


def run(tree: Path, line: str) -> str:
    """Return what a command writes in a copy of the tree, with its own store."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "STORE_", "NEO4J_", "MAKE", "MFLAGS", "FLASK_"))
    }
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=tree,
        env=environment | {"LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def python(tree: Path, code: str) -> str:
    """Return what a program prints that imports the copy."""
    (tree / "var" / "asked.py").write_text(code, encoding="utf-8")
    return run(tree, "PYTHONPATH=. .venv/bin/python var/asked.py")


def pages(tree: Path, address: str) -> dict[str, str]:
    """Return a page of the copy in both languages; another status than 200 fails."""
    code = f"""
import json
from wsgi import app
client = app.test_client()
answers = {{lang: client.get({address!r} + "?lang=" + lang) for lang in ("en", "zh_Hans")}}
assert {{answer.status_code for answer in answers.values()}} == {{200}}, answers
print(json.dumps({{lang: answer.text for lang, answer in answers.items()}}))
"""
    found: dict[str, str] = json.loads(python(tree, code))
    return found


def asked(tree: Path, question: str) -> list[list[object]]:
    """Return the rows that `flask query` gives in the copy, on the embedded engine."""
    answer = json.loads(run(tree, f".venv/bin/flask query {question} --json"))
    return [list(row.values()) for row in answer["rows"]]


def counted(table: str, column: str) -> Counter[str]:
    """Count the values of a column of the reference district."""
    with (DISTRICT / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return Counter(row[column] for row in csv.DictReader(file) if row[column])


# --- what each recipe gives ----------------------------------------------------------------------


def a_page_shows_every_cohort(tree: Path) -> None:
    found = pages(tree, "/cohorts")
    assert "<h1>Cohort</h1>" in found["en"]
    assert "<h1>届</h1>" in found["zh_Hans"]
    for text in found.values():
        rows = re.findall(r"<td[^>]*>(\d{4})</td>\s*<td[^>]*>(\d+)</td>", text)
        wanted = {year: str(count) for year, count in counted("people", "cohort").items()}
        assert dict(rows) == wanted


def a_question_counts_the_posts(tree: Path) -> None:
    counts = counted("posts", "rank").items()
    ranks = [[rank, posts] for rank, posts in sorted(counts, key=lambda each: (-each[1], each[0]))]
    assert asked(tree, "posts.ranks") == ranks


def a_rule_keeps_who_is_no_trainee_out(tree: Path) -> None:
    with (tree / "examples/shifeng/rules.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  - id: NEW\n    title: {zh: 仅限学员, en: For trainees}\n"
            "    rule: {trainees_only: {kinds: [secondment]}}\n    kind: hard\n    source: test\n"
        )
    run(tree, ".venv/bin/flask load examples/shifeng")
    code = """
import json
from datetime import date
from graph.settings import from_environment
from graph.store import open_store
from queries.stored_programme import stored_programme
from queries.rules.appointments import may_take
with open_store(from_environment()) as store:
    programme, on = stored_programme(store), date(2024, 1, 1)
    (post,) = (row["id"] for row in store.read("MATCH (p:Post) RETURN p.id AS id LIMIT 1"))
    roles = store.read("MATCH (p:Person) RETURN p.id AS id, labels(p) AS labels ORDER BY id")
    said = {}
    for row in roles:
        answer = may_take(store, programme, on, row["id"], [post], "secondment")
        said["Trainee" in row["labels"]] = [judged.rule.id for judged in answer[post].against]
        if len(said) == 2:
            break
print(json.dumps([said[True], said[False]]))
"""
    trainee, other = json.loads(python(tree, code))
    assert "NEW" not in trainee
    assert "NEW" in other


def a_source_stores_the_pair(tree: Path) -> None:
    (row,) = asked(tree, "people.mentors person='Anna Berg'")
    assert row[:2] + row[3:] == ["Clara Holm", "Clara Holm", "2019", None]


def a_translation_shows(tree: Path) -> None:
    found = pages(tree, "/about")
    assert "It answers without the internet." in found["en"]
    assert "无需互联网即可使用。" in found["zh_Hans"]
    assert "It answers without the internet." not in found["zh_Hans"]


def a_column_is_stored_and_exported(tree: Path) -> None:
    with (tree / "var/exported/people.csv").open(encoding="utf-8-sig", newline="") as file:
        schools = {row["id"]: row["school"] for row in csv.DictReader(file)}
    assert schools["P1"] == "Hill College"
    assert set(schools.values()) == {"", "Hill College"}
    assert "毕业院校" in pages(tree, "/enter/people")["zh_Hans"]


GIVES: dict[str, Callable[[Path], None]] = {
    "A page": a_page_shows_every_cohort,
    "A question": a_question_counts_the_posts,
    "A rule": a_rule_keeps_who_is_no_trainee_out,
    "A source": a_source_stores_the_pair,
    "A translation": a_translation_shows,
    "A column": a_column_is_stored_and_exported,
}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that holds the reference district."""
    folder = tmp_path_factory.mktemp("district") / "var"
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, DISTRICT)
    return folder


@pytest.fixture
def tree(tmp_path: Path, district: Path) -> Path:
    """A copy of the repository with what is installed and a store of its own."""
    copy = tmp_path / "tree"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    shutil.copytree(district, copy / "var")
    (copy / ".venv").symlink_to(sys.prefix)
    for name in ("node_modules", "docs/screenshots"):
        (copy / name).symlink_to(ROOT / name)
    for name in LISTS:
        os.utime(copy / name, (0, 0))
    would = run(copy, "make --dry-run setup")
    assert not re.search(r"pip .*install|npm ci", would), "run make setup first"
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("name", GIVES)
def test_recipe_works_as_it_is_written(tree: Path, name: str):
    for step in steps(recipes(RECIPES)[name]):
        step.apply(tree)
    GIVES[name](tree)


# --- the page itself -----------------------------------------------------------------------------


def test_there_are_six_recipes_and_each_is_short():
    assert list(recipes(RECIPES)) == list(GIVES)
    for name, recipe in recipes(RECIPES).items():
        lines = [line for line in recipe.splitlines() if line.strip()]
        assert 1 + len(lines) < 25, f"{name} has {1 + len(lines)} lines"


def test_from_clone_to_a_green_check_takes_sixty_lines():
    assert len(FIRST_STEPS.splitlines()) <= 60


def test_every_file_that_the_page_names_is_there():
    made = {
        step.file
        for recipe in recipes(RECIPES).values()
        for step in steps(recipe)
        if isinstance(step, Addition) and step.how == "new"
    }
    named = set(re.findall(r"`([\w.]+/[\w./]*\w)`", PAGE)) | {"CHANGELOG.md", "Makefile"}
    assert [name for name in sorted(named - made) if not (ROOT / name).exists()] == []


def test_text_that_is_gone_from_its_file_is_found(tmp_path: Path):
    (tmp_path / "a.py").write_text("one\ntwo\ntwo\n", encoding="utf-8")
    for gone in ("three", "two"):
        with pytest.raises(AssertionError, match=f"a.py: {gone} stands in"):
            Addition("a.py", "after", gone, ("x",)).apply(tmp_path)
    Addition("a.py", "the line after", "one", ("x",)).apply(tmp_path)
    Addition("a.py", "at the end", "", ("y",)).apply(tmp_path)
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "one\nx\ntwo\ny\n"
