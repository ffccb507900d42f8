"""Candidates read from the store: people as the rules see them, in each reading of the dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import TypeVar

from graph.dates import coarsest, end_day, first_day, last_day
from graph.programme import Programme
from graph.store import Reader
from queries.personnel import Posting
from queries.personnel.on_file import not_yet_among
from queries.programme.facts import Facts
from queries.programme.reading import read_facts
from queries.query import NO_LIMIT
from queries.rules.candidate import Candidate, CandidatePosting, PostPlace, Relative
from queries.rules.rough import (
    BEGIN,
    BORN,
    JOINED,
    POSTINGS,
    RANK,
    RELATIVES,
    REVIEWS,
    PersonDates,
    first_as_text,
)
from queries.stored_programme import as_of

P = TypeVar("P", Posting, Posting | None)

ANY_KIN = """
MATCH (p:Person)-[:KIN_OF]->(q:Person)
RETURN p.id AS one, q.id AS other
ORDER BY one, other
LIMIT $most
"""


def candidates(
    store: Reader, programme: Programme, on: date, people: Iterable[str]
) -> dict[str, Candidate]:
    """Read some people as candidates, in a handful of reads for all of them."""
    wanted = sorted(set(people))
    return candidates_among(store, read_facts(store, programme, on, wanted), wanted)


def candidates_among(store: Reader, facts: Facts, people: Iterable[str]) -> dict[str, Candidate]:
    """Return people whose facts were read as candidates; their relatives are read for it."""
    relatives = sorted({each.relative for kin in facts.kin.values() for each in kin})
    theirs = read_facts(store, facts.programme, facts.on, relatives) if relatives else facts
    kin_known = bool(relatives) or _any_kin(store, facts.on)
    return {
        person: candidate(facts, person, theirs, kin_known)
        for person in people
        if person in facts.people
    }


def _any_kin(store: Reader, on: date) -> bool:
    """Return whether the kin of anybody who is on file by the day is on file."""
    if not store.read(ANY_KIN, most=1):
        return False
    if on >= as_of(store):
        return True
    rows = store.read(ANY_KIN, most=NO_LIMIT)
    hidden = not_yet_among(store, {id_ for row in rows for id_ in row.values()}, on.isoformat())
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
    dates = PersonDates(facts.states.model, person, facts.on, known.joined_on, known.born_on)
    found = _read(facts, dates, theirs, kin_known, frozenset())
    rough = {**dates.rough(), **_rough_beside(facts, found, theirs)}
    if not rough:
        return found
    reading = cache(partial(_read, facts, dates, theirs, kin_known))
    return replace(found, rough=tuple(rough.items()), reading=reading)


def _rough_beside(facts: Facts, who: Candidate, theirs: Facts) -> dict[str, str]:
    """Return what is rough beside the person's own dates: reviews, posts, ends of relatives."""
    ends = (each.until for kin in who.kin or () for each in theirs.current(kin.person))
    found = {
        REVIEWS: coarsest(each.on for each in facts.entries.get(who.person, ())),
        RELATIVES: coarsest(ends),
        BEGIN: "none" if who.undated else "",
        RANK: "none" if facts.programme.ranks and any(map(_is_unranked(who), who.postings)) else "",
    }
    return {fact: known_to for fact, known_to in found.items() if known_to}


def _is_unranked(who: Candidate) -> Callable[[CandidatePosting], bool]:
    return lambda posting: posting.rank is None and who.is_home(posting) and not posting.acting


def _read(
    facts: Facts, dates: PersonDates, theirs: Facts, kin_known: bool, short: frozenset[str]
) -> Candidate:
    """Return the person with some facts read short, the others long."""
    person = dates.person
    known, home = facts.people[person], _going_on(facts.home(person), facts.on)
    mine = [_going_on(each, facts.on) for each in facts.postings.get(person, ())]
    rise = dates.rise
    postings = [_posting(facts, each, dates, short) for each in mine if each.since]
    without = [_undated(facts, each, dates, short) for each in mine if not each.since]
    entries = facts.entries.get(person, ())
    return Candidate(
        person=person,
        name=known.name,
        on=facts.on,
        programme=facts.programme,
        is_trainee=known.is_trainee,
        serves=facts.states.serves(person),
        moves=dates.moves(short),
        joined_on=first_as_text(dates.joined_on, JOINED in short),
        born_on=first_as_text(known.born_on, BORN in short),
        native_place=known.native_place,
        education=known.education,
        postings=tuple(sorted(postings, key=lambda posting: posting.since)),
        undated=() if BEGIN in short else tuple(without),
        main=_posting(facts, home, dates, short) if home and home.since else None,
        rank=facts.rank_index(person),
        rose_on=(last_day if POSTINGS in short else first_day)(rise) if rise else None,
        service=dates.service(short),
        pauses=dates.pauses(short),
        grades=dates.grades(short),
        entries=entries
        if not coarsest(each.on for each in entries)
        else tuple(
            each._replace(on=first_as_text(each.on, REVIEWS in short) or each.on)
            for each in entries
        ),
        kin=_relatives(facts, person, theirs, RELATIVES in short) if kin_known else None,
        unranked=RANK not in short,
    )


def _going_on(posting: P, on: date) -> P:
    """Return a posting without an end that has not come: it is intended, and no clock stops by it.

    Of an earlier day than today such an end is not known at all.
    """
    if posting is None or posting.until is None:
        return posting
    return posting._replace(until=None) if first_day(posting.until) > on else posting


def _relatives(facts: Facts, person: str, theirs: Facts, short: bool) -> tuple[Relative, ...]:
    return tuple(
        Relative(
            each.relative,
            theirs.name(each.relative),
            each.relation,
            tuple(
                (place(theirs, held.post), _day_of(first_as_text(held.until, short)))
                for held in theirs.current(each.relative)
            ),
        )
        for each in facts.kin.get(person, ())
    )


def _day_of(text: str | None) -> date | None:
    return first_day(text) if text else None


def _posting(
    facts: Facts, posting: Posting, dates: PersonDates, short: frozenset[str]
) -> CandidatePosting:
    since = posting.since or ""
    begin, begin_text = dates.begin(since, short)
    end, end_text = dates.end(since, posting.until, short)
    state = (first_day(since), end_day(since, posting.until) if posting.until else None)
    return CandidatePosting(
        place=place(facts, posting.post),
        kind=posting.kind,
        rank=posting.rank,
        since=state[0],
        until=state[1],
        acting=posting.acting,
        read=(begin, end) if (begin, end) != state else None,
        texts=(begin_text, end_text),
    )


def _undated(
    facts: Facts, posting: Posting, dates: PersonDates, short: frozenset[str]
) -> CandidatePosting:
    """Return a posting of unknown begin: held from joining, or from long ago."""
    joined = first_as_text(dates.joined_on, JOINED in short)
    begin = joined or date.min.isoformat()
    return _posting(facts, posting._replace(since=begin), dates, short)
