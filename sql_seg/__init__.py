"""SendGrid segment queries, offline: parsed, checked, printed, and evaluated over contacts.

>>> import sql_seg
>>> segment = sql_seg.Segment("email LIKE '%gmail.com'")
>>> segment.matches({"email": "ada@gmail.com"})
True

All names here are imported at their first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use

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
        UnsupportedSqlError,
    )
    from sql_seg.formatting import from_json, to_json, to_text
    from sql_seg.nodes import Query
    from sql_seg.parsing import parse
    from sql_seg.pipeline import check, diagnose, to_predicate
    from sql_seg.schema import SENDGRID, Schema
    from sql_seg.segment import Preview, Segment
    from sql_seg.segment_set import SegmentSet
    from sql_seg.sql import to_sql

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
    "UnsupportedSqlError",
    "check",
    "diagnose",
    "from_json",
    "parse",
    "to_json",
    "to_predicate",
    "to_sql",
    "to_text",
]

_HOMES = {
    "sql_seg.checked": ["CheckedQuery"],
    "sql_seg.dataset": ["Dataset"],
    "sql_seg.datatypes": ["Dialect"],
    "sql_seg.diagnostics": ["Diagnostic", "Severity"],
    "sql_seg.errors": [
        "CheckError",
        "NeedsDatasetError",
        "QueryError",
        "QueryJsonError",
        "QuerySyntaxError",
        "RecordError",
        "SchemaError",
        "SqlSegError",
        "UnsupportedSqlError",
    ],
    "sql_seg.formatting": ["from_json", "to_json", "to_text"],
    "sql_seg.nodes": ["Query"],
    "sql_seg.parsing": ["parse"],
    "sql_seg.pipeline": ["check", "diagnose", "to_predicate"],
    "sql_seg.schema": ["SENDGRID", "Schema"],
    "sql_seg.segment": ["Preview", "Segment"],
    "sql_seg.segment_set": ["SegmentSet"],
    "sql_seg.sql": ["to_sql"],
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
