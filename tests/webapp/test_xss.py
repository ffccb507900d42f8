"""Names that are scripts come out as text on every page. tests/browser runs them in Chromium."""

import json
import re
from html.parser import HTMLParser

import pytest
from lxml.html import fromstring

from graph.store import Store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from tests.small_graph import put_edges, put_mentoring, put_people

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><b></b>",
    "{{7*7}}",
)
PATHS = (
    "/",
    "/people",
    "/people?text=<script>alert(1)</script>",
    "/people/p0",
    "/people/p1",
    "/network",
    "/network?person=p0",
    "/network?person=p0&person=p1&depth=3&colour=rank",
    "/network?person=p0&add=<script>alert(1)</script>",
    "/network?person=<script>alert(1)</script>",
    "/network?unit=u&depth=3&expand=posts:p0&layout=units",
    "/network/paper?person=p0&depth=3",
    "/units",
    "/units/u",
    "/posts/w",
    "/search?q=<script>",
    "/queries/people.search?text=<script>",
)


class Tags(HTMLParser):
    """Collects what a browser would run: script elements, handlers, script addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.suspect: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "script":
            is_data = given.get("type") == "application/json"
            self.scripts.append("data" if is_data else given.get("src") or "inline")
        self.suspect += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.suspect += [
            f"{tag} {given[name]}" for name in given if "javascript:" in (given[name] or "")
        ]
        if tag == "img":
            self.suspect.append("img")


def fill_evil(store: Store) -> None:
    """Make every text that a page shows one of the names above."""
    put_people(store, [(f"p{n}", name) for n, name in enumerate(NAMES)])
    ties = [(f"m{n}", "p0", f"p{n}", NAMES[n], "2020", None) for n in range(1, len(NAMES))]
    put_mentoring(store, ties)
    upsert_nodes(store, "Unit", [{"id": "u", "props": {"name": NAMES[0], "kind": NAMES[1]}}])
    upsert_nodes(store, "Post", [{"id": "w", "props": {"name": NAMES[1], "rank": NAMES[2]}}])
    put_edges(store, "IN", [("w", "u")])
    props = {"kind": NAMES[0], "since": "2020", "rank": NAMES[1]}
    held = [{"id": f"r{n}", "source": f"p{n}", "target": "w", "props": props} for n in range(2)]
    upsert_edges(store, edge_type("ROTATED_TO"), held)


@pytest.fixture
def evil(client, embedded_store):
    fill_evil(embedded_store)
    return client


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_no_name_becomes_markup(evil, path: str, language: str):
    answer = evil.get(path, follow_redirects=True, headers={"Cookie": f"lang={language}"})
    tags = Tags()
    tags.feed(answer.text)
    assert tags.suspect == []
    assert [src for src in tags.scripts if src != "data" and not src.startswith("/static/")] == []
    assert "<b></b>" not in answer.text


def test_name_that_ends_the_title_does_not(evil, embedded_store):
    put_people(embedded_store, [("p9", "</title><script>alert(1)</script>")])
    head = evil.get("/people/p9").text.split("</head>")[0]
    assert "<title>&lt;/title&gt;&lt;script&gt;" in head


def test_names_in_a_picture_are_data_that_a_browser_reads_back(evil):
    text = evil.get("/network?person=p0").text
    (block,) = re.findall(r'id="scene">(.*?)</script>', text, re.DOTALL)
    assert "<" not in block
    assert {person["name"] for person in json.loads(block)["people"]} == set(NAMES)


def test_names_on_a_time_line_are_text(evil):
    text = evil.get("/people/p0").text
    (drawn,) = re.findall(r'<svg class="time-lanes" viewBox.*?</svg>', text, re.DOTALL)
    assert NAMES[0] not in drawn
    assert NAMES[0] in " ".join(fromstring(text).xpath("//main//svg//title/text()"))
