"""Who is planned and what they hold on the first day: the planner's reading and the checker's."""

import random
from datetime import date

import pytest

from bench.planning_data import fill
from graph.errors import InputError
from graph.programme import parse_programme
from planning.check import check
from planning.check.mentors import MentorRules
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from tests.planning import small
from tests.planning.small import (
    DEFAULTS,
    HORIZON,
    assigned,
    district,
    only,
    plan_file,
    rotation,
    trainee,
)

PROGRAMME = parse_programme(
    small.PROGRAMME_TEXT.replace("unknown_after: 120\n", "")
    + """
statuses:
  - {key: resigned, zh: 辞职, en: resigned, counts: false}
"""
)
FIRST = HORIZON.since


def planner_reads(store, tables, scenario=None):
    fill(store, tables)
    return read_problem(store, PROGRAMME, (), HORIZON, scenario, DEFAULTS)


def checker_reads(store, scenario=None) -> MentorRules:
    return MentorRules(store, PROGRAMME, DEFAULTS, plan_file([], scenario))


def both(store, rotations, **more):
    """What the planner and the checker say of one person, the same: main, beside, rank, since."""
    person = planner_reads(store, district([trainee("t", **more)], rotations)).people[0]
    judge = checker_reads(store)
    who = judge.people["t"]
    main = [p for p in who.present if not p.is_beside]
    beside = [p for p in who.present if p.is_beside]
    level, since = who.rank
    theirs = (
        main[0].post if main else None,
        beside[0].post if beside else None,
        PROGRAMME.ranks[level].key if level is not None else None,
        since,
    )
    mine = (
        person.main.post if person.main else None,
        person.beside.post if person.beside else None,
        person.rank,
        person.rank_since,
    )
    assert mine == theirs
    return mine


def test_after_a_demotion_the_rank_is_the_lower_one(store):
    rotations = [
        rotation("t", "ka", "key_post", "2021-01-01", "2023-01-01"),
        rotation("t", "rc", "rotation", "2023-01-01"),
    ]
    assert both(store, rotations) == ("rc", None, "科员", date(2023, 1, 1))


def test_a_secondment_gives_no_rank(embedded_store):
    rotations = [
        rotation("t", "rc", "rotation", "2023-01-01"),
        rotation("t", "sd", "secondment", "2024-07-01", rank="副科"),
    ]
    assert both(embedded_store, rotations) == ("rc", "sd", "科员", date(2023, 1, 1))


def test_acting_gives_no_rank_ends_nothing_and_fills_no_place(embedded_store):
    rotations = [
        rotation("t", "rc", "rotation", "2023-01-01"),
        rotation("t", "ka", "key_post", "2024-01-01", marks=["acting"]),
    ]
    assert both(embedded_store, rotations) == ("rc", None, "科员", date(2023, 1, 1))
    problem = read_problem(embedded_store, PROGRAMME, (), HORIZON, None, DEFAULTS)
    assert problem.held_by_others("ka", 0) == 0
    assert not checker_reads(embedded_store).others["ka", 0]


def test_a_concurrent_posting_goes_on_and_takes_its_place(embedded_store):
    rotations = [
        rotation("t", "ka", "key_post", "2023-01-01"),
        rotation("t", "rc", "rotation", "2024-01-01", "2026-01-01", marks=["concurrent"]),
    ]
    assert both(embedded_store, rotations) == ("ka", None, "副科", date(2023, 1, 1))
    problem = read_problem(embedded_store, PROGRAMME, (), HORIZON, None, DEFAULTS)
    assert [problem.held_by_others("rc", t) for t in range(4)] == [1, 1, 0, 0]
    (told,) = [note for note in problem.notes if note.rule == "one_post"]
    assert "学员t 科员" in told.sentence.text()
    judge = checker_reads(embedded_store)
    assert [len(judge.others["rc", t]) for t in range(4)] == [1, 1, 0, 0]
    plan = plan_file([assigned("t", "ka", 0, 4)])
    assert check(embedded_store, PROGRAMME, only(), plan).is_valid


