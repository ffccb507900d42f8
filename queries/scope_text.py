"""How a scope is written and read; `scope.py` tells who is in it, which few commands need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph.errors import N_, UsageError

ScopeKind = Literal["unit", "cohort", "mentor"]
KINDS: tuple[ScopeKind, ...] = ("unit", "cohort", "mentor")


@dataclass(frozen=True)
class Scope:
    """A part of the people: of which kind, and which one by id or year."""

    kind: ScopeKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def read_scope(text: str) -> Scope:
    """Read a scope as an address or a command writes it; UsageError when it is none.

    >>> str(read_scope(" cohort: 2019"))
    'cohort:2019'
    """
    word, _sign, key = (part.strip() for part in text.partition(":"))
    kind = next((each for each in KINDS if each == word), None)
    if kind is None or not key:
        raise UsageError(
            N_('"%(value)s" is no scope.'),
            N_("Write it like in=unit:U08 or in=cohort:2019; leave in out for everybody."),
            value=text.strip(),
        )
    if kind == "cohort" and not (key.isascii() and key.isdigit() and len(key) == 4 and int(key)):
        raise UsageError(
            N_('The scope names the cohort "%(value)s", which is no year.'),
            N_("Write it like in=cohort:2019."),
            value=key,
        )
    return Scope(kind, key)
