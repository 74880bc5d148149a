"""What comes out of checking: a query with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sql_seg.core.terms import Meaning, Term
from sql_seg.diagnostics import Diagnostic
from sql_seg.frozen import field, frozen
from sql_seg.syntax.nodes import Expression, Query


@frozen
class CheckedQuery(Meaning):
    """A query that is valid: its tree, what it means, and what was found out on the way.

    ``diagnostics`` are warnings and infos. ``terms`` are the terms of the query's expressions, by ``id`` of
    the node; see ``term_of``. ``table_rows`` are the rows that its tables stand for, by ``id`` of the node.
    """

    query: Query = field(kw_only=True)
    diagnostics: tuple[Diagnostic, ...] = field(default=(), kw_only=True)
    terms: Mapping[int, Term] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False, kw_only=True
    )
    table_rows: Mapping[int, int] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False, kw_only=True
    )

    def term_of(self, node: Expression) -> Term | None:
        """Return what an expression of the query was resolved to, before any conversion."""
        return self.terms.get(id(node))
