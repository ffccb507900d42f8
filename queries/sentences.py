"""Sentences that a question answers with, kept as templates so that the page can translate them.

A `Term` among the values is a key of one of the programme's lists (a rank, a kind); whoever shows
the sentence gives its title. Nothing here knows a language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Term:
    """A key of one list of the programme, as in `Term("ranks", "副科")`."""

    terms: str
    key: str | None

    def __str__(self) -> str:
        return self.key or "-"


def _as_it_is(text: str) -> str:
    return text


def _key(_: str, key: str | None) -> str:
    return key or "-"


@dataclass(frozen=True)
class Sentence:
    """A template with `%(name)s` for each value; the template is the English text."""

    template: str
    values: dict[str, object] = field(default_factory=dict)

    def text(
        self,
        translate: Callable[[str], str] = _as_it_is,
        title: Callable[[str, str | None], str] = _key,
    ) -> str:
        """Give the sentence; `translate` turns the template, `title` names a term.

        >>> say("%(name)s rose to %(rank)s.", name="Li", rank=Term("ranks", "副科")).text()
        'Li rose to 副科.'
        """
        said = {}
        for name, value in self.values.items():
            if isinstance(value, Term):
                said[name] = title(value.terms, value.key)
            elif isinstance(value, Sentence):
                said[name] = value.text(translate, title)
            elif isinstance(value, tuple):
                said[name] = translate(", ").join(
                    title(each.terms, each.key) if isinstance(each, Term) else str(each)
                    for each in value
                )
            else:
                said[name] = str(value)
        template = translate(self.template)
        return template % said if said else template

    def __str__(self) -> str:
        return self.text()


def say(template: str, **values: object) -> Sentence:
    """Make a sentence; mark the template with `N_` so that the translators find it."""
    return Sentence(template, values)
