"""Mentors by the post held: the day before, the day, the day after."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme import mentoring
from queries.programme.audit import audit
from tests.boundaries.given import STAGES, around, day, facts, given, mentor, person, posting

KINDS = """
unit_kinds: [{key: district, zh: 区, en: district}, {key: township, zh: 镇, en: township},
             {key: village, zh: 村, en: village}]
mentoring_kinds:
  - {key: township, zh: 镇书记, en: township secretary, post_kinds: [secretary],
     titles: [党委书记], unit_kinds: [township], placed_by: [grassroots]}
  - {key: village, zh: 村书记, en: village secretary, post_kinds: [secretary],
     titles: [村书记], unit_kinds: [village], placed_by: [grassroots], both_accept: true}
  - {key: peer, zh: 推荐导师, en: third mentor, from_stages: [two]}
mentor_needs:
  - {needs_mentor: {kind: village, count: 1, while: [one]}}
  - {needs_mentor: {kind: peer, count: 1, during: [grassroots]}}
"""
UNITS = [
    {"id": "D", "name": "石峰区", "kind": "district"},
    {"id": "T", "name": "河东镇", "kind": "township", "part_of": "D"},
    {"id": "V", "name": "柳村", "kind": "village", "part_of": "T"},
    {"id": "W", "name": "梅村", "kind": "village", "part_of": "T"},
]
POSTS = [
    {"id": "ts", "title": "党委书记", "unit": "T", "kind": "secretary"},
    {"id": "vs", "title": "柳村村书记", "unit": "V", "kind": "secretary"},  # with the unit's name
    {"id": "ws", "title": "村书记", "unit": "W", "kind": "secretary"},
    {"id": "vd", "title": "村副书记", "unit": "V", "kind": "secretary"},  # another title
    {"id": "va", "title": "助理", "unit": "V", "kind": "grassroots"},
    {"id": "wa", "title": "助理", "unit": "W", "kind": "grassroots"},
]


def store_of(store: Store, folder, rotations, pairs=(), people=(), gates="") -> Store:
    gate = gates or "{has_served: {kind: key_post}}"
    listed = [person(), mentor("m"), {"id": "n", "name": "新书记"}, *people]
    return given(
        store,
        folder / "data",
        STAGES % gate + KINDS,
        units=UNITS,
        posts=POSTS,
        people=listed,
        rotations=rotations,
        mentoring=list(pairs),
    )


def pair(id_="g", of="m", kind="village", since="2022-07-01", **more):
    return {"id": id_, "mentor": of, "trainee": "t", "kind": kind, "since": since, **more}


IN_V = posting("va", "2022-07-01", kind="grassroots")
M_IN_V = posting("vs", "2020-01-01", of="m")
LEFT = posting("vs", "2020-01-01", "2024-03-01", of="m")

CASES = {  # postings, the day that it turns on, and why not right on the three days
    "the secretary leaves": ([IN_V, LEFT], "2024-03-01", (None, "left", "left")),
    "the secretary of the village is appointed": (
        [IN_V, posting("vs", "2023-05-01", of="m")],
        "2023-05-01",
        ("none", None, None),
    ),
    "the secretary goes on in the next village": (
        [IN_V, LEFT, posting("ws", "2024-03-01", of="m")],
        "2024-03-01",
        (None, "left", "left"),
    ),
    "the secretary only acts from then on": (
        [IN_V, LEFT, posting("vs", "2024-03-01", of="m", marks="acting")],
        "2024-03-01",
        (None, "acting", "acting"),
    ),
    "the secretary becomes the deputy": (
        [IN_V, LEFT, posting("vd", "2024-03-01", of="m")],
        "2024-03-01",
        (None, "left", "left"),
    ),
    "the secretary is seconded and stays": (
        [IN_V, M_IN_V, posting("ts", "2024-03-01", of="m", kind="secondment")],
        "2024-03-01",
        (None, None, None),
    ),
    "the trainee moves to the next village": (
        [
            posting("va", "2022-07-01", "2024-02-01", kind="grassroots"),
            posting("wa", "2024-02-01", kind="grassroots"),
            M_IN_V,
        ],
        "2024-02-01",
        (None, "elsewhere", "elsewhere"),
    ),
    "the exercise ends, its place is the last one": (
        [posting("va", "2022-07-01", "2024-02-01", kind="grassroots"), M_IN_V],
        "2024-02-01",
        (None, None, None),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_secretary_is_right_while_the_post_on_the_line_is_held(
    embedded_store: Store, tmp_path, case: str
):
    rotations, turn, expected = CASES[case]
    store = store_of(embedded_store, tmp_path, rotations, [pair()])
    for on, reason in zip(around(turn), expected, strict=True):
        known = facts(store, on)
        light = next(each for each in mentoring.lights(known)["t"] if each.kind == "village")
        assert [each.reason for each in light.not_in_post] == ([reason] if reason else []), on
        assert light.missing == 0
        found = [each for each in audit(known).findings if each.rule == "mentor_left"]
        assert [(each.level, each.person) for each in found] == (
            [("yellow", "t")] if reason else []
        ), on
        if reason in ("left", "elsewhere"):
            assert found[0].due == day(turn)


def test_a_vacant_post_is_found_and_its_new_holder_proposed_on_the_day(
    embedded_store: Store, tmp_path, app
):
    """`n` has never guided anybody and is called a mentor nowhere."""
    rotations = [IN_V, LEFT, posting("vs", "2024-04-01", of="n")]
    store_of(embedded_store, tmp_path, rotations, [pair(until="2024-03-01")])
    client = app.test_client()
    for on, missing, vacant, proposed in (
        ("2024-02-29", 0, [], None),
        ("2024-03-01", 1, [("vs", "2024-03-01", ["t"])], []),
        ("2024-03-31", 1, [("vs", "2024-03-01", ["t"])], []),
        ("2024-04-01", 1, [], ["n"]),
        ("2024-04-02", 1, [], ["n"]),
    ):
        answer = client.get(f"/api/programme/mentors?on={on}").json
        lacking = [each for each in answer["missing"] if each["kind"] == "village"]
        assert len(lacking) == missing, on
        found = [(e["post"], e["since"], e["trainees"]) for e in answer["vacant_posts"]]
        assert found == vacant, on
        rules = {f["rule"] for f in client.get(f"/api/programme/audit?on={on}").json["findings"]}
        assert ("secretary_vacant" in rules) == bool(vacant), on
        page = client.get(f"/programme/mentors?on={on}&lang=en").text
        assert (f"/events?kind=appoint&amp;post=vs&amp;on={on}" in page) == bool(vacant), on
        if lacking:
            assert [each["mentor"] for each in lacking[0]["candidates"]] == proposed, on
            assert ("holds 柳村 柳村村书记" in page) == bool(proposed), on
    told = app.test_cli_runner().invoke(args=["mentors", "--as-of", "2024-04-01"])
    assert "新书记" in told.output


def test_who_acts_leaves_the_post_vacant_and_is_told(embedded_store: Store, tmp_path):
    acting = posting("vs", "2024-04-01", of="n", marks="acting")
    store = store_of(embedded_store, tmp_path, [IN_V, LEFT, acting], [pair()])
    for on, who in (("2024-03-31", ()), ("2024-04-01", ("n",)), ("2024-04-02", ("n",))):
        known = facts(store, on)
        (vacant,) = mentoring.vacant_posts(known)
        assert (vacant.post, vacant.since, vacant.acting) == ("vs", date(2024, 3, 1), who)
        assert not mentoring.candidates(known, "t", "village")


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        ("2022-06-30", None),
        ("2022-07-01", date(2022, 7, 1)),
        ("2022-07-02", date(2022, 7, 1)),
        ("2024-01-31", date(2022, 7, 1)),
        ("2024-02-01", date(2022, 7, 1)),  # moved on within the exercise
        ("2024-05-30", date(2022, 7, 1)),
        ("2024-05-31", None),
    ],
)
def test_the_third_mentor_is_needed_from_the_first_to_the_last_day_of_the_exercise(
    embedded_store: Store, tmp_path, on: str, missing: date | None
):
    rotations = [
        posting("va", "2022-07-01", "2024-02-01", kind="grassroots"),
        posting("wa", "2024-02-01", "2024-05-31", kind="grassroots"),
    ]
    gates = "{since_joining: {months: 600}}"  # the trial goes on and on
    store = store_of(embedded_store, tmp_path, rotations, gates=gates)
    lights = [each for each in mentoring.lights(facts(store, on))["t"] if each.kind == "peer"]
    assert [each.missing_since for each in lights] == ([missing] if missing else [])


@pytest.mark.parametrize(("load", "shown"), [(1, ">1<"), (2, "2, full"), (3, "3, over the limit")])
def test_the_load_of_a_mentor_stands_beside_the_limit(
    embedded_store: Store, tmp_path, app, load: int, shown: str
):
    others = [person(id_) for id_ in ("u", "v", "w")]
    pairs = [{**pair(f"g{id_}"), "trainee": id_} for id_ in ("u", "v", "w")[:load]]
    rotations = [posting("va", "2022-07-01", kind="grassroots", of=each["id"]) for each in others]
    store = store_of(embedded_store, tmp_path, [*rotations, M_IN_V], pairs, others)
    store.write("MATCH (p:Person {id: 'm'}) SET p.mentor_capacity = 2")
    page = app.test_client().get("/programme/mentors?lang=en").text
    row = page[page.index('data-table="pool"') :]
    row = row[row.index("导师m") : row.index("</tr>", row.index("导师m"))]
    assert shown in row
    found = {each.rule for each in audit(facts(store)).findings}
    assert ("mentor_overloaded" in found) == (load == 3)


@pytest.mark.parametrize(
    ("on", "waits"),
    [("2022-07-09", "neither yet"), ("2022-07-10", "not yet: the trainee"),
     ("2022-07-11", "not yet: the trainee"), ("2022-07-19", "not yet: the trainee"),
     ("2022-07-20", None), ("2022-07-21", None)],
)  # fmt: skip
def test_a_pair_waits_until_both_have_accepted_it(
    embedded_store: Store, tmp_path, app, on: str, waits: str | None
):
    days = {"mentor_accepted_on": "2022-07-10", "trainee_accepted_on": "2022-07-20"}
    notes = {"mentor_note": "先熟悉村情", "trainee_note": "想学写作"}
    store_of(embedded_store, tmp_path, [IN_V, M_IN_V], [pair(**days, **notes)])
    client = app.test_client()
    answer = client.get(f"/api/programme/mentors?on={on}").json
    assert [each["pairing"]["id"] for each in answer["not_accepted"]] == (["g"] if waits else [])
    page = client.get(f"/programme/mentors?on={on}&lang=en").text
    assert (waits or "both, on 2022-07-20") in page
    own = client.get(f"/api/programme/mentors/m?on={on}").json
    assert own["notes"] == [{"pair": "g", **notes}]
    assert "先熟悉村情" in client.get(f"/programme/mentors/m?on={on}").text


def test_one_persons_reading_judges_the_pair_as_that_of_everybody(embedded_store: Store, tmp_path):
    from queries.programme.reading import read_facts

    store = store_of(embedded_store, tmp_path, [IN_V, LEFT], [pair()])
    whole = facts(store)
    alone = read_facts(store, whole.programme, whole.on, ["t"])
    assert mentoring.lights(alone)["t"] == mentoring.lights(whole)["t"]
    with store.transaction() as transaction:
        inside = read_facts(transaction, whole.programme, whole.on, ["t"])
        assert mentoring.lights(inside)["t"] == mentoring.lights(whole)["t"]
    assert mentoring.to_hand_over(alone)[0].reason == "left"
