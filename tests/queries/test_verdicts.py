"""What rules of appointment say beyond open or not: until when, what would change it, for whom.

Long because the facts that may lack are one table, a rule after the other.
"""

from dataclasses import replace
from datetime import date

import pytest

from graph.errors import InputError
from graph.programme import parse_rules
from queries.programme.facts import GrowthEntry
from queries.rules.appointments import blocked, prepared, usual_kind
from queries.rules.candidate import PostPlace, Relative
from tests.queries.test_rules import (
    CASES,
    COUNTING,
    JOINED,
    PROGRAMME,
    RANK,
    asked,
    counting,
    day,
    person,
    posting,
    rule,
)

TOWN = PostPlace(
    post="t", post_kind="unit_head", unit="T", unit_kind="township", rank="正科",
    units=("T", "D"), unit_names=("龙山镇（试点）", "青溪县"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "who", "move", "state"),
    [case[:5] for case in CASES if case[4] in ("blocks", "unknown")],
)
def test_who_is_kept_out_is_told_what_would_change_it(name, text, who, move, state):
    verdict = asked(text, who, **move)
    assert verdict.change is not None or name in ("age_at_most", "longest_in_post")
    assert (verdict.since, verdict.until) == (None, None) or name == "age_at_most"


@pytest.mark.parametrize(
    ("on", "state", "until"),
    [
        ("2018-12-31", "silent", None),
        ("2019-01-01", "allows", "2021-01-01"),
        ("2019-12-31", "allows", "2021-01-01"),
        ("2020-01-01", "silent", None),
    ],
)
def test_a_secondment_that_runs_has_a_day_by_which_it_ends(on, state, until):
    who = person(posting(JOINED), posting("2019-01-01", "2020-01-01", "secondment"), on=on)
    text = "lasts: {kinds: [secondment], at_least: 12, at_most: 24}"
    found = asked(text, who, kind="appointment")
    assert (found.state, found.until) == (state, day(until) if until else None)
    no_end = asked("lasts: {kinds: [secondment], at_least: 12}", who, kind="appointment")
    assert no_end.state == "silent"
    assert asked(text, who, kind="secondment", months=11).state == "blocks"


def test_of_two_secondments_that_run_the_later_one_counts():
    who = person(
        posting("2019-01-01", None, "secondment"), posting("2019-06-01", None, "secondment")
    )
    found = asked("lasts: {kinds: [secondment], at_most: 24}", who)
    assert found.until == date(2021, 6, 1)


@pytest.mark.parametrize(
    ("text", "months", "state"),
    [
        ("at_most: 24", 0, "allows"),
        ("at_most: 24", 25, "blocks"),
        ("never_over: 36", 36, "allows"),
        ("never_over: 36", 37, "blocks"),
        ("at_most: 24, never_over: 36", 25, "blocks"),
        ("at_least: 12", 1200, "allows"),
        ("at_least: 12", 1201, "blocks"),  # a hundred years
        ("at_least: 12", 12, "allows"),
        ("at_least: 12", 11, "blocks"),
    ],
)
def test_bounds_of_a_length_alone(text, months, state):
    asked_for = f"lasts: {{kinds: [secondment], {text}}}"
    assert asked(asked_for, person(), kind="secondment", months=months).state == state


def test_the_last_day_of_an_age():
    text = "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}"
    found = asked(text, person(born_on="1980-07-02"), kind="secondment", place=TOWN)
    assert (found.state, found.until) == ("allows", date(2021, 7, 1))
    missing = asked(text, person(), kind="secondment", place=TOWN)
    assert (missing.state, missing.missing) == ("unknown", ("born_on",))
    assert asked(text, person(), kind="appointment", place=TOWN).state == "silent"
    assert asked(text, person(), kind="secondment").state == "silent"


WAY = "opposite_way: {kinds: [secondment], months: 36, above: [county], below: [township]}"
ABOVE = posting("2016-01-01", "2019-01-01", unit_kind="county")
BELOW = posting("2016-01-01", "2019-01-01", unit_kind="township")


