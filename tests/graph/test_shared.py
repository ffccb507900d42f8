"""The graph of a running server, used by another process: same answers, same errors, one owner."""

import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from graph.errors import InputError, StoreError, StoreHeld
from graph.settings import Settings
from graph.shared import SharedStore, find, serve
from graph.store import open_store

ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import sys
from graph.settings import Settings
from graph.shared import serve
from graph.store import open_store
with open_store(Settings(store_url="embedded:" + sys.argv[1])) as store:
    with serve(store, sys.argv[1]):
        print("ready", flush=True)
        sys.stdin.read()
"""


@contextmanager
def lock_owner(path: Path):
    """Another process that holds a graph and serves it."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.kgl"


def opened(path: Path):
    return open_store(Settings(store_url=f"embedded:{path}"))


def names(store) -> list[str]:
    rows = store.read("MATCH (p:Person) RETURN p.name AS name ORDER BY name")
    return [row["name"] for row in rows]


def add(store, id_: str):
    run = store.run if hasattr(store, "run") else store.write
    return run("CREATE (p:Person {id: $id, name: $id})", id=id_)


def test_another_process_reads_and_writes_through_the_lock_owner(path: Path):
    with lock_owner(path), opened(path) as store:
        assert isinstance(store, SharedStore)
        add(store, "王伟")
        before = store.version()
        with opened(path) as other:
            add(other, "b")
            assert names(store) == ["b", "王伟"]
        assert store.version() != before
        store.checkpoint()
    with opened(path) as store:
        assert names(store) == ["b", "王伟"]


def test_transaction_is_committed_or_rolled_back_as_a_whole(path: Path):
    with lock_owner(path), opened(path) as store:
        with store.transaction() as transaction:
            add(transaction, "a")
            assert names(store) == []
        with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
            add(transaction, "b")
            raise ZeroDivisionError
        assert names(store) == ["a"]


def test_client_that_dies_in_a_transaction_has_it_rolled_back(path: Path):
    dying = (
        "import os, sys\nfrom graph.settings import Settings\n"
        "from graph.store import open_store\n"
        "store = open_store(Settings(store_url='embedded:' + sys.argv[1]))\n"
        "with store.transaction() as transaction:\n"
        "    transaction.run('CREATE (p:Person {id: 1, name: 1})')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    with lock_owner(path), opened(path) as store:
        ended = subprocess.run([sys.executable, "-c", dying, str(path)], cwd=ROOT)
        assert ended.returncode == -signal.SIGKILL
        add(store, "after")  # waits until the writer's lock is free again
        assert names(store) == ["after"]


def test_errors_are_those_of_the_engine(path: Path):
    with lock_owner(path), opened(path) as store:
        with pytest.raises(InputError, match="would write"):
            store.read("CREATE (p:Person {id: 'x'})")
        with pytest.raises(InputError, match="refused"):
            store.read("MATCH (p RETURN p")
        assert names(store) == []


def test_end_of_the_holder_is_told(path: Path):
    with lock_owner(path) as process, opened(path) as store:
        process.kill()
        process.wait()
        with pytest.raises(StoreError, match="has ended"):
            names(store)


def test_note_is_for_its_owner_only_and_goes_with_the_holder(path: Path):
    note = path.with_name("graph.kgl.server")
    with opened(path) as store:
        with serve(store, path):
            assert stat.S_IMODE(note.stat().st_mode) == 0o600
            assert json.loads(note.read_text())["pid"] == os.getpid()
        assert not note.exists()


def test_wrong_token_is_turned_away_and_the_file_is_held(path: Path):
    with lock_owner(path):
        note = path.with_name("graph.kgl.server")
        said = json.loads(note.read_text())
        note.write_text(json.dumps({**said, "token": "0" * 64}))
        assert find(path) is None
        with pytest.raises(StoreHeld, match="is held by process"):
            opened(path)
        note.write_text(json.dumps(said))
        with opened(path) as store:
            assert names(store) == []


@pytest.mark.parametrize("text", ["", "{}", '{"port": 1, "token": "x"}', "[]", '{"port": "x"}'])
def test_note_of_a_killed_server_is_passed_over(path: Path, text: str):
    path.with_name("graph.kgl.server").write_text(text)
    assert find(path) is None


def test_who_holds_without_serving_is_named(path: Path):
    with opened(path), pytest.raises(StoreHeld, match=str(os.getpid())):
        opened(path)


def test_lender_ends_while_a_client_is_in_a_transaction(path: Path):
    with opened(path) as store:
        with ExitStack() as serving:
            serving.enter_context(serve(store, path))
            client = find(path)
            assert client
            with pytest.raises(StoreError, match="has ended"), client.transaction() as transaction:
                add(transaction, "a")
                serving.close()
                add(transaction, "late")
        add(store, "b")  # the writer's lock is free
        assert names(store) == ["b"]
