"""Whatever happened to the files of a data set: it is stored whole or not at all, never half.

`MANGLED=10000 pytest tests/loaders/test_mangled.py` tries as many files on each engine.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InputError
from graph.schema import TABLES
from graph.store import Store
from graph.tables import stored_rows
from loaders.load import load
from loaders.loads import find
from tests.loaders.test_load import SET

EXAMPLES = int(os.environ.get("MANGLED", "30"))

NAMES = st.sampled_from(sorted(SET))
PLACES = st.floats(0, 1)
INSERTED = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.sampled_from(
        [text.encode() for text in (",", "\n", '"', "\r", "'", "=", "u1", "t", "2017", ";", "，")]
        + [b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", "镇".encode("gb18030")]
    ),
)
MANGLE = st.tuples(
    NAMES, st.sampled_from(("cut", "put", "drop", "twice", "swap")), PLACES, INSERTED
)


def mangled(content: bytes, how: str, place: float, inserted: bytes) -> bytes:
    at = int(place * len(content))
    lines = content.splitlines(keepends=True) or [b""]
    line = min(int(place * len(lines)), len(lines) - 1)
    if how == "cut":
        return content[:at]
    if how == "put":
        return content[:at] + inserted + content[at:]
    if how == "drop":
        return b"".join(lines[:line] + lines[line + 1 :])
    if how == "twice":
        return b"".join([*lines[: line + 1], *lines[line:]])
    cells = lines[line].rstrip(b"\n").split(b",")
    return b"".join([*lines[:line], b",".join(cells[::-1]) + b"\n", *lines[line + 1 :]])


@pytest.mark.timeout(300 + 2 * EXAMPLES)
def test_mangled_files_are_stored_whole_or_not_at_all(store: Store):
    """One store for all examples: it is emptied after each."""

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.lists(MANGLE, min_size=1, max_size=3), st.booleans())
    def tried(mangles: list[tuple[str, str, float, bytes]], skip_bad: bool) -> None:
        files = {name: text.encode() for name, text in SET.items()}
        for name, how, place, inserted in mangles:
            files[name] = mangled(files[name], how, place, inserted)
        folder = Path(tempfile.mkdtemp())
        try:
            for name, content in files.items():
                (folder / name).write_bytes(content)
            whole_or_nothing(store, folder, skip_bad)
        finally:
            shutil.rmtree(folder)
            store.write("MATCH (n) DETACH DELETE n")

    tried()


def whole_or_nothing(store: Store, folder: Path, skip_bad: bool) -> None:
    try:
        report = load(store, folder, skip_bad=skip_bad)
    except InputError as error:
        assert error.problems
        assert store.read("MATCH (n) WHERE NOT n:DataVersion RETURN count(n) AS n") == [{"n": 0}]
        return
    done = find(store, report.load)
    assert done.state == "done"
    for of in TABLES:
        brought = done.tables[of.name].new if of.name in done.tables else 0
        assert brought == len(list(stored_rows(store, of))) <= report.loaded[of.name]
    assert sum(each.changed for each in done.tables.values()) == 0
    again = find(store, load(store, folder, skip_bad=skip_bad).load)
    assert (again.new, again.changed, again.same) == (0, 0, done.new)
