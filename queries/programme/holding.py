"""By which posts mentors guide on the day: pairs whose mentor is not in the post, posts vacant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from graph.errors import N_
from queries.personnel.days import UNKNOWN, day_of_number
from queries.personnel.mentor_posts import WORDS, MentorPosts, Reason
from queries.programme.facts import Facts, Pairing
from queries.sentences import Sentence, Term, say


@dataclass(frozen=True)
class NotInPost:
    """A pair whose mentor is not in the post by which they should guide, and why."""

    pairing: Pairing
    reason: Reason
    post: str | None  # the one that was left, is held elsewhere or acted in
    since: date | None

    @property
    def kind(self) -> str:
        """Return the kind of mentor."""
        return self.pairing.kind or ""


@dataclass(frozen=True)
class VacantPost:
    """A post of a kind of mentor that nobody holds, and who needs a mentor on its line of units."""

    post: str
    kind: str
    since: date | None  # none: nobody is known to have held it
    acting: tuple[str, ...]  # who acts in it
    trainees: tuple[str, ...]


def posts_of(facts: Facts) -> MentorPosts:
    """Return who holds which posts of mentors on the day."""
    return facts.once_of_all(_posts)


def _posts(facts: Facts) -> MentorPosts:
    return MentorPosts(facts.states.model, facts.states.number, facts.programme.mentoring_kinds)


def not_in_post(facts: Facts, pairing: Pairing) -> NotInPost | None:
    """Return why the mentor of a pair is not right on the day; None where they are."""
    posts, kind = posts_of(facts), pairing.kind or ""
    if kind not in posts.kinds:
        return None
    columns = posts.model.columns
    at = columns.person_at
    two = at.get(pairing.mentor, -1), at.get(pairing.trainee, -1)
    why = posts.not_right(*two, kind, pairing.since)
    if why is None:
        return None
    post = columns.post_ids[why.post] if why.post >= 0 else None
    since = day_of_number(why.since) if why.since != UNKNOWN else None
    return NotInPost(pairing, why.reason, post, since)


def not_in_post_words(facts: Facts, found: NotInPost) -> Sentence:
    """Say why the mentor of a pair is not right."""
    return say(
        WORDS[found.reason],
        mentor=facts.name(found.pairing.mentor),
        trainee=facts.name(found.pairing.trainee),
        kind=Term("mentoring_kinds", found.kind),
        post=post_words(facts, found.post),
        day=found.since or "?",
    )


def vacant_words(facts: Facts, found: VacantPost) -> Sentence:
    """Say that a post of a mentor is vacant, since when, and who needs one there."""
    if found.acting:
        template = N_("%(post)s is vacant, %(acting)s only acts in it; needed for %(guided)s.")
    elif found.since is None:
        template = N_("%(post)s is vacant, nobody is known to have held it; needed for %(guided)s.")
    else:
        template = N_("%(post)s is vacant since %(day)s; needed for %(guided)s.")
    return say(
        template,
        post=post_words(facts, found.post),
        acting=tuple(map(facts.name, found.acting)),
        day=found.since,
        guided=tuple(map(facts.name, found.trainees)),
    )


def post_words(facts: Facts, post: str | None) -> str:
    """Return a post's unit and title."""
    found = facts.posts.get(post or "")
    if found is None:
        return "?"
    unit = facts.units.get(found.unit or "")
    return f"{unit.name} {found.name}" if unit else found.name


def near(facts: Facts, trainee: str, kind: str) -> dict[str, tuple[str, ...]]:
    """Return who holds a post of a kind on a trainee's line of units, with the posts."""
    posts = posts_of(facts)
    columns = posts.model.columns
    found: dict[str, tuple[str, ...]] = {}
    for each in posts.near(kind, columns.person_at.get(trainee, -1)):
        person = columns.person_ids[each.person]
        found[person] = (*found.get(person, ()), columns.post_ids[each.post])
    return found


