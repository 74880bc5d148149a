"""A case split over the ways in which constraints can be met: exhaustive, unless it is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sql_seg.analysis.condition_regions import ConditionRegions
from sql_seg.analysis.regions import Box, Key, Region, clash
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.traits import EXISTENCES
from sql_seg.language.schema import Schema
from sql_seg.solver.binding import reads
from sql_seg.solver.branches import Branch, Constraint, Option, Split
from sql_seg.solver.budget import Budget
from sql_seg.solver.choices import Choices, ordered
from sql_seg.solver.expansion import expand
from sql_seg.solver.propagation import propagate
from sql_seg.solver.record_cells import Domains, cell_of, key_of

_ALTERNATIVES_OF_A_CASE = 50
_GUESSED = 8
"""With more alternatives than so many left, what meets the rest may well meet all: it is worth a guess."""


class CaseSplit:
    """Goes through the branches in which some constraints may be met, in the order that choices say.

    ``most`` is how many branches are tried at most, one with many alternatives counting as several.
    Alternatives of many options are settled ``largest_first``, or last. ``tried`` counts branches.
    ``is_exhaustive`` says, at the end, whether there surely are no others; ``conflicts`` are the things read
    that no value was left for.
    """

    def __init__(
        self,
        schema: Schema,
        now: datetime,
        choices: Choices,
        *,
        most: int,
        largest_first: bool,
        budget: Budget,
    ) -> None:
        self.tried = 0
        self.is_exhaustive = True
        self._left = most
        self._budget = budget
        self._largest_first = largest_first
        self.conflicts: dict[str, None] = {}
        self._choices = choices
        self._domains = Domains(schema)
        self._conditions = ConditionRegions()
        self._interpreter = Interpreter(now, NO_ACCOUNT)
        self._regions: dict[int, tuple[Option, list[Region]]] = {}
        self._kept: dict[int, core.Term] = {}

    def branches(self, constraints: Sequence[Constraint], start: Branch) -> Iterator[Branch]:
        """Yield the branches, from ``start`` on, in which nothing contradicts a constraint: all but values.

        Of branches with many open alternatives, those that have some left are yielded before: a guess.
        """
        first = start.copy()
        first.constraints += reversed(constraints)
        return self._settled_cases(first)

    def _settled_cases(self, start: Branch) -> Iterator[Branch]:
        waiting = [(start, Option())]
        while waiting:
            before, option = waiting.pop()
            self._left -= 1 + len(before.splits) // _ALTERNATIVES_OF_A_CASE
            if self._left < 0:
                self.is_exhaustive = False
                return
            self.tried += 1
            self._budget.spend(1 + len(before.splits) + len(before.box))
            branch = before.copy()
            is_settled = self._take(branch, option) and self._settle(branch)
            self.is_exhaustive &= branch.is_complete
            if is_settled and len(branch.splits) > _GUESSED:
                yield branch.copy()
            if is_settled and branch.splits:
                split = (max if self._largest_first else min)(branch.splits, key=len)
                branch.splits = [other for other in branch.splits if other is not split]
                waiting += [(branch, other) for other in reversed(ordered(self._choices, split))]
            elif is_settled:
                yield branch

    def with_events(self, branch: Branch, number: int) -> Iterator[Branch]:
        """Yield a branch with more events of the contact that break nothing, then the branch as it is."""
        if number:
            crowded = branch.copy()
            for _ in range(number):
                crowded.new_event(core.THE_CONTACT)
            yield from [settled for settled in self._settled_cases(crowded) if not settled.splits]
        yield branch

    def _take(self, branch: Branch, option: Option) -> bool:
        branch.constraints += option.constraints
        return self._narrow(branch, option.box) and (option.step is None or option.step(branch))

    def _settle(self, branch: Branch) -> bool:
        """Meet all constraints that leave no choice, or only one; return whether they can be met."""
        while self._meet_constraints(branch):
            only = self._look_ahead(branch)
            if not only:
                return all(branch.splits)
            if not all(self._take(branch, option) for option in only):
                return False
        return False

    def _meet_constraints(self, branch: Branch) -> bool:
        while branch.constraints:
            constraint = pushed_down(*branch.constraints.pop())
            self._budget.spend()
            if isinstance(constraint[0], EXISTENCES):
                if constraint in branch.asked:
                    continue
                branch.asked.add(constraint)
            met = expand(branch, constraint)
            if met is None:
                met = self._meet_atom(branch, constraint)
            if not met:
                return False
        self._budget.spend(len(branch.box))
        emptied = propagate(branch.box)
        if emptied is not None:
            self._note_conflict(emptied)
        return emptied is None

    def _look_ahead(self, branch: Branch) -> list[Option]:
        """Leave out the options that contradict what is known; return those that are the only ones.

        Of alternatives without an option nothing is left, and the branch leads nowhere.
        """
        only: list[Option] = []
        kept: list[Split] = []
        for split in branch.splits:
            left = [option for option in split if self._may_be_met(branch, option)]
            if not left:
                branch.splits.append(left)
                return []
            if len(left) == 1:
                only += left
            else:
                kept.append(left)
        branch.splits = kept
        return only

    def _may_be_met(self, branch: Branch, option: Option) -> bool:
        """Return whether nothing that is known contradicts an option, at a glance."""
        known = self._regions.get(id(option))
        if known is None:
            regions = [self._region(term, goal) for term, goal in option.constraints]
            known = self._regions[id(option)] = option, [*regions, [option.box]]
        for region in known[1]:
            self._budget.spend(1 + len(region))
            keys: list[Key] = []
            for box in region:
                key = clash(branch.box, box)
                if key is None:
                    break
                keys.append(key)
            else:
                for key in keys:
                    self._note_conflict(key)
                return False
        return True

    def _region(self, term: core.Term, goal: Goal) -> Region:
        self._kept[id(term)] = term
        return self._conditions.region(term, goal)

    def _meet_atom(self, branch: Branch, constraint: Constraint) -> bool:
        """Narrow what the things may be that a condition reads."""
        term, goal = constraint
        read = reads(term)
        if not read:
            return goal.is_reached_by(self._interpreter.value(term, {}))
        region = self._region(term, goal)
        for inner in read:
            self._know(branch, inner)
        branch.atoms.append(constraint)
        if len(region) == 1:
            return self._narrow(branch, region[0])
        branch.splits.append([Option(box=box) for box in region])
        return bool(region)

    def _know(self, branch: Branch, read: core.Term) -> None:
        """Note what something read can be at all."""
        key = key_of(read)
        if key not in branch.box and not isinstance(read, core.HasKey):
            row = getattr(read, "row", core.THE_CONTACT)
            branch.box[key] = self._domains.of(read, of_event=row in branch.owners)

    def _narrow(self, branch: Branch, box: Box) -> bool:
        for key, values in box.items():
            known = branch.box.get(key)
            met = values if known is None else known.intersection(values)
            if met.is_empty:
                self._note_conflict(key)
                return False
            branch.box[key] = met
        return True

    def _note_conflict(self, key: Key) -> None:
        term = key if isinstance(key, core.JsonValue) else self._conditions.subject(key)
        cell = None if term is None else cell_of(term)
        if cell is not None:
            self.conflicts[cell.words] = None
