"""How many people are stored, by which a page knows whether it may wait for all of them."""

from __future__ import annotations

from graph.cache import per_version
from graph.store import Store

_PEOPLE = "MATCH (p:Person) RETURN count(p) AS n"


@per_version(1)
def people_count(store: Store) -> int:
    """Count the people; kept for the version of the data."""
    return int(store.read(_PEOPLE)[0]["n"])
