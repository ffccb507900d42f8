"""One career in full by a day, each worked out by hand."""

from datetime import date

import pytest

from graph.errors import NotFound
from graph.programme import EMPTY_PROGRAMME, parse_programme
from graph.upsert import edge_type, upsert_edges
from queries.careers.history import CareerReading, career
from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.terms import ServiceKind
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
PROGRAMME = parse_programme("""
ranks: [{key: low, zh: 低, en: low}, {key: mid, zh: 中, en: mid}, {key: high, zh: 高, en: high}]
rotation_kinds:
  - {key: appointment, zh: 任命, en: appointment}
  - {key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}
statuses: [{key: resigned, zh: 辞职, en: resigned, counts: false}]
""")


def of(store, person, on=ON, programme=PROGRAMME, planned=False):
    return career(store, person, on, programme, planned)


def mark(store, post, *marks):
    """Mark the postings to a post, as concurrent or acting."""
    store.write(
        "MATCH (:Person)-[r:ROTATED_TO]->(:Post {id: $post}) SET r.marks = $marks",
        post=post,
        marks=list(marks),
    )


def gaps(found):
    return [(gap.since, gap.until, gap.months, gap.certain) for gap in found.gaps]


def moves(found):
    return [
        (row["since"], row["from_post"], row["to_post"], row["gap_days"], row["how"])
        for row in found.moves
    ]


def ranks(found):
    return [(step.rank, step.since, step.months_from_entry, step.how) for step in found.ranks]


# --- what a posting was ------------------------------------------------------------------------


def test_main_post_also_held_and_meanwhile_are_told_apart(store):
    """A head with a lower post beside it and a secondment; then on in the lower post alone."""
    rows = [
        posting("a", "u:head::mid", "2015-01-01", "2020-06"),
        posting("a", "u:force::high", "2016-01-01", "2017-01-01", kind="secondment"),
        posting("a", "u:side::low", "2018", "2022-01-01"),
        posting("a", "u:office::low", "2018-05-01", "2019-05-01"),
        posting("a", "u:next::mid", "2022-01-11"),
    ]
    found = of(fill(store, rows), "a")
    assert [(p.row["post"], p.held_as, p.months) for p in found.postings] == [
        ("u:head::mid", "main", 65),
        ("u:force::high", "meanwhile", 12),
        ("u:side::low", "main", 48),  # from the end of the head's post on
        ("u:office::low", "also_held", 12),
        ("u:next::mid", "main", 29),
    ]
    assert moves(found) == [
        ("2015-01-01", None, "u:head::mid", None, "move"),
        ("2020-06", "u:head::mid", "u:side::low", 0, "remains_in"),
        ("2022-01-11", "u:side::low", "u:next::mid", 10, "move"),
    ]
    assert [(row["from_title"], row["to_unit_name"]) for row in found.moves][2] == (
        "side", "Unit u",
    )  # fmt: skip
    assert ranks(found) == [
        ("mid", "2015-01-01", 0, "rise"),
        ("low", "2020-06", 65, "fall"),
        ("mid", "2022-01-11", 84, "rise"),
    ]
    assert [(a["post"], b["post"], *when) for a, b, *when in found.together] == [
        ("u:head::mid", "u:side::low", "2018", "2020-06"),
        ("u:head::mid", "u:office::low", "2018-05-01", "2019-05-01"),
        ("u:side::low", "u:office::low", "2018-05-01", "2019-05-01"),
    ]
    assert gaps(found) == [("2022-01-01", "2022-01-11", 0, True)]


def test_a_renewal_of_the_main_post_is_the_main_post_and_no_move(store):
    rows = [
        posting("a", "u:x::low", "2010-01-01", "2012-01-01"),
        posting("a", "u:x::low", "2012-01-01", "2014-01-01"),
    ]
    found = of(fill(store, rows), "a", date(2013, 1, 1))
    assert [(p.held_as, p.months, p.runs) for p in found.postings] == [
        ("main", 24, False),
        ("main", 12, True),
    ]
    assert moves(found) == [("2010-01-01", None, "u:x::low", None, "move")]


