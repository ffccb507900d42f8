import csv
import io
import json
import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import networkx as nx
import openpyxl
import pytest

from graph.changes import keep
from queries.network.gathering import EXPANDED
from tests.small_graph import fill, put_mentoring, put_people
from tests.webapp.test_xss import fill_evil
from webapp.network.address import read_address, view_url

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
    assert "60 of 1001 shown" in hub.get("/network?person=hub&depth=1&lang=en").text


def test_tie_is_said_in_a_sentence(pages):
    text = pages.get("/network?person=a&lang=en").text
    assert "王芳 mentored 李明 (village mentor) from 2017-09 to 2019-09." in text


@pytest.mark.parametrize("colour", ["unit", "cohort", "rank"])
def test_every_fill_has_its_letter_in_the_legend(pages, colour: str):
    text = pages.get(f"/network?person=a&depth=2&colour={colour}").text
    drawn = json.loads(re.findall(r'id="scene">(.*?)</script>', text)[0])["drawing"]
    legend = dict(
        re.findall(r'data-filter="category:([^"]*)"><span class="kind[^>]*>([^<]+)</span>', text)
    )
    assert {(node["category"], node["letter"]) for node in drawn["nodes"]} == set(legend.items())


def test_start_page_names_the_mentors_of_most_trainees(pages):
    text = pages.get("/network?lang=en").text
    assert "Who guides whom, over how many generations?" in text
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


# --- opening, closing, hiding


def people_and_things(scene) -> set[str]:
    return ids(scene) | {thing["key"] for thing in scene["things"]}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("person=a&depth=0", {"a"}),
        ("person=a&depth=0&expand=mentors:a", {"a", "m", "k"}),
        ("person=a&depth=0&expand=trainees:a", {"a", "c"}),
        ("person=a&depth=0&expand=ancestors:a", {"a", "m", "k", "g"}),
        ("person=g&depth=0&expand=descendants:g", {"g", "m", "k", "a", "b", "c"}),
        ("person=a&depth=0&expand=posts:a", {"a", "post:o2", "post:t1", "post:v1"}),
        ("person=a&depth=0&expand=posts:a&planned=yes",
         {"a", "post:o1", "post:o2", "post:t1", "post:v1"}),
        ("person=m&depth=0&expand=posts:m&expand=holders:o1", {"m", "post:o1"}),
        ("person=m&depth=0&expand=posts:m&expand=holders:o1&planned=yes", {"m", "post:o1", "a"}),
        ("person=m&depth=0&expand=posts:m&expand=unit:o1&expand=above:o",
         {"m", "post:o1", "unit:o", "unit:d"}),
        ("person=m&depth=0&expand=posts:m&expand=unit:o1&expand=unit_posts:o",
         {"m", "post:o1", "unit:o", "post:o2"}),
        ("person=a&depth=1&fold=mentors:a", {"a", "c"}),
        ("person=a&depth=0&expand=posts:a&expand=unit:t1&fold=posts:a", {"a"}),
        ("person=m&depth=0&expand=posts:m&expand=unit:o1&fold=unit:o1", {"m", "post:o1"}),
        ("person=a&depth=2&fold=mentors:a", {"a", "c"}),
        ("person=c&depth=6&fold=mentors:m", {"c", "a", "m", "k", "g", "b"}),  # by k one comes to g
        ("person=c&depth=6&fold=mentors:a", {"c", "a"}),
        ("person=a&depth=2&hide=m", {"a", "k", "c", "g", "b"}),
        ("person=a&depth=2&hide=m&hide=NOPE", {"a", "k", "c", "g", "b"}),
        ("person=c&depth=0&path_from=c&path_to=b", {"c", "a", "m", "b"}),
    ],
)  # fmt: skip
def test_what_is_opened_closed_and_hidden_by_hand(pages, query: str, shown: set[str]):
    assert people_and_things(look(pages, query)) == shown
    assert pages.get(f"/network?{query}").status_code == 200


