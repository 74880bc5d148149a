"""The core form compiled to Python: one function for a contact, and passes over many.

Code is built as syntax nodes, never as text, and compiled once for each query; a new ``now`` or account
only gives it other values.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.full_form import in_full
from sql_seg.core.terms import CheckedQuery
from sql_seg.evaluate.account import NO_ACCOUNT, Account
from sql_seg.evaluate.blame import Blame
from sql_seg.evaluate.functions import (
    count_function,
    ids_function,
    members_function,
    predicate_function,
)
from sql_seg.evaluate.names import Names
from sql_seg.evaluate.planning import cheap_first, for_one_contact, planned
from sql_seg.evaluate.program import Program
from sql_seg.evaluate.together import together_function

Record = Mapping[str, Any]
Predicate = Callable[[Record, Any], bool]


class Compiler:
    """Compiles one checked query, each kind of code when it is first asked for."""

    def __init__(self, query: CheckedQuery) -> None:
        self._condition = in_full(query.condition)
        self._blame = Blame.of(query.condition)
        self._ready: tuple[datetime | None, Predicate] | None = None
        """The function that was last asked for, with its now where it depends on one."""

    def predicate(self, now: datetime) -> Predicate:
        """Return the function of a contact and all its events, at an aware ``now``.

        Raises NeedsDatasetError where the answer depends on other contacts.
        """
        program = self._one
        asked = now if program.asks_now else None
        if self._ready is None or self._ready[0] != asked:
            self._ready = asked, program.namespace(now, NO_ACCOUNT)["predicate"]
        return self._ready[1]

    def members(self, contacts: Iterable[Record], account: Account, now: datetime) -> Iterator[Record]:
        """Return the contacts that are members, lazily and in order."""
        found: Iterator[Record] = self._members.namespace(now, account)["members"](contacts)
        return found

    def ids(self, contacts: Iterable[Record], account: Account, now: datetime) -> Iterator[str]:
        """Return the contact ids of the members, lazily and in order."""
        found: Iterator[str] = self._ids.namespace(now, account)["ids"](contacts)
        return found

    def count(self, contacts: Iterable[Record], account: Account, now: datetime) -> int:
        """Return the number of members."""
        number: int = self._count.namespace(now, account)["count"](contacts)
        return number

    @cached_property
    def _one(self) -> Program:
        return self._program(predicate_function, planned(for_one_contact(self._condition)))

    @cached_property
    def _of_many(self) -> core.Term:
        return cheap_first(planned(self._condition))

    @cached_property
    def _members(self) -> Program:
        return self._program(members_function, self._of_many)

    @cached_property
    def _ids(self) -> Program:
        return self._program(ids_function, self._of_many)

    @cached_property
    def _count(self) -> Program:
        return self._program(count_function, self._of_many)

    def _program(
        self, function: Callable[[Names, core.Term], ast.FunctionDef], condition: core.Term
    ) -> Program:
        names = Names()
        return Program(names, function(names, condition), self._blame)


class Together:
    """Compiles several checked queries to one pass; what they share is asked of each contact once."""

    def __init__(self, queries: Iterable[CheckedQuery]) -> None:
        self._conditions = [in_full(query.condition) for query in queries]

    def members(self, contacts: Iterable[Record], account: Account, now: datetime) -> Sequence[list[Any]]:
        """Return for each query the contacts that are members, in order."""
        found: Sequence[list[Any]] = self._program.namespace(now, account)["together"](contacts)
        return found

    @cached_property
    def _program(self) -> Program:
        names = Names()
        function = together_function(names, [cheap_first(planned(it)) for it in self._conditions])
        return Program(names, function, Blame.of(core.All(tuple(self._conditions))))
