"""Checking a whole query, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType

from sql_seg.checking.expressions import ExpressionChecker
from sql_seg.checking.findings import ERROR, Assumptions, Findings
from sql_seg.checking.scope import Scope
from sql_seg.checking.select import SelectInference
from sql_seg.collecting import seldom_collected
from sql_seg.core.terms import Meaning, SomeEvent, Term
from sql_seg.diagnostics import Diagnostic, Finding, Severity, place
from sql_seg.diagnostics.query_errors import CheckError
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import Expression, Query


@frozen
class CheckedQuery(Meaning):
    """A query that is valid: its tree, what it means, and what was found out on the way.

    ``diagnostics`` are what checking has to say of it. ``terms`` are the terms of the query's expressions, by
    ``id`` of the node; see ``term_of``. ``table_rows`` are the rows that its tables stand for, by ``id`` too.
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


def check(query: nodes.Query, schema: Schema | None = None) -> CheckedQuery:
    """Resolve and type a query against an account's columns.

    ``schema`` None is ``SENDGRID``: the reserved columns alone. A query that was made by hand is
    reported on in its canonical text. What else there is to be said of a valid query, ``lint`` says.

    Raises CheckError, which holds all errors at once.
    """
    placed = query if query.text is not None else _with_text(query)
    checked = check_query(placed, SENDGRID if schema is None else schema)
    if checked.sound_parts is not None:
        raise CheckError(list(checked.diagnostics), placed.text or "")
    return checked


def _with_text(query: nodes.Query) -> nodes.Query:
    """Return a query that was made by hand as its canonical text says it."""
    from sql_seg.syntax.formatting import to_text  # imported only where there is no text
    from sql_seg.syntax.parsing import parse

    return parse(to_text(query), query.dialect)


@seldom_collected
def check_query(query: nodes.Query, schema: Schema) -> CheckedQuery:
    """Check a query that was parsed from a text, against the columns of an account.

    Of one that has errors, ``sound_parts`` are what is sound of it, for ``lint``; ``diagnostics`` say all.

    A lenient schema takes two passes: the first learns from their use what types unknown columns
    have, the second checks every use.
    """
    text = query.text
    if text is None:
        raise ValueError("a query without a text has no places to report")
    term, findings = _inferred(query, schema, text)
    is_valid = all(finding.severity is not Severity.ERROR for finding in findings.items)
    items = findings.items if is_valid else _proven(findings, query, schema)
    if not is_valid and query.dialect is Dialect.V1 and "--" in text:
        from sql_seg.syntax.parsing.v1_comments import with_comments  # imported only where there may be one

        items = with_comments(items, text)
    known_types = findings.assumptions.known_types()
    parts = None if is_valid else (*findings.sound_parts, *([term] if term is not ERROR else []))
    return CheckedQuery(
        schema,
        term,
        known_types,
        parts,
        text,
        query=query,
        diagnostics=tuple(place(items, text)),
        terms=findings.terms,
        table_rows=findings.table_rows,
    )


def _proven(findings: Findings, query: nodes.Query, schema: Schema) -> list[Finding]:
    """Return what was found, with those fixes that write no error."""
    if not any(finding.fix is not None for finding in findings.items):
        return findings.items
    from sql_seg.checking.proving import with_proven_fixes  # imported only where there is a fix

    def errors(repaired: nodes.Query) -> list[Finding]:
        found = _inferred(repaired, schema, repaired.text or "")[1].items
        return [finding for finding in found if finding.severity is Severity.ERROR]

    return with_proven_fixes(findings.items, query, errors)


def _inferred(query: nodes.Query, schema: Schema, text: str) -> tuple[Term, Findings]:
    """Return the term of a query, and what was found on the way."""
    assumptions = Assumptions()
    if schema.lenient:
        _infer(query, schema, Findings(text, query.dialect, assumptions))
    assumptions.settled = True
    findings = Findings(text, query.dialect, assumptions)
    return _infer(query, schema, findings), findings


def _infer(query: nodes.Query, schema: Schema, findings: Findings) -> Term:
    if isinstance(query, nodes.Select):
        return SelectInference(query, schema, findings, count(1)).query_term()
    assert isinstance(query, nodes.Predicate)
    scope = Scope.of_predicate(schema)
    event = scope.tables[1].row
    inference = ExpressionChecker(scope, findings)
    condition = inference.condition(query.where, "a v1 query")
    if condition is ERROR:
        parts = inference.sound_parts
        if event in scope.used_rows:
            findings.sound_parts += [
                SomeEvent((event,), part, or_none=True, span=query.span) for part in parts
            ]
        else:
            findings.sound_parts += parts
        return ERROR
    if event not in scope.used_rows:
        return condition
    return SomeEvent((event,), condition, or_none=True, span=query.span)