def test_acting_gives_no_rank_and_is_also_held(store):
    rows = [
        posting("a", "u:deputy::low", "2018-01-01"),
        posting("a", "u:head::mid", "2022-01-01"),
    ]
    mark(fill(store, rows), "u:head::mid", "acting")
    found = of(store, "a")
    assert [(p.held_as, p.row["acting"], p.end_not_recorded) for p in found.postings] == [
        ("main", False, False),
        ("also_held", True, False),
    ]
    assert ranks(found) == [("low", "2018-01-01", 0, "rise")]
    assert moves(found) == [("2018-01-01", None, "u:deputy::low", None, "move")]


@pytest.mark.parametrize(
    ("on", "ends", "unrecorded", "months", "runs"),
    [
        (date(2017, 12, 31), None, False, 59, True),
        (date(2018, 1, 1), "2018", True, 60, False),
        (ON, "2018", True, 60, False),
    ],
)
def test_an_end_that_is_not_recorded_is_read_from_the_next_home_posting(
    store, on, ends, unrecorded, months, runs
):
    rows = [
        posting("a", "u:deputy::mid", "2013-01-01"),
        posting("a", "u:force::high", "2015-01-01", kind="secondment"),  # ends nothing
        posting("a", "u:clerk::low", "2018"),
    ]
    found = of(fill(store, rows), "a", on)
    first = found.postings[0]
    assert (first.ends, first.end_not_recorded, first.months, first.runs) == (
        ends, unrecorded, months, runs,
    )  # fmt: skip
    assert first.row["until"] is None  # what is stored stays
    assert found.together == ()
    force = next(p for p in found.postings if p.row["post"] == "u:force::high")
    assert (force.ends, force.end_not_recorded, force.runs) == (None, False, True)
    assert [step[0] for step in ranks(found)] == (["mid", "low"] if unrecorded else ["mid"])


# --- gaps, ranks, entry --------------------------------------------------------------------------


def test_a_posting_beside_or_planned_fills_no_gap(store):
    rows = [
        posting("a", "u:x", "2010-01-01", "2012-01-01"),
        posting("a", "u:force", "2011-01-01", "2013-01-01", kind="secondment"),
        posting("a", "u:plan", "2012-01-01", "2012-06-01", status="planned"),
        posting("a", "u:y", "2012-06-01"),
    ]
    assert gaps(of(fill(store, rows), "a")) == [("2012-01-01", "2012-06-01", 5, True)]


def test_an_earlier_end_of_reduced_precision_may_close_a_gap(store):
    rows = [
        posting("a", "u:x::mid", "2010-01-01", "2014"),  # until some day of 2014
        posting("a", "u:y::low", "2011-01-01", "2014-02-01"),
        posting("a", "u:z::low", "2014-06-01"),
    ]
    assert gaps(of(fill(store, rows), "a")) == [("2014-02-01", "2014-06-01", 4, False)]


def test_only_a_posting_beside_leaves_a_gap_since_entry(store):
    rows = [posting("a", "u:force::high", "2020-01-01", kind="secondment")]
    found = of(fill(store, rows), "a", date(2021, 1, 1))
    assert gaps(found) == [("2020-01-01", "2021-01-01", 12, True)]
    assert (found.moves, ranks(found), found.entry) == ((), [], "2020-01-01")


def test_who_left_on_an_unknown_day_has_no_gap_after_the_last_known_one(store):
    rows = [posting("a", "u:x", "2010-01-01", "2012-01-01")]
    fill(store, rows)
    store.write("MATCH (p:Person {id: 'a'}) SET p.status = 'resigned'")
    assert gaps(of(store, "a")) == []  # the last dated fact is the end itself
    store.write(
        "MATCH (p:Person {id: 'a'}) CREATE (p)-[:HAS_RECORD]->"
        "(:Record {id: 'r', name: 'r', kind: 'talk', `on`: '2012-03-01'})"
    )
    assert gaps(of(store, "a")) == [("2012-01-01", "2012-03-01", 2, True)]


