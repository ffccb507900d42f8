"""Each rule of appointment: one case that breaks it, one that holds, and the facts it lacks.

Long because the cases of all rules stand in the order of the rules, over the same few people.
"""

from dataclasses import replace
from datetime import date

import pytest

from graph.appointment_rules import AppointmentRule
from graph.programme import Rule, parse_programme, parse_rules
from queries.careers.eligibility import eligibility
from queries.personnel import Known, KnownPosting, of_rows, terms_of
from queries.personnel.spans import merged, reached, served
from queries.programme.facts import GrowthEntry
from queries.rules import JUDGES, judge, rough
from queries.rules.appointments import prepared
from queries.rules.candidate import (
    Candidate,
    CandidatePosting,
    PostPlace,
    ProposedMove,
    Relative,
)
from queries.rules.rough import last_rise
from webapp.shell.sentences import FACT_TITLES

PROGRAMME = parse_programme(
    """
id: p
name: {zh: 项目, en: Programme}
ranks: [{key: 科员, zh: 科员, en: staff}, {key: 副科, zh: 副科, en: deputy section},
        {key: 正科, zh: 正科, en: section}, {key: 副处, zh: 副处, en: deputy county}]
grades:
  - {key: 二级科员, zh: 二级科员, en: staff 2, counts_as: 科员}
  - {key: 一级科员, zh: 一级科员, en: staff 1, counts_as: 科员}
  - {key: 四级主任科员, zh: 四级主任科员, en: section 4, counts_as: 副科}
exercises:
  - {key: secondment, keeps_home_post: true}
"""
)
COUNTING = PROGRAMME.model_copy(update={"grades_count_as_ranks": True})
JOINED = "2015-07-01"


def day(text: str) -> date:
    return date.fromisoformat(text)


def posting(since, until=None, kind="appointment", rank="科员", **place):
    return CandidatePosting(
        PostPlace(rank=rank, **{"post": "p", "title": "岗位", **place}),
        kind,
        rank,
        day(since),
        day(until) if until else None,
    )


def person(*postings, on="2020-07-01", **facts) -> Candidate:
    given = {"joined_on": JOINED, "education": "本科", "trial_until": day("2016-07-01"), **facts}
    return as_known("x", "某人", day(on), PROGRAMME, postings=postings, **given)


def as_known(id_, name, on, programme, postings=(), joined_on=None, **given) -> Candidate:
    """A candidate of whom the personnel model says the main post, the rank and the last rise."""
    rows = [
        KnownPosting(
            str(n), id_, each.place.post, each.kind, each.rank,
            each.since.isoformat(), each.until.isoformat() if each.until else None,
        )
        for n, each in enumerate(postings)
    ]  # fmt: skip
    model = of_rows([Known(id_, joined_on)], rows, terms_of(programme))
    main = model.on(on).main_posting(id_)
    return Candidate(
        id_, name, on, programme, joined_on=joined_on, postings=tuple(postings),
        main=postings[int(main)] if main else None, rank=model.on(on).rank_index(id_),
        rose_on=day(rise) if (rise := last_rise(model, id_, on)) else None, **given,
    )  # fmt: skip


def counting(who: Candidate) -> Candidate:
    """The same person in a programme whose grades count as ranks."""
    return replace(who, programme=COUNTING)


def rule(text: str, kind: str = "hard") -> Rule:
    """Read one rule as rules.yaml writes it."""
    (found,) = parse_rules(
        "rules:\n- id: R\n  title: {zh: 规则, en: Rule}\n"
        f"  rule: {{{text}}}\n  kind: {kind}\n  source: test\n",
        programme=PROGRAMME,
    )
    return found


def asked(text: str, who: Candidate, **move):
    return judge(rule(text), who, ProposedMove(**move))


def test_every_declared_rule_has_its_one_function():
    assert set(JUDGES) == set(AppointmentRule.model_fields)
    assert all(function.__doc__ for function in JUDGES.values())


