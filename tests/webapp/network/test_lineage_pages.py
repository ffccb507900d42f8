"""The pages of connections and lineages, with their JSON and commands."""

import json
import re
from urllib.parse import quote

import pytest

from queries.network.lineage_scene import CAP, MOST_DRAWN
from tests.small_graph import SCRIPT, fill, put_mentoring, put_people, put_tree

HUB = 141


@pytest.fixture
def pages(client, embedded_store):
    fill(embedded_store)
    return client


@pytest.fixture
def deep(client, embedded_store):
    """One line of 56 generations; the teacher of the third has 141 students."""
    line = [(f"n{n:02}", f"n{n + 1:02}") for n in range(56)]
    put_tree(embedded_store, [*line, *(("n02", f"s{n:03}") for n in range(HUB - 1))])
    return client


def scene(text: str):
    """What the page draws."""
    (block,) = re.findall(r'<script type="application/json" id="scene">(.*?)</script>', text)
    return json.loads(block)


def drawn(text: str) -> set[str]:
    return {node["id"] for node in scene(text)["drawing"]["nodes"] if "of" not in node}


# --- connections


def test_page_json_and_command_tell_the_same_way(pages, runner):
    page = pages.get("/connection?a=c&b=b&lang=en").text
    answer = pages.get("/api/connection?a=c&b=b&lang=en").json
    assert [(step["from"], step["to"]) for step in answer["paths"][0]] == [
        ("c", "a"),
        ("a", "m"),
        ("m", "b"),
    ]
    said = [sentence for step in answer["paths"][0] for sentence in step["sentences"]]
    assert said[1] == "2017-09 to 2019-09: 王芳 mentored 李明 in 柳村 (village mentor)."
    plain = re.sub(r"<[^>]*>", "", page)
    assert all(sentence in plain for sentence in said)
    assert drawn(page) == {"c", "a", "m", "b"}
    command = runner.invoke(args=["connection", "c", "b", "--json"])
    assert command.exit_code == 0
    told = json.loads(command.output)
    assert [step["to"] for step in told["paths"][0]] == ["a", "m", "b"]


def test_step_is_told_in_chinese_first(pages):
    plain = re.sub(r"<[^>]*>", "", pages.get("/connection?a=m&b=b").text)
    assert "自 2018-07 起，王芳在柳村带教李敏（村级导师）。" in plain


def test_sentence_links_to_people_and_units(pages):
    page = pages.get("/connection?a=a&b=m").text
    way = page.split('class="way"')[1].split("</ol>")[0]
    assert 'href="/people/m"' in way
    assert 'href="/units/v"' in way


def test_no_connection_says_how_far_each_side_reaches(pages):
    page = pages.get("/connection?a=x&b=b&lang=en")
    assert page.status_code == 200
    assert "one reaches 0 people, up to 0 steps away" in page.text
    assert "From 李敏 one reaches 5 people, up to 3 steps away" in page.text
    assert SCRIPT not in page.text


def test_same_person_twice_is_said(pages, runner):
    page = pages.get("/connection?a=a&b=a&lang=en")
    assert page.status_code == 200
    assert "Both are the same person" in page.text
    assert pages.get("/api/connection?a=a&b=a").json["steps"] == 0
    assert runner.invoke(args=["connection", "a", "a"]).exit_code == 0


def test_name_that_one_person_has_leads_to_the_id(pages):
    answer = pages.get(f"/connection?a={quote('李明')}&b=b&ties=unit&k=3")
    assert answer.status_code == 302
    assert answer.location.endswith("/connection?a=a&b=b&ties=unit&k=3")


def test_id_of_the_completion_goes_with_the_name(pages):
    answer = pages.get(f"/connection?a={quote('王芳')}&a_id=m&b={quote('李敏')}&b_id=b")
    assert answer.location.endswith("/connection?a=m&b=b")


def test_name_of_several_asks_which(pages):
    page = pages.get("/connection?a=wangfang&b=b&lang=en")
    assert page.status_code == 200
    assert "Which “wangfang” is meant?" in page.text
    assert "a=m" in page.text
    assert "a=k" in page.text


def test_unknown_person_is_named(pages, runner):
    page = pages.get("/connection?a=qqq&b=b&lang=en")
    assert page.status_code == 404
    assert "Nobody is called “qqq”" in page.text
    answer = pages.get("/api/connection?a=NOPE&b=b")
    assert (answer.status_code, "NOPE" in answer.json["detail"]) == (404, True)
    command = runner.invoke(args=["connection", "NOPE", "b"])
    assert command.exit_code == 1
    assert "NOPE" in command.stderr


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("a=a&b=b&k=11", "11"),
        ("a=a&b=b&k=0", "k"),
        ("a=a&b=b&ties=blood", "blood"),
        ("a=a&b=b&since=soon", "soon"),
        ("a=a&b=b&since=2020&until=2019", "2020"),
    ],
)
def test_bad_address_of_a_connection_is_named(pages, query: str, named: str):
    for path in ("/connection", "/api/connection"):
        answer = pages.get(f"{path}?{query}&lang=en")
        assert answer.status_code == 400
        assert named in answer.text


def test_year_of_an_end_is_the_whole_year(pages):
    assert pages.get("/api/connection?a=m&b=a&until=2017").json["until"] == "2017-12-31"
    assert pages.get("/api/connection?a=m&b=a&until=2017").json["steps"] == 1


