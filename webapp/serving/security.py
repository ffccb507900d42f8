"""What every answer says to the browser so that a page loads nothing from elsewhere, and who may
send without a form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, request
from flask_babel import gettext as _

_View = TypeVar("_View", bound=Callable[..., Any])

# Inline styles are allowed for the drawing libraries, which place their marks with them.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Files of the program: the same for everybody, with nobody's data in them.
_KEPT = frozenset({"static"})


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    """Add the headers; what may show a person is kept by no browser and no proxy."""
    if request.endpoint not in _KEPT or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        del response.headers["ETag"], response.headers["Last-Modified"], response.headers["Expires"]
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def for_programs(blueprint: Blueprint) -> Callable[[_View], _View]:
    """Let programs send to a view without a form's token; pages of other sites are refused.

    A browser names the page that a request comes from, and no page can make it lie. There is no
    sign-in whose cookie could be misused; who may reach the port may use the application.
    """

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if _is_of_another_site():
                abort(403, _("This was sent by a page of another site."))
            return view(*args, **kwargs)

        blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(guarded))
        return guarded  # type: ignore[return-value]

    return decorate


def _is_of_another_site() -> bool:
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc != request.host
    except ValueError:  # no address at all, as in "http://["
        return True
