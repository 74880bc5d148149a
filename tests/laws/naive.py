"""A third evaluator, to hold the other two against: it reads the syntax tree, literally and slowly.

It builds every joined row of the account as a mapping from alias to record, asks WHERE of each, groups
them by contact, and lists a subquery's values. It shares no code with the evaluators: of the library it
takes the syntax tree, the columns' types and the reading of a timestamp's text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import Expression, Predicate, Query, Select, walk

Record = Mapping[str, Any]
Row = Mapping[str, Record]
"""A joined row: the record of each table by its name or alias, in lower case. {} is a row of NULLs."""
Truth = bool | None

TEXT, NUMBER, TIME, BOOLEAN, ARRAY, JSON, NULL = "text", "number", "time", "boolean", "array", "json", "null"

_KINDS = {
    DataType.VARCHAR: TEXT,
    DataType.NUMBER: NUMBER,
    DataType.TIMESTAMP: TIME,
    DataType.ARRAY: ARRAY,
}
_EVENT_KINDS = {
    "event_type": TEXT,
    "event_source": TEXT,
    "event_timestamp": TIME,
    "timestamp": TIME,
    "event_data": JSON,
    "data": JSON,
}
_STORED = {"event_timestamp": "timestamp", "event_data": "data"}
_V1_EVENT_FIELDS = {"event_type", "event_source", "event_timestamp", "event_data"}
_MISSING, _JSON_NULL = object(), object()
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_SECONDS = {
    TimeUnit.SECOND: 1,
    TimeUnit.MINUTE: 60,
    TimeUnit.HOUR: 3600,
    TimeUnit.DAY: 86400,
    TimeUnit.WEEK: 7 * 86400,
}


def members(
    query: Query, schema: Schema, contacts: Sequence[Record], events: Sequence[Record], now: datetime
) -> list[Record]:
    """Return the contacts that are members, in order."""
    account = _Account(schema, contacts, events, now)
    if isinstance(query, Predicate):
        return [contact for contact in contacts if _v1_member(query, account, contact)]
    assert isinstance(query, Select)
    return _v2_members(query, account)


@dataclass(frozen=True)
class _Account:
    schema: Schema
    contacts: Sequence[Record]
    events: Sequence[Record]
    now: datetime

    def table(self, name: str) -> Sequence[Record]:
        return {CONTACT_DATA: self.contacts, EVENT_DATA: self.events}[name.lower()]


def _v1_member(query: Predicate, account: _Account, contact: Record) -> bool:
    """Judge a contact once for each of its events, and once without one if it has none."""
    scope = _Scope(account, Dialect.V1, {CONTACT_DATA: CONTACT_DATA, "event": EVENT_DATA})
    asks_events = any(
        isinstance(node, nodes.Column) and node.name.lower() in _V1_EVENT_FIELDS for node in walk(query)
    )
    own = [event for event in account.events if _same_id(contact, event)] if asks_events else []
    return any(
        scope.condition(query.where, {CONTACT_DATA: contact, "event": event}) is True for event in own or [{}]
    )


def _v2_members(query: Select, account: _Account) -> list[Record]:
    scope, rows = _rows(query, account)
    contact_table = (query.table.alias or query.table.name).lower()
    scope.aliases.update(
        {item.alias.lower(): item.expression for item in query.items if item.alias is not None}
    )
    found = []
    for contact in account.contacts:
        group = [row for row in rows if row[contact_table] is contact]
        if not group:
            continue
        if query.having is None:
            found.append(contact)
            continue
        scope.group = group
        if scope.condition(query.having, group[0]) is True:
            found.append(contact)
    return found


def _rows(query: Select, account: _Account) -> tuple[_Scope, list[Row]]:
    """Return all joined rows of a SELECT for which WHERE is TRUE."""
    tables = {
        (table.alias or table.name).lower(): table.name.lower()
        for table in (query.table, *(join.table for join in query.joins))
    }
    scope = _Scope(account, Dialect.V2, tables)
    rows: list[Row] = []
    for records in product(*(account.table(name) for name in tables.values())):
        if all(_same_id(records[0], record) for record in records[1:]):
            row = dict(zip(tables, records, strict=True))
            if query.where is None or scope.condition(query.where, row) is True:
                rows.append(row)
    return scope, rows


def _same_id(left: Record, right: Record) -> bool:
    return left.get("contact_id") is not None and left.get("contact_id") == right.get("contact_id")


def _domains(contact: Record) -> list[str] | None:
    """Return the domains that a contact says it has, else those of its addresses."""
    if contact.get("email_domains") is not None:
        return list(contact["email_domains"])
    addresses = [contact.get("email") or "", *(contact.get("alternate_emails") or [])]
    found = [address.split("@")[-1].lower() for address in addresses if "@" in address[:-1]]
    found = [domain for domain in found if domain]
    has_address = contact.get("email") is not None or contact.get("alternate_emails") is not None
    return found if has_address else None


# Truths as numbers: AND is the least of them, OR the largest, NOT the other side of the middle.

_RANK = {False: 0, None: 1, True: 2}
_TRUTH: tuple[Truth, ...] = (False, None, True)


def _and(truths: Sequence[Truth]) -> Truth:
    return _TRUTH[min((_RANK[truth] for truth in truths), default=2)]


def _or(truths: Sequence[Truth]) -> Truth:
    return _TRUTH[max((_RANK[truth] for truth in truths), default=0)]


def _not(truth: Truth) -> Truth:
    return _TRUTH[2 - _RANK[truth]]


@dataclass
class _Scope:
    """What names mean in one SELECT, or in a v1 predicate."""

    account: _Account
    dialect: Dialect
    tables: Mapping[str, str]
    aliases: dict[str, Expression] = field(default_factory=dict)
    group: Sequence[Row] | None = None
    lists: dict[int, list[Any]] = field(default_factory=dict)

    # names and kinds

    def column(self, node: nodes.Column) -> tuple[str, str, str]:
        """Return a column's table in scope, its stored name, and its kind."""
        name = node.name.lower()
        for alias, table in self.tables.items():
            if node.table is not None and alias != node.table.lower():
                continue
            kind = self._kind_in(table, name)
            if kind is not None:
                return alias, _STORED.get(name, name) if table == EVENT_DATA else name, kind
        raise AssertionError(f"no such column: {node}")

    def _kind_in(self, table: str, name: str) -> str | None:
        if table == EVENT_DATA:
            if name == "contact_id":
                return TEXT if self.dialect is Dialect.V2 else None
            return _EVENT_KINDS.get(name)
        column = self.account.schema.contact_data.column(name)
        return None if column is None else _KINDS[column.type]

    def kind(self, node: Expression) -> str:
        match node:
            case nodes.String():
                return TEXT
            case nodes.Number() | nodes.Negative():
                return NUMBER
            case nodes.Timestamp():
                return TIME
            case nodes.Null():
                return NULL
            case nodes.Column():
                alias = self._alias(node)
                return self.kind(alias) if alias is not None else self.column(node)[2]
            case nodes.Path():
                return TEXT if self.dialect is Dialect.V1 else JSON
            case nodes.Binary():
                return self._sum_kind(node)
            case nodes.Call():
                return self._call_kind(node)
        return BOOLEAN

    def _alias(self, node: nodes.Column) -> Expression | None:
        return self.aliases.get(node.name.lower()) if self.group is not None and not node.table else None

    def _sum_kind(self, node: nodes.Binary) -> str:
        if isinstance(node.right, nodes.Interval):
            return TIME
        texts = node.operator is Arithmetic.ADD and TEXT in (self.kind(node.left), self.kind(node.right))
        return TEXT if texts and self.dialect is Dialect.V1 else NUMBER

    def _call_kind(self, node: nodes.Call) -> str:
        if node.name == "MAX":
            return self.kind(node.arguments[0])
        result = FUNCTIONS[node.name].result
        return BOOLEAN if result is None else _KINDS.get(result, BOOLEAN)

    # values

    def condition(self, node: Expression, row: Row) -> Truth:
        truth: Truth = self.value(node, row, BOOLEAN)
        return truth

    def value(self, node: Expression, row: Row, beside: str | None = None) -> Any:
        """Return a value as it reads beside another kind; None is NULL."""
        if isinstance(node, nodes.String) and beside == TIME and self.dialect is Dialect.V2:
            return _microseconds(read_timestamp(node.value))
        value = self._plain(node, row)
        if self.kind(node) == JSON:
            return value if beside is None else _converted(value, beside)
        return value

    def _plain(self, node: Expression, row: Row) -> Any:
        match node:
            case nodes.Boolean() | nodes.String():
                return node.value
            case nodes.Number():
                return float(node.value)
            case nodes.Null():
                return None
            case nodes.Timestamp():
                return _microseconds(read_timestamp(node.value))
            case nodes.Column():
                return self._column_value(node, row)
            case nodes.Path():
                return self._path(node, row)
            case nodes.Negative():
                value = self.value(node.operand, row, NUMBER)
                return None if value is None else _finite(-value)
            case nodes.Binary():
                return self._binary(node, row)
            case nodes.Call():
                return self._call(node, row)
        return self._truth(node, row)

    def _column_value(self, node: nodes.Column, row: Row) -> Any:
        alias = self._alias(node)
        if alias is not None:
            return self.value(alias, row)
        table, name, kind = self.column(node)
        value: Any = _domains(row[table]) if name == "email_domains" else row[table].get(name)
        if value is None or kind not in (NUMBER, TIME):
            return value
        return _double(value) if kind == NUMBER else _microseconds(value)

    def _path(self, node: nodes.Path, row: Row) -> Any:
        table, name, _ = self.column(node.column)
        value = row[table].get(name)
        if self.dialect is Dialect.V1:
            return _flat_map(value).get(node.keys[0])
        for key in node.keys:
            value = value.get(key, _MISSING) if isinstance(value, dict) else _MISSING
        return None if value is _MISSING else _JSON_NULL if value is None else value

    def _binary(self, node: nodes.Binary, row: Row) -> Any:
        kind = self.kind(node)
        if kind == TIME:
            interval = node.right
            assert isinstance(interval, nodes.Interval)
            sign = 1 if node.operator is Arithmetic.ADD else -1
            return _moved(self.value(node.left, row, TIME), interval.unit, sign * interval.amount)
        left, right = self.value(node.left, row, kind), self.value(node.right, row, kind)
        if left is None or right is None:
            return None
        return left + right if kind == TEXT else _calculated(node.operator, left, right)

    def _call(self, node: nodes.Call, row: Row) -> Any:
        match node.name, node.arguments:
            case (("NOW" | "CURRENT_TIMESTAMP"), _):
                return _microseconds(self.account.now)
            case "TIMESTAMPADD", (nodes.Column(name=word), amount, moment):
                unit = TimeUnit(word.lower().removesuffix("s"))
                return _moved(self.value(moment, row, TIME), unit, _literal(amount))
            case "MAX", (operand,):
                return self._maximum(operand)
            case (("CONTAINS" | "ARRAY_CONTAINS"), (holder, sought)):
                return self._contains(holder, sought, row)
        function = FUNCTIONS[node.name]
        values = [
            self.value(argument, row, _KINDS[function.parameter(index).type])
            for index, argument in enumerate(node.arguments)
        ]
        if None in values:
            return None
        functions: dict[str, Callable[[str], Any]] = {
            "LOWER": lambda text: "".join(map(_simple_lower, text)),
            "UPPER": lambda text: "".join(map(_simple_upper, text)),
            "LENGTH": lambda text: float(len(text)),
            "CONCAT": str,
        }
        if node.name in functions:
            return functions[node.name]("".join(values))
        assert function.evaluate is not None
        return function.evaluate(*values)  # of a function without a reading here the row is believed

    def _maximum(self, operand: Expression) -> Any:
        assert self.group is not None
        group, self.group = self.group, None
        values = [self.value(operand, row) for row in group]
        self.group = group
        return max((value for value in values if value is not None), default=None)

    def _contains(self, holder: Expression, sought: Expression, row: Row) -> Truth:
        held = self.value(holder, row, ARRAY if self.dialect is Dialect.V2 else None)
        items = sought.items if isinstance(sought, nodes.Array) else (sought,)
        values = [self.value(item, row, TEXT) for item in items]
        if held is None:
            return None
        if self.kind(holder) == JSON and self.dialect is Dialect.V1:
            held = _flat_map(held)
        return _or([None if value is None else value in held for value in values])

    # conditions

    def _truth(self, node: Expression, row: Row) -> Truth:
        match node:
            case nodes.Not(operand):
                return _not(self.condition(operand, row))
            case nodes.And(operands):
                return _and([self.condition(operand, row) for operand in operands])
            case nodes.Or(operands):
                return _or([self.condition(operand, row) for operand in operands])
            case nodes.Comparison(operator, left, right):
                return self._compared(operator, left, right, row)
        truth = self._positive(node, row)
        return _not(truth) if getattr(node, "negated", False) else truth

    def _positive(self, node: Expression, row: Row) -> Truth:
        """Return the truth of what may be negated, as if it were not."""
        match node:
            case nodes.Between(operand, low, high):
                at_least = self._compared(Comparator.GE, operand, low, row)
                return _and([at_least, self._compared(Comparator.LE, operand, high, row)])
            case nodes.In(operand, values):
                return _or([self._compared(Comparator.EQ, operand, value, row) for value in values])
            case nodes.Like(operand, nodes.String(pattern)):
                text = self.value(operand, row, TEXT)
                return None if text is None else like(text, pattern, self.dialect)
            case nodes.IsNull(operand):
                return self.value(operand, row) is None
            case nodes.IsBoolean(operand, value):
                return self.condition(operand, row) is value
            case nodes.InSubquery(operand, query):
                return self._in_subquery(operand, query, row)
        raise AssertionError(node)

    def _compared(self, operator: Comparator, left: Expression, right: Expression, row: Row) -> Truth:
        first = self.value(left, row, self.kind(right))
        return _compare(operator, first, self.value(right, row, self.kind(left)))

    def _in_subquery(self, operand: Expression, query: Select, row: Row) -> Truth:
        selected = query.items[0].expression
        scope, rows = self._subquery(query)
        value = self.value(operand, row, scope.kind(selected))
        values = [scope.value(selected, inner, self.kind(operand)) for inner in rows]
        return _or([_compare(Comparator.EQ, value, other) for other in values])

    def _subquery(self, query: Select) -> tuple[_Scope, list[Row]]:
        if id(query) not in self.lists:
            self.lists[id(query)] = list(_rows(query, self.account))
        scope, rows = self.lists[id(query)]
        return scope, rows


