"""Each rule of appointment at its boundary: through the store, as a page or a command would ask it.

A case is the rule as `rules.yaml` writes it, the facts, the move, and the first day on which the
rule lets it through. The day before it waits, on the day and the day after it allows.
"""

from pathlib import Path

import pytest

from graph.programme import parse_programme, parse_rules
from queries.careers.eligibility import earliest_dates
from queries.rules import JUDGES, judge
from queries.rules.appointments import may_take, prepared
from queries.rules.candidate import ProposedMove, Verdict
from queries.rules.reading import candidates, place
from tests.boundaries.given import around, day, facts, given, person, posting, record

RULE = "- {id: %s, title: {zh: 规, en: Rule}, rule: {%s}, kind: hard, source: test}\n"
UP = {"rank": "副科"}
OPEN = ("waits", "allows", "allows")


def rules(*texts: str) -> str:
    return "rules:\n" + "".join(RULE % (f"R{n}", text) for n, text in enumerate(texts, 1))


def words_of(store):
    return parse_programme(store.read("MATCH (p:Programme) RETURN p.rules AS p")[0]["p"])


def asked(store, on, move, post: str | None = None, who: str = "t") -> Verdict:
    """Ask the first stored rule, with what the others prepare."""
    row = store.read("MATCH (p:Programme) RETURN p.appointment_rules AS r")[0]
    programme = words_of(store)
    stored = parse_rules(row["r"], programme=programme)
    found = prepared(stored, candidates(store, programme, day(on), [who])[who])
    to = place(facts(store, on), post) if post else None
    return judge(stored[0], found, ProposedMove(place=to, **move))


CLERK = [posting("clerk", "2020-07-01")]
TRIAL = "trial_period: {months: 12}"
TO_DEPUTY = "rank_after: {rank: 副科, from: [科员], months: 36, trial_counts: %s%s}"
TO_SECTION = "rank_after: {rank: 正科, from: [副科], months: 24%s}"
DEPUTY = [posting("clerk", "2016-07-01", "2019-03-01"), posting("deputy", "2019-03-01")]
JOINED_2016 = [person(joined_on="2016-07-01")]

OPENING = [
    # rules, facts, move, post, the day
    ("trial", [TRIAL], {"rotations": CLERK}, UP, None, "2021-07-01"),
    (
        "trial-after-a-leap-day",
        [TRIAL],
        {"people": [person(joined_on="2020-02-29")]},
        UP,
        None,
        "2021-02-28",
    ),
    (
        "no-transfer",
        ["no_transfer: {months: 24, kinds: [secondment]}"],
        {},
        {"kind": "secondment"},
        None,
        "2022-07-01",
    ),
    (
        "village-years",
        ["served_months: {kind: grassroots, at_least: 24}"],
        {"rotations": [posting("village", "2020-09-01", kind="grassroots")]},
        {"kind": "appointment"},
        None,
        "2022-09-01",
    ),
    (
        "three-years-as-clerk",
        [TO_DEPUTY % ("true", "")],
        {"rotations": CLERK},
        UP,
        None,
        "2023-07-01",
    ),
    (
        "three-years-beside-the-trial",
        [TO_DEPUTY % ("false", ""), TRIAL],
        {"rotations": CLERK},
        UP,
        None,
        "2024-07-01",
    ),
    (
        "five-years-of-work",
        [TO_DEPUTY % ("true", ", work_months: 60")],
        {"rotations": CLERK},
        UP,
        None,
        "2025-07-01",
    ),
    (
        "two-years-at-the-grassroots",
        [TO_DEPUTY % ("true", ", grassroots_months: 24")],
        {
            "rotations": [
                posting("village", "2023-01-15", kind="grassroots"),
                posting("clerk", "2020-07-01", "2023-01-15"),
            ]
        },
        UP,
        None,
        "2025-01-15",
    ),
    (
        "two-years-as-deputy",
        [TO_SECTION % ""],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"rank": "正科"},
        None,
        "2021-03-01",
    ),
    (
        "a-year-after-the-last-rise",
        ["level_by_level: {months: 12}"],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"rank": "正科"},
        None,
        "2020-03-01",
    ),
    (
        "no-rise-on-trial",
        ["level_by_level: {months: 12}", TRIAL],
        {"rotations": CLERK},
        UP,
        None,
        "2021-07-01",
    ),
    (
        "trial-in-a-leading-post",
        ["post_trial: {months: 12, post_kinds: [deputy]}"],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"rank": "正科"},
        None,
        "2020-03-01",
    ),
    (
        "first-year-of-a-post",
        ["settled: {months: 12}"],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"kind": "appointment"},
        None,
        "2020-03-01",
    ),
    (
        "one-change-in-five-years",
        ["changes_in_term: {term_months: 60, at_most: 1}"],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"kind": "appointment"},
        None,
        "2024-03-01",
    ),
    (
        "grassroots-first",
        ["grassroots_wanted: {months: 24, kinds: [grassroots]}"],
        {"rotations": [posting("village", "2020-07-01", kind="grassroots")]},
        {"kind": "appointment"},
        None,
        "2022-07-01",
    ),
    (
        "deputy-of-a-township-two-years",
        ["township_counts: {principal_months: 36, deputy_months: 24, unit_kinds: [township]}"],
        {"people": JOINED_2016, "rotations": DEPUTY},
        {"rank": "正科"},
        None,
        "2021-03-01",
    ),
    (
        "head-of-a-township-three-years",
        ["township_counts: {principal_months: 36, deputy_months: 24, unit_kinds: [township]}"],
        {"people": JOINED_2016, "rotations": [posting("head", "2019-03-01")]},
        {"rank": "副处"},
        None,
        "2022-03-01",
    ),
]


