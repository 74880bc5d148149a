"""What conditions on expressions lead back to: values of a cell for which an expression may be as wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sql_seg.analysis.ordered import OrderedSet, compared, points
from sql_seg.analysis.possible_values import Values
from sql_seg.analysis.regions import Key
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.language.datatypes import DataType
from sql_seg.language.patterns import Pattern
from sql_seg.solver.branches import Constraint
from sql_seg.solver.budget import Budget
from sql_seg.solver.choices import Choices
from sql_seg.solver.inverting import ValueOf, preimages
from sql_seg.solver.points import near, stretches
from sql_seg.solver.record_cells import Cell, CellsIn, as_json, cell_of
from sql_seg.solver.text_search import Likes, TextSearch, filled, within
from sql_seg.solver.usual import usual_texts, usual_value

_MOST_MEMBERS = 50
_MOST_TEXTS = 6

Atom = tuple[Constraint, Collection[Cell]]
"""A condition, with the cells that it reads."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Reads hints from the conditions of a branch; ``box`` says what each thing read may be."""

    box: Mapping[Key, Values]
    atoms: Mapping[Cell, Sequence[Atom]]
    """The conditions that read a cell."""
    now: datetime
    choices: Choices
    value_of: ValueOf
    """What a term is by now; None where it is NULL, or not yet known."""
    cells_in: CellsIn
    budget: Budget

    def of(self, cell: Cell, *, guessed: bool = False) -> list[Any]:
        """Return values for a cell; ``guessed`` are those by what other cells may come to be."""
        found: list[Any] = []
        for (term, goal), _ in self.atoms.get(cell, ()):
            for operand, targets in self._targets(term, goal, cell, guessed):
                self.budget.spend(1 + len(targets))
                for target in targets:
                    found += preimages(operand, target, cell, self.value_of)
        return list(map(as_json, found)) if cell.keys else found

    def _targets(
        self, term: core.Term, goal: Goal, cell: Cell, guessed: bool
    ) -> Iterator[tuple[core.Term, list[Any]]]:
        """Yield expressions over a cell, with values that they are wanted to be."""
        positive = goal.is_positive
        if isinstance(term, core.Compared):
            for side, other, operator in (
                (term.left, term.right, term.operator),
                (term.right, term.left, term.operator.mirrored),
            ):
                is_plain = cell_of(side) is not None and isinstance(other, core.Constant)
                if not is_plain and cell in self.cells_in(side) and cell not in self.cells_in(other):
                    sets = [compared(operator, value) for value in self._values(other, guessed)]
                    wanted = [values if positive else values.complement() for values in sets]
                    usual = usual_texts(cell.name) if cell_of(side) == cell else ()
                    yield side, [*self._likely(usual, wanted), *self._members(side, wanted)]
        elif guessed:
            return
        elif isinstance(term, core.Applied):
            yield term, [positive]
        elif isinstance(term, core.OneOf) and cell_of(term.operand) is None:
            members = points(term.values)
            yield term.operand, self._members(term.operand, [members if positive else members.complement()])
        elif isinstance(term, core.Matched) and cell_of(term.operand) is None:
            found = TextSearch([_match(term.pattern, positive)], self.choices, self.budget).texts()
            yield term.operand, [*filled(term.pattern, ("a",)), *islice(found, _MOST_TEXTS)]

    def _likely(self, usual: Sequence[str], sets: Sequence[OrderedSet]) -> list[Any]:
        """Return usual texts that are in one of some sets of texts."""
        found = [values for values in sets if values.cuts and isinstance(values.cuts[0][0], str)]
        return [text for text in usual if any(values.holds(text) for values in found)]

    def _values(self, term: core.Term, guessed: bool) -> list[Any]:
        """Return what a term is; or ``guessed``, where that is not yet known, what it may be."""
        value = self.value_of(term)
        if not guessed:
            return [] if value is None else [value]
        cell = cell_of(term)
        if value is not None or cell is None or cell.keys:
            return []
        values = self.box.get((cell.row, cell.name))
        return [] if values is None else self._members(term, [values.known])

    def _members(self, term: core.Term, sets: Sequence[OrderedSet]) -> list[Any]:
        """Return some members of sets of values of a term."""
        found: list[Any] = []
        for values in sets:
            if values.is_finite:
                found += values.members[:_MOST_MEMBERS]
            elif term.type is DataType.VARCHAR:
                for stretch in stretches(values):
                    found += islice(TextSearch(within(stretch), self.choices, self.budget).texts(), 2)
            else:
                found += near(values, term.type, usual_value("", term.type, self.now))
        return found


def _match(pattern: Pattern, wanted: bool) -> Likes:
    return Likes([pattern]) if wanted else Likes([], [pattern])
