import csv
import json
import zipfile
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from graph import tables
from graph.errors import InputError, StoreError, UsageError
from graph.schema import table
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.export import export
from loaders.export.networks import Network
from loaders.load import load
from tests.loaders.test_load import SET, content, written
from tools.neo4j import SHORT_LIVED, Neo4jServer

NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''", "'a", "＝1", 'say "hi", she said; twice',
    "two\nlines", "_x0041_", "007", "1e5", "2017-09", "true", "<script>alert(1)</script>", "𠮷田",
    "http://example.org", "#N/A",
]  # fmt: skip


@pytest.fixture
def full(store: Store, tmp_path: Path) -> Store:
    """Every table, a programme with rules, and names that files easily spoil."""
    return filled(store, tmp_path)


def filled(store: Store, tmp_path: Path) -> Store:
    nasty = [{"id": f"n{at:02d}", "name": name} for at, name in enumerate(NASTY)]
    path = tmp_path / "nasty.json"
    path.write_text(json.dumps({"people": nasty}), encoding="utf-8")
    load(store, path)
    load(store, written(tmp_path / "set", {**SET, "rules.yaml": "rules: []\n"}))
    return store


def emptied(store: Store) -> Store:
    store.write("MATCH (n) DETACH DELETE n")
    return store


def test_withdrawn_record_survives_the_round_trip(full: Store, tmp_path: Path):
    (record,) = full.read("MATCH (r:Record) RETURN r.id AS id")
    full.write("MATCH (r:Record) SET r.withdrawn_on = '2024-06-30', r.withdrawn_why = '=错'")
    for name in ("folder", "data.xlsx", "data.json"):
        before = content(full)
        export(full, tmp_path / name)
        load(emptied(full), tmp_path / name)
        assert content(full) == before
        assert full.read(
            "MATCH (r:Record) RETURN r.id AS id, r.withdrawn_on AS day, r.withdrawn_why AS why"
        ) == [{**record, "day": "2024-06-30", "why": "=错"}]
    export(full, tmp_path / "other.graphml")  # it counts nowhere
    assert "HAS_RECORD" not in (tmp_path / "other.graphml").read_text(encoding="utf-8")


