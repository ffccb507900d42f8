"""The application's one open store, opened when the first page or command asks for it."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from graph.private import UMASK, protect
from graph.settings import Settings
from graph.store import Store, open_store

if TYPE_CHECKING:
    from jobs.store import Jobs

_VAR = Path(__file__).resolve().parent.parent.parent / "var"


class LazyStore:
    """Open the store once, whichever thread asks first; close only what it opened itself."""

    def __init__(self, settings: Settings, store: Store | None) -> None:
        self.settings = settings
        self._store = store
        self._given = store is not None
        self._lock = threading.Lock()

    def get(self) -> Store:
        """Return the store; a store that could not be opened is tried again at the next call."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.settings)
                atexit.register(self.close)  # the embedded file is compacted and let go
                folder = files_folder(self.settings)
                former = [_VAR / kind for kind in ("uploads", "jobs", "layouts")]
                protect([folder, *folder.rglob("*"), *former])  # older versions let others in
                if told := loss_told(self._store):
                    click.echo(told, err=True)
            return self._store

    def close(self) -> None:
        """Close the store that was opened here; the next `get` opens it again."""
        with self._lock:
            if self._store is not None and not self._given:
                self._store.close()
                self._store = None
                atexit.unregister(self.close)


def init_app(app: Flask, settings: Settings, store: Store | None) -> None:
    """Give the application its settings and its store, which is not opened yet."""
    app.extensions["store"] = LazyStore(settings, store)
    app.before_request(_work_in_private)


def _work_in_private() -> None:
    """Let a process that serves pages make files for its owner only, the engine's own too."""
    os.umask(UMASK)


def files_folder(settings: Settings) -> Path:
    """Return the folder of what belongs to a store: uploads, jobs, layouts."""
    if settings.is_embedded:
        return Path(settings.embedded_path + ".files")
    key = f"{settings.store_url}\n{settings.neo4j_database}".encode()
    return _VAR / f"neo4j-{hashlib.sha256(key).hexdigest()[:12]}.files"


def loss_told(store: Store) -> str | None:
    """Return which acknowledged writes were missing when the store was opened, if any were."""
    lost = store.lost()
    if lost is None:
        return None
    text = _(
        "Acknowledged writes that are missing: %(writes)s. The log of the store was found cut on "
        "%(day)s; as it was found it is kept as %(logs)s beside the store.",
        writes=lost.writes,
        day=lost.day,
        logs=", ".join(lost.logs),
    )
    if not lost.note:
        return text
    step = _("Restore a backup, or delete %(note)s once you have seen to it.", note=lost.note)
    return f"{text} {step}"


def current_store() -> Store:
    """Return the store of the application that is serving this request or command."""
    return current_app.extensions["store"].get()


def current_settings() -> Settings:
    """Return the settings of the application that is serving this request or command."""
    return settings_of(current_app)


def settings_of(app: Flask) -> Settings:
    """Return the settings of an application."""
    settings: Settings = app.extensions["store"].settings
    return settings


def current_jobs() -> Jobs:
    """Return the jobs of the store in use; they lie beside its uploads."""
    from jobs.store import Jobs

    return Jobs(Path(current_app.config["UPLOAD_FOLDER"]).with_name("jobs"))


def close_store() -> None:
    """Close the store of the current application."""
    current_app.extensions["store"].close()
