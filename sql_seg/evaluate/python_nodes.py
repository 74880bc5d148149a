"""The Python syntax that the compiler builds. Never text: a literal is a constant node.

What is built has no place in a text. ``ast.fix_missing_locations`` gives each node one, which ``compile``
insists on, and takes 1.9 times as long as compiling does: here the classes have it, so that their nodes need
none.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

__all__ = ["placed"]


class _Placed:
    """The classes of ``ast`` by their names, all of whose nodes stand at one place."""

    def __getattr__(self, name: str) -> Any:
        made = type(name, (getattr(ast, name),), {"lineno": 1, "col_offset": 0, "__slots__": ()})
        setattr(self, name, made)
        return made


if TYPE_CHECKING:
    import ast as placed
else:
    placed = _Placed()


_LOAD = ast.Load()
NONE = placed.Constant(None)
TRUE = placed.Constant(True)
FALSE = placed.Constant(False)


_KEPT = 256
"""How many small nodes are kept to be used again: ``compile`` only reads them."""


@lru_cache(_KEPT)
def name(identifier: str) -> ast.Name:
    """``identifier``: the same node for the same name, mostly."""
    return placed.Name(identifier, _LOAD)


def constant(value: Any) -> ast.Constant:
    """Return a literal: str, int, float, bool, None, or a frozenset of such."""
    return placed.Constant(value)


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """``function(argument, …)``."""
    return placed.Call(name(function), list(arguments), [])


def method(value: ast.expr, attribute: str, *arguments: ast.expr) -> ast.Call:
    """``value.attribute(argument, …)``."""
    return placed.Call(placed.Attribute(value, attribute, _LOAD), list(arguments), [])


def bound(identifier: str, value: ast.expr) -> ast.NamedExpr:
    """``(identifier := value)``."""
    return placed.NamedExpr(placed.Name(identifier, ast.Store()), value)


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.Compare:
    """``left operator right``."""
    return placed.Compare(left, [operator], [right])


def is_none(value: ast.expr) -> ast.Compare:
    """``value is None``."""
    return compare(value, ast.Is(), NONE)


def is_not_none(value: ast.expr) -> ast.Compare:
    """``value is not None``."""
    return compare(value, ast.IsNot(), NONE)


def inverse(value: ast.expr) -> ast.expr:
    """``not value``, or a constant's opposite."""
    if isinstance(value, ast.Constant):
        return constant(not value.value)
    return placed.UnaryOp(ast.Not(), value)


def conjunction(values: Sequence[ast.expr]) -> ast.expr:
    """``value and …``, without what is always true; false where one is always false."""
    return _chain(ast.And(), values, neutral=True)


def disjunction(values: Sequence[ast.expr]) -> ast.expr:
    """``value or …``, without what is always false; true where one is always true."""
    return _chain(ast.Or(), values, neutral=False)


def _chain(operator: ast.boolop, values: Sequence[ast.expr], *, neutral: bool) -> ast.expr:
    kept: list[ast.expr] = []
    for value in values:
        if isinstance(value, ast.Constant) and value.value is neutral:
            continue
        kept.append(value)
        if isinstance(value, ast.Constant):
            break
    if not kept:
        return constant(neutral)
    return kept[0] if len(kept) == 1 else placed.BoolOp(operator, kept)


def assign(identifier: str, value: ast.expr) -> ast.Assign:
    """``identifier = value``."""
    return placed.Assign([placed.Name(identifier, ast.Store())], value)


def loop(identifier: str, values: ast.expr, body: list[ast.stmt]) -> ast.For:
    """``for identifier in values: body``."""
    return placed.For(placed.Name(identifier, ast.Store()), values, body, [])


def loop_over_choices(identifiers: Sequence[str], values: ast.expr, body: list[ast.stmt]) -> ast.For:
    """``for identifier, … in choices(values, repeat=number of identifiers): body``."""
    targets = placed.Tuple([placed.Name(identifier, ast.Store()) for identifier in identifiers], ast.Store())
    repeat = placed.keyword("repeat", constant(len(identifiers)))
    return placed.For(targets, placed.Call(name("choices"), [values], [repeat]), body, [])


def when(test: ast.expr, *body: ast.stmt) -> ast.If:
    """``if test: body``."""
    return placed.If(test, list(body), [])


def function(identifier: str, parameters: Sequence[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """``def identifier(parameter, …): body``."""
    arguments = ast.arguments(
        posonlyargs=[],
        args=[placed.arg(parameter) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return placed.FunctionDef(identifier, arguments, body, [], None)
