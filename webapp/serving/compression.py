"""Answers go out compressed to whoever takes that: texts as a whole, files as they are read.

A form's token stands on pages that also show what was asked for. No other site can try texts there
and watch the length: the cookie of the token is not sent with what such a site loads.
"""

from __future__ import annotations

from flask import Flask, Response
from flask_compress import Compress
from werkzeug.wsgi import ClosingIterator

_TEXTS = (
    "application/json",
    "application/xml",
    "application/yaml",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
    "text/yaml",
)


def init_app(app: Flask) -> None:
    """Compress what is sent; called before all others that change answers, it comes after them."""
    app.config.update(
        COMPRESS_MIMETYPES=_TEXTS,
        COMPRESS_ALGORITHM_STREAMING=["zstd", "br", "gzip"],  # without https: gzip alone
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    @app.after_request
    def _compressed(response: Response) -> Response:
        if response.status_code == 206:  # its range counts the bytes of the plain file
            return response
        source = response.response
        answer: Response = compress.after_request(response)
        if answer.response is not source and hasattr(source, "close"):
            # An export deletes its file when the answer is closed: the file is let go before that.
            if answer.is_streamed:
                answer.response = ClosingIterator(answer.iter_encoded(), source.close)
            else:
                source.close()
        return answer
