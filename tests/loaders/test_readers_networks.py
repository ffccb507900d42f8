"""Networks as other programs write them: yEd, Gephi, igraph, Pajek, and our own."""

import io
from pathlib import Path
from typing import Any

import pytest

from graph.store import Store
from loaders.export import export
from loaders.load import check, load
from loaders.readers.cells import Unreadable
from loaders.readers.sheets import File, Reading, Sheet, sheets_of

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"


def parts(name: str, text: str | bytes) -> tuple[Sheet, Sheet]:
    content = text.encode() if isinstance(text, str) else text
    nodes, edges = sheets_of(File(name, lambda: io.BytesIO(content)), Reading())
    return nodes, edges


def column(sheet: Sheet, heading: str) -> list[Any]:
    at = sheet.headings.index(heading)
    return [cells[at] for _, cells in sheet.rows()]


def graphml(inside: str, before: str = "", direction: str = "directed") -> str:
    return f'<graphml>{before}<graph edgedefault="{direction}">{inside}</graph></graphml>'


def ties(store: Store) -> list[tuple[Any, ...]]:
    rows = store.read(
        "MATCH (m:Person)-[r:MENTORS]->(t:Person) RETURN m.name AS mentor, t.name AS trainee,"
        " r.kind AS kind, r.since AS since, r.until AS until ORDER BY mentor, trainee, since"
    )
    return [tuple(row.values()) for row in rows]


# --- the shared cases -------------------------------------------------------------------------

HOLT, VANE, ORR = "Mira Holt", "Jonas Vane", "Lena Orr"


@pytest.mark.parametrize(
    ("file", "source", "expected"),
    [
        ("files/yed.graphml", "graphml", [(VANE, "advisor", None, None), (ORR, None, None, None)]),
        (
            "files/default.graphml",
            "graphml",
            [(VANE, "advisor", None, None), (ORR, "reviewer", None, None)],
        ),
        (
            "files/gephi.gexf",
            "gexf",
            [
                (VANE, "advisor", "2001", "2005"),
                (ORR, "advisor", "2003", "2004"),
                (ORR, "advisor", "2006", "2007"),
            ],
        ),
        ("files/unquoted.net", "pajek", [(VANE, None, None, None), (ORR, None, None, None)]),
        (
            "files/labels.net",
            "pajek",
            [(VANE, "advisor", None, None), (ORR, "reviewer", None, None)],
        ),
    ],
)
def test_ties_of_other_programs_have_names_kinds_and_times(
    embedded_store: Store, file: str, source: str, expected: list[tuple[Any, ...]]
):
    load(embedded_store, SHARED / file, source=source)
    assert ties(embedded_store) == [(HOLT, *each) for each in expected]
    if "default" in file:
        rows = embedded_store.read(
            "MATCH (p:Person) RETURN p.id AS id, p.cohort AS cohort ORDER BY id"
        )
        assert [tuple(row.values()) for row in rows] == [("a", 2019), ("b", 2021), ("c", 2019)]


def test_labels_of_a_small_pajek_network_are_names(embedded_store: Store):
    load(embedded_store, SHARED / "browse" / "two.net", source="pajek")
    assert ties(embedded_store) == [("Ann Example", "Bo Example", None, None, None)]


def test_network_in_gb2312_is_read(embedded_store: Store):
    load(embedded_store, SHARED / "files" / "gb2312.graphml", source="graphml")
    assert ties(embedded_store) == [("高远", "穆岚", None, None, None)]


