"""What the pages of the network show, as plain values: nothing here knows a request."""

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from graph.changes import keep
from graph.errors import NotFound
from graph.store import Store
from queries.network.beginnings import beginnings
from queries.network.connection_scene import ConnectionView, connection_scene
from queries.network.lineage_scene import CAP, LineageView, lineage_scene
from queries.network.saved_views import forget, save, saved_view, saved_views
from queries.network.scene import scene
from queries.network.view import View
from tests.small_graph import put_mentoring, put_people, put_tree

DAY = date(2024, 6, 30)


def test_scene_says_who_is_shown_and_how_much_is_left_out(small_graph: Store):
    found = scene(small_graph, View(person=("m",), depth=2, limit=3), DAY)
    assert [card.id for card in found.people] == ["m", "g", "b"]  # 李敏 before 李明
    assert found.distance == {"m": 0, "g": 1, "b": 1}
    assert found.total == 6  # a, k and c too; not x
    assert found.left == {("m", "trainees"): 1, ("g", "trainees"): 1}  # a and k
    assert {(tie["mentor"], tie["trainee"]) for tie in found.ties} == {("g", "m"), ("m", "b")}
    assert found.beyond == {"m": 1, "g": 1}
    assert (found.around["m", "up"], found.around["m", "down"]) == (1, 2)


def test_scene_knows_units_and_entries_so_that_nothing_is_asked_afterwards(small_graph: Store):
    with small_graph.transaction() as transaction:
        keep(transaction, by="Li", table="mentoring", row="m3", action="corrected",
             before=None, after=None)  # fmt: skip
    view = View(person=("a",), depth=1, expand=(("posts", "a"),), only_unit="d")
    found = scene(small_graph, view, DAY)
    assert found.units == {"d": "石峰区"}
    assert found.branches == {  # the second level: the town for the village, the office itself
        "t": ("t", "河东镇"), "v": ("t", "河东镇"), "o": ("o", "区委办"),
    }  # fmt: skip
    assert {row: change["by"] for row, change in found.entered["mentoring"].items()} == {"m3": "Li"}
    assert found.entered["rotations"] == {}


def test_scene_is_a_frozen_value_and_plain_json(small_graph: Store):
    found = scene(small_graph, View(person=("a",)), DAY)
    with pytest.raises(FrozenInstanceError):
        found.total = 0  # type: ignore[misc]
    assert json.loads(json.dumps(found.as_dict()))["total"] == 6


def test_scene_is_gathered_once_for_each_version_of_the_data(small_graph: Store):
    view = View(person=("x",))
    first = scene(small_graph, view, DAY)
    other = scene(small_graph, view.changed(colour="cohort", layout="radial", selected="x"), DAY)
    assert other.people is first.people
    assert other.view.layout == "radial"
    put_people(small_graph, [("new", "新人")])
    put_mentoring(small_graph, [("newest", "x", "new")])
    assert [card.id for card in scene(small_graph, view, DAY).people] == ["x", "new"]


@pytest.mark.parametrize("view", [View(person=("NOPE",)), View(unit=("NOPE",))])
def test_scene_of_nobody_stored_names_the_id(small_graph: Store, view: View):
    with pytest.raises(NotFound, match="NOPE"):
        scene(small_graph, view, DAY)


def test_lineage_opens_the_nearest_generations_and_draws_the_way_to_others(embedded_store: Store):
    line = [(f"n{n:02}", f"n{n + 1:02}") for n in range(10)]
    put_tree(embedded_store, [*line, *(("n02", f"s{n:03}") for n in range(CAP + 20))])
    found = lineage_scene(embedded_store, LineageView(("n01",)), DAY)
    assert found.opened == (-1, 1)  # the third generation is too many
    assert set(found.generation) == {"n01", "n00", "n02"}
    found = lineage_scene(embedded_store, LineageView(("n01",), open=(2,)), DAY)
    assert (len(found.people), found.left) == (CAP + 2, {"n02": 21})
    found = lineage_scene(embedded_store, LineageView(("n01",), open=(9,)), DAY)
    assert set(found.generation) == {f"n{n:02}" for n in range(1, 11)}
    assert [(band.generation, band.people, band.drawn) for band in found.bands][:4] == [
        (-1, 1, 0), (0, 1, 1), (1, 1, 1), (2, CAP + 21, 1),
    ]  # fmt: skip


def test_connection_knows_how_far_everybody_on_the_ways_is(small_graph: Store):
    found = connection_scene(small_graph, ConnectionView("c", "b", k=2), DAY)
    assert {card.id: found.steps[card.id] for card in found.people} == {
        "c": 0, "a": 1, "m": 2, "b": 3, "k": 2, "g": 3,
    }  # fmt: skip
    assert {frozenset((tie.one, tie.other)) for tie, _said in found.ties} == {
        frozenset(pair) for pair in ("ca", "am", "mb", "ak", "kg", "gm")
    }


def test_beginnings_name_mentors_units_and_cohorts(small_graph: Store):
    found = beginnings(small_graph, DAY)
    assert [row["person"] for row in found.hubs.rows] == ["g", "m", "a", "k"]
    assert [(each.person, each.descendants) for each in found.widest][:2] == [("g", 5), ("m", 3)]
    assert [(level, unit.id) for level, unit in found.choices.units] == [
        (0, "d"), (1, "o"), (1, "t"), (2, "v"),
    ]  # fmt: skip
    assert json.loads(json.dumps(found.as_dict()))["cohorts"][0] == {"cohort": 2010, "people": 1}


def test_saved_view_is_there_until_it_is_forgotten(small_graph: Store):
    saved = save(small_graph, " mentors  of a ", View(person=("a",), depth=1))
    assert (saved.name, saved.address) == ("mentors of a", "person=a&depth=1")
    assert saved_views(small_graph) == [saved_view(small_graph, saved.id)] == [saved]
    before = small_graph.version()
    forget(small_graph, saved.id)
    touched = small_graph.touched_since(before)
    assert touched is not None
    assert touched.ids("View") == {saved.id}
    assert saved_views(small_graph) == []


def test_answers_and_layouts_need_no_flask():
    program = (
        "import sys, layouts\n"
        "from queries.network import beginnings, connection_scene, lineage_scene, scene\n"
        "print([name for name in ('flask', 'flask_babel', 'werkzeug') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
