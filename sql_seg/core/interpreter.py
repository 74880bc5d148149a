"""The reference reading of the core form: each term to its value, by three-valued logic, over an account.

NULL is None, and what becomes of it is decided by ``logic`` alone. There is one function for each kind of
term, found by its class. Everything else that reads terms is held against this module, so that it is plain
rather than fast; only the set that a subquery is, is kept once it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

from sql_seg.core import scalars
from sql_seg.core import terms as core
from sql_seg.core.logic import Truth, all_of, any_of, is_member, not_, strict, turned
from sql_seg.language.addresses import EMAIL_DOMAINS, domains_of
from sql_seg.language.arithmetic import comparable, double
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.json_paths import read_path
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import Row
from sql_seg.language.values import is_missing


class Account:
    """Contacts and event_data rows. An event belongs to the contact of its ``contact_id``."""

    def __init__(self, contacts: Sequence[Row] = (), events: Sequence[Row] = ()) -> None:
        self.contacts = contacts
        self.events = events

    @cached_property
    def _by_contact(self) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        for event in self.events:
            groups.setdefault(event["contact_id"], []).append(event)
        return groups

    @property
    def ids_with_events(self) -> Collection[str]:
        """The ids of the contacts that have events."""
        return self._by_contact.keys()

    def events_of(self, contact: Row) -> Sequence[Row]:
        """Return the events of a contact."""
        return self._by_contact.get(contact.get("contact_id"), ())  # type: ignore[arg-type]

    def event_groups(self) -> Collection[Sequence[Row]]:
        """Return the events of each contact that has some."""
        return self._by_contact.values()


NO_ACCOUNT = Account()
"""An account of nobody: for conditions that only ask of one contact."""

Rows = Mapping[int, Row | None]
"""The record of each row of the query that has one; None is the event of a contact without events."""

_SURELY_VALUES = frozenset({type(None), str, int, bool, datetime, list, tuple})
"""Types whose values are never NaN, NaT or the like."""

_MAXIMA = -1
"""The row under which the maxima of a LastEvent stand."""


class Interpreter:
    """Evaluates terms at one ``now``, an aware datetime, over an account."""

    def __init__(self, now: datetime, account: Account) -> None:
        self._now = now
        self._account = account
        self._subqueries: dict[int, frozenset[Any]] = {}

    def verdict(self, condition: core.Term, contact: Row, events: Sequence[Row] = ()) -> Truth:
        """Return whether a condition is TRUE, FALSE or NULL (None) of a contact with its events."""
        value: Truth = self.value(condition, self.turn_to(contact, events))
        return value

    def turn_to(self, contact: Row, events: Sequence[Row] = ()) -> Rows:
        """Let all that follows be about a contact with its events, and return the contact's row."""
        self._events = events
        return {core.THE_CONTACT: contact}

    def value(self, term: core.Term, rows: Rows) -> Any:
        """Return the value of a term; None is NULL."""
        return _VALUES[type(term)](self, term, rows)

    def _double(self, term: core.Term, rows: Rows) -> Any:
        """Return the value of a term to be compared: of a number the double that it is."""
        return comparable(self.value(term, rows))

    def _constant(self, term: core.Constant, _: Rows) -> Any:
        return term.value

    def _column(self, term: core.ColumnValue, rows: Rows) -> Any:
        record = rows[term.row]
        if record is None:
            return None
        value = domains_of(record) if term.name == EMAIL_DOMAINS else record.get(term.name)
        if type(value) not in _SURELY_VALUES and is_missing(value):
            return None
        if type(value) is int and term.type is DataType.VARCHAR:  # of a column that only its values know
            return double(value)
        return strict(scalars.instant, value) if term.type is DataType.TIMESTAMP else value

    def _json(self, term: core.JsonValue, rows: Rows) -> Any:
        record = rows[term.row]
        return None if record is None else read_path(record.get("data"), term.keys, term.type)

    def _map_value(self, term: core.MapValue, rows: Rows) -> Any:
        record = rows[term.row]
        return None if record is None else scalars.read_key(record.get("data"), term.key)

    def _has_key(self, term: core.HasKey, rows: Rows) -> Truth:
        record = rows[term.row]
        data = None if record is None else record.get("data")
        truth: Truth = strict(scalars.has_key, data, self.value(term.key, rows))
        return truth

    def _current_time(self, _: core.Now, __: Rows) -> datetime:
        return self._now

    def _negated(self, term: core.Negated, rows: Rows) -> Any:
        return strict(lambda number: -double(number), self.value(term.operand, rows))

    def _calculation(self, term: core.Calculation, rows: Rows) -> Any:
        left, right = self.value(term.left, rows), self.value(term.right, rows)
        return strict(term.operator.evaluate, left, right)

    def _shifted(self, term: core.ShiftedTime, rows: Rows) -> Any:
        return strict(scalars.shift, self.value(term.operand, rows), term.unit, term.amount)

    def _applied(self, term: core.Applied, rows: Rows) -> Any:
        operands = [self.value(operand, rows) for operand in term.operands]
        evaluate = FUNCTIONS[term.function].evaluate
        assert evaluate is not None, "Applied is of functions of values"
        return strict(evaluate, *operands)

    def _maximum(self, term: core.Maximum, rows: Rows) -> Any:
        maxima = rows[_MAXIMA]
        assert maxima is not None
        return maxima[str(term.index)]

    def _compared(self, term: core.Compared, rows: Rows) -> Truth:
        return _compare(term.operator, self._double(term.left, rows), self._double(term.right, rows))

    def _between(self, term: core.Between, rows: Rows) -> Truth:
        value = self._double(term.operand, rows)
        least, most = self._double(term.low, rows), self._double(term.high, rows)
        both = all_of([_compare(Comparator.GE, value, least), _compare(Comparator.LE, value, most)])
        return turned(both, term.negated)

    def _equals_any(self, term: core.EqualsAny, rows: Rows) -> Truth:
        value = self._double(term.operand, rows)
        either = any_of(_compare(Comparator.EQ, value, self._double(item, rows)) for item in term.values)
        return turned(either, term.negated)

    def _one_of(self, term: core.OneOf, rows: Rows) -> Truth:
        value = self._double(term.operand, rows)
        return turned(is_member(value, frozenset(term.values), term.or_null), term.negated)

    def _matched(self, term: core.Matched, rows: Rows) -> Truth:
        return turned(strict(term.pattern.matches, self.value(term.operand, rows)), term.negated)

    def _contains_any(self, term: core.ContainsAny, rows: Rows) -> Truth:
        array = self.value(term.array, rows)
        return any_of(strict(_holds, array, self.value(value, rows)) for value in term.values)

    def _null_test(self, term: core.NullTest, rows: Rows) -> Truth:
        return (self.value(term.operand, rows) is None) is not term.negated

    def _truth_test(self, term: core.TruthTest, rows: Rows) -> Truth:
        return (self.value(term.operand, rows) is term.value) is not term.negated

    def _inverse(self, term: core.Inverse, rows: Rows) -> Truth:
        return not_(self.value(term.operand, rows))

    def _all(self, term: core.All, rows: Rows) -> Truth:
        return all_of([self.value(operand, rows) for operand in term.operands])

    def _any_of(self, term: core.AnyOf, rows: Rows) -> Truth:
        return any_of([self.value(operand, rows) for operand in term.operands])

    def _on_parent_list(self, term: core.OnParentList, rows: Rows) -> Truth:
        truth: Truth = self.value(term.condition, rows)
        return truth

    def _some_event(self, term: core.SomeEvent, rows: Rows) -> Truth:
        return any(self.value(term.condition, chosen) is True for chosen in self.choices(term, rows))

    def _last_event(self, term: core.LastEvent, rows: Rows) -> Truth:
        grouped = self.with_maxima(term, rows)
        return grouped is not None and self.value(term.having, grouped) is True

    def with_maxima(self, term: core.LastEvent, rows: Rows) -> Rows | None:
        """Return the rows with the maxima that HAVING asks of; None where no event passes."""
        group = [
            [self.value(maximum, chosen) for maximum in term.maxima]
            for chosen in self.choices(term, rows)
            if self.value(term.condition, chosen) is True
        ]
        if not group:
            return None
        maxima = {str(i): _largest(values) for i, values in enumerate(zip(*group, strict=True))}
        return {**rows, _MAXIMA: maxima}

    def choices(self, term: core.SomeEvent | core.LastEvent, rows: Rows) -> Iterator[Rows]:
        """Yield the rows with every choice of events that a test of events is about."""
        or_none = isinstance(term, core.SomeEvent) and term.or_none
        return self._choices(rows, term.rows, self._events, or_none=or_none)

    def _in_subquery(self, term: core.InSubquery, rows: Rows) -> Truth:
        members = self.subquery_values(term.subquery)
        value = comparable(self.value(term.operand, rows))
        return turned(is_member(value, members - {None}, None in members), term.negated)

    def subquery_values(self, subquery: core.Subquery) -> frozenset[Any]:
        """Return the values that a subquery yields over the account; None among them is NULL."""
        known = self._subqueries.get(id(subquery))
        if known is None:
            values = [
                self.value(subquery.value, chosen)
                for chosen in self._subquery_rows(subquery)
                if self.value(subquery.condition, chosen) is True
            ]
            known = frozenset(map(comparable, values))
            self._subqueries[id(subquery)] = known
        return known

    def _subquery_rows(self, subquery: core.Subquery) -> Iterator[Rows]:
        if subquery.contact is None:
            for events in self._account.event_groups():
                yield from self._choices({}, subquery.events, events)
            return
        for contact in self._account.contacts:
            events = self._account.events_of(contact)
            yield from self._choices({subquery.contact: contact}, subquery.events, events)

    def _choices(
        self, rows: Rows, events: tuple[int, ...], records: Sequence[Row], *, or_none: bool = False
    ) -> Iterator[Rows]:
        """Yield the rows with every choice of a record for each of the event rows."""
        choices: Sequence[Row | None] = records
        if or_none and not records:
            choices = [None]
        for chosen in product(choices, repeat=len(events)):
            yield {**rows, **dict(zip(events, chosen, strict=True))}


