"""A day in the past is as if only its facts were stored; every address carries it."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load
from tests.conftest import application
from tests.webapp.cut_store import SHIFENG, cut
from webapp.shell.day import STILL

DAYS = int(os.environ.get("DAYS", "2"))  # as many as `make proof` asks for
TODAY = "2024-06-30"  # the programme's own
# Operations that take no day, and why they need none.
WITHOUT_DAY = {
    "/api/changes": "the history of what was entered",
    "/api/events": "the history of what was entered",
    "/api/jobs": "the work of the server",
    "/api/jobs/{id}": "the work of the server",
    "/api/loads": "the history of loads",
    "/api/loads/{id_}": "the history of loads",
    "/api/network/views": "addresses that were saved with a name",
    "/api/openapi.json": "the description of the interface",
    "/api/plans": "plans begin from today on",
    "/api/plans/rules": "rules, no facts",
    "/api/plans/runs/{id}": "plans begin from today on",
    "/api/plans/{reference}": "plans begin from today on",
    "/api/plans/{reference}/check": "plans begin from today on",
    "/api/plans/{reference}/people/{person}": "plans begin from today on",
    "/api/programme/problems/{id}": "one row as it is stored, to be settled",
    "/api/queries": "the list of the questions",
    "/api/queries/people.profile": "particulars carry no date",
    "/api/queries/people.wishes": "wishes carry no date",
    "/api/queries/posts.list": "posts carry no date",
    "/api/queries/posts.profile": "posts carry no date",
    "/api/queries/units.children": "units carry no date",
    "/api/queries/units.path": "units carry no date",
    "/api/queries/units.profile": "units carry no date",
    "/api/queries/units.tree": "units carry no date",
    "/api/queries/careers.served_under": "derives pairs of all times, to be stored",
    "/api/units": "units carry no date",
    "/healthz": "whether the store answers",
}


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Iterator[Flask]:
    """The reference district with all that it knows."""
    yield from _application(tmp_path_factory.mktemp("district"), SHIFENG)


def _application(folder: Path, data: Path) -> Iterator[Flask]:
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, data)
        yield application(store, folder)


def _days(count: int) -> list[str]:
    begin = date(2015, 9, 1)
    span = (date(2024, 6, 30) - begin).days
    picked = random.Random("any day").sample(range(span), count)
    return [(begin + timedelta(days)).isoformat() for days in picked]


@pytest.mark.parametrize("day", _days(DAYS))
def test_a_day_is_as_in_a_store_of_its_facts_only(district: Flask, tmp_path: Path, day: str):
    """Compare every answer that takes a day; nobody is asked about who is not on file yet."""
    _compare(district, tmp_path, day)


def _compare(district: Flask, folder: Path, day: str) -> None:
    whole = district.test_client()
    (folder / "cut").mkdir()
    for app in _application(folder, cut(folder / "cut" / "data", day)):
        part = app.test_client()
        people = [each["id"] for each in _all_people(part, day)]
        posts = [each["post"] for each in part.get(f"/api/posts?on={day}").json["posts"]]
        found = []
        addresses = _addresses(district, day, random.Random(day), people, posts)
        for address in addresses:
            one, other = whole.get(address), part.get(address)
            if (one.status_code, _plain(one.json)) != (other.status_code, _plain(other.json)):
                found.append(address)
        assert found == []
        assert len(addresses) > 90
        for page in _pages(day, random.Random(day), people, posts):
            assert _words(whole, page) == _words(part, page), page


SHOWN = (
    "/", "/people", "/people/{person}", "/units/U08", "/posts", "/posts/{post}", "/network",
    "/lineage?person={person}", "/careers/people/{person}", "/careers/flows", "/careers/tree",
    "/programme", "/programme/audit", "/programme/mentors", "/programme/stages",
    "/programme/people/{person}", "/programme/report", "/programme/files/{person}",
)  # fmt: skip


class _Text(HTMLParser):
    """The text that a page shows, without scripts, and what is folded as to how it was asked.

    The years of the time bar are left out: it shows all that is stored, so that one can go there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "template") or ("class", "year") in attrs:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


