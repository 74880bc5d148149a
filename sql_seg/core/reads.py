"""What a condition reads of an account: columns, lists, event types, paths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from sql_seg.core import terms as core
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import DataType
from sql_seg.language.timestamps import read_timestamp

LIST_IDS = "list_ids"

JsonPath = tuple[str, ...]

PRESENCE = "\ufdd0"
"""Ends a path that asks whether anything is there: a JSON null is. No key of a query is it."""


@frozen
class Reads:
    """What is read: each thing once, in the order of the query.

    ``columns`` are those of contacts, of other contacts too, with their types; of those in ``untyped``, which
    only a lenient schema knows, the query does not say what they hold. ``lists`` are the ids of
    lists that are named. ``asks_for_events`` is whether events are read at all; ``event_types`` are those
    that are named. ``paths`` into an event's data come with the types that they are read as, ``keys`` are
    those of v1's flat map of events. ``compares_emails``: emails are held against texts.
    """

    columns: Mapping[str, DataType]
    untyped: frozenset[str]
    lists: tuple[str, ...]
    asks_for_events: bool
    event_types: tuple[str, ...]
    paths: Mapping[JsonPath, tuple[DataType, ...]]
    keys: tuple[str, ...]
    compares_emails: bool = False
    moments: Mapping[str, str] = field(default_factory=dict)
    """Columns of texts that are held against texts of a timestamp's form, each with the first of these."""
    alike: tuple[tuple[str, str], ...] = ()
    """Pairs of ``untyped`` columns that are held against each other: their values have to be of one kind."""
    null_tests: tuple[str, ...] = ()
    """Columns of texts that are asked whether they are NULL."""

    @property
    def all_paths(self) -> list[tuple[JsonPath, tuple[DataType, ...]]]:
        """The paths, with the types that they are read as; each of the ``keys`` is a path of it alone."""
        return [*self.paths.items(), *(((key,), (DataType.VARCHAR,)) for key in self.keys)]


def paths_read(conditions: Iterable[core.Term]) -> tuple[JsonPath, ...] | None:
    """Return the paths into events' data that conditions read, each once.

    One that ends with ``PRESENCE`` asks whether anything is there.

    None where that cannot be said beforehand: then the whole is needed.
    """
    found: dict[JsonPath, None] = {}
    for condition in conditions:
        for term in core.walk(condition):
            if isinstance(term, core.JsonValue):
                found[(*term.keys, PRESENCE) if term.type is DataType.VARIANT else term.keys] = None
            elif isinstance(term, core.MapValue):
                found |= dict.fromkeys(places_of((term.key,)))
            elif isinstance(term, core.HasKey):
                if not isinstance(term.key, core.Constant):
                    return None
                found |= dict.fromkeys(places_of((str(term.key.value),)))
            elif isinstance(term, core.ColumnValue) and term.name == "data":
                return None
    return tuple(found)


def places_of(path: JsonPath) -> list[JsonPath]:
    """Return where a path leads, or a key of v1's flat map: to the first that is there."""
    return [path] if len(path) > 1 else [("payload", *path), ("payload", "unique_args", *path)]


def asks_for_events(condition: core.Term) -> bool:
    """Return whether an answer depends on events, not on contacts alone."""
    return any(map(rows_of_events, core.walk(condition)))


def reads_of(checked: core.Meaning) -> Reads:
    """Return what a query reads."""
    return read_by(checked.condition, {*checked.schema.contact_data.columns, *checked.assumed_types})


def read_by(condition: core.Term, known: Collection[str] | None = None) -> Reads:
    """Return what a condition reads; ``known`` are the columns of which it is known what they hold."""
    terms = list(reversed(core.walk(condition)))
    rows = {core.THE_CONTACT, *(term.contact for term in terms if isinstance(term, core.Subquery))}
    columns = [term for term in terms if isinstance(term, core.ColumnValue)]
    of_contacts = {column.name: column.type for column in columns if column.row in rows}
    untyped = frozenset() if known is None else frozenset(of_contacts).difference(known)
    return Reads(
        of_contacts,
        untyped,
        tuple(dict.fromkeys(value for term in terms for value in _lists_named(term))),
        any(map(rows_of_events, terms)),
        tuple(dict.fromkeys(value for term in terms for value in _event_types_named(term))),
        _paths_with_types(terms),
        tuple(dict.fromkeys(key for term in terms for key in _keys_named(term))),
        "email" in of_contacts and any(map(_compares_emails, terms)),
        _moments_of_texts(terms, rows),
        tuple(dict.fromkeys(pair for term in terms for pair in _pairs(term, untyped))) if untyped else (),
        tuple(dict.fromkeys(name for term in terms for name in _null_tests(term, rows))),
    )


