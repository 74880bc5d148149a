"""Whole queries and clauses from elsewhere: JSON, the legacy API, SQL around the conditions."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, JSON_COLUMNS, TEXT, finding
from sql_seg.syntax.parsing.tables import END

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
    if it.word(at) in ("ORDER", "GROUP") and it.word(at + 1) == "BY":
        hint = f"leave it out: a segment has no {it.word(at).lower()}"
        return finding(it.span(at, at + 2), f"{it.word(at)} BY is not supported", hint, code=TEXT)
    if at == 1 and it.word(0) in ("WHERE", "IF") and "COMPARATOR" in it.accepted:
        edit = Edit(Span(it.at(0).start, it.at(1).start), "")
        hint = f"v1 is a condition alone: leave out {it.word(0)}"
        return finding(
            it.at(0).span, f"a v1 predicate does not start with {it.word(0)}", hint, edit, code=TEXT
        )
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
    """Return a query without TOP."""
    at = it.index
    if it.word(at - 1) == "TOP" and it.token.type == "NUMBER":
        hint = "leave it out: a segment holds every contact that matches"
        edit = Edit(Span(it.at(at - 1).start, it.at(at + 1).start), "")
        place = it.span(at - 1, at + 1)
        return finding(place, "TOP is not supported", hint, edit, code="unsupported-limit")
    return None


def comma_join(it: Around) -> Finding | None:
    """Return ``FROM contact_data AS c, event_data AS e`` as a JOIN."""
    if it.token.type != "COMMA" or "JOIN" not in it.accepted or it.at(it.index + 1).type != "NAME":
        return None
    first = it.previous.text
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


def clauses(it: Around) -> Finding | None:
    """Return what is wrong with the clauses of a v2 query: too much, too little, or around it all."""
    return (
        None if it.dialect is Dialect.V1 else next(filter(None, (rule(it) for rule in _CLAUSE_RULES)), None)
    )


_LEFT_OUT = {
    "DISTINCT": ("unsupported-distinct", "a contact is in a segment once, however many rows match"),
    "ORDER": ("unsupported-order-by", "a segment has no order"),
    "LIMIT": ("unsupported-limit", "a segment holds every contact that matches"),
}


def _too_much(it: Around) -> Finding | None:
    """Return a query without DISTINCT, ORDER BY or LIMIT."""
    word, at = it.word(it.index), it.index
    if word == "DISTINCT" and it.word(at - 1) == "SELECT" and it.at(at + 1).type == "NAME":
        stop, safety = at + 1, Safety.SAFE
        edit = Edit(Span(it.token.start, it.at(stop).start), "")
    elif word in ("ORDER", "LIMIT") and not it.accepted.isdisjoint((END, "RPAR")):
        stop = _end_of_query(it)
        if word == "ORDER":
            stop = next((i for i in range(at, stop) if it.word(i) in _LIMITS), stop)
        safety = Safety.SAFE if word == "ORDER" else Safety.UNSAFE
        edit = Edit(Span(it.at(at - 1).end, it.at(stop - 1).end), "")
    else:
        return None
    code, why = _LEFT_OUT[word]
    place = it.span(at, at + 1 + (word == "ORDER"))
    name = "ORDER BY" if word == "ORDER" else word
    return finding(place, f"{name} is not supported", f"leave it out: {why}", edit, code=code, safety=safety)


_LIMITS = frozenset({"LIMIT", "OFFSET", "FETCH"})


def _end_of_query(it: Around) -> int:
    """Return where the query, or the subquery, ends that the token stands in."""
    depth = 0
    for at in range(it.index, len(it.tokens)):
        kind = it.at(at).type
        depth += (kind == "LPAR") - (kind == "RPAR")
        if depth < 0 or kind in (END, "SEMICOLON"):
            return at
    return len(it.tokens) - 1


def _no_table(it: Around) -> Finding | None:
    """Return a query with the FROM that it lacks."""
    if "FROM" not in it.accepted or "COMMA" not in it.accepted or it.token.type not in ("WHERE", END):
        return None
    at = it.previous.end
    edit = Edit(Span(at, at), " FROM contact_data")
    message, hint = "the query has no FROM", "write FROM contact_data behind the selected columns"
    return finding(it.token.span, message, hint, edit, code=_code(it), safety=Safety.UNSAFE)


def _code(it: Around) -> str:
    return "unexpected-end" if it.token.type == END else TEXT


def _no_condition_of_join(it: Around) -> Finding | None:
    """Return a JOIN with the ON that it lacks."""
    if "ON" not in it.accepted or it.token.type not in ("WHERE", "JOIN", "INNER", "GROUP", "HAVING", END):
        return None
    first = next((i for i in range(it.index) if it.word(i) == "FROM"), None)
    if first is None:
        return None
    alias = first + 2 + (it.word(first + 2) == "AS")
    one = it.at(alias if it.at(alias).type == "NAME" else first + 1).text
    condition = f"{one}.contact_id = {it.previous.text}.contact_id"
    at = it.previous.end
    message = "this JOIN has no ON"
    edit = Edit(Span(at, at), f" ON {condition}")
    return finding(it.token.span, message, f"write ON {condition}", edit, code=_code(it))


def _in_parentheses(it: Around) -> Finding | None:
    """Return a whole query without the parentheses around it."""
    if it.index != 0 or it.token.type != "LPAR" or it.word(1) != "SELECT":
        return None
    closing = it.closing(0)
    message, hint = "a query does not stand in parentheses", "leave them out"
    if closing is None or it.at(closing + 1).type != END:
        word = "" if closing is None else it.word(closing + 1)
        if word in ("UNION", "EXCEPT", "INTERSECT", "MINUS"):
            message, hint = f"{word} is not supported", "write the conditions as one, with AND, OR and NOT"
        return finding(it.token.span, message, hint, code=TEXT)
    edits = (Edit(it.at(0).span, ""), Edit(it.at(closing).span, ""))
    return finding(it.token.span, message, hint, *edits, code=TEXT)


_BEFORE = frozenset({"EXPLAIN", "DESCRIBE", "PROFILE", "QUERY", "SQL"})
_JOINS = frozenset({"SEMI", "ANTI", "APPLY", "ASOF", "STRAIGHT_JOIN", "LATERAL"})


def _words_around(it: Around) -> Finding | None:
    """Return a query without EXPLAIN before it, and without joins of other kinds."""
    if it.index == 0 and (it.word(0) in _BEFORE or it.word(1) == ":"):
        select = next((i for i in range(1, 4) if it.word(i) == "SELECT"), None)
        if select is not None:
            edit = Edit(Span(it.at(0).start, it.at(select).start), "")
            message = f"{it.at(0).text} does not stand before a query"
            return finding(it.at(0).span, message, "leave it out", edit, code=TEXT)
    found = next((i for i in range(it.index, it.index + 2) if it.word(i) in _JOINS), None)
    if found is not None and "JOIN" in it.accepted:
        hint = "write JOIN event_data AS e ON c.contact_id = e.contact_id"
        if it.word(found) == "ANTI":
            hint = "write contact_id NOT IN (SELECT contact_id FROM event_data WHERE …)"
        message = f"{it.word(found)} is not supported"
        return finding(it.at(found).span, message, hint, code="unsupported-join")
    if it.word(it.index - 1) == "INTO" and "FROM" in it.accepted:
        message, hint = "INTO is not supported", "leave it out: a segment only selects"
        return finding(it.span(it.index - 1, it.index + 1), message, hint, code=TEXT)
    return None


_CLAUSE_RULES = (_too_much, _no_table, _no_condition_of_join, _in_parentheses, _words_around)
