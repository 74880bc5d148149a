"""Whole statements, and the terms that ask more than one row: each kind is one method of the renderer.

A condition is written in one of two ways. ``true`` need only be right about what is TRUE: NULL may come out
as FALSE, which lets a test of events be a plain IN. ``value`` is right about NULL too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from sql_seg.core import terms as core
from sql_seg.core.planning import cheap_first, rows_of
from sql_seg.core.terms import Meaning
from sql_seg.core.traits import is_null
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA
from sql_seg.language.timestamps import the_moment
from sql_seg.sql.fragments import Level, Sql, continued, indented, joined
from sql_seg.sql.reducing import TRUE, folded, reduced, without_event
from sql_seg.sql.row_terms import OF_A_ROW, RowTerms
from sql_seg.sql.table_names import TableName, Tables, read_tables

if TYPE_CHECKING:
    from sql_seg.sql.engine import Engine


class Renderer(RowTerms):
    """Writes all terms of one query, those that ask events or other contacts too."""

    # conditions of which only TRUE counts

    def true(self, term: core.Term) -> Sql:
        """Return SQL that is TRUE just where a condition is; where that is NULL, it may be FALSE."""
        if isinstance(term, core.All):
            return self._joined("AND", term.operands, self.true)
        if isinstance(term, core.AnyOf):
            return self._joined("OR", term.operands, self.true)
        if isinstance(term, core.TruthTest) and term.value and not term.negated:
            return self.true(term.operand)
        if isinstance(term, core.SomeEvent):
            return self._some_event(term, self._with_events)
        if isinstance(term, core.LastEvent):
            return self._last_event(term)
        if isinstance(term, core.InSubquery) and not term.negated:
            return self._only_true_in(term)
        return Sql("FALSE") if is_null(term) else self.value(term)

    def writers(self) -> Mapping[type, Callable[..., Sql]]:
        """Return how each term is written."""
        return _WRITERS

    # tests of events

    def _some_event(self, term: core.SomeEvent, write: Callable[..., Sql] | None = None) -> Sql:
        write = self._exists if write is None else write
        some = write(term.rows, term.condition)
        if not term.or_none:
            return some
        alone = folded(without_event(term.condition, term.rows), self._now)
        if is_null(alone) or alone == core.Constant(False, type=DataType.BOOLEAN):
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

    def _in_subquery(self, term: core.InSubquery) -> Sql:
        operand = self.value(term.operand)
        query = self._subquery(term.subquery)
        if self._engine.finds_nulls:
            return self._in(operand, query, negated=term.negated)
        name = "not in query value" if term.negated else "in query value"
        return self._engine(name, operand, indented(query, 2))

    def _subquery(self, subquery: core.Subquery) -> str:
        tables, where = [], []
        if subquery.contact is not None:
            self._aliases[subquery.contact] = f"c{subquery.contact}"
            tables.append(self._contacts(subquery.contact))
        tables += [self._events(row) for row in subquery.events]
        rows = [row for row in (subquery.contact, *subquery.events) if row is not None]
        first = self._of_row(rows[0], "contact_id")
        where = [self._engine("=", self._of_row(row, "contact_id"), first) for row in rows[1:]]
        value = str(self.value(subquery.value)) + " AS v" * (not self._engine.finds_nulls)
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

    def _only_true_in(self, term: core.InSubquery) -> Sql:
        return self._in(self.value(term.operand), self._subquery(term.subquery))

    def _events(self, row: int) -> str:
        return f"{self._tables.events}{self._engine.table_alias}{self._alias(row)}"

    def _contacts(self, row: int) -> str:
        return f"{self._tables.contacts}{self._engine.table_alias}{self._alias(row)}"

    @contextmanager
    def _inner_contact(self) -> Iterator[None]:
        """Call the contact inside of a subquery by another name than outside."""
        outer = self._aliases[core.THE_CONTACT]
        self._aliases[core.THE_CONTACT] = "c0"
        try:
            yield
        finally:
            self._aliases[core.THE_CONTACT] = outer


_ALWAYS = core.Constant(True, type=DataType.BOOLEAN)

_WRITERS: dict[type, Callable[..., Sql]] = {
    **OF_A_ROW,
    core.SomeEvent: Renderer._some_event,
    core.LastEvent: Renderer._never_null_last_event,
    core.InSubquery: Renderer._in_subquery,
}
"""How each term is written."""


ENGINES = (
    "duckdb",
    "spark",
    "postgres",
    "clickhouse",
    "snowflake",
    "bigquery",
    "databricks",
    "redshift",
)
"""The names of the engines that there is SQL for."""


def engine_of(name: str) -> Engine:
    """Return an engine by its name, in any case. Raises ValueError for one that there is no SQL for."""
    known = name.lower()
    if known not in ENGINES:
        raise ValueError(f"there is no SQL for {name!r}: the engines are {', '.join(ENGINES)}")
    engine: Engine = getattr(import_module(f"sql_seg.sql.{known}"), known.upper())
    return engine


def to_sql(
    checked: Meaning,
    dialect: str,
    *,
    now: datetime,
    contacts: TableName = CONTACT_DATA,
    events: TableName = EVENT_DATA,
    columns: Mapping[str, str] | None = None,
) -> str:
    """Return the SELECT that yields the ``contact_id`` and ``updated_at`` of the members, for an engine.

    ``dialect`` is one of ``duckdb``, ``spark``, ``postgres``, ``clickhouse``, ``snowflake``, ``bigquery``,
    ``databricks`` and ``redshift``. ``now`` is the aware moment that NOW() is, written as a literal. The
    tables need only the columns that the query reads, of the types in docs/sql.md. ``contacts`` and
    ``events`` name them; dots part a schema's name from a table's. ``columns`` names what is called otherwise
    there: ``{"plan": "tier", "event_data.timestamp": "at", "data:payload.unique_args.id": "send_id"}``; the
    column of a path holds the JSON value that stands at it.

    Raises UnsupportedSqlError for what the engine cannot say or hold; ValueError for a naive ``now``, an
    unknown dialect, or a key of ``columns`` that names no column.
    """
    engine = engine_of(dialect)
    tables = read_tables(engine, contacts, events, columns, checked.schema)
    where = _condition(checked, engine, tables, now, "c")
    wanted = [_selected(engine, tables, name) for name in ("contact_id", "updated_at")]
    lines = [f"SELECT {', '.join(wanted)}", f"FROM {tables.contacts}{engine.table_alias}c"]
    return "\n".join(lines if where is None else [*lines, continued("WHERE", where)])


def _selected(engine: Engine, tables: Tables, name: str) -> str:
    """Return a column of the answer, which has the query's name whatever the table calls it."""
    column = tables.column(name, of_contact=True)
    return f"c.{engine.identifier(column)}" + f" AS {name}" * (column != name)


def condition_sql(
    checked: Meaning, engine: Engine, tables: Tables, *, now: datetime, contact: str = "c"
) -> str | None:
    """Return what is TRUE of the members, for a WHERE or FILTER; None where all contacts are.

    ``contact`` is the alias of the contact's row. What is NULL of a contact may be FALSE.
    """
    written = _condition(checked, engine, tables, now, contact)
    return None if written is None else f"{written:and}"


def _condition(checked: Meaning, engine: Engine, tables: Tables, now: datetime, contact: str) -> Sql | None:
    moment = the_moment(now)
    # engines ask in this order, and to be in a subquery's answer leaves fewer rows than not to be
    condition = cheap_first(reduced(checked.condition, moment))
    return None if condition == TRUE else Renderer(engine, tables, moment, contact).true(condition)
