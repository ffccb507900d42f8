"""Legal dates that are not one day: known to the month or the year, undecided, advised, of grades.

Each expected day is worked out by hand: a least time is full at the earliest when every date is
read so that it is long, at the latest when it is short; a longest time the other way round.
Long because each rule has its rows in the same tables, by hand.
"""

import json
from datetime import date

import pytest

from graph.programme import parse_rules
from queries.careers.eligibility import earliest_dates
from queries.careers.eligibility_words import advice, changes, sentence
from queries.programme.stages import progress
from queries.rules import judge
from queries.rules.appointments import prepared
from queries.rules.candidate import ProposedMove
from queries.rules.reading import candidates
from queries.rules.short_list import shortlist
from tests.boundaries.given import (
    STAGES,
    around,
    day,
    facts,
    given,
    mentor,
    person,
    posting,
    record,
)
from tests.boundaries.test_rules import (
    AGE,
    CLERK,
    DEPUTY,
    GRADES,
    JOINED_2016,
    KIN,
    OPEN,
    REVIEWS,
    STEPS,
    TO_DEPUTY,
    TO_SECTION,
    TRIAL,
    UP,
    asked,
    rules,
    words_of,
)

SERVICE = """
service_kinds:
  - {key: joined, zh: 入职, en: joined}
  - {key: leave, zh: 休假, en: on leave, pauses_clocks: true}
  - {key: out, zh: 调出, en: transferred out, in_service: false}
  - {key: returned, zh: 返回, en: returned}
"""
LEADING = [posting("clerk", "2016-07-01", "2019-03"), posting("deputy", "2019-03")]
IN_2019 = [person(joined_on="2019")]


def fact(kind: str, since: str, until: str = "") -> dict[str, str]:
    return {"id": f"{kind}-{since}", "person": "t", "kind": kind, "since": since, "until": until}


