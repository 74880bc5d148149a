"""What SendGrid refuses of segments whatever their queries say: names, numbers, parent lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.sources.query_source import ListId, QuerySource

LONGEST_NAME = 100
MOST_SEGMENTS = 200
MOST_PARENT_LISTS = 1

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def check_limits(queries: Sequence[QuerySource]) -> list[list[Diagnostic]]:
    """Return for each query what is to be said of its segment, among all segments that are given.

    The diagnostics are placed in the files; queries that are no segments have none. A segment that is given
    twice, with the same id, is one.
    """
    account = _Account()
    return [[] if query.segment is None else list(account.judge(query)) for query in queries]


class _Account:
    """The segments that were met so far."""

    def __init__(self) -> None:
        self.named: dict[str, QuerySource] = {}
        self.ids: set[str] = set()
        self.count = 0

    def judge(self, query: QuerySource) -> Iterator[Diagnostic]:
        """Yield what is to be said of one more segment."""
        assert query.segment is not None
        yield from _name_length(query)
        is_new = query.segment.id is None or query.segment.id not in self.ids
        if query.segment.id is not None:
            self.ids.add(query.segment.id)
        if is_new:
            yield from self._one_more(query)
        yield from _parent_lists(query)

    def _one_more(self, query: QuerySource) -> Iterator[Diagnostic]:
        assert query.segment is not None
        if query.name:
            first = self.named.setdefault(query.name, query)
            if first is not query:
                yield _found(
                    "duplicate-segment-name",
                    query,
                    query.segment.name_span,
                    "another segment has this name",
                    f"names are unique in an account; the other is at {_place_of_name(first)}",
                )
        self.count += 1
        if self.count == MOST_SEGMENTS + 1:
            yield _found(
                "too-many-segments",
                query,
                query.segment.name_span,
                f"this is segment {self.count} of those given",
                f"an account has at most {MOST_SEGMENTS} segments; delete those that nothing is sent to",
            )


def _name_length(query: QuerySource) -> Iterator[Diagnostic]:
    assert query.segment is not None
    if query.name is None or 1 <= len(query.name) <= LONGEST_NAME:
        return
    message = f"a name of {len(query.name)} characters" if query.name else "an empty name"
    help_ = f"a segment's name has 1 to {LONGEST_NAME} characters"
    yield _found("segment-name-length", query, query.segment.name_span, message, help_)


def _parent_lists(query: QuerySource) -> Iterator[Diagnostic]:
    assert query.segment is not None
    lists = query.segment.parent_lists
    if len(lists) > MOST_PARENT_LISTS:
        yield _found(
            "too-many-parent-lists",
            query,
            lists[MOST_PARENT_LISTS].span,
            f"a segment of {len(lists)} parent lists",
            "a segment takes its members from one list, or from all contacts; ask for membership of several "
            "in the query, with list_ids",
        )
    for item in lists:
        if not _UUID.fullmatch(item.value):
            yield _malformed(query, item)


def _malformed(query: QuerySource, item: ListId) -> Diagnostic:
    return _found(
        "malformed-list-id",
        query,
        item.span,
        "this is no list id",
        "a list id is a UUID, like 115715d0-0000-4000-8000-000000000001; not the list's name",
        Severity.WARNING,
    )


def _place_of_name(query: QuerySource) -> str:
    assert query.segment is not None
    place = query.source_map.file.position(query.segment.name_span.start)
    return f"{query.file}:{place.line}:{place.column}"


def _found(
    code: str, query: QuerySource, span: Span, message: str, help_: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    """Return a diagnostic at a place in the query's file."""
    start = query.source_map.file.position(span.start)
    end = query.source_map.file.position(span.end)
    return Diagnostic(code, severity, message, start.line, start.column, end.line, end.column, help=help_)
