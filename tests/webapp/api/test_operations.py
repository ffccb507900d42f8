"""Every operation of the JSON interface is declared, answers what it declares, and takes nothing
else; the description is made from that and is valid OpenAPI."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load
from queries.catalogue import QUERIES
from tests.conftest import ROOT, application
from webapp.api.openapi import path_of
from webapp.shell.store import current_jobs

STEPS = quote('[{"kind": "grassroots"}, {"rank": "副科", "directly": true}, {}]')
OF_ONE = ("/people/{id}", "/mentors/{id}", "/units/{id}", "/wording")  # they follow no scope
LIMITS = "in=unit:U04&cohort_from=2017&cohort_to=2020&who=trainees&unit=U01&since=2015&until=2022"
# Addresses of each operation that together show what its answer may hold; {NAME} is made below.
SAMPLES: dict[str, list[str]] = {
    "/api/cards/{kind}/{id_}": ["/api/cards/people/T001?on=2020", "/api/cards/posts/P01"],
    "/api/careers": ["?who=all", f"?gone=yes&on=2023&{LIMITS}"],
    "/api/careers/compare": [
        "?person=T001&person=T002&person=M001",
        "?person=T001&person=T039&align=rank&rank=副科&on=2022",
    ],
    "/api/careers/dates": ["", "?person=T001&on=2020-05"],
    "/api/careers/flows": ["", f"?people=1&level=rank&on=2023&{LIMITS}"],
    "/api/careers/paths": [
        f"?steps={STEPS}",
        f"?1.kind=grassroots&2.here=&limit=1&on=2023&{LIMITS}",
    ],
    "/api/careers/people/{id}": [
        "/api/careers/people/T001?planned=yes",
        "/api/careers/people/M001?on=2018",
    ],
    "/api/careers/posts/{id}": [
        "/api/careers/posts/P01?planned=yes",
        f"/api/careers/posts/P11?person=T001&kind=secondment&on=2023&{LIMITS}",
    ],
    "/api/careers/routes": [
        "?start=rank:副科&end=rank:正科&level=rank",
        f"?start=kind:grassroots&end=kind:secondment&within_months=60&on=2023&{LIMITS}",
    ],
    "/api/careers/tree": ["", f"?level=rank&depth=2&on=2020&{LIMITS}"],
    "/api/changes": ["", "?table=people&about=T001&before=z"],
    "/api/connection": [
        "?a=T001&b=T002&ties=mentoring&ties=unit&ties=cohort&k=5",
        "?a=T001&b=T039&since=1990&until=1991&on=2023",
    ],
    "/api/events": ["", "?person=T001"],
    "/api/quality": [
        "",
        "?kind=fall&level=red&load=1&unit=U01&state=all&limit=5&after=1&on=2023",
        "?person=T001&finding=fall:x",
    ],
    "/api/jobs": [""],
    "/api/jobs/{id}": ["/api/jobs/{JOB}"],
    "/api/lineage": [
        "?person=T001&person=T002&direction=up&years=3&on=2020",
        "?person=M001&open=1&expand=T001",
        "?person=M001&open=",
    ],
    "/api/loads/{id_}": ["/api/loads/1"],
    "/api/network": [
        "?person=T001&depth=3&expand=posts:T001&fold=mentors:T002&path_from=T001&path_to=T039"
        "&pin=T001,120,-40&on=2023",
        "?unit=U04&cohort=2019&only_kind=township&only_rank=副科&since=2015&until=2023&off=x&hide=T003"
        "&only_unit=U01&only_cohort=2019&only_stage=after_grassroots",
        "?person=T001&planned=yes&colour=stage&layout=radial&limit=5&direction=up&selected=T001",
    ],
    "/api/network/board": ["", "?unit=U08&on=2023&in=mentor:M004&pairs=ever&by=cohort&only=peer"],
    "/api/network/beginnings": ["", "?on=2019"],
    "/api/people": ["", "?text=a&cohort=2019&role=trainee&unit=U01&after=T001&on=2022&in=unit:U04"],
    "/api/people/{id}": [
        "/api/people/T001?planned=yes",
        "/api/people/M004?on=2020-01-01",
        "/api/people/T039",
    ],
    "/api/plans/due": ["", "?unit=U08&on=2023-06-30&in=cohort:2019"],
    "/api/plans/{reference}": ["/api/plans/{PLAN}", "/api/plans/{RUN}"],
    "/api/plans/{reference}/check": ["/api/plans/{PLAN}/check"],
    "/api/plans/{reference}/people/{person}": ["/api/plans/{PLAN}/people/T001"],
    "/api/plans/runs/{id}": ["/api/plans/runs/{RUN}", "/api/plans/runs/{CHANGE}"],
    "/api/posts": ["", "?text=a&unit=U01&rank=副科&kind=deputy&on=2020"],
    "/api/posts/{id}": ["/api/posts/P01", "/api/posts/P11?on=2018-07"],
    "/api/programme": ["", "?on=2022&unit=U01"],
    "/api/programme/audit": ["", "?level=red&rule=mentor_missing&mechanism=1&person=T001"],
    "/api/programme/care": ["", "?month=2024-05&cohort=2022"],
    "/api/programme/duties": ["", "?duty=talk&state=late&at=U04"],
    "/api/programme/files/{id}": ["/api/programme/files/T001?on=2022", "/api/programme/files/M001"],
    "/api/programme/mechanisms/{key}": ["/api/programme/mechanisms/{MECHANISM}"],
    "/api/programme/mentors/{id}": ["/api/programme/mentors/M004", "/api/programme/mentors/M001"],
    "/api/programme/people/{id}": ["/api/programme/people/T001", "/api/programme/people/T040"],
    "/api/programme/reminders": ["", "?days=30"],
    "/api/programme/training": ["", "?year=2023&planned=yes"],
    "/api/programme/todo": [
        "?days=400&role=mentor&person=T001",
        "?work=late&when=late&on=2024-05-31",
        "?days=91&since=2024-08-04&until=2024-08-10",
    ],
    "/api/programme/problems/{id}": [
        "/api/programme/problems/RC1319",
        "/api/programme/problems/RC1131",
    ],
    "/api/programme/units/{id}": ["/api/programme/units/U04", "/api/programme/units/U12?on=2022"],
    "/api/programme/vacancies/{id}": [
        "/api/programme/vacancies/{VACANT}",
        "/api/programme/vacancies/{VACANT}?off=wish&off=vacancy",
    ],
    "/api/search": ["?q=a&limit=3&on=2022", "?q=村", "?q=zzz"],
    "/api/today": ["", "?role=district&changes=all&on=2023", "?in=cohort:2019"],
    "/api/units/{id}": ["/api/units/U01", "/api/units/U12?on=2019"],
    "/healthz": [""],
}
PATHS = re.compile(r"{(\w+)}")


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[Flask]:
    """The reference district with a plan, a change of it, a saved view and an entry by hand."""
    folder = tmp_path_factory.mktemp("operations")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, ROOT / "examples" / "shifeng")
        yield application(store, folder)


@pytest.fixture(scope="module")
def made(app: Flask) -> dict[str, str]:
    """What samples name and is made first."""
    client = app.test_client()
    asked = {"periods": 1, "seconds": 20, "scenario": {"people": ["T001", "T039"]}}
    run = client.post("/api/plans/runs", json=asked).json["id"]
    with app.app_context():
        current_jobs().wait(run, 60)
    plan = client.post(f"/api/plans/{run}/keep", json={"name": "一"}).json["id"]
    move = client.get(f"/api/plans/{plan}").json["moves_with_reasons"][0]
    pin = f"{move['person']}:{move['post']}:1"
    change = client.post(f"/api/plans/{plan}/change", json={"forbids": [pin]}).json["id"]
    with app.app_context():
        current_jobs().wait(change, 60)
    client.post("/network/views", data={"name": "v", "address": "person=T001"})
    parts = client.get("/api/programme").json["parts"]
    return {
        "RUN": run,
        "PLAN": plan,
        "CHANGE": change,
        "JOB": "0" * 16,
        "MECHANISM": parts[0]["mechanisms"][0]["key"],
        "VACANT": client.get("/api/programme/vacancies").json["vacancies"][0]["post"],
    }


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    described = app.test_client().get("/api/openapi.json?lang=en").json
    assert isinstance(described, dict)
    return described


def addresses(path: str, made: dict[str, str]) -> list[str]:
    """Return the sample addresses of an operation."""
    if path.startswith("/api/queries/"):
        return [f"{path}?{_asked(path.removeprefix('/api/queries/'))}"]
    given = SAMPLES.get(path, [""])
    found = [each if each.startswith("/") else path + each for each in given]
    if path.startswith("/api/programme") and not path.endswith(("/files/{id}", "/problems/{id}")):
        scope = "" if path.endswith(OF_ONE) else "&in=cohort:2019"
        found.append(f"{found[0]}?on=2023&unit=U01{scope}")
    return [PATHS.sub(lambda match: made[match[1]], each) for each in found]


def _asked(name: str) -> str:
    """Ask a question with all its parameters."""
    ids = {"Person": "T001", "Unit": "U01", "Post": "P01", "Activity": "A001"}
    typed = {"date": "2024", "integer": "2", "list": "T001"}
    given = {
        each.name: (each.one_of or (ids.get(each.of) or typed.get(each.type, "trainees"),))[0]
        for each in QUERIES[name].parameters
    }
    return urlencode(given | ({"in": "mentor:M004"} if "in" in given else {}))


def strict(schema: Any, document: dict[str, Any]) -> Draft202012Validator:
    """Return what judges an answer: an object has what its schema says, and nothing beside it."""

    def closed(part: Any) -> Any:
        if isinstance(part, list):
            return [closed(each) for each in part]
        if not isinstance(part, dict):
            return part
        made = {key: closed(value) for key, value in part.items()}
        if "properties" in made and isinstance(part.get("type"), str):
            made.setdefault("additionalProperties", False)
        return made

    parts = closed(document["components"])
    return Draft202012Validator({**closed(schema), "components": parts})


def operations(document: dict[str, Any], method: str) -> list[str]:
    return [path for path, each in document["paths"].items() if method in each]


def wrong(document: dict[str, Any], path: str, method: str, answer: Any) -> list[str]:
    """Return in what an answer differs from what the document says of it."""
    described = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    if status not in described:
        return [f"{path}: {status} {answer.text[:300]}"]
    schema = described[status]["content"]["application/json"]["schema"]
    found = strict(schema, document).iter_errors(answer.json)
    return [f"{path} {each.json_path}: {each.message[:300]}" for each in found]


def test_document_is_valid_openapi(document):
    assert [str(each) for each in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_declared_and_described(app: Flask, document):
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint == "api.query":
                assert all(f"/api/queries/{name}" in document["paths"] for name in QUERIES)
            else:
                assert hasattr(app.view_functions[rule.endpoint], "operation"), rule
                assert method.lower() in document["paths"][path_of(rule)], rule


def test_every_get_answers_what_the_document_says(app: Flask, document, made):
    client, found = app.test_client(), []
    for path in operations(document, "get"):
        if path == "/api/jobs/{id}":  # with the loads below
            continue
        for address in addresses(path, made):
            found += wrong(document, path, "get", client.get(address))
    assert found == []


def test_samples_give_every_parameter_that_is_declared(document, made):
    for path in operations(document, "get"):
        declared = {
            each["name"]
            for each in document["paths"][path]["get"]["parameters"]
            if each["in"] == "query" and each["schema"]["type"] != "object"
        }
        queries = [urlsplit(each).query for each in addresses(path, made)]
        given = {name for text in queries for name, _ in parse_qsl(text, keep_blank_values=True)}
        assert declared <= given | {"lang"}, path


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
def test_every_operation_takes_the_language(app: Flask, document, made, lang: str):
    client = app.test_client()
    for path in operations(document, "get"):
        address = addresses(path, made)[0]
        if path != "/api/jobs/{id}":
            joint = "&" if "?" in address else "?"
            answer = client.get(f"{address}{joint}lang={lang}")
            assert answer.status_code == 200, answer.text
            assert answer.headers["Content-Language"] == lang.replace("_", "-")


def test_every_operation_refuses_a_parameter_that_it_does_not_declare(app: Flask, document, made):
    client = app.test_client()
    for path, each in document["paths"].items():
        if path == "/healthz":
            continue
        address = PATHS.sub("x", addresses(path, made)[0] if "get" in each else path)
        for method in each:
            joint = "&" if "?" in address else "?"
            answer = client.open(f"{address}{joint}lnag=en", method=method.upper(), json={})
            assert answer.status_code == 400, (path, method, answer.text)
            assert answer.mimetype == "application/problem+json"
            assert answer.json["type"] == "urn:problem:UsageError"
            assert "lnag" in answer.json["detail"]


def test_a_name_that_is_not_known_is_told_with_its_value_and_the_nearest_one(app: Flask):
    client = app.test_client()
    told = client.get("/api/people?cohrt=2019&lang=en").json
    assert told["detail"] == 'There is no parameter "cohrt" here (given as "2019").'
    assert told["hint"] == 'Did you mean "cohort"?'
    told = client.get("/api/people?xyz=1&lang=en").json
    assert told["hint"] == "Known: on, in, text, cohort, role, unit, after, lang."
    assert "cohrt" in client.get("/api/people?cohrt=2019&lang=zh_Hans").json["detail"]
    assert client.get("/people?cohrt=2019&utm_source=x").status_code == 200


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/people?cohort=19", 'cohort "19" is not a year.'),
        ("/api/people?role=boss", 'role "boss" is not known.'),
        ("/api/people/T001?on=2020-13", 'on "2020-13" is not a date.'),
        ("/api/search?q=a&limit=101", 'limit "101" is not a whole number from 1 to 100.'),
        ("/api/search?q=a&limit=0", 'limit "0" is not a whole number from 1 to 100.'),
        ("/api/network?person=T001&depth=7", 'depth "7" is not a whole number from 0 to 6.'),
        ("/api/network?cohort=2019&cohort=x", 'cohort "x" is not a year.'),
        ("/api/network?person=T001&pin=T001,a,b", 'pin "T001,a,b" is no place.'),
        ("/api/connection?a=T001", 'The parameter "b" is missing.'),
        ("/api/connection?a=T001&b=T002&ties=x", 'ties "x" is not known.'),
        ("/api/lineage?person=", 'The parameter "person" is missing.'),
        ("/api/careers/tree?depth=13", 'depth "13" is not a whole number from 1 to 12.'),
        ("/api/careers/routes?end=rank:x", 'The parameter "start" is missing.'),
        ("/api/careers/flows?people=yes", 'people "yes" is not known.'),
        ("/api/programme/todo?days=3661", 'days "3661" is not a whole number from 0 to 3660.'),
        ("/api/units?lang=fr", 'lang "fr" is not known.'),
    ],
)
def test_a_value_that_cannot_be_is_told(app: Flask, address: str, named: str):
    client = app.test_client()
    client.set_cookie("lang", "en")
    answer = client.get(address)
    assert (answer.status_code, answer.json["detail"]) == (400, named)


def test_bounds_and_defaults_stand_in_the_document(document):
    (limit,) = (
        each
        for each in document["paths"]["/api/search"]["get"]["parameters"]
        if each["name"] == "limit"
    )
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert limit["required"] is False


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("runs", {"perods": 1}, 'The body has no "perods" here.'),
        ("runs", {"from": 1}, '"from" is not a text.'),
        ("{PLAN}/keep", {"name": ["x"]}, '"name" is not a text.'),
        ("{PLAN}/change", {"pins": "T001"}, '"pins" is not a list of texts.'),
        ("{PLAN}/change", {"pins": [1]}, '"pins" is not a list of texts.'),
        ("{PLAN}/relax", {}, '"n" is missing.'),
        ("{PLAN}/relax", {"n": True}, '"n" is not a whole number.'),
        ("{PLAN}/people/T001", {"posts": "P01"}, 'The body has no "posts" here.'),
    ],
)
def test_a_body_that_cannot_be_is_told(app: Flask, made, path: str, body: Any, detail: str):
    client = app.test_client()
    client.set_cookie("lang", "en")
    answer = client.post(f"/api/plans/{path.format(**made)}", json=body)
    assert (answer.status_code, answer.json["detail"]) == (400, detail)


def test_what_is_sent_answers_what_the_document_says(app: Flask, document, made):
    client, found = app.test_client(), []
    plan = made["PLAN"]
    move = client.get(f"/api/plans/{plan}").json["moves_with_reasons"][0]
    pin = f"{move['person']}:{move['post']}:1"

    def sent(path: str, address: str = "", **given: Any) -> Any:
        answer = client.post(address or path, **given)
        found.extend(wrong(document, path, "post", answer))
        return answer.json

    people = b"id,name,colour\nX1,\xe5\x91\xa8\xe7\xba\xa2,red\n"
    sent("/api/check", data={"files": (BytesIO(people), "people.csv")})
    sent("/api/guess", data={"files": (BytesIO(people), "people.csv")})
    sent("/api/check", json={"people": [{"id": "X1", "name": "周红"}]})
    form = {"files": (BytesIO(people), "people.csv"), "without": "colour", "by": "W"}
    job = sent("/api/load", data=form)["job"]
    with app.app_context():
        current_jobs().wait(job, 60)
    sent("/api/jobs/{id}/stop", f"/api/jobs/{job}/stop")
    found += wrong(document, "/api/jobs/{id}", "get", client.get(f"/api/jobs/{job}"))
    notice = {"kind": "leave", "person": "T001", "on": "2024-07-01", "by": "W"}
    sent("/api/events", json={**notice, "dry_run": True})
    many = {
        "events": [{"person": notice["person"]}],
        "shared": {"kind": "leave", "on": "2030-01-01"},
    }
    sent("/api/events/many", json={**many, "dry_run": True})
    event = sent("/api/events", json=notice)["id"]
    sent("/api/events/{id}/undo", f"/api/events/{event}/undo")
    written = sent("/api/export", "/api/export?ending=json&by=W")["job"]
    with app.app_context():
        current_jobs().wait(written, 60)
    found += wrong(document, "/api/jobs/{id}", "get", client.get(f"/api/jobs/{written}"))
    found += wrong(document, "/api/loads/{id_}", "get", client.get("/api/loads/2"))
    at = "/api/plans/{reference}"
    changed = sent(f"{at}/change", f"/api/plans/{plan}/change", json={"pins": [pin]})["id"]
    sent("/api/plans/runs/{id}/stop", f"/api/plans/runs/{changed}/stop")
    person = f"{at}/people/{{person}}"
    weighed = sent(
        person, f"/api/plans/{plan}/people/{move['person']}", json={"post": move["post"]}
    )["id"]
    with app.app_context():
        current_jobs().wait(weighed, 60)
    run = client.get(f"/api/plans/runs/{weighed}")
    assert run.json["alternatives"]
    found += wrong(document, "/api/plans/runs/{id}", "get", run)
    kept = sent(f"{at}/keep", f"/api/plans/{made['RUN']}/keep", json={"name": "二"})["id"]
    sent(f"{at}/accept", f"/api/plans/{kept}/accept")
    sent(f"{at}/withdraw", f"/api/plans/{kept}/withdraw")
    assert found == []
