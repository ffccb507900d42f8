"""Posts that more people hold than there are places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from graph.errors import N_
from graph.store import Reader
from queries.personnel.days import UNKNOWN, Ints, day_number, day_of_number, first_of_each
from queries.personnel.model import Personnel
from queries.quality.finding import QualityFinding, Where, Who

_CAPACITY = """
MATCH (post:Post)
WHERE post.capacity IS NOT NULL AND ($posts IS NULL OR post.id IN $posts)
RETURN post.id AS post, post.capacity AS capacity
ORDER BY post
"""
NAMED = 12  # holders that a sentence names


class SeenPosts(NamedTuple):
    """Who held some posts, and when: columns of periods, with whose they are."""

    number: int
    capacity: dict[int, int]  # by position of the post
    post: Ints
    since: Ints
    until: Ints
    person: Sequence[str]
    row: Sequence[str]
    post_ids: Sequence[str]


def seen_posts(
    store: Reader, parts: Sequence[Personnel], on: date, posts: Collection[str] | None
) -> SeenPosts:
    """Look at the holders of posts that have a capacity: of all of them or of some."""
    asked = None if posts is None else sorted(posts)
    rows = store.read(_CAPACITY, posts=asked) if asked is None or asked else []
    places = parts[0].columns.places
    capacity = {
        places.post_at[row["post"]]: row["capacity"]
        for row in rows
        if row["post"] in places.post_at
    }
    wanted = np.zeros(len(places.post_ids) + 1, dtype=bool)
    wanted[list(capacity)] = True
    found: list[tuple[Ints, Ints, Ints, list[str], list[str]]] = []
    number = day_number(on)
    for part in parts if capacity else ():
        columns, periods = part.columns, part.periods
        of = periods.posting
        counts = wanted[columns.post[of]] & part.home[of] & ~columns.acting[of]
        counts &= (periods.since <= number) & (columns.since[of] != UNKNOWN)
        at = np.flatnonzero(counts)
        if len(at):
            person = periods.person[at].tolist()
            posting = of[at].tolist()
            found.append(
                (
                    columns.post[of[at]],
                    periods.since[at],
                    periods.until[at],
                    [columns.person_ids[each] for each in person],
                    [columns.ids[each] for each in posting],
                )
            )
    post, since, until = (
        np.concatenate([each[at] for each in found]) if found else np.zeros(0, dtype=np.int64)
        for at in range(3)
    )
    person, row = ([text for each in found for text in each[at]] for at in (3, 4))
    return SeenPosts(number, capacity, post, since, until, person, row, places.post_ids)


def over_capacity(seen: SeenPosts) -> Iterator[QualityFinding]:
    """Find posts that more people held at once than there are places, the worst day of each."""
    order = np.lexsort((seen.since, seen.post))
    post = seen.post[order]
    for low, high in _runs(post):
        most = seen.capacity[int(post[low])]
        mine = order[low:high]
        if high - low <= most:
            continue
        since, until = seen.since[mine], seen.until[mine]
        # Holders on the day on which each of them began: nobody is more than on such a day.
        held = np.arange(1, len(mine) + 1) - np.searchsorted(np.sort(until), since, side="right")
        worst = int(held.argmax())
        if held[worst] <= most:
            continue
        day = int(since[worst])
        there = mine[(since <= day) & (day < until)].tolist()
        people = tuple(dict.fromkeys(seen.person[each] for each in there))
        if len(people) <= most:  # one person twice is an overlap of that person
            continue
        id_ = seen.post_ids[int(post[low])]
        text = day_of_number(day).isoformat()
        yield QualityFinding(
            "over_capacity",
            id_,
            people,
            "rotations",
            seen.row[int(mine[worst])],
            N_("%(n)s people hold %(post)s from %(day)s, which has %(places)s places: %(people)s."),
            {
                "n": len(people),
                "post": Where(id_),
                "day": text,
                "places": most,
                "people": tuple(map(Who, people[:NAMED])),
            },
            (most, text, *sorted(seen.row[each] for each in there)),
            id_,
        )


def _runs(values: Ints) -> Iterator[tuple[int, int]]:
    """Yield where each run of equal values begins and ends."""
    starts = first_of_each(values).tolist()
    yield from zip(starts, [*starts[1:], len(values)][: len(starts)], strict=True)
