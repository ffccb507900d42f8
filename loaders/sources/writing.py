"""A description as YAML text, as a person would write it, so that it can be kept and changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff./*-]*(?: [\w\u4e00-\u9fff./-]+)*")
_GUESSED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
_SHORT = 88


def as_yaml(value: dict[str, Any]) -> str:
    """Write a description, given as plain maps, lists and texts.

    >>> print(as_yaml({"name": "a", "tables": {"people": [{"id": "x: y"}]}}), end="")
    name: a
    tables:
      people:
        - {id: "x: y"}
    """
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            flow = _flow(item)
            if not isinstance(item, dict | list) or _is_small(item, flow):
                yield f"{_scalar(key)}: {flow}"
            else:
                yield f"{_scalar(key)}:"
                yield from (f"  {line}" for line in _lines(item))
    else:
        for item in value:
            lines = [_flow(item)] if _is_small(item, _flow(item)) else list(_lines(item))
            yield f"- {lines[0]}"
            yield from (f"  {line}" for line in lines[1:])


def _is_small(item: Any, flow: str) -> bool:
    """Return whether something is written on one line: a scalar, or a short map of scalars."""
    if not isinstance(item, dict | list):
        return True
    inner = item.values() if isinstance(item, dict) else item
    deep = [each for each in inner if isinstance(each, dict)]
    has_own = isinstance(item, list) and len(deep) > 0
    if any(isinstance(each, list) and any(isinstance(x, dict) for x in each) for each in inner):
        return len(flow) < _SHORT and "steps" in item
    return len(flow) < _SHORT and not has_own and not any(len(each) > 1 for each in deep)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.lower() not in _GUESSED:
            return value
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
