"""The rules about time and rank: when a person may rise or be moved at all.

One function a rule, named as in `rules.yaml`; each takes the rule's parameters, the person and the
move, and gives a verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import inf

from graph import appointment_rules as rules
from graph.dates import add_months, first_day
from graph.errors import N_
from queries.personnel.spans import Period, merged, within
from queries.rules.candidate import (
    REVIEW,
    Candidate,
    CandidatePosting,
    ProposedMove,
    Verdict,
    from_day,
    missing,
)
from queries.rules.rough import BEGIN
from queries.sentences import Sentence, Term, say

NOTHING = say(N_("The rule does not cover this move."))


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
    periods = who.time(
        lambda posting: (
            posting.kind == rule.kind
            and (not rule.unit_kinds or posting.place.unit_kind in rule.unit_kinds)
        )
    )
    day = who.full(periods, rule.at_least)
    if day is not None:
        because = say(
            N_("%(months)s months of %(kind)s are served on %(day)s."),
            months=rule.at_least,
            kind=kind,
            day=day,
        )
        return from_day(day, who.on, because)
    done = who.done(periods)
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
    """A rank is reached after so long at the ranks below, in work, at the grassroots.

    What it asks for generally only is advice.
    """
    if move.rank != rule.rank:
        return silent()
    parts = {
        "months": _time_at_ranks(rule, who),
        "work_months": _work_time(rule, who),
        "grassroots_months": _grassroots(rule, who),
        "posts_below": _posts_below(rule, who),
    }
    asked = {name: part for name, part in parts.items() if part is not None}
    hard = _together([part for name, part in asked.items() if name not in rule.generally])
    soft = [part for name, part in asked.items() if name in rule.generally]
    return replace(hard, advice=tuple(each.because for each in soft if each.state != "allows"))


def _together(parts: list[Verdict]) -> Verdict:
    """Return what parts say that must all be met: the one that is never met, lacks, or is last."""
    for state in ("blocks", "unknown"):
        for each in parts:
            if each.state == state:
                return each
    return max(parts, key=lambda each: each.since or date.min)


def _time_at_ranks(rule: rules.RankAfter, who: Candidate) -> Verdict:
    found = _time_at(rule, who)
    possible = [grade for grade in who.possible_grades if grade in rule.from_]
    if not possible or found.state == "allows" or who.trial_until is None:
        return found
    graded = replace(who, grades=((possible[0], who.trial_until),), possible_grades=())
    return found if _time_at(rule, graded) == found else missing("education")


def _time_at(rule: rules.RankAfter, who: Candidate) -> Verdict:
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
    day = who.full(periods, rule.months, rule.unbroken)
    if day is None:
        done = who.done(periods, rule.unbroken)
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
    because = say(template, months=rule.months, ranks=ranks, day=day)
    return from_day(day, who.on, because)


def _work_time(rule: rules.RankAfter, who: Candidate) -> Verdict | None:
    if rule.work_months is None:
        return None
    begun = who.joined or (who.postings[0].since if who.postings else None)
    if begun is None:
        return missing("joined_on")
    day = who.full(list(who.service) or [(begun, None)], rule.work_months)
    if day is None:
        return resting()
    because = say(
        N_("%(months)s months of work are full on %(day)s."), months=rule.work_months, day=day
    )
    return from_day(day, who.on, because)


def _grassroots(rule: rules.RankAfter, who: Candidate) -> Verdict | None:
    if rule.grassroots_months is None:
        return None
    below = who.time(
        lambda posting: (
            posting.kind in rule.grassroots_kinds
            or posting.place.unit_kind in rule.grassroots_unit_kinds
        )
    )
    day, done = who.full(below, rule.grassroots_months), who.done(below)
    if day is None:
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
    template = N_(
        "%(months)s months at the grassroots are full on %(day)s (%(done)s months so far)."
    )
    because = say(template, months=rule.grassroots_months, day=day, done=done)
    return from_day(day, who.on, because)


def _at_rank(rule: rules.RankAfter, who: Candidate) -> list[Period]:
    """Return the time at the ranks that count, or above; a grade counts where the rule names it.

    A grade runs only while a post is held. A home post of unknown rank may have been one of these
    where the person is known to have held as high a one.
    """
    ladder = who.programme.rank_index
    indexes = [i for rank in rule.from_ if (i := ladder(rank)) is not None]
    lowest = min(indexes, default=None)
    known = [i for each in who.postings if (i := ladder(each.rank)) is not None]
    may_count = who.unranked and lowest is not None and max(known, default=-1) >= lowest

    def counts(posting: CandidatePosting) -> bool:
        if not who.is_home(posting) or posting.acting:
            return False
        if posting.rank is None:
            return may_count
        index = ladder(posting.rank)
        high = lowest is not None and index is not None and index >= lowest
        return high or posting.rank in rule.from_

    graded = _times_of_grades(who, lambda grade: grade in rule.from_)
    return [*who.time(counts), *graded]


def _times_of_grades(who: Candidate, counts: Callable[[str], bool]) -> list[Period]:
    """Return the time at grades that count, or above, while a post is held."""
    order = [each.key for each in who.programme.grades]
    found: list[Period] = []
    for at, (grade, since) in enumerate(who.grades):
        if not counts(grade):
            continue
        lower = (
            day
            for later, day in who.grades[at + 1 :]
            if later in order and grade in order and order.index(later) < order.index(grade)
        )
        found.append((since, next(lower, None)))
    return within(found, who.time(lambda posting: True))


def _posts_below(rule: rules.RankAfter, who: Candidate) -> Verdict | None:
    """Say whether enough posts of the level below were held; what is assumed to come is not held
    against the person.
    """
    at_level = [posting for posting in who.home_postings if posting.rank in rule.from_]
    held = len({posting.place.post for posting in at_level if not posting.assumed})
    if rule.posts_below is None or any(posting.assumed for posting in at_level):
        return None
    because = say(
        N_("%(held)s of %(wanted)s posts at the level below have been held."),
        held=held,
        wanted=rule.posts_below,
    )
    if held >= rule.posts_below:
        return Verdict("allows", because)
    change = say(N_("Another post at %(rank)s."), rank=Term("ranks", rule.from_[0]))
    return Verdict("blocks", because, change=change)


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


def post_trial(rule: rules.PostTrial, who: Candidate, move: ProposedMove) -> Verdict:
    """No rise while a new leading post is on trial; who only acts in it is not on trial."""
    if move.rank is None:
        return silent()
    held = [each for each in who.running() if who.is_home(each) and not each.acting]
    begun = [each.period[0] for each in held if each.place.post_kind in rule.post_kinds]
    unclear = [each.period[0] for each in held if each.place.post_kind is None and not each.assumed]
    if unclear:
        day = who.months_after(max(unclear), rule.months)
        if day is None or day > who.on:
            return missing("post_kind")
    if not begun:
        return silent()
    day = who.months_after(max(begun), rule.months)
    if day is None:
        return resting()
    return from_day(day, who.on, say(N_("The trial in the leading post ends on %(day)s."), day=day))


def settled(rule: rules.Settled, who: Candidate, move: ProposedMove) -> Verdict:
    """Nobody is moved or raised in the first months of a new post."""
    home = who.main
    if move.kind in who.kinds_beside:
        return silent()
    if home is None:
        has_undated = any(who.is_home(each) and each.runs(who.on) for each in who.undated)
        return missing(BEGIN) if has_undated else silent()
    day = who.months_after(home.period[0], rule.months)
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
    due = min(rule.last, _reviews_due(who))
    if len(reviews) < due or not all(each.result for each in reviews[: rule.last]):
        return missing(REVIEW)
    if len(reviews) < rule.last:
        return Verdict("allows", say(N_("No review is due that would stand against it yet.")))
    return Verdict("allows", say(N_("The last %(last)s reviews are in order."), last=rule.last))


def _reviews_due(who: Candidate) -> float:
    """Return how many yearly reviews there must be: one for each calendar year served in whole."""
    return max(0, who.on.year - 1 - who.joined.year) if who.joined else inf


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
