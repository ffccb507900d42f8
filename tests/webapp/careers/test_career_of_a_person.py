"""One person's career on the page, in JSON and by command, in both languages."""

import json

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from tests.queries.careers.careers_rows import fill, posting
from tests.webapp.careers.test_careers import text_of

PROGRAMME = """
as_of: 2024-06-30
ranks: [{key: low, zh: 低级, en: low}, {key: mid, zh: 中级, en: mid}]
rotation_kinds: [{key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}]
"""


@pytest.fixture
def fallen(embedded_store: Store) -> Store:
    """A deputy whose end nobody recorded, seconded meanwhile, then a clerk with a second post."""
    rows = [
        posting("a", "u:deputy::mid", "2013-01-01"),
        posting("a", "u:force::mid", "2015-01-01", "2016-01-01", kind="secondment"),
        posting("a", "u:clerk::low", "2018", "2022-01-01"),
        posting("a", "u:second::low", "2017-06-01", "2023-01-01"),
        posting("a", "u:last::low", "2023-01-11", "2024-07-01"),
        posting("a", "u:due::mid", "2024-06-30", status="planned"),
    ]
    fill(embedded_store, rows)
    text = "MERGE (p:Programme {id: 'p'}) SET p.rules = $text, p.name = 'p'"
    embedded_store.write(text, text=PROGRAMME)
    embedded_store.write(
        "MATCH (:Person)-[r:ROTATED_TO]->(:Post {id: 'u:second::low'}) SET r.marks = ['concurrent']"
    )
    return embedded_store


DUE = {"en": "due, not confirmed", "zh_Hans": "已到期，未确认"}
SAID = {
    "en": (
        "main post", "also held", "meanwhile", "mid 2013-01-01", "low 2018 (fall)",
        "The end of 1 posting is not recorded", "end not recorded; read as ended on 2018",
        "2013-01-01 to 2018", "remains in the post also held", "until 2024-07-01, intended",
        "1 gap", DUE["en"],
    ),
    "zh_Hans": (
        "主要职务", "兼任", "期间挂职", "中级 2013-01-01", "低级 2018（下降）",
        "有 1 段任职的结束日期未登记", "结束日期未登记，视为 2018 结束", "2013-01-01 至 2018",
        "留任原兼任岗位", "拟至 2024-07-01", "1 处空档", DUE["zh_Hans"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
def test_the_page_tells_main_posts_falls_and_ends_not_recorded(
    client: FlaskClient, fallen: Store, lang: str
):
    page = text_of(client.get(f"/careers/people/a?planned=yes&lang={lang}").text)
    assert [each for each in SAID[lang] if each not in page] == []
    # What is planned is no fact, even when its day has come: it stands there when asked for.
    unasked = text_of(client.get(f"/careers/people/a?lang={lang}").text)
    due = DUE[lang]
    assert [each for each in SAID[lang] if (each in unasked) == (each == due)] == []


def test_before_the_next_posting_nothing_is_said_of_it(client: FlaskClient, fallen: Store):
    page = text_of(client.get("/careers/people/a?lang=en&on=2017-05-31").text)
    assert "not recorded" not in page
    assert "fall" not in page
    assert "clerk" not in page


def test_json_keeps_its_keys_and_tells_the_same(client: FlaskClient, fallen: Store):
    answer = client.get("/api/careers/people/a?planned=yes").json
    assert [(p["post"], p["held_as"], p["ends"]) for p in answer["postings"]] == [
        ("u:deputy::mid", "main", "2018"),
        ("u:force::mid", "meanwhile", "2016-01-01"),
        ("u:second::low", "main", "2023-01-01"),
        ("u:clerk::low", "main", "2022-01-01"),
        ("u:last::low", "main", "2024-07-01"),
        ("u:due::mid", None, None),
    ]
    assert [each["end_not_recorded"] for each in answer["postings"]] == [True] + 5 * [False]
    kept = "id post title unit unit_name unit_kind post_kind rank kind since until status"
    kept += " lane months runs reversed"
    assert set(kept.split()) <= set(answer["postings"][0])
    assert [(each["day"], each["to_post"], each["gap_days"]) for each in answer["moves"]] == [
        ("2013-01-01", "u:deputy::mid", None),
        ("2018-01-01", "u:clerk::low", 0),
        ("2022-01-01", "u:second::low", 0),
        ("2023-01-11", "u:last::low", 10),
    ]
    assert [(each["rank"], each["how"]) for each in answer["ranks"]] == [
        ("mid", "rise"), ("low", "fall"),
    ]  # fmt: skip


def test_the_command_tells_the_same(runner: FlaskCliRunner, fallen: Store):
    told = runner.invoke(args=["career", "a"])
    assert told.exit_code == 0, told.output
    for said in (
        "结束日期未登记，视为 2018 结束", "期间挂职", "remains_in", "2018 低级（下降）",
        "2023-01-01 至 2023-01-11",
    ):  # fmt: skip
        assert said in told.output
    as_json = json.loads(runner.invoke(args=["career", "a", "--json"]).output)
    assert [each["how"] for each in as_json["ranks"]] == ["rise", "fall"]


def test_without_a_ladder_no_rank_is_claimed_or_denied(client: FlaskClient, fallen: Store):
    fallen.write("MATCH (p:Programme) DETACH DELETE p")
    page = text_of(client.get("/careers/people/a?lang=en").text)
    assert "no rank on file" not in page
    assert client.get("/api/careers/people/a").json["ranks"] == []
