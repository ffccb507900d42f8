"""Scenes that were gathered before: another colour, layout or place asks the graph nothing anew."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace
from datetime import date
from weakref import WeakKeyDictionary

from graph.store import Store
from webapp.network.scene import Scene, look
from webapp.network.view import View

KEPT = 8  # scenes of each store; one of 1,000 people takes some megabytes

_scenes: WeakKeyDictionary[Store, OrderedDict[Hashable, Scene]] = WeakKeyDictionary()
_lock = threading.Lock()


def scene_of(store: Store, view: View, usual: date) -> Scene:
    """Return the scene of a view, gathered anew where the data or the question changed."""
    asked = view.changed(
        layout=View.layout,
        colour="stage" if view.colour == "stage" else View.colour,  # stages are read for it alone
        pin=(),
        off=(),
        selected="",
    )
    key = (store.version(), usual, asked)
    with _lock:
        known = _scenes.setdefault(store, OrderedDict())
        found = known.get(key)
        if found is not None:
            known.move_to_end(key)
    if found is None:
        found = look(store, asked, usual)
        with _lock:
            known[key] = found
            while len(known) > KEPT:
                known.popitem(last=False)
    return replace(found, view=view)
