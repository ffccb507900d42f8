"""Who should move in the next half-year, and which leading posts have room, by hand."""

from datetime import date
from pathlib import Path

import pytest

from graph.store import Store
from loaders.load import load
from queries.programme.due_moves import DueMoves, due_moves, next_half_year
from queries.programme.on_day import facts_on
from queries.programme.vacancies import vacancies


def on(store: Store, day: date) -> DueMoves:
    return due_moves(facts_on(store, day))


def people(found: DueMoves, why) -> list[str]:
    return [move.person for move in found.of(why)]


def test_half_year_of_the_mock_up(district_store):
    found = on(district_store, date(2024, 6, 30))
    assert found.until == date(2025, 1, 1)
    over, waiting = found.of("over"), found.waiting["key_post"]
    # A secondment of 24 months from 2021-08-27, a grassroots exercise of 30 from 2021-07-09.
    assert [(move.person, move.limit) for move in over] == [
        ("T016", date(2023, 8, 27)),
        ("T035", date(2024, 1, 9)),
    ]
    assert len(people(found, "due")) == 11, "the mock-up's ten, and a platform post that ends"
    assert people(found, "planned") == ["T036", "T038", "T037"]
    assert len(waiting) == 13


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2024, 1, 8), "due"),  # 30 months end on 2024-01-09
        (date(2024, 1, 9), "over"),
        (date(2024, 1, 10), "over"),
    ],
)
def test_limit_is_over_from_its_own_day_on(district_store, day, why):
    found = on(district_store, day)
    moves = {move.person: move for move in found.moves}
    assert moves["T035"].why == why


@pytest.mark.parametrize(
    ("day", "is_empty"),
    [(date(2022, 11, 16), False), (date(2022, 11, 17), True), (date(2022, 11, 18), True)],
)
def test_post_is_empty_from_the_day_its_holder_left(district_store, day, is_empty):
    # The head of the township became a district leader on 2022-11-17.
    vacant = {each.post: each for each in on(district_store, day).vacant}
    assert ("P21" in vacant) is is_empty
    if is_empty:
        assert (vacant["P21"].since, vacant["P21"].last_holder) == (date(2022, 11, 17), "T001")


def test_post_that_was_never_full_has_no_day(district_store):
    vacant = {each.post: each for each in on(district_store, date(2024, 6, 30)).vacant}
    assert (vacant["P07"].since, vacant["P07"].held) == (None, 0)
    assert (vacant["P08"].since, vacant["P08"].held, vacant["P08"].capacity) == (None, 1, 2)


# One who holds the post by two postings at once holds one of its two places: it was never full.
TWICE = {
    "programme.yaml": """\
id: small
name: {zh: 小, en: small}
as_of: 2024-06-30
post_kinds: [{key: head, zh: 主任, en: head, leading: true}]
rotation_kinds: [{key: appointment, zh: 任职, en: appointment}]
""",
    "units.csv": "id,name,kind,part_of\nd,某区,,\nu,某局,,d\nv,某镇,,d\n",
    "posts.csv": "id,title,unit,kind,capacity\np,副局长,u,head,2\nq,副镇长,v,head,2\n",
    "people.csv": "id,name,roles,joined_on\na,甲,trainee,2019-01-01\nb,乙,trainee,2019-01-01\n"
    "c,丙,trainee,2019-01-01\n",
    "rotations.csv": "person,post,kind,since,until\n"
    "a,p,appointment,2020-01-01,2022-01-01\na,p,appointment,2021-01-01,\n"
    "b,q,appointment,2020-01-01,2022-01-01\nc,q,appointment,2021-06-01,\n",
}


@pytest.fixture
def small(embedded_store: Store, tmp_path: Path) -> Store:
    for name, text in TWICE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load(embedded_store, tmp_path)
    return embedded_store


def test_two_postings_of_one_person_hold_one_place(small):
    vacant = {each.post: each for each in on(small, date(2024, 6, 30)).vacant}
    assert (vacant["p"].held, vacant["p"].since, vacant["p"].last_holder) == (1, None, None)
    assert (vacant["q"].held, vacant["q"].since) == (1, date(2022, 1, 1))
    assert vacant["q"].last_holder == "b"


def test_posts_with_room_are_those_of_the_unit(small):
    facts = facts_on(small, date(2024, 6, 30), "u")
    assert [each.post for each in vacancies(facts)] == ["p"]
    found = due_moves(facts)
    assert [each.post for each in found.vacant] == ["p"]
    assert [(each.kind, each.held, each.capacity) for each in found.places] == [("head", 1, 2)]
    assert [each.post for each in vacancies(facts_on(small, date(2024, 6, 30), "d"))] == ["p", "q"]


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2024, 6, 30), date(2025, 1, 1)),
        (date(2024, 7, 1), date(2025, 7, 1)),
        (date(2024, 12, 31), date(2025, 7, 1)),
        (date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_next_half_year_is_the_one_that_has_not_begun(day, until):
    assert next_half_year(day) == until


def test_page_json_command_and_button(district_app, district_client):
    page = district_client.get("/plans").text
    assert "2 人已超期，2024 下半年 11 人到期，3 人已有计划；9 个领导岗位有空缺。" in page
    assert '<button class="primary">做 2024 下半年方案</button>' in page
    answer = district_client.get("/api/plans/due").json
    assert len(answer["moves"]) == 16
    assert len(answer["vacant"]) == 9
    told = district_app.test_cli_runner().invoke(args=["plans", "due", "--json"])
    assert district_app.json.loads(told.output) == answer
