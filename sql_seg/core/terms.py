"""The core form: what a query means, in one form for both dialects, resolved and typed.

A *term* has a value for one contact, and a condition is a term of type BOOLEAN: TRUE, FALSE or NULL. A
join has become "some event such that", a subquery the set of its values, and MAX a fold. Everything that
reads the core form knows nothing of dialects or of syntax.

Rows are numbered over the whole query: 0 is the contact that is judged, each other number an event, or a
contact inside a subquery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, TypeVar

from sql_seg.diagnostics.source import NOWHERE, Span
from sql_seg.frozen import field, frozen, replace
from sql_seg.language.datatypes import DataType, TimeUnit
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.patterns import Pattern
from sql_seg.language.schema import Schema
from sql_seg.trees import children
from sql_seg.trees import with_children as with_children

THE_CONTACT = 0
"""The row of the contact that is judged."""


@frozen
class Term:
    """Anything that has a value; ``span`` is where the query says it."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    type: ClassVar[DataType] = DataType.BOOLEAN
    """The type of the value: of all terms of a kind, or where that says so of each term."""

    def children(self) -> tuple[Term, ...]:
        """Return the terms directly below this one."""
        return children(self)


@frozen
class _Typed(Term):
    """Terms of a kind that each have a type of their own."""

    type: DataType = field(kw_only=True)  # type: ignore[misc]


@frozen
class Constant(_Typed):
    """A literal: a str, int, float, bool, aware datetime in UTC, or None for NULL."""

    value: str | int | float | bool | datetime | None


@frozen
class ColumnValue(_Typed):
    """A column of a row, by its lower-case name."""

    row: int
    name: str


@frozen
class JsonValue(_Typed):
    """A path into the ``data`` of an event, read as ``type``: see ``sql_seg.language.json_paths``.

    A JSON value that does not convert is NULL, and so is a path that leads nowhere. Of type VARIANT it is the
    JSON value itself, JSON's null included, which can only be asked whether it is there; of type ARRAY a
    list's texts, or the one text, which only ContainsAny asks of.
    """

    row: int
    keys: tuple[str, ...]


@frozen
class MapValue(Term):
    """A key of v1's flat event map: a text."""

    row: int
    key: str

    type: ClassVar[DataType] = DataType.VARCHAR


@frozen
class Now(Term):
    """The one "now" of an evaluation."""

    type: ClassVar[DataType] = DataType.TIMESTAMP


@frozen
class Negated(Term):
    """``-operand``."""

    operand: Term

    type: ClassVar[DataType] = DataType.NUMBER


@frozen
class Calculation(Term):
    """``left operator right`` over numbers."""

    operator: Arithmetic
    left: Term
    right: Term

    type: ClassVar[DataType] = DataType.NUMBER


@frozen
class ShiftedTime(Term):
    """A timestamp, moved by ``amount`` units (negative: into the past)."""

    unit: TimeUnit
    amount: int
    operand: Term

    type: ClassVar[DataType] = DataType.TIMESTAMP


@frozen
class Applied(_Typed):
    """A function of values over its operands, by its name in ``language.functions``."""

    function: str
    operands: tuple[Term, ...]


@frozen
class Maximum(_Typed):
    """The n-th of the maxima of the LastEvent around it."""

    index: int


@frozen
class Compared(Term):
    """``left operator right``, of one type."""

    operator: Comparator
    left: Term
    right: Term


@frozen
class Negatable(Term):
    """A condition that may hold a NOT: ``x NOT IN (…)``. ``negated``, it is the NOT of what it says."""

    negated: bool = field(default=False, kw_only=True)


@frozen
class Between(Negatable):
    """``operand BETWEEN low AND high``, all of one type: ``operand >= low AND operand <= high``."""

    operand: Term
    low: Term
    high: Term


@frozen
class OneOf(Negatable):
    """Whether the operand equals one of some literals; with ``or_null``, NULL where it does not."""

    operand: Term
    values: tuple[str | int | float | bool | datetime, ...]
    or_null: bool = False


@frozen
class EqualsAny(Negatable):
    """Whether the operand equals any of some values that are not all literals: the OR of ``=`` with each."""

    operand: Term
    values: tuple[Term, ...]


@frozen
class Matched(Negatable):
    """Whether a text matches a LIKE pattern."""

    operand: Term
    pattern: Pattern


@frozen
class ContainsAny(Term):
    """Whether an array holds any of the values: the OR of the single ones."""

    array: Term
    values: tuple[Term, ...]


@frozen
class HasKey(Term):
    """Whether v1's flat event map has a key."""

    row: int
    key: Term


@frozen
class NullTest(Negatable):
    """Whether the operand is NULL: TRUE or FALSE, never NULL."""

    operand: Term


@frozen
class TruthTest(Negatable):
    """Whether a condition is TRUE (or FALSE): TRUE or FALSE, never NULL."""

    operand: Term
    value: bool


