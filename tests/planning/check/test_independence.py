"""The checker shares nothing with what it checks: by the imports of all that it imports."""

from pathlib import Path

from tests.test_layers import ROOT, imported

# What of the planner and the personnel model the checker may use, whoever of its own imports it.
DECLARED = {"planning.problem.defaults.Setting"}

GUARDED = ("planning/", "queries/personnel/")


def source_of(name: str) -> Path | None:
    """The file of a module of ours, or of the module that a name is in."""
    path = ROOT / name.replace(".", "/")
    for file in (path / "__init__.py", path.with_suffix(".py"), path.parent.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def reached(start: list[Path]) -> dict[str, set[str]]:
    """Every file of ours that these files import, at once or by others, with what is imported."""
    found: dict[str, set[str]] = {}
    waiting = list(start)
    while waiting:
        file = waiting.pop()
        path = file.relative_to(ROOT).as_posix()
        if path in found:
            continue
        found[path] = imported(file.read_text(encoding="utf-8"), path)
        for name in found[path]:
            source = source_of(name)
            if source:
                packages = [p / "__init__.py" for p in source.parents if ROOT in p.parents]
                waiting += [source, *(each for each in packages if each.is_file())]
    return found


def undeclared(found: dict[str, set[str]]) -> list[str]:
    """A sentence for each guarded name that is not declared."""
    return [
        f"{path} imports {name}"
        for path, names in sorted(found.items())
        for name in sorted(names)
        if f"{name.replace('.', '/')}/".startswith(GUARDED)
        and not name.startswith("planning.check")
        and name not in DECLARED
    ]


def test_checker_reaches_only_declared_names_of_the_planner_and_the_model():
    found = reached(sorted((ROOT / "planning" / "check").glob("*.py")))
    assert undeclared(found) == []
    assert {path for path in found if path.startswith(GUARDED)} == {
        *(p.relative_to(ROOT).as_posix() for p in (ROOT / "planning" / "check").glob("*.py")),
        "planning/__init__.py",
        "planning/problem/__init__.py",
        "planning/problem/defaults.py",
    }
    assert {"graph/dates.py", "graph/programme.py", "queries/sentences.py"} <= set(found)


def test_an_import_of_the_planner_is_found_wherever_it_stands():
    text = "def f():\n    from planning.rules import RULES\n    from planning.check import check\n"
    found = {"graph/dates.py": imported(text, "graph/dates.py")}
    assert undeclared(found) == ["graph/dates.py imports planning.rules.RULES"]
