"""What conditions ask of a contact's own events, as columns that one pass over all events finds.

A subquery for the contact's own id is a test of its events, and so is a join. A test of one event becomes a
column of the contact: whether there is such an event, or the greatest or least time of those there are, which
many tests ("an open in the last 30 days", "… 90 days") then look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sql_seg.core import terms as core
from sql_seg.core.planning import conjoined, conjuncts, is_id, planned, rows_of
from sql_seg.core.traits import is_null
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.sql.reducing import FALSE, TRUE, folded, without_event

EVENT = 1
"""The row of the event that a column's condition is of."""

_BOOLEAN = DataType.BOOLEAN
_AT_LEAST = (Comparator.GE, Comparator.GT)
_AT_MOST = (Comparator.LE, Comparator.LT)
_INNER = (core.SomeEvent, core.LastEvent, core.InSubquery)
_OF_DATA = (core.JsonValue, core.MapValue, core.HasKey)


class Fold(NamedTuple):
    """A column: of a contact's events for which a condition is TRUE, whether there are any, or an extreme."""

    kind: Literal["any", "max", "min"]
    condition: core.Term
    value: core.Term | None = None

    @property
    def terms(self) -> list[core.Term]:
        """What it reads."""
        return [self.condition] if self.value is None else [self.condition, self.value]


def as_own_tests(term: core.Term) -> core.Term:
    """Return a condition of the same value with each subquery for the contact's own id as a test of its events.

    Contacts are there once, and no contact or event lacks its id: then to be among the subquery's ids is to
    have such events oneself, and never NULL.
    """
    if isinstance(term, core.InSubquery):
        test = _own_test(term)
        if test is None:
            return term
        return core.Inverse(test, span=term.span) if term.negated else test
    return core.with_children(term, as_own_tests)


def _own_test(term: core.InSubquery) -> core.Term | None:
    subquery = term.subquery
    if not (is_id(term.operand) and is_id(subquery.value)):
        return None
    if getattr(term.operand, "row", None) != core.THE_CONTACT:
        return None
    condition = subquery.condition
    if subquery.contact is not None:
        condition = _renumbered(condition, subquery.contact, core.THE_CONTACT)
    condition = as_own_tests(condition)
    if not subquery.events:
        return core.TruthTest(condition, True, span=term.span)
    return core.SomeEvent(subquery.events, condition, span=term.span)


