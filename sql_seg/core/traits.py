"""What kind of term each is: whether it reads a record, is a condition, depends on now, or may be NULL.

One row for each kind of term; who asks by ``isinstance`` asks a tuple that is made of the rows. Of a kind
that has no row nothing is known: it may depend on anything, and be NULL anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import Flag, auto
from typing import Any

from sql_seg.core import terms as core
from sql_seg.language.datatypes import DURATIONS, MONTHS, DataType
from sql_seg.language.literals import is_number


class Trait(Flag):
    """What is true of all terms of a kind."""

    NONE = 0
    STORED = auto()
    """It is a value that a record holds."""
    OF_JSON = auto()
    """It reads an event's data."""
    ROWED = auto()
    """It reads a record directly."""
    READ = auto()
    """It is read from a record, or from a group of them."""
    OF_OTHERS = auto()
    """It depends on events or on other contacts."""
    OF_NOW = auto()
    """It is what the one "now" of an evaluation is."""
    STRICT = auto()
    """It is a value that is NULL where one of its operands is."""
    TOTAL = auto()
    """It is not NULL unless an operand is, or what it reads."""
    NEVER_NULL = auto()
    """It is a condition that is TRUE or FALSE whatever stands inside it."""
    CONDITION = auto()
    """It is a condition by its form, of what stands inside it."""
    EXISTENCE = auto()
    """It is a condition on events or other contacts by its form."""


_STORED = Trait.STORED | Trait.ROWED | Trait.READ | Trait.TOTAL

TRAITS: dict[type[core.Term], Trait] = {
    core.Constant: Trait.NONE,
    core.ColumnValue: _STORED,
    core.JsonValue: _STORED | Trait.OF_JSON,
    core.MapValue: _STORED | Trait.OF_JSON,
    core.Now: Trait.OF_NOW | Trait.TOTAL,
    core.Negated: Trait.STRICT,
    core.Calculation: Trait.STRICT,
    core.ShiftedTime: Trait.STRICT,
    core.Applied: Trait.STRICT,
    core.Maximum: Trait.READ | Trait.OF_OTHERS | Trait.TOTAL,
    core.Compared: Trait.CONDITION,
    core.Between: Trait.CONDITION,
    core.OneOf: Trait.CONDITION,
    core.EqualsAny: Trait.CONDITION,
    core.Matched: Trait.CONDITION,
    core.ContainsAny: Trait.CONDITION,
    core.HasKey: Trait.CONDITION | Trait.ROWED | Trait.OF_JSON,
    core.NullTest: Trait.CONDITION | Trait.NEVER_NULL,
    core.TruthTest: Trait.CONDITION | Trait.NEVER_NULL,
    core.Inverse: Trait.CONDITION,
    core.All: Trait.CONDITION,
    core.AnyOf: Trait.CONDITION,
    core.OnParentList: Trait.CONDITION,
    core.SomeEvent: Trait.EXISTENCE | Trait.OF_OTHERS | Trait.NEVER_NULL,
    core.LastEvent: Trait.EXISTENCE | Trait.OF_OTHERS | Trait.NEVER_NULL,
    core.InSubquery: Trait.EXISTENCE | Trait.OF_OTHERS,
    core.Subquery: Trait.OF_OTHERS,
}


def _having(*traits: Trait) -> tuple[Any, ...]:
    """Return the kinds of terms that have one of some traits."""
    return tuple([kind for kind, own in TRAITS.items() if any(trait in own for trait in traits)])


STORED = _having(Trait.STORED)
OF_JSON = _having(Trait.OF_JSON)
ROWED = _having(Trait.ROWED)
READ = _having(Trait.READ)
STRICT = _having(Trait.STRICT)
TOTAL = _having(Trait.TOTAL)
NEVER_NULL = _having(Trait.NEVER_NULL)
CONDITIONS = _having(Trait.CONDITION)
EXISTENCES = _having(Trait.EXISTENCE)
FORMULAS = _having(Trait.CONDITION, Trait.EXISTENCE)
"""The kinds of terms that have a trait, for ``isinstance``: any other BOOLEAN term is a value."""