@pytest.mark.parametrize(
    ("texts", "has", "move", "post", "opens"), [each[1:] for each in OPENING],
    ids=[each[0] for each in OPENING],
)  # fmt: skip
def test_a_rule_lets_through_from_its_day_on(
    embedded_store, tmp_path, texts, has, move, post, opens
):
    store = given(embedded_store, tmp_path / "data", rules=rules(*texts), **has)
    found = [asked(store, on, move, post) for on in around(opens)]
    assert tuple(each.state for each in found) == OPEN
    assert {each.since.isoformat() for each in found} == {opens}


HARD = "hardship_service: {months: 60, hardship: 5, allowed_kinds: [secondment], allowed_months: 6}"


@pytest.mark.parametrize(
    ("on", "months", "state"),
    [
        ("2025-06-30", 5, "allows"),
        ("2025-06-30", 6, "allows"),
        ("2025-06-30", 7, "waits"),
        ("2025-07-01", 7, "allows"),
        ("2025-07-02", 7, "allows"),
    ],
)
def test_hardship_binds_to_its_last_day_but_for_short_moves(
    embedded_store, tmp_path, on, months, state
):
    store = given(embedded_store, tmp_path / "data", rules=rules(HARD), rotations=CLERK)
    store.write("MATCH (p:Post {id: 'clerk'}) SET p.hardship = 5")
    assert asked(store, on, {"kind": "secondment", "months": months}).state == state


@pytest.mark.parametrize(("hardship", "state"), [(4, "silent"), (5, "waits")])
def test_one_degree_of_hardship_less_binds_nobody(embedded_store, tmp_path, hardship, state):
    store = given(embedded_store, tmp_path / "data", rules=rules(HARD), rotations=CLERK)
    store.write("MATCH (p:Post {id: 'clerk'}) SET p.hardship = $hardship", hardship=hardship)
    assert asked(store, "2024-06-30", {"kind": "appointment"}).state == state


AGE = "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}"


@pytest.mark.parametrize(
    ("born", "on", "state"),
    [
        ("1984-06-30", "2024-06-30", "allows"),  # forty today
        ("1983-07-01", "2024-06-29", "allows"),
        ("1983-07-01", "2024-06-30", "allows"),  # the last day at forty
        ("1983-07-01", "2024-07-01", "blocks"),  # forty-one
        ("1983", "2023-12-31", "allows"),  # as if born on the first of January
        ("1983", "2024-01-01", "blocks"),
    ],
)
def test_an_age_is_passed_on_the_birthday_after(embedded_store, tmp_path, born, on, state):
    people = [person(born_on=born)]
    store = given(embedded_store, tmp_path / "data", rules=rules(AGE), people=people)
    assert asked(store, on, {"kind": "secondment"}, "staff").state == state
    assert asked(store, on, {"kind": "secondment"}, "clerk").state == "silent"


