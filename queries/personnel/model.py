"""The personnel model: effective periods of postings, main posts, moves, and any day of anybody.

Made from columns, once for each state of them; nothing is asked of the store after that but the
last dated facts of people of whom nothing newer is known. What is kept of a store and follows its
writes is `queries/personnel/follow.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from graph.store import Row
from queries.personnel import reading
from queries.personnel.columns import SPAN, Begun, Postings, columns_of
from queries.personnel.days import (
    OPEN,
    UNKNOWN,
    Bools,
    DayNumbers,
    Ints,
    add_months,
    day_number,
)
from queries.personnel.places import places_of
from queries.personnel.service import PLAIN, Spans, pauses, times_out
from queries.personnel.state import Day
from queries.personnel.terms import (
    Known,
    KnownPosting,
    Posting,
    ServiceFact,
    ServiceKind,
    Terms,
)

LastDated = Callable[[Sequence[str], str], Mapping[str, str]]  # people, day -> newest dated fact


@dataclass(frozen=True, eq=False)
class Periods:
    """Periods in which postings count, by person and begin: one row a period."""

    posting: Ints  # position in the columns
    person: Ints
    since: Ints
    until: Ints

    def of(self, person: int) -> slice:
        """Return the places of one person's periods (a position in the columns)."""
        low, high = np.searchsorted(self.person, [person, person + 1]).tolist()
        return slice(low, high)


@dataclass(frozen=True, eq=False)
class MainPosts:
    """The main posts of everybody, in order: who, which posting, from when to when."""

    person: Ints
    posting: Ints
    since: Ints
    until: Ints
    remains: Bools  # it was held before it became the main one
    gap: Ints  # days without a main post before it; -1 for a person's first

    def of(self, person: int) -> slice:
        """Return the places of one person's main posts (a position in the columns)."""
        low, high = np.searchsorted(self.person, [person, person + 1]).tolist()
        return slice(low, high)


