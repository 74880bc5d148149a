"""Which columns a name may mean at a place in a query."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sql_seg.checking.findings import Findings
from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Fix, Safety, replacement
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.event_data import WEBHOOK_KEYS, path_of_key
from sql_seg.language.literals import is_bare_name, write_qualified_name, write_string
from sql_seg.language.schema import (
    CONTACT_DATA,
    EVENT_DATA,
    EVENT_TABLE,
    NO_COLUMNS,
    V1_EVENT_FIELDS,
    Column,
    Schema,
    TableSchema,
)
from sql_seg.syntax import nodes
from sql_seg.wording import close_names, did_you_mean

_STORED_NAMES = {"event_timestamp": "timestamp", "event_data": "data"}
"""Names of an event's columns that are stored under another."""

_FIELD_ID = re.compile(r"e[0-9]+_[TND]", re.IGNORECASE)
"""The form of a custom field's id: its number, and T, N or D for its type."""

_FIELD_HOLDERS = frozenset({"custom_fields", "customfields", "custom_field", "custom"})
"""What other APIs call the object that holds the custom fields."""
_LEGACY_EVENTS = {"clicks": "click", "opens": "open"}
"""The events that conditions of SendGrid's legacy contacts API name as tables."""


class TableInScope:
    """A table that columns may come from. ``table`` None: an error was reported of it.

    ``shares_id`` is set by ``ON contact_id`` and USING: its contact_id and those of the other tables
    so joined are one column.
    """

    __slots__ = ("name", "row", "shares_id", "table")

    def __init__(self, name: str, table: TableSchema | None, row: int) -> None:
        self.name = name
        self.table = table
        self.row = row
        self.shares_id = False


