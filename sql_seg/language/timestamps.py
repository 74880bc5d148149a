"""Moments: their texts in queries, data and options, and the one "now" of an evaluation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:(Z)|([+-])(\d\d):?(\d\d))?)?",
    re.ASCII,
)


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


def write_second(value: datetime) -> str:
    """Return an aware datetime as people are shown it: as ``write_timestamp`` does, to the second."""
    return write_timestamp(value.replace(microsecond=0))


def the_moment(now: datetime | None) -> datetime:
    """Return the instant to evaluate at, in UTC: the one given, or this one.

    Raises ValueError for a naive datetime, which names no instant, and for one outside the years 1 to
    9999 in UTC; TypeError for what is no datetime.
    """
    if now is None:
        return datetime.now(UTC)
    if not isinstance(now, datetime):
        raise TypeError(f"now must be an aware datetime, not {type(now).__name__}")
    if now.utcoffset() is None:
        raise ValueError(f"now must be an aware datetime, such as {now.isoformat()}+00:00")
    try:
        return now.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"now is outside the years 1 to 9999 in UTC: {now.isoformat()}") from None