# --- periods ------------------------------------------------------------------------------------


def test_touching_and_overlapping_periods_are_one_and_reversed_ones_none():
    periods = [
        (day("2020-01-01"), day("2020-06-01")),
        (day("2020-06-01"), day("2021-01-01")),
        (day("2020-03-01"), day("2020-04-01")),
        (day("2022-01-01"), day("2021-01-01")),
    ]
    assert merged(periods) == [(day("2020-01-01"), day("2021-01-01"))]


def test_months_add_up_over_a_break():
    periods = [(day("2020-01-01"), day("2020-07-01")), (day("2021-01-15"), None)]
    assert reached(periods, 6) == day("2020-07-01")
    assert reached(periods, 7) == day("2021-02-15")
    assert reached(periods[:1], 7) is None
    assert served(periods, day("2021-03-01")) == 7


# --- one rule after another: what it takes from, what it waits for -------------------------------

RANK = {"rank": "副科"}
VILLAGE = {"kind": "grassroots", "unit_kind": "village"}

HARDSHIP = (
    "hardship_service: {months: 60, hardship: 5, allowed_kinds: [secondment], allowed_months: 6}"
)
REVIEWS = ((2016, "基本称职"), (2017, "称职"), (2018, "称职"), (2019, "优秀"))
OWN_UNIT = PostPlace(post="h", post_kind="unit_head", unit="u", units=("u",), unit_names=("镇",))
OWN = PostPlace(post_kind="unit_head", unit_kind="township", unit_names=("龙山镇（虚构）",))

