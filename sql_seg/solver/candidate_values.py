"""Values to try for a cell: those of its region, near the boundaries, and what expressions lead back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sql_seg.analysis.known import known_of
from sql_seg.analysis.ordered import EVERYTHING
from sql_seg.analysis.possible_values import Values
from sql_seg.analysis.regions import Key
from sql_seg.core import terms as core
from sql_seg.language.case_mapping import lower, upper
from sql_seg.language.datatypes import DataType
from sql_seg.solver.binding import ID
from sql_seg.solver.branches import Start
from sql_seg.solver.budget import Budget
from sql_seg.solver.choices import Choices, ordered
from sql_seg.solver.guesses import Hints
from sql_seg.solver.points import near, stretches
from sql_seg.solver.propagation import AN_OBJECT
from sql_seg.solver.record_cells import DATA, Cell, as_json, cell_of
from sql_seg.solver.text_search import (
    Changed,
    Long,
    TextReader,
    TextSearch,
    filled,
    is_accepted,
    joined,
    readers_of,
    within,
)
from sql_seg.solver.usual import fillers, usual_texts, usual_value
from sql_seg.trees import children

_MOST_MEMBERS = 200
_MOST_TEXTS = 6
_OF_KIND: dict[str, Any] = {"a number": 1, "a text": "a", "a truth value": True, "a list": [], AN_OBJECT: {}}
_EMPTY_DATA: dict[str, Any] = {"payload": {}}
_ANYTHING = Values(True, EVERYTHING)


@dataclass
class CellCandidates:
    """Proposes values for the cells of a branch; ``box`` says what each thing read may be."""

    box: Mapping[Key, Values]
    now: datetime
    choices: Choices
    hints: Hints
    start: Start
    budget: Budget
    is_complete: bool = True
    """Whether all values have been proposed that there are."""

    def of(self, cell: Cell) -> list[Any]:
        """Return values to try for a cell, in the order to try them in; None is NULL."""
        self.budget.spend(5)
        if cell.keys:
            found = self._json_values(cell)
        elif cell.type is DataType.ARRAY:
            found = self._arrays(cell)
        else:
            found = self._column_values(cell)
        if self.start.is_near:
            found = [self.start.value(cell), *sorted(found, key=lambda value: value is None)]
        unique = list({(type(value), str(value)): value for value in found}.values())
        return unique if self.start.is_near else ordered(self.choices, unique)

    def _column_values(self, cell: Cell) -> list[Any]:
        if cell.name == DATA:
            return [None, _EMPTY_DATA]
        values = self.box.get((cell.row, cell.name), _ANYTHING)
        nulls: list[Any] = [None] if values.null else []
        read = core.ColumnValue(cell.row, cell.name, type=cell.type)
        found = [*nulls, *self.hints.of(cell), *self._known(values, read, cell)]
        return [*found, *self.hints.of(cell, guessed=True)]

    def _known(self, values: Values, read: core.Term, cell: Cell) -> list[Any]:
        """Return values other than NULL."""
        if values.known.is_empty:
            return []
        if values.known.is_finite and not (values.like or values.unlike):
            members = values.known.members
            self.is_complete &= len(members) <= _MOST_MEMBERS
            return list(members[:_MOST_MEMBERS])
        if read.type is DataType.VARCHAR:
            return self._texts(values, read, cell)
        self.is_complete = False
        usual = usual_value(cell.name, read.type, self.now)
        found = near(values.known, read.type, usual)
        return sorted(found, key=lambda value: bool(value == usual)) if self.start.is_near else found

    def _texts(self, values: Values, read: core.Term, cell: Cell) -> list[str]:
        """Return texts that look well, then the shortest ones, of each stretch that they may lie in."""
        shared = [*readers_of(values._replace(known=EVERYTHING)), *self._views(read)]
        conditions = [[*shared, *within(stretch)] for stretch in stretches(values.known)]
        likely = [*usual_texts(cell.name), *_polished(values, cell), *self._in_other_cases(read)]
        found = [text for text in likely if any(is_accepted(text, readers) for readers in conditions)]
        for readers in ordered(self.choices, conditions):
            search = TextSearch(readers, self.choices, self.budget)
            found += islice(search.texts(), _MOST_TEXTS)
            self.is_complete &= search.is_exhausted
            found += [text for text in [joined(values.like)] if is_accepted(text, readers)]
        self.is_complete &= self._is_judged_alone(cell)
        return found

    def _is_judged_alone(self, cell: Cell) -> bool:
        """Return whether all that is asked of a cell is asked of its value alone.

        One text is then as good as another. Contacts differ in their ids, so each id depends on the others.
        """
        if cell.name == ID and any(other.name == ID and other != cell for other in self.hints.atoms):
            return False
        return all(_is_of_one_place(term) for (term, _), _ in self.hints.atoms.get(cell, ()))

    def _views(self, read: core.Term) -> Iterator[TextReader]:
        """Yield what is asked of a text's length, or of it in lower or upper case."""
        for key, values in self.box.items():
            if not isinstance(key, core.Applied) or values.null or key.operands != (read,):
                continue
            known = known_of(key)
            if known.whole:
                yield Long(values.known)
            elif known.settles is not None:
                for reader in readers_of(values):
                    yield Changed(reader, known.settles)

    def _in_other_cases(self, read: core.Term) -> Iterator[str]:
        """Yield texts that are as wanted in lower or upper case, and look well."""
        for key, values in self.box.items():
            if isinstance(key, core.Applied) and key.operands == (read,) and known_of(key).settles:
                members = values.known.members if values.known.is_finite else ()
                for member in members[:_MOST_TEXTS]:
                    yield from (member.capitalize(), upper(member), lower(member))

    def _json_values(self, cell: Cell) -> list[Any]:
        """Return JSON values, each fit to be read as one of the types that it is read as; None is absent."""
        readings = [
            (key, values)
            for key, values in self.box.items()
            if isinstance(key, core.JsonValue | core.MapValue) and cell_of(key) == cell
        ]
        self.is_complete = False
        found: list[Any] = [None] if all(values.null for _, values in readings) else []
        found += self.hints.of(cell)
        for read, values in readings:
            if read.type is DataType.VARIANT:
                members = values.known.members if values.known.is_finite else tuple(_OF_KIND)
                found += [_OF_KIND[kind] for kind in _OF_KIND if kind in members]
                continue
            if read.type is DataType.ARRAY:
                found += self._json_arrays(read)
                continue
            found += map(as_json, self._known(values, read, cell))
        return found

    def _json_arrays(self, read: Key) -> list[Any]:
        """Return a list of all texts that it must hold, and the one text alone."""
        wanted = self._held_in(read)
        return [*wanted[:1], wanted, [*wanted, "another"], []]

    def _arrays(self, cell: Cell) -> list[Any]:
        """Return the array of all values that must be in it; NULL where that is allowed."""
        values = self.box.get((cell.row, cell.name), _ANYTHING)
        wanted = self._held_in((cell.row, cell.name))
        self.is_complete = False
        nulls: list[Any] = [None] if values.null and not wanted else []
        return [*nulls, wanted, [*wanted, "another"]]

    def _held_in(self, array: Key) -> list[str]:
        """Return the texts that an array must hold, each once."""
        wanted: list[str] = []
        for key, held in self.box.items():
            if isinstance(key, tuple) and key[0] == array and held.known.members == (True,):
                value = self.hints.value_of(key[1])
                wanted += [value] if isinstance(value, str) and not held.null else []
        return list(dict.fromkeys(wanted))


_ASKED_OF_A_VALUE = (core.Compared, core.OneOf, core.Matched, core.NullTest)


def _is_of_one_place(term: core.Term) -> bool:
    """Return whether a condition asks of the value at one place what its box says of it in full."""
    if type(term) not in _ASKED_OF_A_VALUE:
        return False
    unknown = [part for part in children(term) if not isinstance(part, core.Constant)]
    return len(unknown) == 1 and cell_of(unknown[0]) is not None


def _polished(values: Values, cell: Cell) -> Iterator[str]:
    """Yield texts that match a pattern and look well."""
    for pattern in sorted(values.like, key=str):
        yield from filled(pattern, fillers(cell.name, "".join(filled(pattern, ("",)))))
