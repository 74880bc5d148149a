"""What a query asks for and the data lacks: values that no contact has, columns that are always NULL."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.terms import THE_CONTACT, ColumnValue
from sql_seg.diagnostics.source import text_at
from sql_seg.engines.dataset import Dataset
from sql_seg.engines.home import AskedConditions
from sql_seg.explain.decision import shown
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.wording import LIKE_A_VALUE, close_names

_MOST_VALUES = 10_000
_MOST_NEAR = 3


Truths = Mapping[core.Term, tuple[int, int]]
"""Of how many contacts a condition is TRUE, and of how many it is FALSE."""


def data_hints(
    checked: CheckedQuery,
    dataset: Dataset,
    now: datetime,
    truths: Truths = MappingProxyType({}),
    *,
    unnamed: Container[str] = (),
) -> list[str]:
    """Return a sentence for each literal that no contact has, with the nearest that some have.

    ``truths`` are those that are known already, as of a funnel: the data is only asked for what they do not
    tell. Of the ``unnamed`` columns no values of the data are shown: they would say who somebody is.
    """
    found: dict[str, None] = {}
    told = _Told(checked, truths)
    for name, literals in _literals(checked).items():
        missing = [literal for literal in literals if literal not in told.literals.get(name, ())]
        if not missing:
            continue
        values = dataset._home.most_frequent(name, _MOST_VALUES)
        if not values:
            found[f"{name} is NULL for every contact"] = None
            continue
        if len(values) < _MOST_VALUES:
            found |= dict.fromkeys(_absent(name, missing, dict(values), names=name not in unnamed))
    others = {term.name: term for term in _others(checked) if term.name not in told.columns}
    if others:
        there = AskedConditions(checked, [core.Inverse(core.NullTest(term)) for term in others.values()])
        for name, count in zip(others, dataset._home.counts(there, now), strict=True):
            if not count:
                found[f"{name} is NULL for every contact"] = None
    return [*found, *_out_of_reach(checked, dataset, now, truths, unnamed)]


def _out_of_reach(
    checked: CheckedQuery, dataset: Dataset, now: datetime, truths: Truths, unnamed: Container[str]
) -> Iterator[str]:
    """Yield what no contact reaches: comparisons past the least or greatest value that there is."""
    interpreter = Interpreter(now, NO_ACCOUNT)
    for term in reversed(core.walk(checked.condition)):
        match term:
            case core.Compared(operator=operator, left=ColumnValue() as column, right=right):
                bounds = [(operator, right)]
            case core.Between(operand=ColumnValue() as column, low=low, high=high, negated=False):
                bounds = [(Comparator.GE, low), (Comparator.LE, high)]
            case _:
                continue
        is_ordered = column.type in (DataType.NUMBER, DataType.TIMESTAMP) and column.row == THE_CONTACT
        if not is_ordered or truths.get(term, (0, 0))[0] or any(core.has(it, *_READS) for _, it in bounds):
            continue
        extent = None if column.name in unnamed else dataset._home.extent(column.name)
        said = text_at(term.span, checked.text)
        if extent is not None and any(
            _is_past(kind, interpreter.value(bound, {}), *extent) for kind, bound in bounds
        ):
            least, greatest = map(shown, extent)
            yield f"no contact has {said}: in the data {column.name} is {least} to {greatest}"


_READS = (ColumnValue, core.JsonValue, core.MapValue, core.Maximum)


def _is_past(operator: Comparator, bound: Any, least: Any, greatest: Any) -> bool:
    """Return whether no value between two others compares so with a bound."""
    if bound is None:
        return False
    match operator:
        case Comparator.GT:
            return bool(greatest <= bound)
        case Comparator.GE:
            return bool(greatest < bound)
        case Comparator.LT:
            return bool(least >= bound)
        case Comparator.LE:
            return bool(least > bound)
        case Comparator.EQ:
            return bool(not least <= bound <= greatest)
    return False


class _Told:
    """What truths tell: ``literals`` that some contacts have, by column, and ``columns`` with values."""

    def __init__(self, checked: CheckedQuery, truths: Truths) -> None:
        self.literals: dict[str, set[str]] = {}
        self.columns: set[str] = set()
        for term in core.walk(checked.condition) if truths else ():
            true, false = truths.get(term, (0, 0))
            match term:
                case core.Compared(left=ColumnValue(name=name), right=core.Constant(value=str() as text)):
                    if (true, false)[term.operator is Comparator.NE]:
                        self._met(name, text)
                case core.OneOf(operand=ColumnValue(name=name), values=(str() as text,)):
                    if (true, false)[term.negated]:
                        self._met(name, text)
            if true or false:
                self.columns |= {read.name for read in _strictly_read(term)}

    def _met(self, column: str, literal: str) -> None:
        self.literals.setdefault(column, set()).add(literal)


def _strictly_read(term: core.Term) -> Iterator[ColumnValue]:
    """Yield the columns of the contact that are not NULL where a condition is TRUE or FALSE."""
    match term:
        case core.Compared(left=left, right=right):
            inside = [*core.walk(left), *core.walk(right)]
        case core.Matched(operand=operand) | core.OneOf(operand=operand) | core.Between(operand=operand):
            inside = core.walk(operand)
        case _:
            inside = []
    for read in inside:
        if isinstance(read, ColumnValue) and read.row == THE_CONTACT:
            yield read


def _literals(checked: CheckedQuery) -> dict[str, list[str]]:
    """Return the texts that columns of contacts are compared with, by column."""
    found: dict[str, list[str]] = {}
    for term in core.walk(checked.condition):
        match term:
            case core.Compared(left=ColumnValue() as column, right=core.Constant(value=str() as text)):
                is_equality = term.operator in (Comparator.EQ, Comparator.NE)
                texts: tuple[object, ...] = (text,) if is_equality else ()
            case core.OneOf(operand=ColumnValue() as column, values=texts):
                pass
            case _:
                continue
        if column.row == THE_CONTACT and column.type is DataType.VARCHAR:
            known = found.setdefault(column.name, [])
            known += [text for text in texts if isinstance(text, str) and text not in known]
    return found


def _others(checked: CheckedQuery) -> Iterator[ColumnValue]:
    """Yield the other columns of contacts that are read, except arrays, which are never NULL."""
    compared = {name for name, literals in _literals(checked).items() if literals}
    for term in core.walk(checked.condition):
        if not isinstance(term, ColumnValue) or term.row != THE_CONTACT or term.name in compared:
            continue
        if term.type is not DataType.ARRAY:
            yield term


def _absent(name: str, literals: list[str], values: dict[object, int], *, names: bool) -> Iterator[str]:
    """Yield a sentence for each literal that is no value; ``names`` says whether it may name others."""
    by_folded: dict[str, list[str]] = {}
    for value in values:
        by_folded.setdefault(str(value).casefold().strip(), []).append(str(value))
    for literal in literals:
        if literal in values:
            continue
        if not names:
            yield f"no contact has {name} = {shown(literal)}"
            continue
        letters = literal.casefold().strip()
        near = list(by_folded.get(letters, ()))
        for folded in close_names(letters, by_folded, most=_MOST_NEAR, likeness=LIKE_A_VALUE):
            near += [value for value in by_folded[folded] if value not in near]
        some = ", ".join(f"{shown(value)} ({values[value]:,})" for value in near[:_MOST_NEAR])
        ending = f"; the data has {some}" if some else _common(values)
        yield f"no contact has {name} = {shown(literal)}{ending}"


def _common(values: dict[object, int]) -> str:
    """Return the most frequent values, where some are frequent at all."""
    common = [
        f"{shown(value)} ({count:,})" for value, count in list(values.items())[:_MOST_NEAR] if count > 1
    ]
    return f"; most have {', '.join(common)}" if common else ""
