import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from graph.schema import LABELS, NODE_TABLES, TABLES, table
from graph.settings import Settings, from_environment
from graph.store import Store, open_store
from graph.tables import stored_rows
from graph.upsert import BATCH
from loaders.export import stored_texts
from loaders.load import check, load
from loaders.loads import brought, loads

ROOT = Path(__file__).parent.parent.parent

SET = {
    "units.csv": "id,name,part_of\nu1,石峰区,\nu2,河东镇,u1\nu3,柳村,u2\n",
    "posts.csv": "id,title,unit,rank\np1,书记,u2,正科\np2,副书记,u3,副科\n",
    "people.csv": "id,name,roles,joined_on,specialties,cohort\n"
    "m,王芳,mentor,2001,,\nt,曾国安,trainee,2017-09,法律;经济,2017\nx,李敏,,,,\n",
    "mentoring.csv": "mentor,trainee,kind,since,until\nm,t,village,2017-09,2019-09\n",
    "rotations.csv": "person,post,kind,since,status\nt,p2,grassroots,2017-10,actual\n",
    "service.csv": "person,kind,since,until,to,document,note\n"
    "m,退休,2020-01,,,石组〔2019〕1号,\nt,leave,2019-03-01,2019-06-01,,,病假\n",
    "grades.csv": "人员,职级,开始,文号\nt,一级科员,2018-09,\n",
    "activities.csv": "id,title,kind,held_on\nc1,入职第一课,course,2017-09-01\n",
    "attendance.csv": "person,activity,role\nt,c1,学员\n",
    "records.csv": "person,kind,on,level\nt,talk,2018-03-01,district\n",
    "wishes.csv": "person,post,unit,rank_of_wish\nt,p1,,1\nt,,u1,2\n",
    "kin.csv": "person,relative,relation\nt,x,表亲\n",
    "programme.yaml": "id: trial\nname: {zh: 试点, en: Trial}\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def content(store: Store) -> dict[str, Any]:
    """All that is stored, with what no table of a data set holds."""
    rows: dict[str, Any] = {table.name: list(stored_rows(store, table)) for table in TABLES}
    rows["texts"] = stored_texts(store)
    rows["derived"] = store.read(
        "MATCH (n:Person) RETURN n.id AS id, n.pinyin AS pinyin, n.initials AS initials, "
        "n.search AS search ORDER BY id"
    )
    rows["names"] = store.read("MATCH (n:Record) RETURN n.id AS id, n.name AS name ORDER BY id")
    rows["edges"] = store.read("MATCH (a)-[e]->(b) RETURN count(e) AS n")
    return rows


def labels(store: Store) -> set[tuple[str, str]]:
    rows = store.read("MATCH (n:Person) RETURN n.id AS id, labels(n) AS labels ORDER BY id")
    return {(row["id"], label) for row in rows for label in row["labels"] if label != "Person"}


def node_count(store: Store) -> int:
    """Count the nodes of declared labels; an engine may keep one of its own."""
    counts = [store.read(f"MATCH (n:{label}) RETURN count(n) AS n")[0]["n"] for label in LABELS]
    return sum(counts)


def ties(store: Store, type_: str) -> set[tuple[str, str]]:
    rows = store.read(f"MATCH (a)-[e:{type_}]->(b) RETURN a.id AS a, b.id AS b ORDER BY a, b")
    return {(row["a"], row["b"]) for row in rows}


def test_every_table_becomes_its_part_of_the_graph(store: Store, tmp_path: Path):
    report = load(store, written(tmp_path / "set", SET))
    assert report.as_dict()["loaded"] == {
        "units": 3, "posts": 2, "people": 3, "mentoring": 1, "rotations": 1, "service": 2,
        "grades": 1, "activities": 1, "attendance": 1, "records": 1, "wishes": 2, "kin": 1,
    }  # fmt: skip
    assert labels(store) == {("m", "Mentor"), ("t", "Trainee")}
    assert ties(store, "PART_OF") == {("u2", "u1"), ("u3", "u2")}
    assert ties(store, "IN") == {("p1", "u2"), ("p2", "u3")}
    assert ties(store, "MENTORS") == {("m", "t")}
    assert ties(store, "ROTATED_TO") == {("t", "p2")}
    assert ties(store, "TOOK_PART_IN") == {("t", "c1")}
    assert ties(store, "WISHES_FOR") == {("t", "p1"), ("t", "u1")}
    assert ties(store, "KIN_OF") == {("t", "x")}
    assert [a for a, _ in ties(store, "HAS_RECORD")] == ["t"]
    assert sorted(a for a, _ in ties(store, "HAS_SERVICE")) == ["m", "t"]
    assert [a for a, _ in ties(store, "HAS_GRADE")] == ["t"]
    (person,) = store.read(
        "MATCH (n:Person {id: 't'}) RETURN n.name AS name, n.joined_on AS joined_on, "
        "n.specialties AS specialties, n.cohort AS cohort, n.pinyin AS pinyin, "
        "n.initials AS initials"
    )
    assert person == {
        "name": "曾国安", "joined_on": "2017-09", "specialties": ["法律", "经济"], "cohort": 2017,
        "pinyin": "zengguoan", "initials": "zga",
    }  # fmt: skip
    record = store.read("MATCH (n:Record) RETURN n.name AS name, n.kind AS kind")
    assert record == [{"name": "talk", "kind": "talk"}]
    assert stored_texts(store) == {"programme.yaml": SET["programme.yaml"]}


def test_loading_twice_changes_nothing(store: Store, tmp_path: Path):
    path = written(tmp_path / "set", SET)
    load(store, path)
    once = content(store)
    load(store, path)
    assert content(store) == once


def test_data_set_with_an_error_stores_nothing(store: Store, tmp_path: Path):
    files = {**SET, "kin.csv": "person,relative,relation\nt,nobody,表亲\n"}
    with pytest.raises(InputError) as refused:
        load(store, written(tmp_path / "set", files), language="en")
    assert [problem.code for problem in refused.value.problems] == ["unknown-reference"]
    assert "nothing was stored" in refused.value.message
    assert refused.value.hint
    assert node_count(store) == 0


def test_bad_rows_and_rows_that_name_them_are_skipped(store: Store, tmp_path: Path):
    files = {**SET, "people.csv": "id,name,joined_on\nm,王芳,2001\nt,曾国安,soon\nx,李敏,\n"}
    report = load(store, written(tmp_path / "set", files), skip_bad=True)
    # t, and with it its tie, rotation, leave, grade, attendance, record, two wishes and kin
    assert report.skipped == 10
    assert [problem.code for problem in report.problems] == ["bad-date"]
    people = store.read("MATCH (n:Person) RETURN n.id AS id ORDER BY id")
    assert people == [{"id": "m"}, {"id": "x"}]
    assert ties(store, "KIN_OF") == set()


def test_rows_that_name_a_table_left_out_are_left_out_too(store: Store, tmp_path: Path):
    path = written(tmp_path / "set", SET)
    (path / "activities.csv").write_bytes(b'id,title\nc1,"not closed\n')
    report = load(store, path, skip_bad=True)
    assert [problem.code for problem in report.problems] == ["bad-quotes"]
    assert (report.loaded["activities"], report.loaded["attendance"]) == (0, 0)
    assert ties(store, "TOOK_PART_IN") == set()


def test_check_changes_nothing(store: Store, tmp_path: Path):
    path = written(tmp_path / "set", SET)
    assert check(path, store) == []
    assert node_count(store) == 0
    assert {each.name for each in path.iterdir()} == set(SET)


def test_row_may_name_somebody_who_is_stored(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    new = {
        "people.csv": "id,name\nn,新人\n",
        "mentoring.csv": "mentor,trainee\nm,n\nn,ghost\n",
    }
    path = written(tmp_path / "new", new)
    assert [each.value for each in check(path)] == ["m", "ghost"]
    assert [each.value for each in check(path, store)] == ["ghost"]
    report = load(store, path, skip_bad=True)
    assert report.loaded["mentoring"] == 1
    assert ties(store, "MENTORS") == {("m", "t"), ("m", "n")}
    assert ("n", "Trainee") in labels(store)


def test_lone_table_is_checked_against_the_store(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    path = written(tmp_path / "new", {"mentoring.csv": "mentor,trainee\nx,t\n"})
    assert {each.code for each in check(path)} == {"unchecked-reference"}
    assert check(path, store) == []
    load(store, path)
    assert ties(store, "MENTORS") == {("m", "t"), ("x", "t")}


def test_cycle_through_stored_units_is_found(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    path = written(tmp_path / "new", {"units.csv": "id,name,part_of\nu1,石峰区,u3\n"})
    assert [each.code for each in check(path, store)] == ["part-of-cycle"]


def test_empty_cell_takes_a_value_away_and_absent_column_leaves_it(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    new = {
        "people.csv": "id,name,specialties\nt,曾国平,\n",
        "units.csv": "id,name,part_of\nu3,柳村,\n",
        "posts.csv": "id,title,unit\np1,书记,u1\n",
    }
    load(store, written(tmp_path / "new", new))
    (person,) = store.read(
        "MATCH (n:Person {id: 't'}) RETURN n.name AS name, n.specialties AS specialties, "
        "n.cohort AS cohort, n.pinyin AS pinyin"
    )
    assert person == {
        "name": "曾国平", "specialties": None, "cohort": 2017, "pinyin": "zengguoping",
    }  # fmt: skip
    assert ties(store, "PART_OF") == {("u2", "u1")}
    assert ties(store, "IN") == {("p1", "u1"), ("p2", "u3")}
    rank = store.read("MATCH (n:Post {id: 'p1'}) RETURN n.rank AS rank")
    assert rank == [{"rank": "正科"}]


def test_tie_with_an_id_may_get_other_ends(store: Store, tmp_path: Path):
    people = "id,name\na,A\nb,B\nc,C\n"
    for number, tie in enumerate(("m1,a,b,2017", "m1,a,c,2018")):
        files = {"people.csv": people, "mentoring.csv": f"id,mentor,trainee,since\n{tie}\n"}
        load(store, written(tmp_path / str(number), files))
    assert ties(store, "MENTORS") == {("a", "c")}
    rows = store.read("MATCH ()-[e:MENTORS]->() RETURN e.id AS id, e.since AS since")
    assert rows == [{"id": "m1", "since": "2018"}]


def test_role_taken_from_a_row_is_taken_away_unless_a_tie_gives_it(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    rows = "id,name,roles\nm,王芳,\nt,曾国安,mentor\nx,李敏,trainee\n"
    load(store, written(tmp_path / "new", {"people.csv": rows}))
    assert labels(store) == {("m", "Mentor"), ("t", "Mentor"), ("t", "Trainee"), ("x", "Trainee")}
    load(store, written(tmp_path / "last", {"people.csv": "id,name,roles\nx,李敏,\n"}))
    assert ("x", "Trainee") not in labels(store)


def test_progress_counts_every_row(embedded_store: Store, tmp_path: Path):
    said: list[tuple[str, int, int]] = []
    path = written(tmp_path / "set", SET)
    load(embedded_store, path, on_progress=lambda *each: said.append(each))
    assert ("people", 3, 3) in said and ("kin", 1, 1) in said
    order = [table for table, _, _ in said]
    assert order.index("records") < order.index("mentoring")  # nodes before edges


def test_problems_of_the_programme_are_problems_of_the_set(store: Store, tmp_path: Path):
    files = {**SET, "programme.yaml": "id: trial\nnome: x\n"}
    with pytest.raises(InputError) as refused:
        load(store, written(tmp_path / "set", files))
    assert {problem.file for problem in refused.value.problems} == {"programme.yaml"}
    assert {problem.code for problem in refused.value.problems} == {"unknown-key"}
    assert all(problem.row for problem in refused.value.problems)


def test_problems_speak_both_languages(tmp_path: Path):
    files = {"people.csv": "编号,姓名,入职日期\nt,王芳,2017.13.01\n"}
    path = written(tmp_path / "set", files)
    (zh,), (en,) = check(path), check(path, language="en")
    assert (zh.column, zh.row, zh.value) == ("入职日期", 2, "2017.13.01")
    assert zh.message == "“2017.13.01”不是日期。"
    assert en.message == '"2017.13.01" is not a date.'
    assert (zh.code, zh.row, zh.column) == (en.code, en.row, en.column)


def test_many_problems_of_a_kind_are_counted_not_listed(tmp_path: Path):
    rows = "".join(f"p{number},Wang,soon\n" for number in range(1_500))
    path = written(tmp_path / "set", {"people.csv": f"id,name,joined_on\n{rows}"})
    problems = check(path, language="en")
    assert len(problems) == 1_001
    assert problems[-1].message == "More rows have this problem: 500."


def test_ladder_of_mentors_is_checked_without_recursion(tmp_path: Path):
    count = 50_000
    people = "".join(f"p{number},Wang\n" for number in range(count))
    chain = "".join(f"p{number},p{(number + 1) % count}\n" for number in range(count))
    files = {"people.csv": f"id,name\n{people}", "mentoring.csv": f"mentor,trainee\n{chain}"}
    (problem,) = check(written(tmp_path / "set", files))
    assert problem.code == "mentoring-cycle"


KILLED = """
    import sys
    from graph.settings import Settings
    from graph.store import open_store
    from loaders.load import load
    settings = Settings.model_validate_json(sys.argv[1])
    with open_store(settings) as store:
        load(store, sys.argv[2], on_progress=lambda *_: print("batch", flush=True))
        print("end", flush=True)
"""


def kill_while_loading(settings: Settings, path: Path, batches: int, seconds: float) -> bool:
    """Load in a process of its own; kill it some time after it stored a number of batches.

    Tells whether it was killed before its end, which a busy machine may prevent.
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), settings.model_dump_json(), str(path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        for _ in range(batches):
            assert process.stdout.readline() == b"batch\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        ended = b"end" in process.stdout.read()
        assert process.wait() == -signal.SIGKILL or ended
        return not ended


def large(folder: Path, seed: int = 7) -> Path:
    """A data set whose load takes some seconds, in several batches a table."""
    chance = random.Random(seed)
    count = 12_000
    people = "".join(
        f"p{n},王芳,{chance.choice(['trainee', 'mentor', ''])}\n" for n in range(count)
    )
    pairs = "".join(f"p{chance.randrange(n)},p{n},2017\n" for n in range(1, count))
    units = "".join(f"u{n},镇,u{n // 10}\n" for n in range(1, 300))
    posts = "".join(f"x{n},书记,u{n % 300}\n" for n in range(600))
    records = "".join(f"p{n},talk,{chance.randrange(2010, 2020)}\n" for n in range(0, count, 3))
    return written(
        folder,
        {
            "people.csv": f"id,name,roles\n{people}",
            "mentoring.csv": f"mentor,trainee,since\n{pairs}",
            "units.csv": f"id,name,part_of\nu0,区,\n{units}",
            "posts.csv": f"id,title,unit\n{posts}",
            "records.csv": f"person,kind,on\n{records}",
        },
    )


def test_large_load_leaves_every_index(store: Store, tmp_path: Path):
    def indexes() -> set[str]:
        return {row["name"] for row in store.read("SHOW INDEXES")}

    before = indexes()
    assert {"person_pinyin", "mentors_id"} <= before
    load(store, large(tmp_path / "set"))
    assert indexes() == before
    people = store.read("MATCH (n:Person) WHERE n.name = '王芳' RETURN count(n) AS n")
    assert people == [{"n": 12_000}]


def embedded(path: Path) -> Settings:
    return from_environment({"STORE_URL": f"embedded:{path}"})


# `KILLS=50 pytest -m slow tests/loaders/test_load.py -k killed` kills at as many moments.
KILLS = int(os.environ.get("KILLS", "4"))
# units, posts, then two batches of people, records, two of ties: something is always left.
MOMENTS = [
    (1 + number % 4, random.Random(number).uniform(0, 0.1)) for number in range(max(KILLS, 4))
]


def facts(store: Store) -> dict[str, Any]:
    return content(store) | {"labels": labels(store)}


def whole_nodes(store: Store) -> set[str]:
    """The rows of nodes as an export gives them; roles, which ties give too, are left out."""
    rows = [(of.name, row) for of in NODE_TABLES for row in stored_rows(store, of)]
    return {repr((name, {**row, "roles": None})) for name, row in rows}


def confirm_interrupted(store: Store, *whole: set[str]) -> None:
    """No row is half stored, and the record of the load says how many rows it brought."""
    found = whole_nodes(store)
    assert found <= set.union(*whole)
    for newest in loads(store)[:1]:
        told = {name: each.new + each.changed for name, each in newest.tables.items()}
        there = {name: len(brought(store, newest.id, table(name), 100_000)) for name in told}
        assert told == there


class Stopped(Exception):
    pass


@pytest.mark.parametrize("batches", range(1, 10))
def test_stopped_load_has_whole_rows_and_tells_how_many(store: Store, tmp_path: Path, batches: int):
    def stop(*_: object) -> None:
        nonlocal batches
        batches -= 1
        if not batches:
            raise Stopped

    path = written(tmp_path / "set", SET)
    with pytest.raises(Stopped):
        load(store, path, on_progress=stop)
    stopped = whole_nodes(store)
    (told,) = loads(store)
    assert (told.state, told.new > 0, told.ended) == ("running", True, None)
    confirm_interrupted(store, stopped)
    load(store, path)
    assert stopped <= whole_nodes(store)
    assert sum(each.new for each in loads(store)) == 19
    assert store.read("MATCH (:Person)-[:HAS_RECORD]->(r:Record) RETURN count(r) AS n") == [
        {"n": 1}
    ]


def test_units_are_linked_to_those_of_batches_before_and_after(store: Store, tmp_path: Path):
    """Children come before their parents, and name units of the file, of the store, and both."""
    load(store, written(tmp_path / "first", {"units.csv": "id,name,part_of\nroot,区,\n"}))
    count = BATCH + 50
    units = "".join(f"u{n},镇,{f'u{n + 7}' if n < count - 7 else 'root'}\n" for n in range(count))
    load(store, written(tmp_path / "set", {"units.csv": f"id,name,part_of\n{units}"}))
    expected = {(f"u{n}", f"u{n + 7}" if n < count - 7 else "root") for n in range(count)}
    assert ties(store, "PART_OF") == expected
    moved = "id,name,part_of\nnew,镇,last\nu1,镇,last\nu2,镇,\nlast,镇,u3\n"
    load(store, written(tmp_path / "moved", {"units.csv": moved}))
    expected -= {("u1", "u8"), ("u2", "u9")}
    assert ties(store, "PART_OF") == expected | {("new", "last"), ("u1", "last"), ("last", "u3")}


@pytest.mark.slow
@pytest.mark.timeout(300 + 300 * KILLS)
def test_killed_load_is_completed_by_the_next(tmp_path: Path):
    path, other = large(tmp_path / "set"), large(tmp_path / "other", seed=8)
    with open_store(embedded(tmp_path / "whole.kgl")) as store:
        load(store, path)
        expected, whole = facts(store), whole_nodes(store)
        load(store, other)
        changed, after = facts(store), whole_nodes(store)
    assert changed != expected
    killed = 0
    for number, (batches, seconds) in enumerate(MOMENTS):
        settings = embedded(tmp_path / f"killed-{number}.kgl")
        killed += kill_while_loading(settings, path, batches, seconds)
        with open_store(settings) as store:
            confirm_interrupted(store, whole)
            load(store, path)
            assert facts(store) == expected
        if number % 2:  # one that changes what is stored
            kill_while_loading(settings, other, batches, seconds)
            with open_store(settings) as store:
                confirm_interrupted(store, whole, after)
                load(store, other)
                assert facts(store) == changed
    assert killed > len(MOMENTS) / 2


@pytest.mark.slow
@pytest.mark.bolt
@pytest.mark.timeout(300 + 300 * KILLS)
def test_killed_load_is_completed_by_the_next_on_neo4j(
    neo4j_store: Store, neo4j_settings: Settings, tmp_path: Path
):
    path = large(tmp_path / "set")
    load(neo4j_store, path)
    expected, whole = facts(neo4j_store), whole_nodes(neo4j_store)
    killed, moments = 0, MOMENTS if KILLS > 4 else MOMENTS[2:3]
    for batches, seconds in moments:
        neo4j_store.write("MATCH (n) CALL (n) { DETACH DELETE n }")
        killed += kill_while_loading(neo4j_settings, path, batches, seconds)
        confirm_interrupted(neo4j_store, whole)
        load(neo4j_store, path)
        assert facts(neo4j_store) == expected
    assert killed > len(moments) / 2
