"""The generator: the same bytes each time, any size in the same memory, any choice of files."""

from __future__ import annotations

import csv
import tracemalloc
from pathlib import Path

import pytest

from examples.generate import FILES, generate, main

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_committed_district_is_what_the_generator_writes(tmp_path):
    assert main(["--out", str(tmp_path)]) == 0
    assert contents(tmp_path) == contents(SHIFENG)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        generate(tmp_path / name, seed=seed, trainees=100)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a")["people.csv"] != contents(tmp_path / "c")["people.csv"]


@pytest.mark.parametrize("trainees", [1, 45, 46, 47, 2301])
def test_there_are_as_many_trainees_as_asked_for(tmp_path, trainees):
    generate(tmp_path, trainees=trainees, files=["people"])
    people = [(row[0], row[2]) for row in rows(tmp_path, "people")[1:]]
    assert sum(role.startswith("trainee") and id_[0] == "T" for id_, role in people) == trainees
    # Of each district three trainees more have left.
    assert sum(id_[0] == "C" and role.startswith("trainee") for id_, role in people) == 3 * -(
        -trainees // 46
    )


def test_units_and_posts_grow_with_the_trainees_into_one_tree(tmp_path):
    generate(tmp_path, trainees=46 * 51, files=["units", "posts"])
    units = rows(tmp_path, "units")[1:]
    posts = [row[0] for row in rows(tmp_path, "posts")[1:]]
    assert sum(id_[1].isdigit() for id_ in posts) == 51 * 72  # and those of examples/tasks.py
    assert len(set(posts)) == len(posts)
    assert [row[:1] + row[2:] for row in units[:3]] == [
        ["R2-1", "area", ""],
        ["R1-1", "area", "R2-1"],
        ["R1-2", "area", "R2-1"],
    ]
    districts = [row[3] for row in units if row[2] == "district"]
    assert districts == ["R1-1"] * 50 + ["R1-2"]


def test_a_district_does_not_depend_on_how_many_there_are_or_which_files(tmp_path):
    generate(tmp_path / "small", trainees=46)
    generate(tmp_path / "large", trainees=460, files=["rotations", "attendance"])
    for name in ("rotations", "attendance"):
        first = rows(tmp_path / "small", name)
        assert rows(tmp_path / "large", name)[: len(first)] == first
    assert sorted(path.suffix for path in (tmp_path / "large").glob("*.csv")) == [".csv"] * 2


def test_districts_are_linked_by_a_mentor(tmp_path):
    generate(tmp_path, trainees=46 * 5, files=["mentoring"])
    number = {
        tie: ((int(tie[1][1:]) - 1) // 46, (int(tie[2][1:]) - 1) // 46)
        for tie in map(tuple, rows(tmp_path, "mentoring")[1:])
        if tie[1].startswith("T") and tie[2].startswith("T")
    }
    assert {pair for pair in number.values() if pair[0] != pair[1]} == {
        (0, 1), (0, 2), (0, 3), (1, 4),
    }  # fmt: skip


def test_memory_does_not_grow_with_the_trainees(tmp_path):
    peaks = []
    for trainees in (500, 5_000):
        tracemalloc.start()
        generate(tmp_path, trainees=trainees, files=["people", "mentoring", "rotations"])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


def test_a_wrong_option_is_said(tmp_path, capsys):
    for options, message in (
        (["--files", "people,kinn"], "'kinn' is none of people, units"),
        (["--trainees", "0"], "0 is not a number from 1 up"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(["--out", str(tmp_path), *options])
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_headings_are_those_of_the_contract():
    assert {name: columns.split(",") for name, (_, columns, _) in FILES.items()} == {
        "people": ["id", "name", "roles", "cohort", "joined_on", "born_on", "native_place",
                   "education", "specialties", "status", "mentor_capacity"],
        "units": ["id", "name", "kind", "part_of"],
        "posts": ["id", "title", "unit", "rank", "kind", "capacity", "demands", "hardship"],
        "mentoring": ["id", "mentor", "trainee", "kind", "since", "until",
                      "methods", "duties", "tasks", "mentor_accepted_on",
                      "trainee_accepted_on", "mentor_note", "trainee_note"],  # from methods on ours
        "rotations": ["id", "person", "post", "kind", "since", "until", "status", "rank", "marks"],
        "service": ["id", "person", "kind", "since", "until", "to", "document", "note"],
        "grades": ["id", "person", "grade", "since", "document"],
        "activities": ["id", "kind", "title", "held_on", "until", "place", "organiser",
                       "hours", "level", "unit"],  # the last three are ours
        "attendance": ["person", "activity", "role", "result"],
        "records": [
            *("id", "person", "kind", "on", "level", "result", "summary", "until", "document"),
            *("given_by", "place", "topic", "said", "problem", "solver", "due"),
            *("closed_on", "outcome", "amount", "batch", "account", "cause"),
        ],
        "wishes": ["person", "post", "unit", "rank_of_wish", "avoid"],
        "kin": ["person", "relative", "relation"],
    }  # fmt: skip
