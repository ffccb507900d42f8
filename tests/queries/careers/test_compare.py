"""Several careers side by side, and one post through the years, by hand."""

from datetime import date

import pytest

from graph.errors import NotFound, UsageError
from graph.programme import parse_programme
from graph.upsert import edge_type, upsert_edges
from queries.careers.compare import compare, differences, from_route, origin
from queries.careers.history import career
from queries.careers.posts_history import history
from queries.careers.routes import Route
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
PROGRAMME = parse_programme(
    "ranks: [{key: low, zh: 低, en: low}, {key: high, zh: 高, en: high}]\n"
    "rotation_kinds: [{key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}]"
)


def of(store, person, on=ON):
    return career(store, person, on, PROGRAMME)


# --- side by side -------------------------------------------------------------------------------

TWO = [
    posting("a", "v:x:village:low", "2010-01-01", "2012-01-01", kind="grassroots"),
    posting("a", "o:y:office:low", "2012-01-01", "2014-01-01"),
    posting("a", "o:h:head:high", "2014-01-01"),
    posting("b", "v:x:village:low", "2015-01-01", "2018-03-01", kind="grassroots"),
    posting("b", "o:z:key:low", "2018-03-01", "2019-03-01", kind="key_post"),
]


def test_shared_posts_units_and_mentors_are_found(store):
    rows = [
        *TWO,
        posting("b", "o:w:office:low", "2019-03-01", "2020-01-01"),
        posting("m", "o:w:office:low", "2000"),
    ]
    fill(store, rows)
    ends = [{"id": f"m{n}", "source": "m", "target": t, "props": {}} for n, t in enumerate("ab")]
    upsert_edges(store, edge_type("MENTORS"), ends)
    found = compare(store, ["a", "b"], ON, PROGRAMME)
    assert {(s.what, s.key, s.since, s.until) for s in found.shared} == {
        ("post", "v:x:village:low", None, None),  # the same village post, years apart
        ("unit", "o", "2018-03-01", "2019-03-01"),
        ("unit", "o", "2019-03-01", "2020-01-01"),
        ("mentor", "m", None, None),
    }


def test_differences_are_said_in_words(store):
    fill(store, TWO)
    one, other = of(store, "a"), of(store, "b")
    said = [sentence.text() for sentence in differences(one, other, PROGRAMME)]
    assert said == [
        "Nb was 14 months longer in grassroots.",
        "Na skipped key_post; Nb had 12 months of it.",
        "Nb skipped head; Na had 125 months of it.",
        "Na skipped key; Nb had 12 months of it.",
        "Nb skipped office; Na had 24 months of it.",
        "Nb was 14 months longer in village.",
        "Na reached high 48 months after entry; Nb has not.",
    ]


def test_a_career_differs_from_a_route_in_words(store):
    fill(store, TWO)
    keys = ("village", "key", "head")
    route = Route(keys, keys, (), 40, None, step_months=(10, 12))
    assert [s.text() for s in from_route(of(store, "a"), route, "post_kind")] == [
        "Na was 14 months longer in village than the route.",
        "Na skipped key.",
        "Na also had office.",
    ]


def test_a_rank_is_reached_by_who_is_at_it_or_above(store):
    """Nb begins above low and falls to it later: no rank is reached by a fall."""
    rows = [
        posting("a", "u:x::low", "2010-01-01", "2014-01-01"),
        posting("a", "u:y::high", "2014-01-01"),
        posting("b", "u:y::high", "2010-01-01", "2012-01-01"),
        posting("b", "u:x::low", "2012-01-01"),
        posting("c", "u:x::low", "2010-01-01"),
        posting("c", "u:f::high", "2011-01-01", "2012-01-01", kind="secondment"),
    ]
    fill(store, rows)
    a, b, c = (of(store, each) for each in "abc")

    def said(one, other):
        sentences = [each.text() for each in differences(one, other, PROGRAMME)]
        return [each for each in sentences if "reached" in each]

    assert said(a, b) == ["Nb reached high 48 months sooner after entry."]
    assert said(a, c) == ["Na reached high 48 months after entry; Nc has not."]
    assert origin(b, "rank", "low", PROGRAMME) == date(2010, 1, 1)
    assert origin(c, "rank", "high", PROGRAMME) is None


def test_shared_times_end_where_postings_are_read_as_ended(store):
    rows = [
        posting("a", "u:x", "2010-01-01"),  # its end is not recorded
        posting("a", "v:y", "2015-01-01", "2016-01-01"),
        posting("a", "w:f", "2016-06-01", "2017-01-01", kind="secondment"),
        posting("b", "u:z", "2014-01-01", "2020-01-01"),
        posting("b", "w:g", "2016-09-01", "2018-01-01", kind="secondment"),
    ]
    fill(store, rows)
    found = compare(store, ["a", "b"], ON, PROGRAMME)
    assert [(s.what, s.key, s.since, s.until) for s in found.shared] == [
        ("unit", "u", "2014-01-01", "2015-01-01"),
        ("unit", "w", "2016-09-01", "2017-01-01"),
    ]
    months = compare(store, ["a", "b"], ON, PROGRAMME, "entry").as_dict()["people"][0]["months"]
    assert months[0] == {"since": 0, "until": 60}


