"""Who is acting (主持工作) holds a post and does not fill it: case 21 of what is true on a day."""

from datetime import date
from pathlib import Path

import pytest

from graph.store import Store
from loaders.load import load
from queries.catalogue import ask
from queries.post_file import post_file, post_list
from queries.programme.vacancies import vacancies
from tests.queries.programme.programme_cases import facts_of

TABLES = {
    "units.csv": "id,name\nU,人社局\n",
    "posts.csv": "id,title,unit,rank,capacity\nHEAD,局长,U,正科,1\nDEPUTY,副局长,U,副科,1\n",
    "people.csv": "id,name,roles,joined_on\nA,王敏,trainee,2010-07-01\nB,李强,,2005-07-01\n",
    "rotations.csv": (
        "person,post,since,until,marks\n"
        "B,HEAD,2015-01-01,2020-01-01,\n"
        "A,DEPUTY,2016-01-01,,\n"
        "A,HEAD,2020-01-01,2021-01-01,acting\n"
    ),
    "programme.yaml": (
        "id: p\nname: {zh: 项目, en: Programme}\n"
        "ranks: [{key: 副科, zh: 副科, en: deputy}, {key: 正科, zh: 正科, en: head}]\n"
    ),
}


@pytest.fixture
def store(embedded_store: Store, tmp_path: Path) -> Store:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    load(embedded_store, tmp_path)
    return embedded_store


@pytest.mark.parametrize(
    ("on", "holders", "is_vacant"),
    [
        ("2019-12-31", [("B", False)], False),
        ("2020-01-01", [("A", True)], True),
        ("2020-12-31", [("A", True)], True),
        ("2021-01-01", [], True),
    ],
)
def test_a_post_with_an_acting_holder_is_vacant(
    store: Store, on: str, holders: list[tuple[str, bool]], is_vacant: bool
):
    day = date.fromisoformat(on)
    listed = post_list(store, day)
    (head,) = [each for each in listed.posts if each["post"] == "HEAD"]
    assert [(each["person"], each["acting"]) for each in head["holders"]] == holders
    assert listed.empty == (1 if is_vacant else 0)
    cut = post_list(store, day, 1)  # the others are counted without their rows
    assert (len(cut.posts), cut.total, cut.empty) == (1, len(listed.posts), listed.empty)
    assert ("HEAD" in [each.post for each in vacancies(facts_of(store, day))]) is is_vacant
    (state,) = ask(store, "people.state", person="A", on=on).rows
    assert (state["main_post"], state["rank"]) == ("DEPUTY", "副科")


def test_the_time_with_an_acting_holder_is_a_gap(store: Store):
    found = post_file(store, "HEAD", date(2021, 7, 1))
    assert found.gaps == ({"since": "2020-01-01", "until": None, "months": 18},)
