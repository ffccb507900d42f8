"""Working in a process of its own: progress, the end, stopping, and a worker that dies."""

import os
import time
from contextlib import suppress

import pytest

from bench.planning_data import fill, make, read
from graph.errors import AppError, Conflict, NotFound
from planning.problem.scenario import Scenario
from planning.run.runs import DONE, LOST, RUNNING, STOPPED, Run, Runs
from planning.run.work import Planning
from planning.run.worker import WorkerProcess, run
from planning.solve.solver import solve
from planning.solve.state import SolverProgress
from tests.at_once import at_once
from tests.waiting import until


@pytest.fixture
def problem(embedded_store):
    instance = make(1, people=14, posts=20, periods=6)
    fill(embedded_store, instance.tables)
    return read(embedded_store, instance)


@pytest.fixture
def runs(tmp_path):
    found = Runs(tmp_path / "runs")
    yield found
    for each in list(found._jobs.values()):
        each.stop()


def long_work(store):
    """A work that has a plan soon and goes on for long after it."""
    instance = make(0, people=46, posts=40)
    fill(store, instance.tables)
    return Planning(read(store, instance), Scenario(), seconds=300)


def test_worker_gives_the_plan_of_the_same_process_and_its_progress(problem):
    told: list[SolverProgress] = []
    plan = run(Planning(problem, Scenario()), on_progress=told.append)
    assert (plan.status, plan.cost) == ("optimal", solve(problem).cost)
    assert told[0].stage == "built"
    assert told[-1].cost == plan.cost


def test_stopped_worker_gives_the_best_plan_so_far(embedded_store):
    job = WorkerProcess(long_work(embedded_store))
    until(lambda: job.best is not None or job.is_over)
    best = job.stop()
    assert job.is_over
    assert best.status in ("feasible", "optimal")
    assert best.assignments


def test_worker_that_dies_is_an_error_in_one_sentence(problem):
    job = WorkerProcess(Planning(problem, Scenario()))
    job._process.kill()
    with pytest.raises(AppError) as caught:
        job.wait(60)
    assert caught.value.message == "The planning process ended without a result."


def test_wait_gives_nothing_before_the_end(problem):
    job = WorkerProcess(Planning(problem, Scenario()))
    assert job.wait(0.0) is None
    assert job.wait(120).status == "optimal"


def test_run_is_found_again_by_its_id_with_its_log_and_plan(problem, runs):
    id_ = runs.start(Planning(problem, Scenario()), "plan", about={"periods": 6})
    assert not runs.state(id_).is_over
    found = Runs(runs.folder).wait(id_, 120)  # as another process of the server sees it
    assert (found.status, found.what, found.about) == (DONE, "plan", {"periods": 6})
    assert found.value.status == "optimal"
    assert found.log[-1].cost == found.value.cost
    assert [each.id for each in runs.all()] == [id_]


def test_run_is_stopped_from_another_process_and_keeps_its_best_plan(embedded_store, runs):
    id_ = runs.start(long_work(embedded_store))
    until(lambda: runs.state(id_).value is not None)
    Runs(runs.folder).stop(id_)
    found = runs.wait(id_, 60)
    assert found.status in (STOPPED, DONE)
    assert found.value.assignments


def test_run_whose_server_is_gone_is_lost_with_its_best_plan(runs):
    runs.folder.mkdir()
    left = Run("0" * 16, "plan", RUNNING, "2025-01-01", value="the best so far")
    runs._write(left)
    assert runs.state(left.id).status == RUNNING
    an_hour_ago = time.time() - 3600
    os.utime(runs._path(left.id), (an_hour_ago, an_hour_ago))
    found = runs.state(left.id)
    assert (found.status, found.value) == (LOST, "the best so far")
    assert found.is_over


def test_only_a_few_runs_go_on_at_once(embedded_store, runs):
    work = long_work(embedded_store)
    first = [runs.start(work), runs.start(work)]
    with pytest.raises(Conflict):
        runs.start(work)
    for id_ in first:
        runs.stop(id_)
        assert runs.wait(id_, 60).is_over


@pytest.mark.parametrize("processes", [1, 2])
def test_of_eight_runs_begun_at_once_a_few_go_on(embedded_store, runs, processes):
    work = long_work(embedded_store)
    servers = [runs, Runs(runs.folder)][:processes]

    def begin(number):
        with suppress(Conflict):
            return servers[number % processes].start(work)

    begun = [id_ for id_ in at_once(begin) if id_]
    try:
        # Two processes may both find that they were a moment too late.
        assert len(begun) == 2 if processes == 1 else len(begun) <= 2
        assert sorted(each.id for each in runs.all()) == sorted(begun)
    finally:
        for id_ in begun:
            runs.stop(id_)
            assert runs.wait(id_, 60).is_over


@pytest.mark.parametrize("id_", ["", "nothing", "../../etc/passwd", "f" * 16])
def test_unknown_run_is_not_found(runs, id_):
    with pytest.raises(NotFound):
        runs.state(id_)


def test_run_of_a_version_with_other_names_is_not_found_and_hides_no_other(problem, runs):
    id_ = runs.start(Planning(problem, Scenario(), seconds=60))
    runs.wait(id_, 120)
    state = (runs.folder / f"{id_}.run").read_bytes()
    older = state.replace(b"planning.run.runs", b"planning.old.runs")
    assert older != state
    (runs.folder / "0123456789abcdef.run").write_bytes(older)
    with pytest.raises(NotFound, match="another version"):
        runs.state("0123456789abcdef")
    assert [run.id for run in runs.all()] == [id_]
