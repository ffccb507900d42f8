"""Who guides whom in columns of units: the figures of the mock-up, and circles of mentors."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme.mentor_board import MentorBoard, mentor_board
from queries.programme.on_day import facts_on


def on(store: Store, day: date) -> MentorBoard:
    return mentor_board(facts_on(store, day))


def test_figures_are_those_of_the_mock_up(district_store):
    board = on(district_store, date(2024, 6, 30))
    assert (len(board.trainees), board.complete, len(board.past), len(board.ties)) == (
        24,
        19,
        22,
        57,
    )
    assert [(each.person, each.missing) for each in board.missing] == [
        ("T041", ("peer",)),
        ("T039", ("village",)),
        ("T044", ("township",)),
    ]
    assert [(each.person, each.out_of_post) for each in board.out_of_post] == [
        ("T035", ("M011",)),
        ("T038", ("M011",)),
    ]
    assert [(each.name, each.trainees, each.mentors) for each in board.columns] == [
        ("龙山镇", 5, 3),
        ("青溪镇", 5, 2),
        ("石门乡", 7, 2),
        ("桃园街道", 2, 2),
        ("东湖街道", 2, 2),
        ("学府街道", 3, 2),
    ]
    over = [(each.person, each.load, each.capacity) for each in board.mentors if each.is_over]
    assert over == [("M010", 7, 6)]


@pytest.mark.parametrize(
    ("day", "is_out"),
    [(date(2024, 3, 14), False), (date(2024, 3, 15), True), (date(2024, 3, 16), True)],
)
def test_mentor_is_out_from_the_day_of_leaving_the_post(district_store, day, is_out):
    mentors = {each.person: each for each in on(district_store, day).mentors}
    assert mentors["M011"].is_out is is_out
    assert mentors["M011"].left_on == (date(2024, 3, 15) if is_out else None)


def test_longest_line_goes_from_mentor_to_trainee(district_store):
    board = on(district_store, date(2024, 6, 30))
    facts = facts_on(district_store, date(2024, 6, 30))
    assert len(board.longest) == len(board.generations) == 6
    for mentor, trainee in zip(board.longest, board.longest[1:], strict=False):
        assert mentor in {each.mentor for each in facts.pairings[trainee]}
    assert sum(board.generations) == 64, "everybody once who was ever in a pair"


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


def test_data_without_needs_opens_with_a_person(client):
    assert "Whose network?" in client.get("/network?lang=en").text
