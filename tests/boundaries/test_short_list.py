"""The short list of a post: who stands before whom, who shares a place, and who is kept out."""

from graph.programme import parse_rules
from queries.rules.short_list import shortlist
from tests.boundaries.given import POSTS, STAGES, facts, given, person, posting
from tests.boundaries.test_rules import rules

PRIORITIES = """
priorities:
  - {key: vacancy, zh: 空缺, en: vacancy, rule: {prefer: {batch: %s, when: vacancy}}}
  - {key: key_post, zh: 重要, en: key, rule: {prefer: {batch: train, when: important_post,
     post_kinds: [%s]}}}
  - {key: listed, zh: 名单, en: list, rule: {prefer: {batch: train, when: reserve_list}}}
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


def test_priorities_come_before_all_else_and_can_be_switched_off(embedded_store, tmp_path):
    store = given(
        embedded_store,
        tmp_path / "data",
        WORDS % ("use", "deputy"),
        people=[
            person("a", specialties="法律;农学", joined_on="2022-07-01"),
            person("b", joined_on="2022-06-30"),  # two years full: the second stage
        ],
        posts=ASKING,
        rotations=[clerk("a", "2022-07-01"), clerk("b", "2022-07-01")],
    )
    found = shortlist(facts(store), "deputy")
    assert found.priorities == (("vacancy", True), ("key_post", True), ("listed", True))
    assert places(found) == [(1, "b"), (2, "a")]
    assert told(found, "b")["vacancy"] == (True, "stage: two")
    assert told(found, "a")["vacancy"] == (False, "stage: one")
    assert told(found, "a")["key_post"] == (True, "stage: one")
    assert told(found, "b")["key_post"] == (False, "stage: two")
    assert told(found, "a")["listed"] == (False, "not on the reserve list")
    without = shortlist(facts(store), "deputy", off=["vacancy"])
    assert without.priorities[0] == ("vacancy", False)
    assert places(without) == [(1, "a"), (2, "b")]
    assert "vacancy" not in told(without, "a")
    staff = shortlist(facts(store), "staff")
    assert told(staff, "a")["key_post"] == (False, "not an important post")


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
