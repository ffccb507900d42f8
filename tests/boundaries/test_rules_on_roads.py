"""The rules of appointment by page, JSON and command: each opens and closes on the same day there.

What the function says of these cases is in `test_rules.py`. A rise is asked for as the earliest
legal date; a move as a post that others took after the one held, here by somebody who did it once.
"""

import json

import pytest

from tests.boundaries.given import around, given, mentor, person, posting, record
from tests.boundaries.test_rules import (
    AGE,
    CLERK,
    HARD,
    KIN,
    OPENING,
    REVIEWS,
    WAY,
    rules,
)

RISES = [each for each in OPENING if "rank" in each[3]]
MOVES = [each for each in OPENING if "rank" not in each[3]]
BEFORE = [mentor("z")]


def went(start: str, then: str):
    """Somebody who went from a post to another one, long ago."""
    return [
        posting(start, "2010-01-01", "2011-01-01", of="z"),
        posting(then, "2011-01-01", "2012-01-01", of="z"),
    ]


@pytest.mark.parametrize(
    ("texts", "has", "move", "opens"),
    [(each[1], each[2], each[3], each[5]) for each in RISES],
    ids=[each[0] for each in RISES],
)
def test_a_rise_opens_on_its_day_on_page_in_json_and_by_command(
    embedded_store, tmp_path, client, runner, texts, has, move, opens
):
    given(embedded_store, tmp_path / "data", rules=rules(*texts), **{"rotations": CLERK, **has})
    for on, is_open in zip(around(opens), (False, True, True), strict=True):
        (shown,) = client.get(f"/api/careers/dates?person=t&on={on}").json
        (rank,) = [each for each in shown["ranks"] if each["rank"] == move["rank"]]
        (judged,) = [each for each in rank["rules"] if each["rule"] == "R1"]
        assert (judged["state"], judged["since"]) == ("allows" if is_open else "waits", opens)
        assert rank["earliest"] == opens
        page = client.get(f"/careers/dates/t?on={on}").get_data(as_text=True)
        assert opens in page
        listed = client.get(f"/careers/dates?person=t&on={on}").get_data(as_text=True)
        assert (f"{opens} 起" in listed or f"since {opens}" in listed) == is_open
        told = runner.invoke(args=["legal-dates", "t", "--as-of", str(on), "--json"])
        assert json.loads(told.output)[0]["ranks"] == shown["ranks"]


def asked(client, start, then, kind, on):
    """Return what stands against a move, from JSON, and whether the page names a rule for it."""
    address = f"careers/posts/{start}?person=t&kind={kind}&on={on}"
    found = client.get(f"/api/{address}").json
    (each,) = [each for each in found["next"] if each["post"] == then]
    against = [rule["rule"] for rule in each["against"]]
    page = client.get(f"/{address}").get_data(as_text=True)
    assert each["open"] == (against == [])
    assert ("(R1)" in page or "（R1）" in page or "R1 " in page or " R1" in page) == bool(against)
    return each


@pytest.mark.parametrize(
    ("texts", "has", "move", "opens"),
    [(each[1], each[2], each[3], each[5]) for each in MOVES],
    ids=[each[0] for each in MOVES],
)
def test_a_move_opens_on_its_day_on_page_and_in_json(
    embedded_store, tmp_path, client, texts, has, move, opens
):
    facts = {
        "people": [*has.get("people", [person()]), *BEFORE],
        "rotations": [*has.get("rotations", []), *went("clerk", "staff")],
    }
    given(embedded_store, tmp_path / "data", rules=rules(*texts), **facts)
    for on, is_open in zip(around(opens), (False, True, True), strict=True):
        found = asked(client, "clerk", "staff", move["kind"], on)
        assert found["open"] == is_open, on
        assert found["earliest"] == (str(on) if is_open else opens)


