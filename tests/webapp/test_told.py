"""What pages, files and commands say in passing is true too."""

import itertools

from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from loaders import entry
from queries.catalogue import QUERIES
from webapp.network.svg import as_svg
from webapp.shell.language import LANGUAGES
from webapp.shell.marks import ROLES

NOTHING = {"en": "Nothing is stored yet", "zh_Hans": "尚未存入任何数据"}


def test_refused_form_says_what_was_not_stored(small_client: FlaskClient, embedded_store: Store):
    empty = {"by": "张三", "name": ""}
    page = small_client.post("/enter/people?lang=en", data=empty)
    assert page.status_code == 400
    assert "The entry was not stored" in page.text
    seen = entry.stored(embedded_store, "people", "t1").mark
    page = small_client.post("/enter/people/t1?lang=en", data={**empty, "seen": seen})
    assert page.status_code == 400
    assert "The correction was not stored" in page.text
    doubtful = {"by": "张三", "mentor": "m1", "trainee": "t2", "until": "9999-12-31"}
    page = small_client.post("/enter/mentoring?lang=en", data=doubtful)
    assert page.status_code == 200
    assert "Not stored yet: is this meant?" in page.text
    for language in LANGUAGES:
        for address in ("/enter/people", "/enter/people/t1", "/programme/wording"):
            text = small_client.post(f"{address}?lang={language}", data=empty).text
            assert NOTHING[language] not in text


def test_network_of_nobody_says_so_and_draws_nothing(small_client: FlaskClient):
    page = small_client.get("/network?cohort=1900&lang=en")
    assert page.status_code == 200
    assert "Nobody is to be shown" in page.text
    assert 'id="picture"' not in page.text
    assert "network-scene.js" not in page.text
    assert small_client.get("/api/network?cohort=1900").json["total"] == 0
    assert 'id="picture"' in small_client.get("/network?cohort=2019").text


def test_every_entry_of_a_printed_legend_has_a_sign_of_its_own():
    kinds = (*ROLES, "post", "unit", "mentoring", "posting", "structure", "ended")
    drawn = {
        kind: as_svg({"nodes": [], "edges": [], "guides": []}, "", [], [(kind, "", "", "")])
        for kind in kinds
    }
    alike = [
        (one, other)
        for one, other in itertools.combinations(kinds, 2)
        if drawn[one] == drawn[other]
    ]
    assert alike == []


def test_stored_mentoring_is_shown_with_the_titles_of_the_programme(district_client: FlaskClient):
    page = district_client.get("/data/mentoring?lang=zh_Hans").text
    assert "households" not in page
    assert "walk_households" not in page
    known = district_client.get("/programme/wording?lang=zh_Hans").text
    assert "talk;" not in page
    assert "（done）" not in page and "(done)" not in page
    assert known


def test_report_names_its_two_columns_differently(district_client: FlaskClient):
    page = district_client.get("/programme/report?lang=zh_Hans").text
    assert "数值" not in page


def test_cypher_of_a_search_by_rounds_says_that_it_is_one_round():
    stepwise = [q for q in QUERIES.values() if q.embedded and "$frontier" in q.embedded]
    assert {"lineage.down", "lineage.up", "lineage.around"} <= {q.name for q in stepwise}
    assert [q.name for q in stepwise if not q.embedded.startswith("// Asked once for each")] == []


def test_exercise_sentence_counts_those_still_in_it_once(district_client: FlaskClient):
    page = district_client.get("/api/programme/exercises").json
    people = page["coverage"]
    said = district_client.get("/programme?lang=en").text
    for key in people[0]["cells"]:
        cells = [row["cells"][key] for row in people]
        running = sum(cell["running"] for cell in cells)
        done = sum(bool(cell["postings"] or cell["days"]) and not cell["running"] for cell in cells)
        verbs = ("has" if done == 1 else "have", "is" if running == 1 else "are")
        sentence = f"{done} of {len(people)} {verbs[0]} done it, {running} {verbs[1]} in it now"
        assert sentence in said, key


def test_unknown_period_of_a_plan_is_a_bad_parameter(runner: FlaskCliRunner):
    for wrong in (["--period", "fortnight"], ["--periods", "0"], ["--from", "2024"]):
        assert runner.invoke(args=["plan", *wrong, "--json"]).exit_code == 2, wrong
