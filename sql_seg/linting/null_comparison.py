"""``null-comparison``: a comparison with NULL, which is never TRUE."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.operators import Comparator
from sql_seg.linting.places import edit_of_words, shortened
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_TESTS = {Comparator.EQ: "IS NULL", Comparator.NE: "IS NOT NULL"}


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Comparison):
        if isinstance(node.right, nodes.Null):
            yield _finding(context, node, node.left)
        elif isinstance(node.left, nodes.Null):
            yield _finding(context, node, node.right)
    for between in context.nodes_of(nodes.Between):
        if not between.negated:
            bounds = (between.low, between.high)
            bound = next((bound for bound in bounds if isinstance(bound, nodes.Null)), None)
            if bound is not None:
                yield RULE.finding(
                    bound.span,
                    "BETWEEN with a bound that is NULL is never TRUE",
                    help="ask for the bound that there is, with >= or <=",
                )


def _finding(context: Context, node: nodes.Comparison, operand: nodes.Expression) -> Finding:
    test = _TESTS.get(node.operator)
    message = "a comparison with NULL is never TRUE"
    if test is None:
        return RULE.finding(node.span, message, help="NULL has no order: compare with a value")
    text = f"{context.slice(operand)} {test}"
    span = Span(node.left.span.start, node.right.span.end)
    fix = Fix(f"Write {test}", (edit_of_words(context, span, text),), Safety.UNSAFE)
    return RULE.finding(node.span, message, help=f"write {shortened(text)}", fix=fix)


RULE = Rule(
    code="null-comparison",
    severity=Severity.WARNING,
    summary="a comparison with NULL",
    why="NULL stands for a value that is not there, and comparing with it gives NULL: x = NULL is not TRUE "
    "even where x is NULL, and x != NULL not even where x has a value. Only IS NULL and IS NOT NULL ask "
    "whether there is a value.",
    example="first_name = NULL",
    instead="first_name IS NULL",
    check=_check,
    about=(nodes.Null,),
)
