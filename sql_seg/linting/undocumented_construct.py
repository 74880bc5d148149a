"""``undocumented-construct``: what SendGrid's reference does not promise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sql_seg.diagnostics import Edit, Finding, Fix, Provenance, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.functions import FUNCTIONS, Kind
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import EVENT_TABLE
from sql_seg.linting.places import edit_of_words, literal_span, operator_span
from sql_seg.linting.rows import event_value, rows
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_SEEN, _OURS = Provenance.SEEN, Provenance.OURS
_SEVERITIES = {_SEEN: Severity.INFO, _OURS: Severity.WARNING}


class _Use(NamedTuple):
    """A place where a construct is used, with what to write instead, and as an edit that means the same."""

    construct: str
    provenance: Provenance
    span: Span
    help: str = ""
    edit: Edit | None = None


def _check(context: Context) -> Iterator[Finding]:
    uses: dict[str, list[_Use]] = {}
    wanted = (_SEEN, _OURS) if context.infos else (_OURS,)
    for use in _uses(context):
        if use.provenance in wanted:
            uses.setdefault(use.construct, []).append(use)
    for alike in uses.values():
        first = min(alike, key=lambda use: use.span)
        edits = tuple([use.edit for use in alike if use.edit is not None])
        if first.provenance is _SEEN:
            message = (
                f"SendGrid's reference does not mention {first.construct}, though queries in use rely on it"
            )
        else:
            message = f"SendGrid's reference does not promise {first.construct}"
        yield RULE.finding(
            first.span,
            message,
            help=first.help,
            fix=Fix(f"{first.help[0].upper()}{first.help[1:]}", edits) if len(edits) == len(alike) else None,
            severity=_SEVERITIES[first.provenance],
        )


def _uses(context: Context) -> Iterator[_Use]:
    is_v1 = context.dialect is Dialect.V1
    if not is_v1 and _MAY_HOLD_MARKS.search(context.text):
        yield from _marks(context)
    for kind, find in (_IN_V1 if is_v1 else _IN_V2).items():
        if context.infos or kind not in _SEEN_ALONE:
            for node in context.nodes_of(kind):
                yield from find(context, node)


def _has_angles(context: Context) -> bool:
    return "<>" in context.text


def _unequal(context: Context, node: nodes.Comparison) -> Iterator[_Use]:
    if node.operator is Comparator.NE and context.once(_has_angles):
        place = operator_span(context, node.left, node.right)
        if context.text[place.start : place.end] == "<>":
            yield _Use("<>", _OURS, place, "write !=", Edit(place, "!="))


def _v1_path(_: Context, node: nodes.Path) -> Iterator[_Use]:
    yield _Use("reading event_data by a key", _SEEN, node.span)


def _v1_like(context: Context, node: nodes.Like) -> Iterator[_Use]:
    if isinstance(node.pattern, nodes.String) and "%%%" in node.pattern.value:
        yield _Use("three percent signs in a row", _OURS, literal_span(context, node.pattern))


def _v1_call(_: Context, node: nodes.Call) -> Iterator[_Use]:
    yield _Use(f"the function {node.name}", FUNCTIONS[node.name].provenance[Dialect.V1], node.span)


_INTERVAL = re.compile(
    r"INTERVAL\s*[+-]?\s*(?P<amount>[0-9]+|'[^']*'|\"[^\"]*\")\s*(?P<unit>\w+)", re.IGNORECASE
)


def _interval(context: Context, node: nodes.Interval) -> Iterator[_Use]:
    found = _INTERVAL.search(context.text, node.span.start, node.span.end)
    assert found is not None
    amount, unit = Span(*found.span("amount")), Span(*found.span("unit"))
    if not found["amount"].isdigit():
        bare = found["amount"][1:-1].strip()
        edit = edit_of_words(context, Span(amount.start, unit.start), f"{bare} ")
        yield _Use("a quoted amount of time", _OURS, amount, "write the amount without quotes", edit)
    if found["unit"][-1] in "sS":
        yield _plural_unit(unit)


def _like(context: Context, node: nodes.Like) -> Iterator[_Use]:
    yield _Use("LIKE in v2", _SEEN, node.span)
    if isinstance(node.pattern, nodes.String) and _ESCAPED_WILDCARD.search(node.pattern.value):
        yield _Use("a backslash in a pattern", _OURS, literal_span(context, node.pattern))


def _between(_: Context, node: nodes.Between) -> Iterator[_Use]:
    yield _Use("BETWEEN in v2", _SEEN, node.span)


def _subquery(_: Context, node: nodes.InSubquery) -> Iterator[_Use]:
    yield _Use("a subquery", _SEEN, node.query.span)


def _table(_: Context, node: nodes.Table) -> Iterator[_Use]:
    if node.alias is not None:
        yield _Use("an alias of a table", _SEEN, node.span)


def _using(context: Context, node: nodes.Using) -> Iterator[_Use]:
    hint = "write ON contact_id"
    yield _Use("USING", _OURS, node.span, hint, edit_of_words(context, node.span, "ON contact_id"))


def _timestamp(_: Context, node: nodes.Timestamp) -> Iterator[_Use]:
    yield _Use("TIMESTAMP '…' in v2", _OURS, node.span, "write the text alone, without TIMESTAMP")


def _plural_unit(unit: Span) -> _Use:
    hint = "write the unit in the singular"
    return _Use("units of time in the plural", _OURS, unit, hint, Edit(Span(unit.end - 1, unit.end), ""))


def _call(context: Context, node: nodes.Call) -> Iterator[_Use]:
    provenance = FUNCTIONS[node.name].provenance[Dialect.V2]
    if node.name == "NOW":
        edit = edit_of_words(context, literal_span(context, node), "CURRENT_TIMESTAMP")
        yield _Use("the function NOW in v2", provenance, node.span, "write CURRENT_TIMESTAMP", edit)
        return
    yield _Use(f"the function {node.name} in v2", provenance, node.span)
    if FUNCTIONS[node.name].kind is Kind.SHIFT:
        unit = literal_span(context, node.arguments[0])
        if context.text[unit.end - 1] in "sS":
            yield _plural_unit(unit)
        if context.text[unit.start : unit.end].lower().startswith("week"):
            yield _Use("the unit week", _SEEN, unit)


def _column(context: Context, node: nodes.Column) -> Iterator[_Use]:
    if context.once(rows).events and event_value(context, context.term_of(node)) is not None:
        yield from _event_column(context, node)


def _event_column(context: Context, node: nodes.Column) -> Iterator[_Use]:
    column = EVENT_TABLE.column(node.name)
    assert column is not None
    if column.key != "event_timestamp":
        yield _Use(f"the column {column.name}", column.provenance, node.span)
        return
    place = literal_span(context, node)
    name = Span(place.end - len(node.name), place.end)
    is_bare = context.text[name.start : name.end] == node.name
    edit = Edit(name, "timestamp") if is_bare else None
    yield _Use("the column event_timestamp in v2", column.provenance, node.span, "write timestamp", edit)


def _path(context: Context, node: nodes.Path) -> Iterator[_Use]:
    yield from _event_column(context, node.column)
    yield _Use("a path into data", _SEEN, node.span)
    if "[" in context.text[node.column.span.end : node.span.end]:
        yield _Use("a key in brackets", _OURS, node.span)


def _maximum(context: Context, select: nodes.Select) -> Iterator[_Use]:
    maxima = [item for item in select.items if isinstance(item.expression, nodes.Call)]
    if not maxima or select.group_by:
        return
    plain = [item for item in select.items if not isinstance(item.expression, nodes.Call)]
    columns = ", ".join([context.slice(item) for item in plain])
    before = select.where or (select.joins[-1] if select.joins else select.table)
    edit = edit_of_words(context, Span(before.span.end, before.span.end), f" GROUP BY {columns}")
    hint = f"write GROUP BY {columns} behind the WHERE"
    yield _Use("MAX without GROUP BY", _OURS, maxima[0].span, hint, edit)


_MARKS = re.compile(
    r"(?P<string>'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*')|(?P<quoted>\"[^\"]+\")|(?P<backticked>`[^`]+`)|"
    r"(?P<comment>--[^\r\n]*|/\*[\s\S]*?\*/)|(?P<semicolon>;)"
)
"""What no node tells of, and strings, which may hold all of it."""

_MAY_HOLD_MARKS = re.compile(r"[;`\"\\]|--|/\*")

_ESCAPE = re.compile(r"\\['\"\\]")
_ESCAPED_WILDCARD = re.compile(r"\\[%_\\]")


def _marks(context: Context) -> Iterator[_Use]:
    for mark in _MARKS.finditer(context.text):
        span = Span(*mark.span())
        match mark.lastgroup:
            case "comment":
                yield _Use("comments", _OURS, span)
            case "semicolon":
                yield _Use("a semicolon at the end", _OURS, span, "leave it out", Edit(span, ""))
            case "backticked":
                yield _Use(
                    "names in backticks in v2", _OURS, span, "write double quotes, or nothing around it"
                )
            case "quoted":
                yield _Use("names in double quotes", _SEEN, span)
            case "string" if _ESCAPE.search(mark.group()):
                yield _Use("backslashes in a text", _SEEN, span)


_Find = Callable[[Context, Any], Iterator[_Use]]
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
_SEEN_ALONE = frozenset({nodes.Between, nodes.InSubquery, nodes.Table})
"""Kinds of nodes of which no more than an info is said."""

RULE = Rule(
    code="undocumented-construct",
    severity=Severity.WARNING,
    summary="what SendGrid's reference does not promise",
    why="SendGrid's reference is silent about much that a query can hold. What queries in use rely on is an "
    "info; what nobody is known to rely on, and may be refused when the segment is created, a warning. Each "
    "construct is told of once, at its first place.",
    example="first_name <> 'Dave' OR first_name IS NULL",
    instead="first_name != 'Dave' OR first_name IS NULL",
    check=_check,
)
