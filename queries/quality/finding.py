"""One thing found in the data, and a kind of such things.

A finding knows ids and days, no names: whoever lists it looks them up (`listed.py`), so that a
changed name judges nobody anew. What it is called stays (`id`), and what it stands on is in
`facts`: an acceptance holds as long as both are as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

QualityLevel = Literal["red", "yellow", "blue"]
QUALITY_LEVELS: tuple[QualityLevel, ...] = ("red", "yellow", "blue")
About = Literal["people", "pairs", "circles", "posts", "names", "loads"]


class Who(NamedTuple):
    """A person in a sentence, by id."""

    id: str


class Where(NamedTuple):
    """A post in a sentence, by id."""

    id: str


class Doubted(NamedTuple):
    """A sentence within a sentence."""

    template: str
    values: dict[str, object]


class FilePlace(NamedTuple):
    """Where in a file something stood that a load warned of."""

    load: str
    file: str | None
    sheet: str | None
    row: int | None


class QualityFinding(NamedTuple):
    """One doubt: its kind, whose it is, the row it stands on, and the sentence with its values."""

    kind: str
    subject: str  # with the kind it names the finding
    people: tuple[str, ...]  # whose fact it is first; none where it is about a post
    table: str | None
    row: str | None  # id of the stored row where one would mend it
    template: str
    values: dict[str, object]
    facts: tuple[object, ...]  # plain values; an acceptance lapses when they change
    post: str | None = None
    place: FilePlace | None = None  # of a warning that a load gave

    @property
    def id(self) -> str:
        """Return its name, the same as long as it is about the same thing."""
        return f"{self.kind}:{self.subject}"

    @property
    def mark(self) -> str:
        """Return a short text that differs when the facts do on which it stands.

        >>> one = QualityFinding("fall", "r1", ("a",), "rotations", "r1", "", {}, ("副科", "科员"))
        >>> one.mark == one._replace(facts=("正科", "科员")).mark
        False
        """
        return hashlib.blake2b(repr(self.facts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class QualityKind:
    """One kind of finding: its name, what it is judged on, and its words."""

    name: str
    level: QualityLevel
    about: About
    find: Callable[[Any], Iterator[QualityFinding]]
    title: str
    meaning: str
    todo: str
    asks: bool = False  # whoever enters such a fact confirms it with a reason
