"""A mentor by post of another district is refused; one clear sentence, and nothing is stored."""

import pytest

from graph.errors import InputError
from graph.store import Store
from loaders import entry
from tests.boundaries.given import UNITS, given, mentor, person, posting

KIND = """
unit_kinds: [{key: district, zh: 区, en: district}, {key: township, zh: 镇, en: township},
             {key: village, zh: 村, en: village}]
mentoring_kinds:
  - {key: village, zh: 村书记导师, en: village secretary, post_kinds: [secretary],
     unit_kinds: [village], placed_by: [grassroots], within: district}
  - {key: peer, zh: 同伴, en: peer}
"""
TWO = [
    *UNITS,
    {"id": "D2", "name": "河西区", "kind": "district"},
    {"id": "V2", "name": "梅村", "kind": "village", "part_of": "D2"},
]
POSTS = [
    {"id": "s", "title": "村书记", "unit": "V", "kind": "secretary"},
    {"id": "s2", "title": "村书记", "unit": "V2", "kind": "secretary"},
    {"id": "v", "title": "助理", "unit": "V", "kind": "grassroots"},
]


@pytest.fixture
def two_districts(embedded_store: Store, tmp_path) -> Store:
    return given(
        embedded_store,
        tmp_path / "data",
        KIND,
        units=TWO,
        posts=POSTS,
        people=[person(), person("u"), mentor("m"), mentor("n")],
        rotations=[
            posting("v", "2022-07-01", kind="grassroots"),
            posting("s", "2020-01-01", of="m"),
            posting("s2", "2020-01-01", "2024-03-01", of="n"),
            posting("s", "2024-03-01", of="n"),
        ],
    )


@pytest.mark.parametrize(
    ("of", "trainee", "kind", "since", "is_refused"),
    [
        ("m", "t", "village", "2023-01-01", False),
        ("n", "t", "village", "2024-02-29", True),  # the day before he comes to the district
        ("n", "t", "village", "2024-03-01", False),
        ("n", "t", "village", "2024-03-02", False),
        ("n", "t", "peer", "2023-01-01", False),  # guides as a person
        ("n", "u", "village", "2023-01-01", False),  # nobody knows where u is placed
    ],
)
def test_a_mentor_by_post_is_of_the_district_of_the_trainee(
    two_districts: Store, of: str, trainee: str, kind: str, since: str, is_refused: bool
):
    texts = {"mentor": of, "trainee": trainee, "kind": kind, "since": since}
    if is_refused:
        with pytest.raises(InputError) as refused:
            entry.add(two_districts, "mentoring", texts, by="me", language="en")
        (problem,) = refused.value.problems
        assert problem.code == "mentor-of-another" and problem.column == "mentor"
        assert problem.message == "导师n serves in 河西区, and 学员t is placed in 石峰区."
        assert problem.hint == "Choose a mentor of 石峰区."
    else:
        entry.add(two_districts, "mentoring", texts, by="me", language="en")
    stored = two_districts.read("MATCH ()-[r:MENTORS]->() RETURN count(r) AS n")[0]["n"]
    assert stored == (not is_refused)
