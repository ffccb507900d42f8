"""The board of data in which nobody needs a mentor: whoever is tied, by generation or cohort."""

from datetime import date
from pathlib import Path

import pytest

from bench.lineage_data import write
from graph.errors import NotFound
from graph.store import Store
from loaders.load import load
from queries.network.tie_board import whole_board
from queries.programme.board_shape import EVERYBODY_NOW, BoardView

DAY = date(2024, 6, 30)
FILES = {
    "people.csv": "id,name,cohort\na,甲,1990\nb,乙,1995\nc,丙,2000\nd,丁,\ne,戊,2000\n",
    "mentoring.csv": "mentor,trainee,kind,since,until\n"
    "a,b,village,1996,2000-01-01\nb,c,village,2001,\na,c,peer,2001,\nd,c,village,2002,2024-06-30\n"
    "d,e,village,2030,\n",
}


@pytest.fixture
def small(embedded_store: Store, tmp_path: Path) -> Store:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load(embedded_store, tmp_path)
    return embedded_store


def test_generations_are_the_columns_of_ties_alone(small):
    board = whole_board(small, DAY, EVERYBODY_NOW)
    # a to b ended, d to c ended on the day itself, d to e has not begun.
    assert (board.pairs_now, board.pairs_ever, board.view.by) == (2, 4, "generation")
    assert [(each.key, each.trainees, each.mentors) for each in board.columns] == [
        ("1", 0, 1),
        ("2", 0, 1),  # b guides, and had a mentor before
        ("3", 1, 0),
    ]
    assert (board.generations, board.longest) == ((2, 1, 1), ("a", "b", "c"))
    assert not board.needing
    assert board.is_drawn


def test_cohorts_have_those_whose_cohort_is_not_known_last(small):
    board = whole_board(small, DAY, BoardView("ever", "cohort"))
    assert [(each.key, each.trainees, each.mentors) for each in board.columns] == [
        ("1990", 0, 1),
        ("1995", 1, 0),
        ("2000", 1, 0),
        ("", 0, 1),
    ]
    peers = whole_board(small, DAY, BoardView("ever", "cohort", "peer"))
    assert [(tie.mentor, tie.trainee) for tie in peers.ties] == [("a", "c")]


def test_unit_that_is_not_stored_is_told(small):
    with pytest.raises(NotFound):
        whole_board(small, DAY, EVERYBODY_NOW, "nowhere")


def test_very_many_are_counts_with_those_of_most_trainees(embedded_store, tmp_path):
    write(tmp_path, 200, 250)
    load(embedded_store, tmp_path)
    board = whole_board(embedded_store, DAY, EVERYBODY_NOW)
    assert (board.trainees, board.mentors, board.ties) == ((), (), ())
    assert not board.is_drawn
    assert sum(each.trainees + each.mentors for each in board.columns) == 200
    assert board.columns[0].first == ("P0",), "everybody descends from the first"
    assert set(board.columns[3].first) <= board.names.keys()
