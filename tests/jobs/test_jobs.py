"""Jobs in threads and in real processes: their ends, their limits, and what a restart leaves."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from graph.errors import Conflict, InputError, NotFound
from jobs.files import JobFiles
from jobs.job import CUT_OFF, DONE, FAILED, KINDS, RUNNING, STOPPED, Job
from jobs.store import Jobs
from tests.at_once import MANY, at_once
from tests.jobs.works import Counting, Deaf, Dying, Failing, Improving

ROOT = Path(__file__).resolve().parents[2]
LONG = 60


@pytest.fixture
def jobs(tmp_path):
    found = Jobs(tmp_path / "jobs")
    yield found
    for job in found.all():
        found.stop(job.id)
    for job in found.all():
        assert not found.wait(job.id, LONG).is_running


def until(is_so):
    pause = threading.Event()
    for _ in range(LONG * 50):
        if is_so():
            return
        pause.wait(0.02)
    raise AssertionError("It never came.")


def python(code: str, *arguments: str) -> str:
    """What another process prints."""
    command = [sys.executable, "-c", f"import sys, json\nfrom pathlib import Path\n{code}"]
    made = subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return made.stdout


def begun(jobs: Jobs, work=Improving()) -> Job:  # noqa: B008
    """A job in a process that has its first result."""
    job = jobs.start("plan", work)
    until(lambda: jobs.find(job.id).result)
    return job


# --- what came of it


@pytest.mark.parametrize("kind", ["plan", "check"])
def test_a_job_tells_how_far_it_is_what_happened_in_order_and_its_result(jobs, kind):
    asked = {"people": ["甲"], "seconds": 1.5}
    job = jobs.start(kind, Counting(300), asked=asked, names=["a.csv"], by="王")
    assert (job.state, job.asked) == (RUNNING, asked)
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result, found.error) == (DONE, {"sum": 44_850}, None)
    assert [line["number"] for line in found.log] == list(range(300))
    assert [line["at"] for line in found.log] == sorted(line["at"] for line in found.log)
    assert found.progress == {"done": 300, "of": 300}
    assert (found.kind, found.asked, found.names, found.by) == (kind, asked, ["a.csv"], "王")
    assert found.started <= found.log[0]["at"] <= found.log[-1]["at"] <= found.ended


def test_a_job_is_read_by_a_process_that_begins_after_its_end(jobs):
    job = jobs.wait(jobs.start("plan", Counting(3)).id, LONG)
    told = python(
        "from jobs.store import Jobs\n"
        "jobs = Jobs(Path(sys.argv[1]))\n"
        "job = jobs.find(jobs.all()[0].id)\n"
        "print(json.dumps([job.id, job.state, job.result, len(job.log)]))",
        str(jobs.folder),
    )
    assert json.loads(told) == [job.id, "done", {"sum": 3}, 3]


@pytest.mark.parametrize("kind", ["plan", "check"])
def test_an_error_is_kept_to_be_told_in_any_language(jobs, kind):
    found = jobs.wait(jobs.start(kind, Failing(is_ours=True)).id, LONG)
    assert (found.state, found.result) == (FAILED, None)
    assert isinstance(found.failure(), InputError)
    assert str(found.failure()) == "2 posts are missing. Add P1."
    chinese = {"%(n)s posts are missing.": "缺%(n)s个岗位。", "Add %(post)s.": "请添加%(post)s。"}
    details = found.problem_details(lambda text: chinese.get(text, text))
    assert (details["status"], details["detail"], details["hint"]) == (
        400,
        "缺2个岗位。",
        "请添加P1。",
    )


def test_an_error_that_nobody_foresaw_has_a_reference_in_the_log(jobs, caplog):
    found = jobs.wait(jobs.start("check", Failing(is_ours=False)).id, LONG)
    assert found.state == FAILED
    assert "ZeroDivisionError" in caplog.text
    assert found.failure().values["ref"] in caplog.text


# --- stop


def test_a_job_is_stopped_by_another_process_and_gives_its_best(jobs):
    job = begun(jobs)
    assert jobs.find(job.id).result == {"cost": 7}
    python(
        "from jobs.store import Jobs\nJobs(Path(sys.argv[1])).stop(sys.argv[2])",
        str(jobs.folder),
        job.id,
    )
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result) == (STOPPED, {"cost": 5})


def test_a_worker_that_does_not_stop_is_ended_with_the_best_it_had(jobs):
    job = begun(jobs, Deaf())
    jobs.stop(job.id)
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result) == (STOPPED, {"cost": 7})


def test_a_stop_comes_too_late_for_a_job_that_has_ended(jobs):
    job = jobs.wait(jobs.start("plan", Counting(1)).id, LONG)
    assert jobs.stop(job.id) == job


def test_a_check_cannot_be_stopped(jobs):
    goes_on = threading.Event()

    def work(reports):
        assert goes_on.wait(LONG)
        return {"stopped": reports.is_stopped()}

    job = jobs.start("check", work)
    assert not jobs.stop(job.id).can_stop
    goes_on.set()
    assert jobs.wait(job.id, LONG).result == {"stopped": False}


def test_a_thread_ends_where_it_is_asked_to_with_nothing_to_show(jobs):
    begins = threading.Event()

    def work(reports):
        begins.set()
        while True:
            reports.end_if_stopped()

    job = jobs.start("load", work)
    assert begins.wait(LONG)
    jobs.stop(job.id)
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result) == (STOPPED, None)


# --- cut off


def test_a_worker_that_is_killed_is_cut_off_with_its_best_so_far(jobs):
    found = jobs.wait(jobs.start("plan", Dying()).id, LONG)
    assert (found.state, found.result, found.error) == (CUT_OFF, {"cost": 7}, None)
    job = begun(jobs)
    os.kill(jobs.find(job.id).log[0]["process"], signal.SIGKILL)
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result) == (CUT_OFF, {"cost": 7})
    assert found.ended is not None


SERVER = """
from jobs.store import Jobs
from tests.jobs.works import Improving
if __name__ == "__main__":
    import time
    Jobs(Path(sys.argv[1])).start("plan", Improving())
    time.sleep(600)
