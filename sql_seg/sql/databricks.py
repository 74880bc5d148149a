"""Databricks' SQL: Spark's, which its runtime is."""

from __future__ import annotations

from dataclasses import replace

from sql_seg.sql.functions import functions_of
from sql_seg.sql.spark import SPARK

DATABRICKS = replace(
    SPARK,
    name="databricks",
    title="Databricks",
    functions=functions_of("databricks"),
    is_run=False,
)
