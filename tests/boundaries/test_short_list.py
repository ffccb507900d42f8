"""The short list of a post: who stands before whom, who shares a place, and who is kept out."""

import pytest

from graph.programme import parse_rules
from queries.programme.reserve import reserve_list
from queries.rules.short_list import shortlist
from tests.boundaries.given import POSTS, STAGES, facts, given, person, posting
from tests.boundaries.test_rules import RULE, rules

PRIORITIES = """
priorities:
  - {key: vacancy, zh: 空缺, en: vacancy, rule: {prefer: {batch: use, when: vacancy}}}
  - {key: important, zh: 重要, en: key, rule: {prefer: {when: important_post,
     post_kinds: [deputy, unit_head], served: [key_post]}}}
  - {key: listed, zh: 名单, en: list, rule: {prefer: {batch: use, when: reserve_list}}}
  - {key: results, zh: 实绩突出, en: results, rule: {reviewed: {record: appraisal,
     results: [优秀], at_least: 1, months: 36}}}
  - {key: equal, zh: 同等, en: equal, rule: {prefer: {batch: use, when: equal_conditions}}}
reserve: {key: reserve, zh: 后备干部名单, en: Reserve list, record: reserve, put_on: put_on,
  taken_off: taken_off}
"""
# The first stage lasts two years from joining.
WORDS = STAGES % "since_joining: {months: 24}" + PRIORITIES
ASKING = [
    {**each, "demands": "法律;农学" if each["id"] == "deputy" else "", "capacity": 9}
    for each in POSTS
]


def clerk(of: str, since: str = "2021-07-01", until: str = "", post: str = "clerk", **more):
    return posting(post, since, until, of=of, **more)


def places(found) -> list[tuple[int, str]]:
    return [(each.number, each.person) for each in found.places]


def told(found, who: str) -> dict[str, tuple[bool, str]]:
    (each,) = [each for each in found.places if each.person == who]
    return {reason.key: (reason.holds, reason.words.text()) for reason in each.reasons}


def test_demands_then_wishes_then_months_and_equals_share_a_place(embedded_store, tmp_path):
    store = given(
        embedded_store,
        tmp_path / "data",
        people=[
            person("a", specialties="法律"),
            person("b", specialties="法律;农学"),
            person("c", specialties="法律;外语"),
            person("d", specialties="外语"),
            person("e", specialties="外语"),
            person("f", specialties="外语"),
            person("g"),
        ],
        posts=ASKING,
        rotations=[
            clerk("a", "2020-07-01"), clerk("b", "2024-06-30"), clerk("c", "2024-01-01"),
            clerk("d", "2021-07-01"), clerk("e", "2021-07-01"), clerk("f", "2021-06-30"),
            clerk("g", "2020-07-01", "2021-07-01"), clerk("g", "2023-07-01"),
        ],
        wishes=[{"person": "c", "unit": "T", "rank_of_wish": 1}],
    )  # fmt: skip
    found = shortlist(facts(store), "deputy")
    assert places(found) == [
        (1, "b"),  # both specialties
        (2, "c"),  # one, and the wish for the unit
        (3, "a"),  # one
        (4, "f"),  # 36 months
        (5, "d"), (5, "e"),  # 35 months each
        (7, "g"),  # 12 and 11 months
    ]  # fmt: skip
    assert told(found, "b") == {
        "demands": (True, "brings 农学, 法律"),
        "wish": (False, "has no wish for it"),
        "months": (False, "0 months in the rank held"),
    }
    assert told(found, "c")["wish"] == (True, "wishes for this post or its unit")
    assert told(found, "d")["demands"] == (False, "brings none of the specialties asked for")
    assert told(found, "d")["months"] == (True, "35 months in the rank held")
    assert told(found, "g")["months"] == (True, "23 months in the rank held")
    assert found.excluded == ()
    assert "demands" not in told(shortlist(facts(store), "staff"), "a")


