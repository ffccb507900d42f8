"""The layouts by name, and where what they gave is kept.

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
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from graph.errors import ReadOnlyStore
from graph.private import private_folder
from webapp.network import arrangements, boxes, generations, graphviz
from webapp.network.boxes import Box, Guide, Places

KEPT = 64  # in memory
FILES = 500  # in the folder
PRUNED_EVERY = 50  # writes

Ties = Sequence[tuple[str, str]]  # from what stands above to what stands below


@dataclass(frozen=True)
class Facts:
    """What a layout may know beside boxes and ties."""

    roots: tuple[str, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # key and title
    unknown: str = "?"  # title of what has no year


def arrange(
    layout: str, given: Sequence[Box], ties: Iterable[tuple[str, str]], facts: Facts
) -> Places:
    """Compute the places of a layout."""
    if layout == "radial":
        return arrangements.radial(given, ties, facts.roots)
    if layout == "force":
        return arrangements.forces(given, ties)
    if layout == "time":
        return arrangements.years(given, ties, facts.years, facts.unknown)
    if layout == "units":
        return arrangements.groups(given, facts.groups)
    return Places(generations.generations(given, ties))


class Layouts:
    """Layouts that were computed before; safe to share between threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._known: OrderedDict[str, Places] = OrderedDict()
        self._lock = threading.Lock()
        self._written = 0

    def arrange(self, layout: str, given: Sequence[Box], ties: Ties, facts: Facts) -> Places:
        """Return the places of a layout, computed only where they are not known yet."""
        key = _key(layout, given, ties, facts)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = self._read(key)
        if found is None:
            found = arrange(layout, given, ties, facts)
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


def _key(layout: str, given: Sequence[Box], ties: Ties, facts: Facts) -> str:
    used: dict[str, Any] = {
        "radial": list(facts.roots),
        "time": [facts.unknown, sorted(facts.years.items())],
        "units": sorted(facts.groups.items()),
    }
    what = [layout, [[b.id, b.width, b.height] for b in given], list(ties), used.get(layout)]
    text = json.dumps(what, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.sha256(_code() + text).hexdigest()[:40]


def _code() -> bytes:
    """Return a sign of how layouts are computed: what an older program kept is not taken."""
    global _sign
    if not _sign:
        files = (arrangements.__file__, boxes.__file__, generations.__file__, graphviz.__file__)
        _sign = hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).digest()
    return _sign


_sign = b""
