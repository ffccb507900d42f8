"""People, units and posts: a command prints with --json what the address under /api gives."""

import json

import pytest
from flask import Flask


@pytest.mark.parametrize(
    ("command", "address"),
    [
        (["people", "--cohort", "2019", "--on", "2024-06-30"], "/api/people?cohort=2019"),
        (["people", "--unit", "U05", "--role", "trainee"], "/api/people?unit=U05&role=trainee"),
        (["units"], "/api/units"),
        (["unit", "U05", "--on", "2018-06-30"], "/api/units/U05?on=2018-06-30"),
        (["posts", "--unit", "U05"], "/api/posts?unit=U05"),
        (["posts", "--kind", "key", "--on", "2020"], "/api/posts?kind=key&on=2020"),
        (["post", "P36"], "/api/posts/P36"),
        (["post", "P36", "--as-of", "2019-01-01"], "/api/posts/P36?on=2019-01-01"),
    ],
)
def test_command_and_address_give_the_same(district_app: Flask, command: list[str], address: str):
    told = district_app.test_cli_runner().invoke(args=[*command, "--json"])
    assert told.exit_code == 0, told.output
    answer = district_app.test_client().get(address).json
    found = json.loads(told.stdout)
    assert set(found) == set(answer)
    for key in answer:
        assert found[key] == answer[key], key
    table = district_app.test_cli_runner().invoke(args=command)
    assert table.exit_code == 0, table.output
    assert "---" in table.stdout


@pytest.mark.parametrize("command", [["unit", "NOPE"], ["post", "NOPE"], ["posts", "--on", "soon"]])
def test_what_is_not_there_is_told_in_a_sentence(district_app: Flask, command: list[str]):
    told = district_app.test_cli_runner().invoke(args=command)
    assert told.exit_code in (1, 2)
    assert command[-1] in told.stderr


def test_tree_of_units_has_levels_and_kinds(district_app: Flask):
    found = district_app.test_client().get("/api/units").json
    assert found["total"] == len(found["units"]) == sum(found["kinds"].values())
    level_of = {unit["id"]: unit["level"] for unit in found["units"]}
    for unit in found["units"]:
        assert unit["level"] == (level_of[unit["part_of"]] + 1 if unit["part_of"] else 0)


def test_post_tells_who_holds_it_now(district_app: Flask):
    client = district_app.test_client()
    post = next(post for post in client.get("/api/posts").json["posts"] if post["holders"])
    found = client.get(f"/api/posts/{post['post']}").json
    assert {row["person"] for row in found["now"]} == {row["person"] for row in post["holders"]}
    assert found["persons"] == len({row["person"] for row in found["holders"]})
