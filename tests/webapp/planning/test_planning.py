"""Planning on its pages, as JSON, as files and as commands: the same plan, the same numbers.

Long because one plan, made once, is looked at in all of them.
"""

import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from lxml.html import fromstring
from werkzeug.datastructures import MultiDict

from graph.settings import Settings
from graph.store import Store, open_store
from jobs.store import Jobs
from loaders.load import load
from planning.view import fullness
from webapp import create_app
from webapp.planning.forms import ScenarioForm
from webapp.planning.running import form_of
from webapp.planning.scenario import request_from_form

SHIFENG = Path(__file__).resolve().parents[3] / "examples" / "shifeng"
FIVE = ["T036", "T037", "T038", "T039", "T040"]
SCENARIO = {"people": FIVE, "keep_planned": False}
SMALL = {"from": "2024-07-01", "periods": 2, "seconds": 20, "scenario": SCENARIO}
FORM = {
    "from": "2024-07-01",
    "periods": "2",
    "period": "half-year",
    "seconds": "20",
    "who": "chosen",
    "people": FIVE,
    "keep_planned": "yes",
}
EVIL = "<script>alert(1)</script>"
WAIT = 120


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("plans") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        load(store, SHIFENG)
        yield store


@pytest.fixture(scope="module")
def app(district: Store, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = create_app(Settings(language="en"), district)
    folder = str(tmp_path_factory.mktemp("runs") / "uploads")
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, UPLOAD_FOLDER=folder)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture(scope="module")
def reference(app: Flask) -> str:
    """The run of a plan for five people, solved once for the tests that only read it."""
    return solved(app, app.test_client().post("/api/plans/runs", json=SMALL))


def jobs_of(app: Flask) -> Jobs:
    """The jobs of an application, as another process of the server sees them."""
    return Jobs(Path(app.config["UPLOAD_FOLDER"]).with_name("jobs"))


def solved(app: Flask, answer) -> str:
    """Wait for the run that an answer began, by its body or the page it leads to."""
    assert answer.status_code in (202, 303), answer.text
    id_ = re.search(r"[0-9a-f]{16}", answer.headers["Location"])[0]
    assert jobs_of(app).wait(id_, WAIT).state == "done"
    return id_


