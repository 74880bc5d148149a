"""The smallest changes of one contact that turn the answer: in, where it is out, and out, where it is in.

What may change are the contact's columns that the query reads, and its events: one may be changed, one taken
away, and one come. Each of these counts as one. For each, the conditions say which values make a difference:
at, beside and between all boundaries, and those that expressions lead back to. All sets of one change are
tried, then all of two, and so on, with the evaluator's own answer to each; of those that turn the answer, a
set is kept with the values that are nearest to what they were, if no smaller set does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations, islice, product
from typing import Any, NamedTuple

from sql_seg.analysis.conditions import Conditions
from sql_seg.analysis.ordered import OrderedSet
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.substitution import with_maxima
from sql_seg.core.traits import ROWED
from sql_seg.evaluate import NO_ACCOUNT, Interpreter
from sql_seg.evaluate.planning import for_one_contact
from sql_seg.language.clock import the_moment
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import write_timestamp
from sql_seg.language.patterns import Pattern
from sql_seg.language.schema import EVENT_TABLE, Schema
from sql_seg.solver.asking import Asked, checked_query
from sql_seg.solver.binding import ID, bound, settled
from sql_seg.solver.budget import Budget, Cost, OutOfStepsError
from sql_seg.solver.cells import DATA, NEEDED_OF_EVENTS, NEVER_EMPTY, Cell, CellsIn, cell_of, data_of
from sql_seg.solver.choices import Simplest
from sql_seg.solver.hints import Atom, Hints
from sql_seg.solver.outcome import NotFound, Record
from sql_seg.solver.points import near
from sql_seg.solver.texts import Likes, TextSearch, filled, within
from sql_seg.solver.usual import usual_texts, usual_value

_MOST_TEXTS = 3
_MOST_OF_AN_EVENT = 400
_GONE = object()
_DATA_TYPES = (DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changes, or an event that comes or goes.

    ``name`` is the column, of an event's data with the path behind it: ``data.payload.x``. ``event`` is the
    event's place among those given, None for the contact itself; one that comes stands behind them. Of an
    event as a whole ``name`` is "", and ``before`` or ``after`` is None.
    """

    name: str
    before: Any
    after: Any
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """Changes that turn the answer, none of which can be left out; ``record`` is the contact after them."""

    changes: tuple[Change, ...]
    record: Record


def smallest_changes(
    query: Asked,
    contact: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    most: int = 3,
    effort: int = 1,
) -> tuple[Turned, ...] | NotFound:
    """Return the smallest sets of changes that turn whether a contact is in a segment at ``now``.

    ``contact`` is keyed by lower-case column name, and ``events`` are its rows of event_data. Each set has a
    record after it, and no set holds another one; those of fewer changes stand first, and then the nearest.
    Columns and events that change together are ``most`` at most; as soon as there are sets of one size, only
    those of one more are looked for. NotFound says that there was none among what was tried.

    Raises NeedsDatasetError where the answer depends on other contacts; for the rest see ``witness``.
    """
    checked = checked_query(query, schema, dialect)
    moment = the_moment(now)
    condition = for_one_contact(checked.condition)
    search = _Search(condition, checked.schema, moment, contact, events, Budget(effort))
    return search.turned(most)


