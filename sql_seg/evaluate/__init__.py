"""The core form as Python code, which judges as the interpreter does, and what is wrong with records."""

from sql_seg.evaluate.blame import ERRORS, Blame, must_be_mapping
from sql_seg.evaluate.compiler import Compiler, Together

__all__ = ["ERRORS", "Blame", "Compiler", "Together", "must_be_mapping"]
