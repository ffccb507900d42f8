"""What an application tells of its own addresses: routes, the parameters that each asks for, the
fields of its forms, the values that its links and choices hold. Nothing is listed by hand.

What an operation of the JSON interface declares is known beforehand. Other names are learned where
they are used: every look into `request.args` or `request.form` is noted with the endpoint that
looked. Names inside JSON bodies are those of their models and those that the code reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from flask import Flask, Request, has_request_context, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, MapAdapter, Rule

from queries.catalogue import QUERIES
from webapp.shell.operations import operations

ROOT = Path(__file__).resolve().parents[2]
MOST_FORMS = 3  # kept of one route
MOST_VALUES = 40  # kept of one name
NOT_OURS = {"static", "vendor.vendor"}  # still fuzzed, but there is nothing to learn

Pair = tuple[str, str]


@dataclass
class Form:
    """A form as a page shows it: where it goes and what its fields hold."""

    endpoint: str
    path: str
    method: str
    fields: list[Pair] = field(default_factory=list)


@dataclass
class Known:
    """All that was learned; lists are in the order of learning, so a seed gives the same run."""

    rules: list[Rule] = field(default_factory=list)
    names: dict[str, dict[str, None]] = field(default_factory=dict)  # by endpoint
    values: dict[str, dict[str, None]] = field(default_factory=dict)  # by name
    addresses: dict[str, dict[str, None]] = field(default_factory=dict)  # real ones, by endpoint
    forms: dict[str, list[Form]] = field(default_factory=dict)  # by endpoint
    json_names: list[str] = field(default_factory=list)
    json_values: list[Any] = field(default_factory=list)

    def copy(self) -> Known:
        """Return what is known now; drawing wants what does not grow meanwhile."""
        return replace(self, names={key: dict(value) for key, value in self.names.items()})

    def note_value(self, name: str, value: str) -> None:
        """Keep a value that was seen for a name."""
        seen = self.values.setdefault(name, {})
        if len(seen) < MOST_VALUES:
            seen[value] = None


def learn(app: Flask, begin: list[str], ids: dict[str, list[str]], most: int) -> Known:
    """Open pages from `begin` on, at most so many of a route; `ids` are stored ones, by label."""
    known = Known(rules=list(app.url_map.iter_rules()), json_names=read_names())
    note_declared(known, app)
    for label, found in ids.items():
        for each in found:
            known.note_value(label, each)
    app.request_class = recording(known)
    client = app.test_client()
    adapter = app.url_map.bind("localhost")
    waiting, seen = list(dict.fromkeys(begin)), set(begin)
    opened: dict[str, int] = {}
    while waiting or (waiting := list(_unopened(app, known, opened, ids))):
        address = waiting.pop(0)
        endpoint = _endpoint(adapter, address)
        if endpoint is None or endpoint in NOT_OURS or opened.get(endpoint, 0) >= most:
            continue
        opened[endpoint] = opened.get(endpoint, 0) + 1
        answer = client.get(address, buffered=True)
        if answer.status_code < 400:
            known.addresses.setdefault(endpoint, {})[address] = None
            for name, value in adapter.match(urlsplit(address).path, "GET")[1].items():
                known.note_value(name, str(value))
        if answer.mimetype == "application/json":
            known.json_values.append(answer.json)
        if answer.mimetype != "text/html" or answer.status_code >= 400:
            continue
        page = _Page()
        page.feed(answer.text)
        for link in page.links:
            _note_link(known, link)
            if link.startswith("/") and link not in seen:
                seen.add(link)
                waiting.append(link)
        for method, action, fields in page.forms:
            _note_form(known, adapter, method, action or urlsplit(address).path, fields)
    return known


def note_declared(known: Known, app: Flask) -> None:
    """Keep the parameters that operations declare, with the words that these may be."""
    for rule, _method, declared in operations(app):
        known.names.setdefault(rule.endpoint, {}).update(dict.fromkeys(declared.names()))
        for name, schema in declared.parameters.model_json_schema().get("properties", {}).items():
            for part in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
                for word in part.get("enum", ()):
                    known.note_value(name, word)
        if declared.body is not None:
            fields = declared.body.model_fields.items()
            known.json_names += [field.alias or name for name, field in fields]
    of_questions = (each.name for query in QUERIES.values() for each in query.parameters)
    known.names["api.query"] = dict.fromkeys(of_questions)


def recording(known: Known) -> type[Request]:
    """Make a class of requests that notes every name that is looked for."""

    def note(name: Any) -> None:
        if has_request_context() and request.url_rule and isinstance(name, str):
            known.names.setdefault(request.url_rule.endpoint, {})[name] = None

    class Noting(ImmutableMultiDict[str, Any]):
        def __getitem__(self, key: Any) -> Any:
            note(key)
            return super().__getitem__(key)

        def __contains__(self, key: Any) -> bool:
            note(key)
            return super().__contains__(key)

        def get(  # type: ignore[override]
            self, key: Any, default: Any = None, type: Any = None
        ) -> Any:
            note(key)
            return super().get(key, default, type)

        def getlist(self, key: Any, type: Any = None) -> list[Any]:
            note(key)
            return super().getlist(key, type)

    class NotingRequest(Request):
        parameter_storage_class = Noting

    return NotingRequest


def read_names() -> list[str]:
    """List the names that the code takes out of mappings: keys of JSON are among them."""
    found: dict[str, None] = {}
    for file in sorted([*(ROOT / "webapp").rglob("*.py"), *(ROOT / "planning").glob("*.py")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called == "get" or called.endswith("_in"):
                    for each in node.args[:2]:
                        if isinstance(each, ast.Constant) and isinstance(each.value, str):
                            found[each.value] = None
            elif isinstance(node, ast.Dict):
                for key in node.keys:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        found[key.value] = None
    return list(found)


def _unopened(
    app: Flask, known: Known, opened: dict[str, int], ids: dict[str, list[str]]
) -> Iterator[str]:
    """Yield an address for each page that no link led to, with any value for its parts."""
    for rule in known.rules:
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_OURS | set(opened):
            path = rule.rule
            for name, converter in rule._converters.items():
                values = converter.items if isinstance(converter, AnyConverter) else None
                first = next(iter(values or known.values.get(name) or ids["Person"]), "x")
                path = re.sub(rf"<[^<>]*\b{name}>", quote(first, safe=""), path)
            opened.setdefault(rule.endpoint, 0)
            yield path


def _endpoint(adapter: MapAdapter, address: str, method: str = "GET") -> str | None:
    try:
        endpoint, _values = adapter.match(urlsplit(address).path, method)
    except (HTTPException, ValueError):
        return None
    return str(endpoint)


def _note_link(known: Known, link: str) -> None:
    for name, value in parse_qsl(urlsplit(link).query, keep_blank_values=True):
        known.note_value(name, value)


def _note_form(
    known: Known, adapter: MapAdapter, method: str, action: str, fields: list[Pair]
) -> None:
    endpoint = _endpoint(adapter, action, method)
    if endpoint is None:
        return
    for name, value in fields:
        known.note_value(name, value)
        known.names.setdefault(endpoint, {})[name] = None
    forms = known.forms.setdefault(endpoint, [])
    if len(forms) < MOST_FORMS:
        forms.append(Form(endpoint, urlsplit(action).path, method, fields))


class _Page(HTMLParser):
    """Collects links and forms; of a choice every value, of a box its ticked value."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, list[Pair]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append((given.get("method", "get").upper(), given.get("action", ""), []))
        elif tag == "select":
            self._select = given.get("name", "")
        if not self.forms:
            return
        fields = self.forms[-1][2]
        if tag in ("input", "button", "textarea") and given.get("name"):
            fields.append((given["name"], given.get("value", "")))
        elif tag == "option" and self._select:
            pair = (self._select, given.get("value", ""))
            if pair not in fields:
                fields.append(pair)
