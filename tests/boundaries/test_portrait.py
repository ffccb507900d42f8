"""A line of the portrait: which record it stands on, by whom, when, and what none of it means."""

import pytest

from graph.store import Store
from queries.programme.own_records import own_records
from queries.programme.portrait import portrait
from tests.boundaries.given import STAGES, facts, given, mentor, person, record

PROGRAMME = (
    STAGES % ""
    + """
results:
  - {key: good, zh: 好, en: good}
  - {key: fair, zh: 一般, en: fair}
  - {key: odd, zh: 另, en: odd}
portrait:
  - {key: a, zh: 线, en: line, source: {zh: 源, en: source}, rule: {assessed: {
     record: review, scale: [fair, good], months: 12, beside: [people]}}}
"""
)
# Records (day, result, by); figure, state, words; `days` of what the line stands on.
CASES = [
    ([], 0, "unknown",
     "No such record is on file: not judged yet, which says nothing against anybody.", []),
    ([("2023-07-01", "good", "m")], 2, "known", "good on 2023-07-01, judged by 导师m.",
     ["2023-07-01"]),
    ([("2023-06-30", "good", "m")], 0, "unknown",
     "The last one is of 2023-06-30, more than 12 months ago: judge anew.", ["2023-06-30"]),
    ([("2024-06-30", "fair", "考核办")], 1, "known", "fair on 2024-06-30, judged by 考核办.",
     ["2024-06-30"]),
    ([("2024-07-01", "good", "m")], 0, "unknown",
     "No such record is on file: not judged yet, which says nothing against anybody.", []),
    ([("2024-01-01", "fair", "m"), ("2024-02-01", "good", "")], 2, "known",
     "good on 2024-02-01; who judged is not on file.", ["2024-02-01"]),
    # two of one day that differ, and two that agree
    ([("2024-02-01", "fair", "m"), ("2024-02-01", "good", "n")], 0, "doubtful",
     "The last conclusions differ (good, fair): ask which one holds.",
     ["2024-02-01", "2024-02-01"]),
    ([("2024-02-01", "good", "m"), ("2024-02-01", "good", "n")], 2, "known",
     "good on 2024-02-01, judged by n.", ["2024-02-01", "2024-02-01"]),
    # dated to the month it may be later than the one of a day in it
    ([("2024-02", "fair", "m"), ("2024-02-10", "good", "m")], 0, "doubtful",
     "The last conclusions differ (good, fair): ask which one holds.", ["2024-02-10", "2024-02"]),
    ([("2024-02", "fair", "m"), ("2024-03-01", "good", "m")], 2, "known",
     "good on 2024-03-01, judged by 导师m.", ["2024-03-01"]),
    ([("2024-02-01", "odd", "m")], 0, "unknown",
     "The last one, of 2024-02-01, gives no conclusion on the scale: it is not counted.",
     ["2024-02-01"]),
]  # fmt: skip


def drawn(store: Store, folder, rows: list[dict]):
    given(store, folder / "data", PROGRAMME, people=[person(), mentor()], records=rows)
    known = facts(store)
    (axis,) = portrait(known, "t", own_records(store, "t", known.day))
    return axis


@pytest.mark.parametrize(("rows", "figure", "state", "words", "days"), CASES)
def test_a_line_tells_what_it_stands_on(embedded_store, tmp_path, rows, figure, state, words, days):
    records = [
        record("review", on, result=result, given_by=by) | {"id": f"r{at}"}
        for at, (on, result, by) in enumerate(rows)
    ]
    axis = drawn(embedded_store, tmp_path, records)
    assert (axis.figure, axis.full, axis.state) == (figure, 2, state)
    assert axis.meaning.text() == words
    assert [each.on for each in axis.facts] == days


def test_what_the_people_say_stands_beside_and_changes_no_figure(embedded_store, tmp_path):
    records = [
        record("review", "2024-01-10", result="good", given_by="m"),
        record("people", "2024-01-12", result="fair", given_by="村民代表"),
    ]
    axis = drawn(embedded_store, tmp_path, records)
    (beside,) = axis.beside
    assert axis.figure == 2
    assert (beside.kind, beside.state) == ("people", "known")
    assert beside.meaning.text() == "fair on 2024-01-12, judged by 村民代表."
    assert [(each.on, each.given_by) for each in beside.facts] == [("2024-01-12", "村民代表")]
