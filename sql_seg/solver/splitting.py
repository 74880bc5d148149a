"""A case split over the ways in which wishes can be met: exhaustive, unless it is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sql_seg.analysis.conditions import Conditions
from sql_seg.analysis.regions import Box, Key, Region
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.traits import EXISTENCES
from sql_seg.evaluate import NO_ACCOUNT, Interpreter
from sql_seg.language.schema import Schema
from sql_seg.solver.binding import reads
from sql_seg.solver.budget import Budget
from sql_seg.solver.cases import Case, Option, Split, Wish
from sql_seg.solver.cells import Domains, cell_of, key_of
from sql_seg.solver.choices import Choices, ordered
from sql_seg.solver.expansion import expand
from sql_seg.solver.propagation import propagate

_ALTERNATIVES_OF_A_CASE = 50
_GUESSED = 8
"""With more alternatives than so many left, what meets the rest may well meet all: it is worth a guess."""


class CaseSplit:
    """Goes through the cases in which some wishes may be met, in the order that choices say.

    ``most`` is how many cases are tried at most, one with many alternatives counting as several. Alternatives
    of many options are settled ``largest_first``, or last. ``tried`` counts cases. ``is_exhaustive`` says, at
    the end, whether there surely are no others; ``conflicts`` are the things read that no value was left for.
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
        self._conditions = Conditions()
        self._interpreter = Interpreter(now, NO_ACCOUNT)
        self._regions: dict[int, tuple[Option, list[Region]]] = {}
        self._kept: dict[int, core.Term] = {}

    def cases(self, wishes: Sequence[Wish], start: Case) -> Iterator[Case]:
        """Yield the cases, from ``start`` on, in which nothing contradicts the wishes: all but values.

        Of cases with many alternatives that are open, those that have some left are yielded before: a guess.
        """
        first = start.copy()
        first.wishes += reversed(wishes)
        return self._settled_cases(first)

    def _settled_cases(self, start: Case) -> Iterator[Case]:
        waiting = [(start, Option())]
        while waiting:
            before, option = waiting.pop()
            self._left -= 1 + len(before.splits) // _ALTERNATIVES_OF_A_CASE
            if self._left < 0:
                self.is_exhaustive = False
                return
            self.tried += 1
            self._budget.spend(1 + len(before.splits) + len(before.box))
            case = before.copy()
            is_settled = self._take(case, option) and self._settle(case)
            self.is_exhaustive &= case.is_complete
            if is_settled and len(case.splits) > _GUESSED:
                yield case.copy()
            if is_settled and case.splits:
                split = (max if self._largest_first else min)(case.splits, key=len)
                case.splits = [other for other in case.splits if other is not split]
                waiting += [(case, other) for other in reversed(ordered(self._choices, split))]
            elif is_settled:
                yield case

    def with_events(self, case: Case, number: int) -> Iterator[Case]:
        """Yield a case with more events of the contact that break nothing, then the case as it is."""
        if number:
            crowded = case.copy()
            if all(crowded.new_event(core.THE_CONTACT) for _ in range(number)):
                yield from [settled for settled in self._settled_cases(crowded) if not settled.splits]
        yield case

    def _take(self, case: Case, option: Option) -> bool:
        case.wishes += option.wishes
        return self._narrow(case, option.box) and (option.step is None or option.step(case))

    def _settle(self, case: Case) -> bool:
        """Meet all wishes that leave no choice, or only one; return whether they can be met."""
        while self._meet_wishes(case):
            only = self._look_ahead(case)
            if not only:
                return all(case.splits)
            if not all(self._take(case, option) for option in only):
                return False
        return False

    def _meet_wishes(self, case: Case) -> bool:
        while case.wishes:
            wish = pushed_down(*case.wishes.pop())
            self._budget.spend()
            if isinstance(wish[0], EXISTENCES):
                if wish in case.asked:
                    continue
                case.asked.add(wish)
            met = expand(case, wish)
            if met is None:
                met = self._meet_atom(case, wish)
            if not met:
                return False
        self._budget.spend(len(case.box))
        emptied = propagate(case.box)
        if emptied is not None:
            self._note_conflict(emptied)
        return emptied is None

    def _look_ahead(self, case: Case) -> list[Option]:
        """Leave out the options that contradict what is known; return those that are the only ones.

        Of alternatives without an option nothing is left, and the case leads nowhere.
        """
        only: list[Option] = []
        kept: list[Split] = []
        for split in case.splits:
            left = [option for option in split if self._may_be_met(case, option)]
            if not left:
                case.splits.append(left)
                return []
            if len(left) == 1:
                only += left
            else:
                kept.append(left)
        case.splits = kept
        return only

    def _may_be_met(self, case: Case, option: Option) -> bool:
        """Return whether nothing that is known contradicts an option, at a glance."""
        known = self._regions.get(id(option))
        if known is None:
            regions = [self._region(term, goal) for term, goal in option.wishes]
            known = self._regions[id(option)] = option, [*regions, [option.box]]
        for region in known[1]:
            self._budget.spend(1 + len(region))
            keys: list[Key] = []
            for box in region:
                key = self._clash(case, box)
                if key is None:
                    break
                keys.append(key)
            else:
                for key in keys:
                    self._note_conflict(key)
                return False
        return True

    def _clash(self, case: Case, box: Box) -> Key | None:
        """Return a key that no value would be left for in a box, if there is one."""
        for key, values in box.items():
            known = case.box.get(key)
            if known is not None and known.is_disjoint(values):
                return key
        return None

    def _region(self, term: core.Term, goal: Goal) -> Region:
        self._kept[id(term)] = term
        return self._conditions.region(term, goal)

    def _meet_atom(self, case: Case, wish: Wish) -> bool:
        """Narrow what the things may be that a condition reads."""
        term, goal = wish
        read = reads(term)
        if not read:
            return goal.is_reached_by(self._interpreter.value(term, {}))
        region = self._region(term, goal)
        for inner in read:
            self._know(case, inner)
        case.atoms.append(wish)
        if len(region) == 1:
            return self._narrow(case, region[0])
        case.splits.append([Option(box=box) for box in region])
        return bool(region)

    def _know(self, case: Case, read: core.Term) -> None:
        """Note what something read can be at all."""
        key = key_of(read)
        if key not in case.box and not isinstance(read, core.HasKey):
            row = getattr(read, "row", core.THE_CONTACT)
            case.box[key] = self._domains.of(read, of_event=row in case.owners)

    def _narrow(self, case: Case, box: Box) -> bool:
        for key, values in box.items():
            known = case.box.get(key)
            met = values if known is None else known.intersection(values)
            if met.is_empty:
                self._note_conflict(key)
                return False
            case.box[key] = met
        return True

    def _note_conflict(self, key: Key) -> None:
        term = key if isinstance(key, core.JsonValue) else self._conditions.subject(key)
        cell = None if term is None else cell_of(term)
        if cell is not None:
            self.conflicts[cell.words] = None
