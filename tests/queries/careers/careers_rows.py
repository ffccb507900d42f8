"""Small careers for tests, written as tuples, and stored by the schema's own upsert.

`people`: id -> joined_on (or None). A posting is (person, post, since, until) with `kind`, `rank`
and `status` by keyword. Posts are named "unit:title:kind:rank"; parts may be left out.
"""

from typing import Any

from bench.careers_data import Tables, put
from graph.store import Store


def posting(person: str, post: str, since: str | None, until: str | None = None, **more: Any):
    return {"person": person, "post": post, "since": since, "until": until, **more}


def tables(
    postings: list[dict[str, Any]],
    people: dict[str, str | None] | None = None,
    units: dict[str, tuple[str | None, str | None]] | None = None,
) -> Tables:
    """Make the rows; `units` maps an id to (kind, unit above)."""
    units = units or {}
    joined = {row["person"]: None for row in postings} | (people or {})
    names = dict.fromkeys(row["post"] for row in postings)
    split = {name: [*name.split(":"), "", "", ""][:4] for name in names}
    known = {unit: units.get(unit, (None, None)) for unit, *_ in split.values()} | units
    return {
        "people": [
            {"id": id_, "name": f"N{id_}", "joined_on": day} for id_, day in sorted(joined.items())
        ],
        "units": [
            {"id": unit, "name": f"Unit {unit}", "kind": kind, "part_of": above}
            for unit, (kind, above) in known.items()
        ],
        "posts": [
            {
                "id": id_,
                "title": title or id_,
                "unit": unit,
                "kind": kind or None,
                "rank": rank or None,
            }
            for id_, (unit, title, kind, rank) in split.items()
        ],
        "rotations": [
            {"id": f"r{number:03d}", "kind": None, "rank": None, "status": "actual", **row}
            for number, row in enumerate(postings)
        ],
    }


def fill(store: Store, postings: list[dict[str, Any]], **more: Any) -> Store:
    """Empty the store (but for its count of writes) and put the careers there."""
    store.write("MATCH (n) WHERE NOT n:DataVersion DETACH DELETE n")
    put(store, tables(postings, **more))
    return store
