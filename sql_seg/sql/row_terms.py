"""Terms of one row as SQL: what a condition says of a contact or an event, with no other row in it.

A LIKE pattern is rewritten, with a literal ``%``, ``_`` and backslash behind a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sql_seg.core import terms as core
from sql_seg.core.reads import places_of
from sql_seg.core.traits import is_null
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.patterns import Pattern, Run
from sql_seg.sql.engine import Engine
from sql_seg.sql.fragments import Level, Sql, joined
from sql_seg.sql.reducing import shiftable
from sql_seg.sql.table_names import Tables

_JSON = {
    DataType.VARCHAR: "json text",
    DataType.NUMBER: "json number",
    DataType.TIMESTAMP: "json timestamp",
    DataType.BOOLEAN: "json boolean",
    DataType.VARIANT: "json any",
    DataType.ARRAY: "json array",
}


class RowTerms:
    """Writes terms for an engine, over tables, at one ``now``; who writes tests of events gives the rest."""

    def __init__(self, engine: Engine, tables: Tables, now: datetime, contact: str = "c") -> None:
        self._engine = engine
        self._tables = tables
        self._now = now
        self._aliases = {core.THE_CONTACT: contact}
        self._maxima: Sequence[Sql] = ()
        self._tells_null_from_false = False

    def value(self, term: core.Term) -> Sql:
        """Return SQL that has the value of a term; NULL where it is NULL."""
        return self.writers()[type(term)](self, term)

    def writers(self) -> Mapping[type, Callable[..., Sql]]:
        """Return how each kind of term is written."""
        return OF_A_ROW

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
        columns = self._tables.present if term.type is DataType.VARIANT else self._tables.paths
        return self._at_path(_JSON[term.type], term.row, term.keys, columns.get(term.keys))

    def _at_path(self, operation: str, row: int, keys: tuple[str, ...], own: str | None) -> Sql:
        """Return an operation over what stands at a path of an event's data, or in a column of its own."""
        if own is not None:
            column = Sql(f"{self._alias(row)}.{self._engine.identifier(own)}")
            return self._engine(operation, column, self._engine.path(()))
        return self._engine(operation, self._of_row(row, "data"), self._engine.path(keys))

    def _map_value(self, term: core.MapValue) -> Sql:
        own, argument = (
            self._at_path("map text", term.row, keys, self._tables.paths.get(keys))
            for keys in places_of((term.key,))
        )
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
            return self._calculated(term)
        if isinstance(term, core.Constant):
            return self._engine.value(term.value, exactly=True)  # type: ignore[arg-type]
        number = self.value(term)
        return self._engine("as double", number) if isinstance(term, core.Applied) else number

    def _calculated(self, term: core.Calculation) -> Sql:
        left, right = self._raw_number(term.left), self._raw_number(term.right)
        name = term.operator.name.lower()
        if term.operator is Arithmetic.DIVIDE and isinstance(term.right, (core.Calculation, core.Negated)):
            right = self._engine.guarded("finite", right)
        if term.operator is Arithmetic.MODULO:
            if not isinstance(term.right, core.Constant):
                right = self._engine.guarded("divisor", right)
            elif float(term.right.value).is_integer() and "modulo whole" in self._engine.rows:  # type: ignore[arg-type]
                name = "modulo whole"
        elif f"{name} small" in self._engine.rows and any(map(_is_small, term.children())):
            name = f"{name} small"
        return self._engine.guarded(name, left, right)

    def _shifted(self, term: core.ShiftedTime) -> Sql:
        operand = self.value(term.operand)
        moved = self._engine(f"add {term.unit.value}s", operand, str(term.amount))
        if "shift within" in self._engine.rows:
            first, last = shiftable(term.unit, term.amount)
            return self._engine("shift within", operand, *map(self._engine.value, (first, last)), moved)
        return self._engine.guarded("in years", moved)

    def _applied(self, term: core.Applied) -> Sql:
        operands = [self.value(operand) for operand in term.operands]
        if not FUNCTIONS[term.function].variadic:
            return self._engine.function(term.function, *operands)
        made = operands[0]
        for operand in operands[1:]:
            made = self._engine.function(term.function, made, operand)
        return made

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
        name = self._comparison(operator, left.type)
        return self._engine(name, self._exactly(left), self._exactly(right))

    def _comparison(self, operator: Comparator, data_type: DataType) -> str:
        is_text = operator.is_ordering and data_type is DataType.VARCHAR
        return f"text {operator.value}" if is_text else operator.value

    def _is_plain_path(self, term: core.Term, *values: core.Constant) -> bool:
        """Return whether a path equals texts just where its JSON value, of any kind, is one of them.

        Of a list or an object the comparison is NULL, and would be FALSE: that must not matter around it.
        """
        return (
            not self._tells_null_from_false
            and isinstance(term, core.JsonValue)
            and term.type is DataType.VARCHAR
            and all(map(_only_text, values))
        )

    def _plain_path(self, term: core.Term) -> Sql:
        assert isinstance(term, core.JsonValue)
        return self._at_path("json plain", term.row, term.keys, self._tables.paths.get(term.keys))

    def _one_of(self, term: core.OneOf) -> Sql:
        values = [self._engine.value(value) for value in term.values]
        constants = [core.Constant(value, type=term.operand.type) for value in term.values]
        if not term.negated and self._is_plain_path(term.operand, *constants):
            operand = self._plain_path(term.operand)
        else:
            operand = self._exactly(term.operand)
        name = f"in{' or null' * term.or_null}"
        if term.operand.type is DataType.NUMBER and f"number {name}" in self._engine.rows:
            name = f"number {name}"
        name = f"{'not ' * term.negated}{name}"
        return self._engine(name, operand, ", ".join(map(str, values)))

    def _equals_any(self, term: core.EqualsAny) -> Sql:
        if not self._engine.finds_nulls:
            parts = [core.Compared(Comparator.EQ, term.operand, value) for value in term.values]
            found = joined("OR", [self.value(part) for part in parts], Level.OR)
            return self._engine("not", found) if term.negated else found
        values = ", ".join(str(self._exactly(value)) for value in term.values)
        return self._engine("not in" if term.negated else "in", self._exactly(term.operand), values)

    def _between(self, term: core.Between) -> Sql:
        name = "between" if term.operand.type is not DataType.VARCHAR else "text between"
        operands = map(self.value, (term.operand, term.low, term.high))
        return self._engine(f"not {name}" if term.negated else name, *operands)

    def _matched(self, term: core.Matched) -> Sql:
        return like(self._engine, self.value(term.operand), term.pattern, negated=term.negated)

    def _contains_any(self, term: core.ContainsAny) -> Sql:
        array = self.value(term.array)
        known: list[core.Term] = []
        others: list[core.Term] = []
        for value in term.values:
            is_known = isinstance(value, core.Constant) and value.value is not None
            (known if is_known else others).append(value)
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

    def _null_test(self, term: core.NullTest) -> Sql:
        return self._engine("is not null" if term.negated else "is null", self._exactly(term.operand))

    def _truth_test(self, term: core.TruthTest) -> Sql:
        words = f"is {'not ' * term.negated}{'true' if term.value else 'false'}"
        return self._engine(words, self._exactly(term.operand))

    def _inverse(self, term: core.Inverse) -> Sql:
        return self._engine("not", self._exactly(term.operand))

    def _exactly(self, term: core.Term) -> Sql:
        """Return a condition that is NULL where it has to be, and not FALSE instead."""
        before, self._tells_null_from_false = self._tells_null_from_false, True
        try:
            return self.value(term)
        finally:
            self._tells_null_from_false = before

    def _all(self, term: core.All) -> Sql:
        return self._joined("AND", term.operands, self.value)

    def _any_of(self, term: core.AnyOf) -> Sql:
        return self._joined("OR", term.operands, self.value)

    def _joined(self, word: str, operands: Sequence[core.Term], write: Callable[[core.Term], Sql]) -> Sql:
        return joined(word, [write(operand) for operand in operands], Level[word])


