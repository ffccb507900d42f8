"""Load and questions, on both engines, beside the raw engine and NetworkX in memory.

The raw engine is what a person would write without us: the rows of the CSV files in
`UNWIND ... MERGE` of 10,000, and the bare Cypher. Each load runs in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import kglite
import neo4j
import networkx as nx

from bench import lineage_data
from bench.report import as_table, in_own_process, machine, median, p95, peak_mb, publish, timed_ms
from examples.words import GIVEN, SURNAMES
from graph.settings import from_environment
from graph.store import Store, open_store
from loaders.load import load
from queries.catalogue import ask
from tools.neo4j import Neo4jServer

PEOPLE = TIES = 100_000
ROUNDS = 3  # of each load; the median counts
ASKED = 200  # people that each question is asked about
BATCH = 10_000

RAW = {
    "people.search": """
MATCH (p:Person) WHERE p.name STARTS WITH $text
RETURN p.id AS id, p.name AS name ORDER BY name, id LIMIT 20""",
    "lineage.around": """
MATCH (a:Person {id: $person})-[:MENTORS]-(b:Person)
RETURN DISTINCT b.id AS person, b.name AS name ORDER BY person LIMIT 200""",
    "lineage.up": """
MATCH path = (a:Person {id: $person})<-[:MENTORS*1..100]-(b:Person)
RETURN b.id AS person, min(length(path)) AS generation ORDER BY generation, person""",
    "lineage.down": """
MATCH path = (a:Person {id: $person})-[:MENTORS*1..100]->(b:Person)
RETURN b.id AS person, min(length(path)) AS generation ORDER BY generation, person""",
    "lineage.between": """
MATCH path = shortestPath((a:Person {id: $a})-[:MENTORS*..100]-(b:Person {id: $b}))
RETURN [n IN nodes(path) | n.id] AS people""",
}
RAW_SCHEMA = (
    "CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE",
    "CREATE RANGE INDEX person_name IF NOT EXISTS FOR (n:Person) ON (n.name)",
)
RAW_PEOPLE = "UNWIND $rows AS row MERGE (n:Person {id: row.id}) SET n += row"
RAW_TIES = """
UNWIND $rows AS row
MATCH (a:Person {id: row.mentor})
MATCH (b:Person {id: row.trainee})
MERGE (a)-[e:MENTORS {kind: row.kind, since: row.since}]->(b)"""


def main() -> None:
    """Measure load and questions on both engines and renew the tables."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        lineage_data.write(folder, PEOPLE, TIES)
        loads, questions = [], []
        for engine, environments in _engines(Path(scratch)):
            loads += _measure_loads(engine, environments, folder)
            questions += _measure_questions(engine, environments["ours"], folder)
        networkx = in_own_process("bench.graph", "load", "networkx", str(folder))
        rows = PEOPLE + TIES
        loads.append(
            ["NetworkX in memory", "", networkx["s"], rows / networkx["s"], networkx["mb"], ""]
        )
    publish(
        "graph",
        "\n".join(
            [
                "## Load and questions",
                "",
                f"{PEOPLE:,} people and {TIES:,} ties; {machine()}, with {os.getloadavg()[2]:.1f} "
                f"processes wanting them on average; medians of {ROUNDS} loads in turn.",
                "",
                as_table(["engine", "how", "seconds", "rows/s", "peak MB", "ratio to raw"], loads),
                "",
                f"The same {ASKED} people asked about; milliseconds, median (95th percentile). "
                "HTTP is `/api/queries/NAME` on one kept-alive connection.",
                "",
                as_table(
                    [
                        "question",
                        "engine",
                        "raw",
                        "ours",
                        "HTTP",
                        "NetworkX",
                        "HTTP <= 2 x raw + 5",
                    ],
                    questions,
                ),
            ]
        ),
    )


