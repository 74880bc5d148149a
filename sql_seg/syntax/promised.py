"""Whether a text that a fix writes holds what SendGrid does not promise: such a fix is no safe one."""

from __future__ import annotations

import re
from functools import cache

from sql_seg.diagnostics import Safety
from sql_seg.language.datatypes import Dialect
from sql_seg.language.functions import FUNCTIONS
from sql_seg.provenance import Provenance

_PROMISED = (Provenance.DOCUMENTED, Provenance.ANSWERED, Provenance.SEEN)
_BACKSLASH_IN_PATTERN = re.compile(r"\bLIKE\s+'(?:[^'\\]|'')*\\", re.IGNORECASE)
"""A pattern with a backslash, which only Snowflake says is nothing special there."""

_STRING = re.compile(r"'(?:[^'\\]|''|\\[\s\S])*'")


def safety_of_writing(written: str, replaced: str, dialect: Dialect, safety: Safety = Safety.SAFE) -> Safety:
    """Return how safe it is to write a text in place of another.

    It is as safe as it is said to be, unless the text holds more than the other did of what Snowflake's
    documentation or this library alone gives a meaning.
    """
    return Safety.UNSAFE if _unpromised(written, dialect) > _unpromised(replaced, dialect) else safety


def _unpromised(text: str, dialect: Dialect) -> int:
    patterns = len(_BACKSLASH_IN_PATTERN.findall(text)) if dialect is Dialect.V2 else text.count("%%%")
    return patterns + len(_constructs(dialect).findall(_STRING.sub("''", text)))


@cache
def _constructs(dialect: Dialect) -> re.Pattern[str]:
    """Return what finds the functions and forms of a dialect that are not promised."""
    names = [
        name
        for name, function in FUNCTIONS.items()
        if dialect in function.provenance and function.provenance[dialect] not in _PROMISED
    ]
    forms = [rf"\b(?:{'|'.join(names)})\s*\("] if names else []
    if dialect is Dialect.V2:
        forms += [r"\bTIMESTAMP\s*'", r"\bUSING\b", "`"]
    return re.compile("|".join(["<>", *forms]), re.IGNORECASE)
