"""Conditions of a segment, each asked as if it were a segment of its own: all of them in one scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from sql_seg.checking.checked_query import CheckedQuery
from sql_seg.core.terms import Term
from sql_seg.evaluate import Compiler, Together
from sql_seg.frozen import replace


class AskedCondition:
    """A condition over the columns of a query."""

    def __init__(self, checked: CheckedQuery, condition: Term) -> None:
        self.checked: CheckedQuery = replace(checked, condition=condition)

    @cached_property
    def _compiler(self) -> Compiler:
        """The Python that it compiles to."""
        return Compiler(self.checked)


class AskedConditions:
    """Conditions over the columns of a query, asked together."""

    def __init__(self, checked: CheckedQuery, conditions: Iterable[Term]) -> None:
        self._questions: Sequence[AskedCondition] = [AskedCondition(checked, one) for one in conditions]

    @cached_property
    def _together(self) -> Together:
        """The compiler of one pass for all of them."""
        return Together(question.checked for question in self._questions)