def test_columns_of_withdrawal_are_written_only_when_needed(full: Store, tmp_path: Path):
    export(full, tmp_path / "out")
    text = (tmp_path / "out" / "records.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == ",".join(column.heading for column in table("records").columns)


@pytest.mark.parametrize("name", ["folder", "data.xlsx", "data.json"])
def test_export_loads_back_to_the_same_graph(full: Store, tmp_path: Path, name: str):
    before = content(full)
    path = tmp_path / "out" / name
    counts = export(full, path)
    assert counts == {
        "units": 3, "posts": 2, "people": 3 + len(NASTY), "mentoring": 1, "rotations": 1,
        "service": 2, "grades": 1, "activities": 1, "attendance": 1, "records": 1,
        "wishes": 2, "kin": 1,
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
    assert export(full, tmp_path / name) == {"nodes": 13 + len(NASTY), "edges": 14}
    read = nx.read_graphml if name.endswith("graphml") else nx.read_gexf
    graph = read(tmp_path / name)
    assert graph.number_of_nodes() == 13 + len(NASTY)
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
    assert [key for key, _ in Network(store).nodes()] == ["1", "Person:1"]


def test_two_exports_of_one_graph_are_equal(full: Store, tmp_path: Path):
    for name in ("a.json", "b.json"):
        export(full, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_pages_join_without_loss(full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    export(full, tmp_path / "whole.json")
    monkeypatch.setattr(tables, "PAGE", 2)
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


def test_node_link_json_is_read_by_networkx(full: Store, tmp_path: Path):
    counts = export(full, tmp_path / "data.json", "node-link")
    data = json.loads((tmp_path / "data.json").read_text(encoding="utf-8"))
    graph = nx.node_link_graph(data, edges="edges")
    assert counts == {"nodes": 13 + len(NASTY), "edges": 14}
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (13 + len(NASTY), 14)
    assert graph.is_directed() and graph.is_multigraph()
    assert graph.nodes["t"]["roles"] == ["trainee"]
    assert {graph.nodes[f"n{at:02d}"]["label"] for at in range(len(NASTY))} == {
        name.strip() for name in NASTY
    }
    (tie,) = graph.get_edge_data("m", "t").values()
    assert (tie["label"], tie["kind"], tie["since"]) == ("MENTORS", "village", "2017-09")


def test_tables_for_r_hold_each_edge_between_known_nodes_and_no_formula(
    full: Store, tmp_path: Path
):
    counts = export(full, tmp_path / "r", "r")
    reading = {"dtype": str, "keep_default_na": False, "encoding": "utf-8"}
    nodes = pd.read_csv(tmp_path / "r" / "nodes.csv", **reading)
    edges = pd.read_csv(tmp_path / "r" / "edges.csv", **reading)
    assert counts == {"nodes": len(nodes), "edges": len(edges)}
    # graph_from_data_frame: vertex names first and unique; the first two columns are the ends
    assert nodes.iloc[:, 0].is_unique
    assert set(edges.iloc[:, 0]) | set(edges.iloc[:, 1]) <= set(nodes.iloc[:, 0])
    (tie,) = edges[edges["label"] == "MENTORS"].to_dict("records")
    assert (tie["from"], tie["to"], tie["kind"], tie["since"]) == ("m", "t", "village", "2017-09")
    for frame in (nodes, edges):
        cells = frame.to_numpy().ravel()
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]


@pytest.mark.bolt
@pytest.mark.slow
def test_folder_for_neo4j_admin_is_imported_by_it(embedded_store: Store, tmp_path: Path):
    full = filled(embedded_store, tmp_path)
    full.write("MERGE (c:Change {id: 'c1'}) SET c.about = ['t', 'm'], c.made_by = '王 \"芳\"'")
    counts = export(full, tmp_path / "admin", "neo4j-admin")
    kept = full.read("MATCH (n) WHERE n:Programme OR n:Change OR n:Load RETURN count(n) AS n")
    assert counts == {"nodes": 13 + len(NASTY) + kept[0]["n"], "edges": 14}
    with pytest.raises(StoreError, match=r"import\.sh"):
        Neo4jServer(tmp_path / "home", java_options=SHORT_LIVED).fill(tmp_path)
    filled_server = Neo4jServer(tmp_path / "home", java_options=SHORT_LIVED)
    filled_server.fill(tmp_path / "admin")
    with filled_server as server:
        settings = Settings(
            store_url=server.url,
            neo4j_username=server.username,
            neo4j_password=server.password,
        )
        with open_store(settings) as imported:
            assert everything(imported) == everything(full)


def everything(store: Store) -> tuple[list, list]:
    nodes = store.read(
        "MATCH (n) WHERE n.id IS NOT NULL AND NOT 'DataVersion' IN labels(n)\n"
        "RETURN labels(n) AS labels, properties(n) AS props ORDER BY n.id"
    )
    edges = store.read(
        "MATCH (a)-[e]->(b) RETURN a.id AS source, type(e) AS type, b.id AS target,\n"
        "  properties(e) AS props ORDER BY source, type, target"
    )

    def plain(props):
        kept = {key: value for key, value in props.items() if value not in (None, [])}
        return {key: value for key, value in kept.items() if key not in ("title", "type")}

    return (
        sorted((sorted(row["labels"]), sorted(plain(row["props"]).items())) for row in nodes),
        [(row["source"], row["type"], row["target"], plain(row["props"])) for row in edges],
    )


def test_unknown_format_is_no_format(embedded_store: Store, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for format in ("r", "neo4j-admin", "folder"):
        with pytest.raises(UsageError, match="is a file"):
            export(embedded_store, tmp_path / "file", format)
