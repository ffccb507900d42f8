"""Generations of mentors: how far down everybody stands by the longest line, and one such line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Generations:
    """In which generation everybody in a pair stands, the first mentors first."""

    of: dict[str, int]
    counts: tuple[int, ...]
    longest: tuple[str, ...]  # one longest line, from the top


def generations(pairs: Iterable[tuple[str, str]]) -> Generations:
    """Return the generations of pairs of mentor and trainee.

    Ties back to somebody above, as in a circle, lead no further.

    >>> generations([("a", "b"), ("b", "c"), ("a", "c")])
    Generations(of={'a': 1, 'b': 2, 'c': 3}, counts=(1, 1, 1), longest=('a', 'b', 'c'))
    """
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = defaultdict(list)
    for mentor, trainee in sorted(set(pairs)):
        above.setdefault(trainee, []).append(mentor)
        above.setdefault(mentor, [])
        below[mentor].append(trainee)
    depth: dict[str, int] = {}
    through: dict[str, str | None] = {}
    waiting = {person: len(mentors) for person, mentors in above.items()}
    ready = [person for person, count in waiting.items() if not count]
    for person in ready:  # grows while it is walked
        _place(person, above, depth, through)
        for trainee in below.get(person, ()):
            waiting[trainee] -= 1
            if not waiting[trainee]:
                ready.append(trainee)
    for start in sorted(above.keys() - depth.keys()):  # in a circle, or below one
        _climb(start, above, depth, through)
    counts = [0] * max(depth.values(), default=0)
    for generation in depth.values():
        counts[generation - 1] += 1
    line, last = list[str](), max(sorted(depth), key=depth.__getitem__, default=None)
    while last is not None:
        line.insert(0, last)
        last = through[last]
    return Generations(depth, tuple(counts), tuple(line))


def _place(
    person: str,
    above: dict[str, list[str]],
    depth: dict[str, int],
    through: dict[str, str | None],
) -> None:
    """Put a person one generation below the lowest of the mentors that are placed."""
    known = (mentor for mentor in above[person] if mentor in depth)
    best = max(known, key=depth.__getitem__, default=None)
    depth[person] = depth[best] + 1 if best is not None else 1
    through[person] = best


def _climb(
    start: str,
    above: dict[str, list[str]],
    depth: dict[str, int],
    through: dict[str, str | None],
) -> None:
    """Find the generation of one person after those of everybody above."""
    stack, open_ = [(start, iter(above[start]))], {start}
    while stack:
        each, rest = stack[-1]
        higher = next((m for m in rest if m not in depth and m not in open_), None)
        if each not in depth and higher is not None:
            open_.add(higher)
            stack.append((higher, iter(above[higher])))
            continue
        stack.pop()
        if each not in depth:
            _place(each, above, depth, through)
