"""The published description of the emulator: OpenAPI 3.1, with the standing and the body of each answer."""

from __future__ import annotations

import re
from typing import Any

from sql_seg.server.answers import HINT, SUBUSER, SUBUSER_HINT, Standing
from sql_seg.server.endpoints import ENDPOINTS, EXTRAS, Endpoint
from sql_seg.server.schemas import FILE, PARAMETERS, REQUESTS, SCHEMAS

_SAID = {
    Standing.DOCUMENTED: "SendGrid's documents say so",
    Standing.RECORDED: "recorded from the live API",
    Standing.OURS: "not settled by any source: our choice",
}
_JSON = "application/json"

EVERYWHERE = {401: Standing.DOCUMENTED, 406: Standing.DOCUMENTED, 429: Standing.DOCUMENTED}
"""What every path below /v3 may answer; with a body, 415 as well."""

ON_DEMAND = {403: Standing.DOCUMENTED, 500: Standing.DOCUMENTED}
"""What every path below /v3 answers where a fault asks for it, and 500 where a disk is full."""

_UNWRAPPED = ("DELETE /v3/marketing/contacts", 400)
_CONTACTS = "/v3/marketing/contacts"
_BODILESS = ("GET /v3/marketing/contacts/{id}", 404)
_RATES = {
    name: {"schema": {"type": "string", "pattern": r"^\d+$"}, "required": True}
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
}
_SUBUSER = {
    "name": SUBUSER,
    "in": "header",
    "description": SUBUSER_HINT,
    "schema": {"type": "string"},
    "x-standing": str(Standing.OURS),
}


_OF_ITSELF = (
    ("post", "/-/reset", "Go back to what it started with.", {204: ""}),
    ("get", "/-/requests", "Return the journal of requests.", {200: "Requests", 400: "Errors"}),
    ("delete", "/-/requests", "Forget the journal of requests.", {204: ""}),
    ("get", "/-/openapi.json", "Return this description.", {200: "Description"}),
)
"""What is asked of the emulator rather than of its account."""


def description() -> dict[str, Any]:
    """Return the description of all endpoints as an OpenAPI document."""
    paths: dict[str, Any] = {}
    for endpoint in (*ENDPOINTS, *EXTRAS):
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    for method, path, summary, bodies in _OF_ITSELF:
        responses: dict[str, Any] = {}
        for status, schema in bodies.items():
            response: dict[str, Any] = {"description": _SAID[Standing.OURS], "x-standing": str(Standing.OURS)}
            if schema:
                response["content"] = {_JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
            responses[str(status)] = response
        paths.setdefault(path, {})[method] = {
            "summary": summary,
            "operationId": f"{method}_{path.removeprefix('/-/').replace('.', '_')}",
            "responses": responses,
            "security": [],
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "The Segments API, emulated by sql-seg", "version": "4"},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}, "schemas": SCHEMAS},
        "security": [{"key": []}],
        "paths": paths,
    }


def statuses_of(endpoint: Endpoint) -> dict[int, Standing]:
    """Return all statuses of an endpoint, those that only faults bring about as well."""
    statuses = {**endpoint.on_demand, **endpoint.statuses}
    if endpoint.path.startswith("/v3"):
        statuses = {**EVERYWHERE, **ON_DEMAND, **statuses}
        if endpoint.body is not None:
            statuses.setdefault(415, Standing.DOCUMENTED)
    if endpoint.body is not None:
        statuses.setdefault(400, Standing.RECORDED)
    return dict(sorted(statuses.items()))


def schemas_of(endpoint: Endpoint, status: int) -> tuple[str, ...]:
    """Return the names of the schemas that a body may have; none where there is no body."""
    if status < 400:
        given = endpoint.gives if isinstance(endpoint.gives, str) else endpoint.gives.get(status, "")
        has_body = given and status != 204
        return (given,) if has_body else ()
    if (endpoint.name, status) == _BODILESS:
        return ()
    if (endpoint.name, status) == _UNWRAPPED:
        return ("Unwrapped", "Errors")
    return ("Error",) if status in endpoint.bare else ("Errors", "Error") if endpoint.bare else ("Errors",)


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]
    parameters += [
        {"name": name, "in": "query", "schema": PARAMETERS.get(name, {"type": "string"})}
        for name in endpoint.query
    ]
    if endpoint.path.startswith("/v3"):
        parameters.append(_SUBUSER)
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": _operation_id(endpoint),
        "parameters": parameters,
        "responses": {
            str(status): _response(endpoint, status, standing)
            for status, standing in statuses_of(endpoint).items()
        },
    }
    if endpoint.body is not None:
        properties = {
            key: REQUESTS.get(key, {"type": kind.rstrip("!")}) for key, kind in endpoint.body.items()
        }
        required = [key for key, kind in endpoint.body.items() if kind.endswith("!")]
        schema = {"type": "object", "properties": properties, "required": required}
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema}}}
    if endpoint.path.startswith("/-/"):
        operation["security"] = []
    return operation


def _operation_id(endpoint: Endpoint) -> str:
    return f"{endpoint.method.lower()}{re.sub(r'[^a-z0-9]+', '_', endpoint.path)}".strip("_")


def _links(endpoint: Endpoint, status: int) -> dict[str, Any]:
    """Return which endpoints take an id that an answer gives."""
    names = schemas_of(endpoint, status)
    required = SCHEMAS[names[0]].get("required", ()) if status < 300 and names and names[0] in SCHEMAS else ()
    key = next((key for key in ("job_id", "id") if key in required), None)
    if key is None or endpoint.method not in ("POST", "PUT"):
        return {}
    folder = f"{_CONTACTS}/imports" if key == "job_id" else endpoint.path
    return {
        _operation_id(other): {
            "operationId": _operation_id(other),
            "parameters": {"id": f"$response.body#/{key}"},
        }
        for other in ENDPOINTS
        if other.path.startswith(f"{folder}/{{id}}")
    }


def _response(endpoint: Endpoint, status: int, standing: Standing) -> dict[str, Any]:
    response: dict[str, Any] = {"description": _SAID[standing], "x-standing": str(standing)}
    is_asked_for = endpoint.path.startswith("/v3") and status in ON_DEMAND and status not in endpoint.statuses
    if status in endpoint.on_demand or is_asked_for:
        response["x-on-demand"] = True
    is_hinted = status >= 400 or endpoint.path.startswith("/v3")
    response["headers"] = {HINT: {"schema": {"type": "string"}}} if is_hinted else {}
    if endpoint.path.startswith("/v3"):
        response["headers"] |= _RATES
    if links := _links(endpoint, status):
        response["links"] = links
    names = [name for name in schemas_of(endpoint, status) if name]
    if names == [FILE]:
        response["content"] = {"application/gzip": {"schema": {"type": "string", "format": "binary"}}}
    elif names:
        choices = [{"$ref": f"#/components/schemas/{name}"} for name in names]
        response["content"] = {_JSON: {"schema": choices[0] if len(choices) == 1 else {"anyOf": choices}}}
    return response
