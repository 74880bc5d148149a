"""``null-in-list``: NULL among the values of IN."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.linting.places import shortened
from sql_seg.linting.pushed_down import counted_nodes, negated_nodes
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.In):
        nulls = [index for index, value in enumerate(node.values) if isinstance(value, nodes.Null)]
        if nulls:
            yield _finding(context, node, nulls)


def _finding(context: Context, node: nodes.In, nulls: list[int]) -> Finding:
    operand = shortened(context.slice(node.operand))
    place = node.values[nulls[0]].span
    only_nulls = len(nulls) == len(node.values)
    harmful = node.negated != (id(node) in context.once(negated_nodes))
    if harmful:
        message = "NOT IN a list that holds NULL is never TRUE"
        hint = f"take NULL out of the list; for contacts with a value only, add AND {operand} IS NOT NULL"
    elif only_nulls:
        message = "IN (NULL) is never TRUE"
        hint = f"for contacts without a value, write {operand} IS NULL"
    else:
        message = "IN never finds NULL: it does nothing in this list"
        hint = f"for contacts without a value, write OR {operand} IS NULL"
    fix = None
    if not only_nulls:
        is_safe = not harmful and id(node) in context.once(counted_nodes)
        edits = tuple(_removals(node.values, nulls))
        fix = Fix("Take NULL out of the list", edits, Safety.SAFE if is_safe else Safety.UNSAFE)
    return RULE.finding(
        place, message, help=hint, fix=fix, severity=None if harmful or only_nulls else Severity.INFO
    )


def _removals(values: tuple[nodes.Expression, ...], nulls: list[int]) -> Iterator[Edit]:
    """Yield the edits that remove values with the commas behind them, or before those that come last."""
    leading = 0
    for index in nulls:
        if index == leading:
            leading += 1
            yield Edit(Span(values[index].span.start, values[index + 1].span.start), "")
        else:
            yield Edit(Span(values[index - 1].span.end, values[index].span.end), "")


RULE = Rule(
    code="null-in-list",
    severity=Severity.WARNING,
    summary="NULL among the values of IN or NOT IN",
    why="x NOT IN ('a', NULL) is x != 'a' AND x != NULL, and the second half is never TRUE: the segment is "
    "empty. In x IN ('a', NULL) the NULL does nothing, which is an info.",
    example="country NOT IN ('US', NULL)",
    instead="country NOT IN ('US') AND country IS NOT NULL",
    check=_check,
    about=(nodes.In,),
)
