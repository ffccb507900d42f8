"""Works for tests of jobs: plain values that go to a process, each with a trace of its own."""

import os
import signal
import time
from dataclasses import dataclass

from graph.errors import InputError
from jobs.running import Reports


@dataclass(frozen=True)
class Counting:
    """Notes the numbers from 0 and gives their sum."""

    to: int

    def __call__(self, reports: Reports) -> dict[str, int]:
        for number in range(self.to):
            reports.note(number=number)
            reports.tell(done=number + 1, of=self.to)
        return {"sum": sum(range(self.to))}


@dataclass(frozen=True)
class Improving:
    """Has 7 at once, and 5 when it is asked to stop."""

    def __call__(self, reports: Reports) -> dict[str, int]:
        reports.note(process=os.getpid())
        reports.better({"cost": 7})
        while not reports.is_stopped():
            time.sleep(0.01)
        return {"cost": 5}


@dataclass(frozen=True)
class Deaf:
    """Has 7 at once, and never looks whether it should stop."""

    def __call__(self, reports: Reports) -> dict[str, int]:
        reports.better({"cost": 7})
        time.sleep(600)
        return {"cost": 5}


@dataclass(frozen=True)
class Dying:
    """Has 7 and is killed, as by a system that lacks memory."""

    def __call__(self, reports: Reports) -> None:
        reports.better({"cost": 7})
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Failing:
    """Raises an error of ours, or one that nobody foresaw."""

    is_ours: bool

    def __call__(self, reports: Reports) -> None:
        if self.is_ours:
            raise InputError("%(n)s posts are missing.", "Add %(post)s.", n=2, post="P1")
        raise ZeroDivisionError
