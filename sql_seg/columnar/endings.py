"""Conditions that only ask how an email address ends: of addresses, those on the domain."""

from __future__ import annotations

from sql_seg.core import terms as core


def asks_ending(term: core.Term) -> bool:
    """Return whether a condition is the same for all addresses that are the same from the last ``@`` on."""
    match term:
        case core.Matched(core.ColumnValue(_, "email"), pattern):
            first, *rest = [run.text for run in pattern.runs]
            return first == "" and len(rest) == 1 and rest[0] is not None and "@" not in rest[0][1:]
        case core.All(operands) | core.AnyOf(operands):
            return all(map(asks_ending, operands))
        case core.Inverse(operand) | core.TruthTest(operand, _):
            return asks_ending(operand)
        case core.NullTest(core.ColumnValue(_, "email")):
            return True
    return False
