"""What rules say at their edges: skipped steps, clocks that rest, dates read long and short."""

from dataclasses import replace
from datetime import date

import pytest

from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.terms import ServiceFact, ServiceKind
from queries.rules import judge
from queries.rules.candidate import ProposedMove
from queries.rules.rough import (
    GRADES,
    JOINED,
    POSTINGS,
    SERVICE,
    PersonDates,
    first_as_text,
)
from tests.queries.test_rules import COUNTING, asked, day, person, posting, rule

STEPS = (
    "grade_steps: {steps: [二级科员, 一级科员, 四级主任科员], months: 24, "
    "excellent_shortens: 6, not_counted: [基本称职]}"
)
TRIAL = "trial_period: {months: 12}"
CLERK = posting("2015-07-01")


def said(verdict) -> tuple[str, str, str | None]:
    return (
        verdict.state,
        verdict.because.text(),
        verdict.change.text() if verdict.change else None,
    )


def test_a_skipped_step_of_grades_is_named():
    who = person(CLERK, grades=(("二级科员", day("2016-07-01")),))
    assert said(asked(STEPS, who, rank="四级主任科员")) == (
        "blocks", "It would skip 一级科员.", "First 一级科员.",
    )  # fmt: skip
    assert asked(STEPS, who, rank="一级科员").state == "allows"


@pytest.mark.parametrize(
    ("held", "rank", "state", "because"),
    [
        ("副科", "科员", "silent", "The rank is no higher than one held already."),
        ("副科", "副科", "silent", "The rank is no higher than one held already."),
        ("副科", "正科", "allows", None),
        ("副科", "副处", "blocks", "It would skip 正科."),
        ("副科", "二级科员", "silent", "The rule does not cover this move."),
        ("副科", None, "silent", "The rule does not cover this move."),
    ],
)
def test_ranks_rise_level_by_level(held, rank, state, because):
    verdict = asked(
        "level_by_level: {months: 1}", person(posting("2015-07-01", rank=held)), rank=rank
    )
    assert verdict.state == state
    assert because in (None, verdict.because.text())


RESTS = (
    "blocks",
    "The time rests during leave, and the leave has no end yet.",
    "Enter the day of coming back.",
)


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (None, RESTS),
        (day("2015-11-01"), ("waits", "The trial of 12 months ends on 2016-08-01.", None)),
    ],
)
def test_a_trial_rests_while_a_leave_has_no_end(back, expected):
    who = person(CLERK, on="2016-07-31", pauses=((day("2015-10-01"), back),))
    assert said(asked(TRIAL, who, rank="副科")) == expected


@pytest.mark.parametrize(
    ("back", "because"),
    [
        (None, RESTS[1]),
        (day("2016-03-01"), "10 of 24 months in the grade, and the time no longer runs."),
    ],
)
def test_a_step_rests_or_no_longer_runs(back, because):
    """A year in the grade, of which two months are on leave; then no post is held."""
    who = person(
        posting("2015-07-01", "2016-07-01"),
        grades=(("二级科员", day("2015-07-01")),),
        pauses=((day("2016-01-01"), back),),
    )
    assert asked(STEPS, who, rank="一级科员").because.text() == because


def test_a_rotation_lasts_from_its_least_to_its_longest():
    text = "lasts: {kinds: [secondment], at_least: 6, at_most: 24}"
    assert asked(text, person(), kind="secondment").because.text() == "It lasts 6 to 24 months."


def test_a_post_of_unknown_rank_counts_where_as_high_a_rank_was_held():
    text = "rank_after: {rank: 正科, from: [副科], months: 12}"
    bare = posting("2018-07-01", rank=None)
    cases = {
        "none held": [bare],
        "a lower one": [posting("2016-07-01", "2018-07-01"), bare],
        "as high": [posting("2018-06-01", "2018-07-01", rank="副科"), bare],
    }
    found = {
        name: asked(text, person(*held, unranked=True), rank="正科").state
        for name, held in cases.items()
    }
    assert found == {"none held": "blocks", "a lower one": "blocks", "as high": "allows"}
    who = person(*cases["as high"], unranked=False)
    assert asked(text, who, rank="正科").state == "blocks"


