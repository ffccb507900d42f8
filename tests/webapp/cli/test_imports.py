"""A command imports the libraries that it needs, and no others; asked in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load

ROOT = Path(__file__).resolve().parents[3]
HEAVY = (
    *("numba", "ortools", "scipy", "pandas", "networkx", "numpy", "pygraphviz", "pyvis"),
    *("lxml", "openpyxl", "xlrd", "xlsxwriter", "docx", "neo4j", "kglite", "flask_wtf"),
)
ASK = f"""
import sys
sys.argv = ["mentor-network", *sys.argv[1:]]
from webapp.cli.console import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print([each for each in {HEAVY!r} if each in sys.modules], file=sys.stderr)
"""

STORE = {"numpy", "kglite"}
NEEDS = {
    "--help": set(),
    "--version": set(),
    "settings": set(),
    "plans --help": set(),
    "query programme.totals": STORE,
    "people": STORE,
    "career T001": STORE,
    "flows": STORE,
    "audit": STORE,
    "loads": STORE,
    "jobs": {"numpy"},
    "plans list": STORE,
    "lineage T001": STORE,
    "network T001": STORE,
    "sources": {"numpy"},
    "check examples/shifeng": {"numpy", "networkx"},
    "export OUT.json": STORE,
    "export OUT.xlsx": STORE | {"xlsxwriter"},
    "growth-file T001 OUT.docx": STORE | {"docx", "lxml"},
    "network T001 --to OUT.svg": STORE | {"networkx", "pygraphviz", "pyvis", "flask_wtf"},
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the reference district, which nobody holds."""
    url = f"embedded:{tmp_path_factory.mktemp('district') / 'graph.kgl'}"
    with open_store(Settings(store_url=url)) as store:
        load(store, ROOT / "examples" / "shifeng")
    return url


@pytest.mark.parametrize("command", NEEDS)
def test_command_imports_what_it_needs(command: str, url: str, tmp_path: Path):
    words = command.replace("OUT", str(tmp_path / "out")).split()
    done = subprocess.run(
        [sys.executable, "-c", ASK, *words],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr.splitlines()[-1].replace("'", '"'))
    assert set(found) == NEEDS[command]


def test_flask_imports_no_more_for_a_command(url: str):
    code = ASK.replace("webapp.cli.console", "flask.cli")
    done = subprocess.run(
        [sys.executable, "-c", code, "settings"],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")
