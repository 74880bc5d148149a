"""What may be said of queries: every code with its documentation, and the lints of valid queries.

What it offers is imported when it is first used: a query is checked without the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use

if TYPE_CHECKING:
    from sql_seg.linting.diagnosing import diagnose
    from sql_seg.linting.rule import Context, Rule
    from sql_seg.linting.table import RULES, lint, rule_of

__all__ = ["RULES", "Context", "Rule", "diagnose", "lint", "rule_of"]

_HOMES = {
    "sql_seg.linting.diagnosing": ["diagnose"],
    "sql_seg.linting.rule": ["Context", "Rule"],
    "sql_seg.linting.table": ["RULES", "lint", "rule_of"],
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
