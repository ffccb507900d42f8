"""How long a plan that is stopped keeps its best so far from who waits for it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.planning_data import fill, make, read
from bench.report import as_table, machine, median, publish
from graph.settings import Settings
from graph.store import open_store
from jobs.store import Jobs
from planning.problem.instance import PlanningProblem
from planning.problem.scenario import Scenario
from planning.run.work import Planning

SIZES = ((46, 40), (200, 150))  # people, posts
PAUSES = (0.0, 0.5, 2.0)  # seconds between the first plan and the stop
TIMES = 3
# Until 2026-11-28 a worker had five seconds to end by itself, and sent its plan through a pipe.
BEFORE = {
    (46, 0.0): 6.77, (46, 0.5): 5.83, (46, 2.0): 6.24,
    (200, 0.0): 5.84, (200, 0.5): 2.47, (200, 2.0): 2.53,
}  # fmt: skip


def main() -> None:
    """Stop plans a while after their first one, from another object than began them."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for people, posts in SIZES:
            problem = _problem(Path(folder) / str(people), people, posts)
            jobs = Jobs(Path(folder) / "jobs")
            for pause in PAUSES:
                taken = [_stopped(jobs, problem, pause) for _ in range(TIMES)]
                waits = [seconds for seconds, _ in taken]
                costs = {cost for _, cost in taken}
                before = BEFORE[people, pause]
                rows.append((people, posts, pause, before, median(waits), max(waits), min(costs)))
    heads = [
        "people", "posts", "stopped s after the first plan", "before, median s",
        "median s to the answer", "worst s", "cost of the answer",
    ]  # fmt: skip
    publish(
        "stopping",
        f"## A plan that is stopped\n\n{machine()}; {TIMES} times each. The answer is the best "
        "plan so far, as another process reads it.\n\n" + as_table(heads, rows),
    )


def _problem(folder: Path, people: int, posts: int) -> PlanningProblem:
    instance = make(0, people=people, posts=posts)
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        fill(store, instance.tables)
        return read(store, instance)


def _stopped(jobs: Jobs, problem: PlanningProblem, pause: float) -> tuple[float, int]:
    """Stop a plan a while after its first one; give the seconds to the answer, and its cost."""
    id_ = jobs.start("plan", Planning(problem, Scenario(), seconds=300)).id
    while jobs.find(id_).result is None:
        time.sleep(0.01)
    time.sleep(pause)
    began = time.perf_counter()
    Jobs(jobs.folder).stop(id_)
    found = jobs.wait(id_, 60)
    return time.perf_counter() - began, found.result["cost"]


if __name__ == "__main__":
    main()
