"""The model agrees with the literal reading for everybody, on days around every boundary."""

import os
import random
from datetime import date, timedelta

import pytest

from tests.queries.personnel import literal
from tests.queries.personnel.histories import histories, model_of

COUNT = int(os.environ.get("HISTORIES", "120"))  # 1,000 and more by HISTORIES=1000
ASKED = 14 if COUNT >= 1_000 else 5  # days of each person: the literal reading of one is slow


def told(state):
    return {
        "in_service": state.in_service,
        "main_post": state.main_post,
        "also_holds": sorted(state.also_holds),
        "meanwhile_at": sorted(state.meanwhile_at),
        "rank": state.rank,
        "grade": state.grade,
    }


def days_worth_asking(person, rng):
    """The day before, on and after each date of the person, and some others."""
    texts = [text for p in person.postings for text in (p.since, p.until) if text]
    texts += [day for _, day in (*person.service, *person.grades)] + person.dated
    texts += [each for each in (person.joined_on, person.status_since) if each]
    asked = {literal.first(text) + timedelta(days=n) for text in texts for n in (-1, 0, 1)}
    asked |= {literal.last(text) + timedelta(days=n) for text in texts for n in (0, 1)}
    ends = [literal.end_of(person, p) for p in literal.actual(person)]
    limits = [literal.months_later(end, literal.UNKNOWN_AFTER) for end in ends if end]
    asked |= {day + timedelta(days=n) for day in limits for n in (-1, 0)}
    chosen = sorted(asked)
    return [*rng.sample(chosen, min(len(chosen), ASKED)), date(2024, 6, 30)]


@pytest.mark.parametrize("seed", range(12))
def test_state_of_generated_people(seed):
    people = histories(seed, COUNT // 12)
    model = model_of(people)
    rng = random.Random(seed)
    for person in people:
        for day in days_worth_asking(person, rng):
            expected = literal.state_on(person, day)
            assert told(model.on(day)[person.id]) == expected, (person, day)


@pytest.mark.parametrize("seed", range(20, 32))
def test_moves_of_generated_people(seed):
    people = histories(seed, COUNT // 12)
    model = model_of(people)
    for on in (date(2012, 7, 1), date(2030, 1, 1)):
        moves = model.moves(on)
        for person in people:
            expected = literal.moves_by(person, on)
            assert [row for row in moves if row["person"] == person.id] == expected, person
            assert model.moves(on, person.id) == expected
