"""Places that were computed before, kept in memory and as files beside the store.

A layout is a pure function of what is drawn, so that is its key: another version of the data draws
something else, or the same. The newest are held in memory, all others as small files, so that a
view opens the same way after a restart, without Graphviz being asked again.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import current_app

import layouts
from graph.errors import ReadOnlyStore
from graph.private import private_folder
from layouts import Box, Guide, Hints, Places, arrange

KEPT = 64  # in memory
FILES = 500  # in the folder
PRUNED_EVERY = 50  # writes

Pairs = Sequence[tuple[str, str]]


class KeptPlaces:
    """Places that were computed before; safe to share between threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._known: OrderedDict[str, Places] = OrderedDict()
        self._lock = threading.Lock()
        self._written = 0

    def arrange(self, layout: str, boxes: Sequence[Box], ties: Pairs, hints: Hints) -> Places:
        """Return the places of a layout, computed only where they are not known yet."""
        key = _key(layout, boxes, ties, hints)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = self._read(key)
        if found is None:
            found = arrange(layout, boxes, ties, hints)
            self._write(key, found)
        with self._lock:
            self._known[key] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def _read(self, key: str) -> Places | None:
        if self.folder is None:
            return None
        try:
            stored = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            return Places(
                {id_: (x, y) for id_, (x, y) in stored["at"].items()},
                tuple(Guide(**guide) for guide in stored["guides"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or not written whole: it is computed again

    def _write(self, key: str, places: Places) -> None:
        if self.folder is None:
            return
        text = json.dumps(
            {"at": dict(places.at), "guides": [asdict(guide) for guide in places.guides]}
        )
        with suppress(
            OSError, ReadOnlyStore
        ):  # a full or read-only disk only makes the next start slower
            private_folder(self.folder)
            part = self.folder / f"{key}.{os.getpid()}.{threading.get_ident()}.part"
            part.write_text(text, encoding="utf-8")
            part.replace(self.folder / f"{key}.json")
            self._written += 1
            if self._written % PRUNED_EVERY == 1:
                files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
                for file in files[:-FILES]:
                    file.unlink(missing_ok=True)


def kept_places() -> KeptPlaces:
    """Return those of the application, in the folder of what belongs to its store."""
    known = current_app.extensions.get("places")
    if known is None:
        folder = Path(current_app.config["UPLOAD_FOLDER"]).parent / "layouts"
        known = current_app.extensions.setdefault("places", KeptPlaces(folder))
    return known


def _key(layout: str, boxes: Sequence[Box], ties: Pairs, hints: Hints) -> str:
    used: dict[str, Any] = {
        "radial": list(hints.roots),
        "time": [hints.unknown, sorted(hints.years.items())],
        "units": sorted(hints.groups.items()),
    }
    what = [layout, [[b.id, b.width, b.height] for b in boxes], list(ties), used.get(layout)]
    text = json.dumps(what, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(_code() + text).hexdigest()[:40]


def _code() -> bytes:
    """Return a sign of how layouts are computed: what an older program kept is not taken."""
    global _sign
    if not _sign:
        files = sorted(Path(layouts.__file__).parent.glob("*.py"))
        _sign = hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
    return _sign


_sign = b""