@pytest.mark.parametrize(
    ("until", "service", "months", "ends", "found_gaps"),
    [
        # 60 months by the end of 2014, 101 from 2016-01-01 to 2024-06-30
        (None, (("retired", "2015-01-01"), ("returned", "2016-01-01")), 161, None, []),
        (None, (("retired", "2015-01-01"),), 60, "2015-01-01", []),
        ("2014-06-01", (("retired", "2015-01-01"),), 53, "2014-06-01",
         [("2014-06-01", "2015-01-01", 7)]),
        (None, (("retired", "2024-07-01"),), 173, None, []),
    ],
)  # fmt: skip
def test_a_time_out_of_service_is_no_gap_and_ends_what_was_held(
    until, service, months, ends, found_gaps
):
    terms = Terms(service={"retired": ServiceKind(in_service=False), "returned": ServiceKind()})
    rows = [KnownPosting("r", "p", "x", since="2010-01-01", until=until)]
    model = of_rows([Known("p", service=service)], rows, terms)
    read = CareerReading(model, {"id": "p", "joined_on": None}, ON, EMPTY_PROGRAMME)
    (held,) = read.postings()
    assert (held.months, held.ends, held.held_as) == (months, ends, "main")
    assert held.runs == (ends is None)
    assert [(gap.since, gap.until, gap.months) for gap in read.gaps()] == found_gaps
    assert [move["to_post"] for move in read.moves()] == ["x"]


def test_a_posting_counts_from_joining(store):
    rows = [posting("a", "u:x::low", "2020-07-01", "2021-07-02")]
    found = of(fill(store, rows, people={"a": "2020-07-02"}), "a", date(2021, 7, 2))
    assert found.entry == "2020-07-02"
    assert [(p.months, p.held_as) for p in found.postings] == [(12, "main")]
    assert moves(found)[0][0] == "2020-07-02"
    early = of(store, "a", date(2020, 7, 1))
    assert (early.entry, early.moves, early.gaps) == (None, (), ())
    assert [(p.held_as, p.months) for p in early.postings] == [(None, 0)]


def test_ranks_rise_and_fall_and_count_from_entry(store):
    rows = [
        posting("a", "u:x::low", "2010"),
        posting("a", "u:y::high", "2013-02"),
        posting("a", "u:z::low", "2015"),
        posting("a", "u:y::high", "2017"),
        posting("a", "u:w::high", "2018", status="planned"),
    ]
    fill(store, rows, people={"a": "2009-02"})
    found = of(store, "a")
    assert ranks(found) == [
        ("low", "2010", 11, "rise"),
        ("high", "2013-02", 48, "rise"),
        ("low", "2015", 71, "fall"),
        ("high", "2017", 95, "rise"),
    ]
    assert of(store, "a", programme=EMPTY_PROGRAMME).ranks == ()  # no ladder: nothing is claimed


# --- as of a day ---------------------------------------------------------------------------------


def test_what_begins_after_the_day_does_not_exist(store):
    rows = [
        posting("a", "u:x::low", "2015-01-01", "2018-01-01"),
        posting("a", "u:y::mid", "2018-01-01"),
        posting("a", "u:z::mid", "2030", status="planned"),
        posting("m", "u:w::high", "2000"),
    ]
    fill(store, rows)
    upsert_edges(
        store,
        edge_type("MENTORS"),
        [{"id": "pair", "source": "m", "target": "a", "props": {"since": "2017-06"}}],
    )
    store.write(
        "MATCH (p:Person {id: 'a'}) CREATE (p)-[:HAS_RECORD]->"
        "(:Record {id: 'r', name: 'r', kind: 'talk', `on`: '2017-06-02'})"
    )
    store.write(
        "MATCH (p:Person {id: 'a'}) CREATE (p)-[:TOOK_PART_IN {id: 't'}]->"
        "(:Activity {id: 'act', name: 'act', held_on: '2017-06-02'})"
    )
    for day, there in ((date(2017, 5, 31), (0, 0, 0)), (date(2017, 6, 1), (1, 0, 0)),
                       (date(2017, 6, 2), (1, 1, 1))):  # fmt: skip
        found = of(store, "a", day)
        assert (len(found.mentors), len(found.records), len(found.activities)) == there
    before, after = of(store, "a", date(2017, 12, 31)), of(store, "a", date(2018, 1, 1))
    assert [p.row["post"] for p in before.postings] == ["u:x::low"]
    # on that earlier day nobody knew the end to come
    first, then = before.postings[0], after.postings[0]
    assert (first.row["until"], first.ends, first.runs) == (None, None, True)
    assert (then.row["until"], then.ends, then.runs) == ("2018-01-01", "2018-01-01", False)
    assert [len(each.moves) for each in (before, after)] == [1, 2]
    assert [len(each.ranks) for each in (before, after)] == [1, 2]


