"""Diagnostics as an exception: what is raised for a query that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sql_seg.errors import SqlSegError

if TYPE_CHECKING:
    from sql_seg.diagnostics.diagnostic import Diagnostic
    from sql_seg.diagnostics.repaired import Repaired


class QueryError(SqlSegError, ValueError):
    """A query is wrong: ``diagnostics`` says how, ``text`` is what they are placed in."""

    def __init__(self, diagnostics: Sequence[Diagnostic], text: str) -> None:
        super().__init__(diagnostics, text)
        self.diagnostics = list(diagnostics)
        self.text = text

    def __str__(self) -> str:
        from sql_seg.diagnostics import formats

        return formats.full(self.diagnostics, self.text, "<query>")


class QuerySyntaxError(QueryError):
    """A text does not parse.

    ``repaired`` is the text with the fixes of all its errors applied, where they make it a query.
    """

    def __init__(
        self, diagnostics: Sequence[Diagnostic], text: str, repaired: Repaired | None = None
    ) -> None:
        super().__init__(diagnostics, text)
        self.repaired = repaired


class CheckError(QueryError):
    """A query parses, but its names, types or shape are wrong."""
