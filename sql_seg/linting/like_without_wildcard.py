"""``like-without-wildcard``: a LIKE that is nothing but an equality."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity, replacement
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.patterns import read_pattern
from sql_seg.linting.places import literal_span, operator_span, shortened, written_text
from sql_seg.linting.promises import safety
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_STARS = re.compile(r"\*+")


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
        place = literal_span(context, pattern)
        if "*" in pattern.value:
            meant = written_text(context, pattern, _STARS.sub("%", pattern.value))
            yield RULE.finding(
                place,
                "% stands for any text, not *",
                help=f"write {shortened(meant)}",
                fix=replacement(place, meant, "Write %", Safety.UNSAFE),
            )
            continue
        word, operator = ("NOT LIKE", "!=") if node.negated else ("LIKE", "=")
        edits = [Edit(operator_span(context, node.operand, pattern), operator)]
        if text != pattern.value:
            edits.append(Edit(place, written_text(context, pattern, text)))
        hint = f"write {operator}"
        if text:
            hint += f", or LIKE '%{shortened(pattern.value)}%' for texts that hold it"
        yield RULE.finding(
            place,
            f"a pattern without % matches this very text: {word} is only {operator} here",
            help=hint,
            fix=Fix(f"Write {operator}", tuple(edits), _safety(context, place, pattern.value)),
        )


def _safety(context: Context, place: Span, pattern: str) -> Safety:
    """Return how safe it is: that a backslash is nothing special in v2's patterns is not promised."""
    if context.dialect is Dialect.V2 and "\\" in pattern:
        return Safety.UNSAFE
    return safety(context, [place])


def _surely_has_wildcard(pattern: str) -> bool:
    return "%" in pattern and "%%" not in pattern


RULE = Rule(
    code="like-without-wildcard",
    severity=Severity.WARNING,
    summary="LIKE with a pattern that has no wildcard",
    why="LIKE compares with the whole value. Without % it finds the very text of the pattern and nothing "
    "around it: email LIKE 'gmail.com' is TRUE of no address at gmail.com. A * stands for itself alone.",
    example="email LIKE 'gmail.com'",
    instead="email LIKE '%@gmail.com'",
    check=_check,
    about=(nodes.Like,),
)
