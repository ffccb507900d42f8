"""Every error is one page and one JSON shape; a bug shows a reference, never a traceback."""

import logging

import pytest

from graph.errors import AppError, Conflict, InputError, NotFound, StoreError
from graph.settings import Settings
from webapp import create_app

FIELDS = {"type", "title", "status", "detail", "hint"}


def test_unknown_page_offers_a_search(client):
    response = client.get("/nothing-here?lang=en")
    assert response.status_code == 404
    assert "There is no page at /nothing-here." in response.text
    assert 'action="/search"' in response.text.split("<main", 1)[1]


def test_unknown_api_address_is_problem_details(client):
    response = client.get("/api/nothing-here")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert set(response.json) == FIELDS
    assert response.json["status"] == 404


def test_json_is_given_to_who_asks_for_it(client):
    response = client.get("/nothing-here", headers={"Accept": "application/json"})
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("The row is wrong.", "Mend it."), 400),
        (NotFound("There is no such person.", "Search."), 404),
        (Conflict("The id is taken.", "Use another."), 409),
        (StoreError("The engine is away.", "Start it."), 503),
    ],
)
def test_our_errors_keep_status_sentence_and_hint(app, error: AppError, status: int):
    @app.get("/api/fails")
    def fails():
        raise error

    @app.get("/fails")
    def fails_too():
        raise error

    answer = app.test_client().get("/api/fails")
    assert answer.status_code == status
    assert answer.json["detail"] == error.message
    assert answer.json["hint"] == error.hint
    page = app.test_client().get("/fails")
    assert page.status_code == status
    assert error.message in page.text
    assert error.hint in page.text


def test_bug_gives_a_reference_and_logs_the_traceback(app, caplog: pytest.LogCaptureFixture):
    @app.get("/bug")
    def bug():
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/bug")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    (record,) = [each for each in caplog.records if each.exc_info]
    assert record.getMessage().removeprefix("Reference ") in response.text


def test_store_that_is_away_is_503_with_a_page_that_still_stands(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    app = create_app(Settings(store_url=f"embedded:{tmp_path / 'file' / 'graph.kgl'}"))
    page = app.test_client().get("/?lang=en")
    assert page.status_code == 503
    assert "The store does not answer" in page.text
    assert "STORE_URL" in page.text
    health = app.test_client().get("/healthz")
    assert health.status_code == 503
    assert set(health.get_json()) == FIELDS


def test_text_of_an_error_cannot_become_markup(client):
    page = client.get("/<script>alert(1)</script>").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_headers_keep_every_page_to_itself(client):
    for path in ("/", "/nothing-here", "/static/parts.css"):
        headers = client.get(path, buffered=True).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/static/vendor/../requirements.txt",
        "/static/vendor/%2e%2e/requirements.txt",
        "/static/vendor/tabulator-tables/package.json",
        "/static/vendor/tabulator-tables/dist/js/../../package.json",
    ],
)
def test_only_listed_files_of_packages_are_served(client, path: str):
    assert client.get(path).status_code == 404


def test_listed_files_of_packages_are_served(client):
    response = client.get(
        "/static/vendor/tabulator-tables/dist/js/tabulator_esm.min.mjs", buffered=True
    )
    assert response.status_code == 200
    assert response.mimetype in ("text/javascript", "application/javascript")
