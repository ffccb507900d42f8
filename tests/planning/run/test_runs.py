"""The works of the planner as jobs: the plan that this process finds, kept without loss."""

import json
import time
from dataclasses import replace
from threading import Event

import pytest

from bench.planning_data import fill, make, read
from graph.errors import AppError, NotFound
from jobs.files import JobFiles
from jobs.store import Jobs
from planning import planner
from planning.explain.why import Alternative
from planning.plan import Plan, in_english
from planning.problem.horizon import horizon
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from planning.replan import PersonChange, Point, points
from planning.run.work import Planning
from planning.run.written import (
    alternatives_as_json,
    line_of,
    plan_as_json,
    plan_of_json,
    points_as_json,
    progress_of,
    run_of,
)
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from planning.solve.state import SolverProgress
from queries.sentences import Sentence, Term, say
from tests.jobs.works import Dying

WAIT = 120


@pytest.fixture
def problem(embedded_store):
    instance = make(1, people=14, posts=20, periods=6)
    fill(embedded_store, instance.tables)
    return read(embedded_store, instance)


@pytest.fixture
def jobs(tmp_path):
    found = Jobs(tmp_path / "jobs")
    yield found
    for job in found.all():
        found.stop(job.id)
        assert not found.wait(job.id, WAIT).is_running


def long_work(store):
    """A work that has a plan soon and goes on for long after it."""
    instance = make(0, people=46, posts=40)
    fill(store, instance.tables)
    return Planning(read(store, instance), Scenario(), seconds=300)


def test_worker_gives_the_plan_of_the_same_process_and_its_progress(problem):
    told: list[SolverProgress] = []
    run = planner._awaited("plan", Planning(problem, Scenario(), seconds=250), told.append)
    outcome = solve(problem)
    assert (run.value.status, run.value.cost) == ("optimal", outcome.cost)
    assert run.value.assignments == plan_of(problem, outcome).assignments
    assert told[0].stage == "built"
    assert told[-1].cost == run.value.cost
    assert [each.seconds for each in told] == sorted(each.seconds for each in told)


def test_worker_that_dies_is_an_error_in_one_sentence_unless_it_had_something():
    run = planner._awaited("replan", _DyingWithPoints())
    assert run.value == []
    with pytest.raises(AppError) as caught:
        planner._awaited("plan", _DyingAtOnce())
    assert caught.value.message == "The planning process ended without a result."


class _DyingAtOnce:
    def __call__(self, reports):
        Dying()(_Silent())


class _DyingWithPoints:
    def __call__(self, reports):
        reports.better([])
        Dying()(_Silent())


class _Silent:
    def better(self, value):
        """Say nothing."""


def test_run_is_found_again_by_its_id_with_its_log_and_plan(problem, jobs):
    id_ = jobs.start("plan", Planning(problem, Scenario()), asked={"request": {}}).id
    assert not planner.state(jobs, id_).is_over
    found = run_of(Jobs(jobs.folder).wait(id_, WAIT))  # as another process of the server sees it
    assert (found.state, found.what, found.asked) == ("done", "plan", {"request": {}})
    assert found.value.status == "optimal"
    assert found.log[-1].cost == found.value.cost


def test_run_is_stopped_by_another_process_and_keeps_its_best_plan(embedded_store, jobs):
    id_ = jobs.start("plan", long_work(embedded_store)).id
    pause, until = Event(), time.monotonic() + WAIT
    while planner.state(jobs, id_).value is None and time.monotonic() < until:
        pause.wait(0.02)
    Jobs(jobs.folder).stop(id_)
    found = run_of(jobs.wait(id_, WAIT))
    assert found.state in ("stopped", "done")  # it may have been quicker
    assert found.value.status in ("feasible", "optimal")
    assert found.value.assignments


# --- as JSON and back


def through_json(value):
    return json.loads(json.dumps(value, ensure_ascii=False))


def test_a_plan_is_read_back_whole(problem):
    plan = plan_of(problem, solve(problem), Scenario(leaves=(("T1", "2025-01-01", None),)))
    assert plan.settings and plan.assignments and plan.cost_by_person
    written = plan_of_json(through_json(plan_as_json(plan)))
    as_shown = replace(
        plan,
        seconds=round(plan.seconds, 3),
        bound=round(plan.bound, 3),
        gap=round(plan.gap, 6),
    )
    assert written == as_shown