class Scope:
    """The tables of one SELECT, or v1's one contact and one event.

    ``aliases`` are those of the select list, in lower case, which HAVING alone may use.
    """

    __slots__ = ("_by_name", "aliases", "dialect", "inside_subquery", "schema", "tables", "used_rows")

    def __init__(self, schema: Schema, dialect: Dialect, tables: Iterable[TableInScope] = ()) -> None:
        self.schema = schema
        self.dialect = dialect
        self.tables: list[TableInScope] = []
        self._by_name: dict[str, TableInScope] = {}
        self.inside_subquery = False
        self.aliases: set[str] = set()
        self.used_rows: set[int] = set()
        for table in tables:
            self.add(table)

    @classmethod
    def of_predicate(cls, schema: Schema) -> Scope:
        """Return the scope of a v1 predicate: row 0 is the contact, row 1 the event."""
        tables = [
            TableInScope(CONTACT_DATA, schema.contact_data, 0),
            TableInScope(EVENT_DATA, V1_EVENT_FIELDS, 1),
        ]
        return cls(schema, Dialect.V1, tables)

    def find_path(self, node: nodes.Path, findings: Findings) -> tuple[TableInScope, Column] | None:
        """Return the table and column that a path starts from; None if there is none, which is reported."""
        column = node.column
        holds_fields = column.table is None and column.name.lower() in _FIELD_HOLDERS and len(node.keys) == 1
        if not holds_fields or any(h.table and h.table.column(column.name) for h in self.tables):
            return self.find(column, findings)
        written = write_qualified_name(node.keys[0], None, self.dialect)
        findings.error(
            "unknown-column",
            column.span,
            f"{CONTACT_DATA} has no column {column.name}",
            help=f"a custom field is a column of {CONTACT_DATA}: write {written}",
            fix=findings.rewriting(node, written),
        )
        self._look_for_field(node.keys[0], node, findings)
        return None

    def _look_for_field(self, name: str, place: nodes.Expression, findings: Findings) -> None:
        """Report a custom field that is not declared, beside how it is written."""
        if not self.schema.lenient:
            self.find(nodes.Column(name, None, span=place.span), findings)

    def find(self, node: nodes.Column, findings: Findings) -> tuple[TableInScope, Column] | None:
        """Return the table and column that a name means; None if it means none, which is reported."""
        found = self._qualified(node, findings) if node.table is not None else self._bare(node, findings)
        if found is not None:
            self.used_rows.add(found[0].row)
        return found

    def _qualified(self, node: nodes.Column, findings: Findings) -> tuple[TableInScope, Column] | None:
        assert node.table is not None
        holder = self.by_name(node.table)
        if holder is None:
            self._report_unknown_qualifier(node, node.table, findings)
            return None
        if holder.table is None:
            return None
        column = holder.table.column(node.name) or self._assumed(holder, node, findings)
        if column is None:
            self._report_unknown_column(node, holder.table, findings)
            return None
        return holder, column

    def _bare(self, node: nodes.Column, findings: Findings) -> tuple[TableInScope, Column] | None:
        candidates = [
            (holder, column)
            for holder in self.tables
            if holder.table is not None and (column := holder.table.column(node.name)) is not None
        ]
        if node.name.lower() == "contact_id":
            shared = [candidate for candidate in candidates if candidate[0].shares_id]
            candidates = shared[:1] + [candidate for candidate in candidates if not candidate[0].shares_id]
        if len(candidates) > 1:
            names = [f"{holder.name}.{column.name}" for holder, column in candidates]
            findings.error(
                "ambiguous-column",
                node.span,
                f"{node.name} could be {' or '.join(names)}",
                help=f"write {names[0]}",
                fix=findings.rewriting(node, self._written(candidates[0][0], node)),
            )
            return None
        if candidates:
            return candidates[0]
        if any(holder.table is None for holder in self.tables):
            return None
        for holder in self.tables:
            assumed = self._assumed(holder, node, findings)
            if assumed is not None:
                return holder, assumed
        first = self.tables[0].table
        assert first is not None
        self._report_unknown_column(node, first, findings)
        return None

    def add(self, table: TableInScope) -> None:
        """Add a table; of two with one name, the first is the one that the name means."""
        self.tables.append(table)
        self._by_name.setdefault(table.name.lower(), table)

    def by_name(self, name: str) -> TableInScope | None:
        """Return the table of a name or alias, in any case."""
        return self._by_name.get(name.lower())

    def _assumed(self, holder: TableInScope, node: nodes.Column, findings: Findings) -> Column | None:
        """Return the custom field that a lenient schema takes an unknown name for."""
        is_contact = holder.table is not None and holder.table.name == CONTACT_DATA
        if not (self.schema.lenient and is_contact) or node.name.lower() in NO_COLUMNS:
            return None
        if findings.is_quoted_text(node) or self.schema.field_of_id(node.name) is not None:
            return None
        findings.assume(node)
        return Column(node.name, findings.assumptions.type_of(node.name.lower()))

    def _report_unknown_qualifier(self, node: nodes.Column, table: str, findings: Findings) -> None:
        span = Span(node.span.start, node.span.start + max(1, len(table)))
        renamed = next(
            (h for h in self.tables if h.table is not None and h.table.name == table.lower()),
            None,
        )
        fix = None
        if table.lower() in _FIELD_HOLDERS:
            written = write_qualified_name(node.name, None, self.dialect)
            hint = f"a custom field is a column of {CONTACT_DATA}: write {written}"
            fix = findings.rewriting(node, written)
        elif (key := dashed_key(findings, node)) is not None:
            hint, fix = key
        elif table.lower() in _LEGACY_EVENTS:
            hint = (
                f"this is a condition of the legacy API; {self._event_query(_LEGACY_EVENTS[table.lower()])}"
            )
        elif renamed is not None:
            written = self._written(renamed, node)
            if renamed.table is not None and renamed.table.column(node.name) is None:
                written = _value_of_event(node.name, renamed.name) or written
            hint = f"{table} is called {renamed.name} here: write {written}"
            fix = findings.rewriting(node, written)
        else:
            hint = did_you_mean(table, [holder.name for holder in self.tables])
            if not hint and self.inside_subquery:
                hint = "a subquery sees its own tables only"
            hint = hint or f"the tables here are {', '.join(holder.name for holder in self.tables)}"
        findings.error("unknown-table", span, f"no table here is called {table}", help=hint, fix=fix)
        if table.lower() in _FIELD_HOLDERS:
            self._look_for_field(node.name, node, findings)

    def _written(self, holder: TableInScope, node: nodes.Column) -> str:
        return write_qualified_name(node.name, holder.name, self.dialect)

    def _report_unknown_column(self, node: nodes.Column, table: TableSchema, findings: Findings) -> None:
        name = node.name
        if self.dialect is Dialect.V1:
            sendgrid = f"invalid syntax: '{name}' is not a known field"
        else:
            sendgrid = f"illegal column name … '{name}' referenced for table: '{table.name}'"
        if name.lower() in NO_COLUMNS and table.name == CONTACT_DATA:
            findings.error(
                "reserved-field",
                node.span,
                f"{name} is a reserved field, but no column of {table.name}",
                help=self._instead_of_field(name),
                sendgrid=sendgrid,
            )
            return
        if table.name == CONTACT_DATA and self._report_field_id(node, findings, sendgrid):
            return
        hint, fix = self._column_advice(node, table, findings)
        message = f"{table.name} has no column {name}"
        findings.error(
            "unknown-column", node.span, message, help=hint, sendgrid=sendgrid, fix=fix, table=table.name
        )

    def _report_field_id(self, node: nodes.Column, findings: Findings, sendgrid: str) -> bool:
        """Report a name that is a custom field's id, if it is one."""
        name = node.name
        column = self.schema.field_of_id(name)
        if column is not None:
            findings.error(
                "unknown-column",
                node.span,
                f"{name} is the id of the custom field {column.name}: a query uses its name",
                help=f"write {column.name}",
                sendgrid=sendgrid,
                fix=findings.rewriting(node, write_qualified_name(column.name, node.table, self.dialect)),
            )
        elif _FIELD_ID.fullmatch(name):
            findings.error(
                "unknown-column",
                node.span,
                f"{name} is no column: it has the form of a custom field's id",
                help="write the field's name; the account's field definitions say which it is",
                sendgrid=sendgrid,
            )
        else:
            return False
        return True

    def _column_advice(
        self, node: nodes.Column, table: TableSchema, findings: Findings
    ) -> tuple[str, Fix | None]:
        name = node.name
        if (key := dashed_key(findings, node)) is not None:
            return key
        if findings.is_quoted_text(node):
            text = write_string(name, self.dialect)
            hint = f"double quotes delimit names; a text takes single quotes: {text}"
            return hint, findings.rewriting(node, text)
        if node.table is None and (clock := self._clock(node, findings)):
            return clock
        holders = [table] if node.table is not None else [h.table for h in self.tables if h.table]
        known = [column.name for holder in holders for column in holder.columns.values()]
        if node.table is None and name.lower() in self.aliases:
            return f"{name} is known in HAVING alone, where rows have become groups", None
        if table.name == EVENT_DATA and (value := _value_of_event(name, node.table)):
            hint = f"what an event holds stands in its column data: write {value}"
            return hint, findings.rewriting(node, value)
        close = close_names(name, known)
        if close:
            written = write_qualified_name(close[0], node.table, self.dialect)
            fix = findings.rewriting(node, written, Safety.UNSAFE) if len(close) == 1 else None
            return f"did you mean {' or '.join(close)}?", fix
        if EVENT_TABLE.column(name) is not None or V1_EVENT_FIELDS.column(name) is not None:
            on = f"{self.tables[0].name}.contact_id = e.contact_id"
            return f"it is a column of event_data: JOIN event_data AS e ON {on}", None
        if table.name == EVENT_DATA:
            return f"the columns of event_data are {', '.join(EVENT_TABLE.columns)}", None
        text = write_string(name, self.dialect)
        return f"a text takes quotes: {text}; a custom field needs the account's field definitions", None

    def has_column(self, name: str) -> bool:
        """Return whether a table here has a column."""
        return any(holder.table is not None and holder.table.column(name) for holder in self.tables)

    def _clock(self, node: nodes.Column, findings: Findings) -> tuple[str, Fix] | None:
        """Return what to write for a function of the current time that stands without its parentheses."""
        from sql_seg.syntax.other_sql import clock_advice  # imported only for what is wrong

        if (found := clock_advice(node.name, self.dialect)) is None:
            return None
        return found.help, findings.rewriting(node, found.written, found.safety)

    def _instead_of_field(self, name: str) -> str:
        """Return what to write for a reserved field that is no column."""
        event_type = NO_COLUMNS[name.lower()]
        if not event_type:
            return "to ask who is in another segment, write that segment's own condition here"
        return self._event_query(event_type)

    def _event_query(self, event_type: str) -> str:
        if self.dialect is Dialect.V1:
            return f"ask for the event: event_type = '{event_type}' AND event_timestamp >= …"
        return (
            "ask for the event: contact_id IN (SELECT contact_id FROM event_data WHERE "
            f"event_source = 'mail' AND event_type = '{event_type}')"
        )