def text(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def rotations(store: Store) -> list[tuple[str, ...]]:
    rows = store.read(
        "MATCH (p:Person)-[r:ROTATED_TO]->(q:Post) RETURN p.id AS p, q.id AS q, r.id AS id, "
        "r.since AS since, r.status AS status ORDER BY p, q, id"
    )
    return [tuple(str(value) for value in row.values()) for row in rows]


# --- one plan, the same numbers everywhere


def test_plan_is_the_same_on_page_json_file_and_workbook(client: FlaskClient, reference: str):
    value = client.get(f"/api/plans/{reference}").json
    assert value["status"] == "optimal"
    assert value["cost"] == value["bound"] == value["check"]["cost"]
    assert value["check"]["valid"]
    assert sum(line["cost"] for line in value["rule_lines"]) == value["cost"]
    assert sum(value["costs"].values()) == value["cost"]
    page = text(client.get(f"/plans/{reference}"))
    assert f"No plan by these rules costs less than {value['cost']}." in page
    gaps = value["exercises"]
    first = (
        f"{value['people_moved']} people moved, {value['moves']} times, {gaps['closed']} of "
        f"{gaps['before']} gaps in exercises closed, no hard rule broken; "
        "it is proved that none is better."
    )
    assert first.replace(" ", "") in page.replace(" ", "")
    assert f"Total {value['cost']} " in page
    file = json.loads(client.get(f"/plans/{reference}/plan.json").data)
    assert (file["cost"], file["assignments"]) == (value["cost"], value["assignments"])
    answer = client.get(f"/plans/{reference}/plan.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["Cost by rule"].cell(book["Cost by rule"].max_row, 4).value == value["cost"]
    names = {row[0].value for row in book["By person"].iter_rows(min_row=3)}
    assert names == set(FIVE)


def test_every_move_has_its_reasons_and_its_alternatives_page(client: FlaskClient, reference: str):
    value = client.get(f"/api/plans/{reference}").json
    new = [each for each in value["assignments"] if not each["stays"]]
    assert len(new) == value["moves"] == len(value["moves_with_reasons"]) > 0
    for move in value["moves_with_reasons"]:
        assert move["post_name"] in move["reasons"][0]
        why = client.get(f"/api/plans/{reference}/people/{move['person']}").json
        mine = next(each for each in why["postings"] if each["post"] == move["post"])
        assert mine["reasons"] == move["reasons"]
        assert mine["reasons"][0] in text(client.get(f"/plans/{reference}/people/{move['person']}"))


ROWS = "//div[contains(@class, 'plan-gantt')]//tr[th[@scope='row']]"


def test_a_plan_is_drawn_as_its_moves_and_with_who_stays_when_asked(
    client: FlaskClient, reference: str
):
    moves = client.get(f"/api/plans/{reference}").json["moves_with_reasons"]
    page = fromstring(client.get(f"/plans/{reference}").text)
    rows = page.xpath(ROWS)
    assert [row.xpath("string(th)") for row in rows] == [
        move["person_name"] for move in sorted(moves, key=lambda m: (m["since"], m["person"]))
    ]
    assert all(row.xpath(".//*[contains(@class, 'span planned')]") for row in rows)
    assert all(row.xpath("string(td[3])").strip() for row in rows)  # each has its reason
    moved = {move["person"] for move in moves}
    whole = fromstring(client.get(f"/plans/{reference}?show=all").text)
    assert len(whole.xpath(ROWS)) == len(moves) + len(set(FIVE) - moved)
    assert len(page.xpath("//div[@class='heading']/div[@class='actions']/*")) <= 3
    assert len(page.xpath("//main//*[contains(@class, 'primary')]")) == 1


def test_a_bar_opens_what_pins_bans_and_explains_it_without_a_script(
    client: FlaskClient, reference: str
):
    move = client.get(f"/api/plans/{reference}").json["moves_with_reasons"][0]
    bar = f"{move['person']}:{move['post']}:{move['since']}"
    assert not fromstring(client.get(f"/plans/{reference}").text).xpath("//tr[@id='at']")
    page = fromstring(client.get(f"/plans/{reference}", query_string={"at": bar}).text)
    (strip,) = page.xpath("//tr[@id='at']")
    assert move["post_name"] in strip.text_content()
    pin, ban, why, _close = strip.xpath(".//a/@href")
    assert why.endswith(f"/people/{move['person']}")
    for link, what in ((pin, "pin"), (ban, "forbid")):
        then = fromstring(client.get(link).text)
        row = then.xpath("//table[@data-rows='pins']/tbody/tr")[0]
        chosen = row.xpath(".//select/option[@selected]/@value")
        assert chosen[-2:] == [move["person"], move["post"]] or move["post"] in chosen
        assert then.xpath("//tr[@class='pinned']")
        assert "Solve again with 1 change" in then.xpath("string(//tr[@id='at'])")
        assert ("forbid" in chosen) == (what == "forbid")


@pytest.mark.parametrize("pin", ["T001", "T036:P01:1999-01-01", "a:b:c"])
def test_a_pin_of_an_address_that_is_none_is_refused(client: FlaskClient, reference: str, pin: str):
    answer = client.get(f"/plans/{reference}", query_string={"pin": pin, "lang": "en"})
    assert answer.status_code == 400
    assert pin.rsplit(":", 1)[-1] in answer.text


def test_a_plan_says_what_it_was_made_from(client: FlaskClient, reference: str):
    page = fromstring(client.get(f"/plans/{reference}").text)
    facts = page.xpath("//h2[contains(., 'Conditions')]/following-sibling::dl/*/text()")
    assert facts == [
        *("Time", "2024-07-01 to 2025-07-01 · 2 × half-year"),
        *("People", "5 chosen"),
        *("Planned already", "planned anew"),
    ]


def test_exercises_wishes_and_posts_add_up(client: FlaskClient, reference: str):
    value = client.get(f"/api/plans/{reference}").json
    exercises = value["exercises"]
    assert exercises["before"] == exercises["closed"] + exercises["after"]
    assert sum(row["people"] for row in value["wishes"]) == len(FIVE)
    held = sum(
        each["until"] > day >= each["since"]
        for each in value["assignments"]
        for day in ("2024-07-01", "2025-01-01")
    )
    shown = [period for row in value["coverage"] for period in row["periods"]]
    assert sum(len(period["people"]) for period in shown) == held
    assert all(p["level"] != "over" for p in shown)


def test_fullness_tells_closed_empty_part_full_and_over():
    assert fullness(0, 0) == "closed"
    assert [fullness(held, 2) for held in range(4)] == ["empty", "part", "full", "over"]
    assert [fullness(held, None) for held in (0, 1)] == ["empty", "part"]


def test_calendar_has_an_event_for_each_move_and_one_persons_only_theirs(client, reference: str):
    moves = client.get(f"/api/plans/{reference}").json["moves_with_reasons"]
    whole = client.get(f"/plans/{reference}/plan.ics").text
    assert whole.count("BEGIN:VEVENT") == len(moves)
    one = moves[0]["person"]
    theirs = client.get(f"/plans/{reference}/plan.ics?person={one}").text
    assert theirs.count("BEGIN:VEVENT") == sum(move["person"] == one for move in moves)
    assert f"DTSTART;VALUE=DATE:{moves[0]['since'].replace('-', '')}" in theirs
    assert client.get(f"/plans/{reference}/plan.ics?person=nobody").status_code == 404


def test_poster_names_everybody(client: FlaskClient, reference: str):
    page = client.get(f"/plans/{reference}/poster").text
    names = [
        row["name"] for row in client.get(f"/api/plans/{reference}").json["exercises"]["people"]
    ]
    assert names and all(name in page for name in names)


# --- the form and what it refuses


def typed(page: str, name: str):
    """What stands in a field of the scenario form: a text, or the set of what is chosen."""
    (form,) = fromstring(page).xpath("//form[@class='stack']")
    value = form.inputs[name].value
    return value if isinstance(value, str) else set(value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"periods": "0"}, "A horizon of 0 periods cannot be planned."),
        ({"periods": "41"}, "A horizon of 41 periods cannot be planned."),
        ({"periods": "many"}, 'periods "many" is not a whole number.'),
        ({"period": "week"}, 'A period cannot be "week".'),
        ({"from": "2024-02-30"}, 'The plan cannot begin on "2024-02-30".'),
        ({"from": "2020-01-01"}, "The plan would begin on 2020-01-01, which is past"),
        ({"seconds": "0"}, "A plan cannot be sought for 0.0 seconds."),
        ({"who": "unit"}, "Nobody is chosen to be planned."),
        ({"who": "chosen", "people": []}, "Nobody is chosen to be planned."),
        (
            {"what": "pin", "pin_person": "T036", "pin_post": "P05", "pin_day": "2030-01-01"},
            '"2030-01-01" is not within the plan, which goes from 2024-07-01 to 2025-07-01.',
        ),
        (
            {"what": "pin", "pin_person": "T036", "pin_post": "", "pin_day": "2024-07-01"},
            "A pin or a ban names a person and a post; one of them is missing.",
        ),
        (
            {"what": "pin", "pin_person": "T001", "pin_post": "P05", "pin_day": "2024-07-01"},
            'A pin names "T001", who is not planned.',
        ),
        (
            {"what": "pin", "pin_person": "T036", "pin_post": "P999", "pin_day": "2024-07-01"},
            "P999",
        ),
        ({"leave_person": "T036", "leave_since": "", "leave_until": ""}, "The leave of T036"),
        ({"kind:one_post": "soft"}, 'The rule "one_post" cannot be soft.'),
        ({"weight:wishes": "-1", "was:wishes": "1"}, 'weight "-1" is not a whole number.'),
    ],
)
def test_what_cannot_be_planned_is_said_beside_the_form_and_nothing_runs(
    client: FlaskClient, app: Flask, changes: dict[str, str], sentence: str
):
    before = len(jobs_of(app).all())
    answer = client.post("/plans/new", data={**FORM, **changes})
    assert answer.status_code == 400
    assert sentence in text(answer)
    if "periods" in changes:
        assert typed(answer.text, "periods") == changes["periods"]
    assert len(jobs_of(app).all()) == before


