"""Dated facts of service and grades: in service, at rest, pairs cut, stored on both engines."""

from datetime import date

import pytest

from graph.store import Store
from loaders.entry import add, correct, remove, stored
from queries.catalogue import ask
from queries.person_file import person_file
from queries.personnel import Known, KnownPosting, Terms, of_people, of_rows, personnel
from queries.personnel.clocks import grades_of, pauses_of, service_of
from queries.personnel.pairs import pair_until
from queries.personnel.reading import _oldest_first
from queries.personnel.spans import reached, served
from queries.personnel.terms import ServiceKind
from tests.small_graph import fill

TERMS = Terms(
    ranks=("科员", "副科"),
    service={
        "joined": ServiceKind(),
        "leave": ServiceKind(pauses_clocks=True),
        "lent": ServiceKind(in_service=False),
        "retired": ServiceKind(in_service=False),
        "returned": ServiceKind(),
    },
)


def day(text):
    return date.fromisoformat(text)


def model(*facts, until=None, joined="2010-07-01"):
    """One person with one open posting from joining on, and some facts of service."""
    post = KnownPosting("p", "w", "A", "appointment", "科员", "2010-07-01", until)
    return of_rows([Known("w", joined, service=facts)], [post], TERMS)


def states(found, *days):
    return [found.on(day(each))["w"].in_service for each in days]


@pytest.mark.parametrize(
    ("facts", "days", "expected"),
    [
        # The day before, the day, the day after.
        ([("retired", "2024-06-01")], ["2024-05-31", "2024-06-01", "2024-06-02"], "yes no no"),
        (
            [("retired", "2024-06-01"), ("returned", "2024-09-01")],
            ["2024-08-31", "2024-09-01"],
            "no yes",
        ),
        # A fact with an end of its own is over on that day.
        (
            [("lent", "2020-01-01", "2021-01-01")],
            ["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"],
            "yes no no yes",
        ),
        # Coming back earlier ends it earlier.
        (
            [("lent", "2020-01-01", "2021-01-01"), ("returned", "2020-06-01")],
            ["2020-05-31", "2020-06-01", "2020-12-31"],
            "no yes yes",
        ),
        # Nobody who retired is back by a leave; a second leaving goes on where the first ended.
        ([("retired", "2020-01-01"), ("leave", "2020-03-01")], ["2020-03-01"], "no"),
        (
            [("lent", "2020-01-01", "2020-06-01"), ("retired", "2020-06-01")],
            ["2020-05-31", "2020-06-01", "2024-01-01"],
            "no no no",
        ),
        # Leave is service, and so is what the programme does not know.
        (
            [("leave", "2020-01-01"), ("prize", "2021-01-01")],
            ["2020-01-01", "2021-01-01"],
            "yes yes",
        ),
        ([], ["2010-06-30", "2010-07-01"], "no yes"),
    ],
)
def test_who_serves_by_dated_facts(facts, days, expected):
    assert states(model(*facts), *days) == expected.split()


def test_what_holds_on_a_day_is_told():
    found = model(("leave", "2020-01-01", "2020-07-01"), ("retired", "2024-06-01"))
    days = ["2019-12-31", "2020-01-01", "2020-06-30", "2020-07-01", "2024-05-31", "2024-06-01"]
    assert [found.on(day(each))["w"].service for each in days] == [
        None, "leave", "leave", None, None, "retired",
    ]  # fmt: skip


def test_a_day_of_joining_in_the_facts_begins_service_where_the_person_has_none():
    found = model(("joined", "2011-01-01"), joined=None)
    assert states(found, "2010-12-31", "2011-01-01") == ["no", "yes"]
    assert states(model(("joined", "2011-01-01")), "2010-07-01") == ["yes"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([("leave", "2020-01-01", "2020-03-01")], [("2020-01-01", "2020-03-01")]),
        ([("leave", "2020-01-01"), ("returned", "2020-02-01")], [("2020-01-01", "2020-02-01")]),
        # A second leave without the first one's end is one rest.
        (
            [("leave", "2020-01-01"), ("leave", "2020-02-01", "2020-03-01")],
            [("2020-01-01", "2020-03-01")],
        ),
        ([("leave", "2020-01-01")], [("2020-01-01", None)]),
        ([("retired", "2020-01-01")], []),
        ([("leave", "2020-01-01"), ("retired", "2020-05-01")], [("2020-01-01", "2020-05-01")]),
    ],
)
def test_clocks_rest_on_leave(facts, expected):
    found = pauses_of(model(*facts), "w", day("2024-06-30"))
    assert [(a.isoformat(), b and b.isoformat()) for a, b in found] == expected


def test_a_leave_that_begins_after_the_day_is_not_known_on_it():
    found = model(("leave", "2020-01-01", "2020-03-01"))
    assert pauses_of(found, "w", day("2019-12-31")) == ()
    assert len(pauses_of(found, "w", day("2020-01-01"))) == 1
    assert pauses_of(found, "nobody", day("2024-01-01")) == ()


def test_times_in_service_leave_out_what_was_away():
    found = model(("lent", "2013-01-20", "2020-03-01"), ("retired", "2023-01-01"))
    asked = {
        on: service_of(found, "w", day(on)) for on in ("2010-06-30", "2013-01-19", "2024-01-01")
    }
    assert asked == {
        "2010-06-30": (),
        "2013-01-19": ((day("2010-07-01"), None),),
        "2024-01-01": (
            (day("2010-07-01"), day("2013-01-20")),
            (day("2020-03-01"), day("2023-01-01")),
        ),
    }


