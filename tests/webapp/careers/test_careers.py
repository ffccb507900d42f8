"""The pages, the JSON and the commands about careers: the same figures, everywhere with people."""

import json
import re

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from tests.queries.careers.careers_rows import fill, posting
from webapp.shell import words

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
    "/careers/flows/people?level=rank&target=副科",
    "/careers/flows/people?level=rank&source=科员&since=2020",
    "/careers/flows/people?level=rank&entered=科员",
    "/careers/flows/people?level=rank&source=正处&target=科员",
    "/careers/tree?level=rank&at=科员",
    "/careers/tree/people?level=post_kind&step=3&key=secondment",
    "/careers/tree/people?level=post_kind&step=3&key=secondment&before=staff",
    "/careers/tree/people?level=rank&step=12&key=科员",
    "/careers/posts/P05?person=T030",
    "/careers/posts/P05?person=T046&kind=secondment",
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
    assert set(re.findall(r"[a-z]{4,}", text)) <= {"rules", "yaml", "xcel"}


def test_search_is_the_same_on_page_json_and_command(
    district_app, district_client: FlaskClient, tmp_path
):
    address = {"steps": json.dumps(STEPS)}
    given = district_client.get("/api/careers/paths", query_string=address).json
    with district_app.app_context():
        from webapp.shell.store import current_store

        found = search(current_store(), parse_steps(STEPS), words.as_of())
    assert given == found.as_dict()
    page = text_of(
        district_client.get("/careers/paths", query_string=address | {"lang": "en"}).text
    )
    assert f"{found.count} people walked it" in page
    assert f"{found.waiting} on the way" in page
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
    page = district_client.get("/careers/paths", query_string=form).text.split("<main", 1)[1]
    assert '<option selected value="副科">' in page.split('name="2.rank"')[1].split("</select>")[0]


def test_empty_rows_of_the_form_are_wildcards(district_client: FlaskClient):
    form = {"1.kind": "grassroots", "2.here": "1", "3.rank": "正科"}
    assert district_client.get("/api/careers/paths", query_string=form).json["steps"] == [
        {"kind": "grassroots"},
        {},
        {"rank": "正科"},
    ]


def test_every_field_of_a_step_is_in_the_form_and_in_the_link(district_client: FlaskClient):
    step = {
        "post": "P05",
        "title": "综合科科员",
        "rank": "科员",
        "kind": "appointment",
        "post_kind": "staff",
        "unit": "U03",
        "directly": True,
        "not_before_months": 12,
        "within_months": 36,
        "within_months_of_entry": 72,
    }
    form = {"1.here": "1"} | {f"2.{key}": str(value) for key, value in step.items()}
    answer = district_client.get("/api/careers/paths", query_string=form).json
    assert answer["steps"] == [{}, step]
    assert answer["count"] > 0
    page = district_client.get("/careers/paths", query_string=form).text
    for key in step:
        assert f'name="2.{key}"' in page
    link = {"steps": json.dumps(answer["steps"])}
    again = district_client.get("/careers/paths", query_string=link).text
    values = [re.findall(rf'name="2.{key}"[^>]*value="([^"]*)"', again) for key in step]
    assert ["P05"] in values
    assert ["36"] in values


def test_a_step_is_added_up_to_six_and_taken_away(district_client: FlaskClient):
    form = {"1.kind": "grassroots", "2.kind": "key_post", "3.rank": "正科"}
    page = district_client.get("/careers/paths", query_string=form | {"more": "1"}).text
    assert page.count("<fieldset") == 4
    page = district_client.get("/careers/paths", query_string=form | {"drop": "2"}).text
    page = page.split("<main", 1)[1]
    assert page.count("<fieldset") == 2
    assert "selected" in page.split('name="2.rank"')[1].split("</select>")[0]
    six = {f"{number}.here": "1" for number in range(1, 7)} | {"1.kind": "grassroots"}
    page = district_client.get("/careers/paths", query_string=six | {"more": "1"}).text
    page = page.split("<main", 1)[1]
    assert page.count("<fieldset") == 6
    assert 'name="more"' not in page


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
        re.findall(r'class="to-person" href="/people/(\w+)"', people)
    )
    assert len(band["who"]) == band["moves"]


def people_on(page: str) -> set[str]:
    return set(re.findall(r'class="to-person" href="/people/([^"]+)"', page))


def test_gains_losses_and_beginnings_open_their_people(district_client: FlaskClient):
    flows = district_client.get("/api/careers/flows?level=rank&people=1").json
    address = "/careers/flows/people?level=rank"
    balance = next(each for each in flows["balances"] if each["key"] == "副科")
    for asked, end, figure in (("target", "to", "gained"), ("source", "from", "lost")):
        who = [w["person"] for b in flows["bands"] if b[end] == "副科" for w in b["who"]]
        assert len(who) == balance[figure]
        assert people_on(district_client.get(f"{address}&{asked}=副科").text) == set(who)
    began = next(each for each in flows["balances"] if each["key"] == "科员")["entered"]
    assert len(people_on(district_client.get(f"{address}&entered=科员").text)) == began


def test_a_meeting_opens_its_people(district_client: FlaskClient):
    found = district_client.get("/api/careers/tree?level=post_kind").json
    meeting = found["meetings"][0]
    address = f"/careers/tree/people?level=post_kind&step={meeting['depth']}&key={meeting['key']}"
    assert len(people_on(district_client.get(address).text)) == meeting["people"]
    page = district_client.get("/careers/tree?level=post_kind").text
    assert f"step={meeting['depth']}&amp;key={meeting['key']}" in page
    kinds = ("grassroots", "secretary", "deputy", "key", "staff", "unit_head", "leader")
    narrow = [len(people_on(district_client.get(f"{address}&before={key}").text)) for key in kinds]
    assert any(0 < count < meeting["people"] for count in narrow)
    assert sum(narrow) == meeting["people"]  # each of them had one post before


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


