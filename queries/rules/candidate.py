"""What a rule of appointment is judged on: one person, the move in question, and the verdict.

A verdict never guesses. It gives the first day that the rule allows, or says that the rule has
nothing to say, that something has to happen first, or which fact is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graph.dates import end_day, first_day
from graph.programme import Programme
from graph.store import Store
from queries.personnel import Personnel, Posting
from queries.personnel.clocks import grades_of, service_of
from queries.personnel.on_file import not_yet
from queries.personnel.ranks import rank_changes
from queries.personnel.spans import Period, reached
from queries.programme.facts import Facts, GrowthEntry
from queries.programme.reading import read_facts
from queries.query import NO_LIMIT
from queries.sentences import Sentence

APPRAISAL = "appraisal"  # the kind of record that is a yearly review
EXCELLENT = "优秀"  # the result of a review that shortens a step

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
    """One actual period in a post."""

    place: PostPlace
    kind: str | None
    rank: str | None
    since: date
    until: date | None
    assumed: bool = False  # not a fact: a later rank is asked for as if this had come

    def runs(self, on: date) -> bool:
        """Return whether it has begun and not ended on a day."""
        return self.since <= on and (self.until is None or on < self.until)


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
    main: CandidatePosting | None = None  # the main posting on the day
    rank: int | None = None  # place on the ladder of the rank on the day
    rose_on: date | None = None  # the last day on which the rank rose
    entries: tuple[GrowthEntry, ...] = ()  # of the growth file, by date
    kin: tuple[Relative, ...] | None = ()  # None: not known at all
    service: tuple[Period, ...] = ()  # in which they serve, from joining on
    pauses: tuple[Period, ...] = ()  # in which no clock runs: on leave
    trial_until: date | None = None  # set by the trial rule that is switched on
    grades: tuple[tuple[str, date], ...] = ()  # as stored, else set by the rule of the first grade

    @property
    def joined(self) -> date | None:
        """Return the first day that `joined_on` can mean."""
        return first_day(self.joined_on) if self.joined_on else None

    def months_after(self, since: date, months: int) -> date | None:
        """Return the day so many months later, pauses taken out; None while one has no end."""
        return reached([(since, None)], months, self.pauses)

    @property
    def kinds_beside(self) -> frozenset[str]:
        """Return the kinds of rotation that run beside a home post."""
        return self.programme.kinds_beside

    @property
    def home_postings(self) -> tuple[CandidatePosting, ...]:
        """Return the postings that are not beside a home post, by begin."""
        return tuple(posting for posting in self.postings if posting.kind not in self.kinds_beside)

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

    def reviews(self, kind: str = APPRAISAL) -> tuple[GrowthEntry, ...]:
        """Return the yearly reviews, newest first."""
        return tuple(sorted((e for e in self.entries if e.kind == kind), key=lambda e: e.on))[::-1]

    def assuming(self, rank: str, since: date) -> Candidate:
        """Return the same person as if they had risen to a rank on a day."""
        assumed = CandidatePosting(
            PostPlace(rank=rank), "appointment", rank, since, None, assumed=True
        )
        before, index = self.rank_index(), self.programme.rank_index(rank)
        rises = before is not None and index is not None and index > before
        held = (
            replace(each, until=since)
            if each in self.home_postings and (each.until is None or each.until > since)
            else each
            for each in self.postings
        )
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
    until: str | None
    missing: list[str]


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one move."""

    state: State
    because: Sentence
    since: date | None = None  # the first day that the rule allows
    until: date | None = None  # the last one
    change: Sentence | None = None  # what would change it
    missing: tuple[str, ...] = ()  # the facts without which the rule cannot be judged

    def as_dict(self) -> VerdictDict:
        """Return plain values; the sentences are left to whoever knows the language."""
        return {
            "state": self.state,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "missing": list(self.missing),
        }


def from_day(day: date, on: date, because: Sentence, change: Sentence | None = None) -> Verdict:
    """Say that a rule allows from a day on: it allows when the day has come, else it waits."""
    return Verdict("allows" if day <= on else "waits", because, since=day, change=change)


# --- from the store -------------------------------------------------------------------------------


