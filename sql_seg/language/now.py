"""The one "now" of an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime


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
