"""People asked for in a form by name: the text of a box and the id that the completion chose."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from graph.store import Store
from webapp.shell import search
from webapp.shell.search import ShownHit

_SHOWN = 20


@dataclass(frozen=True)
class PersonBox:
    """What stands in one box: who is meant, or whom it may mean."""

    text: str
    id: str = ""
    hits: tuple[ShownHit, ...] = ()
    found: bool = True  # the hits hold the text; else they are the names most like it
    more: bool = False  # others hold it too


def read_box(store: Store, name: str) -> PersonBox:
    """Find who is meant by a box: by the id chosen, an id typed, or a name only one person has."""
    text = request.args.get(name, "").strip()
    chosen = request.args.get(f"{name}_id", "").strip()
    if not text:
        return PersonBox("")
    hits = [hit for hit in search.search(store, text, _SHOWN + 1) if hit.kind == "person"]
    if chosen and any(hit.id == chosen for hit in hits if text in (hit.name, hit.id)):
        return PersonBox(text, chosen)
    for exact in ([h for h in hits if text == h.id], [h for h in hits if text == h.name], hits):
        if len(exact) == 1:
            return PersonBox(text, exact[0].id)
    shown = tuple(hits[:_SHOWN] or search.nearest(store, text))
    return PersonBox(text, "", shown, bool(hits), len(hits) > _SHOWN)
