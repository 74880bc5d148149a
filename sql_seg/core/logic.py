"""Three-valued logic: TRUE, FALSE and NULL are True, False and None."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Truth = bool | None


def not_(value: Truth) -> Truth:
    """NOT: NULL stays NULL."""
    return None if value is None else not value


def turned(value: Truth, negated: bool) -> Truth:
    """NOT of a truth value, if it is to be negated."""
    return not_(value) if negated else value


def all_of(values: Iterable[Truth]) -> Truth:
    """AND: FALSE if one is FALSE, else NULL if one is NULL, else TRUE."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """OR: TRUE if one is TRUE, else NULL if one is NULL, else FALSE."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def strict(function: Callable[..., Any], *operands: Any) -> Any:
    """Apply a function of values: NULL if one of them is NULL."""
    for operand in operands:
        if operand is None:
            return None
    return function(*operands)


def is_member(value: Any, members: frozenset[Any] | set[Any], or_null: bool) -> Truth:
    """IN: TRUE if the value is a member, else NULL if a NULL could be a match, else FALSE.

    Of no members, not even a NULL, nothing is one: FALSE, whatever the value.
    """
    if not members and not or_null:
        return False
    if value is None:
        return None
    if members and value in members:  # a JSON object, which no set can be asked for, is only asked of NULL
        return True
    return None if or_null else False
