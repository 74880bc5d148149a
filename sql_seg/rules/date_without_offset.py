"""``date-without-offset``: a moment that does not say which clock it is read off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg import nodes
from sql_seg.datatypes import DataType
from sql_seg.diagnostics import Edit, Finding, Fix, Severity
from sql_seg.rules.rule import Context, Rule
from sql_seg.source import Span

_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?", re.ASCII)


def _check(context: Context) -> Iterator[Finding]:
    for literal in _moments(context):
        found = _WITHOUT_OFFSET.fullmatch(literal.value)
        if found is None:
            continue
        if found["time"] is None:
            yield RULE.finding(
                literal.span,
                "this day begins at midnight UTC",
                help=f"for another midnight, write it with its offset: '{literal.value}T00:00:00+02:00'",
            )
            continue
        end = context.text.rfind(literal.value, literal.span.start, literal.span.end) + len(literal.value)
        yield RULE.finding(
            literal.span,
            "a moment without an offset is in UTC",
            help=f"write Z for UTC, or an offset: '{literal.value}Z'",
            fix=Fix("Write Z for UTC", (Edit(Span(end, end), "Z"),)),
        )


def _moments(context: Context) -> Iterator[nodes.Timestamp | nodes.String]:
    """Yield the literals that are read as timestamps: TIMESTAMP '…', and v2's texts beside one."""
    for node in context.all_nodes:
        match node:
            case nodes.Timestamp():
                yield node
                continue
            case nodes.Comparison(left=left, right=right):
                operands: tuple[nodes.Expression, ...] = (left, right)
            case nodes.Between(operand=operand, low=low, high=high):
                operands = (operand, low, high)
            case nodes.In(operand=operand, values=values):
                operands = (operand, *values)
            case nodes.Call(name="TIMESTAMPADD", arguments=(_, _, moment)):
                if isinstance(moment, nodes.String):
                    yield moment
                continue
            case _:
                continue
        first = operands[0]
        if isinstance(first, nodes.String):
            others = operands[1:]
            if any(context.type_of(other) is DataType.TIMESTAMP for other in others):
                yield first
        elif context.type_of(first) is DataType.TIMESTAMP:
            yield from [operand for operand in operands if isinstance(operand, nodes.String)]


RULE = Rule(
    code="date-without-offset",
    severity=Severity.INFO,
    summary="a date or time without an offset from UTC",
    why="A moment without an offset is taken to be in UTC, which SendGrid's reference does not say. "
    "'2026-01-31' is a whole day in many places, and begins at another moment in each.",
    example="created_at > TIMESTAMP '2026-01-31T18:00:00'",
    instead="created_at > TIMESTAMP '2026-01-31T18:00:00Z'",
    check=_check,
)
