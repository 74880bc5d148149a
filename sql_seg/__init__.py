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
    from sql_seg.checking import check
    from sql_seg.checking.checker import CheckedQuery
    from sql_seg.diagnostics import Diagnostic, Severity
    from sql_seg.diagnostics.query_errors import CheckError, QueryError, QuerySyntaxError
    from sql_seg.engines.dataset import Dataset
    from sql_seg.errors import (
        CannotCombineError,
        DataWarning,
        NeedsDatasetError,
        NeedsEventsError,
        QueryJsonError,
        RecordError,
        SchemaError,
        SqlSegError,
        UnsupportedSqlError,
    )
    from sql_seg.language.datatypes import Dialect
    from sql_seg.language.schema import SENDGRID, Schema
    from sql_seg.linting import diagnose, lint
    from sql_seg.segments.predicate import to_predicate
    from sql_seg.segments.preview import Preview
    from sql_seg.segments.segment import Segment
    from sql_seg.segments.segment_set import SegmentSet
    from sql_seg.sql import to_sql
    from sql_seg.syntax.formatting import format_text, from_json, to_json, to_text
    from sql_seg.syntax.nodes import Query
    from sql_seg.syntax.parsing import parse
    from sql_seg.upgrading import Upgrade, downgrade, upgrade

__all__ = [
    "SENDGRID",
    "CannotCombineError",
    "CheckError",
    "CheckedQuery",
    "DataWarning",
    "Dataset",
    "Diagnostic",
    "Dialect",
    "NeedsDatasetError",
    "NeedsEventsError",
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
    "Upgrade",
    "check",
    "diagnose",
    "downgrade",
    "format_text",
    "from_json",
    "lint",
    "parse",
    "to_json",
    "to_predicate",
    "to_sql",
    "to_text",
    "upgrade",
]

_HOMES = {
    "sql_seg.checking.checker": ["CheckedQuery"],
    "sql_seg.engines.dataset": ["Dataset"],
    "sql_seg.language.datatypes": ["Dialect"],
    "sql_seg.diagnostics.diagnostic": ["Diagnostic", "Severity"],
    "sql_seg.diagnostics.query_errors": ["CheckError", "QueryError", "QuerySyntaxError"],
    "sql_seg.errors": [
        "CannotCombineError",
        "DataWarning",
        "NeedsDatasetError",
        "NeedsEventsError",
        "QueryJsonError",
        "RecordError",
        "SchemaError",
        "SqlSegError",
        "UnsupportedSqlError",
    ],
    "sql_seg.sql": ["to_sql"],
    "sql_seg.syntax.formatting": ["format_text", "from_json", "to_json", "to_text"],
    "sql_seg.syntax.nodes": ["Query"],
    "sql_seg.syntax.parsing": ["parse"],
    "sql_seg.checking": ["check"],
    "sql_seg.linting.diagnosing": ["diagnose"],
    "sql_seg.linting.table": ["lint"],
    "sql_seg.segments.predicate": ["to_predicate"],
    "sql_seg.language.schema": ["SENDGRID", "Schema"],
    "sql_seg.segments.preview": ["Preview"],
    "sql_seg.segments.segment": ["Segment"],
    "sql_seg.segments.segment_set": ["SegmentSet"],
    "sql_seg.upgrading": ["Upgrade", "downgrade", "upgrade"],
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
