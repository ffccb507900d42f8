"""Sentences that a question answers with, kept as templates so that the page can translate them.

A `Term` among the values is a key of one of the programme's lists (a rank, a kind); whoever shows
the sentence gives its title. Nothing here knows a language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graph.own_words import in_words

# What English texts count, and how one of it is called.
_ONE = {
    **{f"{noun}s": noun for noun in (
        "attendance", "ban", "change", "day", "error", "file", "generation", "grade", "load",
        "measure", "mentor", "mentoring", "meeting", "month", "move", "other", "period", "pin",
        "place", "plan", "point", "post", "posting", "problem", "question", "record", "report",
        "review", "rotation", "row", "second", "sheet", "stay", "step", "talk", "thing", "tie",
        "time", "trainee", "training", "unit", "violation", "warning", "way", "year", "character",
        "rule",
    )},
    **{"{mentors}": "{mentor}", "{trainees}": "{trainee}"},
    **{"activities": "activity", "entries": "entry", "people": "person"},
    **{"are": "is", "have": "has", "were": "was"},
}  # fmt: skip
_VERB_OF_ONE = {"hold": "holds", "change": "changes"}
_COUNTED = re.compile(
    r"%\((?P<of>\w+)\)s(?P<of_all> of %\(\w+\)s)?(?: (?:more|new|other|different|planned))*"
    r" (?P<what>[a-z]+|\{[a-z]+\})(?: (?P<verb>are|have|were|hold|change)\b)?"
)


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
        words: Callable[[str], str] = in_words,
    ) -> str:
        """Return the sentence; `translate` turns the template, `title` names a term.

        `words` puts the words of the roles, once what is counted has its number.

        >>> say("%(name)s rose to %(rank)s.", name="Li", rank=Term("ranks", "副科")).text()
        'Li rose to 副科.'
        """
        said = {}
        for name, value in self.values.items():
            if isinstance(value, Term):
                said[name] = title(value.terms, value.key)
            elif isinstance(value, Sentence):
                said[name] = value.text(translate, title, words)
            elif isinstance(value, tuple):
                said[name] = translate(", ").join(
                    title(each.terms, each.key) if isinstance(each, Term) else str(each)
                    for each in value
                )
            else:
                said[name] = str(value)
        template = words(agreed(translate(self.template), said))
        return template % said if said else template

    def __str__(self) -> str:
        return self.text()


# How whoever shows a sentence says it: `str` in English with the keys of terms.
SentenceText = Callable[[Sentence], str]


def agreed(template: str, values: Mapping[str, object]) -> str:
    """Return an English template in which what is counted as 1 is one.

    gettext can only choose by one number; here every number of a sentence has its own noun.

    >>> agreed("%(moves)s moves of %(people)s people", {"moves": 2, "people": 1})
    '%(moves)s moves of %(people)s person'
    >>> agreed("%(n)s of %(all)s files are complete", {"n": 1, "all": 46})
    '%(n)s of %(all)s files is complete'
    >>> agreed("%(moved)s people change, cost %(cost)s", {"moved": 1, "cost": 174})
    '%(moved)s person changes, cost %(cost)s'
    """
    ones = frozenset(name for name, value in values.items() if str(value) == "1")
    return _agreed(template, ones) if ones else template


@lru_cache(maxsize=1 << 12)
def _agreed(template: str, ones: frozenset[str]) -> str:
    def turned(match: re.Match[str]) -> str:
        text = match[0]
        what, verb = match["what"], match["verb"]
        counted = re.findall(r"%\((\w+)\)s", text)[-1]
        if counted in ones and not match["of_all"]:
            text = text.replace(f" {what}", f" {_ONE.get(what, what)}", 1)
        elif match["of_all"] and match["of"] in ones and what in ("are", "have", "were"):
            text = text[: -len(what)] + _ONE[what]
        if verb and match["of"] in ones:
            text = text[: -len(verb)] + _VERB_OF_ONE.get(verb, _ONE.get(verb, verb))
        return text

    return _COUNTED.sub(turned, template)


def say(template: str, **values: object) -> Sentence:
    """Make a sentence; mark the template with `N_` so that the translators find it."""
    return Sentence(template, values)


def sentence_as_json(sentence: Sentence) -> dict[str, Any]:
    """Return a sentence as JSON that keeps its template and its values apart.

    >>> sentence_as_json(say("%(n)s at %(ranks)s", n=2, ranks=(Term("ranks", "副科"),)))["values"]
    {'n': 2, 'ranks': [{'terms': 'ranks', 'key': '副科'}]}
    """
    values = {name: _value_as_json(value) for name, value in sentence.values.items()}
    return {"template": sentence.template, "values": values}


def sentence_from(value: Mapping[str, Any]) -> Sentence:
    """Read a sentence from the JSON that `sentence_as_json` gave."""
    values = {name: _value_from(each) for name, each in value["values"].items()}
    return Sentence(value["template"], values)


def _value_as_json(value: object) -> Any:
    if isinstance(value, Sentence):
        return sentence_as_json(value)
    if isinstance(value, Term):
        return {"terms": value.terms, "key": value.key}
    if isinstance(value, tuple):
        return [_value_as_json(each) for each in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _value_from(value: Any) -> object:
    if isinstance(value, list):
        return tuple(_value_from(each) for each in value)
    if isinstance(value, dict):
        return sentence_from(value) if "template" in value else Term(value["terms"], value["key"])
    return value
