"""Functions that a dialect does not have: reported, with what to write instead of the call or its comparison.

Imported where there is one to report.
"""

from __future__ import annotations

from sql_seg.checking.inference import Inference
from sql_seg.core.terms import Term
from sql_seg.diagnostics import Fix, Safety
from sql_seg.diagnostics.source import Span, inside_parentheses
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.functions import AGGREGATES, FUNCTIONS, Kind, is_of
from sql_seg.syntax import nodes
from sql_seg.syntax.other_sql import (
    Advice,
    ForeignCall,
    advice,
    flipped,
    like,
    of_truth,
    text_value,
    unit_of,
)
from sql_seg.wording import did_you_mean

_TEXTS = frozenset({DataType.VARCHAR, DataType.UNKNOWN})
_AGGREGATE_HELP = {
    "COUNT": "to ask for two events, join event_data twice: JOIN event_data AS e1 ON … JOIN "
    "event_data AS e2 ON … "
    "WHERE e1.timestamp < e2.timestamp; the third takes a third join",
    "MIN": "for the first event, ask that there is none before: contact_id NOT IN (SELECT contact_id FROM "
    "event_data WHERE timestamp < …)",
}


def report_unknown(inference: Inference, node: nodes.Call, comparison: nodes.Comparison | None) -> Term:
    """Report a call of a function that there is not, and what is wrong inside it."""
    function = FUNCTIONS.get(node.name)
    findings = inference.findings
    start = inside_parentheses(findings.text, node.span).start
    name_span = Span(start, start + len(node.name))
    if node.name in AGGREGATES and inference.dialect is Dialect.V2:
        return findings.error(
            "unsupported-aggregate",
            name_span,
            f"{node.name} is not supported",
            help=_AGGREGATE_HELP.get(
                node.name, "MAX(expression) AS alias is the one aggregate: it asks for the last event"
            ),
        )
    known = [name for name, entry in FUNCTIONS.items() if inference.dialect in entry.provenance]
    types = [_argument_type(inference, argument) for argument in node.arguments]
    call = _call(inference, node, comparison)
    found = _of_text(call, types) or advice(call)
    hint = found.help if found else did_you_mean(node.name, known) or f"the functions are {', '.join(known)}"
    what = f"{inference.dialect} has no function {node.name}"
    if function is not None:
        what += f": it belongs to {next(iter(function.provenance))}"
    sendgrid = f"unsupported SQL function: '{node.name}'" if inference.dialect is Dialect.V2 else ""
    fix = _fix(inference, node, comparison, found) if found and found.written else None
    return findings.error("unknown-function", name_span, what, help=hint, sendgrid=sendgrid, fix=fix)


def no_array_advice(inference: Inference, node: nodes.Call, holder_type: DataType) -> tuple[str, Fix | None]:
    """Return what to write where CONTAINS or ARRAY_CONTAINS looks into what is no array."""
    call = _call(inference, node, None)
    found = _of_text(call, [holder_type])
    if found is None:
        return "", None
    fix = None
    if found.written:
        fix = inference.findings.rewriting(node, found.written, Safety.SAFE)
    return found.help, fix


def _call(inference: Inference, node: nodes.Call, comparison: nodes.Comparison | None) -> ForeignCall:
    findings = inference.findings
    arguments = [findings.slice(argument) for argument in node.arguments]
    if comparison is None:
        return ForeignCall(node.name, arguments, inference.dialect)
    is_left = comparison.left is node
    other = findings.slice(comparison.right if is_left else comparison.left)
    operator = str(comparison.operator)
    return ForeignCall(
        node.name, arguments, inference.dialect, operator if is_left else flipped(operator), other
    )


def _argument_type(inference: Inference, node: nodes.Expression) -> DataType:
    """Return the type of an argument; what is wrong inside it is reported too."""
    if isinstance(node, nodes.Star):
        return DataType.ERROR
    if isinstance(node, nodes.Array):
        for item in node.items:
            inference.term(item)
        return DataType.ARRAY
    is_word = isinstance(node, nodes.Column) and node.table is None
    if is_word and isinstance(node, nodes.Column) and unit_of(node.name, Dialect.V2):
        return DataType.ERROR
    return inference.term(node).type


def _of_text(call: ForeignCall, types: list[DataType]) -> Advice | None:
    """Return what CONTAINS says whose first argument is no array."""
    if not is_of(call.name, Kind.CONTAINMENT) or len(call.arguments) != 2:
        return None
    subject, value = call.arguments
    if types[0] in _TEXTS:
        text = text_value(value, call.dialect)
        if text is None:
            return Advice(
                f"{subject} is a text: write {subject} LIKE '%…%', with the text itself in the pattern"
            )
        found = of_truth(call, like(subject, text, "%{}%", call.dialect))
        return found._replace(help=f"{subject} is a text: {found.help}")
    if types[0] in (DataType.NUMBER, DataType.TIMESTAMP, DataType.BOOLEAN):
        kind = "number" if types[0] is DataType.NUMBER else str(types[0]).lower()
        return Advice(f"{subject} is a {kind}, which holds no text: compare it")
    return None


def _fix(inference: Inference, node: nodes.Call, comparison: nodes.Comparison | None, found: Advice) -> Fix:
    """Return the fix that writes an advice in place of the call, or of the comparison around it."""
    findings = inference.findings
    if comparison is None or not found.is_condition:
        return findings.rewriting(node, found.written, found.safety)
    needs_parentheses = " AND " in found.written and not found.written.startswith("(")
    written = f"({found.written})" if needs_parentheses else found.written
    place = inside_parentheses(findings.text, comparison.span)
    return findings.rewriting_at(place, written, found.safety)
