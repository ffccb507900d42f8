import csv
import json
import zipfile
from pathlib import Path

import networkx as nx
import pytest

from graph.errors import InputError, UsageError
from graph.store import Store
from loaders import export as exporting
from loaders.export import export
from loaders.load import load
from tests.loaders.test_load import SET, content, written

NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''", "'a", "＝1", 'say "hi", she said; twice',
    "two\nlines", "_x0041_", "007", "1e5", "2017-09", "true", "<script>alert(1)</script>", "𠮷田",
    "http://example.org", "#N/A",
]  # fmt: skip


@pytest.fixture
def full(store: Store, tmp_path: Path) -> Store:
    """Every table, a programme with rules, and names that files easily spoil."""
    rows = [{"id": f"n{at:02d}", "name": name} for at, name in enumerate(NASTY)]
    path = tmp_path / "nasty.json"
    path.write_text(json.dumps({"people": rows}), encoding="utf-8")
    load(store, path)
    load(store, written(tmp_path / "set", {**SET, "rules.yaml": "rules: []\n"}))
    return store


def emptied(store: Store) -> Store:
    store.write("MATCH (n) DETACH DELETE n")
    return store


@pytest.mark.parametrize("name", ["folder", "data.xlsx", "data.json"])
def test_export_loads_back_to_the_same_graph(full: Store, tmp_path: Path, name: str):
    before = content(full)
    path = tmp_path / "out" / name
    counts = export(full, path)
    assert counts == {
        "units": 3, "posts": 2, "people": 3 + len(NASTY), "mentoring": 1, "rotations": 1,
        "activities": 1, "attendance": 1, "records": 1, "wishes": 2, "kin": 1,
    }  # fmt: skip
    load(emptied(full), path)
    assert content(full) == before


def test_csv_cell_is_no_formula(full: Store, tmp_path: Path):
    export(full, tmp_path / "out")
    for file in (tmp_path / "out").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as text:
            for row in csv.reader(text):
                assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]


def test_workbook_holds_no_formula_and_no_link(full: Store, tmp_path: Path):
    export(full, tmp_path / "data.xlsx")
    with zipfile.ZipFile(tmp_path / "data.xlsx") as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                xml = archive.read(name)
                assert b"<f>" not in xml and b"<hyperlink" not in xml


@pytest.mark.parametrize("name", ["data.graphml", "data.gexf"])
def test_network_file_is_read_by_its_own_library(full: Store, tmp_path: Path, name: str):
    assert export(full, tmp_path / name) == {"nodes": 10 + len(NASTY), "edges": 11}
    read = nx.read_graphml if name.endswith("graphml") else nx.read_gexf
    graph = read(tmp_path / name)
    assert graph.number_of_nodes() == 10 + len(NASTY)
    assert graph.nodes["t"]["label"] == "曾国安"
    assert graph.nodes["t"]["roles"] == "trainee"
    assert graph.nodes["u1"]["entity"] == "Unit"
    tie = next(data for *ends, data in graph.edges(data=True) if ends == ["m", "t"])
    assert (tie["label"], tie["kind"], tie["since"]) == ("MENTORS", "village", "2017-09")
    assert graph.has_edge("u2", "u1") and graph.has_edge("p1", "u2")
    assert any(data["label"] == "HAS_RECORD" for *_, data in graph.out_edges("t", data=True))


def test_nodes_of_two_kinds_with_one_id_stay_two(store: Store, tmp_path: Path):
    files = {"units.csv": "id,name\n1,镇\n", "people.csv": "id,name\n1,王芳\n"}
    load(store, written(tmp_path / "set", files))
    assert set(exporting.network(store).nodes) == {"1", "Person:1"}


def test_two_exports_of_one_graph_are_equal(full: Store, tmp_path: Path):
    for name in ("a.json", "b.json"):
        export(full, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_pages_join_without_loss(full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    export(full, tmp_path / "whole.json")
    monkeypatch.setattr(exporting, "_PAGE", 2)
    export(full, tmp_path / "paged.json")
    assert (tmp_path / "paged.json").read_bytes() == (tmp_path / "whole.json").read_bytes()


def test_empty_graph_gives_empty_tables(store: Store, tmp_path: Path):
    assert sum(export(store, tmp_path / "out").values()) == 0
    assert (tmp_path / "out" / "kin.csv").read_text(
        encoding="utf-8"
    ) == "person,relative,relation\n"
    assert sum(load(store, tmp_path / "out").loaded.values()) == 0


def test_foreign_ending_is_refused(embedded_store: Store, tmp_path: Path):
    with pytest.raises(UsageError, match="pdf"):
        export(embedded_store, tmp_path / "data.pdf")
    assert list(tmp_path.glob("data*")) == []


def test_export_that_is_refused_leaves_the_older_file(embedded_store: Store, tmp_path: Path):
    out = tmp_path / "out" / "data.xlsx"
    load(embedded_store, written(tmp_path / "one", {"people.csv": "id,name\na,A\n"}))
    export(embedded_store, out)
    before = out.read_bytes()
    long = f"id,name\nb,{'x' * 40_000}\n"  # a sheet's cell holds 32,767 characters
    load(embedded_store, written(tmp_path / "two", {"people.csv": long}))
    with pytest.raises(InputError, match="folder"):
        export(embedded_store, out)
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]
