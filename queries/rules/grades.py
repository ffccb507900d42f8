"""The rules about grades: the first one after the trial, and the ladder from step to step.

One function a rule, named as in `rules.yaml`, of the same shape as in `queries/rules/ranks.py`.
"""

from __future__ import annotations

from datetime import date

from graph import appointment_rules as rules
from graph.dates import first_day
from graph.errors import N_
from queries.personnel.spans import Period, within
from queries.rules.candidate import (
    REVIEW,
    Candidate,
    ProposedMove,
    Verdict,
    from_day,
    missing,
)
from queries.rules.ranks import resting, silent
from queries.sentences import Term, say


def first_grade(rule: rules.FirstGrade, who: Candidate, move: ProposedMove) -> Verdict:
    """The first grade after the trial goes by education, and counts as a rank."""
    ladder = who.programme.rank_index  # None for a grade: grades are no ranks here
    wanted = ladder(move.rank)
    if move.rank is None or not wanted:
        return silent()
    grade = grade_by_education(rule, who.education)
    if grade is None:
        reach = [i for each in rule.by_education.values() if (i := ladder(each)) is not None]
        is_open = not who.education and max(reach, default=-1) >= wanted
        return missing("education") if is_open else silent()
    counts_as = ladder(grade)
    if counts_as is None or counts_as < wanted:
        return silent()
    if who.trial_until is None:
        return missing("joined_on")
    because = say(
        N_("After the trial %(education)s gives %(grade)s, which counts as this rank."),
        education=who.education,
        grade=Term("ranks_and_grades", grade),
    )
    return from_day(who.trial_until, who.on, because)


def grade_by_education(rule: rules.FirstGrade, education: str | None) -> str | None:
    """Return the first grade of an education, known by its word: 硕士 in 硕士研究生."""
    words = sorted(rule.by_education, key=len, reverse=True)
    return next((rule.by_education[word] for word in words if word in (education or "")), None)


def grade_steps(rule: rules.GradeSteps, who: Candidate, move: ProposedMove) -> Verdict:
    """Grades rise step by step; an excellent review shortens a step, an uncounted one delays it."""
    if move.rank not in rule.steps:
        return silent()
    wanted, held = rule.steps.index(move.rank), held_grade(rule, who)
    if held is not None and wanted <= held:
        return silent(say(N_("The rank is no higher than one held already.")))
    at_rank = _at_counted_rank(rule, who, move.rank)
    if held is None and not at_rank:
        return missing("education" if who.possible_grades else "grade")
    if not at_rank and held is not None and wanted > held + 1:
        between = Term("ranks_and_grades", rule.steps[held + 1])
        return Verdict(
            "blocks",
            say(N_("It would skip %(rank)s."), rank=between),
            change=say(N_("First %(rank)s."), rank=between),
        )
    periods = [*_time_in_grade(rule, who, wanted - 1), *at_rank]
    # Without any time in the grade, as between two posts, no review counts for it yet.
    begun = min(periods)[0] if periods else who.on
    reviews = [each for each in who.reviews(rule.record) if first_day(each.on) >= begun]
    good = sum(each.result in rule.excellent for each in reviews)
    bad = sum(each.result in rule.not_counted for each in reviews)
    blank = sum(not each.result for each in reviews)
    found = _step(rule, who, periods, good, bad)
    best, worst = (
        _step(rule, who, periods, good + blank, bad),
        _step(rule, who, periods, good, bad + blank),
    )
    if (best.state, best.since) != (worst.state, worst.since) and worst.state != "allows":
        return missing(REVIEW)
    return worst if blank else found


def _step(
    rule: rules.GradeSteps, who: Candidate, periods: list[Period], good: int, bad: int
) -> Verdict:
    """Say when a step is full with so many excellent reviews and so many that do not count."""
    months = max(rule.months - good * rule.excellent_shortens, 0) + 12 * bad
    day = who.full(periods, months)
    if day is None and any(end is None for _, end in who.pauses):
        return resting()
    if day is None:
        done = who.done(periods)
        return Verdict(
            "blocks",
            say(
                N_("%(done)s of %(months)s months in the grade, and the time no longer runs."),
                done=done,
                months=months,
            ),
            change=say(N_("%(left)s more months there."), left=months - done),
        )
    because = say(
        N_(
            "The step of %(months)s months is full on %(day)s "
            "(%(good)s excellent, %(bad)s not counted)."
        ),
        months=months,
        day=day,
        good=good,
        bad=bad,
    )
    change = None
    if rule.excellent_shortens:
        template = N_("Each excellent yearly review shortens it by %(months)s months.")
        change = say(template, months=rule.excellent_shortens)
    return from_day(day, who.on, because, change)


def held_grade(rule: rules.GradeSteps, who: Candidate) -> int | None:
    """Return the place on the ladder of grades of the last one begun; None for none known."""
    held = _grades_by_day(rule, who)
    return held[-1][1] if held else None


def _grades_by_day(rule: rules.GradeSteps, who: Candidate) -> list[tuple[date, int]]:
    """Return since when which steps were held, oldest first; old data has grades as ranks."""
    held = [(day, rule.steps.index(grade)) for grade, day in who.grades if grade in rule.steps]
    held += [(s.period[0], rule.steps.index(s.rank)) for s in who.postings if s.rank in rule.steps]
    return sorted(held, key=lambda each: each[0])


def _time_in_grade(rule: rules.GradeSteps, who: Candidate, lowest: int) -> list[Period]:
    """Return the time at a step or above, while a post is held."""
    held = _grades_by_day(rule, who)
    ends = [*(day for day, _ in held[1:]), None]
    found = [(day, end) for (day, step), end in zip(held, ends, strict=False) if step >= lowest]
    return within(found, who.time(lambda posting: True))


def _at_counted_rank(rule: rules.GradeSteps, who: Candidate, grade: str) -> list[Period]:
    """Return the time at the rank, or above, that counts for the step to a grade."""
    ladder = who.programme.rank_index
    lowest = ladder(rule.ranks_count.get(grade))
    if lowest is None:
        return []
    return who.time(
        lambda posting: (
            who.is_home(posting)
            and not posting.acting
            and (index := ladder(posting.rank)) is not None
            and index >= lowest
        )
    )
