"""Places dealt out in turn, so that nobody's many take them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def in_turn(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the first of each list, then the second of each, and so on.

    >>> list(in_turn(["abc", "", "de"]))
    ['a', 'd', 'b', 'e', 'c']
    """
    waiting = [iter(each) for each in lists]
    while waiting:
        still = []
        for each in waiting:
            for item in each:
                yield item
                still.append(each)
                break
        waiting = still
