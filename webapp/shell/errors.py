"""Every error a request can end in, as a page or as RFC 9457 problem details."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from graph.errors import N_, AppError, ProblemDetails

# What the framework's own errors are called, and the next step.
_BY_STATUS = {
    400: (N_("The input has a problem"), N_("Correct it and try again.")),
    404: (N_("Not found"), N_("Search for the name, or go back.")),
    405: (N_("This page cannot do that"), N_("Open it by its link.")),
    413: (N_("The file is too large"), N_("Load it with flask load, or raise UPLOAD_LIMIT_MB.")),
    500: (N_("Something went wrong"), N_("Try again; tell the maintainer the reference.")),
}


def init_app(app: Flask) -> None:
    """Register the one table of handlers."""
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Return whether the caller is a program: an /api/ address, or JSON liked better than HTML."""
    if request.path.startswith("/api/") or request.path == "/healthz":
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _app_error(error: AppError) -> tuple[Response | str, int]:
    if error.status >= 500:
        current_app.logger.error("%s %s", type(error).__name__, error)
    return _answer(error.as_problem_details(_))


def _csrf_error(error: CSRFError) -> tuple[Response | str, int]:
    hint = _("Open the page again and send the form from there.")
    return _answer(_details(400, _("The form is too old or came from another site."), hint))


def _http_error(error: HTTPException) -> tuple[Response | str, int]:
    status = error.code or 500
    if isinstance(error, SecurityError):  # under a foreign host name no address can be made
        return Response(f"{error.description}\n", mimetype="text/plain"), status
    if status < 400:  # a redirect is an answer
        return error.get_response(), status  # type: ignore[return-value]
    return _answer(_details(status, _detail(status, error)))


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    reference = secrets.token_hex(4)
    current_app.logger.error("Reference %s", reference, exc_info=error)
    detail = _("An unexpected error happened. Its reference in the log is %(ref)s.", ref=reference)
    return _answer(_details(500, detail))


def _detail(status: int, error: HTTPException) -> str:
    if status == 404:
        return _("There is no page at %(path)s.", path=request.path)
    if status == 413:
        limit = current_app.config["MAX_CONTENT_LENGTH"] // (1024 * 1024)
        return _("At most %(limit)s MB can be uploaded.", limit=limit)
    if status == 405:
        return _(
            "%(path)s does not accept %(method)s requests.",
            path=request.path,
            method=request.method,
        )
    return error.description or error.name


def _details(status: int, detail: str, hint: str | None = None) -> ProblemDetails:
    title, usual_hint = _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500])
    return {
        "type": "about:blank",
        "title": _(title),
        "status": status,
        "detail": detail,
        "hint": hint or _(usual_hint),
    }


def _answer(details: ProblemDetails) -> tuple[Response | str, int]:
    if wants_json():
        response = jsonify(details)
        response.mimetype = "application/problem+json"
        return response, details["status"]
    return render_template("errors/error.html", **details), details["status"]
