"""Layouts beside the generations, and what is kept of all of them."""

import json
import math
from itertools import pairwise

import pytest

from tests.webapp.network.test_generations import boxes, overlaps, tangle
from webapp.network.layouts import Facts, Layouts, arrange
from webapp.network.view import LAYOUTS

GIVEN, TIES = tangle(60, 20)
FACTS = Facts(
    ("p0",),
    {f"p{n}": 2000 + n % 7 for n in range(60) if n % 5},
    {f"p{n}": (f"u{n % 6}", f"单位{n % 6}") for n in range(60)},
    "no date",
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_boxes_overlap_in_any_layout(layout: str):
    places = arrange(layout, GIVEN, TIES, FACTS)
    assert set(places.at) == {box.id for box in GIVEN}
    assert overlaps(GIVEN, dict(places.at)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_same_input_gives_same_places_in_any_layout(layout: str):
    one = arrange(layout, GIVEN, TIES, FACTS)
    assert one == arrange(layout, list(GIVEN), list(TIES), FACTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nobody_and_one_person_alone_are_laid_out(layout: str):
    assert dict(arrange(layout, [], [], Facts()).at) == {}
    facts = Facts(groups={"a": ("", "")})
    assert set(arrange(layout, boxes("a"), [], facts).at) == {"a"}


def test_radial_layout_stands_farther_out_with_every_step():
    ties = [(f"p{(n - 1) // 2}", f"p{n}") for n in range(1, 31)]
    at = arrange("radial", boxes(*(f"p{n}" for n in range(31))), ties, Facts(("p0",))).at
    far = {n: math.dist(at["p0"], at[f"p{n}"]) for n in range(31)}
    rings = [range(2**level - 1, 2 ** (level + 1) - 1) for level in range(5)]
    for inner, outer in pairwise(rings):
        assert max(far[n] for n in inner) < min(far[n] for n in outer)


def test_hub_of_a_thousand_fits_on_rings_that_a_screen_can_hold():
    ids = ["hub", *(f"t{n}" for n in range(1000))]
    at = arrange("radial", boxes(*ids), [("hub", id_) for id_ in ids[1:]], Facts(("hub",))).at
    assert max(math.dist(at["hub"], place) for place in at.values()) < 2500


def test_time_layout_goes_from_left_to_right_with_a_line_for_each_year():
    years = {"a": 2015, "b": 2017, "c": 2017}
    facts = Facts(years=years, unknown="no date")
    places = arrange("time", boxes("a", "b", "c", "d"), [("a", "b"), ("a", "c")], facts)
    x = {id_: place[0] for id_, place in places.at.items()}
    assert x["d"] < x["a"] < x["b"] == x["c"]
    assert [guide.label for guide in places.guides] == ["no date", "2015", "2017"]


def test_groups_stand_in_frames_that_hold_their_members():
    places = arrange("units", GIVEN, TIES, FACTS)
    frames = {guide.label: guide for guide in places.guides}
    for id_, (x, y) in places.at.items():
        frame = frames[FACTS.groups[id_][1]]
        assert frame.x < x < frame.x + frame.width
        assert frame.y < y < frame.y + frame.height


def test_kept_layout_is_taken_from_its_file_after_a_restart(tmp_path):
    before = Layouts(tmp_path).arrange("generations", GIVEN, TIES, FACTS)
    (file,) = tmp_path.glob("*.json")
    assert Layouts(tmp_path).arrange("generations", GIVEN, TIES, FACTS) == before
    stored = json.loads(file.read_text(encoding="utf-8"))
    stored["at"]["p0"] = [12345, 0]
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert Layouts(tmp_path).arrange("generations", GIVEN, TIES, FACTS).at["p0"] == (12345, 0)


def test_other_data_are_laid_out_anew(tmp_path):
    layouts = Layouts(tmp_path)
    layouts.arrange("generations", GIVEN, TIES, FACTS)
    layouts.arrange("generations", GIVEN, TIES[1:], FACTS)
    layouts.arrange("radial", GIVEN, TIES, FACTS)
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_damaged_file_of_a_layout_is_computed_again(tmp_path):
    before = Layouts(tmp_path).arrange("units", GIVEN, TIES, FACTS)
    for file in tmp_path.glob("*.json"):
        file.write_text("{", encoding="utf-8")
    assert Layouts(tmp_path).arrange("units", GIVEN, TIES, FACTS) == before


def test_folder_that_cannot_be_written_hinders_nothing(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    layouts = Layouts(blocked / "layouts")
    assert layouts.arrange("units", GIVEN, TIES, FACTS).at
