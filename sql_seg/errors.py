"""The errors that sql-seg raises; all are ``SqlSegError``.

Those of queries, which hold diagnostics, are in ``diagnostics/query_errors.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class SqlSegError(Exception):
    """The base of all errors that sql-seg raises on purpose."""


class QueryJsonError(SqlSegError, ValueError):
    """A JSON object that is no query; ``path`` is the place inside it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class SchemaError(SqlSegError, ValueError):
    """Field definitions that cannot be: a bad shape, type or name."""


class FileProblem(NamedTuple):
    """What is wrong at a place of a file; line and column count from 1, and are 0 where there is no place."""

    line: int
    column: int
    message: str


class SegmentFileError(SqlSegError, ValueError):
    """A file of queries, or of tests, that cannot be read: ``problems`` says why, and where in ``file``."""

    def __init__(self, file: str, problems: Sequence[FileProblem]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(map(self._said, self.problems))

    def _said(self, problem: FileProblem) -> str:
        if not problem.line:
            return f"{self.file}: {problem.message}"
        return f"{self.file}, line {problem.line}, column {problem.column}: {problem.message}"


class RecordError(SqlSegError, ValueError):
    """A record holds a value that its column cannot hold.

    ``key``, ``value`` and ``expected`` name what was met; ``file``, ``row`` (from 1, the header of
    a CSV file included) and ``column`` say where, as far as it is known. ``can_be_skipped`` is whether
    ``on_error="skip"`` goes on without it.
    """

    def __init__(
        self,
        message: str,
        *,
        key: str | None = None,
        value: Any = None,
        expected: str | None = None,
        file: str | None = None,
        row: int | None = None,
        can_be_skipped: bool = False,
    ) -> None:
        super().__init__(message)
        self.can_be_skipped = can_be_skipped
        self.key = key
        self.value = value
        self.expected = expected
        self.file = file
        self.row = row

    @property
    def column(self) -> str | None:
        """The column's name, where the record came from a file."""
        return self.key


class NeedsEventsError(SqlSegError, ValueError):
    """A query that asks for events was asked of a contact without any being given: ``()`` is none."""


class DataWarning(UserWarning):
    """An answer rests on data that lacks what the query reads: a column, list ids, events."""


class NeedsDatasetError(SqlSegError, ValueError):
    """A query whose answer for one contact depends on other contacts."""


class CannotCombineError(SqlSegError, ValueError):
    """Segments whose union, difference and the like no single query can say."""


class UnsupportedSqlError(SqlSegError, ValueError):
    """A query, or a value in it, that an engine's SQL cannot say or hold; ``engine`` is its name."""

    def __init__(self, engine: str, reason: str) -> None:
        super().__init__(engine, reason)
        self.engine = engine
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.engine} cannot run this query: {self.reason}"


class EngineError(SqlSegError, RuntimeError):
    """An engine could not do its work: no room, no memory, a file that cannot be written."""