def _engines(scratch: Path) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Yield each engine, the environment of an empty store for us and one for the raw engine."""
    chosen = os.environ.get("BENCH_ENGINES", "embedded,Neo4j").split(",")
    if "embedded" in chosen:
        yield (
            "embedded",
            {
                "ours": {"STORE_URL": f"embedded:{scratch}/ours.kgl"},
                "raw": {"STORE_URL": f"embedded:{scratch}/raw.kgl"},
            },
        )
    if "Neo4j" not in chosen:
        return
    environments = {}
    servers = [Neo4jServer(scratch / f"neo4j-{name}") for name in ("ours", "raw")]
    for name, server in zip(("ours", "raw"), servers, strict=True):
        server.start()
        environments[name] = {
            "STORE_URL": server.url,
            "NEO4J_USERNAME": server.username,
            "NEO4J_PASSWORD": server.password,
        }
    try:
        yield "Neo4j", environments
    finally:
        for server in servers:
            server.stop()


# --- load


def _measure_loads(
    engine: str, environments: dict[str, dict[str, str]], folder: Path
) -> list[list[Any]]:
    done: dict[str, list[dict[str, float]]] = {"raw": [], "ours": []}
    for number in range(ROUNDS):  # in turn, so that what else the machine does strikes both
        for how, times in done.items():
            _empty(environments[how])
            times.append(
                in_own_process(
                    "bench.graph", "load", how, str(folder), environment=environments[how]
                )
            )
            print(engine, how, number + 1, f"{times[-1]['s']:.1f} s", flush=True)
    raw, ours = (
        {"s": median([each["s"] for each in times]), "mb": max(each["mb"] for each in times)}
        for times in (done["raw"], done["ours"])
    )
    rows = PEOPLE + TIES
    return [
        [engine, "raw UNWIND ... MERGE", raw["s"], rows / raw["s"], raw["mb"], ""],
        [
            engine,
            "flask load (checked, searchable)",
            ours["s"],
            rows / ours["s"],
            ours["mb"],
            ours["s"] / raw["s"],
        ],
    ]


def _empty(environment: dict[str, str]) -> None:
    """Take away what the round before stored."""
    url = environment["STORE_URL"]
    if url.startswith("embedded:"):
        path = Path(url.removeprefix("embedded:"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return
    auth = (environment["NEO4J_USERNAME"], environment["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(url, auth=auth) as driver, driver.session() as session:
        session.run(
            "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
        ).consume()


def load_ours(folder: Path) -> None:
    """Load as `flask load` does: checked, with pinyin, indexes and search text."""
    with open_store(from_environment()) as store:
        load(store, folder)


def load_raw(folder: Path) -> None:
    """Load as a short script of a user would."""
    with _raw_engine() as run:
        for statement in RAW_SCHEMA:
            run(statement, {})
        for name, statement in (("people", RAW_PEOPLE), ("mentoring", RAW_TIES)):
            for rows in _batches(folder / f"{name}.csv"):
                run(statement, {"rows": rows})


def load_networkx(folder: Path) -> nx.MultiDiGraph:
    """Read the files into a graph in memory."""
    graph = nx.MultiDiGraph()
    for rows in _batches(folder / "people.csv"):
        graph.add_nodes_from((row["id"], row) for row in rows)
    for rows in _batches(folder / "mentoring.csv"):
        graph.add_edges_from((row["mentor"], row["trainee"], row) for row in rows)
    return graph


def _batches(path: Path) -> Iterator[list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, str]] = []
        for row in csv.DictReader(file):
            rows.append(row)
            if len(rows) == BATCH:
                yield rows
                rows = []
        if rows:
            yield rows


@contextmanager
def _raw_engine() -> Iterator[Callable[[str, dict[str, Any]], list[Any]]]:
    """Open the engine of STORE_URL with its own library and give the call that runs Cypher."""
    settings = from_environment()
    if settings.is_embedded:
        kglite.set_query_warning_policy("silent")
        session = kglite.open_session(settings.embedded_path, durable="normal")

        def run(statement: str, parameters: dict[str, Any]) -> list[Any]:
            result = session.execute(statement, params=parameters)
            return [] if result is None else list(result.to_list())

        yield run
        session.close()
    else:
        driver = neo4j.GraphDatabase.driver(
            settings.store_url, auth=(settings.neo4j_username, settings.neo4j_password)
        )

        def run_bolt(statement: str, parameters: dict[str, Any]) -> list[Any]:
            return list(driver.execute_query(statement, parameters).records)

        yield run_bolt
        driver.close()


# --- questions


def _measure_questions(engine: str, environment: dict[str, str], folder: Path) -> list[list[Any]]:
    measured = {
        "raw": in_own_process("bench.graph", "ask", "raw", environment=environment),
        "ours": in_own_process("bench.graph", "ask", "ours", environment=environment),
        "http": _ask_http(environment),
        "networkx": in_own_process("bench.graph", "ask", "networkx", str(folder)),
    }
    rows: list[list[Any]] = []
    for name in RAW:
        raw, ours, http_times, memory = (measured[how][name] for how in measured)
        fits = "yes" if median(http_times) <= 2 * median(raw) + 5 else "no"
        shown = [
            f"{median(times):.2f} ({p95(times):.2f})" for times in (raw, ours, http_times, memory)
        ]
        rows.append([f"`{name}`", engine, *shown, fits])
    return rows


def _cases() -> dict[str, list[dict[str, str]]]:
    """Choose what is asked, the same for everybody."""
    chance = random.Random(lineage_data.SEED)
    people = [f"P{chance.randrange(PEOPLE)}" for _ in range(ASKED)]
    others = [f"P{chance.randrange(PEOPLE)}" for _ in range(ASKED)]
    surnames = [chance.choice(SURNAMES) for _ in range(ASKED)]
    given = [chance.choice(GIVEN) for _ in range(ASKED)]
    asked = [{"person": person} for person in people]
    return {
        "people.search": [{"text": a + b} for a, b in zip(surnames, given, strict=True)],
        "lineage.around": asked,
        "lineage.up": asked,
        "lineage.down": asked,
        "lineage.between": [
            {"a": a, "b": b} for a, b in zip(people, others, strict=True) if a != b
        ],
    }


def _ask(store: Store, name: str, case: dict[str, str]) -> None:
    ask(store, name, **case)


def ask_ours() -> dict[str, list[float]]:
    """Ask through the catalogue."""
    with open_store(from_environment()) as store:
        return {
            name: timed_ms(partial(_ask, store, name), _warm(cases))[5:]
            for name, cases in _cases().items()
        }


def ask_raw() -> dict[str, list[float]]:
    """Ask the engine's own library."""
    with _raw_engine() as run:
        return {
            name: timed_ms(partial(run, RAW[name]), _warm(cases))[5:]
            for name, cases in _cases().items()
        }


