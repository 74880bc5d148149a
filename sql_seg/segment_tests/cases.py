"""What a test file says, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sql_seg.checking.checked_query import CheckedQuery
from sql_seg.core.account import Account
from sql_seg.explain import Decider, Decision
from sql_seg.sources import QuerySource


@dataclass(frozen=True, slots=True)
class Case:
    """A contact that must be a member, or must not be one.

    ``name`` is the file's word for it, else ``in 1``, ``out 2``; ``line`` and ``column``, from 1, are its
    place in the test file. ``index`` is the contact's place in the tests' account.
    """

    name: str
    is_in: bool
    line: int
    column: int
    index: int


@dataclass(frozen=True, slots=True)
class SegmentTests:
    """The tests of one file: the query beside it, the moment, and an account of all contacts.

    ``decider`` is the query, asked at that moment among these contacts.
    """

    file: str
    query: QuerySource
    checked: CheckedQuery
    now: datetime
    account: Account
    decider: Decider
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case; ``decision`` says why the contact is in or out."""

    case: Case
    decision: Decision

    @property
    def holds(self) -> bool:
        """Whether it is as the case expects."""
        return self.decision.is_member == self.case.is_in
