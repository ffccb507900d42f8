"""The first page, its JSON and its command: one value, every figure a link that leads to it."""

import json
import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring

from loaders.load import load
from tests.conftest import ROOT, application
from tests.queries.programme.programme_cases import RESIDENCY, loaded


def links(part: HtmlElement) -> list[str]:
    return [str(href) for href in part.xpath(".//a/@href") if str(href).startswith("/")]


def page_of(client: FlaskClient, path: str) -> HtmlElement:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return fromstring(answer.text).get_element_by_id("content")


def test_answer_says_the_figures_of_the_day_each_a_link(district_client: FlaskClient):
    page = page_of(district_client, "/?lang=zh_Hans")
    (answer,) = page.find_class("answer")
    assert " ".join(answer.text_content().split()) == (
        "31 项已逾期，30 天内还有 55 项到期。先办：3 人缺导师、2 人的导师已离任、3 人等答复、"
        "9 个领导岗位空缺。"
    )
    assert len(links(answer)) == 6
    listed = {"late": 31, "due": 55}
    for url, count in zip(links(answer)[:2], listed.values(), strict=True):
        rows = page_of(district_client, f"{url}&lang=en").xpath(".//tbody/tr")
        assert len(rows) == count, url
    late = district_client.get("/api/programme/todo?when=late").json["items"]
    assert len(late) == 31


def test_page_json_and_command_are_one_value(district_app: Flask, district_client: FlaskClient):
    for asked in ("", "district", "trainee"):
        found = district_client.get(f"/api/today?role={asked}").json
        result = district_app.test_cli_runner().invoke(args=["today", "--role", asked, "--json"])
        assert json.loads(result.output) == found
        page = page_of(district_client, f"/?role={asked}&lang=en")
        shown = [int(re.sub(r"\D", "", n.text)) for n in page.xpath('.//*[@class="how-much"]/span')]
        assert shown == [work["things"] for work in found["programme"]["work"]]
    assert len(found["programme"]["weeks"]) == 13


@pytest.mark.parametrize("path", ["/api/today", "/"])
def test_role_that_is_none_is_refused(district_client: FlaskClient, path: str):
    assert district_client.get(f"{path}?role=king").status_code == 400


def test_chips_count_what_the_list_of_things_to_do_counts(district_client: FlaskClient):
    chips = page_of(district_client, "/?lang=en").xpath('.//nav//a[contains(@class, "chip")]')
    tabs = page_of(district_client, "/programme/todo?lang=en").xpath('.//nav[@class="segmented"]/a')
    listed = {tab.text_content().strip() for tab in tabs}
    assert len(chips) == 7
    for chip in chips[1:]:
        assert chip.text_content().strip() in listed
    assert "all roles 155" in listed
    assert chips[0].text_content() == "all 155"


def test_every_link_opens_and_keeps_the_day(district_client: FlaskClient):
    page = page_of(district_client, "/?on=2023-06-30&lang=en")
    found = sorted(set(links(page)))
    assert len(found) > 60
    assert [url for url in found if "on=2023-06-30" not in url] == []
    others = [url for url in found if not url.startswith(("/people/", "/posts/"))]
    assert [url for url in others if district_client.get(url).status_code != 200] == []


def test_one_button_leads_and_two_stand_in_the_head(district_client: FlaskClient):
    page = page_of(district_client, "/?lang=zh_Hans")
    assert len(page.find_class("primary")) == 1
    (actions,) = page.find_class("actions")
    assert [link.text for link in actions] == ["打印清单", "日历文件"]
    buttons = [link.text for link in page.find_class("work")[0].find_class("button")]
    assert buttons == [
        "提名", "改配", "安排谈心谈话", "安排去处", "催办", "看候选", "做方案", "看名单", "查看",
        "逐个确认", "看名单",
    ]  # fmt: skip
    calendar = district_client.get(links(actions)[1])
    assert calendar.mimetype == "text/calendar"
    assert calendar.text.count("BEGIN:VEVENT") == 31 + 57


def test_list_to_print_has_everything(district_client: FlaskClient):
    page = page_of(district_client, "/today/paper?lang=en")
    assert len(page.xpath(".//tbody/tr")) == 155
    page = page_of(district_client, "/today/paper?role=trainee&lang=en")
    assert [h.text.strip() for h in page.xpath(".//h2")] == ["Talks, reports late"]
    assert len(page.xpath(".//tbody/tr")) == 3


