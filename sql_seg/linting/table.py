"""The table of all rules, in the order of the reference."""

from __future__ import annotations

from sql_seg.checking.checker import CheckedQuery
from sql_seg.collecting import collecting_seldom
from sql_seg.diagnostics import Diagnostic, Finding, Severity, place
from sql_seg.linting import (
    always_matches,
    comment,
    compared_texts,
    date_without_offset,
    double_minus,
    future_window,
    impossible_event,
    json_null,
    like_patterns,
    mixed_arithmetic,
    never_matches,
    never_null,
    null_blind_inequality,
    null_comparison,
    null_in_list,
    null_in_subquery,
    redundant_conditions,
    string_escape,
    timestamp_as_text,
    unconstrained_join,
    undocumented_construct,
    unknown_events,
)
from sql_seg.linting.about_files import ABOUT_FILES
from sql_seg.linting.about_limits import LIMITS
from sql_seg.linting.certainties import certainties
from sql_seg.linting.check_errors import CHECK_ERRORS
from sql_seg.linting.compared_texts import compared_columns
from sql_seg.linting.refused_sql import REFUSED_SQL
from sql_seg.linting.rule import Context, Rule
from sql_seg.linting.syntax_errors import SYNTAX_ERRORS

RULES: tuple[Rule, ...] = (
    *SYNTAX_ERRORS,
    *REFUSED_SQL,
    *CHECK_ERRORS,
    null_blind_inequality.RULE,
    null_comparison.RULE,
    null_in_list.RULE,
    null_in_subquery.RULE,
    never_matches.RULE,
    always_matches.RULE,
    never_null.RULE,
    json_null.RULE,
    timestamp_as_text.RULE,
    redundant_conditions.DUPLICATE_CONDITION,
    redundant_conditions.SUBSUMED_CONDITION,
    compared_texts.EMAIL_CAPITALS,
    compared_texts.CASE_NEVER_MATCHES,
    compared_texts.LONG_LITERAL,
    like_patterns.LIKE_WITHOUT_WILDCARD,
    like_patterns.UNDERSCORE_WILDCARD,
    like_patterns.PATTERN_ESCAPE,
    string_escape.RULE,
    like_patterns.DOUBLED_PERCENT,
    unknown_events.UNKNOWN_EVENT_TYPE,
    unknown_events.UNKNOWN_EVENT_SOURCE,
    impossible_event.RULE,
    unconstrained_join.RULE,
    compared_texts.MALFORMED_ID,
    mixed_arithmetic.RULE,
    double_minus.RULE,
    date_without_offset.RULE,
    future_window.RULE,
    undocumented_construct.RULE,
    comment.RULE,
    *LIMITS,
    *ABOUT_FILES,
)
"""All rules."""


_LINTS = tuple([(entry, entry.check) for entry in RULES if entry.check is not None])


def lint(checked: CheckedQuery, *, infos: bool = True) -> list[Diagnostic]:
    """Return the warnings and ``infos`` about a query that is valid, in the order of its text."""
    with collecting_seldom(checked.query):
        context = Context(checked, infos=infos)
        findings: list[Finding] = []
        for entry, check in _LINTS:
            if _is_asked(entry, context) and (infos or entry.severity is not Severity.INFO):
                findings += context.found_by(check)
        found = [*checked.diagnostics, *place(findings, context.text)]
    found.sort(key=lambda diagnostic: diagnostic.span)
    return [item for item in found if infos or item.severity is not Severity.INFO]


def _is_asked(entry: Rule, context: Context) -> bool:
    """Return whether a query has something of all that a rule is about."""
    if entry.dialect not in (None, context.dialect):
        return False
    if entry.about and context.kinds.isdisjoint(entry.about):
        return False
    if entry.columns and entry.columns.isdisjoint(context.once(compared_columns)):
        return False
    return entry.claim is None or any(isinstance(claim, entry.claim) for claim in context.once(certainties))


def rule_of(code: str) -> Rule | None:
    """Return the rule of a code."""
    return next((entry for entry in RULES if entry.code == code), None)
