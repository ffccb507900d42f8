"""The pages of the programme in four groups."""

import pytest
from flask.testing import FlaskClient
from lxml.html import fromstring

from webapp.programme.tabs import BELOW, GROUPS

GROUP = "//div[contains(@class, 'programme-tabs')]//span[@class='segmented']/a[@aria-current]"


@pytest.mark.parametrize(
    ("path", "group", "here", "pages"),
    [
        ("/programme", "总览", None, []),
        ("/programme/audit", "落实", "合规", ["合规", "待办", "谈话汇报", "关爱"]),
        ("/programme/reminders", "落实", "待办", ["合规", "待办", "谈话汇报", "关爱"]),
        (
            "/programme/training",
            "培养",
            "培训",
            ["阶段", "导师", "培训", "锻炼", "村（社区）与任务"],
        ),
        ("/programme/vacancies/P22", "使用", "空缺岗位", ["空缺岗位", "重点名单", "后备干部名单"]),
        ("/programme/report/trainees", "材料", "报告", ["成长档案", "报告"]),
        ("/programme/wording", None, None, []),
    ],
)
def test_a_page_shows_its_group_with_the_pages_of_it(
    district_client: FlaskClient, path: str, group: str | None, here: str | None, pages: list[str]
):
    page = fromstring(district_client.get(path).text)
    assert [each.text for each in page.xpath(GROUP)] == ([group] if group else [])
    row = page.xpath("//div[contains(@class, 'programme-tabs')]/nav[@class='segmented']/a")
    assert [each.text for each in row] == pages
    assert [each.text for each in row if each.get("aria-current")] == ([here] if here else [])


def test_every_page_is_in_one_group_and_what_stands_below_leads_to_one(
    district_client: FlaskClient,
):
    known = district_client.application.view_functions
    listed = [endpoint for _title, pages in GROUPS for endpoint, _word in pages]
    assert len(listed) == len(set(listed)) == 14
    assert set(BELOW.values()) <= set(listed)
    assert {*listed, *BELOW} <= set(known)


def test_a_group_and_its_pages_keep_the_day_and_the_unit(district_client: FlaskClient):
    page = fromstring(district_client.get("/programme/audit?on=2023-06-30&unit=U05").text)
    addresses = page.xpath("//div[contains(@class, 'programme-tabs')]/nav//a/@href")
    assert len(addresses) == 5 + 4
    assert all("on=2023-06-30" in each and "unit=U05" in each for each in addresses)
