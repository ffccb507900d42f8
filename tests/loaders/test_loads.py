"""The records of loads, where facts are from, and undoing a load, on both engines."""

from pathlib import Path
from typing import Any

import pytest

from graph.changes import changes
from graph.errors import NotFound
from graph.schema import LABELS, LOAD, TABLES, table
from graph.store import Store
from loaders import entry
from loaders.load import load
from loaders.loads import brought, find, loads
from loaders.undo import Hindered, hindrances, undo
from loaders.wording import reword, wording
from queries.origins import origin_of
from tests.loaders.test_load import SET, content, labels, ties, written

NEW = {
    "people.csv": "id,name,roles,cohort\nt,曾国平,trainee,2017\nn,新人,,2020\nx,李敏,,\n",
    "units.csv": "id,name,part_of\nu3,柳村,u1\nu4,杨村,u3\n",
    "posts.csv": "id,title,unit,rank\np1,书记,u4,\np3,主任,u4,\n",
    "mentoring.csv": "mentor,trainee,kind,since,until\nm,t,village,2017-09,2020-09\nx,n,,2020,\n",
    "wishes.csv": "person,post,unit,rank_of_wish\nt,p1,,2\nn,p3,,1\n",
}


def everything(store: Store) -> dict[str, Any]:
    """All facts with their origins; not the records of loads and changes."""
    found = content(store) | {"labels": sorted(labels(store))}
    for of in TABLES:
        pattern = f"(n:{of.label})" if of.label else f"()-[n:{of.edge}]->()"
        found["from " + of.name] = store.read(
            f"MATCH {pattern} RETURN n.id AS id, n.origin AS origin ORDER BY id"
        )
    return found


def test_load_is_a_record_with_its_counts(store: Store, tmp_path: Path):
    first = load(store, written(tmp_path / "set", SET), by="王芳").load
    second = load(store, written(tmp_path / "new", NEW)).load
    newer, older = loads(store)
    assert (older.id, newer.id) == (first, second) == ("1", "2")
    assert (older.name, older.by, older.state, older.new, older.changed) == (
        "set", "王芳", "done", 19, 0,
    )  # fmt: skip
    people = newer.tables["people"]
    assert (people.file, people.new, people.changed, people.same) == ("people.csv", 1, 1, 1)
    assert (newer.tables["mentoring"].new, newer.tables["mentoring"].changed) == (1, 1)
    assert (newer.tables["posts"].new, newer.tables["posts"].changed) == (1, 1)
    with pytest.raises(NotFound):
        find(store, "3")


