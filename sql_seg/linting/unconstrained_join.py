"""``unconstrained-join``: a joined event of which nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import ColumnValue, JsonValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk


def _check(context: Context) -> Iterator[Finding]:
    selects = [node for node in context.nodes_of(nodes.Select) if node.joins]
    if not selects or context.is_partial:
        return
    terms = context.checked.terms.values()
    used = {term.row for term in terms if isinstance(term, (ColumnValue, JsonValue))}
    for select in selects:
        last_use = _last_uses(select)
        for table in [join.table for join in select.joins]:
            name, row = table.alias or table.name, context.checked.table_rows[id(table)]
            if row in used or last_use.get(name.lower(), 0) > table.span.start:
                continue
            yield RULE.finding(
                table.span,
                f"nothing is asked of {name}: any event at all will do",
                help=f"ask for what happened, such as {name}.event_type = 'open', or leave the JOIN out",
            )


def _last_uses(select: nodes.Select) -> dict[str, int]:
    """Return where the last join starts whose ON names a table, by the table's name or alias."""
    return {
        node.table.lower(): join.span.start
        for join in select.joins
        for node in walk(join.on)
        if isinstance(node, nodes.Column) and node.table is not None
    }


RULE = Rule(
    code="unconstrained-join",
    severity=Severity.WARNING,
    summary="a joined event of which nothing is asked",
    why="A join keeps the contacts that have an event, and without a condition on it any event will do: "
    "being sent an email is one. Such a join is mostly left over, or its condition was forgotten.",
    example="SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
    "ON c.contact_id = e.contact_id WHERE c.country = 'US'",
    instead="SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
    "ON c.contact_id = e.contact_id WHERE c.country = 'US' AND e.event_type = 'open'",
    check=_check,
    about=(nodes.Join,),
)
