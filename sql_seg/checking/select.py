"""v2 statements to terms: the select list, conditions, groups, and subqueries.

Each table is a row with a number of its own, those of subqueries too, so that terms have no names to look up.
A query that joins events asks for some event such that its WHERE is TRUE; with a HAVING it asks of all such
events together, by their maxima. Where an error stands, the sound parts are kept, for the rules to look at.
"""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.checking.calls import check_count
from sql_seg.checking.expressions import ExpressionChecker
from sql_seg.checking.findings import ERROR, Findings
from sql_seg.checking.joined_tables import open_tables
from sql_seg.checking.scope import Scope
from sql_seg.core.terms import (
    ALWAYS,
    THE_CONTACT,
    ColumnValue,
    Constant,
    InSubquery,
    LastEvent,
    Maximum,
    SomeEvent,
    Subquery,
    Term,
)
from sql_seg.diagnostics import Fix, Safety, replacement
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import ORDERED, DataType, Dialect
from sql_seg.language.functions import AGGREGATES, FUNCTIONS, Kind, is_of
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, Schema
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk

_NOTHING = Constant(None, type=DataType.NULL)
_SELECTED = ("contact_id", "updated_at")
_LEFT_OUT = frozenset({"ALL", "STRAIGHT_JOIN", "SQL_NO_CACHE", "SQL_CALC_FOUND_ROWS", "HIGH_PRIORITY"})
"""Words of other SQL before the first column, which are a name here."""


