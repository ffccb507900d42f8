"""The stored programme, read once a request, and its words for the roles."""

from __future__ import annotations

from flask import g

from graph.errors import AppError
from graph.programme import EMPTY_PROGRAMME, Programme
from queries.stored_programme import stored_programme
from webapp.shell.store import current_store


def programme() -> Programme:
    """Return the stored programme, or an empty one when none is stored; read once a request."""
    if "programme" not in g:
        g.programme = stored_programme(current_store())
    found: Programme = g.programme
    return found


def role_words(language: str) -> dict[str, str]:
    """Return what the roles are called; the common words where no store answers."""
    try:
        return programme().role_words(language)
    except AppError:  # the text may be the one that tells of it
        return EMPTY_PROGRAMME.role_words(language)
