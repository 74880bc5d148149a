"""One contact after the other, judged with its events: what explaining and deciding begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.interpreter import NO_ACCOUNT, Account, Interpreter, Rows
from sql_seg.core.reads import reads_of
from sql_seg.core.terms import Meaning
from sql_seg.evaluate.blame import ERRORS, Blame, must_be_mapping
from sql_seg.language.schema import Row

_T = TypeVar("_T")


class ContactJudge:
    """Judges a query's condition of contacts, at one ``now`` in UTC.

    ``condition`` is how it is asked: with tests of the contact's own events in place of subqueries for its
    id. Of a contact without an id it is ``without_id``: NULL is in no set of ids. ``account`` is where
    subqueries look.
    """

    def __init__(
        self,
        checked: Meaning,
        now: datetime,
        account: Account | None,
        condition: core.Term,
        without_id: core.Term,
    ) -> None:
        self.text = checked.text
        self.interpreter = Interpreter(now, account or NO_ACCOUNT)
        self._condition = condition
        self._without_id = without_id
        self._blame = Blame(lambda: reads_of(checked))

    def judge(
        self, contact: Row, events: Sequence[Row], tell: Callable[[core.Term, Goal, Rows], _T]
    ) -> tuple[bool, _T]:
        """Return whether a contact with its events, as rows, is a member, and what is reported of it.

        ``tell`` is given the condition, the goal that it reaches, and the contact's rows. Raises RecordError
        for a value that its column cannot hold.
        """
        must_be_mapping(contact)
        self._blame.check(contact)
        contact = self._blame.cleaned(contact)
        condition = self._without_id if contact.get("contact_id") is None else self._condition
        rows = self.interpreter.turn_to(contact, events)
        try:
            is_member = self.interpreter.value(condition, rows) is True
            return is_member, tell(condition, Goal.TRUE if is_member else Goal.NOT_TRUE, rows)
        except ERRORS as error:
            self._blame(contact, error)
            raise
