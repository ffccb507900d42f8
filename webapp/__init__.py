"""The web application: pages, JSON and commands over one graph. It starts in `create_app`."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask

from graph.settings import Settings, from_environment
from graph.store import Store
from webapp import cli
from webapp.shell import language
from webapp.shell import store as stores

ROOT = Path(__file__).resolve().parent.parent


def create_app(
    settings: Settings | None = None, store: Store | None = None, with_pages: bool = True
) -> Flask:
    """Build the application; the store is opened at its first use, so commands start at once.

    A store that is given is the caller's to close. Without its pages it has the commands alone.
    """
    settings = settings or from_environment()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024,
        MAX_FORM_PARTS=20_000,  # a table of a thousand rows
        SESSION_COOKIE_SAMESITE="Lax",
        UPLOAD_FOLDER=str(stores.files_folder(settings) / "uploads"),
        VENDOR_FOLDER=str(ROOT / "node_modules"),
    )
    stores.init_app(app, settings, store)
    language.init_app(app, settings)
    cli.init_app(app)
    if with_pages:
        add_pages(app)
    return app


def add_pages(app: Flask) -> None:
    """Give the application its pages, unless it has them; only now what they need is imported."""
    if "home" in app.blueprints:
        return
    from flask_wtf.csrf import CSRFProtect

    from webapp.serving import addresses, compression, security, static_files
    from webapp.shell import day, errors, forms, frame

    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compression.init_app(app)
    addresses.init_app(app, stores.settings_of(app))
    CSRFProtect(app)
    security.init_app(app)
    static_files.init_app(app)
    day.init_app(app)
    frame.init_app(app)
    forms.init_app(app)
    errors.init_app(app)
    _add_blueprints(app)


def _add_blueprints(app: Flask) -> None:
    from webapp.api import general as api
    from webapp.careers import all_pages as careers
    from webapp.data import guessing, loads, quality, questions
    from webapp.data import pages as data
    from webapp.entering import all_pages as entering
    from webapp.network import all_pages as network
    from webapp.network import connection, lineage
    from webapp.people import pages as people
    from webapp.people import places, scopes
    from webapp.planning import all_pages as planning
    from webapp.programme import all_pages as programme
    from webapp.programme import printed
    from webapp.today import all_pages as today
    from webapp.today import style_guide

    for module in (
        today,
        style_guide,
        people,
        network,
        connection,
        lineage,
        places,
        scopes,
        careers,
        programme,
        planning,
        entering,
        printed,
        questions,
        data,
        guessing,
        loads,
        quality,
        api,
    ):
        app.register_blueprint(module.bp)