def test_next_posts_are_judged_by_the_kind_of_rotation(district_client: FlaskClient):
    # P05 is left for main posts only, so a secondment is asked for by name.
    usual = district_client.get("/api/careers/posts/P05?person=T030").json["next"]
    assert "secondment" not in {each["kind"] for each in usual}
    beside = district_client.get("/api/careers/posts/P05?person=T030&kind=secondment").json["next"]
    rotation = district_client.get("/api/careers/posts/P05?person=T030&kind=rotation").json["next"]
    assert {each["kind"] for each in rotation} == {"rotation"}
    against = [[len(each["against"]) for each in those] for those in (beside, rotation)]
    assert sum(against[0]) < sum(against[1])  # settled: a secondment runs beside the home post


def test_what_would_change_a_date_is_the_same_on_page_json_and_command(
    district_client: FlaskClient, commands: FlaskCliRunner
):
    (person,) = district_client.get("/api/careers/dates?person=T046&lang=en").get_json()
    page = text_of(district_client.get("/careers/dates/T046?lang=en").text)
    told = commands.invoke(args=["legal-dates", "T046"]).output
    zh = district_client.get("/api/careers/dates?person=T046&lang=zh_Hans").get_json()
    for rank, same in zip(person["ranks"], zh[0]["ranks"], strict=True):
        assert rank["changes"]
        assert all(sentence in page for sentence in rank["changes"])
        assert all(sentence in told for sentence in same["changes"])


def test_comparison_takes_full_names(district_client: FlaskClient):
    name = district_client.get("/api/careers/people/T001").json["name"]
    page = district_client.get(f"/careers/compare?person={name}&person=T004").text
    assert "<svg" in page
    assert page.count('class="bar') == len(
        district_client.get("/api/careers/people/T001").json["postings"]
    ) + len(district_client.get("/api/careers/people/T004").json["postings"])


def test_the_time_with_a_shared_mentor_is_lit(district_client: FlaskClient):
    people = "person=T021&person=T022"
    shared = district_client.get(f"/api/careers/compare?{people}").json["shared"]
    mentors = {each["id"]: each["name"] for each in shared if each["what"] == "mentor"}
    assert mentors
    page = district_client.get(f"/careers/compare?{people}&lang=en").text
    for id_, name in mentors.items():
        bars = re.findall(
            rf'<a href="/people/{id_}"><g class="bar [^"]*lit[^"]*"><title>([^<]*)', page
        )
        assert len(bars) == 2  # one for each of the two people
        assert all(f"mentor {name}" in bar for bar in bars)


def test_empty_store_says_what_to_do(client: FlaskClient):
    page = text_of(client.get("/careers?lang=en").text)
    assert "Nobody has a posting that had begun" in page
    assert client.get("/careers/flows").status_code == 200
    assert client.get("/careers/tree").status_code == 200
    assert "No rules of appointment" in text_of(client.get("/careers/dates?lang=en").text)


@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_odd_careers_are_shown_sensibly(client: FlaskClient, embedded_store: Store, lang: str):
    rows = [
        posting("back", "u:x::low", "2015-01-01", "2014-01-01"),
        posting("back", "u:y::high", None, None),
        posting("brief", "u:x::low", "2016-05-05", "2016-05-05"),
        posting("brief", "u:y::high", "2016-05-05"),
    ]
    fill(embedded_store, rows, people={"nothing": "2015-07-01"})
    for address in (
        "/careers/people/nothing",
        "/careers/people/back",
        "/careers/people/brief",
        "/careers/compare?person=nothing&person=back&align=entry",
        "/careers/compare?person=nothing",
        "/careers/dates/nothing",
        "/careers/posts/u:x::low?person=nothing",
        "/careers/posts/u:y::high?person=back",
        "/careers/routes?start=rank:low&end=rank:high&person=nothing",
        "/careers/paths?1.rank=low&2.rank=high",
    ):
        response = client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        assert response.status_code == 200, address
        assert "None" not in text_of(response.text), address
    page = text_of(client.get("/careers/people/back?lang=en").text)
    assert "the end stands before the begin" in page
    assert "begin unknown" in page
    assert "No post is on file" in text_of(client.get("/careers/people/nothing?lang=en").text)
    assert client.get("/api/careers/paths?1.rank=low&2.rank=high").json["count"] == 1


def test_a_post_with_a_thousand_holders_is_shown(client: FlaskClient, embedded_store: Store):
    rows = []
    for number in range(1000):
        rows.append(posting(f"p{number:04d}", "u:x::low", str(2000 + number % 20)))
        rows.append(posting(f"p{number:04d}", f"u:y{number % 3}::high", str(2021)))
    fill(embedded_store, rows)
    page = client.get("/careers/posts/u:x::low?lang=en")
    assert page.status_code == 200
    assert len(page.data) < 400_000
    answer = client.get("/api/careers/posts/u:x::low").json
    assert len(answer["holders"]) == 1000
    assert [each["share"] for each in answer["after"]] == [0.334, 0.333, 0.333]
    assert "33%" in text_of(page.text)
    assert f"{1000 - 200} more" in text_of(page.text)


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
