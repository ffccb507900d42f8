"""What a rule of appointment is judged on: one person, the move in question, and the verdict.

A verdict never guesses. It gives the first day that the rule allows, or says that the rule has
nothing to say, that something has to happen first, or which fact is missing. Dates that are not
known to the day are read twice, long and short (`rough.py`); a candidate is one such reading, and
knows the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Literal

from typing_extensions import TypedDict

from graph.dates import first_day
from graph.errors import N_
from graph.programme import Programme
from queries.personnel.spans import Anchor, Period, reached, served
from queries.programme.facts import GrowthEntry
from queries.sentences import Sentence, Term, say

REVIEW = "appraisal"  # the fact that is missing where a yearly review is

State = Literal["allows", "waits", "blocks", "unknown", "silent"]


@dataclass(frozen=True)
class PostPlace:
    """A post with its unit, as far as rules look at it."""

    post: str | None = None
    title: str = ""
    post_kind: str | None = None
    rank: str | None = None
    hardship: int | None = None
    unit: str | None = None
    unit_kind: str | None = None
    units: tuple[str, ...] = ()  # the unit and those above it, by id
    unit_names: tuple[str, ...] = ()  # their names


@dataclass(frozen=True)
class CandidatePosting:
    """One actual period in a post; `since` and `until` say on which days it is held."""

    place: PostPlace
    kind: str | None
    rank: str | None
    since: date
    until: date | None
    assumed: bool = False  # not a fact: a later rank is asked for as if this had come
    acting: bool = False  # held, but gives no rank and leads nothing
    read: Period | None = None  # the period in this reading, where it is another one
    texts: tuple[str, str] = ("", "")  # of begin and end, where they are not known to the day

    @property
    def period(self) -> Period:
        """Return the period as long as this reading takes it."""
        return self.read or (self.since, self.until)

    def runs(self, on: date) -> bool:
        """Return whether it has begun and not ended on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def ended(self, on: date) -> CandidatePosting:
        """Return the posting as if it had ended on a day."""
        if self.until is not None and self.until <= on:
            return self
        begin, end = self.period
        until = on if end is None else min(end, on)
        return replace(self, until=on, read=self.read and (begin, until))


@dataclass(frozen=True)
class Relative:
    """A relative and the posts held on the day."""

    person: str
    name: str
    relation: str | None
    places: tuple[tuple[PostPlace, date | None], ...]  # and until when