def test_page_json_and_command_list_the_same_days(
    district_app: Flask, district_client: FlaskClient
):
    asked = {"days": "91", "since": "2024-08-04", "until": "2024-08-10"}
    found = district_client.get("/api/programme/todo", query_string=asked).json
    options = [part for name, value in asked.items() for part in (f"--{name}", value)]
    result = district_app.test_cli_runner().invoke(args=["todo", *options, "--json"])
    assert json.loads(result.output)["items"] == found["items"]
    assert len(found["items"]) == 14


def test_a_bar_leads_to_the_things_of_its_days(district_client: FlaskClient):
    page = page_of(district_client, "/?lang=en")
    bars = page.xpath('.//ol[@class="weeks"]//a')
    shown = [bar.xpath("string(b)") for bar in bars]
    assert shown == ["50", "3", "1", "1", "2", "14", "34", "3", "2", "2", "1", "2", "1"]
    for at in (1, 5, 12):
        rows = page_of(district_client, f"{bars[at].get('href')}&lang=en").xpath(".//tbody/tr")
        assert str(len(rows)) == shown[at]


def test_a_scope_has_its_own_day(district_app: Flask, district_client: FlaskClient):
    found = district_client.get("/api/today?in=cohort:2019").json
    people = {each["id"] for each in district_client.get("/api/people?cohort=2019").json["people"]}
    stages = found["programme"]["stages"]
    assert {each["person"] for stage in stages for each in stage["here"]} <= people
    assert found["programme"]["people"] == sum(stage["people"] for stage in stages) > 0
    assert {each["person"] for each in found["changes"]["changes"]} <= people
    result = district_app.test_cli_runner().invoke(args=["today", "--in", "cohort:2019", "--json"])
    assert json.loads(result.output) == found
    page = page_of(district_client, "/?in=cohort:2019&lang=en")
    assert [url for url in links(page) if "in=cohort" not in url and "/programme/todo" in url] == []


def test_changes_are_the_newest_nine_or_all(district_client: FlaskClient):
    changes = page_of(district_client, "/?lang=en").find_class("changes")[0]
    assert len(changes.xpath(".//li")) == 9
    (all_of_them,) = changes.xpath(".//header/a/@href")
    every = page_of(district_client, all_of_them).find_class("changes")[0]
    assert len(every.xpath(".//li")) == 20
    assert "周景欣" in every.text_content()


def test_another_programme_says_its_own_words(client: FlaskClient, embedded_store):
    loaded(embedded_store, RESIDENCY)
    text = page_of(client, "/?lang=zh_Hans").text_content()
    assert "带教老师缺位" in text
    assert not re.search(r"选调生|乡镇|村|导师|学员", text.replace("责任导师", ""))


def test_data_without_a_programme_have_what_fits(client: FlaskClient, embedded_store):
    load(embedded_store, ROOT / "tests" / "cases" / "sources" / "baseball-careers" / "input",
         source="baseball-careers")  # fmt: skip
    page = page_of(client, "/?lang=en")
    assert page.xpath("string(.//h1)") == "What is new?"
    headings = [" ".join(h.text_content().split()) for h in page.xpath(".//h2")]
    assert headings == [
        "The largest units", "Mentors of most trainees", "Changes of 2006, the latest on file 1",
    ]  # fmt: skip
    assert [url for url in links(page) if client.get(url).status_code != 200] == []
    assert client.get("/api/today").json["programme"] is None


def test_what_is_stored_stands_on_the_data_page(district_client: FlaskClient):
    page = page_of(district_client, "/data?lang=en")
    figures = page.find_class("figures")[0]
    assert len(links(figures)) > 10
    assert [url for url in links(figures) if district_client.get(url).status_code != 200] == []
    assert "People" in figures.text_content()
    assert "large-search" not in district_client.get("/").text
    assert quote("What is stored") not in district_client.get("/").text


def test_many_people_are_counted_while_the_page_says_so(
    tmp_path, embedded_store, monkeypatch: pytest.MonkeyPatch
):
    from queries import today as todays

    loaded(embedded_store, RESIDENCY)
    monkeypatch.setattr(todays, "MOST_AT_ONCE", 0)
    client = application(embedded_store, tmp_path).test_client()
    client.get("/")
    todays._kept.wait(embedded_store)
    assert "Teacher missing" in page_of(client, "/?lang=en").text_content()
