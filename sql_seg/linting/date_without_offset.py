"""``date-without-offset``: a moment that does not say which clock it is read off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import Kind, is_of
from sql_seg.language.literals import write_string
from sql_seg.linting.places import literal_span
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

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
        place = literal_span(context, literal)
        yield RULE.finding(
            literal.span,
            "a moment without an offset is in UTC",
            help=f"write Z for UTC, or an offset: '{literal.value}Z'",
            fix=Fix("Write Z for UTC", (_with_offset(context, literal, place),), Safety.UNSAFE),
        )


def _with_offset(context: Context, literal: nodes.Timestamp | nodes.String, place: Span) -> Edit:
    """Return the edit that writes a Z behind a moment; a text with escapes is rewritten."""
    at = context.text.rfind(literal.value, place.start, place.end)
    if at >= 0:
        end = at + len(literal.value)
        return Edit(Span(end, end), "Z")
    start = context.text.index("'", place.start)
    return Edit(Span(start, place.end), write_string(f"{literal.value}Z", context.dialect))


def _moments(context: Context) -> Iterator[nodes.Timestamp | nodes.String]:
    """Yield the literals that are read as timestamps: TIMESTAMP '…', and v2's texts beside one."""
    yield from context.nodes_of(nodes.Timestamp)
    for call in context.nodes_of(nodes.Call):
        if is_of(call.name, Kind.SHIFT) and isinstance(call.arguments[2], nodes.String):
            yield call.arguments[2]
    for operands in _compared(context):
        first = operands[0]
        if isinstance(first, nodes.String):
            others = operands[1:]
            if any(context.type_of(other) is DataType.TIMESTAMP for other in others):
                yield first
        elif context.type_of(first) is DataType.TIMESTAMP:
            yield from [operand for operand in operands if isinstance(operand, nodes.String)]


def _compared(context: Context) -> Iterator[tuple[nodes.Expression, ...]]:
    """Yield what stands beside each other: a value, and what it is compared with."""
    for comparison in context.nodes_of(nodes.Comparison):
        yield (comparison.left, comparison.right)
    for between in context.nodes_of(nodes.Between):
        yield (between.operand, between.low, between.high)
    for inside in context.nodes_of(nodes.In):
        yield (inside.operand, *inside.values)


RULE = Rule(
    code="date-without-offset",
    severity=Severity.INFO,
    summary="a date or time without an offset from UTC",
    why="A moment without an offset is taken to be in UTC, which SendGrid's reference does not say. "
    "'2026-01-31' is a whole day in many places, and begins at another moment in each.",
    example="created_at > TIMESTAMP '2026-01-31T18:00:00'",
    instead="created_at > TIMESTAMP '2026-01-31T18:00:00Z'",
    check=_check,
    about=(nodes.Timestamp, nodes.String),
)