def test_form_is_filled_from_another_plan(client: FlaskClient, reference: str):
    page = client.get(f"/plans/new?like={reference}").text
    assert typed(page, "periods") == "2"
    assert typed(page, "people") == set(FIVE)


def test_form_says_what_a_kind_of_post_counts_as(client: FlaskClient):
    page = client.get("/plans/new").text
    kinds, exercises = (
        re.findall(
            r'<option value="(.+?)"', re.search(rf'name="{name}".*?</select>', page, re.S)[0]
        )
        for name in ("kind_of_post", "counts_as")
    )
    given = {"kind_of_post": kinds[0], "counts_as": exercises[-1]}
    form = MultiDict({**FORM, **given})
    form.setlist("people", FIVE)
    with client.application.test_request_context():
        asked = request_from_form(ScenarioForm(form))
        again = form_of(asked)
    assert asked.scenario.kinds_by_post_kind == {kinds[0]: exercises[-1]}
    assert {name: again[name] for name in given} == given
    answer = client.post("/plans/new", data={**FORM, **given, "counts_as": ""})
    assert answer.status_code == 400
    assert "belong together" in text(answer)
    assert re.search(rf'<option value="{kinds[0]}" selected>', answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/plans/nothing",
        "/plans/plan-99",
        "/plans/0123456789abcdef",
        "/plans/0123456789abcdef.1",
        "/plans/runs/0123456789abcdef",
        "/api/plans/plan-99",
        "/api/plans/runs/../../etc",
        "/plans/new?like=plan-99",
    ],
)
def test_unknown_plan_is_not_found(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_empty_graph_says_what_to_do_and_cannot_be_planned(tmp_path: Path):
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'graph.kgl'}")) as store:
        app = create_app(Settings(language="en"), store)
        app.config.update(WTF_CSRF_ENABLED=False, UPLOAD_FOLDER=str(tmp_path / "uploads"))
        client = app.test_client()
        assert "A plan needs trainees, posts and the rules" in client.get("/plans").text
        assert client.get("/plans/new").status_code == 200
        answer = client.post("/plans/new", data={**FORM, "who": "all", "from": "2100-01-01"})
        assert answer.status_code == 400
        assert "There is no post to plan for." in text(answer)


