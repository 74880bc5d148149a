"""Values near those that a query compares with: its literals, and the edges of its time windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from sql_seg.core.scalars import shift
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.schema import EVENT_DATA, V1_EVENT_FIELDS
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax.nodes import (
    Call,
    Column,
    Interval,
    Negative,
    Node,
    Number,
    Path,
    Query,
    String,
    Table,
    Timestamp,
    walk,
)
from sql_seg.testing.constants import evenly, in_some_zone, instants, numbers, texts
from sql_seg.testing.operands import KEYS

_Value = TypeVar("_Value")
_STEPS = [timedelta(microseconds=n) for n in (-1, 1)] + [timedelta(days=n) for n in (-31, -1, 1, 30)]
_LONGEST = 60
"""A text is made as long as the numbers of a query up to this one."""


@dataclass(frozen=True, eq=False)
class Near:
    """Strategies for values near a query's own: half of them are; all are common ones without a query."""

    columns: frozenset[str] | None
    """The lower-case names of the columns that the query names; None without a query."""
    events: bool
    """Whether events matter."""
    paths: tuple[tuple[str, ...], ...]
    """The paths into events' data that the query asks for."""
    texts: st.SearchStrategy[str]
    numbers: st.SearchStrategy[int | float]
    instants: st.SearchStrategy[datetime]
    own_texts: tuple[str, ...] = ()
    """The query's texts, and as many that are nearly one of them."""
    own_numbers: tuple[int | float, ...] = ()
    own_instants: tuple[datetime, ...] = ()
    own_beside: tuple[datetime, ...] = ()
    """Moments just beside the query's."""

    @cached_property
    def by_type(self) -> dict[DataType, st.SearchStrategy[Any]]:
        """Values of the columns of each type."""
        return {
            DataType.VARCHAR: self.texts,
            DataType.NUMBER: self.numbers,
            DataType.TIMESTAMP: self.instants,
            DataType.ARRAY: st.lists(self.texts, max_size=3),
            DataType.VARIANT: self.data,
        }

    @cached_property
    def json(self) -> st.SearchStrategy[Any]:
        """JSON values: scalars of every kind, nested under the keys that the query asks for."""
        moderate = self.numbers.filter(lambda number: abs(number) < 1e300)
        scalars = st.none() | self.texts | moderate | st.booleans() | self.instants.map(_iso)
        inner: st.SearchStrategy[Any] = scalars | st.lists(scalars, max_size=2)
        for _ in range(2):
            inner = inner | st.dictionaries(self._keys, inner, min_size=1, max_size=3)
        return inner

    @cached_property
    def _keys(self) -> st.SearchStrategy[str]:
        return _half(sorted({key for path in self.paths for key in path}), st.sampled_from(KEYS))

    @cached_property
    def data(self) -> st.SearchStrategy[Any]:
        """The data of an event: a payload with unique arguments, what a path of the query leads to or any."""
        values = evenly(self.texts, self.json)
        flat = st.dictionaries(self._keys, values, max_size=3)
        payloads = st.builds(lambda own, unique: {"payload": {**own, "unique_args": unique}}, flat, flat)
        if not self.paths:
            return evenly(payloads, payloads, self.json)
        asked = st.builds(_at_the_end, st.sampled_from(self.paths), values)
        return evenly(payloads, asked, self.json)


@lru_cache(maxsize=64)
def near(query: Query | None, now: datetime | None) -> Near:
    """Return values near a query's, asked at ``now``; None is nothing to be near of."""
    nodes = [] if query is None else list(walk(query))
    is_v1 = query is not None and query.dialect is Dialect.V1
    counts = [node.value for node in nodes if isinstance(node, Number)]
    strings = [node.value for node in nodes if isinstance(node, String)]
    forms = {form for text in strings for form in _forms(text, is_v1=is_v1)}
    forms |= {"a" * (int(count) + more) for count in counts if count <= _LONGEST for more in (0, 1)}
    paths = {node.keys for node in nodes if isinstance(node, Path)}
    if is_v1:  # a key of v1's map may also be asked for by CONTAINS
        keys = {key for path in paths for key in path} | {text for text in strings if text in KEYS}
        paths = {("payload", key) for key in keys}
    neighbours, moments = _neighbours(counts), sorted(_moments(nodes, now))
    return Near(
        None if query is None else frozenset(node.name.lower() for node in nodes if isinstance(node, Column)),
        query is None or any(map(_is_of_events, nodes)),
        tuple(sorted(paths)),
        _half_of_texts(strings, sorted(forms)),
        _half(neighbours, numbers()),
        _half_of_instants(moments),
        _mostly(strings, sorted(forms)),
        tuple(neighbours),
        tuple(moments),
        tuple(sorted(moved for moment in moments for moved in (*_beside(moment), *_just_beside(moment)))),
    )


