"""A shell completes groups, commands, options and the names that the program lists."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.schema import TABLES
from loaders.sources import sources
from queries.catalogue import QUERIES

ROOT = Path(__file__).resolve().parents[3]


def completed(line: str, tmp_path: Path, shell: str = "bash") -> list[str]:
    """Return the words that a shell is offered for the last word of a line."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        asked = {"COMP_WORDS": line, "COMP_CWORD": words[-1]}
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli"],
        cwd=ROOT,
        env={
            **os.environ,
            **asked,
            "STORE_URL": f"embedded:{tmp_path / 'none' / 'graph.kgl'}",
            "_MENTOR_NETWORK_COMPLETE": f"{shell}_complete",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert not (tmp_path / "none").exists()
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "mentor-network car",
            ["careers", "career", "career-lines", "career-routes", "career-tree", "care"],
        ),
        (
            "mentor-network plans ",
            ["plan", "plan-check", "due", "list", "show", "accept", "withdraw"],
        ),
        ("mentor-network network l", ["lineage"]),
        ("mentor-network network P1 --v", ["--view"]),
        ("mentor-network data load x --skip", ["--skip-bad"]),
        ("mentor-network query lineage.up pe", ["person="]),
        ("mentor-network changes --table ro", ["rotations"]),
        ("mentor-network load x --source native", ["native"]),
    ],
)
def test_words_are_completed(line: str, words: list[str], tmp_path: Path):
    assert sorted(completed(line, tmp_path)) == sorted(f"plain,{word}" for word in words)


def test_every_name_of_queries_sources_and_tables_is_offered(tmp_path: Path):
    for line, names in (
        ("mentor-network query ", set(QUERIES)),
        ("mentor-network check x --source ", {each["name"] for each in sources("en")}),
        ("mentor-network changes --table ", {table.name for table in TABLES}),
    ):
        assert {each.partition(",")[2] for each in completed(line, tmp_path)} == names


def test_description_of_files_is_completed_as_a_path(tmp_path: Path):
    assert completed("mentor-network load x --source ./my", tmp_path) == ["file,./my"]


def test_zsh_and_fish_are_told_what_a_command_does(tmp_path: Path):
    sentence = "List the settings (environment variables), their values and what they mean."
    assert completed("mentor-network setti", tmp_path, "zsh") == ["plain", "settings", sentence]
    assert completed("mentor-network setti", tmp_path, "fish")[0].startswith("plain,settings\t")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_script_of_a_shell_is_given(shell: str):
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli"],
        cwd=ROOT,
        env={**os.environ, "_MENTOR_NETWORK_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "mentor-network" in done.stdout
    assert f"{shell}_complete" in done.stdout