ANY_KIN = """
MATCH (p:Person)-[:KIN_OF]->(q:Person)
RETURN p.id AS one, q.id AS other
ORDER BY one, other
LIMIT $most
"""


def candidates(
    store: Store, programme: Programme, on: date, people: Iterable[str]
) -> dict[str, Candidate]:
    """Read some people as candidates, in a handful of reads for all of them."""
    wanted = sorted(set(people))
    facts = read_facts(store, programme, on, wanted)
    relatives = sorted({each.relative for kin in facts.kin.values() for each in kin})
    theirs = read_facts(store, programme, on, relatives) if relatives else facts
    kin_known = bool(relatives) or _any_kin(store, on)
    return {
        person: candidate(facts, person, theirs, kin_known)
        for person in wanted
        if person in facts.people
    }


def _any_kin(store: Store, on: date) -> bool:
    """Return whether the kin of anybody who is on file by the day is on file."""
    if not store.read(ANY_KIN, most=1):
        return False
    hidden = not_yet(store, on)
    if not hidden:
        return True
    rows = store.read(ANY_KIN, most=NO_LIMIT)
    return any(hidden.isdisjoint(row.values()) for row in rows)


def place(facts: Facts, post: str) -> PostPlace:
    """Return a post as the rules see it."""
    places = facts.once(_places)
    if post not in places:
        places[post] = _place(facts, post)
    return places[post]


def _places(_: Facts) -> dict[str, PostPlace]:
    return {}


def _place(facts: Facts, post: str) -> PostPlace:
    found = facts.posts[post]
    units = facts.chain(found.unit)
    return PostPlace(
        post=post,
        title=found.name,
        post_kind=found.kind,
        rank=found.rank,
        hardship=found.hardship,
        unit=found.unit,
        unit_kind=facts.units[units[0]].kind if units else None,
        units=units,
        unit_names=tuple(facts.units[unit].name for unit in units),
    )


def candidate(facts: Facts, person: str, theirs: Facts, kin_known: bool) -> Candidate:
    """Return one person as the rules see them.

    `theirs` are the facts of the relatives. Where no relative of anybody is on file, nobody's
    relatives are known.
    """
    known = facts.people[person]
    moves = facts.states.model.moves(facts.on, person)
    dated = [each for each in facts.postings.get(person, ()) if each.since]
    home = facts.home(person)
    model = facts.states.model
    return Candidate(
        person=person,
        name=known.name,
        on=facts.on,
        programme=facts.programme,
        is_trainee=known.is_trainee,
        serves=facts.states.serves(person),
        moves=tuple(first_day(row["day"]) for row in moves if row["how"] == "move")[1:],
        joined_on=known.joined_on,
        born_on=known.born_on,
        native_place=known.native_place,
        education=known.education,
        postings=tuple(sorted((_posting(facts, each) for each in dated), key=lambda p: p.since)),
        main=_posting(facts, home) if home and home.since else None,
        rank=facts.rank_index(person),
        rose_on=last_rise(model, person, facts.on),
        service=service_of(model, person, facts.on),
        pauses=facts.pauses(person),
        grades=grades_of(model, person, facts.on),
        entries=facts.entries.get(person, ()),
        kin=tuple(
            Relative(
                each.relative,
                theirs.name(each.relative),
                each.relation,
                tuple(
                    (place(theirs, held.post), first_day(held.until) if held.until else None)
                    for held in theirs.current(each.relative)
                ),
            )
            for each in facts.kin.get(person, ())
        )
        if kin_known
        else None,
    )


def last_rise(model: Personnel, person: str, on: date) -> date | None:
    """Return the last day by a day on which a person's rank rose; the first rank is no rise."""
    changes = rank_changes(model, person, on)
    rises = [each.day for each in changes if each.how == "rise" and each.before]
    return first_day(rises[-1]) if rises else None


def _posting(facts: Facts, posting: Posting) -> CandidatePosting:
    return CandidatePosting(
        place=place(facts, posting.post),
        kind=posting.kind,
        rank=posting.rank,
        since=first_day(posting.since or ""),
        until=end_day(posting.since or "", posting.until) if posting.until else None,
    )
