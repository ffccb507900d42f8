"""Checking the rows of a large data set: ours beside short scripts of polars and of pandas.

The data are those of `bench.load`, with as many people as `BENCH_PEOPLE` says (500,000, which has
1,000,000 rotations), once right and once with a wrong date in one rotation of a hundred. A script
reads the same files and looks for what a person would look for first: missing values, ids given
twice, names of nothing, dates that are none, ends before beginnings. CPU seconds are of all cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from bench.report import as_table, in_own_process, machine, peak_mb, publish

# By file: the columns that name another file's ids, its dates, and what must be filled.
NAMED = {
    "units": {"part_of": "units"},
    "posts": {"unit": "units"},
    "people": {},
    "mentoring": {"mentor": "people", "trainee": "people"},
    "rotations": {"person": "people", "post": "posts"},
}
DATES = {"people": ("joined_on", "born_on"), "mentoring": ("since", "until"),
         "rotations": ("since", "until")}  # fmt: skip
_DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


def main() -> None:
    """Measure checking right and wrong files and renew the table."""
    with tempfile.TemporaryDirectory() as scratch:
        right, wrong = Path(scratch) / "right", Path(scratch) / "wrong"
        people = {"BENCH_PEOPLE": os.environ.get("BENCH_PEOPLE", "500000")}
        counts = in_own_process("bench.rows", "write", str(right), environment=people)
        _spoil(right, wrong)
        done = {
            (how, folder.name): in_own_process("bench.rows", how, str(folder))
            for folder in (right, wrong)
            for how in ("check", "polars", "pandas")
        }
    rows = sum(counts.values())
    titles = {
        "check": "flask check (every rule, each finding with row, value and hint)",
        "polars": "a script of polars, five rules, counted only",
        "pandas": "a script of pandas, the same",
    }
    table = [
        [
            titles[how],
            files,
            found["cpu"],
            rows / found["cpu"],
            found["mb"],
            found["cpu"] / done["pandas", files]["cpu"],
        ]
        for (how, files), found in done.items()
    ]
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    busy = os.getloadavg()[2]
    headings = ["how", "files", "CPU s", "rows per CPU s", "peak MB", "ratio to pandas"]
    publish(
        "rows",
        "\n".join(
            [
                "## Checking rows",
                "",
                f"{told}; {machine()}, {busy:.1f} processes wanting them on average. "
                "In the wrong files one rotation in a hundred has no date where it begins.",
                "",
                as_table(headings, table),
            ]
        ),
    )


def _spoil(right: Path, wrong: Path) -> None:
    shutil.copytree(right, wrong)
    file = wrong / "rotations.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = lines[0].split(",").index("since")
    for number in range(100, len(lines), 100):
        cells = lines[number].split(",")
        cells[at] = "soon"
        lines[number] = ",".join(cells)
    file.write_text("".join(lines), encoding="utf-8")


def run_check(folder: Path) -> int:
    """Check as `flask check` does."""
    from loaders.load import check

    return len(check(folder))


def run_polars(folder: Path) -> int:
    """Look for the likeliest mistakes with polars."""
    import polars as pl

    found, ids = 0, {}
    for name, named in NAMED.items():
        frame = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        ids[name] = frame["id"]
        found += frame["id"].null_count() + len(frame) - frame["id"].n_unique()
        for column, other in named.items():
            known = frame[column].is_in(ids[other].implode())
            found += int((~known).fill_null(False).sum())
        dates = DATES.get(name, ())
        found += sum(int((~frame[each].str.contains(_DATE)).sum()) for each in dates)
        if "until" in dates:
            found += int((frame["until"] < frame["since"]).sum())
    return found


def run_pandas(folder: Path) -> int:
    """Look for the likeliest mistakes with pandas."""
    import pandas as pd

    found, ids = 0, {}
    for name, named in NAMED.items():
        frame = pd.read_csv(folder / f"{name}.csv", dtype=str)
        ids[name] = frame["id"]
        found += int(frame["id"].isna().sum() + frame["id"].duplicated().sum())
        for column, other in named.items():
            given = frame[column].dropna()
            found += int((~given.isin(ids[other])).sum())
        dates = DATES.get(name, ())
        found += sum(int((~frame[each].dropna().str.match(_DATE)).sum()) for each in dates)
        if "until" in dates:
            both = frame[["since", "until"]].dropna()
            found += int((both["until"] < both["since"]).sum())
    return found


def _in_process() -> None:
    """Do one part in this process; the last line is its JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=("write", "check", "polars", "pandas"))
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    if given.how == "write":
        from bench.load import write

        print(json.dumps(write(given.folder)))
        return
    work = {"check": run_check, "polars": run_polars, "pandas": run_pandas}[given.how]
    began = time.process_time()
    work(given.folder)
    print(json.dumps({"cpu": time.process_time() - began, "mb": peak_mb()}))


if __name__ == "__main__":
    _in_process()