CASES = [
    # name, rule, person, move, state, first day
    (
        "trial_period",
        "trial_period: {months: 12}",
        person(on="2016-06-30"),
        RANK,
        "waits",
        "2016-07-01",
    ),
    (
        "trial_period",
        "trial_period: {months: 12}",
        person(on="2016-07-01"),
        RANK,
        "allows",
        "2016-07-01",
    ),
    (
        "trial_period",
        "trial_period: {months: 12}",
        person(joined_on=None),
        RANK,
        "unknown",
        "joined_on",
    ),
    (
        "served_months",
        "served_months: {kind: grassroots, at_least: 24}",
        person(posting("2019-01-01", kind="grassroots")),
        RANK,
        "waits",
        "2021-01-01",
    ),
    (
        "served_months",
        "served_months: {kind: grassroots, at_least: 24}",
        person(posting("2015-07-01", "2017-07-01", kind="grassroots")),
        RANK,
        "allows",
        "2017-07-01",
    ),
    (
        "served_months",
        "served_months: {kind: grassroots, at_least: 24}",
        person(posting("2015-07-01", "2016-07-01", kind="grassroots")),
        RANK,
        "blocks",
        None,
    ),
    (
        "served_months",
        "served_months: {kind: grassroots, at_least: 24, unit_kinds: [village]}",
        person(posting("2015-07-01", "2018-07-01", kind="grassroots", unit_kind="township")),
        RANK,
        "blocks",
        None,
    ),
    (
        "no_transfer",
        "no_transfer: {months: 24, kinds: [secondment]}",
        person(on="2017-06-30"),
        {"kind": "secondment"},
        "waits",
        "2017-07-01",
    ),
    (
        "no_transfer",
        "no_transfer: {months: 24, kinds: [secondment]}",
        person(on="2017-06-30"),
        {"kind": "rotation"},
        "silent",
        None,
    ),
    (
        "hardship_service",
        HARDSHIP,
        person(posting(JOINED, hardship=5), on="2018-01-01"),
        {"kind": "rotation"},
        "waits",
        "2020-07-01",
    ),
    (
        "hardship_service",
        HARDSHIP,
        person(posting(JOINED, hardship=5), on="2018-01-01"),
        {"kind": "secondment", "months": 6},
        "allows",
        None,
    ),
    (
        "hardship_service",
        "hardship_service: {months: 60, hardship: 5}",
        person(posting(JOINED)),
        {"kind": "rotation"},
        "unknown",
        "hardship",
    ),
    (
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36, trial_counts: false}",
        person(posting(JOINED), on="2019-06-30"),
        RANK,
        "waits",
        "2019-07-01",
    ),
    (
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36}",
        person(posting(JOINED), on="2019-06-30"),
        RANK,
        "allows",
        "2018-07-01",
    ),
    (
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36}",
        person(posting("2016-01-01", rank=None)),
        RANK,
        "blocks",
        None,
    ),
    (  # time at a higher rank is time at that rank or above
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36}",
        person(posting("2016-01-01", rank="正科")),
        RANK,
        "allows",
        "2019-01-01",
    ),
    (  # a secondment gives no rank
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36}",
        person(posting("2016-01-01", kind="secondment")),
        RANK,
        "blocks",
        None,
    ),
    (  # the grassroots is a kind of posting or a kind of unit, as the rule lists
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 12, grassroots_months: 24,"
        " grassroots_unit_kinds: [township]}",
        person(posting(JOINED, unit_kind="township")),
        RANK,
        "allows",
        "2017-07-01",
    ),
    (
        "rank_after",
        "rank_after: {rank: 正科, from: [副科], months: 24, posts_below: 2, generally: []}",
        person(posting("2016-01-01", rank="副科")),
        {"rank": "正科"},
        "blocks",
        None,
    ),
    (
        "rank_after",
        "rank_after: {rank: 正科, from: [副科], months: 24, posts_below: 2}",  # advice only
        person(posting("2016-01-01", rank="副科")),
        {"rank": "正科"},
        "allows",
        "2018-01-01",
    ),
    (
        "rank_after",
        "rank_after: {rank: 正科, from: [副科], months: 24, posts_below: 2, work_months: 60}",
        person(
            posting("2016-01-01", "2017-01-01", rank="副科"),
            posting("2017-01-01", rank="副科", post="q"),
            on="2020-01-01",
        ),
        {"rank": "正科"},
        "waits",
        "2020-07-01",
    ),
    (
        "rank_after",
        "rank_after: {rank: 正科, from: [副科], months: 12, grassroots_months: 24}",
        person(posting("2016-01-01", rank="副科")),
        {"rank": "正科"},
        "blocks",
        None,
    ),
    (
        "level_by_level",
        "level_by_level: {months: 12}",
        person(posting(JOINED), on="2021-01-01"),
        {"rank": "正科"},
        "blocks",
        None,
    ),
    (
        "level_by_level",
        "level_by_level: {months: 12}",
        person(posting(JOINED, "2020-01-01"), posting("2020-01-01", rank="副科")),
        {"rank": "正科"},
        "waits",
        "2021-01-01",
    ),
    (
        "level_by_level",
        "level_by_level: {months: 12}",
        person(posting(JOINED)),
        RANK,
        "allows",
        "2016-07-01",
    ),
    (
        "grade_steps",
        "grade_steps: {steps: [一级科员, 四级主任科员], months: 24, excellent_shortens: 6}",
        person(
            posting("2019-01-01", rank="一级科员"),
            entries=(GrowthEntry("2019-12-31", "appraisal", "", "优秀"),),
            on="2020-06-30",
        ),
        {"rank": "四级主任科员"},
        "waits",
        "2020-07-01",
    ),
    (
        "grade_steps",
        "grade_steps: {steps: [一级科员, 四级主任科员], months: 24, not_counted: [基本称职]}",
        person(
            posting("2017-07-01", rank="一级科员"),
            entries=(GrowthEntry("2018-12-31", "appraisal", "", "基本称职"),),
        ),
        {"rank": "四级主任科员"},
        "allows",
        "2020-07-01",
    ),
    (
        "first_grade",
        "first_grade: {by_education: {硕士: 四级主任科员}}",
        counting(person(education="硕士研究生", on="2016-01-01")),
        RANK,
        "waits",
        "2016-07-01",
    ),
    (
        "first_grade",
        "first_grade: {by_education: {硕士: 四级主任科员}}",
        person(education="硕士"),
        {"rank": "正科"},
        "silent",
        None,
    ),
    (
        "first_grade",
        "first_grade: {by_education: {硕士: 四级主任科员}}",
        counting(person(education=None)),
        RANK,
        "unknown",
        "education",
    ),
    (
        "post_trial",
        "post_trial: {months: 12, post_kinds: [deputy]}",
        person(posting("2020-01-01", post_kind="deputy", rank="副科")),
        {"rank": "正科"},
        "waits",
        "2021-01-01",
    ),
    (
        "post_trial",
        "post_trial: {months: 12, post_kinds: [deputy]}",
        person(posting("2019-01-01", post_kind="deputy", rank="副科")),
        {"rank": "正科"},
        "allows",
        "2020-01-01",
    ),
    (
        "keeps_home_post",
        "keeps_home_post: {kinds: [secondment]}",
        person(posting(JOINED, "2020-01-01")),
        {"kind": "secondment"},
        "blocks",
        None,
    ),
    (
        "keeps_home_post",
        "keeps_home_post: {kinds: [secondment]}",
        person(posting(JOINED)),
        {"kind": "secondment"},
        "allows",
        None,
    ),
    (
        "lasts",
        "lasts: {kinds: [secondment], at_least: 12, at_most: 24}",
        person(),
        {"kind": "secondment", "months": 30},
        "blocks",
        None,
    ),
    (
        "lasts",
        "lasts: {kinds: [secondment], at_least: 12, at_most: 24}",
        person(),
        {"kind": "secondment", "months": 24},
        "allows",
        None,
    ),
    (
        "age_at_most",
        "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}",
        person(born_on="1979-06-30"),
        {"kind": "secondment", "place": PostPlace(unit_kind="township")},
        "blocks",
        None,
    ),
    (
        "age_at_most",
        "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}",
        person(born_on="1979-07-02"),
        {"kind": "secondment", "place": PostPlace(unit_kind="township")},
        "allows",
        None,
    ),
    (
        "age_at_most",
        "age_at_most: {kinds: [secondment], unit_kinds: [township], years: 40}",
        person(),
        {"kind": "secondment", "place": PostPlace(unit_kind="township")},
        "unknown",
        "born_on",
    ),
    (
        "opposite_way",
        "opposite_way: {kinds: [secondment], months: 36, above: [department], below: [township]}",
        person(posting(JOINED, unit_kind="department")),
        {"kind": "secondment", "place": PostPlace(unit_kind="department")},
        "blocks",
        None,
    ),
    (
        "opposite_way",
        "opposite_way: {kinds: [secondment], months: 36, above: [department], below: [township]}",
        person(posting(JOINED, unit_kind="department")),
        {"kind": "secondment", "place": PostPlace(unit_kind="township")},
        "allows",
        None,
    ),
    (
        "home_place",
        "home_place: {post_kinds: [unit_head], unit_kinds: [township]}",
        person(native_place="龙山镇"),
        {"place": OWN},
        "blocks",
        None,
    ),
    (
        "home_place",
        "home_place: {post_kinds: [unit_head], unit_kinds: [township]}",
        person(native_place="青溪镇"),
        {"place": PostPlace(post_kind="unit_head", unit_kind="township", unit_names=("龙山镇",))},
        "allows",
        None,
    ),
    (
        "home_place",
        "home_place: {post_kinds: [unit_head], unit_kinds: [township]}",
        person(),
        {"place": PostPlace(post_kind="unit_head", unit_kind="township", unit_names=("龙山镇",))},
        "unknown",
        "native_place",
    ),
    (
        "longest_in_post",
        "longest_in_post: {months: 60}",
        person(posting(JOINED)),
        {"place": PostPlace(post="p")},
        "blocks",
        None,
    ),
    (
        "longest_in_post",
        "longest_in_post: {months: 60}",
        person(posting(JOINED)),
        {"place": PostPlace(post="q")},
        "allows",
        None,
    ),
    (
        "changes_in_term",
        "changes_in_term: {term_months: 60, at_most: 1}",
        person(
            posting(JOINED, "2017-01-01"),
            posting("2017-01-01", post="q"),
            moves=(day("2017-01-01"),),
        ),
        RANK,
        "waits",
        "2022-01-01",
    ),
    (
        "changes_in_term",
        "changes_in_term: {term_months: 60, at_most: 1}",
        person(posting(JOINED)),
        RANK,
        "allows",
        None,
    ),
    (
        "grassroots_wanted",
        "grassroots_wanted: {months: 24, kinds: [grassroots]}",
        person(posting(JOINED)),
        {"kind": "rotation"},
        "blocks",
        None,
    ),
    (
        "grassroots_wanted",
        "grassroots_wanted: {months: 24, kinds: [grassroots]}",
        person(posting(JOINED)),
        {"kind": "grassroots"},
        "allows",
        None,
    ),
    (
        "settled",
        "settled: {months: 12}",
        person(posting("2020-01-01")),
        {"kind": "rotation"},
        "waits",
        "2021-01-01",
    ),
    (
        "settled",
        "settled: {months: 12}",
        person(posting("2019-01-01")),
        {"kind": "rotation"},
        "allows",
        "2020-01-01",
    ),
    (
        "township_counts",
        "township_counts: {principal_months: 36, deputy_months: 24, unit_kinds: [township]}",
        person(posting("2019-01-01", unit_kind="township", post_kind="deputy", rank="副科")),
        {"rank": "正科"},
        "waits",
        "2021-01-01",
    ),
    (
        "township_counts",
        "township_counts: {principal_months: 36, deputy_months: 24, unit_kinds: [township]}",
        person(posting("2018-01-01", unit_kind="township", post_kind="deputy", rank="副科")),
        {"rank": "正科"},
        "allows",
        "2020-01-01",
    ),
    (
        "last_reviews",
        "last_reviews: {record: appraisal, last: 3, none_of: [基本称职]}",
        person(
            entries=tuple(
                GrowthEntry(f"{year}-12-31", "appraisal", "", result)
                for year, result in ((2017, "称职"), (2018, "基本称职"), (2019, "优秀"))
            )
        ),
        RANK,
        "waits",
        "2021-12-31",
    ),
    (
        "last_reviews",
        "last_reviews: {record: appraisal, last: 3, none_of: [基本称职]}",
        person(
            entries=tuple(
                GrowthEntry(f"{year}-12-31", "appraisal", "", result) for year, result in REVIEWS
            )
        ),
        RANK,
        "allows",
        None,
    ),
    (
        "last_reviews",
        "last_reviews: {record: appraisal, last: 3, none_of: [基本称职]}",
        person(),
        RANK,
        "unknown",
        "appraisal",
    ),
    (
        "no_transfer",
        "no_transfer: {months: 24, kinds: [secondment]}",
        person(on="2017-07-01"),
        {"kind": "secondment"},
        "allows",
        "2017-07-01",
    ),
    (
        "no_transfer",
        "no_transfer: {months: 24, kinds: [secondment]}",
        person(joined_on=None),
        {"kind": "secondment"},
        "unknown",
        "joined_on",
    ),
    (
        "hardship_service",
        HARDSHIP,
        person(posting(JOINED, hardship=5), joined_on=None),
        {"kind": "rotation"},
        "unknown",
        "joined_on",
    ),
    (
        "rank_after",
        "rank_after: {rank: 副科, from: [科员], months: 36, trial_counts: false}",
        person(posting(JOINED), joined_on=None, trial_until=None),
        RANK,
        "unknown",
        "joined_on",
    ),
    (
        "level_by_level",
        "level_by_level: {months: 12}",
        person(posting(JOINED, rank=None)),
        RANK,
        "unknown",
        "rank",
    ),
    (
        "grade_steps",
        "grade_steps: {steps: [一级科员, 四级主任科员], months: 24}",
        person(posting(JOINED)),
        {"rank": "四级主任科员"},
        "unknown",
        "grade",
    ),
    (
        "grade_steps",
        "grade_steps: {steps: [二级科员, 一级科员, 四级主任科员], months: 24}",
        person(posting(JOINED, rank="二级科员")),
        {"rank": "四级主任科员"},
        "blocks",
        None,
    ),
    (
        "first_grade",
        "first_grade: {by_education: {硕士: 四级主任科员}}",
        counting(person(education="硕士", on="2016-07-01")),
        RANK,
        "allows",
        "2016-07-01",
    ),
    (
        "first_grade",
        "first_grade: {by_education: {硕士: 四级主任科员}}",
        counting(person(education="硕士", joined_on=None, trial_until=None)),
        RANK,
        "unknown",
        "joined_on",
    ),
    (
        "lasts",
        "lasts: {kinds: [secondment], at_least: 12, at_most: 24}",
        person(),
        {"kind": "secondment"},
        "allows",
        None,
    ),
    (
        "kin_apart",
        "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}",
        person(kin=None),
        {"place": OWN_UNIT},
        "unknown",
        "kin",
    ),
    (
        "kin_apart",
        "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}",
        person(kin=(Relative("y", "配偶", None, ((OWN_UNIT, None),)),)),
        {"place": OWN_UNIT},
        "unknown",
        "relation",
    ),
    (
        "kin_apart",
        "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}",
        person(),
        {"place": OWN_UNIT},
        "allows",
        None,
    ),
    (
        "kin_apart",
        "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head]}",
        person(kin=(Relative("y", "配偶", "spouse", ((OWN_UNIT, None),)),)),
        {"place": OWN_UNIT},
        "blocks",
        None,
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "who", "move", "state", "expected"),
    CASES,
    ids=[f"{number}-{case[0]}-{case[4]}" for number, case in enumerate(CASES)],
)
def test_rule_says(name, text, who, move, state, expected):
    assert text.startswith(name)
    verdict = asked(text, who, **move)
    assert verdict.state == state
    if state == "unknown":
        assert verdict.missing == (expected,)
    else:
        assert verdict.since == (day(expected) if expected else None)
    assert verdict.because.text()


