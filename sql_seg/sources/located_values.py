"""JSON and YAML values as Python has them, each at its place."""

from __future__ import annotations

import json
import re
from typing import Any

from sql_seg.sources.value_tree import Elements, Object, Scalar, Text, TreeProblem, Value

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def plain(value: Value) -> Any:
    """Return a value as JSON has it: dict, list, str, int, float, bool or None; a date is its text.

    Raises TreeProblem for what JSON cannot say (numbers, truth values and tags of YAML), and for a key that
    an object has twice.
    """
    match value:
        case Text():
            return value.value
        case Elements():
            return [plain(item) for item in value.items]
        case Object():
            refuse_repeated(value)
            return {entry.key: plain(entry.value) for entry in value.entries}
    return _plain_atom(value)


def refuse_repeated(value: Object) -> None:
    """Raise TreeProblem where an object has a key twice, in any case."""
    for entry in value.repeated():
        raise TreeProblem(entry.key_span.start, f"the key {entry.key} is here twice")


def _plain_atom(atom: Scalar) -> Any:
    written = atom.written
    match atom.kind:
        case "null":
            return None
        case "the date":
            return written
        case "the truth value" if written.lower() in ("true", "false"):
            return written.lower() == "true"
        case "the truth value":
            hint = f"put it in quotes, '{written}', or write true or false"
            raise TreeProblem(atom.span.start, f"{written} is a truth value in YAML; {hint}")
        case "the number" if _NUMBER.fullmatch(written):
            return json.loads(written)
        case "the number":
            raise TreeProblem(
                atom.span.start, f"{written} is a number of YAML's own; put it in quotes: '{written}'"
            )
    raise TreeProblem(atom.span.start, f"{atom.kind} cannot stand here; write a plain value")