@pytest.mark.parametrize(
    ("held", "unit_kind", "state"),
    [
        (ABOVE, "township", "allows"),
        (ABOVE, "county", "blocks"),
        (ABOVE, "village", "silent"),
        (BELOW, "county", "allows"),
        (BELOW, "township", "blocks"),
        (BELOW, "village", "silent"),
        (posting("2016-01-02", "2019-01-01", unit_kind="county"), "county", "silent"),
        (posting("2016-01-01", "2019-01-01", "secondment", unit_kind="county"), "county", "silent"),
    ],
)
def test_long_on_one_side_leads_to_the_other(held, unit_kind, state):
    move = {"kind": "secondment", "place": PostPlace(unit_kind=unit_kind)}
    assert asked(WAY, person(held), **move).state == state
    assert asked(WAY, person(held), kind="appointment", place=move["place"]).state == "silent"
    assert asked(WAY, person(held), kind="secondment").state == "silent"


KIN = (
    "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head], guarded_words: [财政, 人事]}"
)


def held(unit, kind="staff", units=None, names=("局",)):
    return PostPlace(post_kind=kind, unit=unit, units=units or (unit,), unit_names=names)


@pytest.mark.parametrize(
    ("place", "other", "state"),
    [
        (held("A", "unit_head"), held("A"), "blocks"),
        (held("A"), held("A", "unit_head"), "blocks"),
        (held("A"), held("A"), "allows"),  # nobody leads
        (held("A", "unit_head"), held("B"), "allows"),
        # a guarded unit below the one that is led, on either side
        (held("A", "unit_head"), held("B", units=("B", "A"), names=("财政所", "镇")), "blocks"),
        (held("B", units=("B", "A"), names=("人事科", "镇")), held("A", "unit_head"), "blocks"),
        (held("A", "unit_head"), held("B", units=("B", "A"), names=("农业所", "财政局")), "allows"),
        (held("A"), held("B", units=("B", "A"), names=("财政所", "镇")), "allows"),
        (held("A", "unit_head"), held("B", units=("B", "C"), names=("财政所", "镇")), "allows"),
        (
            held("A", "unit_head"),
            PostPlace(post_kind="staff", unit="B", units=("B", "A")),
            "allows",
        ),
    ],
)
def test_relatives_and_guarded_units(place, other, state):
    spouse = Relative("y", "配偶", "spouse", ((other, None),))
    found = asked(KIN, person(kin=(spouse,)), place=place)
    assert (found.state, found.since) == (state, None)
    cousin = Relative("z", "表亲", "cousin", ((other, None),))
    assert asked(KIN, person(kin=(cousin,)), place=place).state == "allows"
    assert asked(KIN, person(kin=(cousin, spouse)), place=place).state == state
    leaving = Relative("y", "配偶", "spouse", ((other, date(2021, 1, 1)),))
    found = asked(KIN, person(kin=(leaving,)), place=place)
    expected = ("waits", date(2021, 1, 1)) if state == "blocks" else ("allows", None)
    assert (found.state, found.since) == expected
    assert (found.change is None) == (state != "blocks")
    assert asked(KIN, person(kin=(spouse,))).state == "silent"
    assert asked(KIN, person(kin=(spouse,)), place=PostPlace()).state == "silent"


@pytest.mark.parametrize(
    ("native", "state"),
    [
        ("青溪县龙山镇", "blocks"),
        ("龙山镇", "blocks"),
        ("龙山", "blocks"),
        ("青溪县", "blocks"),
        ("青溪县白水镇", "allows"),
        ("白水镇", "allows"),
    ],
)
def test_where_somebody_grew_up(native, state):
    text = "home_place: {post_kinds: [unit_head], unit_kinds: [township]}"
    who = person(native_place=native)
    assert asked(text, who, place=TOWN).state == state
    assert asked(text, who).state == "silent"
    elsewhere = {"post_kind": "staff", "unit_kind": "township", "unit_names": ("龙山镇",)}
    assert asked(text, who, place=PostPlace(**elsewhere)).state == "silent"
    elsewhere = {"post_kind": "unit_head", "unit_kind": "county", "unit_names": ("龙山镇",)}
    assert asked(text, who, place=PostPlace(**elsewhere)).state == "silent"
    nameless = PostPlace(post_kind="unit_head", unit_kind="township", unit_names=("", "（县）"))
    assert asked(text, who, place=nameless).state == "allows"


HARD = "hardship_service: {months: 60, hardship: 4, allowed_kinds: [secondment], allowed_months: 6}"


