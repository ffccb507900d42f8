"""Who arrived and who did not, limits, steps by fields and files: page, JSON, command alike."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from graph.settings import Settings
from graph.store import open_store
from queries.careers.path_steps import POSTING_KEYS, TESTED
from tests.conftest import ROOT, application
from tests.queries.careers.test_path_states import CAREERS, stored
from tests.webapp.careers.test_careers import text_of
from webapp.careers.paths import FIELDS


@pytest.fixture(scope="module")
def states_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the careers of `tests/queries/careers/test_path_states.py`."""
    folder = tmp_path_factory.mktemp("states")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        stored(store, CAREERS, people={"rises": "2010-01-01"})
        yield application(store, folder)


@pytest.fixture
def states(states_app: Flask) -> FlaskClient:
    """A browser on them."""
    return states_app.test_client()


def rows_of(name: str) -> list[dict[str, str]]:
    path = ROOT / "examples" / "shifeng" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def months_later(day: str, months: int) -> str:
    """The same day of a later month, as text; the reference district has no day after the 28th."""
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}{day[7:]}"


def test_village_then_key_post_then_deputy_within_six_years(district_client: FlaskClient):
    """The people whom a reader of the files would name, by hand: no code of the program."""
    on = "2024-06-30"
    posts = {row["id"]: row for row in rows_of("posts")}
    units = {row["id"]: row for row in rows_of("units")}
    people = {row["id"]: row for row in rows_of("people")}
    expected = set()
    for person in people:
        mine = [
            row
            for row in rows_of("rotations")
            if row["person"] == person
            and row["status"] != "planned"
            and row["since"][:10] <= on
            and row["kind"] not in ("secondment", "study", "borrowed", "platform")
        ]
        villages = [r for r in mine if units[posts[r["post"]]["unit"]]["kind"] == "village"]
        key_posts = [r for r in mine if r["kind"] == "key_post"]
        ranked = [r for r in mine if (r.get("rank") or posts[r["post"]]["rank"]) == "副科"]
        if not villages or not ranked:
            continue
        reached = min(r["since"] for r in ranked)
        begun = [v["since"] for v in villages]
        between = [k["since"] for k in key_posts if min(begun) <= k["since"] <= reached]
        if between and reached <= months_later(people[person]["joined_on"], 72):
            expected.add(person)
    form = {
        "1.unit_kind": "village",
        "2.kind": "key_post",
        "3.reaches.rank": "副科",
        "3.within_months_of_entry": "72",
    }
    answer = district_client.get("/api/careers/paths", query_string=form).json
    assert {match["person"] for match in answer["people"]} == expected
    assert len(expected) >= 3
    page = text_of(district_client.get("/careers/paths", query_string=form | {"lang": "en"}).text)
    assert f"{len(expected)} people walked it" in page
    assert "reaches deputy section or above, within 72 months of entry" in page


FORM = {"1.post_kind": "village", "2.reaches.rank": "mid"}
GROUPS = {"arrived": 1, "on_the_way": 3, "left_before": 1, "not_known": 1, "from_the_start": 2}


def test_groups_are_the_same_on_page_json_and_command(states: FlaskClient, tmp_path):
    answer = states.get("/api/careers/paths", query_string=FORM).json
    assert answer["groups"] == GROUPS
    assert (answer["waiting"], answer["left_before"], answer["not_known"]) == (3, 1, 1)
    page = text_of(states.get("/careers/paths", query_string=FORM | {"lang": "en"}).text)
    assert "1 arrived 3 on the way 1 left before 1 not known since 2 there from the start" in page
    assert "Of fewer than 10 who started no time is given." in page
    file = tmp_path / "STEPS.json"
    file.write_text(json.dumps(answer["steps"]), encoding="utf-8")
    runner = states.application.test_cli_runner()
    told = runner.invoke(args=["paths", str(file), "--json"])
    assert json.loads(told.output) == answer
    table = runner.invoke(args=["paths", str(file)]).output
    assert "已到达 1 人，在途中 3 人，此前已离开 1 人，此后不详 1 人，起始即在 2 人。" in table