def test_what_a_rule_does_not_look_at_leaves_its_answer_alone():
    early = person(on="2016-07-15", joined_on="2015-07-01")
    late = person(on="2016-07-15", joined_on="2015-07-31")

    def known_to(fact):
        read = lambda short: late if fact in short else early  # noqa: E731
        return replace(early, rough=((fact, "month"),), reading=read)

    trial = rule(TRIAL)
    found = judge(trial, known_to("joined_on"), ProposedMove(rank="副科"))
    assert (found.since, found.since_latest) == (day("2016-07-01"), day("2016-07-31"))
    assert judge(trial, known_to("review_days"), ProposedMove(rank="副科")) == judge(
        trial, early, ProposedMove(rank="副科")
    )


def test_a_grade_by_education_counts_only_where_grades_are_ranks():
    text = "first_grade: {by_education: {博士: 四级主任科员, 本科: 一级科员}}"
    who = person(CLERK, on="2016-07-01", education="博士研究生", trial_until=day("2016-07-01"))
    assert asked(text, who, rank="副科").state == "silent"
    assert asked(text, replace(who, programme=COUNTING), rank="副科").state == "allows"


# --- dates read long and short --------------------------------------------------------------------

TERMS = Terms(
    ranks=("科员", "副科"),
    service={"leave": ServiceKind(pauses_clocks=True), "returned": ServiceKind()},
)


def dates(*postings, on="2024-06-30", joined_on="2015-07", grades=(), service=()) -> PersonDates:
    """The dates of somebody with postings (since, until)."""
    rows = [
        KnownPosting(f"r{at}", "x", f"p{at}", "appointment", "科员", since, until)
        for at, (since, until) in enumerate(postings)
    ]
    known = Known("x", joined_on, service=tuple(service), grades=tuple(grades))
    return PersonDates(of_rows([known], rows, TERMS), "x", date.fromisoformat(on), joined_on, None)


@pytest.mark.parametrize(
    ("text", "short", "read"),
    [
        ("2019-02", False, "2019-02-01"),
        ("2019-02", True, "2019-02-28"),
        ("2019", True, "2019-12-31"),
        ("2019-02-03", True, "2019-02-03"),
        (None, True, None),
    ],
)
def test_a_begin_is_the_first_or_the_last_day_that_it_can_mean(text, short, read):
    assert first_as_text(text, short) == read


@pytest.mark.parametrize(
    ("on", "known_to", "grades"),
    [
        ("2020-02-29", {}, ()),
        ("2020-03-01", {GRADES: "month"}, (("一级科员", day("2020-03-31")),)),
        ("2020-03-31", {GRADES: "month"}, (("一级科员", day("2020-03-31")),)),
    ],
)
def test_a_grade_is_rough_from_the_first_day_that_it_can_mean(on, known_to, grades):
    found = dates(("2015-07-01", None), on=on, joined_on="2015-07-01",
                  grades=(("一级科员", "2020-03"),))  # fmt: skip
    assert found.rough() == known_to
    assert found.grades({GRADES}) == grades
    if grades:
        assert found.grades(set()) == (("一级科员", day("2020-03-01")),)


def test_service_begins_on_the_first_or_the_last_day_of_joining():
    found = dates(("2015-07", None))
    assert found.service(set()) == ((day("2015-07-01"), None),)
    assert found.service({JOINED}) == ((day("2015-07-31"), None),)


def test_a_leave_is_as_long_as_its_dates_allow_where_times_are_read_short():
    found = dates(("2015-07-01", None), service=(ServiceFact("leave", "2017-03", "2017-05"),))
    assert found.pauses(set()) == ((day("2017-03-31"), day("2017-05-01")),)
    assert found.pauses({SERVICE}) == ((day("2017-03-01"), day("2017-05-31")),)
    exact = dates(("2015-07-01", None), service=(ServiceFact("leave", "2017-03-02", "2017-05-03"),))
    assert exact.pauses({SERVICE}) == ((day("2017-03-02"), day("2017-05-03")),)


def test_a_posting_is_cut_where_joining_may_have_been():
    found = dates(("2015-01-01", "2016-02"), joined_on="2015-07")
    assert found.begin("2015-07-01", {JOINED}) == (day("2015-07-31"), "2015-07")
    assert found.begin("2015-07-01", {POSTINGS}) == (day("2015-07-01"), "2015-07")
    assert found.end("2015-07-01", "2016-02", {POSTINGS}) == (day("2016-02-01"), "2016-02")
    assert found.end("2015-07-01", "2016-02", set()) == (day("2016-02-29"), "2016-02")
    assert found.end("2015-07-01", None, set()) == (None, "")
    # a day that a posting gives itself is that day, whatever else may have been on it
    exact = dates(("2015-07-01", None), joined_on="2015-07")
    assert exact.begin("2015-07-01", {JOINED, POSTINGS}) == (day("2015-07-01"), "")
