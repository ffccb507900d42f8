"""The published sets in full: what their SOURCE.md counts comes out of the catalogue.

Without the folder of public data beside the repository these are skipped. Baseball takes minutes.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from bench.careers_data import shared_data
from graph.store import Store
from loaders.load import LoadReport, load
from queries.catalogue import ask
from queries.network.lines import lineage


def loaded(store: Store, name: str) -> LoadReport:
    folder: Path | None = shared_data(name)
    if folder is None:
        pytest.skip("the folder of public data is not beside the repository")
    return load(store, folder, source=name, language="en")


def counts(store: Store) -> dict[str, int]:
    return {row["key"]: row["value"] for row in ask(store, "data.counts").rows if row["value"]}


def test_lineage_of_chinese_buddhism(store: Store):
    report = loaded(store, "chinese-buddhism-lineage")
    assert counts(store) == {"people": 15_788, "mentoring": 10_679}
    assert report.skipped == 0
    ties = nx.DiGraph(
        (row["mentor"], row["trainee"])
        for row in store.read(
            "MATCH (m:Person)-[:MENTORS]->(t:Person) RETURN m.id AS mentor, t.id AS trainee"
        )
    )
    assert len({mentor for mentor, _ in ties.edges}) == 2_752
    assert len({trainee for _, trainee in ties.edges}) == 10_145
    first = nx.dag_longest_path(ties)[0]
    (reach,) = lineage(store, [first], "down", date(2024, 1, 1), 5).reach
    assert reach.longest == 56


def test_uk_ministers(store: Store):
    report = loaded(store, "uk-ministers")
    found = counts(store)
    assert (found["people"], found["posts"], found["units"]) == (1_149, 926, 69)
    assert found["rotations"] == 3_667
    reversed_ = [each for each in report.problems if each.code == "reversed-period"]
    assert [(each.file, each.row, each.severity) for each in reversed_] == [
        ("appointment.csv", 1_730, "warning"),
        ("appointment.csv", 2_749, "warning"),
    ]
    under = ask(store, "careers.served_under", ranks="PM;DPM;SoS;MoS;PUSS;Parl. lead.;Parl.",
                limit=1_000_000).rows  # fmt: skip
    assert len({(row["mentor"], row["trainee"]) for row in under}) == 7_482
    assert found["mentoring"] == len(under)


@pytest.fixture
def large_store(store: Store) -> Iterator[Store]:
    """An empty graph that is emptied in parts afterwards, but for what one statement can delete."""
    yield store
    for pattern in ("(:Person)-[n:MENTORS]->()", "(:Person)-[n:ROTATED_TO]->()", "(n)"):
        delete = "DETACH DELETE n" if pattern == "(n)" else "DELETE n"
        while store.read(f"MATCH {pattern} RETURN count(n) AS n")[0]["n"] > 20_000:
            store.write(f"MATCH {pattern} WITH n LIMIT 20000 {delete}")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_baseball_careers(large_store: Store):
    store = large_store
    loaded(store, "baseball-careers")
    assert counts(store) == {
        "people": 21_271,
        "units": 149,
        "posts": 149,
        "rotations": 115_355,
        "records": 3_786,
        "mentoring": 141_719,
    }
    pairs = Counter(
        (row["mentor"], row["trainee"])
        for row in ask(store, "careers.served_under", record="manager", limit=1_000_000).rows
    )
    assert (sum(pairs.values()), len(pairs)) == (141_719, 86_330)
