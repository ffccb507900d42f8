"""Every route and form is asked what nobody would ask, and stays an application.

`make fuzz` sends 10,000 requests to each engine (FUZZ_REQUESTS says how many, FUZZ_SEED which).
"""

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import load
from tests.conftest import ROOT, application
from tests.webapp.fuzzing import Judge, requests
from tests.webapp.known_addresses import Known, learn
from webapp.shell.store import current_jobs

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "300"))
ROUND = 150
SEED = int(os.environ.get("FUZZ_SEED", "13"))
IDS = {
    "Person": "MATCH (n:Person) RETURN n.id AS id ORDER BY id",
    "Unit": "MATCH (n:Unit) RETURN n.id AS id ORDER BY id",
    "Post": "MATCH (n:Post) RETURN n.id AS id ORDER BY id",
    "Activity": "MATCH (n:Activity) RETURN n.id AS id ORDER BY id",
    "Record": "MATCH (n:Record) RETURN n.id AS id ORDER BY id",
    "edge": "MATCH ()-[e]->() WHERE e.id IS NOT NULL RETURN e.id AS id ORDER BY id",
}


@pytest.fixture(scope="module", params=["embedded", pytest.param("neo4j", marks=pytest.mark.bolt)])
def store(request, tmp_path_factory) -> Iterator[Store]:
    """The reference district, to be asked and written at will."""
    if request.param == "neo4j":
        opened = request.getfixturevalue("opened_neo4j")
        opened.write("MATCH (n) CALL (n) { DETACH DELETE n }")
        load(opened, ROOT / "examples" / "shifeng")
        yield opened
    else:
        path = tmp_path_factory.mktemp("fuzzed") / "graph.kgl"
        with open_store(Settings(store_url=f"embedded:{path}")) as opened:
            load(opened, ROOT / "examples" / "shifeng")
            yield opened


@pytest.fixture(scope="module")
def app(store, tmp_path_factory):
    return application(store, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def known(app, store: Store) -> Known:
    """What the application tells of itself, with a plan, a view and an upload to ask about."""
    most = 1 if REQUESTS < 1_000 else 3  # addresses of a route that are looked at
    return learn(app, ["/", *things_made(app)], {each: ids(store, each) for each in IDS}, most)


def ids(store: Store, label: str) -> list[str]:
    return [row["id"] for row in store.read(IDS[label])][:40]


def things_made(app) -> list[str]:
    client = app.test_client()
    asked = {"periods": 1, "seconds": 20, "scenario": {"people": ["T001", "T039"]}}
    run = client.post("/api/plans/runs", json=asked).json["id"]
    with app.app_context():
        current_jobs().wait(run, 60)
    kept = client.post(f"/api/plans/{run}/keep", json={"name": "一"}).json["id"]
    client.post("/network/views", data={"name": "v", "address": "person=T001"})
    people = (ROOT / "examples" / "shifeng" / "people.csv").read_bytes()
    guessed = client.post("/data/guess", data={"files": (BytesIO(people), "list.csv")}).location
    return [f"/plans/{kept}", f"/plans/{run}", f"/api/plans/{kept}", guessed, "/network/views"]


@pytest.mark.slow
def test_every_route_withstands_what_nobody_would_ask(app, store: Store, known: Known):
    judge = Judge(app, store)
    rounds = -(-REQUESTS // ROUND)
    for at in range(rounds):  # what a round learned of names is asked for in the next one
        send(judge, known.copy(), SEED + at, -(-REQUESTS // rounds))
        print(sum(judge.statuses.values()), dict(sorted(judge.statuses.items())), flush=True)
    assert list(judge.failures) == []  # each was printed with its request


def send(judge: Judge, known: Known, number: int, count: int) -> None:
    """Draw and send so many requests."""

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(known))
    def one(asked):
        judge.judge(asked)

    one()