def ask_networkx(folder: Path) -> dict[str, list[float]]:
    """Ask a graph in memory."""
    graph = load_networkx(folder)
    both = graph.to_undirected(as_view=True)
    names = nx.get_node_attributes(graph, "name")

    def between(case: dict[str, str]) -> list[str]:
        try:
            return list(nx.shortest_path(both, case["a"], case["b"]))
        except nx.NetworkXNoPath:
            return []

    work: dict[str, Callable[[dict[str, str]], Any]] = {
        "people.search": lambda case: sorted(
            (name, id_) for id_, name in names.items() if name.startswith(case["text"])
        )[:20],
        "lineage.around": lambda case: set(nx.all_neighbors(graph, case["person"])),
        "lineage.up": lambda case: nx.single_source_shortest_path_length(
            graph.reverse(copy=False), case["person"]
        ),
        "lineage.down": lambda case: nx.single_source_shortest_path_length(graph, case["person"]),
        "lineage.between": between,
    }
    return {name: timed_ms(work[name], cases) for name, cases in _cases().items()}


def _ask_http(environment: dict[str, str]) -> dict[str, list[float]]:
    """Ask a server that runs as `flask serve` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", str(port)],
        env={**os.environ, **environment, "SECRET_KEY": secrets.token_hex()},
        stdout=subprocess.DEVNULL,
    )
    try:
        connection = _connected(port)

        def get(path: str) -> bytes:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
            return body

        return {
            name: timed_ms(
                get, [f"/api/queries/{quote(name)}?{urlencode(case)}" for case in _warm(cases)]
            )[5:]
            for name, cases in _cases().items()
        }
    finally:
        server.terminate()
        server.wait(30)


def _connected(port: int) -> http.client.HTTPConnection:
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return connection
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _warm(cases: list[dict[str, str]]) -> list[dict[str, str]]:
    """Put five cases before the measured ones, so that plans and caches are there."""
    return cases[:5] + cases


def _in_process() -> None:
    """Do one part in this process; the last line is its JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("load", "ask"))
    parser.add_argument("how", choices=("ours", "raw", "networkx"))
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.part == "ask":
        print(
            json.dumps(
                ask_networkx(given.folder)
                if given.how == "networkx"
                else {"ours": ask_ours, "raw": ask_raw}[given.how]()
            )
        )
        return
    work = {"ours": load_ours, "raw": load_raw, "networkx": load_networkx}[given.how]
    began = time.perf_counter()
    work(given.folder)
    print(json.dumps({"s": time.perf_counter() - began, "mb": peak_mb()}))


if __name__ == "__main__":
    _in_process()