def test_every_kind_of_tie_is_counted_before_it_is_opened(pages):
    counts = look(pages, "person=a&depth=0")["counts"]["a"]
    assert {kind: (each["total"], each["shown"]) for kind, each in counts.items()} == {
        "mentors": (2, 0), "trainees": (1, 0), "posts": (3, 0),
    }  # fmt: skip


def test_line_that_is_too_long_is_cut_with_the_true_total(hub):
    scene = look(hub, "person=hub&depth=0&expand=descendants:hub")
    assert (scene["shown"], scene["total"]) == (301, 1004)
    assert scene["left_out"] == {"hub": 703}
    scene = look(hub, "person=hub&depth=0" + 2 * "&expand=descendants:hub")
    assert (scene["shown"], scene["total"]) == (601, 1004)


def test_what_was_closed_is_counted(pages):
    scene = look(pages, "person=a&depth=2&fold=mentors:a")
    assert (scene["shown"], scene["total"], scene["closed_by_hand"]) == (2, 6, 4)
    text = pages.get("/network?person=a&depth=2&fold=mentors:a&lang=en").text
    assert "4 closed by hand." in text
    assert "2 of 6 shown" in text


def test_way_between_two_people_is_lit(pages):
    assert look(pages, "person=c&depth=0&path_from=c&path_to=b")["ways"] == [["c", "a", "m", "b"]]
    text = pages.get("/network?person=c&depth=0&path_from=c&path_to=x&lang=en").text
    assert "No connection between" in text


# --- units, cohorts, filters


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("unit=t&depth=0", {"a"}),
        ("unit=d&depth=0", {"a", "m"}),
        ("unit=v&depth=0&on=2018-01-01", {"a"}),
        ("unit=v&depth=0&on=2020", {"b"}),
        ("cohort=2017&cohort=2020&depth=0", {"a", "c"}),
        ("cohort=2017", {"a", "m", "k", "c"}),
        ("person=a&depth=6&only_cohort=2018", {"a", "b"}),
        ("person=a&depth=6&only_unit=o", {"a", "m"}),
        ("person=m&depth=6&only_unit=v&on=2018-06-30", {"m", "a"}),
        ("person=c&depth=6&only_rank=正科", {"c", "m"}),
        ("person=a&depth=6&only_kind=village", {"a", "m", "b"}),
        ("person=a&depth=6&until=2016", {"a"}),
        ("person=m&depth=6&since=2013&until=2016", {"m"}),
        ("person=m&depth=1&until=2011", {"m", "g"}),
    ],
)
def test_units_cohorts_and_filters_say_who_is_shown(pages, query: str, shown: set[str]):
    assert ids(look(pages, query)) == shown


def test_people_who_do_not_match_are_counted(pages):
    scene = look(pages, "person=a&depth=6&only_cohort=2018")
    assert (scene["shown"], scene["total"], scene["left_out_by_filters"]) == (2, 2, 4)


def test_unit_of_many_is_cut_with_the_true_total(hub):
    hub.application.extensions["store"].get().write("MATCH (p:Person) SET p.cohort = 2020")
    scene = look(hub, "cohort=2020&depth=0")
    assert (scene["shown"], scene["total"]) == (60, 1004)


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("unit=NOPE", 404, "NOPE"),
        ("person=a&only_unit=NOPE", 404, "NOPE"),
        ("cohort=first", 400, "first"),
        ("person=a&on=2020.1.1", 400, "2020.1.1"),
        ("person=a&since=2020&until=2019", 400, "2019"),
        ("person=a&layout=spiral", 400, "spiral"),
        ("person=a&pin=a,1", 400, "a,1"),
        ("person=a&pin=a,x,1", 400, "a,x,1"),
        ("person=a&path_from=a&path_to=NOPE", 404, "NOPE"),
    ],
)
def test_bad_filter_is_named(pages, query: str, status: int, named: str):
    for path in ("/network", "/api/network"):
        answer = pages.get(f"{path}?{query}&lang=en")
        assert answer.status_code == status
        assert named in answer.text


