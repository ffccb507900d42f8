"""The pages, the JSON and the commands about careers: the same figures, everywhere with people."""

import json
import re

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from tests.queries.careers.careers_rows import fill, posting
from webapp import words

STEPS = [
    {"kind": "grassroots"},
    {"rank": "副科", "within_months_of_entry": 60},
]
PAGES = [
    "/careers",
    "/careers/paths",
    f"/careers/paths?steps={json.dumps(STEPS)}",
    "/careers/routes",
    "/careers/routes?start=rank:科员&end=rank:正科&level=post_kind&route=0",
    "/careers/flows?level=rank",
    "/careers/flows/people?level=rank&source=科员&target=副科",
    "/careers/tree?level=rank&at=科员",
    "/careers/posts/P05?person=T030",
    "/careers/dates",
    "/careers/dates/T046",
    "/careers/people/T004",
    "/careers/compare?person=T001&person=T004&align=entry",
    "/careers/compare?person=T001&person=T004&align=rank&rank=正科",
]


def text_of(html: str) -> str:
    """The words of a page's content, on one line."""
    main = html.split("<main", 1)[1].split(">", 1)[1].split("</main>", 1)[0]
    main = re.sub(r"<(script|style).*?</\1>", " ", main, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_page_opens_in_both_languages(district_client: FlaskClient, path: str, lang: str):
    join = "&" if "?" in path else "?"
    response = district_client.get(f"{path}{join}lang={lang}")
    assert response.status_code == 200
    assert "%(" not in response.text


@pytest.mark.parametrize("path", [p for p in PAGES if "paths" not in p])
def test_chinese_page_has_no_english_word(district_client: FlaskClient, path: str):
    page = district_client.get(f"{path}{'&' if '?' in path else '?'}lang=zh_Hans").text
    text = text_of(re.sub(r'<details class="how">.*?</details>', "", page, flags=re.DOTALL))
    assert set(re.findall(r"[a-z]{4,}", text)) <= {"rules", "yaml"}


def test_search_is_the_same_on_page_json_and_command(
    district_app, district_client: FlaskClient, tmp_path
):
    address = {"steps": json.dumps(STEPS)}
    given = district_client.get("/api/careers/paths", query_string=address).json
    with district_app.app_context():
        from webapp.store import current_store

        found = search(current_store(), parse_steps(STEPS), words.as_of())
    assert given == found.as_dict()
    page = text_of(
        district_client.get("/careers/paths", query_string=address | {"lang": "en"}).text
    )
    assert f"{found.count} people walked it" in page
    assert f"{found.waiting} are on the way" in page
    file = tmp_path / "STEPS.json"
    file.write_text(json.dumps(STEPS), encoding="utf-8")
    told = district_app.test_cli_runner().invoke(args=["paths", str(file), "--json"])
    assert told.exit_code == 0
    assert json.loads(told.output) == given


def test_form_and_link_are_the_same_search(district_client: FlaskClient):
    form = {"1.kind": "grassroots", "2.rank": "副科", "2.within_months_of_entry": "60"}
    by_form = district_client.get("/api/careers/paths", query_string=form).json
    by_link = district_client.get(
        "/api/careers/paths", query_string={"steps": json.dumps(STEPS)}
    ).json
    assert by_form == by_link
    page = district_client.get("/careers/paths", query_string=form).text
    assert "selected>" in page.split('name="2.rank"')[1].split("</select>")[0]


def test_empty_rows_of_the_form_are_wildcards(district_client: FlaskClient):
    form = {"1.kind": "grassroots", "2.here": "1", "3.rank": "正科"}
    assert district_client.get("/api/careers/paths", query_string=form).json["steps"] == [
        {"kind": "grassroots"},
        {},
        {"rank": "正科"},
    ]


def test_path_that_nobody_walked_says_how_to_widen(district_client: FlaskClient):
    steps = json.dumps([{"rank": "副处"}, {"rank": "科员"}])
    page = text_of(district_client.get(f"/careers/paths?lang=en&steps={steps}").text)
    assert "Nobody walked this path" in page
    assert "Leave a step open" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/careers/paths?steps=nonsense", 400),
        ('/careers/paths?steps=[{"colour":"red"}]', 400),
        ("/careers/paths?1.kind=x&2.within_months=soon", 400),
        ("/api/careers/paths", 400),
        ('/api/careers/paths?steps=[{"unit":"nowhere"}]', 404),
        ("/careers/routes?start=shoe:1&end=rank:x", 400),
        ("/careers/routes?start=rank:x&end=rank:y&level=shoe", 400),
        ("/careers/flows?since=yesterday", 400),
        ("/careers/flows?level=shoe", 400),
        ("/careers/flows?unit=nowhere", 404),
        ("/careers/tree?depth=99", 400),
        ("/careers/tree?level=rank&at=nothing", 404),
        ("/careers/posts/nothing", 404),
        ("/careers/people/nobody", 404),
        ("/careers/dates/nobody", 404),
        ("/careers/compare?person=T001&person=nobody", 404),
        ("/careers/compare?person=T001&person=T002&align=shoe", 400),
    ],
)
def test_wrong_address_is_told(district_client: FlaskClient, address: str, status: int):
    assert district_client.get(address).status_code == status


