"""``doubled-percent``: ``%%`` in a v1 pattern, which is a percent sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Safety, Severity, replacement
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.places import literal_span, shortened, written_text
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_DOUBLED = re.compile(r"(?<![\d%])%%+")
"""Percent signs in a row, except behind a digit: ``'%100%%%'`` asks for a percentage."""


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Like):
        if isinstance(node.pattern, nodes.String):
            value = node.pattern.value
            single = _DOUBLED.sub("%", value)
            if single != value:
                place = literal_span(context, node.pattern)
                yield RULE.finding(
                    place,
                    "in v1, %% is a percent sign: this finds texts that hold one",
                    help=f"for any text, write a single %: '{shortened(single)}'",
                    fix=replacement(
                        place,
                        written_text(context, node.pattern, single),
                        "Write a single %",
                        Safety.UNSAFE,
                    ),
                )


RULE = Rule(
    code="doubled-percent",
    severity=Severity.WARNING,
    summary="%% in a v1 pattern",
    why="In v1's LIKE, % is any text and %% one literal percent sign: 'max%%' does not find what starts "
    "with max, but the text max%. Behind a digit, where a percent sign makes sense, %% is left alone.",
    example="email LIKE 'max%%'",
    instead="email LIKE 'max%'",
    check=_check,
    about=(nodes.Like,),
    dialect=Dialect.V1,
)
