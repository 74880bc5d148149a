"""The core form compiled to Python: one function for a contact, and passes over many.

Code is built as syntax nodes, never as text, and compiled once for each query; a new ``now`` or account
only gives it other values.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sql_seg.collecting import collecting_seldom
from sql_seg.core import terms as core
from sql_seg.core.full_form import in_full
from sql_seg.core.interpreter import NO_ACCOUNT, Account
from sql_seg.core.planning import cheap_first, for_one_contact, planned
from sql_seg.core.reads import Reads, reads_of
from sql_seg.core.terms import Meaning
from sql_seg.evaluate.blame import Blame, LookAtKeys
from sql_seg.evaluate.code_names import Names, Trust
from sql_seg.evaluate.function_code import (
    count_function,
    ids_function,
    judge_function,
    members_function,
    predicate_function,
)
from sql_seg.evaluate.program import Program
from sql_seg.evaluate.together import tallies_function, together_function
from sql_seg.language.schema import Row

CompiledPredicate = Callable[[Row, Any], bool]


class Compiler:
    """Compiles one checked query, each kind of code when it is first asked for."""

    def __init__(self, query: Meaning, look: LookAtKeys | None = None) -> None:
        self._query = query
        self._condition = in_full(query.condition)
        self._blame = Blame(lambda: self.reads, look)
        self._ready: tuple[datetime | None, CompiledPredicate] | None = None
        """The function that was last asked for, with its now where it depends on one."""
        self._passes: dict[tuple[Any, bool], Program] = {}

    def predicate(self, now: datetime) -> CompiledPredicate:
        """Return the function of a contact and all its events, at an aware ``now``.

        Raises NeedsDatasetError where the answer depends on other contacts.
        """
        program = self._one
        asked = now if program.asks_now else None
        if self._ready is None or self._ready[0] != asked:
            self._ready = asked, program.namespace(now, NO_ACCOUNT)["predicate"]
        return self._ready[1]

    def members(
        self, contacts: Iterable[Row], account: Account, now: datetime, *, checked: bool = False
    ) -> Iterator[Row]:
        """Return the contacts that are members, lazily and in order; values may be ``checked``."""
        program = self._pass(members_function, checked)
        found: Iterator[Row] = program.namespace(now, account)["members"](contacts)
        return found

    def ids(
        self, contacts: Iterable[Row], account: Account, now: datetime, *, checked: bool = False
    ) -> Iterator[str]:
        """Return the contact ids of the members, lazily and in order."""
        found: Iterator[str] = self._pass(ids_function, checked).namespace(now, account)["ids"](contacts)
        return found

    def count(
        self, contacts: Iterable[Row], account: Account, now: datetime, *, checked: bool = False
    ) -> int:
        """Return the number of members."""
        number: int = self._pass(count_function, checked).namespace(now, account)["count"](contacts)
        return number

    @cached_property
    def reads(self) -> Reads:
        """What the query reads."""
        return reads_of(self._query)

    @cached_property
    def _one(self) -> Program:
        with collecting_seldom(self._query.text):
            names = Names(Trust.NOTHING, self.reads.untyped)
            return Program(
                names, predicate_function(names, planned(for_one_contact(self._condition))), self._blame
            )

    @cached_property
    def _of_many(self) -> core.Term:
        return cheap_first(planned(self._condition))

    @cached_property
    def _judge(self) -> Program:
        names = Names(Trust.MOST, self.reads.untyped)
        return Program(names, judge_function(names, self._of_many), self._blame)

    def _pass(self, function: Callable[[Names, core.Term], ast.FunctionDef], checked: bool) -> Program:
        program = self._passes.get((function, checked))
        if program is None:
            with collecting_seldom(self._query.text):
                names = Names(Trust.ALL if checked else Trust.MOST, self.reads.untyped)
                judge = None if checked else lambda: self._judge
                program = Program(names, function(names, self._of_many), self._blame, judge)
            self._passes[function, checked] = program
        return program


class Together:
    """Compiles several checked queries to one pass; what they share is asked of each contact once."""

    def __init__(self, queries: Iterable[Meaning]) -> None:
        self._queries = list(queries)

    def members(self, contacts: Iterable[Row], account: Account, now: datetime) -> Sequence[list[Any]]:
        """Return for each query the contacts that are members, in order."""
        found: Sequence[list[Any]] = self._program.namespace(now, account)["together"](contacts)
        return found

    def tallies(self, contacts: Iterable[Row], account: Account, now: datetime) -> dict[int, int]:
        """Return how many contacts are members of which queries at once: the n-th is the bit ``1 << n``."""
        found: dict[int, int] = self._counting.namespace(now, account)["tallies"](contacts)
        return found

    @cached_property
    def _program(self) -> Program:
        return self._made(together_function)

    @cached_property
    def _counting(self) -> Program:
        return self._made(tallies_function)

    def _made(self, function: Callable[[Names, Sequence[core.Term]], ast.FunctionDef]) -> Program:
        reads = [reads_of(query) for query in self._queries]
        names = Names(Trust.ALL, frozenset().union(*(it.untyped for it in reads)))
        conditions = [cheap_first(planned(in_full(query.condition))) for query in self._queries]
        return Program(names, function(names, conditions), Blame(lambda: _all_of(reads)))


def _all_of(reads: Iterable[Reads]) -> Reads:
    """Return what several queries read of contacts."""
    every = list(reads)
    columns = {name: kind for it in every for name, kind in it.columns.items()}
    return Reads(columns, frozenset().union(*(it.untyped for it in every)), (), False, (), {}, ())
