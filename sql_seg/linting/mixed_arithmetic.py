"""``mixed-arithmetic``: arithmetic of v1 that SQL would read otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Edit, Finding, Fix, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import ARITHMETIC
from sql_seg.linting.places import shortened, stands_in_parentheses
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    reported = -1
    for node in context.nodes_of(nodes.Binary):
        if node.span.start >= reported:
            surprises = [inner.span for inner in _read_otherwise(context, node)]
            if surprises:
                reported = node.span.end
                yield _finding(context, node, surprises)


def _read_otherwise(context: Context, top: nodes.Binary) -> Iterator[nodes.Binary]:
    """Yield the right operands below a node that SQL, without parentheses, would not group so.

    v1 gives each operator a own precedence, SQL one to + and - and one to the others: they differ
    where v1 takes a right operand first that SQL would take from left to right.
    """
    waiting: list[nodes.Expression] = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Binary):
            right = node.right
            if isinstance(right, nodes.Binary) and not stands_in_parentheses(context, right):
                outer, inner = ARITHMETIC[node.operator], ARITHMETIC[right.operator]
                if inner.precedence_in(Dialect.V2) <= outer.precedence_in(Dialect.V2):
                    yield right
        waiting.extend(child for child in node.children() if isinstance(child, nodes.Expression))


def _finding(context: Context, node: nodes.Binary, surprises: list[Span]) -> Finding:
    opened = {span.start: "" for span in surprises}
    closed = {span.end: "" for span in surprises}
    for span in surprises:
        opened[span.start] += "("
        closed[span.end] += ")"
    edits = [Edit(Span(place, place), text) for place, text in sorted([*opened.items(), *closed.items()])]
    meant = context.slice(node)
    for edit in reversed(edits):
        cut = edit.span.start - node.span.start
        meant = meant[:cut] + edit.text + meant[cut:]
    return RULE.finding(
        node.span,
        f"v1 reads this as {shortened(meant)}, unlike SQL",
        help="write the parentheses, so that nobody has to know",
        fix=Fix("Add parentheses that say what v1 reads", tuple(edits)),
    )


RULE = Rule(
    code="mixed-arithmetic",
    severity=Severity.WARNING,
    summary="arithmetic of v1 that SQL would read otherwise",
    why="In v1 each operator has a own precedence: from low to high -, +, /, * and %. So 10 - 2 + 3 "
    "is 10 - (2 + 3), and 8 / 2 * 4 is 8 / (2 * 4), where SQL and arithmetic go from left to right.",
    example="LENGTH(city) - 2 + 3 > 10",
    instead="(LENGTH(city) - 2) + 3 > 10",
    check=_check,
    about=(nodes.Binary,),
    dialect=Dialect.V1,
)
