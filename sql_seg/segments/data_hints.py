"""What a query asks for and the data lacks: values that no contact has, columns that are always NULL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

from sql_seg.core import terms as core
from sql_seg.core.terms import THE_CONTACT, CheckedQuery, ColumnValue
from sql_seg.dataset import Dataset
from sql_seg.explain.decision import shown
from sql_seg.language.datatypes import DataType
from sql_seg.segments.conditions import Conditions

_MOST_VALUES = 10_000
_MOST_NEAR = 3


def data_hints(checked: CheckedQuery, dataset: Dataset, now: datetime) -> list[str]:
    """Return a sentence for each literal that no contact has, with the nearest that some have."""
    found: dict[str, None] = {}
    for name, literals in _literals(checked).items():
        values = dataset.home.most_frequent(name, _MOST_VALUES)
        if not values:
            found[f"{name} is NULL for every contact"] = None
            continue
        if len(values) < _MOST_VALUES:
            found |= dict.fromkeys(_absent(name, literals, dict(values)))
    others = {term.name: term for term in _others(checked)}
    there = Conditions(checked, [core.Inverse(core.NullTest(term)) for term in others.values()])
    for name, count in zip(others, dataset.home.counts(there, now), strict=True):
        if not count:
            found[f"{name} is NULL for every contact"] = None
    return list(found)


def _literals(checked: CheckedQuery) -> dict[str, list[str]]:
    """Return the texts that columns of contacts are compared with, by column."""
    found: dict[str, list[str]] = {}
    for term in core.walk(checked.condition):
        match term:
            case core.Compared(left=ColumnValue() as column, right=core.Constant(value=str() as text)):
                texts: tuple[object, ...] = (text,) if term.operator.value in ("=", "!=") else ()
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
    compared = _literals(checked)
    for term in core.walk(checked.condition):
        if not isinstance(term, ColumnValue) or term.row != THE_CONTACT or term.name in compared:
            continue
        if term.type is not DataType.ARRAY:
            yield term


def _absent(name: str, literals: list[str], values: dict[object, int]) -> Iterator[str]:
    by_folded: dict[str, list[str]] = {}
    for value in values:
        by_folded.setdefault(str(value).casefold().strip(), []).append(str(value))
    for literal in literals:
        if literal in values:
            continue
        near = list(by_folded.get(literal.casefold().strip(), ()))
        for folded in get_close_matches(literal.casefold().strip(), by_folded, _MOST_NEAR, 0.7):
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
