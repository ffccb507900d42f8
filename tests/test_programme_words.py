"""Nothing that `programme.yaml` says is written in the code: kinds, levels, results, ranks.

Keys of the three examples are looked for as whole texts in Python, scripts and templates. What is
found in spite of that is a word of the program itself, which an example happens to use too, or
stands at one place with a reason. `graph/schema.py` may name kinds: it gives them their privacy.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graph.programme import parse_programme

ROOT = Path(__file__).parents[1]
LISTS = (
    *("ranks", "grades", "unit_kinds", "post_kinds", "mentoring_kinds", "rotation_kinds"),
    *("activity_kinds", "record_kinds", "levels", "results", "statuses", "stages"),
)
# Words of the program: columns of its tables, its pages, states and roles.
OWN = {
    "unit": "a column and a field of pages; the district has a level of this name",
    "key": "what each term has; the district has a kind of post of this name",
    "mentor": "a role and a column; the district has a level of this name",
    "rotation": "the column with the id of a posting",
    "left": "a side of a picture and of a join",
    "head": "the first rows of a table, the heading of a plan",
    "removed": "what was taken out of the data, and off the focus list",
    "confirmed": "a state of a row and of an entry of the focus list",
    "received": "how a measure of care stands",
    "focus": "a page of the programme, and what a browser's field has",
    "course": "a column of tables about courses and who needs them",
    "put_on": "a field of `reserve`, and what a decision about the list does",
    "taken_off": "a field of `reserve`, and what a decision about the list does",
    "unlisted": "a parameter of the rule of wishes",
    "care": "a page of the programme, and the kind of its things to do",
    "reserve": "the list that `reserve` of the programme describes",
    "training": "a page of the programme",
    "talk": "a noun whose plural the program knows",
}
# One file and one word, each with its reason.
AT = {
    ("graph/appointment_rules.py", "grassroots"): "what a rule meant before its file could say so",
    ("graph/appointment_rules.py", "appraisal"): "what a rule meant before its file could say so",
    ("graph/appointment_rules.py", "优秀"): "what a rule meant before its file could say so",
    ("graph/appointment_rules.py", "secretary"): "what a rule meant before its file could say so",
    ("graph/appointment_rules.py", "unit_head"): "what a rule meant before its file could say so",
    ("graph/appointment_rules.py", "deputy"): "what a rule meant before its file could say so",
    ("graph/known_terms.py", "transferred_out"): "kinds of service without a list",
    ("graph/known_terms.py", "resigned"): "kinds of service without a list",
    ("graph/known_terms.py", "retired"): "kinds of service without a list",
    ("queries/rules/candidate.py", "appraisal"): "the JSON name of a fact that is missing",
    ("webapp/shell/sentences.py", "appraisal"): "the JSON name of a fact that is missing",
    ("webapp/static/table.js", "active"): "which rows the table has after filtering",
    ("webapp/entering/rows.py", "appointment"): "the code of a doubt",
    ("loaders/guessing/headings.py", "township"): "what headings of unknown files say",
    ("loaders/guessing/headings.py", "village"): "what headings of unknown files say",
    ("loaders/events/kinds.py", "secondment"): "a synonym of a kind of notice",
}
FOLDERS = ("graph", "jobs", "layouts", "loaders", "planning", "queries", "webapp")
EXEMPT = {"graph/schema.py"}


def keys() -> set[str]:
    found = set()
    for path in (ROOT / "examples").glob("*/programme.yaml"):
        programme = parse_programme(path.read_text(encoding="utf-8"))
        found |= {term.key for what in LISTS for term in programme.terms(what)}
    return found


def literals(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    else:
        for groups in re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", text):
            yield from filter(None, groups)


@cache
def named() -> frozenset[tuple[str, str]]:
    return frozenset(_named())


def _named() -> Iterator[tuple[str, str]]:
    wanted = keys()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            is_code = path.suffix in (".py", ".js", ".html") and "vendor" not in name
            if is_code and name not in EXEMPT:
                yield from ((name, word) for word in literals(path) if word in wanted)


def test_three_examples_are_read():
    assert {
        "grassroots",
        "bedside",
        "lab_rotation",
        "副科",
        "associate",
        "thesis_defence",
    } <= keys()


def test_no_key_of_a_programme_stands_in_the_code():
    found = named()
    assert {each for each in found if each[1] not in OWN and each not in AT} == set()


def test_each_word_that_is_allowed_is_used():
    found = named()
    assert set(AT) - found == set()
    assert set(OWN) - {word for _, word in found} == set()