def held_by(facts: Facts) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return by which kinds and posts people could guide on the day."""
    return facts.once_of_all(_held_by)


def _held_by(facts: Facts) -> dict[str, tuple[tuple[str, str], ...]]:
    posts = posts_of(facts)
    columns = posts.model.columns
    return {
        columns.person_ids[person]: tuple((kind, columns.post_ids[each.post]) for kind, each in had)
        for person, had in posts.of_person.items()
    }


def vacant_on_line(facts: Facts, trainee: str, kind: str) -> tuple[str, ...]:
    """Return the vacant posts of a kind on a trainee's line of units."""
    posts = posts_of(facts)
    if kind not in posts.kinds:
        return ()
    columns = posts.model.columns
    if not posts.kinds[kind].placed_by:
        return tuple(columns.post_ids[post] for post in _vacant(facts, kind))
    places = posts.places(kind, columns.person_at.get(trainee, -1))
    if len(places) == 1:
        return _vacant_near(facts, kind, places[0].unit)
    found = {post for place in places for post in _vacant_near(facts, kind, place.unit)}
    return tuple(sorted(found, key=columns.post_at.__getitem__))


def vacant_and_needed(
    facts: Facts, kind: str, trainees: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the vacant posts of a kind on the line of some trainees, each with those trainees."""
    posts = posts_of(facts)
    if kind not in posts.kinds:
        return
    if not posts.kinds[kind].placed_by:  # all of them are for everybody
        everybody = tuple(trainees)
        ids = posts.model.columns.post_ids
        yield from ((ids[post], everybody) for post in _vacant(facts, kind))
        return
    waiting: dict[str, list[str]] = defaultdict(list)
    for person in trainees:
        for post in vacant_on_line(facts, person, kind):
            waiting[post].append(person)
    yield from ((post, tuple(people)) for post, people in waiting.items())


def _vacant_near(facts: Facts, kind: str, unit: int) -> tuple[str, ...]:
    """Return the vacant posts of a kind whose unit is a unit, or above or below it."""
    known = facts.once_of_all(_vacant_by_unit)
    if (kind, unit) not in known.near:
        line = set(posts_of(facts).line(unit))
        found = {*known.below[kind].get(unit, ())}
        found.update(post for each in line for post in known.there[kind].get(each, ()))
        ids = posts_of(facts).model.columns.post_ids
        known.near[kind, unit] = tuple(ids[post] for post in sorted(found))
    return known.near[kind, unit]


class _VacantByUnit(NamedTuple):
    """The vacant posts of each kind: by their unit, and by each unit at or above theirs."""

    there: dict[str, dict[int, list[int]]]
    below: dict[str, dict[int, list[int]]]
    near: dict[tuple[str, int], tuple[str, ...]]  # on the line of a unit, once asked for


def _vacant_by_unit(facts: Facts) -> _VacantByUnit:
    posts = posts_of(facts)
    units = posts.model.columns.post_unit
    found = _VacantByUnit({}, {}, {})
    for kind in posts.kinds:
        there: dict[int, list[int]] = defaultdict(list)
        below: dict[int, list[int]] = defaultdict(list)
        for post in _vacant(facts, kind):
            unit = int(units[post])
            there[unit].append(post)
            for each in posts.line(unit):
                below[each].append(post)
        found.there[kind], found.below[kind] = there, below
    return found


def _vacant(facts: Facts, kind: str) -> list[int]:
    """Return the vacant posts of a kind; one without a place is none."""
    return facts.once_of_all(_all_vacant)[kind]


def _all_vacant(facts: Facts) -> dict[str, list[int]]:
    posts = posts_of(facts)
    ids = posts.model.columns.post_ids
    return {
        kind: [
            at for at in posts.vacant(kind) if ids[at] in facts.posts and _has_place(facts, ids[at])
        ]
        for kind in posts.kinds
    }


def _has_place(facts: Facts, post: str) -> bool:
    return facts.posts[post].capacity != 0


def vacant_post(facts: Facts, post: str, kind: str, trainees: tuple[str, ...]) -> VacantPost:
    """Return a vacant post with since when it is, and who acts in it."""
    posts = posts_of(facts)
    columns = posts.model.columns
    at = columns.post_at[post]
    last = posts.last_held(at)
    acting = posts.acting_in(kind, at)
    return VacantPost(
        post,
        kind,
        day_of_number(last) if last != UNKNOWN else None,
        tuple(columns.person_ids[person] for person in acting),
        trainees,
    )
