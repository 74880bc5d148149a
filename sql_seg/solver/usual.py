"""What people take for a value where nothing much is asked of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sql_seg.language.datatypes import DataType

_TEXTS = {
    "contact_id": ["contact-1"],
    "email": ["ada@example.com", "grace@example.org"],
    "first_name": ["Ada", "Grace"],
    "last_name": ["Byron", "Hopper"],
    "city": ["Oslo", "Lima"],
    "country": ["NO", "PE", "US"],
    "postal_code": ["0150", "15001"],
    "state_province_region": ["Oslo", "Lima"],
    "event_type": ["open", "click", "processed", "delivered", "bounce", "unsubscribe"],
    "event_source": ["mail", "other"],
    "phone_number": ["+4722000000"],
}


def usual_texts(name: str) -> list[str]:
    """Return usual texts of a column."""
    return _TEXTS.get(name, ["a", "b"])


def usual_value(name: str, data_type: DataType, now: datetime) -> Any:
    """Return the usual value of a column of a type."""
    if data_type is DataType.VARCHAR:
        return usual_texts(name)[0]
    if data_type is DataType.NUMBER:
        return 1
    if data_type is DataType.TIMESTAMP:
        return _day_before(now)
    return True


def fillers(name: str, spelled: str) -> tuple[str, ...]:
    """Return texts that look well where a pattern, which spells some characters, takes any."""
    if name != "email":
        return ("", "a")
    return ("ada", "a") if "@" in spelled else ("ada@", "ada@example.")


def _day_before(now: datetime) -> datetime:
    try:
        return (now - timedelta(days=1)).replace(microsecond=0)
    except OverflowError:
        return now
