"""The core form as SQL: each kind of term is one method, each operation a row of the engine's table.

A condition is written in one of two ways. ``true`` need only be right about what is TRUE: NULL may come out
as FALSE, which lets a test of events be a plain IN. ``value`` is right about NULL too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sql_seg.core import terms as core
from sql_seg.evaluate.kinds import is_null
from sql_seg.evaluate.planning import rows_of
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.sql.engine import Engine
from sql_seg.sql.fragments import Level, Sql, continued, indented, joined
from sql_seg.sql.patterns import like
from sql_seg.sql.reducing import folded, without_event
from sql_seg.sql.tables import Tables

_COMPARISONS = {
    Comparator.EQ: "=",
    Comparator.NE: "<>",
    Comparator.LT: "<",
    Comparator.LE: "<=",
    Comparator.GT: ">",
    Comparator.GE: ">=",
}
_CALCULATIONS = {
    Arithmetic.ADD: "add",
    Arithmetic.SUBTRACT: "subtract",
    Arithmetic.MULTIPLY: "multiply",
    Arithmetic.DIVIDE: "divide",
    Arithmetic.MODULO: "modulo",
}
_JSON = {
    DataType.VARCHAR: "json text",
    DataType.NUMBER: "json number",
    DataType.TIMESTAMP: "json timestamp",
    DataType.BOOLEAN: "json boolean",
    DataType.VARIANT: "json any",
}


class Renderer:
    """Writes terms of one query for an engine, over tables, at one ``now``."""

    def __init__(self, engine: Engine, tables: Tables, now: datetime, contact: str = "c") -> None:
        self._engine = engine
        self._tables = tables
        self._now = now
        self._aliases = {core.THE_CONTACT: contact}
        self._maxima: Sequence[Sql] = ()

    # conditions of which only TRUE counts

    def true(self, term: core.Term) -> Sql:
        """Return SQL that is TRUE just where a condition is; where that is NULL, it may be FALSE."""
        if isinstance(term, core.All):
            return self._joined("AND", term.operands, self.true)
        if isinstance(term, core.AnyOf):
            return self._joined("OR", term.operands, self.true)
        if isinstance(term, core.TruthTest) and term.value:
            return self.true(term.operand)
        if isinstance(term, core.SomeEvent):
            return self._some_event(term, self._with_events)
        if isinstance(term, core.LastEvent):
            return self._last_event(term)
        return Sql("FALSE") if is_null(term) else self.value(term)

    # values, three-valued

    def value(self, term: core.Term) -> Sql:
        """Return SQL that has the value of a term; NULL where it is NULL."""
        return _VALUES[type(term)](self, term)

    def _constant(self, term: core.Constant) -> Sql:
        return self._engine.null(term.type) if term.value is None else self._engine.value(term.value)

    def _column(self, term: core.ColumnValue) -> Sql:
        return self._of_row(term.row, term.name)

    def _of_row(self, row: int, name: str) -> Sql:
        column = self._tables.column(name, of_contact=self._is_contact(row))
        return Sql(f"{self._alias(row)}.{self._engine.identifier(column)}")

    def _is_contact(self, row: int) -> bool:
        return self._aliases.get(row, "e").startswith("c")

    def _alias(self, row: int) -> str:
        return self._aliases.setdefault(row, f"e{row}")

    def _json(self, term: core.JsonValue) -> Sql:
        return self._at_path(_JSON[term.type], term.row, term.keys)

    def _at_path(self, operation: str, row: int, keys: tuple[str, ...]) -> Sql:
        """Return an operation over what stands at a path of an event's data, or in a column of its own."""
        own = self._tables.paths.get(keys)
        if own is not None:
            column = Sql(f"{self._alias(row)}.{self._engine.identifier(own)}")
            return self._engine(operation, column, self._engine.path(()))
        return self._engine(operation, self._of_row(row, "data"), self._engine.path(keys))

    def _map_value(self, term: core.MapValue) -> Sql:
        own = self._at_path("map text", term.row, ("payload", term.key))
        argument = self._at_path("map text", term.row, ("payload", "unique_args", term.key))
        return Sql(f"coalesce({own}, {argument})")

    def _has_key(self, term: core.HasKey) -> Sql:
        data = self._of_row(term.row, "data")
        if isinstance(term.key, core.Constant):
            found = self._map_value(core.MapValue(term.row, str(term.key.value)))
            return self._engine("where not null", data, self._engine("is not null", found))
        return self._engine("has key", data, self.value(term.key))

    def _current_time(self, _: core.Now) -> Sql:
        return self._engine.value(self._now)

    def _negated(self, term: core.Negated) -> Sql:
        return self._finite(self._raw_number(term))

    def _calculation(self, term: core.Calculation) -> Sql:
        return self._finite(self._raw_number(term))

    def _finite(self, number: Sql) -> Sql:
        return self._engine.guarded("finite", number)

    def _raw_number(self, term: core.Term) -> Sql:
        """Return a number that is no finite double where the term's value does not exist.

        What follows of such a number is none either, but by division: so a divisor is looked at by itself.
        """
        if isinstance(term, core.Negated):
            return self._engine("negate", self._raw_number(term.operand))
        if isinstance(term, core.Calculation):
            left, right = self._raw_number(term.left), self._raw_number(term.right)
            if term.operator is Arithmetic.DIVIDE and isinstance(
                term.right, (core.Calculation, core.Negated)
            ):
                right = self._finite(right)
            elif term.operator is Arithmetic.MODULO and not isinstance(term.right, core.Constant):
                right = self._engine.guarded("divisor", right)
            return self._engine(_CALCULATIONS[term.operator], left, right)
        if isinstance(term, core.Constant):
            return self._engine.value(term.value, exactly=True)  # type: ignore[arg-type]
        number = self.value(term)
        return self._engine("as double", number) if isinstance(term, core.Applied) else number

    def _shifted(self, term: core.ShiftedTime) -> Sql:
        unit = self._engine(f"add {term.unit.value}s", self.value(term.operand), str(term.amount))
        return self._engine.guarded("in years", unit)

    def _applied(self, term: core.Applied) -> Sql:
        operands = [self.value(operand) for operand in term.operands]
        if term.function == "CONCAT":
            made = operands[0]
            for operand in operands[1:]:
                made = self._engine("concat", made, operand)
            return made
        return self._engine(term.function.lower(), *operands)

    def _maximum(self, term: core.Maximum) -> Sql:
        return self._maxima[term.index]

    def _compared(self, term: core.Compared) -> Sql:
        operator, left, right = term.operator, term.left, term.right
        if isinstance(left, core.Constant) and not isinstance(right, core.Constant):
            operator, left, right = operator.mirrored, right, left
        if (
            operator is Comparator.EQ
            and isinstance(right, core.Constant)
            and self._is_plain_path(left, right)
        ):
            return self._engine("=", self._plain_path(left), self.value(right))
        return self._engine(self._comparison(operator, left.type), self.value(left), self.value(right))

    def _comparison(self, operator: Comparator, data_type: DataType) -> str:
        name = _COMPARISONS[operator]
        return f"text {name}" if operator.is_ordering and data_type is DataType.VARCHAR else name

    def _is_plain_path(self, term: core.Term, *values: core.Constant) -> bool:
        """Return whether a path equals texts just where its JSON value, of any kind, is that text."""
        return (
            isinstance(term, core.JsonValue)
            and term.type is DataType.VARCHAR
            and all(map(_only_text, values))
        )

    def _plain_path(self, term: core.Term) -> Sql:
        assert isinstance(term, core.JsonValue)
        return self._at_path("json plain", term.row, term.keys)

    def _one_of(self, term: core.OneOf, negated: bool = False) -> Sql:
        values = [self._engine.value(value) for value in term.values]
        constants = [core.Constant(value, data_type=term.operand.type) for value in term.values]
        if not negated and self._is_plain_path(term.operand, *constants):
            operand = self._plain_path(term.operand)
        else:
            operand = self.value(term.operand)
        if term.or_null:
            values.append(self._engine.null(term.operand.type))
        return self._engine("not in" if negated else "in", operand, ", ".join(map(str, values)))

    def _matched(self, term: core.Matched, negated: bool = False) -> Sql:
        return like(self._engine, self.value(term.operand), term.pattern, negated=negated)

    def _contains_any(self, term: core.ContainsAny) -> Sql:
        array = self.value(term.array)
        known = [
            value for value in term.values if isinstance(value, core.Constant) and value.value is not None
        ]
        others = [value for value in term.values if value not in known]
        found: list[Sql] = []
        if len(known) > 1:
            values = ", ".join(str(self.value(value)) for value in known)
            found.append(self._engine("array has any", array, values))
        elif known:
            found.append(self._engine("array has", array, self.value(known[0])))
        for value in others:
            if is_null(value):
                found.append(self._engine.null(DataType.BOOLEAN))
            else:
                found.append(self._engine("array has value", array, self.value(value)))
        return joined("OR", found, Level.OR)

    def _null_test(self, term: core.NullTest, negated: bool = False) -> Sql:
        return self._engine("is not null" if negated else "is null", self.value(term.operand))

    def _truth_test(self, term: core.TruthTest, negated: bool = False) -> Sql:
        words = f"is {'not ' * negated}{'true' if term.value else 'false'}"
        return self._engine(words, self.value(term.operand))

    def _inverse(self, term: core.Inverse) -> Sql:
        operand = term.operand
        if isinstance(operand, core.Compared):
            return self._compared(replace(operand, operator=operand.operator.negated))
        if isinstance(operand, core.Inverse):
            return self.value(operand.operand)
        write = _NEGATED.get(type(operand))
        return self._engine("not", self.value(operand)) if write is None else write(self, operand, True)

    def _all(self, term: core.All) -> Sql:
        return self._joined("AND", term.operands, self.value)

    def _any_of(self, term: core.AnyOf) -> Sql:
        return self._joined("OR", term.operands, self.value)

    def _joined(self, word: str, operands: Sequence[core.Term], write: Callable[[core.Term], Sql]) -> Sql:
        return joined(word, [write(operand) for operand in operands], Level[word])

    # tests of events

    def _some_event(self, term: core.SomeEvent, write: Callable[..., Sql] | None = None) -> Sql:
        write = self._exists if write is None else write
        some = write(term.rows, term.condition)
        if not term.or_none:
            return some
        alone = folded(without_event(term.condition, term.rows), self._now)
        if is_null(alone) or alone == core.Constant(False, data_type=DataType.BOOLEAN):
            return some
        nobody = self._engine("not", self._with_events(term.rows, _ALWAYS, never_null=True))
        if alone == _ALWAYS:
            return joined("OR", [some, nobody], Level.OR)
        of_contact = self._engine("is true", self.value(alone)) if write == self._exists else self.true(alone)
        return joined("OR", [some, joined("AND", [nobody, of_contact], Level.AND)], Level.OR)

    def _exists(self, rows: tuple[int, ...], condition: core.Term) -> Sql:
        """Return a test of events that is never NULL."""
        return self._with_events(rows, condition, never_null=True)

    def _with_events(self, rows: tuple[int, ...], condition: core.Term, never_null: bool = False) -> Sql:
        """Return whether there are events, one for each row, for which a condition is TRUE."""
        of_contact = rows_of(condition) - set(rows)
        if of_contact or never_null:
            if self._engine.exists:
                return self._exists_over(rows, condition)
            test = self._among_joined(rows, condition) if of_contact else self._among(rows, condition)
            return self._engine("never null", test)
        return self._among(rows, condition)

    def _exists_over(self, rows: tuple[int, ...], condition: core.Term) -> Sql:
        contact = self._of_row(core.THE_CONTACT, "contact_id")
        where = [self._engine("=", self._of_row(row, "contact_id"), contact) for row in rows]
        query = self._select("1", [self._events(row) for row in rows], [*where, *self._conjuncts(condition)])
        return self._engine("exists", indented(query, 2))

    def _among(self, rows: tuple[int, ...], condition: core.Term, tail: str = "") -> Sql:
        """Return whether the contact's id is among those of events for which a condition is TRUE."""
        first = self._of_row(rows[0], "contact_id")
        where = [self._engine("=", self._of_row(row, "contact_id"), first) for row in rows[1:]]
        tables = [self._events(row) for row in rows]
        query = self._select(str(first), tables, [*where, *self._conjuncts(condition)]) + tail
        return self._in(self._of_row(core.THE_CONTACT, "contact_id"), query)

    def _among_joined(self, rows: tuple[int, ...], condition: core.Term) -> Sql:
        """Return the same of a condition that names the contact, joined inside the subquery."""
        contact = self._of_row(core.THE_CONTACT, "contact_id")
        with self._inner_contact():
            inner = self._of_row(core.THE_CONTACT, "contact_id")
            where = [self._engine("=", self._of_row(row, "contact_id"), inner) for row in rows]
            tables = [self._contacts(core.THE_CONTACT), *map(self._events, rows)]
            query = self._select(str(inner), tables, [*where, *self._conjuncts(condition)])
        return self._in(contact, query)

    def _last_event(self, term: core.LastEvent) -> Sql:
        """Return whether HAVING is TRUE of the maxima over the contact's events."""
        if not term.rows:
            return self._last_of_contact(term)
        read = rows_of(term.condition).union(*map(rows_of, term.maxima), rows_of(term.having)) - set(
            term.rows
        )
        if not read:
            return self._grouped(term, [self._of_row(term.rows[0], "contact_id")])
        contact = self._of_row(core.THE_CONTACT, "contact_id")
        with self._inner_contact():
            inner = self._of_row(core.THE_CONTACT, "contact_id")
            return self._grouped(term, [inner, *self._read_in_having(term)], contact)

    def _read_in_having(self, term: core.LastEvent) -> list[Sql]:
        """Return the contact's columns that HAVING names, by itself or as a maximum of what is no event's."""
        terms = [term.having, *[maximum for maximum in term.maxima if not rows_of(maximum) & set(term.rows)]]
        names = {
            inner.name
            for part in terms
            for inner in core.walk(part)
            if isinstance(inner, core.ColumnValue) and inner.row == core.THE_CONTACT
        }
        return [self._of_row(core.THE_CONTACT, name) for name in sorted(names - {"contact_id"})]

    def _grouped(self, term: core.LastEvent, keys: list[Sql], contact: Sql | None = None) -> Sql:
        rows = term.rows
        tables = [self._events(row) for row in rows]
        first, others = self._of_row(rows[0], "contact_id"), rows[1:]
        if contact is not None:
            tables.insert(0, self._contacts(core.THE_CONTACT))
            first, others = keys[0], rows
        where = [self._engine("=", self._of_row(row, "contact_id"), first) for row in others]
        where += self._conjuncts(term.condition)
        outer, self._maxima = self._maxima, [self._largest(maximum, rows) for maximum in term.maxima]
        having = self.true(term.having)
        self._maxima = outer
        tail = f"\nGROUP BY {', '.join(map(str, keys))}\n{continued('HAVING', having)}"
        query = self._select(str(keys[0]), tables, where) + tail
        return self._in(contact or self._of_row(core.THE_CONTACT, "contact_id"), query)

    def _largest(self, maximum: core.Term, rows: tuple[int, ...]) -> Sql:
        """Return a maximum over events; of what says nothing of an event, that itself."""
        value = self.value(maximum)
        if not rows_of(maximum) & set(rows):
            return value
        return self._engine("max text" if maximum.type is DataType.VARCHAR else "max", value)

    def _last_of_contact(self, term: core.LastEvent) -> Sql:
        outer, self._maxima = self._maxima, [self.value(maximum) for maximum in term.maxima]
        parts = [self.true(term.condition)] * (term.condition != _ALWAYS) + [self.true(term.having)]
        self._maxima = outer
        return joined("AND", parts, Level.AND)

    def _never_null_last_event(self, term: core.LastEvent) -> Sql:
        return self._engine("never null", self._last_event(term))

    def _in_subquery(self, term: core.InSubquery, negated: bool = False) -> Sql:
        operand = self.value(term.operand)
        query = self._subquery(term.subquery)
        return self._in(operand, query, negated=negated)

    def _subquery(self, subquery: core.Subquery) -> str:
        tables, where = [], []
        if subquery.contact is not None:
            self._aliases[subquery.contact] = f"c{subquery.contact}"
            tables.append(self._contacts(subquery.contact))
        tables += [self._events(row) for row in subquery.events]
        rows = [row for row in (subquery.contact, *subquery.events) if row is not None]
        first = self._of_row(rows[0], "contact_id")
        where = [self._engine("=", self._of_row(row, "contact_id"), first) for row in rows[1:]]
        value = str(self.value(subquery.value))
        return self._select(value, tables, [*where, *self._conjuncts(subquery.condition)])

    # parts of statements

    def _conjuncts(self, condition: core.Term) -> list[Sql]:
        if condition == _ALWAYS:
            return []
        operands = condition.operands if isinstance(condition, core.All) else (condition,)
        return [self.true(operand) for operand in operands]

    def _select(self, what: str, tables: list[str], where: list[Sql]) -> str:
        lines = [f"SELECT {what}", "FROM " + ", ".join(tables)]
        if where:
            lines.append(continued("WHERE", joined("AND", where, Level.AND)))
        return "\n".join(lines)

    def _in(self, operand: Sql, query: str, negated: bool = False) -> Sql:
        return self._engine("not in query" if negated else "in query", operand, indented(query, 2))

    def _events(self, row: int) -> str:
        return f"{self._tables.events}{self._engine.table_alias}{self._alias(row)}"

    def _contacts(self, row: int) -> str:
        return f"{self._tables.contacts}{self._engine.table_alias}{self._alias(row)}"

    def _inner_contact(self) -> _Alias:
        return _Alias(self._aliases, core.THE_CONTACT, "c0")


