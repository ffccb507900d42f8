"""The history of a post: the day before, the day and the day after something begins or ends."""

from datetime import date
from typing import Any

import pytest

from graph.schema import PROGRAMME
from graph.store import Store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from queries.careers.posts_history import PostHistory, history
from tests.small_graph import put_people

PROGRAMME_TEXT = """
id: p
name: {zh: 计划, en: Programme}
as_of: 2024-01-01
posting_marks: [{key: acting, zh: 主持, en: acting}, {key: concurrent, zh: 兼任, en: concurrent}]
"""


def of(store: Store, on: str, *postings: tuple[str, str, dict[str, Any]]) -> PostHistory:
    put_people(store, [(id_, id_) for id_ in "ab"])
    posts = [{"id": id_, "props": {"name": id_}} for id_ in ("head", "far")]
    upsert_nodes(store, "Post", posts)
    programme = {"id": "p", "props": {"name": "p", "rules": PROGRAMME_TEXT}}
    upsert_nodes(store, PROGRAMME, [programme])
    rows = [
        {"id": f"r{n}", "source": person, "target": post, "props": props}
        for n, (person, post, props) in enumerate(postings)
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)
    return history(store, "head", date.fromisoformat(on))


HELD = ("a", "head", {"since": "2020-01-01", "until": "2022-03-01"})


@pytest.mark.parametrize(
    ("on", "runs", "until", "vacant"),
    [
        ("2022-02-28", True, None, []),  # an earlier day: nobody knew the end
        ("2022-03-01", False, "2022-03-01", [("2022-03-01", None, 0)]),
        ("2022-03-02", False, "2022-03-01", [("2022-03-01", None, 0)]),
    ],
)
def test_a_post_is_vacant_from_the_day_on_which_its_posting_ends(
    embedded_store: Store, on: str, runs: bool, until: str | None, vacant: list[Any]
):
    found = of(embedded_store, on, HELD)
    assert [(each.runs, each.row["until"]) for each in found.holders] == [(runs, until)]
    assert [(each.since, each.until, each.months) for each in found.vacancies] == vacant


@pytest.mark.parametrize(("on", "count"), [("2019-12-31", 0), ("2020-01-01", 1), ("2020-01-02", 1)])
def test_who_comes_later_is_no_holder_yet(embedded_store: Store, on: str, count: int):
    assert len(of(embedded_store, on, HELD).holders) == count


def test_an_end_to_come_is_shown_on_the_programme_s_day(embedded_store: Store):
    coming = ("a", "head", {"since": "2020-01-01", "until": "2024-06-01"})
    (holder,) = of(embedded_store, "2024-01-01", coming).holders
    assert (holder.runs, holder.row["until"], holder.months) == (True, "2024-06-01", 48)


def test_an_open_posting_ends_as_another_one_begins(embedded_store: Store):
    open_end = ("a", "head", {"since": "2020-01-01"})
    found = of(embedded_store, "2023-01-01", open_end, ("a", "far", {"since": "2021-07-01"}))
    (holder,) = found.holders
    assert (holder.runs, holder.row["until"], holder.months) == (False, "2021-07-01", 18)
    assert [(each.since, each.until, each.months) for each in found.vacancies] == [
        ("2021-07-01", None, 18)
    ]


def test_who_is_acting_does_not_fill_the_post(embedded_store: Store):
    acting = ("b", "head", {"since": "2022-03-01", "marks": ["acting"]})
    found = of(embedded_store, "2023-03-01", HELD, acting)
    assert [(each.person, each.runs) for each in found.holders] == [("a", False), ("b", True)]
    assert [(each.since, each.until, each.months) for each in found.vacancies] == [
        ("2022-03-01", None, 12)
    ]
