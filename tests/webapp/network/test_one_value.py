"""Page, JSON and command of a network show one value, which is asked for once."""

import ast
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from queries.network.beginnings import beginnings
from queries.network.connection_scene import ConnectionView, connection_scene
from queries.network.lineage_scene import LineageView, lineage_scene
from queries.network.scene import scene
from tests.small_graph import fill
from webapp.network.address import read_address

DAY = date(2024, 6, 30)
NETWORK = Path(__file__).resolve().parents[3] / "webapp" / "network"
ROUTES = {"card.py", "connection.py", "files.py", "lineage.py", "pages.py", "saved.py", "whole.py"}


@pytest.fixture
def pages(client: FlaskClient, embedded_store: Store) -> FlaskClient:
    fill(embedded_store)
    return client


def in_page(text: str) -> Any:
    """What the script of a page is given."""
    (block,) = re.findall(r'<script type="application/json" id="scene">(.*?)</script>', text)
    return json.loads(block)


def plain(value: Any) -> Any:
    """A value as JSON gives it back."""
    return json.loads(json.dumps(value))


def printed(runner: FlaskCliRunner, *arguments: str) -> Any:
    done = runner.invoke(args=[*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def drawn(found: Any) -> set[str]:
    """The people and things in a picture."""
    return {node["id"] for node in found["drawing"]["nodes"] if "of" not in node}


def lines(found: Any) -> Counter[frozenset[str]]:
    """How often who is tied to whom in a picture."""
    return Counter(
        {
            frozenset((edge["from"], edge["to"])): edge["count"]
            for edge in found["drawing"]["edges"]
            if not edge.get("more")
        }
    )


@pytest.mark.parametrize(
    "address",
    [
        "person=a&depth=2",
        "person=m&depth=6&limit=3",
        "person=g&depth=1&colour=cohort&layout=radial",
        "person=a&depth=1&expand=posts:a&expand=unit:t1&expand=above:t",
        "unit=d&depth=1&on=2020",
        "person=a&depth=6&only_cohort=2018&until=2019",
        "person=c&depth=0&path_from=c&path_to=b&hide=a",
    ],
)
def test_network_is_one_value(
    pages: FlaskClient, runner: FlaskCliRunner, embedded_store: Store, address: str
):
    page = pages.get(f"/network?{address}&lang=en").text
    answer = pages.get(f"/api/network?{address}").json
    assert answer == plain(scene(embedded_store, read_address(address), DAY).as_dict())
    assert answer == printed(runner, "network", *(f"{k}={v}" for k, v in parse_qsl(address)))
    shown = in_page(page)
    keys = [person["id"] for person in answer["people"]] + [t["key"] for t in answer["things"]]
    assert drawn(shown) == set(keys)
    assert sum(lines(shown).values()) == len(
        [*answer["ties"], *answer["postings"], *answer["structure"]]
    )
    assert {each["id"]: each["counts"] for each in shown["people"]} == {
        key: [[kind, count["total"], count["shown"]] for kind, count in counts.items()]
        for key, counts in answer["counts"].items()
    }
    left = {node["of"]: int(node["label"]) for node in shown["drawing"]["nodes"] if "of" in node}
    assert set(left) == set(answer["left_out"])
    assert shown["ways"] == answer["ways"]
    assert f"{answer['shown']} of {answer['total']} shown" in page


@pytest.mark.parametrize(
    ("address", "arguments", "view"),
    [
        ("person=a", ["a"], LineageView(("a",))),
        ("person=a&person=b&years=2", ["a", "b", "--years", "2"], LineageView(("a", "b"), years=2)),
        ("person=g&open=2", ["g", "--open", "2"], LineageView(("g",), open=(2,))),
        ("person=c&direction=up", ["c", "--direction", "up"], LineageView(("c",), "up")),
    ],
)
def test_lineage_is_one_value(
    pages: FlaskClient,
    runner: FlaskCliRunner,
    embedded_store: Store,
    address: str,
    arguments: list[str],
    view: LineageView,
):
    page = pages.get(f"/lineage?{address}&lang=en").text
    answer = pages.get(f"/api/lineage?{address}").json
    assert answer == plain(lineage_scene(embedded_store, view, DAY).as_dict())
    assert answer == printed(runner, "lineage", *arguments)
    shown = in_page(page)
    assert drawn(shown) == {person["id"] for person in answer["drawn"]}
    assert sum(lines(shown).values()) == len(answer["ties"])
    bands = page.split('id="bands"')[1].split("</section>")[0]
    assert re.findall(r'class="number" data-sort="(\d+)"', bands) == [
        str(each["people"]) for each in answer["generations"]
    ]


@pytest.mark.parametrize(
    ("address", "arguments", "view"),
    [
        ("a=c&b=b", ["c", "b"], ConnectionView("c", "b")),
        ("a=c&b=b&k=2&ties=unit&ties=mentoring",
         ["c", "b", "--k", "2", "--ties", "unit", "--ties", "mentoring"],
         ConnectionView("c", "b", ("mentoring", "unit"), 2)),
        ("a=c&b=x", ["c", "x"], ConnectionView("c", "x")),
        ("a=a&b=b&since=2019", ["a", "b", "--since", "2019"],
         ConnectionView("a", "b", since="2019-01-01")),
    ],
)  # fmt: skip
def test_connection_is_one_value(
    pages: FlaskClient,
    runner: FlaskCliRunner,
    embedded_store: Store,
    address: str,
    arguments: list[str],
    view: ConnectionView,
):
    page = pages.get(f"/connection?{address}").text
    answer = pages.get(f"/api/connection?{address}").json
    value = plain(connection_scene(embedded_store, view, DAY).as_dict())
    assert answer == printed(runner, "connection", *arguments)
    told = [[step.pop("sentences") for step in path] for path in answer["paths"]]
    for path in value["paths"]:
        for step in path:
            del step["sentences"]  # each is said in the language of who asks
    assert answer == value
    text = re.sub(r"<[^>]*>", "", page)
    assert all(sentence in text for path in told for step in path for sentence in step)
    if answer["people"]:
        assert drawn(in_page(page)) == {person["id"] for person in answer["people"]}


def test_where_to_begin_is_one_value(
    pages: FlaskClient, runner: FlaskCliRunner, embedded_store: Store
):
    page = pages.get("/network?lang=en").text
    answer = pages.get("/api/network/beginnings").json
    assert answer == plain(beginnings(embedded_store, DAY).as_dict())
    assert answer == printed(runner, "network", "--begin")
    for row in (*answer["most_trainees"], *answer["most_descendants"]):
        assert f'data-card="people/{row["person"]}"' in page
    assert all(f'<option value="{unit["unit"]}">' in page for unit in answer["units"])
    assert runner.invoke(args=["network", "--begin"]).exit_code == 0


def names_used(file: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_what_draws_and_says_a_scene_asks_no_store():
    drawers = {file.name for file in NETWORK.glob("*.py")} - ROUTES
    asking = {"Store", "Reader", "current_store", "ask"}
    assert {name for name in drawers if names_used(NETWORK / name) & asking} == set()
    assert {name for name in ROUTES if names_used(NETWORK / name) & asking} == ROUTES
