"""A doctoral school on the same code, and every page of each example in its own words."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from examples import doctoral_school
from graph.meanings import first_exercises
from graph.programme import Programme, parse_programme, parse_rules
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import check, load
from planning.planner import PlanningContext, PlanRequest, make
from planning.problem.scenario import Scenario
from queries.programme import audit, mentoring, report, stages
from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from tests.conftest import application

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCTORAL = EXAMPLES / "doctoral"
DAY = date(2024, 6, 30)
# The main pages; PERSON, POST and MENTOR are of the example.
PAGES = (
    *("/", "/people", "/people/PERSON", "/programme/files/PERSON", "/network", "/units", "/posts"),
    *("/careers", "/careers/people/PERSON", "/careers/flows", "/careers/dates", "/quality"),
    *("/programme", "/programme/audit", "/programme/todo", "/programme/stages"),
    *("/programme/mentors", "/programme/mentors/MENTOR", "/programme/training"),
    *("/programme/exercises", "/programme/files", "/programme/focus", "/programme/duties"),
    *("/programme/care", "/programme/vacancies", "/programme/vacancies/POST", "/programme/report"),
    *("/programme/people/PERSON", "/programme/wording", "/plans", "/plans/new", "/enter"),
)
IDS = {
    "doctoral": {"PERSON": "DS10", "POST": "DT1", "MENTOR": "DX05"},
    "residency": {"PERSON": "R3", "POST": "Q7", "MENTOR": "P2"},
}
LISTS = ("roles", "mentoring_kinds", "rotation_kinds", "stages", "ranks", "record_kinds")


def programme_of(name: str) -> Programme:
    return parse_programme((EXAMPLES / name / "programme.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("school") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        load(store, DOCTORAL)
        yield store


@pytest.fixture(scope="module")
def facts(school: Store) -> Facts:
    return facts_on(school, DAY)


def test_files_are_what_the_generator_writes_and_have_no_problem(tmp_path: Path):
    doctoral_school.generate(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in DOCTORAL.glob("*.csv")}
    assert written == kept
    assert check(DOCTORAL) == []


def test_nothing_of_it_is_of_the_other_examples():
    own = programme_of("doctoral")
    for other in map(programme_of, ("shifeng", "residency")):
        for what in ("ranks", "stages", "mentoring_kinds", "levels", "duties"):
            keys = {term.key for term in own.terms(what)}
            assert not keys & {term.key for term in other.terms(what)}, what


def test_check_finds_what_the_readme_says(facts: Facts):
    found = {(f.level, f.rule, f.person, f.part) for f in audit.audit(facts).findings}
    assert {each for each in found if each[0] != "blue"} == {
        ("red", "stage_late", "DS18", "coursework"),
        ("red", "stage_late", "DS02", "dissertation"),
        ("red", "mentor_missing", "DS10", "committee"),
        ("red", "mentor_missing", "DS11", "co_supervisor"),
        ("red", "exercise_too_long", "DS24", "lab_rotation"),
        ("red", "duty_late", "DS15", "monthly_meeting"),
        ("yellow", "care_missing", "DS09", "yearly_stipend"),
        ("yellow", "request_open", "DS22", "meeting_request"),
    }
    assert ("blue", "stage_deadline", "DS14", "proposal_stage") in found


def test_stages_end_by_examination_and_a_suspension_stops_them(facts: Facts):
    stood = stages.progress(facts)
    assert stood["DS14"].deadline == DAY
    assert stood["DS20"].deadline is None
    # Six years of 2017-09-01 and the year away.
    assert stood["DS01"].deadline == date(2024, 8, 31)
    assert [step.stage for step in stood["DS06"].history] == [
        *("coursework", "proposal_stage", "dissertation", "doctorate"),
    ]


def test_committee_has_three_members(facts: Facts):
    lights = {light.kind: light for light in mentoring.lights(facts)["DS10"]}
    assert (lights["committee"].wanted, lights["committee"].missing) == (3, 1)
    assert lights["supervisor"].missing == lights["co_supervisor"].missing == 0
    assert mentoring.candidates(facts, "DS10", "committee")


def test_totals_are_its_own(facts: Facts):
    values = {total.key: total.value for total in report.totals(facts)}
    assert (values["students"], values["rotated"]) == (27, 9)


def test_next_laboratory_rotations_are_planned(school: Store):
    programme = programme_of("doctoral")
    assert first_exercises(programme) == ("lab_rotation",)  # teaching runs beside it
    rules = parse_rules((DOCTORAL / "rules.yaml").read_text(encoding="utf-8"), programme=programme)
    people = ("DS29", "DS30")
    request = PlanRequest(
        "2024-07-01",
        periods=2,
        period="quarter",
        scenario=Scenario(people=people, must_cover=("DP2", "DP3")),
    )
    plan = make(PlanningContext(school, programme, rules), request)  # checked independently
    new = [each for each in plan.assignments if each.kind == "lab_rotation"]
    assert plan.status in ("optimal", "feasible")
    assert {each.person for each in new} == set(people)


@pytest.mark.parametrize("name", ["doctoral", "residency"])
def test_every_main_page_speaks_the_programmes_own_words(
    name: str, tmp_path: Path, embedded_store: Store
):
    load(embedded_store, EXAMPLES / name)
    client = application(embedded_store, tmp_path).test_client()
    others = {"doctoral", "residency", "shifeng"} - {name}
    own = titles(programme_of(name))
    foreign = set().union(*(titles(programme_of(other)) for other in others)) - own - SHARED
    found = {
        (page, word)
        for page in PAGES
        for language in ("zh_Hans", "en")
        for word in words_on(client, page, language, IDS[name], foreign)
    }
    assert found == set()


# Titles of a programme that texts of the software use as words of their own.
SHARED = {
    *("talk", "support", "rotation", "appointment", "staff", "mentor", "trainee", "reserve list"),
    *("任职", "使用", "试用期", "导师", "走访慰问", "培训需求", "payment", "visit"),
}


def titles(programme: Programme) -> set[str]:
    return {word for what in LISTS for term in programme.terms(what) for word in (term.zh, term.en)}


def words_on(
    client: FlaskClient, page: str, language: str, ids: dict[str, str], words: set[str]
) -> list[str]:
    address = re.sub("PERSON|POST|MENTOR", lambda mark: ids[mark[0]], page)
    answer = client.get(f"{address}?lang={language}")
    assert answer.status_code == 200, address
    text = unescape(re.sub(r"<(script|pre|code)\b.*?</\1>|<[^>]*>", " ", answer.text, flags=re.S))
    return [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)]
