"""What the program can do stands in the documents: commands, settings, questions, pages."""

import re
from pathlib import Path

import pytest

from graph.settings import Settings, table
from queries.catalogue import QUERIES
from webapp import create_app
from webapp.cli.groups import find, names

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md")}
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
} | {f"docs/{name}": text for name, text in DOCS.items()}
EVERYTHING = "\n".join((README, *DOCS.values()))
APP = create_app(Settings(store_url="embedded:unused.kgl"))
COMMANDS = tuple(filter(None, map(find, names())))


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_is_explained(command: str):
    assert re.search(rf"flask {command}\b", EVERYTHING)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_option_has_help(command):
    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, parameter.name


@pytest.mark.parametrize(("name", "default", "meaning"), table())
def test_every_setting_stands_in_the_readme_with_its_default(name, default, meaning):
    (row,) = re.findall(rf"^\| `{name}` \|(.*)$", README, re.MULTILINE)
    assert default in row
    assert meaning.split(":")[0].split(";")[0] in row.replace("`", "")


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_has_its_part(name: str):
    assert f"\n## {name}\n" in DOCS["queries.md"]


def test_every_address_is_listed():
    """An address stands in the documents as it is typed, with a word like ID where it varies."""
    unlisted = []
    for rule in APP.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        shape = "[A-Z]+".join(re.escape(part) for part in re.split(r"<[^>]*>", rule.rule))
        if not re.search(rf"`{shape}[`?&]", EVERYTHING):
            unlisted.append(rule.rule)
    assert unlisted == []


def test_every_link_between_documents_leads_somewhere():
    broken = []
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (ROOT / name).parent.joinpath(target).exists():
                broken.append(f"{name}: {target}")
    assert broken == []