@dataclass(slots=True)
class OwnEvents:
    """The columns that the conditions of one scan need, with their names."""

    now: datetime
    columns: dict[Fold, str] = field(default_factory=dict)
    values: dict[core.Term, str] = field(default_factory=dict)
    """What the columns' conditions read of an event's data: found once for each event, not in each condition."""
    _bounds: dict[Fold, list[core.Term]] = field(default_factory=dict)

    def with_columns(self, condition: core.Term) -> core.Term:
        """Return a condition that is TRUE of the same contacts and reads columns where it can."""
        if isinstance(condition, core.All):
            return core.All(tuple(map(self.with_columns, condition.operands)), span=condition.span)
        if isinstance(condition, core.SomeEvent) and condition.or_none:
            condition = planned(condition)
        return self._changed(condition)

    def _changed(self, term: core.Term) -> core.Term:
        if isinstance(term, core.InSubquery):
            return self._of_subquery(term)
        if isinstance(term, core.SomeEvent):
            return self._or_none(term) if term.or_none else self._planned(term)
        if isinstance(term, core.LastEvent):
            return self._planned(term)
        return core.with_children(term, self._changed)

    def _of_subquery(self, term: core.InSubquery) -> core.Term:
        """Return a subquery for the own id as columns; as it is where a part of it would still be asked."""
        own = as_own_tests(term)
        if own is term:
            return term
        before = len(self.columns)
        changed = self._changed(own)
        if not core.has(changed, *_INNER):
            return changed
        for fold in list(self.columns)[before:]:
            del self.columns[fold]
        return term

    def _planned(self, term: core.SomeEvent | core.LastEvent) -> core.Term:
        parts = [self._part(part) for part in conjuncts(planned(term))]
        return conjoined(parts)

    def _part(self, part: core.Term) -> core.Term:
        if isinstance(part, core.SomeEvent):
            return self._test(part.condition, part.rows[0]) if _is_of_one_event(part) else part
        if isinstance(part, core.LastEvent):
            return self._last(part)
        return core.with_children(part, self._changed)

    def _or_none(self, term: core.SomeEvent) -> core.Term:
        """Return v1's test: a contact without any event is judged with all of its columns NULL."""
        if not _is_of_one_event(term):
            return term
        some = self._test(term.condition, term.rows[0])
        alone = folded(without_event(term.condition, term.rows), self.now)
        if is_null(alone) or alone == FALSE:
            return some
        nobody = core.Inverse(self._column(Fold("any", core.ALWAYS), _BOOLEAN))
        if alone != TRUE:
            return core.AnyOf((some, core.All((nobody, core.TruthTest(alone, True)))))
        return core.AnyOf((some, nobody))

    def _test(self, condition: core.Term, row: int) -> core.Term:
        """Return whether there is an event for which a condition is TRUE, as a look at a column."""
        parts = conjuncts(_renumbered(condition, row, EVENT))
        bounds = [part for part in parts if _is_bound(part)]
        if len(bounds) != 1:
            return self._column(Fold("any", conjoined(parts)), _BOOLEAN)
        (bound,) = bounds
        assert isinstance(bound, core.Compared)
        rest = conjoined([part for part in parts if part is not bound])
        fold = Fold("max" if bound.operator in _AT_LEAST else "min", rest, bound.left)
        column = self._column(fold, bound.left.type)
        self._bounds.setdefault(fold, []).append(bound.right)
        return core.TruthTest(core.Compared(bound.operator, column, bound.right), True)

    def _last(self, term: core.LastEvent) -> core.Term:
        """Return a test of maxima as a look at columns: HAVING reads them where it read the maxima."""
        terms = [term.condition, *term.maxima]
        if len(term.rows) != 1 or not all(_is_of_event(inner, term.rows[0]) for inner in terms):
            return term
        if core.has(term.having, *_INNER):
            return term
        (row,) = term.rows
        condition = _renumbered(term.condition, row, EVENT)
        maxima = []
        for maximum in term.maxima:
            if rows_of(maximum):
                fold = Fold("max", condition, _renumbered(maximum, row, EVENT))
                self._bounds.setdefault(fold, []).append(core.ALWAYS)
                maxima.append(self._column(fold, maximum.type))
            else:
                maxima.append(maximum)
        there = self._column(Fold("any", condition), _BOOLEAN)
        return core.All((there, core.TruthTest(_with_maxima(term.having, maxima), True)))

    def _column(self, fold: Fold, data_type: DataType) -> core.Term:
        name = self.columns.setdefault(fold, f"_of_events_{len(self.columns)}")
        return core.ColumnValue(core.THE_CONTACT, name, type=data_type)

    def with_values(self, term: core.Term) -> core.Term:
        """Return a term over an event with what it reads of the event's data as columns of the event."""
        if isinstance(term, _OF_DATA):
            name = self.values.setdefault(term, f"_of_data_{len(self.values)}")
            return core.ColumnValue(EVENT, name, type=term.type)
        return core.with_children(term, self.with_values)

    def needed(self) -> core.Term:
        """Return what is TRUE of all events that columns need, and is cheap to ask: what is in their data is not."""
        each = {frozenset(self._needed(fold)) for fold in self.columns}
        least = [parts for parts in each if not any(fewer < parts for fewer in each)]
        tests = [conjoined(sorted(parts, key=repr)) for parts in least]
        return tests[0] if len(tests) == 1 else core.AnyOf(tuple(sorted(tests, key=repr)))

    def _needed(self, fold: Fold) -> list[core.Term]:
        parts = [part for part in conjuncts(fold.condition) if not core.has(part, *_OF_DATA)]
        bounds = list(dict.fromkeys(self._bounds.get(fold, ())))
        if fold.value is not None and bounds and core.ALWAYS not in bounds:
            operator = Comparator.GE if fold.kind == "max" else Comparator.LE
            limits = [core.Compared(operator, fold.value, bound) for bound in bounds]
            parts.append(limits[0] if len(limits) == 1 else core.AnyOf(tuple(limits)))
        return parts


def _is_of_one_event(term: core.SomeEvent) -> bool:
    """Return whether a test is of one event, and looks at nothing else."""
    return len(term.rows) == 1 and _is_of_event(term.condition, term.rows[0])


def _is_of_event(term: core.Term, row: int) -> bool:
    inside = core.walk(term)
    if any(isinstance(inner, _INNER) for inner in inside):
        return False
    if any(isinstance(inner, core.ColumnValue) and inner.name == "contact_id" for inner in inside):
        return False
    return all(getattr(inner, "row", row) == row for inner in inside)


def _is_bound(term: core.Term) -> bool:
    """Return whether a condition says that an event's time is late or early enough."""
    return (
        isinstance(term, core.Compared)
        and term.operator in (*_AT_LEAST, *_AT_MOST)
        and isinstance(term.left, core.ColumnValue)
        and term.left.type is DataType.TIMESTAMP
        and not rows_of(term.right)
    )


def _renumbered(term: core.Term, row: int, as_row: int) -> core.Term:
    """Return a term that says of one row what it said of another."""

    def change(inner: core.Term) -> core.Term:
        renumbered: Any = inner
        if getattr(inner, "row", None) == row:
            renumbered = replace(renumbered, row=as_row)
        changed: core.Term = core.with_children(renumbered, change)
        return changed

    return term if row == as_row else change(term)


def _with_maxima(term: core.Term, maxima: list[core.Term]) -> core.Term:
    if isinstance(term, core.Maximum):
        return maxima[term.index]
    return core.with_children(term, lambda inner: _with_maxima(inner, maxima))
