"""The first page of an empty store, search, and whether it is alive."""

from urllib.parse import quote

from graph.version import VERSION
from tests.webapp.conftest import EVIL


def test_empty_store_says_how_to_begin(client):
    page = client.get("/?lang=en").text
    assert "Nothing is stored yet" in page
    assert "flask load examples/shifeng" in page
    assert 'href="/data"' in page


def test_figure_of_trainees_leads_to_as_many_rows(district_client):
    answer = district_client.get("/api/queries/programme.total?key=trainees").json
    assert len(answer["rows"]) == 46


def test_day_of_the_figures_is_shown(district_client):
    for lang in ("en", "zh_Hans"):
        assert (
            'name="on" type="date" value="2024-06-30"' in district_client.get(f"/?lang={lang}").text
        )


def test_search_finds_by_pinyin_initials_and_name(small_client):
    for text in ("王伟", "wangwei", "ww", "t1"):
        page = small_client.get(f"/search?q={quote(text)}&lang=en")
        if page.status_code == 302:
            assert page.location == "/people/t1"
        else:
            assert 'href="/people/t1"' in page.text, text


def test_search_finds_units_and_posts(small_client):
    page = small_client.get(f"/search?q={quote('桥头')}").text
    assert 'href="/units/v1"' in page
    page = small_client.get(f"/search?q={quote('村助理')}").text
    assert 'href="/posts/p1"' in page


def test_search_for_an_id_opens_it(small_client):
    response = small_client.get("/search?q=v1")
    assert response.status_code == 302
    assert response.location == "/units/v1"


def test_search_without_a_find_says_what_was_asked_and_how_to_widen(small_client):
    page = small_client.get("/search?q=zzzz&lang=en").text
    assert "“zzzz”" in page
    assert "Type fewer characters" in page


def test_namesakes_are_told_apart_by_cohort_and_unit(small_client):
    page = small_client.get(f"/search?q={quote('王伟')}&lang=en").text
    assert "cohort 2019 · 桥头村 村助理" in page
    assert "cohort 2021" in page


def test_search_text_cannot_become_markup(small_client):
    page = small_client.get(f"/search?q={quote(EVIL)}").text
    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_health_names_the_engine(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json["engine"] == "embedded"
    assert response.json["version"] == VERSION


def test_about_says_where_the_data_are(client):
    page = client.get("/about?lang=en").text
    assert "embedded file on this machine" in page
    assert f"<dt>Version</dt><dd>{VERSION}</dd>" in page
    assert "Apache-2.0" in page


def test_places_are_only_those_that_open(district_client):
    page = district_client.get("/").text
    places = page.split('class="places"')[1].split("</nav>")[0]
    links = [part.split('"')[0] for part in places.split('href="')[1:] if part.startswith("/")]
    pages = [link for link in links if not link.startswith("/static")]
    assert pages[0] == "/"
    assert {"/people", "/network", "/data"} <= set(pages)
    assert [link for link in pages if district_client.get(link).status_code != 200] == []


def test_name_of_a_person_cannot_become_markup_on_any_of_these_pages(small_client):
    for path in ("/", "/search?q=script", "/data", "/data/people", "/data/mentoring"):
        page = small_client.get(path).text
        assert EVIL not in page, path
    assert "&lt;script&gt;" in small_client.get("/data/people").text
