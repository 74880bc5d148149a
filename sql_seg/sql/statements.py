"""Whole statements: who is in a segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from sql_seg.core.planning import cheap_first
from sql_seg.core.terms import Meaning
from sql_seg.language.now import the_moment
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA
from sql_seg.sql.fragments import Sql, continued
from sql_seg.sql.reducing import TRUE, reduced
from sql_seg.sql.rendering import Renderer
from sql_seg.sql.table_names import TableName, Tables, read_tables

if TYPE_CHECKING:
    from sql_seg.sql.engine import Engine

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