def _paths_with_types(terms: Iterable[core.Term]) -> dict[JsonPath, tuple[DataType, ...]]:
    found: dict[JsonPath, dict[DataType, None]] = {}
    for term in terms:
        if isinstance(term, core.JsonValue):
            found.setdefault(term.keys, {})[term.type] = None
    return {path: tuple(types) for path, types in found.items()}


_COMPARISONS = (core.Compared, core.OneOf, core.EqualsAny, core.Matched)


def _moments_of_texts(terms: Iterable[core.Term], rows: Collection[int | None]) -> dict[str, str]:
    found: dict[str, str] = {}
    for term in terms:
        if not isinstance(term, core.Compared | core.OneOf | core.EqualsAny | core.Between):
            continue
        columns = [
            child
            for child in term.children()
            if isinstance(child, core.ColumnValue) and child.type is DataType.VARCHAR and child.row in rows
        ]
        held = term.values if isinstance(term, core.OneOf) else _texts(term.children())
        for text in held:
            if columns and isinstance(text, str) and read_timestamp(text) is not None:
                found.setdefault(columns[0].name, text)
    return found


def _pairs(term: core.Term, untyped: Collection[str]) -> Iterator[tuple[str, str]]:
    match term:
        case core.Compared(_, core.ColumnValue() as one, core.ColumnValue() as two):
            others: Iterable[core.Term] = (two,)
        case core.EqualsAny(core.ColumnValue() as one, others):
            pass
        case _:
            return
    for other in others:
        if (
            isinstance(other, core.ColumnValue)
            and {one.name, other.name} <= set(untyped)
            and one.row == other.row
        ):
            yield one.name, other.name


def _null_tests(term: core.Term, rows: Collection[int | None]) -> Iterator[str]:
    if isinstance(term, core.NullTest) and isinstance(term.operand, core.ColumnValue):
        column = term.operand
        if column.row in rows and column.type is DataType.VARCHAR:
            yield column.name


def _compares_emails(term: core.Term) -> bool:
    return isinstance(term, _COMPARISONS) and any(_is_column(child, "email") for child in term.children())


def rows_of_events(term: core.Term) -> tuple[int, ...]:
    """Return the rows of events that a test of events or a subquery has."""
    if isinstance(term, core.SomeEvent | core.LastEvent):
        return term.rows
    return term.events if isinstance(term, core.Subquery) else ()


def _lists_named(term: core.Term) -> Iterator[str]:
    if isinstance(term, core.ContainsAny) and _is_column(term.array, LIST_IDS):
        yield from _texts(term.values)


def _event_types_named(term: core.Term) -> Iterator[str]:
    match term:
        case core.Compared(_, left, right):
            if _is_column(left, "event_type"):
                yield from _texts((right,))
            elif _is_column(right, "event_type"):
                yield from _texts((left,))
        case core.OneOf(operand, values) if _is_column(operand, "event_type"):
            yield from (value for value in values if isinstance(value, str))
        case core.EqualsAny(operand, others) if _is_column(operand, "event_type"):
            yield from _texts(others)


def _keys_named(term: core.Term) -> Iterator[str]:
    if isinstance(term, core.MapValue):
        yield term.key
    elif isinstance(term, core.HasKey):
        yield from _texts((term.key,))


def _texts(terms: Iterable[core.Term]) -> Iterator[str]:
    for term in terms:
        if isinstance(term, core.Constant) and isinstance(term.value, str):
            yield term.value


def _is_column(term: core.Term, name: str) -> bool:
    return isinstance(term, core.ColumnValue) and term.name == name
