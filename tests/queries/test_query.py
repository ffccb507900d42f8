"""A question checks itself; and what `ask` promises on an empty graph."""

import re
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from graph.errors import NotFound, UsageError
from graph.store import Store
from queries.catalogue import QUERIES, ask
from queries.columns import columns
from queries.dated import EVERYTHING
from queries.query import Parameter, Query, bilingual
from tests.small_graph import fill

SOUND = Query(
    "people.all",
    bilingual("所有人", "Everybody"),
    bilingual("所有人。", "Everybody."),
    (Parameter("cohort", "届", "cohort", "integer"),),
    columns("person name"),
    "MATCH (p:Person) WHERE p.cohort = $cohort RETURN p.id AS person, p.name AS name ORDER BY name",
)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "People"}, "two lower-case words"),
        ({"titles": {"en": "Everybody"}}, "Chinese and English"),
        ({"descriptions": bilingual("", "Everybody.")}, "Chinese and English"),
        ({"parameters": ()}, "undeclared ['cohort']"),
        (
            {"parameters": (*SOUND.parameters, Parameter("unit", "单位", "unit"))},
            "does not use ['unit']",
        ),
        ({"parameters": (Parameter("cohort", "", "cohort"),)}, "Chinese and English"),
        ({"columns": columns("name person")}, "returns ['person', 'name'], not"),
        ({"columns": columns("person")}, "returns ['person', 'name'], not"),
        ({"cypher": SOUND.cypher.partition(" ORDER")[0]}, "no order"),
        ({"embedded": SOUND.cypher.replace("$cohort", "$year")}, "undeclared ['year']"),
    ],
)
def test_slip_in_a_question_is_found_when_it_is_made(change: dict[str, Any], fault: str):
    with pytest.raises(ValueError, match=re.escape(fault)):
        replace(SOUND, **change)


def test_question_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        SOUND.name = "people.none"  # type: ignore[misc]


def test_column_without_a_title_is_found():
    with pytest.raises(KeyError):
        columns("person nonsense")


@pytest.mark.parametrize(
    ("parameter", "given", "expected"),
    [
        (Parameter("n", "数", "n", "integer"), "12", 12),
        (Parameter("n", "数", "n", "integer"), 12, 12),
        (Parameter("on", "日", "on", "date"), "2024-06", "2024-06-01"),
        (Parameter("on", "日", "on", "date"), "2024", "2024-01-01"),
        (Parameter("kinds", "类", "kinds", "list"), "a; b；c,a,", ["a", "b", "c"]),
        (Parameter("kinds", "类", "kinds", "list"), ["a,b", "c"], ["a,b", "c"]),
        (Parameter("text", "文", "text"), "  王 芳 ", "王 芳"),
    ],
)
def test_value_is_turned_into_its_type(parameter: Parameter, given: Any, expected: Any):
    assert parameter.typed(given) == expected


@pytest.mark.parametrize("value", ["1.5", "-1", "1e3", "٣", "9" * 30, "true", ""])
def test_what_is_no_whole_number_is_refused(value: str):
    with pytest.raises(UsageError, match="whole number"):
        Parameter("n", "数", "n", "integer").typed(value)


def _needed(name: str) -> dict[str, str]:
    known = {"person": "a", "a": "a", "b": "b", "post": "v1", "unit": "d", "key": "trainees"}
    known |= {"text": "w", "people": "a"}
    return {each.name: known[each.name] for each in QUERIES[name].parameters if each.required}


def test_empty_graph_gives_no_row_or_not_found(store: Store):
    for name in QUERIES:
        given = _needed(name)
        if given.keys() & {"person", "a", "post", "unit", "key"}:
            with pytest.raises(NotFound):
                ask(store, name, **given)
        else:
            rows = ask(store, name, **given).rows
            assert rows == [] or {list(row.values())[-1] for row in rows} == {0}


@pytest.mark.bolt
def test_shown_cypher_runs_on_neo4j_as_it_stands(neo4j_store: Store):
    fill(neo4j_store)
    values = {"text": "w", "person": "a", "a": "a", "b": "b", "kinds": None, "limit": 5}
    values |= EVERYTHING._asdict()
    for name in ("people.search", "lineage.down", "lineage.around", "lineage.between"):
        answer = ask(neo4j_store, name, **_needed(name))
        used = {key: values[key] for key in re.findall(r"\$(\w+)", answer.cypher)}
        assert neo4j_store.read(answer.cypher, **used)
