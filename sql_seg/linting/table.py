"""The table of all rules, in the order of the reference."""

from __future__ import annotations

from sql_seg.checking.checker import CheckedQuery
from sql_seg.collecting import collecting_seldom
from sql_seg.diagnostics import Diagnostic, Finding, Severity, place
from sql_seg.linting import (
    always_matches,
    case_never_matches,
    comment,
    date_without_offset,
    double_minus,
    doubled_percent,
    duplicate_condition,
    email_capitals,
    future_window,
    impossible_event,
    json_null,
    like_without_wildcard,
    long_literal,
    malformed_id,
    mixed_arithmetic,
    never_matches,
    never_null,
    null_blind_inequality,
    null_comparison,
    null_in_list,
    null_in_subquery,
    pattern_escape,
    string_escape,
    subsumed_condition,
    timestamp_as_text,
    unconstrained_join,
    underscore_wildcard,
    undocumented_construct,
    unknown_event_source,
    unknown_event_type,
)
from sql_seg.linting.about_files import ABOUT_FILES
from sql_seg.linting.about_limits import LIMITS
from sql_seg.linting.certainties import certainties
from sql_seg.linting.check_errors import CHECK_ERRORS
from sql_seg.linting.comparisons import compared_columns
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
    duplicate_condition.RULE,
    subsumed_condition.RULE,
    email_capitals.RULE,
    case_never_matches.RULE,
    long_literal.RULE,
    like_without_wildcard.RULE,
    underscore_wildcard.RULE,
    pattern_escape.RULE,
    string_escape.RULE,
    doubled_percent.RULE,
    unknown_event_type.RULE,
    unknown_event_source.RULE,
    impossible_event.RULE,
    unconstrained_join.RULE,
    malformed_id.RULE,
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


def found_by_rules(checked: CheckedQuery, *, infos: bool = True) -> list[Diagnostic]:
    """Return what the rules find in a valid query, in the order of its text.

    Without ``infos`` not all infos are looked for.
    """
    with collecting_seldom(checked.query):
        context = Context(checked, infos=infos)
        findings: list[Finding] = []
        for entry, check in _LINTS:
            if _is_asked(entry, context) and (infos or entry.severity is not Severity.INFO):
                findings += context.found_by(check)
        return place(findings, context.text)


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
