"""Rules of the tests.

1. Both engines are real: the embedded one in a temporary folder, Neo4j as its own process.
2. The smallest data that shows the point; special cases are built inside their test.
3. Expected values are worked out by hand, never pasted from output.
4. Graphs are compared as sets of tuples, rows as whole lists.
5. No mocks. The network is this machine only.
6. A missing engine or browser is a failure, never a skip.
7. A name says what is expected: test_open_period_has_no_until.
8. A test fails when what it names is broken: break it once and look.
"""

import atexit
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import load
from tests.small_graph import fill
from tools.neo4j import SHORT_LIVED, Neo4jServer
from webapp import create_app

ROOT = Path(__file__).resolve().parent.parent
COMPILED = mkdtemp(prefix="templates-")  # compiled once a process, not once a test
atexit.register(shutil.rmtree, COMPILED, ignore_errors=True)


class RuleOfManyApplications(Rule):
    """A rule of an address whose two functions are compiled once a process, not once a test.

    To compile them takes 0.08 seconds an application, most of what it takes to make one.
    """

    def _compile_builder(self, append_unknown: bool = True):
        defaults = tuple((self.defaults or {}).items())
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


_BUILDERS: dict[tuple, Callable] = {}
Flask.url_rule_class = RuleOfManyApplications


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let processes share the tests: those on the one Neo4j to one, else file by file.

    xdist begins with the group of the most tests, which is Neo4j's chain; files fill up the rest.
    """
    for item in items:
        file = item.nodeid.partition("::")[0]
        shared = "neo4j" if item.get_closest_marker("bolt") else file
        item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """The run's one Neo4j (`url`, `username`, `password`), started by the first test that asks."""
    home = tmp_path_factory.mktemp("neo4j")
    with Neo4jServer(home, java_options=SHORT_LIVED) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_settings(neo4j_url: Neo4jServer) -> Settings:
    """The settings of a person whose graph is on the run's Neo4j."""
    return Settings(
        store_url=neo4j_url.url,
        neo4j_username=neo4j_url.username,
        neo4j_password=neo4j_url.password,
    )


@pytest.fixture(scope="session")
def opened_neo4j(neo4j_settings: Settings) -> Iterator[Store]:
    """The run's one connection to Neo4j; tests take `neo4j_store` or `store`, which are empty."""
    with open_store(neo4j_settings) as store:
        yield store


@pytest.fixture
def neo4j_store(opened_neo4j: Store) -> Store:
    """An empty graph on Neo4j."""
    opened_neo4j.write("MATCH (n) CALL (n) { DETACH DELETE n }")
    return opened_neo4j


@pytest.fixture
def embedded_store(tmp_path: Path) -> Iterator[Store]:
    """An empty graph in a file of its own."""
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'graph.kgl'}")) as store:
        yield store


@pytest.fixture(
    params=["embedded_store", pytest.param("neo4j_store", marks=pytest.mark.bolt)],
    ids=["embedded", "neo4j"],
)
def store(request: pytest.FixtureRequest) -> Store:
    """An empty graph, on each engine in turn."""
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def small_graph(store: Store) -> Store:
    """The district of `tests/small_graph.py`, on each engine in turn."""
    return fill(store)


@pytest.fixture
def app(embedded_store: Store, tmp_path: Path) -> Flask:
    """The application over an empty embedded graph; uploads go to a temporary folder."""
    return application(embedded_store, tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a cookie, as far as a test needs one."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line of the same application."""
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def district_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The reference district, for tests that only read."""
    folder = tmp_path_factory.mktemp("district")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, ROOT / "examples" / "shifeng")
        yield store


@pytest.fixture(scope="session")
def district_app(district_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application over the reference district, for tests that only read."""
    return application(district_store, tmp_path_factory.mktemp("uploads"))


@pytest.fixture
def district_client(district_app: Flask) -> FlaskClient:
    """A browser on the reference district."""
    return district_app.test_client()


def application(store: Store, folder: Path) -> Flask:
    """Make an application whose files go to a folder and whose forms need no token."""
    app = create_app(Settings(), store)
    app.config.update(
        UPLOAD_FOLDER=str(folder / "uploads"),
        WTF_CSRF_ENABLED=False,
    )
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(COMPILED)
    return app


@pytest.fixture(scope="module", params=["embedded", pytest.param("neo4j", marks=pytest.mark.bolt)])
def read_only_graph(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The same district, filled once a module and engine: for modules that only read it."""
    if request.param == "neo4j":
        opened: Store = request.getfixturevalue("opened_neo4j")
        opened.write("MATCH (n) CALL (n) { DETACH DELETE n }")
        yield fill(opened)
    else:
        path = tmp_path_factory.mktemp("read-only") / "graph.kgl"
        with open_store(Settings(store_url=f"embedded:{path}")) as store:
            yield fill(store)
