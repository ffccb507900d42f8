"""What is kept of a store follows its writes: as a fresh reading has it, after any of them."""

import random
import sys
import threading
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from graph import cache
from graph.errors import Conflict, StoreError
from graph.schema import PROGRAMME
from graph.store import Store, Transaction
from graph.touched import edges, nodes
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from loaders.entry import add, correct, remove, stored
from loaders.load import load
from loaders.undo import undo
from queries.personnel import Personnel, of_people, parts, personnel, reading
from tests.queries.personnel.histories import day
from tests.queries.personnel.literal import LADDER
from tests.small_graph import fill
from tests.waiting import until

DAYS = (date(2008, 6, 1), date(2016, 1, 1), date(2024, 6, 30))
POSTS, UNITS, KINDS = "ABCDEF", "uvwx", ("appointment", "rotation", "secondment", None)
PROGRAMMES = [
    "\n".join(
        [
            "id: small",
            "name: {zh: 小, en: small}",
            "ranks:",
            *(f"  - {{key: {rank}, zh: {rank}, en: {rank}}}" for rank in ladder),
            "rotation_kinds:",
            "  - {key: appointment, zh: 任命, en: appointment}",
            "  - {key: rotation, zh: 轮岗, en: rotation}",
            f"  - {{key: secondment, zh: 挂职, en: secondment, keeps_home_post: {beside}}}",
            "statuses:",
            "  - {key: active, zh: 在职, en: active}",
            f"  - {{key: resigned, zh: 辞职, en: resigned, counts: {counts}}}",
        ]
    )
    for ladder, beside, counts in (
        (LADDER, "true", "false"),
        (LADDER[::-1], "false", "false"),
        (LADDER, "true", "true"),
    )
]


def everything(model: Personnel) -> dict[str, object]:
    """All that a model says, as plain values."""
    columns = model.columns
    main, periods = model.main_posts, model.periods
    return {
        "places": [getattr(columns.places, name) for name in ("post_ids", "post_titles")]
        + [columns.post_ranks, columns.post_kinds, columns.unit_ids, columns.unit_names]
        + [columns.unit_kinds, columns.post_unit.tolist(), columns.unit_parent.tolist()],
        "people": [columns.person_ids, columns.person_names, columns.joined.tolist()],
        "known": columns.known,
        "rows": [columns.as_row(at) for at in range(len(columns))],
        "values": [columns.kinds, columns.ranks, columns.person.tolist()],
        "main": [each.tolist() for each in vars(main).values()],
        "periods": [each.tolist() for each in vars(periods).values()],
        "marks": [columns.concurrent.tolist(), columns.acting.tolist(), model.until.tolist()],
        "moves": model.moves(date(2024, 1, 1)),
        "left": [model.left_undated, model.outs],
        **{
            str(on): [
                dict(model.on(on)),
                *(each.tolist() for each in (model.on(on).main, model.on(on).rank)),
                model.on(on).in_service.tolist(),
                sorted(model.on(on).posting_ids),
            ]
            for on in DAYS
        },
    }


def fresh(store: Store) -> Personnel:
    """The model of a store as somebody reads it who has kept nothing."""
    kept = cache._by_store.pop(store, None)
    model = personnel(store)
    if kept is not None:
        cache._by_store[store] = kept
    return model


def node(store: Store | Transaction, label: str, id_: str, **props: object) -> None:
    upsert_nodes(store, label, [{"id": id_, "props": {"name": id_, **props}}])


def tie(store: Store | Transaction, type_: str, source: str, target: str) -> None:
    row = {"id": None, "source": source, "target": target}
    upsert_edges(store, edge_type(type_), [row], identified=False)


def post(store: Store | Transaction, rng: random.Random, id_: str) -> None:
    rank, name = rng.choice([None, *LADDER]), rng.choice([id_, "书记"])
    node(store, "Post", id_, name=name, rank=rank, kind=rng.choice([None, "head"]))
    tie(store, "IN", id_, rng.choice(UNITS))


def unit(store: Store | Transaction, rng: random.Random, id_: str) -> None:
    node(store, "Unit", id_, name=rng.choice([id_, "柳村"]), kind=rng.choice([None, "village"]))
    if id_ != UNITS[0]:
        tie(store, "PART_OF", id_, rng.choice([each for each in UNITS if each < id_]))


def person(store: Store | Transaction, rng: random.Random, id_: str) -> None:
    joined = day(rng, 1998, 2012) if rng.random() < 0.7 else None
    node(store, "Person", id_, joined_on=joined, status=rng.choice([None, "active", "resigned"]))


def posting(store: Store | Transaction, rng: random.Random, id_: str, people: list[str]) -> None:
    props = {
        "kind": rng.choice(KINDS),
        "since": day(rng),
        "until": rng.choice([None, day(rng)]),
        "rank": rng.choice([None, None, *LADDER]),
        "status": rng.choice([None, "actual", "planned"]),
        "marks": rng.choice([None, ["concurrent"], ["acting"]]),
    }
    row = {"id": id_, "source": rng.choice(people), "target": rng.choice(POSTS), "props": props}
    upsert_edges(store, edge_type("ROTATED_TO"), [row])


