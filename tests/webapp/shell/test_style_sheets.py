"""The three style sheets: nothing unused or missing, no value off the scale, a part a block."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webapp.today.style_guide import PARTS

ROOT = Path(__file__).parents[3]
STATIC, TEMPLATES = ROOT / "webapp/static", ROOT / "webapp/templates"
SHEETS = ("tokens.css", "parts.css", "pages.css")
CSS = {name: re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(), flags=re.S) for name in SHEETS}
SPACE = {0, 1, 4, 8, 12, 16, 24, 32}  # 1 joins borders
OF_LIBRARIES = ("tabulator", "vis-")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(|: (?:white|black|red|gr[ae]y)\b")


def declarations() -> list[tuple[str, str, str]]:
    """Return sheet, property and value of all declarations."""
    found = []
    for name, text in CSS.items():
        for body in re.findall(r"\{([^{}]*)\}", text):
            for each in body.split(";"):
                if ":" in each:
                    prop, value = each.strip().split(":", 1)
                    found.append((name, prop.strip(), value.strip()))
    return found


def classes_of_rules() -> set[str]:
    selectors = re.findall(r"([^{};]+)\{", "".join(CSS.values()))
    return {name for each in selectors for name in re.findall(r"\.([a-zA-Z][\w-]*)", each)}


def classes_of_templates() -> set[str]:
    """Return each class that a template writes; a value of Python in it stands for any ending."""
    found: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        for written in re.findall(r'\bclass="([^"]*)"', path.read_text()):
            words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", _quoted, written)
            found |= set(words.split())
    return {word for word in found if re.fullmatch(r"[a-zA-Z][\w-]*", word)}


def _quoted(part: re.Match[str]) -> str:
    """Return the classes that an expression may give; one that only ends a class gives none."""
    return " ".join(re.findall(r"[\"']([ \w-]*)[\"']", part[0]))


def text_of(*patterns: str) -> str:
    paths = (path for pattern in patterns for path in ROOT.glob(pattern))
    return "\n".join(path.read_text() for path in paths if path != Path(__file__))


WRITTEN_ELSEWHERE = text_of("webapp/static/*.js", "webapp/**/*.py")
TEMPLATE_TEXT = text_of("webapp/templates/**/*.html")
LOOKED_FOR = text_of("webapp/static/*.js", "tests/**/*.py")


def is_looked_for(name: str) -> bool:
    """Return whether a script or a test asks for a class."""
    word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return bool(re.search(rf"\.{word}|class=.{{0,40}}{word}|'{word}'", LOOKED_FOR))


def test_there_are_three_sheets_and_every_page_has_them(client: FlaskClient):
    assert {path.name for path in STATIC.glob("*.css")} == set(SHEETS)
    linked = re.findall(r'href="/static/[^"]*?([\w-]+\.css)"', client.get("/about").text)
    assert [each for each in linked if each in SHEETS] == list(SHEETS)
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"filename='([\w-]+\.css)'", path.read_text()):
            assert name in SHEETS, path


def test_the_sheets_stay_small():
    assert sum(len((STATIC / name).read_text().splitlines()) for name in SHEETS) < 2400


def test_every_class_of_a_rule_is_written_somewhere():
    written = classes_of_templates()
    stems = {"rank-", "rank-ink-", "stage-", "level-"}
    unused = {
        name
        for name in classes_of_rules() - written
        if not name.startswith((*OF_LIBRARIES, *stems))
        and not re.search(rf"[\"'` ]{re.escape(name)}[\"'` ]", WRITTEN_ELSEWHERE)
        and f'"{name}"' not in TEMPLATE_TEXT  # given to a macro
    }
    assert unused == set()


def test_every_class_of_a_template_has_a_rule_or_is_looked_for():
    lost = {
        name
        for name in classes_of_templates() - classes_of_rules()
        if not name.endswith("-") and not is_looked_for(name)
    }
    assert lost == set()


def test_space_is_on_the_scale():
    off = [
        (name, prop, value)
        for name, prop, value in declarations()
        if re.match(r"(margin|padding|gap|row-gap|column-gap)", prop)
        for figure in re.findall(r"(-?[\d.]+)px", value)
        if abs(float(figure)) not in SPACE
    ]
    assert off == []


def test_type_and_colours_are_tokens():
    sized = {"inherit", "16px"}  # 16: below this, phones zoom into a field
    off = [
        (name, prop, value)
        for name, prop, value in declarations()
        if name != "tokens.css"
        and (
            (prop == "font-size" and not value.startswith("var(") and value not in sized)
            or (prop == "font-weight" and not value.startswith("var("))
            or (COLOUR.search(f": {value}") and not prop.startswith("--"))
        )
        and not value.endswith("pt")
    ]
    assert off == []


def test_a_line_holds_one_declaration():
    for name in SHEETS:
        for line in (STATIC / name).read_text().splitlines():
            assert len(re.findall(r"[\w-]+: [^;{}\"]+;", line)) <= 1, line
            assert len(line) <= 100


def macros() -> list[str]:
    text = (TEMPLATES / "parts.html").read_text()
    made = re.findall(r"\{% macro ([a-z]\w*)\(|^\{% set ([a-z]\w*) =", text, flags=re.M)
    inner = ("cell", "shown", "scope_choice")  # what others are made of
    return [one or other for one, other in made if (one or other) not in inner]


def test_every_macro_stands_in_the_style_guide():
    assert sorted(each.name for each in PARTS) == sorted(macros())


@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_style_guide_shows_each_part_made_by_its_call(district_client: FlaskClient, lang: str):
    page = district_client.get(f"/about/parts?lang={lang}").text
    for part in PARTS:
        assert f'data-part="{part.name}"' in page
    assert page.count("<pre tabindex") == sum(len(part.calls) for part in PARTS)


def test_each_part_has_one_block_of_rules():
    text = (STATIC / "parts.css").read_text()
    heads = re.findall(r"/\* --- ([^:*]+?)(?::.*?)?\*/", text, flags=re.S)
    named = [word for head in heads for word in re.findall(r"\w+", head)]
    for part in PARTS:
        name = {"gantt_axis": "gantt", "pick": "menu"}.get(part.name, part.name)
        assert named.count(name) == 1, part.name
