"""What all benchmarks share: timing, peak memory in a process of its own, the page of results."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def timed_ms(work: Callable[[Any], Any], arguments: Iterable[Any]) -> list[float]:
    """Call `work` once per argument and give the milliseconds of each call."""
    times = []
    for argument in arguments:
        began = time.perf_counter()
        work(argument)
        times.append((time.perf_counter() - began) * 1000)
    return times


def median(times: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """Return the 95th percentile (nearest rank)."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def peak_mb() -> float:
    """Return the peak resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_own_process(module: str, *arguments: str, environment: dict[str, str] | None = None) -> Any:
    """Run `python -m MODULE ARGUMENTS`, whose last line is JSON, and give that value.

    A process of its own makes peak memory a figure of that work alone.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> str:
    """Describe the machine in one line."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (
        f"{os.cpu_count()} cores, {pages / 2**30:.0f} GB memory, "
        f"Python {platform.python_version()}, {platform.system()}"
    )


def as_table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Make a Markdown table; floats get one digit below 100, none above."""
    lines = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        if value != value:
            return ""
        return (
            f"{value:,.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


def publish(name: str, text: str) -> None:
    """Print a benchmark's result and put it into its part of docs/benchmarks.md."""
    print(text, flush=True)
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page:
        page = f"{page.rstrip()}\n\n{begin}\n{end}\n"
    head, rest = page.split(begin)
    tail = rest.split(end)[1]
    PAGE.write_text(f"{head}{begin}\n{text.strip()}\n{end}{tail}", encoding="utf-8")
