"""Layouts beside the generations, and what holds for all of them."""

import math
from itertools import pairwise

import pytest

from layouts import LAYOUTS, Hints, arrange
from queries.network import view
from tests.layouts.test_generations import boxes, overlaps, tangle

GIVEN, TIES = tangle(60, 20)
HINTS = Hints(
    ("p0",),
    {f"p{n}": 2000 + n % 7 for n in range(60) if n % 5},
    {f"p{n}": (f"u{n % 6}", f"单位{n % 6}") for n in range(60)},
    "no date",
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_boxes_overlap_in_any_layout(layout: str):
    places = arrange(layout, GIVEN, TIES, HINTS)
    assert set(places.at) == {box.id for box in GIVEN}
    assert overlaps(GIVEN, dict(places.at)) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_same_input_gives_same_places_in_any_layout(layout: str):
    one = arrange(layout, GIVEN, TIES, HINTS)
    assert one == arrange(layout, list(GIVEN), list(TIES), HINTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nobody_and_one_person_alone_are_laid_out(layout: str):
    assert dict(arrange(layout, [], [], Hints()).at) == {}
    hints = Hints(groups={"a": ("", "")})
    assert set(arrange(layout, boxes("a"), [], hints).at) == {"a"}


def test_radial_layout_stands_farther_out_with_every_step():
    ties = [(f"p{(n - 1) // 2}", f"p{n}") for n in range(1, 31)]
    at = arrange("radial", boxes(*(f"p{n}" for n in range(31))), ties, Hints(("p0",))).at
    far = {n: math.dist(at["p0"], at[f"p{n}"]) for n in range(31)}
    rings = [range(2**level - 1, 2 ** (level + 1) - 1) for level in range(5)]
    for inner, outer in pairwise(rings):
        assert max(far[n] for n in inner) < min(far[n] for n in outer)


def test_hub_of_a_thousand_fits_on_rings_that_a_screen_can_hold():
    ids = ["hub", *(f"t{n}" for n in range(1000))]
    at = arrange("radial", boxes(*ids), [("hub", id_) for id_ in ids[1:]], Hints(("hub",))).at
    assert max(math.dist(at["hub"], place) for place in at.values()) < 2500


def test_time_layout_goes_from_left_to_right_with_a_line_for_each_year():
    years = {"a": 2015, "b": 2017, "c": 2017}
    hints = Hints(years=years, unknown="no date")
    places = arrange("time", boxes("a", "b", "c", "d"), [("a", "b"), ("a", "c")], hints)
    x = {id_: place[0] for id_, place in places.at.items()}
    assert x["d"] < x["a"] < x["b"] == x["c"]
    assert [guide.label for guide in places.guides] == ["no date", "2015", "2017"]


def test_groups_stand_in_frames_that_hold_their_members():
    places = arrange("units", GIVEN, TIES, HINTS)
    frames = {guide.label: guide for guide in places.guides}
    for id_, (x, y) in places.at.items():
        frame = frames[HINTS.groups[id_][1]]
        assert frame.x < x < frame.x + frame.width
        assert frame.y < y < frame.y + frame.height


def test_every_layout_of_an_address_has_its_function_and_no_other_is_known():
    assert view.LAYOUTS == LAYOUTS
    with pytest.raises(ValueError, match="spiral"):
        arrange("spiral", [], [], Hints())
