"""Spark, in this process: two local cores, in a time zone that must not matter."""

from __future__ import annotations

import importlib.util
import shutil
import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from tests.engines.duckdb import stored

TYPES = {
    DataType.VARCHAR: "string",
    DataType.NUMBER: "double",
    DataType.TIMESTAMP: "timestamp_ntz",
    DataType.ARRAY: "array<string>",
    DataType.VARIANT: "string",
}


def why_not() -> str | None:
    """Return why it cannot be asked here."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    return None if shutil.which("java") else "there is no Java"


class Spark:
    """A session that holds accounts as views."""

    dialect = "spark"
    batch = 80

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas' version, which is not used
            from pyspark.sql import SparkSession

            settings = {
                "spark.ui.enabled": "false",
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.driver.host": "127.0.0.1",
                "spark.ui.showConsoleProgress": "false",
                "spark.sql.session.timeZone": "America/New_York",
                "spark.sql.shuffle.partitions": "1",
                "spark.sql.codegen.wholeStage": "false",  # compiling each query takes longer than it does
            }
            self.session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")

    def holds(self, _: Any, __: Collection[str]) -> bool:
        """Return True: it holds all that records hold."""
        return True

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any], place: str = "") -> None:
        """Make the views again."""
        self._fill(f"contact_data{place}", schema.contact_data.columns, contacts)
        self._fill(f"event_data{place}", schema.event_data.columns, events)

    def _fill(self, table: str, columns: Mapping[str, Any], records: Sequence[Any]) -> None:
        import pyarrow as pa
        from pyspark.sql.types import StructType

        # of an Arrow table Spark makes a local relation, and asks it without a task for each part
        described = StructType.fromDDL(
            ", ".join(f"`{name}` {TYPES[column.type]}" for name, column in columns.items())
        )
        kinds = {
            DataType.NUMBER: pa.float64(),
            DataType.TIMESTAMP: pa.timestamp("us"),
            DataType.ARRAY: pa.list_(pa.string()),
        }
        values = {
            name: pa.array(
                [stored(record.get(name), column.type) for record in records],
                kinds.get(column.type, pa.string()),
            )
            for name, column in columns.items()
        }
        self.session.createDataFrame(pa.table(values), described).createOrReplaceTempView(table)

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """Return the values of a statement's columns, row by row."""
        return list(self.session.sql(sql).collect())

    def close(self) -> None:
        self.session.stop()


def make() -> Spark:
    """Start it."""
    return Spark()
