"""A person as the rules see them, read from a small district on a day."""

from datetime import date

from graph.programme import parse_programme
from queries.rules.appointments import may_take, usual_kind_of
from queries.rules.reading import candidates
from tests.boundaries.given import DAY, POSTS, facts, given, mentor, person, posting, record
from tests.boundaries.test_rules import rules

FACTS = {
    "people": [
        person("t", joined_on="2018-07", native_place="柳村", education="本科", born_on="1995-02"),
        person("u", joined_on="2015-07-01"),
        mentor("m"),
        person("v", joined_on="2015-07-01"),
    ],
    "rotations": [
        posting("clerk", "2018-07-01", "2020-07-01"),
        posting("staff", "2020-07-01", "2023-01-01"),
        posting("deputy", "2023-01-01"),
        posting("village", "2021-01-01", "2021-07-01", "secondment"),
        posting("head", "2020-01-01", "2024-12-01", of="u"),
        posting("staff", "2024-07-01", of="u"),
        posting("village", "2016-01-01", "2019-01-01", "grassroots", of="v"),
        posting("clerk", "2019-01-01", "2021-01-01", "key_post", of="v"),
        posting("clerk", "2021-01-01", "2022-01-01", "key_post", of="m"),
        posting("staff", "2021-01-01", "2021-02-01", "secondment", of="m"),
    ],
    "records": [
        record("appraisal", "2022-12-31", result="称职"),
        record("appraisal", "2023-12-31", result="优秀"),
        record("talk", "2024-03-01"),
        record("talk", "2024-03-02", of="u"),
    ],
    "kin": [{"person": "t", "relative": "u", "relation": "spouse"}],
}


def words(store):
    return parse_programme(store.read("MATCH (p:Programme) RETURN p.rules AS rules")[0]["rules"])


def test_what_the_rules_know_of_somebody(embedded_store, tmp_path):
    store = given(embedded_store, tmp_path / "data", **FACTS)
    found = candidates(store, words(store), DAY, ["t", "x", "v"])
    assert list(found) == ["t", "v"]
    who = found["t"]
    assert (who.person, who.name, who.on, who.serves, who.is_trainee) == (
        "t", "学员t", DAY, True, True,
    )  # fmt: skip
    assert (who.joined_on, who.joined, who.born_on) == (
        "2018-07-01", date(2018, 7, 1), "1995-02-01",
    )  # fmt: skip
    assert who.rough == (("joined_on", "month"), ("born_on", "month"))
    assert (who.shortest().joined, who.shortest().born_on) == (date(2018, 7, 31), "1995-02-28")
    assert (who.native_place, who.education) == ("柳村", "本科")
    assert [(each.place.post, each.kind, each.rank, each.since) for each in who.postings] == [
        ("clerk", "appointment", "科员", date(2018, 7, 1)),
        ("staff", "appointment", "科员", date(2020, 7, 1)),
        ("village", "secondment", "科员", date(2021, 1, 1)),
        ("deputy", "appointment", "副科", date(2023, 1, 1)),
    ]
    assert [each.until for each in who.postings] == [
        date(2020, 7, 1), date(2023, 1, 1), date(2021, 7, 1), None,
    ]  # fmt: skip
    assert who.main == who.postings[-1]
    assert [each.place.post for each in who.home_postings] == ["clerk", "staff", "deputy"]
    assert who.running() == (who.postings[-1],)
    assert (who.rank, who.rank_index(), who.rose_on) == (1, 1, date(2023, 1, 1))
    assert who.moves == (date(2020, 7, 1), date(2023, 1, 1))  # the first main post is no change
    assert [each.on for each in who.entries] == ["2022-12-31", "2023-12-31", "2024-03-01"]
    assert [each.result for each in who.reviews("appraisal")] == ["优秀", "称职"]
    place = who.main.place
    assert (place.post, place.title, place.post_kind, place.rank) == (
        "deputy", "副镇长", "deputy", "副科",
    )  # fmt: skip
    assert (place.unit, place.unit_kind, place.units, place.unit_names) == (
        "T", "township", ("T", "D"), ("河东镇", "石峰区"),
    )  # fmt: skip
    (spouse,) = who.kin or ()
    assert (spouse.person, spouse.name, spouse.relation) == ("u", "学员u", "spouse")
    assert [(held.post, until) for held, until in spouse.places] == [("head", date(2024, 12, 1))]
    assert found["v"].kin == ()
    assert (found["v"].serves, found["v"].main, found["v"].rank) == (False, None, None)


