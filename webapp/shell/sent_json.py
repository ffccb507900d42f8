"""JSON that somebody sends or types: one reader for bodies, for a parameter and for a file.

Whatever cannot be worked with later is refused here in a sentence: text that is not JSON, endless
nesting, numbers of thousands of digits, NaN, half a surrogate pair, a part of the wrong type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from graph.errors import N_, InputError

MOST_BYTES = 1 << 20  # of a body; data sets are sent as files and read by the loaders
MOST_DEEP = 50
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def parse_json(text: str) -> Any:
    """Read a JSON text; ValueError says why it is none that can be worked with.

    >>> parse_json('{"a": [1, "]]"]}')
    {'a': [1, ']]']}
    """
    deep = 0
    for found in _BRACKETS.finditer(text):
        deep += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if deep > MOST_DEEP:
            raise ValueError(f"it is nested more than {MOST_DEEP} deep")
    value = json.loads(text, parse_constant=_no_number)
    json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is a ValueError
    return value


def json_body() -> dict[str, Any]:
    """Read the body of the request: a JSON object, or nothing, which is an empty one."""
    request.max_content_length = MOST_BYTES
    try:
        data = request.get_data()
    except RequestEntityTooLarge:
        raise InputError(
            N_("The body is longer than %(most)s kB."),
            N_("Send only what is asked for; data sets go to /api/load."),
            most=MOST_BYTES >> 10,
        ) from None
    if not data:
        return {}
    if not request.is_json:
        raise InputError(
            N_("The body is not sent as JSON."), N_("Send it as Content-Type: application/json.")
        )
    try:
        value = parse_json(data.decode("utf-8-sig"))
    except ValueError as error:
        raise InputError(
            N_("The body is not JSON: %(reason)s."), N_("Send {}, for example."), reason=error
        ) from None
    if not isinstance(value, dict):
        raise InputError(N_("The body is not a JSON object."), N_("Send {}, for example."))
    return value


def text_in(body: Mapping[str, Any], key: str) -> str:
    """Return a text of a body; the empty one where it is missing."""
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(N_('"%(key)s" is not a text.'), N_('Write %(key)s: "..."'), key=key)
    return value or ""


def texts_in(body: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of texts of a body; the empty one where it is missing."""
    value = body.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputError(
            N_('"%(key)s" is not a list of texts.'), N_('Write %(key)s: ["..."].'), key=key
        )
    return value


def whole_in(body: Mapping[str, Any], key: str) -> int:
    """Return a whole number of a body, which must be there."""
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(N_('"%(key)s" is not a whole number.'), N_("Write %(key)s: 0."), key=key)
    return value


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")
