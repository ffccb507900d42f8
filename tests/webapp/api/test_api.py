"""The JSON interface: the same answers as the pages, problems in one shape, a true description."""

import re

import pytest

from graph.version import VERSION
from queries.catalogue import QUERIES
from tests.webapp.conftest import EVIL

ANSWER = {"query", "parameters", "columns", "rows", "truncated", "cypher"}


def test_answer_has_the_shape_of_the_command(small_client):
    answer = small_client.get("/api/queries/lineage.down?person=m1").json
    assert set(answer) == ANSWER
    assert answer["query"] == "lineage.down"
    assert answer["columns"] == ["person", "name", "generation"]
    assert {(row["person"], row["generation"]) for row in answer["rows"]} == {("t1", 1), ("x1", 1)}
    assert answer["truncated"] is False


def test_limit_tells_of_the_rest(small_client):
    answer = small_client.get("/api/queries/people.search?text=wangwei&limit=1").json
    assert [row["id"] for row in answer["rows"]] == ["t1"]
    assert answer["truncated"] is True


def test_list_describes_each_question(client):
    listed = client.get("/api/queries?lang=en").json
    assert [each["name"] for each in listed] == list(QUERIES)
    assert {"name", "title", "description", "parameters", "columns"} <= set(listed[0])


@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("/api/queries/people.serch?text=a", 400, "people.serch"),
        ("/api/queries/people.search", 400, "text"),
        ("/api/queries/people.search?text=a&limit=0", 400, "limit"),
        ("/api/queries/people.search?text=a&colour=red", 400, "colour"),
        ("/api/queries/people.search?text=a&language=en", 400, "language"),
        ("/api/queries/lineage.up?person=nobody", 404, "nobody"),
        ("/api/search?q=a&limit=1000000", 400, "1000000"),
        ("/api/search?q=a&limit=²", 400, "²"),
        ("/api/cards/people/nobody", 404, "nobody"),
    ],
)
def test_wrong_question_is_told_as_a_problem(client, path: str, status: int, named: str):
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json["status"] == status
    assert named in response.json["detail"] + (response.json["hint"] or "")


def test_completion_tells_namesakes_apart(small_client):
    results = small_client.get("/api/search?q=wangwei&lang=en").json["results"]
    assert [(each["name"], each["detail"], each["url"]) for each in results] == [
        ("王伟", "cohort 2019 · 桥头村 村助理", "/people/t1"),
        ("王伟", "cohort 2021", "/people/t2"),
    ]


def test_completion_gives_people_then_units_then_posts(small_client):
    results = small_client.get("/api/search", query_string={"q": "村"}).json["results"]
    assert [(each["kind"], each["id"]) for each in results] == [("unit", "v1"), ("post", "p1")]


@pytest.mark.parametrize("text", ["", "  ", "zzz"])
def test_completion_of_nothing_is_empty(small_client, text: str):
    assert small_client.get("/api/search", query_string={"q": text}).json["results"] == []


def test_cards_say_who_and_where(small_client):
    assert small_client.get("/api/cards/people/t1?lang=en").json["lines"] == [
        "王伟",
        "cohort 2019",
        "桥头村 村助理",
    ]
    assert small_client.get("/api/cards/units/v1").json["lines"] == ["桥头村", "village"]
    assert small_client.get("/api/cards/posts/p1").json["lines"] == ["村助理", "桥头村"]


def test_json_carries_names_as_they_are(small_client):
    response = small_client.get("/api/cards/people/x1")
    assert response.mimetype == "application/json"
    assert response.json["lines"][0] == EVIL


def test_description_has_every_question_and_its_parameters(client):
    document = client.get("/api/openapi.json").json
    assert document["info"]["version"] == VERSION
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert {"title", "version"} <= set(document["info"])
    for name, query in QUERIES.items():
        operation = document["paths"][f"/api/queries/{name}"]["get"]
        assert operation["summary"]
        assert [each["name"] for each in operation["parameters"]] == [
            *(each.name for each in query.parameters),
            "lang",
        ]
        assert all({"name", "in", "schema"} <= set(each) for each in operation["parameters"])
        assert {"200", "default"} <= set(operation["responses"])


def test_description_names_only_addresses_that_exist(client):
    paths = client.get("/api/openapi.json").json["paths"]
    adapter = client.application.url_map.bind("localhost")
    for path, operations in paths.items():
        for method in operations:
            adapter.match(path.replace("{kind}", "people"), method.upper())


def test_description_refers_only_to_what_it_defines(client):
    response = client.get("/api/openapi.json")
    defined = {f"#/components/schemas/{name}" for name in response.json["components"]["schemas"]}
    assert set(re.findall(r'"\$ref":\s*"([^"]+)"', response.text)) <= defined


def test_writing_through_a_question_is_refused(client, embedded_store):
    client.get("/api/queries/people.search", query_string={"text": "x'}) DETACH DELETE n //"})
    assert client.get("/healthz").status_code == 200
    assert client.post("/api/queries/people.search").status_code == 405


def test_description_declares_what_stands_in_each_path(client):
    paths = client.get("/api/openapi.json").json["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            declared = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), path