GROUPED = [
    # who is at `low` and came to `mid`; the others at `low`; who began at `mid`
    ("/api/careers/flows?level=rank", lambda a: next(
        b["groups"] for b in a["bands"] if b["to"] == "mid"),
     {**GROUPS, "on_the_way": 2, "from_the_start": 2}),
    ("/api/careers/routes?start=rank:low&end=rank:mid", lambda a: a["groups"],
     {**GROUPS, "from_the_start": 2}),
    ("/api/careers/tree?level=rank", lambda a: next(
        b["groups"] for b in a["tree"]["branches"] if b["key"] == "low"),
     {"arrived": 2, "on_the_way": 2, "left_before": 1, "not_known": 1, "from_the_start": 5}),
    ("/api/careers/posts/v:aide:village:low", lambda a: a["groups"],
     {"arrived": 2, "on_the_way": 2, "left_before": 1, "not_known": 1, "from_the_start": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("address", "of", "expected"), GROUPED, ids=[g[0] for g in GROUPED])
def test_groups_stand_beside_every_figure(states: FlaskClient, address, of, expected):
    assert of(states.get(address).json) == expected
    page = text_of(states.get(address.replace("/api", "") + "&lang=en" if "?" in address else
                              address.replace("/api", "") + "?lang=en").text)  # fmt: skip
    for words in ("on the way", "left before", "not known since", "there from the start"):
        assert words in page.lower(), words


def test_what_runs_beside_is_told_and_no_move(states: FlaskClient):
    assert states.get("/api/careers/flows?level=rank").json["beside"] == 2
    holders = states.get("/api/careers/posts/t:guest:office:high").json
    assert {each["held_as"] for each in holders["holders"]} == {"meanwhile"}
    assert holders["groups"]["arrived"] == 0
    page = text_of(states.get("/careers/flows?level=rank&lang=en").text)
    assert "2 postings beside a home post began in this time: no moves." in page


def test_every_word_of_a_step_has_its_field(states: FlaskClient):
    assert set(FIELDS) >= {f"{key}.{word}" for key, words in TESTED.items() for word in words}
    words = {"rank": "mid", "at_least": True, "kind": "secondment", "post_kind": "office"}
    more = {
        "post": "t:guest:office:high",
        "title": "guest",
        "unit": "o",
        "unit_kind": "office_unit",
    }
    sought = {key: (words | more)[key] for key in POSTING_KEYS}
    steps: list[dict[str, Any]] = [
        sought | {"holds": sought, "while": sought},
        {"reaches": {"grade": "g2"}, "while": {}},
    ]
    form: dict[str, str] = {}
    for number, step in enumerate(steps, start=1):
        for key, value in step.items():
            parts = value if isinstance(value, dict) else {"": value}
            for word, text in (parts or {"any": "1"}).items():
                name = f"{number}.{key}.{word}".rstrip(".")
                form[name] = "1" if text is True else text
    assert states.get("/api/careers/paths", query_string=form).json["steps"] == steps
    page = states.get("/careers/paths", query_string=form).text
    for name in form:
        assert f'name="{name}"' in page, name
    link = {"steps": json.dumps(steps)}
    again = states.get("/careers/paths", query_string=link).text
    shown = re.findall(r'<option selected value="([^"]+)"', again)
    assert {"mid", "secondment", "office", "o", "office_unit", "g2"} <= set(shown)


LIMITED = [
    "/careers", "/careers/flows?level=rank", "/careers/tree?level=rank",
    "/careers/posts/v:aide:village:low", "/careers/routes?start=rank:low&end=rank:mid",
    "/careers/paths?1.post_kind=village&2.reaches.rank=mid",
]  # fmt: skip


@pytest.mark.parametrize("address", LIMITED)
def test_every_page_says_its_limits_and_keeps_them_in_links(states: FlaskClient, address: str):
    join = "&" if "?" in address else "?"
    limits = "cohort_from=2010&cohort_to=2012&who=trainees&unit=v&since=2009-01-01&until=2020"
    page = states.get(f"{address}{join}{limits}&on=2024-01-31&lang=en")
    said = (
        "Only: cohorts 2010 to 2012, trainees, who served in Unit v or below, "
        "begun from 2009-01-01 until before 2020-01-01."
    )
    assert said in text_of(page.text)
    assert 'name="on" value="2024-01-31"' in page.text  # the form asks of the same day
    for name, value in (("cohort_from", "2010"), ("since", "2009-01-01")):
        assert re.search(rf'name="{name}"[^>]* value="{value}"', page.text), name
    if address != "/careers":
        given = states.get(f"/api{address}{join}{limits}&on=2024-01-31").json
        assert given["as_of"] == "2024-01-31"
        assert given["limits"] == {
            "cohort_from": 2010, "cohort_to": 2012, "trainees": True, "unit": "v",
            "since": "2009-01-01", "until": "2020-01-01", "scope": None,
        }  # fmt: skip


def test_bands_and_branches_keep_the_limits(states: FlaskClient):
    limits = "who=all&since=2009-01-01&on=2024-01-31"
    for address in ("/careers/flows?level=rank", "/careers/tree?level=rank"):
        page = states.get(f"{address}&{limits}").text.split("<main", 1)[1]
        links = re.findall(r'href="(/careers/(?:flows/people|tree)\?[^"]*)"', page)
        assert links
        assert all("since=2009-01-01" in each and "on=2024-01-31" in each for each in links)


@pytest.mark.parametrize(
    ("limits", "status"),
    [("cohort_from=19", 400), ("who=mentors", 400), ("unit=nowhere", 404), ("since=soon", 400),
     ("cohort_from=2020&cohort_to=2019", 400), ("since=2020&until=2020", 400)],
)  # fmt: skip
def test_a_limit_that_cannot_be_is_told(states: FlaskClient, limits: str, status: int):
    for address in (*LIMITED, f"/api{LIMITED[1]}"):
        response = states.get(f"{address}{'&' if '?' in address else '?'}{limits}")
        assert response.status_code == status, (address, limits)


def test_limits_of_a_command(states: FlaskClient):
    runner: FlaskCliRunner = states.application.test_cli_runner()
    line = ["flows", "--level", "rank", "--since", "2014-05-01", "--until", "2014-05-02", "--json"]
    assert json.loads(runner.invoke(args=line).output)["moves"] == 1
    line = [*line[:4], "2014-05-02", "--until", "2019-01-01", "--json"]
    assert json.loads(runner.invoke(args=line).output)["moves"] == 0
    for command in (["career-tree"], ["post-history", "v:aide:village:low"],
                    ["career-routes", "rank:low", "rank:mid"]):  # fmt: skip
        told = runner.invoke(args=[*command, "--trainees", "--cohort-from", "2010", "--json"])
        given = json.loads(told.output)["limits"]
        assert (given["trainees"], given["cohort_from"]) == (True, 2010)
    wrong = runner.invoke(args=["flows", "--cohort-from", "2020", "--cohort-to", "2019"])
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)


FILES = {
    "/careers/paths?1.post_kind=village&2.reaches.rank=mid": ("people", "waiting"),
    "/careers/flows?level=unit": ("moves", "gains", "people"),
    "/careers/flows/people?level=rank&target=mid": ("people",),
    "/careers/tree?level=post": ("branches", "meetings", "people"),
    "/careers/tree/people?level=rank&step=1&key=low": ("people",),
    "/careers/posts/v:aide:village:low": ("holders", "before", "after"),
    "/careers/routes?start=rank:low&end=rank:mid": ("routes", "people"),
    "/careers/people/rises": ("postings", "moves"),
    "/careers/compare?person=rises&person=beside": ("figures",),
}


@pytest.mark.parametrize("address", FILES)
def test_tables_are_files_with_ids(states: FlaskClient, address: str):
    join = "&" if "?" in address else "?"
    page = states.get(f"{address}{join}lang=en").text
    assert page.count("format=csv") == len(FILES[address])
    book = openpyxl.load_workbook(
        io.BytesIO(states.get(f"{address}{join}lang=en&format=xlsx").data)
    )
    assert len(book.sheetnames) == 1 + len(FILES[address])
    for at, table in enumerate(FILES[address], start=1):
        response = states.get(f"{address}{join}lang=en&format=csv&table={table}")
        rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
        sheet = [
            ["" if cell is None else cell for cell in row] for row in book.worksheets[at].values
        ]
        assert [[str(cell) for cell in row[: len(rows[0])]] for row in sheet[1:]] == rows
        if "Person" in rows[0] and len(rows) > 1:
            known = {row[rows[0].index("Person (id)")] for row in rows[1:]}
            assert known <= {row["person"] for row in CAREERS}, rows
    assert states.get(f"{address}{join}format=csv&table=none").status_code == 404
    assert states.get(f"{address}{join}format=pdf").status_code == 400


def test_the_picture_of_the_tree_shows_who_stayed(states: FlaskClient):
    page = states.get("/careers/tree?level=rank&lang=en").text
    (chart,) = re.findall(r'id="meeting">(.*?)</script>', page, re.DOTALL)
    (series,) = json.loads(chart)["series"]
    stay = {link["source"]: link for link in series["links"] if link["target"] == "stay 1"}
    # From-mid and had-it stay at mid, four at low; rises goes on, acting to a post of no rank.
    assert {name: link["value"] for name, link in stay.items()} == {"1 low": 4, "1 mid": 2}
    texts = {node["name"]: node["text"] for node in series["data"]}
    assert texts["1 low"] == "low (4 no further)"
    people = states.get(stay["1 low"]["url"]).text
    named = set(re.findall(r'class="to-person" href="/people/([^"]+)"', people))
    assert named == {"on-way", "retired", "unseen", "beside"}