_Distance = tuple[int, int, float]
"""How far a change leads: how many values change, how odd the new ones look, and how far they are."""


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to change one part: what to write where, and how far it is from what there was."""

    changes: tuple[Change, ...]
    distance: _Distance


_Part = list[_Option]
"""The ways to change one column, or one event."""


class _Search:
    """Tries changes of a contact with its events, few of them first."""

    def __init__(
        self,
        condition: core.Term,
        schema: Schema,
        now: datetime,
        contact: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]],
        budget: Budget,
    ) -> None:
        self._condition = condition
        self._schema = schema
        self._contact, self._events = contact, events
        self._budget = budget
        self._interpreter = Interpreter(now, NO_ACCOUNT)
        self._cost = Cost.of(condition)
        self._is_in = self._verdict(contact, events)
        self._candidates = _Values(settled(condition, now), schema, now, contact, events, budget)
        self.tried = 0

    def turned(self, most: int) -> tuple[Turned, ...] | NotFound:
        found: dict[frozenset[int], tuple[Any, Turned]] = {}
        gave_up = ""
        try:
            parts = list(self._parts())
            last = len(parts) - 1 if self._candidates.reads_events else -1
            for size in range(1, most + 1):
                if found and size > min(map(len, found)) + 1:
                    break
                for chosen in combinations(range(len(parts)), size):
                    if any(smaller <= set(chosen) for smaller in found):
                        continue
                    if last in chosen and last - 1 not in chosen:
                        continue  # a second event comes after a first one
                    best = self._best([parts[index] for index in chosen])
                    if best is not None:
                        found[frozenset(chosen)] = best
        except OutOfStepsError:
            gave_up = f"gave up after {self._budget.steps:,} steps; a larger effort tries more"
        if not found:
            return NotFound(self.tried, gave_up or f"no {most} changes were found that turn the answer")
        ordered = sorted(found.items(), key=lambda entry: (len(entry[0]), entry[1][0], sorted(entry[0])))
        return tuple([turned for _, (_, turned) in ordered])

    def _best(self, parts: Sequence[_Part]) -> tuple[Any, Turned] | None:
        """Return the nearest changes of all of some parts that turn the answer."""
        best: tuple[Any, Turned] | None = None
        for options in product(*parts):
            distance = _sum(option.distance for option in options)
            if best is not None and distance >= best[0]:
                continue
            changes = tuple([change for option in options for change in option.changes])
            record = self._changed(changes)
            self.tried += 1
            if self._verdict(record.contact, record.events) is not self._is_in:
                best = distance, Turned(changes, record)
        return None if best is None else (best[0], self._nearer(best[1]))

    def _nearer(self, turned: Turned) -> Turned:
        """Return changes with each number and moment as near to what it was as still turns the answer."""
        for index, change in enumerate(turned.changes):
            steps = _steps(change.before, change.after)
            if steps is None:
                continue
            low, high = 0, steps.number
            while high - low > 1:
                middle = (low + high) // 2
                moved = replace(change, after=steps.at(middle))
                changes = (*turned.changes[:index], moved, *turned.changes[index + 1 :])
                record = self._changed(changes)
                if self._verdict(record.contact, record.events) is not self._is_in:
                    high, turned = middle, Turned(changes, record)
                else:
                    low = middle
        return turned

    def _distance(self, cell: Cell, before: Any, after: Any) -> _Distance:
        one, odd, far = _distance(before, after)
        usual = usual_texts(cell.name)
        if after in usual:
            far = 1 + usual.index(after) / len(usual)
        return one, odd + self._candidates.is_odd(cell, after), far

    def _verdict(self, contact: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
        self._budget.spend(1 + self._cost.with_events(len(events)) // 4)
        return self._interpreter.verdict(self._condition, contact, events) is True

    def _parts(self) -> Iterator[_Part]:
        """Yield the ways to change each column that is read, each event, and to have one more."""
        values = self._candidates
        for cell in values.cells_of_contact:
            before = self._contact.get(cell.name)
            options = [
                _Option((Change(cell.name, before, after),), self._distance(cell, before, after))
                for after in values.of(cell)
                if not _same(before, after)
            ]
            yield sorted(options, key=lambda option: option.distance)
        if not values.reads_events:
            return
        for index, event in enumerate(self._events):
            gone = _Option((Change("", event, None, index),), (1, 1, 0.0))
            yield [*self._changed_events(index, event), gone]
        for place in (0, 1):
            yield list(self._new_events(len(self._events) + place))

    def _changed_events(self, index: int, event: Mapping[str, Any]) -> Iterator[_Option]:
        """Yield an event with some of its fields changed, few of them first."""
        cells = self._candidates.cells_of_event(index)
        choices = [
            [
                _Option((Change(_name(cell), before, after, index),), self._distance(cell, before, after))
                for before in [_read(event, cell)]
                for after in self._candidates.of(cell)
                if not _same(before, after)
            ]
            for cell in cells
        ]
        chosen = (fields for size in range(1, len(cells) + 1) for fields in combinations(choices, size))
        for options in islice((one for fields in chosen for one in product(*fields)), _MOST_OF_AN_EVENT):
            changes = tuple([change for option in options for change in option.changes])
            yield _Option(changes, _sum(option.distance for option in options))

    def _new_events(self, place: int) -> Iterator[_Option]:
        """Yield events that may come, each with a type and a time."""
        cells = self._candidates.cells_of_event(place)
        choices = [[(cell, value) for value in self._candidates.of(cell)] for cell in cells]
        for written in islice(product(*choices), _MOST_OF_AN_EVENT):
            event = self._candidates.usual_event()
            for cell, value in written:
                _write(event, cell, value)
            size = sum(value is not None for _, value in written)
            yield _Option((Change("", None, event, place),), (1, 1, float(size)))

    def _changed(self, changes: Sequence[Change]) -> Record:
        """Return the contact with its events after some changes."""
        contact = dict(self._contact)
        events: list[Any] = [dict(event) for event in self._events]
        for change in changes:
            if change.event is None:
                contact[change.name] = change.after
            elif change.event >= len(self._events):
                own = {ID: contact[ID]} if ID in contact else {}
                events.append({**own, **change.after})
            elif change.name:
                _write_at(events[change.event], change.name, change.after)
            else:
                events[change.event] = _GONE
        return Record(contact, tuple([event for event in events if event is not _GONE]))


class _Values:
    """The values that make a difference at each place that a query reads."""

    def __init__(
        self,
        condition: core.Term,
        schema: Schema,
        now: datetime,
        contact: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]],
        budget: Budget,
    ) -> None:
        self._schema, self._now, self._budget = schema, now, budget
        rows = {row for term in core.walk(condition) if isinstance(term, ROWED) for row in [term.row]}
        self._event_rows = sorted(rows - {core.THE_CONTACT})
        self.reads_events = core.has(condition, core.SomeEvent, core.LastEvent)
        self._first = 1 + max(rows, default=0)
        self._cells_in = CellsIn()
        self._atoms: dict[Cell, list[Atom]] = {}
        self._cuts: dict[Cell, dict[Any, None]] = {}
        self._patterns: dict[Cell, dict[Pattern, None]] = {}
        self._held: dict[Cell, dict[str, None]] = {}
        self._conditions = Conditions()
        self._records: dict[int, Any] = {core.THE_CONTACT: contact}
        # An event that comes has two places, and all that it reads is NULL until it is there.
        for index, event in enumerate([*events, {}, {}]):
            self._records[self._first + index] = event
        self._places = range(self._first, self._first + len(events) + 2)
        self._interpreter = Interpreter(now, NO_ACCOUNT)
        self._known: dict[Cell, list[Any]] = {}
        self._odd: set[tuple[Cell, str]] = set()
        self._terms: list[core.Term] = []
        for atom in _atoms(condition):
            self._read(atom)

    @property
    def cells_of_contact(self) -> list[Cell]:
        """The contact's places that are read, its id apart: that is who it is."""
        return [cell for cell in self._atoms if cell.row == core.THE_CONTACT and cell.name != ID]

    def cells_of_event(self, index: int) -> list[Cell]:
        """Return the places of one event that are read."""
        return [cell for cell in self._atoms if cell.row == self._first + index and cell.name != ID]

    def usual_event(self) -> dict[str, Any]:
        """Return an event with what every event has."""
        event = {
            name: usual_value(name, EVENT_TABLE.columns[name].type, self._now) for name in NEEDED_OF_EVENTS
        }
        return {**event, "event_source": "mail"}

    def of(self, cell: Cell) -> list[Any]:
        """Return the values to try at a place; None is NULL, where SendGrid may leave it so."""
        known = self._known.get(cell)
        if known is None:
            never = (None, "") if cell.name in NEVER_EMPTY else (None,)
            values = [value for value in self._proposed(cell) if value not in never]
            nulls = [None] if self._may_be_null(cell) else []
            known = [*{(type(value), str(value)): value for value in values}.values(), *nulls]
            self._known[cell] = known
        return known

    def is_odd(self, cell: Cell, value: Any) -> bool:
        """Return whether a text is one that nobody would write: it was only searched for."""
        return value == "" or (isinstance(value, str) and (cell, value) in self._odd)

    def _read(self, atom: core.Term) -> None:
        """Note what one condition asks of each place, for each event that it may be asked of."""
        own = sorted({term.row for term in core.walk(atom) if isinstance(term, ROWED)} - {core.THE_CONTACT})
        for places in product(self._places, repeat=len(own)):
            self._budget.spend()
            term = bound(atom, dict(zip(own, places, strict=True)), {})
            self._terms.append(term)
            cells = self._cells_in(term)
            for goal in (Goal.TRUE, Goal.FALSE):
                for cell in sorted(cells):
                    self._atoms.setdefault(cell, []).append(((term, goal), cells))
                for box in self._conditions.region(term, goal):
                    self._note(box)
            self._note_lists(term)

    def _note(self, box: Mapping[Any, Any]) -> None:
        for key, values in box.items():
            read = self._conditions.subject(key)
            cell = None if read is None else cell_of(read)
            if cell is None:
                continue
            cuts = self._cuts.setdefault(cell, {})
            cuts.update(dict.fromkeys(value for value, _ in values.known.cuts))
            self._patterns.setdefault(cell, {}).update(dict.fromkeys([*values.like, *values.unlike]))

    def _note_lists(self, term: core.Term) -> None:
        for part in core.walk(term):
            if isinstance(part, core.ContainsAny) and (cell := cell_of(part.array)) is not None:
                texts = [value.value for value in part.values if isinstance(value, core.Constant)]
                held = self._held.setdefault(cell, {})
                held.update(dict.fromkeys(text for text in texts if isinstance(text, str)))

    def _may_be_null(self, cell: Cell) -> bool:
        if cell.keys:
            return True
        table = self._schema.contact_data if cell.row == core.THE_CONTACT else EVENT_TABLE
        column = table.columns.get(cell.name)
        return cell.name not in NEEDED_OF_EVENTS and (column is None or column.nullable)

    def _proposed(self, cell: Cell) -> Iterator[Any]:
        before = _read(self._records[cell.row], cell)
        hints = Hints({}, self._atoms, self._now, Simplest(), self._value_of, self._cells_in, self._budget)
        if cell in self._held:
            yield from self._lists(cell, before)
        types = {cell.type} if not cell.keys else {read.type for read in self._reads(cell)}
        for data_type in sorted(types, key=str):
            found = self._of_type(cell, data_type, before)
            yield from map(_as_json, found) if cell.keys else found
        yield from (hint for hint in hints.of(cell) if cell.keys or _is_of(hint, cell.type))

    def _reads(self, cell: Cell) -> Iterable[core.Term]:
        terms = [part for (term, _), _ in self._atoms[cell] for part in core.walk(term)]
        return [part for part in terms if cell_of(part) == cell]

    def _of_type(self, cell: Cell, data_type: DataType, before: Any) -> Iterator[Any]:
        fit = _FITS.get(data_type)
        cuts = [] if fit is None else sorted(cut for cut in self._cuts.get(cell, ()) if fit(cut))
        if data_type is DataType.VARCHAR:
            yield from self._texts(cell, cuts, before)
        elif data_type in _DATA_TYPES:
            usual = usual_value(cell.name, data_type, self._now)
            for start, end in zip([None, *cuts], [*cuts, None], strict=True):
                inside: list[tuple[Any, int]] = [(start, 0)] if start is not None else []
                upto: list[tuple[Any, int]] = [(end, 1)] if end is not None else []
                yield from near(OrderedSet(start is None, (*inside, *upto)), data_type, usual)
        elif data_type is DataType.VARIANT:
            yield from ["a", {}]

    def _texts(self, cell: Cell, cuts: Sequence[str], before: Any) -> Iterator[str]:
        yield from cuts
        yield from usual_texts(cell.name)
        patterns = list(self._patterns.get(cell, ()))
        words = ["", "a"]
        if isinstance(before, str):
            words += [before, before.partition("@")[0] + "@", before.partition("@")[0]]
        for pattern in patterns:
            yield from filled(pattern, words)
        for text in self._searched(cuts, patterns):
            self._odd.add((cell, text))
            yield text
        self._odd -= {(cell, text) for text in [*cuts, *usual_texts(cell.name)]}

    def _searched(self, cuts: Sequence[str], patterns: Sequence[Pattern]) -> Iterator[str]:
        """Yield texts of each stretch between boundaries, and such that match one pattern, all or none."""
        searches = [([pattern], [other for other in patterns if other != pattern]) for pattern in patterns]
        for like, unlike in [*searches, (patterns, []), ([], patterns)]:
            search = TextSearch([Likes(like, unlike)] if like or unlike else [], Simplest(), self._budget)
            yield from islice(search.texts(), _MOST_TEXTS)
        for start, end in zip([None, *cuts], [*cuts, None], strict=True):
            low = None if start is None else (start, 1)
            high = None if end is None else (end, 0)
            yield from islice(TextSearch(within((low, high)), Simplest(), self._budget).texts(), 2)

    def _lists(self, cell: Cell, before: Any) -> Iterator[Any]:
        """Yield a list with one text more or less, with all that are asked of, and with none."""
        own = [item for item in before if isinstance(item, str)] if isinstance(before, list | tuple) else []
        asked = list(self._held[cell])
        for text in asked:
            yield [item for item in own if item != text] if text in own else [*own, text]
        yield list(dict.fromkeys([*own, *asked]))
        yield [item for item in own if item not in asked]

    def _value_of(self, term: core.Term) -> Any:
        return self._interpreter.value(term, self._records)


