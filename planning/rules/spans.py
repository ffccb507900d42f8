"""Rules on the span of time that a person spends in a post: too short, too long, too early."""

from __future__ import annotations

from planning.problem.defaults import Setting
from planning.problem.instance import BegunPosting, OfferedPost, PlannedPerson, PlanningProblem
from planning.rules.pairs import hardship_until


def tenure(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count a posting that is shorter or longer than its kind may be.

    One that reaches the end of the horizon may go on, so it is not too short. One that runs at the
    first day may end on the first boundary after its longest time: it need not fit the periods.
    """
    need = problem.exercise_by_kind.get((present.kind if present else post.exercise) or "")
    total = _months(problem, present, begin, end)
    if need is None or total is None:
        return 0
    is_short = need.at_least is not None and total < need.at_least and end < problem.horizon.periods
    is_long = need.at_most is not None and total > need.at_most and end > 0
    if is_long and present is not None:
        is_long = (_months(problem, present, begin, end - 1) or 0) >= (need.at_most or 0)
    return int(is_short or is_long)


def settled(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count a main post that is left in its first months (R21)."""
    if problem.keeps_home(present.kind if present else post.exercise):
        return 0
    total = _months(problem, present, begin, end)
    return int(total is not None and total < setting["months"] and end < problem.horizon.periods)


def longest_in_post(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count a main post that is held for too long (R18, R22)."""
    if problem.keeps_home(present.kind if present else post.exercise) or end == 0:
        return 0
    total = _months(problem, present, begin, end)
    return int(total is not None and total > setting["months"])


def lasts(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count a secondment outside its usual length (R14)."""
    if (present.kind if present else post.exercise) not in setting["kinds"]:
        return 0
    total = _months(problem, present, begin, end)
    if total is None:
        return 0
    longest = [each for each in (setting["at_most"], setting["never_over"]) if each is not None]
    is_short = total < (setting["at_least"] or 0) and end < problem.horizon.periods
    is_long = bool(longest) and total > min(longest) and end > 0
    return int(is_short or is_long)


def leave(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count the periods of a new posting that fall into a leave, or before joining."""
    if present is not None:
        return 0
    return sum(t in person.leave or t in person.absent for t in range(begin, end))


def first_things(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count a new posting that begins before what must come first can have been served.

    Used for a hard rule only, to leave such postings out; the rows below count in any case.
    """
    if present is not None or not setting.is_hard:
        return 0
    return int(
        any(
            months > begin * problem.horizon.months
            for _, months in needed_first(problem, person, post.exercise)
        )
    )


def _months(
    problem: PlanningProblem, present: BegunPosting | None, begin: int, end: int
) -> int | None:
    """Return the whole length of a posting; None when it is not known or ends on an agreed day."""
    if present is None:
        return (end - begin) * problem.horizon.months
    if present.until is not None:
        return None
    return present.months_at(problem.horizon.days[end])


def needed_first(
    problem: PlanningProblem, person: PlannedPerson, kind: str | None
) -> list[tuple[str, int]]:
    """Return the months still missing at the first day, by each kind that must come before."""
    need = problem.exercise_by_kind.get(kind or "")
    missing = []
    for before in need.after if need else ():
        asked = problem.exercise_by_kind.get(before)
        months = (asked.at_least if asked else None) or 1
        months -= person.months_of(before, problem.horizon.since)
        if months > 0:
            missing.append((before, months))
    return missing


def hardship_allows(
    problem: PlanningProblem,
    setting: Setting,
    person: PlannedPerson,
    post: OfferedPost,
    present: BegunPosting | None,
    begin: int,
    end: int,
) -> int:
    """Count the allowed kinds when they last too long during that service (R4)."""
    until = hardship_until(problem, setting, person)
    if until is None or present or post.exercise not in setting["allowed_kinds"] or begin >= until:
        return 0
    longest = setting["allowed_months"]
    return int(longest is not None and (end - begin) * problem.horizon.months > longest)
