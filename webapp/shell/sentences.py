"""Sentences and titles of the programme in the language of the page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from queries.sentences import Sentence
from webapp.shell.frame import term
from webapp.shell.language import language, own_words, translated

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
    "appraisal": _l("a yearly review that is due"),
    "post_kind": _l("the kind of the post"),
    "post_rank": _l("the rank of a post"),
    "unit": _l("the unit of the post"),
    "unit_kind": _l("the kind of the unit"),
    "posting_begin": _l("the begin of a posting"),
    "posting_days": _l("begin or end of a posting"),
    "grades": _l("the begin of a grade"),
    "service": _l("begin or end of a leave or a time out of service"),
    "review_days": _l("the day of a review"),
    "relative_days": _l("the end of a relative's posting"),
}
# How far a fact is known, where that is less than to the day.
KNOWN_TO = {
    "year": _l("%(fact)s is known to the year only"),
    "month": _l("%(fact)s is known to the month only"),
    "none": _l("%(fact)s is not known"),
}


def said(sentence: Sentence) -> str:
    """Return a sentence in the language of the page."""
    return sentence.text(translated, title, own_words)


def title(terms: str, key: str | None) -> str:
    """Return the title of a term of the programme, of a fact, or of something with two titles."""
    if terms == "facts":
        return str(FACT_TITLES.get(key or "", key or ""))
    if terms == "rough_facts":
        fact, _slash, known_to = (key or "").partition("/")
        return str(KNOWN_TO[known_to]) % {"fact": title("facts", fact)}
    if terms == "titles":
        zh, _sign, en = (key or "").partition("\n")
        return en if language() == "en" else zh
    return term(terms, key)
