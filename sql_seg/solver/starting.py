"""Where a solver starts: from nothing, or from a record that the result is to be near to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sql_seg.core.terms import THE_CONTACT
from sql_seg.solver.branches import Branch
from sql_seg.solver.outcome import Record
from sql_seg.solver.record_cells import Cell, value_at


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
            made = branch.new_event(row)
            assert made is not None, "nothing says that there are no events"
            records[made] = event
    return Start(branch, records)
