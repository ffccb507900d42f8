"""Who serves and holds what on a day, by the rules of PERSONNEL.md, as the checker reads them.

Written apart from the personnel model, on purpose: one person at a time, in plain steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graph.dates import add_days, add_months, first_day, last_day
from graph.programme import Programme

Row = dict[str, Any]
Away = tuple[date, date | None]  # out of service from one day to another


@dataclass(frozen=True)
class StoredPosting:
    """A posting of the data as it counts; `until` is None while no end is known."""

    id: str
    post: str
    unit: str | None
    kind: str | None
    since: date | None
    until: date | None
    level: int | None  # the place of its rank on the ladder; none while acting
    is_beside: bool
    is_concurrent: bool
    is_acting: bool
    begun: date | None  # as stored: it may have begun before the person joined
    is_ended: bool  # an end is stored, not only read from what followed

    def is_held(self, day: date) -> bool:
        """Return whether it is held on a day: its first one counts, its last one does not."""
        has_begun = self.since is None or self.since <= day
        return has_begun and (self.until is None or day < self.until)

    @property
    def precedence(self) -> tuple[int, bool, date, int, str]:
        """Return what a main post is chosen by: the highest of these."""
        end = (self.until or date.max).toordinal()
        level = -1 if self.level is None else self.level
        return level, not self.is_concurrent, self.begun or date.min, -end, self.id


class PostingsThatCount:
    """The postings of one person as they count; a row is a posting of the data, done or begun.

    `left` is the last dated fact of somebody whose status says that they left on a day not known;
    `service` are the dated facts of service.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        joined: date | None,
        born: date | None,
        left: date | None,
        beside: frozenset[str],
        programme: Programme,
        service: Sequence[Row] = (),
    ) -> None:
        self.joined, self.left, self.programme = joined, left, programme
        self.away = _away(service, programme)
        days = [day for row in rows if (day := _day(row["since"]))]
        entered = [
            day for row in service if row["kind"] == "joined" and (day := _day(row["since"]))
        ]
        self.start = joined or min(entered or days, default=None)
        ladder = [term.key for term in programme.ranks]
        limits = [add_months(born, 12 * programme.age_limit)] if born else []
        limits += [add_days(left, 1)] if left else []
        self.postings: list[StoredPosting] = []
        for row in rows:
            since, marks = _day(row["since"]), set(row["marks"] or ())
            until = _end(row)
            if until is None:
                follows = [] if row["kind"] in beside else _followers(row, rows, beside)
                until = min([*limits, *follows], default=None)
            begins = since
            if self.start and (since is None or since < self.start):
                begins = self.start
            if begins and until and until <= begins:
                continue
            rank = row["rank"] or row["asked"]
            is_acting = "acting" in marks
            whole = StoredPosting(
                id=row["edge"] or "",
                post=row["post"],
                unit=row["unit"],
                kind=row["kind"],
                since=begins,
                until=until,
                level=ladder.index(rank) if rank in ladder and not is_acting else None,
                is_beside=row["kind"] in beside,
                is_concurrent="concurrent" in marks,
                is_acting=is_acting,
                begun=since,
                is_ended=bool(row["until"]),
            )
            self.postings += _while_there(whole, self.away)

    def serves(self, day: date) -> bool:
        """Return whether the person serves on a day, with a post or awaiting one."""
        if self.left is not None and day > self.left:
            return False
        if any(out <= day and (back is None or day < back) for out, back in self.away):
            return False
        if any(each.is_held(day) for each in self.postings):
            return True
        if self.start is None or self.start > day:
            return False
        return day < add_months(self._last_end(self.postings, day), self.programme.unknown_after)

    def homes(self, day: date) -> list[StoredPosting]:
        """Return the home postings held on a day, the main one first."""
        return self._held(day, is_beside=False)

    def besides(self, day: date) -> list[StoredPosting]:
        """Return the postings held on a day beside the home post."""
        return self._held(day, is_beside=True)

    def rank(self, day: date) -> tuple[int | None, date | None]:
        """Return the level of the rank on a day, and from when on it is held."""
        homes = [each for each in self.postings if not each.is_beside]
        if not self.serves(day):
            return None, None
        if any(each.is_held(day) for each in self.postings):
            level = _level(homes, day)
        else:  # awaiting a post: the last rank
            level = _level(homes, add_days(self._last_end(homes, day, is_home=True), -1))
        if level is None:
            return None, None
        dated = [each for each in homes if each.begun]
        days = {d for each in dated for d in (each.since, each.until) if d and d <= day}
        before, since = None, None
        for change in sorted(days):
            now = _level(dated, change)
            if now is not None and now != before:
                before, since = now, change
        return level, since if before == level else None

    def _held(self, day: date, is_beside: bool) -> list[StoredPosting]:
        held = [p for p in self.postings if p.is_beside == is_beside and p.is_held(day)]
        return sorted(held, key=lambda p: p.precedence, reverse=True)

    def _last_end(
        self, postings: Sequence[StoredPosting], day: date, is_home: bool = False
    ) -> date:
        ends = [each.until for each in postings if each.until and each.until <= day]
        if not is_home:  # who came back serves from that day on
            ends += [back for _, back in self.away if back and back <= day]
        return max([*ends, *([self.start] if self.start else [])])


