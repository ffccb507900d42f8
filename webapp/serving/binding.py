"""At which addresses and ports this program lets itself be served.

There is no sign-in: who reaches the port may use the application, so it stays on this machine.
Gunicorn's address is not looked at: in a container, or behind a proxy, it is chosen on purpose.
"""

from __future__ import annotations

import ipaddress

import click

from graph.errors import N_, ConfigError

# Ports that no browser opens: "port blocking" of the Fetch standard.
REFUSED_BY_BROWSERS = frozenset(
    (
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
        102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389,
        427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
        989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665,
        6666, 6667, 6668, 6669, 6679, 6697, 10080,
    )
)  # fmt: skip


def check_port(port: int) -> None:
    """Raise ConfigError for a port at which no browser would open a page."""
    if port in REFUSED_BY_BROWSERS:
        other = next(
            each for each in range(max(port, 5000), 1 << 16) if each not in REFUSED_BY_BROWSERS
        )
        raise ConfigError(
            N_("Browsers open no page at port %(port)s: they keep it for another service."),
            N_("Choose another one, as in --port %(other)s."),
            port=port,
            other=other,
        )


def check_host(host: str) -> None:
    """Raise ConfigError for an address that other machines reach."""
    try:
        is_ours = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_ours = host.lower() == "localhost"
    if not is_ours:
        raise ConfigError(
            N_("The address %(host)s can be reached from other machines, and nobody signs in."),
            N_("Leave --host and FLASK_RUN_HOST out; others come through a proxy with a sign-in."),
            host=host,
        )


def check_run() -> None:
    """Check address and port of `flask run`, where that is what loads the application."""
    context = click.get_current_context(silent=True)
    if context is not None and context.command.name == "run" and "host" in context.params:
        check_host(str(context.params["host"]))
        check_port(int(context.params["port"]))
