"""Under which address the application is reached, and the addresses of its own paths below that.

`url_for` makes the addresses of views; what is made from a path goes through `address`.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from graph.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Believe so many proxies what they say of the browser's request; nobody else is believed."""
    trusted = settings.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted, x_prefix=trusted
        )
    app.jinja_env.globals.update(address=address)


def address(path: str) -> str:
    """Return the address of a path of this application, which may stand below another path."""
    return quote(request.script_root) + path