@pytest.mark.parametrize(
    ("postings", "move", "state"),
    [
        ([], {}, "silent"),
        ([posting(JOINED, hardship=None)], {}, "unknown"),
        ([posting(JOINED, hardship=3)], {}, "silent"),
        ([posting(JOINED, hardship=4)], {}, "waits"),
        ([posting(JOINED, "2017-01-01", hardship=3), posting("2017-01-01", hardship=5)], {},
         "silent"),
        ([posting(JOINED, hardship=4)], {"kind": "secondment"}, "waits"),  # nobody says how long
        ([posting(JOINED, hardship=4)], {"kind": "secondment", "months": 6}, "allows"),
        ([posting(JOINED, hardship=4)], {"kind": "secondment", "months": 7}, "waits"),
        ([posting(JOINED, hardship=4)], {"kind": "rotation", "months": 6}, "waits"),
    ],
)  # fmt: skip
def test_hardship_of_the_first_post(postings, move, state):
    who = person(*postings, on="2020-06-30")
    found = asked(HARD, who, **move)
    assert found.state == state
    if move.get("months"):  # without a length that is allowed none is short
        strict = HARD.replace(", allowed_months: 6", "")
        assert asked(strict, who, **{**move, "months": 1}).state == "waits"
    assert found.since == (day("2020-07-01") if state == "waits" else None)


STEPS = (
    "grade_steps: {steps: [二级科员, 一级科员, 四级主任科员], months: 24, excellent_shortens: %s,"
    " not_counted: [基本称职]}"
)


def entry(on, result, kind="appraisal"):
    return GrowthEntry(on, kind, "", result)


@pytest.mark.parametrize(
    ("entries", "shortens", "since"),
    [
        ((), 6, "2018-01-01"),
        ((entry("2015-12-31", "优秀"),), 6, "2018-01-01"),  # before the grade
        ((entry("2016-01-01", "优秀"),), 6, "2017-07-01"),  # on its first day
        ((entry("2016-12-31", "优秀"),), 6, "2017-07-01"),
        ((entry("2016-12-31", "优秀"),), 0, "2018-01-01"),
        ((entry("2016-12-31", "优秀"), entry("2017-12-31", "基本称职")), 6, "2018-07-01"),
        ((entry("2016-12-31", "优秀", "talk"),), 6, "2018-01-01"),
        (tuple(entry(f"2016-0{n}-01", "优秀") for n in range(2, 7)), 6, "2016-01-01"),  # to none
    ],
)
def test_reviews_shorten_and_delay_a_step(entries, shortens, since):
    who = person(posting("2016-01-01", rank="一级科员"), entries=entries)
    found = asked(STEPS % shortens, who, rank="四级主任科员")
    assert (found.state, found.since) == ("allows", day(since))
    assert (found.change is None) == (shortens == 0)
    if found.change:
        assert found.change.text() == "Each excellent yearly review shortens it by 6 months."


def test_a_step_counts_from_the_first_day_of_the_highest_grade():
    who = person(
        posting("2014-01-01", rank="二级科员"), posting("2016-01-01", rank="一级科员"),
        posting("2017-01-01", rank="一级科员"),
        grades=(("一级科员", day("2015-06-01")), ("四级调研员", day("2015-01-01"))),
    )  # fmt: skip
    assert asked(STEPS % 0, who, rank="四级主任科员").since == day("2017-06-01")
    assert asked(STEPS % 0, who, rank="一级科员").state == "silent"
    assert asked(STEPS % 0, who, rank="正科").state == "silent"


@pytest.mark.parametrize(
    ("posts", "since"),
    [
        # the earlier of principal and deputy counts
        ([("2016-01-01", "secretary"), ("2016-01-01", "deputy")], "2018-01-01"),
        ([("2014-01-01", "unit_head"), ("2016-01-01", "deputy")], "2017-01-01"),
        ([("2016-01-01", "staff")], None),
    ],
)
def test_township_experience(posts, since):
    text = "township_counts: {principal_months: 36, deputy_months: 24, unit_kinds: [township]}"
    held_ = [posting(begin, post_kind=kind, unit_kind="township") for begin, kind in posts]
    found = asked(text, person(*held_), rank="正科")
    assert (found.state, found.since) == (
        ("allows", day(since)) if since else ("silent", None)
    )  # fmt: skip
    assert asked(text, person(*held_)).state == "silent"
    away = [posting(begin, post_kind=kind, unit_kind="county") for begin, kind in posts]
    assert asked(text, person(*away), rank="正科").state == "silent"
    short = person(posting("2016-01-01", "2017-12-31", post_kind="deputy", unit_kind="township"))
    assert asked(text, short, rank="正科").state == "silent"


