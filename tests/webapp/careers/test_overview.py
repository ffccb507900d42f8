"""The first page of careers: everybody's way, lit by chips, held by a click."""

import re

import pytest


def lit(page: str) -> int:
    return len(re.findall(r'<g class="line(?: held)?">', page))


def test_page_says_how_many_rose_and_how_soon(district_client):
    page = district_client.get("/careers").text
    assert "46 人都走了哪些路？" in page
    assert "46 人中 17 人已任副科以上，中位 52 个月（法定最短 48 个月）。" in page
    assert lit(page) == 46
    english = district_client.get("/careers?lang=en").text
    assert "Of 46 people 17 hold deputy section or more" in english


@pytest.mark.parametrize(
    ("chips", "said", "count"),
    [
        (
            "start=unit_kind:village&end=rank:副科",
            "7 人走过这条路，最短 48 个月，最长 56 个月。",
            7,
        ),
        ("start=unit_kind:community&end=rank:副科", "其中 1 人已离开，不在图中。", 6),
        ("start=unit_kind:community&end=rank:副科&gone=yes", "7 人走过这条路", 7),
        ("end=rank:副处", "2 人走过这条路", 2),
        ("start=unit_kind:village&end=rank:正处", "0 人走过这条路", 0),
    ],
)
def test_chips_light_the_lines_and_change_the_sentence(district_client, chips, said, count):
    page = district_client.get(f"/careers?{chips}").text
    assert said in page
    assert lit(page) == count


def test_click_holds_a_line_and_a_second_compares(district_client):
    page = district_client.get("/careers").text
    assert 'href="/careers?hold=T002"' in page
    held = district_client.get("/careers?hold=T002").text
    assert lit(held) == 1
    assert 'href="/careers/compare?person=T002&amp;person=T001"' in held


def test_day_is_kept_and_changes_the_picture(district_client):
    page = district_client.get("/careers?on=2017-06-30").text
    assert lit(page) == 8  # three of 2015, four of 2016, and one who left later
    assert "on=2017-06-30&amp;align=calendar" in page or "align=calendar&amp;on=2017-06-30" in page


@pytest.mark.parametrize("chips", ["start=village", "start=colour:red", "end=rank"])
def test_way_that_is_none_is_told(district_client, chips):
    answer = district_client.get(f"/careers?{chips}&lang=en")
    assert answer.status_code == 400
    assert "A way leads by rank:R, unit_kind:K or post_kind:K" in answer.text


def test_table_has_everybody(district_client):
    page = district_client.get("/careers?show=table").text
    assert page.count("<tr>") == 47
    assert "path-lines" not in page


def test_json_and_command_give_the_same(district_app, district_client):
    answer = district_client.get("/api/careers?who=trainees").json
    told = district_app.test_cli_runner().invoke(args=["career-lines", "--trainees", "--json"])
    assert district_app.json.loads(told.output) == answer
    assert (answer["people"], len(answer["lines"]), answer["may_rise"]) == (46, 46, 10)


def test_empty_store_leads_to_loading(client):
    page = client.get("/careers?lang=en").text
    assert "Nobody has a posting that had begun" in page
    assert 'href="/data"' in page