LASTS = "lasts: {kinds: [secondment], at_least: 12, at_most: 24, never_over: 36}"


@pytest.mark.parametrize(
    ("months", "state"),
    [
        (11, "blocks"),
        (12, "allows"),
        (13, "allows"),
        (23, "allows"),
        (24, "allows"),
        (25, "blocks"),
    ],
)
def test_a_length_is_within_its_bounds(embedded_store, tmp_path, months, state):
    store = given(embedded_store, tmp_path / "data", rules=rules(LASTS), rotations=CLERK)
    assert asked(store, "2024-06-30", {"kind": "secondment", "months": months}).state == state


@pytest.mark.parametrize(
    ("on", "state"), [("2024-05-31", "allows"), ("2024-06-01", "blocks"), ("2024-06-02", "blocks")]
)
def test_a_home_post_that_has_ended_cannot_be_kept(embedded_store, tmp_path, on, state):
    texts = rules("keeps_home_post: {kinds: [secondment]}")
    rows = [posting("clerk", "2020-07-01", "2024-06-01")]
    store = given(embedded_store, tmp_path / "data", rules=texts, rotations=rows)
    assert asked(store, on, {"kind": "secondment"}).state == state


WAY = "opposite_way: {kinds: [secondment], months: 36, above: [district], below: [township]}"


@pytest.mark.parametrize(
    ("on", "same", "other"),
    [
        ("2023-06-30", "silent", "silent"),
        ("2023-07-01", "blocks", "allows"),
        ("2023-07-02", "blocks", "allows"),
    ],
)
def test_three_years_on_one_side_are_long(embedded_store, tmp_path, on, same, other):
    store = given(embedded_store, tmp_path / "data", rules=rules(WAY), rotations=CLERK)
    assert asked(store, on, {"kind": "secondment"}, "clerk").state == same
    assert asked(store, on, {"kind": "secondment"}, "staff").state == other


KIN = "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}"


@pytest.mark.parametrize(
    ("on", "state"), [("2024-05-31", "waits"), ("2024-06-01", "allows"), ("2024-06-02", "allows")]
)
def test_a_relative_who_leads_is_gone_on_the_day_of_the_end(embedded_store, tmp_path, on, state):
    store = given(
        embedded_store,
        tmp_path / "data",
        rules=rules(KIN),
        today=on,
        people=[person(), person("u")],
        rotations=[posting("head", "2022-01-01", "2024-06-01", of="u"), *CLERK],
        kin=[{"person": "t", "relative": "u", "relation": "spouse"}],
    )
    found = asked(store, on, {}, "staff")
    assert found.state == state
    if state == "waits":
        assert found.since.isoformat() == "2024-06-01"


@pytest.mark.parametrize(
    ("native", "state"), [("石峰区", "blocks"), ("天元区", "allows"), ("", "unknown")]
)
def test_nobody_is_principal_where_they_grew_up(embedded_store, tmp_path, native, state):
    texts = rules("home_place: {post_kinds: [unit_head], unit_kinds: [township]}")
    people = [person(native_place=native)]
    store = given(embedded_store, tmp_path / "data", rules=texts, people=people)
    assert asked(store, "2024-06-30", {}, "head").state == state


def test_ten_years_in_a_post_end_on_the_day_ten_years_after(embedded_store, tmp_path):
    texts = rules("longest_in_post: {months: 120}")
    rows = [
        posting("clerk", "2016-07-01", "2018-01-01"),
        posting("clerk", "2018-01-01"),  # it touches: one time in the post
    ]
    store = given(
        embedded_store, tmp_path / "data", rules=texts, people=JOINED_2016, rotations=rows
    )
    found = asked(store, "2024-06-30", {"kind": "appointment"}, "staff")
    assert (found.state, found.until.isoformat()) == ("allows", "2026-07-01")
    assert asked(store, "2024-06-30", {}, "clerk").state == "blocks"


REVIEWS = "last_reviews: {record: appraisal, last: 3, none_of: [基本称职]}"