@frozen
class Inverse(Term):
    """NOT."""

    operand: Term


@frozen
class All(Term):
    """AND; of nothing, it is TRUE: what a query without WHERE asks."""

    operands: tuple[Term, ...]


@frozen
class AnyOf(Term):
    """OR."""

    operands: tuple[Term, ...]


@frozen
class SomeEvent(Term):
    """Whether the contact has events, one for each of ``rows``, for which the condition is TRUE.

    With ``or_none``, a contact without events is judged once with all event columns NULL (v1).
    """

    rows: tuple[int, ...]
    condition: Term
    or_none: bool = False


@frozen
class LastEvent(Term):
    """Whether ``having`` is TRUE of the maxima over the contact's rows for which ``condition`` is TRUE.

    The rows are all choices of one event for each of ``rows`` (of none, the contact alone). A contact
    without such a row is FALSE, whatever ``having`` says. MAX skips NULLs, and is NULL where all are.
    """

    rows: tuple[int, ...]
    condition: Term
    maxima: tuple[Term, ...]
    having: Term


@frozen
class Subquery(_Typed):
    """The values of ``value`` over the rows for which ``condition`` is TRUE.

    The rows are all choices of a contact for ``contact`` (if any) and, for each of ``events``, an event of
    that contact; without a contact, events of one and the same contact id.
    """

    contact: int | None
    events: tuple[int, ...]
    value: Term
    condition: Term


@frozen
class InSubquery(Negatable):
    """Whether the operand equals one of the subquery's values; NULL where only a NULL could be a match."""

    operand: Term
    subquery: Subquery


@frozen
class OnParentList(Term):
    """That the contact is on one of the segment's parent lists, which no text of the query says."""

    condition: ContainsAny


ALWAYS = All(())
"""The condition of a query that has none."""


def walk(term: Term) -> list[Term]:
    """Return a term and all terms below it."""
    found: list[Term] = []
    waiting = [term]
    while waiting:
        term = waiting.pop()
        found.append(term)
        waiting += children(term)
    return found


def has(term: Term, *kinds: type[Term]) -> bool:
    """Return whether a term, or one below it, is of some kinds."""
    return any(isinstance(inner, kinds) for inner in walk(term))


def without_not(term: Term) -> Term:
    """Return what stands inside all NOTs around it."""
    while isinstance(term, Inverse):
        term = term.operand
    return term


@frozen
class Meaning:
    """What a query means, and all that those behind checking know of it.

    ``condition`` is the core form, whose spans are places in ``text``. ``assumed_types`` has the types that a
    lenient schema's unknown columns take from their use, by lower-case name.

    Of a query with errors, which only ``lint`` is given, ``sound_parts`` are the conditions that no error
    stands in, each by itself; of a valid one it is None.
    """

    schema: Schema
    condition: Term
    assumed_types: Mapping[str, DataType] = field(default_factory=lambda: MappingProxyType({}))
    sound_parts: tuple[Term, ...] | None = field(default=None, repr=False, compare=False)
    text: str = field(default="", repr=False, compare=False)

    @property
    def parts(self) -> tuple[Term, ...]:
        """The condition; of a query with errors, the parts that are sound."""
        return (self.condition,) if self.sound_parts is None else self.sound_parts

    @property
    def contact_rows(self) -> frozenset[int]:
        """The rows that are contacts; all others are events."""
        subqueries = [term for part in self.parts for term in walk(part) if isinstance(term, Subquery)]
        return frozenset([THE_CONTACT, *(query.contact for query in subqueries if query.contact is not None)])

    @property
    def columns(self) -> frozenset[str]:
        """The contact's columns that the query reads, by lower-case name."""
        terms = walk(self.condition)
        return frozenset(t.name for t in terms if isinstance(t, ColumnValue) and t.row == THE_CONTACT)

    @property
    def reads_events(self) -> bool:
        """Whether the answer depends on events, or on other contacts."""
        return has(self.condition, SomeEvent, LastEvent, InSubquery)

    @property
    def reads_clock(self) -> bool:
        """Whether the answer may depend on the moment at which it is asked for."""
        return has(self.condition, Now)


_M = TypeVar("_M", bound=Meaning)


def within_lists(checked: _M, list_ids: Iterable[str]) -> _M:
    """Return a query whose members are, beside all it asks, on one of some lists; of no lists, the query.

    That is what a segment's ``parent_list_ids`` mean [doc].

    Raises TypeError for one text in place of several.
    """
    if isinstance(list_ids, str):
        raise TypeError(f"the ids of lists come as a list: parent_list_ids=[{list_ids!r}]")
    values = tuple(Constant(list_id, type=DataType.VARCHAR) for list_id in list_ids)
    if not values:
        return checked
    lists = ColumnValue(THE_CONTACT, "list_ids", type=DataType.ARRAY)
    return replace(checked, condition=All((OnParentList(ContainsAny(lists, values)), checked.condition)))