def test_an_end_not_recorded_is_read_from_what_followed(embedded_store):
    rotations = [
        rotation("t", "ka", "key_post", "2021-01-01"),
        rotation("t", "rc", "rotation", "2023-01-01"),
    ]
    assert both(embedded_store, rotations) == ("rc", None, "科员", date(2023, 1, 1))
    judge = checker_reads(embedded_store)
    assert [p.until for p in judge.people["t"].postings] == [date(2023, 1, 1), None]


def test_what_begins_after_the_first_day_ends_nothing_before_it(embedded_store):
    rotations = [
        rotation("t", "rc", "rotation", "2023-01-01"),
        rotation("t", "gb", "grassroots", "2025-03-01"),
    ]
    assert both(embedded_store, rotations)[0] == "rc"
    problem = read_problem(embedded_store, PROGRAMME, (), HORIZON, None, DEFAULTS)
    assert problem.people[0].main.until is None
    assert checker_reads(embedded_store).people["t"].present[0].until is None


@pytest.mark.parametrize(
    ("since", "is_held"), [("2024-12-31", True), ("2025-01-01", True), ("2025-01-02", False)]
)
def test_a_posting_is_held_from_its_first_day(embedded_store, since, is_held):
    held = both(embedded_store, [rotation("t", "rc", "rotation", since)], joined_on="2024-12-01")
    assert held[0] == ("rc" if is_held else None)


@pytest.mark.parametrize(
    ("until", "is_held"), [("2024-12-31", False), ("2025-01-01", False), ("2025-01-02", True)]
)
def test_a_posting_is_not_held_on_its_last_day(embedded_store, until, is_held):
    held = both(embedded_store, [rotation("t", "rc", "rotation", "2023-01-01", until)])
    assert held[0] == ("rc" if is_held else None)
    assert held[2] == "科员"  # who awaits a post has the last rank


@pytest.mark.parametrize(
    ("until", "is_planned"),
    [("2024-10-02", True), ("2024-10-01", False), ("2024-05-01", False)],
)
@pytest.mark.parametrize("named", [(), ("t", "u")])
def test_who_is_not_known_to_serve_is_not_planned_and_told(
    embedded_store, until, is_planned, named
):
    people = [trainee("t"), trainee("u"), trainee("v", status="resigned")]
    rotations = [
        rotation("t", "rc", "rotation", "2023-01-01", until),
        rotation("u", "gb", "grassroots", "2024-07-01"),
        rotation("v", "gc", "grassroots", "2024-07-01"),
    ]
    scenario = Scenario(people=(*named, "v") if named else ())
    problem = planner_reads(embedded_store, district(people, rotations), scenario)
    planned = ["t", "u"] if is_planned else ["u"]
    assert [person.id for person in problem.people] == planned
    assert list(checker_reads(embedded_store, scenario).people) == planned
    told = {note.sentence.text() for note in problem.notes if note.rule == "leave"}
    unknown = "学员t are not known to serve on 2025-01-01 and are not planned."
    assert "学员v have left and are not planned." in told
    assert (unknown in told) is not is_planned


def test_two_posts_with_ends_are_refused(embedded_store):
    rotations = [
        rotation("t", "gb", "grassroots", "2024-07-01", "2025-07-01"),
        rotation("t", "rc", "rotation", "2024-08-01", "2025-08-01"),
    ]
    with pytest.raises(InputError) as caught:
        planner_reads(embedded_store, district(rotations=rotations))
    assert [each.code for each in caught.value.problems] == ["two_current_posts"]


def test_a_mentor_sits_in_the_unit_of_the_main_post(embedded_store):
    people = [
        trainee("t"),
        {"id": "m", "name": "导师", "roles": ["mentor"], "mentor_capacity": 3},
    ]
    rotations = [
        rotation("t", "rc", "rotation", "2024-01-01"),
        rotation("m", "gb", "appointment", "2015-01-01"),
        rotation("m", "ka", "appointment", "2020-01-01", "2026-01-01", marks=["concurrent"]),
    ]
    mentoring = [{"id": "x", "mentor": "m", "trainee": "t", "kind": "township", "since": "2024"}]
    tables = district(people, rotations, mentoring=mentoring)
    problem = planner_reads(embedded_store, tables)
    places = {group.unit: list(group.places) for group in problem.mentor_groups}
    assert places == {"A": [3, 3, 0, 0], "B": [0, 0, 3, 3]}
    judge = checker_reads(embedded_store)
    setting = next(each for each in DEFAULTS if each.name == "mentors")
    assert judge._groups("township", 1, setting) == places