class Personnel:
    """What is true of everybody, on any day. Frozen: another version of the data makes another."""

    def __init__(self, columns: Postings, terms: Terms, last_dated: LastDated) -> None:
        self.columns = columns
        self.terms = terms
        self.last_dated = last_dated
        self._days: dict[int, Day] = {}

    @cached_property
    def home(self) -> Bools:
        """Mark the home postings."""
        columns = self.columns
        beside = [kind in self.terms.beside for kind in columns.kinds]
        return ~np.array(beside, dtype=bool)[columns.kind]

    @cached_property
    def rank(self) -> Ints:
        """Return each posting's place on the ladder; an acting one gives no rank: -1."""
        columns = self.columns
        ladder = np.array([self.terms.rank_index(each) for each in columns.ranks], dtype=np.int64)
        return np.where(columns.acting, -1, ladder[columns.rank])

    # --- periods

    @cached_property
    def until(self) -> Ints:
        """Return the effective end of each posting; one that never counts ends as it begins."""
        columns = self.columns
        until = columns.until.copy()
        # An end not after its begin, of reduced precision, lasts to the last day it allows.
        short = (until <= columns.since) & (columns.until_last > columns.since)
        until[short] = columns.until_last[short]
        late = np.flatnonzero(self.end_not_recorded)
        until[late] = self._next_begin[late]
        aged = self._age_limit[columns.person]
        until = np.where(columns.until == OPEN, np.minimum(until, aged), until)
        for at, last in self.left_undated.items():
            mine = columns.of_person(at)
            still = columns.until[mine] == OPEN
            until[mine] = np.where(still, np.minimum(until[mine], last + 1), until[mine])
        return np.where(columns.planned, columns.since, np.maximum(until, columns.since))

    @cached_property
    def end_not_recorded(self) -> Bools:
        """Mark home postings without an end that another one followed: read as ended that day."""
        return self._next_begin != OPEN

    @cached_property
    def _next_begin(self) -> Ints:
        columns = self.columns
        actual = self.home & ~columns.planned
        dated = columns.since != UNKNOWN
        ending = np.flatnonzero(actual & dated & ~columns.concurrent & ~columns.acting)
        found = np.full(len(columns), OPEN, dtype=np.int64)
        without_end = np.flatnonzero(actual & (columns.until == OPEN))
        if not len(ending) or not len(without_end):
            return found
        key = columns.person * SPAN + columns.since  # the columns are sorted by both
        place = np.searchsorted(key[ending], key[without_end], side="right")
        while len(without_end):
            inside = place < len(ending)
            without_end, place = without_end[inside], place[inside]
            other = ending[place]
            mine = columns.person[other] == columns.person[without_end]
            without_end, place, other = without_end[mine], place[mine], other[mine]
            elsewhere = columns.post[other] != columns.post[without_end]
            found[without_end[elsewhere]] = columns.since[other[elsewhere]]
            without_end, place = without_end[~elsewhere], place[~elsewhere] + 1
        return found

    @cached_property
    def _age_limit(self) -> Ints:
        """Return the day on which each person is past the programme's age limit."""
        born = self.columns.born
        known = born != UNKNOWN
        limit = add_months(np.where(known, born, 0), 12 * self.terms.age_limit)
        return np.where(known, limit, OPEN)

    @cached_property
    def left_undated(self) -> dict[int, int]:
        """Return the last dated fact of people whose status says that they left, no day known."""
        columns, left = self.columns, self.terms.left
        people = {
            at: each
            for at, each in columns.known.items()
            if each.status in left and not self._ending(each)
        }
        if not people:
            return {}
        newest = self.last_dated([each.id for each in people.values()], "9999-12-31")
        day = DayNumbers()
        found = {at: day.last(newest.get(each.id), UNKNOWN) for at, each in people.items()}
        for at in found:
            mine = columns.of_person(at)
            actual = ~columns.planned[mine]
            dated = columns.since[mine][actual].tolist() + columns.until_last[mine][actual].tolist()
            dated.append(int(columns.joined[at]))
            found[at] = max([found[at], *(each for each in dated if each not in (OPEN, UNKNOWN))])
        return found

    def _ending(self, known: Known) -> bool:
        kinds = self.terms.service
        return any(not kinds.get(each.kind, PLAIN).in_service for each in known.service)

    @cached_property
    def start(self) -> Ints:
        """Return the day from which each serves: joining, or the first posting; else OPEN."""
        columns = self.columns
        first = np.full(len(columns.person_ids), OPEN, dtype=np.int64)
        counted = np.flatnonzero(~columns.planned & (columns.since != UNKNOWN))
        np.minimum.at(first, columns.person[counted], columns.since[counted])
        start = np.where(columns.joined != UNKNOWN, columns.joined, first)
        for at, known in columns.known.items():
            joined = [each.since for each in known.service if each.kind == "joined"]
            if joined and columns.joined[at] == UNKNOWN:
                start[at] = DayNumbers().first(min(joined), OPEN)
        return start

    @cached_property
    def outs(self) -> Mapping[int, Spans]:
        """Return when people are out of service (from, to), by dated facts; few have any."""
        return self._spans(times_out)

    @cached_property
    def pauses(self) -> Mapping[int, Spans]:
        """Return when people's clocks rest (from, to): on leave, by dated facts; few have any."""
        return self._spans(pauses)

    def _spans(
        self, of: Callable[[Sequence[ServiceFact], Mapping[str, ServiceKind]], Spans]
    ) -> dict[int, Spans]:
        known = self.columns.known.items()
        spans = {at: of(each.service, self.terms.service) for at, each in known if each.service}
        return {at: each for at, each in spans.items() if each}

    @cached_property
    def periods(self) -> Periods:
        """Return the periods in which postings count: in service, from joining on.

        One whose begin is not known is held from long ago; it is no step of a career.
        """
        columns = self.columns
        joined = np.where(self.start == OPEN, UNKNOWN, self.start)[columns.person]
        since = np.maximum(columns.since, joined)
        posting = np.flatnonzero(since < self.until)
        since, until = since[posting], self.until[posting]
        if self.outs:
            posting, since, until = self._without_outs(posting, since, until)
        order = np.lexsort((since, columns.person[posting]))
        posting = posting[order]
        return Periods(posting, columns.person[posting], since[order], until[order])

    def _without_outs(self, posting: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints, Ints]:
        touched = np.isin(self.columns.person[posting], np.array(sorted(self.outs)))
        pieces: list[tuple[int, int, int]] = []
        for at in np.flatnonzero(touched).tolist():
            begin, end = int(since[at]), int(until[at])
            for out, back in self.outs[int(self.columns.person[posting[at]])]:
                if begin < min(out, end):
                    pieces.append((int(posting[at]), begin, min(out, end)))
                begin = max(begin, min(back, end))
            if begin < end:
                pieces.append((int(posting[at]), begin, end))
        kept = ~touched
        cut = np.array(pieces, dtype=np.int64).reshape(-1, 3)
        return (
            np.r_[posting[kept], cut[:, 0]],
            np.r_[since[kept], cut[:, 1]],
            np.r_[until[kept], cut[:, 2]],
        )

    def posting(self, at: int, since: int, until: int) -> Posting:
        """Return a posting (a position in the columns) as it counts from one day to another."""
        columns = self.columns
        begin, end = columns.since_texts[at], columns.until_texts[at]
        if int(columns.since[at]) not in (since, UNKNOWN):
            begin = reading.text_of(since)
        if until >= OPEN or self._is_age_to_come(at, until):
            end = None
        elif until != int(columns.until[at]):
            end = reading.text_of(until)
        return Posting(
            columns.ids[at],
            columns.person_ids[int(columns.person[at])],
            columns.post_ids[int(columns.post[at])],
            columns.kinds[int(columns.kind[at])],
            begin,
            end,
            "planned" if columns.planned[at] else "actual",
            None if columns.acting[at] else columns.ranks[int(columns.rank[at])],
            bool(self.home[at]),
            bool(columns.acting[at]),
        )

    def _is_age_to_come(self, at: int, until: int) -> bool:
        """Return whether an end is only that of the age limit, and has not come: nobody set it."""
        columns = self.columns
        is_open = int(columns.until[at]) == OPEN and until == self._age_limit[columns.person[at]]
        return bool(is_open) and until > day_number(date.today())

    def as_given(self, person: int, day: int) -> str:
        """Return a day of a person's career as the posting that begins or ends then gives it.

        Home postings come before others, begins before ends; else it is the day itself.
        """
        columns = self.columns
        low, high = np.searchsorted(columns.person, [person, person + 1]).tolist()
        mine = [at for at in range(low, high) if not columns.planned[at]]
        for texts, days in (
            (columns.since_texts, columns.since),
            (columns.until_texts, columns.until),
        ):
            for at in sorted(mine, key=lambda at: not self.home[at]):
                text = texts[at]
                if text and int(days[at]) == day:
                    return text
        return reading.text_of(day)

    # --- main posts and moves

    @cached_property
    def by_precedence(self) -> Ints:
        """Return the postings by person, and in the order by which a main post is chosen.

        The last one is chosen: rank; then not concurrent; then the latest begin; of equal begins
        the one that ends earlier; then the id.
        """
        columns = self.columns
        keys = (-self.until, columns.since, ~columns.concurrent, self.rank, columns.person)
        order = np.lexsort(keys)
        ordered = [each[order] for each in keys]
        if np.logical_and.reduce([each[1:] == each[:-1] for each in ordered]).any():
            order = np.lexsort((np.array(columns.ids, dtype=str), *keys))
        return order

    @cached_property
    def precedence(self) -> Ints:
        """Return each posting's place in `by_precedence`."""
        place = np.empty(len(self.by_precedence), dtype=np.int64)
        place[self.by_precedence] = np.arange(len(place))
        return place

    @cached_property
    def main_posts(self) -> MainPosts:
        """Return the sequence of main posts of everybody, renewals of the same post made one."""
        periods = self.periods
        dated = self.columns.since[periods.posting] != UNKNOWN
        home = np.flatnonzero(self.home[periods.posting] & dated)
        posting, person = periods.posting[home], periods.person[home]
        base = person * SPAN - UNKNOWN
        since, until = base + periods.since[home], base + np.minimum(periods.until[home], OPEN)
        cut = np.unique(np.r_[since, until])
        low = np.searchsorted(cut, since)
        count = np.searchsorted(cut, until) - low
        # Paint the pieces between cuts in the order of precedence: what is painted last stays.
        best = np.full(len(cut), -1, dtype=np.int64)
        order = np.argsort(self.precedence[posting], kind="stable")
        painted = np.repeat(order, count[order])
        within = np.arange(len(painted)) - np.repeat(
            np.cumsum(count[order]) - count[order], count[order]
        )
        best[low[painted] + within] = painted
        return self._joined_runs(cut, best, posting, periods.since[home])

    def _joined_runs(self, cut: Ints, best: Ints, posting: Ints, since: Ints) -> MainPosts:
        """Make runs of the pieces, one row a run of one post."""
        columns = self.columns
        held = np.flatnonzero(best >= 0)
        post = columns.post[posting[best[held]]]
        person = columns.person[posting[best[held]]]
        begin, end = cut[held], cut[np.minimum(held + 1, len(cut) - 1)]
        count = len(held)
        same = np.zeros(count, dtype=bool)
        if count:
            same[1:] = (
                (person[1:] == person[:-1]) & (post[1:] == post[:-1]) & (begin[1:] == end[:-1])
            )
        first = np.flatnonzero(~same)
        last = np.r_[first[1:], count] - 1 if count else first
        who, own = person[first], best[held[first]]
        offset = who * SPAN - UNKNOWN
        started, ended = begin[first] - offset, end[last] - offset
        gap = np.full(len(first), -1, dtype=np.int64)
        if len(first):
            follows = who[1:] == who[:-1]
            gap[1:][follows] = (started[1:] - ended[:-1])[follows]
        return MainPosts(
            person=who,
            posting=posting[own],
            since=started,
            until=ended,
            remains=since[own] < started,
            gap=gap,
        )

    def careers(self, on: date) -> Begun:
        """Return the main posts begun by a day, in the shape in which careers are judged."""
        number = day_number(on)
        main = self.main_posts
        known = np.flatnonzero(main.since <= number)
        columns = self.columns
        left_out = int((~columns.planned & (columns.since == UNKNOWN)).sum())
        return Begun(
            columns,
            number,
            main.posting[known],
            main.since[known],
            left_out,
            ~main.remains[known] | (main.gap[known] < 0),
        )

    def begun(self, on: date, kinds: Iterable[str | None] = ()) -> Begun:
        """Return the actual postings begun by a day in which a search looks: home postings.

        Where one of `kinds` runs beside the home post, beside postings stand among them. A posting
        begins when it first counts: not while its holder is out of service.
        """
        every = self.columns.begun(on)
        first = self._first_counted[every.at]
        kept = first <= every.on
        if not self.terms.beside.intersection(kind for kind in kinds if kind):
            kept &= self.home[every.at]
        at, since = every.at[kept], first[kept]
        order = np.lexsort((since, self.columns.person[at]))
        return Begun(self.columns, every.on, at[order], since[order], every.left_out)

    @cached_property
    def _first_counted(self) -> Ints:
        """Return from which day each posting counts; OPEN where service leaves nothing of it.

        Of one that has no period for another reason, as dates that are reversed, it is its begin.
        """
        columns = self.columns
        first: Ints = np.full(len(columns), OPEN, dtype=np.int64)
        np.minimum.at(first, self.periods.posting, self.periods.since)
        cut = np.zeros(len(columns.person_ids), dtype=bool)
        cut[list(self.outs)] = True
        return np.where(cut[columns.person], np.maximum(first, columns.since), columns.since)

    def moves(self, on: date, person: str | None = None) -> list[Row]:
        """Return the changes of main post by a day, by person and day (CONTRACT.md's columns).

        A person's first main post has no `from_post`; the same post again is no move.
        """
        columns, main = self.columns, self.main_posts
        wanted = main.since <= day_number(on)
        if person is not None:
            wanted &= main.person == columns.person_at.get(person, -1)
        rows: list[Row] = []
        for at in np.flatnonzero(wanted).tolist():
            post = columns.post_ids[columns.post[main.posting[at]]]
            first = main.gap[at] < 0
            before = None if first else columns.post_ids[columns.post[main.posting[at - 1]]]
            if post == before:
                continue
            rows.append(
                {
                    "person": columns.person_ids[main.person[at]],
                    "day": reading.text_of(int(main.since[at])),
                    "from_post": before,
                    "to_post": post,
                    "gap_days": None if first else int(main.gap[at]),
                    "how": "remains_in" if main.remains[at] and not first else "move",
                }
            )
        return rows

    # --- days

    def on(self, day: date) -> Day:
        """Return everybody on a day: a mapping of person ids to states."""
        return self.on_number(day_number(day))

    def on_number(self, number: int) -> Day:
        """Return everybody on a day, given by its number."""
        found = self._days.get(number)
        if found is None:
            if len(self._days) >= 8:
                self._days.clear()
            found = self._days[number] = self._day(number)
        return found

    def knows(self, number: int) -> bool:
        """Return whether a day was asked for lately."""
        return number in self._days

    def _day(self, number: int) -> Day:
        return Day(self, number)


def of_rows(
    people: Sequence[Known],
    postings: Sequence[KnownPosting],
    terms: Terms,
    posts: Iterable[Row] | None = None,
) -> Personnel:
    """Return the model of plain facts, for notebooks and tests; posts may be left to postings."""
    named = dict.fromkeys(each.post for each in postings)
    rows = list(posts) if posts is not None else [reading.bare_post(id_) for id_ in named]
    dated = {each.id: each.dated for each in people}

    def last_dated(wanted: Sequence[str], day: str) -> Mapping[str, str]:
        found = {id_: [each for each in dated[id_] if each <= day] for id_ in wanted}
        return {id_: max(days) for id_, days in found.items() if days}

    people = [
        each._replace(service=tuple(ServiceFact(*f) for f in each.service)) for each in people
    ]
    columns = columns_of(people, reading.written(postings), places_of(rows))
    return Personnel(columns, terms, last_dated)