"""


def test_a_job_whose_server_is_killed_is_cut_off_and_its_worker_ends(jobs, tmp_path):
    code = tmp_path / "server.py"
    code.write_text(f"import sys\nfrom pathlib import Path\n{SERVER}", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, str(code), str(jobs.folder)], cwd=ROOT, env=env)
    try:
        until(lambda: any(jobs.find(job.id).result for job in jobs.all()))
        (job,) = jobs.all()
        worker = jobs.find(job.id).log[0]["process"]
        assert (jobs.find(job.id).state, worker == server.pid) == (RUNNING, False)
    finally:
        server.kill()
        server.wait()
    found = jobs.wait(job.id, LONG)
    assert (found.state, found.result) == (CUT_OFF, {"cost": 7})
    until(lambda: not is_alive(worker))
    assert jobs.stop(job.id).state == CUT_OFF
    assert begun(jobs).id != job.id  # its place is free


def is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_log_that_was_cut_in_a_line_is_read_up_to_it(jobs):
    job = jobs.wait(jobs.start("check", Counting(2)).id, LONG)
    with (jobs.folder / job.id / "log.jsonl").open("a") as file:
        file.write('{"number": 2, "a')
    assert [line["number"] for line in jobs.find(job.id).log] == [0, 1]


# --- how many at once


def test_two_plans_are_made_at_once_and_no_third(jobs):
    first, second = begun(jobs), jobs.start("why", Improving())
    with pytest.raises(Conflict) as refused:
        jobs.start("replan", Improving())
    assert str(refused.value) == (
        "2 plans are being made already. Wait for one of them, or stop it."
    )
    assert {job.id for job in jobs.all()} == {first.id, second.id}
    assert {job.id for job in jobs.running("plan")} == {first.id, second.id}
    jobs.stop(first.id)
    jobs.wait(first.id, LONG)
    third = jobs.start("replan", Improving())  # at once: a worker takes a while to end
    assert jobs.find(third.id).state == RUNNING


def test_of_eight_begun_at_once_by_two_servers_two_go_on(jobs):
    servers = [jobs, Jobs(jobs.folder)]

    def begin(number):
        with suppress(Conflict):
            return servers[number % 2].start("plan", Improving()).id
        return None

    going = {id_ for id_ in at_once(begin) if id_}
    assert len(going) == 2
    assert {job.id for job in jobs.all()} == going


def test_a_load_beside_a_load_is_refused_a_check_and_a_plan_are_not(jobs):
    goes_on = threading.Event()
    first = jobs.start("load", lambda reports: goes_on.wait(LONG))
    with pytest.raises(Conflict, match="Another load is running; one runs at a time"):
        jobs.start("load", Counting(1))
    check = jobs.start("check", Counting(1))
    plan = jobs.start("plan", Counting(1))
    assert [jobs.wait(each.id, LONG).state for each in (check, plan)] == [DONE, DONE]
    goes_on.set()
    assert jobs.wait(first.id, LONG).state == DONE
    assert jobs.wait(jobs.start("load", Counting(1)).id, LONG).state == DONE


def test_checks_are_as_many_as_there_are(jobs):
    ids = at_once(lambda number: jobs.start("check", Counting(number)).id)
    assert [jobs.wait(id_, LONG).state for id_ in ids] == [DONE] * MANY


# --- kept and forgotten


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_kept_for_its_days_and_not_longer(jobs, kind):
    days = {"check": 30, "load": 30, "export": 1, "plan": 7, "replan": 7, "why": 7}[kind]
    job = jobs.wait(jobs.start(kind, Counting(1)).id, LONG)
    ended = datetime.fromisoformat(job.ended)
    jobs.forget_old(ended + timedelta(days=days) - timedelta(milliseconds=1))
    jobs.forget_old(ended + timedelta(days=days))
    assert [each.id for each in jobs.all()] == [job.id]
    jobs.forget_old(ended + timedelta(days=days, milliseconds=1))
    assert jobs.all() == []
    with pytest.raises(NotFound):
        jobs.find(job.id)


def test_a_running_job_is_not_forgotten_however_old(jobs):
    job = begun(jobs)
    jobs.forget_old(datetime.fromisoformat(job.started) + timedelta(days=400))
    assert jobs.find(job.id).state == RUNNING


def test_a_new_job_forgets_the_old_ones(jobs):
    old = jobs.wait(jobs.start("export", Counting(1)).id, LONG)
    two_days_ago = datetime.fromisoformat(old.ended) - timedelta(days=2)
    JobFiles(jobs.folder / old.id).write(replace(old, ended=two_days_ago.isoformat()))
    new = jobs.start("check", Counting(1))
    assert [job.id for job in jobs.all()] == [new.id]


def test_jobs_are_listed_newest_first(jobs):
    ids = []
    for kind in ("check", "load", "plan"):
        ids.append(jobs.wait(jobs.start(kind, Counting(1)).id, LONG).id)
    assert [job.id for job in jobs.all()] == ids[::-1]


@pytest.mark.parametrize("id_", ["", "nothing", "..", "../../etc/passwd", "f" * 16, "甲" * 16])
def test_an_id_that_no_job_has_is_not_found(jobs, id_):
    for ask in (jobs.find, jobs.stop, lambda each: jobs.wait(each, 0)):
        with pytest.raises(NotFound):
            ask(id_)


def test_what_another_version_wrote_is_read_as_far_as_it_goes(jobs):
    job = jobs.wait(jobs.start("check", Counting(1)).id, LONG)
    record = jobs.folder / job.id / "job.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**said, "kind": "survey", "colour": "red"}), encoding="utf-8")
    assert (jobs.find(job.id).kind, jobs.find(job.id).result) == ("survey", {"sum": 0})
    record.write_text("{}", encoding="utf-8")
    assert jobs.all() == []
    with pytest.raises(NotFound):
        jobs.find(job.id)


def test_the_files_of_jobs_are_their_owners_only(jobs):
    before = os.umask(0o022)
    try:
        plan = jobs.wait(jobs.start("plan", Counting(1)).id, LONG)
        check = jobs.wait(jobs.start("check", Counting(1)).id, LONG)
    finally:
        os.umask(before)
    for job in (plan, check):
        assert stat.S_IMODE((jobs.folder / job.id).stat().st_mode) == 0o700
    assert stat.S_IMODE(jobs.folder.stat().st_mode) == 0o700
