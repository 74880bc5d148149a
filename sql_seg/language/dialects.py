"""Which dialect a text is in."""

from __future__ import annotations

import re

from sql_seg.language.datatypes import Dialect

STATEMENT_WORDS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")
"""The words that start a SQL statement."""

_BLANKS = r"(?>(?u:\s)|--[^\r\n]*|/\*[\s\S]*?\*/)*+"  # a comment, once read, is not read longer
_FIRST_WORD = re.compile(
    rf"{_BLANKS}(?:(?P<star>SELECT{_BLANKS}\*)|(?:{'|'.join(STATEMENT_WORDS)})(?!\w)){_BLANKS}",
    re.IGNORECASE | re.ASCII,
)
_OPERATOR = re.compile(r"[=!<>+\-*/%]|(?:AND|OR|NOT|IN|IS|LIKE|BETWEEN)(?!\w)", re.IGNORECASE | re.ASCII)
_AFTER_STAR = re.compile(r"[,;]|FROM(?!\w)|$", re.IGNORECASE | re.ASCII)


def detect_dialect(text: str) -> Dialect:
    """Return v2 if the text starts as a SQL statement does, else v1.

    The first word after white space and comments decides: SELECT, WITH, INSERT, UPDATE, DELETE,
    CREATE, ALTER or DROP, with no operator behind it (a column may have such a name in v1).
    """
    start = _FIRST_WORD.match(text)
    if start is None:
        return Dialect.V1
    if start["star"]:
        return Dialect.V2 if _AFTER_STAR.match(text, start.end()) else Dialect.V1
    return Dialect.V1 if _OPERATOR.match(text, start.end()) else Dialect.V2