OF_A_ROW: dict[type, Callable[..., Sql]] = {
    core.Constant: RowTerms._constant,
    core.ColumnValue: RowTerms._column,
    core.JsonValue: RowTerms._json,
    core.MapValue: RowTerms._map_value,
    core.HasKey: RowTerms._has_key,
    core.Now: RowTerms._current_time,
    core.Negated: RowTerms._negated,
    core.Calculation: RowTerms._calculation,
    core.ShiftedTime: RowTerms._shifted,
    core.Applied: RowTerms._applied,
    core.Maximum: RowTerms._maximum,
    core.Compared: RowTerms._compared,
    core.OneOf: RowTerms._one_of,
    core.EqualsAny: RowTerms._equals_any,
    core.Between: RowTerms._between,
    core.Matched: RowTerms._matched,
    core.ContainsAny: RowTerms._contains_any,
    core.NullTest: RowTerms._null_test,
    core.TruthTest: RowTerms._truth_test,
    core.Inverse: RowTerms._inverse,
    core.All: RowTerms._all,
    core.AnyOf: RowTerms._any_of,
}
"""How each term of one row is written."""

_JSON_TEXT = re.compile(
    r"true|false|null|-?[0-9.]+(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|nan).*|[\[{].*", re.IGNORECASE | re.DOTALL
)


def _is_small(term: core.Term) -> bool:
    """Return whether a number is so small that no sum with it is beyond all doubles."""
    return isinstance(term, core.Constant) and abs(float(term.value)) < 1e290  # type: ignore[arg-type]


def _only_text(value: core.Term) -> bool:
    """Return whether a value is a text, and not how JSON, or an engine, writes a value of another kind."""
    text = value.value if isinstance(value, core.Constant) else None
    return isinstance(text, str) and text != "" and not _JSON_TEXT.fullmatch(text)


_SPECIAL = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})


def like(engine: Engine, operand: Sql, pattern: Pattern, *, negated: bool = False) -> Sql:
    """Return whether an operand matches a pattern, or does not: ``=`` where there is nothing to match."""
    first, *rest = pattern.runs
    if not rest and first.text is not None:
        return engine("!=" if negated else "=", operand, engine.value(first.text))
    text = "%".join(map(_written, pattern.runs))
    operation = "like escaped" if "\\" in text else "like"
    return engine(f"not {operation}" if negated else operation, operand, engine.value(text))


def _written(run: Run) -> str:
    """Return a run: ``_`` for any one character, and what is special behind a backslash."""
    parts, position = [], 0
    for offset, text in run.stretches:
        parts += ["_" * (offset - position), text.translate(_SPECIAL)]
        position = offset + len(text)
    return "".join([*parts, "_" * (run.length - position)])
