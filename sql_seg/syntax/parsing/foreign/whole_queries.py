"""Whole queries and clauses from elsewhere: JSON, the legacy API, SQL around the conditions."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit, Finding
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, JSON_COLUMNS, TEXT, finding

_LEGACY_EVENTS = {"CLICKS": "click", "OPENS": "open"}
_JSON = re.compile(r"\s*[\[{]\s*[\"{\[}]")
_EXAMPLE = "email LIKE '%@example.com'"


def json(it: Around) -> Finding | None:
    """Return that a text is JSON, and what a query is."""
    if it.index > 1 or not _JSON.match(it.text) or it.text.lstrip().startswith("{{"):
        return None
    hint = f"a query is a text, such as {_EXAMPLE}"
    if '"query_dsl"' in it.text:
        hint = "a query is the text behind query_dsl alone"
    elif '"conditions"' in it.text:
        hint = f"conditions as objects belong to the legacy API; {hint}"
    return finding(it.at(0).span, "this is JSON", hint, code=CHARACTER)


_SINGLE_SEND = ("singlesend_id", "unique_args.singlesend_id")


def legacy(it: Around) -> Finding | None:
    """Return what ``clicks.campaign_identifier = '513'`` asks for: a condition of the legacy contacts API."""
    start = it.index if it.word(it.index + 1) == "." else it.index - 1
    event = _LEGACY_EVENTS.get(it.word(start))
    if event is None or it.at(start + 1).text[:1] != ".":
        return None
    if it.dialect is Dialect.V2 and it.index > 0:
        return None
    value = it.at(start + 4)
    sent = value.text if it.word(start + 3) == "=" and value.type == "STRING" else "'…'"
    key, path = ("url", "url") if it.word(start + 2).startswith("URL") else _SINGLE_SEND
    if it.dialect is Dialect.V1:
        condition = f"event_type = '{event}' AND event_data['{key}'] = {sent}"
    else:
        condition = (
            "SELECT contact_id, updated_at FROM contact_data WHERE contact_id IN (SELECT contact_id FROM "
            f"event_data WHERE event_type = '{event}' AND data:payload.{path} = {sent})"
        )
    return finding(
        it.span(start, start + 2),
        f"{it.at(start).text}.… is a condition of the legacy API",
        f"ask for the event: {condition}",
        code=CHARACTER if it.dialect is Dialect.V1 else "bare-predicate",
    )


def of_v1(it: Around) -> Finding | None:
    """Return what v1 does not have that v2 or any SQL has."""
    if it.dialect is Dialect.V2:
        return None
    at = it.index
    if it.word(at - 1) == "SELECT" and it.at(at - 2).type == "LPAR":
        hint = "write the query in v2: SELECT contact_id, updated_at FROM contact_data WHERE …"
        return finding(it.at(at - 1).span, "v1 has no subqueries", hint, code=TEXT)
    if it.word(at) == "WHEN" and it.word(at - 1) == "CASE":
        hint = "write the cases as conditions, with AND and OR"
        return finding(it.at(at - 1).span, "CASE is not supported", hint, code="unsupported-case")
    if it.token.text == "*" and it.word(at - 2) == "COUNT":
        hint = "a v1 predicate is judged for each event alone: events cannot be counted"
        return finding(it.at(at - 2).span, "v1 has no function COUNT", hint, code="unknown-function")
    if it.word(at) == "BY" and it.word(at - 1) in ("ORDER", "GROUP"):
        hint = "leave it out: a segment has no order"
        return finding(it.span(at - 1, at + 1), f"{it.word(at - 1)} BY is not supported", hint, code=TEXT)
    if it.word(at) == "LIMIT" and "AND" in it.accepted:
        hint = "leave it out: a segment holds every contact that matches"
        return finding(it.token.span, "LIMIT is not supported", hint, code=TEXT)
    if it.token.text == ":" and it.word(at - 1) in JSON_COLUMNS:
        return finding(
            it.token.span,
            "unexpected ':'",
            ("an event's data is read by a key: event_data['url']"),
            code=CHARACTER,
        )
    if it.token.text == ";" and it.at(at + 1).type == "$END":
        edit = Edit(it.token.span, "")
        return finding(
            it.token.span, "unexpected ';'", "leave it out: v1 takes no semicolon", edit, code=CHARACTER
        )
    return None


def of_select(it: Around) -> Finding | None:
    """Return what TOP and QUALIFY are to become."""
    at = it.index
    if it.word(at - 1) == "TOP" and it.token.type == "NUMBER":
        hint = "leave it out: a segment holds every contact that matches"
        edit = Edit(Span(it.at(at - 1).start, it.at(at + 1).start), "")
        place = it.span(at - 1, at + 1)
        return finding(place, "TOP is not supported", hint, edit, code="unsupported-limit")
    if it.word(at - 1) == "QUALIFY" and "WHERE" in it.accepted:
        hint = "for the last event, select MAX(e.timestamp) AS last_event and ask for it in HAVING"
        return finding(
            it.at(at - 1).span, "QUALIFY is not supported", hint, code="unsupported-window-function"
        )
    return None


def comma_join(it: Around) -> Finding | None:
    """Return ``FROM contact_data AS c, event_data AS e`` as a JOIN."""
    if it.token.type != "COMMA" or "JOIN" not in it.accepted or it.at(it.index + 1).type != "NAME":
        return None
    first = it.at(it.index - 1).text
    stop = it.index + 2 + (it.word(it.index + 2) == "AS")
    alias = it.at(it.index + 1).text
    if it.at(stop).type in ("NAME", "QUOTED_NAME"):
        alias = it.at(stop).text
        stop += 1
    condition = f"{first}.contact_id = {alias}.contact_id"
    edits = (
        Edit(it.token.span, " JOIN"),
        Edit(Span(it.at(stop - 1).end, it.at(stop - 1).end), f" ON {condition}"),
    )
    joined = it.slice(it.index + 1, stop)
    return finding(
        it.span(it.index, stop),
        "tables are joined by JOIN, not by a comma",
        f"write JOIN {joined} ON {condition}",
        *edits,
        code=TEXT,
    )


def variable(it: Around) -> Finding | None:
    """Return that a query has no variables."""
    is_value = it.accepted >= {"STRING", "NUMBER"}
    marks = it.token.text == ":" or (it.token.text == "%" and it.word(it.index + 1) in ("S", "D", "("))
    if not is_value or not marks:
        return None
    stop = it.index + 2 if it.touch(it.index, it.index + 1) else it.index + 1
    hint = "a query has no variables: write the value itself"
    return finding(it.span(it.index, stop), f"{it.slice(it.index, stop)} is no value", hint, code=TEXT)
