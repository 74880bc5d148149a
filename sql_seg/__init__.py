"""SendGrid segment queries, offline: parsed, checked, printed, and evaluated over contacts.

>>> import sql_seg
>>> segment = sql_seg.Segment("email LIKE '%gmail.com'")
>>> segment.matches({"email": "ada@gmail.com"})
True

All names here are imported at their first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sql_seg.checked import CheckedQuery
    from sql_seg.dataset import Dataset
    from sql_seg.datatypes import Dialect
    from sql_seg.diagnostics import Diagnostic, Severity
    from sql_seg.errors import (
        CheckError,
        NeedsDatasetError,
        QueryError,
        QueryJsonError,
        QuerySyntaxError,
        RecordError,
        SchemaError,
        SqlSegError,
    )
    from sql_seg.formatting import from_json, to_json, to_text
    from sql_seg.nodes import Query
    from sql_seg.parsing import parse
    from sql_seg.pipeline import check, diagnose, to_predicate
    from sql_seg.schema import SENDGRID, Schema
    from sql_seg.segment import Preview, Segment
    from sql_seg.segment_set import SegmentSet

__all__ = [
    "SENDGRID",
    "CheckError",
    "CheckedQuery",
    "Dataset",
    "Diagnostic",
    "Dialect",
    "NeedsDatasetError",
    "Preview",
    "Query",
    "QueryError",
    "QueryJsonError",
    "QuerySyntaxError",
    "RecordError",
    "Schema",
    "SchemaError",
    "Segment",
    "SegmentSet",
    "Severity",
    "SqlSegError",
    "check",
    "diagnose",
    "from_json",
    "parse",
    "to_json",
    "to_predicate",
    "to_text",
]

_HOMES = {
    "checked": ["CheckedQuery"],
    "dataset": ["Dataset"],
    "datatypes": ["Dialect"],
    "diagnostics": ["Diagnostic", "Severity"],
    "errors": [
        "CheckError",
        "NeedsDatasetError",
        "QueryError",
        "QueryJsonError",
        "QuerySyntaxError",
        "RecordError",
        "SchemaError",
        "SqlSegError",
    ],
    "formatting": ["from_json", "to_json", "to_text"],
    "nodes": ["Query"],
    "parsing": ["parse"],
    "pipeline": ["check", "diagnose", "to_predicate"],
    "schema": ["SENDGRID", "Schema"],
    "segment": ["Preview", "Segment"],
    "segment_set": ["SegmentSet"],
}
_HOME = {name: f"sql_seg.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
