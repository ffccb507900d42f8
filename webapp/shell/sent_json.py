"""JSON that somebody sends or types: one reader for bodies, for a parameter and for a file.

Whatever cannot be worked with later is refused here in a sentence: text that is not JSON, endless
nesting, numbers of thousands of digits, NaN, half a surrogate pair, a part of the wrong type.
"""

from __future__ import annotations

import json
import re
from typing import Any, Self

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge

from graph.declared import nearest
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


class Body(BaseModel):
    """What a program sends to an operation: a field for each key, nothing beside them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def read(cls) -> Self:
        """Read the body of the request; InputError names the key that cannot be."""
        try:
            return cls.model_validate(json_body())
        except ValidationError as error:
            raise _refused(error.errors()[0], cls) from None


def _refused(error: ErrorDetails, of: type[Body]) -> InputError:
    """Say in a sentence what is wrong with a key of a body."""
    key, kind = str(error["loc"][0]), error["type"]
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in of.model_fields.items()]
        like = nearest(key, known)
        return InputError(
            N_('The body has no "%(key)s" here.'),
            N_('Did you mean "%(nearest)s"?') if like else N_("It may have %(known)s."),
            key=key,
            nearest=like,
            known=", ".join(known) or "-",
        )
    if kind == "missing":
        return InputError(N_('"%(key)s" is missing.'), N_("Add it to the body."), key=key)
    if kind == "list_type" or len(error["loc"]) > 1:
        return InputError(
            N_('"%(key)s" is not a list of texts.'), N_('Write %(key)s: ["..."].'), key=key
        )
    if kind == "int_type":
        return InputError(N_('"%(key)s" is not a whole number.'), N_("Write %(key)s: 0."), key=key)
    return InputError(N_('"%(key)s" is not a text.'), N_('Write %(key)s: "..."'), key=key)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")