def test_every_rule_has_a_case_that_breaks_it_and_one_that_holds():
    states: dict[str, set[str]] = {}
    for name, *_, state, _expected in CASES:
        states.setdefault(name, set()).add(state)
    assert set(states) == set(JUDGES)
    assert [name for name in states if not states[name] & {"waits", "blocks"}] == []
    assert [name for name in states if "allows" not in states[name]] == []


def test_every_fact_that_a_rule_may_lack_has_a_title():
    lacking = {expected for *_, state, expected in CASES if state == "unknown"}
    assert lacking <= set(FACT_TITLES)
    named = {fact for name, fact in vars(rough).items() if name.isupper() and isinstance(fact, str)}
    assert named <= set(FACT_TITLES)


KIN = "kin_apart: {relations: [spouse], leading_post_kinds: [unit_head], guarded_words: [财政]}"
TOWN = PostPlace(post="p1", post_kind="staff", unit="t", units=("t", "d"), unit_names=("镇", "区"))
MONEY = PostPlace(
    post="p2", post_kind="staff", unit="f", units=("f", "d"), unit_names=("财政局", "区")
)
HEAD = replace(TOWN, post="p3", post_kind="unit_head")
DISTRICT_HEAD = PostPlace(
    post="p4", post_kind="unit_head", unit="d", units=("d",), unit_names=("区",)
)