def test_the_first_grade_goes_by_the_longest_word_of_an_education():
    rules = "first_grade: {by_education: {研究生: 一级科员, 硕士研究生: 四级主任科员}}"
    who = counting(person(education="硕士研究生", on="2016-06-30"))
    found = asked(rules, who, rank="副科")
    assert (found.state, found.since) == ("waits", day("2016-07-01"))
    assert asked(rules, counting(person(education="博士研究生")), rank="副科").state == "silent"
    assert asked(rules, counting(person(education="高中")), rank="副科").state == "silent"
    assert asked(rules, counting(person(education="")), rank="副科").missing == ("education",)
    assert asked(rules, who, rank="正科").state == "silent"  # the grade counts as less
    words = "first_grade: {by_education: {本: 一级科员, 大学本科: 四级主任科员}}"
    assert asked(words, counting(person(education="大学本科")), rank="副科").state == "allows"
    assert asked(rules, who, rank="科员").state == "silent"
    assert asked(rules, who, rank=None).state == "silent"
    assert asked(rules, person(education="硕士研究生"), rank="副科").state == "silent"


def test_level_by_level_from_nothing_to_the_first_rank():
    text = "level_by_level: {months: 12}"
    nobody = person(trial_until=None)
    assert asked(text, nobody, rank="科员").state == "allows"
    assert asked(text, nobody, rank="副科").missing == ("rank",)
    risen = person(posting(JOINED, "2019-09-01"), posting("2019-09-01", rank="副科"))
    found = asked(text, risen, rank="正科")
    assert (found.state, found.since) == ("waits", day("2020-09-01"))
    assert asked(text, risen, rank="副处").change.text() == "First 正科."
    assert asked(text, risen, rank="科员").state == "silent"
    on_trial = person(posting(JOINED))
    assert asked(text, on_trial, rank="副科").since == day("2016-07-01")


def test_posts_at_the_level_below_do_not_count_what_is_assumed():
    text = "rank_after: {rank: 副处, from: [正科], months: 12, posts_below: 2, generally: []}"
    one = person(posting("2018-01-01", rank="正科"))
    assert asked(text, one, rank="副处").state == "blocks"
    two = person(posting("2018-01-01", "2019-01-01", rank="正科"),
                 posting("2019-01-01", rank="正科", post="q"))  # fmt: skip
    assert asked(text, two, rank="副处").state == "allows"
    assumed = person(posting(JOINED, rank="副科")).assuming("正科", day("2018-01-01"))
    assert asked(text, assumed, rank="副处").state == "allows"


# --- all rules of a post -------------------------------------------------------------------------


def rules_of(*texts):
    return parse_rules(
        "rules:\n" + "".join(
            f"- {{id: R{n}, title: {{zh: x, en: x}}, kind: {kind}, source: x, rule: {{{text}}}"
            f"{', enabled: false' if kind == 'off' else ''}}}\n".replace("kind: off", "kind: hard")
            for n, (kind, text) in enumerate(texts, 1)
        ),
        programme=PROGRAMME,
    )  # fmt: skip


TRANSFER = "no_transfer: {months: %s, kinds: [rotation]}"


def test_what_stands_against_a_post_hard_rules_first():
    rules = rules_of(
        ("warning", TRANSFER % 72), ("soft", TRANSFER % 66), ("hard", TRANSFER % 61),
        ("hard", TRANSFER % 62), ("off", TRANSFER % 120), ("hard", TRANSFER % 12),
        ("hard", "age_at_most: {kinds: [rotation], unit_kinds: [township], years: 40}"),
    )  # fmt: skip
    who = person(posting(JOINED))
    found = blocked(rules, who, TOWN, "rotation")
    assert (found.post, found.kind, found.is_open) == ("t", "rotation", False)
    assert [each.rule.id for each in found.against] == ["R3", "R4", "R2", "R1"]
    assert [each.rule.id for each in found.undecided] == ["R7"]
    assert found.earliest == day("2020-09-01")  # the later of the two hard ones
    told = found.as_dict()
    assert (told["open"], told["earliest"], told["kind"]) == (False, "2020-09-01", "rotation")
    assert [each["rule"] for each in told["against"]] == ["R3", "R4", "R2", "R1"]
    assert told["undecided"][0]["missing"] == ["born_on"]
    assert [each["since"] for each in told["against"]] == [
        "2020-08-01", "2020-09-01", "2021-01-01", "2021-07-01",
    ]  # fmt: skip
    assert told["undecided"][0]["since"] is None
    free = blocked(rules_of(("soft", TRANSFER % 66)), who, TOWN, "rotation")
    assert (free.is_open, free.earliest) == (True, who.on)
    never = blocked(
        rules_of(("hard", TRANSFER % 61), ("hard", "grassroots_wanted: {months: 1, kinds: [x]}")),
        who, TOWN, "rotation",
    )  # fmt: skip
    assert (never.is_open, never.earliest) == (False, None)


