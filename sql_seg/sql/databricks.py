"""Databricks' SQL: Spark's, which its runtime is."""

from __future__ import annotations

from dataclasses import replace

from sql_seg.sql.spark import SPARK

DATABRICKS = replace(SPARK, name="databricks", title="Databricks", is_run=False)
