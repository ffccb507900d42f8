"""Whether a mentor guides by the post that they hold: the one judgement of a pair.

Some kinds of mentor are people in a post (the secretary of a village). One is right for a trainee
when on the day they hold a post that the programme lists for the kind, on the line of units where
the trainee is placed: one unit is above the other, or they are the same. Lights, findings,
proposals, the pool and the checks of what is entered ask here. Who acts in a post does not hold it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from graph.errors import N_
from graph.kinds import MentorKindTerm
from queries.personnel.days import OPEN, UNKNOWN, DayNumbers, Ints
from queries.personnel.model import Personnel

Reason = Literal["left", "elsewhere", "acting", "none"]

# What is said of a mentor who is not right; every list of such pairs says it so.
WORDS: dict[Reason, str] = {
    "left": N_("%(mentor)s still guides %(trainee)s (%(kind)s), and left %(post)s on %(day)s."),
    "elsewhere": N_(
        "%(mentor)s guides %(trainee)s (%(kind)s) and holds %(post)s, which is not on the line "
        "of units of %(trainee)s."
    ),
    "acting": N_(
        "%(mentor)s guides %(trainee)s (%(kind)s) and only acts in %(post)s, which counts as "
        "vacant."
    ),
    "none": N_("%(mentor)s guides %(trainee)s (%(kind)s) without a post of that kind."),
}


class NotRight(NamedTuple):
    """Why a mentor is not right: which post was left or is held elsewhere, and since which day."""

    reason: Reason
    post: int = -1  # positions in the columns of the model
    since: int = UNKNOWN  # of leaving, or of the trainee's coming to the place; else not known


class TraineePlace(NamedTuple):
    """A unit where a trainee is placed, and since which day."""

    unit: int
    since: int


class HeldPost(NamedTuple):
    """Who holds a post of a kind of mentor, or acts in it."""

    person: int
    post: int
    acting: bool


class MentorPosts:
    """The posts by which mentors guide on a day: who holds them, which are vacant, who is right."""

    def __init__(self, model: Personnel, number: int, kinds: Iterable[MentorKindTerm]) -> None:
        self.model, self.number = model, number
        self.kinds = {each.key: each for each in kinds if each.by_post}
        self._listed: dict[str, frozenset[int]] = {}
        self._held: dict[str, tuple[HeldPost, ...]] = {}
        self._places: dict[tuple[str, ...], dict[int, tuple[TraineePlace, ...]]] = {}
        self._by_line: dict[str, dict[int, tuple[HeldPost, ...]]] = {}
        self._acting: dict[str, dict[int, tuple[int, ...]]] = {}
        self._lines: dict[int, tuple[int, ...]] = {}
        self._days = DayNumbers()

    # --- posts and units

    def listed(self, kind: str) -> frozenset[int]:
        """Return the posts that the programme lists for a kind."""
        if kind not in self._listed:
            term, columns = self.kinds[kind], self.model.columns
            self._listed[kind] = frozenset(
                at
                for at in range(len(columns.post_ids))
                if self._is_listed(term, at, int(columns.post_unit[at]))
            )
        return self._listed[kind]

    def _is_listed(self, term: MentorKindTerm, post: int, unit: int) -> bool:
        columns = self.model.columns
        if term.post_kinds and columns.post_kinds[post] not in term.post_kinds:
            return False
        if term.unit_kinds and (unit < 0 or columns.unit_kinds[unit] not in term.unit_kinds):
            return False
        title = columns.post_titles[post] or ""
        name = columns.unit_names[unit] or "" if unit >= 0 else ""
        return not term.titles or title in term.titles or title.removeprefix(name) in term.titles

    def line(self, unit: int) -> tuple[int, ...]:
        """Return a unit and those above it, nearest first."""
        if unit not in self._lines:
            above, found = unit, list[int]()
            while above >= 0 and above not in found:
                found.append(above)
                above = int(self.model.columns.unit_parent[above])
            self._lines[unit] = tuple(found)
        return self._lines[unit]

    def on_line(self, one: int, other: int) -> bool:
        """Return whether two units are the same, or one is above the other."""
        return one >= 0 and other >= 0 and (one in self.line(other) or other in self.line(one))

    def unit_of_kind(self, unit: int, kind: str) -> int:
        """Return the nearest unit of a kind at or above a unit; -1 for none."""
        kinds = self.model.columns.unit_kinds
        return next((each for each in self.line(unit) if kinds[each] == kind), -1)

    # --- who holds them

    def holders(self, kind: str) -> tuple[HeldPost, ...]:
        """Return who holds a post of a kind on the day, or acts in one."""
        if kind not in self._held:
            columns, periods = self.model.columns, self.model.periods
            wanted = np.zeros(len(columns.post_ids), dtype=bool)
            wanted[list(self.listed(kind))] = True
            now = (periods.since <= self.number) & (self.number < periods.until)
            at = np.flatnonzero(now)
            at = at[wanted[columns.post[periods.posting[at]]]]
            posting = periods.posting[at]
            rows = zip(
                periods.person[at].tolist(),
                columns.post[posting].tolist(),
                columns.acting[posting].tolist(),
                strict=True,
            )
            self._held[kind] = tuple(HeldPost(*row) for row in sorted(set(rows)))
        return self._held[kind]

    def vacant(self, kind: str) -> list[int]:
        """Return the posts of a kind that nobody holds; who acts does not hold it."""
        held = {each.post for each in self.holders(kind) if not each.acting}
        return sorted(self.listed(kind) - held)

    def last_held(self, post: int) -> int:
        """Return the day on which the last holder of a post left; UNKNOWN where there was none."""
        return int(self._last_held[post])

    @cached_property
    def _last_held(self) -> Ints:
        """Return the day on which the last holder of each post left."""
        columns, periods = self.model.columns, self.model.periods
        posting = periods.posting
        ended = (periods.until <= self.number) & (periods.since <= self.number)
        ended &= ~columns.acting[posting]
        last: Ints = np.full(len(columns.post_ids), UNKNOWN, dtype=np.int64)
        np.maximum.at(last, columns.post[posting[ended]], periods.until[ended])
        return last

    def acting_in(self, kind: str, post: int) -> tuple[int, ...]:
        """Return who acts in a post of a kind on the day."""
        if kind not in self._acting:
            found: dict[int, list[int]] = defaultdict(list)
            for each in self.holders(kind):
                if each.acting:
                    found[each.post].append(each.person)
            self._acting[kind] = {at: tuple(people) for at, people in found.items()}
        return self._acting[kind].get(post, ())

    def near(self, kind: str, trainee: int) -> tuple[HeldPost, ...]:
        """Return who holds a post of a kind on the line of a trainee; of all, where none is known.

        Who acts is left out.
        """
        places = self.places(kind, trainee)
        if not places:
            return tuple(each for each in self.holders(kind) if not each.acting)
        found = set[HeldPost]()
        for place in places:
            found.update(self._near_unit(kind, place.unit))
        return tuple(sorted(found))

    def _near_unit(self, kind: str, unit: int) -> Iterator[HeldPost]:
        if kind not in self._by_line:
            units = self.model.columns.post_unit
            below: dict[int, list[HeldPost]] = defaultdict(list)
            for each in self.holders(kind):
                for above in self.line(int(units[each.post])) if not each.acting else ():
                    below[above].append(each)
            self._by_line[kind] = {at: tuple(each) for at, each in below.items()}
        at_or_below = self._by_line[kind]
        yield from at_or_below.get(unit, ())
        units = self.model.columns.post_unit
        for above in self.line(unit)[1:]:
            yield from (e for e in at_or_below.get(above, ()) if int(units[e.post]) == above)

    # --- where trainees are

    def places(self, kind: str, trainee: int) -> tuple[TraineePlace, ...]:
        """Return the units where a trainee is placed for a kind on the day, else was last."""
        placed_by = self.kinds[kind].placed_by
        if not placed_by:
            return ()
        if placed_by not in self._places:
            everybody = slice(0, len(self.model.periods.posting))
            self._places[placed_by] = dict(self._placed(frozenset(placed_by), everybody))
        return self._places[placed_by].get(trainee, ())

    def _placed(
        self, kinds: frozenset[str], whose: slice
    ) -> Iterator[tuple[int, tuple[TraineePlace, ...]]]:
        columns, periods = self.model.columns, self.model.periods
        wanted = np.array([each in kinds for each in columns.kinds], dtype=bool)
        posting = periods.posting[whose]
        units = columns.post_unit[columns.post[posting]]
        begun = wanted[columns.kind[posting]] & (periods.since[whose] <= self.number)
        at = whose.start + np.flatnonzero(begun & (units >= 0))
        unit_of = columns.post_unit[columns.post[periods.posting[at]]]
        rows = zip(
            periods.person[at].tolist(),
            np.minimum(periods.until[at], self.number + 1).tolist(),  # what runs ends all alike
            unit_of.tolist(),
            periods.since[at].tolist(),
            strict=True,
        )
        last: dict[int, tuple[int, dict[int, int]]] = {}
        for person, until, unit_at, since in rows:
            before = last.get(person)
            if before is None or until > before[0]:
                last[person] = until, {unit_at: since}
            elif until == before[0]:
                before[1][unit_at] = min(since, before[1].get(unit_at, since))
        for person, (_, placed) in last.items():
            yield person, tuple(TraineePlace(*each) for each in sorted(placed.items()))

    # --- one pair

    def apart(self, mentor: int, trainee: int, kind: str) -> tuple[int, int] | None:
        """Return the two units, of the kind that both are to be in, in which they are on the day.

        None where they are in one, or where it is not known of either.
        """
        term, columns, periods = self.kinds[kind], self.model.columns, self.model.periods
        if not term.within or mentor < 0 or trainee < 0:
            return None
        placed = self._placed(frozenset(term.placed_by), periods.of(trainee))
        mine = periods.of(mentor)
        runs = (periods.since[mine] <= self.number) & (self.number < periods.until[mine])
        held = columns.post_unit[columns.post[periods.posting[mine][runs]]].tolist()
        units = {each.unit for _, places in placed for each in places}
        ours = {self.unit_of_kind(unit, term.within) for unit in units} - {-1}
        theirs = {self.unit_of_kind(unit, term.within) for unit in held} - {-1}
        return (min(ours), min(theirs)) if ours and theirs and not ours & theirs else None

    def not_right(
        self, mentor: int, trainee: int, kind: str, paired: str | None
    ) -> NotRight | None:
        """Return why a mentor of a kind is not right for a trainee on the day; None where right.

        Where no place of the trainee is known, the post is the one held when the two were paired.
        """
        listed, columns = self.listed(kind), self.model.columns
        places = self.places(kind, trainee)
        own = frozenset[int]() if places else self._held_when_paired(mentor, kind, paired)
        found: dict[tuple[Reason, bool], NotRight] = {}  # by reason, and whether on the line
        periods = self.model.periods
        mine = periods.of(mentor) if mentor >= 0 else slice(0)
        for posting, since, until in zip(
            periods.posting[mine].tolist(),
            periods.since[mine].tolist(),
            periods.until[mine].tolist(),
            strict=True,
        ):
            post = int(columns.post[posting])
            if post not in listed or since > self.number:
                continue
            unit, acts = int(columns.post_unit[post]), bool(columns.acting[posting])
            if places:
                is_near = any(self.on_line(unit, place.unit) for place in places)
            else:
                is_near = not own or post in own
            if until <= self.number:
                if not acts and until > found.get(("left", is_near), NotRight("none")).since:
                    found["left", is_near] = NotRight("left", post, until)
            elif acts:
                found["acting", is_near] = NotRight("acting", post, since)
            elif is_near:
                return None
            else:
                came = min((place.since for place in places), default=UNKNOWN)
                found["elsewhere", False] = NotRight("elsewhere", post, max(came, since))
        order: tuple[tuple[Reason, bool], ...] = (
            *(("acting", True), ("left", True), ("elsewhere", False)),
            *(("left", False), ("acting", False)),
        )
        return next((found[each] for each in order if each in found), NotRight("none"))

    def _held_when_paired(self, mentor: int, kind: str, paired: str | None) -> frozenset[int]:
        listed, columns, periods = self.listed(kind), self.model.columns, self.model.periods
        mine = periods.of(mentor) if mentor >= 0 else slice(0)
        first, last = self._days.first(paired, UNKNOWN), self._days.last(paired, OPEN)
        held = (periods.since[mine] <= last) & (periods.until[mine] > first)
        return listed.intersection(columns.post[periods.posting[mine][held]].tolist())

    @cached_property
    def of_person(self) -> dict[int, tuple[tuple[str, HeldPost], ...]]:
        """Return by which kinds and posts people could guide on the day."""
        found: dict[int, list[tuple[str, HeldPost]]] = defaultdict(list)
        for kind in self.kinds:
            for each in self.holders(kind):
                if not each.acting:
                    found[each.person].append((kind, each))
        return {person: tuple(each) for person, each in found.items()}