TWO_POSTS = {
    "units.csv": "id,name,kind\nu,桥头村,village\nv,河西村,village\n",
    "posts.csv": (
        "id,title,unit,kind,capacity\np,甲,u,grassroots,1\nq,乙,v,grassroots,1\nr,丙,u,grassroots,0\n"
    ),
    "people.csv": f"id,name,roles\nt,{EVIL},trainee\n",
}


@pytest.mark.parametrize(
    ("status", "until", "is_refused"),
    [("actual", "2101-01-01", True), ("actual", "", False), ("planned", "", False)],
)
def test_two_posts_at_once_are_told_but_a_later_one_takes_over_an_open_one(
    tmp_path: Path, status: str, until: str, is_refused: bool
):
    rows = (
        "person,post,kind,since,until,status\n"
        f"t,p,grassroots,2024-01-01,{until},actual\n"
        f"t,q,grassroots,2099-07-01,2101-01-01,{status}\n"
    )
    folder = tmp_path / "data"
    folder.mkdir()
    for name, content in {**TWO_POSTS, "rotations.csv": rows}.items():
        (folder / name).write_text(content, encoding="utf-8")
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'graph.kgl'}")) as store:
        load(store, folder)
        app = create_app(Settings(language="en"), store)
        app.config.update(WTF_CSRF_ENABLED=False, UPLOAD_FOLDER=str(tmp_path / "uploads"))
        client = app.test_client()
        form = {"from": "2100-01-01", "periods": "2", "seconds": "5"}
        answer = client.post("/plans/new", data=form)
        assert EVIL not in answer.text
        if is_refused:
            assert answer.status_code == 400
            assert "Two posts at once on 2100-01-01 are held by: t (1)." in text(answer)
            return
        value = client.get(f"/api/plans/{solved(app, answer)}").json
        assert value["check"]["valid"]
        going = [(each["post"], each["stays"]) for each in value["assignments"]]
        assert ("q", True) in going
        assert any("1 post has capacity 0" in note["message"] for note in value["notes"])