def filled(store: Store, rng: random.Random) -> None:
    for id_ in UNITS:
        unit(store, rng, id_)
    for id_ in POSTS:
        post(store, rng, id_)
    for number in range(10):
        person(store, rng, f"P{number}")
    for number in range(25):
        posting(store, rng, f"r{number}", [f"P{each}" for each in range(10)])
    node(store, PROGRAMME, "small", rules=PROGRAMMES[0])


def write(store: Store, rng: random.Random, number: int) -> None:
    """Write something small, of any kind, in one transaction."""
    people = [row["id"] for row in store.read("MATCH (p:Person) RETURN p.id AS id ORDER BY id")]
    held = [row["id"] for row in store.read("MATCH ()-[r:ROTATED_TO]->() RETURN r.id AS id")]
    what = rng.randrange(13)
    with store.transaction() as to:
        if what <= 2:
            posting(to, rng, f"n{number}", people)
        elif what == 3:
            posting(to, rng, rng.choice(sorted(held)), people)  # another person, post, period
        elif what == 4:
            gone = rng.sample(sorted(held), 2)
            statement = "MATCH ()-[r:ROTATED_TO]->() WHERE r.id IN $ids DELETE r"
            to.run(statement, edges("ROTATED_TO", gone), ids=gone)
        elif what == 5:
            person(to, rng, rng.choice([f"A{number}", f"P5{number}", f"Z{number}", people[0]]))
        elif what == 6 and len(people) > 4:
            ids = rng.sample(people, 2)
            statement = "MATCH (p:Person) WHERE p.id IN $ids DETACH DELETE p"
            to.run(statement, nodes("Person", ids), ids=ids)
        elif what == 7:
            post(to, rng, rng.choice(POSTS))
        elif what == 8:
            unit(to, rng, rng.choice(UNITS))
        elif what == 9:
            new = rng.choice(["", "A0", "BB", "Z"]) + f"{number}"
            node(to, "Unit", f"u{new}")
            post(to, rng, f"{new}")
            tie(to, "IN", f"{new}", f"u{new}")
        elif what == 10:
            alone = "MATCH (n:Post) WHERE NOT n.id IN $kept AND NOT (n)<-[:ROTATED_TO]-() "
            ids = [row["id"] for row in to.read(alone + "RETURN n.id AS id", kept=list(POSTS))]
            to.run(alone + "DETACH DELETE n", nodes("Post", ids), kept=list(POSTS))
        elif what == 11:
            record = f"n{rng.randrange(6)}"
            node(to, "Record", record, kind="talk", on=day(rng), withdrawn_on=None)
            tie(to, "HAS_RECORD", rng.choice(people), record)
        else:
            node(to, PROGRAMME, "small", rules=rng.choice(PROGRAMMES))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of three people, so that a dozen stand in several; read in two questions."""
    monkeypatch.setattr(parts, "SIZE", 3)
    monkeypatch.setattr(reading, "TOGETHER", {"embedded": 6, "neo4j": 6})


NEO4J = pytest.mark.bolt


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("engine", "seed"),
    [
        *(("embedded_store", seed) for seed in range(12)),
        *(pytest.param("neo4j_store", seed, marks=NEO4J) for seed in range(4)),
    ],
)
def test_after_any_small_write_it_says_what_a_fresh_reading_says(request, engine: str, seed: int):
    store = request.getfixturevalue(engine)
    rng = random.Random(seed)
    filled(store, rng)
    personnel(store)
    for number in range(20):
        write(store, rng, number)
        if rng.random() < 0.3:  # several writes before the next question
            continue
        now = personnel(store)
        expected = fresh(store)
        assert everything(now) == everything(expected), number
        some = rng.sample(now.columns.person_ids, 2)
        alone = of_people(store, some)
        assert all(alone.on(DAYS[2])[id_] == expected.on(DAYS[2])[id_] for id_ in some)


@pytest.mark.usefixtures("small_parts")
def test_a_small_write_reads_the_touched_people_alone(store: Store, monkeypatch):
    rng = random.Random(1)
    filled(store, rng)
    before = personnel(store)
    asked: list[list[str]] = []
    read = reading.read_people

    def noted(*given):
        asked.append(list(given[2]))
        return read(*given)

    monkeypatch.setattr(reading, "read_parts", None)  # nobody may read everything
    monkeypatch.setattr(reading, "read_people", noted)
    posting(store, rng, "n1", ["P4"])
    after = personnel(store)
    assert asked == [["P4"]]
    same = [one is other for one, other in zip(before.parts, after.parts, strict=True)]
    assert same.count(False) == 1
    node(store, "Unit", "u", name="renamed")
    assert personnel(store).columns.unit_names[0] == "renamed"
    assert asked == [["P4"]]


def test_entries_corrections_and_undone_loads_are_followed(store: Store, tmp_path: Path):
    fill(store)
    personnel(store)

    def agrees() -> bool:
        return everything(personnel(store)) == everything(fresh(store))

    row = add(store, "rotations", {"person": "b", "post": "o2", "since": "2022"}, by="me")
    assert agrees()
    texts = {"person": "g", "post": "t1", "since": "2022", "until": "2023"}
    row = correct(store, "rotations", row.id, texts, by="me", seen=row.mark)
    assert personnel(store).on(date(2022, 6, 1))["g"].main_post == "t1"
    assert agrees()
    remove(store, "rotations", row.id, by="me", reason="wrong", seen=row.mark)
    assert agrees()
    with pytest.raises(Conflict):
        held = stored(store, "posts", "o1")
        remove(store, "posts", "o1", by="me", reason="wrong", seen=held.mark)
    (tmp_path / "people.csv").write_text("id,name\na,改名\nnew,新人\n", encoding="utf-8")
    report = load(store, tmp_path)
    assert "new" in personnel(store).on(DAYS[2])
    assert agrees()
    undo(store, report.load, by="me")
    assert "new" not in personnel(store).on(DAYS[2])
    assert agrees()


def test_an_undone_load_is_followed_person_by_person(store: Store, tmp_path: Path, monkeypatch):
    fill(store)
    (tmp_path / "people.csv").write_text("id,name\na,改名\nnew,新人\n", encoding="utf-8")
    (tmp_path / "rotations.csv").write_text(
        "id,person,post,since\nn1,new,t1,2022\nn2,a,t1,2023\n", encoding="utf-8"
    )
    (tmp_path / "records.csv").write_text(
        "id,person,kind,on\nk1,a,talk,2023-01-01\n", encoding="utf-8"
    )
    report = load(store, tmp_path)
    personnel(store)
    before = store.version()
    undo(store, report.load, by="me")
    touched = store.touched_since(before)
    assert touched is not None
    assert {"a", "new"} <= touched.ids("Person")
    assert touched.ids("ROTATED_TO", end="Person") == {"a", "new"}
    assert touched.ids("ROTATED_TO", end="Post") == {"t1"}
    assert touched.ids("HAS_RECORD", end="Person") == {"a"}
    expected = everything(fresh(store))
    monkeypatch.setattr(reading, "read_parts", None)  # nobody may read everything
    assert everything(personnel(store)) == expected


@pytest.mark.usefixtures("small_parts")
def test_ids_are_read_in_the_engine_s_order_whatever_their_script(store: Store):
    rng = random.Random(3)
    ids = ["Z", "a", "é", "\uff21", "\U00020000", "\U00020000b", "张", "１", "~"]
    filled(store, rng)
    for at, id_ in enumerate(ids):
        node(store, "Person", id_, joined_on="2010")
        posting(store, rng, f"x{at}", [id_])
    model = fresh(store)
    count = store.read("MATCH (:Person)-[r:ROTATED_TO]->(:Post) RETURN count(r) AS n")[0]["n"]
    assert len(model.columns) == count
    assert model.columns.person_ids == sorted(model.columns.person_ids)


def is_within(thread: threading.Thread, function) -> bool:
    """Tell whether a thread is inside a function now: it has begun it and waits there."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None