@pytest.mark.parametrize(
    ("rank", "held", "is_rise"),
    [("科员", "副科", False), ("副科", "副科", False), ("正科", "副科", True),
     (None, "副科", False), ("科员", None, True)],
)  # fmt: skip
def test_a_post_of_a_higher_rank_is_a_rise(rank, held, is_rise):
    who = person(posting(JOINED, rank=held)) if held else person()
    rules = rules_of(("hard", f"rank_after: {{rank: {rank or '正科'}, from: [正科], months: 1}}"))
    found = blocked(rules, who, PostPlace(post="p", rank=rank))
    assert bool(found.against) == is_rise
    assert found.kind is None


def test_the_end_of_the_trial_and_the_grade_after_it():
    rules = rules_of(
        ("hard", "trial_period: {months: 12}"),
        ("hard", "first_grade: {by_education: {本科: 一级科员}}"),
    )
    who = prepared(rules, person(trial_until=None))
    assert who.trial_until == day("2016-07-01")
    assert who.grades == (("一级科员", day("2016-07-01")),)
    assert prepared(rules, person(trial_until=None, is_trainee=False)).grades == ()
    assert prepared(rules, person(trial_until=None, education="高中")).grades == ()
    assert prepared(rules, person(trial_until=None, joined_on=None)).grades == ()
    assert prepared((), person()).trial_until is None


def test_the_usual_way_to_a_post():
    taken = [
        ("p", "staff", "rotation", 2), ("p", "staff", "appointment", 2), ("q", "staff", "x", 9),
        ("r", None, "y", 50), ("p", "staff", None, 99),
    ]  # fmt: skip
    assert usual_kind(taken, "p", "staff") == "appointment"  # of equals the first by name
    assert usual_kind(taken, "s", "staff") == "x"
    assert usual_kind(taken, "s", None) is None
    assert usual_kind([], "p", "staff") is None
    parts = [("q", "staff", "x", 2), ("r", "staff", "x", 2), ("s", "staff", "y", 3)]
    assert usual_kind(parts, "new", "staff") == "x"
    assert usual_kind([*taken, ("p", "staff", "rotation", 1)], "p", "staff") == "rotation"


def test_grades_count_as_ranks_from_their_day():
    who = person(posting(JOINED), grades=(("四级主任科员", day("2020-07-01")),))
    assert who.rank_index() == 0
    assert replace(who, programme=COUNTING).rank_index() == 1
    assert replace(who, programme=COUNTING, on=day("2020-06-30")).rank_index() == 0
    assert rule("settled: {months: 1}").rule.name == "settled"


def test_a_rise_that_is_assumed_ends_the_home_posts_held_then_and_nothing_else():
    who = person(
        posting(JOINED, "2016-01-01"), posting("2016-01-01", "2018-01-01"),
        posting("2018-01-01", "2018-01-02"), posting("2018-01-01"),
        posting("2017-01-01", None, "secondment"),
    )  # fmt: skip
    risen = who.assuming("副科", day("2018-01-01"))
    assert [each.until for each in risen.postings] == [
        day("2016-01-01"), day("2018-01-01"), day("2018-01-01"), day("2018-01-01"), None, None,
    ]  # fmt: skip
    assert (risen.rank, risen.rose_on, risen.on) == (1, day("2018-01-01"), who.on)
    assert risen.main == risen.postings[-1]
    assert (risen.main.assumed, risen.main.rank, risen.main.since) == (
        True, "副科", day("2018-01-01"),
    )  # fmt: skip
    later = who.assuming("副科", day("2021-01-01"))
    assert later.on == day("2021-01-01")
    same = who.assuming("科员", day("2018-01-01"))  # no rise
    assert same.rose_on is None


