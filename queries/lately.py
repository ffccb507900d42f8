"""What changed lately: postings that began or ended in the year of a day, newest first.

Asked of the columns of the personnel model, so that it is told at once of any number of people and
of data without a programme. Where nothing changed in the year, it is the last year with a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.personnel import Personnel, personnel
from queries.personnel.columns import SPAN
from queries.personnel.days import Bools, Ints, day_number, day_of_number

MOST = 300


@dataclass(frozen=True)
class PostingChange:
    """One posting that began or ended, with the day as its source gives it."""

    on: str
    change: Literal["began", "ended"]
    person: str
    name: str
    kind: str | None
    post: str
    title: str
    unit: str | None
    unit_name: str | None


class LatelyDict(TypedDict):
    """The changes of a year as plain values."""

    year: int
    count: int
    changes: list[Annotated[Row, FieldsOf(PostingChange)]]


@dataclass(frozen=True)
class Lately:
    """How many postings began or ended in a year, and the newest of them."""

    year: int
    count: int
    changes: tuple[PostingChange, ...]

    def as_dict(self) -> LatelyDict:
        """Return plain values for JSON."""
        changes = [dict(vars(each)) for each in self.changes]
        return {"year": self.year, "count": self.count, "changes": changes}


def lately(store: Store, on: date, people: frozenset[str] | None = None, most: int = 9) -> Lately:
    """Return the newest changes of the year by a day, of some people where they are given."""
    model = personnel(store)
    columns, number = model.columns, day_number(on)
    counted = ~columns.planned & (model.until > columns.since)
    if people is not None:
        theirs = np.array([each in people for each in columns.person_ids], dtype=bool)
        counted &= theirs[columns.person]
    began = counted & (columns.since <= number)
    ended = counted & (model.until <= number)
    ended &= ~_followed(model, began, ended)
    at = np.concatenate([np.flatnonzero(began), np.flatnonzero(ended)])
    day = np.concatenate([columns.since[began], model.until[ended]])
    is_end = np.arange(len(at)) >= np.count_nonzero(began)
    year = on.year
    if len(day) and day.max() < day_number(date(year, 1, 1)):
        year = day_of_number(int(day.max())).year
    kept = np.flatnonzero(day >= day_number(date(year, 1, 1)))
    newest = kept[np.lexsort((at[kept], -day[kept]))][:most]
    changes = tuple(_change(model, int(at[each]), bool(is_end[each])) for each in newest)
    return Lately(year, len(kept), changes)


def _followed(model: Personnel, began: Bools, ended: Bools) -> Bools:
    """Mark main postings that ended on the day on which the same person began another one."""
    columns = model.columns
    home = model.home
    begins: Ints = columns.person[began & home] * SPAN + columns.since[began & home]
    return ended & home & np.isin(columns.person * SPAN + model.until, begins)


def _change(model: Personnel, at: int, is_end: bool) -> PostingChange:
    columns = model.columns
    person, post = int(columns.person[at]), int(columns.post[at])
    unit = int(columns.post_unit[post])
    text = columns.until_texts[at] if is_end else columns.since_texts[at]
    # An end that is read out of what followed is not on file.
    told = text or day_of_number(int(model.until[at])).isoformat()
    return PostingChange(
        on=told,
        change="ended" if is_end else "began",
        person=columns.person_ids[person],
        name=columns.person_names[person],
        kind=columns.kinds[int(columns.kind[at])],
        post=columns.post_ids[post],
        title=columns.post_titles[post],
        unit=columns.unit_ids[unit] if unit >= 0 else None,
        unit_name=columns.unit_names[unit] if unit >= 0 else None,
    )
