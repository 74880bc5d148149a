"""The core form as Python code, which judges as the interpreter does, and what is wrong with records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use

if TYPE_CHECKING:
    from sql_seg.evaluate.blame import ERRORS, Blame, must_be_mapping
    from sql_seg.evaluate.compiler import Compiler, Together

__all__ = ["ERRORS", "Blame", "Compiler", "Together", "must_be_mapping"]

_HOMES = {
    "sql_seg.evaluate.blame": ("ERRORS", "Blame", "must_be_mapping"),
    "sql_seg.evaluate.compiler": ("Compiler", "Together"),
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
