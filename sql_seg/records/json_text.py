"""JSON as this package takes it: finite numbers, whole Unicode, bounded nesting."""

from __future__ import annotations

import json
import math
import re
from typing import Any

_MOST_DIGITS = 308
_MOST_LEVELS = 200


def read_json(text: str) -> Any:
    """Return the value of a JSON text; of a key that stands twice in an object the first counts.

    Raises ValueError (``json.JSONDecodeError`` where it is not JSON) for NaN and infinities, numbers
    that are no finite double, lone surrogates, and nesting deeper than 200 levels.
    """
    try:
        value = _DECODER.decode(text.rstrip())
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > _MOST_LEVELS and _is_deeper(value, _MOST_LEVELS):
        raise ValueError(_TOO_DEEP)
    if "\\ud" in text or "\\uD" in text:
        _refuse_lone_surrogates(value)
    return value


def why_malformed(error: Exception) -> str:
    """Return what to say of a text that is no JSON, or none that ``read_json`` takes."""
    place = (
        f" at column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else f": {error}"
    )
    return f"malformed JSON{place}"


def read_own_json(text: str) -> Any:
    """Return the value of a JSON text that was read before: nothing is refused; the first of a key counts."""
    return json.loads(text, object_pairs_hook=_firsts)


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's pairs as a dict, where people wrote it. Raises ValueError for a key twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)} is there twice")
    return found


def twice_in(start: str) -> tuple[int, int, str]:
    """Return in how many of the objects at the start of a text a key stands twice, with two values.

    Then of how many, and the first such key. Objects stand one behind the other, or in a list;
    the last may be cut off.
    """
    keys: list[str] = []

    def firsts(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = _firsts(pairs)
        if len(found) != len(pairs):
            keys.extend(key for key, value in pairs if value != found[key])
        return found

    decoder = json.JSONDecoder(object_pairs_hook=firsts)
    objects = odd = 0
    example = ""
    found = _OPENING.match(start)
    position = found.end() if found else 0
    while position < len(start):
        keys.clear()
        try:
            _, position = decoder.raw_decode(start, position)
        except (ValueError, RecursionError):
            break
        objects += 1
        if keys:
            odd, example = odd + 1, example or keys[0]
        between = _BETWEEN.match(start, position)
        position = between.end() if between else len(start)
    return odd, objects, example


_OPENING = re.compile(r"\s*\[?\s*")
_BETWEEN = re.compile(r"[\s,]*")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"the number {digits} is too large")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


_TOO_DEEP = f"nested deeper than {_MOST_LEVELS} levels"


def _firsts(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        found = dict(reversed(pairs))
        return {key: found[key] for key, _ in pairs}
    return found


_DECODER = json.JSONDecoder(
    parse_int=_integer, parse_float=_decimal, parse_constant=_constant, object_pairs_hook=_firsts
)


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return False
    return True


def _refuse_lone_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair, which is no character") from None
