"""The web application: pages, JSON and commands over one graph. It starts in `create_app`."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from graph.settings import Settings, from_environment
from graph.store import Store
from webapp import careers, entering, network, planning, programme
from webapp.api import general as api
from webapp.cli import commands
from webapp.data import guessing, loads
from webapp.data import pages as data
from webapp.data import questions as queries
from webapp.network import connection, lineage
from webapp.people import pages as people
from webapp.people import places
from webapp.programme import printed
from webapp.serving import addresses, compression, security, static_files
from webapp.shell import errors, forms, language
from webapp.shell import frame as shell
from webapp.shell import store as stores
from webapp.today import home

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None, store: Store | None = None) -> Flask:
    """Build the application; the store is opened at its first use, so commands start at once.

    A store that is given is the caller's to close.
    """
    settings = settings or from_environment()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        UPLOAD_FOLDER=str(stores.files_folder(settings) / "uploads"),
        VENDOR_FOLDER=str(ROOT / "node_modules"),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compression.init_app(app)
    addresses.init_app(app, settings)
    stores.init_app(app, settings, store)
    language.init_app(app, settings)
    CSRFProtect(app)
    security.init_app(app)
    static_files.init_app(app)
    shell.init_app(app)
    forms.init_app(app)
    errors.init_app(app)
    commands.init_app(app)
    for module in (
        home,
        people,
        network,
        connection,
        lineage,
        places,
        careers,
        programme,
        planning,
        entering,
        printed,
        queries,
        data,
        guessing,
        loads,
        api,
    ):
        app.register_blueprint(module.bp)
    return app
