"""Parsing: tokens through the grammar's automaton, and one error in human words where they do not fit."""

from __future__ import annotations

from functools import cache

from sql_seg.collecting import seldom_collected
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.syntax.nodes import MOST_LEVELS, NestingError, Query, refuse_deep, remember_text
from sql_seg.syntax.parsing.automaton import Automaton, DoesNotFitError
from sql_seg.syntax.parsing.builder import Builder, RefusedTextError
from sql_seg.syntax.parsing.tables import tables
from sql_seg.syntax.parsing.tokens import Tokens, tokenize

MOST_BYTES = 2**20
"""How long a text may be, in bytes of UTF-8."""


@seldom_collected
def parse(text: str, dialect: Dialect | str | None = None) -> Query:
    """Return the syntax tree of a query.

    ``dialect`` is ``"v1"`` or ``"v2"``; None detects it: v2 if the text starts as a SQL statement does.

    Raises QuerySyntaxError, with the first error placed and explained, then what else is wrong: refused
    constructs in the rest of the text, and what is found there once an error with a fix is fixed.
    """
    if not isinstance(text, str):
        raise TypeError(f"a query is a str, not {type(text).__name__}")
    chosen = detect_dialect(text) if dialect is None else Dialect(dialect)
    if len(text) > MOST_BYTES or not (text.isascii() or _is_short(text)):
        from sql_seg.syntax.parsing.syntax_error import too_long

        raise too_long(text, MOST_BYTES)
    query = _built(tokenize(text, chosen), chosen)
    remember_text(query, text)
    return query


def comments(text: str, dialect: Dialect | str | None = None) -> list[Span]:
    """Return the places of the comments in a text."""
    chosen = detect_dialect(text) if dialect is None else Dialect(dialect)
    return tokenize(text, chosen).comments


@cache
def automaton(dialect: Dialect) -> Automaton:
    """Return the automaton of a dialect, which makes nodes."""
    return Automaton(tables(dialect), Builder(dialect))


def _built(read: Tokens, dialect: Dialect) -> Query:
    """Return the syntax tree of tokens; what is said of those that have none is imported only for that."""
    try:
        _refuse_deep_brackets(read)
        query: Query = automaton(dialect).run(read)
        if len(read.types) > MOST_LEVELS:  # each level takes a token
            refuse_deep(query)
        return query
    except NestingError as error:
        from sql_seg.syntax.parsing.syntax_error import too_deep

        raise too_deep(read.text, error.span) from None
    except RefusedTextError as error:
        from sql_seg.syntax.parsing.syntax_error import refused

        raise refused(read, error.finding, dialect) from None
    except DoesNotFitError:
        from sql_seg.syntax.parsing.syntax_error import misfit

        raise misfit(read, *automaton(dialect).fit(read.types), dialect) from None


def _is_short(text: str) -> bool:
    return len(text.encode(errors="surrogatepass")) <= MOST_BYTES


def _refuse_deep_brackets(read: Tokens) -> None:
    """Raise NestingError at the first parenthesis that nests too deep.

    Those of an IN list or subquery do not count.
    """
    if read.types.count("LPAR") <= MOST_LEVELS:
        return
    opened: list[bool] = []
    depth = 0
    previous = ""
    for kind, end in zip(read.types, read.ends, strict=True):
        if kind == "LPAR":
            counts = previous != "IN"
            opened.append(counts)
            depth += counts
            if depth > MOST_LEVELS:
                raise NestingError(Span(end - 1, end))
        elif kind == "RPAR" and opened:
            depth -= opened.pop()
        previous = kind
