"""Literals and names, read and written side by side, in each dialect."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone

from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import STATEMENT_WORDS

RESERVED: dict[Dialect, frozenset[str]] = {
    Dialect.V1: frozenset("AND OR NOT IN IS LIKE BETWEEN NULL TRUE FALSE".split()),
    Dialect.V2: frozenset(
        "SELECT DISTINCT FROM JOIN INNER LEFT RIGHT FULL OUTER CROSS NATURAL ON USING AS WHERE GROUP BY "
        "HAVING ORDER LIMIT UNION EXCEPT INTERSECT AND OR NOT IN IS LIKE ILIKE BETWEEN EXISTS CASE WHEN "
        "NULL TRUE FALSE".split()
    ),
}
"""Words that are names only inside delimiters (the grammar's keywords; a test holds them equal)."""

CURRENT_TIMESTAMP = "CURRENT_TIMESTAMP"
"""v2's one function that needs no parentheses, so a column of this name needs delimiters."""

LARGEST_EXACT_INTEGER = 2**53
"""Numbers are IEEE doubles; integers beyond this are not all exact."""

LARGEST_AMOUNT = LARGEST_EXACT_INTEGER - 1
"""The most units of time that a moment is moved by, either way."""

AMOUNT_BOUND = f"an amount of time is at most {LARGEST_AMOUNT}, either way"
"""What is said of an amount past the bound."""

_BARE_NAME = re.compile(r"[^\W\d]\w*")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d):?(\d\d))?)?",
    re.ASCII,
)


def is_bare_name(name: str, dialect: Dialect) -> bool:
    """Return whether a name can stand without delimiters."""
    return bool(_BARE_NAME.fullmatch(name)) and ascii_upper(name) not in RESERVED[dialect]


def write_name(name: str, dialect: Dialect) -> str:
    """Return a name as text, in delimiters where it needs them.

    A word that starts a SQL statement is delimited in v1, whose text would else read as v2.

    Raises ValueError where the dialect has no way to write it: v1's backticks cannot hold a
    backtick, and v2's delimiters (double quotes or backticks) cannot hold themselves.
    """
    if is_bare_name(name, dialect) and not (dialect is Dialect.V1 and ascii_upper(name) in STATEMENT_WORDS):
        return name
    if not name:
        raise ValueError("a name cannot be empty")
    if dialect is Dialect.V2 and '"' not in name:
        return f'"{name}"'
    if "`" not in name:
        return f"`{name}`"
    raise ValueError(f"no {dialect} text can hold the name {name!r}: its delimiters occur in it")


def write_qualified_name(name: str, table: str | None, dialect: Dialect) -> str:
    """Return a column's name with the table it is qualified by, if any."""
    if table is None:
        if dialect is Dialect.V2 and ascii_upper(name) == CURRENT_TIMESTAMP:
            return f'"{name}"'
        return write_name(name, dialect)
    return f"{write_name(table, dialect)}.{write_name(name, dialect)}"


def read_delimited_name(token: str) -> str:
    """Return the name inside its delimiters."""
    return token[1:-1]


def read_number(token: str) -> int | float:
    """Return the value of a decimal literal; ``inf`` where it is no finite double."""
    if "." not in token and len(token) <= 15:
        return int(token)
    value = float(token)
    if "." not in token and value <= LARGEST_EXACT_INTEGER:
        return int(value)
    return value


def write_number(value: int | float) -> str:
    """Return a number without a sign or an exponent."""
    if isinstance(value, int):
        return str(value)
    from decimal import Decimal

    return format(Decimal(repr(value)), "f")


def is_number(value: object) -> bool:
    """Return whether a value can stand as a number: an int or float that is a finite double, but no bool."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def read_timestamp(text: str) -> datetime | None:
    """Return the instant, in UTC to the microsecond, that a text names, or None.

    The one form: ``YYYY-MM-DD``, then optionally ``T`` or a space and ``HH:MM[:SS[.f…]]``, then
    optionally ``Z`` or ``±HH[:]MM``; no offset means UTC, and digits past six are dropped. None too
    for days that do not exist and for instants outside the years 1 to 9999.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, hours, minutes = match.groups()
    zone = UTC
    if sign:
        if int(hours) > 23 or int(minutes) > 59:
            return None
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-offset if sign == "-" else offset)
    try:
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")),
            tzinfo=zone,
        )
        return local.astimezone(UTC) if sign else local
    except (ValueError, OverflowError):
        return None


def write_timestamp(value: datetime) -> str:
    """Return an aware datetime as text: UTC, with ``Z``, and microseconds only where it has some."""
    utc = value.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat() + "Z"


def ascii_upper(word: str) -> str:
    """Return a word in upper case if it is ASCII: no other letter makes a keyword."""
    return word.upper() if word.isascii() else word
