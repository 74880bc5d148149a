"""Paths into events as v1 and PostgreSQL write them, as paths of v2."""

from __future__ import annotations

from sql_seg.diagnostics import Finding
from sql_seg.language.datatypes import Dialect
from sql_seg.language.event_data import path_of_key
from sql_seg.language.literals import is_bare_name, read_string, write_string
from sql_seg.syntax.parsing.around import VALUES, Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, JSON_COLUMNS, TEXT, finding, rewriting

_EVENTS = "EVENT_DATA"


def written_path(keys: list[str], dialect: Dialect) -> str:
    """Return keys as a path behind a colon, from the payload on, which the first may be a key of."""
    if keys[0] == "unique_args":
        keys = ["payload", *keys]
    elif keys[0] != "payload":
        keys = [*path_of_key(keys[0]), *keys[1:]]
    parts = [
        f".{key}" if is_bare_name(key, Dialect.V1) else f"[{write_string(key, dialect)}]" for key in keys
    ]
    return ":" + "".join(parts).removeprefix(".")


def of_event_data(it: Around) -> Finding | None:
    """Return v1's ``event_data['url']`` as a path of the event that is joined."""
    if it.dialect is Dialect.V1 or it.token.type != "LSQB" or it.word(it.index - 1) != _EVENTS:
        return None
    found = _keys_at(it, it.index)
    if found is None:
        return None
    keys, stop = found
    is_qualified = it.at(it.index - 2).type == "DOT" and it.at(it.index - 3).type in VALUES
    start = it.index - 1 - 2 * is_qualified
    alias = it.at(start).text if is_qualified else _alias_of_events(it)
    message = "event_data is a table in v2: what an event holds stands in its column data"
    path = written_path(keys, it.dialect)
    if alias is None:
        hint = f"write e.data{path}, with JOIN event_data AS e ON c.contact_id = e.contact_id"
        return finding(it.span(start, stop), message, hint, code=TEXT)
    return rewriting(it, start, stop, f"{alias}.data{path}", message, code=TEXT)


def _keys_at(it: Around, at: int) -> tuple[list[str], int] | None:
    """Return the keys in square brackets, one behind the other, and where they end."""
    keys: list[str] = []
    while it.at(at).type == "LSQB" and it.at(at + 1).type == "STRING" and it.at(at + 2).type == "RSQB":
        keys.append(read_string(it.at(at + 1).text, it.dialect))
        at += 3
    return (keys, at) if keys else None


def _alias_of_events(it: Around) -> str | None:
    """Return what event_data is called where it stands behind FROM or JOIN, if it stands there."""
    for index in range(1, len(it.tokens)):
        if it.word(index) == _EVENTS and it.word(index - 1) in ("FROM", "JOIN"):
            behind = index + 1 + (it.word(index + 1) == "AS")
            return it.at(behind if it.at(behind).type == "NAME" else index).text
    return None


def operator(it: Around) -> Finding | None:
    """Return ``data #>> '{payload,url}'`` as a path, and ``data ? 'url'`` as IS NOT NULL of one."""
    at = it.index
    if it.dialect is Dialect.V1 or it.word(at - 1) not in JSON_COLUMNS or it.token.text not in ("#", "?"):
        return None
    value = at + 1
    while it.word(value) == ">" or it.word(value) == ">>":
        value += 1
    start = it.operand_before(at)
    if start is None or it.at(value).type != "STRING" or (it.token.text == "#") is (value == at + 1):
        return None
    keys = [key.strip() for key in read_string(it.at(value).text, it.dialect).strip("{}").split(",")]
    if not all(keys):
        return None
    written = it.slice(start, at) + written_path(keys, it.dialect) + " IS NOT NULL" * (it.token.text == "?")
    return rewriting(it, start, value + 1, written, "a path stands behind a colon", code=CHARACTER)


def of_parsed(it: Around) -> Finding | None:
    """Return ``PARSE_JSON(data):payload.url`` without the call: the column holds JSON as it is."""
    if it.token.type != "COLON" or (start := it.operand_before(it.index)) is None:
        return None
    call = it.call_at(start)
    if (
        call is None
        or call.name not in ("PARSE_JSON", "TRY_PARSE_JSON", "TO_VARIANT")
        or len(call.arguments) != 1
    ):
        return None
    message = f"v2 has no function {call.name}"
    return rewriting(it, start, it.index, call.arguments[0], message, code="unknown-function")