def _simple_lower(letter: str) -> str:
    """Return a letter's own small letter; Python gives the dotted İ a dot of its own."""
    return "i" if letter == "İ" else letter.lower()


def _simple_upper(letter: str) -> str:
    """Return a letter's own capital: of those that have two or more, title case knows the one there is."""
    return next((one for one in (letter.upper(), letter.title()) if len(one) == 1), letter)


def _compare(operator: Comparator, left: Any, right: Any) -> Truth:
    if left is None or right is None:
        return None
    truths: dict[Comparator, Callable[[], bool]] = {
        Comparator.EQ: lambda: left == right,
        Comparator.NE: lambda: left != right,
        Comparator.LT: lambda: left < right,
        Comparator.LE: lambda: left <= right,
        Comparator.GT: lambda: left > right,
        Comparator.GE: lambda: left >= right,
    }
    return truths[operator]() if operator in truths else operator.evaluate(left, right)


def _converted(value: Any, kind: str) -> Any:
    """Return a JSON value as a kind, or None where it does not convert."""
    if value is None or value is _JSON_NULL or isinstance(value, dict):
        return None
    if kind == ARRAY:
        return [value] if isinstance(value, str) else value if isinstance(value, list) else None
    if isinstance(value, list):
        return None
    as_kind: dict[str, Callable[[Any], Any]] = {
        TEXT: _json_text,
        NUMBER: _json_number,
        TIME: _json_time,
        BOOLEAN: _json_truth,
    }
    return as_kind[kind](value) if kind in as_kind else None


