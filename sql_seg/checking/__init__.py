"""Syntax tree to core form: names resolved, types inferred, everything wrong reported at once."""

from sql_seg.checking.checker import Checked, check, check_query

__all__ = ["Checked", "check", "check_query"]
