"""``undocumented-construct``: what SendGrid's reference does not promise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sql_seg.core.terms import JsonValue, walk
from sql_seg.diagnostics import Edit, Finding, Fix, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.functions import FUNCTIONS, Kind
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import EVENT_TABLE
from sql_seg.linting.places import MARKS, edit_of_words, literal_span, operator_span, written_escapes
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes

_SEEN, _SNOW, _OURS = Provenance.SEEN, Provenance.SNOWFLAKE, Provenance.OURS
_SEVERITIES = {_SEEN: Severity.INFO, _SNOW: Severity.WARNING, _OURS: Severity.WARNING}
_MESSAGES = {
    _SEEN: "SendGrid's reference does not mention {}, though queries in use rely on it",
    _SNOW: "SendGrid's reference does not promise {}; it is read here as Snowflake documents it",
    _OURS: "SendGrid's reference does not promise {}",
}


class ConstructUse(NamedTuple):
    """A place where a construct is used, with what to write instead, and as an edit that means the same."""

    construct: str
    provenance: Provenance
    span: Span
    help: str = ""
    edit: Edit | None = None


def _check(context: Context) -> Iterator[Finding]:
    found: dict[str, list[ConstructUse]] = {}
    wanted = (_SEEN, _SNOW, _OURS) if context.infos else (_SNOW, _OURS)
    for use in uses(context):
        if use.provenance in wanted:
            found.setdefault(use.construct, []).append(use)
    for alike in found.values():
        first = min(alike, key=lambda use: use.span)
        edits = tuple([use.edit for use in alike if use.edit is not None])
        yield RULE.finding(
            first.span,
            _MESSAGES[first.provenance].format(first.construct),
            help=first.help,
            fix=Fix(f"{first.help[0].upper()}{first.help[1:]}", edits) if len(edits) == len(alike) else None,
            severity=_SEVERITIES[first.provenance],
            provenance=first.provenance,
        )


def uses(context: Context) -> Iterator[ConstructUse]:
    """Yield the places where a query holds what SendGrid's reference does not promise."""
    is_v1 = context.dialect is Dialect.V1
    if not is_v1 and _MAY_HOLD_MARKS.search(context.text):
        yield from _marks(context)
    if not is_v1:
        yield from _conversions(context)
    for kind, find in (_IN_V1 if is_v1 else _IN_V2).items():
        is_asked = context.infos or is_v1 or kind not in _SEEN_ALONE
        if is_asked and (kind is not nodes.Column or context.has_events):
            for node in context.nodes_of(kind):
                yield from find(context, node)


def _has_angles(context: Context) -> bool:
    return "<>" in context.text


def _unequal(context: Context, node: nodes.Comparison) -> Iterator[ConstructUse]:
    if node.operator is Comparator.NE and context.once(_has_angles):
        place = operator_span(context, node.left, node.right)
        if context.text[place.start : place.end] == "<>":
            yield ConstructUse("<>", _OURS, place, "write !=", Edit(place, "!="))


def _v1_path(_: Context, node: nodes.Path) -> Iterator[ConstructUse]:
    yield ConstructUse("reading event_data by a key", _SEEN, node.span)


def _v1_like(context: Context, node: nodes.Like) -> Iterator[ConstructUse]:
    if isinstance(node.pattern, nodes.String) and "%%%" in node.pattern.value:
        yield ConstructUse("three percent signs in a row", _OURS, literal_span(context, node.pattern))


def _v1_call(_: Context, node: nodes.Call) -> Iterator[ConstructUse]:
    yield ConstructUse(f"the function {node.name}", FUNCTIONS[node.name].provenance[Dialect.V1], node.span)


_INTERVAL = re.compile(
    r"INTERVAL\s*[+-]?\s*(?P<amount>[0-9]+|'[^']*'|\"[^\"]*\")\s*(?P<unit>\w+)", re.IGNORECASE
)