# --- change, explain, relax


def test_forbidden_post_gives_points_with_changes_in_words(client, app: Flask, reference: str):
    move = client.get(f"/api/plans/{reference}").json["moves_with_reasons"][0]
    form = {
        "what": "forbid",
        "pin_person": move["person"],
        "pin_post": move["post"],
        "pin_day": move["since"],
    }
    answer = client.post(f"/plans/{reference}/change", data=form)
    run = solved(app, answer)
    points = client.get(f"/api/plans/runs/{run}").json["points"]
    assert points
    assert [p["moved"] for p in points] == sorted(p["moved"] for p in points)
    assert [p["cost"] for p in points] == sorted((p["cost"] for p in points), reverse=True)
    page = text(client.get(answer.headers["Location"]))
    for point in points:
        who = "1 person changes" if point["moved"] == 1 else f"{point['moved']} people change"
        assert f"{who}, cost {point['cost']}" in page
        assert all(change["message"] in page for change in point["changes"])
        plan = client.get(f"/api/plans/{point['reference']}").json
        assert plan["check"]["valid"] and plan["cost"] == point["cost"]
        assert not any(
            (each["person"], each["post"]) == (move["person"], move["post"])
            and each["since"] <= move["since"] < each["until"]
            for each in plan["assignments"]
        )


def test_change_without_a_pin_is_a_sentence_on_the_plan(client: FlaskClient, reference: str):
    answer = client.post(f"/plans/{reference}/change", data={})
    assert answer.status_code == 400
    assert "Nothing is pinned or banned yet." in text(answer)


def test_conflict_is_told_and_a_relaxation_is_planned_with(client: FlaskClient, app: Flask):
    two = ["T020:P22:2025-01-01", "T021:P22:2025-01-01"]
    people = ["T020", "T021", *FIVE]
    asked = {**SMALL, "scenario": {"people": people, "pins": two}}
    run = solved(app, client.post("/api/plans/runs", json=asked))
    value = client.get(f"/api/plans/{run}").json
    assert value["status"] == "infeasible"
    assert {each["rule"] for each in value["conflict"]} == {"capacity", "pinned"}
    page = text(client.get(f"/plans/{run}"))
    assert "Why is there no plan?" in page
    assert all(each["message"] in page for each in value["conflict"])
    assert "Verified: without any one of them a plan exists." in page
    assert all(each["message"] in page for each in value["remedies"])
    relaxed = solved(app, client.post(f"/plans/{run}/relax", data={"n": "0"}))
    made = client.get(f"/api/plans/{relaxed}").json
    assert made["check"]["valid"]
    assert made["cost"] <= value["remedies"][0]["cost"]
    assert client.post(f"/plans/{run}/relax", data={"n": "99"}).status_code == 404


