"""What SendGrid leaves open, and in which other way it may read each of it: a closed table.

A row names a construct of the language that only Snowflake's documentation, or this library, gives its
meaning; how else it may be read; conditions that touch it; and an account in which that is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

from sql_seg.core import interpreter, scalars
from sql_seg.core import terms as core
from sql_seg.language import json_paths, patterns
from sql_seg.language.arithmetic import comparable
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import read_string
from sql_seg.language.operators import Arithmetic
from sql_seg.language.timestamps import read_timestamp

UTC_TEXT = "2024-01-01T00:00:00Z"


def _backslash_that_stays(token: str, dialect: Dialect) -> str:
    """Return a v2 string where a backslash is dropped before quotes and backslashes alone."""
    if dialect is Dialect.V1:
        return read_string(token, dialect)
    value, rest = "", token[1:-1]
    while rest:
        is_escape = rest[:2] == "''" or (rest[0] == "\\" and rest[1:2] in tuple("'\"\\"))
        value, rest = value + rest[is_escape], rest[1 + is_escape :]
    return value


def _backslash_that_goes(token: str, dialect: Dialect) -> str:
    """Return a v1 string where a backslash is dropped before every character."""
    if dialect is Dialect.V2:
        return read_string(token, dialect)
    value, rest = "", token[1:-1]
    while rest:
        is_escape = rest[0] == "\\" and len(rest) > 1
        value, rest = value + rest[is_escape], rest[1 + is_escape :]
    return value


def _wildcards_with_escape(text: str) -> list[list[str | None]]:
    """Return the runs of a v2 pattern where a backslash makes a wildcard an ordinary character."""
    runs: list[list[str | None]] = [[]]
    while text:
        if text[0] == "\\" and text[1:2] in tuple("%_\\"):
            runs[-1].append(text[1])
            text = text[1:]
        elif text[0] == "%":
            runs.append([])
        else:
            runs[-1].append(None if text[0] == "_" else text[0])
        text = text[1:]
    return runs


_V1_RUNS = patterns._v1_runs


def _percents_from_the_right(text: str) -> list[list[str | None]]:
    """Return the runs of a v1 pattern whose percent signs are paired from the right."""
    return [run[::-1] for run in _V1_RUNS(text[::-1])[::-1]]


def _moment_elsewhere(text: str) -> datetime | None:
    """Return the instant of a text where no offset is another time zone than UTC."""
    moment = read_timestamp(text)
    has_offset = (
        text.endswith("Z") or text[-6:-5] in ("+", "-") or (text[-5:-4] in ("+", "-") and ":" in text)
    )
    if moment is None or has_offset:
        return moment
    try:
        return moment.replace(tzinfo=timezone(timedelta(hours=5))).astimezone(moment.tzinfo)
    except OverflowError:
        return moment


_JSON_OF_ONE_KIND: dict[DataType, Callable[[Any], Any]] = {
    DataType.VARCHAR: lambda value: value if isinstance(value, str) else None,
    DataType.NUMBER: lambda value: value if type(value) in (int, float) else None,
    DataType.BOOLEAN: lambda value: value if isinstance(value, bool) else None,
    DataType.TIMESTAMP: lambda value: read_timestamp(value) if isinstance(value, str) else None,
}
_TERMS = dict(interpreter._VALUES)


def _concatenation_without_null(self: Any, term: core.Applied, rows: Any) -> Any:
    """Return CONCAT of what is not NULL."""
    if term.function != "CONCAT":
        return _TERMS[core.Applied](self, term, rows)
    values = [self.value(operand, rows) for operand in term.operands]
    return "".join(value for value in values if value is not None)


def _full_case(self: Any, term: core.Applied, rows: Any) -> Any:
    """Return LOWER and UPPER as Unicode maps whole texts: ``ß`` is ``SS``."""
    method = {"LOWER": str.lower, "UPPER": str.upper}.get(term.function)
    value = self.value(term.operands[0], rows) if method is not None else None
    return (
        _TERMS[core.Applied](self, term, rows) if method is None else None if value is None else method(value)
    )


def _division_with_zero(self: Any, term: core.Calculation, rows: Any) -> Any:
    """Return 0 for a number divided by zero."""
    found = _TERMS[core.Calculation](self, term, rows)
    if term.operator not in (Arithmetic.DIVIDE, Arithmetic.MODULO) or found is not None:
        return found
    return 0.0 if self.value(term.right, rows) == 0 and self.value(term.left, rows) is not None else None


def _shift_to_the_end(moment: datetime, unit: Any, amount: int) -> datetime | None:
    """Return a moved moment; past the years 1 to 9999 the last of them, or the first."""
    found = _SHIFT(moment, unit, amount)
    edge = datetime.max if amount > 0 else datetime.min
    return edge.replace(tzinfo=moment.tzinfo) if found is None else found


_SHIFT = scalars.shift
_READ_KEY = scalars.read_key


def _arguments_first(data: Any, key: str) -> str | None:
    """Return a key of v1's map: that of the unique arguments, before the payload's own."""
    payload = data.get("payload") if isinstance(data, dict) else None
    arguments = payload.get("unique_args") if isinstance(payload, dict) else None
    own: str | None = _READ_KEY({"payload": arguments}, key) if isinstance(arguments, dict) else None
    return _READ_KEY(data, key) if own is None else own


def _only_of_events(self: Any, term: core.SomeEvent, rows: Any) -> Any:
    """Return v1's judgement of events alone: a contact without any is judged by none."""
    choices = self._choices(rows, term.rows, self._events)
    return any(self.value(term.condition, chosen) is True for chosen in choices)


