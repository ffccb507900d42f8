"""Whatever stands in a file, reading it gives problems, and never an error of ours.

`MANGLED=10000 pytest tests/loaders/test_sources_any_file.py` tries so many files.
"""

import gzip
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.guess import guess
from loaders.load import check, load
from loaders.problems import KINDS
from loaders.sources import sources

MANGLED = int(os.environ.get("MANGLED", "150"))
CASES = Path(__file__).parent.parent / "cases" / "sources"
ORIGINALS = sorted(
    (source, path)
    for source in (each["name"] for each in sources("en") if each["name"] != "native")
    for path in (CASES / source / "input").iterdir()
)
PIECES = [
    b"\x00", b"\xff\xfe", b'"', b"'", b"\n", b"\r", b",", b"\t", b"\xef\xbb\xbf", b"<", b"&#0;",
    b"]]>", b"{", b"[[[[", b"null", b"1e999", b"-1", b"*Vertices 99999999999\n", b"*Arcs\n",
    "　".encode(), "𠮷".encode(), "王".encode("gb18030"), "王".encode("big5"), b"9" * 400,
    b"2023-13-45", b"\x1f\x8b", b"PK\x03\x04", b"=1+1", b"\xed\xa0\x80",
]  # fmt: skip


def mangled(content: bytes, seed: int) -> bytes:
    """Change a file in a few places, as damage, haste and malice do."""
    dice = random.Random(seed)
    was_packed = content.startswith(b"\x1f\x8b")
    if was_packed and dice.random() < 0.8:
        content = gzip.decompress(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randint(0, len(content))
        end = min(len(content), at + dice.choice([0, 1, 3, 40]))
        action = dice.randint(0, 4)
        if action == 0:
            content = content[:at] + dice.choice(PIECES) + content[at:]
        elif action == 1:
            content = content[:at] + content[end:]
        elif action == 2:
            content = content[:at] + content[at:end] * dice.randint(2, 30) + content[end:]
        elif action == 3:
            content = content[:at]
        else:
            content = content[:at] + bytes(dice.randbytes(end - at)) + content[end:]
    if was_packed and not content.startswith(b"\x1f\x8b") and dice.random() < 0.9:
        content = gzip.compress(content, 1)
    return content


@pytest.mark.timeout(7200)
@settings(max_examples=MANGLED, deadline=None)
@given(st.sampled_from(ORIGINALS), st.integers(0, 2**32), st.booleans())
def test_mangled_files_give_problems_only(original: tuple[str, Path], seed: int, is_alone: bool):
    source, path = original
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for other in path.parent.iterdir():
            content = other.read_bytes()
            (folder / other.name).write_bytes(mangled(content, seed) if other == path else content)
        target = folder / path.name if is_alone else folder
        for problem in check(target, source=source, language="en"):
            assert problem.code in KINDS and problem.message
            str(problem).encode()
        try:
            guess(folder / path.name, language="en")
        except InputError as error:
            assert str(error)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("mangled") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield store


def rows_in(store: Store) -> list[dict[str, int]]:
    return store.read("MATCH (n) RETURN count(n) AS n")


@settings(max_examples=max(MANGLED // 10, 20), deadline=None)
@given(st.sampled_from(ORIGINALS), st.integers(0, 2**32))
def test_mangled_files_are_stored_whole_or_not_at_all(
    shared_store: Store, original: tuple[str, Path], seed: int
):
    source, path = original
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for other in path.parent.iterdir():
            content = other.read_bytes()
            (folder / other.name).write_bytes(mangled(content, seed) if other == path else content)
        before = rows_in(shared_store)
        try:
            report = load(shared_store, folder, source=source, language="en")
        except InputError as error:
            assert error.problems and rows_in(shared_store) == before
        else:
            assert not [each for each in report.problems if each.severity == "error"]
