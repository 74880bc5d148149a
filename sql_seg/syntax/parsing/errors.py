"""The error of a text that does not parse: what is wrong with it, once that it is wrong is known."""

from __future__ import annotations

from sql_seg.diagnostics import Finding, place
from sql_seg.diagnostics.source import Span
from sql_seg.errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.nodes import MOST_LEVELS
from sql_seg.syntax.parsing.complaints import complain
from sql_seg.syntax.parsing.refused import refused_constructs
from sql_seg.syntax.parsing.tokens import Tokens


def too_long(text: str, most_bytes: int) -> QuerySyntaxError:
    """Return the error of a text past the bound."""
    finding = Finding(
        "text-too-long",
        Span(0, 0),
        f"the text is longer than {most_bytes:,} bytes",
        help="put the contacts on a list, and ask for its id in list_ids",
    )
    return QuerySyntaxError(place([finding], text), text)


def too_deep(text: str, span: Span) -> QuerySyntaxError:
    """Return the error of a text that nests past the bound, at a place."""
    finding = Finding(
        "nesting-too-deep",
        span,
        f"the query nests deeper than {MOST_LEVELS} levels here",
        help="a chain of ANDs or ORs is one level: leave out parentheses that it does not need",
    )
    return QuerySyntaxError(place([finding], text), text)


def misfit(read: Tokens, index: int, accepted: set[str], dialect: Dialect) -> QuerySyntaxError:
    """Return the error of a text whose token at ``index`` is none of the ``accepted`` types."""
    return _explained(read, complain(read.tokens, index, accepted, dialect), index, dialect)


def refused(read: Tokens, finding: Finding, dialect: Dialect) -> QuerySyntaxError:
    """Return the error of a text that fits the grammar, but says nothing: what the builder has found."""
    index = next(i for i, token in enumerate(read.tokens) if token.end > finding.span.start)
    if finding.code in _SELF_EXPLAINED:
        later = refused_constructs(read.tokens, index, dialect)
        behind = [other for other in later if other.span.start > finding.span.start]
        return QuerySyntaxError(place([finding, *behind], read.text), read.text)
    return _explained(read, finding, index, dialect)


_SELF_EXPLAINED = ("number-out-of-range", "half-character")
"""What is wrong with a token by itself: nothing around it explains that."""


def _explained(read: Tokens, finding: Finding, index: int, dialect: Dialect) -> QuerySyntaxError:
    """Return the error with the refused constructs of the text behind it; one may explain it all."""
    tokens = read.tokens
    constructs = refused_constructs(tokens, index, dialect)
    if not constructs or constructs[0].span.start > tokens[index].start:
        constructs = [finding, *constructs]
    return QuerySyntaxError(place(constructs, read.text), read.text)