def _domains_as_written(contact: Any) -> Any:
    email = contact.get("email")
    return None if email is None else (email.split("@")[-1],)


def _exactly(value: Any) -> Any:
    """Return a number as Python has it: integers past 2**53 are not rounded."""
    return value if isinstance(value, int) else comparable(value)


def _term(kind: type, reading: Callable[..., Any]) -> Any:
    return lambda: patch.dict(interpreter._VALUES, {kind: reading})


def _json(**readers: Callable[[Any], Any]) -> Any:
    return lambda: patch.dict(
        json_paths.JSON_READERS, {DataType[name]: read for name, read in readers.items()}
    )


V2 = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOINED = "SELECT contact_id, updated_at FROM contact_data JOIN event_data ON contact_id WHERE "


@dataclass(frozen=True)
class Construct:
    """One construct: its other reading, the frame of a query, conditions, a contact and an event's data.

    Some of the conditions say less than they seem to under ours, and not under the other reading.
    """

    name: str
    read: Callable[[], Any]
    frame: str
    conditions: Sequence[str]
    contacts: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, Any] | None = None


CONSTRUCTS = [
    Construct(
        "a backslash stays",
        lambda: patch("sql_seg.syntax.parsing.builder.read_string", _backslash_that_stays),
        V2,
        [
            *(
                r"plan = 'a\c'",
                r"plan != 'a\c'",
                r"plan IN ('a\c', 'ac')",
                r"plan LIKE 'a\c%'",
                r"LENGTH('a\c') = 2",
            ),
            *(
                r"(plan = 'a\c' OR plan = 'ac')",
                r"(plan = 'ac' OR plan = 'a\c')",
                r"(plan = 'ac' AND plan LIKE 'a\c%')",
            ),
        ],
        [{"plan": "a\\c"}, {"plan": "ac"}],
    ),
    Construct(
        "LIKE has an escape",
        lambda: patch.object(patterns, "_v2_runs", _wildcards_with_escape),
        V2,
        [
            *(r"plan LIKE '100\\%'", r"plan LIKE 'a\\_b'", r"plan NOT LIKE '\\%'", r"plan LIKE '\\\\'"),
            r"(plan LIKE '100\\%' AND plan LIKE '100\\%%')",
            r"(plan LIKE '100\\%%' AND plan LIKE '100\\%')",
            r"(plan LIKE '100\\%' OR plan LIKE '100\\%%')",
            r"(plan LIKE '100\\%%' OR plan LIKE '100\\%')",
        ],
        [{"plan": "100\\x"}, {"plan": "100%x"}, {"plan": "100%"}],
    ),
    Construct(
        "JSON has one kind",
        _json(**{kind.name: read for kind, read in _JSON_OF_ONE_KIND.items()}),
        JOINED,
        [
            *(
                "data:payload.url > 2",
                "data:payload.url = '5'",
                "data:payload.url IS TRUE",
                "data:payload.url + 1 = 6",
            ),
            *(
                "data:payload.url > '2024-01-01'",
                "data:payload.url IN (1, 5)",
                "LENGTH(data:payload.url) = 1",
            ),
            "data:payload.url > TIMESTAMP '2024-01-01'",
        ],
        data={"payload": {"url": "5"}},
    ),
    Construct(
        "a JSON null is missing",
        _json(VARIANT=lambda value: value),
        JOINED,
        ["data:payload.url IS NULL", "data:payload.url IS NOT NULL", "NOT data:payload.url IS NULL"],
        data={"payload": {"url": None}},
    ),
    Construct(
        "a text is no list of one",
        _json(ARRAY=lambda value: None if isinstance(value, str) else json_paths.as_array(value)),
        JOINED,
        [
            "ARRAY_CONTAINS(data:payload.category, 'a')",
            "NOT ARRAY_CONTAINS(data:payload.category, ['b', 'c'])",
        ],
        data={"payload": {"category": "a"}},
    ),
    Construct(
        "no offset is no UTC",
        lambda: patch("sql_seg.checking.inference.read_timestamp", _moment_elsewhere),
        V2,
        [
            "(created_at < '2024-01-02' OR created_at < '2024-01-02T00:30:00+00:30')",
            "created_at >= '2024-01-01'",
            "created_at < '2024-01-01 00:00'",
            f"(created_at >= '2024-01-01' AND created_at >= '{UTC_TEXT}')",
            f"(created_at >= '{UTC_TEXT}' AND created_at >= '2024-01-01')",
            f"(created_at < '2024-01-01' OR created_at < '{UTC_TEXT}')",
            f"(created_at < '{UTC_TEXT}' OR created_at < '2024-01-01')",
            f"created_at BETWEEN '2023-01-01' AND '{UTC_TEXT}'",
        ],
        [{"created_at": read_timestamp("2023-12-31T22:00:00Z")}],
    ),
    Construct(
        "CONCAT leaves NULL out",
        _term(core.Applied, _concatenation_without_null),
        V2,
        [
            "CONCAT('a', NULL) IS NULL",
            "(CONCAT('a', NULL) = 'a' OR plan = 'z')",
            "CONCAT(plan, first_name) = 'a'",
            "CONCAT(plan, first_name) IS NULL",
            "CONCAT(plan, first_name) != 'b'",
        ],
        [{"plan": "a"}],
    ),
    Construct(
        "LOWER and UPPER map whole texts",
        _term(core.Applied, _full_case),
        V2,
        [
            "LENGTH(UPPER('ß')) = 1",
            "(UPPER('ß') = 'SS' AND plan = 'z')",
            "UPPER(plan) = 'SS'",
            "LOWER(plan) != 'i̇'",
            "LENGTH(UPPER(plan)) = 1",
            "UPPER(plan) IN ('SS', 'ß')",
        ],
        [{"plan": "ß"}],
    ),
    Construct(
        "division by zero is 0",
        _term(core.Calculation, _division_with_zero),
        V2,
        [
            "5 / 0 IS NULL",
            "(5 % 0 = 0 OR plan = 'z')",
            "age / 0 IS NULL",
            "age / 0 = 0",
            "(age % 0 = 0) IS NOT TRUE",
            "5 / 0 >= 0",
        ],
        [{"age": 5}],
    ),
    Construct(
        "integers are not rounded",
        lambda: patch("sql_seg.core.interpreter.comparable", _exactly),
        V2,
        [
            "(age = 9007199254740993 OR age = 9007199254740992)",
            "age = lifetime_value",
            "age != lifetime_value",
            "age > lifetime_value",
            "age IN (9007199254740992)",
        ],
        [{"age": 2**53 + 1, "lifetime_value": 2**53}],
    ),
    Construct(
        "a moved moment stays in the calendar",
        lambda: patch("sql_seg.core.scalars.shift", _shift_to_the_end),
        V2,
        [
            "TIMESTAMPADD(year, 9000, NOW()) IS NULL",
            "(TIMESTAMPADD(year, 9000, NOW()) > '2024-01-01' OR plan = 'z')",
            "TIMESTAMPADD(year, 9000, created_at) > '2024-01-01'",
            "TIMESTAMPADD(year, -9000, created_at) IS NULL",
            "TIMESTAMPADD(day, 9000000, created_at) IS NOT NULL",
        ],
        [{"created_at": read_timestamp(UTC_TEXT)}],
    ),
    Construct(
        "domains as they are written",
        lambda: patch("sql_seg.core.interpreter.domains_of", _domains_as_written),
        V2,
        ["ARRAY_CONTAINS(email_domains, 'B.c')", "NOT ARRAY_CONTAINS(email_domains, 'b.c')"],
        [{"email": "a@B.c"}],
    ),
    Construct(
        "a backslash of v1 goes",
        lambda: patch("sql_seg.syntax.parsing.builder.read_string", _backslash_that_goes),
        "",
        [
            r"(plan = 'a\b' OR plan = 'a\\b')",
            r"(plan = 'a\\b' OR plan = 'a\b')",
            r"(plan != 'a\b' AND plan != 'a\\b')",
            r"plan = 'a\b'",
            r"plan != 'a\b'",
            r"plan LIKE 'a\b%'",
            r"plan IN ('a\b', 'ab')",
            r"plan + 'x' = 'a\bx'",
        ],
        [{"plan": "ab"}, {"plan": "a\\b"}],
    ),
    Construct(
        "percent signs are paired from the right",
        lambda: patch.object(patterns, "_v1_runs", _percents_from_the_right),
        "",
        [
            "(plan LIKE '%%%a' AND plan LIKE '%%%')",
            "(plan LIKE '%%%' AND plan LIKE '%%%a')",
            "plan LIKE '100%%%'",
            "plan NOT LIKE 'a%%%b'",
            "(plan LIKE '100%%%' AND plan LIKE '100%%%%%')",
        ],
        [{"plan": "100x%"}, {"plan": "%a"}, {"plan": "x%a"}],
    ),
    Construct(
        "unique arguments come before the payload",
        lambda: patch("sql_seg.core.scalars.read_key", _arguments_first),
        "",
        ["event_data['url'] = 'a'", "event_data['url'] != 'b'", "event_data['url'] IN ('a', 'c')"],
        data={"payload": {"url": "a", "unique_args": {"url": "b"}}},
    ),
    Construct(
        "v1 judges events alone",
        _term(core.SomeEvent, _only_of_events),
        "",
        [
            *("plan = 'a'", "(plan = 'a' OR plan != 'a' OR event_type = 'open')"),
            *("event_type IS NULL", "(plan = 'a' OR event_type = 'open')", "NOT event_type IS NOT NULL"),
            "(event_data['url'] IS NULL OR plan = 'a')",
        ],
        [{"plan": "a"}],
    ),
]
"""Each construct whose meaning is Snowflake's or ours, as far as it has a meaning of its own.

Of those that are only forms of writing (``<>``, USING, comments, TIMESTAMP in v2, plurals, backticks) the
other reading is that they are no query: of it nobody is a member.
"""


@contextmanager
def read_as(construct: Construct | None) -> Iterator[None]:
    """Let the interpreter read a construct in its other way."""
    with ExitStack() as stack:
        if construct is not None:
            stack.enter_context(construct.read())
        yield