def _interval(context: Context, node: nodes.Interval) -> Iterator[ConstructUse]:
    found = _INTERVAL.search(context.text, node.span.start, node.span.end)
    assert found is not None
    amount, unit = Span(*found.span("amount")), Span(*found.span("unit"))
    if not found["amount"].isdigit():
        bare = found["amount"][1:-1].strip()
        edit = edit_of_words(context, Span(amount.start, unit.start), f"{bare} ")
        yield ConstructUse("a quoted amount of time", _OURS, amount, "write the amount without quotes", edit)
    if found["unit"][-1] in "sS":
        yield _plural_unit(unit)


def _like(_: Context, node: nodes.Like) -> Iterator[ConstructUse]:
    yield ConstructUse("LIKE in v2", _SEEN, node.span)


def _between(_: Context, node: nodes.Between) -> Iterator[ConstructUse]:
    yield ConstructUse("BETWEEN in v2", _SEEN, node.span)


def _subquery(_: Context, node: nodes.InSubquery) -> Iterator[ConstructUse]:
    yield ConstructUse("a subquery", _SEEN, node.query.span)


def _table(_: Context, node: nodes.Table) -> Iterator[ConstructUse]:
    if node.alias is not None:
        yield ConstructUse("an alias of a table", _SEEN, node.span)


def _using(context: Context, node: nodes.Using) -> Iterator[ConstructUse]:
    hint = "write ON contact_id"
    yield ConstructUse("USING", _OURS, node.span, hint, edit_of_words(context, node.span, "ON contact_id"))


def _timestamp(_: Context, node: nodes.Timestamp) -> Iterator[ConstructUse]:
    yield ConstructUse("TIMESTAMP '…' in v2", _OURS, node.span, "write the text alone, without TIMESTAMP")


def _plural_unit(unit: Span) -> ConstructUse:
    hint = "write the unit in the singular"
    return ConstructUse(
        "units of time in the plural", _OURS, unit, hint, Edit(Span(unit.end - 1, unit.end), "")
    )


def _call(context: Context, node: nodes.Call) -> Iterator[ConstructUse]:
    provenance = FUNCTIONS[node.name].provenance[Dialect.V2]
    if node.name == "NOW":
        edit = edit_of_words(context, literal_span(context, node), "CURRENT_TIMESTAMP")
        yield ConstructUse("the function NOW in v2", provenance, node.span, "write CURRENT_TIMESTAMP", edit)
        return
    yield ConstructUse(f"the function {node.name} in v2", provenance, node.span)
    if FUNCTIONS[node.name].kind is Kind.SHIFT:
        unit = literal_span(context, node.arguments[0])
        if context.text[unit.end - 1] in "sS":
            yield _plural_unit(unit)
        if context.text[unit.start : unit.end].lower().startswith("week"):
            yield ConstructUse("the unit week", _SEEN, unit)


def _column(context: Context, node: nodes.Column) -> Iterator[ConstructUse]:
    if context.has_events and context.event_value(context.term_of(node)) is not None:
        yield from _event_column(context, node)


def _event_column(context: Context, node: nodes.Column) -> Iterator[ConstructUse]:
    column = EVENT_TABLE.column(node.name)
    assert column is not None
    if column.key != "event_timestamp":
        yield ConstructUse(f"the column {column.name}", column.provenance, node.span)
        return
    place = literal_span(context, node)
    name = Span(place.end - len(node.name), place.end)
    is_bare = context.text[name.start : name.end] == node.name
    edit = Edit(name, "timestamp") if is_bare else None
    yield ConstructUse(
        "the column event_timestamp in v2", column.provenance, node.span, "write timestamp", edit
    )


def _path(context: Context, node: nodes.Path) -> Iterator[ConstructUse]:
    yield from _event_column(context, node.column)
    yield ConstructUse("a path into data", _SEEN, node.span)
    if "[" in context.text[node.column.span.end : node.span.end]:
        yield ConstructUse("a key in brackets", _OURS, node.span)


