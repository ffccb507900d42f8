"""The description of the JSON interface as OpenAPI 3.1.

It is made from the routes, from what their operations declare, and from the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from flask import current_app
from pydantic import TypeAdapter
from werkzeug.routing import AnyConverter, Rule

from graph.errors import ProblemDetails
from graph.schema import TABLES
from graph.version import VERSION
from queries.catalogue import QUERIES
from queries.query import Parameter, Query
from queries.row_types import AnswerDict, json_type
from webapp.serving.addresses import address
from webapp.shell.asking import Asked
from webapp.shell.language import either
from webapp.shell.operations import AnyOperation, Operation, operations

_REFERENCE = "#/components/schemas/{model}"
_PROBLEM = "ProblemDetails"
_DATA_SET = "DataSet"
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}

Schema = dict[str, Any]
Schemas = Mapping[tuple[Any, Any], Schema]  # by type and mode


def document() -> dict[str, Any]:
    """Return the whole document, its titles in the language in use."""
    found = list(operations())
    schemas, parts = _schemas(tuple(declared for _rule, _method, declared in found))
    paths: dict[str, Any] = {}
    for rule, method, declared in found:
        at = paths.setdefault(path_of(rule), {})
        at[method.lower()] = _operation(rule, declared, schemas)
    for name, query in QUERIES.items():
        paths[f"/api/queries/{name}"] = {"get": _question(query)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mentor and career network", "version": VERSION},
        "servers": [{"url": address("") or "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(parts.items()))},
    }


def path_of(rule: Rule) -> str:
    """Return the path of a route as OpenAPI writes it."""
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)


@lru_cache(maxsize=1)
def _schemas(declared: tuple[Operation, ...]) -> tuple[Schemas, dict[str, Schema]]:
    """Return the schemas of answers and bodies, and the parts that they refer to.

    They are the same at any time and in each language.
    """
    wanted: list[tuple[Any, Any, TypeAdapter[Any]]] = [
        (each.answer, "serialization", TypeAdapter(each.answer)) for each in declared
    ]
    wanted += [(each.body, "validation", TypeAdapter(each.body)) for each in declared if each.body]
    wanted.append((ProblemDetails, "serialization", TypeAdapter(ProblemDetails)))
    schemas, shared = TypeAdapter.json_schemas(wanted, ref_template=_REFERENCE)
    parts: dict[str, Schema] = dict(shared.get("$defs", {}))
    parts.setdefault(_PROBLEM, schemas[ProblemDetails, "serialization"])
    parts[_DATA_SET] = {
        "type": "object",
        "description": "An array of objects for each table, as in docs/data.md.",
        "properties": {
            table.name: {"type": "array", "items": {"type": "object"}} for table in TABLES
        },
    }
    return schemas, parts


def _operation(rule: Rule, declared: Operation, schemas: Schemas) -> Schema:
    view = current_app.view_functions[rule.endpoint]
    lines = [line.strip() for line in (view.__doc__ or rule.endpoint).strip().splitlines()]
    made: Schema = {
        "operationId": rule.endpoint,
        "summary": lines[0],
        "parameters": [
            *_in_path(rule),
            *_in_address(declared.parameters),
            *_in_address(AnyOperation),
        ],
        "responses": _responses(str(declared.status), schemas[declared.answer, "serialization"]),
    }
    if declared.parameters is not Asked and declared.parameters.__doc__:
        made["description"] = " ".join(declared.parameters.__doc__.split())
    if declared.takes_files:
        made["requestBody"] = _files_body(declared)
    elif declared.body is not None:
        schema = schemas[declared.body, "validation"]
        needed = [each for each in declared.body.model_fields.values() if each.is_required()]
        made["requestBody"] = {
            "required": bool(needed),
            "content": {"application/json": {"schema": schema}},
        }
    return made


def _responses(status: str, answer: Schema) -> Schema:
    problem = {"application/problem+json": {"schema": _reference(_PROBLEM)}}
    return {
        status: {"description": "OK", "content": {"application/json": {"schema": answer}}},
        "default": {"description": "A problem (RFC 9457)", "content": problem},
    }


def _in_path(rule: Rule) -> list[Schema]:
    found = []
    for name in re.findall(r"<(?:[^<>]+:)?(\w+)>", rule.rule):
        schema: Schema = {"type": "string"}
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            schema["enum"] = sorted(converter.items)
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


@cache
def _in_address(model: type[Asked]) -> list[Schema]:
    """Return the parameters of a model; names that follow a pattern are the keys of one object."""
    schema = model.model_json_schema()
    needed = schema.get("required", ())
    found = [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "schema": _of_value(each),
            **({"description": each["description"]} if "description" in each else {}),
        }
        for name, each in schema.get("properties", {}).items()
    ]
    for name, pattern in model.families.items():
        values = {f"^{pattern}$": {"type": "string"}}
        fields = {"type": "object", "patternProperties": values}
        together = {"name": name, "in": "query", "style": "form", "explode": True}
        found.append({**together, "required": False, "schema": fields})
    return found


def _of_value(schema: Mapping[str, Any]) -> Schema:
    """Return the schema of a parameter that is given; one that is not has no value at all."""
    kept = {key: value for key, value in schema.items() if key not in ("title", "description")}
    given = [each for each in kept.pop("anyOf", ()) if each != {"type": "null"}]
    if kept.get("default", 0) in (None, "", []):
        del kept["default"]
    return {**(given[0] if given else {}), **kept}


def _files_body(declared: Operation) -> Schema:
    """Describe files of a form, or a JSON data set; the parameters may be fields of the form."""
    fields = {each["name"]: each["schema"] for each in _in_address(declared.parameters)}
    form = {"type": "object", "properties": {"files": _FILES, **fields}}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "application/json": {"schema": _reference(_DATA_SET)},
        },
    }


def _reference(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(model=name)}


# --- the questions of the catalogue


def _question(query: Query) -> Schema:
    """Describe one question; its rows have its columns."""
    columns = {each.name: json_type(each.type) for each in query.columns}
    row = {"type": "object", "required": list(columns), "properties": columns}
    answer = _answer()
    rows = {"rows": {"type": "array", "items": row}}
    answer = {**answer, "properties": {**answer["properties"], **rows}}
    return {
        "operationId": query.name,
        "summary": either(query.titles),
        "description": either(query.descriptions),
        "parameters": [*map(_asked_of_question, query.parameters), *_in_address(AnyOperation)],
        "responses": _responses("200", answer),
    }


@lru_cache(maxsize=1)
def _answer() -> Schema:
    """Return the schema of an answer, whose rows are those of no question yet."""
    return TypeAdapter(AnswerDict).json_schema()


def _asked_of_question(each: Parameter) -> Schema:
    schema: Schema = {"type": "string"}
    if each.type == "integer":
        schema = {"type": "integer", "minimum": each.at_least, "maximum": each.at_most}
    elif each.one_of:
        schema["enum"] = list(each.one_of)
    return {
        "name": each.name,
        "in": "query",
        "required": each.required,
        "description": either(each.titles),
        "schema": schema,
    }
