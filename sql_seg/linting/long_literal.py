"""``long-literal``: a text that is longer than its column can hold."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.comparisons import Way, comparisons, finding_of_texts
from sql_seg.linting.rows import contact_column
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        if comparison.way is not Way.EQUAL or comparison.function:
            continue
        column = contact_column(context, comparison.column)
        if column is None or column.length is None or column.name == "contact_id":
            continue  # malformed-id has more to say of a contact_id
        long = [text for text in comparison.texts if len(text.value) > column.length]
        if long:
            yield finding_of_texts(
                RULE,
                context,
                long,
                f"{column.name} holds at most {column.length:,} characters and never equals "
                f"these {len(long[0].value):,}",
                help=f"for values that start so, write {column.name} LIKE '…%'",
            )


RULE = Rule(
    code="long-literal",
    severity=Severity.WARNING,
    summary="a text that is longer than the column it is compared with",
    why="SendGrid stores so many characters of a column and no more: a longer text is equal to none of its "
    "values.",
    example="country = 'The United Kingdom of Great Britain and Northern Ireland'",
    instead="country = 'United Kingdom'",
    check=_check,
    about=(nodes.String,),
)
