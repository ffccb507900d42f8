"""Which step of colour a rank has, and which sign a kind of unit: one mapping for every picture."""

from __future__ import annotations

from graph.programme import Programme
from webapp.shell.language import language
from webapp.shell.words import programme

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


def unit_sign(kind: str | None) -> str:
    """Return the sign of a kind of unit; nothing where the kind is not known."""
    if not kind:
        return ""
    for term in programme().unit_kinds:
        if term.key == kind:
            return term.mark(language())
    return kind[:1]
