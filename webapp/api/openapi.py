"""The description of the JSON interface as OpenAPI 3.1, made from the catalogue and the routes."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app

from graph.schema import TABLES
from graph.version import VERSION
from queries.catalogue import QUERIES
from webapp.serving.addresses import address
from webapp.shell.language import either

_TYPES = {"text": "string", "date": "string", "integer": "integer", "boolean": "boolean"}


def document() -> dict[str, Any]:
    """Return the whole document."""
    paths: dict[str, Any] = {
        "/api/search": _get(
            "Search people, units and posts",
            [_parameter("q", "string", True), _parameter("limit", "integer", False)],
            {
                "type": "object",
                "required": ["text", "results"],
                "properties": {
                    "text": {"type": "string"},
                    "results": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
                },
            },
        ),
        "/api/queries": _get(
            "List the questions", [], {"type": "array", "items": {"type": "object"}}
        ),
        "/healthz": _get(
            "Tell whether the store answers",
            [],
            {
                "type": "object",
                "properties": {
                    "engine": {"enum": ["embedded", "neo4j"]},
                    "version": {"type": "string"},
                    "lost": {
                        "type": ["object", "null"],
                        "properties": {
                            "writes": {"type": "integer"},
                            "day": {"type": "string"},
                            "logs": {"type": "array", "items": {"type": "string"}},
                        },
                    },
                },
            },
        ),
    }
    for query in QUERIES.values():
        operation = _get(
            either(query.titles),
            [
                _parameter(each.name, _TYPES.get(each.type, "string"), each.required)
                for each in query.parameters
            ],
            {"$ref": "#/components/schemas/Answer"},
        )
        operation["get"]["operationId"] = query.name
        operation["get"]["description"] = either(query.descriptions)
        paths[f"/api/queries/{query.name}"] = operation
    paths |= _sent()
    paths |= _other_routes(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mentor and career network", "version": VERSION},
        "servers": [{"url": address("") or "/"}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _sent() -> dict[str, Any]:
    """Describe what takes files or a JSON data set, and the job that a load is."""
    of = _parameter("source", "string", False)
    skip = _parameter("skip_bad", "string", False)
    confirm = _parameter("confirm", "string", False)
    by = _parameter("by", "string", False)
    without = _parameter("without", "string", False)
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/api/check": _post(
            "Check a data set; nothing is stored", [of, without], "200", "Problems", True
        ),
        "/api/guess": _post("Propose a description of unknown files", [], "200", "Guess", True),
        "/api/load": _post(
            "Begin to load a data set", [of, skip, confirm, by, without], "202", "Job", True
        ),
        "/api/jobs/{id}": _get(
            "Tell how far a job is", [id_], {"$ref": "#/components/schemas/Job"}
        ),
        "/api/jobs/{id}/stop": _post("Stop a load between two batches", [id_], "200", "Job"),
    }


def _other_routes(described: dict[str, Any]) -> dict[str, Any]:
    """Describe the JSON of the pages: what a page takes in its address, its JSON takes too."""
    paths: dict[str, Any] = {}
    for rule in current_app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        if not path.startswith("/api/") or path.startswith("/api/queries/"):
            continue
        if path in described or path == "/api/openapi.json":
            continue
        doc = current_app.view_functions[rule.endpoint].__doc__ or rule.endpoint
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in sorted(rule.arguments)
        ]
        operation = _get(doc.strip().splitlines()[0], in_path, {"type": ["object", "array"]})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            described_path = paths.setdefault(path, {})
            described_path[method.lower()] = dict(operation["get"])
            if method in ("POST", "PUT", "PATCH"):
                body = {"content": {"application/json": {"schema": {"type": "object"}}}}
                described_path[method.lower()]["requestBody"] = body
    return dict(sorted(paths.items()))


def _get(summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": schema}}},
                "default": {"description": "A problem (RFC 9457)", "content": problem},
            },
        }
    }


def _post(
    summary: str, parameters: list[dict[str, Any]], status: str, schema: str, sends: bool = False
) -> dict[str, Any]:
    operation: dict[str, Any] = _get(
        summary, parameters, {"$ref": f"#/components/schemas/{schema}"}
    )
    operation = operation["get"]
    responses = operation["responses"]
    operation["responses"] = {status: responses["200"], "default": responses["default"]}
    if sends:
        files = {"type": "array", "items": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {"type": "object", "properties": {"files": files}}
                },
                "application/json": {"schema": {"$ref": "#/components/schemas/DataSet"}},
            },
        }
    return {"post": operation}


def _parameter(name: str, type_: str, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": type_}}


_SCHEMAS: dict[str, Any] = {
    "Answer": {
        "type": "object",
        "required": ["query", "parameters", "columns", "rows", "truncated", "cypher"],
        "properties": {
            "query": {"type": "string"},
            "parameters": {"type": "object"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "object"}},
            "truncated": {"type": "boolean"},
            "cypher": {"type": "string"},
        },
    },
    "Hit": {
        "type": "object",
        "required": ["kind", "id", "name", "detail", "url"],
        "properties": {
            "kind": {"enum": ["person", "unit", "post"]},
            "sign": {"type": "string"},
            "id": {"type": "string"},
            "name": {"type": "string"},
            "detail": {"type": "string"},
            "url": {"type": "string"},
        },
    },
    "DataSet": {
        "type": "object",
        "description": "An array of objects for each table, as in docs/data.md.",
        "properties": {
            table.name: {"type": "array", "items": {"type": "object"}} for table in TABLES
        },
    },
    "Problems": {
        "type": "object",
        "required": ["problems"],
        "properties": {
            "problems": {"type": "array", "items": {"type": "object"}},
            "account": {"type": "object"},
        },
    },
    "Guess": {
        "type": "object",
        "required": ["columns", "description", "doubts", "unused_columns", "unused_rows"],
    },
    "Job": {
        "type": "object",
        "required": ["job", "kind", "state", "tables", "result", "error"],
        "properties": {
            "job": {"type": "string"},
            "kind": {"enum": ["check", "load"]},
            "state": {"enum": ["running", "done", "failed", "stopped", "cut off"]},
            "files": {"type": "array", "items": {"type": "string"}},
            "started": {"type": "string"},
            "ended": {"type": ["string", "null"]},
            "tables": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "table": {"type": "string"},
                        "done": {"type": "integer"},
                        "total": {"type": "integer"},
                    },
                },
            },
            "result": {"type": ["object", "null"]},
            "error": {"type": ["object", "null"]},
        },
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "hint": {"type": ["string", "null"]},
        },
    },
}
