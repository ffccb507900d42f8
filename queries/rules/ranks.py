"""The rules about time and rank: when a person may rise or be moved at all.

One function a rule, named as in `rules.yaml`; each takes the rule's parameters, the person and the
move, and gives a verdict.
"""

from __future__ import annotations

from datetime import date

from graph import appointment_rules as rules
from graph.dates import add_months, first_day
from graph.errors import N_
from queries.personnel.spans import Period, merged, reached, served, within
from queries.rules.candidate import APPRAISAL, EXCELLENT, Candidate, ProposedMove, Verdict, from_day
from queries.sentences import Sentence, Term, say

JOINED_UNKNOWN = N_("The day of joining is not known.")
Full = tuple[date, Sentence]  # the day on which a time is full, and the sentence that says so
NOTHING = say(N_("The rule does not cover this move."))


def missing(*facts: str) -> Verdict:
    """Return which facts a rule lacks."""
    return Verdict(
        "unknown",
        say(N_("It cannot be judged: %(facts)s is not known."), facts=_facts(facts)),
        change=say(N_("Enter the missing fact.")),
        missing=facts,
    )


def _facts(names: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(Term("facts", name) for name in names)


def resting() -> Verdict:
    """Say that a clock rests and nobody knows how long."""
    return Verdict(
        "blocks",
        say(N_("The time rests during leave, and the leave has no end yet.")),
        change=say(N_("Enter the day of coming back.")),
    )


def silent(because: Sentence = NOTHING) -> Verdict:
    """Say that a rule has nothing to say here."""
    return Verdict("silent", because)


def trial_period(rule: rules.TrialPeriod, who: Candidate, move: ProposedMove) -> Verdict:
    """No rise and no move before the trial after joining is over."""
    if who.joined is None:
        return missing("joined_on")
    day = who.months_after(who.joined, rule.months)
    if day is None:
        return resting()
    return from_day(
        day,
        who.on,
        say(N_("The trial of %(months)s months ends on %(day)s."), months=rule.months, day=day),
    )


def served_months(rule: rules.ServedMonths, who: Candidate, move: ProposedMove) -> Verdict:
    """A selected graduate first serves so many months in rotations of a kind."""
    kind = Term("rotation_kinds", rule.kind)
    if not who.is_trainee or (move.kind == rule.kind and move.rank is None):
        return silent()
    periods = [
        (posting.since, posting.until)
        for posting in who.postings
        if posting.kind == rule.kind
        and (not rule.unit_kinds or posting.place.unit_kind in rule.unit_kinds)
    ]
    day = reached(periods, rule.at_least, who.pauses)
    if day is not None:
        because = say(
            N_("%(months)s months of %(kind)s are served on %(day)s."),
            months=rule.at_least,
            kind=kind,
            day=day,
        )
        return from_day(day, who.on, because)
    done = served(periods, who.on, who.pauses)
    return Verdict(
        "blocks",
        say(
            N_("%(done)s of %(months)s months of %(kind)s are served, and none is running."),
            done=done,
            months=rule.at_least,
            kind=kind,
        ),
        change=say(N_("%(left)s more months of %(kind)s."), left=rule.at_least - done, kind=kind),
    )


def no_transfer(rule: rules.NoTransfer, who: Candidate, move: ProposedMove) -> Verdict:
    """In the first months after joining no rotation of these kinds begins."""
    if move.kind is not None and move.kind not in rule.kinds:
        return silent()
    if who.joined is None:
        return missing("joined_on")
    day = who.months_after(who.joined, rule.months)
    if day is None:
        return resting()
    because = say(N_("The first %(months)s months end on %(day)s."), months=rule.months, day=day)
    return from_day(day, who.on, because)


def rank_after(rule: rules.RankAfter, who: Candidate, move: ProposedMove) -> Verdict:
    """A rank is reached after so long at the ranks below, in work, at the grassroots."""
    if move.rank != rule.rank:
        return silent()
    full: list[Full] = []
    for judged in (_time_at_ranks(rule, who), _work_time(rule, who), _grassroots(rule, who)):
        if isinstance(judged, Verdict):
            return judged
        if judged is not None:
            full.append(judged)
    posts = _posts_below(rule, who)
    if posts is not None:
        return posts
    day, because = max(full, key=lambda each: each[0])
    return from_day(day, who.on, because)


def _time_at_ranks(rule: rules.RankAfter, who: Candidate) -> Full | Verdict:
    ranks = tuple(Term("ranks_and_grades", rank) for rank in rule.from_)
    periods = _at_rank(rule, who)
    if not rule.trial_counts:
        if who.trial_until is None and who.joined is None:
            return missing("joined_on")
        start = who.trial_until or who.joined or date.min
        periods = [(max(since, start), until) for since, until in periods]
    if not merged(periods):
        return Verdict(
            "blocks",
            say(N_("None of %(ranks)s has been held."), ranks=ranks),
            change=say(N_("First one of %(ranks)s."), ranks=ranks),
        )
    day = reached(periods, rule.months, who.pauses)
    if day is None:
        done = served(periods, who.on, who.pauses)
        return Verdict(
            "blocks",
            say(
                N_("%(done)s of %(months)s months at %(ranks)s, and the time no longer runs."),
                done=done,
                months=rule.months,
                ranks=ranks,
            ),
            change=say(N_("%(left)s more months there."), left=rule.months - done),
        )
    template = N_("%(months)s months at %(ranks)s are full on %(day)s.")
    return day, say(template, months=rule.months, ranks=ranks, day=day)


def _work_time(rule: rules.RankAfter, who: Candidate) -> Full | Verdict | None:
    if rule.work_months is None:
        return None
    begun = who.joined or (who.postings[0].since if who.postings else None)
    if begun is None:
        return missing("joined_on")
    day = reached(who.service or [(begun, None)], rule.work_months, who.pauses)
    if day is None:
        return resting()
    template = N_("%(months)s months of work are full on %(day)s.")
    return day, say(template, months=rule.work_months, day=day)


def _grassroots(rule: rules.RankAfter, who: Candidate) -> Full | Verdict | None:
    if rule.grassroots_months is None:
        return None
    below = [
        (each.since, each.until)
        for each in who.postings
        if each.kind in rule.grassroots_kinds or each.place.unit_kind in rule.grassroots_unit_kinds
    ]
    day = reached(below, rule.grassroots_months, who.pauses)
    if day is None:
        done = served(below, who.on, who.pauses)
        return Verdict(
            "blocks",
            say(
                N_("%(done)s of %(months)s months at the grassroots."),
                done=done,
                months=rule.grassroots_months,
            ),
            change=say(
                N_("%(left)s more months at the grassroots."),
                left=rule.grassroots_months - done,
            ),
        )
    template = N_("%(months)s months at the grassroots are full on %(day)s.")
    return day, say(template, months=rule.grassroots_months, day=day)


def _at_rank(rule: rules.RankAfter, who: Candidate) -> list[Period]:
    """Return the time at the ranks that count, or above; a grade counts where the rule names it.

    A grade runs only while a post is held.
    """
    ladder = who.programme.rank_index
    lowest = min((i for rank in rule.from_ if (i := ladder(rank)) is not None), default=None)
    periods: list[Period] = [
        (posting.since, posting.until)
        for posting in who.home_postings
        if posting.rank in rule.from_
        or (lowest is not None and (i := ladder(posting.rank)) is not None and i >= lowest)
    ]
    graded: list[Period] = [(day, None) for grade, day in who.grades if grade in rule.from_]
    held: list[Period] = [(posting.since, posting.until) for posting in who.postings]
    return [*periods, *within(graded, held)]


def _posts_below(rule: rules.RankAfter, who: Candidate) -> Verdict | None:
    """Say that too few posts of the level below were held; what is assumed to come is not held
    against the person.
    """
    at_level = [posting for posting in who.home_postings if posting.rank in rule.from_]
    held = len({posting.place.post for posting in at_level if not posting.assumed})
    if rule.posts_below is None or held >= rule.posts_below or any(s.assumed for s in at_level):
        return None
    return Verdict(
        "blocks",
        say(
            N_("%(held)s of %(wanted)s posts at the level below have been held."),
            held=held,
            wanted=rule.posts_below,
        ),
        change=say(N_("Another post at %(rank)s."), rank=Term("ranks", rule.from_[0])),
    )


def level_by_level(rule: rules.LevelByLevel, who: Candidate, move: ProposedMove) -> Verdict:
    """No rank is skipped, and no rise comes within so many months of the one before."""
    wanted, held = who.programme.rank_index(move.rank), who.rank_index()
    if move.rank is None or wanted is None:
        return silent()
    if held is not None and wanted <= held:
        return silent(say(N_("The rank is no higher than one held already.")))
    if held is None and wanted > 0:
        return missing("rank")
    between = who.programme.ranks[(held if held is not None else -1) + 1].key
    if between != move.rank:
        return Verdict(
            "blocks",
            say(N_("It would skip %(rank)s."), rank=Term("ranks", between)),
            change=say(N_("First %(rank)s."), rank=Term("ranks", between)),
        )
    rise = who.rose_on
    days = [day for day in (rise and add_months(rise, rule.months), who.trial_until) if day]
    if not days:
        return Verdict("allows", say(N_("It is the next level, and there was no rise before.")))
    day = max(days)
    return from_day(day, who.on, say(N_("It is the next level, open from %(day)s."), day=day))


def first_grade(rule: rules.FirstGrade, who: Candidate, move: ProposedMove) -> Verdict:
    """The first grade after the trial goes by education, and counts as a rank."""
    wanted = who.programme.rank_index(move.rank)
    if move.rank is None or wanted is None:
        return silent()
    grade = grade_by_education(rule, who.education)
    if grade is None:
        return missing("education") if not who.education else silent()
    counts_as = who.programme.rank_index(grade)  # None: grades are no ranks here
    if counts_as is None or counts_as < wanted or wanted == 0:
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
    held = [(rule.steps.index(s.rank), s.since) for s in who.postings if s.rank in rule.steps]
    held += [(rule.steps.index(grade), day) for grade, day in who.grades if grade in rule.steps]
    wanted = rule.steps.index(move.rank)
    if not held:
        return missing("grade")
    highest = max(index for index, _ in held)
    since = min(day for index, day in held if index == highest)
    if wanted <= highest:
        return silent(say(N_("The rank is no higher than one held already.")))
    if wanted > highest + 1:
        between = Term("ranks_and_grades", rule.steps[highest + 1])
        return Verdict(
            "blocks",
            say(N_("It would skip %(rank)s."), rank=between),
            change=say(N_("First %(rank)s."), rank=between),
        )
    reviews = [each for each in who.reviews() if first_day(each.on) >= since]
    good = sum(each.result == EXCELLENT for each in reviews)
    bad = sum(each.result in rule.not_counted for each in reviews)
    months = max(rule.months - good * rule.excellent_shortens, 0) + 12 * bad
    day = who.months_after(since, months)
    if day is None:
        return resting()
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


def post_trial(rule: rules.PostTrial, who: Candidate, move: ProposedMove) -> Verdict:
    """No rise while a new leading post is on trial."""
    begun = [
        s.since
        for s in who.running()
        if s.kind not in who.kinds_beside and s.place.post_kind in rule.post_kinds
    ]
    if not begun or move.rank is None:
        return silent()
    day = who.months_after(max(begun), rule.months)
    if day is None:
        return resting()
    return from_day(day, who.on, say(N_("The trial in the leading post ends on %(day)s."), day=day))


def settled(rule: rules.Settled, who: Candidate, move: ProposedMove) -> Verdict:
    """Nobody is moved or raised in the first months of a new post."""
    home = who.main
    if home is None or move.kind in who.kinds_beside:
        return silent()
    day = who.months_after(home.since, rule.months)
    if day is None:
        return resting()
    because = say(
        N_("The first %(months)s months in the present post end on %(day)s."),
        months=rule.months,
        day=day,
    )
    return from_day(day, who.on, because)


def last_reviews(rule: rules.LastReviews, who: Candidate, move: ProposedMove) -> Verdict:
    """None of the last yearly reviews is one of the bad ones; a new one is taken to come yearly."""
    reviews = who.reviews(rule.record)
    for at, review in enumerate(reviews[: rule.last]):
        if review.result in rule.none_of:
            day = add_months(first_day(reviews[0].on), 12 * (rule.last - at))
            because = say(
                N_("The review of %(on)s was %(result)s; it is past %(last)s reviews on %(day)s."),
                on=review.on,
                result=review.result,
                last=rule.last,
                day=day,
            )
            return from_day(day, who.on, because)
    if len(reviews) < rule.last:
        return missing(APPRAISAL)
    return Verdict("allows", say(N_("The last %(last)s reviews are in order."), last=rule.last))


def changes_in_term(rule: rules.ChangesInTerm, who: Candidate, move: ProposedMove) -> Verdict:
    """Within the months of a term at most so many changes of post; counted back from the move."""
    if move.kind in who.kinds_beside:
        return silent()
    changes = who.moves
    if len(changes) < rule.at_most:
        return Verdict("allows", say(N_("There was no change of post before.")))
    day = add_months(changes[-rule.at_most], rule.term_months)
    because = say(
        N_("The last change is %(months)s months ago on %(day)s."),
        months=rule.term_months,
        day=day,
    )
    return from_day(day, who.on, because)
