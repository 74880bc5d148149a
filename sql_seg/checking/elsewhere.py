"""What people write elsewhere: the functions of other languages, and how to say here what they say."""

from __future__ import annotations

import re

from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import ascii_upper, is_bare_name

AGGREGATES = frozenset(
    "COUNT MIN SUM AVG MEDIAN STDDEV VARIANCE ANY_VALUE LISTAGG ARRAY_AGG STRING_AGG GROUP_CONCAT".split()
)
"""Aggregates that people know from elsewhere; MAX is the one that there is."""

_OTHER_NAMES = {
    "DATEADD": "TIMESTAMPADD(unit, number, timestamp)",
    "DATE_ADD": "TIMESTAMPADD(unit, number, timestamp)",
    "DATE_SUB": "TIMESTAMPADD(unit, -number, timestamp)",
    "GETDATE": "CURRENT_TIMESTAMP",
    "SYSDATE": "CURRENT_TIMESTAMP",
    "CURRENT_DATE": "CURRENT_TIMESTAMP",
    "LEN": "LENGTH(text)",
    "CHAR_LENGTH": "LENGTH(text)",
    "LCASE": "LOWER(text)",
    "UCASE": "UPPER(text)",
}
"""Functions that people know from elsewhere, and what says it in v2."""

_V1_ADVICE = {
    "ARRAY_CONTAINS": "write CONTAINS(array, 'a') OR CONTAINS(array, 'b')",
    "TIMESTAMPADD": "write NOW() - INTERVAL 30 DAY",
    "UPPER": "write LOWER(text), beside a text in lower case",
    "MAX": "a v1 predicate is judged for each event: ask for event_timestamp directly",
}
"""Functions of v2, and what says it in v1."""

_PATTERNS = {
    "STARTS_WITH": "{}%",
    "STARTSWITH": "{}%",
    "ENDS_WITH": "%{}",
    "ENDSWITH": "%{}",
    "CONTAINS_SUBSTR": "%{}%",
}
"""Functions that look into a text, and the pattern of LIKE that does."""

_DEFAULTS = frozenset({"COALESCE", "IFNULL", "ISNULL", "NVL"})
"""Functions that take another value where there is none."""

_PLAIN_TEXT = re.compile(r"'([^'%_\\]+)'")
"""A string that means itself as a part of a LIKE pattern."""


def translation(name: str, arguments: list[str], dialect: Dialect) -> str | None:
    """Return a call of the other dialect as this one writes it, where it means the same."""
    match dialect, name, arguments:
        case Dialect.V2, "CONTAINS", [array, value] if array.lower() != "event_data":
            return f"ARRAY_CONTAINS({array}, {value})"
        case Dialect.V1, "ARRAY_CONTAINS", [array, value] if not value.startswith("["):
            return f"CONTAINS({array}, {value})"
        case Dialect.V1, "TIMESTAMPADD", [unit, amount, moment]:
            return _interval_sum(unit, amount, moment)
        case Dialect.V1, "CURRENT_TIMESTAMP", []:
            return "NOW()"
    return None


def _interval_sum(unit: str, amount: str, moment: str) -> str | None:
    """Return v2's TIMESTAMPADD as v1 writes it, if its arguments are as plain as they mostly are."""
    known = TimeUnit.read(unit, Dialect.V2)
    digits = amount.removeprefix("-").removeprefix("+").strip()
    if known is None or not (digits.isascii() and digits.isdecimal()):
        return None
    days = known is TimeUnit.WEEK
    count, word = (int(digits) * 7, TimeUnit.DAY) if days else (int(digits), known)
    if ascii_upper(moment).removesuffix("()") in ("CURRENT_TIMESTAMP", "NOW"):
        moment = "NOW()"
    elif moment.startswith("'"):
        moment = f"TIMESTAMP {moment}"
    elif not is_bare_name(moment, Dialect.V1):
        return None
    return f"{moment} {'-' if amount.startswith('-') else '+'} INTERVAL {count} {word.upper()}"


def advice(name: str, arguments: list[str], dialect: Dialect) -> str:
    """Return how to say what a call says whose function this dialect does not have; empty if not known."""
    match arguments:
        case [text, part] if name in _PATTERNS and (plain := _PLAIN_TEXT.fullmatch(part)):
            return f"write {text} LIKE '{_PATTERNS[name].format(plain[1])}'"
        case [value, other] if name in _DEFAULTS:
            return f"to take {other} where there is none, write ({value} = {other} OR {value} IS NULL)"
    if name in _DEFAULTS:
        return "write the cases as conditions: x = … OR x IS NULL"
    if dialect is Dialect.V2:
        return f"write {_OTHER_NAMES[name]}" if name in _OTHER_NAMES else ""
    return _V1_ADVICE.get(name, "")
