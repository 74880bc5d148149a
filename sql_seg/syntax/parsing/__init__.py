"""Text to syntax tree."""

from sql_seg.syntax.parsing.parser import comments, parse

__all__ = ["comments", "parse"]
