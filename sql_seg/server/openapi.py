"""The published description of the emulator: OpenAPI 3.1, with the standing of each answer."""

from __future__ import annotations

import re
from typing import Any

from sql_seg.server.answers import Standing
from sql_seg.server.endpoints import ENDPOINTS, EXTRAS, Endpoint

_SAID = {
    Standing.DOCUMENTED: "SendGrid's documents say so",
    Standing.RECORDED: "recorded from the live API",
    Standing.OURS: "not settled by any source: our choice",
}


def description() -> dict[str, Any]:
    """Return the description of all endpoints as an OpenAPI document."""
    paths: dict[str, Any] = {}
    for endpoint in (*ENDPOINTS, *EXTRAS):
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "The Segments API, emulated by sql-seg", "version": "3"},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
        "paths": paths,
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in endpoint.query]
    statuses = dict(endpoint.statuses)
    if endpoint.path.startswith("/v3"):
        statuses |= {401: Standing.DOCUMENTED, 406: Standing.DOCUMENTED}
        statuses |= {415: Standing.DOCUMENTED} if endpoint.body is not None else {}
        statuses |= {} if 429 in statuses else {429: Standing.DOCUMENTED}
    if endpoint.body is not None:
        statuses.setdefault(400, Standing.RECORDED)
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": f"{endpoint.method.lower()}{re.sub(r'[^a-z0-9]+', '_', endpoint.path)}".strip("_"),
        "parameters": parameters,
        "responses": {
            str(status): {"description": _SAID[standing], "x-standing": str(standing)}
            for status, standing in sorted(statuses.items())
        },
    }
    if endpoint.body is not None:
        properties = {key: {"type": kind.rstrip("!")} for key, kind in endpoint.body.items()}
        required = [key for key, kind in endpoint.body.items() if kind.endswith("!")]
        schema = {"type": "object", "properties": properties, "required": required}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.path.startswith("/-/"):
        operation["security"] = []
    return operation
