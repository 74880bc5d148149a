"""What may be said of queries: every code with its documentation, and the lints of valid queries."""

from sql_seg.linting.rule import Context, Rule
from sql_seg.linting.table import RULES, lint, rule

__all__ = ["RULES", "Context", "Rule", "lint", "rule"]