def test_band_opens_its_people(district_client: FlaskClient):
    flows = district_client.get("/api/careers/flows?level=rank&people=1").json
    band = next(b for b in flows["bands"] if (b["from"], b["to"]) == ("科员", "副科"))
    page = district_client.get("/careers/flows?level=rank").text
    assert "source=%E7%A7%91%E5%91%98&amp;target=%E5%89%AF%E7%A7%91" in page
    people = district_client.get("/careers/flows/people?level=rank&source=科员&target=副科").text
    assert {who["person"] for who in band["who"]} == set(
        re.findall(r'class="to-person" href="/people/(T\d+)"', people)
    )
    assert len(band["who"]) == band["moves"]


def test_few_cases_have_no_percentage(client: FlaskClient, embedded_store: Store):
    rows = []
    for number in range(9):
        rows.append(posting(f"p{number}", "u:x::low", "2010"))
        rows.append(posting(f"p{number}", "u:y::high", "2011"))
    fill(embedded_store, rows)
    nine = client.get("/careers/routes?start=rank:low&end=rank:high&lang=en").text
    assert "%" not in text_of(nine).split("How this was computed")[0]
    rows += [posting("p9", "u:x::low", "2010"), posting("p9", "u:y::high", "2011")]
    fill(embedded_store, rows)
    ten = client.get("/careers/routes?start=rank:low&end=rank:high&lang=en").text
    assert "100%" in text_of(ten)


def test_dates_page_gives_the_same_days_as_json(district_client: FlaskClient):
    (person,) = district_client.get("/api/careers/dates?person=T046").get_json()
    days = [rank["earliest"] for rank in person["ranks"]]
    page = text_of(district_client.get("/careers/dates/T046?lang=en").text)
    assert days and all(day in page for day in days)
    assert "not decided" in page  # no yearly review yet
    everybody = text_of(district_client.get("/careers/dates?lang=en").text)
    assert days[0] in everybody


def test_next_posts_name_the_rules_against_them(district_client: FlaskClient):
    answer = district_client.get("/api/careers/posts/P05?person=T046").json
    assert [each["post"] for each in answer["next"]] == [each["post"] for each in answer["after"]]
    rules = {against["rule"] for each in answer["next"] for against in each["against"]}
    assert "R3" in rules or "R1" in rules  # in the first year nobody is moved


