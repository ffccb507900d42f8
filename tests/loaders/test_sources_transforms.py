"""The steps of descriptions: each example of the list, and that the page lists every one."""

import doctest
from typing import Any

import pytest
from pydantic import TypeAdapter

import loaders.readers.cells
import loaders.sources.writing
from loaders.problems import Wrong
from loaders.sources.transforms import TRANSFORMS, DateParameters, MapParameters, Step, compiled

EXAMPLES = [
    (transform.name, *example)
    for transform in TRANSFORMS.values()
    for example in transform.examples
]


def run_of(name: str, given: Any) -> Step:
    run = compiled([(name, given)])
    assert run is not None
    return run


@pytest.mark.parametrize(("name", "given", "cell", "result"), EXAMPLES)
def test_examples_of_every_step_are_right(name: str, given: Any, cell: Any, result: Any):
    wanted = TRANSFORMS[name].parameter
    checked = None if wanted is None else TypeAdapter(wanted).validate_python(given)
    assert run_of(name, checked)(cell) == result


def test_every_step_has_an_example_in_both_titles():
    assert all(each.zh and each.en and each.examples for each in TRANSFORMS.values())


@pytest.mark.parametrize("module", [loaders.readers.cells, loaders.sources.writing], ids=str)
def test_examples_in_docstrings_are_right(module):
    failed, tried = doctest.testmod(module)
    assert tried and not failed


@pytest.mark.parametrize(
    "text", ["2023-13-01", "2023-02-30", "soon", "99", "23/9/16", "1.2.3", "2023年13月", "二〇年"]
)
def test_what_is_no_date_stays_to_be_told(text: str):
    found = run_of("date", DateParameters())(text)
    assert isinstance(found, Wrong) and found.text == text and found.code == "bad-date"


def test_value_that_is_not_mapped_is_told():
    found = run_of("map", MapParameters(values={"1": "a"}))("2")
    assert isinstance(found, Wrong) and found.code == "unmapped-value"


def test_numbered_tells_equal_texts_apart():
    run = run_of("numbered", None)
    assert [run(text) for text in ("a", "b", "a", "a")] == ["a", "b", "a-2", "a-3"]