@pytest.mark.parametrize(("language", "said"), [("en", "direction"), ("zh_Hans", "没有方向")])
def test_network_without_directions_is_told_and_can_be_read(
    embedded_store: Store, language: str, said: str
):
    (told,) = check(SHARED / "files" / "undirected.gexf", source="gexf", language=language)
    assert told.code == "undirected-ties" and said in told.message
    assert "--source undirected" in (told.hint or "")
    load(embedded_store, SHARED / "files" / "undirected.gexf", source="undirected")
    assert ties(embedded_store) == [(HOLT, VANE, None, None, None)]


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("x.net", '*Vertices 2\n1 "A"\n2 "B"\n*Edges\n1 2\n', "pajek"),
        (
            "x.graphml",
            graphml(
                '<node id="1"><data key="label">A</data></node><node id="2"/>'
                '<edge source="1" target="2"/>',
                direction="undirected",
            ),
            "graphml",
        ),
    ],
)
def test_every_format_without_directions_is_told_and_can_be_read(
    embedded_store: Store, tmp_path: Path, name: str, text: str, source: str
):
    (tmp_path / name).write_text(text)
    assert [p.code for p in check(tmp_path / name, source=source)] == ["undirected-ties"]
    load(embedded_store, tmp_path / name, source="undirected")
    assert [tie[0] for tie in ties(embedded_store)] == ["A"]


@pytest.mark.parametrize(("language", "said"), [("en", "exported here"), ("zh_Hans", "本系统导出")])
def test_our_own_export_is_refused_with_the_way_back(language: str, said: str):
    (told,) = check(SHARED / "files" / "own-export.graphml", source="graphml", language=language)
    assert told.code == "own-export" and said in told.message
    assert "flask export x.xlsx" in (told.hint or "")


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_our_own_export_of_today_is_refused(embedded_store: Store, tmp_path: Path, ending: str):
    embedded_store.write("CREATE (:Person {id: 'a', name: 'Ann'})")
    export(embedded_store, tmp_path / f"x.{ending}")
    codes = {each.code for each in check(tmp_path / f"x.{ending}", source=ending)}
    assert codes == {"own-export"}


# --- GraphML ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gb2312", "GB2312"),
        ("gbk", "gbk"),
        ("gb18030", "GB18030"),
        ("big5", "Big5"),
        ("utf-16", "UTF-16"),
        ("utf-8-sig", "UTF-8"),
        ("utf-8", "UTF-16"),  # as some systems write what they made in memory
        ("gb18030", "UTF-8"),
        ("utf-8", "hex"),
        ("utf-8", "klingon"),
    ],
)
def test_network_is_read_in_the_encoding_it_has(encoding: str, declared: str):
    name = "高遠在教育處服務" if encoding == "big5" else "高远在组织部工作"
    text = f'<?xml version="1.0" encoding="{declared}"?>' + graphml(f'<node id="{name}"/>')
    nodes, _ = parts("x.graphml", text.encode(encoding))
    assert column(nodes, "id") == [name]


def test_default_stands_only_where_nothing_is_said():
    keys = (
        '<key id="k" for="edge" attr.name="kind"><default>advisor</default></key>'
        '<key id="n" for="node" attr.name="grade"><desc>x</desc><default>B</default></key>'
        '<key id="a" for="all" attr.name="weight"/>'
    )
    nodes, edges = parts(
        "x.graphml",
        graphml(
            '<node id="a"><data key="n">A</data></node><node id="b"/>'
            '<edge source="a" target="b"/><edge source="a" target="b"><data key="k"/></edge>',
            keys,
        ),
    )
    assert column(nodes, "grade") == ["A", "B"]
    assert column(edges, "kind") == ["advisor", None]
    assert column(edges, "weight") == [None, None]


def test_label_of_yed_is_its_first_text_and_groups_are_no_people():
    keys = '<key for="node" id="d6" yfiles.type="nodegraphics"/>'
    drawn = "<NodeLabel>Mira\nHolt<LabelModel>x</LabelModel></NodeLabel><NodeLabel>2nd</NodeLabel>"
    inner = f'<node id="n1"><data key="d6"><ShapeNode>{drawn}</ShapeNode></data></node>'
    group = f'<node id="g" yfiles.foldertype="group"><graph>{inner}</graph></node>'
    nodes, _ = parts("x.graphml", graphml(f'{group}<node id="n2"/>', keys))
    assert nodes.headings == ["id", "label", "start", "end"]
    assert [cells[:2] for _, cells in nodes.rows()] == [["n1", "Mira Holt"], ["n2", "n2"]]


