"""The members of a segment as a set of rows."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from sql_seg import checked as core
from sql_seg.columnar.account import ColumnarAccount
from sql_seg.columnar.probes import Leaf
from sql_seg.columnar.rows import EVENT, as_of
from sql_seg.columnar.scan import NeedsRowsError, Scan
from sql_seg.columns import Mask, masks
from sql_seg.predicate import NO_ACCOUNT, Blame, Interpreter, planned
from sql_seg.predicate.functions import is_flat, members_function
from sql_seg.predicate.names import Names
from sql_seg.predicate.planning import is_id
from sql_seg.predicate.program import Program

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
        return self.contacts.mask(planned(condition), True)

    def values_of(self, subquery: core.Subquery) -> set[Any]:
        """Return the values of a subquery, None for NULL."""
        if not isinstance(subquery.value, Leaf):
            raise NeedsRowsError
        row, scan = self._rows_of(subquery)
        return scan.vector(as_of(row, subquery.value)).among(scan.mask(as_of(row, subquery.condition), True))

    def _rows_of(self, subquery: core.Subquery) -> tuple[int, Scan]:
        if subquery.contact is None and len(subquery.events) == 1:
            return EVENT, self.events
        if subquery.contact is not None and not subquery.events:
            return core.THE_CONTACT, self.contacts
        raise NeedsRowsError


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
            found = self._account.contacts_with(self._events(term.subquery.condition))
            return found if wanted or not found else self._account.contacts_with_id & ~found
        return super().beyond(term, wanted)

    def _with_event(self, term: core.SomeEvent) -> Mask:
        found = self._account.contacts_with(self._events(term.condition))
        if term.or_none and self._is_true_of_none(term):
            found |= self.every & ~self._account.contacts_with_events
        return found

    def _events(self, condition: core.Term) -> Mask:
        """Return the events of which a condition is TRUE."""
        return self._evaluator.events.mask(as_of(EVENT, condition), True)

    def _is_true_of_none(self, term: core.SomeEvent) -> bool:
        rows: dict[int, None] = dict.fromkeys(term.rows)
        return Interpreter(self.now, NO_ACCOUNT).value(term.condition, rows) is True

    def _row_by_row(self, term: core.Term) -> Mask:
        """Return the contacts of which a condition is TRUE, by the code that is compiled for rows."""
        read = {inner.name for inner in core.walk(term) if isinstance(inner, core.ColumnValue)}
        account = self._account.rows([*read, "data"])
        contacts: list[Any] = list(account.contacts)
        for number, contact in enumerate(contacts):
            contact[_ROW] = number
        names = Names()
        program = Program(names, members_function(names, planned(term)), Blame.of(term))
        found = program.namespace(self.now, account)["members"](contacts)
        return masks.of_rows((contact[_ROW] for contact in found), len(contacts))