@pytest.mark.parametrize(
    ("held", "relation", "to", "state"),
    [
        (HEAD, "spouse", TOWN, "blocks"),
        (TOWN, "spouse", HEAD, "blocks"),
        (TOWN, "spouse", TOWN, "allows"),
        (HEAD, "cousin", TOWN, "allows"),
        (HEAD, None, TOWN, "unknown"),
        (DISTRICT_HEAD, "spouse", MONEY, "blocks"),
        (DISTRICT_HEAD, "spouse", TOWN, "allows"),
    ],
)
def test_kin_apart(held, relation, to, state):
    who = person(kin=(Relative("y", "配偶", relation, ((held, None),)),))
    assert asked(KIN, who, place=to).state == state


def test_kin_apart_waits_for_a_known_end():
    who = person(kin=(Relative("y", "配偶", "spouse", ((HEAD, day("2021-01-01")),)),))
    assert asked(KIN, who, place=TOWN).since == day("2021-01-01")


def test_a_stay_is_not_cut_short_by_an_unbroken_renewal():
    who = person(posting(JOINED, "2018-01-01"), posting("2018-01-01"))
    verdict = asked("longest_in_post: {months: 120}", who, place=PostPlace(post="q"))
    assert verdict.until == day("2025-07-01")


# --- RULES.md's derived cases -------------------------------------------------------------------


