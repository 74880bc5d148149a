"""Patterns of LIKE that do not ask for what they look like: wildcards that are none, or are not meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity, replacement
from sql_seg.diagnostics.source import Span
from sql_seg.language.case_mapping import CASES
from sql_seg.language.datatypes import Dialect
from sql_seg.language.patterns import read_pattern
from sql_seg.linting.places import literal_span, operator_span, shortened, written_escapes, written_text
from sql_seg.linting.promises import safety
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes

_STARS = re.compile(r"\*+")


def _without_wildcard(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Like):
        pattern = node.pattern
        if not isinstance(pattern, nodes.String) or _surely_has_wildcard(pattern.value):
            continue
        if context.dialect is Dialect.V1 and "%%" in pattern.value:
            continue  # doubled-percent has more to say of it
        runs = read_pattern(pattern.value, context.dialect).runs
        text = runs[0].text
        if len(runs) > 1 or text is None:
            continue
        place = literal_span(context, pattern)
        if "*" in pattern.value:
            meant = written_text(context, pattern, _STARS.sub("%", pattern.value))
            yield LIKE_WITHOUT_WILDCARD.finding(
                place,
                "% stands for any text, not *",
                help=f"write {shortened(meant)}",
                fix=replacement(place, meant, "Write %", Safety.UNSAFE),
            )
            continue
        word, operator = ("NOT LIKE", "!=") if node.negated else ("LIKE", "=")
        edits = [Edit(operator_span(context, node.operand, pattern), operator)]
        if text != pattern.value:
            edits.append(Edit(place, written_text(context, pattern, text)))
        hint = f"write {operator}"
        if text:
            hint += f", or LIKE '%{shortened(pattern.value)}%' for texts that hold it"
        yield LIKE_WITHOUT_WILDCARD.finding(
            place,
            f"a pattern without % matches this very text: {word} is only {operator} here",
            help=hint,
            fix=Fix(f"Write {operator}", tuple(edits), _safety(context, place, pattern.value)),
        )


def _safety(context: Context, place: Span, pattern: str) -> Safety:
    """Return how safe it is: that a backslash is nothing special in v2's patterns is not promised."""
    if context.dialect is Dialect.V2 and "\\" in pattern:
        return Safety.UNSAFE
    return safety(context, [place])


def _surely_has_wildcard(pattern: str) -> bool:
    return "%" in pattern and "%%" not in pattern


LIKE_WITHOUT_WILDCARD = Rule(
    code="like-without-wildcard",
    severity=Severity.WARNING,
    summary="LIKE with a pattern that has no wildcard",
    why="LIKE compares with the whole value. Without % it finds the very text of the pattern and nothing "
    "around it: email LIKE 'gmail.com' is TRUE of no address at gmail.com. A * stands for itself alone.",
    example="email LIKE 'gmail.com'",
    instead="email LIKE '%@gmail.com'",
    check=_without_wildcard,
    about=(nodes.Like,),
)


_WITHIN_AN_ADDRESS = re.compile(r"(?<=[^\W_])_|(?<=%)_(?=[^\W_])")
"""An underscore that reads as a part of an address: behind a letter or digit, or between ``%`` and one."""

_WITHIN_A_NAME = re.compile(r"(?<=[^\W_]{2})_(?=[^\W_]{2})")
"""One that reads as a part of a name, such as ``free_trial``; ``J_n`` asks for Jan and Jon on purpose."""


def _underscores(context: Context) -> Iterator[Finding]:
    if context.dialect is Dialect.V1:
        return
    for like in context.nodes_of(nodes.Like):
        if not isinstance(like.pattern, nodes.String):
            continue
        is_address = _is_address(context, like.operand)
        if (_WITHIN_AN_ADDRESS if is_address else _WITHIN_A_NAME).search(like.pattern.value):
            yield UNDERSCORE_WILDCARD.finding(
                literal_span(context, like.pattern),
                "_ in a pattern is any one character",
                help="a pattern cannot ask for an underscore: "
                f"for one very {'address' if is_address else 'text'}, write = in place of LIKE",
            )


