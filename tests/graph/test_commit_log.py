"""A log that was cut or exchanged: what was lost is told with its number, and the log is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.commit_log import _HEADER, _heads, held, log_of, note_of, noted
from graph.errors import StoreError
from graph.settings import Settings
from graph.store import Store, open_store

WRITES = 50


def opened(path: Path) -> Store:
    return open_store(Settings(store_url=f"embedded:{path}"))


def put(store: Store, first: int, count: int) -> None:
    for number in range(first, first + count):
        props = {"name": f"n{number}"}
        store.write("MERGE (n:Unit {id: $id}) SET n += $props", id=f"u{number}", props=props)


def stored(store: Store) -> int:
    (row,) = store.read("MATCH (n:Unit) RETURN count(n) AS n")
    return row["n"]


def copied(path: Path, to: Path) -> Path:
    """The files as a killed process leaves them."""
    to.mkdir()
    for file in (path, log_of(path), note_of(path)):
        shutil.copyfile(file, to / file.name)
    return to / path.name


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A store of 50 facts that are in the log only, each acknowledged."""
    path = tmp_path / "first" / "graph.kgl"
    with opened(path):
        pass
    with opened(path) as store:
        put(store, 0, WRITES)
        return copied(path, tmp_path / "killed")


def ends(path: Path) -> list[int]:
    with log_of(path).open("rb") as log:
        return [end for _, end in _heads(log, _HEADER)]


def edit(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    log = log_of(path)
    log.write_bytes(change(log.read_bytes()))
    return log.read_bytes()


def test_whole_log_has_lost_nothing(killed: Path):
    assert len(ends(killed)) == WRITES
    assert noted(killed) == held(killed)
    with opened(killed) as store:
        assert (stored(store), store.lost()) == (WRITES, None)
    assert not [*killed.parent.glob("*damaged*"), *killed.parent.glob("*.lost")]


@pytest.mark.parametrize(
    ("kept", "more", "lost"),
    [
        (49, 0, 1),
        (9, 0, 41),  # at the end of a frame the engine itself says nothing
        (9, 1, 41),
        (9, 12, 41),
        (49, -1, 2),
        (0, 0, 50),
        (0, -3, 50),
        (0, -5, 50),
    ],
)
def test_cut_log_tells_how_many_writes_are_missing(killed: Path, kept: int, more: int, lost: int):
    at = [_HEADER, *ends(killed)][kept] + more
    found = edit(killed, lambda log: log[:at])
    with opened(killed) as store:
        assert stored(store) == WRITES - lost
        told = store.lost()
        assert told.writes == lost
        assert [(killed.parent / log).read_bytes() for log in told.logs] == [found]
        put(store, 100, 1)
    with opened(killed) as store:  # nothing further is lost, and it is told until the note goes
        assert store.lost() == told
        (killed.parent / told.note).unlink()
        assert store.lost() is None


def test_changed_byte_in_the_last_frame_is_a_lost_write(killed: Path):
    edit(killed, lambda log: log[:-2] + bytes([log[-2] ^ 0xFF]) + log[-1:])
    with opened(killed) as store:
        assert (stored(store), store.lost().writes) == (WRITES - 1, 1)


def test_frame_missing_between_others_is_a_lost_write(killed: Path):
    at = ends(killed)
    edit(killed, lambda log: log[: at[20]] + log[at[21] :])
    for _ in range(2):
        with opened(killed) as store:
            assert (stored(store), store.lost().writes) == (WRITES - 1, 1)


def test_older_log_beside_a_newer_file_is_told(killed: Path, tmp_path: Path):
    old = log_of(killed).read_bytes()
    with opened(killed) as store:
        put(store, WRITES, 5)
        store.checkpoint()
        put(store, WRITES + 5, 3)
        path = copied(killed, tmp_path / "mixed")
    log_of(path).write_bytes(old)
    with opened(path) as store:
        assert (stored(store), store.lost().writes) == (WRITES + 5, 3)


def test_older_file_beside_a_newer_log_is_told(killed: Path, tmp_path: Path):
    old = killed.read_bytes()
    with opened(killed) as store:
        put(store, WRITES, 5)
        store.checkpoint()
        put(store, WRITES + 5, 3)
        path = copied(killed, tmp_path / "mixed")
    path.write_bytes(old)
    with opened(path) as store:
        assert (stored(store), store.lost().writes) == (3, WRITES + 5)


def test_bytes_of_a_write_that_never_returned_are_no_loss(killed: Path):
    edit(killed, lambda log: log + log[-30:-10])
    with opened(killed) as store:
        assert (stored(store), store.lost()) == (WRITES, None)


def test_second_loss_keeps_a_second_log_and_adds_up(killed: Path, tmp_path: Path):
    edit(killed, lambda log: log[: ends(killed)[-3]])
    with opened(killed) as store:
        put(store, 100, 4)
        path = copied(killed, tmp_path / "again")
        for file in killed.parent.glob("*damaged*"):
            shutil.copyfile(file, path.with_name(file.name))
        shutil.copyfile(killed.with_name("graph.kgl.lost"), path.with_name("graph.kgl.lost"))
    edit(path, lambda log: log[: ends(path)[0]])
    with opened(path) as store:
        told = store.lost()
        assert (told.writes, len(set(told.logs))) == (2 + 3, 2)
        assert all((path.parent / log).is_file() for log in told.logs)


def test_damage_that_is_refused_keeps_the_log_once(killed: Path):
    middle = ends(killed)[20] + 12
    found = edit(killed, lambda log: log[:middle] + b"\xff\xff" + log[middle + 2 :])
    with pytest.raises(StoreError, match="found damaged and put aside"):
        opened(killed)
    (kept,) = [file for file in killed.parent.iterdir() if file.read_bytes() == found]
    assert "quarantine" in kept.name
    kept.rename(kept.with_name("elsewhere"))  # as the error says
    with opened(killed) as store:
        assert (stored(store), store.lost().writes) == (21, 29)


def test_writes_of_a_store_without_a_number_begin_with_what_it_holds(killed: Path):
    """An earlier version wrote a note of one line."""
    note_of(killed).write_text("graph.kgl and graph.kgl-wal belong together.\n", encoding="utf-8")
    edit(killed, lambda log: log[: ends(killed)[-3]])
    with opened(killed) as store:
        assert store.lost() is None
    assert noted(killed) == held(killed)


def test_log_that_the_engine_begins_anew_is_followed(tmp_path: Path):
    """Past 16 MiB the engine moves its log into the file by itself."""
    path, text = tmp_path / "graph.kgl", "x" * 1_000_000
    with opened(path) as store:
        begun = 0
        for number in range(60):
            before = log_of(path).stat().st_size
            store.write("MERGE (n:Unit {id: $id}) SET n.name = $text", id=f"u{number}", text=text)
            begun += log_of(path).stat().st_size < before
            assert noted(path) == held(path)
            if begun and number > 40:
                break
        assert begun
        killed = copied(path, tmp_path / "killed")
    with opened(killed) as found:
        assert (stored(found), found.lost()) == (number + 1, None)
