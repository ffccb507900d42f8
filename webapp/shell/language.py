"""Which language a page speaks: `?lang=`, then the cookie, then the setting LANGUAGE.

English texts in the code are the keys of `translations/zh_Hans`. Titles that are data (a query's,
a column's, a term of the programme) come in both languages and are chosen by `either`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, Domain, get_domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from graph.own_words import in_words
from graph.settings import Settings
from queries.sentences import agreed
from webapp.shell.stored import role_words

LANGUAGES = {"zh_Hans": "中文", "en": "EN"}
COOKIE = "lang"
_STOPS = "。！？；：，"
_AFTER_STOP = re.compile(rf"([{_STOPS}](?:</?\w[^<>]*>)*)\s+")
_YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings) -> None:
    """Let every request and command find its language, and keep the one a person chooses."""

    def choose() -> str:
        if has_request_context():
            for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
                if wanted in LANGUAGES:
                    return wanted
        return settings.language

    Babel(app, default_locale="en", locale_selector=choose).domain_instance = _Texts()
    app.jinja_env.globals.update(gettext=_in_template, ngettext=_many_in_template)
    app.after_request(_keep)
    app.jinja_env.globals.update(language=language, either=either, joined=joined)
    app.jinja_env.filters.update(closed_up=closed_up)


class _Texts(Domain):  # type: ignore[misc]
    """The texts of the interface; what an English one counts as 1 is one."""

    def gettext(self, string: str, **variables: Any) -> str:
        """Translate a text, put the programme's own words in, and the variables."""
        text = own_words(agreed(translated(string), variables))
        return text % variables if variables else text

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Translate a text of one or many things as `gettext` does."""
        text = own_words(self.get_translations().ungettext(singular, plural, num))
        return text % {"num": num, **variables}


@pass_context
def _in_template(context: Context, string: str, **variables: Any) -> str:
    """Translate in a template, where variables are escaped as they are put in."""
    text = own_words(agreed(translated(string), variables))
    return (Markup(text) if context.eval_ctx.autoescape else text) % variables


@pass_context
def _many_in_template(
    context: Context, singular: str, plural: str, num: int, **variables: Any
) -> str:
    """Translate one or many in a template, where variables are escaped as they are put in."""
    text = own_words(get_domain().get_translations().ungettext(singular, plural, num))
    return (Markup(text) if context.eval_ctx.autoescape else text) % {"num": num, **variables}


def translated(string: str) -> str:
    """Return a text in the language of the page, the marks of own words still in it."""
    return str(get_domain().get_translations().ugettext(string))


def own_words(text: str) -> str:
    """Put the stored programme's own words for the marks of a text."""
    return in_words(text, role_words(language())) if "{" in text else text


def _keep(response: Response) -> Response:
    wanted = request.args.get("lang")
    if wanted in LANGUAGES and request.cookies.get(COOKIE) != wanted:
        response.set_cookie(COOKIE, wanted, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True)
    response.headers["Content-Language"] = "en" if language() == "en" else "zh-Hans"
    return response


def language() -> str:
    """Return the language in use: "zh_Hans" or "en"."""
    return "en" if str(get_locale()) == "en" else "zh_Hans"


def either(titles: Any) -> str:
    """Choose a text that data hold in both languages, as a map or as `zh` and `en` attributes.

    >>> import flask
    >>> from graph.settings import Settings
    >>> app = flask.Flask("doctest"); init_app(app, Settings(language="en"))
    >>> with app.app_context(): either({"zh_Hans": "人员", "en": "People"})
    'People'
    """
    english = language() == "en"
    if isinstance(titles, Mapping):
        text = titles.get(language()) or titles.get("zh" if not english else "en") or ""
    else:
        text = titles.en if english else titles.zh
    return own_words(text)


def joined(*sentences: str | None) -> str:
    """Put sentences one after another; after a Chinese full stop no blank is wanted.

    >>> joined("没有此人。", "请查找姓名。"), joined("Nobody.", None, "Search.")
    ('没有此人。请查找姓名。', 'Nobody. Search.')
    """
    text = ""
    for sentence in filter(None, sentences):
        text += sentence if not text or text[-1] in _STOPS else f" {sentence}"
    return text


def closed_up(html: str) -> Markup:
    """Take the blanks and line ends of a template away that stand after a Chinese full stop.

    >>> closed_up("现任主任。\\n  <a>现带</a>2 人；</b> 先后 5 人。 ")
    Markup('现任主任。<a>现带</a>2 人；</b>先后 5 人。')
    """
    return Markup(_AFTER_STOP.sub(r"\1", str(html)))  # joined, a Markup would escape the rest


def local(at: str) -> str:
    """Return a moment as the clock of this machine shows it."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
