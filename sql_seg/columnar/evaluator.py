"""The members of a segment as a set of rows."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from sql_seg.columnar.account import ColumnarAccount
from sql_seg.columnar.answers import Answers
from sql_seg.columnar.probes import Leaf
from sql_seg.columnar.scan import NeedsRowsError, Scan
from sql_seg.columns import Mask, Table, masks
from sql_seg.core import terms as core
from sql_seg.core.full_form import in_full
from sql_seg.core.substitution import with_maxima, with_rows
from sql_seg.core.traits import OF_JSON
from sql_seg.evaluate import NO_ACCOUNT, Blame, Interpreter, planned
from sql_seg.evaluate.functions import EVENT, is_flat, members_function
from sql_seg.evaluate.names import Names
from sql_seg.evaluate.planning import is_id, rows_of
from sql_seg.evaluate.program import Program

_ROW: Any = object()
"""The key under which a row made for the compiled code says where it stands."""


class Evaluator:
    """Asks conditions of an account at one aware ``now``.

    ``shared`` are the questions that will be asked more than once: see ``Scan``.
    """

    def __init__(
        self, account: ColumnarAccount, now: datetime, shared: frozenset[Hashable] = frozenset()
    ) -> None:
        self.contacts = _ContactScan(self, account, now, shared)
        self.events = Scan(account.events, now, account.event_answers, shared, self)

    def members(self, condition: core.Term) -> Mask:
        """Return the contacts of which a condition is TRUE."""
        return self.contacts.mask(planned(in_full(condition)), True)

    def values_of(self, subquery: core.Subquery) -> set[Any]:
        """Return the values of a subquery, None for NULL."""
        if not isinstance(subquery.value, Leaf):
            raise NeedsRowsError
        if subquery.contact is None and len(subquery.events) == 1:
            row, scan, of = EVENT, self.events, subquery.events[0]
        elif subquery.contact is not None and not subquery.events:
            row, scan, of = core.THE_CONTACT, self.contacts, subquery.contact
        else:
            raise NeedsRowsError
        found = scan.mask(with_rows(subquery.condition, {of: row}), True)
        return scan.vector(with_rows(subquery.value, {of: row})).among(found)


class _ContactScan(Scan):
    """Asks conditions of contacts, their events and other contacts included."""

    def __init__(
        self, evaluator: Evaluator, account: ColumnarAccount, now: datetime, shared: frozenset[Hashable]
    ) -> None:
        super().__init__(account.contacts, now, account.contact_answers, shared, evaluator)
        self._evaluator = evaluator
        self._account = account

    def beyond(self, term: core.Term, wanted: bool) -> Mask:
        question = (term, wanted, self.now)
        answer = self.answers.get(question)
        if answer is None:
            try:
                answer = self._beyond(term, wanted)
            except NeedsRowsError:
                answer = self._row_by_row(term if wanted else core.Inverse(term))
            self.answers.remember(question, answer)
        return answer

    def _beyond(self, term: core.Term, wanted: bool) -> Mask:
        if isinstance(term, core.SomeEvent) and is_flat(term):
            found = self._with_event(term)
            return found if wanted else self.every & ~found
        if isinstance(term, core.InSubquery) and is_flat(term.subquery) and is_id(term.operand):
            found = self._account.contacts_with(
                self._events(term.subquery.events[0], term.subquery.condition)
            )
            if wanted:
                return found
            return self._account.contacts_with_id & ~found if found else self.every
        if isinstance(term, core.LastEvent):
            found = self._with_last_event(term)
            return found if wanted else self.every & ~found
        return super().beyond(term, wanted)

    def _with_event(self, term: core.SomeEvent) -> Mask:
        found = self._account.contacts_with(self._events(term.rows[0], term.condition))
        if term.or_none and self._is_true_of_none(term):
            found |= self.every & ~self._account.contacts_with_events
        return found

    def _with_last_event(self, term: core.LastEvent) -> Mask:
        """Return the contacts with such events, having asked HAVING of columns of the maxima."""
        rows = set(term.rows)
        if len(rows) != 1 or not all(isinstance(maximum, Leaf) for maximum in term.maxima):
            raise NeedsRowsError
        if not rows_of(term.condition).union(*map(rows_of, term.maxima)) <= rows:
            raise NeedsRowsError
        (row,) = rows
        events = self._events(row, term.condition)
        leaves: list[Any] = [with_rows(maximum, {row: EVENT}) for maximum in term.maxima]
        values = [self._evaluator.events.vector(leaf) for leaf in leaves]
        maxima = {
            _name(number): self._account.largest(events, vector) for number, vector in enumerate(values)
        }
        table = Table({**self.table.vectors, **maxima}, len(self.table))
        grouped = Scan(table, self.now, Answers(), frozenset(), self._evaluator)
        columns = [
            core.ColumnValue(core.THE_CONTACT, _name(number), data_type=maximum.type)
            for number, maximum in enumerate(term.maxima)
        ]
        return grouped.mask(with_maxima(term.having, columns), True, self._account.contacts_with(events))

    def _events(self, row: int, condition: core.Term) -> Mask:
        """Return the events, each taken for the row ``row``, of which a condition is TRUE."""
        return self._evaluator.events.mask(with_rows(condition, {row: EVENT}), True)

    def _is_true_of_none(self, term: core.SomeEvent) -> bool:
        rows: dict[int, None] = dict.fromkeys(term.rows)
        return Interpreter(self.now, NO_ACCOUNT).value(term.condition, rows) is True

    def _row_by_row(self, term: core.Term) -> Mask:
        """Return the contacts of which a condition is TRUE, by the code that is compiled for rows."""
        read = {inner.name for inner in core.walk(term) if isinstance(inner, core.ColumnValue)}
        if core.has(term, *OF_JSON):
            read.add("data")
        account = self._account.rows(read)
        contacts: list[Any] = list(account.contacts)
        for number, contact in enumerate(contacts):
            contact[_ROW] = number
        names = Names()
        program = Program(names, members_function(names, planned(term)), Blame.of(term))
        found = program.namespace(self.now, account)["members"](contacts)
        return masks.of_rows((contact[_ROW] for contact in found), len(contacts))


def _name(maximum: int) -> str:
    """Return the name of a column of maxima, which no column of contacts has."""
    return f"MAX {maximum}"
