"""Terms of one row: all that they read is of the row of a table that is scanned."""

from __future__ import annotations

from typing import Any

from sql_seg.core import terms as core
from sql_seg.evaluate.kinds import ROWED
from sql_seg.frozen import replace

EVENT = 1
"""The row of all terms that are asked of events."""


def as_of(row: int, term: Any, of: int) -> Any:
    """Return a term with all that it reads of the row ``of`` as of the row ``row``.

    What subqueries in it read is of their own rows.
    """
    if isinstance(term, ROWED) and term.row == of:
        term = replace(term, row=row)
    return core.with_children(term, lambda inner: as_of(row, inner, of))
