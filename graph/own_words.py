"""A programme's own words for whom it looks after and who guides, in texts that all share.

A text of the interface says `{trainee}`, `{trainees}`, `{mentor}` or `{mentors}`, with a capital
where its sentence begins with it; what stands there is the title that the programme's `roles` give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARK = re.compile(r"(?:\b(?P<article>[Aa]) )?\{(?P<word>[Tt]rainees?|[Mm]entors?)\}")
ENGLISH = {word: word for word in ("trainee", "trainees", "mentor", "mentors")}


def in_words(text: str, words: Mapping[str, str] = ENGLISH) -> str:
    """Put words for the marks of a text; in English the article agrees with them.

    >>> in_words("A {trainee} has two {mentors}."), in_words("Nobody {else}.")
    ('A trainee has two mentors.', 'Nobody {else}.')
    >>> in_words("{Trainees} without a {mentor}", {"trainees": "interns", "mentor": "adviser"})
    'Interns without an adviser'
    """
    return _MARK.sub(lambda mark: _said(mark, words), text) if "{" in text else text


def english_plural(noun: str) -> str:
    """Return the plural of an English noun by the common rules, where none is given.

    >>> [english_plural(noun) for noun in ("doctoral student", "deputy", "boss")]
    ['doctoral students', 'deputies', 'bosses']
    """
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"


def _said(mark: re.Match[str], words: Mapping[str, str]) -> str:
    word = words[mark["word"].lower()]
    if mark["word"][0].isupper():
        word = word[:1].upper() + word[1:]
    article = mark["article"]
    if not article:
        return word
    return f"{article}n {word}" if word[:1].lower() in "aeiou" else f"{article} {word}"
