"""The reference district is whole: no error that the loader would find, and the gaps it promises.

Plain Python over the CSV files, so that it does not lean on the loader's own checks.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from examples.generate import generate
from graph.programme import parse_programme

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
BESIDE = ("secondment", "platform")


class Data:
    def __init__(self, folder):
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                setattr(self, path.stem, list(csv.DictReader(file)))


@pytest.fixture(scope="module", params=["reference", "another seed", "100 trainees", "seed 8"])
def data(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("district")
    options: dict[str, Any] = {
        "reference": {},
        "another seed": {"seed": 7},
        "100 trainees": {"trainees": 100, "seed": 11},
        "seed 8": {"trainees": 60, "seed": 8},
    }[request.param]
    generate(folder, **options)
    return Data(folder)


@pytest.fixture(scope="module")
def shifeng():
    return Data(SHIFENG)


def test_ids_are_unique(data):
    for rows in (data.people, data.units, data.posts, data.activities, data.mentoring,
                 data.rotations, data.records):  # fmt: skip
        assert max(Counter(row["id"] for row in rows).values()) == 1
    attended = Counter((row["person"], row["activity"]) for row in data.attendance)
    wished = Counter((row["person"], row["post"], row["unit"]) for row in data.wishes)
    assert max(attended.values()) == 1
    assert max(wished.values()) == 1


def test_every_reference_is_somebody(data):
    people, units, posts, activities = (
        {row["id"] for row in rows}
        for rows in (data.people, data.units, data.posts, data.activities)
    )
    assert {row["part_of"] for row in data.units} - {""} <= units
    assert {row["unit"] for row in data.posts} <= units
    assert {row["post"] for row in data.rotations} <= posts
    assert {row["activity"] for row in data.attendance} <= activities
    assert {row["post"] for row in data.wishes} - {""} <= posts
    assert {row["unit"] for row in data.wishes} - {""} <= units
    for rows, columns in (
        (data.mentoring, ("mentor", "trainee")),
        (data.rotations, ("person",)),
        (data.attendance, ("person",)),
        (data.records, ("person",)),
        (data.wishes, ("person",)),
        (data.kin, ("person", "relative")),
    ):
        for column in columns:
            assert {row[column] for row in rows} <= people


def test_roles_are_those_of_the_ties(data):
    roles = {row["id"]: row["roles"].split(";") for row in data.people}
    for tie in data.mentoring:
        assert "mentor" in roles[tie["mentor"]]
        assert "trainee" in roles[tie["trainee"]]
        assert tie["mentor"] != tie["trainee"]


def test_mentoring_has_no_cycle(data):
    trainees = defaultdict(set)
    for tie in data.mentoring:
        trainees[tie["mentor"]].add(tie["trainee"])
    depth = {}

    def generations(person, above=()):
        assert person not in above
        if person not in depth:
            below = [generations(each, (*above, person)) for each in trainees[person]]
            depth[person] = 1 + max(below, default=0)
        return depth[person]

    assert max(generations(person) for person in list(trainees)) >= 5


def test_units_are_one_tree(data):
    above = {row["id"]: row["part_of"] for row in data.units}
    assert [unit for unit, parent in above.items() if not parent] == [data.units[0]["id"]]
    for unit in above:
        seen = set()
        while unit:
            assert unit not in seen
            seen.add(unit)
            unit = above[unit]


def test_dates_are_dates_and_periods_have_a_day(data):
    for rows, columns in (
        (data.people, ("joined_on", "born_on")),
        (data.mentoring, ("since", "until")),
        (data.rotations, ("since", "until")),
        (data.activities, ("held_on", "until")),
        (data.records, ("on",)),
    ):
        for row in rows:
            for column in columns:
                assert not row[column] or DATE.match(row[column]), row
            first = row.get("since") or row.get("held_on")
            if first and row["until"]:
                shorter = min(len(first), len(row["until"]))
                if (first, row["until"]) == ("2019", "2019"):
                    continue  # to the end of that year: C012 is known by years only
                assert first[:shorter] < row["until"][:shorter], row


def test_kinds_and_ranks_are_those_of_the_programme(data):
    programme = parse_programme((SHIFENG / "programme.yaml").read_text(encoding="utf-8"))
    for rows, column, what in (
        (data.units, "kind", "unit_kinds"),
        (data.posts, "kind", "post_kinds"),
        (data.posts, "rank", "ranks"),
        (data.mentoring, "kind", "mentoring_kinds"),
        (data.rotations, "kind", "rotation_kinds"),
        (data.rotations, "rank", "ranks"),
        (data.activities, "kind", "activity_kinds"),
        (data.records, "kind", "record_kinds"),
        (data.records, "level", "levels"),
        (data.records, "result", "results"),
        (data.people, "status", "statuses"),
        (data.rotations, "marks", "posting_marks"),
        (data.service, "kind", "service_kinds"),
        (data.grades, "grade", "grades"),
        (data.kin, "relation", "relations"),
    ):
        listed = {term.key for term in programme.terms(what)}
        assert {row[column] for row in rows} - {""} <= listed


def test_home_posts_follow_each_other_without_overlap(data):
    paths = defaultdict(list)
    for row in data.rotations:
        if row["kind"] not in BESIDE and row["person"][0] in "TM" and not row["marks"]:
            paths[row["person"]].append((row["since"], row["until"] or "9999"))
    for path in paths.values():
        path.sort()
        for (_, until), (since, _) in pairwise(path):
            assert until <= since


def test_no_post_holds_more_than_its_capacity(data):
    capacity = {row["id"]: int(row["capacity"]) for row in data.posts}
    held = defaultdict(list)
    for row in data.rotations:
        held[row["post"]].append((row["since"], row["until"] or "9999"))
    for post, periods in held.items():
        for day, _ in periods:
            assert sum(since <= day < until for since, until in periods) <= capacity[post], post


def test_nobody_attends_before_joining(data):
    joined = {row["id"]: row["joined_on"] for row in data.people}
    held = {row["id"]: row["held_on"] for row in data.activities}
    for row in data.attendance:
        assert joined[row["person"]] < held[row["activity"]]
    for row in data.records:
        assert joined[row["person"]] < row["on"] <= "2024-06-30"


def test_a_secondment_comes_after_the_grassroots_and_keeps_a_home_post(data):
    for row in data.rotations:
        if row["kind"] == "secondment" and row["person"].startswith("T"):
            home = [
                each
                for each in data.rotations
                if each["person"] == row["person"]
                and each["kind"] not in (*BESIDE, "grassroots")
                and each["since"] <= row["since"] < (each["until"] or "9999")
            ]
            assert len(home) == 1
            assert home[0]["rank"] == row["rank"]


def test_the_reference_district_has_the_shape_it_says(shifeng):
    assert Counter(row["kind"] for row in shifeng.units) == {
        "district": 1, "department": 6, "township": 3, "subdistrict": 3, "village": 4,
        "community": 3,
    }  # fmt: skip
    assert len(shifeng.posts) == 74
    assert Counter(row["id"][0] for row in shifeng.people) == {"T": 46, "M": 16, "C": 15}
    assert Counter(row["cohort"] for row in shifeng.people if row["id"].startswith("T")) == {
        "2015": 3, "2016": 4, "2017": 5, "2018": 5, "2019": 6, "2020": 6, "2021": 6, "2022": 6,
        "2023": 5,
    }  # fmt: skip
    assert "（虚构示例）" in shifeng.units[0]["name"]
    programme = parse_programme((SHIFENG / "programme.yaml").read_text(encoding="utf-8"))
    assert programme.invented
    assert "（虚构示例）" in programme.name.zh
    assert {row["kind"] for row in shifeng.rotations} == {
        "appointment", "grassroots", "key_post", "secondment", "rotation", "platform",
    }  # fmt: skip


def test_names_are_as_various_as_real_ones(shifeng):
    names = {row["id"]: row["name"] for row in shifeng.people}
    assert [person for person, name in names.items() if name == "王伟"] == ["T005", "T033"]
    assert len(set(names.values())) == len(names) - 1
    assert {len(name) for name in names.values()} >= {2, 3, 4}
    assert "·" in names["T037"]
    assert any(ord(character) > 0xFFFF for character in names["T040"])


def test_dates_have_three_precisions(shifeng):
    for rows, column in ((shifeng.rotations, "since"), (shifeng.people, "born_on")):
        assert {len(row[column]) for row in rows} == {4, 7, 10}


def test_a_lineage_is_six_generations_deep(shifeng):
    ties = {(row["mentor"], row["trainee"]) for row in shifeng.mentoring}
    line = ["M004", "T001", "T008", "T018", "T030", "T042"]
    assert set(pairwise(line)) <= ties


def current(rows, day="2024-06-30"):
    return [row for row in rows if row["since"] <= day < (row["until"] or "9999")]


def test_the_promised_gaps_of_mentoring_are_there(shifeng):
    at_grassroots = {
        row["person"] for row in current(shifeng.rotations) if row["kind"] == "grassroots"
    }
    kinds = defaultdict(set)
    for row in current(shifeng.mentoring):
        kinds[row["trainee"]].add(row["kind"])
    lacking = {
        (person, kind)
        for person in at_grassroots
        for kind in ("township", "village", "peer")
        if kind not in kinds[person]
    }
    assert lacking == {("T039", "village"), ("T041", "peer"), ("T044", "township")}
    load = Counter(row["mentor"] for row in current(shifeng.mentoring))
    agreed = {row["id"]: int(row["mentor_capacity"] or 99) for row in shifeng.people}
    assert [person for person in sorted(load) if load[person] > agreed[person]] == ["M010"]
    in_post = {row["person"] for row in current(shifeng.rotations)}
    left = [row for row in current(shifeng.mentoring) if row["mentor"] not in in_post]
    assert {(row["mentor"], row["trainee"]) for row in left} == {("M011", "T035"), ("M011", "T038")}
    gone = {row["person"] for row in shifeng.service if row["kind"] != "leave"}
    open_pairs = [
        row for row in current(shifeng.mentoring) if gone & {row["mentor"], row["trainee"]}
    ]
    assert {(row["mentor"], row["trainee"]) for row in open_pairs} == {
        ("C007", "T027"), ("M003", "C008"),
    }  # fmt: skip


def test_the_promised_gaps_of_exercises_are_there(shifeng):
    held = current(shifeng.rotations)
    long_in_village = [
        row["person"] for row in held if row["kind"] == "grassroots" and row["since"] < "2022-06-30"
    ]
    long_seconded = [
        row["person"] for row in held if row["kind"] == "secondment" and row["since"] < "2022-06-30"
    ]
    assert (long_in_village, long_seconded) == (["T035"], ["T016"])
    ten_years = [row["person"] for row in held if row["since"] < "2014-06-30"]
    assert sorted(ten_years) == ["M006", "M008"]
    kinds = {row["id"]: row["kind"] for row in shifeng.activities}
    lessons, grid = (
        {row["person"] for row in shifeng.attendance if kinds[row["activity"]] == kind}
        for kind in ("first_lesson", "grid_day")
    )
    trainees = {row["id"] for row in shifeng.people if row["id"].startswith("T")}
    assert trainees - lessons == {"T045"}
    assert trainees - grid == {"T001", "T007", "T012", "T017", "T023", "T046"}


def test_the_promised_gaps_of_records_are_there(shifeng):
    trainees = {row["id"]: row["cohort"] for row in shifeng.people if row["id"].startswith("T")}
    last: dict[tuple[str, str, str], str] = defaultdict(str)
    for row in shifeng.records:
        key = (row["person"], row["kind"], row["level"])
        last[key] = max(last[key], row["on"])
    late = {
        (person, kind, level)
        for person in trainees
        for kind, level, day in (
            ("talk", "district", "2024-01"),
            ("talk", "township", "2024-04"),
            ("thought_report", "unit", "2023-12"),
            ("thought_report", "district", "2023-12"),
        )
        if last[person, kind, level] < day
    }
    assert late == {
        ("T020", "talk", "township"),
        ("T015", "thought_report", "district"),
        ("T028", "thought_report", "unit"),
        ("T028", "thought_report", "district"),
    }
    weekly = {person: day for (person, _, level), day in last.items() if level == "village" and day}
    assert [person for person, day in weekly.items() if day < "2024-06-20"] == ["T038"]
    care = {(row["person"], row["result"], row["on"][:4]) for row in shifeng.records}
    allowed = {person for person, cohort in trainees.items() if cohort in ("2021", "2022", "2023")}
    housed = {person for person, cohort in trainees.items() if cohort in ("2022", "2023")}
    given = {(person, result) for person, result, _ in care}
    assert {p for p in allowed if (p, "village_allowance") not in given} == {"T040"}
    assert {p for p in housed if (p, "housing") not in given} == {"T043"}
    assert {p for p in trainees if (p, "health_check", "2024") not in care} == {"T009"}
    poor = [row["person"] for row in shifeng.records if row["result"] == "基本称职"]
    assert poor == ["T023"]


def test_a_pair_of_kin_serves_where_one_of_them_leads(shifeng):
    posts = {row["id"]: row for row in shifeng.posts}
    homes = {
        row["person"]: posts[row["post"]]
        for row in current(shifeng.rotations)
        if row["kind"] not in BESIDE
    }
    close = [
        (row["person"], row["relative"])
        for row in shifeng.kin
        if homes[row["person"]]["unit"] == homes[row["relative"]]["unit"]
        and homes[row["person"]]["kind"] == "unit_head"
    ]
    assert close == [("T003", "T037")]