@pytest.mark.parametrize(
    ("results", "state"),
    [
        (["称职", "称职"], "unknown"),  # a review too few: nobody can say that three are in order
        (["称职", "称职", "称职"], "allows"),
        (["称职", "称职", "称职", "称职"], "allows"),
        (["基本称职", "称职", "称职"], "waits"),
        (["基本称职", "称职", "称职", "称职"], "allows"),  # the fourth from the end is past
        (["称职", "基本称职"], "waits"),
    ],
)
def test_the_last_three_reviews_and_not_two(embedded_store, tmp_path, results, state):
    rows = [
        record("appraisal", f"{2024 - len(results) + n}-12-31", result=result)
        for n, result in enumerate(results)
    ]
    store = given(embedded_store, tmp_path / "data", rules=rules(REVIEWS), records=rows)
    assert asked(store, "2024-06-30", UP).state == state


@pytest.mark.parametrize(
    ("joined", "reviews", "state"),
    [
        ("2022-12-31", 0, "unknown"),  # 2023 was served in whole: its review lacks
        ("2023-01-01", 0, "allows"),  # nothing is due of a year that is not over, or begun late
        ("2022-12-31", 1, "allows"),
        ("2021-12-31", 1, "unknown"),
        ("2021-12-31", 2, "allows"),
        ("2020-12-31", 2, "unknown"),
        ("2019", 2, "unknown"),  # never more than the rule asks for
        ("2019", 3, "allows"),
        ("", 2, "unknown"),
    ],
)
def test_a_review_is_due_of_each_year_served_in_whole(
    embedded_store, tmp_path, joined, reviews, state
):
    rows = [record("appraisal", f"{2023 - n}-12-31", result="称职") for n in range(reviews)]
    people = [person(joined_on=joined)]
    store = given(
        embedded_store, tmp_path / "data", rules=rules(REVIEWS), people=people, records=rows
    )
    assert asked(store, "2024-06-30", UP).state == state


GRADES = """
grades:
  - {key: 二级科员, zh: 二级科员, en: two, counts_as: 科员}
  - {key: 一级科员, zh: 一级科员, en: one, counts_as: 科员}
  - {key: 四级主任科员, zh: 四级主任科员, en: four, counts_as: 副科}
"""
STEPS = (
    "grade_steps: {steps: [二级科员, 一级科员, 四级主任科员], months: 24, excellent_shortens: 6,"
    " not_counted: [基本称职]}"
)
FIRST = "first_grade: {by_education: {本科: 一级科员}}"


@pytest.mark.parametrize(
    ("results", "opens"),
    [
        ([], "2023-07-01"),  # the trial's end on 2021-07-01 and two years
        (["优秀"], "2023-01-01"),
        (["优秀", "优秀"], "2022-07-01"),
        (["基本称职"], "2024-07-01"),
        (["优秀", "基本称职"], "2024-01-01"),
    ],
)
def test_a_step_of_grades_is_full_on_its_day(embedded_store, tmp_path, results, opens):
    rows = [
        record("appraisal", f"2021-1{n}-01", result=result) for n, result in enumerate(results)
    ] or [record("talk", "2021-10-01")]
    store = given(
        embedded_store, tmp_path / "data", GRADES, rules(STEPS, FIRST, TRIAL),
        [person(education="大学本科")], rotations=CLERK, records=rows,
    )  # fmt: skip
    found = [asked(store, on, {"rank": "四级主任科员"}).state for on in around(opens)]
    assert tuple(found) == OPEN


def test_a_step_of_grades_is_not_skipped(embedded_store, tmp_path):
    steps = STEPS.replace("四级主任科员]", "四级主任科员, 三级主任科员]")
    grades = GRADES + "  - {key: 三级主任科员, zh: 三级主任科员, en: three, counts_as: 副科}\n"
    store = given(
        embedded_store, tmp_path / "data", grades, rules(steps, FIRST, TRIAL),
        [person(education="大学本科")], rotations=CLERK,
    )  # fmt: skip
    states = {rank: asked(store, "2030-01-01", {"rank": rank}).state
              for rank in ("一级科员", "四级主任科员", "三级主任科员")}  # fmt: skip
    assert states == {"一级科员": "silent", "四级主任科员": "allows", "三级主任科员": "blocks"}


