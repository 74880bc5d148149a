"""Values for all that a branch reads: cell by cell, so that every condition holds whose cells have theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.language.datatypes import ORDERED, DataType
from sql_seg.language.values import fits
from sql_seg.solver.binding import ID
from sql_seg.solver.branches import Branch, Constraint, Start
from sql_seg.solver.candidate_values import CellCandidates
from sql_seg.solver.choices import Choices
from sql_seg.solver.guesses import Atom, Hints
from sql_seg.solver.record_cells import DATA, Cell, CellsIn, data_of

_MOST_TRIED = 2_000


class Assignment:
    """Assigns values to the cells of a branch; ``tried`` counts values, ``is_exhaustive`` whether all were.

    ``records`` are the records by number, as far as they are known.
    """

    def __init__(self, branch: Branch, now: datetime, choices: Choices, start: Start) -> None:
        self.tried = 0
        self._budget = branch.budget
        self.is_exhaustive = True
        self.values: dict[Cell, Any] = {}
        self._start = start.records
        self._box = branch.box
        self.records: dict[int, dict[str, Any]] = {
            row: dict(start.records.get(row, {})) for row in (*branch.contacts, *branch.owners)
        }
        self._interpreter = Interpreter(now, NO_ACCOUNT)
        self._cells_in = CellsIn()
        self._atoms: dict[Cell, list[Atom]] = {}
        for constraint in branch.atoms:
            cells = self._cells_in(constraint[0])
            for cell in sorted(cells):
                self._atoms.setdefault(cell, []).append((constraint, cells))
        hints = Hints(branch.box, self._atoms, now, choices, self._value_of, self._cells_in, branch.budget)
        self._candidates = CellCandidates(branch.box, now, choices, hints, start, branch.budget)
        self._order = self._ordered(branch)

    def solutions(self) -> Iterator[None]:
        """Stop at each assignment that meets all conditions; ``records`` then has it."""
        yield from self._assign(0)
        self.is_exhaustive &= self._candidates.is_complete

    def _ordered(self, branch: Branch) -> list[Cell]:
        """Return the cells: those of few values first, arrays last, and ids as they are used."""

        def weight(cell: Cell) -> tuple[bool, bool, bool, int]:
            values = branch.box.get((cell.row, cell.name))
            few = values is not None and values.known.is_finite
            shared = sum(1 for _, cells in self._atoms[cell] if len(cells) > 1)
            return cell.type is DataType.ARRAY, not few, bool(cell.keys), shared

        waiting = sorted(self._atoms, key=weight)
        placed: list[Cell] = []
        near: set[Cell] = set()
        while waiting:
            # After a cell come those that conditions tie to it: a chain of comparisons is walked along.
            alike = [cell for cell in waiting if weight(cell)[:3] == weight(waiting[0])[:3]]
            cell = next((cell for cell in alike if cell in near), waiting[0])
            waiting.remove(cell)
            placed.append(cell)
            near.update(*(cells for _, cells in self._atoms[cell]))
        return placed

    def _assign(self, index: int) -> Iterator[None]:
        if index == len(self._order):
            yield None
            return
        cell = self._order[index]
        for value in self._candidates.of(cell):
            self.tried += 1
            self._budget.spend(2 + len(self._atoms[cell]))
            if self.tried > _MOST_TRIED * self._budget.effort:
                self.is_exhaustive = False
                break
            if self._put(cell, value) and self._holds(cell):
                yield from self._assign(index + 1)
        self.values.pop(cell, None)
        self._put_record(cell)

    def _put(self, cell: Cell, value: Any) -> bool:
        self.values[cell] = value
        return self._put_record(cell) and self._may_be(cell, value) and not self._is_taken(cell, value)

    def _may_be(self, cell: Cell, value: Any) -> bool:
        """Return whether a value is in the region of its cell: what expressions lead back to may not be."""
        region = self._box.get((cell.row, cell.name))
        if region is None or cell.keys:
            return True
        if value is None:
            return region.null
        return cell.type not in ORDERED or (fits(value, cell.type) and region.known.holds(value))

    def _put_record(self, cell: Cell) -> bool:
        """Write a cell's value, or that it has none, into its record; return whether it can stand there."""
        record = self.records[cell.row]
        if cell.name != DATA:
            record[cell.name] = self.values.get(cell)
            return True
        own = [(other, value) for other, value in self.values.items() if other[:2] == cell[:2]]
        paths = [(other.keys, value) for other, value in own if other.keys]
        data = data_of(paths, self._start.get(cell.row, {}).get(DATA))
        whole = [value for other, value in own if not other.keys]
        record[DATA] = data or (whole[0] if whole else None)
        return data is not None and (not data or whole != [None])

    def _is_taken(self, cell: Cell, value: Any) -> bool:
        """Return whether another contact has an id."""
        if cell.name != ID:
            return False
        return any(other.name == ID and other != cell and value == v for other, v in self.values.items())

    def _holds(self, cell: Cell) -> bool:
        """Return whether all conditions hold that read a cell and otherwise only what is known."""
        return all(
            self._is_met(constraint)
            for constraint, cells in self._atoms[cell]
            if all(other in self.values for other in cells)
        )

    def _is_met(self, constraint: Constraint) -> bool:
        return constraint[1].is_reached_by(self._interpreter.value(constraint[0], self.records))

    def _value_of(self, term: core.Term) -> Any:
        """Return what a term is by now; None where it is NULL, or not yet known."""
        if any(cell not in self.values for cell in self._cells_in(term)):
            return None
        return self._interpreter.value(term, self.records)