@dataclass(frozen=True)
class Candidate:
    """One person as the rules see them on a day."""

    person: str
    name: str
    on: date
    programme: Programme
    is_trainee: bool = True
    serves: bool = True  # in service on the day, with a post or awaiting one
    moves: tuple[date, ...] = ()  # days on which another post became the main one
    joined_on: str | None = None
    born_on: str | None = None
    native_place: str | None = None
    education: str | None = None
    postings: tuple[CandidatePosting, ...] = ()  # in which they count, by begin
    undated: tuple[CandidatePosting, ...] = ()  # of which no begin is known; none if read short
    main: CandidatePosting | None = None  # the main posting on the day
    rank: int | None = None  # place on the ladder of the rank on the day
    rose_on: date | None = None  # the last day on which the rank rose
    entries: tuple[GrowthEntry, ...] = ()  # of the growth file, by date
    kin: tuple[Relative, ...] | None = ()  # None: not known at all
    service: tuple[Period, ...] = ()  # in which they serve, from joining on
    pauses: tuple[Period, ...] = ()  # in which no clock runs: on leave
    trial_until: date | None = None  # set by the trial rule that is switched on
    trial_months: int = 0  # of that trial
    grades: tuple[tuple[str, date], ...] = ()  # as stored, else set by the rule of the first grade
    possible_grades: tuple[str, ...] = ()  # those it could give, where the education is not known
    unranked: bool = False  # whether home posts of unknown rank are taken to count
    rough: tuple[tuple[str, str], ...] = ()  # facts not known to the day, and how far they are
    hangs_on: tuple[tuple[str, str], ...] = ()  # those that a step assumed to have come hangs on
    reading: Callable[[frozenset[str]], Candidate] | None = field(
        default=None, compare=False, repr=False
    )  # the same person with some of these facts read short; this one is the long reading

    @property
    def joined(self) -> date | None:
        """Return the first day that `joined_on` can mean."""
        return first_day(self.joined_on) if self.joined_on else None

    def months_after(self, since: date, months: int) -> date | None:
        """Return the day so many months later, pauses taken out; None while one has no end."""
        return reached([(since, None)], months, self.pauses)

    @property
    def anchor(self) -> Anchor | None:
        """Return the end of the trial, from which months are counted as from joining."""
        if self.trial_until is None or self.joined is None or not self.trial_months:
            return None
        return Anchor(self.trial_until, self.joined, self.trial_months)

    def full(self, periods: list[Period], months: int, unbroken: bool = False) -> date | None:
        """Return the day on which periods add up to so many months of this person."""
        return reached(periods, months, self.pauses, self.anchor, unbroken)

    def done(self, periods: list[Period], unbroken: bool = False) -> int:
        """Count the whole months of periods up to the day."""
        return served(periods, self.on, self.pauses, self.anchor, unbroken)

    def time(self, counts: Callable[[CandidatePosting], bool]) -> list[Period]:
        """Return the periods of the postings that count, as long as this reading takes them.

        Where one ends and another begins on one day that is not known, no time lies between.
        """
        counted = [each for each in (*self.undated, *self.postings) if counts(each)]
        found = [each.period for each in counted]
        begins = {each.texts[0]: each.period[0] for each in counted if each.texts[0]}
        for each in counted:
            end, following = each.period[1], begins.get(each.texts[1])
            if end is not None and following is not None and end < following:
                found.append((end, following))
        return found

    def is_home(self, posting: CandidatePosting) -> bool:
        """Return whether a posting is not beside a home post."""
        return posting.kind not in self.kinds_beside

    @cached_property
    def kinds_beside(self) -> frozenset[str]:
        """Return the kinds of rotation that run beside a home post."""
        return self.programme.kinds_beside

    @property
    def home_postings(self) -> tuple[CandidatePosting, ...]:
        """Return the postings that are not beside a home post, by begin."""
        return tuple(posting for posting in self.postings if self.is_home(posting))

    def running(self) -> tuple[CandidatePosting, ...]:
        """Return the postings that run on the day, or are assumed to have come."""
        return tuple(
            posting for posting in self.postings if posting.assumed or posting.runs(self.on)
        )

    def rank_index(self) -> int | None:
        """Return the place on the ladder of the rank on the day, with the grade that a rule gives.

        A grade counts only where the programme counts grades as ranks.
        """
        ladder = self.programme.rank_index
        found = [self.rank, *(ladder(grade) for grade, day in self.grades if day <= self.on)]
        return max((index for index in found if index is not None), default=None)

    def reviews(self, kind: str | None) -> tuple[GrowthEntry, ...]:
        """Return the reviews of a kind, newest first."""
        return tuple(sorted((e for e in self.entries if e.kind == kind), key=lambda e: e.on))[::-1]

    @property
    def is_time_rough(self) -> bool:
        """Return whether times of postings may be read in several ways."""
        return any(
            fact not in ("born_on", "review_days", "relative_days") for fact, _ in self.rough
        )

    def shortest(self) -> Candidate:
        """Return the person with every date read so that times are short."""
        return self.reading(frozenset(fact for fact, _ in self.rough)) if self.reading else self

    def in_each_reading(self, change: Callable[[Candidate, bool], Candidate]) -> Candidate:
        """Return the person changed in every reading; the change is told if one is short."""
        read = self.reading
        if read is None:
            return change(self, False)
        return replace(
            change(self, False), reading=cache(lambda short: change(read(short), bool(short)))
        )

    def assuming(self, rank: str, since: date) -> Candidate:
        """Return the same person as if they had risen to a rank on a day."""
        assumed = CandidatePosting(PostPlace(rank=rank), None, rank, since, None, assumed=True)
        before, index = self.rank_index(), self.programme.rank_index(rank)
        rises = before is not None and index is not None and index > before
        held = (each.ended(since) if self.is_home(each) else each for each in self.postings)
        return replace(
            self,
            postings=(*held, assumed),
            on=max(since, self.on),
            main=assumed,
            rank=index,
            rose_on=since if rises else self.rose_on,
        )


