"""Sentences in English: what is counted as 1 is one, whichever number of the sentence it is."""

import pytest

from queries.sentences import agreed, say


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("%(n)s months", {"n": 1}, "1 month"),
        ("%(n)s months", {"n": 0}, "0 months"),
        ("%(n)s months", {"n": 2}, "2 months"),
        ("%(n)s months", {"n": 11}, "11 months"),
        ("%(n)s more months there.", {"n": 1}, "1 more month there."),
        ("%(n)s people have room", {"n": 1}, "1 person has room"),
        ("%(n)s more are not shown.", {"n": 1}, "1 more is not shown."),
        ("%(a)s of %(b)s files are complete", {"a": 1, "b": 3}, "1 of 3 files is complete"),
        ("%(a)s of %(b)s files are complete", {"a": 3, "b": 3}, "3 of 3 files are complete"),
        ("%(a)s errors, %(b)s warnings.", {"a": 1, "b": 2}, "1 error, 2 warnings."),
        ("%(a)s errors, %(b)s warnings.", {"a": 2, "b": 1}, "2 errors, 1 warning."),
        ("%(name)s is stored", {"name": "1"}, "1 is stored"),
        ("共 %(n)s 人", {"n": 1}, "共 1 人"),
    ],
)
def test_one_is_said_as_one(template: str, values: dict, said: str):
    assert agreed(template, values) % values == said
    assert say(template, **values).text() == said