def _json_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    text = format(Decimal(str(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _json_number(value: Any) -> float | None:
    if not isinstance(value, str):
        return _double(value)
    unsigned = value[1:] if value[:1] in ("+", "-") else value
    whole, point, part = unsigned.partition(".")
    is_plain = unsigned.isascii() and whole.isdigit() and (part.isdigit() if point else True)
    return _finite(float(value)) if is_plain else None


def _json_time(value: Any) -> int | None:
    if isinstance(value, str):
        return _microseconds(read_timestamp(value))
    if isinstance(value, bool):
        return None
    instant = round(value * 1_000_000) + (datetime(1970, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
    last = _microseconds(_LAST)
    assert last is not None
    return instant if 0 <= instant <= last else None


def _json_truth(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _flat_map(data: Any) -> dict[str, str]:
    """Return v1's flat map of an event: the unique arguments, then the payload's own keys over them."""
    payload = data.get("payload") if isinstance(data, dict) else None
    if not isinstance(payload, dict):
        return {}
    arguments = payload.get("unique_args")
    flat = {}
    for values in (arguments if isinstance(arguments, dict) else {}, payload):
        for key, value in values.items():
            if isinstance(value, str):
                flat[key] = value
            elif isinstance(value, bool | int | float):
                flat[key] = json.dumps(value)
    return flat


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _calculated(operator: Arithmetic, left: float, right: float) -> float | None:
    if operator is Arithmetic.ADD:
        return _finite(left + right)
    if operator is Arithmetic.SUBTRACT:
        return _finite(left - right)
    if operator is Arithmetic.MULTIPLY:
        return _finite(left * right)
    if right == 0 or math.isinf(left):
        return None
    if operator is Arithmetic.DIVIDE:
        return _finite(left / right)
    return math.copysign(abs(left) % abs(right), left)


def _microseconds(moment: datetime | None) -> int | None:
    """Return an instant as microseconds since the year 1: instants compare as numbers."""
    if moment is None:
        return None
    offset = moment.utcoffset()
    assert offset is not None
    return (moment.replace(tzinfo=UTC) - _EPOCH - offset) // _MICROSECOND


def _moved(instant: int | None, unit: TimeUnit, amount: int) -> int | None:
    if instant is None:
        return None
    if unit in _SECONDS:
        moved = instant + amount * _SECONDS[unit] * 1_000_000
        last = _microseconds(_LAST)
        assert last is not None
        return moved if 0 <= moved <= last else None
    moment = _EPOCH + instant * _MICROSECOND
    months = (moment.year - 1) * 12 + moment.month - 1 + amount * (12 if unit is TimeUnit.YEAR else 1)
    if not 0 <= months < 9999 * 12:
        return None
    for day in range(moment.day, 27, -1):
        try:
            return _microseconds(moment.replace(year=months // 12 + 1, month=months % 12 + 1, day=day))
        except ValueError:
            continue
    return _microseconds(moment.replace(year=months // 12 + 1, month=months % 12 + 1))


def _literal(node: Expression) -> int:
    sign, number = (-1, node.operand) if isinstance(node, nodes.Negative) else (1, node)
    assert isinstance(number, nodes.Number)
    return sign * int(number.value)


def like(text: str, pattern: str, dialect: Dialect) -> bool:
    """Return whether a text matches a pattern: by which starts of the pattern match which of the text."""
    parts = _v1_parts(pattern) if dialect is Dialect.V1 else _v2_parts(pattern)
    reached = {0}
    for part in parts:
        if part == "any run":
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(text) and part in ("any one", text[at])}
    return len(text) in reached


def _v1_parts(pattern: str) -> list[str]:
    parts = []
    while pattern:
        if pattern.startswith("%%"):
            parts.append("%")
            pattern = pattern[2:]
        else:
            parts.append("any run" if pattern[0] == "%" else pattern[0])
            pattern = pattern[1:]
    return parts


def _v2_parts(pattern: str) -> list[str]:
    return [{"%": "any run", "_": "any one"}.get(character, character) for character in pattern]
