"""Checking a whole query."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from sql_seg.checking.expressions import Expressions
from sql_seg.checking.findings import ERROR, Assumptions, Findings
from sql_seg.checking.scope import Scope
from sql_seg.checking.select import SelectInference
from sql_seg.core.terms import CheckedQuery, SomeEvent, Term
from sql_seg.diagnostics import Diagnostic, place
from sql_seg.language.schema import Schema
from sql_seg.syntax import nodes


class Checked(NamedTuple):
    """What came of a check: the query if it is valid, and all that is to be said of it."""

    query: CheckedQuery | None
    diagnostics: list[Diagnostic]


def check_query(query: nodes.Query, schema: Schema) -> Checked:
    """Check a query that was parsed from a text, against the columns of an account.

    A lenient schema takes two passes: the first learns from their use what types unknown columns
    have, the second checks every use.
    """
    text = query.text
    if text is None:
        raise ValueError("a query without a text has no places to report")
    assumptions = Assumptions()
    if schema.lenient:
        _infer(query, schema, Findings(text, query.dialect, assumptions))
    assumptions.settled = True
    findings = Findings(text, query.dialect, assumptions)
    term = _infer(query, schema, findings)
    diagnostics = place(findings.items, text)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        return Checked(None, diagnostics)
    checked = CheckedQuery(query, schema, term, tuple(diagnostics), assumptions.known_types(), findings.terms)
    return Checked(checked, diagnostics)


def _infer(query: nodes.Query, schema: Schema, findings: Findings) -> Term:
    if isinstance(query, nodes.Select):
        return SelectInference(query, schema, findings, count(1)).query_term()
    assert isinstance(query, nodes.Predicate)
    scope = Scope.of_predicate(schema)
    event = scope.tables[1].row
    condition = Expressions(scope, findings).condition(query.where, "a v1 query")
    if condition is ERROR or event not in scope.used_rows:
        return condition
    return SomeEvent((event,), condition, or_none=True, span=query.span)
