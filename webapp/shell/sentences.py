"""Sentences and titles of the programme in the language of the page."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from queries.sentences import Sentence
from webapp.shell.frame import term
from webapp.shell.language import language

FACT_TITLES = {
    "joined_on": _l("the day of joining"),
    "born_on": _l("the day of birth"),
    "native_place": _l("the native place"),
    "education": _l("the education"),
    "rank": _l("a rank held so far"),
    "grade": _l("a grade held so far"),
    "hardship": _l("the hardship of the first post"),
    "kin": _l("the relatives"),
    "relation": _l("the relation of a relative"),
    "appraisal": _l("enough yearly reviews"),
}


def said(sentence: Sentence) -> str:
    """Return a sentence in the language of the page."""
    return sentence.text(_, title)


def title(terms: str, key: str | None) -> str:
    """Return the title of a term of the programme, of a fact, or of something with two titles."""
    if terms == "facts":
        return str(FACT_TITLES.get(key or "", key or ""))
    if terms == "titles":
        zh, _sign, en = (key or "").partition("\n")
        return en if language() == "en" else zh
    return term(terms, key)
