"""What reports are made of: queries, each with its file and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from sql_seg.diagnostics import Diagnostic, Safety, Severity
from sql_seg.diagnostics.source_map import SourceMap
from sql_seg.frozen import frozen


@frozen
class QueryReport:
    """One query: its file, its text, and its diagnostics, whose lines and columns are places in the file.

    ``source_map`` says where in the file it stands, ``segment`` is the name of its segment if it has one. Of
    a file that cannot be read there is no text, and no dialect.
    """

    file: str
    text: str
    dialect: str | None
    diagnostics: Sequence[Diagnostic]
    source_map: SourceMap
    segment: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether nothing that is said is an error."""
        return not any(diagnostic.is_error for diagnostic in self.diagnostics)

    @property
    def is_query(self) -> bool:
        """Whether a query was read, whatever is wrong with it."""
        return self.dialect is not None


class RuleText(Protocol):
    """The documentation of a code."""

    @property
    def code(self) -> str:
        """The code."""
        ...

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        ...

    @property
    def summary(self) -> str:
        """What it finds, in a few words."""
        ...

    @property
    def why(self) -> str:
        """Why that is bad."""
        ...

    @property
    def example(self) -> str:
        """A text that it finds."""
        ...

    @property
    def instead(self) -> str:
        """What to write instead."""
        ...


@frozen
class ReportContext:
    """What reports need beside the queries.

    ``color`` is for terminals, and so is ``width``, the columns that there are; ``rules`` are documented in
    SARIF, whose tool has a ``version``.
    """

    color: bool = False
    rules: Iterable[RuleText] = ()
    version: str = ""
    width: int | None = None


def is_safely_fixable(diagnostic: Diagnostic) -> bool:
    """Return whether a diagnostic has a fix that keeps the segment's members."""
    return diagnostic.fix is not None and diagnostic.fix.safety is Safety.SAFE