@dataclass(frozen=True)
class ProposedMove:
    """What is asked for: a rank, a post, a kind of rotation, a length; None leaves it open."""

    rank: str | None = None
    kind: str | None = None
    place: PostPlace | None = None
    months: int | None = None


class VerdictDict(TypedDict):
    """What one rule says, without its sentences."""

    state: State
    since: str | None
    since_latest: str | None
    until: str | None
    until_latest: str | None
    missing: list[str]
    about: list[str]


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one move.

    Where a date is not known to the day, `since` and `until` are the first days possible and
    `since_latest` and `until_latest` the last ones; a rule lets through from the last, and up to
    the first.
    """

    state: State
    because: Sentence
    since: date | None = None  # the first day that the rule allows
    until: date | None = None  # the last one
    change: Sentence | None = None  # what would change it
    missing: tuple[str, ...] = ()  # the facts without which the rule cannot be judged
    since_latest: date | None = None  # None: the same day
    until_latest: date | None = None
    about: tuple[tuple[str, str], ...] = ()  # the facts not known to the day that it hangs on
    advice: tuple[Sentence, ...] = ()  # what its soft parts say; they keep nobody out

    @property
    def surely(self) -> date | None:
        """Return the day from which the rule allows whatever the dates mean."""
        return self.since_latest or self.since

    def as_dict(self) -> VerdictDict:
        """Return plain values; the sentences are left to whoever knows the language."""
        return {
            "state": self.state,
            "since": _text(self.since),
            "since_latest": _text(self.surely),
            "until": _text(self.until),
            "until_latest": _text(self.until_latest or self.until),
            "missing": list(self.missing),
            "about": [fact for fact, _ in self.about],
        }


def from_day(day: date, on: date, because: Sentence, change: Sentence | None = None) -> Verdict:
    """Say that a rule allows from a day on: it allows when the day has come, else it waits."""
    return Verdict("allows" if day <= on else "waits", because, since=day, change=change)


def missing(*facts: str) -> Verdict:
    """Return which facts a rule lacks."""
    return Verdict(
        "unknown",
        say(N_("It cannot be judged: %(facts)s is not known."), facts=fact_terms(facts)),
        change=say(N_("Enter the missing fact.")),
        missing=facts,
    )


def fact_terms(names: Iterable[str]) -> tuple[Term, ...]:
    """Return facts as terms, by which whoever knows the language names them."""
    return tuple(Term("facts", name) for name in names)


def rough_terms(about: Iterable[tuple[str, str]]) -> tuple[Term, ...]:
    """Return how far some facts are known, as terms."""
    return tuple(Term("rough_facts", "/".join(each)) for each in about)


def of_readings(long: Verdict, short: Verdict, about: tuple[tuple[str, str], ...]) -> Verdict:
    """Return what a rule says where its answer hangs on dates that are not known to the day.

    A least time is full when the short reading fills it; a longest one is kept while the long
    reading keeps it. Where only one reading gives a day, nothing is decided.
    """
    if long.since and short.since and long.since.year < 1900:  # a begin that is not known at all
        return replace(short, about=about)
    if long.since is not None and short.since is not None and long.since <= short.since:
        found = replace(short, since=long.since, since_latest=short.since, about=about)
        first, last = long.since, short.since
    elif long.until is not None and short.until is not None:
        found = replace(long, until_latest=short.until, about=about)
        first, last = long.until, short.until
    elif long.state == short.state:
        return replace(short, about=about)
    else:
        lacking = missing(*(fact for fact, _ in about))
        return replace(lacking, about=about, advice=short.advice)
    if first == last:
        return found
    template = N_("%(because)s Between %(first)s and %(last)s: %(about)s.")
    because = say(template, because=found.because, first=first, last=last, about=rough_terms(about))
    return replace(found, because=because)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