def test_fact_knows_its_file_and_row(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    load(store, written(tmp_path / "new", NEW))
    told = origin_of(store, table("people"), "m")
    assert told and (told.load, told.name, told.file, told.row) == ("1", "set", "people.csv", 2)
    told = origin_of(store, table("people"), "t")  # the second load changed the name
    assert told and (told.load, told.row) == ("2", 2)
    told = origin_of(store, table("people"), "x")  # it said what was stored: the first source stays
    assert told and (told.load, told.row) == ("1", 4)
    ties = brought(store, "2", table("mentoring"))
    assert [(row["row"], row["name"], row["other"]) for row in ties] == [
        (2, "王芳", "曾国平"), (3, "李敏", "新人"),
    ]  # fmt: skip
    entry.add(store, "units", {"id": "h", "name": "手工"}, by="王芳")
    assert origin_of(store, table("units"), "h") is None


def test_loading_again_writes_no_fact(store: Store, tmp_path: Path):
    path = written(tmp_path / "set", SET)
    load(store, path)
    once = everything(store)
    load(store, path)
    assert everything(store) == once
    assert (loads(store)[0].new, loads(store)[0].changed, loads(store)[0].same) == (0, 0, 19)
    assert changes(store) == []


def test_changed_rows_keep_what_they_were(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    load(store, written(tmp_path / "new", NEW), by="李明")
    by_row = {change.row: change for change in changes(store, table="people")}
    assert set(by_row) == {"t", "x"}  # x became a mentor
    change = by_row["t"]
    assert change.before and change.before["name"] == "曾国安"
    assert change.after and change.after["name"] == "曾国平"
    assert (change.by, change.load, change.fields) == ("李明", "2", ("name",))


def test_load_is_undone_as_a_whole(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    before = everything(store)
    load(store, written(tmp_path / "new", NEW))
    assert everything(store) != before
    done = undo(store, "2", by="王芳")
    assert everything(store) == before
    assert done.removed == {"units": 1, "posts": 1, "people": 1, "mentoring": 1, "wishes": 1}
    assert done.restored["mentoring"] == 1
    assert (find(store, "2").state, find(store, "2").undone_by) == ("undone", "王芳")
    assert hindrances(store, "1") == []
    undo(store, "1", by="王芳")
    for label in LABELS:
        if label not in (LOAD, "Change", "DataVersion"):
            assert store.read(f"MATCH (n:{label}) RETURN count(n) AS n") == [{"n": 0}], label


def refused(store: Store, id_: str) -> list[str]:
    before = everything(store)
    with pytest.raises(Hindered) as error:
        undo(store, id_, by="王芳")
    assert everything(store) == before
    assert find(store, id_).state != "undone" or "already" in error.value.message
    assert [str(each) for each in hindrances(store, id_)] == [
        str(each) for each in error.value.reasons
    ]
    return [str(each) for each in error.value.reasons]


def test_undoing_names_a_later_load(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    load(store, written(tmp_path / "new", {"units.csv": "id,name\nu3,杨村\n"}))
    assert refused(store, "1") == [
        "Load 2 changed u3 in units.",
        "u3 in units, which came otherwise, names u2.",
    ]
    undo(store, "2", by="王芳")
    assert hindrances(store, "1") == []
    assert refused(store, "2") == ["It was undone already."]


def test_undoing_names_a_change_by_hand(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    row = entry.stored(store, "units", "u3")
    texts = {"id": "u3", "name": "杨村", "part_of": "u2"}
    entry.correct(store, "units", "u3", texts, by="李明", seen=row.mark)
    (reason,) = refused(store, "1")
    assert reason.startswith("李明 changed u3 in units by hand on 20")


def test_undoing_names_what_hangs_on_new_people_and_units(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    load(store, written(tmp_path / "new", NEW))
    entry.add(store, "kin", {"person": "m", "relative": "n", "relation": "表亲"}, by="李明")
    entry.add(store, "posts", {"id": "p9", "title": "主任", "unit": "u4"}, by="李明")
    assert refused(store, "2") == [
        "n has an entry of kin that came otherwise.",
        "p9 in posts, which came otherwise, names u4.",
    ]
    assert refused(store, "1")[0] == "Load 2 changed u3 in units."


def test_undoing_brings_the_former_programme_back(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    before = everything(store)
    other = {"programme.yaml": "id: trial\nname: {zh: 新试点, en: Trial}\n"}
    load(store, written(tmp_path / "new", other))
    assert everything(store) != before
    undo(store, "2", by="王芳")
    assert everything(store) == before


@pytest.mark.parametrize("loads_before", [0, 1])
def test_wording_edited_since_hinders_only_the_load_that_brought_it(
    store: Store, tmp_path: Path, loads_before: int
):
    programme = "id: trial\nname: {zh: 新试点, en: Trial}\n"
    for at in range(loads_before):
        load(store, written(tmp_path / f"before{at}", {"units.csv": "id,name\nu9,某村\n"}))
    load(store, written(tmp_path / "set", {**SET, "programme.yaml": programme}))
    load(store, written(tmp_path / "new", NEW))
    now = wording(store)
    tasks = [{"key": "survey", "zh": "调研", "en": "Survey"}]
    reword(store, {**now.parts, "growth_tasks": tasks}, by="甲", seen=now.marks)
    later, brought_by = str(loads_before + 2), str(loads_before + 1)
    assert refused(store, brought_by)[-1] == "The programme trial was changed since."
    assert hindrances(store, later) == []
    undo(store, later, by="王芳")
    assert refused(store, brought_by) == ["The programme trial was changed since."]
    if loads_before:
        undo(store, "1", by="王芳")
    assert wording(store).parts["growth_tasks"] == tasks


def test_label_that_a_tie_gave_goes_with_it(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    load(store, written(tmp_path / "new", {"mentoring.csv": "mentor,trainee\nx,t\n"}))
    assert ("x", "Mentor") in labels(store)
    undo(store, "2", by="王芳")
    assert ("x", "Mentor") not in labels(store)
    assert ties(store, "MENTORS") == {("m", "t")}


def test_killed_load_can_be_undone(store: Store, tmp_path: Path):
    load(store, written(tmp_path / "set", SET))
    before = everything(store)
    path = written(tmp_path / "new", NEW)

    class Killed(BaseException):
        pass

    def stop(name: str, done: int, total: int) -> None:
        if name == "people":
            raise Killed

    with pytest.raises(Killed):
        load(store, path, on_progress=stop)
    assert (find(store, "2").state, find(store, "2").tables["people"].file) == (
        "running", "people.csv",
    )  # fmt: skip
    assert everything(store) != before
    undo(store, "2", by="王芳")
    assert everything(store) == before