def test_a_career_is_compared_with_a_route_by_its_main_posts(store):
    rows = [
        posting("a", "u:x:village:low", "2010-01-01", "2012-01-01"),
        posting("a", "u:f:force:high", "2011-01-01", "2012-01-01", kind="secondment"),
        posting("a", "u:y:head:high", "2012-01-01"),
    ]
    fill(store, rows)
    route = Route(("village", "head"), ("village", "head"), (), 40, None, step_months=(24,))
    assert [s.text() for s in from_route(of(store, "a"), route, "post_kind")] == []


def test_alignment_gives_each_person_a_day_zero(store):
    fill(store, TWO, people={"a": "2009-07-01"})
    one, other = of(store, "a"), of(store, "b")
    assert origin(one, "entry", None, PROGRAMME) == date(2009, 7, 1)
    assert origin(other, "entry", None, PROGRAMME) == date(2015, 1, 1)
    assert origin(one, "rank", "high", PROGRAMME) == date(2014, 1, 1)
    assert origin(other, "rank", "high", PROGRAMME) is None
    months = compare(store, ["a", "b"], ON, PROGRAMME, "entry").as_dict()["people"][0]["months"]
    assert [(each["since"], each["until"]) for each in months] == [(6, 30), (30, 54), (54, None)]


@pytest.mark.parametrize(
    ("people", "more"),
    [(["a"], {}), (["a", "a"], {}), (list("abcdefg"), {}), (["a", "b"], {"align": "age"}),
     (["a", "b"], {"align": "rank"})],
)  # fmt: skip
def test_wrong_comparison_is_told(embedded_store, people, more):
    fill(embedded_store, TWO)
    with pytest.raises(UsageError):
        compare(embedded_store, people, ON, PROGRAMME, **more)


def test_namesakes_are_told_apart(store):
    fill(store, TWO)
    store.write("MATCH (p:Person) SET p.name = '王伟'")
    (first, *_rest) = differences(of(store, "a"), of(store, "b"), PROGRAMME)
    assert first.text() == "王伟 (b) was 14 months longer in grassroots."


# --- one post -----------------------------------------------------------------------------------


def test_post_has_its_holders_gaps_and_stays(store):
    rows = [
        posting("a", "u:x", "2010-01-01", "2012-01-01"),
        posting("b", "u:x", "2012-01-01", "2013-01-01"),
        posting("c", "u:x", "2013-07", "2016"),
        posting("d", "u:x", "2016-03", "2020"),
        posting("e", "u:x", "2021-01-01"),
        posting("f", "u:x", "2026", status="planned"),  # no fact on an earlier day
        posting("g", "u:x", None, "2005"),
    ]
    found = history(fill(store, rows), "u:x", ON)
    assert [(h.person, h.months, h.runs) for h in found.holders] == [
        ("g", None, False), ("a", 24, False), ("b", 12, False), ("c", 30, False),
        ("d", 46, False), ("e", 41, True),
    ]  # fmt: skip
    assert [(v.since, v.until, v.months, v.certain) for v in found.vacancies] == [
        ("2013-01-01", "2013-07", 6, True),
        ("2016", "2016-03", 2, False),
        ("2020", "2021-01-01", 12, True),
    ]
    assert (found.ended, found.median_months) == (4, 27)


def test_where_holders_came_from_and_went_to(store):
    rows = [
        posting("a", "u:w", "2009"),
        posting("a", "u:x", "2010"),
        posting("a", "u:x", "2011"),  # again the same: not a move
        posting("a", "u:y", "2013"),
        posting("b", "u:x", "2010"),
        posting("b", "u:y", "2014"),
        posting("c", "u:x", "2015"),
    ]
    found = history(fill(store, rows), "u:x", ON)
    assert [(n.post, n.people, n.median_months) for n in found.after] == [
        ("u:y", (("a", "Na"), ("b", "Nb")), 42)
    ]
    assert [n.post for n in found.before] == ["u:w"]
    assert (found.entered, found.stayed) == (2, 1)
    assert found.after[0].share is None  # two cases are no percentage


def test_shares_are_given_from_ten_cases_on(store):
    rows = []
    for number in range(10):
        rows.append(posting(f"p{number}", "u:x", "2010"))
        rows.append(posting(f"p{number}", "u:y" if number < 6 else "u:z", "2011"))
    assert [n.share for n in history(fill(store, rows), "u:x", ON).after] == [0.6, 0.4]


def test_unknown_post_is_not_found(store):
    fill(store, [])
    with pytest.raises(NotFound, match="nothing"):
        history(store, "nothing", ON)
