"""The tables of a SELECT: opened under their names, and joined by contact ids alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sql_seg.checking.findings import Findings
from sql_seg.checking.scope import Scope, TableInScope
from sql_seg.core.terms import THE_CONTACT
from sql_seg.diagnostics.source import Span
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA
from sql_seg.syntax import nodes
from sql_seg.wording import did_you_mean


def open_tables(
    select: nodes.Select, first: str | None, scope: Scope, findings: Findings, rows: Iterator[int]
) -> None:
    """Bring the tables of a SELECT into scope, each with a row; ``first`` is what FROM takes, None either.

    What is wrong with them, or with how they are joined, is reported.
    """
    tables = _Tables(scope, findings, rows)
    tables.open(select.table, first, "FROM")
    for join in select.joins:
        earlier = list(scope.tables)
        joined = tables.open(join.table, EVENT_DATA, "JOIN")
        tables.check_join(join, joined, earlier)


class _Tables(NamedTuple):
    """Where tables are opened, and where it is said what is wrong with them."""

    scope: Scope
    findings: Findings
    rows: Iterator[int]

    def open(self, node: nodes.Table, wanted: str | None, word: str) -> TableInScope:
        """Bring a table into scope; ``wanted`` is what stands behind such a ``word``."""
        table = self.scope.schema.table(node.name)
        name = node.alias or node.name
        if table is None:
            self.findings.error(
                "unknown-table",
                Span(node.span.start, node.span.start + len(node.name)),
                f"there is no table {node.name}",
                help=did_you_mean(node.name, (CONTACT_DATA, EVENT_DATA))
                or f"the tables are {CONTACT_DATA} and {EVENT_DATA}",
                sendgrid=f"illegal table name: '{node.name}'",
            )
        elif wanted is not None and table.name != wanted:
            self.findings.error(
                "wrong-table",
                node.span,
                f"{word} takes {wanted}, not {table.name}",
                help="SELECT c.contact_id, c.updated_at FROM contact_data AS c "
                "JOIN event_data AS e ON c.contact_id = e.contact_id",
            )
            table = None if word == "JOIN" else table
        if self.scope.by_name(name) is not None:
            self.findings.error(
                "duplicate-alias",
                node.span,
                f"two tables here are called {name}",
                help=f"give each table an alias of its own: {node.name} AS e{len(self.scope.tables)}",
            )
        is_contact = word == "FROM" and not self.scope.inside_subquery
        opened = TableInScope(name, table, THE_CONTACT if is_contact else next(self.rows))
        self.scope.add(opened)
        self.findings.table_rows[id(node)] = opened.row
        return opened

    def check_join(self, join: nodes.Join, joined: TableInScope, earlier: list[TableInScope]) -> None:
        """Report a join of tables by anything but their contact ids."""
        if isinstance(join.on, nodes.Using):
            if join.on.column.lower() == "contact_id":
                _share_id(joined, earlier)
                return
        elif isinstance(join.on, nodes.Column) and join.on.table is None:
            if join.on.name.lower() == "contact_id":
                _share_id(joined, earlier)
                return
        elif isinstance(join.on, nodes.Comparison) and join.on.operator is Comparator.EQ:
            sides = {
                _id_holder(join.on.left, earlier, joined),
                _id_holder(join.on.right, earlier, joined),
            }
            if sides == {"earlier", "joined"}:
                return
        if joined.table is None or any(holder.table is None for holder in earlier):
            return
        hint = f"write ON {earlier[0].name}.contact_id = {joined.name}.contact_id"
        if isinstance(join.on, nodes.And):
            hint += ", and the other conditions in WHERE"
        self.findings.error(
            "join-condition", join.on.span, "tables are joined on contact_id alone", help=hint
        )


def _id_holder(node: nodes.Expression, earlier: list[TableInScope], joined: TableInScope) -> str:
    """Return which side of a join a contact_id belongs to."""
    if not isinstance(node, nodes.Column) or node.table is None or node.name.lower() != "contact_id":
        return "none"
    if node.table.lower() == joined.name.lower():
        return "joined"
    return "earlier" if any(h.name.lower() == node.table.lower() for h in earlier) else "none"


def _share_id(joined: TableInScope, earlier: list[TableInScope]) -> None:
    joined.shares_id = True
    earlier[0].shares_id = True
