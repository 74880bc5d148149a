"""Checked queries as SQL: the third reading of the core form, for what is in tables, files and warehouses.

Each engine is a table of operations in a module of its own; ``statements`` walks the core form and asks it.
"""

from sql_seg.sql.engine import Engine
from sql_seg.sql.statements import ENGINES, condition_sql, engine_of, to_sql
from sql_seg.sql.table_names import Tables, read_tables

__all__ = ["ENGINES", "Engine", "Tables", "condition_sql", "engine_of", "read_tables", "to_sql"]
