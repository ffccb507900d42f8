"""The board of stages: who is in which, how long people stayed, who passed from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median

from queries.programme.facts import Facts
from queries.programme.stages import StageProgress, progress, stayed_months


@dataclass(frozen=True)
class StageColumn:
    """One stage on the board: who is in it, and how long people stayed who have left it."""

    stage: str
    batch: str
    people: tuple[StageProgress, ...]
    median_months: int | None
    left: int


@dataclass(frozen=True)
class StageChange:
    """One passage from a stage to the next, newest first on the board."""

    person: str
    stage: str
    came_from: str
    on: date
    months: int


def board(facts: Facts) -> list[StageColumn]:
    """Return the stages in order with their people, longest in the stage first."""
    found = progress(facts)
    columns = []
    for stage in facts.programme.stages:
        here = [p for p in found.values() if p.stage == stage.key]
        lengths = [
            stayed_months(facts, each.person, step.since, step.until)
            for each in found.values()
            for step in each.history
            if step.stage == stage.key and step.until is not None and step.until > step.since
        ]
        columns.append(
            StageColumn(
                stage=stage.key,
                batch=stage.batch,
                people=tuple(sorted(here, key=lambda p: (p.since or date.max, p.person))),
                median_months=int(median(lengths)) if lengths else None,
                left=len(lengths),
            )
        )
    return columns


def moves(facts: Facts, since: date | None = None) -> list[StageChange]:
    """List passages from stage to stage, newest first."""
    found = []
    for each in progress(facts).values():
        for before, after in zip(each.history, each.history[1:], strict=False):
            if since is None or after.since >= since:
                stayed = stayed_months(facts, each.person, before.since, after.since)
                found.append(
                    StageChange(each.person, after.stage, before.stage, after.since, stayed)
                )
    return sorted(found, key=lambda move: (-move.on.toordinal(), move.person, move.stage))
