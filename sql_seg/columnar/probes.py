"""Conditions as functions of columns: a comprehension over the values, compiled once for each condition."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import goal_of
from sql_seg.evaluate import NO_ACCOUNT, syntax
from sql_seg.evaluate.blame import Blame
from sql_seg.evaluate.conditions import ConditionWriter
from sql_seg.evaluate.names import Names
from sql_seg.evaluate.placed import placed
from sql_seg.evaluate.program import Program

Leaf = core.ColumnValue | core.JsonValue | core.MapValue
"""What a condition reads of its row."""

_BEYOND = core.SomeEvent | core.LastEvent | core.InSubquery | core.Maximum | core.HasKey

_MOST_PROBES = 4096


def leaves(term: core.Term) -> tuple[Leaf, ...] | None:
    """Return what a condition reads of its row, each once; None where it asks for more than that."""
    found: dict[Leaf, None] = {}
    for inner in core.walk(term):
        if isinstance(inner, _BEYOND):
            return None
        if isinstance(inner, Leaf):
            found[inner] = None
    return tuple(found)


class Probe:
    """Asks, at one ``now``, of which values of its leaves a condition is ``wanted``: TRUE, or FALSE.

    It takes a sequence for each leaf, in the order of ``leaves``, and gives a byte of 1 or 0 for each value.
    """

    __slots__ = ("_now", "_term", "_wanted")

    def __init__(self, term: core.Term, wanted: bool, now: datetime) -> None:
        self._term = term
        self._wanted = wanted
        self._now = now

    def __call__(self, *values: Sequence[Any]) -> bytes:
        """Ask it of values, None being NULL."""
        return self._asked(values, has_null=True)

    def without_null(self, *values: Sequence[Any]) -> bytes:
        """Ask it of values of which none is NULL."""
        return self._asked(values, has_null=False)

    def _asked(self, values: Sequence[Sequence[Any]], *, has_null: bool) -> bytes:
        namespace = _program(self._term, self._wanted, has_null).namespace(self._now, NO_ACCOUNT)
        flags: bytes = namespace["probe"](*values)
        return flags


@lru_cache(_MOST_PROBES)
def _program(term: core.Term, wanted: bool, has_null: bool) -> Program:
    names = Names()
    writer = ConditionWriter(names, [term])
    columns = [writer.variable(leaf) for leaf in leaves(term) or ()]
    facts = frozenset(columns if has_null else [*columns, *(f"{column}!" for column in columns)])
    test = writer.decide(term, goal_of(wanted), facts).node
    return Program(names, _probe_function(columns, test), Blame())


def _probe_function(columns: list[str], test: ast.expr) -> ast.FunctionDef:
    """``def probe(values0, …): return bytes([test for column0, … in zip(values0, …)])``."""
    parameters = [f"values{number}" for number in range(len(columns))]
    values: ast.expr = syntax.name(parameters[0])
    target: ast.expr = placed.Name(columns[0], ast.Store())
    if len(columns) > 1:
        values = syntax.call("zip", *map(syntax.name, parameters))
        target = placed.Tuple([placed.Name(column, ast.Store()) for column in columns], ast.Store())
    flags = placed.ListComp(test, [ast.comprehension(target, values, [], 0)])
    return syntax.function("probe", parameters, [placed.Return(syntax.call("bytes", flags))])