def test_other_posts_are_weighed_on_the_persons_page(client, app: Flask, reference: str):
    move = client.get(f"/api/plans/{reference}").json["moves_with_reasons"][0]
    url = f"/plans/{reference}/people/{move['person']}"
    answer = client.post(url, data={"post": move["post"]})
    run = re.search(r"run=([0-9a-f]+)", answer.headers["Location"])[1]
    jobs_of(app).wait(run, WAIT)
    found = client.get(f"/api/plans/runs/{run}").json["alternatives"]
    assert found
    assert all(each["extra"] is None or each["extra"] >= 0 for each in found)  # it is optimal
    page = text(client.get(answer.headers["Location"]))
    assert all(each["message"] in page for each in found)
    assert client.post(url, data={"post": "P999"}).status_code == 404
    assert client.get(f"/plans/{reference}/people/T001").status_code == 404


# --- keep, accept, withdraw


def test_accepting_writes_planned_rotations_seen_on_the_file_and_withdrawing_removes_them(
    client: FlaskClient, app: Flask, district: Store, reference: str, runner: FlaskCliRunner
):
    before = rotations(district)
    kept = client.post(f"/plans/{reference}/keep", data={"name": EVIL})
    url = kept.headers["Location"]
    id_ = url.rpartition("/")[2]
    assert rotations(district) == before
    for path in (url, "/plans", f"{url}/accept", f"{url}/poster"):
        page = client.get(path)
        assert page.status_code == 200
        assert EVIL not in page.text and html.escape(EVIL) in page.text
    moves = client.get(f"/api/plans/{id_}").json["moves_with_reasons"]
    assert client.get(f"{url}/accept").text.count("<tr>") == len(moves) + 1
    assert rotations(district) == before  # asking changes nothing
    assert client.post(f"{url}/accept").status_code == 303
    added = [row for row in rotations(district) if row not in before]
    assert {(row[0], row[1], row[3], row[4]) for row in added} == {
        (move["person"], move["post"], move["since"], "planned") for move in moves
    }
    accepted = client.get(f"/api/plans/{id_}").json
    assert accepted["kept"] == "accepted" and accepted["check"]["valid"]
    line = client.get(f"/people/{moves[0]['person']}").text
    assert moves[0]["since"] in line and "planned" in line
    listed = json.loads(runner.invoke(args=["plans", "list", "--json"]).output)
    assert next(row for row in listed if row["id"] == id_)["status"] == "accepted"
    # The next plan goes on from the accepted one, though the posts left have no end on file.
    later = {**SMALL, "from": "2025-01-01", "scenario": {"people": FIVE}}
    again = client.get(f"/api/plans/{solved(app, client.post('/api/plans/runs', json=later))}").json
    assert again["status"] == "infeasible" or again["check"]["valid"]
    assert client.post(f"{url}/withdraw").status_code == 303
    assert rotations(district) == before
    assert client.post(f"{url}/withdraw").status_code == 409


def test_plan_that_is_not_kept_cannot_be_accepted(client: FlaskClient, reference: str):
    assert client.post(f"/plans/{reference}/accept").status_code == 409
    assert client.post(f"/plans/{reference}/keep", data={"name": " "}).status_code == 400


def test_writing_needs_the_forms_token(district: Store, tmp_path: Path):
    app = create_app(Settings(language="en", secret_key="x"), district)
    app.config.update(UPLOAD_FOLDER=str(tmp_path / "uploads"))
    client = app.test_client()
    for path in ("/plans/new", "/plans/plan-1/accept", "/plans/plan-1/withdraw"):
        answer = client.post(path)
        assert answer.status_code == 400
        assert "too old or came from another site" in answer.text
    answer = client.post("/api/plans/runs", json=SMALL, headers={"Origin": "http://elsewhere"})
    assert answer.status_code == 403


# --- runs and JSON


