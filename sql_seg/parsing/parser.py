"""Parsing: tokens through the grammar's tables, and one error in human words where they do not fit."""

from __future__ import annotations

from functools import cache

from sql_seg.datatypes import Dialect
from sql_seg.diagnostics import Finding, place
from sql_seg.dialects import detect_dialect
from sql_seg.errors import QuerySyntaxError
from sql_seg.nodes import MOST_LEVELS, NestingError, Query, refuse_deep, remember_text
from sql_seg.parsing.automaton import Automaton, DoesNotFitError
from sql_seg.parsing.builder import Builder, RefusedTextError
from sql_seg.parsing.complaints import complain
from sql_seg.parsing.grammar import tables
from sql_seg.parsing.refused import refused_constructs
from sql_seg.parsing.tokens import Token, Tokens, tokenize
from sql_seg.source import Span

MOST_BYTES = 2**20
"""How long a text may be, in bytes of UTF-8."""


def parse(text: str, dialect: Dialect | str | None = None) -> Query:
    """Return the syntax tree of a query.

    ``dialect`` is ``"v1"`` or ``"v2"``; None detects it: v2 if the text starts as a SQL statement does.

    Raises QuerySyntaxError, with the one error placed and explained (and any refused constructs in
    the rest of the text).
    """
    if not isinstance(text, str):
        raise TypeError(f"a query is a str, not {type(text).__name__}")
    chosen = detect_dialect(text) if dialect is None else Dialect(dialect)
    if len(text) > MOST_BYTES or len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise _error(text, [_too_long()])
    tokens = tokenize(text, chosen)
    if tokens.types.count("LPAR") > MOST_LEVELS and (too_deep := _too_deep_bracket(tokens.tokens)):
        raise _error(text, [_nesting_finding(too_deep.span)])
    try:
        query: Query = automaton(chosen).run(tokens)
        if len(tokens.types) > MOST_LEVELS:  # each level takes a token
            refuse_deep(query)
    except DoesNotFitError:
        raise _error(text, _misfits(tokens, chosen)) from None
    except RefusedTextError as error:
        raise _error(text, _refused(tokens, error.finding, chosen)) from None
    except NestingError as error:
        raise _error(text, [_nesting_finding(error.span)]) from None
    remember_text(query, text)
    return query


@cache
def automaton(dialect: Dialect) -> Automaton:
    """Return the automaton of a dialect, which makes nodes."""
    return Automaton(tables(dialect), Builder(dialect))


def comments(text: str, dialect: Dialect | str | None = None) -> list[Span]:
    """Return the places of the comments in a text."""
    chosen = detect_dialect(text) if dialect is None else Dialect(dialect)
    return tokenize(text, chosen).comments


def _misfits(read: Tokens, dialect: Dialect) -> list[Finding]:
    """Return what is wrong with a text that is none of the grammar."""
    index, accepted = automaton(dialect).fit(read.types)
    tokens = read.tokens
    refused = refused_constructs(tokens, index, dialect)
    if refused and refused[0].span.start <= tokens[index].start:
        return refused
    return [complain(tokens, index, accepted, dialect), *refused]


def _refused(read: Tokens, finding: Finding, dialect: Dialect) -> list[Finding]:
    """Return a finding of the builder's, or the refused constructs that explain it."""
    tokens = read.tokens
    index = next(i for i, token in enumerate(tokens) if token.start >= finding.span.start)
    refused = refused_constructs(tokens, index, dialect)
    if refused and refused[0].span.start <= tokens[index].start:
        return refused
    return [finding, *refused]


def _too_deep_bracket(tokens: list[Token]) -> Token | None:
    """Return the first parenthesis that nests too deep; those of an IN list or subquery do not count."""
    opened: list[bool] = []
    depth = 0
    previous = ""
    for token in tokens:
        if token.type == "LPAR":
            counts = previous != "IN"
            opened.append(counts)
            depth += counts
            if depth > MOST_LEVELS:
                return token
        elif token.type == "RPAR" and opened:
            depth -= opened.pop()
        previous = token.type
    return None


def _nesting_finding(span: Span) -> Finding:
    return Finding(
        "nesting-too-deep",
        span,
        f"the query nests deeper than {MOST_LEVELS} levels here",
        help="a chain of ANDs or ORs is one level: leave out parentheses that it does not need",
    )


def _too_long() -> Finding:
    return Finding(
        "text-too-long",
        Span(0, 0),
        f"the text is longer than {MOST_BYTES:,} bytes",
        help="put the contacts on a list, and ask for its id in list_ids",
    )


def _error(text: str, findings: list[Finding]) -> QuerySyntaxError:
    return QuerySyntaxError(place(findings, text), text)
