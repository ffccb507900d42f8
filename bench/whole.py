"""The four first pages, beside the picture that a user would make instead: a Gantt by a script.

Today, Network, Careers and Plans of the reference district and of districts of the sizes that
`BENCH_WHOLE` names (trainees, by comma), on the embedded engine. Each page is opened for the first
time in a process that holds nothing yet, which reads everybody's facts, and then five times. The
script reads the same files with pandas and draws every posting as a line, a row a person, by
matplotlib as SVG; its imports are not counted. It judges nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.report import as_table, in_own_process, machine, median, peak_mb, publish
from examples.generate import generate
from graph.settings import from_environment
from graph.store import open_store
from webapp import create_app

SIZES = os.environ.get("BENCH_WHOLE", "46,10000")
DAY = date(2024, 6, 30)
PAGES = ("/", "/network", "/careers", "/plans")
TIMES = 5


def main() -> None:
    """Measure the pages and the script at each size and renew the table."""
    rows = []
    for trainees in map(int, SIZES.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "data"
            generate(folder, trainees=trainees)
            environment = {"STORE_URL": f"embedded:{scratch}/whole.kgl"}
            in_own_process("bench.audit", "load", str(folder), environment=environment)
            script = in_own_process("bench.whole", "script", str(folder))
            for page in PAGES:
                done = in_own_process("bench.whole", "page", page, environment=environment)
                rows.append(_row(trainees, page, done, script))
    headings = ["trainees", "page", "first ms", "then ms", "KB", "script ms", "script KB"]
    headings += ["first / script", "then / script"]
    publish(
        "whole",
        "\n".join(
            [
                "## The four first pages",
                "",
                f"`then` is the median of {TIMES} openings; {machine()}, "
                f"{os.getloadavg()[2]:.1f} processes wanting them on average. The script draws "
                "each posting as a line with pandas and matplotlib and judges nothing.",
                "",
                as_table(headings, rows),
            ]
        ),
    )


def _row(trainees: int, page: str, done: dict[str, Any], script: dict[str, Any]) -> list[Any]:
    first, then = done["first"], median(done["then"])
    ratios = [first / script["ms"], then / script["ms"]]
    return [trainees, page, first, then, done["kb"], script["ms"], script["kb"], *ratios]


def open_page(page: str) -> dict[str, Any]:
    """Open a page first with nothing kept, then as often as the median wants."""
    with open_store(from_environment()) as store:
        client = create_app(from_environment(), store).test_client()
        times, size = [], 0
        for _time in range(TIMES + 1):
            began = time.perf_counter()
            answer = client.get(page)
            assert answer.status_code == 200, (page, answer.status_code)
            times.append((time.perf_counter() - began) * 1000)
            size = len(answer.data) // 1024
    return {"first": times[0], "then": times[1:], "kb": size, "mb": peak_mb()}


def draw(folder: Path) -> dict[str, Any]:
    """Draw every posting as a line, a row a person, as a short script of a user would."""
    import matplotlib as mpl
    import pandas as pd
    from matplotlib.figure import Figure

    began = time.perf_counter()
    people = pd.read_csv(folder / "people.csv", dtype=str)
    people = people[people["roles"].fillna("").str.contains("trainee")].sort_values("cohort")
    posts = pd.read_csv(folder / "posts.csv", dtype=str).set_index("id")
    held = pd.read_csv(folder / "rotations.csv", dtype=str)
    held = held[held["person"].isin(people["id"]) & held["since"].notna()]
    since = pd.to_datetime(held["since"], errors="coerce")
    until = pd.to_datetime(held["until"], errors="coerce").fillna(pd.Timestamp(DAY))
    rank = held["post"].map(posts["rank"]).fillna("")
    row = held["person"].map({person: at for at, person in enumerate(people["id"])})
    colours = {each: mpl.colormaps["viridis"](at / 5) for at, each in enumerate(rank.unique())}
    figure = Figure(figsize=(9, max(6, min(len(people) * 0.12, 600))))
    axes = figure.subplots()
    axes.hlines(row, since, until, colors=rank.map(colours).tolist(), linewidth=5)
    if len(people) <= 1000:  # more names than that could not be read
        axes.set_yticks(range(len(people)), people["id"])
    out = io.BytesIO()
    figure.savefig(out, format="svg")
    ms = (time.perf_counter() - began) * 1000
    return {"ms": ms, "kb": len(out.getvalue()) // 1024, "mb": peak_mb()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("page", "script"))
    parser.add_argument("of")
    asked = parser.parse_args()
    print(json.dumps(open_page(asked.of) if asked.part == "page" else draw(Path(asked.of))))
