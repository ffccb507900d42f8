"""The server behind `flask serve` and in the image: waitress, with room for connections that wait.

One loop reads and writes all connections, so one that is idle or slow takes no thread; a request
gets one once it is there as a whole, and an answer that nobody fetches waits in a file.
"""

from __future__ import annotations

import logging
import select
from typing import Any

from flask import Flask
from waitress.server import create_server

CONNECTIONS = 2_000
IDLE_SECONDS = 60
THREADS = 8
_SELECT_HOLDS = 510  # Windows has no poll(), and its select() takes 512 sockets
_OTHER_FILES = 256  # beside connections: the store, uploads, answers that wait


def create(app: Flask, idle_seconds: int = IDLE_SECONDS, **where: Any) -> Any:
    """Make the server, listening but not running; `where` is waitress' `host` and `port`, or
    `sockets`."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    return create_server(
        app,
        threads=THREADS,
        connection_limit=connections(),
        channel_timeout=idle_seconds,
        cleanup_interval=max(1, idle_seconds // 4),
        asyncore_use_poll=hasattr(select, "poll"),
        outbuf_high_watermark=1 << 40,  # else a thread would wait for who does not read on
        clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in webapp/addresses.py
        **where,
    )


def connections() -> int:
    """Return how many connections may be open; systems that allow few files are asked for more."""
    if not hasattr(select, "poll"):
        return _SELECT_HOLDS
    import resource

    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _OTHER_FILES
    if resource.RLIM_INFINITY not in (allowed, most):
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        allowed = wanted
    if allowed == resource.RLIM_INFINITY:
        return CONNECTIONS
    return max(100, min(CONNECTIONS, allowed - _OTHER_FILES))
