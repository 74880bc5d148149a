"""``json-null``: a path IS NULL, which is not TRUE of a JSON null."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.core.terms import JsonValue
from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.places import shortened
from sql_seg.linting.rule import Context, Rule
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes_of(nodes.IsNull):
        term = context.term_of(node.operand)
        if isinstance(term, JsonValue) and term.keys:
            path, negation = shortened(context.slice(node.operand)), "NOT " * node.negated
            yield RULE.finding(
                node.span,
                f"IS {negation}NULL asks only whether the path is there: a JSON null is a value",
                help=f"for null as for what is not there, write ({path} = '') IS {negation}NULL",
            )


RULE = Rule(
    code="json-null",
    severity=Severity.WARNING,
    summary="a path IS NULL, which is not TRUE of a JSON null",
    why="An event's data is JSON, where null is a value: a path that leads to it is not NULL, only one that "
    "leads nowhere is. Beside a value of any type, a JSON null does read as NULL. SendGrid's reference is "
    "silent; this is what Snowflake does, on which its queries evidently run.",
    example="SELECT contact_id, updated_at FROM contact_data JOIN event_data AS e ON contact_id "
    "WHERE e.data:payload.reason IS NULL",
    instead="SELECT contact_id, updated_at FROM contact_data JOIN event_data AS e ON contact_id "
    "WHERE (e.data:payload.reason = '') IS NULL",
    check=_check,
    about=(nodes.IsNull,),
    dialect=Dialect.V2,
    provenance=Provenance.SNOWFLAKE,
)
