"""Where a person came from and goes back to: the one place that decides what a way back is.

A way back is an address as the browser shows it, from the first slash on, below the path under
which this application is served. Nothing else is followed: browsers read backslashes as slashes
and leave tabs and line ends out, so an address that looks like a path may name another host.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from flask import request

from webapp.serving.addresses import address

_LONGEST = 4_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OTHER_HOST = re.compile(r"[/\\]{2}|/[／＼∕⁄⧵⧸]")
_DOTS = re.compile(r"/\.{1,2}(/|$)")


def here_path() -> str:
    """Return the path of this page as the browser has it, never one that reads as a host."""
    return address(f"/{quote(request.path.lstrip('/'))}")


def here() -> str:
    """Return the address of this page with its parameters."""
    asked = quote(request.query_string, safe="%/?:@!$&'()*+,;=-._~")
    return f"{here_path()}?{asked}" if asked else here_path()


def way_back(fallback: str) -> str:
    """Return where to go after saving: `next` of the form, when that is an address of ours."""
    wanted = request.form.get("next") or request.args.get("next") or ""
    return wanted if is_own(wanted, address("")) else fallback


def is_own(address: str, root: str = "") -> bool:
    """Return whether an address stays below a root of this site, however a browser reads it.

    >>> is_own("/people/T001?on=2020"), is_own("//evil.example"), is_own("/a/b", "/a")
    (True, False, True)
    """
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    if len(address) > _LONGEST or not path.startswith(f"{root}/"):
        return False
    if "\\" in address or _CONTROL.search(address) or _OTHER_HOST.match(path.removeprefix(root)):
        return False
    plain = path
    for _time in range(4):  # what is encoded twice may be decoded twice
        if _OTHER_HOST.match(plain) or _DOTS.search(plain) or _CONTROL.search(plain):
            return False
        plain = unquote(plain)
    return True
