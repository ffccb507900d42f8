"""Under a path of a proxy every address that a page, JSON or redirect gives stays below it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound

from graph.settings import Settings
from tests.webapp.pages import EXAMPLES
from webapp import create_app

WEBAPP = Path(__file__).resolve().parents[3] / "webapp"
BELOW = "/office/net"
BASE = f"http://localhost{BELOW}"
FORWARDED = {
    "X-Forwarded-Prefix": BELOW,
    "X-Forwarded-Host": "office.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "10.1.2.3",
}
# JSON of the pages that have one at the same path below /api, and those that have another.
JSON = (
    *(f"/api{path}" for path in EXAMPLES if path != "/"),
    "/api/queries/people.list",
    "/api/cards/people/T001",
    "/api/plans/rules",
    "/api/programme/todo",
)


class Addresses(HTMLParser):
    """Collects every attribute and every JSON text of a page that begins like a path."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._is_json = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._is_json = tag == "script" and dict(attrs).get("type") == "application/json"
        for name, value in attrs:
            if (value or "").startswith("/") and name != "value":
                self.found.add(value)
            elif name.startswith("data-") and (value or "").startswith(("{", "[")):
                self.found |= paths_in(json.loads(value))

    def handle_data(self, data):
        if self._is_json:
            self.found |= paths_in(json.loads(data))
            self._is_json = False


def paths_in(value: object) -> set[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(paths_in, value))
    return {value} if isinstance(value, str) and re.match(r"/[a-z]", value) else set()


def leads_somewhere(app, address: str) -> bool:
    """Return whether an address has a view, by whichever method."""
    path = unquote(urlsplit(address).path).removeprefix(BELOW) or "/"
    try:
        app.url_map.bind("localhost").match(path)
    except MethodNotAllowed:
        return True
    except NotFound:
        return False
    return True


def stray(app, addresses: set[str]) -> list[str]:
    return sorted(
        each
        for each in addresses
        if not (each == BELOW or each.startswith(f"{BELOW}/")) or not leads_somewhere(app, each)
    )


@pytest.mark.parametrize("path", EXAMPLES)
def test_page_below_a_path_gives_addresses_below_it(district_client, path: str):
    found = Addresses(district_client.get(path, base_url=BASE).text).found
    own = f"{BELOW}/nothing-here"  # in another language, of others, on another day, it is not there
    found = {each for each in found if urlsplit(each).path != own}
    assert len(found) > 10
    assert stray(district_client.application, found) == []


def test_every_kind_of_address_opens_below_the_path(district_client):
    app = district_client.application
    one_by_view: dict[str, str] = {}
    for path in EXAMPLES:
        for address in sorted(Addresses(district_client.get(path, base_url=BASE).text).found):
            inner = urlsplit(address)
            if inner.path.endswith("/example"):  # of the style guide: it is nobody's
                continue
            try:
                view, given = app.url_map.bind("localhost").match(
                    unquote(inner.path).removeprefix(BELOW) or "/"
                )
            except (MethodNotAllowed, NotFound):  # of a form; of the page that is not there
                continue
            kind = (view, given.get("filename") or given.get("ending"))
            one_by_view.setdefault(kind, address)
    assert len(one_by_view) > 60
    failed = {}
    for address in one_by_view.values():
        with district_client.get(address.removeprefix(BELOW) or "/", base_url=BASE) as answer:
            if answer.status_code >= 400:
                failed[address] = answer.status_code
    assert failed == {}


def test_json_below_a_path_gives_addresses_below_it(district_client):
    app, asked = district_client.application, 0
    for path in JSON:
        answer = district_client.get(path, base_url=BASE)
        if answer.status_code == 200:
            asked += 1
            found = paths_in(answer.json)
            assert stray(app, found) == [], path
    assert asked > 25


def test_json_interface_says_where_it_stands(district_client):
    told = district_client.get("/api/openapi.json", base_url=BASE).json
    assert told["servers"] == [{"url": BELOW}]
    assert district_client.get("/api/openapi.json").json["servers"] == [{"url": "/"}]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/search?q=T001", "/people/T001"),
        ("/lineage?person=T001&add=zhang", "/lineage"),
        ("/network?person=T001&add=T020", "/network"),
        ("/connection?a=T001&b=zhang", "/connection"),
    ],
)
def test_redirect_stays_below_the_path(district_client, path: str, target: str):
    answer = district_client.get(path, base_url=BASE)
    if answer.status_code == 200:  # a choice among several is a page
        assert stray(district_client.application, Addresses(answer.text).found) == []
    else:
        assert answer.location.startswith(BELOW + target)


def test_saving_goes_back_below_the_path(small_client):
    form = {"title": "新岗位", "unit": "d", "id": "p9", "by": "甲"}
    form["next"] = f"{BELOW}/people/t1?on=2020"  # as the browser shows it
    answer = small_client.post("/enter/posts", data=form, base_url=BASE)
    assert answer.status_code == 303, answer.text
    assert answer.location == f"{BELOW}/people/t1?on=2020"


def test_proxy_is_believed_only_when_a_setting_says_so(embedded_store):
    def shell(trusted: int, **more) -> tuple[str, int]:
        settings = Settings(trusted_proxies=trusted, trusted_hosts="office.example")
        client = create_app(settings, embedded_store).test_client()
        answer = client.get("/about", headers=FORWARDED | more)
        found = set(re.findall(r'href="([^"?]*)/about"', answer.text))
        return "".join(sorted(found)), answer.status_code

    assert shell(0) == ("", 200)
    assert shell(1) == (BELOW, 200)
    assert shell(2) == ("", 200)  # the outer one said nothing
    twice = {name: f"{value}, {value}" for name, value in FORWARDED.items()}
    assert shell(2, **twice) == (BELOW, 200)
    assert shell(1, **{"X-Forwarded-Host": "evil.example"}) == ("", 400)
    assert shell(0, **{"X-Forwarded-Host": "evil.example"}) == ("", 200)


def test_program_behind_a_proxy_is_of_the_same_site(embedded_store):
    settings = Settings(trusted_proxies=1, trusted_hosts="office.example")
    client = create_app(settings, embedded_store).test_client()
    for origin, status in (("https://office.example", 202), ("https://evil.example", 403)):
        headers = FORWARDED | {"Origin": origin}
        answer = client.post("/api/load", json={"people": []}, headers=headers)
        assert (answer.status_code in (202, 400), answer.status_code == 403) == (
            status == 202,
            status == 403,
        )


# --- and nobody makes an address in another way


@pytest.mark.parametrize("file", sorted(WEBAPP.glob("static/*.*")), ids=lambda file: file.name)
def test_script_and_style_name_no_address_of_the_root(file: Path):
    text = file.read_text(encoding="utf-8")
    assert (
        re.findall(r"""['"`(]/(?:api|static|vendor|people|units|posts|\w+/)[^\s'"`)]*""", text)
        == []
    )


def test_templates_write_no_address_by_hand():
    written = re.compile(r"""(?:href|src|action)=["'](?:/|\{\{\s*request)""")
    for file in WEBAPP.rglob("*.html"):
        assert written.findall(file.read_text(encoding="utf-8")) == [], file.name


def test_one_function_knows_the_path_above():
    knowing = [
        file.name
        for file in (*WEBAPP.rglob("*.py"), *WEBAPP.rglob("*.html"))
        if re.search(r"script_root|SCRIPT_NAME|url_root", file.read_text("utf-8"))
    ]
    assert knowing == ["addresses.py"]
