"""What is certain of functions of values, beyond that a function is NULL where an argument is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sql_seg.analysis.ordered import OrderedSet
from sql_seg.core.terms import Applied, Term
from sql_seg.language.case_mapping import lower, upper


class Known(NamedTuple):
    """What is certain of a function's values.

    They are among ``values``, whole numbers if ``whole``, and texts that ``settles`` leaves as they are.
    """

    values: OrderedSet | None = None
    whole: bool = False
    settles: Callable[[str], str] | None = None


_NOTHING_MORE = Known()

FUNCTIONS: dict[str, Known] = {
    "LOWER": Known(settles=lower),
    "UPPER": Known(settles=upper),
    "LENGTH": Known(OrderedSet(False, ((0, 0),)), whole=True),
    "CONCAT": _NOTHING_MORE,
}
"""The functions that the analysis was taught: of a condition with another one nothing is claimed."""


def known_of(term: Term) -> Known:
    """Return what is certain of a term by its function, if it is one."""
    return FUNCTIONS.get(term.function, _NOTHING_MORE) if isinstance(term, Applied) else _NOTHING_MORE
