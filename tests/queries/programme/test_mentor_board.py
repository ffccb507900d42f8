"""Who guides whom in columns of units: the figures of the mock-up, and circles of mentors."""

from datetime import date

import pytest

from graph.store import Store
from queries.generations import generations
from queries.programme.board_shape import EVERYBODY_NOW, BoardView, MentorBoard
from queries.programme.mentor_board import mentor_board
from queries.programme.on_day import facts_on

DAY = date(2024, 6, 30)


def on(store: Store, day: date, view: BoardView = EVERYBODY_NOW) -> MentorBoard:
    return mentor_board(facts_on(store, day), view)


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


# By view: people in the columns, mentors above, people below all, ties, and the columns by name.
VIEWS = {
    ("now", "unit", ""): (24, 13, 22, 57, 6),
    ("ever", "unit", ""): (46, 16, 0, 154, 6),
    # Five with a gap and the four who guide them; 石门乡 stands for its secretary over the limit.
    ("now", "unit", "gaps"): (9, 7, 0, 12, 5),
    ("now", "unit", "township"): (24, 6, 0, 23, 6),
    ("now", "unit", "village"): (24, 7, 0, 23, 6),
    # Eleven who are guided, one who should be, eight of the eleven who guide: three are past.
    ("now", "unit", "peer"): (20, 0, 3, 11, 6),
    ("now", "generation", ""): (46, 13, 0, 57, 6),
    ("now", "cohort", ""): (46, 13, 0, 57, 9),
    ("ever", "cohort", "peer"): (46, 1, 0, 39, 9),
}


@pytest.mark.parametrize("asked", VIEWS)
def test_view_shows_whom_it_is_of(district_store, asked):
    board = on(district_store, DAY, BoardView(*asked))
    trainees, mentors, past, ties, columns = VIEWS[asked]
    assert len(board.trainees) == trainees
    assert len(board.mentors) == mentors
    assert (len(board.past), len(board.ties), len(board.columns)) == (past, ties, columns)
    assert (board.pairs_now, board.pairs_ever) == (57, 154), "whatever is shown"


def test_cohorts_and_generations_are_columns_in_their_order(district_store):
    cohorts = on(district_store, DAY, BoardView("now", "cohort")).columns
    assert [(each.key, each.trainees) for each in cohorts[:3]] == [
        ("2015", 3),
        ("2016", 4),
        ("2017", 5),
    ]
    ever = on(district_store, DAY, BoardView("ever", "generation"))
    assert [each.trainees for each in ever.columns] == [0, 8, 10, 12, 11, 5]
    peers = [tie for tie in ever.ties if tie.kind == "peer"]
    column = {each.person: int(each.column) for each in ever.trainees}
    column |= {each.person: int(each.column) for each in ever.mentors}
    assert all(column[tie.mentor] < column[tie.trainee] for tie in peers)


def test_circle_of_mentors_ends():
    found = generations([("a", "b"), ("b", "a"), ("b", "c"), ("d", "c")])
    assert found.of == {"d": 1, "b": 1, "a": 2, "c": 2}
    assert generations([]).longest == ()
