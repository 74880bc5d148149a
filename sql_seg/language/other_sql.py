"""What people write who come from other SQL, and how a segment says it: calls, alone or in a comparison.

MySQL, PostgreSQL, BigQuery, Snowflake, Redshift and SQL Server have hundreds of functions that segments do not
have. Most ask for something that a segment can ask for in another way. Where that is the same question in
other words, what to write is a *safe* fix; where it is only nearly the same (a day that begins at midnight),
an unsafe one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.diagnostics import Safety
from sql_seg.language.literals import ascii_upper, is_bare_name, read_string, read_timestamp, write_string


class Advice(NamedTuple):
    """What to write instead: in words, and, where it is known, as a text in place of the whole.

    ``is_condition`` says that ``written`` is a condition, which stands in parentheses among operands.
    """

    help: str
    written: str = ""
    safety: Safety = Safety.SAFE
    is_condition: bool = False


class ForeignCall(NamedTuple):
    """A call of a function that there is not, by its texts; perhaps with what it is compared with.

    The operator is turned so that the call stands on its left.
    """

    name: str
    arguments: Sequence[str]
    dialect: Dialect
    operator: str = ""
    other: str = ""

    @property
    def now(self) -> str:
        """The current time."""
        return "CURRENT_TIMESTAMP" if self.dialect is Dialect.V2 else "NOW()"

    def moment(self, text: str) -> str:
        """Return a literal of a moment."""
        return f"'{text}'" if self.dialect is Dialect.V2 else f"TIMESTAMP '{text}'"


AGGREGATES = frozenset(
    "COUNT MIN SUM AVG MEDIAN STDDEV VARIANCE ANY_VALUE LISTAGG ARRAY_AGG STRING_AGG GROUP_CONCAT".split()
)
"""Aggregates that people know from elsewhere; MAX is the one that there is."""

CLOCKS = frozenset(
    "GETDATE SYSDATE SYSDATETIME SYSTIMESTAMP CURRENT_DATE CURDATE TODAY CURRENT_DATETIME CURRENT_TIME "
    "LOCALTIMESTAMP LOCALTIME GETUTCDATE UTC_TIMESTAMP UTC_DATE NOW CURRENT_TIMESTAMP".split()
)
"""Functions of the current time, here and elsewhere."""

_DAYS = frozenset({"CURRENT_DATE", "CURDATE", "TODAY", "UTC_DATE"})
_CONTRARY = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "<>": "!="}
"""Comparisons with their sides exchanged."""
_UNITS = {"SQL_TSI_": "", "'": "", '"': ""}
_INTEGER = re.compile(r"[+-]?\s*\d+")
_PLAIN_REGEX = re.compile(r"(\^?)(?:\.\*)?((?:[\w@ \-]|\\\.)+)(?:\.\*)?(\$?)")
_PATH = re.compile(r"\$?\.?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_CASTS = frozenset(
    "CONVERT TRY_CONVERT TRY_CAST SAFE_CAST TO_NUMBER TO_DECIMAL TO_NUMERIC TO_DOUBLE TO_VARCHAR TO_VARIANT TO_JSON "
    "PARSE_JSON STR INT INTEGER FLOAT DOUBLE STRING TEXT VARCHAR CHAR TO_ARRAY TO_BOOLEAN JSON_UNQUOTE".split()
)
CAST_HELP = "leave it out: columns have their types, and a VARIANT takes the type of what stands beside it"


def flipped(operator: str) -> str:
    """Return a comparison as it reads with its sides exchanged."""
    return _CONTRARY.get(operator, operator)


def advice(call: ForeignCall) -> Advice | None:
    """Return what to write instead of a call, or of the comparison that it stands in; None if not known."""
    return next(filter(None, (entry(call) for entry in _FAMILIES.get(call.name, ()))), None)


def clock_advice(name: str, dialect: Dialect) -> Advice | None:
    """Return what to write for a function of the current time; None if it is none from elsewhere."""
    word = ascii_upper(name)
    now = ForeignCall(word, (), dialect).now
    if word not in CLOCKS:
        return None
    if word in _DAYS:
        hint = f"write {now}: it is this moment; of the day alone there is no function"
        return Advice(hint, now, Safety.UNSAFE)
    return Advice(f"write {now}", now)


# texts


def text_value(argument: str, dialect: Dialect) -> str | None:
    """Return the value of an argument that is a text in quotes."""
    quotes = "'" if dialect is Dialect.V2 else "'\""
    if len(argument) < 2 or argument[0] not in quotes or argument[-1] != argument[0]:
        return None
    return read_string(argument, dialect)


def pattern(text: str, dialect: Dialect, form: str = "{}") -> str | None:
    """Return the pattern of LIKE that looks for a text as it is, in quotes; None where there is none."""
    if dialect is Dialect.V1:
        text = text.replace("%", "%%")
    elif "%" in text or "_" in text:
        return None
    return write_string(form.format(text), dialect)


def like(subject: str, text: str, form: str, dialect: Dialect, *, negated: bool = False) -> Advice:
    """Return the advice to write LIKE with a text as it is in a pattern."""
    written = pattern(text, dialect, form)
    if written is None:
        return Advice("LIKE has no escape character: a % or _ that means itself cannot be asked for")
    condition = f"{subject} {'NOT ' * negated}LIKE {written}"
    return Advice(f"write {condition}", condition, is_condition=True)


def regular_expression(subject: str, text: str, dialect: Dialect, *, negated: bool = False) -> Advice:
    """Return what a regular expression says as LIKE, if it is a simple one."""
    found = _PLAIN_REGEX.fullmatch(text)
    if found is None:
        return Advice(f"there are no regular expressions: write {subject} LIKE '%…%', joined by OR")
    start, word, end = found.groups()
    form = f"{'' if start else '%'}{{}}{'' if end else '%'}"
    return like(subject, word.replace("\\.", "."), form, dialect, negated=negated)


def _looks_into(form: str) -> Callable[[ForeignCall], Advice | None]:
    def entry(call: ForeignCall) -> Advice | None:
        match call.arguments:
            case [subject, part] if (text := text_value(part, call.dialect)) is not None:
                return like(subject, text, form, call.dialect)
            case [subject, *_]:
                return Advice(f"write {subject} LIKE '{form.format('…')}'")
        return None

    return entry


def _regex(call: ForeignCall) -> Advice | None:
    match call.arguments:
        case [subject, part] if (text := text_value(part, call.dialect)) is not None:
            return regular_expression(subject, text, call.dialect)
        case [subject, *_]:
            return Advice(f"there are no regular expressions: write {subject} LIKE '%…%'")
    return None


def _position(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 2:
        return None
    texts = [text_value(argument, call.dialect) for argument in call.arguments]
    part, subject = (texts[0], call.arguments[1]) if texts[0] is not None else (texts[1], call.arguments[0])
    if part is None:
        return Advice(f"write {subject} LIKE '%…%'")
    asked = call.operator, call.other
    if asked in ((">", "0"), (">=", "1"), ("!=", "0"), ("<>", "0")):
        return like(subject, part, "%{}%", call.dialect)
    if asked in (("=", "0"), ("<", "1"), ("<=", "0")):
        return like(subject, part, "%{}%", call.dialect, negated=True)
    if asked == ("=", "1"):
        return like(subject, part, "{}%", call.dialect)
    return Advice(like(subject, part, "%{}%", call.dialect).help)


def _end(form: str) -> Callable[[ForeignCall], Advice | None]:
    """Return the entry of LEFT, RIGHT and of SUBSTRING from the first character on."""

    def entry(call: ForeignCall) -> Advice | None:
        subject, *rest = call.arguments or ("x",)
        text = text_value(call.other, call.dialect)
        at_start = form != "{}%" or len(rest) == 1 or (len(rest) == 2 and rest[0] in ("0", "1"))
        if text is None or not at_start or call.operator not in ("=", "!=", "<>"):
            return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '{form.format('…')}'")
        if rest and rest[-1] == str(len(text)) and (len(rest) == 2 or call.name in ("LEFT", "RIGHT")):
            return like(subject, text, form, call.dialect, negated=call.operator != "=")
        return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '{form.format('…')}'")

    return entry


def _split(call: ForeignCall) -> Advice | None:
    subject, *rest = call.arguments or ("x",)
    text, sign = text_value(call.other, call.dialect), text_value(rest[0], call.dialect) if rest else None
    if text is None or not sign or call.operator != "=" or len(rest) != 2:
        return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '%…%'")
    form = f"{{}}{sign}%" if rest[1] == "1" else f"%{sign}{{}}"
    found = like(subject, text, form, call.dialect)
    return found._replace(safety=Safety.UNSAFE)


def _as_it_is(call: ForeignCall) -> Advice | None:
    subject = next(iter(call.arguments), "x")
    return Advice(f"texts are compared as they are: write {subject} alone, or {subject} LIKE '%…%'")


def _joined(call: ForeignCall) -> Advice | None:
    if len(call.arguments) < 3:
        return None
    sign, *parts = call.arguments
    if call.dialect is Dialect.V2:
        inner = [f"{sign}, {part}" for part in parts[1:]]
        written = f"CONCAT({', '.join([parts[0], *inner])})"
    else:
        written = f" + {sign} + ".join(parts)
    return Advice(f"write {written}", written, Safety.UNSAFE)


# NULL


def _default(call: ForeignCall) -> Advice | None:
    match call.arguments:
        case [value] if call.name in ("ISNULL", "IS_NULL"):
            return Advice(f"write {value} IS NULL", f"{value} IS NULL", is_condition=True)
        case [value, other]:
            return _two_cases(call, value, other)
    return Advice("write the cases as conditions: x = … OR x IS NULL")


def _two_cases(call: ForeignCall, value: str, other: str) -> Advice:
    """Return what ``COALESCE(value, other) = …`` says, where both are literals."""
    taken = _holds(call, other)
    if taken is None:
        return Advice(f"to take {other} where there is none, write ({value} = {other} OR {value} IS NULL)")
    condition = f"{value} {call.operator} {call.other}"
    if not taken:
        return Advice(f"write {condition}: where there is no value, it is not TRUE", condition, is_condition=True)
    written = f"({condition} OR {value} IS NULL)"
    return Advice(f"write {written}", written, is_condition=True)


def _holds(call: ForeignCall, literal: str) -> bool | None:
    """Return whether a literal fulfils the comparison; None where that is not known."""
    one, two = text_value(literal, call.dialect), text_value(call.other, call.dialect)
    if one is None or two is None:
        try:
            first, second = float(literal), float(call.other)
        except ValueError:
            return None
        return _compare(first, call.operator, second)
    return _compare(one, call.operator, two)


def _compare(one: str | float, operator: str, two: str | float) -> bool | None:
    if operator in ("=", "!=", "<>"):
        return (one == two) == (operator == "=")
    if isinstance(one, str) or isinstance(two, str):
        return None
    return {"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}.get(operator)


def _null_if(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 2:
        return None
    value, other = call.arguments
    return Advice(f"write the two cases: ({value} = {other} OR {value} IS NULL)")


def _cases(_: ForeignCall) -> Advice | None:
    return Advice("write the cases as conditions, with AND and OR")


# moments


def is_now(text: str) -> bool:
    """Return whether a text is the current time, in any SQL."""
    return ascii_upper(text.strip()).removesuffix("()").removesuffix("(6)") in CLOCKS


def unit_of(text: str, dialect: Dialect) -> tuple[TimeUnit, int] | None:
    """Return the unit of time that a word means, and how many of it: a quarter is three months."""
    word = text.strip()
    for part in _UNITS:
        word = word.replace(part, "")
    if ascii_upper(word) in ("QUARTER", "QUARTERS"):
        return TimeUnit.MONTH, 3
    unit = TimeUnit.read(word, Dialect.V2)
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


def _integer(text: str) -> int | None:
    return int(re.sub(r"\s", "", text)) if _INTEGER.fullmatch(text) else None


def _added(sign: int) -> Callable[[ForeignCall], Advice | None]:
    """Return the entry of DATEADD, DATE_ADD and DATE_SUB in their many orders."""

    def entry(call: ForeignCall) -> Advice | None:
        found = None
        match list(call.arguments):
            case [word, amount, moment]:
                unit, number = unit_of(word, call.dialect), _integer(amount)
                if unit is not None and number is not None:
                    found = unit, number, moment
            case [moment, amount]:
                number = _integer(amount)
                unit = (TimeUnit.MONTH if call.name == "ADD_MONTHS" else TimeUnit.DAY, 1)
                if number is not None:
                    found = unit, number, moment
        if found is None:
            example = shifted((TimeUnit.DAY, 1), -30, "NOW()", call.dialect)
            return Advice(f"write {example}")
        written = shifted(found[0], sign * found[1], found[2], call.dialect)
        return Advice(f"write {written}", written)

    return entry


def _difference(call: ForeignCall) -> Advice | None:
    """Return what ``DATEDIFF(…) > 30`` asks for: the one moment against the other, moved."""
    arguments = list(call.arguments)
    word = next((a for a in arguments if unit_of(a, call.dialect)), "day")
    if call.name == "MONTHS_BETWEEN":
        word = "month"
    unit = unit_of(word, call.dialect) or (TimeUnit.DAY, 1)
    unit_first = bool(arguments) and arguments[0] == word
    moments = [a for a in arguments if a != word]
    amount = _integer(call.other)
    if len(moments) != 2 or amount is None or call.operator not in _CONTRARY:
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
    if operator == "=":
        written = f"{subject} >= {low} AND {subject} < {high}"
    elif operator in ("!=", "<>"):
        written = f"({subject} < {low} OR {subject} >= {high})"
    else:
        written = f"{subject} {operator} {ends[0]}"
    return Advice(f"compare the moment itself: {written}", written, Safety.UNSAFE, is_condition=True)


def _part(call: ForeignCall) -> Advice | None:
    """Return the range that a part of a date asks for, if it is a year."""
    arguments = list(call.arguments)
    word = call.name
    if call.name in ("EXTRACT", "DATE_PART", "DATEPART", "DATE_TRUNC") and len(arguments) == 2:
        word, subject = arguments
        word = ascii_upper(word.strip("'\""))
    else:
        subject = next(iter(arguments), "d")
    year = _integer(call.other)
    if word in ("YEAR", "YYYY") and year is not None and 1 <= year < 9999 and call.operator in _CONTRARY:
        return _range(call, subject, f"{year:04}-01-01", f"{year + 1:04}-01-01")
    low, high = call.moment("2026-01-01"), call.moment("2026-02-01")
    return Advice(f"a part of a date cannot be asked for, a range can: {subject} >= {low} AND {subject} < {high}")


def _range(call: ForeignCall, subject: str, first: str, after: str) -> Advice:
    """Return the advice to ask for the range of moments that a comparison of a rounded moment holds."""
    low, high = call.moment(first), call.moment(after)
    written = {
        "=": f"{subject} >= {low} AND {subject} < {high}",
        "!=": f"({subject} < {low} OR {subject} >= {high})",
        "<>": f"({subject} < {low} OR {subject} >= {high})",
        "<": f"{subject} < {low}",
        "<=": f"{subject} < {high}",
        ">": f"{subject} >= {high}",
        ">=": f"{subject} >= {low}",
    }[call.operator]
    return Advice(f"ask for a range: {written}", written, is_condition=True)


def _literal_moment(call: ForeignCall) -> Advice | None:
    """Return the moment that TO_DATE('…'), DATE('…') and their like name."""
    for argument in call.arguments:
        text = text_value(argument, call.dialect)
        if text is not None and read_timestamp(text) is not None:
            return Advice(f"write {call.moment(text)} alone", call.moment(text))
    if any(text_value(argument, call.dialect) is not None for argument in call.arguments):
        return Advice(f"write the moment alone, as {call.moment('2026-01-31')}")
    numbers = [_integer(argument) for argument in call.arguments]
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
    return Advice(f"write {text}", text)


def _rounded(call: ForeignCall) -> Advice | None:
    """Return the range that DATE(d) = '…' and DATE_TRUNC('month', d) = '…' ask for."""
    arguments = [argument for argument in call.arguments if unit_of(argument, Dialect.V2) is None]
    if len(arguments) != 1:
        return None
    (subject,) = arguments
    word = next((a for a in call.arguments if unit_of(a, Dialect.V2) is not None), "day")
    literal = re.sub(r"(?i)^(timestamp|date)\s*(?=')", "", call.other)
    text = text_value(literal, call.dialect)
    day = read_timestamp(text) if text is not None and len(text) == 10 else None
    if day is None or call.operator not in _CONTRARY:
        return Advice(f"leave it out: a moment is compared as it is, as {subject} >= {call.moment('2026-01-31')}")
    first, after = _period(day, unit_of(word, Dialect.V2) or (TimeUnit.DAY, 1))
    if first != day or after is None:
        return Advice(f"ask for a range: {subject} >= {call.moment('2026-01-01')}")
    return _range(call, subject, f"{first:%Y-%m-%d}", f"{after:%Y-%m-%d}")


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


def _seconds(call: ForeignCall) -> Advice | None:
    """Return what UNIX_TIMESTAMP(d) > 1700000000 asks for."""
    number = _integer(call.other)
    if len(call.arguments) == 1 and number is not None and call.operator in _CONTRARY:
        moment = _of_seconds(call, number)
        if moment is not None:
            written = f"{call.arguments[0]} {call.operator} {moment.written}"
            return Advice(f"write {written}", written, is_condition=True)
    if not call.arguments:
        return Advice(f"write {call.now}, beside a timestamp")
    return Advice(f"compare the moment itself: {call.arguments[0]} >= {call.moment('2026-01-31')}")


def _written_moment(call: ForeignCall) -> Advice | None:
    subject = next((a for a in call.arguments if text_value(a, call.dialect) is None), "d")
    low, high = call.moment("2026-01-01"), call.moment("2026-02-01")
    return Advice(f"a moment is compared as it is: {subject} >= {low} AND {subject} < {high}")


# numbers


def _absolute(call: ForeignCall) -> Advice | None:
    subject = next(iter(call.arguments), "x")
    number = call.other if _integer(call.other) is not None and not call.other.startswith("-") else "3"
    if call.operator in (">", ">="):
        written = f"({subject} {call.operator} {number} OR {subject} {flipped(call.operator)} -{number})"
    elif call.operator in ("<", "<="):
        written = f"({subject} {call.operator} {number} AND {subject} {flipped(call.operator)} -{number})"
    else:
        written = f"({subject} = {number} OR {subject} = -{number})"
        known = call.operator == "=" and number == call.other
        return Advice(f"write {written}", written if known else "", is_condition=True)
    return Advice(f"write {written}", written if number == call.other else "", is_condition=True)


def _modulo(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 2:
        return None
    one, two = (a if re.fullmatch(r"[\w.]+", a) else f"({a})" for a in call.arguments)
    return Advice(f"write {one} % {two}", f"{one} % {two}")


def _whole(call: ForeignCall) -> Advice | None:
    subject, number = next(iter(call.arguments), "x"), _integer(call.other)
    if call.name == "FLOOR" and call.operator == "=" and number is not None:
        written = f"{subject} >= {number} AND {subject} < {number + 1}"
        return Advice(f"ask for a range: {written}", written, is_condition=True)
    return Advice(f"ask for a range: {subject} >= 3 AND {subject} < 4")


def _extreme(call: ForeignCall) -> Advice | None:
    up = call.operator in (">", ">=")
    any_of = up == (call.name == "GREATEST")
    if call.operator not in ("<", "<=", ">", ">=") or len(call.arguments) < 2:
        return Advice("write one comparison for each, joined with OR or AND")
    word = " OR " if any_of else " AND "
    written = f"({word.join(f'{a} {call.operator} {call.other}' for a in call.arguments)})"
    return Advice(f"write {written}", written, Safety.UNSAFE, is_condition=True)


def _power(call: ForeignCall) -> Advice | None:
    if len(call.arguments) == 2 and call.arguments[1] == "2":
        one = call.arguments[0]
        one = one if re.fullmatch(r"\w+", one) else f"({one})"
        return Advice(f"write {one} * {one}", f"{one} * {one}")
    return Advice("write it as a product: x * x")


# arrays, maps and types


def contains(array: str, value: str, dialect: Dialect) -> str:
    """Return the condition that an array holds a value, or in v2 any of some in square brackets."""
    return f"{'ARRAY_CONTAINS' if dialect is Dialect.V2 else 'CONTAINS'}({array}, {value})"


def _holds_value(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 2:
        return Advice(f"write {contains('list_ids', repr('…'), call.dialect)}")
    array, value = call.arguments
    if text_value(array, call.dialect) is not None or array.startswith("["):
        array, value = value, array
    if value.startswith("[") and call.dialect is Dialect.V1:
        return Advice(f"ask for one value at a time: {contains(array, repr('a'), call.dialect)} OR …")
    written = contains(array, value, call.dialect)
    return Advice(f"write {written}", written, is_condition=False)


def _any(call: ForeignCall) -> Advice | None:
    """Return what ``'a' = ANY(list_ids)`` and ``x = ANY('a', 'b')`` say."""
    texts = [text_value(argument, call.dialect) for argument in call.arguments]
    if call.operator == "=" and call.name != "ALL" and texts and None not in texts:
        written = f"{call.other} IN ({', '.join(call.arguments)})"
        return Advice(f"write {written}", written, is_condition=True)
    if call.operator == "=" and len(texts) == 1 and call.name != "ALL":
        written = contains(call.arguments[0], call.other, call.dialect)
        return Advice(f"write {written}", written)
    return Advice(f"write x IN ('a', 'b'), or {contains('list_ids', repr('a'), call.dialect)}")


def _count_of_list(call: ForeignCall) -> Advice | None:
    array = next(iter(call.arguments), "list_ids")
    return Advice(f"how long a list is cannot be asked for; what it holds can: {contains(array, repr('…'), call.dialect)}")


def _json(call: ForeignCall) -> Advice | None:
    match call.arguments:
        case [holder, path] if (text := text_value(path, call.dialect)) is not None:
            if call.dialect is Dialect.V1:
                key = text.rpartition(".")[2]
                return Advice(f"an event's data is read by a key: event_data[{write_string(key, call.dialect)}]")
            if found := _PATH.fullmatch(text):
                written = f"{holder}{'.' if ':' in holder else ':'}{found[1]}"
                return Advice(f"write {written}", written)
    return Advice("a path stands behind a colon: e.data:payload.url")


def _cast(call: ForeignCall) -> Advice | None:
    subject = next((a for a in call.arguments if a), "")
    if len(call.arguments) == 1 and call.name not in ("CONVERT", "TRY_CONVERT"):
        return Advice(CAST_HELP, subject, Safety.UNSAFE)
    return Advice(CAST_HELP)


# the functions of the other dialect


def _contains(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V1 or len(call.arguments) != 2 or call.arguments[0].lower() == "event_data":
        return None
    written = contains(*call.arguments, call.dialect)
    return Advice(f"write {written}", written)


def _array_contains(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2 or len(call.arguments) != 2:
        return None
    array, value = call.arguments
    if value.startswith("["):
        return Advice("write CONTAINS(array, 'a') OR CONTAINS(array, 'b')")
    return Advice(f"write CONTAINS({array}, {value})", f"CONTAINS({array}, {value})")


def _timestamp_add(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    if len(call.arguments) == 3:
        word, amount, moment = call.arguments
        unit, number = unit_of(word, Dialect.V1), _integer(amount)
        is_plain = is_now(moment) or moment.startswith("'") or is_bare_name(moment, Dialect.V1)
        if unit is not None and number is not None and is_plain:
            written = shifted(unit, number, moment, Dialect.V1)
            return Advice(f"write {written}", written)
    return Advice("write NOW() - INTERVAL 30 DAY")


def _upper(call: ForeignCall) -> Advice | None:
    text = text_value(call.other, call.dialect)
    if text is not None and text.upper() == text and call.operator in ("=", "!=", "<>") and len(call.arguments) == 1:
        written = f"LOWER({call.arguments[0]}) {call.operator} {write_string(text.lower(), call.dialect)}"
        return Advice(f"write {written}", written, Safety.UNSAFE, is_condition=True)
    return Advice("write LOWER(text), beside a text in lower case")


def _maximum(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    return Advice("a v1 predicate is judged for each event: ask for event_timestamp directly")


def _count(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    return Advice("a v1 predicate is judged for each event alone: events cannot be counted")


def _clock(call: ForeignCall) -> Advice | None:
    return clock_advice(call.name, call.dialect)


def _length(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 1:
        return None
    return Advice(f"write LENGTH({call.arguments[0]})", f"LENGTH({call.arguments[0]})")


def _case(name: str) -> Callable[[ForeignCall], Advice | None]:
    def entry(call: ForeignCall) -> Advice | None:
        if len(call.arguments) != 1:
            return None
        if name == "UPPER" and call.dialect is Dialect.V1:
            return _upper(call)
        return Advice(f"write {name}({call.arguments[0]})", f"{name}({call.arguments[0]})")

    return entry


_Entry = Callable[[ForeignCall], Advice | None]
_ROWS: tuple[tuple[str, _Entry], ...] = (
    (" ".join(CLOCKS), _clock),
    ("CONTAINS", _contains),
    ("ARRAY_CONTAINS", _array_contains),
    ("TIMESTAMPADD", _timestamp_add),
    ("UPPER", _upper),
    ("MAX", _maximum),
    (" ".join(AGGREGATES), _count),
    ("DATEADD DATE_ADD TIMESTAMP_ADD DATETIME_ADD ADDDATE TIMEADD ADD_MONTHS", _added(1)),
    ("DATE_SUB DATESUB SUBDATE TIMESTAMP_SUB DATETIME_SUB", _added(-1)),
    ("DATEDIFF DATE_DIFF TIMESTAMPDIFF TIMESTAMP_DIFF DATETIME_DIFF TIMEDIFF MONTHS_BETWEEN AGE", _difference),
    (
        "TO_DATE TO_TIMESTAMP TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_TIMESTAMP_LTZ TO_DATETIME DATE DATETIME TIMESTAMP "
        "STR_TO_DATE PARSE_DATE PARSE_TIMESTAMP PARSE_DATETIME TRY_TO_DATE TRY_TO_TIMESTAMP FROM_ISO8601_TIMESTAMP "
        "FROM_UNIXTIME TIMESTAMP_SECONDS DATE_FROM_PARTS DATEFROMPARTS MAKE_DATE DATETIME2 STRPTIME "
        "UNIX_SECONDS_TO_TIMESTAMP",
        _literal_moment,
    ),
    ("TO_DATE DATE TO_TIMESTAMP DATETIME TIMESTAMP DATE_TRUNC TRUNC DATETIME_TRUNC TIMESTAMP_TRUNC", _rounded),
    ("UNIX_TIMESTAMP UNIX_SECONDS TO_UNIXTIME TO_UNIX_TIMESTAMP", _seconds),
    ("TO_CHAR DATE_FORMAT FORMAT_DATE FORMAT_TIMESTAMP STRFTIME LAST_DAY EOMONTH", _written_moment),
    (
        "EXTRACT DATE_PART DATEPART DATE_TRUNC YEAR MONTH DAY QUARTER WEEK HOUR MINUTE SECOND DAYOFWEEK DAYOFMONTH "
        "DAYOFYEAR WEEKDAY WEEKOFYEAR MONTHNAME DAYNAME",
        _part,
    ),
    ("STARTS_WITH STARTSWITH", _looks_into("{}%")),
    ("ENDS_WITH ENDSWITH", _looks_into("%{}")),
    ("CONTAINS_SUBSTR ICONTAINS INCLUDES LIKE_", _looks_into("%{}%")),
    (
        "REGEXP REGEXP_LIKE REGEXP_CONTAINS REGEXP_MATCHES REGEXP_MATCH REGEXP_SUBSTR REGEXP_INSTR REGEXP_COUNT "
        "RLIKE MATCH SIMILAR",
        _regex,
    ),
    ("POSITION CHARINDEX INSTR STRPOS LOCATE PATINDEX", _position),
    ("LEFT SUBSTRING SUBSTR MID", _end("{}%")),
    ("RIGHT", _end("%{}")),
    ("SPLIT_PART SUBSTRING_INDEX SPLIT", _split),
    ("TRIM LTRIM RTRIM BTRIM REPLACE INITCAP REVERSE TRANSLATE REGEXP_REPLACE LPAD RPAD", _as_it_is),
    ("CONCAT_WS", _joined),
    ("LEN CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH", _length),
    ("LCASE", _case("LOWER")),
    ("UCASE", _case("UPPER")),
    ("COALESCE IFNULL ISNULL NVL IS_NULL", _default),
    ("NULLIF", _null_if),
    ("ZEROIFNULL NVL2 IF IFF DECODE CHOOSE IIF", _cases),
    ("ABS", _absolute),
    ("MOD", _modulo),
    ("ROUND FLOOR CEIL CEILING TRUNCATE", _whole),
    ("GREATEST LEAST", _extreme),
    ("POWER POW SQUARE", _power),
    (
        "ARRAYS_OVERLAP ARRAY_OVERLAP ARRAY_HAS ARRAY_HAS_ANY LIST_CONTAINS LIST_HAS_ANY HAS HASANY "
        "ARRAY_CONTAINS_ANY FIND_IN_SET JSON_CONTAINS ARRAY_POSITION ARRAY_EXISTS",
        _holds_value,
    ),
    ("ANY SOME ALL", _any),
    ("SIZE ARRAY_SIZE CARDINALITY ARRAY_LENGTH ARRAY_COUNT JSON_LENGTH JSON_ARRAY_LENGTH", _count_of_list),
    (
        "JSON_EXTRACT JSON_EXTRACT_SCALAR JSON_VALUE JSON_QUERY JSON_EXTRACT_STRING JSON_EXTRACT_PATH_TEXT GET_PATH "
        "GET GET_JSON_OBJECT",
        _json,
    ),
    (" ".join(sorted(_CASTS)), _cast),
)

_FAMILIES: dict[str, list[_Entry]] = {}
for _names, _entry in _ROWS:
    for _name in _names.split():
        _FAMILIES.setdefault(_name, []).append(_entry)