def test_who_holds_it_who_is_above_it_and_who_may_not_is_kept_out_with_reasons(
    embedded_store, tmp_path
):
    store = given(
        embedded_store,
        tmp_path / "data",
        rules=rules("trial_period: {months: 48}", "no_transfer: {months: 60, kinds: [secondment]}"),
        people=[
            person("a"), person("b"), person("c", joined_on="2020-06-29"),
            person("d", joined_on="2020-06-30"), person("e", joined_on="2020-07-01"),
        ],
        posts=ASKING,
        rotations=[
            clerk("a", "2020-07-01", post="deputy"), clerk("b", "2020-07-01", post="head"),
            *(clerk(who, "2020-07-01") for who in "cde"),
        ],
    )  # fmt: skip
    row = store.read("MATCH (p:Programme) RETURN p.appointment_rules AS rules")[0]
    stored = parse_rules(row["rules"])
    found = shortlist(facts(store), "deputy", stored)
    # four years are full on the day for who joined on 2020-06-30, and not for a day later
    assert places(found) == [(1, "c"), (1, "d")]
    assert [(each.person, [rule for rule, _ in each.why]) for each in found.excluded] == [
        ("e", ["R1"]),
        ("a", [None, "R1"]),
        ("b", [None, "R1"]),
    ]
    said = {each.person: each.why[0][1].text() for each in found.excluded}
    assert said["a"] == "holds this post already"
    assert said["b"] == "holds a higher rank than the post's"
    assert "2024-07-01" in said["e"]


def test_what_is_compared_is_switched_off_and_each_who_is_out_counts_once(embedded_store, tmp_path):
    store = given(
        embedded_store,
        tmp_path / "data",
        rules=rules("trial_period: {months: 48}")
        + (RULE % ("R2", "settled: {months: 12}")).replace("hard", "soft"),
        people=[
            person("a", specialties="法律", joined_on="2019-07-01"),
            person("b", joined_on="2019-07-01"),
            person("c", joined_on="2020-07-01"),
            person("d", joined_on="2019-07-01"),
        ],
        posts=ASKING,
        rotations=[
            clerk("a", "2023-07-01"), clerk("b", "2020-07-01"), clerk("c", "2020-07-01"),
            clerk("d", "2020-07-01", post="deputy"),
        ],
        wishes=[{"person": "b", "post": "deputy", "rank_of_wish": 1}],
    )  # fmt: skip
    row = store.read("MATCH (p:Programme) RETURN p.appointment_rules AS rules")[0]
    stored = parse_rules(row["rules"])
    found = shortlist(facts(store), "deputy", stored)
    assert (places(found), found.free) == ([(1, "a"), (2, "b")], 8)
    assert found.compared == (("demands", True), ("wish", True), ("months", True))
    first, second = found.places
    assert [(each.rule, each.weight, str(each.until)) for each in first.considered] == [
        ("R2", "against", "2024-07-01"),  # the first year ends the day after
    ]
    assert (first.months, second.months, second.considered) == (11, 47, ())
    without = shortlist(facts(store), "deputy", stored, off=["demands", "unknown"])
    assert places(without) == [(1, "b"), (2, "a")]  # now the wish decides
    assert without.compared[0] == ("demands", False)
    assert "demands" not in told(without, "a")
    none = shortlist(facts(store), "deputy", stored, off=["demands", "wish", "months"])
    assert places(none) == [(1, "a"), (1, "b")]
    assert [(each.rule, each.people) for each in found.excluded_by] == [
        (None, ("d",)), ("R1", ("c",)),
    ]  # fmt: skip


ALL = ("vacancy", "important", "listed", "results", "equal")


def only(store, key: str, post: str = "deputy"):
    """Rank with one of the priorities on."""
    return shortlist(facts(store), post, off=[each for each in ALL if each != key])


def two(embedded_store, tmp_path, **more):
    """Load two people who differ in nothing but what `more` says."""
    tables = {"rotations": [clerk("a"), clerk("b")], **more}
    people = tables.pop("people", [person("a"), person("b")])
    return given(
        embedded_store, tmp_path / "data", WORDS, people=people, posts=tables.pop("posts", POSTS),
        **tables,
    )  # fmt: skip


