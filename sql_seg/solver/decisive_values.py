"""The values that make a difference to a query, for each place that it reads.

They lie at, beside and between all boundaries that its conditions draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, product
from typing import Any

from sql_seg.analysis.condition_regions import ConditionRegions
from sql_seg.analysis.ordered import OrderedSet
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.substitution import with_maxima
from sql_seg.core.traits import ROWED
from sql_seg.language.datatypes import DataType
from sql_seg.language.patterns import Pattern
from sql_seg.language.schema import EVENT_TABLE, Schema
from sql_seg.solver.binding import ID, bound
from sql_seg.solver.budget import Budget
from sql_seg.solver.choices import Simplest
from sql_seg.solver.distances import is_of
from sql_seg.solver.guesses import Atom, Hints
from sql_seg.solver.points import near
from sql_seg.solver.record_cells import (
    NEEDED_OF_EVENTS,
    NEVER_EMPTY,
    Cell,
    CellsIn,
    as_json,
    cell_of,
    value_at,
)
from sql_seg.solver.text_search import Likes, TextSearch, filled, within
from sql_seg.solver.usual import usual_texts, usual_value

_MOST_TEXTS = 3
_DATA_TYPES = (DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN)


class DecisiveValues:
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
        self._conditions = ConditionRegions()
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
        before = value_at(self._records[cell.row], cell)
        hints = Hints({}, self._atoms, self._now, Simplest(), self._value_of, self._cells_in, self._budget)
        if cell in self._held:
            yield from self._lists(cell, before)
        types = {cell.type} if not cell.keys else {read.type for read in self._reads(cell)}
        for data_type in sorted(types, key=str):
            found = self._of_type(cell, data_type, before)
            yield from map(as_json, found) if cell.keys else found
        yield from (hint for hint in hints.of(cell) if cell.keys or is_of(hint, cell.type))

    def _reads(self, cell: Cell) -> Iterable[core.Term]:
        terms = [part for (term, _), _ in self._atoms[cell] for part in core.walk(term)]
        return [part for part in terms if cell_of(part) == cell]

    def _of_type(self, cell: Cell, data_type: DataType, before: Any) -> Iterator[Any]:
        cuts = sorted(cut for cut in self._cuts.get(cell, ()) if is_of(cut, data_type))
        if data_type is DataType.VARCHAR:
            yield from self._texts(cell, cuts, before)
        elif data_type in _DATA_TYPES:
            usual = usual_value(cell.name, data_type, self._now)
            for start, end in _between(cuts):
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
        for start, end in _between(cuts):
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


def _between(cuts: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the stretches that cuts leave, each by its ends; None is none."""
    return zip([None, *cuts], [*cuts, None], strict=True)


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
