"""Frames and Arrow tables as DuckDB reads them: each column of a kind that it knows, and each name once.

DuckDB refuses a frame for one column that it cannot read, whether anybody asks for it or not, gives the second
column of a name another name, ends at a column of Python's objects that are of several kinds, and does not see
an index. So such columns are made readable first; a frame without any is given as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from sql_seg.engines.duckdb.connection import Connection, duckdb_module
from sql_seg.errors import RecordError
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.values import is_missing

_PROBE = "sql_seg_probe"


def put_frame(connection: Connection, source: Any, called: str) -> str:
    """Give a frame, an Arrow table or a relation of DuckDB's a name on a connection; return what it is called.

    Raises TypeError for what is none; RecordError for a name that two columns have, a column that cannot be
    read, and a frame without columns.
    """
    duckdb = duckdb_module()

    said = f"the {type(source).__name__}"
    import_module("duckdb")  # sets up what reads Arrow and polars; the module beneath it alone cannot
    for is_one, prepared in ((_is_pandas, _of_pandas), (_is_polars, _of_polars), (_is_arrow, _of_arrow)):
        if is_one(source):
            source = prepared(connection, source, said)
            break
    else:
        if type(source).__module__.startswith(("duckdb", "_duckdb")) and hasattr(source, "to_arrow_table"):
            _refuse_twice(source.columns, said)
            source = source.to_arrow_table()
    try:
        connection.register(called, source)
    except (duckdb.Error, TypeError) as error:
        raise TypeError(
            "contacts and events come from records, frames (pandas, polars), Arrow tables or a DuckDB connection, "
            f"not {said}"
        ) from error
    return said


def _refuse_twice(names: Iterable[Any], said: str) -> None:
    """Raise RecordError where there are no columns, or two whose names differ in case at most."""
    seen: dict[str, str] = {}
    for name in map(str, names):
        if name.lower() in seen:
            other = seen[name.lower()]
            twice = (
                f"column {name} twice" if other == name else f"columns {other} and {name}, which are one name"
            )
            raise RecordError(f"{said}: has the {twice}", key=name)
        seen[name.lower()] = name
    if not seen:
        raise RecordError(f"{said}: has no columns")


def _can_be_read(connection: Connection, source: Any) -> bool:
    duckdb = duckdb_module()

    try:
        connection.duckdb.register(_PROBE, source)
    except (duckdb.Error, TypeError):
        return False
    connection.duckdb.unregister(_PROBE)
    return True


def _unreadable(said: str, name: Any, kind: Any) -> RecordError:
    return RecordError(
        f"{said}: the column {name} is {kind}, which cannot be read: leave it out, or give it as another type",
        key=str(name),
    )


# pandas


def _is_pandas(source: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(source, pandas.DataFrame)


def _of_pandas(connection: Connection, source: Any, said: str) -> Any:
    known = {str(name).lower() for name in source.columns}
    levels = [name for name in source.index.names if name is not None and str(name).lower() not in known]
    if levels:
        source = source.reset_index(level=levels)
    _refuse_twice(source.columns, said)
    changed = {}
    for place, name in enumerate(source.columns):
        column = source.iloc[:, place]
        if column.dtype == object:
            values = list(column)
        elif _can_be_read(connection, source.iloc[:0, [place]]):
            continue
        else:
            values = column.to_numpy().tolist() if column.dtype.kind == "c" else list(column)
        readable = _uniform(values)
        if readable is not values or column.dtype != object:
            changed[name] = type(column)(readable, index=source.index, dtype=object)
    return source.assign(**changed) if changed else source


def _uniform(values: list[Any]) -> list[Any]:
    """Return values of one kind, each as a text where they are of several; the list itself where all is well."""
    kinds = set(map(type, values))
    if float in kinds and all(value != value for value in values if type(value) is float):
        kinds.discard(float)
    named = {kind.__name__ for kind in kinds} - {"NoneType", "NaTType", "NAType"}
    if named == {"ndarray"}:
        return [value.tolist() if type(value).__name__ == "ndarray" else None for value in values]
    is_known = all(
        kind.__module__ in ("builtins", "decimal", "numpy", "uuid") for kind in kinds
    ) or named == {"date"}
    if (len(named) <= 1 and is_known) or not named:
        return values
    return list(map(_as_text, values))


def _as_text(value: Any) -> str | None:
    """Return a value as the text that it would be in a file; None for what is missing."""
    if value is None or is_missing(value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return (
            str(int(value))
            if value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER
            else repr(float(value))
        )
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if type(value).__name__ == "ndarray":
        value = value.tolist()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


# polars


def _is_polars(source: Any) -> bool:
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(source, polars.DataFrame | polars.LazyFrame)


def _of_polars(connection: Connection, source: Any, said: str) -> Any:
    polars = sys.modules["polars"]
    if isinstance(source, polars.LazyFrame):
        source = source.collect()
    _refuse_twice(source.columns, said)
    if _can_be_read(connection, source.clear()):
        return source
    for name, kind in source.schema.items():
        if _can_be_read(connection, source.select(name).clear()):
            continue
        if not kind.is_numeric():
            raise _unreadable(said, name, kind)
        source = source.with_columns(source[name].cast(polars.Float64))
    return source


# Arrow


def _is_arrow(source: Any) -> bool:
    arrow = sys.modules.get("pyarrow")
    return arrow is not None and isinstance(source, arrow.Table | arrow.RecordBatch | arrow.RecordBatchReader)


def _of_arrow(connection: Connection, source: Any, said: str) -> Any:
    arrow = import_module("pyarrow")
    if isinstance(source, arrow.RecordBatchReader):  # which is read once, and questions are many
        source = source.read_all()
    _refuse_twice(source.schema.names, said)
    if _can_be_read(connection, source.slice(0, 0)):
        return source
    if isinstance(source, arrow.RecordBatch):
        source = arrow.Table.from_batches([source])
    for place, field in enumerate(source.schema):
        if _can_be_read(connection, source.slice(0, 0).select([place])):
            continue
        try:
            column = source.column(place).cast(arrow.float64())
        except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError) as error:
            raise _unreadable(said, field.name, field.type) from error
        source = source.set_column(place, field.name, column)
    return source
