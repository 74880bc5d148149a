"""Two minus signs side by side in v1, where they start no comment."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import Arithmetic
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Binary):
        if node.operator is not Arithmetic.SUBTRACT:
            continue
        start = context.text.find("--", node.left.span.end, node.right.span.end)
        if start >= 0 and isinstance(node.right, nodes.Negative):
            yield RULE.finding(
                Span(start, start + 2),
                "v1 has no comments: this subtracts what follows, negated",
                help="leave the comment out; to subtract a negative number, write - -",
            )


RULE = Rule(
    code="double-minus",
    severity=Severity.WARNING,
    summary="two minus signs side by side in v1, where they start no comment",
    why="What reads as a comment to people who know SQL is arithmetic to v1: `5 -- 3` is `5 - (-3)`.",
    example="LENGTH(city) > 5 -- 3",
    instead="LENGTH(city) > 5",
    check=_check,
    about=(nodes.Binary,),
    dialect=Dialect.V1,
)