def test_on_the_day_of_the_programme_a_known_end_to_come_is_told(store):
    rows = [posting("a", "u:x::low", "2023-06-30", "2024-07-01")]
    today = parse_programme("as_of: 2024-06-30")
    (running,) = of(fill(store, rows), "a", programme=today).postings
    assert (running.ends, running.runs, running.months) == ("2024-07-01", True, 12)


# --- as before -----------------------------------------------------------------------------------


def test_gaps_are_named_and_uncertain_ones_said_so(store):
    rows = [
        posting("a", "u:x", "2010-03-01", "2012-01-01"),
        posting("a", "u:y", "2012-05-01", "2014"),
        posting("a", "u:z", "2014-06", "2015-01-01"),
        posting("a", "u:w", "2015-01-01", "2020-01-01"),
        posting("a", "u:v", "2016-01-01", "2017-01-01"),  # within another: no gap after it
    ]
    fill(store, rows, people={"a": "2010-01-01"})
    found = [(gap.since, gap.until, gap.months, gap.certain) for gap in of(store, "a").gaps]
    assert found == [
        ("2010-01-01", "2010-03-01", 2, True),
        ("2012-01-01", "2012-05-01", 4, True),
        ("2014", "2014-06", 5, False),  # it may have ended in May
        ("2020-01-01", "2024-06-30", 53, True),
    ]


def test_open_end_is_no_gap_and_runs(store):
    found = of(fill(store, [posting("a", "u:x", "2023-06-30")]), "a")
    assert found.gaps == ()
    assert [(p.runs, p.months) for p in found.postings] == [(True, 12)]


def test_concurrent_postings_stand_in_lanes_of_their_own(store):
    rows = [
        posting("a", "u:x", "2010", "2015"),
        posting("a", "u:y", "2012", "2013"),
        posting("a", "u:z", "2013", "2014"),
        posting("a", "u:w", "2015", "2016"),
    ]
    found = of(fill(store, rows), "a")
    assert [(p.row["post"], p.lane) for p in found.postings] == [
        ("u:x", 0), ("u:y", 1), ("u:z", 1), ("u:w", 0),
    ]  # fmt: skip
    assert [
        (one["post"], other["post"], since, until) for one, other, since, until in found.together
    ] == [
        ("u:x", "u:y", "2012", "2013"),
        ("u:x", "u:z", "2013", "2014"),
    ]


def test_odd_periods_are_kept_and_marked(store):
    rows = [
        posting("a", "u:r", "2012-01-01", "2011-01-01"),
        posting("a", "u:o", "2013-01-01", "2013-01-02"),
        posting("a", "u:u", None, "2010"),
        posting("a", "u:p", "2025", status="planned"),
    ]
    found = {p.row["post"]: p for p in of(fill(store, rows), "a", planned=True).postings}
    assert (found["u:r"].reversed, found["u:r"].months) == (True, None)
    assert (found["u:o"].reversed, found["u:o"].months) == (False, 0)
    assert (found["u:u"].lane, found["u:u"].months) == (-1, None)
    assert found["u:p"].months is None


def test_unknown_person_is_not_found(store):
    with pytest.raises(NotFound, match="nobody"):
        of(store, "nobody")
