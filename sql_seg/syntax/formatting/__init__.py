"""Syntax tree to canonical text and to JSON, and back from JSON."""

from sql_seg.syntax.formatting.json_form import from_json, to_json
from sql_seg.syntax.formatting.text import WIDTH, format_text, to_text

__all__ = ["WIDTH", "format_text", "from_json", "to_json", "to_text"]
