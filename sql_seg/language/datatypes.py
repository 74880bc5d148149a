"""The types of the language, and their names in each dialect."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, StrEnum


class Dialect(StrEnum):
    """The two segment languages: v1 is a predicate, v2 a subset of SQL."""

    V1 = "v1"
    V2 = "v2"


class DataType(Enum):
    """The type of a value; the value of a member is its name in v2 and in v1.

    Source: SendGrid's reference for both dialects (names as its messages use them).
    """

    VARCHAR = ("VARCHAR", "STRING")
    NUMBER = ("NUMBER", "NUMBER")
    TIMESTAMP = ("TIMESTAMP", "DATETIME")
    BOOLEAN = ("BOOLEAN", "BOOLEAN")
    ARRAY = ("VARCHAR ARRAY", "ARRAY<STRING>")
    VARIANT = ("VARIANT", "MAP<STRING,STRING>")
    INTERVAL = ("INTERVAL", "INTERVAL")
    NULL = ("NULL", "NULL")
    UNKNOWN = ("UNKNOWN", "UNKNOWN")
    """A column's of which nothing is known but its use."""
    ERROR = ("ERROR", "ERROR")
    """What an error has already been reported of."""

    __hash__ = object.__hash__  # each member is one object; an Enum's own hash takes 3.4 times as long

    def name_in(self, dialect: Dialect) -> str:
        """Return the type's name as people who write ``dialect`` know it."""
        return self.value[0] if dialect is Dialect.V2 else self.value[1]


COMPARABLE = frozenset({DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN})
"""Types with ``=``, ``!=`` and ``IN``."""

ORDERED = frozenset({DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP})
"""Types with ``<``, ``<=``, ``>``, ``>=`` and ``BETWEEN``."""


class TimeUnit(StrEnum):
    """The units of INTERVAL (v1) and TIMESTAMPADD (v2); weeks are v2's alone."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @classmethod
    def read(cls, word: str, dialect: Dialect) -> TimeUnit | None:
        """Return the unit that a word names in a dialect: any case, singular or plural [ours]."""
        name = word.lower().removesuffix("s")
        if name not in cls.__members__.values() or (name == "week" and dialect is Dialect.V1):
            return None
        return cls(name)


DURATIONS = {
    TimeUnit.SECOND: timedelta(seconds=1),
    TimeUnit.MINUTE: timedelta(minutes=1),
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.DAY: timedelta(days=1),
    TimeUnit.WEEK: timedelta(weeks=1),
}
"""The units that are always of one length."""

MONTHS = {TimeUnit.MONTH: 1, TimeUnit.YEAR: 12}
"""The others, by their months."""