def test_comparison_takes_full_names(district_client: FlaskClient):
    name = district_client.get("/api/careers/people/T001").json["name"]
    page = district_client.get(f"/careers/compare?person={name}&person=T004").text
    assert "<svg" in page
    assert page.count('class="bar') == len(
        district_client.get("/api/careers/people/T001").json["postings"]
    ) + len(district_client.get("/api/careers/people/T004").json["postings"])


def test_empty_store_says_what_to_do(client: FlaskClient):
    page = text_of(client.get("/careers?lang=en").text)
    assert "There are no careers yet" in page
    assert client.get("/careers/flows").status_code == 200
    assert client.get("/careers/tree").status_code == 200
    assert "No rules of appointment" in text_of(client.get("/careers/dates?lang=en").text)


def test_names_are_never_read_as_html(client: FlaskClient, embedded_store: Store):
    evil = "<script>alert(1)</script>"
    rows = [
        posting("a", "u:x::low", "2010"),
        posting("a", "u:y::high", "2011"),
        posting("b", "u:x::low", "2010"),
        posting("b", "u:y::high", "2012"),
    ]
    fill(embedded_store, rows)
    for label in ("Person", "Unit", "Post"):
        embedded_store.write(f"MATCH (n:{label}) SET n.name = $evil", evil=evil)
    for address in (
        "/careers",
        '/careers/paths?steps=[{"rank":"low"},{"rank":"high"}]',
        "/careers/routes?start=rank:low&end=rank:high&level=post&route=0",
        "/careers/flows?level=unit",
        "/careers/flows?level=title",
        "/careers/tree?level=title",
        "/careers/posts/u:x::low",
        "/careers/people/a",
        "/careers/compare?person=a&person=b",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert evil not in response.text, address


# --- commands -----------------------------------------------------------------------------------


@pytest.fixture
def commands(district_app) -> FlaskCliRunner:
    return district_app.test_cli_runner()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("career-routes rank:科员 rank:正科 --level post_kind", "→"),
        ("flows --level rank", "副科"),
        ("career-tree --level rank", "  副科"),
        ("post-history P05", "T"),
        ("career T001", "副处"),
        ("compare T001 T004", "T001 – T004"),
        ("legal-dates T046", "2029"),
    ],
)
def test_command_prints_a_table_and_json(commands: FlaskCliRunner, line: str, said: str):
    table = commands.invoke(args=line.split())
    assert (table.exit_code, table.stderr) == (0, "")
    assert said in table.output
    as_json = commands.invoke(args=[*line.split(), "--json"])
    assert as_json.exit_code == 0
    assert json.loads(as_json.output)


def test_paths_as_of_a_day_and_with_a_limit(commands: FlaskCliRunner, tmp_path):
    file = tmp_path / "STEPS.json"
    file.write_text('[{"kind": "grassroots"}, {}]', encoding="utf-8")
    now = json.loads(commands.invoke(args=["paths", str(file), "--json", "--limit", "1"]).output)
    past = json.loads(
        commands.invoke(args=["paths", str(file), "--json", "--as-of", "2018"]).output
    )
    assert len(now["people"]) == 1 < now["count"]
    assert past["as_of"] == "2018-01-01"
    assert past["count"] < now["count"]


@pytest.mark.parametrize(
    ("text", "code"), [("not json", 1), ('[{"colour": 1}]', 2), ("[]", 2), (None, 1)]
)
def test_wrong_steps_file_is_one_sentence(commands: FlaskCliRunner, tmp_path, text, code):
    file = tmp_path / "STEPS.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    told = commands.invoke(args=["paths", str(file)])
    assert told.exit_code == code
    assert told.output.count("\n") == 1
    assert "Traceback" not in told.output


def test_a_person_is_set_beside_a_route_in_words(district_client: FlaskClient):
    address = "/careers/routes?start=rank:科员&end=rank:正科&level=post_kind&person=T001&lang=en"
    page = text_of(district_client.get(address).text)
    # T001 went from the village straight to a key post
    assert "skipped staff post." in page
    assert "also had district leader." in page
