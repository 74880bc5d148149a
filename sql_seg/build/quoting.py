"""Values as literals: whatever they hold, they are nothing but values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sql_seg.diagnostics.source import NOWHERE
from sql_seg.errors import SqlSegError
from sql_seg.frozen import new
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import is_number, write_number, write_string
from sql_seg.language.timestamps import write_timestamp
from sql_seg.syntax import nodes
from sql_seg.syntax.parsing.parser import MOST_BYTES

_Kind = TypeVar("_Kind")
PythonValue = str | int | float | bool | date | datetime


class BuildError(SqlSegError, ValueError):
    """What a query cannot hold: a value, a name, or a combination; the message says what to write instead."""


def must_be(kind: type[_Kind], value: object, what: str) -> _Kind:
    """Return a value. Raises TypeError for one of another type, with ``what`` it must be; True is no int."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{what}, not {value!r}")
    return value


def literal(value: object) -> nodes.Expression:
    """Return a value as a literal of a query, whatever it holds.

    Raises BuildError for what no query can hold, TypeError for what is no value.
    """
    if isinstance(value, str):
        return new[nodes.String](_text(value), NOWHERE)
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


def literals(values: Iterable[PythonValue]) -> tuple[nodes.Expression, ...]:
    """Return values as literals of a query. Raises TypeError for a text in place of a list."""
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


def type_of(value: object) -> DataType:
    """Return the type that a value has in a query."""
    if isinstance(value, bool):
        return DataType.BOOLEAN
    if isinstance(value, int | float):
        return DataType.NUMBER
    return DataType.TIMESTAMP if isinstance(value, date) else DataType.VARCHAR


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
    literal can: not in quotes, which the literal contains.

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
