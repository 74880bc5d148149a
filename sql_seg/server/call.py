"""A request as the endpoints see it: its parameters, its query and its body, read once and leniently."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from math import isfinite
from typing import Any

from sql_seg.frozen import field, frozen
from sql_seg.server.answers import refused

_TRUE = ("true", "1")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_FALSE = ("false", "0", "")


@frozen
class ApiCall:
    """A request: what stands in the path by name, the query as pairs, the body as bytes."""

    method: str
    path: str
    parameters: dict[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    content: bytes = b""
    base_url: str = ""

    def values(self, name: str) -> list[str]:
        """Return the values of a query parameter: repeated, or separated by commas, without blanks."""
        given = [value for key, value in self.query if key == name]
        return [part.strip() for value in given for part in value.split(",") if part.strip()]

    def has(self, name: str) -> bool:
        """Return whether a query parameter is given."""
        return any(key == name for key, _ in self.query)

    def flag(self, name: str, default: bool) -> bool:
        """Return a query parameter that is true or false, in any case. Raises ApiError for another value."""
        given = [value for key, value in self.query if key == name]
        if not given:
            return default
        value = given[-1].strip().lower()
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
        raise refused(400, f"{name} must be true or false", name)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a query parameter that is an integer. Raises ApiError for another value."""
        given = [value for key, value in self.query if key == name]
        if not given or not given[-1].strip():
            return default
        text = given[-1].strip()
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        raise refused(400, f"{name} must be between {least} and {most}", name)

    def url(self, path: str) -> str:
        """Return an address of this server."""
        return f"{self.base_url.rstrip('/')}/v3/marketing/{path}"

    def link(self, path: str) -> dict[str, Any]:
        """Return what an answer says of where something is."""
        return {"self": self.url(path)}

    def json(self) -> Any:
        """Return the body. Raises ApiError where it is no JSON."""
        try:
            read = json.loads(self.content, parse_constant=_no_number, parse_float=_finite)
            return _without_halves(read) if _HALF.search(self.content) else read
        except (ValueError, RecursionError) as error:
            reason = "EOF" if not self.content.strip() else str(error)
            shown = self.content[:200].decode(errors="replace")
            raise refused(400, f"error: {reason}, body: {shown}", "json.decode failed") from None

    def object(self) -> dict[str, Any]:
        """Return the body, which is an object. Raises ApiError where it is something else."""
        body = self.json()
        if not isinstance(body, dict):
            raise refused(400, "invalid input", "")
        return body


def _without_halves(value: Any) -> Any:
    """Return a value with a mark in place of each half of a character, as Go reads it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_halves(item) for item in value]
    if isinstance(value, dict):
        return {_without_halves(key): _without_halves(item) for key, item in value.items()}
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"cannot read number {text[:50]}")
    return number


def _no_number(name: str) -> Any:
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")