def _words(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    found = _Text()
    found.feed(answer.text)
    # The row of the file differs, and what the load warned of, which the first page counts.
    shown = [each for each in found.words if not re.search(r"\.csv, row \d+$", each)]
    kept = [each for each in shown if address[:2] != "/?" or not each.endswith(" yellow")]
    return [str(answer.status_code), *kept]


def _pages(day: str, chance: random.Random, people: list[str], posts: list[str]) -> list[str]:
    trainees = [each for each in people if each.startswith("T")]
    one = {"person": chance.choice(trainees or people), "post": chance.choice(posts)}
    filled = [page.format(**one) for page in SHOWN]
    return [f"{page}{'&' if '?' in page else '?'}on={day}&lang=en" for page in filled]


def _all_people(client: FlaskClient, day: str) -> list[dict[str, Any]]:
    first = client.get(f"/api/people?on={day}").json
    rest = client.get(f"/api/people?on={day}&after={first['people'][-1]['id']}").json
    return [*first["people"], *rest["people"]]


def _plain(value: Any) -> Any:
    """Leave out which load and row something is from, and what a load warned of: it was another."""
    if isinstance(value, list):
        return [_plain(each) for each in value if not _is_of_load(each)]
    if not isinstance(value, dict):
        return value
    if (warned := value.get("counts")) and "load_warning" in warned:
        left = {key: n for key, n in warned.items() if key != "load_warning"}
        value = {**value, "counts": left, "total": value["total"] - warned["load_warning"]}
    left_out = ("origin", "source", "row", "file")
    return {key: _plain(each) for key, each in value.items() if key not in left_out}


def _is_of_load(value: Any) -> bool:
    return isinstance(value, dict) and value.get("kind") == "load_warning"


def _addresses(
    app: Flask, day: str, chance: random.Random, people: list[str], posts: list[str]
) -> list[str]:
    units = [f"U{number:02}" for number in range(1, 21)]
    steps = quote(json.dumps([{"kind": "grassroots"}, {"rank": "副科"}]))
    asked = {
        "/api/careers/compare": "&".join(f"person={each}" for each in chance.sample(people, 3)),
        "/api/careers/routes": "start=rank:科员&end=rank:副科",
        "/api/careers/paths": f"steps={steps}",
        "/api/connection": "a={}&b={}&ties=mentoring&ties=unit&ties=cohort".format(
            *chance.sample(people, 2)
        ),
        "/api/lineage": "&".join(f"person={each}" for each in chance.sample(people, 2)),
        "/api/network": f"unit={chance.choice(units)}&person={chance.choice(people)}",
        "/api/search": f"q={quote(chance.choice('王李T0孟'))}",
    }
    found = []
    for path, operation in _read(app).items():
        declared = operation["parameters"]
        if "on" not in {each["name"] for each in declared}:
            continue
        one = {
            "person": chance.choice(people), "people": ";".join(chance.sample(people, 5)),
            "a": people[0], "b": chance.choice(people), "unit": chance.choice(units),
            "post": chance.choice(posts), "text": "王", "key": "secondments",
        }  # fmt: skip
        needed = [each["name"] for each in declared if each["required"] and each["in"] == "query"]
        given = asked.get(path) or "&".join(f"{name}={quote(one[name])}" for name in needed)
        for filled in _filled(path, chance, people, posts, units):
            found.append(f"{filled}?on={day}&{given}".rstrip("&"))
    return found


def _filled(
    path: str, chance: random.Random, people: list[str], posts: list[str], units: list[str]
) -> list[str]:
    if "{kind}" in path:
        return [f"/api/cards/people/{each}" for each in chance.sample(people, 2)]
    if "{key}" in path:
        return [path.replace("{key}", key) for key in ("T1", "T2", "E3")]
    if "{id}" not in path:
        return [path]
    of = units if "/units/" in path else posts if "/posts/" in path else people
    of = posts if "/vacancies/" in path else of
    return [path.replace("{id}", each) for each in chance.sample(of, 3)]


def _read(app: Flask) -> dict[str, Any]:
    paths = app.test_client().get("/api/openapi.json").json["paths"]
    return {path: each["get"] for path, each in paths.items() if "get" in each}


def test_every_operation_takes_a_day_or_says_why_not(district: Flask):
    without = {
        path
        for path, operation in _read(district).items()
        if "on" not in {each["name"] for each in operation["parameters"]}
    }
    assert without == set(WITHOUT_DAY)


# --- addresses


class _Addresses(HTMLParser):
    """The addresses that a page leads to, and the fields of its forms that are sent by address."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[set[str]] = []
        self.is_of_day = False  # the control of the day names another one
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("class") == "timebar":
            self.is_of_day = True
        elif tag == "nav":  # the languages follow it
            self.is_of_day = False
        if tag == "a" and "href" in given and not self.is_of_day:
            self.links.append(given["href"])
        elif tag == "form":
            self._open = given.get("method", "get").lower() == "get"
            if self._open:
                self.forms.append(set())
        elif tag == "input" and self._open and "name" in given:
            self.forms[-1].add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


PAGES = (
    "/", "/people", "/people/T001", "/units", "/units/U08", "/posts", "/posts/P20", "/network",
    "/network?person=T001", "/lineage", "/lineage?person=M004", "/connection",
    "/connection?a=T001&b=T002", "/careers", "/careers/people/T001", "/careers/paths",
    "/careers/flows", "/careers/tree", "/careers/dates", "/careers/posts/P20", "/careers/compare",
    "/careers/routes", "/programme", "/programme/audit", "/programme/todo", "/programme/mentors",
    "/programme/stages", "/programme/people/T001", "/programme/vacancies", "/programme/report",
    "/programme/vacancies/P47", "/programme/files/T001", "/programme/units/U08", "/plans", "/data",
    "/loads", "/enter", "/enter/rotations", "/events", "/queries", "/queries/people.list",
    "/queries/units.tree", "/data/rotations", "/search?q=T0", "/about", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_form_carries_the_day(district: Flask, page: str):
    joint = "&" if "?" in page else "?"
    answer = district.test_client().get(f"{page}{joint}on=2020-03-01&planned=yes&lang=en")
    assert answer.status_code == (404 if page == "/nowhere" else 200)
    found = _Addresses()
    found.feed(answer.text)
    ours = [link for link in found.links if link.startswith(("/", "?"))]
    lost = [link for link in ours if not _carries(link)]
    assert lost == []
    assert len(ours) > 8
    assert all({"on"} <= fields for fields in found.forms if fields)
    assert not answer.headers.getlist("Set-Cookie") or "2020-03-01" not in str(answer.headers)


def _carries(link: str) -> bool:
    parts = urlsplit(link)
    if parts.path.startswith("/static/"):
        return True
    asked = parse_qs(parts.query)
    takes = not parts.path.startswith("/api/") or "people" in parts.path or "posts" in parts.path
    return not takes or asked.get("on") == ["2020-03-01"]


def test_an_address_without_a_day_is_of_today_and_says_so(district: Flask):
    client = district.test_client()
    client.get("/people/T001?on=2020-03-01")
    text = client.get("/people/T001?lang=en").text
    assert f'name="on" type="date" value="{TODAY}"' in text
    assert f'<summary class="chip">as of {TODAY}</summary>' in text
    assert '<header class="shell">' in text
    then = client.get("/people/T001?on=2020&tab=file&lang=en").text
    assert 'name="on" type="date" value="2020-01-01"' in then
    assert 'href="/people/T001?tab=file&amp;lang=en"' in then  # one click back
    assert '<header class="shell other">' in then
    assert '<summary class="chip">Looking at 2020-01-01</summary>' in then
    assert "You are looking at 2020-01-01." in then


def test_a_day_to_come_says_that_planned_facts_are_not_shown(district: Flask):
    client = district.test_client()
    text = client.get("/people/T036?on=2025-01-01&lang=en").text
    assert "Planned facts are not shown." in text
    postings = client.get("/api/people/T036?on=2025-01-01").json["postings"]
    assert [each["status"] for each in postings] == ["actual"]
    planned = client.get("/api/people/T036?on=2025-01-01&planned=yes").json["postings"]
    assert [each["status"] for each in planned] == ["actual", "planned"]
    assert (
        "Planned facts are not shown."
        not in client.get("/people/T036?on=2025-01-01&planned=yes&lang=en").text
    )


def test_planned_is_offered_where_it_is_followed_only(district: Flask):
    client = district.test_client()
    box = 'type="checkbox" name="planned"'
    followed = ["/people/T036", "/careers/people/T036", "/programme/files/T036"]
    followed.append("/careers/posts/P03")  # T036 is to take it
    for page in [*followed, "/queries/people.postings"]:
        assert box in client.get(page).text, page
    for page in ("/", "/posts/P20", "/units/U08", "/people", "/queries/people.list", "/programme"):
        answer = client.get(f"{page}?planned=yes").text
        assert box not in answer, page
        assert 'type="hidden" name="planned" value="yes"' in answer, page  # carried all the same
    for page in followed:
        on = "on=2025-01-01"
        told = _words(client, f"{page}?{on}")
        assert told != _words(client, f"{page}?{on}&planned=yes"), page


def test_commands_show_what_is_planned_as_pages_do(district: Flask):
    runner, client = district.test_cli_runner(), district.test_client()
    on = ["--on", "2025-01-01", "--json"]
    for command, page, of in (
        ("person", "people", "T036"),
        ("career", "careers/people", "T036"),
        ("post-history", "careers/posts", "P03"),
    ):
        for more, asked in ((["--planned"], "&planned=yes"), ([], "")):
            told = json.loads(runner.invoke(args=[command, of, *on, *more]).stdout)
            assert told == client.get(f"/api/{page}/{of}?on=2025-01-01{asked}").json, command


@pytest.mark.parametrize("day", ["soon", "2024-13", "2024-02-30", "31.12.2020"])
@pytest.mark.parametrize("page", ["/", "/people/T001", "/enter", "/api/people", "/api/search?q=a"])
def test_what_is_no_day_is_told_in_one_sentence(district: Flask, page: str, day: str):
    joint = "&" if "?" in page else "?"
    answer = district.test_client().get(f"{page}{joint}on={day}&lang=en")
    assert answer.status_code == 400
    said = answer.json["detail"] if page.startswith("/api") else answer.text
    assert f'on "{day}" is not a date.' in said.replace("&#34;", '"').replace("&quot;", '"')


def test_the_older_name_of_the_day_is_read_as_the_same(district: Flask):
    client = district.test_client()
    for address in ("/api/people?{}", "/api/programme/audit?{}", "/api/network?person=M004&{}"):
        one = client.get(address.format("on=2020-03-01")).json
        assert client.get(address.format("as_of=2020-03-01")).json == one
        assert one["as_of"] == "2020-03-01"
    told = client.get("/api/people?on=2020-03-01&as_of=2021&lang=en")
    assert told.status_code == 400
    assert told.json["detail"] == "The address names two days: 2020-03-01 and 2021."


def test_pages_that_do_not_follow_the_day_say_so(district: Flask):
    client = district.test_client()
    rules = {rule.endpoint: rule.rule for rule in district.url_map.iter_rules()}
    asked = ["/enter", "/enter/people", "/plans", "/data/jobs", "/loads", "/queries", "/about"]
    for page in [*asked, "/queries/units.tree", "/data/people"]:
        text = client.get(f"{page}?on=2020-03-01&lang=en").text
        assert "This page does not follow the day." in text, page
    for page in ("/people", "/queries/people.list", "/programme", "/data"):
        assert "does not follow the day" not in client.get(f"{page}?on=2020-03-01&lang=en").text
    names = set(rules) | {endpoint.partition(".")[0] for endpoint in rules}
    assert set(STILL) <= names


# --- case 9 of the specification


def test_network_of_2016_has_only_ties_that_had_begun(district: Flask):
    client = district.test_client()
    now = client.get("/api/network?person=M004&depth=2").json
    then = client.get("/api/network?person=M004&depth=2&on=2016").json
    assert {tie["tie"] for tie in then["ties"]} == {"MT0001", "MT0002", "MT0005", "MT0006"}
    assert {tie["until"] for tie in then["ties"]} == {None}  # they ended in 2017 and 2019
    assert {card["id"] for card in then["people"]} == {"M004", "M011", "T001", "T003"}
    assert len(now["ties"]) > 4


def test_leaving_ends_a_pair_in_the_network_too(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    tables = {
        "people": "id,name,roles\nM,王芳,mentor\nT,李明,trainee\n",
        "mentoring": "id,mentor,trainee,kind,since,until\nX,M,T,,2020-01-01,2023-01-01\n",
        "service": "id,person,kind,since\nS,M,retired,2021-06-01\n",
    }
    for name, text in tables.items():
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    for app in _application(tmp_path, data):
        client = app.test_client()
        for day, end in (
            ("2021-05-31", None),
            ("2021-06-01", "2021-06-01"),
            ("2022", "2021-06-01"),
        ):
            (tie,) = client.get(f"/api/network?person=M&on={day}").json["ties"]
            assert tie["until"] == end, day
            (tie,) = client.get(f"/api/lineage?person=M&on={day}").json["ties"]
            assert tie["until"] == end, day
            way = client.get(f"/api/connection?a=M&b=T&on={day}").json["paths"][0][0]
            assert way["ties"][0]["until"] == end, day
            (pair,) = client.get(f"/api/people/T?on={day}").json["mentors"]
            assert pair["until"] == end, day
        before = client.get("/api/network?person=M&on=2019-12-31").json
        assert (before["ties"], [card["id"] for card in before["people"]]) == ([], ["M"])
        assert client.get("/api/people?on=2019-12-31").json["total"] == 0
        assert client.get("/api/people?on=2020-01-01").json["total"] == 2


# --- commands and files


def test_commands_take_the_day_and_export_writes_it(district: Flask, tmp_path: Path):
    runner = district.test_cli_runner()
    day = "2019-03-15"
    for command in (["people"], ["person", "T001"], ["network", "T001"], ["lineage", "M004"],
                    ["connection", "T001", "T002"], ["audit"], ["vacancies"], ["career", "T001"],
                    ["query", "data.counts"]):  # fmt: skip
        told = runner.invoke(args=[*command, "--on", day, "--json"])
        assert told.exit_code == 0, told.output
        plain = json.loads(told.stdout)
        assert plain.get("as_of", plain.get("parameters", {}).get("on")) == day, command
    wrong = runner.invoke(args=["people", "--on", "soon", "--json"])
    assert (wrong.exit_code, "is not a date" in wrong.stderr or "不是日期" in wrong.stderr) == (
        2,
        True,
    )
    out = tmp_path / "out"
    assert runner.invoke(args=["export", str(out), "--on", day]).exit_code == 0
    expected = cut(tmp_path / "cut", day)
    for name in ("people", "rotations", "mentoring", "records", "attendance", "kin", "grades"):
        lines = (expected / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len((out / f"{name}.csv").read_text(encoding="utf-8").splitlines()) == len(lines)
    refused = runner.invoke(args=["export", str(tmp_path / "x.gexf"), "--on", day])
    assert refused.exit_code == 2


def test_a_wrong_day_and_an_unknown_host_or_place_are_refused_in_words(district: Flask):
    client = district.test_client()
    assert client.get("/programme?on=2020-02-30").status_code == 400
    assert client.get("/nowhere?on=2020-02-30").status_code == 404
    hosts, district.config["TRUSTED_HOSTS"] = district.config["TRUSTED_HOSTS"], ["here.example"]
    try:
        answer = client.get("/programme?on=2020-02-30", headers={"Host": "elsewhere.example"})
    finally:
        district.config["TRUSTED_HOSTS"] = hosts
    assert answer.status_code == 400


def test_legal_dates_of_somebody_not_yet_on_file_are_none(district: Flask):
    client = district.test_client()
    answer = client.get("/careers/dates/T046?on=1990-01-01&lang=en")
    assert answer.status_code == 404
    assert "On 1990-01-01 nothing is on file of T046 yet." in answer.text
    assert client.get("/careers/dates/T046").status_code == 200
