"""Everybody's model, made of the models of parts of the people.

What is true of a person hangs on nobody else's facts, so that a part is judged by itself, once, and
stays judged while other parts are written. Everybody's answer is the parts' answers one after
another; an answer about one person is looked up in one part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from graph.store import Row
from queries.personnel.days import Ints
from queries.personnel.model import LastDated, MainPosts, Periods, Personnel
from queries.personnel.parts import JoinedPostings, chained, offsets, shifted
from queries.personnel.service import Spans
from queries.personnel.state import Day, State
from queries.personnel.terms import Terms


def _joined(name: str, of_postings: bool = False) -> cached_property[Any]:
    """Return what the parts have under a name, one after another; positions `of_postings` go on."""

    def join(self: Any) -> Any:
        begins = self.columns.postings_before if of_postings else None
        return chained([getattr(part, name) for part in self.parts], begins)

    return cached_property(join)


class JoinedPersonnel(Personnel):
    """The model of the people of all parts, whose ids follow one another from part to part."""

    columns: JoinedPostings

    def __init__(self, parts: Sequence[Personnel], terms: Terms, last_dated: LastDated) -> None:
        super().__init__(JoinedPostings([part.columns for part in parts]), terms, last_dated)
        self.parts = tuple(parts)
        self.first_ids = [(part.columns.person_ids or [""])[0] for part in parts]

    def part_of(self, person: str) -> Personnel:
        """Return the part where a person stands, if anywhere."""
        return self.parts[max(bisect_right(self.first_ids, person) - 1, 0)]

    def of(self, people: Sequence[str]) -> Personnel:
        """Return the model of the parts where some people stand, with others beside them."""
        wanted = {id(self.part_of(person)) for person in people}
        parts = [part for part in self.parts if id(part) in wanted]
        if len(parts) in (0, len(self.parts)):
            return self
        return parts[0] if len(parts) == 1 else JoinedPersonnel(parts, self.terms, self.last_dated)

    def _mapped(self, name: str) -> dict[int, Any]:
        return shifted([getattr(part, name) for part in self.parts], self.columns.people_before)

    def _rows(self, name: str) -> dict[str, Any]:
        """Join the tables of the parts, whose rows name postings and people by position."""
        tables = [vars(getattr(part, name)) for part in self.parts]
        begins = {
            "posting": self.columns.postings_before,
            "person": self.columns.people_before,
        }
        return {
            column: chained([table[column] for table in tables], begins.get(column))
            for column in tables[0]
        }

    home = _joined("home")
    rank = _joined("rank")
    until = _joined("until")
    end_not_recorded = _joined("end_not_recorded")
    start = _joined("start")
    precedence = _joined("precedence", of_postings=True)
    by_precedence = _joined("by_precedence", of_postings=True)

    @cached_property
    def left_undated(self) -> dict[int, int]:
        """Return the last dated fact of people whose status says that they left, no day known."""
        return self._mapped("left_undated")

    @cached_property
    def outs(self) -> Mapping[int, Spans]:
        """Return when people are out of service (from, to), by dated facts; few have any."""
        return self._mapped("outs")

    @cached_property
    def pauses(self) -> Mapping[int, Spans]:
        """Return when people's clocks rest (from, to): on leave, by dated facts; few have any."""
        return self._mapped("pauses")

    @cached_property
    def periods(self) -> Periods:
        """Return the periods in which postings count: in service, from joining on."""
        return Periods(**self._rows("periods"))

    @cached_property
    def main_posts(self) -> MainPosts:
        """Return the sequence of main posts of everybody, renewals of the same post made one."""
        return MainPosts(**self._rows("main_posts"))

    def moves(self, on: date, person: str | None = None) -> list[Row]:
        """Return the changes of main post by a day, by person and day (CONTRACT.md's columns)."""
        if person is not None:
            return self.part_of(person).moves(on, person)
        return super().moves(on)

    def _day(self, number: int) -> Day:
        fresh = [part for part in self.parts if not part.knows(number)]
        if 2 * len(fresh) > len(self.parts) > 1:  # judged together, in a fifth of the time
            self._share(Day(self, number))
        return JoinedDay(self, number)

    def _share(self, day: Day) -> None:
        """Give each part its share of a day that was judged for everybody."""
        posting, person = self.columns.postings_before, self.columns.people_before
        period = offsets([len(part.periods.posting) for part in self.parts])
        held = np.searchsorted(day.held, [*period, len(self.periods.posting)]).tolist()
        for at, part in enumerate(self.parts):
            those = slice(person[at], person[at] + len(part.columns.person_ids))
            main = day.main[those]
            part.on_number(day.number).judged(
                held=day.held[held[at] : held[at + 1]] - period[at],
                main=np.where(main >= 0, main - posting[at], -1),
                rank=day.rank[those],
                out=day.out[those],
                in_service=day.in_service[those],
            )


class JoinedDay(Day):
    """All people on a day: each part's day, one after another."""

    model: JoinedPersonnel
    rank = _joined("rank")
    out = _joined("out")
    in_service = _joined("in_service")
    seen_until = _joined("seen_until")

    def __init__(self, model: JoinedPersonnel, number: int) -> None:
        super().__init__(model, number)
        self.parts = tuple(part.on_number(number) for part in model.parts)

    def _of(self, person: str) -> Day:
        return self.model.part_of(person).on_number(self.number)

    def __getitem__(self, person: str) -> State:
        return self._of(person)[person]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def main_posting(self, person: str) -> str | None:
        """Return the id of a person's main posting; None for nobody known as well."""
        return self._of(person).main_posting(person)

    def rank_index(self, person: str) -> int | None:
        """Return the place of a person's rank on the ladder, from 0; None for no rank."""
        return self._of(person).rank_index(person)

    def serves(self, person: str) -> bool:
        """Return whether a person is in service, with a post or awaiting one."""
        return self._of(person).serves(person)

    def has_left(self, person: str) -> bool:
        """Return whether a person left, on a known day or on one that is not known."""
        return self._of(person).has_left(person)

    def holds(self, person: str) -> list[Row]:
        """Return what a person holds, the main post first: post, unit, rank, begin and `how`."""
        return self._of(person).holds(person)

    @cached_property
    def posting_ids(self) -> frozenset[str]:
        """Return the ids of all postings held."""
        return frozenset().union(*(day.posting_ids for day in self.parts))

    @cached_property
    def held(self) -> Ints:
        """Return the places of the periods (in `Personnel.periods`) that hold the day."""
        counts = [len(part.periods.posting) for part in self.model.parts]
        found: Ints = chained([day.held for day in self.parts], offsets(counts))
        return found

    @cached_property
    def main(self) -> Ints:
        """Return each person's main posting (position in the columns); -1 for none."""
        before = self.model.columns.postings_before
        pairs = zip(self.parts, before, strict=True)
        mains = [day.main + (day.main >= 0) * begin for day, begin in pairs]
        found: Ints = chained(mains)
        return found
