"""Conditions on the rows of one table, as masks.

Each asks one question, as compiled code does: of which rows is this TRUE, or: of which is it FALSE. What
reads one column is asked of its values, once for each that the column's dictionary has; ANDs and ORs
are operations on masks, what is cheap first, and what is dear only of the rows that are still in question.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence, Set
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Protocol

from sql_seg.columnar.answers import Answers
from sql_seg.columnar.endings import asks_ending
from sql_seg.columnar.probes import Leaf, Probe, leaves
from sql_seg.columnar.questions import grouped, question
from sql_seg.columnar.times import in_microseconds, named
from sql_seg.columns import (
    CodedVector,
    Mask,
    PlainVector,
    StructVector,
    Table,
    TimeVector,
    Vector,
    masks,
)
from sql_seg.core import terms as core
from sql_seg.core.traits import depends
from sql_seg.evaluate import NO_ACCOUNT, Interpreter
from sql_seg.evaluate.scalars import double, read_key
from sql_seg.language.datatypes import DataType
from sql_seg.language.json_values import JSON_READERS, find

_DEAR = 8
"""The cost of what is asked of many columns, or of other tables; see ``Vector.cost``."""


class NeedsRowsError(Exception):
    """A condition that can be asked of whole rows alone."""


class Subqueries(Protocol):
    """Knows what the values of subqueries are."""

    def values_of(self, subquery: core.Subquery) -> set[Any]:
        """Return the values, None for NULL; raise NeedsRowsError where columns alone cannot tell."""


class Membership:
    """Asks whether values are among some, or (``wanted`` False) whether they are surely none of them."""

    __slots__ = ("_members", "_of_numbers", "_wanted")

    def __init__(self, members: Set[Any], wanted: bool, *, of_numbers: bool) -> None:
        self._members = set(map(double, members)) if of_numbers else members
        self._wanted = wanted
        self._of_numbers = of_numbers

    def __call__(self, values: Sequence[Any], /) -> bytes:
        """Ask it of values, None being NULL."""
        members, wanted = self._members, self._wanted
        if not members:
            return bytes([not wanted]) * len(values)
        if self._of_numbers:
            values = [value if value is None else double(value) for value in values]
        return bytes([value is not None and (value in members) is wanted for value in values])

    without_null = __call__


class Scan:
    """Asks conditions of the rows of one table at one ``now``; all terms are of that row.

    ``answers`` remembers what was asked of one column; what is in ``shared`` will be asked again, so that it
    is worth while to ask it of all rows at once.
    """

    def __init__(
        self,
        table: Table,
        now: datetime,
        answers: Answers,
        shared: frozenset[Hashable],
        subqueries: Subqueries,
    ) -> None:
        self.table = table
        self.now = now
        self.answers = answers
        self.every = masks.every(len(table))
        self._shared = shared
        self._subqueries = subqueries

    def mask(self, term: core.Term, wanted: bool, among: Mask | None = None) -> Mask:
        """Return the rows (``among`` some) of which a condition is ``wanted``: TRUE, or FALSE.

        Raises NeedsRowsError where columns alone cannot tell.
        """
        rows = self.every if among is None else among
        if not depends(term):
            return rows if self._constant(term) is wanted else masks.NONE
        read = leaves(term)
        if read is not None and len(read) == 1:
            return self._of_one_column(term, read[0], wanted, among)
        match term:
            case core.All() | core.AnyOf():
                if isinstance(term, core.All) is wanted:
                    return self._conjunction(grouped(term), wanted, rows)
                return self._disjunction(grouped(term), wanted, rows)
            case core.Inverse(operand):
                return self.mask(operand, not wanted, among)
            case core.TruthTest(operand, value):
                found = self.mask(operand, value, among)
                return found if wanted else rows & ~found
            case core.NullTest(operand) if operand.type is DataType.BOOLEAN:
                known = self.mask(operand, True, among) | self.mask(operand, False, among)
                return rows & ~known if wanted else known
        if read is not None:
            return self._of_columns(term, read, wanted) & rows
        return self.beyond(term, wanted) & rows

    def beyond(self, term: core.Term, wanted: bool) -> Mask:
        """Return the rows of which a condition is ``wanted`` that asks for more than a row's columns."""
        if isinstance(term, core.InSubquery):
            return self._in_subquery(term, wanted)
        raise NeedsRowsError

    def vector(self, leaf: Leaf) -> Vector:
        """Return the values of what a condition reads."""
        match leaf:
            case core.ColumnValue(_, name):
                return self.table.vectors.get(name, self._nothing)
            case core.JsonValue(_, keys):
                if leaf.type is DataType.VARIANT:
                    raise NeedsRowsError
                return self._path(keys).mapped(JSON_READERS[leaf.type])
            case core.MapValue(_, key):
                data = self._path(()).values()
                return PlainVector([read_key(value, key) for value in data])

    def _constant(self, term: core.Term) -> Any:
        return Interpreter(self.now, NO_ACCOUNT).value(term, {})

    @cached_property
    def _nothing(self) -> Vector:
        """A column that all rows lack."""
        return CodedVector(bytes(len(self.table)), [None])

    def _path(self, keys: Sequence[str]) -> Vector:
        """Return what a path into ``data`` finds."""
        vector = self.table.vectors.get("data")
        for number, key in enumerate(keys):
            if vector is None:
                return self._nothing
            if not isinstance(vector, StructVector):
                return vector.mapped(partial(find, keys=tuple(keys[number:])))
            vector = vector.field(key)
        return self._nothing if vector is None else vector

    def _of_one_column(self, term: core.Term, leaf: Leaf, wanted: bool, among: Mask | None) -> Mask:
        asked = question(term, wanted)
        remembered = (asked, self.now if core.has(term, core.Now) else None)
        known = self.answers.get(remembered)
        if known is not None:
            return known if among is None else known & among
        vector = self.vector(leaf)
        if among is None or vector.cost <= 2 or asked in self._shared:
            answer = self._asked(vector, term, wanted, None)
            self.answers.remember(remembered, answer)
            return answer if among is None else answer & among
        return self._asked(vector, term, wanted, among)

    def _asked(self, vector: Vector, term: core.Term, wanted: bool, among: Mask | None) -> Mask:
        if isinstance(vector, TimeVector):
            of_numbers = in_microseconds(term, self.now)
            if of_numbers is not None:
                if not depends(of_numbers):
                    return self.mask(of_numbers, wanted, among)
                test = Probe(of_numbers, wanted, self.now)
                return vector.mask_of_microseconds(test, named(of_numbers), among)
        if isinstance(vector, PlainVector) and asks_ending(term):
            return vector.mask_of_endings(Probe(term, wanted, self.now), among)
        return vector.mask(Probe(term, wanted, self.now), among)

    def _of_columns(self, term: core.Term, read: Iterable[Leaf], wanted: bool) -> Mask:
        columns = [self.vector(leaf).values() for leaf in read]
        return masks.of_flags(Probe(term, wanted, self.now)(*columns))

    def _in_subquery(self, term: core.InSubquery, wanted: bool) -> Mask:
        members = self._subqueries.values_of(term.subquery)
        if None in members and not wanted:
            return masks.NONE
        test = Membership(members - {None}, wanted, of_numbers=term.subquery.type is DataType.NUMBER)
        if isinstance(term.operand, Leaf):
            return self.vector(term.operand).mask(test)
        if depends(term.operand):
            raise NeedsRowsError
        return self.every if test([self._constant(term.operand)]) == b"\x01" else masks.NONE

    def _conjunction(self, terms: Sequence[core.Term], wanted: bool, rows: Mask) -> Mask:
        for term in sorted(terms, key=self._cost):
            if not rows:
                break
            rows &= self.mask(term, wanted, None if rows == self.every else rows)
        return rows

    def _disjunction(self, terms: Sequence[core.Term], wanted: bool, rows: Mask) -> Mask:
        found = masks.NONE
        for term in sorted(terms, key=self._cost):
            rest = rows & ~found
            if not rest:
                break
            found |= self.mask(term, wanted, None if rest == self.every else rest)
        return found

    def _cost(self, term: core.Term) -> int:
        read = leaves(term)
        if read is None:
            return _DEAR
        return max((self._cost_of(leaf) for leaf in read), default=0)

    def _cost_of(self, leaf: Leaf) -> int:
        if isinstance(leaf, core.ColumnValue):
            return self.table.vectors.get(leaf.name, self._nothing).cost
        return 3