def _mostly(exact: list[_Value], others: list[_Value]) -> tuple[_Value, ...]:
    """Return values of which about half are ``exact``."""
    times = max(1, len(others) // len(exact)) if exact else 0
    return (*exact * times, *others)


def _is_of_events(node: Node) -> bool:
    if isinstance(node, Table):
        return node.name.lower() == EVENT_DATA
    return isinstance(node, Column) and node.table is None and node.name.lower() in V1_EVENT_FIELDS.columns


def _half(values: list[Any], others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return evenly(st.sampled_from(values), others) if values else others


def _half_of_texts(literals: list[str], forms: list[str]) -> st.SearchStrategy[str]:
    if not literals:
        return _half(forms, texts())
    return evenly(st.sampled_from(literals), st.sampled_from(forms), texts())


def _half_of_instants(values: list[datetime]) -> st.SearchStrategy[datetime]:
    if not values:
        return instants()
    beside = st.sampled_from(sorted({moved for value in values for moved in _beside(value)}))
    return evenly(st.sampled_from(values), beside, instants(), beside.flatmap(in_some_zone))


def _at_the_end(path: tuple[str, ...], value: Any) -> Any:
    """Return the JSON value that a path leads to a value in."""
    for key in reversed(path):
        value = {key: value}
    return value


def _forms(text: str, *, is_v1: bool) -> tuple[str, ...]:
    """Return a text and what is nearly it; a pattern is also filled in, with nothing and with something."""
    return (
        text,
        text.upper(),
        text.lower(),
        text.replace("%%", "%") if is_v1 else text.replace("\\", ""),
        text.replace("%", ""),
        text.replace("%", "ab").replace("_", "a"),
        text + "a",
        text[:-1],
    )


def _neighbours(counts: list[int | float]) -> list[int | float]:
    near = {count + step for count in counts for step in (-1, 0, 1)}
    return [*sorted(near), *sorted({-count for count in counts} - near)]


def _moments(nodes: list[Node], now: datetime | None) -> set[datetime]:
    """Return ``now`` and the moments that a query names, and where the query's own amounts move them."""
    written = (node.value for node in nodes if isinstance(node, String | Timestamp))
    named = {moment for moment in map(read_timestamp, written) if moment is not None}
    if now is not None:
        named.add(now.astimezone(UTC))
    amounts = [amount for node in nodes for amount in _amounts(node)]
    edges = {shift(moment, unit, sign * n) for moment in named for unit, n in amounts for sign in (1, -1)}
    return named | {moment for moment in edges if moment is not None}


def _amounts(node: Node) -> Iterator[tuple[TimeUnit, int]]:
    match node:
        case Interval(amount=amount, unit=unit):
            yield unit, amount
        case Call("TIMESTAMPADD", (Column(name=word), Number(int(value)) | Negative(Number(int(value))), _)):
            unit_read = TimeUnit.read(word, Dialect.V2)
            if unit_read is not None:
                yield unit_read, value


def _just_beside(moment: datetime) -> Iterator[datetime]:
    """Yield the moments that are hardest to get right, to be drawn more often."""
    close = {
        moment + timedelta(microseconds=step) for step in (-1, 1) if datetime.min.year < moment.year < 9999
    }
    yield from (*close, *close)


def _beside(moment: datetime) -> Iterator[datetime]:
    for step in _STEPS:
        try:
            yield moment + step
        except OverflowError:
            continue


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()[:19]
