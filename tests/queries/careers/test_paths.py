"""Search by path: CONTRACT's meaning by hand, against brute force, against its own Cypher."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dates import first_day
from graph.errors import NotFound, UsageError
from queries.careers.limits import Limits
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from tests.queries.careers.careers_rows import fill, posting, tables
from tests.queries.personnel import literal

ON = date(2024, 6, 30)


def found(store, steps, on=ON, limit=None):
    return search(store, parse_steps(steps), on, limit)


def dates(answer):
    return [(m.person, *(day.isoformat() for day in m.days)) for m in answer.people]


# --- by hand ------------------------------------------------------------------------------------

VILLAGE_THEN_KEY = [{"post_kind": "village"}, {"kind": "key_post", "within_months": 24}]


def test_each_person_is_counted_once_by_the_earliest_full_match(store):
    fill(
        store,
        [
            posting("a", "v:x:village", "2015-01-01", "2016-01-01"),
            posting("a", "v:x:village", "2018-01-01", "2019-01-01"),
            posting("a", "t:y:office", "2019-06-01", kind="key_post"),
            posting("b", "v:x:village", "2017-03", "2018-03"),
            posting("b", "t:y:office", "2018-03", kind="key_post"),
            posting("c", "t:y:office", "2018-01-01", kind="key_post"),
            posting("c", "v:x:village", "2019-01-01"),
        ],
    )
    answer = found(store, VILLAGE_THEN_KEY)
    # a's first village is more than 24 months before the key post, so the second one counts.
    assert dates(answer) == [("b", "2017-03-01", "2018-03-01"), ("a", "2018-01-01", "2019-06-01")]
    assert (answer.count, answer.median_months, answer.quartiles_months) == (
        2,
        14.5,
        (13.25, 15.75),
    )
    # c's key post came first; 24 months after the village are over by now.
    assert answer.waiting == 0
    assert answer.reached == (3, 2)


def test_waiting_are_those_who_may_still_take_the_last_step(store):
    rows = [
        posting("in-time", "v:x:village", "2023-01-01"),
        posting("last-day", "v:x:village", "2022-06-30"),
        posting("too-late", "v:x:village", "2022-06-29"),
        posting("done", "v:x:village", "2022-01-01", "2023-01-01"),
        posting("done", "t:y:office", "2023-01-01", kind="key_post"),
    ]
    answer = found(fill(store, rows), VILLAGE_THEN_KEY)
    assert answer.count == 1
    assert [id_ for id_, _ in answer.waiting_people] == ["in-time", "last-day"]


def test_directly_forbids_a_posting_that_begins_in_between(store):
    rows = [
        posting("a", "u:x", "2020-01-01"),
        posting("a", "u:y", "2020-06-01"),
        posting("a", "u:z", "2021-01-01"),
        posting("b", "u:x", "2020-01-01"),
        posting("b", "u:z", "2021-01-01"),
        posting("c", "u:x", "2020-01-01"),
        posting("d", "u:x", "2020-01-01"),
        posting("d", "u:y", "2020-02-01"),
    ]
    answer = found(fill(store, rows), [{"title": "x"}, {"title": "z", "directly": True}])
    assert dates(answer) == [("b", "2020-01-01", "2021-01-01")]
    # d has begun another posting since, so nothing can follow directly any more.
    assert [id_ for id_, _ in answer.waiting_people] == ["c"]


def test_not_before_asks_for_so_many_months_after_the_step_before(store):
    rows = [
        posting("early", "u:x", "2020-01-31"),
        posting("early", "u:z", "2020-02-28"),
        posting("on-the-day", "u:x", "2020-01-31"),
        posting("on-the-day", "u:z", "2020-02-29"),
        posting("returned", "u:x", "2020-01-31"),
        posting("returned", "u:z", "2020-02-01"),
        posting("returned", "u:z", "2021-01-01"),
        posting("later", "u:x", "2020-06-01"),
    ]
    steps = [{"title": "x"}, {"title": "z", "not_before_months": 1}]
    answer = found(fill(store, rows), steps)
    assert dates(answer) == [
        ("on-the-day", "2020-01-31", "2020-02-29"),
        ("returned", "2020-01-31", "2021-01-01"),
    ]
    assert [id_ for id_, _ in answer.waiting_people] == ["early", "later"]
    assert [row["person"] for row in store.read(answer.cypher)] == ["on-the-day", "returned"]


def test_not_before_may_find_the_same_kind_of_posting_twice(store):
    rows = [posting("a", "u:x", "2020-01-01"), posting("a", "u:x", "2021-01-01")]
    fill(store, rows)
    assert found(store, [{"title": "x"}, {"title": "x", "not_before_months": 12}]).count == 1
    assert found(store, [{"title": "x"}, {"title": "x", "not_before_months": 13}]).count == 0
    assert found(store, [{}, {"not_before_months": 12}, {}]).count == 0


def test_a_time_that_is_over_before_it_begins_waits_for_nobody(store):
    fill(store, [posting("a", "u:x", "2020-01-31")], people={"a": "2019-01-31"})
    on = date(2020, 3, 1)
    for limits, waiting in (
        ({"not_before_months": 12, "within_months": 12}, 1),
        ({"not_before_months": 13, "within_months": 12}, 0),
        ({"not_before_months": 12, "within_months_of_entry": 24}, 1),
        ({"not_before_months": 12, "within_months_of_entry": 23}, 0),
    ):
        assert found(store, [{"title": "x"}, {"title": "z", **limits}], on).waiting == waiting


def test_entry_is_joined_on_or_else_the_first_posting(store):
    rows = [
        posting("joined", "u:x", "2016-01-01"),
        posting("joined", "u:y", "2017-01-01"),
        posting("unknown", "u:x", "2016-01-01"),
        posting("unknown", "u:y", "2017-01-01"),
    ]
    fill(store, rows, people={"joined": "2015", "unknown": None})
    answer = found(store, [{"title": "x"}, {"title": "y", "within_months_of_entry": 18}])
    assert dates(answer) == [("unknown", "2016-01-01", "2017-01-01")]


def test_same_day_counts_as_after_but_one_posting_is_not_two_steps(store):
    rows = [
        posting("one", "u:x:k", "2020"),
        posting("two", "u:x:k", "2020"),
        posting("two", "u:y:k", "2020-01-01"),
        posting("three", "u:x:k", "2020"),
        posting("three", "u:y:k", "2020-01"),
        posting("three", "u:z:k", "2020-01-01"),
    ]
    fill(store, rows)
    assert {m[0] for m in dates(found(store, [{"post_kind": "k"}] * 2))} == {"two", "three"}
    assert {m[0] for m in dates(found(store, [{"post_kind": "k"}] * 3))} == {"three"}
    # Back to the same posting would need it twice, though its neighbours differ.
    assert found(store, [{"title": "x"}, {"title": "y"}, {"title": "x"}]).count == 0


def test_unit_takes_in_all_units_below(store):
    rows = [
        posting("a", "leaf:x", "2020"),
        posting("b", "top:x", "2020"),
        posting("c", "o:x", "2020"),
    ]
    fill(store, rows, units={"mid": (None, "top"), "leaf": (None, "mid"), "top": (None, None)})
    assert {m[0] for m in dates(found(store, [{"unit": "top"}]))} == {"a", "b"}


def test_rank_is_the_postings_own_or_else_the_posts(store):
    rows = [posting("a", "u:x::low", "2020", rank="high"), posting("b", "u:x::low", "2020")]
    fill(store, rows)
    assert [m[0] for m in dates(found(store, [{"rank": "low"}]))] == ["b"]
    assert [m[0] for m in dates(found(store, [{"rank": "high"}]))] == ["a"]


def test_planned_future_and_undated_postings_are_not_searched(store):
    rows = [
        posting("planned", "u:x", "2020", status="planned"),
        posting("future", "u:x", "2024-07-01"),
        posting("undated", "u:x", None),
        posting("reversed", "u:x", "2020-05-01", "2019-01-01"),
        posting("one-day", "u:x", "2020-05-01", "2020-05-02"),
    ]
    answer = found(fill(store, rows), [{"title": "x"}])
    assert {m[0] for m in dates(answer)} == {"reversed", "one-day"}
    assert answer.left_out == 1


def test_months_end_with_short_months(store):
    rows = [posting("a", "u:x", "2023-08-31"), posting("a", "u:y", "2024-02-29")]
    answer = found(fill(store, rows), [{"title": "x"}, {"title": "y", "within_months": 6}])
    assert (answer.count, answer.people[0].months) == (1, 6)


def test_one_step_waits_for_everybody_who_has_not_made_it(store):
    fill(store, [posting("a", "u:x", "2020"), posting("b", "u:y", "2020")], people={"new": "2024"})
    answer = found(store, [{"title": "x"}])
    # Half a year after joining without a post nobody knows whether "new" still serves.
    assert [id_ for id_, _ in answer.waiting_people] == ["b"]
    assert (answer.waiting, answer.groups.left_before, answer.groups.not_known) == (1, 0, 1)
    early = search(store, parse_steps([{"title": "x"}]), date(2024, 3, 31))
    assert [id_ for id_, _ in early.waiting_people] == ["b", "new"]
    early = search(store, parse_steps([{"title": "x"}]), date(2024, 4, 1))
    assert [id_ for id_, _ in early.waiting_people] == ["b"]
    soon = found(store, [{"title": "x", "within_months_of_entry": 12}])
    assert (soon.waiting, soon.groups.not_known) == (0, 1)


def test_nothing_found_is_an_answer(store):
    answer = found(fill(store, []), [{"rank": "none"}, {}])
    assert answer.as_dict() | {"cypher": ""} == {
        "count": 0,
        "waiting": 0,
        "left_before": 0,
        "not_known": 0,
        "groups": dict.fromkeys(
            ("arrived", "on_the_way", "left_before", "not_known", "from_the_start"), 0
        ),
        "missed": 0,
        "incidence_median_months": None,
        "incidence_interval_months": [None, None],
        "km_median_months": None,
        "km_interval_months": [None, None],
        "median_months": None,
        "quartiles_months": None,
        "people": [],
        "as_of": "2024-06-30",
        "reached": [0, 0],
        "waiting_people": [],
        "left_out": 0,
        "truncated": False,
        "limits": Limits().as_dict(),
        "steps": [{"rank": "none"}, {}],
        "cypher": "",
    }


def test_limit_cuts_the_people_and_not_the_figures(store):
    fill(store, [posting(f"p{n}", "u:x", f"20{n}") for n in range(10, 15)])
    answer = found(store, [{"title": "x"}], limit=2)
    assert (answer.count, [m.person for m in answer.people]) == (5, ["p10", "p11"])
    assert answer.as_dict()["truncated"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "list of 1 to 12"),
        ({"rank": "x"}, "list of 1 to 12"),
        (["x"], "Step 1 is not an object"),
        ([{}, {"ranks": "x"}], 'Step 2: "ranks" is not known. Use one of rank.'),
        ([{"within_months": -1}], "within_months cannot be -1"),
        ([{"within_months": True}], "within_months cannot be True"),
        ([{"directly": "yes"}], "directly cannot be yes"),
        ([{"rank": 3}], "rank cannot be 3"),
    ],
)
def test_wrong_step_is_named(steps, said):
    with pytest.raises(UsageError) as error:
        parse_steps(steps)
    assert said in str(error.value)


@pytest.mark.parametrize("step", [{"unit": "nowhere"}, {"post": "nowhere"}])
def test_unknown_unit_or_post_is_not_found(embedded_store, step):
    fill(embedded_store, [posting("a", "u:x", "2020")])
    with pytest.raises(NotFound, match="nowhere"):
        found(embedded_store, [step])


def test_columns_are_read_again_after_a_change(store):
    fill(store, [posting("a", "u:x", "2020")])
    assert found(store, [{"title": "x"}]).count == 1
    store.write("MATCH (:Person)-[r:ROTATED_TO]->(:Post) SET r.since = '2030'")
    assert found(store, [{"title": "x"}]).count == 0


# --- against brute force over the same rows -----------------------------------------------------

DAYS = ["2018", "2018-01", "2018-01-31", "2019-02", "2019-02-28", "2019-07-15", "2021", None]
UNITS = {"top": (None, None), "mid": (None, "top"), "low": (None, "mid"), "far": (None, None)}
BELOW = {"top": {"top", "mid", "low"}, "mid": {"mid", "low"}, "low": {"low"}, "far": {"far"}}

a_posting = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["a", "b"]),
        "post": st.sampled_from(["top:t:k:r", "mid:t:l:s", "low:w:k:s", "far:w:l:"]),
        "since": st.sampled_from(DAYS),
        "until": st.none(),
        "kind": st.sampled_from(["g", "h"]),
        "rank": st.sampled_from([None, "r"]),
        "status": st.sampled_from(["actual", "actual", "actual", "planned"]),
    }
)
a_step = st.fixed_dictionaries(
    {},
    optional={
        "post": st.sampled_from(["top:t:k:r", "low:w:k:s"]),
        "title": st.sampled_from(["t", "w"]),
        "rank": st.sampled_from(["r", "s"]),
        "kind": st.sampled_from(["g", "h"]),
        "post_kind": st.sampled_from(["k", "l"]),
        "unit": st.sampled_from(["top", "mid", "far"]),
        "directly": st.booleans(),
        "within_months": st.sampled_from([0, 12, 13, 24]),
        "not_before_months": st.sampled_from([0, 1, 12, 13]),
        "within_months_of_entry": st.sampled_from([0, 13, 18, 40]),
    },
)
ENTRY = {"a": "2018-01-15", "b": None}
ALL_POSTS = [
    posting("z", post, None) for post in ("top:t:k:r", "mid:t:l:s", "low:w:k:s", "far:w:l:")
]


def plus_months(day: date, months: int) -> date:
    """Calendar months the slow way: the wanted month, and back until the day exists."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def is_match(step, row):
    unit, title, kind, rank = row["post"].split(":")
    return (
        step.get("post", row["post"]) == row["post"]
        and step.get("title", title) == title
        and ("rank" not in step or (row["rank"] or rank) == step["rank"])
        and step.get("kind", row["kind"]) == row["kind"]
        and step.get("post_kind", kind) == kind
        and ("unit" not in step or unit in BELOW[step["unit"]])
    )