def test_run_can_be_stopped_and_shows_the_best_so_far(client: FlaskClient, app: Flask):
    asked = {"from": "2024-07-01", "periods": 8, "seconds": 300}
    answer = client.post("/api/plans/runs", json=asked)
    id_ = answer.json["id"]
    assert not answer.json["is_over"]
    assert "Working out a plan" in client.get(f"/plans/runs/{id_}").text
    assert client.get(f"/plans/{id_}").status_code in (303, 404)
    client.post(f"/plans/runs/{id_}/stop")
    state = jobs_of(app).wait(id_, WAIT)
    assert state.state == "stopped"
    assert client.get(f"/api/plans/runs/{id_}").json["status"] == "stopped"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"people": []},
        {"scenario": {"pin": []}},
        {"scenario": {"pins": ["T036"]}},
        {"scenario": {"pins": "T036:P05:1"}},
        {"rules": {"nothing": {}}},
        {"rules": {"wishes": {"kind": "sometimes"}}},
        {"rules": {"wishes": {"weight": 1.5}}},
        {"rules": {"one_post": {"enabled": False}}},
        {"rules": []},
    ],
)
def test_request_that_cannot_be_read_is_a_problem(client: FlaskClient, body):
    answer = client.post("/api/plans/runs", json=body)
    assert answer.status_code == 400
    assert answer.json["detail"]


def test_every_planning_address_is_in_the_openapi_document(client: FlaskClient):
    paths = client.get("/api/openapi.json").json["paths"]
    assert "get" in paths["/api/plans/{reference}"]
    for path in ("runs", "{reference}/change", "{reference}/accept", "runs/{id}/stop"):
        assert "post" in paths[f"/api/plans/{path}"]


# --- commands


def test_command_plans_checks_and_keeps_with_the_numbers_of_the_page(
    client: FlaskClient, runner: FlaskCliRunner, reference: str, tmp_path: Path
):
    scenario, out = tmp_path / "scenario.json", tmp_path / "plan.json"
    scenario.write_text(json.dumps(SCENARIO))
    args = ["plan", "--from", "2024-07-01", "--periods", "2", "--seconds", "20", "--json"]
    done = runner.invoke(args=[*args, "--scenario", str(scenario), "--out", str(out)])
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    page = client.get(f"/api/plans/{reference}").json
    for key in ("status", "cost", "bound", "costs"):
        assert value[key] == page[key]
    assert {"person", "post", "kind", "since", "until"} <= set(value["assignments"][0])
    checked = runner.invoke(args=["plan-check", str(out), "--json"])
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["cost"] == value["cost"]
    broken = json.loads(out.read_text())
    broken["assignments"][0]["post"] = "P01"
    out.write_text(json.dumps(broken))
    found = runner.invoke(args=["plan-check", str(out), "--json"])
    assert found.exit_code == 1
    report = json.loads(found.stdout)
    assert not report["valid"]
    assert {"rule", "person", "post", "since", "message"} <= set(report["violations"][0])


@pytest.mark.parametrize(
    ("args", "exit_code", "sentence"),
    [
        (["plan", "--periods", "0"], 2, "A horizon of 0 periods cannot be planned."),
        (["plan", "--from", "2020-01-01"], 1, "which is past"),
        (["plan", "--pin", "T036:P05"], 1, '"T036:P05" is not a person, a post and a day.'),
        (["plan", "--pin", "T999:P05:1"], 1, "T999"),
        (["plan", "--scenario", "nowhere.json"], 1, "nowhere.json cannot be read"),
        (["plan-check", "nowhere.json"], 1, "nowhere.json cannot be read"),
        (["plans", "show", "plan-99"], 1, 'No plan has the id "plan-99".'),
        (["plans", "accept", "plan-99"], 1, 'No plan has the id "plan-99".'),
        (["plans", "withdraw", "plan-99"], 1, 'No plan has the id "plan-99".'),
    ],
)
def test_command_tells_its_error_in_a_sentence(runner, args: list[str], exit_code: int, sentence):
    done = runner.invoke(args=args)
    assert done.exit_code == exit_code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
