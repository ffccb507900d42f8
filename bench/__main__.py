"""`make bench` or `python -m bench [NAME ...]`: run benchmarks and renew docs/benchmarks.md."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

SHARED = {
    "__init__",
    "__main__",
    "report",
    "lineage_data",
    "careers_data",
    "planning_data",
    "planning_peers",
}


def names() -> list[str]:
    """List the benchmarks: every other module of this folder, each with a `main()`."""
    modules = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return sorted(name for name in modules if name not in SHARED)


def main() -> None:
    """Run the benchmarks that were named, or all of them."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    chosen = parser.parse_args().names
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}")
    for name in chosen or names():
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
