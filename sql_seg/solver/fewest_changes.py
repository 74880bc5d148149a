"""The smallest changes of one contact that turn the answer: in, where it is out, and out, where it is in.

What may change are the contact's columns that the query reads, and its events: one may be changed, one taken
away, and one come. Each of these counts as one. For each, the conditions say which values make a difference:
at, beside and between all boundaries, and those that expressions lead back to. All sets of one change are
tried, then all of two, and so on, with the evaluator's own answer to each; of those that turn the answer, a
set is kept with the values that are nearest to what they were, if no smaller set does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, islice, product
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.planning import for_one_contact
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.solver.binding import ID, settled
from sql_seg.solver.budget import Budget, Cost, OutOfStepsError
from sql_seg.solver.decisive_values import DecisiveValues
from sql_seg.solver.distances import Distance, distance, same, steps, total
from sql_seg.solver.outcome import NotFound, Record
from sql_seg.solver.preparing import QueryLike, checked_query
from sql_seg.solver.record_cells import DATA, Cell, data_of, value_at
from sql_seg.solver.usual import usual_texts

_MOST_OF_AN_EVENT = 400
_GONE = object()


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
    query: QueryLike,
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
    search = _ChangeSearch(condition, checked.schema, moment, contact, events, Budget(effort))
    return search.turned(most)


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to change one part: what to write where, and how far it is from what there was."""

    changes: tuple[Change, ...]
    distance: Distance


_Part = list[_Option]
"""The ways to change one column, or one event."""


class _ChangeSearch:
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
        self._candidates = DecisiveValues(settled(condition, now), schema, now, contact, events, budget)
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
            distance = total(option.distance for option in options)
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
            way = steps(change.before, change.after)
            if way is None:
                continue
            low, high = 0, way.number
            while high - low > 1:
                middle = (low + high) // 2
                moved = replace(change, after=way.at(middle))
                changes = (*turned.changes[:index], moved, *turned.changes[index + 1 :])
                record = self._changed(changes)
                if self._verdict(record.contact, record.events) is not self._is_in:
                    high, turned = middle, Turned(changes, record)
                else:
                    low = middle
        return turned

    def _distance(self, cell: Cell, before: Any, after: Any) -> Distance:
        one, odd, far = distance(before, after)
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
            options = self._options(cell, self._contact.get(cell.name), None)
            yield sorted(options, key=lambda option: option.distance)
        if not values.reads_events:
            return
        for index, event in enumerate(self._events):
            gone = _Option((Change("", event, None, index),), (1, 1, 0.0))
            yield [*self._changed_events(index, event), gone]
        for place in (0, 1):
            yield list(self._new_events(len(self._events) + place))

    def _options(self, cell: Cell, before: Any, event: int | None) -> list[_Option]:
        """Return the ways to change the value of one place."""
        return [
            _Option((Change(_name(cell), before, after, event),), self._distance(cell, before, after))
            for after in self._candidates.of(cell)
            if not same(before, after)
        ]

    def _changed_events(self, index: int, event: Mapping[str, Any]) -> Iterator[_Option]:
        """Yield an event with some of its fields changed, few of them first."""
        cells = self._candidates.cells_of_event(index)
        choices = [self._options(cell, value_at(event, cell), index) for cell in cells]
        chosen = (fields for size in range(1, len(cells) + 1) for fields in combinations(choices, size))
        for options in islice((one for fields in chosen for one in product(*fields)), _MOST_OF_AN_EVENT):
            changes = tuple([change for option in options for change in option.changes])
            yield _Option(changes, total(option.distance for option in options))

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


def _name(cell: Cell) -> str:
    return ".".join([cell.name, *cell.keys])


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