def _compare(operator: Comparator, left: Any, right: Any) -> Truth:
    truth: Truth = strict(operator.evaluate, left, right)
    return truth


def _holds(array: Sequence[str], value: str) -> bool:
    return value in array


def _largest(values: tuple[Any, ...]) -> Any:
    return max((value for value in values if value is not None), default=None)


_VALUES: dict[type, Callable[[Interpreter, Any, Rows], Any]] = {
    core.Constant: Interpreter._constant,
    core.ColumnValue: Interpreter._column,
    core.JsonValue: Interpreter._json,
    core.MapValue: Interpreter._map_value,
    core.HasKey: Interpreter._has_key,
    core.Now: Interpreter._current_time,
    core.Negated: Interpreter._negated,
    core.Calculation: Interpreter._calculation,
    core.ShiftedTime: Interpreter._shifted,
    core.Applied: Interpreter._applied,
    core.Maximum: Interpreter._maximum,
    core.Compared: Interpreter._compared,
    core.Between: Interpreter._between,
    core.OneOf: Interpreter._one_of,
    core.EqualsAny: Interpreter._equals_any,
    core.Matched: Interpreter._matched,
    core.ContainsAny: Interpreter._contains_any,
    core.NullTest: Interpreter._null_test,
    core.TruthTest: Interpreter._truth_test,
    core.Inverse: Interpreter._inverse,
    core.All: Interpreter._all,
    core.AnyOf: Interpreter._any_of,
    core.OnParentList: Interpreter._on_parent_list,
    core.SomeEvent: Interpreter._some_event,
    core.LastEvent: Interpreter._last_event,
    core.InSubquery: Interpreter._in_subquery,
}
"""How each term is read."""
