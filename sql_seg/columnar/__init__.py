"""Segments over records that are kept as columns: sets of rows instead of one contact after the other."""

from sql_seg.columnar.account import ColumnarAccount
from sql_seg.columnar.evaluator import Evaluator
from sql_seg.columnar.questions import questions

__all__ = ["ColumnarAccount", "Evaluator", "questions"]
