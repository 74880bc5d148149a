"""Copies of records, so that nobody's change reaches another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def copied(value: Any) -> Any:
    """Return a value whose lists and mappings, at any depth, are copies; tuples stay tuples."""
    if isinstance(value, Mapping):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copied(inner) for inner in value]
    if isinstance(value, tuple):
        return tuple(copied(inner) for inner in value)
    return value
