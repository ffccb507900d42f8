"""What the completion, the search page and the small cards show of what was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from flask_babel import gettext as _

from graph.answers import FieldsOf
from graph.store import Store
from queries import search as searches
from queries.cards import role_of
from webapp.shell.frame import person_url, post_url, unit_url
from webapp.shell.sentences import title
from webapp.shell.words import as_of

_URLS = {"person": person_url, "unit": unit_url, "post": post_url}


@dataclass(frozen=True)
class ShownHit:
    """One thing found as it is shown: its sign, its name, a line that tells it, its page."""

    kind: str  # "person", "unit" or "post"
    sign: str  # class of its sign in the style sheet
    id: str
    name: str
    detail: str
    url: str

    def as_dict(self) -> HitRow:
        """Return it as plain values."""
        return asdict(self)


HitRow = Annotated[dict[str, Any], FieldsOf(ShownHit, "Hit")]


def search(store: Store, text: str, limit: int = 20) -> list[ShownHit]:
    """Find people first, then units, then posts; `limit` in all."""
    return [_shown(hit) for hit in searches.search(store, text, as_of(), limit)]


def nearest(store: Store, text: str) -> list[ShownHit]:
    """Return the few people whose names are most like a text that nobody has."""
    return [_shown(hit) for hit in searches.nearest(store, text, as_of())]


def card(store: Store, kind: str, id_: str) -> list[str]:
    """Return the lines of the small card of a person, unit or post; none for an unknown id."""
    hit = searches.small_card(store, kind, id_, as_of())
    if hit is None:
        return []
    return [hit.name, *_parts(hit), *([title(hit.term.terms, hit.term.key)] if hit.term else [])]


def _shown(hit: searches.Hit) -> ShownHit:
    sign = role_of(hit.roles) if hit.kind == "person" else hit.kind
    detail = " · ".join(filter(None, _parts(hit)))
    return ShownHit(hit.kind, sign, hit.id, hit.name, detail, _URLS[hit.kind](hit.id))


def _parts(hit: searches.Hit) -> list[str]:
    cohort = [_("cohort %(year)s", year=hit.cohort)] if hit.cohort else []
    return [*cohort, *hit.places]