def _away(service: Sequence[Row], programme: Programme) -> list[Away]:
    """Return when somebody is out of service: until back, or until the end that is given."""
    meaning = {term.key: term for term in programme.service_kinds}
    away: list[Away] = []
    for row in sorted(service, key=lambda row: (first_day(row["since"]), row["id"])):
        term, since = meaning.get(row["kind"]), first_day(row["since"])
        if term is not None and not term.in_service:
            away.append((since, _day(row["until"])))
        elif term is None or not term.pauses_clocks:
            away = [(out, min(back or since, since)) for out, back in away]
    return [(out, back) for out, back in away if back is None or out < back]


def has_ended_pair(
    service: Sequence[Row], since: str | None, day: date, programme: Programme
) -> bool:
    """Return whether somebody left in a pair that began then, by a day: being back ties nobody."""
    begin = first_day(since) if since else date.min
    return any(begin <= out <= day for out, _back in _away(service, programme))


def _while_there(posting: StoredPosting, away: Sequence[Away]) -> list[StoredPosting]:
    """Return the parts of a posting in which the person is not away."""
    parts = [posting]
    for out, back in away:
        cut: list[StoredPosting] = []
        for each in parts:
            if each.until is None or each.until > out:
                if each.since is None or each.since < out:
                    cut.append(replace(each, until=out))
                if back is not None and (each.until is None or each.until > back):
                    cut.append(replace(each, since=max(each.since or back, back)))
            else:
                cut.append(each)
        parts = cut
    return parts


def _level(homes: Sequence[StoredPosting], day: date) -> int | None:
    levels = [p.level for p in homes if p.level is not None and p.is_held(day)]
    return max(levels, default=None)


def _followers(row: Row, rows: Sequence[Row], beside: frozenset[str]) -> list[date]:
    """Return the days on which another home posting begins, which end one without an end."""
    since, found = _day(row["since"]), []
    for other in rows:
        day, marks = _day(other["since"]), set(other["marks"] or ())
        runs_beside = other["kind"] in beside or marks & {"concurrent", "acting"}
        is_later = day is not None and (since is None or day > since)
        if day and is_later and not runs_beside and other["post"] != row["post"]:
            found.append(day)
    return found


def _end(row: Row) -> date | None:
    since, until = _day(row["since"]), _day(row["until"])
    if since and until and until <= since:  # as late as its text allows
        until = max(until, last_day(row["until"]))
    return until


def _day(text: str | None) -> date | None:
    return first_day(text) if text else None