HOME = "home_place: {post_kinds: [unit_head], unit_kinds: [township]}"
KEPT = "keeps_home_post: {kinds: [secondment]}"
REVIEWED = [
    record("appraisal", f"{2021 + n}-12-31", result=result)
    for n, result in enumerate(("基本称职", "称职", "称职"))
]
MARRIED = {
    "people": [person(), person("u")],
    "rotations": [posting("head", "2022-01-01", "2024-06-01", of="u"), *CLERK],
    "kin": [{"person": "t", "relative": "u", "relation": "spouse"}],
}
WAYS = [
    # rule, facts, from, to, kind, {day: open}
    (
        AGE,
        {"people": [person(born_on="1983-07-01")], "rotations": CLERK},
        ("clerk", "staff"),
        "secondment",
        {"2024-06-29": True, "2024-06-30": True, "2024-07-01": False},
    ),
    (
        KEPT,
        {"rotations": [posting("clerk", "2020-07-01", "2024-06-01")]},
        ("clerk", "staff"),
        "secondment",
        {"2024-05-31": True, "2024-06-01": False, "2024-06-02": False},
    ),
    (
        WAY,
        {"rotations": CLERK},
        ("staff", "clerk"),
        "secondment",
        {"2023-06-30": True, "2023-07-01": False, "2023-07-02": False},
    ),
    (
        KIN,
        MARRIED,
        ("clerk", "staff"),
        "appointment",
        {"2024-05-31": False, "2024-06-01": True, "2024-06-02": True},
    ),
    (
        REVIEWS,
        {"rotations": CLERK, "records": REVIEWED},
        ("clerk", "staff"),
        "appointment",
        {"2024-12-30": False, "2024-12-31": True, "2025-01-01": True},
    ),
    *(
        (
            HOME,
            {"people": [person(native_place=native)], "rotations": CLERK},
            ("clerk", "head"),
            "appointment",
            {"2024-06-30": is_open},
        )
        for native, is_open in {
            "石峰区河东镇": False,
            "石峰区河东镇柳村": False,
            "河东": False,
            "石峰区": False,
            "石峰区河西镇": True,
            "天元区": True,
        }.items()
    ),
    (
        "longest_in_post: {months: 120}",
        {"rotations": CLERK},
        ("staff", "clerk"),  # it is the post held already
        "appointment",
        {"2024-06-30": False},
    ),
]


@pytest.mark.parametrize(
    ("text", "has", "way", "kind", "days"),
    WAYS,
    ids=[f"{each[0].partition(':')[0]}-{n}" for n, each in enumerate(WAYS)],
)
def test_a_rule_about_a_place_is_the_same_on_page_and_in_json(
    embedded_store, tmp_path, client, text, has, way, kind, days
):
    facts = {
        **has,
        "people": [*has.get("people", [person()]), *BEFORE],
        "rotations": [*has["rotations"], *went(*way)],
    }
    given(embedded_store, tmp_path / "data", rules=rules(text), **facts)
    start, then = way
    found = {on: asked(client, start, then, kind, on)["open"] for on in days}
    assert found == days


def test_years_in_hardship_bind_to_the_day_on_every_road(embedded_store, tmp_path, client):
    facts = {"people": [person(), *BEFORE], "rotations": [*CLERK, *went("clerk", "staff")]}
    given(embedded_store, tmp_path / "data", rules=rules(HARD), **facts)
    embedded_store.write("MATCH (p:Post {id: 'clerk'}) SET p.hardship = 5")
    found = [asked(client, "clerk", "staff", "appointment", on)["open"]
             for on in around("2025-07-01")]  # fmt: skip
    assert found == [False, True, True]


@pytest.mark.parametrize(
    ("since", "until", "last"),
    [
        ("2014-07-01", "2016-07-01", "2024-07-01"),  # it touches the next: ten years from the first
        ("2014-07-01", "2016-06-30", "2026-07-01"),  # a day between: ten years from the second
        ("2014-07-01", "2016-07-02", "2024-07-01"),
    ],
)
def test_ten_years_in_a_post_count_what_touches(
    embedded_store, tmp_path, client, since, until, last
):
    """Every reading of a page of dates gives the last day; a rise is asked for with it."""
    rows = [posting("clerk", since, until), posting("clerk", "2016-07-01")]
    given(
        embedded_store,
        tmp_path / "data",
        rules=rules("longest_in_post: {months: 120}"),
        people=[person(joined_on="2014-07-01")],
        rotations=rows,
    )
    (shown,) = client.get("/api/careers/dates?person=t&on=2024-06-30").json
    (judged,) = shown["ranks"][0]["rules"]
    assert (judged["state"], judged["until"]) == ("allows", last)
