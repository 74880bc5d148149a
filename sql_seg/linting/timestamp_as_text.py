"""``timestamp-as-text``: a path compared with a text that is a timestamp's, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import JsonValue
from sql_seg.diagnostics import Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.timestamps import read_timestamp
from sql_seg.linting.places import edit_of_words, literal_span, shortened
from sql_seg.linting.rule import Context, Rule, labels_at
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for path, values in _compared(context):
        if not isinstance(context.term_of(path), JsonValue):
            continue
        if any(context.type_of(value) is DataType.TIMESTAMP for value in values):
            continue  # texts beside a timestamp are read as such
        moments = [
            value for value in values if isinstance(value, nodes.String) and read_timestamp(value.value)
        ]
        if moments:
            others = [value for value in values if value not in moments and not isinstance(value, nodes.Null)]
            yield _finding(context, moments, is_alone=not others)


def _compared(context: Context) -> Iterator[tuple[nodes.Expression, tuple[nodes.Expression, ...]]]:
    for comparison in context.nodes_of(nodes.Comparison):
        yield comparison.left, (comparison.right,)
        yield comparison.right, (comparison.left,)
    for between in context.nodes_of(nodes.Between):
        yield between.operand, (between.low, between.high)
    for inside in context.nodes_of(nodes.In):
        yield inside.operand, inside.values


def _finding(context: Context, moments: list[nodes.String], *, is_alone: bool) -> Finding:
    places = [literal_span(context, moment) for moment in moments]
    text = shortened(context.slice(moments[0]))
    edits = tuple([edit_of_words(context, Span(place.start, place.start), "TIMESTAMP ") for place in places])
    return RULE.finding(
        places[0],
        f"beside a path, {text} is a text: it is compared letter by letter, not as a moment",
        help=f"to compare moments, write TIMESTAMP {text}",
        labels=labels_at(places[1:], "this one too"),
        fix=Fix("Compare moments", edits, Safety.UNSAFE) if is_alone else None,
    )


RULE = Rule(
    code="timestamp-as-text",
    severity=Severity.WARNING,
    summary="a path compared with a text that has a timestamp's form",
    why="A path takes the type of what stands beside it. '2026-01-31' beside a column of timestamps is a "
    "moment; "
    "beside a path it is a text, and '2026-01-31T00:00:00Z' or a number of seconds never equals it.",
    example="SELECT contact_id, updated_at FROM contact_data JOIN event_data AS e ON contact_id "
    "WHERE e.data:payload.sent_at >= '2026-01-31'",
    instead="SELECT contact_id, updated_at FROM contact_data JOIN event_data AS e ON contact_id "
    "WHERE e.data:payload.sent_at >= TIMESTAMP '2026-01-31'",
    check=_check,
    about=(nodes.Path,),
    dialect=Dialect.V2,
)
