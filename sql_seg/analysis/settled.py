"""Values that are the same for every contact and at every now: constants, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sql_seg.analysis.known import FUNCTIONS as TAUGHT
from sql_seg.core.terms import Applied, Calculation, Constant, Term
from sql_seg.core.traits import constant
from sql_seg.language.functions import FUNCTIONS


def settled(term: Term) -> Constant | None:
    """Return the constant that a term is, worked out where it is a function or a calculation of constants.

    Of a function that the analysis was not taught, nothing is worked out.
    """
    if isinstance(term, Applied) and term.function in TAUGHT:
        return _applied(term, FUNCTIONS[term.function].evaluate, term.operands)
    if isinstance(term, Calculation):
        return _applied(term, term.operator.evaluate, (term.left, term.right))
    return constant(term)


def _applied(term: Term, evaluate: Any, operands: Iterable[Term]) -> Constant | None:
    values = []
    for operand in operands:
        value = settled(operand)
        if value is None:
            return None
        values.append(value.value)
    result = None if evaluate is None or None in values else evaluate(*values)
    return Constant(result, data_type=term.type, span=term.span)