def test_who_comes_while_somebody_follows_shares_the_next_turn(store: Store, monkeypatch):
    filled(store, random.Random(4))
    personnel(store)
    asked: list[str] = []
    held, go = threading.Event(), threading.Event()
    touched_since = store.touched_since

    def slow(version: str):
        found = touched_since(version)
        asked.append(version)
        if len(asked) == 1:
            held.set()
            assert go.wait(60)
        return found

    monkeypatch.setattr(store, "touched_since", slow)
    first = threading.Thread(target=personnel, args=(store,))
    first.start()
    assert held.wait(60)
    node(store, "Person", "late", joined_on="2010")  # after the first had asked
    seen: list[bool] = []
    others = [
        threading.Thread(target=lambda: seen.append("late" in personnel(store).on(DAYS[2])))
        for _ in range(8)
    ]
    for each in others:
        each.start()
    for each in others:
        until(partial(is_within, each, personnel))
    assert not seen  # the turn that began before the write is nothing for them
    go.set()
    for each in (first, *others):
        each.join()
    assert seen == [True] * 8
    assert len(asked) <= 4  # two, when all came in time


def test_an_error_of_a_turn_is_told_to_all_and_ends_with_it(store: Store, monkeypatch):
    filled(store, random.Random(5))
    personnel(store)

    def broken(version: str):
        raise StoreError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(store, "touched_since", broken)
        for _ in range(2):
            with pytest.raises(StoreError):
                personnel(store)
    assert everything(personnel(store)) == everything(fresh(store))


def test_readers_beside_writers_never_see_less_than_what_was_stored(store: Store):
    rng = random.Random(2)
    filled(store, rng)
    personnel(store)
    late: list[str] = []

    def work(at: int) -> None:
        for number in range(10):
            id_ = f"w{at}-{number}"
            node(store, "Person", id_, joined_on="2024-06-01")
            if id_ not in personnel(store).on(DAYS[2]):
                late.append(id_)

    threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not late
    assert everything(personnel(store)) == everything(fresh(store))
