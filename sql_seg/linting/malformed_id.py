"""``malformed-id``: a text that can be no contact's and no list's id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.comparisons import TextComparison, Way, comparisons, finding_of_texts
from sql_seg.linting.places import shortened
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _check(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        owner = _owner(comparison)
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
            RULE,
            context,
            wrong,
            message,
            help=hint,
            also="nor is this",
            rewrite=rewrite,
        )


def _owner(comparison: TextComparison) -> str:
    if not isinstance(comparison.column, ColumnValue):
        return ""
    if comparison.way is Way.EQUAL and comparison.column.name == "contact_id":
        return "contact"
    return "list" if comparison.way is Way.CONTAINS and comparison.column.name == "list_ids" else ""


RULE = Rule(
    code="malformed-id",
    severity=Severity.WARNING,
    summary="a contact's or list's id that is no UUID",
    why="The ids of contacts and lists are UUIDs, 36 characters with their dashes. A name, an email or a "
    "part of an id is found in no contact_id and in no list_ids.",
    example="CONTAINS(list_ids, 'Newsletter')",
    instead="CONTAINS(list_ids, '41a30d08-2c46-4f3a-9a5c-6f2b1c0d7e11')",
    check=_check,
    about=(nodes.String,),
    columns=frozenset({"contact_id", "list_ids"}),
)
