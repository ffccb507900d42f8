"""Each rule of a total: what it counts, and what it does not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.errors import NotFound
from graph.schema import PROGRAMME
from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import add_label, edge_type, upsert_edges, upsert_nodes
from loaders.load import load
from queries.catalogue import ask
from queries.programme import report
from queries.programme.on_day import facts_on
from queries.stored_programme import as_of, stored_programme
from tests.small_graph import put_edges, put_people

SHIFENG = Path(__file__).resolve().parents[3] / "examples" / "shifeng"

HEAD = """
id: p
name: {zh: 计划, en: Programme}
as_of: 2024-06-30
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy}
  - {key: 正科, zh: 正科, en: section}
grades:
  - {key: 一级科员, zh: 一级科员, en: grade 1, counts_as: 科员}
  - {key: 三级主任科员, zh: 三级主任科员, en: grade 3, counts_as: 副科}
totals:
  - key: total
    zh: 总量
    en: Total
    sentence: {zh: 总量。, en: Total.}
    rule: """


def node(id_: str, **props: Any) -> dict[str, Any]:
    return {"id": id_, "props": {"name": id_, **props}}


def put_rotations(store: Store, *rotations: tuple[str, str, dict[str, Any]]) -> None:
    rows = [
        {"id": f"r{n}", "source": person, "target": post, "props": props}
        for n, (person, post, props) in enumerate(rotations)
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)


@pytest.fixture
def places(store: Store) -> Store:
    """People a to f, all trainees but f; posts of three ranks in a village and a department."""
    put_people(store, [(id_, id_) for id_ in "abcdef"])
    add_label(store, "Person", "Trainee", list("abcde"))
    upsert_nodes(store, "Unit", [node("v", kind="village"), node("d", kind="department")])
    upsert_nodes(
        store,
        "Post",
        [
            node("staff", rank="科员", kind="staff"),
            node("deputy", rank="副科", kind="deputy"),
            node("head", rank="正科", kind="unit_head"),
            node("village", rank="科员", kind="grassroots"),
        ],
    )
    put_edges(store, "IN", [("staff", "d"), ("deputy", "d"), ("head", "d"), ("village", "v")])
    return store


def counted(store: Store, rule: str, on: str = "2024-06-30") -> list[tuple[str, str | None]]:
    """The people and dates behind a total; its value is their number."""
    props = {"name": "p", "rules": HEAD + rule}
    upsert_nodes(store, PROGRAMME, [{"id": "p", "props": props}])
    rows = ask(store, "programme.total", key="total", on=on).rows
    assert ask(store, "programme.totals", on=on).rows == [{"key": "total", "value": len(rows)}]
    return [(row["person"], row["date"]) for row in rows]


def test_joined_counts_trainees_who_had_joined_by_the_day_or_at_an_unknown_time(places: Store):
    joined = {"a": "2024-06-30", "b": "2024-07-01", "c": "2017", "f": "2017"}
    upsert_nodes(places, "Person", [node(id_, joined_on=day) for id_, day in joined.items()])
    assert counted(places, "{joined: {}}") == [
        ("c", "2017"), ("a", "2024-06-30"), ("d", None), ("e", None),
    ]  # fmt: skip
    assert [person for person, _ in counted(places, "{joined: {}}", on="2016")] == ["d", "e"]


def test_sent_counts_each_trainee_once_by_actual_rotations_in_the_window(places: Store):
    sent = {"kind": "grassroots"}
    put_rotations(
        places,
        ("a", "village", {**sent, "since": "2021-07"}),  # a month that begins with the window
        ("a", "village", {**sent, "since": "2022"}),
        ("b", "village", {**sent, "since": "2021-06-30"}),  # a day too early
        ("c", "village", {**sent, "since": "2022", "status": "planned"}),
        ("c", "village", {**sent, "since": "2024-07-01"}),  # after the day
        ("c", "village", {**sent, "since": None}),
        ("d", "staff", {**sent, "since": "2022"}),  # not in a village
        ("d", "village", {"kind": "rotation", "since": "2022"}),
        ("e", "village", {**sent, "since": "2024-06-30", "status": "actual"}),
        ("f", "village", {**sent, "since": "2022"}),  # no trainee
    )
    rule = "{sent: {kinds: [grassroots], unit_kinds: [village], months: 36}}"
    assert counted(places, rule) == [("a", "2021-07"), ("e", "2024-06-30")]
    rule = "{sent: {kinds: [grassroots], since: 2021-06-30}}"
    assert counted(places, rule) == [
        ("b", "2021-06-30"), ("a", "2021-07"), ("d", "2022"), ("e", "2024-06-30"),
    ]  # fmt: skip
    assert counted(places, "{sent: {kinds: [grassroots]}}", on="2021-06-30") == [
        ("b", "2021-06-30")
    ]


def test_held_counts_trainees_in_posts_of_a_kind(places: Store):
    put_rotations(
        places,
        ("a", "head", {"since": "2023"}),
        ("b", "deputy", {"since": "2023"}),
        ("c", "head", {"since": "2020"}),
    )
    assert counted(places, "{held: {post_kinds: [unit_head], months: 36}}") == [("a", "2023")]


def test_promoted_needs_a_lower_rank_before_and_the_first_time_in_the_window(places: Store):
    put_rotations(
        places,
        # a: staff, then deputy in the window
        ("a", "staff", {"since": "2019"}),
        ("a", "deputy", {"since": "2022-03"}),
        # b: deputy from the first day; lower only afterwards
        ("b", "deputy", {"since": "2022"}),
        ("b", "staff", {"since": "2023"}),
        # c: became deputy before the window, and again in it
        ("c", "staff", {"since": "2015"}),
        ("c", "deputy", {"since": "2020"}),
        ("c", "deputy", {"since": "2023"}),
        # d: grades, which are no ranks unless the programme counts them so
        ("d", "head", {"since": "2019", "rank": "一级科员"}),
        ("d", "staff", {"since": "2023", "rank": "三级主任科员"}),
        # e: only planned
        ("e", "staff", {"since": "2019"}),
        ("e", "deputy", {"since": "2023", "status": "planned"}),
        # f: no trainee
        ("f", "staff", {"since": "2019"}),
        ("f", "deputy", {"since": "2023"}),
    )
    rule = "{promoted: {to: 副科, months: 36}}"
    assert counted(places, rule) == [("a", "2022-03")]
    assert counted(places, rule, on="2022-03-01") == [("c", "2020"), ("a", "2022-03")]
    assert counted(places, "{promoted: {to: 正科}}") == []


def test_attendances_count_people_and_activities_and_took_part_only_people(places: Store):
    days = {"x": "2024-06-30", "y": "2023-07", "z": "2023-06-30", "late": "2024-07-01"}
    upsert_nodes(
        places,
        "Activity",
        [
            *(node(id_, kind="course", held_on=day) for id_, day in days.items()),
            node("o", kind="o"),
        ],
    )
    put_edges(places, "TOOK_PART_IN", [("a", id_) for id_ in (*days, "o")])
    put_edges(places, "TOOK_PART_IN", [("b", "x"), ("f", "x")])
    assert counted(places, "{attendances: {kinds: [course], months: 12}}") == [
        ("a", "2023-07"), ("a", "2024-06-30"), ("b", "2024-06-30"),
    ]  # fmt: skip
    assert counted(places, "{took_part: {kinds: [course], months: 12}}") == [
        ("a", "2023-07"), ("b", "2024-06-30"),
    ]  # fmt: skip


def test_recorded_counts_records_or_with_people_those_who_have_one(places: Store):
    records = {
        "w": ("a", "award", "2021-06-30", "city", ""),  # a day too early
        "x": ("a", "award", "2021-07-01", "city", ""),
        "y": ("a", "exam", "2024-06-30", "", "pass"),
        "y2": ("a", "exam", "2024-06-30", "", "pass"),
        "y3": ("a", "exam", "2024-06-30", "", "fail"),
        "z": ("b", "award", "2024-07-01", "city", ""),  # after the day
        "q": ("b", "award", "2022", "ward", ""),
        "f": ("f", "award", "2022-01-01", "city", ""),  # no trainee
        "v": ("c", "award", "2022-01-01", "city", ""),  # withdrawn
    }
    upsert_nodes(
        places,
        "Record",
        [
            node(id_, kind=kind, on=on, level=level, result=result)
            for id_, (_, kind, on, level, result) in records.items()
        ],
    )
    upsert_nodes(places, "Record", [node("v", withdrawn_on="2022-01-02")])
    put_edges(places, "HAS_RECORD", [(row[0], id_) for id_, row in records.items()])
    asked = "records: [award, exam], months: 36"
    assert counted(places, f"{{recorded: {{{asked}}}}}") == [
        ("a", "2021-07-01"), ("b", "2022"),
        ("a", "2024-06-30"), ("a", "2024-06-30"), ("a", "2024-06-30"),
    ]  # fmt: skip
    assert counted(places, f"{{recorded: {{{asked}, people: true}}}}") == [
        ("a", "2021-07-01"), ("b", "2022"),
    ]  # fmt: skip
    assert counted(places, "{recorded: {records: [exam], results: [pass]}}") == [
        ("a", "2024-06-30"), ("a", "2024-06-30"),
    ]  # fmt: skip
    assert counted(places, "{recorded: {records: [award], levels: [ward]}}") == [("b", "2022")]
    assert len(counted(places, "{recorded: {records: [award]}}", on="2021-06-30")) == 1


GROUPED = """{took_part: {kinds: [central, grid], months: 12}}
activity_kinds:
  - {key: land, zh: 征地拆迁, en: land, group: central}
  - {key: petitions, zh: 信访化解, en: petitions, group: central}
  - {key: grid, zh: 网格日, en: grid day}
