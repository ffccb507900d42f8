"""What people have had by a day: pairs, attendance and records, taken apart from their texts.

What a person has many of comes as one text: values with a mark between, each row ended by another
one. Over Bolt that takes a third of the time of as many values. No value holds a mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from queries.dated import shown_end
from queries.personnel import Personnel
from queries.personnel.pairs import pair_until
from queries.programme.facts import Activity, GrowthEntry, Pairing

T = TypeVar("T")
Grouped = dict[str, tuple[T, ...]]
Texts = list[Sequence[Any]]  # of a person and the text that holds the rows of the person

_MARK, _END, COMMA = "\x1f", "\x1e", "\x1d"
MARKS = {"mark": _MARK, "end": _END}


def _parts(text: str) -> list[str]:
    """Take a text apart into the rows that it holds, each ended by its mark."""
    return text.split(_END)[:-1]


def _by(day: str, on: str) -> str | None:
    """Return the day of something that had happened by a day."""
    return day if day and day <= on else None


class Had:
    """What people have had by a day, gathered part by part; each person is in one part."""

    def __init__(
        self, day: str, ends: str, activities: Mapping[str, Activity], model: Personnel
    ) -> None:
        self._ends = ends
        self._model = model if model.outs else None  # nobody's leaving cuts a pair
        self.pairings: Grouped[Pairing] = {}
        self.mentees: dict[str, list[Pairing]] = defaultdict(list)
        self.attended: Grouped[Activity] = {}
        self.entries: Grouped[GrowthEntry] = {}
        self._day = day
        # Ordered once for all: a person's own are then sorted by their place.
        self._ordered = sorted(activities.values(), key=lambda each: (each.held_on or "", each.id))
        self._place = {activity.id: at for at, activity in enumerate(self._ordered)}
        self._lists = _Lists()
        self._entry = _Entries().__getitem__

    def take(self, pairings: Texts, attendance: Texts, records: Texts) -> None:
        """Add what some people have had; a text without rows is passed over."""
        for person, text in pairings:
            if text:
                self._take_pairings(person, text)
        for person, text in attendance:
            if text:
                self._take_attendance(person, text)
        for person, text in records:
            if text:  # the day comes first in each text, so the texts are in the order of the days
                self.entries[person] = tuple(map(self._entry, sorted(_parts(text))))

    def _take_pairings(self, trainee: str, rows: str) -> None:
        lists, begun = self._lists, []
        for row in _parts(rows):
            id_, mentor, kind, since, until, methods, duties, tasks, by_mentor, by_trainee = (
                row.split(_MARK)
            )
            if since <= self._day:
                end = until or None
                if self._model is not None:
                    end = pair_until(self._model, mentor, trainee, since or None, end)
                end = shown_end(end, self._ends)
                pairing = Pairing(
                    id_,
                    mentor,
                    trainee,
                    kind or None,
                    since or None,
                    end,
                    lists[methods],
                    lists[duties],
                    lists[tasks],
                    _by(by_mentor, self._day),
                    _by(by_trainee, self._day),
                )
                begun.append(pairing)
                self.mentees[mentor].append(pairing)
        if begun:
            self.pairings[trainee] = oldest_first(begun)

    def _take_attendance(self, person: str, rows: str) -> None:
        place, ordered = self._place, self._ordered
        known = sorted(place[id_] for id_ in _parts(rows) if id_ in place)
        self.attended[person] = tuple([ordered[at] for at in known])


class _Lists(dict[str, tuple[str, ...]]):
    """Lists of keys by the text that holds them: few different ones stand for very many."""

    def __missing__(self, text: str) -> tuple[str, ...]:
        self[text] = tuple(text.split(COMMA)[:-1])
        return self[text]


class _Entries(dict[str, GrowthEntry]):
    """Entries by the text that holds them: few different ones stand for very many."""

    def __missing__(self, text: str) -> GrowthEntry:
        self[text] = GrowthEntry(*text.split(_MARK))
        return self[text]


def _by_since(each: Any) -> tuple[str, str]:
    return each.since or "", each.id or ""


def oldest_first(periods: list[T]) -> tuple[T, ...]:
    """Return periods in the order of their begins."""
    if len(periods) > 1:
        periods.sort(key=_by_since)
    return tuple(periods)
