"""The arrays of all ties give the path that a search through the engine gives."""

import random
from itertools import pairwise

import pytest

from graph.store import Store
from queries.catalogue import ask
from queries.network import tie_block
from tests.queries.network.test_lineage import first_shortest
from tests.small_graph import put_mentoring, put_people


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("few", [0, 100])  # frontiers as arrays, frontiers one by one
def test_path_is_the_first_of_the_shortest(
    embedded_store: Store, seed: int, few: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tie_block, "_FEW", few)
    chance = random.Random(seed)
    people = [f"p{i:02}" for i in range(30)]
    ties = {(chance.choice(people), chance.choice(people)) for _ in range(45)}
    told = sorted((one, other, chance.choice("xy")) for one, other in ties if one != other)
    put_people(embedded_store, [(id_, id_) for id_ in people])
    put_mentoring(embedded_store, [(f"{a}>{b}", a, b, kind) for a, b, kind in told])
    block = tie_block.make(embedded_store)
    for kinds in (None, ["x"], ["y"], ["x", "y"], ["z"]):
        allowed = [(a, b) for a, b, kind in told if kinds is None or kind in kinds]
        both = [*allowed, *((b, a) for a, b in allowed)]
        for a, b in pairwise(people[:15]):
            assert block.first_path(a, b, kinds) == first_shortest(both, a, b)
    assert block.first_path("p00", "nobody", None) == []


def test_large_network_is_asked_in_memory_once_it_is_read(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tie_block, "FEWEST", 3)
    put_people(embedded_store, [(id_, id_) for id_ in "abcde"])
    put_mentoring(embedded_store, [("1", "a", "b"), ("2", "b", "d"), ("3", "a", "c")])
    asked = {"a": "a", "b": "d"}
    before = ask(embedded_store, "lineage.between", **asked).rows
    tie_block.wait(embedded_store)
    block = tie_block.of(embedded_store)
    assert block is not None
    assert ask(embedded_store, "lineage.between", **asked).rows == before
    embedded_store.write("CREATE (:Unit {id: 'u', name: 'u'})")
    assert tie_block.of(embedded_store) is block  # no tie was written
    put_mentoring(embedded_store, [("4", "a", "d")])
    assert tie_block.of(embedded_store) is None  # it is of the data before
    (row,) = ask(embedded_store, "lineage.between", **asked).rows
    assert (row["from"], row["to"]) == ("a", "d")
    tie_block.wait(embedded_store)
    assert tie_block.of(embedded_store) is not None
    embedded_store.write("MATCH (p:Person {id: 'd'}) DETACH DELETE p")
    assert tie_block.of(embedded_store) is None  # with the person the ties went
    tie_block.wait(embedded_store)
