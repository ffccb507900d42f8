"""Searching people: order of the classes, and the block of memory that answers for many."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.names import fold, search_fields
from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import edge_type, upsert_edges
from queries import directory
from queries.catalogue import ask
from tests.small_graph import put_mentoring, put_people, put_tree

NAMES = st.text(alphabet="王伟芳曾吕𠮷li wNé·-1", min_size=1, max_size=6).filter(str.strip)
PEOPLE = st.lists(NAMES, max_size=25).map(
    lambda names: [(f"T{number}", name) for number, name in enumerate(names)]
)
TEXTS = st.one_of(
    NAMES,
    st.sampled_from(
        [
            "w",
            "wei",
            "wang",
            "T1",
            "t",
            "1",
            "i w",
            "wang 1",
            "n1",
            "lv",
            "lu",
            "zeng",
            "\\",
            "%",
            "'",
        ]
    ),
)


def test_each_class_is_found_once_and_in_order_on_both_engines(store: Store):
    people = [
        ("T1", "王伟"), ("T2", "王伟芳"), ("T3", "小王伟"), ("T4", "李王"), ("wang", "吕方"),
        ("T5", "王"), ("T6", "曾国藩"), ("T11", "曾\n王"), ("T7", "wang"),
    ]  # fmt: skip
    put_people(store, people)
    for text in ("王伟", "王", "wang", "w", "T1", "t", "ang", "zeng", "zz", "曾", "lv"):
        for most in (1, 2, 3, 20):
            rows = ask(store, "people.search", text=text, limit=most).rows
            assert [row["id"] for row in rows] == by_hand(people, text)[:most], (text, most)


def test_cards_count_people_not_ties(store: Store):
    put_tree(store, [("m", "t"), ("n", "t")])
    put_mentoring(store, [("again", "m", "t", "village", "2020", None)])
    rows = ask(store, "people.cards", people=["m", "t"], on="2024-01-01").rows
    assert [(row["id"], row["mentors"], row["trainees"]) for row in rows] == [
        ("m", 0, 1),
        ("t", 2, 0),
    ]


def by_hand(people: list[tuple[str, str]], text: str) -> list[str]:
    """Compare every entry of everybody."""
    wanted, found = fold(text), []
    for id_, name in people:
        entries = search_fields(id_, name)["search"].strip("\n").split("\n")
        if any(wanted in entry for entry in entries) and wanted:
            exact, begins = wanted in entries, any(entry.startswith(wanted) for entry in entries)
            found.append((0 if exact else 1 if begins else 2, name, id_))
    return [id_ for _, _, id_ in sorted(found)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(PEOPLE, st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from([1, 2, 100]))
def test_engine_and_directory_find_what_brute_force_finds(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[tuple[str, str]],
    texts: list[str],
    limit: int,
):
    path = tmp_path_factory.mktemp("search") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        put_people(store, people)
        made = directory.make(store)
        for text in texts:
            expected = by_hand(people, text)
            answer = ask(store, "people.search", text=text, limit=limit) if text.strip() else None
            assert answer is None or [row["id"] for row in answer.rows] == expected[:limit]
            if fold(text):
                assert made.find(fold(text), limit) == expected[:limit]


@pytest.mark.parametrize("limit", [1, 20, 1500])
def test_directory_finds_the_same_where_hits_are_many(limit: int):
    """More hits than are looked at one by one: in every class, in one, in none."""
    names = ["王伟", "安王", "Wang", "Li 王", "李"]
    people = [(f"{'ww' if n % 7 else 'x'}{n:05}", names[n % 5]) for n in range(6000)]
    people += [("w", "魏"), ("y1", "w"), ("y2", "王"), ("e5", "鄂"), ("e", "李")]
    made = directory.Directory()
    for id_, name in sorted(people, key=lambda person: person[::-1]):
        made.add(id_, name, search_fields(id_, name)["search"])
    typed = "w,ww,王,li,wang,i,y,0000,x,wangwei,n,q,e,5,w0,g w,an w,li w,li 王"
    for text in typed.split(","):
        assert made.find(text, limit) == by_hand(people, text)[:limit], text


def test_a_search_after_a_write_is_of_the_data_as_they_are(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(directory, "FEWEST", 2)
    put_people(embedded_store, [("1", "王伟"), ("2", "李明")])
    assert directory.of(embedded_store) is None  # the engine answers until the block is made
    directory.wait(embedded_store)
    first = directory.of(embedded_store)
    assert first and first.find("wang", 20) == ["1"]
    put_people(embedded_store, [("3", "王芳"), ("2", "王明")])
    embedded_store.write("MATCH (p:Person {id: '1'}) DETACH DELETE p")
    second = directory.of(embedded_store)
    assert second and second.directory is first.directory  # no new block for so few
    assert second.find("wang", 20) == ["2", "3"]
    assert second.find("li", 20) == []
    rows = ask(embedded_store, "people.search", text="wang").rows
    assert [row["id"] for row in rows] == ["2", "3"]


def test_a_new_block_is_made_when_many_were_written(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(directory, "FEWEST", 2)
    monkeypatch.setattr(directory, "_MANY", 1)
    put_people(embedded_store, [("1", "王伟"), ("2", "李明")])
    directory.of(embedded_store)
    directory.wait(embedded_store)
    put_people(embedded_store, [("3", "王芳"), ("4", "王明")])
    laid_over = directory.of(embedded_store)
    assert laid_over and laid_over.find("wang", 20) == ["1", "4", "3"]  # by name
    directory.wait(embedded_store)
    anew = directory.of(embedded_store)
    assert anew and not anew.written
    assert anew.find("wang", 20) == ["1", "4", "3"]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(PEOPLE, PEOPLE, st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from([1, 2, 100]))
def test_people_laid_over_are_found_as_those_of_the_block(
    people: list[tuple[str, str]],
    later: list[tuple[str, str]],
    texts: list[str],
    limit: int,
):
    block = directory.Directory()
    for id_, name in sorted(people, key=lambda person: person[::-1]):
        block.add(id_, name, search_fields(id_, name)["search"])
    gone = {id_ for id_, _ in people[::3]}
    written = {
        id_: (name, search_fields(id_, name)["search"].strip("\n").split("\n"))
        for id_, name in later
    }
    now = {**{id_: name for id_, name in people if id_ not in gone}, **dict(later)}
    laid_over = directory.Overlaid(block, {**dict.fromkeys(gone), **written})
    for text in filter(None, map(fold, texts)):
        assert laid_over.find(text, limit) == by_hand(list(now.items()), text)[:limit]


def test_small_graph_needs_no_directory(embedded_store: Store):
    put_people(embedded_store, [("1", "王伟")])
    assert directory.of(embedded_store) is None
    assert not [each for each in threading.enumerate() if "_make_quietly" in each.name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王伟", ["1"]),
        ("ＷＡＮＧwei", ["1"]),  # full width
        ("wáng wěi", ["1"]),
        ("吕", ["2"]),
        ("lv", ["2"]),
        ("lü", ["2"]),
        ("lu", ["2"]),
        ("bronte", ["3"]),
        ("Brontë", ["3"]),
        ("阿卜杜拉", ["4"]),
        ("maimaiti", ["4"]),
        ("𠮷", ["5"]),
        ("T-5/甲", ["5"]),
        ("  ", None),
    ],
)
def test_person_is_found_however_the_name_is_typed(
    embedded_store: Store, text: str, expected: list[str] | None
):
    names = ["王伟", "吕布", "Charlotte Brontë", "阿卜杜拉·买买提"]
    people = [(str(number), name) for number, name in enumerate(names, start=1)]
    put_people(embedded_store, [*people, ("T-5/甲", "𠮷田")])
    wanted = None if expected is None else [{"5": "T-5/甲"}.get(id_, id_) for id_ in expected]
    if wanted is None:
        with pytest.raises(Exception, match="needs text"):
            ask(embedded_store, "people.search", text=text)
    else:
        rows = ask(embedded_store, "people.search", text=text).rows
        assert [row["id"] for row in rows] == wanted


@pytest.mark.parametrize(
    ("on", "mentors", "trainees"),
    [("2019-08-31", 0, 1), ("2019-09-01", 1, 1), ("2019-09-02", 1, 2)],
)
def test_a_card_counts_the_pairs_begun_by_the_day(
    embedded_store: Store, on: str, mentors: int, trainees: int
):
    put_people(embedded_store, [(id_, id_) for id_ in "mabc"])
    rows = [
        {"id": "1", "source": "m", "target": "a", "props": {"since": "2019-09-01"}},
        {"id": "2", "source": "m", "target": "a", "props": {"since": "2021"}},  # counted once
        {"id": "3", "source": "a", "target": "b", "props": {"since": "2019-09-02"}},
        {"id": "4", "source": "a", "target": "c", "props": {}},
    ]
    upsert_edges(embedded_store, edge_type("MENTORS"), rows)
    (card,) = ask(embedded_store, "people.cards", people="a", on=on).rows
    assert (card["mentors"], card["trainees"]) == (mentors, trainees)
