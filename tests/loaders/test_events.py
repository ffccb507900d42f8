"""What a notice does: previewed, judged, stored with all it brings, undone as one."""

from datetime import date

import pytest

from graph.changes import changes_of
from graph.errors import AppError, Conflict, NotFound, UsageError
from graph.schema import PROGRAMME
from graph.store import Store
from graph.upsert import upsert_nodes
from loaders.entry import add, stored
from loaders.events import Notice, events, happen, undo_event
from loaders.events.happen import Unconfirmed, UnfitNotices
from queries.catalogue import ask
from queries.quality.accepted import acceptances
from queries.quality.listed import Choice, quality
from tests.small_graph import PROGRAMME_TEXT, fill

KINDS = """
rotation_kinds:
  - {key: appointment, zh: 任职, en: appointment}
  - {key: grassroots, zh: 锻炼, en: exercise}
  - {key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}
"""


@pytest.fixture
def small(store: Store) -> Store:
    """The small district; 王芳 (m) heads o1 since 2015 and guides 李敏 (b) since 2018-07."""
    fill(store)
    node = {"id": "small", "props": {"name": "小计划", "rules": PROGRAMME_TEXT + KINDS}}
    upsert_nodes(store, PROGRAMME, [node])
    return store


def told(store, *notices, **more):
    return happen(store, notices, by="", dry_run=True, **more)


def whats(outcome):
    return [(each.what, each.id) for each in outcome.consequences]


def facts(store):
    """Everything about m that events write."""
    return {
        "postings": [
            (row["post"], row["kind"], row["since"], row["until"])
            for row in ask(store, "people.postings", person="m").rows
        ],
        "service": [
            (row["kind"], row["since"], row["document"])
            for row in ask(store, "people.service", person="m").rows
        ],
        "trainees": [
            (row["trainee"], row["since"], row["until"])
            for row in ask(store, "people.trainees", person="m").rows
        ],
    }


BEFORE = {
    "postings": [("o1", "appointment", "2015", None)],
    "service": [],
    "trainees": [("a", "2017-09", "2019-09"), ("b", "2018-07", None)],
}


def test_a_retirement_is_told_stored_alone_and_undone(small):
    notice = Notice("退休", "m", "2024-03-01", document="石组〔2024〕5号")
    (outcome,) = told(small, notice)
    assert whats(outcome) == [
        ("service", "m"),
        ("posting_ends", "r6"),
        ("post_free", "o1"),
        ("pair_ends", "m5"),
        ("without_mentor", "b"),
    ]
    assert outcome.id is None and facts(small) == BEFORE
    (outcome,) = happen(small, [notice], by="王")
    assert facts(small) == {**BEFORE, "service": [("retired", "2024-03-01", "石组〔2024〕5号")]}
    state = {day: ask(small, "people.state", person="m", on=day).rows[0] for day in
             ("2024-02-29", "2024-03-01")}  # fmt: skip
    assert [row["in_service"] for row in state.values()] == ["yes", "no"]
    (kept,) = events(small)
    assert (kept.id, kept.kind, kept.state, kept.by) == (outcome.id, "retired", "done", "王")
    undo_event(small, outcome.id, by="李")
    assert facts(small) == BEFORE
    assert [(each.state, each.undone_by) for each in events(small, person="m")] == [
        ("undone", "李")
    ]
    with pytest.raises(Conflict, match="undone already"):
        undo_event(small, outcome.id, by="李")


def test_an_appointment_removes_from_the_post_before(small):
    notice = Notice("appoint", "m", "2024-03-01", post="t1")
    (outcome,) = told(small, notice)
    assert whats(outcome) == [
        ("posting_ends", "r6"), ("post_free", "o1"), ("posting_begins", "t1"),
    ]  # fmt: skip
    # 正科 to 副科, and t1 has a holder: both are told; the fall wants a reason.
    assert "fall" in [each.rule for each in outcome.doubts]
    with pytest.raises(Unconfirmed, match="falls"):
        happen(small, [notice], by="王")
    assert facts(small) == BEFORE
    (outcome,) = happen(small, [notice], by="王", reason="机构改革")
    assert facts(small)["postings"] == [
        ("o1", "appointment", "2015", "2024-03-01"), ("t1", "appointment", "2024-03-01", None),
    ]  # fmt: skip
    assert events(small)[0].reason == "机构改革"
    (accepted,) = acceptances(small).values()  # so that the list of findings asks no more
    assert (accepted.kind, accepted.reason, accepted.by) == ("fall", "机构改革", "王")
    undo_event(small, outcome.id, by="王")
    assert facts(small) == BEFORE