# rules, programme, facts, move, the earliest and the latest day, the fact it hangs on
BETWEEN = {
    "joined-in-a-year": (
        [TRIAL], "", {"people": IN_2019}, UP, "2020-01-01", "2020-12-31", "joined_on",
    ),
    "joined-in-a-month": (
        [TRIAL], "", {"people": [person(joined_on="2019-05")]}, UP,
        "2020-05-01", "2020-05-31", "joined_on",
    ),
    "joined-in-February": (
        [TRIAL], "", {"people": [person(joined_on="2020-02")]}, UP,
        "2021-02-01", "2021-02-28", "joined_on",
    ),
    "joined-by-a-fact-of-service": (
        [TRIAL], SERVICE,
        {"people": [person(joined_on="")], "service": [fact("joined", "2019")]}, UP,
        "2020-01-01", "2020-12-31", "joined_on",
    ),
    "no-transfer": (
        ["no_transfer: {months: 24, kinds: [secondment]}"], "", {"people": IN_2019},
        {"kind": "secondment"}, "2021-01-01", "2021-12-31", "joined_on",
    ),
    "time-at-a-rank": (
        [TO_DEPUTY % ("true", "")], "",
        {"people": JOINED_2016, "rotations": [posting("clerk", "2019")]}, UP,
        "2022-01-01", "2022-12-31", "posting_days",
    ),
    "time-beside-the-trial": (
        [TO_DEPUTY % ("false", ""), TRIAL], "",
        {"people": IN_2019, "rotations": [posting("clerk", "2019")]}, UP,
        "2023-01-01", "2023-12-31", "joined_on",
    ),
    "work": (
        [TO_DEPUTY % ("true", ", work_months: 60")], "",
        {"people": [person(joined_on="2019")], "rotations": [posting("clerk", "2020-01-01")]}, UP,
        "2024-01-01", "2024-12-31", "joined_on",
    ),
    "grassroots": (
        ["served_months: {kind: grassroots, at_least: 24}"], "",
        {"rotations": [posting("village", "2020-09", kind="grassroots")]}, {"kind": "appointment"},
        "2022-09-01", "2022-09-30", "posting_days",
    ),
    "the-last-rise": (
        ["level_by_level: {months: 12}"], "", {"people": JOINED_2016, "rotations": LEADING},
        {"rank": "正科"}, "2020-03-01", "2020-03-31", "posting_days",
    ),
    "trial-in-a-post": (
        ["post_trial: {months: 12, post_kinds: [deputy]}"], "",
        {"people": JOINED_2016, "rotations": LEADING}, {"rank": "正科"},
        "2020-03-01", "2020-03-31", "posting_days",
    ),
    "settled": (
        ["settled: {months: 12}"], "", {"people": JOINED_2016, "rotations": LEADING},
        {"kind": "appointment"}, "2020-03-01", "2020-03-31", "posting_days",
    ),
    "one-change-in-a-term": (
        ["changes_in_term: {term_months: 60, at_most: 1}"], "",
        {"people": JOINED_2016, "rotations": LEADING}, {"kind": "appointment"},
        "2024-03-01", "2024-03-31", "posting_days",
    ),
    "a-bad-review-is-past": (
        [REVIEWS], "",
        {"records": [record("appraisal", on, result=result) for on, result in (
            ("2021-12", "基本称职"), ("2022-12", "称职"), ("2023-12", "称职"))]},
        UP, "2024-12-01", "2024-12-31", "review_days",
    ),
    "a-grade": (
        [STEPS], GRADES,
        {"rotations": CLERK, "grades": [{"person": "t", "grade": "一级科员", "since": "2021"}]},
        {"rank": "四级主任科员"}, "2023-01-01", "2023-12-31", "grades",
    ),
    # 59 or 89 days of leave are taken out of the year of trial
    "a-leave-that-ends-in-a-month": (
        [TRIAL], SERVICE, {"service": [fact("leave", "2021-01-01", "2021-03")]}, UP,
        "2021-08-29", "2021-09-28", "service",
    ),
    "a-leave-that-begins-in-a-month": (
        [TRIAL], SERVICE, {"service": [fact("leave", "2021-01", "2021-03-01")]}, UP,
        "2021-07-30", "2021-08-29", "service",
    ),
    # 30 months of work before, 30 after
    "work-of-who-came-back-in-a-month": (
        ["rank_after: {rank: 副科, from: [科员], months: 1, work_months: 60}"], SERVICE,
        {"people": [person(joined_on="2010-07-01")], "rotations": [posting("clerk", "2010-07-01")],
         "service": [fact("out", "2013-01-20"), fact("returned", "2020-03")]},
        UP, "2022-09-01", "2022-09-30", "service",
    ),
    # 20 months before a gap or 19, and 4 or 5 after it
    "an-end-in-a-month": (
        ["rank_after: {rank: 副科, from: [科员], months: 24}"], "",
        {"people": JOINED_2016, "rotations": [
            posting("clerk", "2016-07-15", "2018-03"), posting("staff", "2019-01-01")]},
        UP, "2019-05-01", "2019-06-01", "posting_days",
    ),
    # 18 months from the end of the trial, 18 more from the day of coming back
    "back-in-a-month": (
        [TO_DEPUTY % ("false", ""), TRIAL], SERVICE,
        {"people": [person(joined_on="2010-07-01")], "rotations": [posting("clerk", "2010-07-01")],
         "service": [fact("out", "2013-01-20"), fact("returned", "2020-03")]},
        UP, "2021-09-01", "2021-09-30", "service",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BETWEEN)
def test_a_least_time_is_full_between_two_days(embedded_store, tmp_path, case):
    texts, words, has, move, first, last, about = BETWEEN[case]
    store = given(embedded_store, tmp_path / "data", words, rules(*texts), **has)
    found = [asked(store, on, move) for on in (first, *around(last))]
    assert tuple(each.state for each in found) == ("waits", *OPEN)
    assert {(str(each.since), str(each.surely)) for each in found} == {(first, last)}
    assert {fact for each in found for fact, _ in each.about} == {about}
    assert all(f"Between {first} and {last}: {about}" in each.because.text() for each in found)


@pytest.mark.parametrize(
    ("text", "has", "move", "post", "last_day", "latest", "after"),
    [
        (AGE, {"people": [person(born_on="1983")]}, {"kind": "secondment"}, "staff",
         "2023-12-31", "2024-12-30", "blocks"),
        ("longest_in_post: {months: 120}",
         {"people": JOINED_2016, "rotations": [posting("clerk", "2017")]}, {}, "staff",
         "2027-01-01", "2027-12-31", "allows"),
    ],
)  # fmt: skip
def test_a_longest_time_is_kept_to_the_earlier_day(
    embedded_store, tmp_path, text, has, move, post, last_day, latest, after
):
    store = given(embedded_store, tmp_path / "data", rules=rules(text), **has)
    found = [asked(store, on, move, post) for on in around(last_day)]
    assert [each.state for each in found] == ["allows", "allows", after]
    assert {(str(each.until), str(each.until_latest)) for each in found} == {(last_day, latest)}


def test_a_relative_leaves_between_two_days(embedded_store, tmp_path):
    rows = [posting("head", "2022-01-01", "2024-06", of="u"), *CLERK]
    store = given(
        embedded_store, tmp_path / "data", rules=rules(KIN), people=[person(), person("u")],
        today="2024-05-31", rotations=rows,
        kin=[{"person": "t", "relative": "u", "relation": "spouse"}],
    )  # fmt: skip
    found = asked(store, "2024-05-31", {}, "staff")
    assert (found.state, str(found.since), str(found.surely)) == (
        "waits", "2024-06-01", "2024-06-30",
    )  # fmt: skip


# What may be in time or not, by the day within a month: rows, months asked for, state, missing.
UNSURE = [
    # 20 months from 15 July are full on 15 March, and the end in March may be before
    ([posting("clerk", "2016-07-15", "2018-03")], 20, "unknown", ("posting_days",)),
    ([posting("clerk", "2016-07-15", "2018-03")], 19, "allows", ()),
    ([posting("clerk", "2016-07-15", "2018-03")], 21, "blocks", ()),
    # it ends and the next begins on one day, whichever that is
    ([posting("clerk", "2016-07-15", "2018-03"), posting("staff", "2018-03")], 24, "allows", ()),
    # an end in March, the next begins on 1 April: up to a month lies between
    ([posting("clerk", "2016-07-15", "2018-03"), posting("staff", "2018-04-01", "2018-12-01")],
     28, "unknown", ("posting_days",)),
    ([posting("clerk", "2019", "2019"), posting("deputy", "2020-01-01", "2020-02-01"),
      posting("staff", "2020-02-01", "2020-03-01")], 11, "unknown", ("posting_days",)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "months", "state", "lacks"), UNSURE)
def test_a_time_that_may_have_been_too_short_is_not_decided(
    embedded_store, tmp_path, rows, months, state, lacks
):
    text = f"rank_after: {{rank: 副科, from: [科员], months: {months}}}"
    store = given(
        embedded_store, tmp_path / "data", rules=rules(text), people=JOINED_2016, rotations=rows
    )
    found = asked(store, "2024-06-30", UP)
    assert (found.state, found.missing) == (state, lacks)


def test_one_posting_begins_where_another_ends_whichever_day_that_is(embedded_store, tmp_path):
    rows = [posting("clerk", "2016-07-15", "2018-03"), posting("staff", "2018-03")]
    text = rules("rank_after: {rank: 副科, from: [科员], months: 24}")
    store = given(embedded_store, tmp_path / "data", rules=text, people=JOINED_2016, rotations=rows)
    found = asked(store, "2024-06-30", UP)
    assert (str(found.since), str(found.surely)) == ("2018-07-15", "2018-07-15")


def test_a_posting_without_a_begin_or_a_rank_leaves_it_open(embedded_store, tmp_path):
    undated = {**posting("clerk", "", "2022-07-01"), "id": "undated"}
    posts = [
        {"id": "clerk", "title": "科员", "unit": "D", "kind": "staff", "rank": "科员"},
        {"id": "bare", "title": "干事", "unit": "D", "kind": "staff", "rank": ""},
        {"id": "untold", "title": "副职", "unit": "D", "kind": "", "rank": "科员"},
    ]
    people = [person("t"), person("u"), person("v"), person("w", joined_on="")]
    rows = [
        undated, posting("clerk", "2022-07-01"),
        posting("bare", "2020-07-01", "2022-07-01", of="u"),
        posting("clerk", "2022-07-01", of="u"),
        posting("untold", "2023-07-01", of="v"),
        {**posting("clerk", "", of="w"), "id": "undated-w"},
    ]  # fmt: skip
    text = rules(TO_DEPUTY % ("true", ""), "post_trial: {months: 12, post_kinds: [deputy]}",
                 "settled: {months: 12}")  # fmt: skip
    store = given(
        embedded_store, tmp_path / "data", rules=text, people=people, posts=posts, rotations=rows
    )
    found = {
        each.person: each for each in earliest_dates(store, words_of(store), day("2024-06-30"))
    }
    lacks = {
        who: {rule.rule.id: rule.verdict.missing for rule in found[who].ranks[0].undecided}
        for who in found
    }
    # 24 months since 2022-07-01, and up to 24 before: between 2023-07-01 and 2025-07-01
    first = found["t"].ranks[0]
    assert (first.state, str(first.earliest), str(first.latest)) == (
        "waits", "2023-07-01", "2025-07-01",
    )  # fmt: skip
    assert first.about == (("posting_begin", "none"),)
    second = found["u"].ranks[0]
    assert (str(second.earliest), str(second.latest)) == ("2023-07-01", "2025-07-01")
    assert second.about == (("post_rank", "none"),)
    assert lacks["v"] == {"R2": ("post_kind",)}
    # what follows an undecided step is undecided as well, though its own rules are not
    assert [each.state for each in found["v"].ranks[:2]] == ["undecided", "undecided"]
    assert {each.rule.id: each.verdict.missing for each in found["v"].ranks[1].undecided} == {
        "R2": ("post_kind",)
    }
    assert found["v"].ranks[1].latest is None
    assert lacks["w"]["R1"] == ("posting_begin",)
    assert lacks["w"]["R3"] == ("posting_begin",)


UNBROKEN = "rank_after: {rank: 副科, from: [科员], months: %s, unbroken: true}"


@pytest.mark.parametrize(
    ("months", "state"), [(24, "allows"), (25, "blocks"), (18, "allows"), (36, "blocks")]
)
def test_what_is_asked_unbroken_is_not_added_up(embedded_store, tmp_path, months, state):
    rows = [
        posting("clerk", "2018-01-01", "2019-07-01"),  # 18 months
        posting("staff", "2019-08-01", "2021-08-01"),  # 24, a leave inside taken out and no break
    ]
    store = given(
        embedded_store, tmp_path / "data", rules=rules(UNBROKEN % months), people=JOINED_2016,
        rotations=rows,
    )  # fmt: skip
    assert asked(store, "2024-06-30", UP).state == state


def test_who_only_acts_in_a_leading_post_is_not_on_trial_and_gains_no_time(
    embedded_store, tmp_path
):
    rows = [posting("clerk", "2016-07-01"), posting("head", "2024-01-01", marks="acting")]
    text = rules("post_trial: {months: 12, post_kinds: [unit_head]}",
                 "rank_after: {rank: 副处, from: [正科], months: 1}")  # fmt: skip
    store = given(embedded_store, tmp_path / "data", rules=text, people=JOINED_2016, rotations=rows)
    assert asked(store, "2024-06-30", UP).state == "silent"
    (found,) = earliest_dates(store, words_of(store), day("2024-06-30"), ["t"])
    assert found.rank == "科员"
    assert asked(store, "2024-06-30", {"rank": "副处"}).state == "silent"
    (_, time) = _rules_of(store)
    who = prepared([], candidates(store, words_of(store), day("2024-06-30"), ["t"])["t"])
    assert judge(time, who, ProposedMove(rank="副处")).state == "blocks"


# --- the whole answer ---


def test_days_between_go_from_rank_to_rank_and_stand_on_every_road(
    embedded_store, tmp_path, client, runner
):
    texts = rules(TRIAL, TO_DEPUTY % ("false", ""), TO_SECTION % "")
    store = given(
        embedded_store, tmp_path / "data", rules=texts, people=IN_2019,
        rotations=[posting("clerk", "2019")],
    )  # fmt: skip
    # a year of trial and three as clerk; two as deputy
    expected = [("副科", "2023-01-01", "2023-12-31"), ("正科", "2025-01-01", "2025-12-31")]
    for on, state in (("2022-12-31", "waits"), ("2023-06-30", "waits"), ("2023-12-31", "open")):
        (found,) = earliest_dates(store, words_of(store), day(on), ["t"])
        assert (found.ranks[0].state, found.ranks[0].about) == (state, (("joined_on", "year"),))
    assert (
        "open, since a day between 2023-01-01 and 2023-12-31"
        in sentence(found.ranks[0], found.on).text()
    )
    assert "2023-12-31" in client.get("/careers/dates?on=2023-12-31").text
    (shown,) = client.get("/api/careers/dates?person=t&on=2022-06-30").json
    ranks = shown["ranks"][:2]
    assert [(each["rank"], each["earliest"], each["latest"]) for each in ranks] == expected
    assert [each["about"] for each in ranks] == [["joined_on"], ["joined_on"]]
    assert ranks[0]["state"] == "waits"
    page = client.get("/careers/dates/t?on=2022-06-30&lang=en").text
    listed = client.get("/careers/dates?on=2022-06-30&lang=en").text
    told = runner.invoke(args=["legal-dates", "t", "--as-of", "2022-06-30"]).output
    assert (
        "between 2023-01-01 and 2023-12-31 (the day of joining is known to the year only)" in page
    )
    assert "between 2023-01-01 and 2023-12-31" in listed
    assert "在 2023-01-01 至 2023-12-31 之间" in told and "只知年份" in told
    as_json = runner.invoke(args=["legal-dates", "t", "--as-of", "2022-06-30", "--json"]).output
    assert json.loads(as_json) == [shown]


def test_a_gate_opens_on_the_later_day_and_tells_both(embedded_store, tmp_path, client, runner):
    store = given(
        embedded_store, tmp_path / "data", STAGES % "{since_joining: {months: 12}}", people=IN_2019,
        rotations=[posting("clerk", "2019")],
    )  # fmt: skip
    for on, stage in (("2020-01-01", "one"), ("2020-12-30", "one"), ("2020-12-31", "two")):
        assert progress(facts(store, on))["t"].stage == stage
    where = progress(facts(store, "2020-06-30"))["t"]
    assert (where.next_earliest, where.next_on) == (date(2020, 1, 1), date(2020, 12, 31))
    shown = client.get("/api/people/t?on=2020-06-30&lang=en").json
    (gate,) = (shown.get("standing") or shown["programme"])["gates"]
    assert (gate["earliest"], gate["on"], gate["reached"]) == ("2020-01-01", "2020-12-31", False)
    words = "between 2020-01-01 and 2020-12-31: the day of joining is known to the year only"
    assert gate["note"].startswith("between 2020-01-01") or "2020-01-01至2020-12-31" in gate["note"]
    for address in ("/people/t", "/programme/people/t"):
        assert words in client.get(f"{address}?on=2020-06-30&lang=en").text


@pytest.mark.parametrize(
    ("rows", "opens", "earliest"),
    [
        # the 24 months are short by up to a month, and full long before when read long
        ([("2020-09", "2022-09-15"), ("2023-01-01", "")], "2023-02-01", "2022-09-01"),
        ([("2020-09", "2021-03"), ("2021-03", "")], "2022-09-30", "2022-09-01"),
    ],
)
def test_months_served_are_counted_as_short_as_their_dates_allow(
    embedded_store, tmp_path, rows, opens, earliest
):
    store = given(
        embedded_store, tmp_path / "data",
        STAGES % "{served_months: {kind: grassroots, at_least: 24}}",
        rotations=[posting("village", since, until, "grassroots") for since, until in rows],
    )  # fmt: skip
    before, on, after = (progress(facts(store, each))["t"] for each in around(opens))
    assert (before.stage, on.stage, after.stage) == ("one", "two", "two")
    assert (str(before.next_on), str(before.next_earliest)) == (opens, earliest)


def test_an_undecided_rule_leaves_it_undecided_on_every_road(
    embedded_store, tmp_path, client, runner
):
    people = [person(), person("u"), mentor("z")]
    rows = [
        *CLERK, posting("clerk", "2020-07-01", of="u"),
        posting("clerk", "2010-01-01", "2011-01-01", of="z"),
        posting("deputy", "2011-01-01", "2012-01-01", of="z"),
    ]  # fmt: skip
    reviews = [
        record("appraisal", f"{year}-12-31", of=who, result=result)
        for who, last in (("t", ""), ("u", "称职"))
        for year, result in ((2021, "称职"), (2022, "称职"), (2023, last))
    ]
    texts = rules(TO_DEPUTY % ("true", ""), REVIEWS)
    store = given(
        embedded_store, tmp_path / "data", rules=texts, people=people, rotations=rows,
        records=reviews,
    )  # fmt: skip
    found = shortlist(facts(store), "deputy", [])
    assert [each.person for each in found.places] == ["t", "u"]
    shown = {each["person"]: each for each in client.get("/api/careers/dates?on=2024-06-30").json}
    first = shown["t"]["ranks"][0]
    assert (first["state"], first["earliest"], first["latest"]) == ("undecided", "2023-07-01", None)
    assert first["undecided"] == [{"rule": "R2", "missing": ["appraisal"]}]
    assert shown["u"]["ranks"][0]["state"] == "open"
    moves = client.get("/api/careers/posts/clerk?person=t&on=2024-06-30").json["next"]
    assert [(each["post"], each["state"], each["open"]) for each in moves] == [
        ("deputy", "undecided", False)
    ]
    listed = client.get("/api/programme/vacancies/deputy?on=2024-06-30").json["shortlist"]
    assert [each["person"] for each in listed["places"]] == ["u"]
    assert [each["person"] for each in listed["undecided"]] == ["t"]
    assert listed["excluded"] == []
    for address in ("/careers/dates", "/careers/dates/t", "/programme/vacancies/deputy"):
        assert "not decided" in client.get(f"{address}?on=2024-06-30&lang=en").text.lower()
    told = runner.invoke(args=["shortlist", "deputy", "--as-of", "2024-06-30"]).output
    assert "学员t" in told.splitlines()[-2] and "R2" in told.splitlines()[-2]
    told = runner.invoke(args=["legal-dates", "t", "--as-of", "2024-06-30"]).output
    assert "尚不能判定" in told or "not decided" in told


def test_a_certain_bar_is_said_whatever_else_lacks(embedded_store, tmp_path):
    texts = rules("grassroots_wanted: {months: 24, kinds: [grassroots]}", REVIEWS)
    store = given(embedded_store, tmp_path / "data", rules=texts, rotations=CLERK)
    (found,) = earliest_dates(store, words_of(store), day("2024-06-30"), ["t"])
    assert found.ranks[0].state == "blocked"
    assert [each.rule.id for each in found.ranks[0].held_by] == ["R1"]
    assert [each.rule.id for each in found.ranks[0].undecided] == ["R2"]


def test_advice_keeps_nobody_out_and_is_told(embedded_store, tmp_path, client):
    texts = rules(TO_SECTION % ", posts_below: 2", "settled: {months: 12}")
    store = given(
        embedded_store, tmp_path / "data", rules=texts, people=[*JOINED_2016, mentor("z")],
        rotations=[
            *DEPUTY, posting("deputy", "2010-01-01", "2011-01-01", of="z"),
            posting("head", "2011-01-01", "2012-01-01", of="z"),
        ],
    )  # fmt: skip
    (found,) = earliest_dates(store, words_of(store), day("2024-06-30"), ["t"])
    assert (found.ranks[0].state, str(found.ranks[0].earliest)) == ("open", "2021-03-01")
    words = "1 of 2 posts at the level below have been held."
    assert [words in each.text() for each in advice(found.ranks[0])] == [True]
    assert changes(found.ranks[0], found.on) == ()
    shown = client.get("/api/careers/posts/deputy?person=t&on=2024-06-30").json["next"]
    assert [(each["post"], each["open"]) for each in shown] == [("head", True)]
    assert [each["rule"] for each in shown[0]["advice"]] == ["R1"]
    listed = shortlist(facts(store), "head", _rules_of(store))
    assert [(each.person, [rule for rule, _ in each.notes]) for each in listed.places] == [
        ("t", ["R1"])
    ]
    page = client.get("/careers/dates/t?on=2024-06-30&lang=en").text
    assert "1 of 2 posts at the level below have been held." in page
    assert "(generally)" in page


def _rules_of(store):
    row = store.read("MATCH (p:Programme) RETURN p.appointment_rules AS r")[0]
    return parse_rules(row["r"], programme=words_of(store))


def test_education_decides_only_where_a_grade_could(embedded_store, tmp_path):
    first = "first_grade: {by_education: {本科: 一级科员, 硕士: 四级主任科员}}"
    section = "rank_after: {rank: 正科, from: [副科, 四级主任科员], months: 24}"
    people = [person("a", education=""), person("b", education="本科"),
              person("c", education="硕士")]  # fmt: skip
    texts = rules(TRIAL, first, section)
    store = given(
        embedded_store, tmp_path / "data", GRADES, texts, people,
        rotations=[posting("clerk", "2020-07-01", of=who) for who in "abc"],
    )  # fmt: skip
    found = {
        each.person: each for each in earliest_dates(store, words_of(store), day("2022-06-30"))
    }
    seen = {
        who: [(step.key, step.state, str(step.earliest)) for step in found[who].ranks[1:2]]
        for who in found
    }
    assert seen["b"] == [("正科", "waits", "2024-06-30")]  # as deputy from today on
    assert seen["c"] == [("正科", "waits", "2023-07-01")]  # graded since the trial's end
    assert seen["a"][0][:2] == ("正科", "undecided")
    (lacking,) = found["a"].ranks[1].undecided
    assert lacking.verdict.missing == ("education",)


# --- grades ---


LADDER = GRADES + "  - {key: 三级主任科员, zh: 三级主任科员, en: three, counts_as: 副科}\n"
FOUR = STEPS.replace("四级主任科员]", "四级主任科员, 三级主任科员]")
BY_RANK = FOUR.replace("months: 24", "months: 24, ranks_count: {三级主任科员: 副科}")


def grade(grade: str, since: str) -> dict[str, str]:
    return {"person": "t", "grade": grade, "since": since}


# grades, rotations, service, records, rule, {grade: (state, day)} on 2024-06-30
WALKS = {
    "step-by-step": (
        [grade("一级科员", "2023-07-01")], CLERK, [], [], FOUR,
        {"四级主任科员": ("waits", "2025-07-01"), "三级主任科员": ("waits", "2027-07-01")},
    ),
    "open-long-ago-counts-on-from-today": (
        [grade("一级科员", "2021-07-01")], CLERK, [], [], FOUR,
        {"四级主任科员": ("open", "2023-07-01"), "三级主任科员": ("waits", "2026-06-30")},
    ),
    "a-leave-of-31-days": (
        [grade("一级科员", "2023-07-01")], CLERK, [fact("leave", "2024-01-01", "2024-02-01")], [],
        FOUR,
        {"四级主任科员": ("waits", "2025-08-01"), "三级主任科员": ("waits", "2027-08-01")},
    ),
    "a-break-of-a-year-and-months-cut-off": (
        # 5 whole months to 2022-12-15, 19 more from 2023-12-15 on
        [grade("一级科员", "2022-07-01")], [posting("clerk", "2020-07-01")],
        [fact("out", "2022-12-15"), fact("returned", "2023-12-15")], [], FOUR,
        {"四级主任科员": ("waits", "2025-07-15"), "三级主任科员": ("waits", "2027-07-15")},
    ),
    "an-excellent-year": (
        [grade("一级科员", "2023-07-01")], CLERK, [],
        [record("appraisal", "2023-12-31", result="优秀")], FOUR,
        {"四级主任科员": ("waits", "2025-01-01"), "三级主任科员": ("waits", "2027-01-01")},
    ),
    "a-review-without-a-result": (
        [grade("一级科员", "2023-07-01")], CLERK, [],
        [record("appraisal", "2023-12-31")], FOUR,
        {"四级主任科员": ("undecided", "None"), "三级主任科员": ("undecided", "None")},
    ),
    "back-to-a-lower-grade": (
        # a year before, and one more since 2024-01-01
        [grade("一级科员", "2021-01-01"), grade("二级科员", "2022-01-01"),
         grade("一级科员", "2024-01-01")], CLERK, [], [], FOUR,
        {"四级主任科员": ("waits", "2025-01-01"), "三级主任科员": ("waits", "2027-01-01")},
    ),
    "now-in-a-lower-grade": (
        [grade("一级科员", "2021-01-01"), grade("二级科员", "2024-01-01")], CLERK, [], [], FOUR,
        # three years at or above the second grade count for the first
        {"一级科员": ("open", "2023-01-01"), "四级主任科员": ("open", "2024-06-30"),
         "三级主任科员": ("waits", "2026-06-30")},
    ),
    "time-as-deputy-counts-for-the-third": (
        [grade("一级科员", "2023-07-01")],
        [posting("clerk", "2016-07-01", "2021-03-01"), posting("deputy", "2021-03-01")], [], [],
        BY_RANK,
        {"四级主任科员": ("waits", "2025-07-01"), "三级主任科员": ("waits", "2025-07-01")},
    ),
    "one-step-is-no-skip": (
        [grade("二级科员", "2024-01-01")], CLERK, [], [], FOUR,
        {"一级科员": ("waits", "2026-01-01"), "四级主任科员": ("waits", "2028-01-01"),
         "三级主任科员": ("waits", "2030-01-01")},
    ),
    "no-grade-on-file": (
        [], CLERK, [], [], FOUR,
        dict.fromkeys(
            ("二级科员", "一级科员", "四级主任科员", "三级主任科员"), ("undecided", "None")
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WALKS)
def test_grades_are_walked_step_by_step(embedded_store, tmp_path, case):
    grades, rotations, service, records, rule, expected = WALKS[case]
    store = given(
        embedded_store, tmp_path / "data", LADDER + SERVICE, rules(rule), JOINED_2016,
        rotations=rotations, grades=grades, service=service, records=records,
    )  # fmt: skip
    (found,) = earliest_dates(store, words_of(store), day("2024-06-30"), ["t"])
    assert {each.key: (each.state, str(each.earliest)) for each in found.grades} == expected


def test_during_the_trial_the_first_grade_is_the_next_one(embedded_store, tmp_path):
    first = "first_grade: {by_education: {本科: 一级科员}}"
    store = given(
        embedded_store, tmp_path / "data", LADDER, rules(TRIAL, first, FOUR),
        [person(joined_on="2024-01-01", education="本科")],
        rotations=[posting("clerk", "2024-01-01")],
    )  # fmt: skip
    for on, held in (("2024-12-31", None), ("2025-01-01", "一级科员"), ("2025-01-02", "一级科员")):
        (found,) = earliest_dates(store, words_of(store), day(on), ["t"])
        steps = [(each.key, str(each.earliest)) for each in found.grades]
        assert found.grade == held
        assert steps[-2:] == [("四级主任科员", "2027-01-01"), ("三级主任科员", "2029-01-01")]
        assert steps[:-2] == ([] if held else [("一级科员", "2025-01-01")])


def test_grades_stand_on_page_in_json_and_by_command(embedded_store, tmp_path, client, runner):
    given(
        embedded_store, tmp_path / "data", LADDER, rules(FOUR), JOINED_2016, rotations=CLERK,
        grades=[grade("一级科员", "2023")],
    )  # fmt: skip
    (shown,) = client.get("/api/careers/dates?person=t&on=2024-06-30").json
    assert shown["grade"] == "一级科员"
    assert [(each["grade"], each["earliest"], each["latest"]) for each in shown["grades"]] == [
        ("四级主任科员", "2025-01-01", "2025-12-31"),
        ("三级主任科员", "2027-01-01", "2027-12-31"),
    ]
    assert shown["grades"][1]["assumes"] == [{"grade": "四级主任科员", "on": "2025-01-01"}]
    page = client.get("/careers/dates/t?on=2024-06-30").text
    listed = client.get("/careers/dates?on=2024-06-30").text
    told = runner.invoke(args=["legal-dates", "t", "--as-of", "2024-06-30"]).output
    for text in (page, listed, told):
        assert "四级主任科员" in text
        assert "2025-01-01" in text and "2025-12-31" in text
    assert "2027-12-31" in page and "2027-12-31" in told


def test_nobody_out_of_service_has_a_date(embedded_store, tmp_path):
    store = given(
        embedded_store, tmp_path / "data", LADDER + SERVICE, rules(FOUR, TRIAL), JOINED_2016,
        rotations=CLERK, grades=[grade("一级科员", "2023-07-01")],
        service=[fact("out", "2024-06-30")],
    )  # fmt: skip
    for on, steps in (("2024-06-29", 2), ("2024-06-30", 0), ("2024-07-01", 0)):
        (found,) = earliest_dates(store, words_of(store), day(on), ["t"])
        assert (len(found.grades), found.grade is None) == (steps, steps == 0)
        assert (len(found.ranks) > 0, found.rank is None) == (steps > 0, steps == 0)
        assert all(sentence(each, found.on).text() for each in found.ranks)