def _atoms(term: core.Term) -> Iterator[core.Term]:
    """Yield the conditions that are no chains, and what maxima are taken of beside what is asked of them."""
    if isinstance(term, core.All | core.AnyOf | core.Inverse | core.TruthTest | core.SomeEvent):
        for child in term.children():
            yield from _atoms(child)
    elif isinstance(term, core.LastEvent):
        yield from _atoms(term.condition)
        yield from _atoms(with_maxima(term.having, term.maxima))
    else:
        yield term


def _sum(distances: Iterable[_Distance]) -> _Distance:
    every = list(distances)
    return sum(one for one, _, _ in every), sum(odd for _, odd, _ in every), sum(far for _, _, far in every)


def _name(cell: Cell) -> str:
    return ".".join([cell.name, *cell.keys])


def _read(record: Mapping[str, Any], cell: Cell) -> Any:
    value = record.get(cell.name)
    for key in cell.keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _write(event: dict[str, Any], cell: Cell, value: Any) -> None:
    if cell.keys:
        event[DATA] = data_of([(cell.keys, value)], event.get(DATA)) or {}
    elif value is None:
        event.pop(cell.name, None)
    else:
        event[cell.name] = value


def _write_at(event: dict[str, Any], name: str, value: Any) -> None:
    column, *keys = name.split(".")
    _write(event, Cell(0, column, DataType.VARIANT, tuple(keys)), value)