_MOST_YEARS = 500
_MICROSECOND = timedelta(microseconds=1)
_FARTHEST = timedelta(days=365 * _MOST_YEARS) // _MICROSECOND
"""How far from now a moment surely exists: nobody asks before the year 1000 or after 9000."""

_DEPENDENT = Trait.ROWED | Trait.OF_OTHERS
_VARIABLE = _DEPENDENT | Trait.OF_NOW


def is_rowed(term: core.Term) -> bool:
    """Return whether a term reads a record directly."""
    return isinstance(term, ROWED)


def depends(term: core.Term) -> bool:
    """Return whether a term depends on a record, or on other contacts."""
    return bool(TRAITS.get(type(term), _DEPENDENT) & _DEPENDENT) or any(map(depends, term.children()))


def varies(term: core.Term) -> bool:
    """Return whether a term may be another one for another contact, or at another now."""
    return bool(TRAITS.get(type(term), _VARIABLE) & _VARIABLE) or any(map(varies, term.children()))


def is_constant(term: core.Term) -> bool:
    """Return whether a term is the same for every contact and every now; of AND and OR that is not asked."""
    return not isinstance(term, (core.All, core.AnyOf)) and not varies(term)


def is_moment(term: core.Term) -> bool:
    """Return whether a term is a timestamp that depends on NOW alone."""
    return term.type is DataType.TIMESTAMP and not depends(term)


def is_clock(term: core.Term) -> bool:
    """Return whether a term is NOW, perhaps moved: such a moment never goes back as time goes on."""
    return isinstance(term, core.Now) or (isinstance(term, core.ShiftedTime) and is_clock(term.operand))


def is_null(term: core.Term) -> bool:
    """Return whether a term is the literal NULL."""
    return isinstance(term, core.Constant) and term.value is None


def strict_reads(term: core.Term) -> Iterator[core.Term]:
    """Yield what is read by a term and makes it NULL where it is NULL."""
    if isinstance(term, READ):
        yield term
    elif isinstance(term, STRICT):
        for child in term.children():
            yield from strict_reads(child)


def constant(term: core.Term) -> core.Constant | None:
    """Return the constant that a term is, its sign included."""
    if isinstance(term, core.Constant):
        return term
    if isinstance(term, core.Negated):
        inner = constant(term.operand)
        if inner is not None and is_number(inner.value):
            return core.Constant(-inner.value, type=inner.type)  # type: ignore[operator]
    return None


def now_offset(term: core.Term) -> tuple[str, int] | None:
    """Return how far a moment lies from now: in microseconds, or in months; None where neither says it."""
    if isinstance(term, core.Now):
        return "microseconds", 0
    if not isinstance(term, core.ShiftedTime):
        return None
    if term.unit in MONTHS:
        months = MONTHS[term.unit] * term.amount
        near = abs(months) <= 12 * _MOST_YEARS
        return ("months", months) if isinstance(term.operand, core.Now) and near else None
    inner = now_offset(term.operand)
    if inner is None or inner[0] != "microseconds":
        return None
    offset = inner[1] + DURATIONS[term.unit] // _MICROSECOND * term.amount
    return ("microseconds", offset) if abs(offset) <= _FARTHEST else None


def is_total(term: core.Term) -> bool:
    """Return whether a term is NULL only where something that it reads is."""
    if isinstance(term, core.Constant):
        return term.value is not None
    if isinstance(term, core.Applied):
        return all(map(is_total, term.operands))
    return isinstance(term, TOTAL) or now_offset(term) is not None


def may_be_null(term: core.Term) -> bool:
    """Return whether a term may be NULL, in records that may lack anything."""
    if isinstance(term, READ):
        return True
    return not is_total(term) or any(True for _ in strict_reads(term))
