"""``future-window``: a window that begins now or later, for what is only ever recorded."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.core.traits import now_offset
from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.language.functions import Kind, is_of
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_RECORDED = frozenset({"created_at", "updated_at", "timestamp", "event_timestamp"})
"""The columns that say when something happened; a custom field may hold a day to come."""

_LOWER_BOUNDS = frozenset({Comparator.GT, Comparator.GE, Comparator.EQ})


def _check(context: Context) -> Iterator[Finding]:
    for recorded, moment in sorted(_begins(context), key=lambda begin: begin[1].span):
        term = context.term_of(moment)
        offset = None if term is None else now_offset(term)
        if offset is None or offset[1] < 0 or not _is_recorded(context, recorded):
            continue
        past = _past(context, moment)
        instead = "take some days off now" if past is None else f"write {past}"
        yield RULE.finding(
            moment.span,
            f"{_name(recorded)} is never later than now: this window is empty",
            help=f"to look back, {instead}",
            fix=None if past is None else Fix("Look back", (Edit(moment.span, past),), Safety.UNSAFE),
        )


def _begins(context: Context) -> Iterator[tuple[nodes.Expression, nodes.Expression]]:
    """Yield values with what they must reach: the lower bounds of windows."""
    for comparison in context.nodes_of(nodes.Comparison):
        if comparison.operator in _LOWER_BOUNDS:
            yield comparison.left, comparison.right
        if comparison.operator.mirrored in _LOWER_BOUNDS:
            yield comparison.right, comparison.left
    for between in context.nodes_of(nodes.Between):
        yield between.operand, between.low


def _column(node: nodes.Expression) -> nodes.Expression:
    """Return the column whose last value MAX asks for, or the node."""
    return node.arguments[0] if isinstance(node, nodes.Call) and is_of(node.name, Kind.AGGREGATE) else node


def _is_recorded(context: Context, node: nodes.Expression) -> bool:
    term = context.term_of(_column(node))
    return isinstance(term, ColumnValue) and term.name in _RECORDED


def _name(node: nodes.Expression) -> str:
    column = _column(node)
    assert isinstance(column, nodes.Column)
    return column.name


def _past(context: Context, moment: nodes.Expression) -> str | None:
    """Return what lies as far back as a moment lies ahead; None where it is written in another way."""
    match moment:
        case nodes.Call(name, (_, nodes.Number(ahead) as amount, _)) if is_of(name, Kind.SHIFT) and ahead > 0:
            start = end = amount.span.start
        case nodes.Binary(Arithmetic.ADD, left, nodes.Interval(ahead) as amount) if ahead > 0:
            start = context.text.index("+", left.span.end, amount.span.start)
            end = start + 1
        case _:
            return None
    return f"{context.text[moment.span.start : start]}-{context.text[end : moment.span.end]}"


RULE = Rule(
    code="future-window",
    severity=Severity.WARNING,
    summary="a window of time that begins in the future",
    why="When a contact was created or updated, or an event happened, lies in the past: nothing is later "
    "than now. What looks 30 days back adds -30 days to now; the minus is easily forgotten.",
    example="SELECT contact_id, updated_at FROM contact_data "
    "WHERE updated_at >= TIMESTAMPADD(day, 30, CURRENT_TIMESTAMP)",
    instead="SELECT contact_id, updated_at FROM contact_data "
    "WHERE updated_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)",
    check=_check,
    about=(nodes.Comparison, nodes.Between),
)
