"""Commands stand in groups, are the same under both names, and say in the index what they do."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from flask import Flask

from graph.version import VERSION
from webapp.cli import printing
from webapp.cli.console import application, beside_the_program, console
from webapp.cli.groups import GROUPS, command_of, find, names
from webapp.cli.index import FLAT, SECTIONS

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "webapp" / "cli" / "mentor-network.sh"
ENTRIES = [entry for section in SECTIONS for entry in section.entries]


def module_commands() -> dict[tuple[str, str], click.Command]:
    """Every command that a module of `webapp/cli` lists, by module and name."""
    found: dict[tuple[str, str], click.Command] = {}
    for file in (ROOT / "webapp" / "cli").glob("*.py"):
        if file.stem not in ("__init__", "__main__"):
            listed = getattr(import_module(f"webapp.cli.{file.stem}"), "COMMANDS", ())
            found |= {(file.stem, each.name): each for each in listed}
    return found


def test_index_holds_every_command_once():
    listed = [(entry.module, entry.name) for entry in ENTRIES]
    assert sorted(listed) == sorted(module_commands())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_index_says_what_the_command_says_itself(entry):
    assert command_of(entry).get_short_help_str(500) == entry.help


def test_sections_are_those_that_were_asked_for():
    assert list(GROUPS) == ["data", "network", "careers", "plans", "programme", "server"]


def test_one_command_stands_in_its_group_and_flat():
    context = click.Context(console)
    for section in SECTIONS:
        for entry in section.entries:
            grouped = GROUPS[section.name].get_command(context, entry.name)
            if entry.is_flat and entry.name not in GROUPS:
                assert console.get_command(context, entry.name) is grouped is find(entry.name)
    assert set(names()) == {*FLAT, *GROUPS}


def test_flask_and_the_console_have_the_same_commands(app: Flask):
    context = click.Context(console)
    flasks = {"run", "shell", "routes"}
    assert set(console.list_commands(context)) - flasks == set(app.cli.list_commands(context))
    for name in names():
        assert app.cli.get_command(context, name) is console.get_command(context, name)


@pytest.mark.parametrize(
    ("grouped", "flat"),
    [
        (["data", "query", "programme.totals"], ["query", "programme.totals"]),
        (["careers", "career", "T001"], ["career", "T001"]),
        (["network", "lineage", "T001"], ["lineage", "T001"]),
        (["network", "network", "T001", "depth=1"], ["network", "T001", "depth=1"]),
        (["programme", "stages"], ["stages"]),
        (["programme", "programme"], ["programme"]),
        (["server", "settings"], ["settings"]),
    ],
)
def test_grouped_and_flat_give_the_same(district_app: Flask, grouped, flat):
    runner = district_app.test_cli_runner()
    one = runner.invoke(args=[*grouped, "--json"])
    other = runner.invoke(args=[*flat, "--json"])
    assert (one.exit_code, other.exit_code) == (0, 0), one.output
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)


def test_group_that_is_a_command_too_helps_with_both(runner):
    text = runner.invoke(args=["network", "--help"]).stdout
    assert "Show the network around people" in text
    assert "--begin" in text
    assert "connection" in text


def test_person_with_the_name_of_a_command_can_be_asked_for(runner):
    told = runner.invoke(args=["network", "person=lineage"])
    assert told.exit_code == 1
    assert "lineage" in told.stderr


def test_unknown_command_is_a_usage_error(runner):
    assert runner.invoke(args=["plans", "make"]).exit_code == 2
    assert runner.invoke(args=["nothing"]).exit_code == 2


def console_of(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run the script as it stands in .venv/bin, from a folder."""
    home = folder / "root" / ".venv"
    if not home.exists():
        (folder / "root").mkdir()
        (home / "bin").mkdir(parents=True)
        (home / "bin" / "python").symlink_to(sys.executable)
        (home / "bin" / "mentor-network").write_text(SCRIPT.read_text(encoding="utf-8"))
        (home / "bin" / "mentor-network").chmod(0o755)
        (home / "pyvenv.cfg").write_text((Path(sys.prefix) / "pyvenv.cfg").read_text())
        (home / "lib").symlink_to(Path(sys.prefix) / "lib")
        for name in ("webapp", "graph", "queries", "loaders", "planning", "layouts"):
            (folder / "root" / name).symlink_to(ROOT / name)
    without = {key: value for key, value in os.environ.items() if key != "STORE_URL"}
    return subprocess.run(
        [home / "bin" / "mentor-network", *arguments],
        cwd=folder,
        env={**without, "LANGUAGE": "en", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_script_works_in_every_folder_with_the_store_beside_the_program(tmp_path: Path):
    (tmp_path / "graph.py").write_text("raise SystemExit('imported from where it was typed')")
    told = console_of(tmp_path, "settings", "--json")
    assert told.returncode == 0, told.stderr
    url = json.loads(told.stdout)[0]["value"]
    assert url == f"embedded:{ROOT / 'var' / 'graph.kgl'}"
    assert console_of(tmp_path, "--version").stdout == f"mentor-network {VERSION}\n"
    wrong = console_of(tmp_path, "settings", STORE_URL="mysql://here")
    assert (wrong.returncode, "mysql://here" in wrong.stderr) == (2, True)
    assert "Traceback" not in wrong.stderr


def test_store_that_was_named_is_taken_as_it_was_named(monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert beside_the_program({"STORE_URL": "embedded:x"}) == {"STORE_URL": "embedded:x"}
    monkeypatch.chdir(ROOT)
    assert beside_the_program({}) == {}


def test_help_has_the_commands_under_their_groups():
    told = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    lines = told.stdout.splitlines()
    heads = [line.partition(" ")[0] for line in lines if line[:1].isalpha() and line[-1:] == ":"]
    assert [head for head in heads if head in GROUPS] == list(GROUPS)
    network = lines.index(next(line for line in lines if line.startswith("network ")))
    careers = lines.index(next(line for line in lines if line.startswith("careers ")))
    assert [line.split()[0] for line in lines[network:careers] if line[2:3].isalpha()][:2] == [
        "network",
        "network",
    ]
    assert any(line.startswith("  connection ") for line in lines[network:careers])


def test_application_of_a_command_has_no_pages_and_a_served_one_has():
    assert "home" in application().blueprints  # nobody's command: a server wants it
    with click.Context(console, info_name="mentor-network"):
        assert application().blueprints == {}
    run = console.commands["run"]
    with click.Context(console, info_name="m") as above, click.Context(run, above) as context:
        context.params.update(host="127.0.0.1", port=5000)
        assert "home" in application().blueprints


def test_errors_are_translated_by_the_one_decorator():
    assert not hasattr(printing, "told")