class SelectInference(ExpressionChecker):
    """Inference over one SELECT, a query or a subquery; ``rows`` numbers the rows of all of them."""

    def __init__(self, select: nodes.Select, schema: Schema, findings: Findings, rows: Iterator[int]) -> None:
        super().__init__(Scope(schema, Dialect.V2), findings)
        self.select = select
        self.rows = rows
        self.maxima: list[Term] = []
        self._maximum_indexes: dict[Term, int] = {}
        self.aliases: dict[str, Maximum | Constant] = {}
        self._aggregates_allowed = False
        self._in_having = False
        self._inside_max = False

    def query_term(self) -> Term:
        """Return the term of a whole query: whether the contact is a member."""
        open_tables(self.select, CONTACT_DATA, self.scope, self.findings, self.rows)
        self._check_items()
        where = self._where()
        self._check_group_by()
        having = self._having()
        events = self._event_rows()
        if where is ERROR or having is ERROR:
            parts = [*self.sound_parts, *([where] if where is not ERROR else [])]
            self.findings.sound_parts += [
                SomeEvent(events, part, span=self.select.span) if events else part for part in parts
            ]
            return ERROR
        if having is not None:
            return LastEvent(events, where, tuple(self.maxima), having, span=self.select.span)
        return SomeEvent(events, where, span=self.select.span) if events else where

    def subquery(self) -> Subquery | Constant:
        """Return the set that a subquery is; ERROR where something was reported of it."""
        self.scope.inside_subquery = True
        open_tables(self.select, None, self.scope, self.findings, self.rows)
        value = self._subquery_value()
        where = self._where()
        if self.select.group_by or self.select.having is not None:
            place = self.select.group_by[0] if self.select.group_by else self.select.having
            assert place is not None
            self._leave_sound(where)
            return self.findings.error(
                "subquery-shape",
                place.span,
                "a subquery has no GROUP BY and no HAVING",
                help="a subquery is SELECT column FROM table [JOIN event_data …] [WHERE …]",
            )
        if value is ERROR or where is ERROR:
            self._leave_sound(where)
            return ERROR
        return self._set_of(value, where)

    def _set_of(self, value: Term, where: Term) -> Subquery:
        contacts = [h.row for h in self.scope.tables if h.table is not None and h.table.name == CONTACT_DATA]
        contact = contacts[0] if contacts else None
        return Subquery(contact, self._event_rows(), value, where, type=value.type, span=self.select.span)

    def _leave_sound(self, where: Term) -> None:
        """Leave the sound parts of a subquery in which there is an error, each in a subquery of its own."""
        for part in (*self.sound_parts, *([where] if where is not ERROR else [])):
            self.findings.sound_parts.append(InSubquery(_NOTHING, self._set_of(_NOTHING, part)))

    def subquery_term(self, node: nodes.InSubquery) -> Term:
        """Return the term of ``operand IN (SELECT …)``."""
        operand = self.term(node.operand)
        inner = SelectInference(node.query, self.scope.schema, self.findings, self.rows).subquery()
        if not isinstance(inner, Subquery):
            return ERROR
        if operand.type is DataType.ERROR:
            self.findings.sound_parts.append(InSubquery(_NOTHING, inner))
            return ERROR
        selected = node.query.items[0].expression
        pair = self.pair(Comparator.EQ, node.operand, operand, selected, inner.value)
        if pair is None:
            self.findings.sound_parts.append(InSubquery(_NOTHING, inner))
            return ERROR
        value = pair[1]
        subquery = Subquery(
            inner.contact, inner.events, value, inner.condition, type=value.type, span=inner.span
        )
        return InSubquery(pair[0], subquery, negated=node.negated, span=node.span)

    def aggregate_term(self, node: nodes.Call) -> Term:
        """Return the term of ``MAX(…)``, which stands in the select list and in HAVING alone."""
        if not self._aggregates_allowed or self._inside_max:
            where = "inside MAX" if self._inside_max else "here"
            return self.findings.error(
                "misplaced-aggregate",
                node.span,
                f"MAX has no place {where}",
                help="select MAX(…) AS last_event, and ask for it in HAVING last_event < …",
            )
        if not check_count(self, node, FUNCTIONS[node.name]):
            return ERROR
        self._inside_max = True
        operand = self.term(node.arguments[0])
        self._inside_max = False
        if operand.type is DataType.ERROR:
            return ERROR
        if operand.type not in ORDERED | {DataType.NULL, DataType.UNKNOWN}:
            return self.findings.error(
                "type-mismatch",
                node.arguments[0].span,
                f"MAX takes a text, a number or a timestamp, not {self.name_of(operand.type)}",
            )
        if operand.type is DataType.NULL:
            return Constant(None, type=DataType.NULL, span=node.span)
        index = self._maximum_indexes.setdefault(operand, len(self.maxima))
        if index == len(self.maxima):
            self.maxima.append(operand)
        return Maximum(index, type=operand.type, span=node.span)

    def assumed_column(self, term: Term) -> ColumnValue | None:
        """Return the column that a term is, or is the maximum of, if its type is yet to be learnt."""
        return super().assumed_column(self.maxima[term.index] if isinstance(term, Maximum) else term)

    def column_term(self, node: nodes.Column) -> Term:
        """Return the term of a name; in HAVING an alias, or one of the selected columns."""
        if self._in_having and not self._inside_max:
            alias = self.aliases.get(node.name.lower()) if node.table is None else None
            if alias is not None:
                return alias
            value = super().column_term(node)
            if value is ERROR or self._selected_name(value) is not None:
                return value
            return self.findings.error(
                "not-grouped",
                node.span,
                f"HAVING cannot use {self.findings.slice(node)}: it is not selected",
                help="HAVING may use aliases, MAX(…), contact_id and updated_at; the rest belongs to WHERE",
            )
        return super().column_term(node)

    def _event_rows(self) -> tuple[int, ...]:
        return tuple(h.row for h in self.scope.tables if h.table is not None and h.table.name == EVENT_DATA)

    # clauses

    def _where(self) -> Term:
        if self.select.where is None:
            return ALWAYS
        return self.condition(self.select.where, "WHERE")

    def _having(self) -> Term | None:
        having = self.select.having
        if having is None:
            return None
        places = (having, *self.select.items)
        if not any(_is_aggregate(node) for place in places for node in walk(place)):
            return self.findings.error(
                "having-without-max",
                having.span,
                "HAVING needs a MAX(…) to speak of",
                help="select MAX(e.timestamp) AS last_event, or write the condition in WHERE",
            )
        self._aggregates_allowed = self._in_having = True
        term = self.condition(having, "HAVING")
        self._aggregates_allowed = self._in_having = False
        return term

    def _check_items(self) -> None:
        missing = dict.fromkeys(_SELECTED)
        failed = False
        for item in self.select.items:
            if _is_max(item.expression):
                self._max_item(item, item.expression)
                continue
            name = self._plain_item(item)
            if name is None:
                failed = True
            elif name not in missing:
                self.findings.error(
                    "duplicate-column", item.span, f"{name} is selected twice", help="leave one out"
                )
            else:
                del missing[name]
        if missing and not failed:
            self.findings.error(
                "select-list",
                _extent(self.select.items),
                f"the select list lacks {' and '.join(missing)}",
                help=f"write SELECT {self._qualified('contact_id')}, {self._qualified('updated_at')}",
                fix=self._add_columns(list(missing)),
            )

    def _add_columns(self, missing: list[str]) -> Fix:
        """Return the fix that selects what the select list lacks."""
        columns = ", ".join(self._qualified(name) for name in missing)
        if missing == ["updated_at"]:
            end = self.select.items[0].span.end
            return replacement(Span(end, end), f", {columns}", f"Select {columns}")
        start = self.select.items[0].span.start
        return replacement(Span(start, start), f"{columns}, ", f"Select {columns}")

    def _is_left_out(self, item: nodes.SelectItem) -> bool:
        """Return whether an item is a word of other SQL before the first column: TOP (10), ALL, a hint."""
        word = item.expression
        if item.alias is None or item is not self.select.items[0]:
            return False
        if isinstance(word, nodes.Call):
            return word.name == "TOP"
        return isinstance(word, nodes.Column) and word.table is None and word.name.upper() in _LEFT_OUT

    def _selected_by_alias(self, item: nodes.SelectItem) -> str | None:
        """Report a word before the first column, and return the column, if it is one of the two."""
        word, alias = self.findings.slice(item.expression), item.alias or ""
        code = "unsupported-limit" if word.upper().startswith("TOP") else "select-list"
        self.findings.error(
            code,
            item.expression.span,
            f"{word} is not supported",
            help="leave it out: a segment holds every contact that matches",
            fix=replacement(item.span, alias, f"Leave out {word}", Safety.UNSAFE),
        )
        return alias.lower() if alias.lower() in _SELECTED else None

    def _plain_item(self, item: nodes.SelectItem) -> str | None:
        """Return which of the two selected columns an item is, or report that it is none."""
        expression = item.expression
        if isinstance(expression, nodes.Column) and not self._is_left_out(item):
            value = self.term(expression)
            if value is ERROR:
                return None
            name = self._selected_name(value)
            if name is not None:
                if item.alias is not None:
                    self.findings.error(
                        "unexpected-alias",
                        item.span,
                        f"{name} takes no alias",
                        help="only MAX(…) has an alias",
                        fix=replacement(item.span, self.findings.slice(expression), "Leave out the alias"),
                    )
                return name
        elif item is self.select.items[0] and self._is_left_out(item):
            return self._selected_by_alias(item)
        elif isinstance(expression, nodes.Call) and expression.name not in FUNCTIONS:
            self.term(expression)
            if item.alias is not None:  # what HAVING says of it is as wrong, and needs no word more
                self.aliases[item.alias.lower()] = ERROR
            return None
        selected = self.findings.slice(expression)
        self.findings.error(
            "select-list",
            item.span,
            f"a segment selects contact_id and updated_at of {CONTACT_DATA}, not {selected}",
            help=f"write SELECT {self._qualified('contact_id')}, {self._qualified('updated_at')}",
            fix=self._all_columns(item),
        )
        return None

    def _all_columns(self, item: nodes.SelectItem) -> Fix | None:
        """Return the fix for a lone ``*``: the two columns that it may be."""
        if not isinstance(item.expression, nodes.Star) or len(self.select.items) > 1:
            return None
        columns = f"{self._qualified('contact_id')}, {self._qualified('updated_at')}"
        return replacement(item.span, columns, f"Write {columns}")

    def _max_item(self, item: nodes.SelectItem, call: nodes.Expression) -> None:
        self._aggregates_allowed = True
        term = self.term(call)
        self._aggregates_allowed = False
        if item.alias is None:
            self.findings.error(
                "missing-alias",
                item.span,
                "MAX needs an alias",
                help=f"write {self.findings.slice(call)} AS last_event",
                fix=replacement(Span(item.span.end, item.span.end), " AS last_event", "Add an alias"),
            )
            return
        key = item.alias.lower()
        if key in self.aliases:
            self.findings.error("duplicate-alias", item.span, f"two columns are called {item.alias}")
        elif any(h.table is not None and h.table.column(key) is not None for h in self.scope.tables):
            self.findings.error(
                "duplicate-alias",
                item.span,
                f"{item.alias} is a column already",
                help="choose another alias, such as last_event",
            )
        self.aliases[key] = term if isinstance(term, Maximum | Constant) else ERROR
        self.scope.aliases.add(key)

    def _selected_name(self, value: Term) -> str | None:
        """Return the name of a value if it is one of the contact's two selected columns."""
        if isinstance(value, ColumnValue) and value.row == THE_CONTACT and value.name in _SELECTED:
            return value.name
        return None

    def _qualified(self, name: str) -> str:
        """Return a contact's column as it must be written here to be no other."""
        shared = name == "contact_id" and all(holder.shares_id for holder in self.scope.tables)
        if len(self.scope.tables) == 1 or shared:
            return name
        return f"{self.scope.tables[0].name}.{name}"

    def _check_group_by(self) -> None:
        if not self.select.group_by:
            return
        grouped = set()
        for node in self.select.group_by:
            value = self.term(node) if isinstance(node, nodes.Column) else None
            if value is ERROR:
                return
            name = self._selected_name(value) if value is not None else None
            if name is None:
                self._report_group(
                    node.span, f"GROUP BY lists the selected columns, not {self.findings.slice(node)}"
                )
                return
            grouped.add(name)
        if len(grouped) < len(_SELECTED):
            missing = next(name for name in _SELECTED if name not in grouped)
            self._report_group(_extent(self.select.group_by), f"GROUP BY lacks {missing}, which is selected")

    def _report_group(self, span: Span, message: str) -> None:
        columns = f"{self._qualified('contact_id')}, {self._qualified('updated_at')}"
        self.findings.error("group-by", span, message, help=f"write GROUP BY {columns}, or leave it out")

    def _subquery_value(self) -> Term:
        item = self.select.items[0]
        single = len(self.select.items) == 1
        if single and item.alias is None and isinstance(item.expression, nodes.Column):
            return self.term(item.expression)
        return self.findings.error(
            "subquery-shape",
            _extent(self.select.items),
            "a subquery selects one column",
            help="write IN (SELECT contact_id FROM event_data WHERE …)",
        )


def _extent(items: tuple[nodes.Node, ...]) -> Span:
    return Span(items[0].span.start, items[-1].span.end)


def _is_aggregate(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and (is_of(node.name, Kind.AGGREGATE) or node.name in AGGREGATES)


def _is_max(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and is_of(node.name, Kind.AGGREGATE)
