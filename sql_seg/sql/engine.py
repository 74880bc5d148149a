"""What there is to know of an engine: a table of templates, and how values and names are written in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sql_seg.errors import UnsupportedSqlError
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import DataType
from sql_seg.sql.fragments import Level, Sql, Template, has_control_characters, is_bare

MOST_REPEATED = 160
"""A template that needs an operand twice repeats its text up to this length, and binds it once beyond: what
is nested does not double with each level."""


@frozen
class Unsupported:
    """An operation that an engine does not have, and why."""

    reason: str


Operation = Template | Unsupported


@frozen
class Engine:
    """An engine's reading: ``rows`` are its operations, ``functions`` how it writes the language's.

    ``text`` writes a text as a literal, ``delimited`` a name in delimiters, ``path`` the keys of a path into
    JSON. ``is_run`` says that the tests ask the engine itself; the others are rendered from their manuals.
    ``finds_nulls`` says that IN is NULL where only a NULL could be what it looks for, as SQL has it;
    ``exists`` that it takes EXISTS over a subquery that names the contact outside.
    """

    name: str
    title: str
    rows: Mapping[str, Operation]
    functions: Mapping[str, Operation]
    types: Mapping[DataType, str]
    text: Callable[[str], Sql]
    delimited: Callable[[str], str]
    path: Callable[[tuple[str, ...]], str]
    is_run: bool = True
    exists: bool = True
    finds_nulls: bool = True
    table_alias: str = " AS "
    years: tuple[int, int] = (1, 9999)
    years_reason: str = ""
    unlike: Callable[[str], str | None] = field(default=lambda _: None)
    """Why a text cannot be held, or None."""

    def __call__(self, operation: str, *operands: Sql | str) -> Sql:
        """Return an operation over its operands. Raises UnsupportedSqlError for one that is a gap."""
        return self._written(self.rows[operation], operands)

    def function(self, name: str, *operands: Sql) -> Sql:
        """Return a function of the language over its operands. Raises UnsupportedSqlError for a gap."""
        return self._written(self.functions[name], operands)

    def _written(self, row: Operation, operands: tuple[Sql | str, ...]) -> Sql:
        if isinstance(row, Unsupported):
            raise UnsupportedSqlError(self.title, row.reason)
        return row(*operands)

    def guarded(self, operation: str, *operands: Sql) -> Sql:
        """Return an operation whose row for long operands, if it has one, binds them once."""
        once = f"{operation} once"
        is_long = sum(len(operand.text) for operand in operands) > MOST_REPEATED
        return self(once if is_long and once in self.rows else operation, *operands)

    def identifier(self, name: str) -> str:
        """Return a name as the engine reads it. Raises UnsupportedSqlError for control characters."""
        if is_bare(name):
            return name
        if not name or has_control_characters(name):
            raise UnsupportedSqlError(self.title, f"{name!r} cannot be the name of a column or table")
        return self.delimited(name)

    def null(self, data_type: DataType) -> Sql:
        """Return NULL, of a type where there is one."""
        if data_type not in self.types:
            return Sql("NULL")
        return Sql(f"CAST(NULL AS {self.types[data_type]})")

    def value(self, value: str | float | bool | datetime, *, exactly: bool = False) -> Sql:
        """Return a value as a literal; ``exactly`` where a number must be a double by itself."""
        if isinstance(value, bool):
            return Sql("TRUE" if value else "FALSE")
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, (int, float)):
            return self._number(value, exactly)
        return self._moment(value)

    def _text(self, value: str) -> Sql:
        reason = self.unlike(value)
        if reason is None and any("\ud800" <= character <= "\udfff" for character in value):
            reason = f"{value!r} has half a surrogate pair, which is no text in UTF-8"
        if reason is not None:
            raise UnsupportedSqlError(self.title, reason)
        return self.text(value)

    def _number(self, value: float, exactly: bool) -> Sql:
        if not exactly and float(value).is_integer() and abs(value) <= _SMALL:
            return Sql(str(int(value)), Level.ATOM if value >= 0 else Level.UNARY)
        # an engine that finds values by their bits tells -0 from 0
        text = repr(float(value) + 0.0).replace("e+", "e").removesuffix(".0")
        made = self("double", text if "e" in text else text + "e0")
        return Sql(made.text, Level.UNARY) if text.startswith("-") else made

    def _moment(self, value: datetime) -> Sql:
        moment = value.astimezone(UTC)
        first, last = self.years
        if not first <= moment.year <= last:
            raise UnsupportedSqlError(self.title, self.years_reason.format(moment.year))
        return self("moment", moment.replace(tzinfo=None).isoformat(sep=" "))


_SMALL = 10**9
"""Integers up to this are written plainly: beside a double every engine reads them as the double they are."""
