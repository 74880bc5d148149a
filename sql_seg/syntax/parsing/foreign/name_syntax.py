"""Names and paths as other SQL and other APIs write them."""

from __future__ import annotations

from sql_seg.diagnostics import Edit, Finding, Fix, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import is_bare_name, read_delimited_name, read_string, write_name, write_string
from sql_seg.syntax.other_sql import (
    contains,
)
from sql_seg.syntax.parsing.around import VALUES, Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, JSON_COLUMNS, TEXT, finding, rewriting

_FIELD_HOLDERS = ("CUSTOM_FIELDS", "CUSTOMFIELDS", "CUSTOM_FIELD", "CUSTOM")


def field_holder(it: Around) -> Finding | None:
    """Return the name of a custom field that is written inside an object: ``custom_fields['stage']``."""
    at = it.index
    if it.word(at - 1) in _FIELD_HOLDERS and it.at(at).type == "LSQB" and it.at(at + 1).type == "STRING":
        name, stop = read_string(it.at(at + 1).text, it.dialect), at + 3
    elif it.word(at - 1) in _FIELD_HOLDERS and it.at(at).text == "." and it.at(at + 1).type in VALUES:
        name, stop = it.at(at + 1).text, at + 2
    elif it.word(at - 1) in _FIELD_HOLDERS and it.at(at).text in ("[", ":"):
        return None
    else:
        return None
    start = it.operand_before(at)
    if start is None or not name:
        return None
    written = name if name[0] in '"`' else write_name(name, it.dialect)
    message = "a custom field is a column of contact_data"
    return rewriting(it, start, stop, written, message, code=TEXT)


def qualifier(it: Around) -> Finding | None:
    """Return a name of v1 without its table, and a table of v2 without its schema."""
    if it.token.text != "." or it.previous.type not in VALUES or it.at(it.index + 1).type not in VALUES:
        return None
    if it.dialect is Dialect.V2 and it.word(it.index - 2) in ("FROM", "JOIN"):
        name = it.at(it.index + 1).text
        message = "a table has no schema before its name"
        return rewriting(it, it.index - 1, it.index + 2, name, message, code=TEXT)
    if it.dialect is Dialect.V1:
        holder = it.word(it.index - 1)
        stop = it.index + 2
        while it.at(stop).text == "." and it.at(stop + 1).type in VALUES:
            stop += 2
        name = it.at(stop - 1).text
        if holder in ("EVENT_DATA", "DATA") or (stop > it.index + 2):
            written = f"event_data[{write_string(name, it.dialect)}]"
            message = "an event's data is read by one key"
            return rewriting(it, it.index - 1, stop, written, message, code=CHARACTER)
        return Finding(
            "unexpected-character",
            it.token.span,
            "unexpected '.'",
            help=f"v1 has one table: write the field's name alone, {name}",
            sendgrid="syntax error: unexpected '.'",
            fix=Fix(f"Write {name}", (Edit(it.span(it.index - 1, it.index + 2), name),)),
        )
    return None


def path(it: Around) -> Finding | None:
    """Return a path as it is written here: ``data->>'url'``, ``data.payload.url``, ``data:payload."a b"``."""
    if it.dialect is Dialect.V1:
        return None
    at = it.index
    if it.at(at).type == "QUOTED_NAME" and it.at(at - 1).type in ("DOT", "COLON"):
        name = read_delimited_name(it.at(at).text)
        return _key(it, at - 1, name, at + 1)
    if it.word(at) == ">" and it.word(at - 1) == "-" and it.touch(at - 1, at):
        return _arrows(it, at - 1)
    if it.at(at).type == "COLON" and it.at(at + 1).type in VALUES and ":" in _operand(it, at):
        hint = f"write .{it.at(at + 1).text}"
        edit = Edit(it.token.span, ".")
        return finding(it.token.span, "the keys of a path are joined by dots", hint, edit, code=TEXT)
    if (
        "COLON" not in it.accepted
        or it.token.type not in ("DOT", "LSQB")
        or it.word(at - 1) not in JSON_COLUMNS
    ):
        return None
    hint = "a path starts with a colon: data:payload.url"
    place = Span(it.token.start, it.token.end if it.token.type == "DOT" else it.token.start)
    return finding(it.token.span, "a path starts with a colon", hint, Edit(place, ":"), code=TEXT)


def _operand(it: Around, at: int) -> str:
    """Return the text of the operand before a token."""
    begin = it.operand_before(at)
    return "" if begin is None else it.slice(begin, at)


def _key(it: Around, start: int, name: str, stop: int) -> Finding:
    colon = ":" if it.at(start).type == "COLON" else ""
    written = f"{colon}[{write_string(name, it.dialect)}]"
    message = "a key that is no plain word stands in square brackets"
    return rewriting(it, start, stop, written, message, code=TEXT)


def _arrows(it: Around, start: int) -> Finding | None:
    """Return ``data->'payload'->>'url'`` as a path."""
    begin = it.operand_before(start)
    keys: list[str] = []
    at = start
    while it.word(at) == "-" and it.word(at + 1).startswith(">"):
        at += 2 if it.word(at + 1) != ">" or it.word(at + 2) != ">" else 3
        if it.at(at).type != "STRING":
            return None
        text = read_string(it.at(at).text, it.dialect)
        keys += text.strip("$.{}").replace(",", ".").split(".")
        at += 1
    if begin is None or not keys:
        return None
    base = it.slice(begin, start)
    if it.word(start - 1) in JSON_COLUMNS and keys[0] != "payload":
        keys.insert(0, "payload")  # an event's own keys stand there
    parts = [key if is_bare_name(key, Dialect.V1) else f"[{write_string(key, it.dialect)}]" for key in keys]
    path = "".join(part if part.startswith("[") else f".{part}" for part in parts)
    written = base + (path if ":" in base else f":{path.removeprefix('.')}")
    return rewriting(it, begin, at, written, "a path stands behind a colon", code=TEXT)


def element(it: Around) -> Finding | None:
    """Return ``list_ids[0] = 'a'`` as the question whether the list holds the value."""
    bracket = it.index if it.token.type == "LSQB" else it.index - 1
    if (
        it.at(bracket).type != "LSQB"
        or it.at(bracket + 1).type != "NUMBER"
        or it.at(bracket + 2).type != "RSQB"
    ):
        return None
    start = it.operand_before(bracket)
    if start is None:
        return None
    subject, value = it.slice(start, bracket), it.at(bracket + 4)
    compared = it.word(bracket + 3) == "=" and value.type == "STRING"
    written = contains(subject, value.text if compared else "'…'", it.dialect)
    message = "a list has no order: its first value cannot be asked for"
    if compared:
        stop = bracket + 5
        return rewriting(it, start, stop, written, message, code=TEXT, safety=Safety.UNSAFE)
    return finding(it.span(start, bracket + 3), message, f"write {written}", code=TEXT)


def bracketed_name(it: Around) -> Finding | None:
    """Return a name without SQL Server's square brackets."""
    if it.token.type != "LSQB" or it.at(it.index + 1).type != "NAME" or it.at(it.index + 2).type != "RSQB":
        return None
    name = it.at(it.index + 1).text
    message = "names do not stand in square brackets"
    return rewriting(it, it.index, it.index + 3, name, message, code=TEXT)
