"""Queries built in Python: typed, immutable, and with values that are never anything but values.

>>> from sql_seg.build import column, days, event
>>> audience = (column("country") == "US") & event("open").within(days(30))
>>> query = audience.query()

What cannot be raises at the Python line that says it: a ``BuildError`` for a value or a column, TypeError for
operands that do not go together. ``&``, ``|`` and ``~`` combine conditions; ``query()`` is the v2 query, and
``query(dialect="v1")`` the v1 predicate, where v1 can say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

from sql_seg.diagnostics.source import NOWHERE
from sql_seg.diagnostics.suggestions import did_you_mean
from sql_seg.errors import SqlSegError
from sql_seg.frozen import frozen, maker
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.literals import CURRENT_TIMESTAMP, is_number, write_number, write_timestamp
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, EVENT_TYPES, SENDGRID, Schema
from sql_seg.language.strings import write_string
from sql_seg.segments.stages import check
from sql_seg.syntax import nodes
from sql_seg.syntax.parsing import parse
from sql_seg.syntax.parsing.parser import MOST_BYTES
from sql_seg.upgrading import downgrade, upgrade
from sql_seg.upgrading.maps import keys_of
from sql_seg.upgrading.patterns import starting_with

Value = str | int | float | bool | date | datetime


class BuildError(SqlSegError, ValueError):
    """What a query cannot hold: a value, a name, or a combination; the message says what to write instead."""


class _NoTruth:
    def __bool__(self) -> bool:
        raise TypeError("a condition is not true or false by itself; combine conditions with &, | and ~")


@frozen
class Condition(_NoTruth):
    """A condition on contacts, as v2 writes it: ``node`` is its syntax tree."""

    node: nodes.Expression

    def __and__(self, other: Condition) -> Condition:
        return and_(self, other)

    def __or__(self, other: Condition) -> Condition:
        return or_(self, other)

    def __invert__(self) -> Condition:
        return Condition(_negated(self.node))

    def query(self, schema: Schema | None = None, dialect: Dialect | str = Dialect.V2) -> nodes.Query:
        """Return the query for all contacts of whom this is TRUE; with a ``schema``, checked against it.

        Raises CheckError where the schema does not have what is asked for; BuildError where v1 cannot say it.
        """
        select = nodes.Select(_ITEMS, _CONTACTS, (), self.node)
        if Dialect(dialect) is Dialect.V2:
            if schema is not None:
                check(select, schema)
            return select
        made = downgrade(select, SENDGRID.as_lenient() if schema is None else schema)
        if made.query is None:
            raise BuildError(f"v1 cannot say this: {made.refusals[0]}")
        return made.query


class Operand(_NoTruth):
    """A column, a moment or a function of one: compared with values, it is a condition."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, node: nodes.Expression, type: DataType | None = None) -> None:
        self._node: Final = node
        self._type: Final = type

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(self, name):
            raise AttributeError(f"an operand never changes: {name}")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared(Comparator.EQ, other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared(Comparator.NE, other)

    def __lt__(self, other: object) -> Condition:
        return self._compared(Comparator.LT, other)

    def __le__(self, other: object) -> Condition:
        return self._compared(Comparator.LE, other)

    def __gt__(self, other: object) -> Condition:
        return self._compared(Comparator.GT, other)

    def __ge__(self, other: object) -> Condition:
        return self._compared(Comparator.GE, other)

    def is_null(self) -> Condition:
        """Return ``IS NULL``."""
        return Condition(nodes.IsNull(self._node))

    def is_not_null(self) -> Condition:
        """Return ``IS NOT NULL``."""
        return Condition(nodes.IsNull(self._node, True))

    def is_in(self, values: Iterable[Value]) -> Condition:
        """Return ``IN (…)``. Raises BuildError for no values at all."""
        return Condition(nodes.In(self._node, self._listed(values)))

    def is_not_in(self, values: Iterable[Value]) -> Condition:
        """Return ``NOT IN (…)``. Raises BuildError for no values at all."""
        return Condition(nodes.In(self._node, self._listed(values), True))

    def between(self, low: object, high: object) -> Condition:
        """Return ``BETWEEN low AND high``, both included."""
        return Condition(nodes.Between(self._node, self._beside(low), self._beside(high)))

    def like(self, pattern: str) -> Condition:
        """Return ``LIKE``: ``%`` is any text, ``_`` any one character."""
        self._must_be(DataType.VARCHAR, "LIKE takes a text")
        return Condition(nodes.Like(self._node, literal(pattern)))

    def starts_with(self, text: str) -> Condition:
        """Return the condition that a text starts with another, whatever that holds."""
        self._must_be(DataType.VARCHAR, "only a text has a start")
        literal(text)
        if "_" not in text and "%" not in text:
            return Condition(nodes.Like(self._node, nodes.String(text + "%")))
        return Condition(nodes.And(tuple(starting_with(self._node, text))))

    def ends_with(self, text: str) -> Condition:
        """Return the condition that a text ends with another.

        Raises BuildError where that holds ``_`` or ``%``.
        """
        return self._with(text, "%" + text)

    def contains(self, text: str) -> Condition:
        """Return the condition that a text has another in it, or an array an element.

        Raises BuildError where a text that is looked for in another holds ``_`` or ``%``.
        """
        if self._type is DataType.ARRAY:
            return Condition(nodes.Call("ARRAY_CONTAINS", (self._node, literal(text))))
        return self._with(text, f"%{text}%")

    def contains_any(self, texts: Iterable[str]) -> Condition:
        """Return the condition that an array holds any of some texts."""
        self._must_be(DataType.ARRAY, "only an array contains elements")
        return Condition(nodes.Call("ARRAY_CONTAINS", (self._node, nodes.Array(_literals(texts)))))

    def _with(self, text: str, pattern: str) -> Condition:
        self._must_be(DataType.VARCHAR, "LIKE takes a text")
        for mark in "_%":
            if mark in text:
                raise BuildError(
                    f"LIKE cannot look for {mark}, which stands for other text there: {text[:60]!r}"
                )
        return Condition(nodes.Like(self._node, literal(pattern)))

    def _compared(self, operator: Comparator, other: object) -> Condition:
        if other is None:
            raise BuildError("nothing equals NULL; write .is_null() or .is_not_null()")
        if isinstance(other, Operand):
            self._must_go_with(other._type, "another operand")
            return _condition(_comparison(operator, self._node, other._node, NOWHERE))
        return _condition(_comparison(operator, self._node, self._beside(other), NOWHERE))

    def _beside(self, value: object) -> nodes.Expression:
        if isinstance(value, Operand):
            return value._node
        node = literal(value)
        self._must_go_with(_type_of(value), repr(value) if len(str(value)) < 60 else "the value")
        return node

    def _listed(self, values: Iterable[Value]) -> tuple[nodes.Expression, ...]:
        if isinstance(values, str):
            raise TypeError(f"the values come as a list: [{values!r}]")
        listed = tuple([self._beside(value) for value in values])
        if not listed:
            raise BuildError("a list of no values finds nobody: leave the condition out, or give a value")
        return listed

    def _must_be(self, wanted: DataType, message: str) -> None:
        if self._type not in (None, wanted, DataType.VARIANT):
            raise TypeError(f"{message}, and this is {_said(self._type)}")

    def _must_go_with(self, other: DataType | None, what: str) -> None:
        own = self._type
        if own in (None, DataType.VARIANT, other) or other in (None, DataType.VARIANT):
            return
        if own is DataType.TIMESTAMP and other is DataType.VARCHAR:  # a text in a timestamp's form
            return
        raise TypeError(f"{_said(own)} is not compared with {_said(other)}: {what}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._node!r})"


class Moment(Operand):
    """A timestamp: a column of that type, or now; ``+`` and ``-`` move it."""

    def __init__(self, node: nodes.Expression) -> None:
        super().__init__(node, DataType.TIMESTAMP)

    def __add__(self, span: Duration) -> Moment:
        return self._moved(span.amount, span.unit)

    def __sub__(self, span: Duration) -> Moment:
        return self._moved(-span.amount, span.unit)

    def _moved(self, amount: int, unit: TimeUnit) -> Moment:
        size = nodes.Number(abs(amount))
        moved = nodes.Negative(size) if amount < 0 else size
        return Moment(nodes.Call("TIMESTAMPADD", (nodes.Column(str(unit)), moved, self._node)))


@frozen
class Duration:
    """So many units of time."""

    amount: int
    unit: TimeUnit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool):
            raise TypeError(f"an amount of time is an integer, not {self.amount!r}")


def seconds(amount: int) -> Duration:
    """Return so many seconds."""
    return Duration(amount, TimeUnit.SECOND)


def minutes(amount: int) -> Duration:
    """Return so many minutes."""
    return Duration(amount, TimeUnit.MINUTE)


def hours(amount: int) -> Duration:
    """Return so many hours."""
    return Duration(amount, TimeUnit.HOUR)


def days(amount: int) -> Duration:
    """Return so many days."""
    return Duration(amount, TimeUnit.DAY)


def weeks(amount: int) -> Duration:
    """Return so many weeks."""
    return Duration(amount, TimeUnit.WEEK)


def months(amount: int) -> Duration:
    """Return so many months."""
    return Duration(amount, TimeUnit.MONTH)


def years(amount: int) -> Duration:
    """Return so many years."""
    return Duration(amount, TimeUnit.YEAR)


def now() -> Moment:
    """Return the moment at which a segment is looked at."""
    return Moment(nodes.Call(CURRENT_TIMESTAMP))


def column(name: str, schema: Schema | None = None) -> Operand:
    """Return a column of contacts; a Moment, where it is a timestamp.

    With a ``schema`` it must be one of the account's columns. Without one, a name that is not reserved is
    taken as a custom field of any type.

    Raises BuildError for a name that is no column's.
    """
    known = (SENDGRID if schema is None else schema).contact_data.column(name)
    node = _column(name, None, NOWHERE)
    if known is None:
        if schema is not None and not schema.lenient:
            names = [found.name for found in schema.contact_data.columns.values()]
            hint = did_you_mean(name, names)
            raise BuildError(f"{CONTACT_DATA} has no column {name}{f'; {hint}' if hint else ''}")
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", name):
            raise BuildError(f"{name!r} is no column's name")
        return Operand(node)
    return Moment(node) if known.type is DataType.TIMESTAMP else Operand(node, known.type)


@frozen
class Event(Condition):
    """The condition that a contact has an event of some kind; methods say more of that same event."""

    where_: tuple[nodes.Expression, ...]

    def where(self, condition: Condition) -> Event:
        """Return the same with one more condition on the event: see ``data`` and ``event_time``."""
        return _event((*self.where_, condition.node))

    def within(self, span: Duration) -> Event:
        """Return that such an event is no older than some time."""
        return self.where(event_time() >= now() - span)

    def before(self, moment: object) -> Event:
        """Return that such an event is older than a moment."""
        return self.where(event_time() < moment)

    def since(self, moment: object) -> Event:
        """Return that such an event is of a moment, or later."""
        return self.where(event_time() >= moment)


def _event(where: tuple[nodes.Expression, ...]) -> Event:
    condition = nodes.And(where) if len(where) > 1 else where[0]
    # What a subquery may hold is looked at once, with the whole query: that takes a third off a query of 15.
    select = _subquery(_ONLY_ID, _EVENTS, (), condition, (), None, NOWHERE)
    return Event(nodes.InSubquery(_ID, select), where)


def event(type: str) -> Event:
    """Return the condition that a contact has an event of a type: open, click, delivered, and so on.

    Raises BuildError for a type that there is not.
    """
    if type not in EVENT_TYPES:
        hint = did_you_mean(type, EVENT_TYPES) or f"there are {', '.join(EVENT_TYPES)}"
        raise BuildError(f"there are no events of type {type!r}; {hint}")
    return _event((nodes.Comparison(Comparator.EQ, nodes.Column("event_type"), nodes.String(type)),))


def event_time() -> Moment:
    """Return the time of an event, inside ``Event.where``."""
    return Moment(nodes.Column("timestamp"))


def data(key: str) -> Operand:
    """Return what an event holds under a key, inside ``Event.where``: a webhook's, or a unique argument."""
    return Operand(nodes.Path(nodes.Column("data"), keys_of(key)), DataType.VARIANT)


class Last(_NoTruth):
    """The time of the last event of a kind; contacts without one are in no comparison with it."""

    def __init__(self, of: Event) -> None:
        self._of: Final = of

    def _asked(self, operator: Comparator, moment: object) -> Event:
        return self._of.where(event_time()._compared(operator, moment))

    def __lt__(self, moment: object) -> Condition:
        return self._of & ~self._asked(Comparator.GE, moment)

    def __le__(self, moment: object) -> Condition:
        return self._of & ~self._asked(Comparator.GT, moment)

    def __gt__(self, moment: object) -> Condition:
        return Condition(self._asked(Comparator.GT, moment).node)

    def __ge__(self, moment: object) -> Condition:
        return Condition(self._asked(Comparator.GE, moment).node)


def last(of: Event) -> Last:
    """Return the time of a contact's last event of a kind, to be compared with a moment."""
    return Last(of)


def in_list(list_id: str) -> Condition:
    """Return the condition that a contact is on a list."""
    return column("list_ids").contains(list_id)


def and_(*conditions: Condition | nodes.Query | str) -> Condition:
    """Return the condition that all are TRUE: conditions, queries of either dialect, or their texts."""
    return Condition(_chain(nodes.And, conditions))


def or_(*conditions: Condition | nodes.Query | str) -> Condition:
    """Return the condition that one is TRUE: conditions, queries of either dialect, or their texts."""
    return Condition(_chain(nodes.Or, conditions))


def not_(condition: Condition | nodes.Query | str) -> Condition:
    """Return the NOT of a condition: of a query, that a contact is no member."""
    if isinstance(condition, Condition):
        return ~condition
    return Condition(nodes.IsBoolean(condition_of(condition).node, True, negated=True))


def condition_of(query: nodes.Query | str) -> Condition:
    """Return the condition that a query is of: one with joins is asked by a subquery.

    Raises BuildError for a last-event query, and for a v1 query that v2 cannot say.
    """
    parsed = parse(query) if isinstance(query, str) else query
    if isinstance(parsed, nodes.Predicate):
        made = upgrade(parsed, SENDGRID.as_lenient())
        if made.query is None:
            raise BuildError(f"v2 cannot say this: {made.refusals[0]}")
        parsed = made.query
    assert isinstance(parsed, nodes.Select)
    if parsed.having is not None or len(parsed.items) > 2:
        raise BuildError("a query with MAX cannot be a part of another one; write last(event(…))")
    if not parsed.joins and parsed.table.alias is None:
        return Condition(nodes.Boolean(True) if parsed.where is None else parsed.where)
    own = nodes.Column("contact_id", parsed.table.alias or parsed.table.name)
    inner = nodes.Select((nodes.SelectItem(own),), parsed.table, parsed.joins, parsed.where)
    return Condition(nodes.InSubquery(_ID, inner))


def _chain(
    kind: type[nodes.And] | type[nodes.Or], conditions: Iterable[Condition | nodes.Query | str]
) -> nodes.Expression:
    flat: list[nodes.Expression] = []
    for condition in conditions:
        node = condition.node if isinstance(condition, Condition) else condition_of(condition).node
        if isinstance(node, kind):
            flat += node.operands
        else:
            flat.append(node)
    if not flat:
        raise BuildError("there is no condition to combine")
    return _chains[kind](tuple(flat), NOWHERE) if len(flat) > 1 else flat[0]


def _negated(node: nodes.Expression) -> nodes.Expression:
    if isinstance(node, nodes.InSubquery):
        return nodes.InSubquery(node.operand, node.query, not node.negated)
    return nodes.Not(node)


def literal(value: object) -> nodes.Expression:
    """Return a value as a literal of a query, whatever it holds.

    Raises BuildError for what no query can hold, TypeError for what is no value.
    """
    if isinstance(value, str):
        return _string(_text(value), NOWHERE)
    if isinstance(value, bool):
        return nodes.Boolean(value)
    if isinstance(value, int | float):
        if not is_number(value):
            raise BuildError(f"{value!r} is no finite number")
        return nodes.Negative(nodes.Number(-value)) if value < 0 else nodes.Number(abs(value))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BuildError("a datetime needs a time zone: datetime(…, tzinfo=UTC)")
        return nodes.String(write_timestamp(value.astimezone(UTC)))
    if isinstance(value, date):
        return nodes.String(value.isoformat())
    if value is None:
        raise BuildError("NULL is no value to compare with; write .is_null() or .is_not_null()")
    raise TypeError(f"a value is a text, a number, a truth, a date or a datetime, not {type(value).__name__}")


def _literals(values: Iterable[Value]) -> tuple[nodes.Expression, ...]:
    if isinstance(values, str):
        raise TypeError(f"the values come as a list: [{values!r}]")
    return tuple(map(literal, values))


def _text(value: str) -> str:
    if value.isascii():
        size = len(value)
    else:
        try:
            size = len(value.encode())
        except UnicodeEncodeError as error:
            half = value[error.start]
            raise BuildError(
                f"the text holds {half!r}, half of a surrogate pair, which is no character"
            ) from None
    if size >= MOST_BYTES:
        raise BuildError(f"the text has {size:,} bytes; a whole query has at most {MOST_BYTES:,}")
    return value


def _type_of(value: object) -> DataType:
    if isinstance(value, bool):
        return DataType.BOOLEAN
    if isinstance(value, int | float):
        return DataType.NUMBER
    return DataType.TIMESTAMP if isinstance(value, date) else DataType.VARCHAR


def _said(kind: DataType | None) -> str:
    return "an unknown type" if kind is None else f"a {kind.name_in(Dialect.V2)}"


def quote(value: object, dialect: Dialect | str = Dialect.V2) -> str:
    """Return a value as the text of a literal, in either dialect: it can be nothing but that value.

    Raises BuildError for what no query can hold, TypeError for what is no value.
    """
    chosen = Dialect(dialect)
    node = literal(value)
    if isinstance(node, nodes.String):
        written = write_string(node.value, chosen)
        return f"TIMESTAMP {written}" if chosen is Dialect.V1 and isinstance(value, date) else written
    if isinstance(node, nodes.Boolean):
        return "TRUE" if node.value else "FALSE"
    size = node.operand if isinstance(node, nodes.Negative) else node
    assert isinstance(size, nodes.Number)
    return "-" * isinstance(node, nodes.Negative) + write_number(size.value)


_PLACE = re.compile(r"\{\{|\}\}|\{(\w+)\}|[{}]")


def render(template: str, dialect: Dialect | str | None = None, **values: Any) -> str:
    """Return a query's text with ``{name}`` replaced by values as literals; ``{{`` and ``}}`` are braces.

    A list becomes ``(…, …)``, for IN. ``dialect`` None is detected. Each placeholder stands where a
    literal can: not in quotes, which the literal brings along.

    Raises BuildError for a placeholder without a value, a value without a placeholder, or one in quotes.
    """
    from sql_seg.language.dialects import detect_dialect

    chosen = detect_dialect(template) if dialect is None else Dialect(dialect)
    used: set[str] = set()
    parts: list[str] = []
    places: list[tuple[int, int, str]] = []
    end = length = 0
    for found in _PLACE.finditer(template):
        parts.append(template[end : found.start()])
        length += len(parts[-1])
        name = found[1]
        if name is None and found[0] not in ("{{", "}}"):
            raise BuildError(
                f"a lone {found[0]} at {found.start()}: write {{name}}, or {found[0] * 2} for itself"
            )
        written = found[0][0] if name is None else _rendered(name, values, chosen)
        if name is not None:
            used.add(name)
            places.append((length, length + len(written), name))
        parts.append(written)
        length += len(written)
        end = found.end()
    unused = values.keys() - used
    if unused:
        raise BuildError(f"the template has no {{{min(unused)}}}")
    text = "".join([*parts, template[end:]])
    _refuse_quoted(text, chosen, places)
    return text


def _rendered(name: str, values: dict[str, Any], dialect: Dialect) -> str:
    if name not in values:
        raise BuildError(f"there is no value for {{{name}}}")
    value = values[name]
    if isinstance(value, list | tuple | set | frozenset):
        if not value:
            raise BuildError(f"{{{name}}} is a list of no values, which IN does not take")
        return f"({', '.join(quote(item, dialect) for item in value)})"
    return quote(value, dialect)


def _refuse_quoted(text: str, dialect: Dialect, places: list[tuple[int, int, str]]) -> None:
    """Raise BuildError where a literal is no token by itself: inside quotes, a name, or a comment."""
    from sql_seg.syntax.parsing.tokens import tokenize

    read = tokenize(text, dialect)
    starts = {token.start for token in read.tokens}
    ends = {token.end for token in read.tokens}
    for start, end, name in places:
        if start not in starts or end not in ends:
            raise BuildError(
                f"{{{name}}} stands in quotes, in a name or in a comment: write it alone, without quotes"
            )


def to_python(query: nodes.Query | str) -> str:
    """Return the Python expression that builds a query again; of a v1 query, its v2 form.

    What the builder has no words for stands as ``condition_of("SELECT …")``.
    """
    return _python(condition_of(query).node, 0)


def _python(node: nodes.Expression, level: int) -> str:
    """Return Python for a condition, in parentheses where it stands below a tighter operator.

    ``level`` is 2 in ``|``, 3 in ``&`` and below ``~``.
    """
    if isinstance(node, (nodes.And, nodes.Or)):
        own, word = (2, " & ") if isinstance(node, nodes.And) else (1, " | ")
        if any(isinstance(part, type(node)) for part in node.operands):
            return _as_text(node)
        written = word.join(_python(part, own + 1) for part in node.operands)
        return f"({written})" if level > own else written
    if isinstance(node, nodes.Not):
        return f"~{_python(node.operand, 3)}"
    said = _python_of_test(node)
    if said is None:
        return _as_text(node)
    is_operator = isinstance(node, nodes.Comparison)
    return f"({said})" if is_operator and level else said


def _python_of_test(node: nodes.Expression) -> str | None:
    match node:
        case nodes.Comparison(operator, nodes.Column(name, None) as left, right):
            value = _python_value(right, name)
            word = "==" if operator is Comparator.EQ else operator.value
            return None if value is None else f"{_python_column(left)} {word} {value}"
        case nodes.In(nodes.Column(name, None) as left, values, negated):
            listed = [_python_value(value, name) for value in values]
            method = "is_not_in" if negated else "is_in"
            known = [value for value in listed if value is not None]
            return (
                f"{_python_column(left)}.{method}([{', '.join(known)}])"
                if len(known) == len(listed)
                else None
            )
        case nodes.Between(nodes.Column(name, None) as left, low, high, False):
            bounds = [_python_value(low, name), _python_value(high, name)]
            return None if None in bounds else f"{_python_column(left)}.between({bounds[0]}, {bounds[1]})"
        case nodes.Like(nodes.Column(_, None) as left, nodes.String(pattern), False):
            return f"{_python_column(left)}.like({pattern!r})"
        case nodes.IsNull(nodes.Column(_, None) as left, negated):
            return f"{_python_column(left)}.is_{'not_' * negated}null()"
        case nodes.Call("ARRAY_CONTAINS", (nodes.Column("list_ids", None), nodes.String(value))):
            return f"in_list({value!r})"
        case nodes.InSubquery(nodes.Column("contact_id", None), query, negated):
            said = _python_event(query)
            return None if said is None else "~" * negated + said
    return None


def _python_event(query: nodes.Select) -> str | None:
    where = query.where
    if query.table != nodes.Table(EVENT_DATA) or query.joins or where is None:
        return None
    match where:
        case nodes.Comparison(Comparator.EQ, nodes.Column("event_type", None), nodes.String(kind)):
            return f'event("{kind}")' if kind in EVENT_TYPES else None
        case nodes.And((first, nodes.Comparison(Comparator.GE, nodes.Column("timestamp", None), moment))):
            own = _python_event(nodes.Select(query.items, query.table, (), first))
            value = _python_value(moment, "timestamp")
            return None if own is None or value is None else f"{own}.since({value})"
    return None


def _python_column(node: nodes.Column) -> str:
    return f"column({node.name!r})"


def _python_value(node: nodes.Expression, name: str) -> str | None:
    match node:
        case nodes.String(value) | nodes.Number(value) | nodes.Boolean(value):
            return repr(value)
        case nodes.Negative(nodes.Number(value)):
            return f"-{value!r}"
        case nodes.Column(_, None):
            return _python_column(node)
        case nodes.Call("CURRENT_TIMESTAMP", ()):
            return "now()"
        case nodes.Call("TIMESTAMPADD", (nodes.Column(unit), amount, moment)):
            inner = _python_value(moment, name)
            sign, size = ("-", amount.operand) if isinstance(amount, nodes.Negative) else ("+", amount)
            known = TimeUnit.read(unit, Dialect.V2)
            is_moment = inner is not None and (inner.startswith("now()") or isinstance(moment, nodes.Column))
            if not is_moment or known != unit or not isinstance(size, nodes.Number) or size.value == 0:
                return None
            return f"{inner} {sign} {unit}s({size.value})"
    return None


def _as_text(node: nodes.Expression) -> str:
    from sql_seg.syntax.formatting import to_text

    return f"condition_of({to_text(nodes.Select(_ITEMS, _CONTACTS, (), node))!r})"


_ID = nodes.Column("contact_id")
_ITEMS = (nodes.SelectItem(_ID), nodes.SelectItem(nodes.Column("updated_at")))
_CONTACTS = nodes.Table(CONTACT_DATA)
_EVENTS = nodes.Table(EVENT_DATA)
_ONLY_ID = (nodes.SelectItem(_ID),)
_subquery, _column = maker(nodes.Select), maker(nodes.Column)
_comparison, _string = maker(nodes.Comparison), maker(nodes.String)
_chains = {kind: maker(kind) for kind in (nodes.And, nodes.Or)}
_condition = maker(Condition)
