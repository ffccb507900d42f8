"""Careers over 115,355 real postings: search by path, flows, routes from A to B, beside pandas.

The data are the public set of baseball careers (see bench/careers_data.py). pandas does the same
questions on the same rows, as a person with a notebook would: joins of each step with the next by
person. Both have the rows in memory; the counts must agree, or the benchmark stops.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench.careers_data import Tables, baseball, put, shared_data
from bench.report import as_table, machine, median, publish, timed_ms
from graph.settings import Settings
from graph.store import open_store
from queries.careers.flows import flows
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from queries.careers.routes import RouteEnd, routes
from queries.personnel import postings

ON = date(2025, 1, 1)
TIMES = 5

SEARCHES: dict[str, list[dict[str, Any]]] = {
    "shortstop, then second base within 2 years": [
        {"post_kind": "ss"},
        {"post_kind": "2b", "within_months": 24},
    ],
    "Yankees, anything, Red Sox": [{"unit": "NYA"}, {}, {"unit": "BOS"}],
    "three steps, the last within 8 years of entry": [
        {"post_kind": "ss"},
        {"post_kind": "2b", "within_months": 24},
        {"post_kind": "3b", "within_months_of_entry": 96},
    ],
}


def main() -> None:
    """Measure and renew the table; say so and stop where the data are missing."""
    folder = shared_data("baseball-careers")
    if folder is None:
        print(
            "The public data are not beside the repository: nothing is measured.", file=sys.stderr
        )
        return
    tables = baseball(folder)
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(store_url=f"embedded:{Path(scratch) / 'graph.kgl'}")
        with open_store(settings) as store:
            put(store, tables)
            began = time.perf_counter()
            count = len(postings(store))
            read = time.perf_counter() - began
            frame = _frame(tables)
            rows = [
                _beside(
                    f"search by path: {title}",
                    partial(_search, store, steps),
                    partial(_pandas_search, frame, steps),
                )
                for title, steps in SEARCHES.items()
            ]
            rows.append(
                _beside(
                    "flows between 149 teams",
                    lambda: flows(store, "unit", ON).moves,
                    lambda: _pandas_flows(frame),
                )
            )
            rows.append(
                _beside(
                    "routes from the Yankees to the Red Sox, by team",
                    lambda: _routes(store),
                    lambda: _pandas_routes(frame),
                )
            )
    lines = as_table(["question", "answer", "ours, ms", "pandas, ms", "ratio"], rows)
    publish(
        "careers",
        f"## Careers: {count:,} postings of baseball players\n\n{machine()}; embedded engine. "
        f"Reading all postings into columns, once per version of the data: {read:.1f} s. "
        f"Medians of {TIMES}. pandas counts only; ours also gives quartiles, who is waiting, the "
        f"figures of each step and the first 200 people, gains and losses, the people of each "
        f"route and the shortest chain. Who is in a band of the flows is told when it is opened."
        f"\n\n{lines}",
    )


def _search(store: Any, steps: list[dict[str, Any]]) -> int:
    return search(store, parse_steps(steps), ON, 200).count


def _routes(store: Any) -> int:
    return routes(store, RouteEnd("unit", "NYA"), RouteEnd("unit", "BOS"), ON, "unit").count


def _beside(title: str, ours: Callable[[], int], theirs: Callable[[], int]) -> list[Any]:
    """Measure one question both ways; the answers must be equal."""
    answer, other = ours(), theirs()
    if answer != other:
        raise SystemExit(f"{title}: ours says {answer}, pandas {other}")
    mine = median(timed_ms(lambda _: ours(), range(TIMES)))
    pandas = median(timed_ms(lambda _: theirs(), range(TIMES)))
    return [title, answer, mine, pandas, f"{pandas / mine:.1f}"]


def _frame(tables: Tables) -> pd.DataFrame:
    """Make the table of postings that a notebook would begin with."""
    frame = pd.DataFrame(tables["rotations"])
    kinds = {post["id"]: post["kind"] for post in tables["posts"]}
    units = {post["id"]: post["unit"] for post in tables["posts"]}
    frame["post_kind"] = frame["post"].map(kinds)
    frame["unit"] = frame["post"].map(units)
    frame["month"] = frame["since"].astype(int) * 12
    frame["entry"] = frame.groupby("person")["month"].transform("min")
    columns = ["person", "id", "month", "until", "entry", "post_kind", "unit"]
    return frame.sort_values(["person", "month", "until", "id"])[columns].reset_index(drop=True)


def _pandas_search(frame: pd.DataFrame, steps: list[dict[str, Any]]) -> int:
    """Join each step's postings with the next step's by person; count the people left."""
    found = pd.DataFrame()
    for at, step in enumerate(steps):
        here = frame
        for key in ("post_kind", "unit"):
            if key in step:
                here = here[here[key] == step[key]]
        if "within_months_of_entry" in step:
            here = here[here["month"] <= here["entry"] + step["within_months_of_entry"]]
        here = here[["person", "id", "month"]].rename(
            columns={"id": f"id{at}", "month": f"month{at}"}
        )
        if not at:
            found = here
            continue
        found = found.merge(here, on="person")
        found = found[found[f"month{at}"] >= found[f"month{at - 1}"]]
        for before in range(at):
            found = found[found[f"id{at}"] != found[f"id{before}"]]
        if "within_months" in step:
            found = found[found[f"month{at}"] <= found[f"month{at - 1}"] + step["within_months"]]
    return int(found["person"].nunique())


def _pandas_flows(frame: pd.DataFrame) -> int:
    """Count the pairs of neighbouring postings in different teams."""
    before = frame.groupby("person")["unit"].shift()
    moved = frame[before.notna() & (before != frame["unit"])].assign(source=before)
    return int(moved.groupby(["source", "unit"]).size().sum())


def _pandas_routes(frame: pd.DataFrame) -> int:
    """Cut each person's sequence from the first A to the first later B, and count the people."""
    first = frame[frame["unit"] == "NYA"].groupby("person")["month"].min().rename("begin")
    later = frame.merge(first, on="person")
    ends = later[(later["unit"] == "BOS") & (later["month"] >= later["begin"])]
    end = ends.groupby("person")["month"].min().rename("end")
    walk = later.merge(end, on="person")
    walk = walk[(walk["month"] >= walk["begin"]) & (walk["month"] <= walk["end"])]
    walk.groupby("person")["unit"].agg(lambda units: tuple(dict.fromkeys(units))).value_counts()
    return int(walk["person"].nunique())


if __name__ == "__main__":
    main()
