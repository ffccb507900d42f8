"""How many source files one thing that people do enters: `python -m bench walks`.

A file counts when one of its functions runs between the question and the answer, on a store that
was just loaded. A report, not a target: nothing is packed together to shorten a walk.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from graph.settings import from_environment
from graph.store import Store, open_store
from loaders.load import load
from webapp import create_app

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = ROOT / "examples" / "shifeng"
FOLDERS = ("graph", "queries", "layouts", "loaders", "planning", "jobs", "webapp")
OURS = tuple(f"{ROOT / name}{os.sep}" for name in FOLDERS)


def entered(act: Callable[[], object]) -> list[str]:
    """Return the source files of ours in which a function ran, as paths from the root, sorted."""
    files: set[str] = set()

    def note(frame: FrameType, event: str, arg: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(OURS):
            files.add(Path(code.co_filename).relative_to(ROOT).as_posix())

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return sorted(files)


def walks(folder: Path) -> dict[str, Callable[[], object]]:
    """Return each walk with what is done for it; a store is opened in a folder."""
    settings = from_environment({"STORE_URL": f"embedded:{folder / 'graph.kgl'}"})
    store: Store = open_store(settings)
    load(store, DISTRICT)
    app = create_app(settings, store)
    client, runner = app.test_client(), app.test_cli_runner()
    row = folder / "one" / "mentoring.csv"
    row.parent.mkdir()
    row.write_text("mentor,trainee,since\nM001,T001,2024-01-05\n", encoding="utf-8")

    def page(address: str) -> Callable[[], object]:
        return lambda: client.get(address)

    def plan() -> None:
        run = client.post("/api/plans/runs", json={"seconds": 1}).get_json()["id"]
        client.post(f"/api/plans/runs/{run}/stop")

    def command(*words: str) -> Callable[[], object]:
        return lambda: runner.invoke(args=list(words))

    return {
        "one CSV row to a stored edge": lambda: load(store, row.parent),
        "a person's page": page("/people/T001"),
        "a plan request": plan,
        "the audit command": command("audit"),
        "the audit page": page("/programme/audit"),
        "an export": command("export", str(folder / "out.json")),
        "a catalogue question": page("/api/queries/lineage.up?person=T001"),
    }


def main() -> None:
    """Print every walk with its number of files."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for title, act in walks(Path(name)).items():
            files = entered(act)
            print(f"{len(files):4}  {title}")


if __name__ == "__main__":
    main()