def test_what_is_served_so_far_is_said():
    text = "rank_after: {rank: 副科, from: [科员], months: 36%s}"
    ended = person(posting("2016-01-01", "2018-12-31"))
    said = asked(text % "", ended, rank="副科")
    assert said.because.text() == "35 of 36 months at 科员, and the time no longer runs."
    assert said.because.values["ranks"][0].terms == "ranks_and_grades"
    assert said.change.text() == "1 more month there."
    below = ", grassroots_months: 24, grassroots_kinds: [grassroots]"
    short = person(posting("2016-01-01"), posting("2016-01-01", "2017-12-01", "grassroots"))
    said = asked(text % below, short, rank="副科")
    assert said.because.text() == "23 of 24 months at the grassroots."
    assert said.change.text() == "1 more month at the grassroots."
    wanted = asked("grassroots_wanted: {months: 24, kinds: [grassroots]}", short)
    assert wanted.because.text() == "23 of 24 months at the grassroots."
    assert wanted.change.text() == "First grassroots."
    assert wanted.change.values["kinds"][0].terms == "rotation_kinds"
    village = asked("served_months: {kind: grassroots, at_least: 24}", short)
    assert village.because.text() == (
        "23 of 24 months of grassroots are served, and none is running."
    )
    assert village.change.text() == "1 more month of grassroots."


def test_of_two_times_that_are_full_on_one_day_either_is_said():
    text = "rank_after: {rank: 副科, from: [科员], months: 36, work_months: 36}"
    found = asked(text, person(posting(JOINED)), rank="副科")
    assert (found.state, found.since) == ("allows", day("2018-07-01"))


@pytest.mark.parametrize(
    ("kind", "on", "state"),
    [
        ("rotation", "2019-12-31", "silent"),
        ("platform", "2019-12-31", "allows"),  # the rule names it
        ("secondment", "2019-12-31", "allows"),  # the programme says that it keeps the home post
        ("platform", "2020-01-01", "blocks"),
        ("secondment", "2020-01-01", "blocks"),
    ],
)
def test_a_home_post_must_be_held_to_be_kept(kind, on, state):
    who = person(posting(JOINED, "2020-01-01"), on=on)
    assert asked("keeps_home_post: {kinds: [platform]}", who, kind=kind).state == state


@pytest.mark.parametrize(
    ("is_trainee", "move", "state"),
    [
        (True, {"kind": "rotation"}, "blocks"),
        (True, {"kind": "grassroots"}, "silent"),
        (True, {"kind": "grassroots", "rank": "副科"}, "blocks"),
        (False, {"kind": "rotation"}, "silent"),
        (False, {"kind": "grassroots", "rank": "副科"}, "silent"),
    ],
)
def test_months_at_the_grassroots_are_asked_of_trainees_before_all_else(is_trainee, move, state):
    who = person(posting(JOINED), is_trainee=is_trainee)
    assert asked("served_months: {kind: grassroots, at_least: 24}", who, **move).state == state


# --- every fact that may lack: it matters, or it does not ---

LEADER = held("A", "unit_head")
BARE = PostPlace(post="b", unit="A", units=("A",), unit_names=("局",))
HOME = "home_place: {post_kinds: [unit_head], unit_kinds: [township]}"
AGE = "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}"
LEADS = "post_trial: {months: 12, post_kinds: [unit_head]}"
LAST = "last_reviews: {record: appraisal, last: 2, none_of: [基本称职]}"


def kin(*places, relation="spouse"):
    return Relative("y", "亲属", relation, tuple((each, None) for each in places))