def test_sentences_of_an_impossible_plan_are_read_back_in_both_languages(problem):
    first, second = (person.id for person in problem.people[:2])
    post = next(post for post in problem.posts if post.capacity == 1 and post.exercise)
    pins = (Pin(first, post.id, 1), Pin(second, post.id, 1))
    made = Planning(replace(problem, pins=pins), Scenario(pins=pins), seconds=30)(_Told())
    plan = plan_of_json(through_json(made))
    assert plan.status == "infeasible" and plan.is_conflict_minimal
    assert plan.conflict and plan.relaxations and plan.remedies
    for sentence in (*(said for _, said in plan.conflict), *plan.relaxations):
        assert "%(" in sentence.template or not sentence.values
        assert "%(" not in sentence.text()
    assert any(sentence.values for _, sentence in plan.conflict)
    assert any(remedy.scenario is not None for remedy in plan.remedies)
    assert plan_as_json(plan) == made


class _Told:
    """Reports that nobody reads."""

    def tell(self, **progress):
        """Say nothing."""

    def note(self, **line):
        """Say nothing."""

    def better(self, value):
        """Say nothing."""

    def is_stopped(self):
        """Go on."""
        return False


def test_points_and_alternatives_are_read_back(problem, jobs):
    base = plan_of(problem, solve(problem))
    found = points(problem, base, seconds=20)
    sentence = say("%(ranks)s, %(n)s times", ranks=(Term("ranks", "副科"), "正科"), n=2)
    found[0] = replace(found[0], changes=(PersonChange("T1", sentence),))
    run = run_of(kept(jobs, "replan", points_as_json(found), {"base": plan_as_json(base)}))
    assert isinstance(run.base, Plan) and run.base.assignments == base.assignments
    assert all(isinstance(each, Point) for each in run.value)
    assert run.value[0].changes == (PersonChange("T1", sentence),)
    assert points_as_json(run.value) == through_json(points_as_json(found))
    others = [Alternative("P1", None, True, sentence), Alternative("P2", 3, False, Sentence("x"))]
    run = run_of(kept(jobs, "why", alternatives_as_json(others), {}))
    assert (run.value, run.base) == (others, None)


def kept(jobs, kind, result, asked):
    """A job of the planner that is done with a result."""
    job = jobs.wait(jobs.start("check", lambda reports: result, asked=asked).id, WAIT)
    JobFiles(jobs.folder / job.id).write(replace(job, kind=kind))
    return jobs.find(job.id)


def test_a_line_of_the_log_is_read_back():
    for progress in (SolverProgress("built", 0.5), SolverProgress("closed", 1.25, 12.0, 11.5)):
        assert progress_of(through_json(line_of(progress))) == progress


def test_a_sentence_is_told_in_english_after_json():
    plan = Plan("infeasible", horizon("2025-01-01", 2), conflict=(("r", say("Of %(n)s", n=2)),))
    read_back = plan_of_json(through_json(plan_as_json(plan)))
    assert [in_english(said) for _, said in read_back.conflict] == ["Of 2"]


# --- other jobs, other versions


def test_a_job_of_another_kind_is_no_run(jobs):
    job = jobs.wait(jobs.start("check", lambda reports: {}).id, WAIT)
    with pytest.raises(NotFound, match=f'No run of the planner has the id "{job.id}"'):
        planner.state(jobs, job.id)


def test_run_of_a_version_with_other_parts_is_not_found_and_hides_no_other(jobs):
    other = kept(jobs, "plan", {"status": "optimal", "horizon": {}}, {})
    ours = kept(jobs, "why", [], {})
    with pytest.raises(NotFound, match="another version"):
        planner.state(jobs, other.id)
    assert [job.id for job in jobs.all()] == [ours.id, other.id]
    assert planner.state(jobs, ours.id).value == []


def test_request_is_read_back(jobs):
    request = planner.PlanRequest(
        "2025-01-01",
        4,
        "quarter",
        12.5,
        scenario=Scenario(pins=(Pin("T1", "P1", 0),), waived=frozenset({("kin_apart", "T1")})),
        rules={"wishes": {"weight": 3}},
    )
    run = run_of(kept(jobs, "plan", None, {"request": request.as_dict()}))
    assert planner.request_of(run) == request
    assert planner.request_of(run_of(kept(jobs, "why", [], {}))) is None
