"""Databricks' SQL: Spark's, which its runtime is."""

from __future__ import annotations

from dataclasses import replace

from sql_seg.sql.common import taken_over
from sql_seg.sql.spark import SPARK

DATABRICKS = replace(
    SPARK,
    name="databricks",
    title="Databricks",
    functions=taken_over(SPARK.functions, "CONCAT", "LOWER", "UPPER", "LENGTH"),
    is_run=False,
)
