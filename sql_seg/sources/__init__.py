"""Queries in files: texts, and segments in JSON and YAML, with the place of each character.

What few files need is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use
from sql_seg.sources.query_source import CannotRewriteError, Gathered, QuerySource, query_alone, rewrite
from sql_seg.sources.reading import (
    QUERY_SUFFIXES,
    SEGMENT_SUFFIXES,
    SUFFIXES,
    SourceFile,
    content_of,
    decoded,
    may_hold_segments,
    placed,
    queries_in,
    queries_in_stream,
    read_file,
    read_queries,
    trees_in,
    why_left_alone,
)

if TYPE_CHECKING:
    from sql_seg.sources.environment_values import EnvironmentValues, with_values
    from sql_seg.sources.sendgrid_limits import check_limits

__all__ = [
    "QUERY_SUFFIXES",
    "SEGMENT_SUFFIXES",
    "SUFFIXES",
    "CannotRewriteError",
    "EnvironmentValues",
    "Gathered",
    "QuerySource",
    "SourceFile",
    "check_limits",
    "content_of",
    "decoded",
    "may_hold_segments",
    "placed",
    "queries_in",
    "queries_in_stream",
    "query_alone",
    "read_file",
    "read_queries",
    "rewrite",
    "trees_in",
    "why_left_alone",
    "with_values",
]

_HOMES = {
    "sql_seg.sources.environment_values": ("EnvironmentValues", "with_values"),
    "sql_seg.sources.sendgrid_limits": ("check_limits",),
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
