"""What is doubtful about one person, judged alone; and about a row before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

from graph.programme import Programme
from graph.store import Reader, Store
from queries.personnel import Personnel, Terms, reading, terms_of
from queries.personnel.follow import of_people
from queries.quality.finding import QualityFinding
from queries.quality.kept import JudgedBy, asked_of, judged_people, times_of
from queries.quality.kinds import BY_ABOUT, KINDS
from queries.quality.names import read_names
from queries.quality.pairs import SeenPairs, read_pairs
from queries.quality.said import sentence_of
from queries.rules.appointments import stored_rules
from queries.sentences import Sentence

_ASKING = tuple(kind for kind in KINDS if kind.asks)


def found_of(store: Store, person: str, on: date) -> list[QualityFinding]:
    """Return the findings about one person, without judging anybody else.

    Circles of mentors, posts over capacity and equal days of birth need everybody: they are in the
    list of all.
    """
    asked = asked_of(store, on)
    own = judged_people(of_people(store, [person]), asked)
    rows = read_pairs(store, [person])
    people = sorted({person, *rows.mentor, *rows.trainee})
    pairs = SeenPairs(of_people(store, people), on, rows, asked.mentor_kinds)
    names = read_names(store, [person], on, by_birth=False)
    found = chain(
        own,
        chain.from_iterable(kind.find(pairs) for kind in BY_ABOUT["pairs"]),
        chain.from_iterable(kind.find(names) for kind in BY_ABOUT["names"]),
    )
    return [each for each in found if person in each.people]


def doubts_in(
    reader: Reader, programme: Programme, people: Sequence[str]
) -> dict[str, QualityFinding]:
    """Return what whoever enters facts of some people confirms with a reason, by name and facts.

    Facts to come are judged too, so that what is entered today is not first doubted then.
    """
    terms = terms_of(programme)
    columns = reading.read_people(reader, terms.left, sorted(people))
    model = Personnel(columns, terms, lambda some, day: reading.last_dated(reader, some, day))
    asked = JudgedBy(date.max, times_of(stored_rules(reader, programme)), ())
    found = judged_people(model, asked, _ASKING)
    return {f"{each.id} {each.mark}": each for each in found}


def sentences_in(reader: Reader, found: Sequence[QualityFinding]) -> list[Sentence]:
    """Return the sentences of some findings, with the names of people and posts."""
    people = sorted({id_ for each in found for id_ in each.people})
    model = Personnel(reading.read_people(reader, frozenset(), people), Terms(), lambda *_: {})
    return [sentence_of(model, each.template, each.values) for each in found]