def brute_force(rows, steps, on):
    """Try every ordered choice of postings: {person: dates}, and who is waiting."""
    matched, waiting = {}, set()
    for person in ("a", "b"):
        mine = [
            r
            for r in rows
            if r["person"] == person and r["status"] != "planned" and r["since"]
            if first_day(r["since"]) <= on
        ]
        begins = [first_day(r["since"]) for r in mine]
        entry = first_day(ENTRY[person]) if ENTRY[person] else min(begins, default=None)

        def holds(chosen, steps=steps, mine=mine, begins=begins, entry=entry):
            for at, (place, step) in enumerate(zip(chosen, steps, strict=False)):
                day = begins[place]
                if not is_match(step, mine[place]):
                    return False
                months = step.get("within_months_of_entry")
                if months is not None and day > plus_months(entry, months):
                    return False
                if not at:
                    continue
                before = begins[chosen[at - 1]]
                months = step.get("within_months")
                if day < before or (months is not None and day > plus_months(before, months)):
                    return False
                months = step.get("not_before_months")
                if months is not None and day < plus_months(before, months):
                    return False
                if step.get("directly") and any(before < each < day for each in begins):
                    return False
            return True

        full = [c for c in permutations(range(len(mine)), len(steps)) if holds(c)]
        if full:
            matched[person] = min(tuple(begins[place] for place in c) for c in full)
            continue
        last = steps[-1]
        if not mine and len(steps) > 1:
            continue
        for chosen in permutations(range(len(mine)), len(steps) - 1):
            soonest = on  # the first day on which the last step may still come
            if chosen and last.get("not_before_months") is not None:
                day = plus_months(begins[chosen[-1]], last["not_before_months"])
                soonest = max(on, day)
            months = last.get("within_months_of_entry")
            if entry is not None and months is not None and plus_months(entry, months) < soonest:
                continue
            if chosen:
                before = begins[chosen[-1]]
                months = last.get("within_months")
                if months is not None and plus_months(before, months) < soonest:
                    continue
                if last.get("directly") and any(each > before for each in begins):
                    continue
            if holds(chosen):
                waiting.add(person)
                break
    people = literal.people_of(tables([*rows, *ALL_POSTS], people=ENTRY))
    in_service = {id_: literal.in_service_on(people[id_], on) for id_ in waiting}
    return matched, {id_ for id_ in waiting if in_service[id_] in ("yes", "awaiting")}


