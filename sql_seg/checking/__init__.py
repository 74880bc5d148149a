"""Syntax tree to core form: names resolved, types inferred, everything wrong reported at once."""

from sql_seg.checking.checker import check, check_query

__all__ = ["check", "check_query"]
