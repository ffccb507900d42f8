"""After a form a person goes back to a page of this site, whatever the address says."""

from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.test import Client

from webapp.shell.way_back import is_own

HOSTILE = (
    "",
    "people",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/people\r\nSet-Cookie: a=b",
    "/people?on=2020\r",
    "/people\x00",
    "/people\x85",
    "https:evil.example",
    "https://evil.example",
    "HTTPS://evil.example/people",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "/..//evil.example",
    "/.//evil.example",
    "/people/../..//evil.example",
    "/%2Fevil.example",
    "/%252Fevil.example",
    "/%5Cevil.example",
    "/%09/evil.example",
    "/%2509/evil.example",
    "/%2e%2e//evil.example",
    "/people%0d%0aSet-Cookie:%20a=b",
    "/／evil.example",
    "/＼evil.example",
    "/∕evil.example",
    "/⁄evil.example",
    "?next=//evil.example",
    "@evil.example",
    ".evil.example",
    "/" + "a" * 5_000,
)
OWN = (
    "/",
    "/people/T001",
    "/people/T001?on=2020-01-01&lang=en#careers",
    "/people/a%2F%2Fb",
    "/people/..hidden",
    "/search?q=王 伟",
    "/units/某区?on=2020",
    "/careers/paths?1.rank=副科&steps=%5B%7B%7D%5D",
    "/search?q=//evil.example",
    "/search?q=%0A",
)


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_way_back_is_not_followed(client, address: str):
    assert not is_own(address)
    answer = client.post("/enter/name", data={"by": "张", "next": address})
    assert (answer.status_code, answer.location) == (303, "/enter")
    answer = client.post("/enter/name", query_string={"next": address}, data={"by": "张"})
    assert (answer.status_code, answer.location) == (303, "/enter")


@pytest.mark.parametrize("address", OWN)
def test_own_way_back_is_followed(client, address: str):
    assert is_own(address)
    answer = client.post("/enter/name", data={"by": "张", "next": address})
    assert answer.status_code == 303
    found = urlsplit(urljoin("http://localhost/enter/name", answer.location))
    assert found.netloc == "localhost"
    assert answer.location.startswith(address.split("?")[0][:7])
    assert answer.location != "/enter"


@pytest.mark.parametrize("address", [*HOSTILE, "/people", "/app", "/apple/a", "/app//evil.example"])
def test_way_back_stays_below_the_prefix(client, address: str):
    assert not is_own(address, "/app")
    answer = client.post(
        "/enter/name",
        data={"by": "张", "next": address},
        environ_overrides={"SCRIPT_NAME": "/app"},
    )
    assert answer.location == "/app/enter"


def test_form_leads_back_to_the_page_under_the_prefix(small_client):
    page = small_client.get("/people/t1?lang=en", environ_overrides={"SCRIPT_NAME": "/app"}).text
    assert "next=/app/people/t1?lang%3Den" in page.replace("%2F", "/").replace("%3F", "?")
    answer = small_client.post(
        "/enter/name",
        data={"by": "张", "next": "/app/people/t1?lang=en"},
        environ_overrides={"SCRIPT_NAME": "/app"},
    )
    assert answer.location == "/app/people/t1?lang=en"


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example/x", "//evil.example"])
def test_page_at_a_path_like_a_host_links_to_no_host(app, path: str):
    client: Client = app.test_client()
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost"}
    text = client.get("/x", environ_overrides=environ).text
    assert 'href="//' not in text
    assert 'action="//' not in text
