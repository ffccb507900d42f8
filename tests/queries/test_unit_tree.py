from queries.unit_tree import UnitTree


def unit(id_: str, part_of: str | None = None):
    return {"unit": id_, "name": id_.upper(), "kind": None, "part_of": part_of, "posts": 0}


def test_outline_puts_children_below_their_unit():
    tree = UnitTree([unit("a"), unit("b", "a"), unit("c", "a"), unit("d", "b"), unit("e", "gone")])
    assert [(level, each.id) for level, each in tree.outline()] == [
        (0, "a"),
        (1, "b"),
        (2, "d"),
        (1, "c"),
        (0, "e"),
    ]


def test_way_and_branch():
    tree = UnitTree([unit("a"), unit("b", "a"), unit("d", "b")])
    assert [each.id for each in tree.way("d")] == ["a", "b", "d"]
    assert [tree.branch(id_).id for id_ in "abd"] == ["a", "b", "b"]
    assert tree.branch("nowhere") is None


def test_circle_of_units_hangs_nothing():
    tree = UnitTree([unit("a", "b"), unit("b", "a")])
    assert [each.id for each in tree.way("a")] == ["b", "a"]
    assert tree.branch("a") is not None
