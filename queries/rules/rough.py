"""What is not known to the day: in a long and in a short reading every time is full on some day.

A rule asks for a time at least so long or at most so long. Where a day is known to the month or the
year only (or a begin, or the rank of a post, not at all), the long reading takes every time to be
as long as the stored text allows, the short one as short. A fact may be read short by itself, so
that it can be said which one the answer hangs on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from graph.dates import coarsest, end_day, first_day, last_day
from queries.personnel.clocks import grades_of, pauses_of, service_of
from queries.personnel.days import OPEN, day_number, day_of_number
from queries.personnel.model import Personnel
from queries.personnel.ranks import rank_changes
from queries.personnel.service import PLAIN, Spans, pauses, times_out
from queries.personnel.spans import Period, within
from queries.personnel.terms import Known, ServiceFact, ServiceKind

# The facts, by the name that stands in `missing` and has a title.
JOINED, BORN, POSTINGS, SERVICE, GRADES = (
    "joined_on",
    "born_on",
    "posting_days",
    "service",
    "grades",
)
REVIEWS, RELATIVES = "review_days", "relative_days"
BEGIN, RANK = "posting_begin", "post_rank"  # not known at all

Short = Collection[str]  # the facts that are read short
SpansOf = Callable[[Sequence[ServiceFact], Mapping[str, ServiceKind]], Spans]


def last_rise(model: Personnel, person: str, on: date) -> str | None:
    """Return the last day by a day on which a person's rank rose, as it was given.

    The first rank is no rise.
    """
    changes = rank_changes(model, person, on)
    rises = [each.since for each in changes if each.how == "rise" and each.before]
    return rises[-1] if rises else None


def is_rough(text: str | None) -> bool:
    """Return whether a date is known to the month or the year only."""
    return text is not None and 0 < len(text) < len("2019-05-01")


def first_as_text(text: str | None, short: bool) -> str | None:
    """Return a begin as a day: the first that it can mean, read short the last."""
    if text is None or not is_rough(text):
        return text
    return (last_day if short else first_day)(text).isoformat()


class PersonDates:
    """The stored dates of one person, to be read long or short."""

    def __init__(
        self, model: Personnel, person: str, on: date, joined_on: str | None, born_on: str | None
    ) -> None:
        self.model, self.person, self.on = model, person, on
        self.at = model.columns.person_at.get(person)
        joined = [each.since for each in self.known.service if each.kind == "joined"]
        self.joined_on = joined_on or min(joined, default=None)
        self.born_on = born_on

    @cached_property
    def known(self) -> Known:
        """Return what is stored of the person beside postings."""
        found = None if self.at is None else self.model.columns.known.get(self.at)
        return found or Known(self.person)

    @cached_property
    def _postings(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the begins and the ends of the postings as they are stored."""
        if self.at is None:
            return frozenset(), frozenset()
        columns = self.model.columns
        mine = columns.of_person(self.at)
        return (
            frozenset(text for text in columns.since_texts[mine] if text),
            frozenset(text for text in columns.until_texts[mine] if text),
        )

    @cached_property
    def _of_service(self) -> tuple[str, ...]:
        """Return the dates of the facts of service."""
        texts = (text for fact in self.known.service for text in (fact.since, fact.until))
        return tuple(text for text in texts if text)

    def rough(self) -> dict[str, str]:
        """Return which dates are known to the month or the year only."""
        given: dict[str, Iterable[str | None]] = {
            JOINED: (self.joined_on,),
            BORN: (self.born_on,),
            POSTINGS: (*self._postings[0], *self._postings[1]),
            SERVICE: self._of_service,
            GRADES: [s for _, s in self.known.grades if first_day(s) <= self.on],
        }
        found = {fact: coarsest(texts) for fact, texts in given.items()}
        return {fact: known_to for fact, known_to in found.items() if known_to}

    @cached_property
    def rise(self) -> str | None:
        """Return the last day by the day on which the rank rose, as it was given."""
        return last_rise(self.model, self.person, self.on)

    @cached_property
    def _moved(self) -> tuple[date, ...]:
        moves = [row for row in self.model.moves(self.on, self.person) if row["how"] == "move"]
        return tuple(first_day(row["day"]) for row in moves[1:])

    def moves(self, short: Short) -> tuple[date, ...]:
        """Return the days on which another post became the main one, but for the first post."""
        at = self.at
        if POSTINGS not in short or at is None:
            return self._moved
        return tuple(last_day(self.model.as_given(at, day_number(day))) for day in self._moved)

    @cached_property
    def _cut(self) -> dict[str, tuple[str, str]]:
        """Return by first day the rough texts at which the model cuts a posting, and their fact."""
        found: dict[str, tuple[str, str]] = {}
        if not any(map(is_rough, (self.joined_on, *self._postings[0], *self._of_service))):
            return found
        exact = {text for texts in self._postings for text in texts}
        texts = [(JOINED, self.joined_on)]
        texts += [(SERVICE, text) for text in self._of_service]
        texts += [(POSTINGS, text) for text in self._postings[0]]
        for fact, text in texts:
            if text and is_rough(text) and first_day(text).isoformat() not in exact:
                found.setdefault(first_day(text).isoformat(), (text, fact))
        return found

    def begin(self, since: str, short: Short) -> tuple[date, str]:
        """Return the first day of a posting in a reading, and its rough text."""
        text, fact = self._cut.get(since, (since, POSTINGS))
        if not is_rough(text):
            return first_day(since), ""
        return (last_day if fact in short else first_day)(text), text

    def end(self, since: str, until: str | None, short: Short) -> tuple[date | None, str]:
        """Return the day on which a posting is over in a reading, and its rough text."""
        if until is None:
            return None, ""
        text, fact = self._cut.get(until, (until, POSTINGS))
        if not is_rough(text):
            return end_day(since, until), ""
        return (first_day if fact in short else last_day)(text), text

    def grades(self, short: Short) -> tuple[tuple[str, date], ...]:
        """Return the grades that had begun by the day."""
        if GRADES not in short:
            return grades_of(self.model, self.person, self.on)
        begun = [(grade, first_day(since), since) for grade, since in self.known.grades]
        return tuple((grade, last_day(since)) for grade, day, since in begun if day <= self.on)

    def service(self, short: Short) -> tuple[Period, ...]:
        """Return when the person is in service."""
        found = service_of(self.model, self.person, self.on)
        if self.joined_on and JOINED in short:
            found = tuple(within(found, [(last_day(self.joined_on), None)]))
        if SERVICE not in short or not found:
            return found
        out = self._times(times_out, as_long=True)
        return tuple(within(found, _outside(out)))

    def pauses(self, short: Short) -> tuple[Period, ...]:
        """Return when clocks rest: as long as the dates allow where times are read short."""
        if coarsest(self._of_service):
            return self._times(pauses, as_long=SERVICE in short)
        return pauses_of(self.model, self.person, self.on)

    def _times(self, of: SpansOf, as_long: bool) -> tuple[Period, ...]:
        kinds = self.model.terms.service
        facts = tuple(
            _fact_read(each, ends=kinds.get(each.kind, PLAIN) != PLAIN, as_long=as_long)
            for each in self.known.service
        )
        spans = of(facts, kinds)
        today = day_number(self.on)
        return tuple(
            (day_of_number(since), None if until >= OPEN else day_of_number(until))
            for since, until in spans
            if since <= today
        )


def _fact_read(fact: ServiceFact, ends: bool, as_long: bool) -> ServiceFact:
    """Return a fact of service with days: what is out or resting as long (or short) as may be.

    `ends` says that it takes time away; else it gives it back.
    """
    early = ends == as_long
    since = (first_day if early else last_day)(fact.since).isoformat()
    if fact.until is None:
        return fact._replace(since=since)
    return fact._replace(
        since=since, until=(last_day if as_long else first_day)(fact.until).isoformat()
    )


def _outside(times: Iterable[Period]) -> list[Period]:
    """Return the time around some times that stand apart from each other, by begin."""
    found: list[Period] = []
    begin: date | None = date.min
    for since, until in times:
        if begin is not None and begin < since:
            found.append((begin, since))
        begin = until
    return [*found, (begin, None)] if begin is not None else found
