"""A job as everybody sees it, and the kinds of jobs that there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from graph import errors
from graph.errors import N_, AppError, Problem, ProblemDetails

RUNNING, DONE, FAILED, STOPPED, CUT_OFF = "running", "done", "failed", "stopped", "cut off"


@dataclass(frozen=True)
class JobKind:
    """How jobs of a kind are run, how many at once, and for how many days they are kept."""

    name: str
    place: str  # kinds of one place count together
    at_once: int | None  # None: any number
    kept_days: int
    can_stop: bool
    is_apart: bool  # in a process of its own, which can be ended at any moment
    refusal: str = ""  # when there are too many
    hint: str = N_("Wait for it or stop it: the data page shows it.")

    def refused(self) -> errors.Conflict:
        """Make the error of one job too many."""
        return errors.Conflict(self.refusal, self.hint, most=self.at_once)


_PLANS = (N_("%(most)s plans are being made already."), N_("Wait for one of them, or stop it."))
_EXPORTS = (N_("%(most)s exports are being made already."), N_("Wait for one of them, or stop it."))
KINDS = {
    each.name: each
    for each in (
        JobKind("check", "check", None, 30, can_stop=False, is_apart=False),
        JobKind(
            "load", "load", 1, 30, can_stop=True, is_apart=False,
            refusal=N_("Another load is running; one runs at a time."),
        ),
        JobKind("export", "export", 2, 1, True, False, *_EXPORTS),  # a day: files full of people
        JobKind("plan", "plan", 2, 7, True, True, *_PLANS),
        JobKind("replan", "plan", 2, 7, True, True, *_PLANS),
        JobKind("why", "plan", 2, 7, True, True, *_PLANS),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Job:
    """How a job stands. `asked`, `log` and `result` are read by `Jobs.find`, not by lists.

    Everything is JSON. `result` is what it made, or the best so far.
    """

    id: str
    kind: str
    started: str
    state: str = RUNNING
    by: str = ""  # who began it, as far as that is known
    names: list[str] = field(default_factory=list)  # of the files that it reads or writes
    ended: str | None = None
    progress: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] | None = None  # see `error_as_json`
    asked: dict[str, Any] = field(default_factory=dict)
    log: tuple[dict[str, Any], ...] = ()
    result: Any = None

    @property
    def is_running(self) -> bool:
        """Return whether it still works."""
        return self.state == RUNNING

    @property
    def can_stop(self) -> bool:
        """Return whether it runs and would stop when asked to."""
        return self.is_running and self.kind in KINDS and KINDS[self.kind].can_stop

    def failure(self) -> AppError | None:
        """Return the error by which it failed, to be told in the language of who looks."""
        if self.error is None:
            return None
        made = getattr(errors, self.error["type"], AppError)
        problems = [Problem(**each) for each in self.error["problems"]]
        message, hint = self.error["templates"]
        failed: AppError = made(message, hint, problems, **self.error["values"])
        return failed

    def problem_details(self, translate: Callable[[str], str]) -> ProblemDetails | None:
        """Return the RFC 9457 object of its failure."""
        failed = self.failure()
        return failed.as_problem_details(translate) if failed else None


STORED = ("id", "kind", "started", "state", "by", "names", "ended", "progress", "error")


def job_from(value: Mapping[str, Any]) -> Job:
    """Read a job from its JSON; what another version wrote beyond ours is left out."""
    known = {each.name for each in fields(Job)} & set(STORED)
    return Job(**{key: each for key, each in value.items() if key in known})


def error_as_json(error: AppError) -> dict[str, Any]:
    """Return an error as templates and values, so that any language can tell it later."""
    known = type(error)
    while getattr(errors, known.__name__, None) is not known:  # one of a room above ours
        known = known.__bases__[0]
    plain = (str, int, float, bool, type(None))
    return {
        "type": known.__name__,
        "templates": list(error.templates),
        "values": {
            key: each if isinstance(each, plain) else str(each)
            for key, each in error.values.items()
        },
        "problems": [each.as_dict() for each in error.problems],
    }