def test_ties_without_direction_are_drawn_without_an_arrow(pages, embedded_store):
    put_people(embedded_store, [("y", "y"), ("z", "z")])
    embedded_store.write("MATCH (p:Person) WHERE p.id IN ['y', 'z'] SET p.cohort = 1999")
    edges = scene(pages.get("/connection?a=y&b=z&ties=cohort").text)["drawing"]["edges"]
    assert [edge["style"] for edge in edges] == ["plain"]
    edges = scene(pages.get("/connection?a=m&b=a").text)["drawing"]["edges"]
    assert [edge["style"] for edge in edges] == ["mentoring"]


# --- lineages


def test_lineage_page_json_and_command_show_the_same_numbers(pages, runner):
    page = pages.get("/lineage?person=a&lang=en").text
    answer = pages.get("/api/lineage?person=a").json
    assert answer["generations"] == [
        {"generation": -2, "people": 1},
        {"generation": -1, "people": 2},
        {"generation": 0, "people": 1},
        {"generation": 1, "people": 1},
    ]
    assert "Above 李明 stand 3 people in 2 generations." in page
    assert "Below 李明 stand 1 person in 1 generation." in page
    assert drawn(page) == {"a", "m", "k", "g", "c"}
    command = runner.invoke(args=["lineage", "a", "--json"])
    assert json.loads(command.output) == answer


def test_direction_leaves_the_other_side_out(pages):
    assert drawn(pages.get("/lineage?person=a&direction=up").text) == {"a", "m", "k", "g"}
    assert drawn(pages.get("/lineage?person=a&direction=down").text) == {"a", "c"}
    assert pages.get("/api/lineage?person=a&direction=down").json["ancestors"] is None


def test_several_people_have_their_common_ancestors(pages):
    answer = pages.get("/api/lineage?person=c&person=b").json
    assert [each["person"] for each in answer["common_ancestors"]] == ["m", "g"]
    page = pages.get("/lineage?person=c&person=b&lang=en").text
    assert "2 common ancestors, the nearest 王芳." in page
    assert "No common ancestor is on file." in pages.get("/lineage?person=x&person=b&lang=en").text


def test_line_that_died_out_says_when(client, embedded_store):
    put_people(embedded_store, [("p", "p"), ("q", "q")])
    put_mentoring(embedded_store, [("m", "p", "q", None, "1990", "1992")])
    assert "The line has died out" in client.get("/lineage?person=p&lang=en").text
    assert "1991-12-31" in client.get("/lineage?person=p&lang=en").text


def test_first_generations_are_open_and_cut_with_true_totals(deep):
    text = deep.get("/lineage?person=n00&lang=en").text
    assert "196 people in 56 generations" in text
    assert len(drawn(text)) <= 200
    wide = deep.get("/lineage?person=n02&lang=en").text
    assert f"{CAP} of {HUB} shown" in wide
    (more,) = [node for node in scene(wide)["drawing"]["nodes"] if "of" in node]
    assert more["label"] == f"+{HUB - CAP}"


def test_more_of_one_teacher_are_shown_when_asked_for(deep):
    text = deep.get("/lineage?person=n02&expand=n02&lang=en").text
    assert f"{HUB} of {HUB} shown" in text
    assert len(drawn(text)) <= MOST_DRAWN


def test_opened_generation_comes_with_the_line_that_leads_there(deep):
    text = deep.get("/lineage?person=n00&open=56").text
    assert drawn(text) == {f"n{n:02}" for n in range(57)}


def test_closed_generations_draw_nobody(deep):
    assert drawn(deep.get("/lineage?person=n00&open=").text) == {"n00"}


def test_every_generation_is_a_band_with_its_count(deep):
    text = deep.get("/lineage?person=n00&lang=en").text
    bands = text.split('class="bands"')[1].split("</table>")[0]
    assert bands.count("<rect") == 57
    assert f'data-sort="{HUB}">{HUB}<' in bands


def test_marks_of_a_deep_lineage_do_not_overlap(deep):
    nodes = scene(deep.get("/lineage?person=n00&open=3&open=56").text)["drawing"]["nodes"]
    places = [(node["x"], node["y"]) for node in nodes]
    assert len(places) > 100
    assert all(
        abs(x - other_x) >= 34 or abs(y - other_y) >= 34
        for at, (x, y) in enumerate(places)
        for other_x, other_y in places[at + 1 :]
    )


def test_person_is_added_by_name(pages):
    answer = pages.get(f"/lineage?person=c&add={quote('李敏')}&add_id=b")
    assert answer.location.endswith("/lineage?person=c&person=b")
    assert "Nobody is called “qqq”" in pages.get("/lineage?person=c&add=qqq&lang=en").text


def test_lineage_begins_with_the_mentors_of_most_trainees(pages):
    assert 'href="/lineage?person=g"' in pages.get("/lineage").text


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("person=NOPE", 404, "NOPE"),
        ("person=a&direction=left", 400, "left"),
        ("person=a&years=-1", 400, "years"),
        ("person=a&years=x", 400, "years"),
        ("&".join(f"person=p{n}" for n in range(11)), 400, "10"),
    ],
)
def test_bad_address_of_a_lineage_is_named(pages, query: str, status: int, named: str):
    for path in ("/lineage", "/api/lineage"):
        answer = pages.get(f"{path}?{query}&lang=en")
        assert answer.status_code == status
        assert named in answer.text


def test_strange_open_generations_are_passed_over_or_named(pages):
    assert pages.get("/lineage?person=a&open=99").status_code == 200
    assert pages.get("/lineage?person=a&open=x").status_code == 400


@pytest.mark.parametrize("path", ["/people/a", "/network?person=a"])
def test_person_and_network_lead_to_both_pages(pages, path: str):
    page = pages.get(path).text
    assert 'href="/lineage?person=a"' in page
    assert 'href="/connection?a=a"' in page
