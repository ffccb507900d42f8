"""The words for the keys of one list of a programme: titles in two languages, and synonyms.

Data may hold any of them; what is stored is always the key. This is the one place that tells
which key a word means, for files, forms, the JSON interface and the command line alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import ne

from graph.declared import Frozen, nearest

_NO_MATTER = re.compile(r"[\s_\-]+")


class Title(Frozen):
    """A text in the two languages of the interface."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return the text in a language: `en`, or Chinese for any other."""
        return self.en if language.startswith("en") else self.zh


class TitledTerm(Title):
    """A key of the programme, with its title."""

    key: str


class Value(TitledTerm):
    """A key that data may hold, with its title and the other words that are read as it."""

    also: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Return every word for it, the key first."""
        return (self.key, self.zh, self.en, *self.also)


def plain(word: str) -> str:
    """Return a word as words are compared: without blanks, case and width.

    >>> plain("基 层 锻炼"), plain("Key-post Exercise"), plain("key_post"), plain("乡镇（街道）级")
    ('基层锻炼', 'keypostexercise', 'keypost', '乡镇(街道)级')
    """
    text = _NO_MATTER.sub("", unicodedata.normalize("NFKC", word).casefold())
    return text or word


def key_of(terms: tuple[TitledTerm, ...], word: str) -> str | None:
    """Return the key that a word means: itself, a title or a synonym of it; None when none or two.

    >>> terms = (Value(key="talk", zh="谈心谈话", en="talk", also=("谈话",)),)
    >>> [key_of(terms, word) for word in ("谈心谈话", "谈 话", "TALK", "谈")]
    ['talk', 'talk', 'talk', None]
    """
    keys, by_word = _known(terms)
    return word if word in keys else by_word.get(plain(word))


def nearest_term(terms: tuple[TitledTerm, ...], word: str) -> TitledTerm | None:
    """Return the term one of whose words is most like a wrong one."""
    by_word = {plain(each): term for term in terms for each in _words(term) if each}
    wrong = plain(word)
    found = nearest(wrong, by_word) or next(
        (known for known in by_word if _differ_in_one_sign(known, wrong)), None
    )
    return by_word[found] if found else None


def ambiguous(terms: Iterable[TitledTerm]) -> dict[str, str]:
    """Return the synonyms that are also a word for another key, each with that key."""
    terms = tuple(terms)
    return {
        word: other.key
        for term in terms
        if isinstance(term, Value)
        for word in term.also
        for other in terms
        if other.key != term.key and plain(word) in map(plain, _words(other))
    }


def _differ_in_one_sign(one: str, other: str) -> bool:
    """Return whether one of at least two signs is wrong: too unlike for a short word as a whole."""
    return len(one) == len(other) > 1 and sum(map(ne, one, other)) == 1


def _words(term: TitledTerm) -> tuple[str, ...]:
    return term.words if isinstance(term, Value) else (term.key, term.zh, term.en)


@lru_cache(maxsize=256)
def _known(terms: tuple[TitledTerm, ...]) -> tuple[frozenset[str], dict[str, str | None]]:
    """Return the keys, and by plain word the key; keys come before titles, titles before others."""
    by_word: dict[str, str | None] = {}
    ranks: tuple[set[tuple[str, str]], ...] = (set(), set(), set())
    for term in terms:
        for at, word in enumerate(_words(term)):
            ranks[0 if at == 0 else 1 if at < 3 else 2].add((plain(word), term.key))
    for pairs in ranks:
        meant: dict[str, set[str]] = {}
        for word, key in pairs:
            if word and word not in by_word:
                meant.setdefault(word, set()).add(key)
        by_word |= {word: min(keys) if len(keys) == 1 else None for word, keys in meant.items()}
    return frozenset(term.key for term in terms), by_word
