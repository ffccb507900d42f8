"""A hospital residency on the same code: only its programme.yaml differs."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask_babel import gettext

from graph.programme import parse_programme
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import check
from queries.programme import audit, focus, mentoring, overview, report, stages
from queries.programme.facts import Facts
from queries.rules import short_list as priorities
from queries.sentences import say
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, facts_of, loaded
from webapp import create_app
from webapp.shell.language import either
from webapp.shell.sentences import said


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("hospital") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, RESIDENCY)


@pytest.fixture(scope="module")
def facts(hospital: Store) -> Facts:
    return facts_of(hospital)


def test_the_data_set_has_no_problem():
    assert check(RESIDENCY) == []


def test_nothing_of_it_is_the_districts():
    residency = parse_programme((RESIDENCY / "programme.yaml").read_text(encoding="utf-8"))
    district = parse_programme((DISTRICT / "programme.yaml").read_text(encoding="utf-8"))
    for what in ("ranks", "stages", "mentoring_kinds", "levels", "duties", "mechanisms"):
        keys = {term.key for term in residency.terms(what)}
        assert not keys & {term.key for term in district.terms(what)}, what


def test_each_resident_stands_where_the_rotations_say(facts: Facts):
    stand = {p.person: (p.stage, p.since) for p in stages.progress(facts).values()}
    assert stand == {
        "R1": ("certified", date(2024, 2, 1)),  # six months of chief duty since 2023-08-01
        "R2": ("chief", date(2023, 8, 1)),  # two years after joining
        "R3": ("advanced", date(2023, 8, 1)),  # two months of emergency on 2023-08-01
        "R4": ("advanced", date(2023, 4, 1)),
        "R5": ("basic", date(2023, 8, 1)),  # internal medicine only since 2024-01-15
        "R6": ("advanced", date(2024, 5, 1)),
    }


@pytest.mark.parametrize(
    "address",
    [
        "/people/P1",
        "/people/R5",
        "/programme",
        "/programme/mentors",
        "/programme/people/R5",
        "/programme/duties",
        "/programme/training",
        "/network?people=R5",
        "/lineage?person=R5",
    ],
)
def test_pages_never_say_the_words_of_another_programme(hospital: Store, address: str):
    client = create_app(Settings(language="en"), store=hospital).test_client()
    mark = "&" if "?" in address else "?"
    for language, other in (("en", "[Tt]rainee"), ("zh_Hans", "学员|选调生|(?<!责任)导师库")):
        page = client.get(f"{address}{mark}lang={language}")
        shown = re.sub(r"(?s)<(script|pre)\b.*?</\1>|<[^>]*>", "", page.text)
        assert page.status_code == 200 and not re.search(other, shown)
    assert re.search("住院医师|带教老师", shown)


def test_sentences_say_one_resident_and_many(hospital: Store):
    app = create_app(Settings(language="en"), store=hospital)
    with app.test_request_context("/?lang=en"):
        assert gettext("{Trainees} now") == "Residents now"
        assert said(say("%(n)s {trainees} and a {mentor}", n=1)) == "1 resident and a teacher"
        assert said(say("%(n)s {trainees}", n=2)) == "2 residents"
        assert either({"zh_Hans": "{trainee}", "en": "{Trainees}"}) == "Residents"


def test_two_bedside_teachers_are_asked_for_and_one_is_missing(facts: Facts):
    (light,) = mentoring.incomplete(facts)
    assert (light.person, light.kind, light.wanted, light.missing) == ("R5", "bedside", 2, 1)
    assert {c.mentor for c in mentoring.candidates(facts, "R5", "bedside")} == {"P4"}


def test_the_audit_finds_what_the_readme_says(facts: Facts):
    found = {(f.level, f.rule, f.person, f.mechanism) for f in audit.audit(facts).findings}
    assert {
        ("red", "mentor_missing", "R5", "M1"),
        ("red", "exercise_out_of_order", "R3", "R2"),
        ("red", "duty_late", "R3", "A1"),
        ("red", "care_missing", "R2", "A3"),
        ("yellow", "training_missing", "R6", "C1"),
    } <= found
    assert {person for level, _, person, _ in found if level == "red"} == {"R2", "R3", "R5"}


def test_totals_fellowship_and_shape_are_its_own(facts: Facts):
    assert {t.key: t.value for t in report.totals(facts)} == {
        "residents": 6,
        "community": 1,
        "chiefs": 2,
        "exams": 8,
    }
    exams = report.total(facts, "exams")
    assert [(each.key, each.value) for each in exams.by_kind] == [("pass", 6), ("distinction", 2)]
    assert exams.rows[0][:2] == ("R1", "2022-02-01")
    assert [each.person for each in focus.focus(facts)] == ["R1", "R2"]
    assert [part.key for part in overview.overview(facts)] == [
        "mentoring",
        "courses",
        "rotations",
        "assessment",
    ]


def test_the_ready_come_first_for_the_chief_of_surgery(facts: Facts):
    found = priorities.shortlist(facts, "Q7")
    assert found.places[0].person == "R2"  # the one in the mature batch
    assert found.places[0].reasons[0].key == "vacancy"
    assert found.places[0].reasons[-1].key == "among_equals"
    without = priorities.shortlist(facts, "Q7", off=["vacancy"])
    assert without.places[0].person == "R3"  # longer in the rank; they are no equals
    assert {each.person for each in found.excluded} == {"R1"}  # holds the post already
