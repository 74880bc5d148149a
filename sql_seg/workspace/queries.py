"""The queries that a preview is of: each under a name, until it is a segment or its errors are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

from sql_seg import report
from sql_seg.checked import CheckedQuery
from sql_seg.cli import inputs
from sql_seg.cli.inputs import Input
from sql_seg.cli.output import Failure
from sql_seg.datatypes import DataType, Dialect
from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.errors import QueryError, SegmentFileError
from sql_seg.report import QueryReport
from sql_seg.schema import Schema
from sql_seg.segment import Segment
from sql_seg.segment_files import QuerySource, queries_in


@dataclass(slots=True)
class Candidate:
    """A query that may be a segment; ``name`` is what people call it, and no other's.

    ``segment`` is None until it is checked, and where it has errors: ``refusal`` has these, and what else was
    said. ``assumed_types`` has what it takes custom fields for that a schema lacked, by lower-case name.
    """

    name: str
    query: QuerySource
    segment: Segment | None = None
    refusal: Sequence[Diagnostic] = ()
    assumed_types: dict[str, DataType] = field(default_factory=dict)

    def check(self, schema: Schema) -> None:
        """Make it a segment over a schema, or find its errors."""
        self.segment = None
        try:
            self.segment = Segment(
                self.query.text, schema, self.query.dialect, parent_list_ids=self.query.parent_list_ids
            )
        except QueryError as error:
            self.refusal = error.diagnostics
        else:
            self.assumed_types |= self.segment.checked.assumed_types

    @property
    def errors(self) -> list[Diagnostic]:
        """Why it is no segment."""
        return [item for item in self.refusal if item.is_error]

    @property
    def warnings(self) -> list[Diagnostic]:
        """What is to be said of a query that is previewed: infos are for those who check it."""
        said = [] if self.segment is None else self.segment.diagnostics
        return [item for item in said if item.severity is not Severity.INFO]

    def report(self, diagnostics: Sequence[Diagnostic]) -> QueryReport:
        """Return diagnostics of the query with their places in its file."""
        return self.query.report(diagnostics)

    def concise(self, diagnostics: Sequence[Diagnostic]) -> list[str]:
        """Return a line for each of some diagnostics."""
        return report.render("concise", [self.report(diagnostics)]).splitlines()


class Use(NamedTuple):
    """The type that a query takes a custom field for."""

    type: DataType
    by: Candidate


@dataclass(slots=True)
class Candidates:
    """All queries of a preview; ``failures`` say which files could not be read.

    They are ``many`` if people gave a directory, or a file with more segments than one.
    """

    many: bool
    all: list[Candidate] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def segments(self) -> dict[str, Segment]:
        """Those that are segments, by name."""
        return {one.name: one.segment for one in self.all if one.segment is not None}

    def that(self, ask: Callable[[CheckedQuery], bool]) -> list[Candidate]:
        """Return the segments of which something is true."""
        return [one for one in self.all if one.segment is not None and ask(one.segment.checked)]

    def uses(self) -> dict[str, list[Use]]:
        """Return for each custom field the types that queries take it for, each with the first query."""
        uses: dict[str, list[Use]] = {}
        for one in self.all:
            for name, data_type in one.assumed_types.items():
                known = uses.setdefault(name, [])
                if data_type not in [use.type for use in known]:
                    known.append(Use(data_type, one))
        return uses

    def check(self, schema: Schema) -> list[Candidate]:
        """Check all that had no errors so far, and return those that have some now."""
        sound = [candidate for candidate in self.all if not candidate.refusal]
        for candidate in sound:
            candidate.check(schema)
        return [candidate for candidate in sound if candidate.refusal]


def subject(some: Sequence[Candidate], verb: str) -> str:
    """Return queries as the subject of a sentence, with its verb: ``vip.sql and 2 more ask``."""
    first, *others = some
    return f"{first.name} and {len(others):,} more {verb}" if others else f"{first.name} {verb}s"


def read_candidates(file: str | None, query: str | None, dialect: Dialect | None) -> Candidates:
    """Return the queries of a file, a directory, standard input, or the command line.

    Raises Failure if none can be read.
    """
    folder = Path(file) if file and file != inputs.STDIN and Path(file).is_dir() else None
    found: list[QuerySource] = []
    failures: list[Failure] = []
    for read in inputs.read_one_place(file, query):
        try:
            found += _queries_in(read, dialect)
        except Failure as failure:
            failures.append(failure)
    if not found:
        raise Failure("\n".join(failure.message for failure in failures))
    if folder is None and len(found) == 1:
        return Candidates(False, [Candidate("the query", found[0])])
    names = _names(found, folder)
    return Candidates(True, list(map(Candidate, names, found)), failures)


def _queries_in(read: Input | Failure, dialect: Dialect | None) -> list[QuerySource]:
    if isinstance(read, Failure):
        raise read
    try:
        return queries_in(read.text, read.name, dialect)
    except SegmentFileError as error:
        raise Failure(str(error)) from error


def _names(queries: Sequence[QuerySource], folder: Path | None) -> list[str]:
    """Return what each query is called; a name that another has already gets a number."""
    names: dict[str, None] = {}
    for query in queries:
        name = first = _name(query, folder)
        number = 1
        while name in names:
            number += 1
            name = f"{first} #{number}"
        names[name] = None
    return list(names)


def _name(query: QuerySource, folder: Path | None) -> str:
    """Return the file of a query, seen from the folder, and the segment's name in it, as far as there are."""
    path = PurePath(query.file)
    if folder is None:
        return query.name or path.name
    file = path.relative_to(folder).as_posix()
    return f"{file}: {query.name}" if query.name else file
