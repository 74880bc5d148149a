"""The queries that a command is about: each under a name, until it is a segment or its errors are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

from sql_seg.checking.checker import CheckedQuery
from sql_seg.diagnostics import Diagnostic, formats
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.diagnostics.query_errors import QueryError, QuerySyntaxError
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from sql_seg.segments.segment import Segment
from sql_seg.sources import Gathered, QuerySource
from sql_seg.syntax.nodes import Query

_LONGEST_NAME = 80


@dataclass(slots=True)
class Candidate:
    """A query that may be a segment; ``name`` is what people call it, and no other's.

    ``segment`` is None until it is checked, and where it has errors: ``refusal`` has these, and what else was
    said. ``assumed_types`` has what it takes custom fields for that a schema lacked, by lower-case name. It
    is parsed once, however often it is checked.
    """

    name: str
    query: QuerySource
    segment: Segment | None = None
    refusal: Sequence[Diagnostic] = ()
    assumed_types: dict[str, DataType] = field(default_factory=dict)
    _tree: Query | None = None
    _schema: Schema | None = None
    _warnings: list[Diagnostic] | None = None

    def check(self, schema: Schema) -> None:
        """Make it a segment over a schema, or find its errors."""
        if self.segment is not None and self._schema == schema:
            return
        self._schema, self.segment, self._warnings = schema, None, None
        try:
            self.segment = Segment(self.tree, schema, parent_list_ids=self.query.parent_list_ids)
        except QueryError as error:
            self.refusal = error.diagnostics
        else:
            self.assumed_types |= self.segment.checked.assumed_types

    @property
    def tree(self) -> Query:
        """The syntax tree. Raises QuerySyntaxError."""
        if self._tree is None:
            self._tree = self.query.parsed()
        return self._tree

    @property
    def errors(self) -> list[Diagnostic]:
        """Why it is no segment."""
        return [item for item in self.refusal if item.is_error]

    @property
    def warnings(self) -> list[Diagnostic]:
        """What is to be said of a query that is previewed: infos are for those who check it."""
        if self._warnings is None:
            self._warnings = [] if self.segment is None else self.segment._lint(infos=False)
        return self._warnings

    def report(self, diagnostics: Sequence[Diagnostic]) -> QueryReport:
        """Return diagnostics of the query with their places in its file."""
        return self.query.report(diagnostics)

    def concise(self, diagnostics: Sequence[Diagnostic]) -> list[str]:
        """Return a line for each of some diagnostics."""
        return formats.render("concise", [self.report(diagnostics)]).splitlines()


class ColumnUse(NamedTuple):
    """The type that a query takes a custom field for."""

    type: DataType
    by: Candidate


@dataclass(slots=True)
class Candidates:
    """All queries that a command is about; ``failures`` say which files could not be read.

    They are ``many`` if people gave a folder, several queries, or a file with more segments than one.
    """

    many: bool
    all: list[Candidate] = field(default_factory=list)
    failures: list[SegmentFileError] = field(default_factory=list)

    @property
    def segments(self) -> dict[str, Segment]:
        """Those that are segments, by name."""
        return {one.name: one.segment for one in self.all if one.segment is not None}

    def labels(self) -> list[str]:
        """Return the name of each; a single text is not called "the query" but as it is."""
        if self.many:
            return [one.name for one in self.all]
        return [_name(one.query, None, is_one_file=True) for one in self.all]

    def that(self, ask: Callable[[CheckedQuery], bool]) -> list[Candidate]:
        """Return the segments of which something is true."""
        return [one for one in self.all if one.segment is not None and ask(one.segment.checked)]

    def uses(self) -> dict[str, list[ColumnUse]]:
        """Return for each custom field the types that queries take it for, each with the first query."""
        uses: dict[str, list[ColumnUse]] = {}
        for one in self.all:
            for name, data_type in one.assumed_types.items():
                known = uses.setdefault(name, [])
                if data_type not in [use.type for use in known]:
                    known.append(ColumnUse(data_type, one))
        return uses

    def check(self, schema: Schema) -> list[Candidate]:
        """Check all that had no errors so far, and return those that have some now."""
        sound = [candidate for candidate in self.all if not candidate.refusal]
        for candidate in sound:
            candidate.check(schema)
        return [candidate for candidate in sound if candidate.refusal]

    def parse(self) -> Iterator[tuple[Candidate, Query | QuerySyntaxError]]:
        """Yield each query with its syntax tree, or with the error where it has none."""
        for candidate in self.all:
            try:
                yield candidate, candidate.tree
            except QuerySyntaxError as error:
                candidate.refusal = error.diagnostics
                yield candidate, error


def subject(some: Sequence[Candidate], verb: str) -> str:
    """Return queries as the subject of a sentence, with its verb: ``vip.sql and 2 more ask``."""
    first, *others = some
    return f"{first.name} and {len(others):,} more {verb}" if others else f"{first.name} {verb}s"


def candidates_of(gathered: Gathered) -> Candidates:
    """Return queries under names; what could not be read is among the failures.

    Raises SegmentFileError, with all that is wrong, if there is no query.
    """
    found, failed, places = gathered.queries, list(gathered.failures), gathered.places
    folders = [Path(place) for place in places if place and Path(place).is_dir()]
    if not found:
        raise joined(failed)
    if not folders and len(found) == 1:
        (query,) = found
        is_file = not query.is_argument and query.file != "<stdin>"
        name = _name(query, None, is_one_file=True) if is_file else "the query"
        return Candidates(False, [Candidate(name, query)], failed)
    folder = folders[0] if len(places) == 1 and folders else None
    names = _names(found, folder, is_one_file=len(places) == 1)
    return Candidates(True, list(map(Candidate, names, found)), failed)


def joined(errors: Sequence[SegmentFileError]) -> SegmentFileError:
    """Return several errors as one."""
    if len(errors) == 1:
        return errors[0]
    first, *others = errors
    more = [FileProblem(0, 0, message) for error in others for message in str(error).split("\n")]
    return _SeveralError(first.file, [*first.problems, *more], "\n".join(map(str, errors)))


class _SeveralError(SegmentFileError):
    """What is wrong with several files."""

    def __init__(self, file: str, problems: Sequence[FileProblem], said: str) -> None:
        super().__init__(file, problems)
        self.said = said

    def __str__(self) -> str:
        return self.said


def _names(queries: Sequence[QuerySource], folder: Path | None, *, is_one_file: bool) -> list[str]:
    """Return what each query is called; a name that another has already gets a number."""
    names: dict[str, None] = {}
    for query in queries:
        name = first = _name(query, folder, is_one_file=is_one_file)
        number = 1
        while name in names:
            number += 1
            name = f"{first} #{number}"
        names[name] = None
    return list(names)


def _name(query: QuerySource, folder: Path | None, *, is_one_file: bool) -> str:
    """Return the file of a query, seen from the folder, and the segment's name in it, as far as there are."""
    if query.is_argument:
        text = " ".join(query.text.split())
        return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
    path = PurePath(query.file)
    if folder is None:
        file = path.name if is_one_file else path.as_posix()
        return query.name or file if is_one_file or not query.name else f"{file}: {query.name}"
    file = path.relative_to(folder).as_posix()
    return f"{file}: {query.name}" if query.name else file
