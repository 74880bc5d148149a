"""Spark: contacts and events in its tables, frames or files, asked there."""

from __future__ import annotations

from sql_seg.engines.spark.engine import SparkEngine

__all__ = ["SparkEngine"]