LACKING = [
    # the kind of a post: only where the other one does not lead, and this one could
    (KIN, person(kin=(kin(held("A")),)), {"place": BARE}, "unknown", ("post_kind",)),
    (KIN, person(kin=(kin(LEADER),)), {"place": BARE}, "blocks", ()),
    (KIN, person(kin=(kin(held("B")),)), {"place": BARE}, "allows", ()),
    (KIN, person(kin=(kin(BARE),)), {"place": held("A")}, "unknown", ("post_kind",)),
    # a relation: only of somebody who would be in the way; who certainly is decides
    (KIN, person(kin=(kin(LEADER, relation=None),)), {"place": held("A")}, "unknown",
     ("relation",)),
    (KIN, person(kin=(kin(LEADER, relation=None),)), {"place": held("B")}, "allows", ()),
    (KIN, person(kin=(kin(LEADER, relation=None), kin(LEADER))), {"place": held("A")}, "blocks",
     ()),
    (KIN, person(kin=(kin(relation=None),)), {"place": held("A")}, "allows", ()),
    # the unit of a post
    (KIN, person(kin=(kin(LEADER),)), {"place": PostPlace(post="b")}, "unknown", ("unit",)),
    (KIN, person(kin=()), {"place": PostPlace(post="b")}, "silent", ()),
    # where somebody grew up is asked of principals; elsewhere the kinds do not matter
    (HOME, person(native_place="龙山镇"), {"place": replace(TOWN, post_kind=None)}, "unknown",
     ("post_kind",)),
    (HOME, person(native_place="龙山镇"), {"place": replace(TOWN, unit_kind=None)}, "unknown",
     ("unit_kind",)),
    (HOME, person(native_place="白水镇"), {"place": replace(TOWN, post_kind=None)}, "allows", ()),
    (HOME, person(), {"place": replace(TOWN, post_kind=None)}, "unknown", ("native_place",)),
    # the kind of a unit: only of who is too old for some
    (AGE, person(born_on="1970-01-01"), {"kind": "secondment", "place": BARE}, "unknown",
     ("unit_kind",)),
    (AGE, person(born_on="1990-01-01"), {"kind": "secondment", "place": BARE}, "silent", ()),
    (WAY, person(ABOVE), {"kind": "secondment", "place": BARE}, "unknown", ("unit_kind",)),
    (WAY, person(), {"kind": "secondment", "place": BARE}, "silent", ()),
    # the kind of the post held: only in the months that a trial would last
    (LEADS, person(posting("2019-07-02")), RANK, "unknown", ("post_kind",)),
    (LEADS, person(posting("2019-07-01")), RANK, "silent", ()),
    (LEADS, person(posting("2020-01-01", post_kind="staff")), RANK, "silent", ()),
    # a review without its result: only among those asked for
    (LAST, person(entries=(entry("2018-12-31", "称职"), entry("2019-12-31", ""))), RANK,
     "unknown", ("appraisal",)),
    (LAST, person(entries=(entry("2017-12-31", ""), entry("2018-12-31", "称职"),
                           entry("2019-12-31", "称职"))), RANK, "allows", ()),
    (LAST, person(entries=(entry("2018-12-31", "基本称职"), entry("2019-12-31", ""))), RANK,
     "waits", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "who", "move", "state", "lacks"), LACKING)
def test_a_fact_lacks_only_where_it_could_change_the_answer(text, who, move, state, lacks):
    found = asked(text, who, **move)
    assert (found.state, found.missing) == (state, lacks)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grade_steps: {steps: [一级科员], months: 24, ranks_count: {四级主任科员: 副科}}",
         "四级主任科员"),
        ("grade_steps: {steps: [一级科员], months: 24, ranks_count: {一级科员: 科长}}", "科长"),
        ("rank_after: {rank: 副科, from: [科员], months: 36, generally: [months]}", "months"),
    ],
)  # fmt: skip
def test_what_a_rule_may_not_say_is_an_error(text, message):
    with pytest.raises(InputError, match=message):
        rule(text)


def test_parts_asked_for_generally_are_told_and_hard_ones_hold():
    text = "rank_after: {rank: 正科, from: [副科], months: 24, work_months: 120%s}"
    who = person(posting("2016-01-01", rank="副科"), service=((day(JOINED), None),))
    hard = asked(text % "", who, rank="正科")
    assert (hard.state, hard.since, hard.advice) == ("waits", day("2025-07-01"), ())
    soft = asked(text % ", generally: [work_months]", who, rank="正科")
    assert (soft.state, soft.since) == ("allows", day("2018-01-01"))
    assert [each.text() for each in soft.advice] == ["120 months of work are full on 2025-07-01."]
    met = asked(
        text % ", generally: [work_months]", replace(who, on=day("2025-07-01")), rank="正科"
    )
    assert met.advice == ()


def test_a_posting_at_a_grade_counts_as_the_rank_that_it_counts_as():
    who = person(posting("2016-01-01", rank="四级主任科员"))
    text = "rank_after: {rank: 正科, from: [副科], months: 24}"
    assert asked(text, who, rank="正科").state == "blocks"
    found = asked(text, counting(who), rank="正科")
    assert (found.state, found.since) == ("allows", day("2018-01-01"))
