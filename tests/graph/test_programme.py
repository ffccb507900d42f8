"""programme.yaml and rules.yaml: what is read, and what each mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.appointment_rules import AppointmentRule
from graph.declared import read_text
from graph.errors import InputError
from graph.programme import (
    EMPTY_PROGRAMME,
    Programme,
    day_of,
    parse_programme,
    parse_rules,
)
from graph.rules import RuleUse, Window

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"

SMALL = """\
id: small
name: {zh: 小, en: small}
as_of: 2024-06-30
ranks:
  - {key: low, zh: 低, en: low}
  - {key: high, zh: 高, en: high}
grades:
  - {key: middle, zh: 中, en: middle, counts_as: low}
rotation_kinds:
  - {key: grassroots, zh: 基层锻炼, en: grassroots exercise}
  - {key: key_post, zh: 关键岗位, en: key post}
stages:
  - key: first
    zh: 一
    en: first
    batch: train
    gates:
      - served_months: {kind: grassroots, at_least: 24}
totals:
  - key: villages
    zh: 派驻
    en: sent
    sentence: {zh: 人数, en: people}
    rule:
      sent: {kinds: [grassroots], since: 2017}
"""


def problems_of(text):
    with pytest.raises(InputError) as caught:
        parse_programme(text)
    return caught.value


def only(text):
    error = problems_of(text)
    assert len(error.problems) == 1
    return error.problems[0]


@pytest.fixture(scope="module")
def shifeng():
    return parse_programme((SHIFENG / "programme.yaml").read_text(encoding="utf-8"))


def test_small_programme_is_read():
    programme = parse_programme(SMALL)
    assert [rank.key for rank in programme.ranks] == ["low", "high"]
    gate = programme.stages[0].gates[0]
    assert (gate.name, gate.parameters.kind, gate.parameters.at_least) == (
        "served_months", "grassroots", 24,
    )  # fmt: skip
    assert programme.totals[0].rule.parameters.since == "2017"
    assert day_of(programme, date(2030, 1, 1)) == date(2024, 6, 30)


def test_ranks_are_ordered_and_a_grade_counts_as_its_rank_only_where_the_programme_says_so():
    programme = parse_programme(SMALL)
    ranks = ["low", "high", "middle", "unheard", None]
    assert [programme.rank_index(rank) for rank in ranks] == [0, 1, None, None, None]
    counting = programme.model_copy(update={"grades_count_as_ranks": True})
    assert [counting.rank_index(rank) for rank in ranks] == [0, 1, 0, None, None]


def test_what_runs_beside_the_home_post_stands_on_kinds_and_once_stood_on_exercises():
    kinds = "rotation_kinds:\n  - {key: a, zh: 甲, en: a, keeps_home_post: true}\n"
    kinds += "  - {key: b, zh: 乙, en: b}\nexercises:\n  - {key: b, keeps_home_post: true}\n"
    programme = parse_programme("id: p\nname: {zh: 项, en: p}\n" + kinds)
    assert programme.kinds_beside == {"a", "b"}


def test_titles_are_in_two_languages_and_fall_back_to_the_key():
    programme = parse_programme(SMALL)
    assert programme.title("rotation_kinds", "key_post", "zh_Hans") == "关键岗位"
    assert programme.title("rotation_kinds", "key_post", "en") == "key post"
    assert programme.title("rotation_kinds", "other", "en") == "other"
    assert programme.title("rotation_kinds", None, "en") == ""


def test_listed_kinds_only_are_allowed_but_an_empty_list_takes_any():
    programme = parse_programme(SMALL)
    assert programme.allows("rotation_kinds", "grassroots")
    assert not programme.allows("rotation_kinds", "grassroot")
    assert programme.allows("unit_kinds", "anything")
    for wrong, key in (("grassroot", "grassroots"), ("关键岗", "key_post")):
        nearest = programme.nearest("rotation_kinds", wrong)
        assert nearest and nearest.key == key
    assert programme.nearest("rotation_kinds", "zzz") is None


def test_without_a_programme_everything_is_allowed():
    assert EMPTY_PROGRAMME.allows("ranks", "anything")
    assert EMPTY_PROGRAMME.totals == ()
    assert day_of(EMPTY_PROGRAMME, date(2030, 1, 1)) == date(2030, 1, 1)
    assert parse_programme("") == EMPTY_PROGRAMME


def test_a_programme_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        parse_programme(SMALL).id = "other"


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "message", "hint"),
    [
        ("served_months:", "servd_months:", 18, "unknown_key",
         '"servd_months" is not known in "gates".', 'Did you mean "served_months"?'),
        ("at_least: 24", "atleast: 24", 18, "unknown_key",
         '"atleast" is not known in "served_months".', 'Did you mean "at_least"?'),
        ("totals:", "total:", 19, "unknown_key",
         '"total" is not known in the file.', 'Did you mean "totals"?'),
        ("{kind: grassroots,", "{kind: grasroots,", 18, "unknown_name",
         '"grasroots" is not one of rotation_kinds.', 'Did you mean "grassroots"?'),
        ("kinds: [grassroots]", "kinds: [key_post, kee_post]", 25, "unknown_name",
         '"kee_post" is not one of rotation_kinds.', 'Did you mean "key_post"?'),
        ("counts_as: low", "counts_as: lo", 8, "unknown_name",
         '"lo" is not one of ranks.', 'Did you mean "low"?'),
        ("at_least: 24", "at_least: two", 18, "wrong_value", 'at_least "two"', None),
        ("at_least: 24", "at_least: 0", 18, "wrong_value", 'at_least "0"', None),
        ("since: 2017", "since: 2017-13", 25, "wrong_value",
         'since "2017-13": is not a date; write 2017, 2017-09 or 2017-09-16.', None),
        ("since: 2017", "since: 2017, months: 36", 25, "wrong_value",
         "takes months or since, not both", None),
        ("as_of: 2024-06-30", "as_of: 2024-06", 3, "wrong_value",
         'as_of "2024-06": is not a full day', None),
        ("batch: train", "batch: retrain", 16, "wrong_value", 'batch "retrain"', None),
        ("    batch: train\n", "", 13, "missing", '"batch" is missing.',
         'Add a line "batch: ...".'),
        ("{key: high,", "{key: low,", 6, "twice", '"low" stands twice in ranks.', None),
        ("id: small", "id: small\nid: other", 2, "twice", '"id" stands twice', None),
        ("[grassroots]", "[grassroots", 25, "not_yaml", "This is not YAML", None),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_the_nearest_name(old, new, line, code, message, hint):
    assert SMALL.count(old) == 1
    problem = only(SMALL.replace(old, new))
    assert (problem.severity, problem.file, problem.row, problem.code) == (
        "error", "programme.yaml", line, code,
    )  # fmt: skip
    assert message in problem.message
    assert hint is None or problem.hint == hint


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("served_months:", "servd_months:",
         "“gates”中没有“servd_months”这一项。", "是不是“served_months”？"),
        ("totals:", "zzz:", "文件中没有“zzz”这一项。", "可用："),
        ("{kind: grassroots,", "{kind: grasroots,",
         "rotation_kinds 中没有“grasroots”。", "是不是“grassroots”？"),
        ("at_least: 24", "at_least: two", "at_least“two”：应为整数。", ""),
        ("at_least: 24", "at_least: 0", "at_least“0”：不能小于 1。", ""),
        ("since: 2017", "since: 2017-13",
         "since“2017-13”：不是日期；请写成 2017、2017-09 或 2017-09-16。", ""),
        ("since: 2017", "since: 2017, months: 36", "sent：months 与 since 只能写一个。", ""),
        ("as_of: 2024-06-30", "as_of: 2024-06",
         "as_of“2024-06”：不是完整的日期；请写成 2024-06-30。", ""),
        ("batch: train", "batch: retrain",
         "batch“retrain”：应为 'train'、'mature'、'use' 之一。", ""),
        ("    batch: train\n", "", "缺少“batch”。", "请加一行“batch: ...”。"),
        ("{key: high,", "{key: low,", "“low”在 ranks 中出现了两次。", "请只保留一个。"),
        ("id: small", "id: small\nid: other", "“id”在同一处出现了两次。", "请只保留一个。"),
        ("[grassroots]", "[grassroots", "这不是有效的 YAML：", ""),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_chinese_too(old, new, message, hint):
    with pytest.raises(InputError) as caught:
        parse_programme(SMALL.replace(old, new), language="zh_Hans")
    (problem,) = caught.value.problems
    assert problem.message.startswith(message)
    assert (problem.hint or "").startswith(hint)
    assert str(caught.value).startswith("programme.yaml 第 ")


def test_rules_are_told_in_chinese_too():
    said = r"^rules\.yaml 第 4 行：“rule”中没有“trial_perod”这一项。"
    with pytest.raises(InputError, match=said):
        parse_rules(RULE.replace("trial_period", "trial_perod"), language="zh_Hans")


def test_a_rule_is_one_name():
    for rule in ("rule: {}", "rule: {sent: {kinds: []}, joined: {}}", "rule: {joined: }"):
        text = SMALL.replace("rule:\n      sent: {kinds: [grassroots], since: 2017}", rule)
        assert "names exactly one rule" in only(text).message


def test_all_mistakes_are_told_at_once_in_the_order_of_lines():
    text = SMALL.replace("at_least: 24", "atleast: 24").replace("ranks:", "rank:")
    error = problems_of(text)
    assert [problem.row for problem in error.problems] == [4, 18]
    assert str(error).startswith(
        'programme.yaml, line 4: "rank" is not known in the file. (1 more)'
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\nb: *a",
        "id: !!python/object/apply:os.getcwd []",
        "[" * 5000,
        "\x00",
        "- a\n- b",
        "just words",
        "? [a]\n: b",
        "id: 5",
        "as_of: !!timestamp nonsense",
        "id: !!int nonsense",
    ],
)
def test_odd_text_is_an_input_error(text):
    error = problems_of(text)
    assert error.problems[0].file == "programme.yaml"


def test_a_missing_or_unreadable_file_is_said(tmp_path):
    file = tmp_path / "programme.yaml"
    with pytest.raises(InputError, match=r"programme\.yaml does not exist"):
        read_text(file)
    file.write_bytes("id: 石峰区".encode("gb18030"))
    with pytest.raises(InputError, match=r"programme\.yaml is not UTF-8 text. Save it as UTF-8"):
        read_text(file)
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert parse_programme(read_text(file)).id == "small"


@pytest.mark.parametrize(
    ("on", "window", "first"),
    [
        (date(2024, 6, 30), Window(months=36), "2021-07-01"),
        (date(2024, 2, 29), Window(months=12), "2023-03-01"),
        (date(2024, 6, 30), Window(since="2017"), "2017"),
        (date(2024, 6, 30), Window(), None),
    ],
)
def test_a_window_of_months_ends_on_the_day_asked_for(on, window, first):
    assert window.first_day(on) == first


def test_shifeng_names_every_total_of_the_report(shifeng):
    assert [(total.key, total.rule.name) for total in shifeng.totals] == [
        ("trainees", "joined"),
        ("villages", "sent"),
        ("key_posts", "sent"),
        ("secondments", "sent"),
        ("platform", "took_part"),
        ("grid_workers", "held"),
        ("courses", "attendances"),
        ("onsite_teaching", "attendances"),
        ("seminars", "attendances"),
        ("to_deputy_county", "promoted"),
        ("to_section", "promoted"),
        ("to_deputy_section", "promoted"),
        ("unit_heads", "held"),
    ]


def test_shifeng_has_all_that_a_programme_can_say(shifeng):
    assert [rank.key for rank in shifeng.ranks] == ["科员", "副科", "正科", "副处", "正处"]
    empty = [name for name in type(shifeng).model_fields if not getattr(shifeng, name)]
    assert empty == ["grades_count_as_ranks"]
    for lists in (shifeng.mentoring_methods, shifeng.mentoring_duties, shifeng.growth_tasks):
        assert len(lists) == 5
        assert all(term.zh.startswith("〔示例〕") for term in lists)
    shape = [len(part.mechanisms) for part in shifeng.parts]
    assert shape == [3, 4, 2, 5]
    secondment = shifeng.exercise("secondment")
    assert shifeng.kinds_beside == {"secondment", "platform", "study", "borrowed"}
    assert secondment.after == ("grassroots",)
    assert shifeng.exercise("none") is None


def test_shifeng_has_the_rules_1_to_24_each_with_its_source(shifeng):
    rules = parse_rules((SHIFENG / "rules.yaml").read_text(encoding="utf-8"), programme=shifeng)
    assert {rule.id for rule in rules} >= {f"R{number}" for number in range(1, 25)}
    assert all(rule.source for rule in rules)
    assert [rule.id for rule in rules if not rule.enabled] == ["R4"]
    by_id = {rule.id: rule for rule in rules}
    assert by_id["R5"].rule.parameters.months == 36
    assert not by_id["R5"].rule.parameters.trial_counts
    assert by_id["R3"].waivable
    assert [by_id[key].kind for key in ("R1", "R14", "R22")] == ["hard", "soft", "warning"]


RULE = """\
rules:
  - id: R1
    title: {zh: 试用, en: trial}
    rule: {trial_period: {months: 12}}
    kind: hard
    source: law
