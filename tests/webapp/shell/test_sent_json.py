"""JSON that is sent is read in one way; what cannot be worked with is a 400 with a sentence."""

import json

import pytest
from flask.testing import FlaskClient

from webapp.shell.sent_json import MOST_BYTES, MOST_DEEP, parse_json

TAKES_JSON = (
    "/api/plans/runs",
    "/api/plans/x/people/T001",
    "/api/plans/x/change",
    "/api/plans/x/relax",
    "/api/plans/x/keep",
)
NO_JSON = {
    "deep": b"[" * 10_000 + b"]" * 10_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep and cut": b"[" * 100_000,
    "one too deep": b"[" * (MOST_DEEP + 1) + b"]" * (MOST_DEEP + 1),
    "giant": b'{"name": "' + b"a" * MOST_BYTES + b'"}',
    "giant number": b'{"periods": ' + b"9" * 5_000 + b"}",
    "not a number": b'{"periods": NaN}',
    "infinite": b'{"seconds": -Infinity}',
    "half a pair": b'{"name": "\\ud800"}',
    "half a pair as a key": b'{"\\udfff": 1}',
    "no UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "array": b"[]",
    "text": b'"a"',
    "null": b"null",
    "cut": b'{"a": ',
    "twice": b"{}{}",
    "control": b'{"a": "\x00"}',
}


def refused(answer) -> bool:
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 400
    assert answer.json["detail"]
    return True


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes):
    assert refused(client.post("/api/plans/runs", data=body, content_type="application/json"))


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "", "x"])
def test_body_of_another_type_is_refused(client: FlaskClient, type_: str):
    assert refused(client.post("/api/plans/runs", data=b'{"periods": 4}', content_type=type_))


@pytest.mark.parametrize("path", ["/api/check", "/api/load"])
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_data_set_that_is_no_json_is_refused_or_has_problems(client, path: str, body: bytes):
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code in (200, 202, 400)


@pytest.mark.parametrize(
    "body",
    [
        {"from": 5},
        {"from": ["2024-07-01"]},
        {"period": ["quarter"]},
        {"period": {}},
        {"periods": "many"},
        {"periods": [4]},
        {"periods": 1e400},
        {"periods": -1},
        {"periods": True},
        {"seconds": "nan"},
        {"seconds": "inf"},
        {"seed": {}},
        {"seed": 10**30},
        {"scenario": []},
        {"scenario": "x"},
        {"scenario": {"pins": {}}},
        {"scenario": {"pins": [1]}},
        {"scenario": {"people": 4}},
        {"scenario": {"people": "T001"}},
        {"scenario": {"leaves": [["T001", 5, None]]}},
        {"scenario": {"leaves": [["T001", "soon", None]]}},
        {"scenario": {"leaves": [["T001", "2024-07-01", ["x"]]]}},
        {"scenario": {"capacities": []}},
        {"scenario": {"capacities": {"P01": "many"}}},
        {"scenario": {"keep_planned": "no"}},
        {"rules": []},
        {"rules": "wishes"},
        {"rules": {"wishes": 1}},
        {"rules": {"wishes": {"kind": ["soft"]}}},
        {"rules": {"wishes": {"weight": "2"}}},
        {"rules": {"wishes": {"weight": True}}},
    ],
    ids=json.dumps,
)
def test_part_of_another_type_is_refused(district_client: FlaskClient, body):
    text = json.dumps(body).replace("Infinity", "1e400")
    answer = district_client.post("/api/plans/runs", data=text, content_type="application/json")
    assert refused(answer)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ('{"a": [1, 2.5, null, true, "[[[[{{"]}', {"a": [1, 2.5, None, True, "[[[[{{"]}),
        ("[" * MOST_DEEP + "]" * MOST_DEEP, None),
        ('"' + '\\"[' * 200 + '"', '"[' * 200),
        ('"\\ud83d\\ude00 王"', "😀 王"),
        ("9" * 300, int("9" * 300)),
    ],
)
def test_json_is_read(text: str, value):
    assert parse_json(text) == value if value is not None else parse_json(text) is not None


@pytest.mark.parametrize(
    "steps", ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '["\\ud800"]', "[NaN]"]
)
@pytest.mark.parametrize("path", ["/careers/paths", "/api/careers/paths"])
def test_steps_of_an_address_are_read_alike(client: FlaskClient, path: str, steps: str):
    assert client.get(path, query_string={"steps": steps}).status_code == 400


@pytest.mark.parametrize("text", ["[" * 10_000 + "]" * 10_000, "[NaN]", '["\\ud800"]', "9" * 5_000])
def test_commands_read_files_alike(runner, tmp_path, text: str):
    path = tmp_path / "given.json"
    path.write_text(text, encoding="utf-8")
    for command in (["paths", str(path)], ["plan-check", str(path)]):
        told = runner.invoke(args=command)
        assert told.exit_code == 1, told.output
        assert "is not JSON" in told.stderr or "不是 JSON" in told.stderr
