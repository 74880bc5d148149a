"""``underscore-wildcard``: an underscore of a word or an address that is a wildcard in v2's LIKE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.case_mapping import CASES
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.places import literal_span
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_WITHIN_AN_ADDRESS = re.compile(r"(?<=[^\W_])_|(?<=%)_(?=[^\W_])")
"""An underscore that reads as a part of an address: behind a letter or digit, or between ``%`` and one."""

_WITHIN_A_NAME = re.compile(r"(?<=[^\W_]{2})_(?=[^\W_]{2})")
"""One that reads as a part of a name, such as ``free_trial``; ``J_n`` asks for Jan and Jon on purpose."""


def _check(context: Context) -> Iterator[Finding]:
    if context.dialect is Dialect.V1:
        return
    for like in context.nodes_of(nodes.Like):
        if not isinstance(like.pattern, nodes.String):
            continue
        is_address = _is_address(context, like.operand)
        if (_WITHIN_AN_ADDRESS if is_address else _WITHIN_A_NAME).search(like.pattern.value):
            yield RULE.finding(
                literal_span(context, like.pattern),
                "_ in a pattern is any one character",
                help="a pattern cannot ask for an underscore: "
                f"for one very {'address' if is_address else 'text'}, write = in place of LIKE",
            )


def _is_address(context: Context, operand: nodes.Expression) -> bool:
    """Return whether an operand is an email, in any case."""
    if isinstance(operand, nodes.Call) and operand.name in CASES and operand.arguments:
        operand = operand.arguments[0]
    term = context.term_of(operand)
    return isinstance(term, ColumnValue) and term.name == "email"


RULE = Rule(
    code="underscore-wildcard",
    severity=Severity.WARNING,
    summary="an underscore in a v2 pattern that reads as a part of a word or an address",
    why="In v2's LIKE, _ is any one character, as in SQL: 'max_m@%' finds max.m@… and max-m@… too, "
    "'free_trial%' finds free-trial, and nothing makes it an ordinary one. Patterns such as '_%@%' or 'J_n', "
    "where _ stands for any character on purpose, are left alone. In v1, _ is an ordinary character.",
    example="SELECT contact_id, updated_at FROM contact_data WHERE email LIKE 'max_m@example.com'",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE email = 'max_m@example.com'",
    check=_check,
    about=(nodes.Like,),
    dialect=Dialect.V2,
)
