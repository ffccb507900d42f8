"""The whole network as a page, as JSON and as a command; where its marks stand."""

from datetime import date

import pytest
from flask import Flask

from graph.store import Store
from queries.programme.board_shape import BoardView
from queries.programme.mentor_board import mentor_board
from queries.programme.on_day import facts_on
from webapp.pictures.board import BoardPicture, board_picture

VIEWS = [
    (pairs, by, only)
    for pairs in ("now", "ever")
    for by in ("unit", "generation", "cohort")
    for only in ("", "gaps", "peer")
]


def drawn(app: Flask, store: Store, view: BoardView, held: str = "") -> BoardPicture:
    board = mentor_board(facts_on(store, date(2024, 6, 30)), view)
    with app.test_request_context("/network"):
        picture = board_picture(board, [], str, held)
    assert picture is not None
    return picture


@pytest.mark.parametrize("asked", VIEWS)
def test_everybody_of_a_view_has_a_mark_of_their_own(district_app, district_store, asked):
    board = mentor_board(facts_on(district_store, date(2024, 6, 30)), BoardView(*asked))
    picture = drawn(district_app, district_store, BoardView(*asked))
    assert len(picture.mentors) == len(board.mentors)
    assert len(picture.trainees) + len(picture.past) == len(board.trainees) + len(board.past)
    assert len(picture.ties) == len(board.ties), "each between two marks"
    marks = [(each.x, each.y) for each in picture.mentors]
    marks += [(each.x, each.y) for each in (*picture.trainees, *picture.past)]
    assert len(set(marks)) == len(marks)
    assert all(0 <= x <= picture.width and 0 < y < picture.height for x, y in marks)


def test_open_card_lights_its_person_and_ties(district_app, district_store):
    picture = drawn(district_app, district_store, BoardView(), held="T038")
    assert {each.id for each in picture.mentors if each.is_lit} == {"M003", "M011"}
    assert sum(each.is_lit for each in picture.ties) == 3
    assert not drawn(district_app, district_store, BoardView(), held="X").is_lit


def test_page_json_and_command_show_the_whole(district_app, district_client):
    page = district_client.get("/network").text
    assert "谁在带谁，哪里缺导师？" in page
    assert "24 名需要导师的选调生中，19 人配齐且在岗，3 人缺导师，2 人的导师已离任。" in page
    assert page.count('<g class="trainee stage-') == 24
    assert page.count('<g class="trainee past">') == 22
    answer = district_client.get("/api/network/board").json
    assert (answer["needing"], answer["complete"], answer["missing"]) == (24, 19, 3)
    assert len(answer["mentors"]) == 13
    told = district_app.test_cli_runner().invoke(args=["mentor-board", "--json"])
    assert district_app.json.loads(told.output) == answer


def test_page_json_and_command_take_the_same_choices(district_app, district_client):
    asked = "pairs=ever&by=cohort&only=peer"
    answer = district_client.get(f"/api/network/board?{asked}").json
    assert (len(answer["trainees"]), len(answer["ties"])) == (46, 39)
    words = ["--pairs", "ever", "--by", "cohort", "--only", "peer", "--json"]
    told = district_app.test_cli_runner().invoke(args=["mentor-board", *words])
    assert district_app.json.loads(told.output) == answer
    page = district_client.get(f"/network?{asked}").text
    drawn_ties = page.partition('<svg class="mentor-board" viewBox')[2].partition("</svg>")[0]
    assert drawn_ties.count('class="tie person') == 38, (
        "one of them was guided by somebody from outside"
    )
    assert "优秀选调生 <b>39</b>" in page
    wrong = district_client.get("/api/network/board?only=nothing")
    assert wrong.status_code == 400
    assert "peer" in wrong.text


def test_card_opens_beside_the_picture_and_leads_to_the_network(district_client):
    page = district_client.get("/network?card=T038").text
    card = page.partition('id="card"')[2].partition("side-panel")[0]
    for text in (
        "孟承远",
        "2022",
        "雷博嘉",
        "周景欣",
        "苏英",
        "/network?person=T038",
        "从此人看起",
    ):
        assert text in card
    assert 'id="card"' not in district_client.get("/network?card=nobody").text
    table = district_client.get("/network?show=table&only=gaps").text
    assert (
        table.partition('data-table="network"')[2].partition("</table>")[0].count("<tr>") == 1 + 5
    )


def test_empty_store_opens_with_no_picture(client):
    page = client.get("/network?lang=en").text
    assert "Whose network?" in page
    assert "mentor-board" not in page
