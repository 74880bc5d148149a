"""Functions of values that are not NULL; None is a result that does not exist.

A timestamp outside the years 1 to 9999 is NULL.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sql_seg.language.datatypes import DURATIONS, MONTHS, TimeUnit
from sql_seg.language.literals import is_number


def instant(moment: datetime) -> datetime:
    """Return a timestamp in UTC, where Python compares it as the instant it is.

    It compares two of one zone by their clocks, and one from an hour that a clock shows twice equals none
    of another zone.
    """
    if moment.tzinfo is UTC:
        return moment
    _must_have_zone(moment)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment


def _must_have_zone(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise TypeError("a timestamp has a time zone")


def shift(moment: datetime, unit: TimeUnit, amount: int) -> datetime | None:
    """Return a timestamp moved by ``amount`` units, in UTC; months clamp to the last day."""
    _must_have_zone(moment)
    try:
        utc = moment.astimezone(UTC)
        if unit in DURATIONS:
            return utc + DURATIONS[unit] * amount
        months = utc.year * 12 + utc.month - 1 + MONTHS[unit] * amount
        year, month = divmod(months, 12)
        last_day = monthrange(year, month + 1)[1]
        return utc.replace(year=year, month=month + 1, day=min(utc.day, last_day))
    except (OverflowError, ValueError):
        return None


def read_key(data: Any, key: str) -> str | None:
    """Return the text under a key of v1's flat event map: the payload's own keys, then its unique_args."""
    payload = data.get("payload") if isinstance(data, Mapping) else None
    if not isinstance(payload, Mapping):
        return None
    own = _as_text(payload.get(key))
    arguments = payload.get("unique_args")
    if own is not None or not isinstance(arguments, Mapping):
        return own
    return _as_text(arguments.get(key))


def has_key(data: Any, key: str) -> bool:
    """Return whether v1's flat event map has a key."""
    return read_key(data, key) is not None


def _as_text(value: Any) -> str | None:
    """Return a scalar as the map's text: texts as they are, numbers and booleans as JSON writes them."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool) or is_number(value) else None
