"""Who arrived and who did not: the five groups that stand beside every figure about careers.

Of all whom a question is about, each has arrived, is on the way (in service, and may still arrive),
left before, or is not known since some day. Who was there from the start, on the first known day,
stands beside: no time led there.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from graph.answers import FieldsOf
from queries.personnel.days import OPEN, Bools, Ints
from queries.personnel.state import AWAITING, NO, NOT_KNOWN, YES, Day

NOT_YET, ON_THE_WAY, LEFT_BEFORE, UNSEEN = range(-1, 3)


class FiveGroups(NamedTuple):
    """How many people of a question are in each group."""

    arrived: int
    on_the_way: int
    left_before: int
    not_known: int
    from_the_start: int = 0

    @property
    def started(self) -> int:
        """Return how many could have arrived."""
        return self.arrived + self.on_the_way + self.left_before + self.not_known

    def as_dict(self) -> dict[str, int]:
        """Return plain values for JSON."""
        return self._asdict()


GroupsDict = Annotated[dict[str, Any], FieldsOf(FiveGroups)]


def standing(day: Day) -> Ints:
    """Return where each person stands who has not arrived; NOT_YET for who joins later."""
    start = day.model.start
    begun = (start <= day.number) | (start == OPEN)
    word = day.in_service
    found = np.select(
        [~begun, (word == YES) | (word == AWAITING), word == NO, word == NOT_KNOWN],
        [NOT_YET, ON_THE_WAY, LEFT_BEFORE, UNSEEN],
    )
    return found.astype(np.int64)


def five_groups(day: Day, arrived: int, others: Ints, from_the_start: int = 0) -> FiveGroups:
    """Return the groups of those who arrived and of `others` (positions of people) who have not."""
    where = standing(day)[others]
    on_the_way, left, unseen = np.bincount(where[where >= 0], minlength=3).tolist()
    return FiveGroups(arrived, on_the_way, left, unseen, from_the_start)


def from_the_first_day(day: Day, people: Ints, since: Ints) -> Bools:
    """Mark who held something on the first known day: no day of joining stands before it."""
    start = day.model.start[people]
    return (since <= start) | (start == OPEN)
