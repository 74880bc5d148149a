"""The tests of sql-seg."""
