"""What is wrong at a token that does not fit, in words and at its place."""

from __future__ import annotations

import re
from decimal import Decimal

from sql_seg.diagnostics import Edit, Finding, Fix
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.expectations import expected
from sql_seg.syntax.parsing.hints import CHARACTERS, hint
from sql_seg.syntax.parsing.tables import END
from sql_seg.syntax.parsing.tokens import Token
from sql_seg.syntax.parsing.v1_comments import comment_finding

_OPENING = {"RPAR": "LPAR", "RSQB": "LSQB"}
_CLAUSES = frozenset({"FROM", "JOIN", "INNER", "ON", "WHERE", "GROUP", "HAVING", "SEMICOLON", END})


def complain(it: Around) -> Finding:
    """Return the finding for a token that is of none of the accepted types."""
    token = it.token
    if it.has_unreadable():
        return _name_of_value(it.tokens[it.index : it.index + 4]) or _unreadable(it)
    if len(it.tokens) == 1:
        return Finding(
            "empty-query",
            token.span,
            "the query is empty",
            help="write a condition (v1), or SELECT contact_id, updated_at FROM contact_data WHERE … (v2)",
        )
    innermost = it.innermost(it.index)
    opened = None if innermost is None else it.at(innermost)
    closes = _OPENING.get(token.type)
    if opened and _is_unclosed(opened, token, it.accepted):
        return Finding(
            "unclosed-bracket",
            opened.span,
            f"this {opened.text} is never closed",
            help=f"add {')' if opened.type == 'LPAR' else ']'} {_place_name(token)}",
        )
    if closes and (opened is None or opened.type != closes):
        instead = f"leave it out, or write the {'(' if closes == 'LPAR' else '['} that it is to close"
        return Finding("unopened-bracket", token.span, f"this {token.text} closes nothing", help=instead)
    wanted, instead = expected(it), hint(it)
    if token.type == END:
        message = f"the query ends too early: expected {wanted}"
        return Finding("unexpected-end", token.span, message, help=instead)
    return Finding("unexpected-text", token.span, f"expected {wanted}, found {_shown(token)}", help=instead)


def _unreadable(it: Around) -> Finding:
    token, dialect, text = it.token, it.dialect, it.token.text
    quote = text[0]
    opening = Span(token.start, token.start + 1)
    if text in ("''", '""', "``"):
        return Finding("empty-name", token.span, "a name cannot be empty", help=_quotes(dialect))
    if quote in "'\"`":
        what = "text" if quote == "'" or (quote == '"' and dialect is Dialect.V1) else "name"
        escape = "\\" + quote if dialect is Dialect.V1 else "''"
        help_ = f"close it with {quote}"
        if what == "text":
            help_ += f"; a {quote} inside the text is written {escape}"
        if it.previous.type == "STRING" and it.touch(it.index - 1, it.index):
            help_ = f"the text before it ends here: a quote inside a text is written {escape}"
        return Finding("unclosed-quote", opening, f"the {what} that starts here is never closed", help=help_)
    if text.startswith("/*"):
        if dialect is Dialect.V1:
            return comment_finding(token.start, text)
        start = Span(token.start, token.start + 2)
        return Finding("unclosed-comment", start, "this comment is never closed", help="close it with */")
    if text.lstrip(".")[:1].isdigit():
        return Finding(
            "malformed-number",
            token.span,
            f"{text} is no number",
            help="numbers are decimal, such as 30 or 0.5, and a name does not start with a digit",
            fix=_plain_number(token),
        )
    if quote == "." and dialect is Dialect.V1:
        return Finding(
            "unexpected-character",
            token.span,
            "unexpected '.'",
            help="v1 has one table: write the field's name alone",
            sendgrid="syntax error: unexpected '.'",
        )
    what = f"'{quote}'" if quote.isprintable() else f"character U+{ord(quote):04X}"
    return Finding("unexpected-character", token.span, f"unexpected {what}", help=CHARACTERS.get(quote, ""))


_NUMBER = re.compile(r"[0-9][0-9_]{0,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")


def _plain_number(token: Token) -> Fix | None:
    """Return the fix of a number with an exponent, or with signs between its digits."""
    if _NUMBER.fullmatch(token.text) is None:
        return None
    written = f"{Decimal(token.text.replace('_', '')):f}"
    return Fix(f"Write {written}", (Edit(token.span, written),))


def _name_of_value(tokens: list[Token]) -> Finding | None:
    """Return the finding for a name in place of a value, such as ``${plan}``, if that is what stands here."""
    if [token.text[:1] for token in tokens[:2]] != ["$", "{"] or len(tokens) < 4 or tokens[3].text != "}":
        return None
    text = f"${{{tokens[2].text}}}"
    if tokens[3].end - tokens[0].start != len(text):
        return None
    return Finding(
        "unknown-value",
        Span(tokens[0].start, tokens[3].end),
        f"{text} has no value",
        help="write the value itself, or give it one in the settings, under [environments.NAME.values]",
    )


def _quotes(dialect: Dialect) -> str:
    if dialect is Dialect.V1:
        return "an empty text is '' or \"\"; backticks hold a name"
    return "an empty text is ''; double quotes and backticks hold a name"


def _is_unclosed(opened: Token, token: Token, accepted: set[str]) -> bool:
    """Return whether a bracket could have been closed before a token that ends what it may hold."""
    ends = token.type in _CLAUSES or _OPENING.get(token.type, opened.type) != opened.type
    return ends and ("RPAR" if opened.type == "LPAR" else "RSQB") in accepted


def _place_name(token: Token) -> str:
    return "at the end" if token.type == END else f"before {token.text}"


def _shown(token: Token) -> str:
    text = token.text if len(token.text) <= 40 else token.text[:39] + "…"
    return f"the text {text}" if token.type == "STRING" else text
