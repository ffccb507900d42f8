import json

import pytest

from webapp.network.drawing import LABEL_WIDTH, DrawnTie, Mark, draw, label_lines, text_width

EVIL = '"><img src=x onerror=alert(1)>'


def mark(id_: str, name: str = "李娜", **given) -> Mark:
    return Mark(id_, name, "trainee", 1, "A", "u1", **given)


def tie(mentor: str, trainee: str, **given) -> DrawnTie:
    return DrawnTie(
        f"{mentor}-{trainee}",
        mentor,
        trainee,
        "village",
        **({"ended": False} | given),
        sentence="…",
    )


def test_every_node_has_its_place_and_nothing_moves_by_itself():
    drawn = draw([mark("a"), mark("b")], [tie("a", "b")])
    place = {node["id"]: (node["x"], node["y"]) for node in drawn["nodes"]}
    assert place["a"][1] < place["b"][1]
    assert drawn["options"]["physics"] == {"enabled": False}


def test_tie_goes_from_mentor_to_trainee_and_knows_that_it_ended():
    (edge,) = draw([mark("a"), mark("b")], [tie("a", "b", ended=True)])["edges"]
    assert (edge["from"], edge["to"], edge["ended"]) == ("a", "b", True)


def test_people_left_out_are_one_node_with_their_number():
    drawn = draw([mark("a", cut=(("trainees", 1234),))], [])
    (more,) = [node for node in drawn["nodes"] if node.get("of")]
    assert (more["of"], more["label"], more["opens"]) == ("a", "+1234", "trainees")
    assert [(edge["from"], edge["to"]) for edge in drawn["edges"]] == [("a", more["id"])]


def test_ties_of_one_pair_are_one_line_that_says_all():
    ties = [tie("a", "b"), DrawnTie("again", "b", "a", "township", True, "second")]
    (edge,) = draw([mark("a"), mark("b")], ties)["edges"]
    assert (edge["count"], edge["turned"], edge["ended"]) == (2, True, False)
    assert [each["text"] for each in edge["said"]] == ["…", "second"]


def test_ties_of_two_kinds_between_one_pair_are_two_lines():
    ties = [tie("a", "b"), DrawnTie("post", "a", "b", "", False, "…", "posting")]
    styles = [edge["style"] for edge in draw([mark("a"), mark("b")], ties)["edges"]]
    assert styles == ["mentoring", "posting"]


def test_place_chosen_by_hand_is_kept():
    drawn = draw([mark("a"), mark("b")], [tie("a", "b")], pins={"a": (500, -20)})
    (pinned,) = [node for node in drawn["nodes"] if node["pinned"]]
    assert (pinned["id"], pinned["x"], pinned["y"]) == ("a", 500, -20)


def test_drawing_is_plain_json_that_names_no_other_host():
    text = json.dumps(draw([mark("a", EVIL), mark("b")], [tie("a", "b")]))
    assert "http" not in text
    assert "title" not in text, "vis-network would read a title as HTML in some versions"


def test_an_empty_picture_is_a_picture():
    drawn = draw([], [])
    assert (drawn["nodes"], drawn["edges"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("李娜", ("李娜",)),
        ("阿依努尔·赛买提", ("阿依努尔·赛买提",)),
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("Johann Sebastian Bach", ("Johann", "Sebastian Bach")),
        ("  ", ("",)),
    ],
)
def test_name_is_broken_between_words(name: str, expected: tuple[str, ...]):
    assert label_lines(name) == expected


@pytest.mark.parametrize("name", [EVIL * 3, "一" * 60, "W" * 60, "a b " * 40])
def test_long_name_is_cut_to_two_lines_that_fit(name: str):
    lines = label_lines(name)
    assert len(lines) == 2
    assert all(text_width(each) <= LABEL_WIDTH for each in lines)
    assert lines[1].endswith("…")
