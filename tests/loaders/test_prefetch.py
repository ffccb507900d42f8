"""Items made ahead by a copy of the process are the ones it would make itself."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loaders.checking.prefetch import prefetch
from loaders.load import check
from loaders.readers import Unreadable
from tests.waiting import until


def plain(count: int) -> Iterator[Any]:
    for number in range(count):
        yield number, [["甲", None, "x" * 5000]], [("2017-09", "b"), [1, None]]


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 500])
def test_items_come_in_their_order(count: int):
    assert list(prefetch(plain(count), 5)) == list(plain(count))


def test_items_are_made_by_a_copy_of_the_process():
    def makers() -> Iterator[int]:
        while True:
            yield os.getpid()

    items = prefetch(makers(), 2)
    found = [next(items) for _ in range(5)]
    assert found[:2] == [os.getpid()] * 2
    assert os.getpid() not in found[2:]


def test_items_of_any_kind_come_as_they_are():
    assert list(prefetch(iter([1, 2, Path("a"), {"b": Path("c")}]), 1))[2:] == [
        Path("a"),
        {"b": Path("c")},
    ]


@pytest.mark.parametrize("after", [1, 3, 40])
def test_exception_is_raised_in_its_place(after: int):
    def failing() -> Iterator[int]:
        yield from range(after)
        raise Unreadable("bad-quotes", 17, longest=9)

    items = prefetch(failing(), 3)
    assert [next(items) for _ in range(after)] == list(range(after))
    with pytest.raises(Unreadable) as told:
        next(items)
    assert (told.value.code, told.value.row, told.value.details) == (
        "bad-quotes",
        17,
        {"longest": 9},
    )


def test_who_stops_asking_leaves_no_process(tmp_path: Path):
    def noted() -> Iterator[int]:
        for number in range(10**9):
            (tmp_path / "pid").write_text(str(os.getpid()))
            yield number

    items = prefetch(noted(), 1)
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    del items
    copy = int((tmp_path / "pid").read_text())
    assert copy != os.getpid()
    until(lambda: not Path(f"/proc/{copy}").exists())


def test_copy_that_is_killed_is_no_end_of_the_items():
    def killed() -> Iterator[int]:
        yield from range(10)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ChildProcessError):
        list(prefetch(killed(), 5))


def test_long_file_is_judged_as_a_short_one(tmp_path: Path):
    count = 65_000
    lines = ["id,name,roles,joined_on", *(f"T{n},名{n},trainee,2017-09" for n in range(count))]
    lines[50_010] = "T50009,名,trainee,2017-13"
    lines[60_000] = "T7,名,trainee,2017"
    lines[64_000] = ""
    (tmp_path / "people.csv").write_text("\n".join([*lines, 'T,"open']), encoding="utf-8")
    problems = check(tmp_path)
    assert [(each.code, each.row) for each in problems] == [
        ("bad-date", 50_011),
        ("duplicate-id", 60_001),
        ("bad-quotes", count + 2),
    ]


def test_tables_after_a_broken_one_are_read(tmp_path: Path):
    (tmp_path / "units.csv").write_text('id,name\nu1,"open', encoding="utf-8")
    (tmp_path / "posts.csv").write_text("id,title\np1,x\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,name\n,x\n", encoding="utf-8")
    assert [each.code for each in check(tmp_path)] == ["bad-quotes", "missing-column", "missing-id"]