def test_a_planned_posting_before_the_first_day_counts_as_done(embedded_store):
    rotations = [
        rotation("t", "rc", "rotation", "2023-01-01"),
        rotation("t", "ka", "key_post", "2024-12-31", "2026-01-01", status="planned"),
        rotation("t", "gb", "grassroots", "2026-01-01", status="planned"),
    ]
    assert both(embedded_store, rotations) == ("ka", None, "副科", date(2024, 12, 31))
    judge = checker_reads(embedded_store)
    assert judge.planned == [("t", "gb", date(2026, 1, 1))]


# --- anybody, at random: both readings agree


def career(rng: random.Random, id_: str) -> list[dict]:
    rows = []
    kinds = {each["id"]: each["kind"] for each in small.POSTS}
    for n in range(rng.randint(0, 5)):
        post = rng.choice(list(kinds))
        since, until = rng.randint(2018, 2025), None
        if rng.random() < 0.6:
            until = f"{since + rng.randint(0, 4)}{rng.choice(['', '-06', '-12-15'])}"
        start = rng.choice([f"{since}", f"{since}-0{rng.randint(1, 9)}", f"{since}-01-01", None])
        rows.append(
            {
                **rotation(id_, post, kinds[post], "x", until),
                "id": f"{id_}-{n}",
                "since": start,
                "rank": rng.choice([None, None, "科员", "副科", "正科", "一级科员"]),
                "marks": rng.choice([[], [], [], ["concurrent"], ["acting"]]),
                "status": rng.choice(["actual", "actual", "actual", "planned"]),
            }
        )
    return rows


@pytest.mark.parametrize("seed", [14, 15, 16])
def test_planner_and_checker_read_anybody_alike(embedded_store, seed):
    rng = random.Random(seed)
    ids = [f"t{n:03}" for n in range(300)]
    people = [
        trainee(
            id_,
            roles=["trainee"] if n < 150 else [],
            joined_on=rng.choice([None, "2018-07-01", "2020", "2022-07-01", "2025-03-01"]),
            born_on=rng.choice([None, "1990-01-01", "1921-05-01", "1925-05-01"]),
            status=rng.choice(["active", "active", "active", "resigned"]),
        )
        for n, id_ in enumerate(ids)
    ]
    fill(embedded_store, district(people, [row for id_ in ids for row in career(rng, id_)]))
    with pytest.raises(InputError) as caught:
        read_problem(embedded_store, PROGRAMME, (), HORIZON, None, DEFAULTS)
    refused = {problem.value for problem in caught.value.problems}
    scenario = Scenario(people=tuple(id_ for id_ in ids[:150] if id_ not in refused))
    problem = read_problem(embedded_store, PROGRAMME, (), HORIZON, scenario, DEFAULTS)
    judge = checker_reads(embedded_store, scenario)
    assert 40 < len(problem.people) == len(judge.people) < 150 - len(refused)
    for person in problem.people:
        who = judge.people[person.id]
        level, since = who.rank
        rank = PROGRAMME.ranks[level].key if level is not None else None
        assert (person.rank, person.rank_since) == (rank, since), person.id
        held = [each for each in (person.main, person.beside) if each]
        for mine, theirs in ((held, who.present), (person.history, who.postings)):
            assert sorted(map(str, ((b.post, b.since, b.until) for b in mine))) == sorted(
                map(str, ((p.post, p.since, p.until) for p in theirs))
            ), person.id
    for post in problem.posts:
        for t in range(HORIZON.periods):
            assert problem.held_by_others(post.id, t) == len(judge.others[post.id, t])