def agree(store, rows, steps, on):
    fill(store, [*rows, *ALL_POSTS], people=ENTRY, units=UNITS)
    expected, waiting = brute_force(rows, steps, on)
    answer = found(store, steps, on)
    assert {m.person: m.days for m in answer.people} == expected
    assert {id_ for id_, _ in answer.waiting_people} - {"z"} == waiting
    by_cypher = {row["person"]: tuple(row["dates"]) for row in store.read(answer.cypher)}
    assert by_cypher == {p: tuple(d.isoformat() for d in days) for p, days in expected.items()}
    for match in answer.people:
        chosen = [step["id"] for step in match.postings]
        assert len(set(chosen)) == len(steps)
        assert [first_day(step["since"]) for step in match.postings] == list(match.days)


AS_OF = st.sampled_from([date(2018, 1, 31), date(2019, 7, 15), date(2022, 1, 1)])
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(st.lists(a_posting, max_size=7), st.lists(a_step, min_size=1, max_size=4), AS_OF)
def test_search_agrees_with_brute_force_and_with_its_cypher(embedded_store, rows, steps, on):
    agree(embedded_store, rows, steps, on)


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(st.lists(a_posting, min_size=4, max_size=7), st.lists(a_step, min_size=2, max_size=3), AS_OF)
def test_search_agrees_with_brute_force_on_both_engines(store, rows, steps, on):
    agree(store, rows, steps, on)
