"""What a total counts of postings: the day before, the day, the day after."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from graph.rules import Held, Promoted, Sent
from queries.personnel import Known, KnownPosting, Personnel, Terms
from queries.personnel.columns import columns_of
from queries.personnel.places import places_of
from queries.personnel.reading import written
from queries.personnel.terms import ServiceFact, ServiceKind
from queries.programme.totals_of_postings import first_postings, first_promotions

TERMS = Terms(
    ranks=("科员", "副科", "正科"),
    beside=frozenset({"secondment"}),
    service={"resigned": ServiceKind(in_service=False), "returned": ServiceKind()},
)
POSTS: list[dict[str, Any]] = [
    {"id": "clerk", "title": "", "rank": "科员", "kind": "staff", "unit": "v"},
    {"id": "deputy", "title": "", "rank": "副科", "kind": "deputy", "unit": "d"},
    {"id": "head", "title": "", "rank": "正科", "kind": "unit_head", "unit": None},
    {"id": "secretary", "title": "党组书记", "rank": "正科", "kind": None, "unit": "d"},
    {"id": "village secretary", "title": "书记", "rank": None, "kind": "secretary", "unit": "v"},
]
UNITS = [
    {"id": "v", "name": "", "kind": "village", "part_of": None},
    {"id": "d", "name": "", "kind": "department", "part_of": None},
]
SENT = Sent(kinds=("grassroots",), months=36)
PROMOTED = Promoted(to="副科", months=36)


def model(*postings: dict[str, Any], joined: str | None = None, **known: Any) -> Personnel:
    rows = [KnownPosting(f"r{n}", "x", **each) for n, each in enumerate(postings)]
    columns = columns_of([Known("x", joined, **known)], written(rows), places_of(POSTS, UNITS))
    return Personnel(columns, TERMS, lambda people, day: {})


def sent(found: Personnel, on: str, rule: Sent | Held = SENT) -> str | None:
    first = first_postings(found, rule, ["x", "nobody"], date.fromisoformat(on))
    return first["x"].since if first else None


def promoted(found: Personnel, on: str, rule: Promoted = PROMOTED) -> tuple[Any, ...] | None:
    return first_promotions(found, rule, ["x", "nobody"], date.fromisoformat(on)).get("x")


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2021-06-30", None), ("2021-07-01", "2021-07"), ("2021-07-02", "2021-07")],
)
def test_a_posting_counts_from_its_first_day_on(on: str, expected: str | None):
    assert sent(model({"post": "clerk", "kind": "grassroots", "since": "2021-07"}), on) == expected


@pytest.mark.parametrize(
    ("since", "counts"), [("2021-06-30", False), ("2021-07-01", True), ("2021-07-02", True)]
)
def test_the_window_begins_on_its_first_day(since: str, counts: bool):
    found = model({"post": "clerk", "kind": "grassroots", "since": since})
    assert sent(found, "2024-06-30") == (since if counts else None)


def test_what_was_held_before_joining_begins_on_the_day_of_joining():
    posting = {"post": "clerk", "kind": "grassroots", "since": "2021-06-30"}
    found = model(posting, joined="2021-07-01")
    assert sent(found, "2021-06-30") is None
    assert sent(found, "2024-06-30") == "2021-07-01"  # the window opens on that day


def test_coming_back_into_the_same_posting_is_no_new_begin():
    posting = {"post": "clerk", "kind": "grassroots", "since": "2019"}
    service = (ServiceFact("resigned", "2020-01-01"), ServiceFact("returned", "2022-01-01"))
    assert sent(model(posting, service=service), "2024-06-30") is None


def test_units_and_kinds_of_posts_are_those_of_the_rule():
    in_village = Sent(kinds=("grassroots",), unit_kinds=("village",))
    postings = [
        {"post": "head", "kind": "grassroots", "since": "2019"},  # in no unit
        {"post": "deputy", "kind": "grassroots", "since": "2020"},
        {"post": "clerk", "kind": "grassroots", "since": "2021"},
    ]
    assert sent(model(*postings), "2024-06-30", in_village) == "2021"
    assert sent(model(*postings), "2024-06-30", Held(post_kinds=("deputy",))) == "2020"


def test_heads_are_named_by_kind_or_title_and_by_the_kind_of_their_unit():
    postings = [
        {"post": "head", "since": "2019", "until": "2020"},  # a head of no unit
        {"post": "secretary", "since": "2020", "until": "2021"},
        {"post": "village secretary", "since": "2021"},
    ]
    both = {"post_kinds": ("unit_head",), "titles": ("党组书记",)}

    def held(**rule: tuple[str, ...]) -> str | None:
        return sent(model(*postings), "2024-06-30", Held(**rule))

    assert held(**both) == "2019"
    assert held(**both, unit_kinds=("department",)) == "2020"
    assert held(post_kinds=("secretary",), unit_kinds=("village",)) == "2021"
    assert held(post_kinds=("unit_head",), unit_kinds=("department", "village")) is None
    with pytest.raises(ValidationError, match="post_kinds, titles or both"):
        Held(unit_kinds=("village",))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2022-02-28", None),
        ("2022-03-01", ("2022-03", "deputy")),
        ("2022-03-02", ("2022-03", "deputy")),
    ],
)
def test_a_promotion_counts_from_its_day_on(on: str, expected: tuple[str, str] | None):
    found = model({"post": "clerk", "since": "2019"}, {"post": "deputy", "since": "2022-03"})
    assert promoted(found, on) == expected


def test_a_beside_posting_or_an_acting_one_promotes_nobody():
    clerk = {"post": "clerk", "since": "2019"}
    beside = {"post": "deputy", "since": "2022", "kind": "secondment"}
    acting = {"post": "deputy", "since": "2022", "marks": ("acting",)}
    assert promoted(model(clerk, beside), "2024-06-30") is None
    assert promoted(model(clerk, acting), "2024-06-30") is None


def test_only_the_first_time_at_the_rank_counts_and_only_from_a_lower_one():
    twice = [
        {"post": "clerk", "since": "2015"},
        {"post": "deputy", "since": "2018", "until": "2022"},
        {"post": "clerk", "since": "2022", "until": "2023"},
        {"post": "deputy", "since": "2023"},
    ]
    assert promoted(model(*twice), "2024-06-30") is None
    fell = [{"post": "head", "since": "2019", "until": "2022"}, {"post": "deputy", "since": "2022"}]
    assert promoted(model(*fell), "2024-06-30") is None