class _Alias:
    """Calls a row by another alias for a while."""

    def __init__(self, aliases: dict[int, str], row: int, alias: str) -> None:
        self._aliases, self._row, self._alias = aliases, row, alias

    def __enter__(self) -> None:
        self._before = self._aliases[self._row]
        self._aliases[self._row] = self._alias

    def __exit__(self, *_: object) -> None:
        self._aliases[self._row] = self._before


_ALWAYS = core.Constant(True, data_type=DataType.BOOLEAN)

_VALUES: dict[type, Callable[[Renderer, Any], Sql]] = {
    core.Constant: Renderer._constant,
    core.ColumnValue: Renderer._column,
    core.JsonValue: Renderer._json,
    core.MapValue: Renderer._map_value,
    core.HasKey: Renderer._has_key,
    core.Now: Renderer._current_time,
    core.Negated: Renderer._negated,
    core.Calculation: Renderer._calculation,
    core.ShiftedTime: Renderer._shifted,
    core.Applied: Renderer._applied,
    core.Maximum: Renderer._maximum,
    core.Compared: Renderer._compared,
    core.OneOf: Renderer._one_of,
    core.Matched: Renderer._matched,
    core.ContainsAny: Renderer._contains_any,
    core.NullTest: Renderer._null_test,
    core.TruthTest: Renderer._truth_test,
    core.Inverse: Renderer._inverse,
    core.All: Renderer._all,
    core.AnyOf: Renderer._any_of,
    core.SomeEvent: Renderer._some_event,
    core.LastEvent: Renderer._never_null_last_event,
    core.InSubquery: Renderer._in_subquery,
}
"""How each term is written."""

_NEGATED: dict[type, Callable[..., Sql]] = {
    core.OneOf: Renderer._one_of,
    core.Matched: Renderer._matched,
    core.NullTest: Renderer._null_test,
    core.TruthTest: Renderer._truth_test,
    core.InSubquery: Renderer._in_subquery,
}
"""Those with a negative form of their own."""

_JSON_TEXT = re.compile(r"true|false|null|-?[0-9.].*|[\[{].*", re.DOTALL)


def _only_text(value: core.Term) -> bool:
    """Return whether a value is a text, and not how JSON, or an engine, writes a value of another kind."""
    text = value.value if isinstance(value, core.Constant) else None
    return isinstance(text, str) and not _JSON_TEXT.fullmatch(text)