def test_vacancy_puts_the_ready_first_where_the_post_is_vacant(embedded_store, tmp_path):
    store = two(
        embedded_store,
        tmp_path,
        people=[
            person("a", joined_on="2022-07-01"),  # two years full the day after
            person("b", joined_on="2022-06-30"),  # and on the day
            person("x"), person("y"),
        ],
        rotations=[
            clerk("a", "2022-07-01"), clerk("b", "2022-07-01"),
            clerk("x", "2021-07-01", "2024-06-30", "deputy"),
            clerk("y", "2021-07-01", "2024-07-01", "head"),
        ],
    )  # fmt: skip
    found = only(store, "vacancy")
    assert [each for each in places(found) if each[1] in "ab"] == [(2, "b"), (3, "a")]
    assert told(found, "b")["vacancy"] == (
        True, "the post is vacant since 2024-06-30; stage: two since 2024-06-30",
    )  # fmt: skip
    assert told(found, "a")["vacancy"][0] is False
    off = shortlist(facts(store), "deputy", off=ALL)
    assert [who for _, who in places(off) if who in "ab"] == ["a", "b"]
    assert "vacancy" not in told(off, "a")
    # who leaves on the day after still fills the post
    assert told(only(store, "vacancy", "head"), "b")["vacancy"] == (
        False, "the post is not vacant",
    )  # fmt: skip


def test_important_posts_go_first_to_who_has_served_in_one(embedded_store, tmp_path):
    store = two(
        embedded_store,
        tmp_path,
        rotations=[
            clerk("a"), clerk("b"), clerk("b", "2024-06-30", post="village", kind="key_post"),
            clerk("a", "2024-07-01", post="village", kind="key_post"),  # begins the day after
        ],
    )  # fmt: skip
    found = only(store, "important")
    assert [who for _, who in places(found)] == ["b", "a"]
    assert told(found, "b")["important"] == (True, "served as 村书记助理 since 2024-06-30")
    assert told(found, "a")["important"] == (False, "has not served in an important post")
    assert told(only(store, "important", "staff"), "b")["important"] == (
        False, "not an important post",
    )  # fmt: skip
    assert places(shortlist(facts(store), "deputy", off=ALL)) == [(1, "a"), (1, "b")]


@pytest.mark.parametrize(
    ("records", "on_list"),
    [
        ([("2024-06-30", "put_on", "")], True),
        ([("2024-07-01", "put_on", "")], False),  # the day after
        ([("2023-01-01", "put_on", "2024-06-30")], False),  # over on the day
        ([("2023-01-01", "put_on", "2024-07-01")], True),
        ([("2023-01-01", "put_on", ""), ("2024-06-30", "taken_off", "")], False),
        ([("2023-01-01", "put_on", ""), ("2024-07-01", "taken_off", "")], True),
        ([("2023-01-01", "taken_off", ""), ("2023-01-01", "put_on", "")], False),
        ([("2022-01-01", "taken_off", ""), ("2023-01-01", "put_on", "")], True),
        ([("2024-01-01", "other", "")], False),
        ([], False),
    ],
)
def test_reserve_list_is_a_reason_while_somebody_stands_on_it(
    embedded_store, tmp_path, records, on_list
):
    store = two(
        embedded_store,
        tmp_path,
        records=[
            {"person": "b", "kind": "reserve", "on": on, "result": result, "until": until,
             "document": "石组1号"}
            for on, result, until in records
        ],
    )  # fmt: skip
    found = only(store, "listed")
    assert [who for _, who in places(found)] == (["b", "a"] if on_list else ["a", "b"])
    day = next((on for on, result, _ in reversed(records) if result == "put_on"), "")
    words = f"on the list since {day}, 石组1号" if on_list else "not on the list"
    assert told(found, "b")["listed"] == (on_list, words)
    assert [each.person for each in reserve_list(facts(store))] == (["b"] if on_list else [])


