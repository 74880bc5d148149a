"""``underscore-wildcard``: an underscore of an email address that is a wildcard in v2's LIKE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.comparisons import Way, comparisons, finding_of_texts
from sql_seg.linting.places import shortened
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_ESCAPED_OR_NOT = re.compile(r"(?P<escape>\\[%_\\])|(?P<within>(?<=[^\W_])_|(?<=%)_(?=[^\W_]))")
"""An underscore that reads as a part of an address: behind a letter or digit, or between ``%`` and one."""


def _check(context: Context) -> Iterator[Finding]:
    if context.dialect is Dialect.V1:
        return
    for comparison in context.once(comparisons):
        column = comparison.column
        if comparison.way is not Way.LIKE or not isinstance(column, ColumnValue) or column.name != "email":
            continue
        (pattern,) = comparison.texts
        escaped = _escaped(pattern.value)
        if escaped != pattern.value:
            yield finding_of_texts(
                RULE,
                context,
                [pattern],
                "_ in a pattern is any one character",
                help=rf"for an underscore, write \_: '{shortened(escaped)}'",
                rewrite=(r"Write \_", _escaped),
            )


def _escaped(pattern: str) -> str:
    return _ESCAPED_OR_NOT.sub(lambda found: found["escape"] or r"\_", pattern)


RULE = Rule(
    code="underscore-wildcard",
    severity=Severity.WARNING,
    summary="an underscore in a v2 pattern for emails",
    why=r"In v2's LIKE, _ is any one character, as in SQL: 'max_m@%' finds max.m@… and max-m@… too. \_ is "
    "the underscore itself. Patterns such as '_%@%', where _ stands for any character on purpose, are left "
    "alone. In v1, _ is an ordinary character.",
    example="SELECT contact_id, updated_at FROM contact_data WHERE email LIKE 'max_m@%'",
    instead=r"SELECT contact_id, updated_at FROM contact_data WHERE email LIKE 'max\_m@%'",
    check=_check,
    about=(nodes.Like,),
)
