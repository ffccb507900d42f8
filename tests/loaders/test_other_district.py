"""A mentor by post of another district is refused; one clear sentence, and nothing is stored."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.store import Store
from loaders import entry
from loaders.load import check, load
from tests.boundaries.given import UNITS, given, mentor, person, posting, tables_of, write

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


PEOPLE = [person(), person("u"), mentor("m"), mentor("n")]
ROTATIONS = [
    posting("v", "2022-07-01", kind="grassroots"),
    posting("s", "2020-01-01", of="m"),
    posting("s2", "2020-01-01", "2024-03-01", of="n"),
    posting("s", "2024-03-01", of="n"),
]


@pytest.fixture
def two_districts(embedded_store: Store, tmp_path) -> Store:
    return given(
        embedded_store,
        tmp_path / "data",
        KIND,
        units=TWO,
        posts=POSTS,
        people=PEOPLE,
        rotations=ROTATIONS,
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


def pair(of: str, since: str, trainee: str = "t", kind: str = "village") -> dict[str, str]:
    return {"mentor": of, "trainee": trainee, "kind": kind, "since": since}


# The mentor n comes to the district on 2024-03-01; the trainee w goes to the other one that day.
FILE = [
    (pair("m", "2023-01-01"), None),
    (pair("n", "2024-02-29"), ("石峰区", "河西区")),
    (pair("n", "2024-03-01"), None),
    (pair("n", "2024-03-02"), None),
    (pair("n", "2024-02"), ("石峰区", "河西区")),
    (pair("n", "2024"), None),  # he came in that year
    (pair("n", "2023-01-01", kind="peer"), None),
    (pair("n", "2023-01-01", "u"), None),  # nobody knows where u is placed
    (pair("m", "2024-02-29", "w"), None),
    (pair("m", "2024-03-01", "w"), ("河西区", "石峰区")),
    (pair("m", "2024-03-02", "w"), ("河西区", "石峰区")),
]
W = [
    posting("v", "2022-07-01", "2024-03-01", kind="grassroots", of="w"),
    posting("v2", "2024-03-01", kind="grassroots", of="w"),
]
POST_OF_W = {"id": "v2", "title": "助理", "unit": "V2", "kind": "grassroots"}


@pytest.mark.parametrize("is_stored", [False, True])
def test_a_file_is_told_by_what_it_brings_and_what_is_stored(
    two_districts: Store, tmp_path: Path, is_stored: bool
):
    """The first file brings everything; the second only w, who moves, beside what is stored."""
    brought = {"units": TWO, "posts": [*POSTS, POST_OF_W], "people": [*PEOPLE, person("w")]}
    whole = tables_of(**{**brought, "rotations": [*ROTATIONS, *W]})
    some = {"posts": [POST_OF_W], "people": [person("w")], "rotations": W}
    tables = some if is_stored else whole
    rows = [row for row, _ in FILE]
    folder = write(tmp_path / "more", {**tables, "mentoring": rows}, KIND)
    store = two_districts if is_stored else None
    told = [each for each in check(folder, store, language="en") if each.severity == "error"]
    expected = [
        (at, "mentor-of-another", "mentor", row["mentor"], f"Choose a mentor of {said[0]}.")
        for at, (row, said) in enumerate(FILE, 2)
        if said
    ]
    assert [(e.row, e.code, e.column, e.value, e.hint) for e in told] == expected
    assert {each.file for each in told} == {"mentoring.csv"}
    with pytest.raises(InputError):
        load(two_districts, folder)
    for label, count in (("MENTORS", 0), ("ROTATED_TO", len(ROTATIONS))):
        (row,) = two_districts.read(f"MATCH ()-[r:{label}]->() RETURN count(r) AS n")
        assert row["n"] == count


@pytest.mark.parametrize(
    ("until", "is_refused"), [("2024-02-29", False), ("2024-03-01", False), ("2024-03-02", True)]
)
def test_a_posting_that_parts_a_stored_pair_is_refused(
    two_districts: Store, tmp_path: Path, until: str, is_refused: bool
):
    """The pair begins on 2024-03-01; n is still in the other district until the day given."""
    entry.add(two_districts, "mentoring", pair("n", "2024-03-01"), by="me")
    rows = two_districts.read(
        "MATCH (:Person {id: 'n'})-[r:ROTATED_TO]->(p:Post) RETURN r.id AS id, p.id AS post"
    )
    ids = {row["post"]: row["id"] for row in rows}
    later = [
        {**posting("s2", "2020-01-01", until, of="n"), "id": ids["s2"]},
        {**posting("s", until, of="n"), "id": ids["s"]},
    ]
    folder = write(tmp_path / "later", {"rotations": later})
    (folder / "programme.yaml").unlink()
    told = [each for each in check(folder, two_districts) if each.severity == "error"]
    assert [(e.row, e.code, e.column, e.value) for e in told] == (
        [(2, "posting-parts-pair", "person", "n")] if is_refused else []
    )
