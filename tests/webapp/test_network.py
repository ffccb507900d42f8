import json
import re

import pytest

from tests.small_graph import fill, put_mentoring, put_people
from webapp.scene import EXPANDED

MANY = 1000


@pytest.fixture
def pages(client, embedded_store):
    fill(embedded_store)
    return client


@pytest.fixture
def hub(client, embedded_store):
    """One mentor of a thousand; each of the first three mentors one more."""
    put_people(embedded_store, [("hub", "梁启"), *((f"t{n:04}", f"学员{n}") for n in range(MANY))])
    put_people(embedded_store, [(f"u{n}", f"后{n}") for n in range(3)])
    put_mentoring(embedded_store, [(f"h{n}", "hub", f"t{n:04}") for n in range(MANY)])
    put_mentoring(embedded_store, [(f"k{n}", f"t{n:04}", f"u{n}") for n in range(3)])
    return client


def look(client, query: str):
    answer = client.get(f"/api/network?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def ids(scene) -> set[str]:
    return {person["id"] for person in scene["people"]}


def ties(scene) -> set[tuple[str, str]]:
    return {(tie["mentor"], tie["trainee"]) for tie in scene["ties"]}


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("person=a&depth=1", {"a", "m", "k", "c"}),
        ("person=a&depth=2", {"a", "m", "k", "c", "g", "b"}),
        ("person=a&direction=up&depth=2", {"a", "m", "k", "g"}),
        ("person=g&direction=down&depth=1", {"g", "m", "k"}),
        ("person=g&direction=down&depth=6", {"g", "m", "k", "a", "b", "c"}),
        ("person=c&person=b&depth=1", {"c", "b", "a", "m"}),
        ("person=x&depth=6", {"x"}),
    ],
)
def test_depth_and_direction_say_who_is_shown(pages, query: str, people: set[str]):
    scene = look(pages, query)
    assert ids(scene) == people
    assert (scene["shown"], scene["total"]) == (len(people), len(people))


def test_ties_are_those_between_the_people_shown(pages):
    scene = look(pages, "person=a&depth=1")
    assert ties(scene) == {("m", "a"), ("k", "a"), ("a", "c")}
    assert scene["beyond"] == {"m": 2, "k": 1}  # of m: g above and b below; of k: g


def test_hub_is_cut_with_the_true_total(hub):
    scene = look(hub, "person=hub&depth=1")
    assert (scene["shown"], scene["total"]) == (60, 1001)
    assert scene["left_out"] == {"hub": 941}


def test_hub_does_not_take_the_places_of_others(hub, embedded_store):
    put_people(embedded_store, [("s", "旁"), ("s1", "旁一")])
    put_mentoring(embedded_store, [("z1", "s", "hub"), ("z2", "s", "s1")])
    scene = look(hub, "person=s&depth=2&limit=10")
    assert {"s", "hub", "s1"} <= ids(scene)
    scene = look(hub, "person=hub&person=s&depth=1&limit=6")
    assert {"hub", "s", "s1"} <= ids(scene)


def test_cap_is_dealt_out_in_turn_among_those_of_a_round(hub):
    scene = look(hub, "person=t0000&depth=2&limit=5")
    assert {"t0000", "hub", "u0"} <= ids(scene)
    assert scene["total"] == 1002


def test_every_person_shown_is_tied_to_the_ones_asked_for(hub):
    scene = look(hub, "person=hub&depth=2&limit=30")
    reached, ends = {"hub"}, ties(scene)
    for _ in range(3):
        reached |= {b for a, b in ends if a in reached} | {a for a, b in ends if b in reached}
    assert reached == ids(scene)


def test_expanding_adds_the_next_ones_and_keeps_the_first(hub):
    before = look(hub, "person=hub&depth=1")
    after = look(hub, "person=hub&depth=1&expand=hub")
    assert ids(before) < ids(after)
    assert after["shown"] == 60 + EXPANDED
    assert after["left_out"] == {"hub": 941 - EXPANDED}


def test_expanding_again_and_again_ends_at_a_thousand(hub):
    scene = look(hub, "person=hub&depth=1&limit=1000" + "&expand=hub" * 30)
    assert scene["shown"] == 1000
    assert scene["left_out"] == {"hub": 1}