def _maximum(context: Context, select: nodes.Select) -> Iterator[ConstructUse]:
    maxima = [item for item in select.items if isinstance(item.expression, nodes.Call)]
    if not maxima or select.group_by:
        return
    plain = [item for item in select.items if not isinstance(item.expression, nodes.Call)]
    columns = ", ".join([context.slice(item) for item in plain])
    before = select.where or (select.joins[-1] if select.joins else select.table)
    edit = edit_of_words(context, Span(before.span.end, before.span.end), f" GROUP BY {columns}")
    hint = f"write GROUP BY {columns} behind the WHERE"
    yield ConstructUse("MAX without GROUP BY", _OURS, maxima[0].span, hint, edit)


_MAY_HOLD_MARKS = re.compile(r"[;`\"\\]")


def _marks(context: Context) -> Iterator[ConstructUse]:
    for mark in MARKS.finditer(context.text):
        span = Span(*mark.span())
        match mark.lastgroup:
            case "semicolon":
                yield ConstructUse("a semicolon at the end", _OURS, span, "leave it out", Edit(span, ""))
            case "backticked":
                hint = "write double quotes, or nothing around it"
                yield ConstructUse("names in backticks in v2", _OURS, span, hint)
            case "quoted":
                yield ConstructUse("names in double quotes", _SEEN, span)
    for found in context.once(written_escapes):
        if found.escape.is_seen and not found.of_pattern:
            span = Span(found.start, found.start + len(found.escape.written))
            yield ConstructUse("backslashes in a text", _SEEN, span)


def _conversions(context: Context) -> Iterator[ConstructUse]:
    """Yield how paths are read as a type other than a text, which is what an event's data mostly holds."""
    if not context.has_events:
        return
    for term in walk(context.checked.condition):
        if isinstance(term, JsonValue) and term.type in _CONVERSIONS:
            construct, provenance = _CONVERSIONS[term.type]
            yield ConstructUse(construct, provenance, term.span)


_CONVERSIONS = {
    DataType.NUMBER: ("a path beside a number", _SNOW),
    DataType.BOOLEAN: ("a path as a truth value", _SNOW),
    DataType.TIMESTAMP: ("a path beside a timestamp", _SNOW),
    DataType.ARRAY: ("a path in ARRAY_CONTAINS", _OURS),
}


_Find = Callable[[Context, Any], Iterator[ConstructUse]]
_IN_V1: dict[type[nodes.Node], _Find] = {
    nodes.Comparison: _unequal,
    nodes.Interval: _interval,
    nodes.Path: _v1_path,
    nodes.Like: _v1_like,
    nodes.Call: _v1_call,
}
_IN_V2: dict[type[nodes.Node], _Find] = {
    nodes.Comparison: _unequal,
    nodes.Like: _like,
    nodes.Between: _between,
    nodes.InSubquery: _subquery,
    nodes.Table: _table,
    nodes.Using: _using,
    nodes.Timestamp: _timestamp,
    nodes.Call: _call,
    nodes.Column: _column,
    nodes.Path: _path,
    nodes.Select: _maximum,
}
_SEEN_ALONE = frozenset({nodes.Between, nodes.InSubquery, nodes.Like, nodes.Table})
"""Kinds of nodes in v2 of which no more than an info is said."""

RULE = Rule(
    code="undocumented-construct",
    severity=Severity.WARNING,
    summary="what SendGrid's reference does not promise",
    why="SendGrid's reference is silent about much that a query can hold. What queries in use rely on is an "
    "info. What nobody is known to rely on, and may be refused when the segment is created, is a warning; so "
    "is "
    "what only Snowflake's documentation gives a meaning, on which SendGrid's queries evidently run. Each "
    "construct is reported once, at its first place.",
    example="first_name <> 'Dave' OR first_name IS NULL",
    instead="first_name != 'Dave' OR first_name IS NULL",
    check=_check,
)