def test_a_relative_s_posts_are_those_of_the_day(embedded_store, tmp_path):
    store = given(embedded_store, tmp_path / "data", **FACTS)
    for on, posts in (("2019-12-31", []), ("2020-01-01", ["head"]),
                      ("2024-07-01", ["head", "staff"]), ("2024-12-01", ["staff"])):  # fmt: skip
        (spouse,) = candidates(store, words(store), date.fromisoformat(on), ["t"])["t"].kin or ()
        assert sorted(str(held.post) for held, _ in spouse.places) == posts


def test_nobody_s_relatives_are_known_where_none_is_on_file(embedded_store, tmp_path):
    store = given(embedded_store, tmp_path / "data", **{**FACTS, "kin": []})
    assert candidates(store, words(store), DAY, ["t"])["t"].kin is None


def test_relatives_are_known_from_the_day_on_which_both_of_a_pair_are_on_file(
    embedded_store, tmp_path
):
    """The one pair is that of t, who joins in July 2018; v has no relative on file."""
    store = given(embedded_store, tmp_path / "data", **FACTS)
    for on, kin in (("2018-06-30", None), ("2018-07-01", ()), ("2024-06-30", ())):
        found = candidates(store, words(store), date.fromisoformat(on), ["v"])
        assert found["v"].kin == kin, on


def test_dates_of_a_posting_are_read_long_and_short(embedded_store, tmp_path):
    tables = {"people": [person("t", joined_on="2018-01-01")],
              "rotations": [posting("clerk", "2018-07", "2020-07"),
                            posting("staff", "2021-03-01")]}  # fmt: skip
    store = given(embedded_store, tmp_path / "data", **tables)
    who = candidates(store, words(store), DAY, ["t"])["t"]
    assert [each.texts for each in who.postings] == [("2018-07", "2020-07"), ("", "")]
    assert [each.period for each in who.postings] == [
        (date(2018, 7, 1), date(2020, 7, 31)), (date(2021, 3, 1), None),
    ]  # fmt: skip
    assert who.postings[1].read is None
    assert who.shortest().postings[0].period == (date(2018, 7, 31), date(2020, 7, 1))


def test_a_post_is_taken_in_its_usual_way_unless_another_is_asked_for(embedded_store, tmp_path):
    text = rules(
        *(f"no_transfer: {{months: 120, kinds: [{kind}]}}"
          for kind in ("appointment", "key_post", "secondment", "grassroots"))
    )  # fmt: skip
    fresh = {"id": "fresh", "title": "新岗", "unit": "V", "kind": "grassroots", "rank": "科员"}
    store = given(embedded_store, tmp_path / "data", rules=text, posts=[*POSTS, fresh], **FACTS)
    wanted = ["clerk", "staff", "village", "fresh", "none", "clerk"]
    found = may_take(store, words(store), DAY, "t", wanted)
    assert {post: each.kind for post, each in found.items()} == {
        "clerk": "key_post",  # twice, an appointment once
        "staff": "appointment",  # once, as a secondment; of equals the first by name
        "village": "grassroots",
        "fresh": "grassroots",  # nobody took it: as others of its kind
    }
    assert usual_kind_of(facts(store), "fresh") == "grassroots"
    assert [each.rule.id for each in found["clerk"].against] == ["R2"]
    assert [each.rule.id for each in found["village"].against] == ["R4"]
    asked = may_take(store, words(store), DAY, "t", ["clerk"], "secondment")["clerk"]
    assert (asked.kind, [each.rule.id for each in asked.against]) == ("secondment", ["R3"])
    before = may_take(store, words(store), date(2019, 1, 1), "t", ["clerk"])["clerk"]
    assert before.kind == "appointment"  # of equals the first by name, by that day
