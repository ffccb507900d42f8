"""The application's own static files, and those of JavaScript packages, under an address that
changes with them, so that a browser keeps them for good and asks for nothing twice.

The version stands in the path: what a script imports and a style sheet names by a relative address
is found beside it: packages too, below `vendor/`, served from where `npm ci` put them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Flask, Response, abort, current_app, g, send_from_directory

# Only these files of node_modules can be asked for.
VENDOR_FILES = frozenset(
    {
        "echarts/dist/echarts.esm.min.mjs",
        "tabulator-tables/dist/js/tabulator_esm.min.mjs",
        "tabulator-tables/dist/css/tabulator.min.css",
        "vis-network/standalone/esm/vis-network.min.mjs",
        "vis-network/styles/vis-network.min.css",
        "vis-timeline/standalone/esm/vis-timeline-graph2d.min.mjs",
        "vis-timeline/styles/vis-timeline-graph2d.min.css",
    }
)

_MARK = "v-"
_VENDOR = "vendor/"
# Told here: what a system says of an ending differs, and browsers run no module of another type.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}
_YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Put the version into every address of a static file, and serve it."""
    app.url_defaults(_with_version)
    app.view_functions["static"] = _serve


def _with_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        values["filename"] = f"{_MARK}{_version()}/{values['filename']}"


def _serve(filename: str) -> Response:
    first, _, rest = filename.partition("/")
    if not first.startswith(_MARK):
        return _sent(filename)
    if first != f"{_MARK}{_version()}":  # an older page asks: it gets the file of today
        return _sent(rest)
    answer = _sent(rest, max_age=_YEAR_SECONDS)
    answer.cache_control.immutable = True
    return answer


def _sent(name: str, max_age: int | None = None) -> Response:
    folder: str = _folder()
    if name.startswith(_VENDOR):
        name = name.removeprefix(_VENDOR)
        folder = current_app.config["VENDOR_FOLDER"]
        if name not in VENDOR_FILES:
            abort(404)
    type_ = _TYPES.get(PurePosixPath(name).suffix)
    return send_from_directory(folder, name, mimetype=type_, max_age=max_age)


def _version() -> str:
    """Return a sign of all files as they are now; looked at once a request, so none is stale."""
    if "static_version" not in g:
        with os.scandir(_folder()) as files:
            seen = [(file.name, file.stat()) for file in files]
        packages = Path(current_app.config["VENDOR_FOLDER"])
        there = [name for name in VENDOR_FILES if (packages / name).is_file()]
        seen += [(name, (packages / name).stat()) for name in there]
        signs = sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in seen)
        g.static_version = hashlib.sha256(repr(signs).encode()).hexdigest()[:12]
    found: str = g.static_version
    return found


def _folder() -> str:
    folder = current_app.static_folder
    assert folder is not None
    return folder
