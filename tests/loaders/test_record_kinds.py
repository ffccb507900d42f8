"""The programme says which results a kind of record may have, and what it needs."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.programme import parse_programme
from graph.store import Store
from loaders import entry
from loaders.load import check, load

PROGRAMME = """
id: small
name: {zh: 小, en: Small}
record_kinds:
  - {key: talk, zh: 谈心谈话, en: talk, results: [held], needs: [level]}
  - {key: appraisal, zh: 年度考核, en: appraisal, results: [优秀, 称职], needs: [result]}
  - {key: other, zh: 其他, en: other}
levels: [{key: district, zh: 区级, en: district}]
results:
  - {key: held, zh: 已谈, en: held}
  - {key: 优秀, zh: 优秀, en: excellent}
  - {key: 称职, zh: 称职, en: competent}
"""
ROWS: list[
    tuple[str, list[tuple[str, str, str | None]]]
] = [  # what stands in a row after the person: (codes and columns of what is wrong)
    ("talk,2024-01-05,district,", []),
    ("talk,2024-01-05,district,held", []),
    ("talk,2024-01-05,district,优秀", [("result-of-other-kind", "result", "优秀")]),
    ("talk,2024-01-05,,held", [("needed-by-kind", "level", None)]),
    (
        "talk,2024-01-05,,称职",
        [("needed-by-kind", "level", None), ("result-of-other-kind", "result", "称职")],
    ),
    ("appraisal,2024-01-05,,优秀", []),
    ("appraisal,2024-01-05,,", [("needed-by-kind", "result", None)]),
    ("other,2024-01-05,,优秀", []),
    ("other,2024-01-05,,", []),
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,name,roles\nT1,王伟,trainee\n", encoding="utf-8")
    return tmp_path


def write(folder: Path, rows: list[str]) -> None:
    lines = "".join(f"r{at},T1,{row}\n" for at, row in enumerate(rows))
    text = f"id,person,kind,on,level,result\n{lines}"
    (folder / "records.csv").write_text(text, encoding="utf-8")


def test_result_of_another_kind_and_what_a_kind_needs_are_told_by_row(folder):
    write(folder, [row for row, _ in ROWS])
    expected = {(at + 2, *each) for at, (_, problems) in enumerate(ROWS) for each in problems}
    found = check(folder, language="en")
    assert {(each.row, each.code, each.column, each.value) for each in found} == expected


def test_refusal_names_the_results_that_the_kind_has(folder):
    write(folder, ["appraisal,2024-01-05,,held"])
    (found,) = check(folder, language="en")
    assert (found.message, found.hint) == (
        '"held" is no result of: appraisal.',
        "Those are: excellent, competent.",
    )
    (found,) = check(folder, language="zh_Hans")
    assert (found.message, found.hint) == ("“已谈”不是年度考核的结果。", "可填：优秀、称职。")


def test_form_refuses_what_a_file_would_and_stores_nothing(store: Store, folder):
    load(store, folder)
    texts = {"person": "T1", "kind": "谈心谈话", "on": "2024-01-05", "result": "优秀"}
    with pytest.raises(InputError) as error:
        entry.add(store, "records", texts, by="张", language="en")
    assert [(each.code, each.column) for each in error.value.problems] == [
        ("result-of-other-kind", "result"),
        ("needed-by-kind", "level"),
    ]
    assert store.read("MATCH (r:Record) RETURN r.id AS id") == []


def test_until_and_document_are_stored_and_a_period_of_no_day_is_refused(store: Store, folder):
    text = "id,person,kind,on,until,document\nr1,T1,other,2024-01-05,2025-01-05,石组〔2024〕1号\n"
    (folder / "records.csv").write_text(text, encoding="utf-8")
    load(store, folder)
    (row,) = store.read("MATCH (r:Record) RETURN r.until AS until, r.document AS document")
    assert row == {"until": "2025-01-05", "document": "石组〔2024〕1号"}
    (folder / "records.csv").write_text(text.replace("2025-01", "2024-01"), encoding="utf-8")
    assert [each.code for each in check(folder)] == ["empty-period"]


def test_kind_may_list_only_results_of_the_programme():
    with pytest.raises(InputError) as error:
        parse_programme(PROGRAMME.replace("results: [held]", "results: [unheld]"))
    (problem,) = error.value.problems
    assert (problem.code, problem.value) == ("unknown_name", "unheld")