# --- the address is the view


EVERYTHING = (
    "person=a&depth=3&direction=up&limit=150&expand=mentors:m&expand=g&fold=trainees:a&hide=k"
    "&path_from=a&path_to=b&only_kind=village&since=2010&until=2024&on=2024-01-01&layout=force"
    "&colour=cohort&pin=a,10,-20&off=role:mentor&selected=m"
)


def test_view_is_written_as_it_was_read(pages):
    with pages.application.test_request_context():
        view = read_address(EVERYTHING)
        assert read_address(urlsplit(view_url(view)).query) == view


def test_place_chosen_by_hand_is_in_the_picture(pages):
    text = pages.get("/network?person=a&pin=m,777,-55").text
    drawn = json.loads(re.findall(r'id="scene">(.*?)</script>', text)[0])["drawing"]
    (node,) = [node for node in drawn["nodes"] if node["id"] == "m"]
    assert (node["x"], node["y"], node["pinned"]) == (777, -55, True)


def test_source_of_a_tie_is_said(pages, embedded_store):
    text = pages.get("/network?person=a&depth=1&lang=en").text
    assert "Source: data set, table “Mentoring”, row m3." in text
    with embedded_store.transaction() as transaction:
        keep(transaction, by="Li", table="mentoring", row="m3", action="corrected",
             before=None, after=None)  # fmt: skip
    text = pages.get("/network?person=a&depth=1&lang=en").text
    assert "Source: entered by hand by Li on" in text


# --- saved views


def test_saved_view_is_listed_and_opens_again(pages):
    answer = pages.post("/network/views", data={"name": " 我的 视图 ", "address": EVERYTHING})
    assert answer.status_code == 303
    (saved,) = pages.get("/api/network/views").json["views"]
    assert saved["name"] == "我的 视图"
    assert "我的 视图" in pages.get("/network/views").text
    assert "我的 视图" in pages.get("/network").text
    opened = pages.get(saved["url"])
    assert opened.status_code == 302
    assert read_address(urlsplit(opened.location).query) == read_address(EVERYTHING)
    pages.post(f"{saved['url']}/forget")
    assert pages.get("/api/network/views").json == {"views": []}
    assert pages.get(saved["url"]).status_code == 404


@pytest.mark.parametrize(
    ("name", "address"),
    [("", "person=a"), ("n" * 81, "person=a"), ("good", ""), ("good", "person=a&depth=99")],
)
def test_view_that_cannot_be_saved_is_refused(pages, name: str, address: str):
    answer = pages.post("/network/views", data={"name": name, "address": address})
    assert answer.status_code == 400
    assert pages.get("/api/network/views").json == {"views": []}


# --- files and the command


def test_csv_holds_the_rows_of_the_table(pages):
    answer = pages.get("/network/file.csv?person=a&depth=1&lang=en")
    name = unquote(answer.headers["Content-Disposition"])
    assert "Network of 李明 1 step 2024-06-30.csv" in name
    rows = list(csv.DictReader(answer.text.lstrip("\ufeff").splitlines()))
    assert [row["Name"] for row in rows] == ["李明", "王方", "王芳", "𠮷田"]
    assert rows[0]["Post"] == "镇党委副书记"


def test_graph_files_are_read_by_networkx(pages):
    for ending, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        answer = pages.get(f"/network/file.{ending}?person=a&depth=1")
        graph = read(io.BytesIO(answer.data))
        assert {tuple(edge[:2]) for edge in graph.edges} == {("m", "a"), ("k", "a"), ("a", "c")}
        assert graph.nodes["a"]["label"] == "李明"


def test_workbook_holds_people_and_ties(pages):
    answer = pages.get("/network/file.xlsx?person=a&depth=1&lang=en")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[1:] == ["People", "Ties"]
    said = [row[2] for row in book["Ties"].iter_rows(min_row=3, values_only=True)]
    assert "王芳 mentored 李明 (village mentor) from 2017-09 to 2019-09." in said