def test_the_first_grade_counts_as_a_rank_from_the_end_of_the_trial(embedded_store, tmp_path):
    store = given(
        embedded_store, tmp_path / "data", GRADES + "grades_count_as_ranks: true\n",
        rules("first_grade: {by_education: {硕士: 四级主任科员}}", TRIAL),
        [person(education="硕士研究生")], rotations=CLERK,
    )  # fmt: skip
    assert tuple(asked(store, on, UP).state for on in around("2021-07-01")) == OPEN


@pytest.mark.parametrize(
    ("posts", "state", "advice"),
    [(1, "blocks", ["1 of 2 posts at the level below have been held."]), (2, "allows", []),
     (3, "allows", [])],
)  # fmt: skip
def test_one_post_less_equal_and_more_at_the_level_below(
    embedded_store, tmp_path, posts, state, advice
):
    rows = [
        posting(post, f"{2016 + n}-07-01", f"{2017 + n}-07-01" if n + 1 < posts else "")
        for n, post in enumerate(("clerk", "staff", "village")[:posts])
    ]
    generally = TO_DEPUTY % ("true", ", posts_below: 2")
    strictly = TO_DEPUTY % ("true", ", posts_below: 2, generally: []")
    people = JOINED_2016
    store = given(
        embedded_store, tmp_path / "data", rules=rules(generally), people=people, rotations=rows
    )
    found = asked(store, "2024-06-30", UP)
    assert (found.state, [each.text() for each in found.advice]) == ("allows", advice)
    (strict,) = parse_rules(rules(strictly))
    who = candidates(store, words_of(store), day("2024-06-30"), ["t"])["t"]
    assert judge(strict, who, ProposedMove(rank="副科")).state == state


@pytest.mark.parametrize(
    ("wanted", "state"), [("科员", "silent"), ("副科", "allows"), ("正科", "blocks")]
)
def test_the_next_level_and_no_further(embedded_store, tmp_path, wanted, state):
    texts = rules("level_by_level: {months: 12}")
    store = given(embedded_store, tmp_path / "data", rules=texts, rotations=CLERK)
    assert asked(store, "2024-06-30", {"rank": wanted}).state == state


@pytest.mark.parametrize(("until", "day_"), [("2022-02-28", None), ("2022-03-01", "2022-03-01")])
def test_a_time_at_a_rank_a_day_short_is_never_full(embedded_store, tmp_path, until, day_):
    rows = [posting("clerk", "2019-03-01", until)]
    store = given(
        embedded_store, tmp_path / "data", rules=rules(TO_DEPUTY % ("true", "")),
        people=JOINED_2016, rotations=rows,
    )  # fmt: skip
    found = asked(store, until, UP)
    assert found.state == ("allows" if day_ else "blocks")
    assert (found.since and found.since.isoformat()) == day_


# --- the same answer on every road ----------------------------------------------------------------


def test_post_dates_page_and_json_open_on_the_same_day(embedded_store, tmp_path, app):
    texts = rules(TO_DEPUTY % ("true", ""))
    store = given(embedded_store, tmp_path / "data", rules=texts, rotations=CLERK)
    row = store.read("MATCH (p:Programme) RETURN p.rules AS p")[0]
    programme = parse_programme(row["p"])
    browser = app.test_client()
    for on, is_open in zip(around("2023-07-01"), (False, True, True), strict=True):
        found = may_take(store, programme, on, "t", ["deputy"])["deputy"]
        assert found.is_open == is_open
        assert found.earliest == max(on, day("2023-07-01"))
        (told,) = earliest_dates(store, programme, on, ["t"])
        assert (told.ranks[0].key, told.ranks[0].earliest) == ("副科", day("2023-07-01"))
        (shown,) = browser.get(f"/api/careers/dates?person=t&on={on}").json
        assert shown["ranks"][0]["earliest"] == "2023-07-01"
        page = browser.get(f"/careers/dates?on={on}").get_data(as_text=True)
        assert ("2023-07-01 起" in page or "since 2023-07-01" in page) == is_open


def test_every_rule_has_a_case_here():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in JUDGES if f"{name}: {{" not in text] == []
