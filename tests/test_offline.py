"""No page asks another host: not its HTML, not its style sheets, not our JavaScript."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.webapp.pages import EXAMPLES

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "webapp" / "static"
# Attributes whose address the browser opens by itself; a link waits for a person.
LOADED = {"src", "srcset", "poster", "data", "background", "action", "formaction"}
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


class Addresses(HTMLParser):
    """Collects what a page loads, the scripts written into it, and its links."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.inline_scripts = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.handlers += [name for name in given if name.startswith("on")]
        self.loaded += [value or "" for name, value in attrs if name in LOADED]
        if tag in ("link", "use", "image"):
            self.loaded.append(given.get("href") or "")
        elif "href" in given:
            self.links.append(given["href"] or "")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.inline_scripts += 1


def is_outside(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


@pytest.mark.parametrize("path", EXAMPLES)
def test_page_loads_only_from_its_own_host(district_client, path: str):
    page = Addresses()
    page.feed(district_client.get(path).text)
    assert page.loaded, "a page has at least its style sheet"
    assert [address for address in page.loaded if is_outside(address)] == []
    assert [address for address in page.links if is_outside(address)] == []
    assert page.inline_scripts == 0
    assert page.handlers == []


@pytest.mark.parametrize("path", EXAMPLES)
def test_everything_that_a_page_loads_is_there(district_client, path: str):
    page = Addresses()
    page.feed(district_client.get(path).text)
    files = [each for each in page.loaded if each.startswith("/static/")]
    missing = [
        each for each in files if district_client.get(each, buffered=True).status_code != 200
    ]
    assert files
    assert missing == []


@pytest.mark.parametrize("file", sorted(STATIC.rglob("*.*")), ids=lambda file: file.name)
def test_static_file_names_no_other_host(file: Path):
    text = file.read_text(encoding="utf-8")
    for namespace in NAMESPACES:
        text = text.replace(namespace, "")
    assert re.findall(r"(?:https?:|wss?:|url\(\s*['\"]?)//[^\s'\")]*", text) == []


@pytest.mark.parametrize("file", sorted(STATIC.rglob("*.js")), ids=lambda file: file.name)
def test_script_imports_only_what_we_serve(file: Path, district_client):
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)  # types are the compiler's
    imported = re.findall(r"""\b(?:from|import\(?|new URL\()\s*['"]([^'"]+)['"]""", text)
    for address in imported:
        path = address if address.startswith("/") else f"/static/{address.removeprefix('./')}"
        assert district_client.get(path, buffered=True).status_code == 200, address


def test_outside_address_is_recognised():
    assert is_outside("https://cdn.example/x.js")
    assert is_outside("//cdn.example/x.js")
    assert not is_outside("/static/parts.css")
    assert not is_outside("data:image/png;base64,AA==")
