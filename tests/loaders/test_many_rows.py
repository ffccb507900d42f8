"""Many new rows in one table: named by cell when wrong, stored and undone as one."""

from datetime import date

import pytest

from graph.store import Store
from loaders.entry import add, rows_about
from loaders.entry_tables import entry_table
from loaders.events.kept import events, undo_event
from loaders.many_rows import UnconfirmedRows, UnfitRows, enter_rows
from loaders.naming import NamesUnconfirmed
from loaders.problems import Findings
from loaders.written import rows_of_texts, texts_of_pasted
from queries.catalogue import ask
from queries.stored_programme import stored_programme
from tests.at_once import at_once
from tests.small_graph import fill

TALK = {"kind": "talk", "level": "township", "on": "2024-03-01", "summary": "近况"}


@pytest.fixture
def small(store: Store) -> Store:
    return fill(store) or store


def enter(store, name, *texts, shared=None, **given):
    of = entry_table(name, stored_programme(store))
    rows = rows_of_texts(of.written, texts, shared)
    return enter_rows(store, name, rows, by="王", language="en", **given)


def records(store, person):
    return [row.values for row in rows_about(store, "records", "person", person)]


def test_talks_of_two_are_stored_and_undone_as_one(small):
    before = records(small, "a"), records(small, "b")
    other = {"person": "b", "level": "village"}
    done = enter(small, "records", {"person": "a"}, other, shared=TALK)
    (kept,) = events(small)
    assert (kept.id, kept.kind, kept.table, kept.rows) == (done.batch, "rows", "records", 2)
    assert len(records(small, "a")) == len(before[0]) + 1
    assert "village" in {each.get("level") for each in records(small, "b")}
    undo_event(small, done.batch, by="李")
    assert (records(small, "a"), records(small, "b")) == before


def test_a_name_is_confirmed_and_namesakes_are_asked(small):
    name = next(r["name"] for r in small.read("MATCH (p:Person {id: 'a'}) RETURN p.name AS name"))
    with pytest.raises(NamesUnconfirmed):
        enter(small, "records", {"person": name}, shared=TALK)
    told = enter(small, "records", {"person": name}, shared=TALK, dry_run=True)
    assert [each.id for each in told.read_as] == ["a"] and told.batch is None
    add(small, "people", {"id": "z", "name": name}, by="王")
    with pytest.raises(UnfitRows) as asked:
        enter(small, "records", {"person": "b", "on": "soon"}, {"person": name}, shared=TALK)
    wrong, several = asked.value.faults  # names and cells in one round
    assert (wrong.at, wrong.heading) == (0, "on")
    assert (several.at, several.heading) == (1, "person")
    assert [id_ for id_, _ in several.fitting] == ["a", "z"]


def test_every_wrong_row_is_named_with_its_cell_and_nothing_is_stored(small):
    before = records(small, "a")
    right = {**TALK, "person": "b"}
    with pytest.raises(UnfitRows) as refused:
        enter(small, "records", right, {**TALK, "person": "a", "kind": ""},
              {**TALK, "person": "a", "on": "2024-13-01"}, right)  # fmt: skip
    told = [(each.at, each.heading, each.problem.row) for each in refused.value.faults]
    assert (1, "kind", 3) in told and (2, "on", 4) in told
    twice = [each.at for each in refused.value.faults if each.problem.code == "duplicate-row"]
    assert twice == [3]
    assert records(small, "a") == before and events(small) == []


def test_a_stored_row_and_no_row_are_refused(small):
    enter(small, "records", {**TALK, "person": "a"})
    with pytest.raises(UnfitRows) as refused:
        enter(small, "records", {**TALK, "person": "b"}, {**TALK, "person": "a"})
    assert [each.at for each in refused.value.faults] == [1]
    with pytest.raises(Exception, match="no row"):
        enter(small, "records")


def test_a_day_to_come_is_a_doubt_that_a_reason_confirms(small):
    coming = {**TALK, "person": "a", "on": f"{date.today().year + 2}-01-01"}
    with pytest.raises(UnconfirmedRows) as doubted:
        enter(small, "records", {**TALK, "person": "b"}, coming)
    assert [each.at for each in doubted.value.found.doubts] == [1] and events(small) == []
    assert enter(small, "records", coming, reason="约定").batch


def test_a_cohort_arrives_with_post_and_mentor_in_one_table(small):
    post = ask(small, "people.postings", person="m").rows[0]["post"]
    row = {"name": "新人", "cohort": "2024", "joined_on": "2024-07-01", "post": post}
    done = enter(small, "arrival", row, {**row, "name": "新来"}, reason="两人同岗")
    added = small.read("MATCH (p:Trainee) WHERE p.cohort = 2024 RETURN p.id AS id, p.name AS name")
    new = [each["id"] for each in added if each["name"] in ("新人", "新来")]
    assert len(new) == 2
    for id_ in new:
        (held,) = ask(small, "people.postings", person=id_).rows
        assert held["since"] == "2024-07-01"
    undo_event(small, done.batch, by="李")
    assert not small.read("MATCH (p:Person) WHERE p.name = '新人' RETURN p.id AS id")


def test_cells_are_pasted_with_chinese_headings_or_none(small):
    written = entry_table("records", stored_programme(small)).written
    findings = Findings("en")
    headed = texts_of_pasted(written, "姓名\t类别\t日期\n李敏\t谈心谈话\t2024-03-01\n", findings)
    assert headed == [{"person": "李敏", "kind": "谈心谈话", "on": "2024-03-01"}]
    assert texts_of_pasted(written, "李敏\ttalk\t2024-03-01\n", findings)[0]["kind"] == "talk"
    assert findings.problems() == []
    texts_of_pasted(written, "姓名\t类别\t天气\n李敏\ttalk\t晴\n", findings)
    assert [each.value for each in findings.problems()] == ["天气"]


def test_of_two_who_store_the_same_at_once_one_is_refused(small):
    def store_it(_number):
        try:
            return enter(small, "records", {**TALK, "person": "a"}).batch
        except UnfitRows:
            return None

    assert sum(map(bool, at_once(store_it))) == 1
