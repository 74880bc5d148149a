"""A query that was read from a file, with what the file says of its segment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sql_seg.diagnostics import Diagnostic, Edit, Fix
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.diagnostics.query_errors import QueryError, QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.diagnostics.source_map import SourceMap, whole_file
from sql_seg.errors import FileProblem, SegmentFileError, SqlSegError
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse

if TYPE_CHECKING:
    from sql_seg.sources.value_tree import Object


_LONE_LINE_FEED = re.compile(r"(?<!\r)\n")


@frozen
class ListId:
    """The id of a parent list, and its place in the file."""

    value: str
    span: Span


@frozen
class SegmentFacts:
    """What a segment file says of a segment beside its query.

    ``name`` and ``id`` are None where the file does not give them; ``name_span`` is then the whole segment's.
    ``counted`` is the segment's object where it has SendGrid's count of the members.
    """

    name: str | None
    name_span: Span
    parent_lists: tuple[ListId, ...] = ()
    id: str | None = None
    counted: Object | None = None


@frozen
class QuerySource:
    """A query with its file, its dialect, and its place in the file.

    ``segment`` is None for a file that is nothing but a query. ``is_argument`` says that it is a text of the
    command line.
    """

    file: str
    text: str
    dialect: Dialect
    source_map: SourceMap
    segment: SegmentFacts | None = None
    is_argument: bool = False
    raw: QuerySource | None = None
    """The query as its file has it, with ``${names}``, where this one has values for them."""
    header_lists: tuple[str, ...] = ()
    """The ids of the parent lists that the header of a ``.sql`` file names."""
    refusal: tuple[Diagnostic, ...] = ()
    """Why it is no query, before it is looked at: a name without a value."""

    def as_argument(self) -> QuerySource:
        """Return the same query as a text of the command line."""
        return replace(self, is_argument=True)

    def parsed(self) -> Query:
        """Return the syntax tree. Raises QuerySyntaxError."""
        if self.refusal:
            raise QuerySyntaxError(self.refusal, self.text)
        return parse(self.text, self.dialect)

    def in_file(self, error: QueryError) -> QueryError:
        """Return an error of the query with the places of the file, where names stand for values."""
        if self.raw is None:
            return error
        placed = [
            replace(
                self.source_map.placed(item),
                span=self.source_map.span_in_file(item.span),
                labels=tuple(
                    replace(label, span=self.source_map.span_in_file(label.span)) for label in item.labels
                ),
                fix=None,
            )
            for item in error.diagnostics
        ]
        return type(error)(placed, self.source_map.file.text)

    @property
    def name(self) -> str | None:
        """The segment's name, where the file gives it."""
        return None if self.segment is None else self.segment.name

    @property
    def parent_list_ids(self) -> tuple[str, ...]:
        """The ids of the lists that the segment's members come from; none is all contacts."""
        if self.segment is None:
            return self.header_lists
        return tuple(item.value for item in self.segment.parent_lists)

    @property
    def counted(self) -> Mapping[str, Any] | None:
        """The segment's parsed JSON, where it has SendGrid's own count of the members.

        Raises SegmentFileError where it is no plain JSON.
        """
        item = None if self.segment is None else self.segment.counted
        if item is None:
            return None
        from sql_seg.sources.value_tree import TreeProblem, plain  # checking needs no values

        try:
            form: Mapping[str, Any] = plain(item)
        except TreeProblem as problem:
            place = self.source_map.file.position(problem.offset)
            raise SegmentFileError(self.file, [FileProblem(*place, problem.message)]) from problem
        return form

    def report(
        self, diagnostics: Iterable[Diagnostic], about_segment: Iterable[Diagnostic] = ()
    ) -> QueryReport:
        """Return what is to be reported: diagnostics of the query, which are placed in the file here.

        ``about_segment`` are diagnostics that have their place in the file already: those of the limits.
        """
        placed = [self.source_map.placed(diagnostic) for diagnostic in diagnostics]
        both = [*about_segment, *placed]
        if about_segment:
            both.sort(key=lambda diagnostic: (diagnostic.line, diagnostic.column))
        return QueryReport(self.file, self.text, self.dialect, both, self.source_map, self.name)


def query_alone(text: str, file: str, dialect: Dialect | None = None) -> QuerySource:
    """Return the query that is all of a text: a ``.sql`` file, standard input, an argument."""
    return QuerySource(file, text, dialect or detect_dialect(text), whole_file(text))


class Gathered(NamedTuple):
    """All queries that people mean, and what could not be read; ``places`` are what they named."""

    queries: Sequence[QuerySource]
    failures: Sequence[SegmentFileError]
    places: Sequence[str]


class CannotRewriteError(SqlSegError, ValueError):
    """A query stands in its file in a form that it cannot be changed in."""


def rewrite(file_text: str, changes: Iterable[tuple[QuerySource, str]]) -> str:
    """Return a file's text with some of its queries changed to other texts; all else stays as it is.

    A YAML scalar that cannot be changed in its places is rewritten, below ``|`` where it has several
    lines. Raises CannotRewriteError where no scalar says the text.
    """
    edits: dict[Edit, None] = {}
    for query, text in changes:
        rewritten = query.source_map.rewriting(text)
        if rewritten is None and query.raw is not None:
            raise CannotRewriteError(
                f"{query.file}: the change reaches into what a ${{name}} stands for: make it by hand"
            )
        if rewritten is None:
            raise CannotRewriteError(
                f"{query.file}, line {query.source_map.file.position(query.source_map.span.start).line}: "
                "the query cannot be changed here; write it below `query_dsl: |`"
            )
        edits.update(dict.fromkeys(rewritten))
    return with_line_ends_of(file_text, apply_fixes(file_text, [Fix("", tuple(edits))]))


def with_line_ends_of(before: str, after: str) -> str:
    """Return a changed text with the line ends of the text before, where all of those are Windows' own."""
    if "\r\n" not in before or _LONE_LINE_FEED.search(before):
        return after
    return _LONE_LINE_FEED.sub("\r\n", after)
