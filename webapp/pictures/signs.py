"""Which step of colour a rank has, and which sign a kind of unit: one mapping for every picture."""

from __future__ import annotations

from collections.abc import Iterable

from graph.programme import Programme
from webapp.shell.language import language
from webapp.shell.words import programme, title

STEPS = 5  # ordered colours of ranks in `static/tokens.css`


def rank_step(rank: str | None) -> int:
    """Return the step of colour of a rank of the stored programme, from 1; 0 for none."""
    return step_of(programme(), rank)


def step_of(known: Programme, rank: str | None) -> int:
    """Return the step of a rank on a programme's ladder; a longer ladder is spread over the steps.

    >>> from graph.programme import parse_programme
    >>> ladder = parse_programme("{ranks: [{key: a, zh: a, en: a}, {key: b, zh: b, en: b}]}")
    >>> [step_of(ladder, rank) for rank in ("a", "b", "c", None)]
    [1, 2, 0, 0]
    """
    ladder = [term.key for term in known.ranks]
    if rank not in ladder:
        return 0
    at = ladder.index(rank)
    return at + 1 if len(ladder) <= STEPS else 1 + at * (STEPS - 1) // (len(ladder) - 1)


def signs_of(kinds: Iterable[str | None]) -> list[tuple[str, str]]:
    """Return the signs of some kinds of unit with what they stand for, in the programme's order."""
    used = set(kinds)
    listed = [each.key for each in programme().unit_kinds if each.key in used]
    return [(unit_sign(kind), title("unit_kinds", kind)) for kind in listed]


def ranks_of(ranks: Iterable[str | None]) -> list[tuple[str, int]]:
    """Return some ranks with the step of colour of each, the lowest first."""
    used = set(ranks)
    listed = [each.key for each in programme().ranks if each.key in used]
    return [(title("ranks", rank), rank_step(rank)) for rank in listed]


def unit_sign(kind: str | None) -> str:
    """Return the sign of a kind of unit; nothing where the kind is not known."""
    if not kind:
        return ""
    for term in programme().unit_kinds:
        if term.key == kind:
            return term.mark(language())
    return kind[:1]
