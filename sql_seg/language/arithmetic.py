"""Numbers as the language has them: IEEE doubles, of which those that are not finite are NULL (None)."""

from __future__ import annotations

import math
from typing import Any

from sql_seg.language.literals import LARGEST_EXACT_INTEGER

RealNumber = int | float


def double(value: RealNumber) -> RealNumber:
    """Return a number as a double; small integers, which are doubles as they are, stay integers.

    Raises OverflowError for an integer past all doubles, which is a value of no column.
    """
    return value if -LARGEST_EXACT_INTEGER <= value <= LARGEST_EXACT_INTEGER else float(value)


def comparable(value: Any) -> Any:
    """Return a value as it compares: a number as a double, though it stand in a column of unknown type."""
    return double(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def add(left: RealNumber, right: RealNumber) -> float | None:
    """``left + right``."""
    return _finite(double(left) + double(right))


def subtract(left: RealNumber, right: RealNumber) -> float | None:
    """``left - right``."""
    return _finite(double(left) - double(right))


def multiply(left: RealNumber, right: RealNumber) -> float | None:
    """``left * right``."""
    return _finite(float(double(left)) * double(right))


def divide(left: RealNumber, right: RealNumber) -> float | None:
    """``left / right``, the real quotient; NULL for a divisor of zero."""
    return _finite(double(left) / double(right)) if right else None


def modulo(left: RealNumber, right: RealNumber) -> float | None:
    """``left % right`` with the sign of the dividend, as SQL has it: ``-10 % 7`` is -3."""
    left, right = double(left), double(right)
    if not right or not math.isfinite(left):
        return None
    return _finite(math.fmod(left, right))


def _finite(value: RealNumber) -> float | None:
    return float(value) if math.isfinite(value) else None
