"""Requests drawn at random from what an application tells of itself, and what every answer must
keep: no error of ours, problem details for programs, nothing stored by what was refused."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode

from flask import Flask
from hypothesis import strategies as st
from werkzeug.routing import AnyConverter, PathConverter, Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from graph.store import Store
from tests.webapp.known_addresses import Form, Known
from tests.webapp.odd_values import (
    DATES,
    ENDINGS,
    FILES,
    HEADERS,
    METHODS,
    NUMBERS,
    RAW,
    TEXTS,
    TYPES,
)

LABELS = ("Person", "Unit", "Post", "Activity", "Record", "edge", "key")
REFUSED = ("The Cypher was refused", "Cypher 语句未被接受")  # by an engine, of a statement of ours


@dataclass
class Asked:
    """One request, as it goes over the wire."""

    endpoint: str
    method: str
    path: str  # percent-encoded
    query: str
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        shown = self.body if len(self.body) < 600 else self.body[:600] + b"..."
        address = f"{self.path}?{self.query}" if self.query else self.path
        return f"{self.method} {address[:1_500]} {self.headers} {shown!r}"


# --- drawing ------------------------------------------------------------------------------------


def requests(known: Known) -> st.SearchStrategy[Asked]:
    """Draw requests to every route alike."""
    real = st.sampled_from(
        [v for label in LABELS for v in list(known.values.get(label, ()))[:25]] or ["x"]
    )
    hostile = st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(NUMBERS),
        st.sampled_from(DATES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    )

    def value(name: str) -> st.SearchStrategy[str]:
        seen = list(known.values.get(name, ()))
        own = st.sampled_from(seen) if seen else real
        return st.one_of(own, own, own, real, hostile)

    json_value = st.recursive(
        st.one_of(
            st.none(), st.booleans(), real, hostile,
            st.sampled_from((0, 1, -1, 1.5, 10**20, 10**400, 1e308, float("nan"), float("-inf"))),
            st.sampled_from(("\ud800", "\udfff")),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(known.json_names), inner, max_size=4),
        ),
        max_leaves=8,
    )  # fmt: skip

    @st.composite
    def drawn(draw: st.DrawFn) -> Asked:
        rule = draw(st.sampled_from(known.rules))
        usual = sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}) or ["GET"]
        method = draw(st.sampled_from(usual if draw(st.integers(0, 29)) else METHODS))
        forms = known.forms.get(rule.endpoint, [])
        form = draw(st.sampled_from(forms)) if forms and draw(st.booleans()) else None
        address = draw(_address(known, rule, form, st.one_of(real, hostile)))
        path, _sign, real_query = address.partition("?")
        names = list(known.names.get(rule.endpoint, ())) or ["lang"]
        pairs = st.lists(
            st.sampled_from(names).flatmap(lambda n: st.tuples(st.just(n), value(n))), max_size=5
        )
        asked = Asked(rule.endpoint, method, path, draw(_query(real_query, pairs)))
        asked.headers += draw(_some_headers())
        if method not in ("GET", "HEAD", "OPTIONS"):
            draw(_with_body(asked, form, pairs, json_value, known))
        return asked

    return drawn()


@st.composite
def _address(
    draw: st.DrawFn, known: Known, rule: Rule, form: Form | None, text: st.SearchStrategy[str]
) -> str:
    real = list(known.addresses.get(rule.endpoint, ()))
    if form and draw(st.integers(0, 9)):
        return form.path
    if real and draw(st.integers(0, 4)):
        return draw(st.sampled_from(real))
    path = rule.rule
    for part in rule.rule.split("<")[1:]:
        inside = part.split(">")[0]
        name = inside.split(":")[-1]
        converter = rule._converters[name]
        given = list(known.values.get(name, ()))
        if isinstance(converter, AnyConverter):
            drawn = draw(st.one_of(st.sampled_from(sorted(converter.items)), text))
        else:
            own = st.sampled_from(given) if given else text
            drawn = draw(st.one_of(own, own, own, text))
        safe = "/" if isinstance(converter, PathConverter) else ""
        written = draw(st.sampled_from(RAW)) if not draw(st.integers(0, 19)) else quote(drawn, safe)
        path = path.replace(f"<{inside}>", written)
    return path if draw(st.integers(0, 19)) else path + draw(st.sampled_from(ENDINGS))


@st.composite
def _query(draw: st.DrawFn, real: str, pairs: st.SearchStrategy[list[tuple[str, str]]]) -> str:
    if not draw(st.integers(0, 19)):
        return "&".join(
            f"{name}={draw(st.sampled_from(RAW))}" for name, _value in draw(pairs)
        ) or draw(st.sampled_from(RAW))
    drawn = draw(pairs)
    names = {name for name, _value in drawn}
    kept = [each for each in parse_qsl(real, keep_blank_values=True) if each[0] not in names]
    return urlencode([*(kept if draw(st.booleans()) else ()), *drawn])


@st.composite
def _some_headers(draw: st.DrawFn) -> list[tuple[str, str]]:
    if draw(st.integers(0, 4)):
        return []
    return draw(st.lists(st.sampled_from(HEADERS), max_size=2, unique_by=lambda each: each[0]))


@st.composite
def _with_body(
    draw: st.DrawFn,
    asked: Asked,
    form: Form | None,
    pairs: st.SearchStrategy[list[tuple[str, str]]],
    json_value: st.SearchStrategy[Any],
    known: Known,
) -> None:
    """Put a body into a request: mostly a form with a few fields changed, or JSON."""
    usual = ["json", "json", "form", "raw"] if _is_api(asked) else ["form"] * 4 + ["files", "raw"]
    what = draw(st.sampled_from(usual))
    type_ = "application/x-www-form-urlencoded"
    if what == "form":
        fields = [*(form.fields if form else ()), *draw(pairs)]
        for name, value in draw(pairs):
            fields = [each for each in fields if each[0] != name] + [(name, value)]
        asked.body = urlencode(fields).encode()
    elif what == "json":
        asked.body, type_ = json.dumps(draw(_json_body(json_value, known))).encode(), TYPES[0]
    elif what == "files":
        name, content = draw(st.sampled_from(FILES))
        head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        asked.body = head.encode() + content + b"\r\n--b--\r\n"
        type_ = "multipart/form-data; boundary=b"
    else:
        deep = st.sampled_from((b"[" * 10_000, b'{"a":' * 10_000, b'{"n": ' + b"9" * 5_000 + b"}"))
        asked.body = draw(st.one_of(st.binary(max_size=40), deep))
        type_ = draw(st.sampled_from(TYPES))
    if not draw(st.integers(0, 19)):
        type_ = draw(st.sampled_from(TYPES))
    asked.headers = [each for each in asked.headers if each[0] != "Content-Type"]
    asked.headers.append(("Content-Type", type_))


@st.composite
def _json_body(draw: st.DrawFn, json_value: st.SearchStrategy[Any], known: Known) -> Any:
    """Draw an object; half of the time a real answer of the interface with parts changed."""
    objects = [each for each in known.json_values if isinstance(each, dict)]
    changed = draw(st.dictionaries(st.sampled_from(known.json_names), json_value, max_size=5))
    if objects and not draw(st.integers(0, 3)):
        return {**draw(st.sampled_from(objects)), **changed}
    return draw(json_value) if not draw(st.integers(0, 9)) else changed


def _is_api(asked: Asked) -> bool:
    return asked.path.startswith("/api/")


# --- judging ------------------------------------------------------------------------------------


class Judge:
    """Sends requests and remembers what each kind of failure was first seen with."""

    def __init__(self, app: Flask, store: Store) -> None:
        self.app, self.store = app, store
        self.failures: dict[str, str] = {}
        self.statuses: dict[int, int] = {}
        self._errors: list[str] = []
        handler = logging.Handler(logging.ERROR)
        handler.emit = self._heard  # type: ignore[method-assign]
        app.logger.addHandler(handler)

    def judge(self, asked: Asked) -> None:
        """Send a request and look at its answer."""
        before = self.store.version()
        self._errors.clear()
        try:
            status, headers, text = self._answer(asked)
        except Exception as error:
            self._fail(asked, "".join(traceback.format_exception(error)))
            return
        self.statuses[status] = self.statuses.get(status, 0) + 1
        for sentence in self._wrong(asked, status, headers, text):
            self._fail(asked, sentence)
        self._end_work(headers.get("Location", ""))
        is_question = asked.method in ("GET", "HEAD", "OPTIONS")
        if (status >= 400 or is_question) and self.store.version() != before:
            self._fail(asked, f"{asked.endpoint} stored something and answered {status}")

    def _answer(self, asked: Asked) -> tuple[int, Any, str]:
        builder = EnvironBuilder(path="/", method=asked.method or "GET", data=asked.body or None)
        environ = builder.get_environ()
        environ["REQUEST_METHOD"] = asked.method
        environ["PATH_INFO"] = _unquoted(asked.path)
        environ["QUERY_STRING"] = asked.query
        for name, value in asked.headers:
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        iterable, line, headers = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
        return int(line.split()[0]), headers, b"".join(iterable).decode("utf-8", "replace")

    def _wrong(self, asked: Asked, status: int, headers: Any, text: str) -> list[str]:
        wrong = []
        if status >= 500 or self._errors:
            wrong.append(self._errors[-1] if self._errors else f"{asked.endpoint}: {status}")
        if "Traceback (most recent call last)" in text:
            wrong.append(f"{asked.endpoint} shows a traceback")
        if any(each in text for each in REFUSED):
            wrong.append(f"{asked.endpoint}: {text[:2_000]}")
        type_ = headers.get("Content-Type", "").split(";")[0]
        is_foreign = any(name == "Host" for name, _value in asked.headers)
        if _is_api(asked) and status >= 400 and asked.method != "HEAD" and not is_foreign:
            told = json.loads(text) if type_ == "application/problem+json" else {}
            if told.get("status") != status or not told.get("detail"):
                wrong.append(f"{asked.endpoint} answers {status} as {type_}")
        if type_.endswith("json") and text:
            try:
                json.loads(text, parse_constant=_refused)
            except ValueError as error:
                wrong.append(f"{asked.endpoint} answers no JSON: {error}")
        is_file = asked.endpoint in ("static", "vendor.vendor")
        if not is_file and headers.get("Cache-Control") != "no-store":
            wrong.append(f"{asked.endpoint} may be kept")
        where = headers.get("Location", "/")
        if where.startswith("//") or not where.startswith(("/", "http://localhost", "?")):
            wrong.append(f"{asked.endpoint} leads to {where}")
        return wrong

    def _end_work(self, where: str) -> None:
        """Stop the planner where it was begun, and wait for checks and loads."""
        if "/plans/runs/" in where:
            id_ = where.split("/plans/runs/")[1].split("?")[0]
            self.app.test_client().post(f"/plans/runs/{id_}/stop")
        for thread in threading.enumerate():
            if thread.name.endswith("(_run)"):
                thread.join()

    def _heard(self, record: logging.LogRecord) -> None:
        told = record.exc_info[1] if record.exc_info else None
        self._errors.append(
            "".join(traceback.format_exception(told)) if told else record.getMessage()
        )

    def _fail(self, asked: Asked, what: str) -> None:
        lines = [line for line in what.strip().splitlines() if line.strip()]
        ours = [line.strip() for line in lines if "/site-packages/" not in line and "File " in line]
        key = f"{asked.endpoint} {ours[-1] if ours else ''} {lines[-1][:150]}"
        if key not in self.failures:
            self.failures[key] = f"{asked}\n{what[-3_000:]}"
            print(f"\n--- {self.failures[key]}", flush=True)


def _unquoted(path: str) -> str:
    """Return a path as WSGI has it: bytes as Latin-1, whatever they are."""
    return unquote_to_bytes(path).decode("latin-1")


def _refused(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")
