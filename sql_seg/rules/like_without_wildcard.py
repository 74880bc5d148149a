"""``like-without-wildcard``: a LIKE that is nothing but an equality."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg import nodes
from sql_seg.datatypes import Dialect
from sql_seg.diagnostics import Edit, Finding, Fix, Severity
from sql_seg.patterns import read_pattern
from sql_seg.rules.places import literal_span, operator_span, shortened, written_text
from sql_seg.rules.rule import Context, Rule


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Like):
        pattern = node.pattern
        if not isinstance(pattern, nodes.String) or _surely_has_wildcard(pattern.value):
            continue
        if context.dialect is Dialect.V1 and "%%" in pattern.value:
            continue  # doubled-percent has more to say of it
        runs = read_pattern(pattern.value, context.dialect).runs
        text = runs[0].text
        if len(runs) > 1 or text is None:
            continue
        word, operator = ("NOT LIKE", "!=") if node.negated else ("LIKE", "=")
        place = operator_span(context, node.operand, pattern)
        edits = [Edit(place, operator)]
        if text != pattern.value:
            edits.append(Edit(literal_span(context, pattern), written_text(context, pattern, text)))
        hint = f"write {operator}"
        if text:
            hint += f", or LIKE '%{shortened(pattern.value)}%' for texts that hold it"
        yield RULE.finding(
            literal_span(context, pattern),
            f"a pattern without % matches this very text: {word} is only {operator} here",
            help=hint,
            fix=Fix(f"Write {operator}", tuple(edits)),
        )


def _surely_has_wildcard(pattern: str) -> bool:
    return "%" in pattern and "%%" not in pattern and "\\" not in pattern


RULE = Rule(
    code="like-without-wildcard",
    severity=Severity.WARNING,
    summary="LIKE with a pattern that has no wildcard",
    why="LIKE compares with the whole value. Without % it finds the very text of the pattern and nothing "
    "around it: email LIKE 'gmail.com' is TRUE of no address at gmail.com.",
    example="email LIKE 'gmail.com'",
    instead="email LIKE '%@gmail.com'",
    check=_check,
    about=(nodes.Like,),
)
