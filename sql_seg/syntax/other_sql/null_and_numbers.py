"""Functions of NULL, numbers and lists."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Safety
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.syntax.other_sql.advice import (
    CONTRARY,
    Advice,
    ForeignCall,
    contains,
    flipped,
    in_range,
    integer,
    of_truth,
    text_value,
    writing,
)

_PATH = re.compile(r"\$?\.?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
CAST_HELP = "leave it out: columns have their types, and a VARIANT takes the type of what stands beside it"


def default(call: ForeignCall) -> Advice | None:
    """Answer COALESCE and its like."""
    match call.arguments:
        case [value] if call.name in ("ISNULL", "IS_NULL"):
            found = writing(f"{value} IS NULL", is_condition=True)
            return of_truth(call, found)
        case [value, other]:
            return _two_cases(call, value, other)
        case [_, _, *_] if call.operator:
            return _first_there(call)
    return Advice("write the cases as conditions: x = … OR x IS NULL")


def _first_there(call: ForeignCall) -> Advice:
    """Return what ``COALESCE(a, b, …) = …`` says: the first of some that is there is held against a value."""
    *before, last = call.arguments
    written = f"{last} {call.operator} {call.other}"
    for value in reversed(before):
        written = f"({value} {call.operator} {call.other} OR ({value} IS NULL AND {written}))"
    return writing(written, is_condition=True)


def _two_cases(call: ForeignCall, value: str, other: str) -> Advice:
    """Return what ``COALESCE(value, other) = …`` says, where both are literals."""
    taken = _holds(call, other)
    if taken is None and not call.operator:
        return Advice(f"write both cases: ({value} = … OR ({value} IS NULL AND {other} = …))")
    if taken is None:
        return _first_there(call)
    condition = f"{value} {call.operator} {call.other}"
    if not taken:
        return Advice(
            f"write {condition}: where there is no value, it is not TRUE", condition, is_condition=True
        )
    return writing(f"({condition} OR {value} IS NULL)", is_condition=True)


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


def null_if(call: ForeignCall) -> Advice | None:
    """Answer NULLIF."""
    if len(call.arguments) != 2:
        return None
    value, other = call.arguments
    return Advice(f"write the two cases: ({value} = {other} OR {value} IS NULL)")


def cases(_: ForeignCall) -> Advice | None:
    """Answer IF and its like."""
    return Advice("write the cases as conditions, with AND and OR")


def absolute(call: ForeignCall) -> Advice | None:
    """Answer ABS."""
    subject = next(iter(call.arguments), "x")
    number = call.other if integer(call.other) is not None and not call.other.startswith("-") else "3"
    if call.operator in (">", ">="):
        written = f"({subject} {call.operator} {number} OR {subject} {flipped(call.operator)} -{number})"
    elif call.operator in ("<", "<="):
        written = f"({subject} {call.operator} {number} AND {subject} {flipped(call.operator)} -{number})"
    else:
        written = f"({subject} = {number} OR {subject} = -{number})"
        known = call.operator == "=" and number == call.other
        return Advice(f"write {written}", written if known else "", is_condition=True)
    return Advice(f"write {written}", written if number == call.other else "", is_condition=True)


def modulo(call: ForeignCall) -> Advice | None:
    """Answer MOD."""
    if len(call.arguments) != 2:
        return None
    one, two = (a if re.fullmatch(r"[\w.]+", a) else f"({a})" for a in call.arguments)
    return writing(f"{one} % {two}")


def whole(call: ForeignCall) -> Advice | None:
    """Answer FLOOR, ROUND and their like."""
    subject, number = next(iter(call.arguments), "x"), integer(call.other)
    if number is None or len(call.arguments) != 1 or call.operator not in CONTRARY:
        return Advice(f"ask for a range: {subject} >= … AND {subject} < …")
    if call.name in ("CEIL", "CEILING"):
        low, high, least, most = str(number - 1), str(number), ">", "<="
    elif call.name == "ROUND":
        low, high, least, most = f"{number - 0.5}", f"{number + 0.5}", ">=", "<"
    else:
        low, high, least, most = str(number), str(number + 1), ">=", "<"
    written = in_range(subject, call.operator, low, high, least, most)
    is_sure = call.name in ("FLOOR", "CEIL", "CEILING") or (call.name == "TRUNCATE" and number > 0)
    safety = Safety.SAFE if is_sure else Safety.UNSAFE  # halves, and what is below zero, go either way
    return Advice(f"ask for a range: {written}", written, safety, is_condition=True)


def whole_number(call: ForeignCall) -> Advice | None:
    """Answer TRUNC of a number, beside a number: of a moment it is another question."""
    return whole(call._replace(name="TRUNCATE")) if integer(call.other) is not None else None


def extreme(call: ForeignCall) -> Advice | None:
    """Answer GREATEST and LEAST."""
    up = call.operator in (">", ">=")
    any_of = up == (call.name == "GREATEST")
    if call.operator not in ("<", "<=", ">", ">=") or len(call.arguments) < 2:
        return Advice("write one comparison for each, joined with OR or AND")
    word = " OR " if any_of else " AND "
    return writing(
        f"({word.join(f'{a} {call.operator} {call.other}' for a in call.arguments)})",
        Safety.UNSAFE,
        is_condition=True,
    )


def power(call: ForeignCall) -> Advice | None:
    """Answer POWER."""
    if len(call.arguments) == 2 and call.arguments[1] == "2":
        one = call.arguments[0]
        one = one if re.fullmatch(r"\w+", one) else f"({one})"
        return writing(f"{one} * {one}")
    return Advice("write it as a product: x * x")


def holds_value(call: ForeignCall) -> Advice | None:
    """Answer functions that look into a list."""
    if len(call.arguments) != 2:
        return Advice(f"write {contains('list_ids', repr('…'), call.dialect)}")
    array, value = map(without_maker, call.arguments)
    if text_value(array, call.dialect) is not None or array.startswith("["):
        array, value = value, array
    if value.startswith("[") and call.dialect is Dialect.V1:
        return Advice(f"ask for one value at a time: {contains(array, repr('a'), call.dialect)} OR …")
    return writing(contains(array, value, call.dialect))


_MAKER = re.compile(r"(?:ARRAY|ARRAY_CONSTRUCT|LIST_VALUE|ARRAY_OF)\s*\((.*)\)", re.IGNORECASE | re.DOTALL)


def without_maker(argument: str) -> str:
    """Return ``ARRAY_CONSTRUCT('a', 'b')`` as a list is written here; all else as it is."""
    found = _MAKER.fullmatch(argument)
    return f"[{found[1].strip()}]" if found and not set(found[1]) & set("()") else argument


def made_list(call: ForeignCall) -> Advice | None:
    """Answer functions that make a list."""
    if call.dialect is Dialect.V1:
        return Advice("ask for one value at a time: CONTAINS(array, 'a') OR CONTAINS(array, 'b')")
    written = f"[{', '.join(call.arguments)}]"
    return Advice(f"write {written}", written if call.arguments else "")


def rows_of_list(call: ForeignCall) -> Advice | None:
    """Answer UNNEST and its like, which make rows of a list."""
    array = next(iter(call.arguments), "list_ids")
    if call.operator != "=" or not call.other:
        return Advice(f"a list is asked as a whole: {contains(array, repr('…'), call.dialect)}")
    return writing(contains(array, call.other, call.dialect), is_condition=True)


def any_of(call: ForeignCall) -> Advice | None:
    """Return what ``'a' = ANY(list_ids)`` and ``x = ANY('a', 'b')`` say."""
    texts = [text_value(argument, call.dialect) for argument in call.arguments]
    if call.operator == "=" and call.name != "ALL" and texts and None not in texts:
        return writing(f"{call.other} IN ({', '.join(call.arguments)})", is_condition=True)
    if call.operator == "=" and len(texts) == 1 and call.name != "ALL":
        return writing(contains(call.arguments[0], call.other, call.dialect), is_condition=True)
    return Advice(f"write x IN ('a', 'b'), or {contains('list_ids', repr('a'), call.dialect)}")


def count_of_list(call: ForeignCall) -> Advice | None:
    """Answer functions that count a list."""
    array = next(iter(call.arguments), "list_ids")
    return Advice(
        f"how long a list is cannot be asked for; what it holds can: "
        f"{contains(array, repr('…'), call.dialect)}"
    )


def json(call: ForeignCall) -> Advice | None:
    """Answer JSON_EXTRACT and its like."""
    match call.arguments:
        case [holder, path] if (text := text_value(path, call.dialect)) is not None:
            if call.dialect is Dialect.V1:
                key = text.rpartition(".")[2]
                return Advice(
                    f"an event's data is read by a key: event_data[{write_string(key, call.dialect)}]"
                )
            if found := _PATH.fullmatch(text):
                return writing(f"{holder}{'.' if ':' in holder else ':'}{found[1]}")
    return Advice("a path stands behind a colon: e.data:payload.url")


def cast(call: ForeignCall) -> Advice | None:
    """Answer casts that are written as a function."""
    subject = next((a for a in call.arguments if a), "")
    if len(call.arguments) == 1 and call.name not in ("CONVERT", "TRY_CONVERT"):
        return Advice(CAST_HELP, subject, Safety.UNSAFE)
    return Advice(CAST_HELP)
