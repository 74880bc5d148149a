"""DuckDB: files, frames and tables, read and asked without a Python object for each value."""