def district_rules():
    from tests.conftest import ROOT

    text = (ROOT / "examples" / "shifeng" / "rules.yaml").read_text(encoding="utf-8")
    programme = parse_programme(
        (ROOT / "examples" / "shifeng" / "programme.yaml").read_text(encoding="utf-8")
    )
    return programme, parse_rules(text, programme=programme)


def entrant(education: str, grades_count_as_ranks: bool = False):
    programme, rules = district_rules()
    programme = programme.model_copy(update={"grades_count_as_ranks": grades_count_as_ranks})
    village = posting(
        JOINED, "2017-07-01", "grassroots", unit_kind="village", hardship=4, post_kind="grassroots"
    )
    office = posting("2017-07-01", unit_kind="department", post="q", post_kind="staff")
    who = as_known(
        "x", "某人", day(JOINED), programme, joined_on=JOINED, education=education,
        postings=(village, office),
    )  # fmt: skip
    return eligibility(rules, who)


def test_bachelor_is_deputy_county_nine_years_after_entry_at_the_earliest():
    found = {rank.key: rank for rank in entrant("本科").ranks}
    # trial 1 + staff 3, deputy 2, section 3
    assert found["副科"].earliest == day("2019-07-01")
    assert found["正科"].earliest == day("2021-07-01")
    assert found["副处"].earliest == day("2024-07-01")
    assert [judged.rule.id for judged in found["副科"].held_by] == ["R5"]
    assert [judged.rule.id for judged in found["副处"].held_by] == ["R7"]


