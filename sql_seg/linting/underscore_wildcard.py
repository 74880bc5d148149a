"""``underscore-wildcard``: an underscore of an email address that is a wildcard in v2's LIKE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.comparisons import Way, comparisons
from sql_seg.linting.places import literal_span
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_WITHIN_AN_ADDRESS = re.compile(r"(?<=[^\W_])_|(?<=%)_(?=[^\W_])")
"""An underscore that reads as a part of an address: behind a letter or digit, or between ``%`` and one."""


def _check(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        column = comparison.column
        if comparison.way is not Way.LIKE or not isinstance(column, ColumnValue) or column.name != "email":
            continue
        (pattern,) = comparison.texts
        if _WITHIN_AN_ADDRESS.search(pattern.value):
            yield RULE.finding(
                literal_span(context, pattern),
                "_ in a pattern is any one character",
                help="a pattern cannot ask for an underscore: for one very address, write = in place of LIKE",
            )


RULE = Rule(
    code="underscore-wildcard",
    severity=Severity.WARNING,
    summary="an underscore in a v2 pattern for emails",
    why="In v2's LIKE, _ is any one character, as in SQL: 'max_m@%' finds max.m@… and max-m@… too, and "
    "nothing "
    "makes it an ordinary one. Patterns such as '_%@%', where _ stands for any character on purpose, are "
    "left "
    "alone. In v1, _ is an ordinary character.",
    example="SELECT contact_id, updated_at FROM contact_data WHERE email LIKE 'max_m@example.com'",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE email = 'max_m@example.com'",
    check=_check,
    about=(nodes.Like,),
    columns=frozenset({"email"}),
    dialect=Dialect.V2,
)
