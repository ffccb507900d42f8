import random
import time

import pytest

from layouts import Box, Point, generation_layout
from layouts import generations as layout
from layouts.boxes import PART_GAP


def places_of(given: list[Box], ties: list[tuple[str, str]]) -> dict[str, Point]:
    return dict(generation_layout(given, ties).at)


def boxes(*ids: str, width: float = 50, height: float = 50) -> list[Box]:
    return [Box(id_, width, height) for id_ in ids]


def overlaps(given: list[Box], places: dict[str, Point]) -> list[tuple[str, str]]:
    """Pairs of boxes that share any area."""
    sides = [
        (b.id, x - b.width / 2, y - b.height / 2, x + b.width / 2, y + b.height / 2)
        for b in given
        for x, y in [places[b.id]]
    ]
    return [
        (a[0], b[0])
        for at, a in enumerate(sides)
        for b in sides[at + 1 :]
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]


def tangle(people: int, ties: int) -> tuple[list[Box], list[tuple[str, str]]]:
    """A network of a district's kind: few mentors of many, some ties across, some cycles."""
    dice = random.Random(7)
    given = [Box(f"p{n}", dice.choice([40, 56, 108]), dice.choice([50, 66])) for n in range(people)]
    pairs = [(f"p{dice.randrange(max(1, n // 4))}", f"p{n}") for n in range(1, people)]
    pairs += [(f"p{dice.randrange(people)}", f"p{dice.randrange(people)}") for _ in range(ties)]
    return given, pairs


def test_no_one_is_placed_nowhere():
    assert places_of([], []) == {}
    assert places_of(boxes("a"), [("a", "a")]) == {"a": (0, 0)}


@pytest.mark.parametrize(("people", "ties"), [(20, 5), (60, 30), (300, 100)])
def test_no_two_boxes_overlap(people: int, ties: int):
    given, pairs = tangle(people, ties)
    assert overlaps(given, places_of(given, pairs)) == []


def test_no_two_boxes_overlap_where_dot_gives_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "DOT_NODES", 0)
    given, pairs = tangle(300, 100)
    assert overlaps(given, places_of(given, pairs)) == []


@pytest.mark.parametrize("dot_nodes", [layout.DOT_NODES, 0], ids=["dot", "tidy"])
def test_every_mentor_stands_above_every_trainee(dot_nodes: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layout, "DOT_NODES", dot_nodes)
    pairs = [(f"p{n // 3}", f"p{n}") for n in range(1, 80)] + [("q", "p79"), ("p2", "p79")]
    given = boxes("q", *(f"p{n}" for n in range(80)))
    places = places_of(given, pairs)
    assert [pair for pair in pairs if places[pair[0]][1] >= places[pair[1]][1]] == []


def test_same_input_gives_same_places():
    given, pairs = tangle(80, 40)
    assert places_of(given, pairs) == places_of(list(given), list(pairs))


def test_cycle_of_mentoring_is_placed():
    places = places_of(boxes("a", "b", "c"), [("a", "b"), ("b", "c"), ("c", "a")])
    assert len(set(places.values())) == 3


def test_hub_of_a_thousand_becomes_a_block_that_a_screen_can_show():
    trainees = [f"t{n}" for n in range(1000)]
    given = boxes("hub", *trainees)
    places = places_of(given, [("hub", t) for t in trainees])
    width, height = (max(each) - min(each) for each in zip(*places.values(), strict=True))
    assert 0.8 < width / height < 4
    assert all(places["hub"][1] < places[t][1] for t in trainees)
    assert overlaps(given, places) == []


def test_wide_generation_is_folded():
    pairs = [(f"m{n}", f"t{n}") for n in range(60)] + [(f"m{n}", f"t{n + 1}") for n in range(59)]
    given = boxes(*(f"{kind}{n}" for n in range(60) for kind in "mt"))
    places = places_of(given, pairs)
    width, height = (max(each) - min(each) for each in zip(*places.values(), strict=True))
    assert width < 3 * height
    assert overlaps(given, places) == []


def test_parts_without_ties_between_them_stand_apart():
    places = places_of(boxes("a", "b", "c", "d"), [("a", "b"), ("c", "d")])
    assert abs(places["a"][0] - places["c"][0]) >= PART_GAP


@pytest.mark.slow
def test_a_hundred_thousand_people_are_laid_out_in_time():
    given = boxes(*(f"p{n}" for n in range(100_000)))
    begun = time.perf_counter()
    places = places_of(given, [(f"p{n // 3}", f"p{n}") for n in range(1, 100_000)])
    assert len(places) == 100_000
    assert time.perf_counter() - begun < 60
