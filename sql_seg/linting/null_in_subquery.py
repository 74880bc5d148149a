"""``null-in-subquery``: NOT IN over a subquery that may give a NULL."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue, JsonValue
from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.linting.places import shortened, stands_in_parentheses
from sql_seg.linting.pushed_down import negated_nodes
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.InSubquery):
        selected = node.query.items[0].expression
        if node.negated == (id(node) in context.once(negated_nodes)) or not _may_be_null(context, selected):
            continue
        if not _is_kept_from_null(context, node.query.where, selected):
            yield _finding(context, node.query, selected)


def _may_be_null(context: Context, selected: nodes.Expression) -> bool:
    term = context.term_of(selected)
    if isinstance(term, JsonValue):
        return True
    if not isinstance(term, ColumnValue):
        return False
    column = context.contact_column(term) or context.checked.schema.event_data.column(term.name)
    return column is not None and column.nullable


def _is_kept_from_null(context: Context, where: nodes.Expression | None, selected: nodes.Expression) -> bool:
    """Return whether a WHERE, or a part of its AND, is TRUE only where the column has a value."""
    if where is None:
        return False
    parts = where.operands if isinstance(where, nodes.And) else (where,)
    wanted = context.term_of(selected)
    for part in parts:
        match part:
            case nodes.IsNull(operand=operand, negated=True) | nodes.Between(operand=operand):
                sides: tuple[nodes.Expression, ...] = (operand,)
            case nodes.In(operand=operand) | nodes.Like(operand=operand):
                sides = (operand,)
            case nodes.Comparison(left=left, right=right):
                sides = (left, right)
            case _:
                continue
        if any(context.term_of(side) == wanted for side in sides):
            return True
    return False


def _finding(context: Context, query: nodes.Select, selected: nodes.Expression) -> Finding:
    name = context.slice(selected)
    return RULE.finding(
        selected.span,
        f"NOT IN is TRUE of no contact if a single {shortened(name)} here is NULL",
        help=f"add {shortened(name)} IS NOT NULL to the subquery's WHERE",
        fix=Fix(f"Leave out where {name} is NULL", tuple(_edits(context, query, name)), Safety.UNSAFE),
    )


def _edits(context: Context, query: nodes.Select, name: str) -> Iterator[Edit]:
    where = query.where
    if where is None:
        last: nodes.Node = query.joins[-1] if query.joins else query.table
        yield Edit(Span(last.span.end, last.span.end), f" WHERE {name} IS NOT NULL")
        return
    if isinstance(where, nodes.Or) and not stands_in_parentheses(context, where):
        yield Edit(Span(where.span.start, where.span.start), "(")
        yield Edit(Span(where.span.end, where.span.end), f") AND {name} IS NOT NULL")
    else:
        yield Edit(Span(where.span.end, where.span.end), f" AND {name} IS NOT NULL")


RULE = Rule(
    code="null-in-subquery",
    severity=Severity.WARNING,
    summary="NOT IN over a subquery that may give a NULL",
    why="x NOT IN (SELECT y …) is x != y for every y, and x != NULL is never TRUE: one row without a y, and "
    "the segment is empty. contact_id is never NULL; most other columns may be.",
    example="SELECT contact_id, updated_at FROM contact_data WHERE contact_id NOT IN "
    "(SELECT external_id FROM contact_data WHERE country = 'US')",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE contact_id NOT IN "
    "(SELECT external_id FROM contact_data WHERE country = 'US' AND external_id IS NOT NULL)",
    check=_check,
    about=(nodes.InSubquery,),
)