def _as_json(value: Any) -> Any:
    return write_timestamp(value) if isinstance(value, datetime) else value


_FITS: dict[DataType, Callable[[Any], bool]] = {
    DataType.VARCHAR: lambda value: isinstance(value, str),
    DataType.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    DataType.TIMESTAMP: lambda value: isinstance(value, datetime),
    DataType.BOOLEAN: lambda value: isinstance(value, bool),
}


def _is_of(value: Any, data_type: DataType) -> bool:
    fit = _FITS.get(data_type)
    return fit is not None and fit(value)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


class _Steps(NamedTuple):
    """The way from one number or moment to another one, in whole steps."""

    start: Any
    step: Any
    number: int

    def at(self, index: int) -> Any:
        """Return what is reached after so many steps."""
        return self.start + self.step * index


def _steps(before: Any, after: Any) -> _Steps | None:
    """Return the way from one value to another one by ones or by seconds, where both stand on it."""
    if type(before) is int and type(after) is int:
        return _Steps(before, 1 if after > before else -1, abs(after - before))
    if isinstance(before, datetime) and isinstance(after, datetime):
        seconds = (after - before).total_seconds()
        if seconds.is_integer():
            return _Steps(before, timedelta(seconds=1 if seconds > 0 else -1), int(abs(seconds)))
    return None


def _distance(before: Any, after: Any) -> _Distance:
    """Return how far a value is from another one: one change, how odd the new one is, and how far it is."""
    if after is None or before is None:
        return 1, int(after is None) + _is_odd(before, after), 0.0
    if isinstance(before, str) and isinstance(after, str):
        return 1, _is_odd(before, after), 1.0 - SequenceMatcher(None, before, after).ratio()
    if isinstance(before, datetime) and isinstance(after, datetime):
        return 1, _is_odd(before, after), abs(after - before) / timedelta(days=1)
    if _is_of(before, DataType.NUMBER) and _is_of(after, DataType.NUMBER):
        return 1, _is_odd(before, after), float(abs(after - before))
    if isinstance(before, list) and isinstance(after, list):
        return 1, 0, float(len(set(before) ^ set(after)))
    return 1, 1, 1.0


def _is_odd(before: Any, after: Any) -> int:
    """Return whether a value has parts that nobody would write: microseconds, or digits behind the point."""
    if isinstance(after, datetime):
        return int(after.microsecond != 0 and getattr(before, "microsecond", 0) == 0)
    if isinstance(after, float):
        return int(not after.is_integer() and not isinstance(before, float))
    return int(isinstance(after, str) and not after.isprintable())
