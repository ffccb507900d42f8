"""All findings of a day, kept of each store and mended after a write.

Whoever is judged alone (postings, service, ranks) is judged anew where the personnel model was
mended: a part of some thousand people. Pairs are those of these people, posts those that were
touched, names those of whoever has another name. Circles of mentors are looked for anew when a pair
was written. Where the store cannot tell what was touched, everything is judged anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from graph.cache import Followed
from graph.kinds import MentorKindTerm
from graph.programme import Rule
from graph.schema import PROGRAMME
from graph.store import Store
from graph.touched import Touched
from queries.personnel.days import day_number
from queries.personnel.follow import personnel
from queries.personnel.joined import JoinedPersonnel
from queries.personnel.model import Personnel
from queries.programme.on_day import appointment_rules
from queries.quality.finding import QualityFinding, QualityKind
from queries.quality.kinds import BY_ABOUT
from queries.quality.names import read_names
from queries.quality.pairs import SeenPairs, SeenTies, read_pairs, read_ties
from queries.quality.people import SeenPeople, TimesAsked
from queries.quality.posts import seen_posts
from queries.stored_programme import stored_programme

Found = tuple[QualityFinding, ...]
TOGETHER = 64  # parts of the model that are judged at once
_DAYS = 2  # of so many days, the latest asked for


@dataclass(frozen=True)
class JudgedBy:
    """What findings are judged by beside the facts: a day, and what the programme says."""

    on: date
    times: TimesAsked
    mentor_kinds: tuple[MentorKindTerm, ...]


@dataclass(frozen=True)
class FoundOnDay:
    """The findings of a day, in pieces that are exchanged one by one."""

    asked: JudgedBy
    model: JoinedPersonnel
    people: tuple[Found, ...]  # of each part of the model
    pairs: Mapping[str, Found]  # by id of the pair
    circles: Found
    posts: Mapping[str, Found]  # by id of the post
    names: Found

    def __iter__(self) -> Iterator[QualityFinding]:
        yield from chain.from_iterable(self.people)
        yield from chain.from_iterable(self.pairs.values())
        yield from self.circles
        yield from chain.from_iterable(self.posts.values())
        yield from self.names

    def of_person(self, person: str) -> list[QualityFinding]:
        """Return the findings in which a person has a part."""
        mine = self.people[_part_at(self.model, person)]
        rest = chain(chain.from_iterable(self.pairs.values()), self.circles, self.names)
        posts = chain.from_iterable(self.posts.values())
        return [each for each in chain(mine, rest, posts) if person in each.people]


@dataclass(frozen=True)
class KeptFindings:
    """The findings of the last days that were asked for."""

    days: tuple[FoundOnDay, ...]

    def on(self, on: date) -> FoundOnDay | None:
        """Return the findings of a day."""
        return next((each for each in self.days if each.asked.on == on), None)


def found_on(store: Store, on: date) -> FoundOnDay:
    """Return all findings of a day; the first call judges everybody."""
    kept = _kept.made(
        store,
        lambda before: _judged(store, on, before),
        lambda kept: kept.on(on) is not None,
    )
    found = kept.on(on)
    assert found is not None
    return found


def found_if_kept(store: Store, on: date) -> FoundOnDay | None:
    """Return all findings of a day where they are known already."""
    kept = _kept.now(store)
    return kept.on(on) if kept else None


def begin(store: Store, on: date) -> None:
    """Begin to judge everybody in the background."""
    _kept.begin(store, lambda before: _judged(store, on, before))


def asked_of(store: Store, on: date) -> JudgedBy:
    """Return what the stored programme and rules ask, for a day."""
    programme = stored_programme(store)
    return JudgedBy(on, times_of(appointment_rules(store)), programme.mentoring_kinds)


def times_of(rules: Iterable[Rule]) -> TimesAsked:
    """Return what rules of appointment ask of times, of those that are switched on."""
    uses = [rule.rule for rule in rules if rule.enabled]
    trials = [use.trial_period.months for use in uses if use.trial_period]
    rises = [use.level_by_level.months for use in uses if use.level_by_level]
    return TimesAsked(next(iter(trials), None), next(iter(rises), None))


def judged_people(model: Personnel, asked: JudgedBy, kinds: Iterable[QualityKind] = ()) -> Found:
    """Judge everybody of a model by themselves."""
    seen = SeenPeople(model, asked.on, asked.times)
    wanted = tuple(kinds) or BY_ABOUT["people"]
    return tuple(chain.from_iterable(kind.find(seen) for kind in wanted))


# --- everybody


def _judged(store: Store, on: date, before: KeptFindings | None) -> KeptFindings:
    made = _judged_on(store, on)
    others = [each for each in (before.days if before else ()) if each.asked.on != on]
    return KeptFindings((made, *others[: _DAYS - 1]))


def _judged_on(store: Store, on: date) -> FoundOnDay:
    model, asked = personnel(store), asked_of(store, on)
    return FoundOnDay(
        asked=asked,
        model=model,
        people=tuple(chain.from_iterable(_groups(model, asked))),
        pairs=_all_pairs(store, model, asked),
        circles=_circles(store, asked),
        posts=_posts(store, model, asked, None),
        names=_sorted_names(store, None, on),
    )


def _groups(model: JoinedPersonnel, asked: JudgedBy) -> Iterator[tuple[Found, ...]]:
    """Judge the parts of a model, some at once, and cut what is found into theirs."""
    for at in range(0, len(model.parts), TOGETHER):
        parts = model.parts[at : at + TOGETHER]
        some = JoinedPersonnel(parts, model.terms, model.last_dated)
        cut: list[list[QualityFinding]] = [[] for _ in parts]
        for each in judged_people(some, asked):
            cut[_part_at(some, each.people[0])].append(each)
        yield tuple(map(tuple, cut))


def _part_at(model: JoinedPersonnel, person: str) -> int:
    return max(bisect_right(model.first_ids, person) - 1, 0)


def _by_row(found: Iterable[QualityFinding]) -> dict[str, Found]:
    kept: dict[str, Found] = {}
    for each in found:
        kept[each.row or ""] = (*kept.get(each.row or "", ()), each)
    return kept


def _circles(store: Store, asked: JudgedBy) -> Found:
    seen = SeenTies(read_ties(store), day_number(asked.on))
    return tuple(chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["circles"]))


def _posts(
    store: Store, model: JoinedPersonnel, asked: JudgedBy, posts: Iterable[str] | None
) -> dict[str, Found]:
    seen = seen_posts(store, model.parts, asked.on, None if posts is None else set(posts))
    found = chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["posts"])
    return {each.post or "": (each,) for each in found}


def _sorted_names(store: Store, ids: Sequence[str] | None, on: date) -> Found:
    seen = read_names(store, ids, on)
    found = chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["names"])
    return tuple(sorted(found, key=_by_id))


def _by_id(finding: QualityFinding) -> tuple[str, str]:
    return finding.kind, finding.subject


# --- following


def _followed(store: Store, kept: KeptFindings, touched: Touched) -> KeptFindings | None:
    """Return the findings as of a later version; None when everybody must be judged anew."""
    if touched.ids(PROGRAMME):
        return None
    model = personnel(store)
    mend: list[FoundOnDay] = []
    for each in kept.days:
        if each.model.terms != model.terms:
            return None
        mend.append(_mended(store, each, model, touched))
    return KeptFindings(tuple(mend))


def _mended(
    store: Store, found: FoundOnDay, model: JoinedPersonnel, touched: Touched
) -> FoundOnDay:
    old = {
        id(part.columns.since): at for at, part in enumerate(found.model.parts)
    }  # a part keeps its columns as long as nobody in it changed
    fresh = [part for part in model.parts if id(part.columns.since) not in old]
    people = tuple(
        found.people[old[id(part.columns.since)]]
        if id(part.columns.since) in old
        else judged_people(part, found.asked)
        for part in model.parts
    )
    changed = [id_ for part in fresh for id_ in part.columns.person_ids]
    mended = replace(found, model=model, people=people)
    pairs = _touched_pairs(store, mended, touched, changed)
    names = touched.ids("Person")
    return replace(
        mended,
        pairs=pairs,
        circles=_circles(store, found.asked) if _has_pairs(touched) else found.circles,
        posts=_touched_posts(store, mended, touched, fresh),
        names=_touched_names(store, found, names) if names else found.names,
    )


def _has_pairs(touched: Touched) -> bool:
    return bool(touched.ids("MENTORS") or touched.ids("MENTORS", end="Person"))


def _touched_pairs(
    store: Store, found: FoundOnDay, touched: Touched, changed: list[str]
) -> Mapping[str, Found]:
    """Judge anew the pairs of people who changed, and those that were written.

    A post or unit that is another one now says something of anybody: all are judged anew.
    """
    if touched.ids("Post") or touched.ids("Unit"):
        return _all_pairs(store, found.model, found.asked)
    people = {*changed, *touched.ids("MENTORS", end="Person")}
    rows = touched.ids("MENTORS")
    if not people and not rows:
        return found.pairs
    # Of a pair that changed hands or went only the id is told: it is judged with its people.
    kept = {
        row: each
        for row, each in found.pairs.items()
        if row not in rows and not people.intersection(each[0].people)
    }
    asked = sorted(people.union(_people_of(found.pairs, rows)))
    model = found.model.of(asked)
    read = read_pairs(store, asked)
    beside = sorted({*read.mentor, *read.trainee})
    seen = SeenPairs(
        found.model.of(beside) if beside else model, found.asked.on, read, found.asked.mentor_kinds
    )
    return kept | _by_row(chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["pairs"]))


def _all_pairs(store: Store, model: JoinedPersonnel, asked: JudgedBy) -> Mapping[str, Found]:
    seen = SeenPairs(model, asked.on, read_pairs(store, None), asked.mentor_kinds)
    return _by_row(chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["pairs"]))


def _people_of(pairs: Mapping[str, Found], rows: Iterable[str]) -> set[str]:
    return {person for row in rows for each in pairs.get(row, ()) for person in each.people}


def _touched_posts(
    store: Store, found: FoundOnDay, touched: Touched, fresh: Sequence[Personnel]
) -> Mapping[str, Found]:
    """Judge anew the posts that were written or whose holders changed, and those with a finding."""
    posts = {*touched.ids("Post"), *touched.ids("ROTATED_TO", end="Post")}
    for part in fresh:
        ids = part.columns.post_ids
        posts.update(ids[at] for at in set(part.columns.post.tolist()))
    if not posts:
        return found.posts
    return _posts(store, found.model, found.asked, posts.union(found.posts))


def _touched_names(store: Store, found: FoundOnDay, people: Iterable[str]) -> Found:
    """Judge anew the groups in which some people stand, or stood before."""
    before, touched = found.names, frozenset(people)
    gone = [each for each in before if not touched.isdisjoint(each.people)]
    asked = touched.union(person for each in gone for person in each.people)
    fresh = _sorted_names(store, sorted(asked), found.asked.on)
    told = {each.id for each in (*gone, *fresh)}
    return tuple(sorted((*(e for e in before if e.id not in told), *fresh), key=_by_id))


_kept = Followed(_followed)