def test_leaver_stands_on_no_reserve_list(embedded_store, tmp_path):
    store = two(
        embedded_store,
        tmp_path,
        records=[
            {"person": who, "kind": "reserve", "on": "2024-01-01", "result": "put_on"}
            for who in "ab"
        ],
        service=[
            {"person": "a", "kind": "resigned", "since": "2024-06-30"},
            {"person": "b", "kind": "resigned", "since": "2024-07-01"},
        ],
    )
    assert [each.person for each in reserve_list(facts(store))] == ["b"]


def test_outstanding_results_are_counted_in_their_months(embedded_store, tmp_path):
    def appraisal(who: str, on: str, result: str = "优秀"):
        return {"person": who, "kind": "appraisal", "on": on, "result": result}

    store = two(
        embedded_store,
        tmp_path,
        people=[person("a"), person("b"), person("c")],
        rotations=[clerk(who) for who in "abc"],
        records=[
            appraisal("a", "2021-06-30"),  # the day before the 36 months begin
            appraisal("b", "2021-07-01"),
            appraisal("c", "2024-01-01", "称职"),
        ],
    )
    found = only(store, "results")
    assert places(found) == [(1, "b"), (2, "a"), (2, "c")]
    assert told(found, "b")["results"] == (True, "appraisal (优秀): 1, last on 2021-07-01")
    assert told(found, "a")["results"] == (False, "no appraisal (优秀) in the last 36 months")


def test_equal_conditions_decide_last_and_only_among_equals(embedded_store, tmp_path):
    store = two(
        embedded_store,
        tmp_path,
        people=[person(who, joined_on=on) for who, on in (
            ("a", "2022-07-01"), ("b", "2022-06-30"), ("c", "2022-07-01"),
        )],
        rotations=[
            clerk("a", "2022-07-01"), clerk("b", "2022-07-01"),
            clerk("c", "2022-07-01", post="staff"),
        ],
        wishes=[{"person": "c", "post": "deputy", "rank_of_wish": 1}],
    )  # fmt: skip
    found = only(store, "equal")
    # c is not ready, and the wish comes before; a and b are equal but for the stage
    assert places(found) == [(1, "c"), (2, "b"), (3, "a")]
    assert list(told(found, "b")) == ["wish", "months", "equal"]
    assert told(found, "b")["equal"] == (True, "stage: two since 2024-06-30")
    assert places(shortlist(facts(store), "deputy", off=ALL)) == [(1, "c"), (2, "a"), (2, "b")]


def test_a_relative_who_leads_keeps_the_other_off_the_list(embedded_store, tmp_path):
    kin = "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}"
    store = given(
        embedded_store, tmp_path / "data", rules=rules(kin),
        people=[person("a"), person("b"), person("c")],
        rotations=[clerk("a"), clerk("b"), clerk("c", post="head")],
        kin=[{"person": "a", "relative": "c", "relation": "spouse"}],
    )  # fmt: skip
    row = store.read("MATCH (p:Programme) RETURN p.appointment_rules AS rules")[0]
    found = shortlist(facts(store), "deputy", parse_rules(row["rules"]))
    assert places(found) == [(1, "b")]
    assert {each.person: [rule for rule, _ in each.why] for each in found.excluded} == {
        "a": ["R1"], "c": [None],
    }  # fmt: skip


def test_months_in_the_rank_are_those_that_are_certain(embedded_store, tmp_path):
    store = given(
        embedded_store, tmp_path / "data",
        people=[person("a", joined_on="2018-07-01"), person("b")],
        rotations=[clerk("a", "2022"), clerk("b", "2022-06-30")],
    )  # fmt: skip
    found = shortlist(facts(store), "staff")
    assert places(found) == [(1, "b"), (2, "a")]
    assert told(found, "a")["months"] == (True, "18 months in the rank held")  # since 2022-12-31
    assert told(found, "b")["months"] == (True, "24 months in the rank held")
