"""A template draws a value that is ready: while it does, nothing may be asked of the store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, before_render_template, template_rendered
from flask.testing import FlaskClient

from graph.settings import Settings
from graph.store import Row, Store, open_store
from loaders.load import load
from planning import kept_plans, planner
from planning.planner import PlanRequest
from tests.conftest import application
from tests.webapp.pages import EXAMPLES
from webapp.planning.found import context

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    *EXAMPLES,
    "/plans/plan-1",
    "/plans/plan-1/people/T004",
    "/plans/plan-1/poster",
    "/plans/plan-1/sheet",
)


@Store.register
class Watched:
    """A store that is asked nothing while a template draws."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.drawing: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.store, name)
        if self.drawing and name != "engine":
            raise AssertionError(f"{self.drawing[-1]} asks the store ({name}) while it is drawn")
        return found

    def read(self, cypher: str, **values: Any) -> list[Row]:
        if self.drawing:
            raise AssertionError(f"{self.drawing[-1]} asks while it is drawn: {cypher}")
        return self.store.read(cypher, **values)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Watched]]:
    folder = tmp_path_factory.mktemp("drawing")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, ROOT / "examples" / "shifeng")
        app = application(store, folder)
        with app.app_context():
            made = planner.make(context(), PlanRequest("2024-07-01", 2, seconds=10))
            kept_plans.keep(store, made, "第一稿")
        seen = Watched(store)
        app.extensions["store"]._store = seen
        with (
            before_render_template.connected_to(
                lambda _app, template, **_: seen.drawing.append(template.name), app
            ),
            template_rendered.connected_to(lambda _app, **_: seen.drawing.pop(), app),
        ):
            yield app, seen


@pytest.fixture
def client(watched: tuple[Flask, Watched]) -> FlaskClient:
    app, seen = watched
    seen.drawing.clear()
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_drawn_from_what_is_ready(client: FlaskClient, path: str):
    assert client.get(f"{path}{'&' if '?' in path else '?'}lang=en").status_code in (200, 302, 404)


def test_a_template_that_asks_is_found(watched: tuple[Flask, Watched]):
    app, seen = watched
    seen.drawing[:] = ["x.html"]
    with pytest.raises(AssertionError, match=r"x\.html asks"):
        app.extensions["store"].get().read("RETURN 1 AS n")
    seen.drawing.clear()
