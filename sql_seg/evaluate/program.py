"""A module of generated code, and what each now and each account must give it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from types import CodeType
from typing import Any

from sql_seg.core import scalars
from sql_seg.core import terms as core
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.core.logic import all_of, any_of, is_member, not_, strict
from sql_seg.evaluate.blame import ERRORS, NO_CONTACT, Again, Blame
from sql_seg.evaluate.code_names import Names, Trust
from sql_seg.evaluate.function_code import (
    FlatTerm,
    existence_function,
    is_flat,
    subquery_function,
    walk_function,
)
from sql_seg.evaluate.soundness import LIBRARY
from sql_seg.language import arithmetic
from sql_seg.language.addresses import domains_of
from sql_seg.language.case_mapping import lower, upper

_LIBRARY: dict[str, Any] = {
    **LIBRARY,
    "domains_of": domains_of,
    "double": arithmetic.double,
    "comparable": arithmetic.comparable,
    "instant": scalars.instant,
    "shift": scalars.shift,
    "lower": lower,
    "upper": upper,
    "read_key": scalars.read_key,
    "all_of": all_of,
    "any_of": any_of,
    "not_": not_,
    "strict": strict,
    "is_member": is_member,
    "choices": itertools.product,
    "ERRORS": ERRORS,
    "NO_CONTACT": NO_CONTACT,
    "NO_EVENT": ({},),
}


_WALK = "walk"
"""The walk over all events that all tests of one event share, if they need no other set."""

_Needed = tuple[str, Callable[[Any], list[ast.FunctionDef]], core.Term]


class Program:
    """Compiles a function with those that it turns out to need."""

    def __init__(
        self,
        names: Names,
        function: ast.FunctionDef,
        blame: Blame,
        judge: Callable[[], Program] | None = None,
    ) -> None:
        self._judge = judge
        self._names = names
        self._blame = blame
        self._walks: dict[str, list[FlatTerm]] = {_WALK: []}
        self._subqueries: list[core.Subquery] = []
        self._code = self._compiled(function)
        self._subqueries.sort(key=_inner_subqueries)

    @property
    def asks_now(self) -> bool:
        """Whether the code depends on now."""
        return bool(self._names.moments)

    def namespace(self, now: datetime, account: Account) -> dict[str, Any]:
        """Return the module's names, its functions among them, for one now and one account."""
        namespace: dict[str, Any] = {**_LIBRARY, **self._names.values, "blame": self._blame}
        interpreter = Interpreter(now, account)
        for term, identifier in self._names.moments.items():
            namespace[identifier] = interpreter.value(term, {})
        if self._judge is not None:
            namespace["again"] = Again(self._blame, partial(self._judged, now, account))
        elif self._names.trust is Trust.NOTHING:
            namespace["absent"] = self._blame.absent
            namespace["again"] = Again(self._blame, lambda: namespace["predicate"])
        exec(self._code, namespace)  # noqa: S102 -- built from nodes: no text of a query becomes code
        namespace["events_of"] = account.events_of
        self._ask_account(namespace, account)
        return namespace

    def _judged(self, now: datetime, account: Account) -> Callable[..., bool]:
        assert self._judge is not None
        judge: Callable[..., bool] = self._judge().namespace(now, account)["judge"]
        return judge

    # what is the same for all contacts of an account

    def _ask_account(self, namespace: dict[str, Any], account: Account) -> None:
        """Give the module the sets that it looks ids and values up in; each after those that it needs."""
        self._walk(namespace, account, _WALK)
        for subquery in self._subqueries:
            try:
                values, has_null = namespace[self._names.of_subquery(subquery)](account)
            except ERRORS as error:
                for contact in account.contacts:
                    self._blame(contact, error)
                cleaned = [self._blame.cleaned(contact) for contact in account.contacts]
                if self._names.trust is Trust.ALL or cleaned == account.contacts:
                    raise
                clean = Account(cleaned, account.events)
                values, has_null = namespace[self._names.of_subquery(subquery)](clean)
            self._give_values(namespace, subquery, values, has_null)
        for walk in self._walks:
            if walk != _WALK:
                self._walk(namespace, account, walk)

    def _walk(self, namespace: dict[str, Any], account: Account, walk: str) -> None:
        terms = self._walks[walk]
        if not terms:
            return
        for term, ids in zip(terms, namespace[walk](account.events), strict=True):
            if isinstance(term, core.Subquery):
                self._give_values(namespace, term, ids, False)
            else:
                self._give_ids(namespace, term, ids, account)

    def _give_values(
        self, namespace: dict[str, Any], subquery: core.Subquery, values: set[Any], has_null: bool
    ) -> None:
        identifier = self._names.of_subquery(subquery)
        namespace[f"{identifier}_values"], namespace[f"{identifier}_has_null"] = values, has_null

    def _give_ids(
        self, namespace: dict[str, Any], term: core.SomeEvent, ids: set[str], account: Account
    ) -> None:
        identifier = self._names.of_flat_walk(term)
        namespace[f"{identifier}_ids"] = ids
        if term.or_none:
            of_none = namespace[self._names.of_existence(term)]({}, ())
            namespace[f"{identifier}_of_none"] = of_none
            namespace.setdefault("ids_with_events", frozenset())
            if of_none:  # another test of the same pass may ask for contacts without events too
                namespace["ids_with_events"] = account.ids_with_events

    # code

    def _compiled(self, function: ast.FunctionDef) -> CodeType:
        body: list[ast.stmt] = [function]
        written: set[str] = set()
        while waiting := [needed for needed in self._needed() if needed[0] not in written]:
            for identifier, write, term in waiting:
                written.add(identifier)
                body += write(term)
        if self._walks[_WALK]:
            body.append(walk_function(self._names, _WALK, self._walks[_WALK]))
        module = ast.Module(body, [])
        return compile(module, "<segment>", "exec")

    def _needed(self) -> Iterator[_Needed]:
        """Yield the functions that are called so far: each may call others, once it is written."""
        names = self._names
        yield from ((identifier, self._existence, term) for term, identifier in names.existences.items())
        yield from ((identifier, self._flat_walk, term) for term, identifier in names.flat_walks.items())
        yield from ((identifier, self._subquery, term) for term, identifier in names.subqueries.items())

    def _existence(self, term: core.SomeEvent | core.LastEvent) -> list[ast.FunctionDef]:
        return [existence_function(self._names, term)]

    def _flat_walk(self, term: core.SomeEvent) -> list[ast.FunctionDef]:
        if not _inner_subqueries(term):
            self._walks[_WALK].append(term)
            return []
        identifier = self._names.of_flat_walk(term)
        self._walks[identifier] = [term]
        return [walk_function(self._names, identifier, [term])]

    def _subquery(self, term: core.Subquery) -> list[ast.FunctionDef]:
        if is_flat(term) and not _inner_subqueries(term):
            self._walks[_WALK].append(term)
            return []
        self._subqueries.append(term)
        return [subquery_function(self._names, term)]


def _inner_subqueries(term: FlatTerm) -> int:
    """Return how many subqueries a term holds: fewer than those around it, which are asked later."""
    return sum(isinstance(inner, core.Subquery) for inner in core.walk(term.condition))
