"""Real servers under many connections that are idle, slow, or kept and busy."""

import http.client
import json
import resource
import socket
import threading
from contextlib import ExitStack

import pytest

from tests.served import FLASK_SERVE, GUNICORN, served
from webapp import create_app
from webapp.serving import server as serving

IDLE, SLOW, SLOW_BODIES, KEPT, UNREAD = 200, 150, 50, 100, 12
BUSY = 100


@pytest.fixture(params=[FLASK_SERVE, GUNICORN], ids=["flask serve", "gunicorn"])
def server(request, tmp_path):
    """A server in a process that may open as few files as macOS allows at first."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    serving.connections()  # this process holds the other ends
    with served(
        request.param,
        env={"STORE_URL": f"embedded:{tmp_path / 'graph.kgl'}", "WEB_CONCURRENCY": "4"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, most)),
    ) as running:
        ask(running.port, "GET", "/healthz")
        yield running


def ask(port: int, method: str, path: str, body: object = None) -> dict:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status < 400, text
    return json.loads(text)


def store_people(port: int, name: str) -> None:
    """Load two people through the server and see them there."""
    people = [{"id": f"{name}{n}", "name": f"甲{n}", "roles": ["trainee"]} for n in range(2)]
    job = ask(port, "POST", "/api/load", {"people": people})
    while job["state"] == "running":
        job = ask(port, "GET", f"/api/jobs/{job['job']}")
    assert job["state"] == "done", job
    assert ask(port, "GET", f"/api/people/{name}1")


def test_five_hundred_connections_idle_and_slow_hold_nobody_up(server):
    with ExitStack() as opened:

        def connect(first: bytes = b"") -> socket.socket:
            link = socket.create_connection(("127.0.0.1", server.port), timeout=120)
            opened.enter_context(link)
            link.sendall(first)
            return link

        for _ in range(IDLE):
            connect()
        asked = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        slow = [connect(asked[:1]) for _ in range(SLOW)]
        head = b"POST /api/load HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
        for _ in range(SLOW_BODIES):
            connect(head + b"{")
        for _ in range(UNREAD):
            connect(b"GET /api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)
        kept = [connect(asked) for _ in range(KEPT)]
        for link in kept:
            assert link.recv(12) == b"HTTP/1.1 200"

        store_people(server.port, "a")
        for link in slow:
            link.sendall(asked[1:2])  # a byte now and then
        store_people(server.port, "b")
        for link in slow:
            link.sendall(asked[2:])
        for link in slow:
            assert link.recv(12) == b"HTTP/1.1 200"


def test_writers_come_through_beside_a_hundred_readers(server):
    enough = threading.Event()
    answers: list[int] = []

    def read_on() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        while not enough.is_set():
            connection.request("GET", "/api/people")
            answer = connection.getresponse()
            answer.read()
            answers.append(answer.status)
        connection.close()

    readers = [threading.Thread(target=read_on) for _ in range(BUSY)]
    for reader in readers:
        reader.start()
    try:
        store_people(server.port, "c")
    finally:
        enough.set()
        for reader in readers:
            reader.join()
    assert len(answers) >= BUSY
    assert set(answers) == {200}


def test_idle_connection_is_let_go(embedded_store):
    server = serving.create(create_app(store=embedded_store), 1, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = ("127.0.0.1", int(server.effective_port))
    with socket.create_connection(address, timeout=60) as idle:
        assert idle.recv(1) == b""
    with socket.create_connection(address, timeout=60) as after:
        after.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert after.recv(12) == b"HTTP/1.0 200"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(timeout=10)


def test_gunicorn_keeps_the_file_to_one_worker_and_says_so(tmp_path):
    with served(
        GUNICORN,
        env={"STORE_URL": f"embedded:{tmp_path / 'graph.kgl'}", "WEB_CONCURRENCY": "4"},
    ) as running:
        for n in range(8):
            store_people(running.port, f"p{n}-")
        assert sum("Booting worker" in line for line in running.said) == 1
        assert any("1 worker instead of 4" in line for line in running.said)