def test_a_masters_grade_is_no_rank_but_counts_where_a_rule_names_it():
    found = {rank.key: rank for rank in entrant("硕士").ranks}
    assert found["副科"].earliest == day("2019-07-01")  # as a bachelor
    # R6 names the grade held since the trial, so only the year between two rises is left
    assert found["正科"].earliest == day("2020-07-01")
    assert [judged.rule.id for judged in found["正科"].held_by] == ["R9"]
    assert found["副处"].earliest == day("2023-07-01")


def test_where_grades_count_a_master_is_deputy_county_six_years_after_entry_at_the_earliest():
    found = {rank.key: rank for rank in entrant("硕士", grades_count_as_ranks=True).ranks}
    # the trial year gives a grade that counts as deputy section
    assert found["副科"].earliest == day("2016-07-01")
    assert found["正科"].earliest == day("2018-07-01")
    assert found["副处"].earliest == day("2021-07-01")


def test_reviews_of_years_to_come_leave_nothing_undecided():
    first = entrant("本科").ranks[0]
    assert (first.state, first.earliest, first.latest) == (
        "waits", day("2019-07-01"), day("2019-07-01"),
    )  # fmt: skip
    assert first.undecided == ()


def test_unknown_joining_is_said_and_not_guessed():
    programme, rules = district_rules()
    who = Candidate("x", "某人", day("2020-01-01"), programme, postings=(posting("2017-01-01"),))
    missing = {fact for rank in eligibility(rules, who).ranks[:1] for each in rank.undecided
               for fact in each.verdict.missing}  # fmt: skip
    assert "joined_on" in missing


