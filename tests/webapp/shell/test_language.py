"""Every text is there in Chinese and English, and a person chooses which."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import gettext

ROOT = Path(__file__).resolve().parents[3]
PO = ROOT / "webapp" / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
FOLDERS = ("graph", "queries", "jobs", "loaders", "planning", "webapp")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "_l": None, "lazy_gettext": None}
PLURAL = {"ngettext": (1, 2)}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text that the code and the templates mark for the translators."""
    found = set()
    for folder in FOLDERS:
        if not (ROOT / folder).is_dir():
            continue
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, METHODS, keywords={**KEYWORDS, **PLURAL}
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found - {""}


def test_no_text_is_untranslated(catalogue: Catalog, texts: set[str]):
    untranslated = {text for text in texts if not (text in catalogue and catalogue[text].string)}
    assert untranslated == set()


def test_no_translation_is_fuzzy_or_left_over(catalogue: Catalog, texts: set[str]):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    assert known - texts == set()


def test_translations_keep_the_values(catalogue: Catalog):
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        one = message.id if isinstance(message.id, str) else message.id[1]
        strings = [message.string] if isinstance(message.string, str) else message.string or []
        for string in strings:
            if not values(string) <= values(one):
                wrong.append((one, string))
    assert wrong == []


def values(text: str) -> set[str]:
    """The names of the values that a text leaves open."""
    return set(re.findall(r"%\((\w+)\)", text))


def test_a_text_leaves_the_roles_to_the_programme(catalogue: Catalog, texts: set[str]):
    """What a resident or a doctoral student reads is never the word of another programme."""
    named = {
        text for text in texts if re.search(r"(?<![({\w])(trainee|mentor)s?\b(?!\))", text, re.I)
    }
    assert named == {
        "Mentor and career network",  # the software's own name
        "Give its columns headings such as name, mentor, post, unit, from.",  # read by guessing
        "Who mentors whom around %(name)s?",
    }
    said = {text for text in texts if re.search("学员|选调生|导师", str(catalogue[text].string))}
    assert said == {"Give its columns headings such as name, mentor, post, unit, from."}


def test_chinese_is_the_first_language(client):
    response = client.get("/")
    assert '<html lang="zh-Hans">' in response.text
    assert response.headers["Content-Language"] == "zh-Hans"
    assert "还没有数据" in response.text


def test_language_of_the_address_is_kept_in_a_cookie(client):
    assert "Nothing is stored yet" in client.get("/?lang=en").text
    assert "Nothing is stored yet" in client.get("/").text
    assert "还没有数据" in client.get("/?lang=zh_Hans").text
    assert "还没有数据" in client.get("/").text


def test_unknown_language_is_passed_over(client):
    response = client.get("/?lang=<script>")
    assert "还没有数据" in response.text
    assert "Set-Cookie" not in response.headers


def test_switch_keeps_the_rest_of_the_address(client):
    page = client.get("/search?q=a%26b").text
    assert 'href="/search?q=a%26b&amp;lang=en"' in page


def test_texts_and_templates_say_one_as_one(app: Flask):
    template = app.jinja_env.from_string("{{ _('%(n)s rows of %(name)s.', n=1, name='<b>') }}")
    with app.test_request_context("/?lang=en"):
        assert gettext("%(n)s posts have room", n=1) == "1 post has room"
        assert template.render() == "1 row of &lt;b&gt;."