activity_groups: [{key: central, zh: 中心工作, en: central tasks}]
"""


def test_a_group_counts_its_kinds_and_is_told_by_kind(places: Store):
    kinds = {"x": "land", "y": "petitions", "z": "grid", "o": "other"}
    rows = [node(id_, kind=kind, held_on="2024-01-01") for id_, kind in kinds.items()]
    upsert_nodes(places, "Activity", rows)
    put_edges(places, "TOOK_PART_IN", [("a", "x"), ("a", "y"), ("b", "y"), ("c", "z"), ("d", "o")])
    assert [person for person, _ in counted(places, GROUPED)] == ["a", "b", "c"]
    total = report.total(facts_on(places, date(2024, 6, 30)), "total")
    by_kind = {each.key: {row.person for row in each.rows} for each in total.by_kind}
    assert by_kind == {"grid": {"c"}, "land": {"a"}, "petitions": {"a", "b"}}
    with pytest.raises(NotFound) as refused:
        report.of_kind(total, "central")
    assert refused.value.message == 'The total "total" is not told by "central".'


def test_without_a_programme_there_are_no_totals_and_the_day_is_today(embedded_store: Store):
    assert ask(embedded_store, "programme.totals").rows == []
    assert stored_programme(embedded_store).id == "none"
    assert as_of(embedded_store).isoformat() > "2024"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("district") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        load(store, SHIFENG)
        yield store


def test_reference_district_has_exactly_the_published_totals(district: Store):
    totals = {row["key"]: row["value"] for row in ask(district, "programme.totals").rows}
    assert totals.pop("courses") >= 90
    assert totals == {
        "trainees": 46,
        "villages": 20,
        "key_posts": 12,
        "secondments": 32,
        "platform": 40,
        "grid_workers": 2,
        "onsite_teaching": 81,
        "seminars": 65,
        "to_deputy_county": 2,
        "to_section": 5,
        "to_deputy_section": 10,
        "unit_heads": 7,
    }


def test_every_total_of_the_district_is_the_number_of_its_rows(district: Store):
    for row in ask(district, "programme.totals").rows:
        behind = ask(district, "programme.total", key=row["key"]).rows
        assert len(behind) == row["value"]
