"""``string-escape``: a backslash in a v2 text that is not the one before a quote or a backslash."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import name

from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import Escape
from sql_seg.linting.places import WrittenEscape, written_escapes
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance


def _check(context: Context) -> Iterator[Finding]:
    for found in context.once(written_escapes):
        if not found.escape.is_seen and not found.of_pattern:
            yield _finding(found)


def _finding(found: WrittenEscape) -> Finding:
    escape = found.escape
    span = Span(found.start, found.start + len(escape.written))
    if escape.is_dropped:
        return RULE.finding(
            span,
            f"the backslash is dropped: {_shown(escape.written)} is {_shown(escape.value)} in a text",
            help=f"for a backslash, write it twice: \\{_shown(escape.written)}; else leave it out",
            fix=None if found.of_moment else _twice(span),
        )
    return RULE.finding(
        span,
        f"{escape.written} is {_called(escape)} in a text",
        help=f"for a backslash, write it twice: \\{escape.written}; else write the character itself",
    )


def _twice(span: Span) -> Fix:
    return Fix("Write the backslash twice", (Edit(Span(span.start, span.start), "\\"),), Safety.UNSAFE)


def _shown(text: str) -> str:
    return text.replace("\n", "(a line break)").replace("\r", "")


def _called(escape: Escape) -> str:
    """Return what people call the character that an escape names."""
    words = {
        "\b": "a backspace",
        "\f": "a form feed",
        "\n": "a line break",
        "\r": "a carriage return",
        "\t": "a tab",
        "\0": "the character U+0000",
    }
    character = escape.value
    if character in words:
        return words[character]
    if character.isprintable() and not character.isspace():
        return f"the character {character}"
    return f"the character U+{ord(character):04X}" + (f" ({name(character)})" if name(character, "") else "")


RULE = Rule(
    code="string-escape",
    severity=Severity.WARNING,
    summary="a backslash in a v2 text that is dropped, or names another character",
    why=r"In a v2 text a backslash starts an escape: \n is a line break, \x41 and \u0041 are an A, and "
    r"before "
    r"any other character the backslash is dropped, so that 'C:\Users' is the text C:Users. SendGrid's "
    r"reference "
    r"is silent; this is what Snowflake does, on which its queries evidently run. \' and \\ and \" are known "
    "from queries in use, and not reported.",
    example=r"SELECT contact_id, updated_at FROM contact_data WHERE city = 'C:\Users'",
    instead=r"SELECT contact_id, updated_at FROM contact_data WHERE city = 'C:\\Users'",
    check=_check,
    dialect=Dialect.V2,
    provenance=Provenance.SNOWFLAKE,
)
