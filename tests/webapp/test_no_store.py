"""No browser keeps an answer that may show a person; it does keep the files of the program."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.test_offline import Addresses

# A value for each part of an address that has to exist for a full answer; others may be unknown.
PARTS = {
    "id": "T001",
    "id_": "1",
    "kind": "people",
    "name": "people",
    "table": "people",
    "ending": "json",
    "person": "T001",
    "key": "villages",
}
FILES = {"static", "vendor.vendor"}


def address_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        values = {name: PARTS.get(name, "x") for name in rule.arguments}
        if "what" in values:
            values["what"] = "accept"
        if "plan." in rule.rule:
            values["ending"] = "xlsx"
        return rule.build(values)[1]


def answers(client: FlaskClient, methods: set[str]):
    app = client.application
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in FILES:
            for method in sorted(rule.methods & methods):
                path = address_of(app, rule)
                yield method, path, client.open(path, method=method, buffered=True)


def kept_answers(found):
    return [
        (method, path, answer.status_code)
        for method, path, answer in found
        if answer.headers.get("Cache-Control") != "no-store"
        or "ETag" in answer.headers
        or "Last-Modified" in answer.headers
    ]


def test_no_page_and_no_json_is_kept(district_client):
    assert kept_answers(answers(district_client, {"GET"})) == []


def test_no_answer_to_another_method_is_kept(client):
    assert kept_answers(answers(client, {"HEAD", "OPTIONS", "POST"})) == []


@pytest.mark.parametrize(
    "path",
    ["/nothing-here", "/people/", "/static/nothing.css", "/vendor/nothing.js", "/network/file.png"],
)
def test_errors_and_redirects_are_not_kept_either(district_client, path: str):
    answer = district_client.get(path, buffered=True)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["/", "/network?person=T001", "/people/T001", "/careers/flows"])
def test_files_of_the_program_are_kept(district_client, page: str):
    found = Addresses()
    found.feed(district_client.get(page).text)
    assert found.loaded
    for path in (each for each in found.loaded if each.startswith(("/static/", "/vendor/"))):
        answer = district_client.get(path, buffered=True)
        assert answer.status_code == 200
        assert "no-store" not in answer.headers["Cache-Control"], path
        assert answer.headers["ETag"]
