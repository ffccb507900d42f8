"""Everybody on one day: who serves, the main post, what is held beside it, rank and grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from graph.store import Row
from queries.personnel import reading
from queries.personnel.days import OPEN, UNKNOWN, Bools, DayNumbers, Ints, add_months
from queries.personnel.service import service_spans
from queries.query import LAST

if TYPE_CHECKING:
    from queries.personnel.model import Personnel

InService = Literal["yes", "awaiting", "no", "not_known"]

YES, AWAITING, NO, NOT_KNOWN = range(4)
_WORDS: tuple[InService, ...] = ("yes", "awaiting", "no", "not_known")


@dataclass(frozen=True)
class State:
    """One person on a day. Posts and postings are given by id.

    `since` is the day from which `in_service` is so: of serving again, of the last posting's end,
    of leaving, of the last dated fact; None where that is not known.
    """

    person: str
    in_service: InService
    since: str | None
    main_post: str | None
    main_posting: str | None
    also_holds: tuple[str, ...]
    meanwhile_at: tuple[str, ...]
    rank: str | None
    grade: str | None
    service: str | None = None  # the kind of the dated fact that holds: on leave, retired


class Day(Mapping[str, State]):
    """All people on a day; made as columns at once, and told one by one when asked."""

    def __init__(self, model: Personnel, number: int) -> None:
        self.model = model
        self.number = number

    def __getitem__(self, person: str) -> State:
        return self._state(self.model.columns.person_at[person])

    def __iter__(self) -> Iterator[str]:
        return iter(self.model.columns.person_ids)

    def __len__(self) -> int:
        return len(self.model.columns.person_ids)

    def judged(self, **columns: Ints | Bools) -> None:
        """Take over columns that were judged elsewhere."""
        vars(self).update(columns)

    def main_posting(self, person: str) -> str | None:
        """Return the id of a person's main posting; None for nobody known as well."""
        at = self.model.columns.person_at.get(person)
        main = -1 if at is None else int(self.main[at])
        return self.model.columns.ids[main] if main >= 0 else None

    def rank_index(self, person: str) -> int | None:
        """Return the place of a person's rank on the ladder, from 0; None for no rank."""
        at = self.model.columns.person_at.get(person)
        index = -1 if at is None else int(self.rank[at])
        return index if index >= 0 else None

    def serves(self, person: str) -> bool:
        """Return whether a person is in service, with a post or awaiting one."""
        at = self.model.columns.person_at.get(person)
        return at is not None and int(self.in_service[at]) in (YES, AWAITING)

    def has_left(self, person: str) -> bool:
        """Return whether a person left, on a known day or on one that is not known."""
        at = self.model.columns.person_at.get(person)
        if at is None:
            return False
        start = int(self.model.start[at])
        left = int(self.in_service[at]) == NO and (start == OPEN or start <= self.number)
        return left or self.model.left_undated.get(at, OPEN) < self.number

    def status(self, person: str, stored: str | None, ends: str) -> str | None:
        """Return a stored status; on an earlier day none that says a leaving which had not come.

        `ends` says by which day ends are shown.
        """
        if ends == LAST or stored not in self.model.terms.left or self.has_left(person):
            return stored
        return None

    @cached_property
    def on_roll(self) -> frozenset[str]:
        """Return who had joined by the day, or on one that is not known, and has not left."""
        start = self.model.start
        found = ((start == OPEN) | (start <= self.number)) & (self.in_service != NO)
        for at, dated in self.model.left_undated.items():
            found[at] &= dated >= self.number
        ids = self.model.columns.person_ids
        return frozenset(ids[at] for at in np.flatnonzero(found).tolist())

    def holds(self, person: str) -> list[Row]:
        """Return what a person holds, the main post first: post, unit, rank, begin and `how`.

        `how` is main, also or meanwhile; an acting posting has no rank.
        """
        at = self.model.columns.person_at.get(person)
        return [] if at is None else [self._holding(each) for each in self._held_by(at)]

    def _held_by(self, at: int) -> list[int]:
        """Return the postings that a person holds: the main one, others, beside ones.

        Of several in one post (a row that stands twice, a renewal) only the first in that order.
        """
        model = self.model
        low, high = np.searchsorted(model.periods.person[self.held], [at, at + 1])
        held = model.periods.posting[self.held[low:high]].tolist()
        held.sort(key=lambda each: (bool(model.home[each]), int(model.precedence[each])))
        by_post: dict[int, int] = {}
        for each in reversed(held):
            by_post.setdefault(int(model.columns.post[each]), each)
        return list(by_post.values())

    def _holding(self, posting: int) -> Row:
        columns = self.model.columns
        row = columns.as_row(posting)
        home = bool(self.model.home[posting])
        main = posting == int(self.main[int(columns.person[posting])])
        how = "main" if main else "also" if home else "meanwhile"
        acting = bool(columns.acting[posting])
        return {**row, "rank": None if acting else row["rank"], "how": how}

    @cached_property
    def posting_ids(self) -> frozenset[str]:
        """Return the ids of all postings held; of several of a person in one post only one."""
        model, columns = self.model, self.model.columns
        posting = model.periods.posting[self.held]
        keys = model.precedence[posting], model.home[posting], columns.post[posting]
        posting = posting[np.lexsort((*keys, columns.person[posting]))]
        person, post = columns.person[posting], columns.post[posting]
        differs = (person[1:] != person[:-1]) | (post[1:] != post[:-1])
        last = posting[np.r_[differs, True][: len(posting)]]
        return frozenset(columns.ids[each] for each in last.tolist())

    @cached_property
    def held(self) -> Ints:
        """Return the places of the periods (in `Personnel.periods`) that hold the day."""
        periods = self.model.periods
        return np.flatnonzero((periods.since <= self.number) & (self.number < periods.until))

    @cached_property
    def filled_places(self) -> dict[str, int]:
        """Return how many people fill each post on the day; who is acting does not."""
        columns = self.model.columns
        posting = self.model.periods.posting[self.held]
        posting = posting[~columns.acting[posting]]
        pairs = np.unique(np.column_stack((columns.post[posting], columns.person[posting])), axis=0)
        posts, people = np.unique(pairs[:, 0], return_counts=True)
        return {
            columns.post_ids[post]: count
            for post, count in zip(posts.tolist(), people.tolist(), strict=True)
        }

    @cached_property
    def main(self) -> Ints:
        """Return each person's main posting (position in the columns); -1 for none."""
        model = self.model
        posting = model.periods.posting[self.held]
        home = posting[model.home[posting]]
        best = np.full(len(self), -1, dtype=np.int64)
        np.maximum.at(best, model.columns.person[home], model.precedence[home])
        return np.where(best >= 0, model.by_precedence[best], -1) if len(home) else best

    @cached_property
    def unit(self) -> Ints:
        """Return the unit of each person's main post, else of the newest one held; -1 for none."""
        columns = self.model.columns
        newest = np.full(len(self), -1, dtype=np.int64)
        held = self.model.periods.posting[self.held]
        np.maximum.at(newest, columns.person[held], held)  # the columns are sorted by begin
        posting = np.where(self.main >= 0, self.main, newest)
        found = newest  # nobody holds anything: there may be no posting at all
        if len(columns):
            found = np.where(posting >= 0, columns.post_unit[columns.post[posting]], -1)
        return found

    def unit_of(self, person: str) -> str | None:
        """Return the unit of a person's main post, else of the newest one held."""
        at = self.model.columns.person_at.get(person)
        unit = -1 if at is None else int(self.unit[at])
        return self.model.columns.unit_ids[unit] if unit >= 0 else None

    def in_unit(self, unit: str) -> frozenset[str]:
        """Return whose unit is this one or below it; nobody for a unit that is not known."""
        columns = self.model.columns
        if unit not in columns.unit_at:
            return frozenset()
        inside = columns.units_below(unit)[self.unit] & (self.unit >= 0)
        return frozenset(columns.person_ids[at] for at in np.flatnonzero(inside).tolist())

    @cached_property
    def rank(self) -> Ints:
        """Return each person's place on the ladder by the home postings held, -1 for none.

        Who is awaiting a post has the last rank; grades count where the programme says so.
        """
        rank = self._rank_by(self.held)
        waiting = self.in_service == AWAITING
        if waiting.any():
            before = np.where(waiting, self._last_end(home=True) - 1, UNKNOWN - 1)
            periods = self.model.periods
            day = before[periods.person]
            held = np.flatnonzero((periods.since <= day) & (day < periods.until))
            rank = np.where(waiting, self._rank_by(held), rank)
        if self.model.terms.grades_count_as_ranks:
            rank = np.maximum(rank, self._grades_as_ranks())
        return np.where((self.in_service == YES) | waiting, rank, -1)

    def _rank_by(self, held: Ints) -> Ints:
        """Return each person's highest rank by some periods."""
        periods, model = self.model.periods, self.model
        held = held[model.home[periods.posting[held]]]
        rank = np.full(len(self), -1, dtype=np.int64)
        np.maximum.at(rank, periods.person[held], model.rank[periods.posting[held]])
        return rank

    def _grades_as_ranks(self) -> Ints:
        terms = self.model.terms
        rank = np.full(len(self), -1, dtype=np.int64)
        for at in self.model.columns.known:
            grade = self._grade(at)
            rank[at] = terms.rank_index(terms.grades.get(grade) if grade else None)
        return rank

    @cached_property
    def out(self) -> Bools:
        """Mark who is out of service by a dated fact."""
        found = np.zeros(len(self), dtype=bool)
        for at, spans in self.model.outs.items():
            found[at] = any(since <= self.number < until for since, until in spans)
        return found

    @cached_property
    def in_service(self) -> Ints:
        """Return, for each person, YES, AWAITING, NO or NOT_KNOWN."""
        model = self.model
        held = np.zeros(len(self), dtype=bool)
        held[model.periods.person[self.held]] = True
        known = model.start <= self.number
        last = self._last_end()
        answer = np.where(held, YES, np.where(last > self._long_ago, AWAITING, NOT_KNOWN))
        unknown = np.where(held, YES, NOT_KNOWN)  # the begin of what is held is not known either
        answer = np.where(known, answer, np.where(model.start == OPEN, unknown, NO))
        answer = np.where(self.out, NO, answer)
        for at, dated in model.left_undated.items():
            if self.number > dated:
                loaded = self._loaded(at)
                answer[at] = NO if loaded is not None and self.number >= loaded else NOT_KNOWN
        return answer.astype(np.int64)

    @cached_property
    def _long_ago(self) -> int:
        """Return the last day after which so many months had passed that nothing is known."""
        months = self.model.terms.unknown_after
        days = np.arange(self.number - 31 * (months + 1), self.number + 1)
        return int(days[add_months(days, months) <= self.number].max())

    def _loaded(self, at: int) -> int | None:
        since = self.model.columns.known[at].status_since
        return DayNumbers().first(since, OPEN) if since else None

    def _last_end(self, home: bool = False) -> Ints:
        """Return the last day until which each person held a (home) post; else the start."""
        periods, model = self.model.periods, self.model
        ended = periods.until <= self.number
        if home:
            ended = ended & model.home[periods.posting]
        last = np.where(model.start == OPEN, UNKNOWN, model.start)
        np.maximum.at(last, periods.person[ended], periods.until[ended])
        for at, spans in model.outs.items():  # who came back serves from that day on
            back = [until for _, until in spans if until <= self.number]
            if back and not home:
                last[at] = max(int(last[at]), *back)
        return last

    @cached_property
    def seen_until(self) -> Ints:
        """Return the day until which each person is known to have served: this one, of leaving,
        of the end of what was held last.
        """
        model = self.model
        serves = (self.in_service == YES) | (self.in_service == AWAITING)
        seen = np.where(serves, self.number, np.minimum(self._last_end(), self.number))
        for at, spans in model.outs.items():
            since = [out for out, back in spans if out <= self.number < back]
            if since:
                seen[at] = since[-1]
        for at, dated in model.left_undated.items():
            if dated < self.number:
                seen[at] = dated
        return seen.astype(np.int64)

    def _grade(self, at: int) -> str | None:
        known = self.model.columns.known.get(at)
        day = DayNumbers()
        begun = [
            (day.first(since, OPEN), number, grade)
            for number, (grade, since) in enumerate(known.grades if known else ())
            if day.first(since, OPEN) <= self.number
        ]
        return max(begun)[2] if begun else None

    def _state(self, at: int) -> State:
        model, columns = self.model, self.model.columns
        word = int(self.in_service[at])
        held, main = self._held_by(at), int(self.main[at])
        serves = word in (YES, AWAITING)
        return State(
            person=columns.person_ids[at],
            in_service=_WORDS[word],
            since=self._since(at, word),
            main_post=columns.post_ids[columns.post[main]] if main >= 0 else None,
            main_posting=columns.ids[main] if main >= 0 else None,
            also_holds=tuple(
                columns.post_ids[columns.post[each]]
                for each in held
                if model.home[each] and each != main
            ),
            meanwhile_at=tuple(
                columns.post_ids[columns.post[each]] for each in held if not model.home[each]
            ),
            rank=self._rank_text(at, main),
            grade=self._grade(at) if serves else None,
            service=self._service(at),
        )

    def _service(self, at: int) -> str | None:
        """Return the kind of the newest fact of service that holds on the day."""
        known = self.model.columns.known.get(at)
        spans = service_spans(known.service, self.model.terms.service) if known else ()
        holding = [each for each in spans if each.since <= self.number < each.until]
        return holding[-1].kind if holding else None

    def _rank_text(self, at: int, main: int) -> str | None:
        index = int(self.rank[at])
        if index >= 0:
            return self.model.terms.ranks[index]
        if main < 0 or self.model.columns.acting[main] or self.model.terms.ranks:
            return None
        columns = self.model.columns  # no ladder: the rank that stands on the main post
        return columns.ranks[int(columns.rank[main])]

    def _since(self, at: int, word: int) -> str | None:
        model = self.model
        spans = [each for each in model.outs.get(at, ()) if each[0] <= self.number]
        if word == YES:
            back = [until for _, until in spans if until <= self.number]
            since = max([int(model.start[at]) if model.start[at] != OPEN else UNKNOWN, *back])
            return reading.text_of(since) if since != UNKNOWN else None
        if word == AWAITING:
            return reading.text_of(int(self._last_end()[at]))
        if word == NO:
            if self.out[at]:
                return reading.text_of(spans[-1][0])
            return model.columns.known[at].status_since if model.start[at] <= self.number else None
        return self._last_fact(at)

    def _last_fact(self, at: int) -> str | None:
        """Return the last dated fact by the day: of postings, joining, grades, records, pairs."""
        model, columns = self.model, self.model.columns
        left = model.left_undated.get(at, UNKNOWN)
        if UNKNOWN < left < self.number:
            return reading.text_of(left)
        mine = columns.of_person(at)
        actual = ~columns.planned[mine]
        days = [int(columns.joined[at])]
        days += columns.since[mine][actual].tolist() + model.until[mine][actual].tolist()
        known = columns.known.get(at)
        number = DayNumbers()
        days += [number.first(since, OPEN) for _, since in (known.grades if known else ())]
        days += [number.first(fact.since, OPEN) for fact in (known.service if known else ())]
        found = [each for each in days if UNKNOWN < each <= self.number]
        id_, day = columns.person_ids[at], reading.text_of(self.number)
        noted = model.last_dated([id_], day).get(id_)
        if noted:
            found.append(number.first(noted, UNKNOWN))
        return reading.text_of(max(found)) if found else None