def test_expanding_the_rim_goes_beyond_the_depth(pages):
    scene = look(pages, "person=a&depth=1&expand=m")
    assert ids(scene) == {"a", "m", "k", "c", "g", "b"}


def test_cycle_of_mentoring_is_shown_once(client, embedded_store):
    put_people(embedded_store, [("p", "甲"), ("q", "乙")])
    put_mentoring(embedded_store, [("1", "p", "q"), ("2", "q", "p")])
    scene = look(client, "person=p&depth=6")
    assert ties(scene) == {("p", "q"), ("q", "p")}
    assert client.get("/network?person=p&depth=6").status_code == 200


def test_page_and_json_show_the_same_people_and_ties(pages):
    text = pages.get("/network?person=a&depth=2").text
    (block,) = re.findall(r'<script type="application/json" id="scene">(.*?)</script>', text)
    drawn = json.loads(block)["drawing"]
    scene = look(pages, "person=a&depth=2")
    assert {node["id"] for node in drawn["nodes"]} == ids(scene)
    assert {(edge["from"], edge["to"]) for edge in drawn["edges"]} == ties(scene)
    rows = set(re.findall(r'data-card="people/([^"]+)"', text.split('id="people"')[1]))
    assert rows == ids(scene)


def test_page_states_what_is_shown_of_how_many(hub):
    assert "60 of 1,001 shown" in hub.get("/network?person=hub&depth=1&lang=en").text


def test_tie_is_said_in_a_sentence(pages):
    text = pages.get("/network?person=a&lang=en").text
    assert "王芳 mentored 李明 (village mentor) from 2017-09 to 2019-09." in text


@pytest.mark.parametrize("colour", ["unit", "cohort", "rank"])
def test_every_fill_has_its_letter_in_the_legend(pages, colour: str):
    text = pages.get(f"/network?person=a&depth=2&colour={colour}").text
    drawn = json.loads(re.findall(r'id="scene">(.*?)</script>', text)[0])["drawing"]
    legend = dict(
        re.findall(r'data-filter="category:([^"]*)"><span class="letter[^>]*>(.)</span>', text)
    )
    assert {(node["category"], node["letter"]) for node in drawn["nodes"]} == set(legend.items())


def test_start_page_names_the_mentors_of_most_trainees(pages):
    text = pages.get("/network?lang=en").text
    assert "Whose network?" in text
    assert text.index('data-card="people/g"') < text.index('data-card="people/a"')


def test_empty_store_says_what_to_do(client):
    text = client.get("/network?lang=en").text
    assert "No mentoring is stored yet." in text
    assert 'href="/data"' in text


def test_adding_an_exact_name_opens_the_view_of_both(pages):
    answer = pages.get("/network?person=c&add=%E7%8E%8B%E6%96%B9")  # 王方
    assert answer.status_code == 302
    assert answer.location.endswith("person=c&person=k&depth=2")


def test_adding_a_name_of_several_asks_which(pages):
    text = pages.get("/network?person=c&add=wangfang&lang=en").text
    assert "Which “wangfang” is meant?" in text
    assert "person=c&amp;person=k" in text
    assert "person=c&amp;person=m" in text


def test_adding_nobody_says_so(pages):
    text = pages.get("/network?person=c&add=qqq&lang=en").text
    assert "Nobody is called “qqq”" in text
    assert "Back to the network" in text


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("person=NOPE", 404, "NOPE"),
        ("person=a&person=NOPE", 404, "NOPE"),
        ("person=a&depth=7", 400, "depth"),
        ("person=a&depth=x", 400, "depth"),
        ("person=a&limit=0", 400, "limit"),
        ("person=a&limit=1001", 400, "limit"),
        ("person=a&direction=left", 400, "left"),
        ("person=a&colour=red", 400, "red"),
        ("&".join(f"person=p{n}" for n in range(21)), 400, "20"),
    ],
)
def test_bad_address_is_named(pages, query: str, status: int, named: str):
    for path in ("/network", "/api/network"):
        answer = pages.get(f"{path}?{query}&lang=en")
        assert answer.status_code == status
        assert named in answer.text


def test_expanding_someone_who_is_not_shown_changes_nothing(pages):
    assert ids(look(pages, "person=a&depth=1&expand=NOPE")) == {"a", "m", "k", "c"}