def test_a_concurrent_appointment_ends_nothing(small):
    (outcome,) = told(small, Notice("appoint", "m", "2024-03-01", post="o2", concurrent=True))
    assert whats(outcome) == [("posting_begins", "o2")]
    happen(small, [Notice("appoint", "m", "2024-03-01", post="o2", concurrent=True)], by="王",
           reason="兼任")  # fmt: skip
    assert [row[0] for row in facts(small)["postings"]] == ["o1", "o2"]
    (state,) = ask(small, "people.state", person="m", on="2024-03-01").rows
    assert (state["main_post"], state["also_holds"]) == ("o1", ["o2"])


def test_a_secondment_goes_out_and_comes_back(small):
    out = Notice("second", "m", "2023-03-01", post="v1")
    happen(small, [out], by="王", reason="乡村振兴")
    assert facts(small)["postings"][1] == ("v1", "secondment", "2023-03-01", None)
    (back,) = told(small, Notice("return", "m", "2024-03-01"))
    assert [what for what, _ in whats(back)] == ["posting_ends"]
    happen(small, [Notice("return", "m", "2024-03-01")], by="王")
    assert facts(small)["postings"] == [
        ("o1", "appointment", "2015", None), ("v1", "secondment", "2023-03-01", "2024-03-01"),
    ]  # fmt: skip


def test_leave_and_coming_back(small):
    happen(small, [Notice("leave", "m", "2023-03-01", until="2023-09-01")], by="王")
    (row,) = ask(small, "people.service", person="m").rows
    assert (row["since"], row["until"]) == ("2023-03-01", "2023-09-01")
    happen(small, [Notice("return", "m", "2023-06-01")], by="王")
    assert facts(small)["service"][1][:2] == ("returned", "2023-06-01")


def test_a_change_of_secretary_hands_the_pairs_over(small):
    notice = Notice("hand_over", "m", "2024-03-01", to="k")
    (outcome,) = told(small, notice)
    assert whats(outcome) == [("pair_ends", "m5"), ("pair_begins", "b"), ("mentor_load", "k")]
    # 王方 guides 李明 since 2017 and 李敏 from then on; no limit stands with him.
    assert str(outcome.consequences[-1].message) == "王方 then guides 2; no limit is set."
    happen(small, [notice], by="王", reason="换届")
    assert facts(small)["trainees"][1] == ("b", "2018-07", "2024-03-01")
    assert ("b", "village", "2024-03-01", None) in [
        (row["trainee"], row["kind"], row["since"], row["until"])
        for row in ask(small, "people.trainees", person="k").rows
    ]


def test_thirty_at_once_are_stored_together_or_not_at_all(small):
    right = [Notice("leave", who, "2024-03-01") for who in ("m", "b")]
    with pytest.raises(UnfitNotices, match="nobody"):
        happen(small, [*right, Notice("leave", "nobody", "2024-03-01")], by="王")
    assert facts(small) == BEFORE and events(small) == []
    assert len(happen(small, right, by="王")) == 2
    assert len(events(small)) == 2