def test_switched_off_rule_does_not_hold_anybody():
    programme, rules = district_rules()
    who = as_known(
        "x", "某人", day(JOINED), programme, joined_on=JOINED, education="本科",
        postings=(
            posting(JOINED, "2017-07-01", kind="grassroots"),
            posting("2017-07-01", post="q"),
        ),
    )  # fmt: skip
    off = [replace_enabled(rule, rule.id != "R5") for rule in rules]
    # without R5 the two years without a transfer and in the village are the longest
    assert eligibility(off, who).ranks[0].earliest == day("2017-07-01")
    assert eligibility(rules, who).ranks[0].without == day("2017-07-01")


def replace_enabled(rule: Rule, enabled: bool) -> Rule:
    return rule.model_copy(update={"enabled": enabled and rule.enabled})


def test_what_was_open_and_did_not_come_is_counted_from_today():
    programme, rules = district_rules()
    who = as_known(
        "x", "某人", day("2022-01-01"), programme, joined_on=JOINED, education="本科",
        postings=(
            posting(JOINED, "2017-07-01", kind="grassroots"),
            posting("2017-07-01", post="q"),
        ),
    )  # fmt: skip
    first, second, *_ = eligibility(rules, who).ranks
    assert first.earliest == day("2019-07-01")
    assert second.earliest == day("2024-01-01")
    assert second.assumes == (("副科", day("2022-01-01")),)


def test_nothing_follows_when_the_next_rank_has_no_day():
    programme, rules = district_rules()
    who = as_known(
        "x", "某人", day("2022-01-01"), programme, joined_on=JOINED, education="本科",
        postings=(posting(JOINED),),
    )  # fmt: skip
    first, second, *_ = eligibility(rules, who).ranks
    assert first.earliest is None
    assert [judged.rule.id for judged in first.held_by] == ["R2"]
    assert second.earliest is None


def test_the_trial_and_the_grade_after_it_come_from_their_rules():
    rules = [
        rule("trial_period: {months: 6}"),
        rule("first_grade: {by_education: {本科: 一级科员}}"),
    ]
    who = prepared(rules, person(trial_until=None))
    assert who.trial_until == day("2016-01-01")
    assert who.grades == (("一级科员", day("2016-01-01")),)


@pytest.mark.parametrize(
    ("on", "post", "rank", "rose"),
    [
        ("2018-02-28", "a", 0, None),
        ("2018-03-01", "b", 1, "2018-03-01"),
        ("2018-03-02", "b", 1, "2018-03-01"),
        ("2019-12-31", "b", 1, "2018-03-01"),
        ("2020-01-01", "a", 0, "2018-03-01"),  # after a fall the rank is the lower one
    ],
)
def test_main_post_and_rank_are_those_of_the_model(on, post, rank, rose):
    who = person(
        posting(JOINED, "2023-01-01", post="a"),
        posting("2018-03-01", "2020-01-01", rank="副科", post="b"),
        on=on,
    )
    assert who.main is not None
    assert (who.main.place.post, who.rank_index()) == (post, rank)
    assert who.rose_on == (day(rose) if rose else None)
    risen = who.assuming("正科", day("2021-01-01"))
    assert (risen.rank_index(), risen.rose_on) == (2, day("2021-01-01"))
