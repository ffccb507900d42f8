"""What is kept of a store: true to its version, made once, bounded, and gone with the store."""

import ast
import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph import cache
from graph.cache import Followed, per_version
from graph.errors import StoreError
from graph.settings import Settings
from graph.store import Store, open_store
from graph.touched import Touched
from tests.conftest import ROOT

FOLDERS = ("graph", "queries", "layouts", "loaders", "planning", "webapp", "tools")


def put(store: Store, id_: str) -> None:
    store.write("CREATE (:Unit {id: $id, name: $id})", [("Unit", "", id_)], id=id_)


def units(store: Store) -> list[str]:
    return [row["id"] for row in store.read("MATCH (u:Unit) RETURN u.id AS id ORDER BY id")]


def counted(size: int) -> tuple[Callable[[Store, str], list[str]], list[str]]:
    """Return a kept function that lists the units, and the arguments that it really ran for."""
    ran: list[str] = []

    @per_version(size)
    def listed(store: Store, argument: str) -> list[str]:
        ran.append(argument)
        return units(store)

    return listed, ran


def at_once(work: Callable[[], object], count: int = 8) -> list[object]:
    with ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(work) for _ in range(count)]]


def test_a_value_is_made_anew_after_a_write_and_not_before(store: Store):
    listed, ran = counted(4)
    put(store, "a")
    assert listed(store, "x") is listed(store, "x")
    assert listed(store, "y") == ["a"]
    assert ran == ["x", "y"]
    put(store, "b")
    assert listed(store, "x") == ["a", "b"]
    assert ran == ["x", "y", "x"]


def test_the_values_asked_for_last_are_kept(embedded_store: Store):
    listed, ran = counted(2)
    for argument in ("x", "y", "x", "z", "x", "y"):
        listed(embedded_store, argument)
    assert ran == ["x", "y", "z", "y"]  # z took the place of y, which nobody had asked for again


def test_threads_that_ask_at_once_wait_for_one_computation(embedded_store: Store):
    all_there = threading.Barrier(8)
    made: list[int] = []

    @per_version(1)
    def slow(store: Store) -> object:
        made.append(1)
        while len(asked) < 8:  # it ends when everybody has come
            pass
        return object()

    asked: list[int] = []

    def ask() -> object:
        all_there.wait()
        asked.append(1)
        return slow(embedded_store)

    values = at_once(ask)
    assert len(made) == 1
    assert all(each is values[0] for each in values)


def test_an_error_is_told_and_not_kept(embedded_store: Store):
    is_gone = [True]

    @per_version(1)
    def broken(store: Store) -> str:
        if is_gone[0]:
            raise StoreError("gone")
        return "there"

    for _ in range(2):
        with pytest.raises(StoreError):
            broken(embedded_store)
    is_gone[0] = False
    assert broken(embedded_store) == "there"


def test_what_is_kept_goes_when_the_store_is_closed(tmp_path: Path):
    class Value:
        pass

    @per_version(1)
    def kept(store: Store) -> Value:
        return Value()

    followed = Followed[Value](lambda store, value, touched: value)
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'graph.kgl'}")) as store:
        values = [
            weakref.ref(kept(store)),
            weakref.ref(followed.made(store, lambda _: Value(), lambda _: True)),
        ]
        gc.collect()
        assert all(each() is not None for each in values)
    gc.collect()
    assert all(each() is None for each in values)


def test_no_store_is_held_by_what_is_kept_of_it(tmp_path: Path):
    listed, _ = counted(1)
    store = open_store(Settings(store_url=f"embedded:{tmp_path / 'graph.kgl'}"))
    listed(store, "x")
    there = weakref.ref(store)
    store.close()
    del store
    gc.collect()
    assert there() is None


# --- what is mended


def names(store: Store, value: frozenset[str], touched: Touched) -> frozenset[str] | None:
    """Add the units that were written; not those whose id begins with `x`."""
    ids = touched.ids("Unit")
    return None if any(id_.startswith("x") for id_ in ids) else value | ids


def test_a_followed_value_is_mended_and_made_anew_where_it_cannot_be(store: Store):
    followed = Followed(names)
    made: list[object] = []

    def make(before: frozenset[str] | None) -> frozenset[str]:
        made.append(before)
        return frozenset(units(store))

    def ask() -> frozenset[str]:
        return followed.made(store, make, lambda _: True)

    assert followed.now(store) is None
    put(store, "a")
    first = ask()
    assert first == {"a"}
    assert ask() is first
    put(store, "b")
    assert followed.now(store) == frozenset({"a", "b"})
    assert made == [None]
    put(store, "x")
    assert followed.now(store) is None
    assert ask() == {"a", "b", "x"}
    assert made == [None, None]


def test_what_does_not_suit_is_made_anew_of_what_is_there(embedded_store: Store):
    followed = Followed[frozenset[str]](lambda store, value, touched: value)

    def ask(word: str) -> frozenset[str]:
        def make(before: frozenset[str] | None) -> frozenset[str]:
            return (before or frozenset()) | {word}

        return followed.made(embedded_store, make, lambda value: word in value)

    assert ask("a") == {"a"}
    put(embedded_store, "u")
    assert ask("b") == {"a", "b"}
    assert ask("a") == {"a", "b"}


def test_what_was_written_while_it_was_made_is_mended(embedded_store: Store):
    followed = Followed(names)

    def make(_: frozenset[str] | None) -> frozenset[str]:
        found = frozenset(units(embedded_store))
        put(embedded_store, "late")
        return found

    assert followed.made(embedded_store, make, lambda _: True) == frozenset()
    assert followed.now(embedded_store) == frozenset({"late"})


def test_in_the_background_one_thread_makes_it(embedded_store: Store):
    followed = Followed(names)
    go, made = threading.Event(), []

    def make(_: frozenset[str] | None) -> frozenset[str]:
        made.append(1)
        assert go.wait(60)
        return frozenset({"all"})

    for _ in range(5):
        followed.begin(embedded_store, make)
        assert followed.now(embedded_store) is None
    go.set()
    followed.wait(embedded_store)
    assert made == [1]
    assert followed.now(embedded_store) == frozenset({"all"})


# --- nobody keeps data otherwise


def faults(path: str, text: str) -> list[str]:
    """List what a source text keeps in a way of its own."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id.startswith("Weak"):
            found.append(f"{path}:{node.lineno} {node.id}")
        if isinstance(node, ast.FunctionDef) and any(map(_is_memo, node.decorator_list)):
            taken = [ast.unparse(each.annotation or ast.Name("Any")) for each in node.args.args]
            if any(word in each for each in taken for word in ("Store", "Reader", "Any")):
                found.append(f"{path}:{node.lineno} {node.name}")
    return found


def _is_memo(decorator: ast.expr) -> bool:
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(name).rpartition(".")[2] in ("lru_cache", "cache")


def test_data_is_kept_in_one_way():
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    own = ROOT / cache.__name__.replace(".", "/")
    found = [
        fault
        for file in files
        if file != own.with_suffix(".py")
        for fault in faults(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@lru_cache(maxsize=2)\ndef f(store: Store, version: str): ...", ["m:2 f"]),
        ("@functools.cache\ndef f(of: Reader): ...", ["m:2 f"]),
        ("@cache\ndef f(of): ...", ["m:2 f"]),
        ("@lru_cache\ndef f(text: str) -> str: ...", []),
        ("kept: WeakKeyDictionary[Store, int]", ["m:1 WeakKeyDictionary"]),
        ("there = ref(store)", []),
    ],
)
def test_another_way_is_told(text: str, expected: list[str]):
    assert faults("m", text) == expected
