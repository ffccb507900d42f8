"""Which colour and sign stand for a rank, a kind, a stage, a unit: one mapping for every page.

A colour is the name of a token of `static/tokens.css`, as `kind-3`; it never stands alone: a unit
has its own characters, a rank its place and its word. Nothing is coloured by how often it occurs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.programme import Programme
from queries.unit_tree import unit_tree
from webapp.shell.language import language
from webapp.shell.store import current_store
from webapp.shell.words import programme, title

STEPS = 5  # ordered colours of ranks
KIND_COLOURS = 8  # kinds with a colour of their own; more would no longer be told apart
STAGE_FILLS = 3
NO_KIND = "kind-0"
_RANKS = ("rank", "ranks", "ranks_and_grades")
_IN_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True)
class Sign:
    """A colour, and the characters that say the same without it."""

    colour: str
    text: str


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


def colour_of(terms: str, key: str | None) -> str:
    """Return the colour of a value of one of the programme's lists, by its place there."""
    if terms in _RANKS:
        return f"rank-{rank_step(key)}"
    listed = [term.key for term in programme().terms(terms)] if terms else []
    if key not in listed:
        return NO_KIND
    at = listed.index(key)
    return f"stage-{at % STAGE_FILLS}" if terms == "stages" else place_colour(at)


def place_colour(at: int) -> str:
    """Return the colour of a place in a list, from 0.

    >>> [place_colour(at) for at in (0, 7, 8)]
    ['kind-1', 'kind-8', 'kind-0']
    """
    return f"kind-{at + 1}" if at < KIND_COLOURS else NO_KIND


def year_colour(year: int | None) -> str:
    """Return the colour of a cohort or another figure that has no list: the same on every page.

    >>> [year_colour(year) for year in (2016, 2017, 2024, None)]
    ['kind-1', 'kind-2', 'kind-1', 'kind-0']
    """
    return NO_KIND if year is None else f"kind-{year % KIND_COLOURS + 1}"


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


def sign_of_unit(id_: str | None) -> Sign:
    """Return a unit's own sign: the colour of its kind, and two or three characters of its name."""
    unit = unit_tree(current_store()).units.get(id_ or "")
    if unit is None:
        return Sign(NO_KIND, "")
    words: tuple[str, ...] = ()
    for term in programme().unit_kinds:
        if term.key == unit.kind:
            words = (*term.words, term.mark("zh_Hans"))
    return Sign(colour_of("unit_kinds", unit.kind), own_characters(unit.name, words))


def distinct(signs: Sequence[Sign]) -> list[Sign]:
    """Return signs of one picture so that no two are alike: a figure follows the later ones.

    >>> [sign.text for sign in distinct([Sign("kind-1", "桃园"), Sign("kind-1", "桃园")])]
    ['桃园', '桃园2']
    """
    seen: Counter[Sign] = Counter()
    found = []
    for sign in signs:
        seen[sign] += 1
        found.append(sign if seen[sign] == 1 else Sign(sign.colour, f"{sign.text}{seen[sign]}"))
    return found


def own_characters(name: str, kind: tuple[str, ...]) -> str:
    """Return the characters that tell a unit from others of its kind, without the kind's words.

    >>> own_characters("桃园街道", ("街道", "街")), own_characters("区农业农村局", ("局",))
    ('桃园', '农村')
    >>> own_characters("内科", ("科室",)), own_characters("East River Clinic", ("clinic",))
    ('内科', 'ERC')
    """
    name = _IN_BRACKETS.sub("", name).strip() or name
    if name.isascii():
        words = re.findall(r"\w+", name)
        return "".join(word[0] for word in words)[:3].upper() if len(words) > 1 else name[:3]
    endings = sorted((word for word in kind if name.endswith(word)), key=len)
    stem = name[: -len(endings[-1])] if endings else name[:-1]
    return (stem if len(stem) > 1 else name)[-2:]
