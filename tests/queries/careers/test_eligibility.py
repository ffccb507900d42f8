"""Legal dates, next posts and short lists over a stored district, the same on both engines."""

from collections.abc import Iterator
from datetime import date

import pytest

from graph.errors import NotFound
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import load
from queries.careers.eligibility import earliest_dates
from queries.careers.eligibility_words import advice, changes
from queries.programme.reading import read_facts
from queries.rules import short_list as priorities
from queries.rules.appointments import may_take, stored_rules, usual_kind_of
from queries.stored_programme import stored_programme
from tests.conftest import ROOT

ON = date(2024, 6, 30)
Both = pytest.param("neo4j", marks=pytest.mark.bolt)


@pytest.fixture(scope="module", params=["embedded", Both])
def district(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The reference district, loaded once for each engine; these tests only read it."""
    if request.param == "neo4j":
        opened: Store = request.getfixturevalue("opened_neo4j")
        opened.write("MATCH (n) CALL (n) { DETACH DELETE n }")
        load(opened, ROOT / "examples" / "shifeng")
        yield opened
        return
    path = tmp_path_factory.mktemp("eligibility") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        load(store, ROOT / "examples" / "shifeng")
        yield store


def dates(store: Store, person: str):
    (found,) = earliest_dates(store, stored_programme(store), ON, [person])
    return found


def next_posts(store: Store, person: str, posts: list[str], kind: str | None = None):
    return may_take(store, stored_programme(store), ON, person, posts, kind)


def test_legal_dates_are_those_worked_out_by_hand(district):
    # A master who joined on 2023-08-25: trial 1 year, then 3 years as staff; the grade after the
    # trial is no rank, and counts for section, so 1 year between rises; then 3 and 2 years.
    found = dates(district, "T046")
    assert [(each.key, each.earliest) for each in found.ranks] == [
        ("副科", date(2027, 8, 25)),
        ("正科", date(2028, 8, 25)),
        ("副处", date(2031, 8, 25)),
        ("正处", date(2033, 8, 25)),
    ]
    assert [[judged.rule.id for judged in each.held_by] for each in found.ranks] == [
        ["R5"],
        ["R9"],
        ["R7"],
        ["R8"],
    ]


def test_what_holds_says_what_would_change_it(district):
    first, second, *_ = dates(district, "T046").ranks
    assert second.without == date(2027, 8, 25)  # the day of the rank before
    said = [each.text() for each in changes(second, ON)]
    assert any("nothing but time" in text for text in said)
    assert any("2027-08-25" in text for text in said)
    assert any("appraisal" in text for text in said)  # the rule that lacks a fact names it
    assert first.held_by[0].verdict.change is None
    # One post as section so far: two are asked for generally, which keeps nobody out.
    advised = dates(district, "T004").ranks[0]
    assert (advised.state, advised.earliest) == ("waits", date(2025, 10, 13))
    (said_of,) = advice(advised)
    assert "1 of 2 posts at the level below have been held." in said_of.text()


def test_every_trainee_is_answered_with_every_rule_that_speaks(district):
    found = earliest_dates(district, stored_programme(district), ON)
    assert [each.person for each in found if each.person[0] == "C"] == ["C007", "C008", "C009"]
    assert [each.person for each in found if not each.ranks] == ["C007", "C008", "C009"]  # left
    assert len(found) == 46 + 3
    for each in found:
        for rank in each.ranks:
            for judged in rank.judged:
                assert judged.verdict.because.text()
                assert judged.verdict.missing or judged.verdict.state != "unknown"


def test_the_kind_of_rotation_decides_which_rules_speak(district):
    # T030 came to the present post on 2023-09-06 and had one change of post since entry.
    for kind, against in (("secondment", []), ("rotation", ["R21", "R19"])):
        found = next_posts(district, "T030", ["P19"], kind)["P19"]
        assert (found.kind, [each.rule.id for each in found.against]) == (kind, against)
    asked = next_posts(district, "T030", ["P19", "P22", "P05"])
    assert {post: each.kind for post, each in asked.items()} == {
        "P19": "secondment",  # every holder so far was seconded
        "P22": "key_post",
        "P05": "appointment",  # five appointments, one rotation
    }
    assert asked["P19"].against == ()


def test_whoever_has_no_home_post_is_not_seconded(district):
    found = next_posts(district, "T046", ["P19"], "secondment")["P19"]
    assert "R3" in [each.rule.id for each in found.against]
    assert found.earliest == date(2025, 8, 25)


def test_a_spouse_who_leads_keeps_the_other_out_of_the_unit(district):
    facts = read_facts(district, stored_programme(district), ON)
    home = facts.home("T003")
    assert home is not None
    assert facts.posts[home.post].kind in ("unit_head", "leader", "secretary")
    unit = facts.posts[home.post].unit
    same = sorted(post.id for post in facts.posts.values() if post.unit == unit)
    found = next_posts(district, "T037", same)
    assert all("R16" in [each.rule.id for each in asked.against] for asked in found.values())


def test_short_list_and_next_posts_are_judged_alike(district):
    programme = stored_programme(district)
    facts = read_facts(district, programme, ON)
    rules = stored_rules(district, programme)
    for post in ("P22", "P05", "P13"):
        listed = priorities.shortlist(facts, post, rules)
        for each in listed.places[:5]:
            asked = next_posts(district, each.person, [post])[post]
            assert asked.is_open
            said = {(judged.rule.id, judged.verdict.because.text()) for judged in asked.against}
            assert {(rule, words.text()) for rule, words in each.notes} >= said
        for out in listed.excluded[:5]:
            asked = next_posts(district, out.person, [post])[post]
            hard = [judged.rule.id for judged in asked.against if judged.rule.kind == "hard"]
            assert [rule for rule, _ in out.why if rule] == hard
        assert usual_kind_of(facts, post) == next_posts(district, "T030", [post])[post].kind


def test_unknown_person_is_not_found(district):
    with pytest.raises(NotFound):
        dates(district, "nobody")
    with pytest.raises(NotFound):
        next_posts(district, "nobody", ["P05"])
    assert next_posts(district, "T030", ["nowhere"]) == {}