def test_days_of_a_pause_are_taken_out_and_do_not_break_a_period():
    open_, leave = [(day("2020-01-01"), None)], [(day("2020-03-01"), day("2020-03-31"))]
    # Twelve months without the 30 days of leave: from 2021-01-01 thirty days later.
    assert reached(open_, 12, leave) == day("2021-01-31")
    assert [served(open_, day(on), leave) for on in ("2021-01-30", "2021-01-31")] == [11, 12]
    # Before it begins, and when it ends on the very day, it changes nothing.
    assert reached(open_, 2, leave) == day("2020-03-01")
    assert reached(open_, 2, [(day("2019-01-01"), day("2020-01-01"))]) == day("2020-03-01")
    # A leave that runs on: what was full before stays full, the rest is never.
    assert reached(open_, 2, [(day("2020-03-01"), None)]) == day("2020-03-01")
    assert reached(open_, 3, [(day("2020-03-01"), None)]) is None
    assert served(open_, day("2024-01-01"), [(day("2020-03-01"), None)]) == 2
    # Two periods: the leave of the first takes from the first only.
    two = [(day("2020-01-01"), day("2021-01-01")), (day("2022-01-01"), None)]
    assert reached(two, 12, leave) == day("2022-02-01")


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2020-01-01", None, "2024-06-01"),
        ("2020-01-01", "2024-05-31", "2024-05-31"),
        ("2020-01-01", "2024-06-01", "2024-06-01"),
        ("2020-01-01", "2024-06-02", "2024-06-01"),
        (None, None, "2024-06-01"),
        ("2024-07-01", None, None),  # it began after that: the fact of leaving is no end of it
    ],
)
def test_a_pair_ends_when_one_of_the_two_leaves(since, until, expected):
    found = model(("retired", "2024-06-01"))
    assert pair_until(found, "w", "somebody", since, until) == expected
    assert pair_until(found, "somebody", "w", since, until) == expected
    assert pair_until(found, "somebody", "else", since, until) == until


def test_grades_begin_on_their_day():
    person = Known("w", "2010-07-01", grades=(("一级科员", "2012"), ("四级主任科员", "2014-06-01")))
    found = of_rows([person], [], TERMS)
    asked = [
        len(grades_of(found, "w", day(on))) for on in ("2011-12-31", "2012-01-01", "2014-06-01")
    ]
    assert asked == [0, 1, 2]


# --- stored


def row(store, kind, since, **more):
    return add(store, "service", {"person": "m", "kind": kind, "since": since, **more}, by="王")


def test_what_is_entered_corrected_and_taken_out_is_followed(store: Store):
    fill(store)
    assert personnel(store).on(day("2024-06-30"))["m"].in_service == "yes"
    retired = row(store, "退休", "2024-03-01", document="石组〔2024〕5号")
    assert retired.values["kind"] == "retired"  # a title is read as the key
    asked = ["2024-02-29", "2024-03-01", "2024-06-30"]

    def now():
        on = personnel(store)
        alone = of_people(store, ["m"])
        found = [on.on(day(each))["m"].in_service for each in asked]
        assert found == [alone.on(day(each))["m"].in_service for each in asked]
        return found

    assert now() == ["yes", "no", "no"]
    seen = stored(store, "service", retired.id)
    later = {"person": "m", "kind": "retired", "since": "2024-06-30"}
    moved = correct(store, "service", retired.id, later, by="王", seen=seen.mark)
    assert now() == ["yes", "yes", "no"]
    remove(store, "service", retired.id, by="王", reason="重复", seen=moved.mark)
    assert now() == ["yes", "yes", "yes"]


def test_the_file_of_a_person_has_service_and_grades_and_cut_pairs(store: Store):
    fill(store)
    row(store, "retired", "2024-03-01", to="江城市")
    grade = {"person": "m", "grade": "一级主任科员", "since": "2020-05"}
    add(store, "grades", grade, by="王")
    found = person_file(store, "m", day("2024-06-30"))
    assert [(each["kind"], each["destination"]) for each in found.service] == [
        ("retired", "江城市")
    ]
    assert [each["grade"] for each in found.grades] == ["一级主任科员"]
    ends = {each["trainee"]: each["until"] for each in found.trainees}
    assert ends == {"a": "2019-09", "b": "2024-03-01"}
    assert (found.trainee_count.now, found.trainee_count.ever) == (0, 2)
    assert person_file(store, "m", day("2024-02-29")).trainee_count.now == 1
    (mentor,) = person_file(store, "b", day("2024-06-30")).mentors
    assert mentor["until"] == "2024-03-01"
    assert {entry.lane for entry in found.line} >= {"service", "grades"}
    assert ask(store, "people.service", person="m").rows[0]["kind"] == "retired"
    assert ask(store, "people.grades", person="m").rows[0]["since"] == "2020-05"


def test_facts_of_one_day_are_told_by_id_and_a_fact_without_a_begin_is_none():
    rows = [["a", "b", "c"], ["x", "y", "z"], ["2020", "2020", None], [None, None, None], "213"]
    assert [each[0] for each in _oldest_first(rows, since=2)] == ["b", "a"]
