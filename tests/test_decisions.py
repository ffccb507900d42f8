"""Each decision is one short file of `docs/decisions` in one shape; the architecture lists it."""

import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "decisions"
FILES = sorted(FOLDER.iterdir())
HEADINGS = ["Context", "Decision", "Alternatives", "Consequences", "What would reverse it"]
TOP = re.compile(
    r"# (?P<number>\d{4}) (?P<title>\S.+)\n\n- Date: (?P<day>\d{4}-\d\d-\d\d)\n"
    r"- Status: (?:holds|replaced by (?P<by>\d{4}))\n\n"
)


def faults(name: str, text: str) -> list[str]:
    """One sentence for each thing in which a file is not of the shape of a decision."""
    top = TOP.match(text)
    if not top:
        return [f"{name} does not begin with number, title, date and status"]
    found = []
    if not re.fullmatch(rf"{top['number']}(-[a-z0-9]+)+\.md", name):
        found.append(f"{name} is not named by its number and words")
    if not date(2026, 1, 1) <= date.fromisoformat(top["day"]):
        found.append(f"{name} is older than the program")
    if top["by"] and not list(FOLDER.glob(f"{top['by']}-*.md")):
        found.append(f"{name} is replaced by {top['by']}, which is not there")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    if parts[1::2] != HEADINGS:
        found.append(f"{name} has the headings {parts[1::2]}")
    found += [
        f"{name} says nothing under {heading}"
        for heading, said in zip(parts[1::2], parts[2::2], strict=True)
        if len(said.split()) < 4
    ]
    if not 15 <= len(text.splitlines()) <= 35:
        found.append(f"{name} has {len(text.splitlines())} lines")
    found += [
        f"{name} names {path}, which is not there"
        for path in re.findall(r"`((?:\w[\w.-]*/)+[\w.-]*|[A-Z]+\.md)`", text)
        if not (ROOT / path).exists()
    ]
    return found


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_decision_has_its_shape_and_names_files_that_are_there(file: Path):
    assert faults(file.name, file.read_text(encoding="utf-8")) == []


def test_numbers_begin_at_one_and_have_no_holes():
    assert [int(file.name[:4]) for file in FILES] == list(range(1, len(FILES) + 1))


def test_a_later_number_is_no_earlier_decision():
    days = [TOP.match(file.read_text(encoding="utf-8"))["day"] for file in FILES]
    assert days == sorted(days)


def test_the_architecture_lists_each_once_with_its_title():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(\d{4})\]\(decisions/([\w.-]+)\) (.+)\.$", page, re.MULTILINE)
    tops = [(file, TOP.match(file.read_text(encoding="utf-8"))) for file in FILES]
    assert listed == [(top["number"], file.name, top["title"]) for file, top in tops]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- Date: ", "- Day: ", "does not begin"),
        ("## Alternatives", "## Others", "has the headings"),
        ("`graph/store.py`", "`graph/shop.py`", "names graph/shop.py"),
        ("- Status: holds", "- Status: replaced by 9999", "replaced by 9999"),
    ],
)
def test_another_shape_is_found(old: str, new: str, said: str):
    text = FILES[0].read_text(encoding="utf-8")
    assert old in text
    (fault,) = faults(FILES[0].name, text.replace(old, new))
    assert said in fault
