"""A rank, a unit, a kind has one colour on every page, whatever draws it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.pages import EXAMPLES
from webapp.pictures.signs import colour_of, sign_of_unit

# Pages on which ranks and units are drawn beside those of EXAMPLES.
MORE = (
    "/network?cohort=2019&depth=1&colour=rank",
    "/network?person=T001&depth=2&colour=unit",
    "/network?unit=U08&depth=1&colour=unit",
    "/careers/flows?level=unit_kind",
    "/careers/flows?level=unit",
    "/careers/tree?level=unit_kind",
)
RANK = re.compile(r'class="(?:swatch )?rank-(\d)"[^>]*></(?:i|span)>\s*([^<\s]+)')
BAR = re.compile(r'<rect class="rank-(\d)"[^>]*><title>([^<]*)</title>')
FILLED = re.compile(r'data-filter="category:([^"]*)"><span class="kind" data-colour="([\w-]+)"')
DATA = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


def nodes(value: Any) -> Iterator[tuple[str, str]]:
    """Return the text and the colour of each node of a chart."""
    if isinstance(value, list):
        for each in value:
            yield from nodes(each)
    elif isinstance(value, dict):
        if "itemStyle" in value and "text" in value:
            yield re.sub(r" ?[（(].*", "", value["text"]), value["itemStyle"]["color"][2:]
        for each in value.values():
            yield from nodes(each)


@pytest.fixture(scope="module")
def seen(request) -> dict[str, set[str]]:
    """Return every colour that each rank's title and each unit's id has on any page."""
    client: FlaskClient = request.getfixturevalue("district_app").test_client()
    found: dict[str, set[str]] = defaultdict(set)
    titles = {"科员", "副科", "正科", "副处", "正处"}
    for path in dict.fromkeys((*EXAMPLES, *MORE)):
        page = client.get(path + ("&" if "?" in path else "?") + "lang=zh_Hans").text
        for step, title in RANK.findall(page):
            if title in titles:
                found[title].add(f"rank-{step}")
        for step, tip in BAR.findall(page):
            named = [title for title in titles if re.search(rf"(?<!\w){title}(?!\w)", tip)]
            if len(named) == 1:
                found[named[0]].add(f"rank-{step}")
        by = re.search(r"[?&]colour=(\w+)", path)
        if by is None or by[1] == "unit":
            for unit, colour in FILLED.findall(page):
                if re.fullmatch(r"U\d+", unit):
                    found[unit].add(colour)
        for text in DATA.findall(page):
            for title, colour in nodes(json.loads(text)):
                found[title].add(colour)
    return found


def test_a_rank_has_one_colour(seen: dict[str, set[str]], district_app: Flask):
    with district_app.test_request_context("/"):
        for rank in ("科员", "副科", "正科", "副处"):
            assert seen[rank] == {colour_of("ranks", rank)}


def test_a_unit_has_the_colour_of_its_kind(seen: dict[str, set[str]], district_app: Flask):
    units = [key for key in seen if re.fullmatch(r"U\d+", key)]
    assert len(units) > 8
    with district_app.test_request_context("/"):
        for unit in units:
            assert seen[unit] == {sign_of_unit(unit).colour}
        for name, unit in (("龙山镇", "U08"), ("乡镇", "U08"), ("区直部门", "U02")):
            assert seen[name] == {sign_of_unit(unit).colour}


def test_nothing_else_has_two_colours(seen: dict[str, set[str]]):
    plain = {"不再变动", "没有再动", "到此为止"}
    assert {k: v for k, v in seen.items() if len(v) > 1 and k not in plain} == {}


def test_signs_of_units_are_their_own(district_app: Flask):
    with district_app.test_request_context("/?lang=zh_Hans"):
        signs = {unit: sign_of_unit(unit) for unit in (f"U{n:02}" for n in range(1, 21))}
    assert [signs[unit].text for unit in ("U02", "U04", "U08", "U11", "U18")] == [
        "组织",
        "改革",
        "龙山",
        "桃园",
        "桃园",
    ]
    assert len(set(signs.values())) == 20  # 桃园 is a street and a community, in two colours
