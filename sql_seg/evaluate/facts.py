"""What is known at a place of generated code, and expressions that know what they teach.

A *fact* is that a local variable is bound, that it is not None, or more. An expression is built with the
facts before it, and says which hold after it came out true and after it came out false.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from sql_seg.evaluate import python_nodes as syntax

Facts = frozenset[str]
"""``x``: the variable x is bound; ``x!``: it is not None; ``x~``: it is a list of texts; ``x?``: it is of
its column's type, or NULL."""

_MOST_FACTS = 500
"""A query that reads more than so many values reads some of them again: sets of facts stay small."""


class Code(NamedTuple):
    """An expression with the facts that hold after it was true, and after it was false."""

    node: ast.expr
    when_true: Facts
    when_false: Facts


class GuardedValue(NamedTuple):
    """An expression for a value that is not None once all its guards were true, one after the other."""

    guards: list[Code]
    node: ast.expr
    facts: Facts


def learned(facts: Facts, fact: str) -> Facts:
    """Return the facts with one more."""
    return facts if len(facts) >= _MOST_FACTS else facts | {fact}


def conjunction(codes: Sequence[Code]) -> Code:
    """Return ``code and …``; each was written with the facts after those before it were true."""
    node = syntax.conjunction([code.node for code in codes])
    return Code(node, codes[-1].when_true, frozenset.intersection(*[code.when_false for code in codes]))


def disjunction(codes: Sequence[Code], facts: Facts) -> Code:
    """Return ``code or …``; each was written with the facts after those before it were false."""
    if not codes:
        return Code(syntax.FALSE, facts, facts)
    node = syntax.disjunction([code.node for code in codes])
    return Code(node, frozenset.intersection(*[code.when_true for code in codes]), codes[-1].when_false)


def opposite(code: Code) -> Code:
    """Return ``not code``."""
    return Code(syntax.inverse(code.node), code.when_false, code.when_true)
