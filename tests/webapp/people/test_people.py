"""The small district of tests/small_graph.py, on the day of its programme: 2024-06-30."""

import re

import pytest

from tests.small_graph import fill, put_people


@pytest.fixture
def pages(client, embedded_store):
    fill(embedded_store)
    return client


def test_person_file_holds_every_row(pages):
    found = pages.get("/api/people/a").json
    assert found["as_of"] == "2024-06-30"
    assert found["person"]["name"] == "李明"
    assert [row["post"] for row in found["postings"]] == ["o2", "v1", "t1"]
    assert [row["post"] for row in found["present"]] == ["t1"]
    assert [(row["mentor"], row["since"]) for row in found["mentors"]] == [
        ("m", "2017-09"),
        ("k", "2017-09-16"),
    ]
    assert [row["trainee"] for row in found["trainees"]] == ["c"]
    assert [row["activity"] for row in found["activities"]] == ["c1"]
    assert {row["record"] for row in found["records"]} == {"n1", "n2"}


def test_person_page_answers_first(pages):
    text = pages.get("/people/a?lang=en").text
    assert "镇党委副书记" in text.split('class="answer"')[1].split("</div>")[0]
    assert "Guided by 1 mentor now, 2 in all." in text
    assert "Guides 1 trainee." in text


def test_planned_post_is_not_the_present_one(pages):
    found = pages.get("/api/people/a?planned=yes").json
    assert [(row["post"], row["status"]) for row in found["postings"]][-1] == ("o1", "planned")
    assert "o1" not in [row["post"] for row in found["present"]]


def test_person_without_anything_has_a_page_that_says_so(pages):
    text = pages.get("/people/x?lang=en").text
    assert "holds no post on this day" in text
    assert "No post is on file." in text
    assert "No trainee is on file." in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a", "b", "c", "g", "k", "m", "x"]),
        ("?cohort=2017", ["a"]),
        ("?role=mentor", ["a", "g", "k", "m"]),
        ("?unit=t", ["a"]),
        ("?unit=d", ["a", "m"]),
        ("?text=limin", ["a", "b"]),  # 李明 is liming
        ("?text=LIMING", ["a"]),
        ("?text=%E6%9D%8E", ["a", "b"]),
        ("?role=trainee&text=%E6%9D%8E&cohort=2018", ["b"]),
        ("?text=nobody", []),
    ],
)
def test_list_is_filtered(pages, query: str, expected: list[str]):
    found = pages.get(f"/api/people{query}").json
    assert [person["id"] for person in found["people"]] == expected
    assert found["total"] == len(expected)


def test_nobody_found_says_how_to_widen(pages):
    text = pages.get("/people?text=nobody&lang=en").text
    assert "Nobody of 7 people fits all these conditions." in text
    assert "Take one condition away" in text


def test_empty_store_says_what_to_do(client):
    text = client.get("/people?lang=en").text
    assert "Nobody is stored yet." in text
    assert 'href="/data"' in text


def test_long_list_goes_on_by_key(client, embedded_store):
    put_people(embedded_store, [(f"p{n:03}", f"人{n}") for n in range(120)])
    first = client.get("/api/people").json
    assert (first["total"], len(first["people"])) == (120, 50)
    second = client.get("/api/people?after=p049").json
    assert [person["id"] for person in second["people"]][:1] == ["p050"]
    assert "after=p049" in client.get("/people").text
    assert 'rel="next"' not in client.get("/people?after=p099").text


@pytest.mark.parametrize(("query", "value"), [("cohort=abc", "abc"), ("role=boss", "boss")])
def test_bad_filter_names_the_value(pages, query: str, value: str):
    answer = pages.get(f"/people?{query}&lang=en")
    assert answer.status_code == 400
    assert value in answer.text


def test_highest_rank_counts_where_several_posts_are_held(pages, embedded_store):
    embedded_store.write(
        "MATCH (p:Person {id: 'm'}), (post:Post {id: 'o2'}) "
        "MERGE (p)-[e:ROTATED_TO {id: 'r9'}]->(post) "
        "SET e += {since: '2023', marks: ['concurrent']}"
    )

    def card():
        (found,) = [each for each in pages.get("/api/people").json["people"] if each["id"] == "m"]
        return found["post"], found["rank"]

    assert card() == ("o1", "正科")
    # Not meant to run beside another post, it is read as the end of that one.
    embedded_store.write("MATCH ()-[e:ROTATED_TO {id: 'r9'}]->() SET e.marks = null")
    assert card() == ("o2", "科员")


@pytest.mark.parametrize("path", ["/people/NOPE", "/api/people/NOPE"])
def test_unknown_person_is_not_found(pages, path: str):
    answer = pages.get(f"{path}?lang=en")
    assert answer.status_code == 404
    assert "NOPE" in answer.text


def test_id_with_a_slash_has_a_page(client, embedded_store):
    put_people(embedded_store, [("a/b c?", "李娜")])
    (link,) = [part for part in client.get("/people").text.split('"') if "a%2Fb" in part][:1]
    assert "李娜" in client.get(link).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("", "李明 is now 河东镇 镇党委副书记 (deputy section)."),
        ("SET e.until = '2024-06-30'", "李明 awaits a post since 2024-06-30."),
        (
            "SET e.until = '2024-03-30'",
            "holds no known post; whether in service is not known since 2024-03-30.",
        ),
        ("SET e.since = '2024-07-01', e.until = null", "李明 holds no known post"),
    ],
)
def test_page_says_who_serves_where_and_with_which_rank(pages, embedded_store, change, sentence):
    embedded_store.write(f"MATCH ()-[e:ROTATED_TO {{id: 'r3'}}]->() {change or 'SET e.id = e.id'}")
    text = re.sub(r"<[^>]+>", " ", pages.get("/people/a?lang=en").text)
    assert sentence in re.sub(r" (?=[.,])", "", " ".join(text.split()))