"""


def test_rules_are_checked_like_a_programme():
    assert parse_rules(RULE)[0].rule.parameters.months == 12
    for old, new, line, message in (
        ("trial_period", "trial_perod", 4, '"trial_perod" is not known in "rule".'),
        ("{months: 12}", "{month: 12}", 4, '"month" is not known in "trial_period".'),
        ("kind: hard", "kind: harsh", 5, 'kind "harsh"'),
    ):
        with pytest.raises(InputError) as caught:
            parse_rules(RULE.replace(old, new))
        problem = caught.value.problems[0]
        assert (problem.file, problem.row) == ("rules.yaml", line)
        assert message in problem.message


def test_rules_may_name_only_what_the_programme_lists():
    text = RULE.replace(
        "{trial_period: {months: 12}}", "{rank_after: {rank: high, from: [middel], months: 24}}"
    )
    assert parse_rules(text)[0].rule.parameters.from_ == ("middel",)
    with pytest.raises(InputError) as caught:
        parse_rules(text, "rules.yaml", parse_programme(SMALL))
    assert [problem.hint for problem in caught.value.problems] == ['Did you mean "middle"?']


def test_the_page_of_the_format_names_every_key_and_rule():
    page = (SHIFENG.parents[1] / "docs" / "programme.md").read_text(encoding="utf-8")
    keys = set(Programme.model_fields)
    names = {
        name
        for uses in RuleUse.__subclasses__()
        if uses is not AppointmentRule
        for name in uses.model_fields
    }
    assert {key for key in keys if f"`{key}`" not in page} == set()
    assert {name for name in names if f"`{name}" not in page} == set()
