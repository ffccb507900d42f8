"""Posts with room on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.programme.facts import Facts


@dataclass(frozen=True)
class Vacancy:
    """A post: how many places, how many are held."""

    post: str
    capacity: int
    held: int


@dataclass(frozen=True)
class OpenPlaces:
    """How many posts nobody holds, how many are held and not full, and the places of both."""

    nobody: int
    not_full: int
    places: int


def room(found: Sequence[Vacancy]) -> OpenPlaces:
    """Count posts with room, those that nobody holds apart from those that are not full."""
    nobody = sum(not each.held for each in found)
    places = sum(each.capacity - each.held for each in found)
    return OpenPlaces(nobody, len(found) - nobody, places)


def vacancies(facts: Facts) -> list[Vacancy]:
    """List posts with room, highest rank first; a post without a capacity has one place.

    Who is acting fills no place. Facts of a unit are about the posts of that unit and below.
    """
    return facts.once(_vacancies)


def places(facts: Facts) -> list[Vacancy]:
    """List the posts with their places and how many are held, in the order of the facts."""
    return facts.once(_places)


def _places(facts: Facts) -> list[Vacancy]:
    held: dict[str, set[str]] = {}
    for person in facts.postings:
        for posting in facts.current(person):
            if not posting.acting:
                held.setdefault(posting.post, set()).add(person)
    return [
        Vacancy(post.id, 1 if post.capacity is None else post.capacity, len(held.get(post.id, ())))
        for post in facts.posts.values()
        if facts.has_post(post.id)
    ]


def _vacancies(facts: Facts) -> list[Vacancy]:
    rank = facts.programme.rank_index
    return sorted(
        (each for each in places(facts) if each.held < each.capacity),
        key=lambda each: (-(rank(facts.posts[each.post].rank) or 0), each.held > 0, each.post),
    )
