"""Conditions that hold a column against texts in quotes, and the rules of texts that no value of it can be.

A text can be in the wrong case, too long, or no id. What a column is held against is read once for all of
these rules, and tells which of them have anything to look for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum

from sql_seg.core.terms import ColumnValue, Term
from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.frozen import frozen
from sql_seg.language.case_mapping import CASES, lower, upper
from sql_seg.language.functions import Kind, is_of
from sql_seg.linting.places import literal_span, shortened, written_text
from sql_seg.linting.rule import Context, Rule, labels_at
from sql_seg.syntax import nodes


class Way(Enum):
    """How a column is held against texts."""

    EQUAL = "="
    LIKE = "LIKE"
    CONTAINS = "CONTAINS"


@frozen
class TextComparison:
    """A column, or LOWER or UPPER of one (``function``), against texts: ``=``, ``IN``, LIKE or CONTAINS.

    ``!=`` and the forms with NOT are no other: what can never be equal is as wrong there.
    """

    way: Way
    column: Term
    function: str
    texts: tuple[nodes.String, ...]


def comparisons(context: Context) -> list[TextComparison]:
    """Return all such conditions of a query, in the order of its text."""
    found = [comparison for comparison in _all_comparisons(context) if comparison is not None]
    return sorted(found, key=lambda comparison: comparison.texts[0].span)


def compared_columns(context: Context) -> frozenset[str]:
    """Return the names of the columns in such conditions, of contacts and of events."""
    columns = [comparison.column for comparison in context.once(comparisons)]
    return frozenset([column.name for column in columns if isinstance(column, ColumnValue)])


def _all_comparisons(context: Context) -> Iterator[TextComparison | None]:
    for node in context.nodes_of(nodes.Comparison):
        if not node.operator.is_ordering:
            is_first = isinstance(node.left, nodes.String)
            subject, value = (node.right, node.left) if is_first else (node.left, node.right)
            yield _comparison(context, Way.EQUAL, subject, (value,))
    for inside in context.nodes_of(nodes.In):
        yield _comparison(context, Way.EQUAL, inside.operand, inside.values)
    for like in context.nodes_of(nodes.Like):
        yield _comparison(context, Way.LIKE, like.operand, (like.pattern,))
    for call in context.nodes_of(nodes.Call):
        if is_of(call.name, Kind.CONTAINMENT):
            holder, values = call.arguments
            items = values.items if isinstance(values, nodes.Array) else (values,)
            yield _comparison(context, Way.CONTAINS, holder, items)


def _comparison(
    context: Context, way: Way, subject: nodes.Expression, values: tuple[nodes.Expression, ...]
) -> TextComparison | None:
    texts = tuple([value for value in values if isinstance(value, nodes.String)])
    function = ""
    if isinstance(subject, nodes.Call) and subject.name in CASES:
        function, subject = subject.name, subject.arguments[0]
    if not texts or not isinstance(subject, (nodes.Column, nodes.Path)):
        return None
    term = context.term_of(subject)
    return None if term is None else TextComparison(way, term, function, texts)


def finding_of_texts(
    rule: Rule,
    context: Context,
    texts: list[nodes.String],
    message: str,
    *,
    help: str,
    also: str = "this one too",
    rewrite: tuple[str, Callable[[str], str]] | None = None,
) -> Finding:
    """Return one finding of several texts of one condition: at the first, with labels at the next few.

    ``rewrite`` is a fix: what it does in words, and what it makes of each text; it changes the members.
    """
    places = [literal_span(context, text) for text in texts]
    fix = None
    if rewrite is not None:
        words, change = rewrite
        edits = [
            Edit(place, written_text(context, text, change(text.value)))
            for place, text in zip(places, texts, strict=True)
        ]
        fix = Fix(words, tuple(edits), Safety.UNSAFE)
    return rule.finding(places[0], message, help=help, labels=labels_at(places[1:], also), fix=fix)


_STORED_IN_LOWER_CASE = {"email": "emails", "alternate_emails": "emails", "email_domains": "domains"}


def _capitals(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        what = _kept_in_lower_case(context, comparison)
        capitals = [text for text in comparison.texts if text.value != text.value.lower()] if what else []
        if capitals:
            verb = "matches" if comparison.way is Way.LIKE else "equals"
            yield finding_of_texts(
                EMAIL_CAPITALS,
                context,
                capitals,
                f"SendGrid stores {what} in lower case: none {verb} a text with capitals",
                help=f"write '{shortened(capitals[0].value.lower())}'",
                rewrite=("Write it in lower case", str.lower),
            )


def _kept_in_lower_case(context: Context, comparison: TextComparison) -> str:
    if comparison.function or not isinstance(comparison.column, ColumnValue):
        return ""
    if context.contact_column(comparison.column) is None:
        return ""
    return _STORED_IN_LOWER_CASE.get(comparison.column.name, "")


EMAIL_CAPITALS = Rule(
    code="email-capitals",
    severity=Severity.WARNING,
    summary="an email or its domain compared with a text that holds capitals",
    why="SendGrid stores email addresses in lower case, and texts are compared case-sensitively: "
    "email = 'Ann@example.com' is TRUE of nobody, email LIKE '%@Gmail.com' neither.",
    example="email LIKE '%@Gmail.com'",
    instead="email LIKE '%@gmail.com'",
    check=_capitals,
    about=(nodes.String,),
    columns=frozenset(_STORED_IN_LOWER_CASE),
)


_CASES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "LOWER": (lower, "lower", "capitals"),
    "UPPER": (upper, "upper", "small letters"),
}


def _other_case(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        if comparison.function not in _CASES:
            continue
        change, case, others = _CASES[comparison.function]
        wrong = [text for text in comparison.texts if change(text.value) != text.value]
        if wrong:
            verb = "matches" if comparison.way is Way.LIKE else "equals"
            yield finding_of_texts(
                CASE_NEVER_MATCHES,
                context,
                wrong,
                f"{comparison.function}(…) has no {others}: it never {verb} this text",
                help=f"write '{shortened(change(wrong[0].value))}'",
                rewrite=(f"Write it in {case} case", change),
            )


CASE_NEVER_MATCHES = Rule(
    code="case-never-matches",
    severity=Severity.WARNING,
    summary="LOWER(…) compared with capitals, or UPPER(…) with small letters",
    why="LOWER and UPPER are the way to compare without regard to case, which takes both sides: the text "
    "beside LOWER must be in lower case itself, or no contact can match.",
    example="LOWER(city) = 'Denver'",
    instead="LOWER(city) = 'denver'",
    check=_other_case,
    about=(nodes.Call,),
)


def _too_long(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        if comparison.way is not Way.EQUAL or comparison.function:
            continue
        column = context.contact_column(comparison.column)
        if column is None or column.length is None or column.name == "contact_id":
            continue  # malformed-id has more to say of a contact_id
        long = [text for text in comparison.texts if len(text.value) > column.length]
        if long:
            yield finding_of_texts(
                LONG_LITERAL,
                context,
                long,
                f"{column.name} holds at most {column.length:,} characters and never equals "
                f"these {len(long[0].value):,}",
                help=f"for values that start so, write {column.name} LIKE '…%'",
            )


LONG_LITERAL = Rule(
    code="long-literal",
    severity=Severity.WARNING,
    summary="a text that is longer than the column it is compared with",
    why="SendGrid stores so many characters of a column and no more: a longer text is equal to none of its "
    "values.",
    example="country = 'The United Kingdom of Great Britain and Northern Ireland'",
    instead="country = 'United Kingdom'",
    check=_too_long,
    about=(nodes.String,),
)


_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _no_ids(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        owner = _owner_of_id(comparison)
        wrong = [text for text in comparison.texts if not _ID.fullmatch(text.value)] if owner else []
        if not wrong:
            continue
        value = wrong[0].value
        message = f"'{shortened(value)}' is no {owner}'s id"
        hint = "an id has 36 characters, such as '41a30d08-2c46-4f3a-9a5c-6f2b1c0d7e11'"
        if owner == "list" and "-" not in value:
            hint = "list_ids holds the ids of lists, not their names: " + hint
        rewrite = None
        if all(_ID.fullmatch(text.value.strip()) for text in wrong):
            message, hint = "an id has no blanks at its ends", "take them off"
            rewrite = ("Take the blanks off", str.strip)
        yield finding_of_texts(
            MALFORMED_ID,
            context,
            wrong,
            message,
            help=hint,
            also="nor is this",
            rewrite=rewrite,
        )


def _owner_of_id(comparison: TextComparison) -> str:
    if not isinstance(comparison.column, ColumnValue):
        return ""
    if comparison.way is Way.EQUAL and comparison.column.name == "contact_id":
        return "contact"
    return "list" if comparison.way is Way.CONTAINS and comparison.column.name == "list_ids" else ""


MALFORMED_ID = Rule(
    code="malformed-id",
    severity=Severity.WARNING,
    summary="a contact's or list's id that is no UUID",
    why="The ids of contacts and lists are UUIDs, 36 characters with their dashes. A name, an email or a "
    "part of an id is found in no contact_id and in no list_ids.",
    example="CONTAINS(list_ids, 'Newsletter')",
    instead="CONTAINS(list_ids, '41a30d08-2c46-4f3a-9a5c-6f2b1c0d7e11')",
    check=_no_ids,
    about=(nodes.String,),
    columns=frozenset({"contact_id", "list_ids"}),
)
