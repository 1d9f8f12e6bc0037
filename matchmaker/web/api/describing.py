"""The API described by itself: an OpenAPI 3.1 document made from the views that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_babel import get_locale
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from matchmaker import __version__
from matchmaker.i18n import gettext as _
from matchmaker.web.api.operations import Operation
from matchmaker.web.api.values import Problem
from matchmaker.web.idempotency import HEADER
from matchmaker.web.security import CodeConverter, PublicIdConverter

PREFIX = "/api/v1/"
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_JSON, _PROBLEM = "application/json", "application/problem+json"
_REF = "#/components/schemas/{model}"
_CONVERTERS = {"public_id": PublicIdConverter, "code": CodeConverter}
_ARGUMENT = re.compile(r"<(\w+):(\w+)>")
_COMMON = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of all models: a reference for each, and what they refer to."""

    references: dict[tuple[Any, JsonSchemaMode], dict[str, Any]]
    definitions: dict[str, Any]

    def of(self, model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
        """The reference to a model as it is read (validation) or answered (serialization)."""
        return self.references[model, mode]

    def whole(self, model: type[BaseModel]) -> dict[str, Any]:
        """The definition of a model that is read."""
        definition: dict[str, Any] = self.definitions[self.of(model, "validation")["$ref"].rpartition("/")[2]]
        return definition


@dataclass(frozen=True, slots=True)
class Route:
    """One view at its address."""

    path: str
    method: str
    endpoint: str
    arguments: tuple[tuple[str, str], ...]  # each name with its converter
    operation: Operation


def routes(app: Flask) -> Iterator[Route]:
    """Every operation of the API, by address and method."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX))
    for rule in sorted(rules, key=lambda each: each.rule):
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        for method in _METHODS:
            if operation is not None and method in (rule.methods or ()):
                yield Route(
                    _path(rule),
                    method,
                    rule.endpoint,
                    tuple((name, kind) for kind, name in _ARGUMENT.findall(rule.rule)),
                    operation,
                )


def _path(rule: Rule) -> str:
    return _ARGUMENT.sub(r"{\2}", rule.rule)


def document_of(app: Flask) -> dict[str, Any]:
    """The document, in the reader's language; made once for each."""
    made: dict[str, dict[str, Any]] = app.extensions.setdefault("api_documents", {})
    language = str(get_locale())
    if language not in made:
        made[language] = describe(app)
    return made[language]


def describe(app: Flask) -> dict[str, Any]:
    """The document made anew."""
    found = list(routes(app))
    schemas = _schemas(found)
    paths: dict[str, dict[str, Any]] = {}
    for route in found:
        paths.setdefault(route.path, {})[route.method.lower()] = _described(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": _("供应链对接 API"), "version": __version__, "description": _manners()},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "responses": {str(int(status)): _refusal(status, schemas) for status in _refusals_used(found)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]},
            },
        },
    }


def _manners() -> str:
    sentences = _(
        "金额为整数元；时刻为 RFC 3339 的 UTC 时间；编号是不透明的字符串。"
        "列表用 limit 和 cursor 翻页，下一页的地址在 next 和 Link 答复头里。"
        "每个 POST 须带 Idempotency-Key：同一标识重发得到同一答复，不会办理两次。"
        "更改须带 If-Match，值为读取时的 ETag。错误为 RFC 9457 的 problem+json。"
    )
    return str(sentences)


def _schemas(found: list[Route]) -> Schemas:
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for each in (route.operation for route in found):
        for model in (each.body, each.query, each.form):
            models |= {(model, "validation"): None} if model is not None else {}
        models |= {(each.answers, "serialization"): None} if each.answers is not None else {}
    references, whole = models_json_schema(list(models), ref_template=_REF)
    return Schemas({**references}, whole.get("$defs", {}))


def _described(route: Route, schemas: Schemas) -> dict[str, Any]:
    what = route.operation
    described: dict[str, Any] = {
        "operationId": route.endpoint,
        "summary": str(what.summary),
        "tags": [route.path.removeprefix(PREFIX).partition("/")[0]],
        "parameters": list(_parameters(route, schemas)),
        "responses": _responses(route, schemas),
        "x-roles": what.rule.role_names,
    }
    if not what.rule.public:
        described["security"] = [{"token": []}, {"cookie": []}]
    if what.body is not None:
        required = any(field.is_required() for field in what.body.model_fields.values())
        content = {_JSON: {"schema": schemas.of(what.body, "validation")}}
        described["requestBody"] = {"required": required, "content": content}
    if what.file:
        content = {"multipart/form-data": {"schema": _a_form(what, schemas)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _a_form(what: Operation, schemas: Schemas) -> dict[str, Any]:
    """A form with its file, and what may stand beside it."""
    parts = {} if what.form is None else schemas.whole(what.form)["properties"]
    beside = {name: _given(part) for name, part in parts.items()}
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {"type": "object", "required": [what.file], "properties": {what.file: file, **beside}}


def _parameters(route: Route, schemas: Schemas) -> Iterator[dict[str, Any]]:
    what = route.operation
    for name, kind in route.arguments:
        schema = {"type": "string", "pattern": f"^{_CONVERTERS[kind].regex}$"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if what.query is not None:
        wanted = schemas.whole(what.query)
        for name, schema in wanted["properties"].items():
            needed = name in wanted.get("required", ())
            yield {"name": name, "in": "query", "required": needed, "schema": _given(schema)}
    if what.keyed and route.method == "POST" and not what.rule.public:
        yield _header(HEADER, {"type": "string", "minLength": 8, "maxLength": 80}, required=True)
    if what.checks_version:
        yield _header("If-Match", {"type": "string", "examples": ['"3"']}, required=route.method != "POST")


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what an address says when it says it: never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else {name: part for name, part in schema.items() if name != "title"}


def _header(name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _responses(route: Route, schemas: Schemas) -> dict[str, Any]:
    what = route.operation
    success: dict[str, Any] = {"description": HTTPStatus(what.status).phrase}
    if what.answers is not None:
        success["content"] = {_JSON: {"schema": schemas.of(what.answers, "serialization")}}
    if what.versioned:
        success["headers"] = {"ETag": {"schema": {"type": "string"}}}
    refused = {str(int(status)): {"$ref": f"#/components/responses/{int(status)}"} for status in refusals_of(route)}
    return {str(what.status): success, **refused}


def refusals_of(route: Route) -> list[HTTPStatus]:
    """The refusals a caller of this view must expect."""
    what, found = route.operation, set(_COMMON)
    writes = route.method != "GET"
    if not what.rule.public:
        found |= {HTTPStatus.UNAUTHORIZED}
    if what.rule.roles or writes:
        found |= {HTTPStatus.FORBIDDEN}
    if route.arguments:
        found |= {HTTPStatus.NOT_FOUND}
    if writes:
        found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
    if what.query is not None:
        found |= {HTTPStatus.UNPROCESSABLE_ENTITY}
    if what.body is not None or what.file:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if what.checks_version:
        found |= {HTTPStatus.PRECONDITION_FAILED}
        found |= {HTTPStatus.PRECONDITION_REQUIRED} if route.method != "POST" else set()
    return sorted(found | {HTTPStatus(status) for status in what.refusals})


def _refusals_used(found: list[Route]) -> list[HTTPStatus]:
    return sorted({status for route in found for status in refusals_of(route)})


def _refusal(status: HTTPStatus, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.of(Problem, "serialization")
    return {"description": status.phrase, "content": {_PROBLEM: {"schema": schema}}}