def test_later_events_of_one_table_see_the_earlier(small):
    notices = [
        Notice("remove", "m", "2024-03-01"),
        Notice("appoint", "m", "2024-04-01", post="o1"),
    ]
    happen(small, notices, by="王", reason="复任")
    assert facts(small)["postings"] == [
        ("o1", "appointment", "2015", "2024-03-01"), ("o1", "appointment", "2024-04-01", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("notice", "error", "message"),
    [
        (Notice("dance", "m", "2024-03-01"), UsageError, "no event"),
        (Notice("leave", "nobody", "2024-03-01"), NotFound, "no person nobody"),
        (Notice("leave", "m", "2024-03"), UsageError, "no day"),
        (Notice("leave", "m", "2024-02-30"), UsageError, "no day"),
        (Notice("appoint", "m", "2024-03-01"), UsageError, "post is missing"),
        (Notice("appoint", "m", "2024-03-01", post="nowhere"), NotFound, "no post nowhere"),
        (Notice("appoint", "m", "2024-03-01", post="o1"), Conflict, "already"),
        (Notice("remove", "m", "2024-03-01", post="t1"), Conflict, "does not hold"),
        (Notice("remove", "c", "2024-03-01", post="o2"), Conflict, "has not begun"),  # planned
        (Notice("return", "m", "2024-03-01"), Conflict, "neither on leave"),
        (Notice("returned", "m", "2024-03-01"), Conflict, "neither on leave"),
        (Notice("joined", "m", "2024-03-01"), Conflict, "serves on 2024-03-01 already"),
        (Notice("hand_over", "m", "2024-03-01"), UsageError, "takes over"),
        (Notice("hand_over", "m", "2024-03-01", to="b"), Conflict, "themselves"),
        (Notice("hand_over", "x", "2024-03-01", to="k"), Conflict, "guides nobody"),
        (Notice("leave", "m", "2024-03-01", until="2024-02-01"), Conflict, "not after 2024-03-01"),
        (Notice("leave", "m", "2024-03-01", until="2024-03-01"), Conflict, "not after"),
        (Notice("leave", "m", "2024-03-01", until="2024-03-32"), UsageError, "no day"),
        (Notice("hand_over", "m", "2024-03-01", to="m"), Conflict, "from themselves"),
        (Notice("hand_over", "m", "2024-03-01", to="nobody"), NotFound, "no person nobody"),
        (Notice("end_pair", "m", "2024-03-01", to="k"), Conflict, "are no pair"),
        (Notice("end_pair", "x", "2024-03-01"), Conflict, "in no pair"),
        (Notice("appoint", "a", "2024-09-01", post="o1"), Conflict, "planned for 2024-09 already"),
        (
            Notice("appoint", "m", "2024-03-01", post="o2", posting_kind="secondment"),
            UsageError,
            "no kind of posting",
        ),
        (
            Notice("second", "m", "2024-03-01", post="o2", posting_kind="任职"),
            UsageError,
            "no kind of posting",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_stored(
    small, notice, error, message
):
    with pytest.raises(error, match=message):
        happen(small, [notice], by="王", reason="x")
    assert facts(small) == BEFORE and events(small) == []


def test_nobody_is_appointed_before_joining_or_after_leaving(small):
    add(small, "people", {"id": "n", "name": "新人", "joined_on": "2024-03-02"}, by="王")
    early = Notice("appoint", "n", "2024-03-01", post="o2")
    with pytest.raises(Conflict, match="joins on 2024-03-02"):
        happen(small, [early], by="王", reason="x")
    happen(small, [Notice("appoint", "n", "2024-03-02", post="o2")], by="王", reason="x")
    happen(small, [Notice("resigned", "n", "2024-05-01")], by="王")
    for day, is_refused in (("2024-04-30", False), ("2024-05-01", True), ("2024-05-02", True)):
        try:
            told(small, Notice("leave", "n", day))
        except Conflict as refused:
            assert is_refused and "out of service" in str(refused)
        else:
            assert not is_refused


def test_two_events_on_one_day_are_refused(small):
    happen(small, [Notice("appoint", "m", "2024-03-01", post="o2")], by="王", reason="x")
    with pytest.raises(Conflict, match="begins on 2024-03-01 itself"):
        happen(small, [Notice("remove", "m", "2024-03-01")], by="王")
    happen(small, [Notice("leave", "m", "2024-03-05")], by="王")
    with pytest.raises(Conflict, match="stored already"):
        happen(small, [Notice("leave", "m", "2024-03-05")], by="王")


def test_undo_is_refused_where_later_facts_stand_on_it_and_names_them(small):
    (first,) = happen(small, [Notice("appoint", "m", "2024-03-01", post="o2")], by="王", reason="x")
    (second,) = happen(small, [Notice("remove", "m", "2024-05-01")], by="李")
    with pytest.raises(Conflict, match="later facts stand on it: rotations"):
        undo_event(small, first.id, by="王")
    undo_event(small, second.id, by="王")
    undo_event(small, first.id, by="王")
    assert facts(small) == BEFORE


def test_a_name_is_asked_for_only_when_something_is_stored(small):
    told(small, Notice("leave", "m", "2024-03-01"))
    with pytest.raises(AppError, match="name is missing"):
        happen(small, [Notice("leave", "m", "2024-03-01")], by=" ")


def test_the_history_of_a_row_names_its_event(small):
    (outcome,) = happen(small, [Notice("remove", "m", "2024-03-01")], by="王")
    assert [each.event for each in changes_of(small, "rotations", "r6")] == [outcome.id]
    assert stored(small, "rotations", "r6").values["until"] == "2024-03-01"


def test_a_fall_is_doubted_and_listed_as_accepted_with_the_reason(small: Store):
    notice = Notice("appoint", "m", "2024-03-01", post="o2")
    with pytest.raises(Unconfirmed, match="falls from 正科 to 科员 on 2024-03-01"):
        happen(small, [notice], by="李")
    happen(small, [notice], by="李", reason="降职")
    asked = Choice(person="m", kind="fall", state="accepted")
    (found,) = quality(small, date(2024, 6, 30), asked).listed
    assert found.accepted is not None
    assert (found.accepted.reason, found.accepted.by) == ("降职", "李")
