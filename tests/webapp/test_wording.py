"""The sentence at the head of a page says what an office asks, with the figures of the data."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.programme import parse_programme
from graph.store import Store
from loaders.load import load
from queries.programme.overview import overview
from queries.programme.reading import read_facts
from webapp.people import places


def answer(page: str) -> str:
    """The answer at the head of a page as plain text."""
    inner = page.split('<div class="answer">')[1].split("</div>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", inner)).strip()


def fill(store: Store, folder: Path, **tables: str) -> None:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(store, folder)


@pytest.fixture
def posts(embedded_store: Store, tmp_path: Path) -> None:
    """Posts one below, at and above their capacity, with nobody, and with somebody acting."""
    fill(
        embedded_store,
        tmp_path,
        people="".join(f"{id_},{name}\n" for id_, name in [
            ("id", "name"), ("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁"), ("e", "戊")]),
        units="id,name\nu,县\n",
        posts="id,title,unit,capacity\nbelow,科员,u,2\nat,科长,u,1\nover,副科长,u,1\n"
        "none,主任,u,\nthree,干事,u,3\nacting,局长,u,1\n",
        rotations="person,post,since,until,marks\na,below,2020-01-01,,\nb,at,2020-01-01,,\n"
        "c,over,2020-01-01,,\nd,over,2020-01-01,,\ne,acting,2020-01-01,,acting\n"
        "b,three,2018-01-01,2020-01-01,\n",
    )  # fmt: skip


@pytest.mark.parametrize("most", [1000, 2])  # all on the page, and counted among all
def test_posts_with_nobody_and_those_not_full_are_told_apart(
    posts: None, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, most: int
):
    monkeypatch.setattr(places, "MOST_ROWS", most)
    page = client.get("/posts?on=2021-01-01&lang=zh_Hans").text
    # Nobody: none (1 place), three (3), acting (1); not full: below (1).
    assert answer(page) == "6 个岗位：3 个无人，1 个未满，共空 6 席。"
    found = client.get("/api/posts?on=2021-01-01").json
    assert (found["empty"], found["not_full"], found["places"]) == (3, 1, 6)


def test_the_list_of_vacancies_counts_as_the_list_of_posts(posts: None, client: FlaskClient):
    page = client.get("/programme/vacancies?on=2021-01-01&lang=zh_Hans").text
    assert answer(page).startswith("3 个岗位无人，1 个未满，共空 6 席。")


@pytest.mark.parametrize(
    ("post", "says", "held", "free"),
    [
        ("below", "编制 2 人，在岗 1 人：甲。空 1 席：看符合条件者。", 1, 1),
        ("at", "在岗：乙。", 1, 0),
        ("over", "在岗：丙，丁。", 2, 0),
        ("none", "当日无人任职。空 1 席：看符合条件者。", 0, 1),
        ("three", "空缺 12 个月（2020-01-01 起）。前任：乙。空 3 席：看符合条件者。"
         "先后有 1 人任职。", 0, 3),
        ("acting", "无人任职，主持工作：戊（主持工作）。空 1 席：看符合条件者。", 0, 1),
    ],
)  # fmt: skip
def test_a_post_says_its_room_and_since_when_it_is_empty(
    posts: None, client: FlaskClient, post: str, says: str, held: int, free: int
):
    page = client.get(f"/posts/{post}?on=2021-01-01&lang=zh_Hans").text
    assert re.sub(r"\s", "", answer(page)).replace("、", "，") == re.sub(r"\s", "", says)
    found = client.get(f"/api/posts/{post}?on=2021-01-01").json
    assert (found["held"], found["free"]) == (held, free)


@pytest.mark.parametrize(
    ("on", "trainee", "mentor"),
    [
        ("2019-12-31", "还没有导师。", ""),
        ("2020-01-01", "现有 1 位导师。", "现带 1 名学员。"),
        ("2021-01-01", "现有 1 位导师，先后共 2 位。", "带过 1 名学员。"),
        ("2022-01-01", "曾有 2 位导师。", "带过 1 名学员。"),
    ],
)
def test_a_person_is_told_without_zeros(
    client: FlaskClient,
    embedded_store: Store,
    tmp_path: Path,
    on: str,
    trainee: str,
    mentor: str,
):
    fill(
        embedded_store,
        tmp_path,
        people="id,name,roles,joined_on\nt,学一,trainee,2019-01-01\nm,师一,,2000\nn,师二,,2000\n",
        mentoring="mentor,trainee,since,until\nm,t,2020-01-01,2021-01-01\nn,t,2021-01-01,2022-01-01\n",
    )
    for id_, words in (("t", trainee), ("m", mentor)):
        said = answer(client.get(f"/people/{id_}?on={on}&lang=zh_Hans").text)
        assert words in said
        assert not re.search(r"\b0 [位名]", said)


# --- the reference district


def test_mentors_are_complete_missing_or_left(district_client: FlaskClient):
    found = district_client.get("/api/programme/mentors").json["lights"]
    needing = [lights for lights in found if lights]
    lacking = sum(any(each["missing"] for each in lights) for lights in needing)
    left = sum(any(each["not_in_post"] for each in lights) for lights in needing)
    complete = sum(
        not any(each["missing"] or each["not_in_post"] for each in lights) for lights in needing
    )
    assert lacking and left and complete
    page = district_client.get("/programme?lang=zh_Hans").text
    said = (
        f"{len(needing)} 名选调生中 {complete} 人配齐且导师在岗，{lacking} 人缺导师，"
        f"{left} 人的导师已离任"
    )
    assert said in page


def test_what_is_broken_is_told_by_people_and_rule(district_client: FlaskClient):
    found = [e for e in district_client.get("/api/programme/audit").json["findings"]
             if e["level"] == "red"]  # fmt: skip
    said = answer(district_client.get("/programme/audit?lang=zh_Hans").text)
    people = len({each["person"] for each in found if each["person"]})
    assert said.startswith(f"{len(found)} 项违反或逾期，涉及 {people} 人：")
    by_rule = said.split("：")[1].split("。")[0]
    assert sum(map(int, re.findall(r"\d+", by_rule))) == len(found)


def test_talks_are_late_by_people(district_client: FlaskClient):
    every = district_client.get("/api/programme/duties").json["duties"]
    late = [each["person"] for each in every if each["state"] == "late"]
    said = answer(district_client.get("/programme/duties?lang=zh_Hans").text)
    assert late
    assert said.startswith(f"{len(set(late))} 人 {len(late)} 项谈话、汇报逾期。")


def test_the_printed_file_has_the_portrait_with_who_judged(district_client: FlaskClient):
    axes = district_client.get("/api/programme/people/T001").json["portrait"]
    document = district_client.get("/api/programme/files/T001?lang=zh_Hans").json
    (portrait,) = [each for each in document["sections"] if each["key"] == "portrait"]
    assert len(portrait["rows"]) == len(axes) > 0
    judged = 0
    for axis, row in zip(axes, portrait["rows"], strict=True):
        days = [fact["on"] for fact in axis["facts"] if fact["given_by"]]
        judged += len(days)
        assert all(day in row[3] for day in days)
        assert (row[3] == "–") is not days
    assert judged
    sheet = district_client.get("/programme/files/T001?lang=zh_Hans&annex=yes").text
    assert portrait["title"] in sheet


def test_the_reserve_list_has_its_tab_where_there_is_one(
    district_client: FlaskClient, client: FlaskClient
):
    assert 'href="/programme/reserve"' in district_client.get("/programme/vacancies").text
    assert 'href="/programme/reserve"' not in client.get("/programme/vacancies").text


def test_a_mechanism_may_be_the_reserve_list(embedded_store: Store):
    programme = parse_programme(
        "id: x\nparts:\n  - {key: P, zh: 使用, en: Use, mechanisms: "
        "[{key: U9, zh: 后备, en: Reserve, page: reserve}]}\n"
    )
    (part,) = overview(read_facts(embedded_store, programme, date(2024, 1, 1)))
    assert part.mechanisms[0].now.text() == "0 people stand on it"
