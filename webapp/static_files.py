"""The application's own static files under an address that changes with them, so that a browser
keeps them for good and asks for nothing twice.

The version stands in the path: what a script imports and a style sheet names by a relative address
is found beside it.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from flask import Flask, Response, current_app, g, send_from_directory

_MARK = "v-"
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
        return current_app.send_static_file(filename)
    if first != f"{_MARK}{_version()}":  # an older page asks: it gets the file of today
        return current_app.send_static_file(rest)
    answer = send_from_directory(_folder(), rest, max_age=_YEAR_SECONDS)
    answer.cache_control.immutable = True
    return answer


def _version() -> str:
    """Give a sign of all files as they are now; looked at once a request, so none is ever stale."""
    if "static_version" not in g:
        with os.scandir(_folder()) as files:
            seen = [(file.name, file.stat()) for file in files]
        signs = sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in seen)
        g.static_version = hashlib.sha256(repr(signs).encode()).hexdigest()[:12]
    found: str = g.static_version
    return found


def _folder() -> str:
    folder = current_app.static_folder
    assert folder is not None
    return folder
