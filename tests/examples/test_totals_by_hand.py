"""The published totals, counted again with plain Python over the CSV files.

Nothing of the project is imported: if a query and this page disagree, one of them is wrong.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"
FIRST, LAST = "2021-07-01", "2024-06-30"
LADDER = ["科员", "副科", "正科", "副处", "正处"]


def table(name):
    with (SHIFENG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LEFT = {"transferred_out", "resigned", "retired"}
GONE = {row["person"] for row in table("service") if row["kind"] in LEFT and row["since"] <= LAST}
TRAINEES = {
    row["id"]
    for row in table("people")
    if "trainee" in row["roles"].split(";") and row["id"] not in GONE and row["status"] not in LEFT
}
KIND_OF_UNIT = {row["id"]: row["kind"] for row in table("units")}
POSTS = {row["id"]: row for row in table("posts")}
ACTIVITIES = {row["id"]: row for row in table("activities")}
ROTATIONS = [
    row for row in table("rotations") if row["status"] == "actual" and row["person"] in TRAINEES
]
ATTENDED = [
    (row["person"], ACTIVITIES[row["activity"]])
    for row in table("attendance")
    if row["person"] in TRAINEES
]


def sent(kind, since):
    return {
        row["person"] for row in ROTATIONS if row["kind"] == kind and since <= row["since"] <= LAST
    }


def attendances(*kinds):
    return [
        person
        for person, activity in ATTENDED
        if activity["kind"] in kinds and FIRST <= activity["held_on"] <= LAST
    ]


def raised_to(rank):
    paths = defaultdict(list)
    for row in ROTATIONS:
        paths[row["person"]].append((row["since"], row["rank"] or POSTS[row["post"]]["rank"]))
    people = set()
    for person, path in paths.items():
        at_rank = [since for since, held in path if held == rank]
        if at_rank and FIRST <= min(at_rank) <= LAST:
            below = LADDER[: LADDER.index(rank)]
            if any(held in below and since < min(at_rank) for since, held in path):
                people.add(person)
    return people


def test_46_trainees_had_joined():
    joined = {row["id"] for row in table("people") if row["joined_on"] <= LAST}
    assert len(TRAINEES & joined) == 46


def test_three_trainees_more_have_left_and_would_be_counted_otherwise():
    were = {row["id"] for row in table("people") if "trainee" in row["roles"].split(";")}
    assert were - TRAINEES == {"C007", "C008", "C009"}
    kinds = {(row["person"], row["kind"]) for row in table("rotations")}
    assert {("C007", "key_post"), ("C008", "grassroots"), ("C009", "grassroots")} <= kinds


def test_20_went_to_a_village_or_community_since_2017():
    people = {
        row["person"]
        for row in ROTATIONS
        if row["kind"] == "grassroots"
        and "2017-01-01" <= row["since"] <= LAST
        and KIND_OF_UNIT[POSTS[row["post"]]["unit"]] in ("village", "community")
    }
    assert len(people) == 20


def test_12_went_to_a_key_post():
    assert len(sent("key_post", FIRST)) == 12


def test_32_were_seconded():
    assert len(sent("secondment", FIRST)) == 32


def test_40_took_part_in_platform_days():
    assert len(set(attendances("platform"))) == 40


def test_courses_were_attended_94_times():
    assert len(attendances("first_lesson", "course", "party_school")) == 94


def test_onsite_teaching_was_attended_81_times():
    assert len(attendances("onsite_teaching")) == 81


def test_seminars_and_reading_groups_were_attended_65_times():
    assert len(attendances("seminar", "reading_group")) == 65


def test_2_rose_to_deputy_county():
    assert raised_to("副处") == {"T001", "T002"}


def test_5_rose_to_section():
    assert raised_to("正科") == {"T003", "T004", "T005", "T006", "T008"}


def test_10_rose_to_deputy_section():
    assert raised_to("副科") == {
        "T008", "T009", "T010", "T011", "T013", "T014", "T015", "T018", "T019", "T020",
    }  # fmt: skip


def test_7_have_headed_a_unit():
    heads = {
        row["person"]
        for row in ROTATIONS
        if POSTS[row["post"]]["kind"] == "unit_head" and row["since"] <= LAST
    }
    assert len(heads) == 7


def test_the_window_leaves_something_out():
    """Each windowed total would be larger without its window, so the window is really tested."""
    for kinds in (("first_lesson",), ("onsite_teaching",), ("seminar",)):
        all_times = [person for person, activity in ATTENDED if activity["kind"] in kinds]
        assert len(all_times) > len(attendances(*kinds))
    assert len(sent("key_post", "2015")) > 12
    assert len(sent("grassroots", "2015")) == 46
