"""The application's one open store, opened when the first page or command asks for it."""

from __future__ import annotations

import atexit
import threading

from flask import Flask, current_app

from graph.settings import Settings
from graph.store import Store, open_store


class LazyStore:
    """Open the store once, whichever thread asks first; close only what it opened itself."""

    def __init__(self, settings: Settings, store: Store | None) -> None:
        self.settings = settings
        self._store = store
        self._given = store is not None
        self._lock = threading.Lock()

    def get(self) -> Store:
        """Give the store; a store that could not be opened is tried again at the next call."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.settings)
                atexit.register(self.close)  # the embedded file is compacted and let go
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


def current_store() -> Store:
    """Give the store of the application that is serving this request or command."""
    return current_app.extensions["store"].get()


def current_settings() -> Settings:
    """Give the settings of the application that is serving this request or command."""
    return current_app.extensions["store"].settings


def close_store() -> None:
    """Close the store of the current application."""
    current_app.extensions["store"].close()