def test_ports_have_data_of_their_own_and_hyperedges_are_told(tmp_path: Path):
    text = graphml(
        '<node id="a"><port name="p"><data key="label">port</data></port>'
        '<data key="label">Ann</data></node><node id="b"/>'
        '<hyperedge><endpoint node="a"/><endpoint node="b"/></hyperedge>'
        '<edge source="a" target="b"/>'
    )
    nodes, edges = parts("x.graphml", text)
    assert column(nodes, "label") == ["Ann", "b"]
    assert column(edges, "type") == ["undirected", "directed"]
    (tmp_path / "x.graphml").write_text(text)
    assert [p.code for p in check(tmp_path / "x.graphml", source="graphml")] == ["undirected-ties"]
    assert [p.code for p in check(tmp_path / "x.graphml", source="undirected")] == ["left-out-rows"]


# --- GEXF -------------------------------------------------------------------------------------


def gexf(edge: str, given: str = 'timeformat="double"') -> str:
    return (
        f'<gexf><graph defaultedgetype="directed" {given}><nodes><node id="a"><spells>'
        '<spell start="1990.0" end="1995.0"/><spell start="2000.0"/></spells></node></nodes>'
        f"<edges>{edge}</edges></graph></gexf>"
    )


def test_edge_without_spells_keeps_its_time_and_a_node_has_one_row():
    nodes, edges = parts("x.gexf", gexf('<edge source="a" target="b" start="2001.5"/>'))
    assert [cells[2:] for _, cells in nodes.rows()] == [["1990", "1995"]]
    assert (column(edges, "start"), column(edges, "end")) == (["2001"], [None])


def test_times_that_are_dates_stay_dates():
    text = gexf('<edge source="a" target="b" start="2001-09-16"/>', 'timeformat="date"')
    _, edges = parts("x.gexf", text)
    assert column(edges, "start") == ["2001-09-16"]


# --- Pajek ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("1 Mira Holt", "Mira Holt"),
        ("1 Mira Holt 0.1 0.2 0.5", "Mira Holt"),
        ("1 Mira Holt 0.1 .2e-1 box ic Red", "Mira Holt"),
        ("1 Mira Holt ic Red bc Black", "Mira Holt"),
        ("1 Henry 8", "Henry 8"),
        ("1 高 远 [1990-1995]", "高 远"),
        ('1 "Mira \\"M\\" Holt" 0.1 0.2', 'Mira "M" Holt'),
        ("1 0.1 0.2", "1"),
        ("1", "1"),
    ],
)
def test_label_of_a_vertex_is_whole(line: str, label: str):
    nodes, _ = parts("x.net", f"*Vertices 1\n{line}\n")
    assert column(nodes, "label") == [label]


def test_relations_and_labels_of_arcs_are_kinds():
    _, edges = parts(
        "x.net",
        '*Vertices 2\n*Arcs :1 "advisor"\n1 2 1 l "first" c Blue\n*Arcs :2 "reviewer"\n1 2\n'
        "*Arcs\n1: 1 2 1\n2 1 1 w 3 l plain [2001-2003]\n",
    )
    assert column(edges, "relation") == ["advisor", "reviewer", "advisor", "plain"]
    assert column(edges, "label") == ["first", None, None, "plain"]
    assert (column(edges, "since")[3], column(edges, "until")[3]) == ("2001", "2004")


def test_line_that_is_no_arc_is_told_with_its_number():
    with pytest.raises(Unreadable) as caught:
        column(parts("x.net", "*Vertices 2\n*Arcs\nMira Jonas\n")[1], "source")
    assert (caught.value.code, caught.value.row) == ("not-pajek", 3)
