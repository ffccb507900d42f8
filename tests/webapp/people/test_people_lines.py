"""People as lines, with their lights; a person's page in parts."""

import re

import pytest
from flask.testing import FlaskClient
from lxml.html import fromstring

from graph.store import Store
from queries.programme.lights import worst
from tests.small_graph import fill, put_people


def test_lights_are_those_of_the_check(district_client: FlaskClient):
    found = district_client.get("/api/programme/audit").json["findings"]
    listed = [each for at in ("", "T001") for each in _listed(district_client, at)]
    assert len(listed) >= 62
    for person in listed:
        levels = [each["level"] for each in found if each["person"] == person["id"]]
        light = person["light"]
        counted = light and {level: count for level, count in light.items() if count}
        assert (counted or {}) == {level: levels.count(level) for level in levels}
    (late,) = (each for each in listed if each["id"] == "T041")  # lacks a mentor
    assert worst(late["light"]) == "red"


def _listed(client: FlaskClient, after: str) -> list[dict]:
    return client.get(f"/api/people?after={after}").json["people"]


def test_each_line_has_its_way_its_post_and_its_gravest_light(district_client: FlaskClient):
    page = fromstring(district_client.get("/people?text=T041&lang=en").text)
    (row,) = page.xpath("//div[contains(@class, 'people-lines')]//tbody/tr")
    assert row.xpath(".//td[@class='way']/svg//rect")
    assert row.xpath("string(.//td[@class='place'])").strip() == "龙山镇 驻村工作队员"
    (light,) = row.xpath(".//span[contains(@class, 'state')]")
    assert light.get("class") == "state red"
    assert light.getparent().get("href").endswith("/programme/audit?person=T041")
    assert "1 of 77 people fit." in " ".join(page.xpath("string(//div[@class='answer'])").split())


def test_who_is_on_a_later_page_is_found_by_the_filter(client: FlaskClient, embedded_store: Store):
    put_people(embedded_store, [(f"p{n:03}", f"人{n}") for n in range(62)])
    first = client.get("/people?lang=en").text
    assert "p061" not in first
    assert "Search all 62 people" in first
    assert "p061" in client.get("/people?text=p061").text
    nobody = client.get("/people?text=nobody&lang=en").text
    assert "Nobody of 62 people fits all these conditions." in nobody


def test_what_nobody_has_has_no_column(client: FlaskClient, embedded_store: Store):
    put_people(embedded_store, [("p1", "李娜")])
    page = fromstring(client.get("/people?lang=en").text)
    headings = page.xpath("//div[contains(@class, 'people-lines')]//thead//th/text()")
    assert headings == ["Name", "Cohort", "Now", "Rank"]
    assert not page.xpath("//svg[contains(@class, 'path-line')]")


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("/people/a", "part-posts"),
        ("/people/a?tab=mentors", "part-mentors"),
        ("/people/a?tab=file", "part-file"),
    ],
)
def test_one_part_of_a_file_is_open_and_all_are_there_to_print(
    client: FlaskClient, embedded_store: Store, address: str, is_open: str
):
    fill(embedded_store)
    page = fromstring(client.get(address).text)
    parts = page.xpath("//div[@class='part']")
    assert [each.get("id") for each in parts] == ["part-posts", "part-mentors", "part-file"]
    assert [each.get("id") for each in parts if each.get("data-closed") is None] == [is_open]
    assert all(each.xpath(".//table") for each in parts)
    tabs = page.xpath("//nav[@class='controls']//a")
    assert [re.sub(r".*tab=", "", each.get("href")) for each in tabs] == [
        "/people/a",
        "mentors",
        "file",
    ]
    assert len(page.xpath("//nav[@class='controls']//a[@aria-current]")) == 1


def test_a_part_that_is_none_is_refused(client: FlaskClient, embedded_store: Store):
    fill(embedded_store)
    answer = client.get("/people/a?tab=friends&lang=en")
    assert answer.status_code == 400
    assert "friends" in answer.text
