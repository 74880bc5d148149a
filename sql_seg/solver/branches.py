"""A branch of a case split: which records there are, what each thing read may be, what is to be met yet.

A search starts from an empty one, or from that of a record which the result is to be near to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

from sql_seg.analysis.possible_values import Values
from sql_seg.analysis.regions import Box, Key
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.terms import THE_CONTACT
from sql_seg.solver.binding import bound
from sql_seg.solver.budget import Budget
from sql_seg.solver.outcome import Record
from sql_seg.solver.record_cells import Cell, value_at

Constraint = tuple[core.Term, Goal]
"""A condition, and what it is to be."""

BranchStep = Callable[["Branch"], bool]
"""A change of a branch; False where it leads nowhere."""


class Option(NamedTuple):
    """One way to go on with a branch: what to ask for, what things read may be, and a step to take."""

    constraints: Sequence[Constraint] = ()
    box: Box = MappingProxyType({})
    step: BranchStep | None = None


Split = Sequence[Option]
"""Options, one of which must be taken."""

FIRST_ROW = 1_000_000
"""Records that are made have numbers of their own, which no query has."""

_MOST_TUPLES = 2_000


class Demand(NamedTuple):
    """Of every choice of events (one for each of ``rows``) of a contact, one of the alternatives is to hold.

    ``owner`` None is every contact, which then stands for the row ``contact``, if any.
    """

    owner: int | None
    contact: int | None
    rows: tuple[int, ...]
    alternatives: tuple[tuple[Constraint, ...], ...]


@dataclass(slots=True)
class Branch:
    """What has been decided on one way through the alternatives; steps change it, copies are independent."""

    constraints: list[Constraint] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    box: dict[Key, Values] = field(default_factory=dict)
    atoms: list[Constraint] = field(default_factory=list)
    contacts: list[int] = field(default_factory=lambda: [core.THE_CONTACT])
    owners: dict[int, int] = field(default_factory=dict)
    """The contact of each event."""
    demands: list[Demand] = field(default_factory=list)
    asked: set[Constraint] = field(default_factory=set)
    is_complete: bool = True
    """Whether nothing that is demanded was left out, for want of room."""
    budget: Budget = field(default_factory=Budget)

    def copy(self) -> Branch:
        """Return a branch that goes its own way from here."""
        return Branch(
            list(self.constraints),
            list(self.splits),
            dict(self.box),
            list(self.atoms),
            list(self.contacts),
            dict(self.owners),
            list(self.demands),
            set(self.asked),
            self.is_complete,
            self.budget,
        )

    def events_of(self, contact: int) -> list[int]:
        """Return the events of a contact."""
        return [event for event, owner in self.owners.items() if owner == contact]

    def new_contact(self) -> int:
        """Add a contact, which all demands on every contact hold of."""
        row = FIRST_ROW + len(self.contacts) + len(self.owners)
        self.contacts.append(row)
        for demand in self.demands:
            if demand.owner is None and not demand.rows:
                self._demand_of(demand, row, ())
        return row

    def new_event(self, owner: int) -> int:
        """Add an event, which all demands on its contact hold of."""
        row = FIRST_ROW + len(self.contacts) + len(self.owners)
        self.owners[row] = owner
        for demand in self.demands:
            if demand.owner in (None, owner):
                for events in self._choices(demand, owner):
                    if row in events:
                        self._demand_of(demand, owner, events)
        return row

    def demand(self, demand: Demand) -> None:
        """Let something hold of all events that there are and that will be."""
        self.demands.append(demand)
        for owner in self.contacts if demand.owner is None else [demand.owner]:
            for events in self._choices(demand, owner):
                self._demand_of(demand, owner, events)

    def _choices(self, demand: Demand, owner: int) -> Iterator[tuple[int, ...]]:
        events = self.events_of(owner)
        if len(events) ** len(demand.rows) > _MOST_TUPLES:
            self.is_complete = False
            return iter(())
        return product(events, repeat=len(demand.rows))

    def _demand_of(self, demand: Demand, owner: int, events: tuple[int, ...]) -> None:
        self.budget.spend(4 * len(demand.alternatives))
        rows = dict(zip(demand.rows, events, strict=True))
        if demand.contact is not None:
            rows[demand.contact] = owner
        options = [
            [(bound(term, rows, self.owners), goal) for term, goal in alternative]
            for alternative in demand.alternatives
        ]
        self.choose_between(options)

    def choose_between(self, options: Sequence[Sequence[Constraint]]) -> None:
        """Ask that the constraints of one of some alternatives are met."""
        if len(options) == 1:
            self.constraints += options[0]
        else:
            self.splits.append([Option(option) for option in options])

    def choose_step(self, steps: Sequence[BranchStep]) -> None:
        """Ask that one of some steps is taken."""
        self.splits.append([Option(step=step) for step in steps])


@dataclass(frozen=True, slots=True)
class Start:
    """A branch, with the records by number that it starts with."""

    branch: Branch = field(default_factory=Branch)
    records: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def is_near(self) -> bool:
        """Whether there is a record to be near to."""
        return bool(self.records)

    def value(self, cell: Cell) -> Any:
        """Return what a cell is at the start; None is NULL."""
        return value_at(self.records.get(cell.row, {}), cell)


def start_near(record: Record) -> Start:
    """Return the start from a record: with its contacts and events."""
    branch = Branch()
    records: dict[int, Mapping[str, Any]] = {}
    for index, one in enumerate(record.everyone):
        row = branch.new_contact() if index else THE_CONTACT
        records[row] = one.contact
        for event in one.events:
            records[branch.new_event(row)] = event
    return Start(branch, records)
