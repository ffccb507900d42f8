"""Who meets the conditions of a post, as a page, a sheet and files: the reference district's."""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring

from graph.settings import Settings
from graph.store import open_store
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, loaded
from webapp import create_app

POST = "/programme/vacancies/P08"  # deputy head of the bureau for development: two places, one held


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = tmp_path_factory.mktemp("district") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield create_app(Settings(language="en"), loaded(store, DISTRICT)).test_client()


def page(client: FlaskClient, address: str) -> HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return fromstring(answer.text)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def heads(shown: HtmlElement) -> list[str]:
    return [words(each) for each in shown.xpath("//*[@class='matrix']/thead//th")]


def test_the_matrix_has_a_line_for_each_and_a_column_for_what_tells_them_apart(client):
    shown = page(client, f"{POST}?lang=zh_Hans")
    assert words(shown.xpath("//h1")[0]) == "谁符合任职条件：区发展和改革局 副局长？"
    assert words(shown.xpath("//*[@class='answer']")[0]) == (
        "区发展和改革局 副局长（副科，专长要求：经济学、统计学）：空 1 席，14 人符合条件；"
        "5 人在关键岗位阶段，只有苏佳新专长对口，段杰有此志愿。"
    )
    rows = shown.xpath("//*[@class='matrix']/tbody/tr")
    assert [row.get("id") for row in rows[:3]] == ["T007", "T014", "T012"]  # the reserve list
    assert len(rows) == 14
    assert heads(shown) == [
        "选", "名次", "姓名", "岗位", "走过的路（入职起）", "阶段", "优先纳入后备干部",
        "优先安排重要岗位", "职位空缺时优先使用、同等条件下优先提拔", "实绩突出", "群众公认",
        "专长", "志愿", "任现职务层次（月）", "不利因素", "满 5 年（R19）", "灯",
    ]  # fmt: skip
    (fourth,) = [row for row in rows if row.get("id") == "T021"]
    cells = [words(each) for each in fourth]
    assert cells[1:3] == ["4", "萧志承 2019 届"]
    assert cells[5:13] == ["关键岗位", "–", "✓", "✓", "✓", "✓", "–", "–"]
    assert cells[13:16] == ["59", "R21 至 2024-08", "2028-08"]
    (long_ago,) = [row for row in rows if row.get("id") == "T012"]
    assert [words(each) for each in long_ago][13:16] == ["82", "–", "2026-11"]
    out = words(shown.xpath("//*[@id='excluded']")[0])
    assert out.startswith("32 人因硬性规则不能任：")
    counts = [int(n) for n in re.findall(r" (\d+) 人[、。]", out)]
    assert (counts, sum(counts)) == ([12, 7, 6, 5, 1, 1], 32)
    for link in shown.xpath("//*[@id='excluded']//a"):
        opened = shown.get_element_by_id(link.get("href")[1:])
        count = len(opened.xpath("./li"))
        assert f"{count} 人" in words(link)


def test_what_is_equal_for_all_is_told_once_and_switches_stand_in_the_address(client):
    shown = page(client, f"{POST}?off=demands&off=vacancy&off=equal_conditions&person=T010&lang=en")
    titles = heads(shown)
    assert not {"Specialty", "First for vacancies, First among equals"} & set(titles)
    chips = {words(each): each for each in shown.xpath("//*[@class='controls']/a")}
    assert [text for text, each in chips.items() if each.get("aria-current")] == [
        "Four priorities", "Wish", "Months in the rank",
    ]  # fmt: skip
    back_on = page(client, chips["Specialty"].get("href"))
    assert "Specialty" in heads(back_on)
    assert [each.get("value") for each in back_on.xpath("//*[@class='star']/input[@checked]")] == [
        "T010"
    ]
    none = page(client, chips["Four priorities"].get("href"))
    assert len(heads(none)) == len(titles) - 4
    of_one = page(client, f"{POST}?unit=U08&lang=en")  # of few, what is equal for all is told above
    told = words(of_one.xpath("//p[@class='note']")[-1])
    assert re.match(r"The same for all \d+: ", told)
    for each in told.partition(": ")[2].rstrip(".").split(", "):
        assert each.rpartition(" ")[0] not in heads(of_one)


def test_the_sheet_holds_who_is_picked_and_says_how_many_do_not_fit(client, monkeypatch):
    both = page(client, f"{POST}/sheet?person=T010&person=T016&lang=en")
    assert [words(row[1]) for row in both.xpath("//article//tbody/tr")] == [
        "段杰 of 2017", "苏佳新 of 2018",
    ]  # fmt: skip
    assert "2 of them are shown as picked." in words(both.xpath("//article")[0])
    assert len(page(client, f"{POST}/sheet").xpath("//article//tbody/tr")) == 14
    monkeypatch.setattr("webapp.programme.matrix.SHEET_ROOM", 300)
    few = page(client, f"{POST}/sheet").xpath("//article")[0]
    rows = len(few.xpath(".//tbody/tr"))
    assert 0 < rows < 14
    assert f"{14 - rows} more do not fit on this sheet" in words(few)


def test_the_files_hold_the_same_and_nobody_is_lost(client):
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{POST}/list.xlsx").data))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    names = {row[1] for row in rows if row[0] in range(1, 15)}
    assert {"田行", "卢宁伟"} <= names
    assert sum(sheet.max_row - 2 for sheet in book.worksheets[1:2]) == 32
    assert client.get(f"{POST}/list.docx").data[:2] == b"PK"
    assert client.get("/programme/vacancies/P99/sheet").status_code == 404


def test_a_hospital_has_the_same_pages(tmp_path):
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'hospital.kgl'}")) as store:
        hospital = create_app(Settings(language="en"), loaded(store, RESIDENCY)).test_client()
        shown = page(hospital, "/programme/vacancies/Q7")
        assert shown.xpath("//*[@class='matrix']/tbody/tr")
        assert page(hospital, "/programme/vacancies/Q7/sheet").xpath("//article//tbody/tr")
