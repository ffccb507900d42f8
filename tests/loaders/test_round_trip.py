"""Whatever was taken in, under whatever programmes, the store's own export always loads back."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.programme import parse_programme
from graph.schema import TABLES, Labels, Property, Table
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.export import export
from loaders.load import load
from tests.loaders.test_load import content
from tests.loaders.test_values import PROGRAMME, ROOT, RULES

EXAMPLES = [
    (ROOT / "examples" / name / "programme.yaml").read_text("utf-8")
    for name in ("shifeng", "residency")
]
PROGRAMMES = [
    "",
    *EXAMPLES,
    PROGRAMME,
    PROGRAMME.replace("key: grassroots", "key: village"),  # the same id, other kinds
    PROGRAMME.replace("levels: [", "levels: [] # ["),
    "id: few\nname: {zh: 少, en: few}\nrecord_kinds: [{key: talk, zh: 谈, en: talk}]\n",
    'id: odd\nname: {zh: 怪, en: odd}\nlevels: [{key: "—", zh: "=1", en: "-"}, '
    '{key: A, zh: 甲, en: a}, {key: a, zh: 乙, en: b}, {key: "２０", zh: 廿, en: "20.0"}]\n',
]
PARSED = [parse_programme(text) for text in PROGRAMMES]
WORDS = sorted(
    {
        word
        for programme in PARSED
        for table in TABLES
        for column in table.properties
        if column.kinds
        for term in programme.values(column.kinds)
        for word in (term.key, term.zh, term.en, *getattr(term, "also", ()))
    }
)
IDS = st.sampled_from(["a", "b", "1.0", "2", "José", "Jose\u0301"])
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "date": st.sampled_from(["2017", "2018-09", "2019-09-16", "2020年1月", "至今", "—"]),
    "integer": st.integers(0, 3),
    "number": st.sampled_from(["0.5", "1500", "1,500.00", "7.25", "1500元", "-1"]),
    "list": st.lists(st.sampled_from(["x", "调研报告=done", *WORDS[:40]]), max_size=3),
    "text": st.sampled_from(["nonsense", "张 伟", "=1+1", " A ", "—", "無\u3000名", *WORDS]),
}


def rows_of(table: Table) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows that are nearly right, with any word in the columns of words."""
    cells: dict[str, st.SearchStrategy[Any]] = {}
    for column in table.columns:
        if isinstance(column, Labels):
            cells[column.heading] = st.sampled_from(["trainee", "学员;导师", "住院医师", "x"])
        elif isinstance(column, Property) and column.heading != "id":
            one: st.SearchStrategy[Any] = CELLS[column.type]
            if column.kinds and column.type == "text":
                terms = [t for p in PARSED for t in p.values(column.kinds)]
                words = [w for t in terms for w in (t.key, t.zh, t.en, *getattr(t, "also", ()))]
                one = st.sampled_from(sorted({*words})) | one
            cells[column.heading] = one if column.required else st.none() | one
        else:
            cells[column.heading] = IDS if column.required else st.none() | IDS
    return st.lists(st.fixed_dictionaries(cells), max_size=5)


DATA = st.fixed_dictionaries({}, optional={table.name: rows_of(table) for table in TABLES})
STEPS = st.lists(
    st.tuples(DATA, st.sampled_from([*PROGRAMMES, ""]), st.sampled_from(["", "", RULES])),
    min_size=1,
    max_size=4,
)


def opened(folder: Path, name: str) -> Any:
    return open_store(Settings(store_url=f"embedded:{folder / name}.kgl"))


def take(store: Store, path: Path, data: dict[str, Any], programme: str, rules: str) -> None:
    given = {**data}
    if programme:
        given["programme.yaml"] = programme.rstrip("\n").split("\n")
    if rules:
        given["rules.yaml"] = rules.rstrip("\n").split("\n")
    path.write_text(json.dumps(given), encoding="utf-8")
    if given:
        load(store, path, skip_bad=True)


@settings(max_examples=25, deadline=None)
@given(STEPS, st.sampled_from(["folder", "data.xlsx", "data.json"]))
def test_export_of_anything_taken_in_loads_back(steps: list[tuple[Any, str, str]], name: str):
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with opened(folder, "one") as store, opened(folder, "other") as other:
            for number, step in enumerate(steps):
                take(store, folder / f"{number}.json", *step)
            before = content(store)
            export(store, folder / name)
            if any(before[table.name] for table in TABLES) or before["texts"]:
                load(other, folder / name)
                assert content(other) == before
