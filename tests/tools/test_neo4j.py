"""The launcher: a server that answers, keeps its data and leaves nothing running."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from graph.errors import StoreError
from tests.waiting import until
from tools import neo4j
from tools.neo4j import NEO4J_VERSION, ROOT, Neo4jServer

pytestmark = pytest.mark.bolt


def ask(url: str, password: str, statement: str) -> list[list[Any]]:
    with GraphDatabase.driver(url, auth=("neo4j", password)) as driver:
        return [record.values() for record in driver.execute_query(statement).records]


def is_closed(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


def test_server_answers_with_its_version_and_password(neo4j_url: Neo4jServer):
    statement = "CALL dbms.components() YIELD versions, edition RETURN versions[0], edition"
    rows = ask(neo4j_url.url, neo4j_url.password, statement)
    assert rows == [[NEO4J_VERSION, "community"]]


def test_first_password_no_longer_works(neo4j_url: Neo4jServer):
    with pytest.raises(AuthError):
        ask(neo4j_url.url, "neo4j", "RETURN 1 AS one")


def test_server_listens_on_this_machine_only(neo4j_url: Neo4jServer):
    settings = dict(
        ask(
            neo4j_url.url,
            neo4j_url.password,
            "SHOW SETTINGS YIELD name, value WHERE name STARTS WITH 'server.' RETURN name, value",
        )
    )
    assert settings["server.bolt.listen_address"] == f"127.0.0.1:{neo4j_url.port}"
    assert settings["server.http.enabled"] == "false"
    assert settings["server.https.enabled"] == "false"


def test_taken_port_is_an_error_that_names_it(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StoreError, match=f"127.0.0.1:{port}: another program") as caught:
            Neo4jServer(tmp_path, port).start()
    assert "--port" in str(caught.value)


def test_home_in_use_is_an_error_with_the_log(neo4j_url: Neo4jServer):
    with pytest.raises(StoreError) as caught:
        Neo4jServer(neo4j_url.home, password=neo4j_url.password).start()
    assert str(neo4j_url.home) in str(caught.value)
    assert "Lock file has been locked by another process" in str(caught.value)


@contextmanager
def launched(home: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command of `make neo4j` and give its process and the settings it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.neo4j", "--home", str(home), "--port", "0"],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "NEO4J_PASSWORD"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        yield process, dict(re.findall(r"^export (\w+)=(.+)$", "".join(lines), re.MULTILINE))


@pytest.mark.slow
def test_command_keeps_data_and_password_and_stops_its_server(tmp_path):
    with launched(tmp_path) as (process, first):
        ask(first["STORE_URL"], first["NEO4J_PASSWORD"], "CREATE (:Person {id: 'p1'})")
        process.kill()
    until(lambda: is_closed(first["STORE_URL"]))

    with launched(tmp_path) as (process, second):
        assert second["NEO4J_USERNAME"] == "neo4j"
        assert second["NEO4J_PASSWORD"] == first["NEO4J_PASSWORD"]
        statement = "MATCH (p:Person) RETURN p.id AS id"
        assert ask(second["STORE_URL"], second["NEO4J_PASSWORD"], statement) == [["p1"]]
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert is_closed(second["STORE_URL"])
    assert "Stopped." in (tmp_path / "logs" / "neo4j.log").read_text()


def test_other_password_for_the_same_home_is_an_error(neo4j_url: Neo4jServer):
    stranger = Neo4jServer(neo4j_url.home, neo4j_url.port, "not-the-first-one")
    with pytest.raises(StoreError, match="another password"):
        stranger._sign_in()


def test_download_that_fails_is_tried_again_then_says_what_to_do(monkeypatch):
    monkeypatch.setattr(neo4j, "DOWNLOAD_PAUSE_S", 0)
    calls = []

    def unreachable():
        calls.append(1)
        raise OSError("no route to host")

    with pytest.raises(StoreError, match="no route to host") as caught:
        neo4j._with_retries(unreachable)
    assert len(calls) == neo4j.DOWNLOAD_ATTEMPTS
    assert "run the same command again" in str(caught.value)