def _is_address(context: Context, operand: nodes.Expression) -> bool:
    """Return whether an operand is an email, in any case."""
    if isinstance(operand, nodes.Call) and operand.name in CASES and operand.arguments:
        operand = operand.arguments[0]
    term = context.term_of(operand)
    return isinstance(term, ColumnValue) and term.name == "email"


UNDERSCORE_WILDCARD = Rule(
    code="underscore-wildcard",
    severity=Severity.WARNING,
    summary="an underscore in a v2 pattern that reads as a part of a word or an address",
    why="In v2's LIKE, _ is any one character, as in SQL: 'max_m@%' finds max.m@… and max-m@… too, "
    "'free_trial%' finds free-trial, and nothing makes it an ordinary one. Patterns such as '_%@%' or 'J_n', "
    "where _ stands for any character on purpose, are left alone. In v1, _ is an ordinary character.",
    example="SELECT contact_id, updated_at FROM contact_data WHERE email LIKE 'max_m@example.com'",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE email = 'max_m@example.com'",
    check=_underscores,
    about=(nodes.Like,),
    dialect=Dialect.V2,
)


def _escapes(context: Context) -> Iterator[Finding]:
    for found in context.once(written_escapes):
        if not found.of_pattern:
            continue
        end = found.start + len(found.escape.written)
        wildcard = found.escape.value
        becomes = f"the backslash is dropped, and {wildcard} stays a wildcard"
        if wildcard == "\\":
            wildcard = context.text[end]
            becomes = f"this is a backslash, and {wildcard} stays a wildcard"
            end += 1
        yield PATTERN_ESCAPE.finding(
            Span(found.start, end),
            f"LIKE has no escape character: {becomes}",
            help=f"a pattern cannot ask for {wildcard} itself: for one very text, write = in place of LIKE",
        )


PATTERN_ESCAPE = Rule(
    code="pattern-escape",
    severity=Severity.WARNING,
    summary="a backslash before a wildcard of a v2 pattern",
    why=r"In v2's LIKE, % is any text and _ any one character, and nothing makes them ordinary: '100\%' is "
    r"the "
    "pattern 100%, which finds all that starts with 100. SendGrid's reference is silent; this is what "
    "Snowflake "
    "does without an ESCAPE, on which its queries evidently run.",
    example=r"SELECT contact_id, updated_at FROM contact_data WHERE city LIKE '100\%'",
    instead="SELECT contact_id, updated_at FROM contact_data WHERE city = '100%'",
    check=_escapes,
    about=(nodes.Like,),
    dialect=Dialect.V2,
    provenance=Provenance.SNOWFLAKE,
)


_DOUBLED = re.compile(r"(?<![\d%])%%+")
"""Percent signs in a row, except behind a digit: ``'%100%%%'`` asks for a percentage."""


def _doubled_percents(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.Like):
        if isinstance(node.pattern, nodes.String):
            value = node.pattern.value
            single = _DOUBLED.sub("%", value)
            if single != value:
                place = literal_span(context, node.pattern)
                yield DOUBLED_PERCENT.finding(
                    place,
                    "in v1, %% is a percent sign: this finds texts that hold one",
                    help=f"for any text, write a single %: '{shortened(single)}'",
                    fix=replacement(
                        place,
                        written_text(context, node.pattern, single),
                        "Write a single %",
                        Safety.UNSAFE,
                    ),
                )


DOUBLED_PERCENT = Rule(
    code="doubled-percent",
    severity=Severity.WARNING,
    summary="%% in a v1 pattern",
    why="In v1's LIKE, % is any text and %% one literal percent sign: 'max%%' does not find what starts "
    "with max, but the text max%. Behind a digit, where a percent sign makes sense, %% is left alone.",
    example="email LIKE 'max%%'",
    instead="email LIKE 'max%'",
    check=_doubled_percents,
    about=(nodes.Like,),
    dialect=Dialect.V1,
)