def test_svg_is_well_formed_and_says_title_and_day(pages, embedded_store):
    fill_evil(embedded_store)
    for person in ("a", "p0"):
        answer = pages.get(f"/network/file.svg?person={person}&depth=3&lang=en")
        words = "".join(ElementTree.fromstring(answer.text).itertext())
        assert "Network of" in words
        assert "2024-06-30" in words


def test_html_file_asks_no_other_host_and_holds_names_as_text(pages, embedded_store):
    fill_evil(embedded_store)
    text = pages.get("/network/file.html?person=p0&depth=3&lang=en").text
    assert re.findall(r"<(?:script|link|img)\b[^>]*(?:src|href)\s*=", text) == []
    assert "<script>alert(1)" not in text.replace("\\u003c", "")
    assert "default-src 'none'" in text


def test_unknown_ending_is_named(pages):
    answer = pages.get("/network/file.doc?person=a&lang=en")
    assert answer.status_code == 400
    assert "doc" in answer.text


def test_paper_shows_title_day_filters_and_rows(pages):
    text = pages.get("/network/paper?person=a&depth=6&only_cohort=2018&lang=en").text
    assert "Network of 李明" in text
    assert "Cohort: 2018" in text
    assert "<svg" in text
    assert 'data-card="people/b"' in text


def test_command_shows_the_same_people_as_the_page(runner, pages, tmp_path):
    done = runner.invoke(args=["network", "a", "depth=1", "--json"])
    assert done.exit_code == 0, done.output
    assert ids(json.loads(done.stdout)) == ids(look(pages, "person=a&depth=1"))
    to = tmp_path / "out.svg"
    assert runner.invoke(args=["network", "a", "--to", str(to)]).exit_code == 0
    assert to.read_text(encoding="utf-8").startswith("<?xml")
    assert runner.invoke(args=["network", "--to", str(to)]).exit_code == 2
    assert runner.invoke(args=["network", "a", "depht=1"]).exit_code == 2


# --- from a name


def test_unknown_name_offers_the_nearest(pages):
    answer = pages.get("/network?add=%E7%8E%8B%E7%BA%BA&lang=en")  # 王纺: nobody
    assert answer.status_code == 404
    assert "The nearest names:" in answer.text
    assert "王芳" in answer.text


# --- long scenes, and scenes that were gathered before


def test_rows_of_a_long_table_stand_once_in_the_page(hub):
    text = hub.get("/network?person=hub&depth=1&limit=300&lang=en").text
    below = text.split('id="people"')[1]
    (further,) = re.findall(r"data-rest>(.*?)</script>", below)
    written = re.findall(r'<a class="to-person" href="[^"]*" data-card="people/([^"]+)"', below)
    named = [row[0]["id"] for row in json.loads(further)["rows"]]
    assert (len(written), len(named)) == (60, 240)
    scene = look(hub, "person=hub&depth=1&limit=300")
    assert [*written, *named] == [person["id"] for person in scene["people"]]


def test_scene_is_gathered_anew_when_the_data_changed(pages, embedded_store):
    query = "person=x&depth=6&colour=cohort&layout=radial"
    assert ids(look(pages, query)) == {"x"}
    assert ids(look(pages, query)) == {"x"}
    put_people(embedded_store, [("new", "新人")])
    put_mentoring(embedded_store, [("newest", "x", "new")])
    assert ids(look(pages, query)) == {"x", "new"}


def test_scene_gathered_for_one_view_serves_another_with_its_own_look(pages):
    first = pages.get("/network?person=a&depth=2&colour=unit&lang=en").text
    other = pages.get("/network?person=a&depth=2&colour=cohort&selected=m&lang=en").text
    assert '<option value="cohort" selected>' in other
    assert '<option value="unit" selected>' in first
    asked = look(pages, "person=a&depth=2&colour=cohort&selected=m")["view"]
    assert (asked["colour"], asked["selected"]) == ("cohort", "m")
