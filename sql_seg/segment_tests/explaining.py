"""Saying why a contact is in or out although the tests expect otherwise."""

from __future__ import annotations

from sql_seg.diagnostics.source import Position
from sql_seg.explain import Reason
from sql_seg.segment_tests.cases import Outcome, SegmentTests


def expectation(outcome: Outcome) -> str:
    """Return what was expected of a contact, and what it is, such as ``expected in, but out``."""
    expected = "in" if outcome.case.is_in else "out"
    if outcome.holds:
        return expected
    return f"expected {expected}, but {'in' if outcome.decision.is_member else 'out'}"


def explained(tests: SegmentTests, outcome: Outcome) -> list[str]:
    """Return a line for each condition that decided, with its place in the segment's file."""
    lines = []
    for reason in outcome.decision.reasons:
        place = place_of(tests, reason)
        where = "" if place is None else f":{place.line}:{place.column}"
        lines.append(f"{tests.query.file}{where}: {reason}")
    return lines or [f"{tests.query.file}: the query takes every contact"]


def place_of(tests: SegmentTests, reason: Reason) -> Position | None:
    """Return where the segment's file says what decided; None where it says nothing of it."""
    return None if reason.span is None else tests.query.source_map.positions(reason.span)[0]
