"""What an office edits of its programme: only those blocks change, nothing is overwritten."""

import pytest

from graph.changes import changes
from graph.errors import AppError, InputError, NotFound
from graph.programme import parse_programme
from graph.store import Store
from loaders.wording import Reworded, reword, wording
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, loaded


def text_of(store: Store) -> str:
    return store.read("MATCH (p:Programme) RETURN p.rules AS rules")[0]["rules"]


def put(store: Store, text: str) -> Store:
    store.write("MERGE (p:Programme {id: 'p'}) SET p.rules = $text, p.name = 'p'", text=text)
    return store


def item(key: str, zh: str) -> dict[str, str]:
    return {"key": key, "zh": zh, "en": zh}


def test_only_the_changed_block_is_written_anew(store: Store):
    before = text_of(loaded(store, DISTRICT))
    now = wording(store)
    tasks = [*now.parts["growth_tasks"][:4], item("own", '写“一村一策”: "a", #b')]
    stored = reword(store, {**now.parts, "growth_tasks": tasks}, by="甲", seen=now.marks)
    assert [term.zh for term in stored.growth_tasks][4] == '写“一村一策”: "a", #b'
    kept = [row for row in text_of(store).splitlines() if row in before.splitlines()]
    assert len(before.splitlines()) - len(kept) == 5  # the five lines of the list, no comment
    assert parse_programme(text_of(store)) == stored
    (change,) = changes(store, table="programme")
    assert (change.by, change.fields) == ("甲", ("growth_tasks",))
    assert len(change.before["growth_tasks"]) == len(change.after["growth_tasks"]) == 5


def test_the_focus_rule_is_written_with_its_rules(embedded_store: Store):
    now = wording(loaded(embedded_store, RESIDENCY))
    focus = {**now.parts["focus"], "rules": [{"since_joining": {"months": 12}}]}
    stored = reword(embedded_store, {**now.parts, "focus": focus}, by="a", seen=now.marks)
    assert [(use.name, use.parameters.months) for use in stored.focus.rules] == [
        ("since_joining", 12)
    ]
    assert stored.portrait == now.programme.portrait


def test_what_the_checks_of_the_file_refuse_is_not_stored(embedded_store: Store):
    now = wording(loaded(embedded_store, DISTRICT))
    wrong = {**now.parts["focus"], "rules": [{"passed_stage": {"stage": "grasroots"}}]}
    with pytest.raises(InputError) as error:
        reword(embedded_store, {"focus": wrong}, by="a", seen=now.marks)
    assert "grassroots" in str(error.value.hint)
    twice = [item("x", "一"), item("x", "二")]
    with pytest.raises(InputError):
        reword(embedded_store, {"growth_tasks": twice}, by="a", seen=now.marks)
    with pytest.raises(InputError):
        reword(embedded_store, {"growth_tasks": []}, by=" ", seen=now.marks)
    assert text_of(embedded_store) == now.text
    assert changes(embedded_store) == []


def test_two_people_at_one_list_are_told_and_two_lists_are_merged(embedded_store: Store):
    seen = wording(loaded(embedded_store, DISTRICT))
    tasks, methods = [item("own", "走村")], [item("own", "谈心")]
    reword(embedded_store, {**seen.parts, "growth_tasks": tasks}, by="甲", seen=seen.marks)
    merged = reword(
        embedded_store, {**seen.parts, "mentoring_methods": methods}, by="乙", seen=seen.marks
    )
    assert merged.growth_tasks[0].zh == "走村"
    other = {**seen.parts, "growth_tasks": [item("own", "写信")]}
    with pytest.raises(Reworded) as told:
        reword(embedded_store, other, by="丙", seen=seen.marks)
    assert told.value.parts == ["growth_tasks"]
    assert told.value.now.parts["growth_tasks"] == tasks
    assert wording(embedded_store).programme.growth_tasks[0].zh == "走村"


def test_saving_what_is_stored_is_no_change(embedded_store: Store):
    now = wording(loaded(embedded_store, DISTRICT))
    reword(embedded_store, now.parts, by="a", seen=now.marks)
    assert text_of(embedded_store) == now.text
    assert changes(embedded_store) == []


def test_a_list_that_was_never_there_and_one_that_ends_are_written(embedded_store: Store):
    now = wording(put(embedded_store, "id: p\nname: {zh: a, en: a}\n"))
    with_list = {**now.parts, "growth_tasks": [item("a", "甲")]}
    assert len(reword(embedded_store, with_list, by="a", seen=now.marks).growth_tasks) == 1
    now = wording(embedded_store)
    assert reword(embedded_store, {"growth_tasks": []}, by="a", seen=now.marks).growth_tasks == ()


def test_a_file_in_another_style_is_refused_whole(embedded_store: Store):
    now = wording(put(embedded_store, '{"id": "p", "growth_tasks": []}'))
    with pytest.raises(AppError):
        reword(embedded_store, {"growth_tasks": [item("a", "甲")]}, by="a", seen=now.marks)
    assert wording(embedded_store).text == now.text


def test_without_a_programme_there_is_nothing_to_edit(embedded_store: Store):
    with pytest.raises(NotFound):
        wording(embedded_store)
