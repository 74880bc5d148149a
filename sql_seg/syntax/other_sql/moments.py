"""Functions of dates and times: moments moved, compared, rounded and read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sql_seg.diagnostics import Safety
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import ascii_upper
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax.other_sql.advice import (
    CONTRARY,
    Advice,
    ForeignCall,
    flipped,
    in_range,
    integer,
    text_value,
    writing,
)

CLOCKS = frozenset(
    "GETDATE SYSDATE SYSDATETIME SYSTIMESTAMP CURRENT_DATE CURDATE TODAY CURRENT_DATETIME CURRENT_TIME "
    "LOCALTIMESTAMP LOCALTIME GETUTCDATE UTC_TIMESTAMP UTC_DATE NOW CURRENT_TIMESTAMP".split()
)
"""Functions of the current time, here and elsewhere."""


_DAYS = frozenset({"CURRENT_DATE", "CURDATE", "TODAY", "UTC_DATE"})
_INTERVAL = re.compile(r"INTERVAL\s*['\"]?([+-]?\s*\d+)['\"]?\s*([A-Za-z]+)", re.IGNORECASE)
_QUOTES = "'\""
_UNITS = {"SQL_TSI_": "", "'": "", '"': ""}
_SHORT = {
    **dict.fromkeys(("SS", "SEC", "SECS"), TimeUnit.SECOND),
    **dict.fromkeys(("MI", "MIN", "MINS"), TimeUnit.MINUTE),
    **dict.fromkeys(("HH", "HR", "HRS"), TimeUnit.HOUR),
    "DD": TimeUnit.DAY,
    **dict.fromkeys(("WK", "WW"), TimeUnit.WEEK),
    **dict.fromkeys(("MM", "MON"), TimeUnit.MONTH),
    **dict.fromkeys(("YY", "YYYY", "YR"), TimeUnit.YEAR),
}
"""Units in short; of one letter there are none, which columns may be called by."""


def clock_advice(name: str, dialect: Dialect) -> Advice | None:
    """Return what to write for a function of the current time; None if it is none from elsewhere."""
    word = ascii_upper(name)
    now = ForeignCall(word, (), dialect).now
    if word not in CLOCKS:
        return None
    if word in _DAYS:
        day = shifted((TimeUnit.DAY, 1), -1, now, dialect)
        hint = (
            f"write {now}: it is this moment; today alone cannot be asked, the last 24 hours can: d > {day}"
        )
        return Advice(hint, now, Safety.UNSAFE)
    return writing(now)


def is_now(text: str) -> bool:
    """Return whether a text is the current time, in any SQL."""
    return ascii_upper(text.strip()).removesuffix("()").removesuffix("(6)") in CLOCKS


def days_moved(clock: str, sign: int, number: str, dialect: Dialect) -> Advice | None:
    """Return what ``CURRENT_DATE - 7`` says; None if that is no clock of any SQL, or the amount too large.

    Of a day, which begins at midnight, it is the moment on that day: nearly the same.
    """
    amount = integer(number)
    if amount is None or not is_now(clock):
        return None
    written = shifted((TimeUnit.DAY, 1), sign * amount, clock, dialect)
    word = ascii_upper(clock.strip()).split("(")[0]
    return writing(written, Safety.UNSAFE if word in _DAYS else Safety.SAFE)


def unit_of(text: str, dialect: Dialect) -> tuple[TimeUnit, int] | None:
    """Return the unit of time that a word means, and how many of it: a quarter is three months."""
    word = text.strip()
    for part in _UNITS:
        word = word.replace(part, "")
    if ascii_upper(word) in ("QUARTER", "QUARTERS", "QQ", "QTR"):
        return TimeUnit.MONTH, 3
    unit = _SHORT.get(ascii_upper(word)) or TimeUnit.read(word, Dialect.V2)
    if unit is TimeUnit.WEEK and dialect is Dialect.V1:
        return TimeUnit.DAY, 7
    return None if unit is None else (unit, 1)


def shifted(unit: tuple[TimeUnit, int], amount: int, moment: str, dialect: Dialect) -> str:
    """Return a moment that is moved by an amount of time, as a dialect writes it."""
    word, times = unit
    amount *= times
    if is_now(moment):
        moment = ForeignCall("", (), dialect).now
    if dialect is Dialect.V2:
        return f"TIMESTAMPADD({word}, {amount}, {moment})"
    if moment.startswith("'"):
        moment = f"TIMESTAMP {moment}"
    return f"{moment} {'-' if amount < 0 else '+'} INTERVAL {abs(amount)} {word.upper()}"


def added(sign: int) -> Callable[[ForeignCall], Advice | None]:
    """Return the entry of DATEADD, DATE_ADD and DATE_SUB in their many orders."""

    def entry(call: ForeignCall) -> Advice | None:
        found = None
        match list(call.arguments):
            case [word, amount, moment]:
                unit, number = unit_of(word, call.dialect), integer(amount)
                if unit is not None and number is not None:
                    found = unit, number, moment
            case [moment, amount] if interval := _INTERVAL.fullmatch(amount):
                unit = unit_of(interval[2], call.dialect)
                found = (unit, int(interval[1].replace(" ", "")), moment) if unit else None
            case [moment, amount]:
                number = integer(amount)
                unit = (TimeUnit.MONTH if call.name == "ADD_MONTHS" else TimeUnit.DAY, 1)
                if number is not None:
                    found = unit, number, moment
        if found is None:
            example = shifted((TimeUnit.DAY, 1), -30, "NOW()", call.dialect)
            return Advice(f"write {example}")
        return writing(shifted(found[0], sign * found[1], found[2], call.dialect))

    return entry


def difference(call: ForeignCall) -> Advice | None:
    """Return what ``DATEDIFF(…) > 30`` asks for: the one moment against the other, moved."""
    arguments = list(call.arguments)
    word = next((a for a in arguments if unit_of(a, call.dialect)), "day")
    if call.name == "MONTHS_BETWEEN":
        word = "month"
    unit = unit_of(word, call.dialect) or (TimeUnit.DAY, 1)
    unit_first = bool(arguments) and arguments[0] == word
    moments = [a for a in arguments if a != word]
    amount = integer(call.other)
    if len(moments) != 2 or amount is None or call.operator not in CONTRARY:
        column = next((m for m in moments if not is_now(m)), "d")
        written = shifted(unit, -30, "NOW()", call.dialect)
        return Advice(f"compare the moment itself: {column} < {written}")
    start, end = moments if unit_first else moments[::-1]
    if is_now(end):
        ends = [shifted(unit, -(amount + more), end, call.dialect) for more in (0, 1)]
        subject, operator = start, flipped(call.operator)
        low, high = ends[1], ends[0]
    else:
        ends = [shifted(unit, amount + more, start, call.dialect) for more in (0, 1)]
        subject, operator = end, call.operator
        low, high = ends[0], ends[1]
    if operator in ("=", "!=", "<>"):
        written = in_range(subject, operator, low, high)
    else:
        written = f"{subject} {operator} {ends[0]}"
    return Advice(f"compare the moment itself: {written}", written, Safety.UNSAFE, is_condition=True)


def part(call: ForeignCall) -> Advice | None:
    """Return the range that a part of a date asks for, if it is a year."""
    arguments = list(call.arguments)
    word = call.name
    if call.name in ("EXTRACT", "DATE_PART", "DATEPART", "DATE_TRUNC") and len(arguments) == 2:
        word, subject = arguments
        word = ascii_upper(word.strip("'\""))
    else:
        subject = next(iter(arguments), "d")
    year = integer(call.other)
    if word in ("YEAR", "YYYY") and year is not None and 1 <= year < 9999 and call.operator in CONTRARY:
        return _range(call, subject, f"{year:04}-01-01", f"{year + 1:04}-01-01")
    low, high = call.moment("2026-01-01"), call.moment("2026-02-01")
    return Advice(
        f"a part of a date cannot be asked for, a range can: {subject} >= {low} AND {subject} < {high}"
    )


def _range(call: ForeignCall, subject: str, first: str, after: str) -> Advice:
    """Return the advice to ask for the range of moments that a comparison of a rounded moment holds."""
    written = in_range(subject, call.operator, call.moment(first), call.moment(after))
    return Advice(f"ask for a range: {written}", written, is_condition=True)


def literal_moment(call: ForeignCall) -> Advice | None:
    """Return the moment that TO_DATE('…'), DATE('…') and their like name."""
    for argument in call.arguments:
        text = text_value(argument, call.dialect)
        if text is not None and read_timestamp(text) is not None:
            return Advice(f"write {call.moment(text)} alone", call.moment(text))
    if any(text_value(argument, call.dialect) is not None for argument in call.arguments):
        return Advice(f"write the moment alone, as {call.moment('2026-01-31')}")
    numbers = [integer(argument) for argument in call.arguments]
    if len(numbers) == 1 and numbers[0] is not None:
        return _of_seconds(call, numbers[0])
    if len(numbers) == 3 and None not in numbers:
        text = "-".join(f"{number:02}" for number in numbers if number is not None)
        if read_timestamp(text):
            return Advice(f"write {call.moment(text)}", call.moment(text))
    return None


def _of_seconds(call: ForeignCall, seconds: int) -> Advice | None:
    try:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    text = call.moment(instant.replace(tzinfo=None).isoformat() + "Z")
    return writing(text)


def rounded(call: ForeignCall) -> Advice | None:
    """Return the range that DATE(d) = '…' and DATE_TRUNC('month', d) = '…' ask for."""
    arguments = [argument for argument in call.arguments if unit_of(argument, Dialect.V2) is None]
    if len(arguments) != 1:
        return None
    (subject,) = arguments
    word = next((a for a in call.arguments if unit_of(a, Dialect.V2) is not None), "day")
    literal = re.sub(r"(?i)^(timestamp|date)\s*(?=')", "", call.other)
    text = text_value(literal, call.dialect)
    day = read_timestamp(text) if text is not None and len(text) == 10 else None
    if is_now(call.other) or rounded_now(call.other):
        unit = unit_of(word, call.dialect) or (TimeUnit.DAY, 1)
        recent = shifted(unit, -1, "NOW()", call.dialect)
        period = word.strip(_QUOTES).lower()
        return Advice(
            f"the {period} that it is now cannot be asked for, the last one can: {subject} > {recent}"
        )
    if day is None or call.operator not in CONTRARY:
        return Advice(
            f"leave it out: a moment is compared as it is, as {subject} >= {call.moment('2026-01-31')}"
        )
    first, after = _period(day, unit_of(word, Dialect.V2) or (TimeUnit.DAY, 1))
    if first != day or after is None:
        return Advice(f"ask for a range: {subject} >= {call.moment('2026-01-01')}")
    return _range(call, subject, f"{first:%Y-%m-%d}", f"{after:%Y-%m-%d}")


def rounded_now(text: str) -> bool:
    """Return whether a text is the current time, rounded: ``DATE(NOW())``."""
    inside = re.fullmatch(r"\w+\((?:\s*'?\w+'?\s*,)?\s*(\w+(?:\(\))?)\s*(?:,\s*'?\w+'?\s*)?\)", text.strip())
    return inside is not None and is_now(inside[1])


def _period(day: datetime, unit: tuple[TimeUnit, int]) -> tuple[datetime | None, datetime | None]:
    """Return the first day of the period that a day lies in, and the first one behind it."""
    word, times = unit
    try:
        if word is TimeUnit.YEAR:
            return day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)
        if word is TimeUnit.MONTH:
            month = (day.month - 1) // times * times
            first = day.replace(month=month + 1, day=1)
            after = (first + timedelta(days=31 * times)).replace(day=1)
            return first, after
        if word is TimeUnit.WEEK:
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=7)
        if word is TimeUnit.DAY:
            return day, day + timedelta(days=1)
    except (ValueError, OverflowError):
        pass
    return None, None


def seconds(call: ForeignCall) -> Advice | None:
    """Return what UNIX_TIMESTAMP(d) > 1700000000 asks for."""
    number = integer(call.other)
    if len(call.arguments) == 1 and number is not None and call.operator in CONTRARY:
        moment = _of_seconds(call, number)
        if moment is not None:
            return writing(f"{call.arguments[0]} {call.operator} {moment.written}", is_condition=True)
    if not call.arguments:
        return Advice(f"write {call.now}, beside a timestamp")
    return Advice(f"compare the moment itself: {call.arguments[0]} >= {call.moment('2026-01-31')}")


def written_moment(call: ForeignCall) -> Advice | None:
    """Answer TO_CHAR(d, …) and its like: a moment is compared, not written."""
    subject = next((a for a in call.arguments if text_value(a, call.dialect) is None), "d")
    low, high = call.moment("2026-01-01"), call.moment("2026-02-01")
    return Advice(f"a moment is compared as it is: {subject} >= {low} AND {subject} < {high}")