_DASHED = re.compile(r"(?<=\w)([:.])(\w+-(?:\w+-)*)$")
_REST = re.compile(r"\w+(?:-\w+)*")


def dashed_key(findings: Findings, node: nodes.Column) -> tuple[str, Fix] | None:
    """Return how to write ``payload.smtp-id``, of which a name is what stands behind a minus, if it is."""
    if findings.dialect is Dialect.V1:
        return None
    line = findings.text[max(0, node.span.start - _LONGEST_KEY) : node.span.start]
    before, after = _DASHED.search(line), _REST.match(findings.text, node.span.start)
    if before is None or after is None or ":" not in line.split()[-1]:
        return None
    key = before[2] + after[0]
    written = f"{before[1].strip('.')}[{write_string(key, findings.dialect)}]"
    place = Span(node.span.start - len(before[0]), after.end())
    return f"a key that is no plain word stands in square brackets: write {written}", replacement(
        place, written, f"Write {written}", Safety.SAFE
    )


_LONGEST_KEY = 200


def column_value(holder: TableInScope, column: Column, span: Span) -> ColumnValue:
    """Return the value of a column of a table's row."""
    name = column.key
    if holder.table is not None and holder.table.name != CONTACT_DATA:
        name = _STORED_NAMES.get(name, name)
    return ColumnValue(holder.row, name, type=column.type, span=span)


def _value_of_event(name: str, holder: str | None) -> str:
    """Return the path to a value that the webhook sends; empty for a name that is none of its own keys."""
    own = WEBHOOK_KEYS.get(name.lower())
    if own is None or own in _IN_COLUMNS or not is_bare_name(own, Dialect.V1):
        return ""
    return f"{f'{holder}.' if holder else ''}data:{'.'.join(path_of_key(own))}"


_IN_COLUMNS = frozenset({"event", "timestamp", "contact_id"})
"""The webhook's keys that columns of event_data hold."""
