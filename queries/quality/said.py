"""How findings are said: their sentences, with the names of people and posts of now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from queries.personnel.model import Personnel
from queries.quality.finding import Doubted, Where, Who
from queries.sentences import Sentence


def part_of(model: Personnel, person: str) -> Personnel:
    """Return the part of a model where a person stands, where it has parts."""
    find: Callable[[str], Personnel] | None = getattr(model, "part_of", None)
    return find(person) if find else model


def sentence_of(model: Personnel, template: str, values: Mapping[str, object]) -> Sentence:
    """Return the sentence of a finding, with the names of people and posts."""
    return Sentence(template, {name: _said(model, value) for name, value in values.items()})


def _said(model: Personnel, value: object) -> object:
    if isinstance(value, Who):
        columns = part_of(model, value.id).columns
        at = columns.person_at.get(value.id)
        return columns.person_names[at] if at is not None else value.id
    if isinstance(value, Where):
        at = model.columns.post_at.get(value.id)
        return model.columns.post_text(at) if at is not None else value.id
    if isinstance(value, Doubted):
        return sentence_of(model, value.template, value.values)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_said(model, each) for each in value)
    return value
