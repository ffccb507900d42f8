"""Keys of a description that no list of the programme has, or that one list has twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graph.declared import Description, names_in, word
from graph.errors import Problem
from graph.terms import Value, ambiguous

if TYPE_CHECKING:
    from graph.programme import Programme


def bad_names(read: Description[Any], programme: Programme) -> Iterator[Problem]:
    """Find keys that no list of the programme has, and keys that one list has twice."""
    for loc, what, key in names_in(read.value):
        if not programme.allows(what, key):
            nearest = programme.nearest(what, key)
            hint = (
                word("nearest", read.language, nearest=nearest.key)
                if nearest
                else word(
                    "known",
                    read.language,
                    known=", ".join(term.key for term in programme.terms(what)),
                )
            )
            yield read.problem("unknown_name", loc, key, list=what, hint=hint)
    for field in type(read.value).model_fields:
        seen: set[str] = set()
        items = getattr(read.value, field)
        for number, item in enumerate(items if isinstance(items, tuple) else ()):
            key = str(getattr(item, "key", None) or getattr(item, "id", number))
            if key in seen:
                yield read.problem("twice", (field, number), key, list=field)
            seen.add(key)
    if read.value is programme:
        for name in type(programme).model_fields:
            terms = getattr(programme, name)
            if isinstance(terms, tuple) and all(isinstance(term, Value) for term in terms):
                for text, key in ambiguous(programme.values(name)).items():
                    yield read.problem("two_meanings", (name,), text, key=key)
