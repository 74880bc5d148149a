"""The SQL that we write, against SQL that a careful person writes by hand, in DuckDB: P1 to P10.

Both count the members, over DuckDB's own tables and over Parquet files; both must find the same. The time
is the processor's, of all threads. With SQL_ON_SPARK=1 Spark is asked too; there it is that of Java.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import contact_predicates
import event_predicates
from contact_predicates import SCHEMA
from event_predicates import SEND
from generate import NOW, contacts, events
from measure import Measured, Results, measured

from sql_seg import check, parse, to_sql

_SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE "
PREDICATES = {
    **{name: _SELECT + text for name, text in contact_predicates.PREDICATES.items()},
    **event_predicates.PREDICATES,
}
TYPES = {"NUMBER": "DOUBLE", "TIMESTAMP": "TIMESTAMP", "ARRAY": "VARCHAR[]", "VARIANT": "JSON"}
SOURCES = {"tables": "{}", "Parquet": "{}_files"}


def _by_hand(predicate: str) -> str:
    timestamps = re.sub(r"'(\d{4}-\d\d-\d\d)T([\d:]+)Z'", r"TIMESTAMP '\1 \2'", predicate)
    return re.sub(r"array_contains\(list_ids, (\[[^\]]*\])\)", r"list_has_any(list_ids, \1)", timestamps)


def _sent(event_type: str) -> str:
    return (
        f"(SELECT contact_id FROM {{events}} WHERE event_source = 'mail' AND event_type = '{event_type}' "
        f"AND data ->> '$.payload.unique_args.singlesend_id' = '{SEND}')"
    )


BY_HAND = {name: _by_hand(text) for name, text in contact_predicates.PREDICATES.items()} | {
    "P9": "contact_id IN (SELECT contact_id FROM {events} WHERE event_source = 'mail' "
    "AND event_type = 'open' AND \"timestamp\" >= TIMESTAMP '2026-10-24 12:00:00')",
    "P10": f"contact_id IN {_sent('processed')} AND contact_id NOT IN {_sent('open')}",
}
"""What follows WHERE, by hand; array_contains with several values is DuckDB's list_has_any."""


def statements(name: str, source: str, dialect: str = "duckdb") -> tuple[str, str]:
    """Return how to count the members of a predicate by hand, and as we write it."""
    tables = [source.format(table) for table in ("contact_data", "event_data")]
    hand = f"SELECT count(*) FROM {tables[0]} WHERE {BY_HAND[name].format(events=tables[1])}"
    checked = check(parse(PREDICATES[name]), SCHEMA)
    ours = to_sql(checked, dialect, now=NOW, contacts=tables[0], events=tables[1])
    return hand, f"SELECT count(*) FROM (\n{ours}\n) AS members"


def filled(folder: Path, rows: Sequence[Any], happened: Sequence[Any]) -> Any:
    """Return a connection with the account in tables, and in Parquet files behind views."""
    import duckdb

    connection = duckdb.connect()
    for table, records in ((SCHEMA.contact_data, rows), (SCHEMA.event_data, happened)):
        path = folder / f"{table.name}.ndjson"
        names = list(table.columns)
        with path.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(_plain(record, names)) + "\n" for record in records)
        types = {name: TYPES.get(column.type.name, "VARCHAR") for name, column in table.columns.items()}
        read = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        connection.execute(
            f"CREATE TABLE {table.name} AS FROM read_json('{path}', format = 'newline_delimited', "
            f"columns = {{{read}}}, maximum_object_size = 16777216)"
        )
        path.unlink()
        files = path.with_suffix(".parquet")
        connection.execute(f"COPY {table.name} TO '{files}'")
        connection.execute(f"CREATE VIEW {table.name}_files AS FROM '{files}'")
    return connection


def _plain(record: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    values = {name: record.get(name) for name in names}
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def measure(contact_count: int = 200_000, event_count: int = 1_000_000, rounds: int = 9) -> Results:
    rows = contacts(contact_count)
    happened = events(rows, event_count)
    ways: dict[str, list[Measured]] = {}
    with TemporaryDirectory() as folder:
        connection = filled(Path(folder), rows, happened)
        title = f"SQL: {len(rows):,} contacts with {len(happened):,} events"
        del rows, happened
        for way, source in SOURCES.items():
            for name in PREDICATES:
                hand, ours = (partial(_count, connection, sql) for sql in statements(name, source))
                assert hand() == ours(), name
                ways.setdefault(way, []).append(measured(name, hand, ours, rounds))
        if os.environ.get("SQL_ON_SPARK"):
            ways["Spark"] = list(_on_spark(Path(folder)).values())
        connection.close()
    return Results(title, ways, yardstick="tables, by hand", note=NOTE)


NOTE = "Each way beside SQL by hand over the same source. SQL_ON_SPARK=1 measures Spark over Parquet, too."


def _count(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])


def _on_spark(folder: Path) -> dict[str, Measured]:
    """Return the same of Spark, by the processor's time of Java's process, which does its work.

    A run asks three times, for that time comes in hundredths; Java has compiled what is asked by then.
    """
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        for name in ("contact_data", "event_data"):
            session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)

        def counted(sql: str) -> int:
            found = {int(session.sql(sql).collect()[0][0]) for _ in range(3)}
            return found.pop()

        java = Path("/proc", str(session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()), "stat")

        def clock() -> float:
            user, kernel = java.read_text().rpartition(")")[2].split()[11:13]
            return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")

        found = {}
        for name in PREDICATES:
            hand, ours = statements(name, "{}", "spark")
            by_hand, asked = partial(counted, _for_spark(hand)), partial(counted, ours)
            for _ in range(2):
                assert by_hand() == asked(), name
            found[name] = measured(name, by_hand, asked, rounds=9, clock=clock)
        return found
    finally:
        session.stop()


def _for_spark(sql: str) -> str:
    sql = re.sub(r"list_has_any\(list_ids, \[([^\]]*)\]\)", r"arrays_overlap(list_ids, array(\1))", sql)
    sql = re.sub(r"data ->> ('[^']*')", r"get_json_object(data, \1)", sql)
    return sql.replace("TIMESTAMP '", "TIMESTAMP_NTZ '").replace('"timestamp"', "timestamp")
