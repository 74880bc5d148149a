"""Calls to terms: which functions there are, what they take, and what to write instead of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sql_seg.checking.findings import ERROR
from sql_seg.checking.inference import Inference
from sql_seg.core.terms import (
    Applied,
    ColumnValue,
    ContainsAny,
    HasKey,
    Now,
    ShiftedTime,
    Term,
)
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.functions import FUNCTIONS, Function, Kind, Parameter
from sql_seg.language.literals import AMOUNT_BOUND, LARGEST_AMOUNT
from sql_seg.syntax import nodes
from sql_seg.wording import did_you_mean


def call_term(inference: Inference, node: nodes.Call) -> Term:
    """Return the term of a call; ERROR where something was reported of it."""
    function = FUNCTIONS.get(node.name)
    if function is None or inference.dialect not in function.provenance:
        return unknown_call(inference, node)
    return _TERMS[function.kind](inference, node, function)


def is_unknown(inference: Inference, node: nodes.Expression) -> bool:
    """Return whether an expression calls a function that the dialect does not have."""
    if not isinstance(node, nodes.Call):
        return False
    function = FUNCTIONS.get(node.name)
    return function is None or inference.dialect not in function.provenance


def unknown_call(inference: Inference, node: nodes.Call, comparison: nodes.Comparison | None = None) -> Term:
    """Report a call of an unknown function, perhaps as a side of a comparison."""
    from sql_seg.checking.foreign import report_unknown  # imported only where there is one

    return report_unknown(inference, node, comparison)


def check_count(inference: Inference, node: nodes.Call, function: Function) -> bool:
    """Return whether a call has as many arguments as its function takes; if not, report it."""
    if function.takes(len(node.arguments), inference.dialect):
        return True
    _report_count(inference, node, function)
    return False


def _report_count(inference: Inference, node: nodes.Call, function: Function) -> Term:
    least = len(function.parameters)
    at_least = "at least " if inference.dialect in function.variadic else ""
    wanted = f"{at_least}{least} argument{'' if least == 1 else 's'}" if least else "no arguments"
    first, texts = node.arguments[:1], node.arguments[1:]
    hint, fix = f"write {function.usage}", None
    if Parameter.TEXT_OR_LIST in function.parameters and texts and _are_texts(texts):
        findings = inference.findings
        written = f"{node.name}({findings.slice(first[0])}, [{', '.join(map(findings.slice, texts))}])"
        hint, fix = f"for any of several values, write {written}", findings.rewriting(node, written)
    elif not function.parameters and node.arguments:
        fix = inference.findings.rewriting(node, function.usage)
    return inference.findings.error(
        "wrong-argument-count",
        node.span,
        f"{node.name} takes {wanted}, not {len(node.arguments)}",
        help=hint,
        fix=fix,
    )


def _are_texts(items: Sequence[nodes.Expression]) -> bool:
    return all(isinstance(item, nodes.String) for item in items)


def _now(inference: Inference, node: nodes.Call, function: Function) -> Term:
    return Now(span=node.span) if check_count(inference, node, function) else ERROR


def _of_values(inference: Inference, node: nodes.Call, function: Function) -> Term:
    """Return the term of a function of values, each argument of its parameter's type."""
    if not check_count(inference, node, function):
        return ERROR
    operands = []
    for index, argument in enumerate(node.arguments):
        parameter = function.parameter(index)
        message = f"{node.name} takes {parameter.value}"
        operands.append(inference.expect(argument, parameter.type, message))
    assert function.result is not None, "a function of values says what it results in"
    if ERROR in operands:
        return ERROR
    return Applied(node.name, tuple(operands), type=function.result, span=node.span)


def _contains(inference: Inference, node: nodes.Call, function: Function) -> Term:
    """Return the term of a look into an array, or in v1 into the event map."""
    if not check_count(inference, node, function):
        return ERROR
    holder_node, values_node = node.arguments
    if _is_turned(inference, node, holder_node, values_node):
        return ERROR
    holder = inference.beside(inference.term(holder_node), holder_node, DataType.ARRAY)
    is_list = function.parameters[1] is Parameter.TEXT_OR_LIST and isinstance(values_node, nodes.Array)
    items = values_node.items if is_list and isinstance(values_node, nodes.Array) else (values_node,)
    message = f"{node.name} looks for a text"
    values = tuple([inference.expect(item, DataType.VARCHAR, message) for item in items])
    if holder.type is DataType.ERROR or ERROR in values:
        return ERROR
    takes_map = function.parameters[0] is Parameter.ARRAY_OR_MAP
    if takes_map and holder.type is DataType.VARIANT and isinstance(holder, ColumnValue):
        return HasKey(holder.row, values[0], span=node.span)
    if holder.type not in (DataType.ARRAY, DataType.NULL):
        return _report_no_array(inference, node, holder_node, holder)
    return ContainsAny(holder, values, span=node.span)


def _is_turned(
    inference: Inference, node: nodes.Call, first: nodes.Expression, second: nodes.Expression
) -> bool:
    """Report ``ARRAY_CONTAINS('x', list_ids)``: in Snowflake's order, the value stands first."""
    if not isinstance(first, (nodes.String, nodes.Array)) or not isinstance(second, nodes.Column):
        return False
    holder = inference.term(second)
    if holder.type is not DataType.ARRAY:
        return False
    findings = inference.findings
    written = f"{node.name}({findings.slice(second)}, {findings.slice(first)})"
    findings.error(
        "type-mismatch",
        node.span,
        f"{node.name} takes the array first, then the value",
        help=f"write {written}",
        fix=findings.rewriting(node, written),
    )
    return True


def _report_no_array(
    inference: Inference, node: nodes.Call, holder_node: nodes.Expression, holder: Term
) -> Term:
    from sql_seg.checking.foreign import no_array_advice

    what = "an array or map" if inference.dialect is Dialect.V1 else "an array"
    meant = inference.column_in_quotes(holder_node, DataType.ARRAY)
    hint, fix = meant or no_array_advice(inference, node, holder.type)
    return inference.findings.error(
        "type-mismatch",
        holder_node.span,
        f"{node.name} looks into {what}, not {inference.name_of(holder.type)}",
        help=hint,
        sendgrid="CONTAINS expects an array or map type as the first argument"
        if inference.dialect is Dialect.V1
        else "",
        fix=fix,
    )


def _shift(inference: Inference, node: nodes.Call, function: Function) -> Term:
    if not check_count(inference, node, function):
        return ERROR
    unit_node, amount_node, moment_node = node.arguments
    moment = inference.expect(moment_node, DataType.TIMESTAMP, "TIMESTAMPADD moves a timestamp")
    unit = _unit(inference, unit_node)
    amount = _amount(inference, amount_node)
    if unit is None or amount is None or moment is ERROR:
        return ERROR
    return ShiftedTime(unit, amount, moment, span=node.span)


def _unit(inference: Inference, node: nodes.Expression) -> TimeUnit | None:
    word = node.name if isinstance(node, nodes.Column) and node.table is None else ""
    unit = TimeUnit.read(word, inference.dialect)
    if unit is None:
        from sql_seg.syntax.other_sql import unit_of  # imported only for what is wrong

        units = ", ".join(TimeUnit)
        text = inference.findings.slice(node)
        hint = did_you_mean(word, list(TimeUnit)) or f"write one of {units}, without quotes"
        meant, times = unit_of(text, inference.dialect) or (None, 1)
        fix = inference.findings.rewriting(node, meant) if meant is not None and times == 1 else None
        if times != 1:
            hint = f"write {meant}, and {times} times the amount"
        message = f"{text} is no unit of time"
        inference.findings.error("unknown-unit", node.span, message, help=hint, fix=fix)
    return unit


def _amount(inference: Inference, node: nodes.Expression) -> int | None:
    literal = node.operand if isinstance(node, nodes.Negative) else node
    sign = -1 if isinstance(node, nodes.Negative) else 1
    if isinstance(literal, nodes.Number) and float(literal.value).is_integer():
        if literal.value > LARGEST_AMOUNT:
            inference.findings.error("number-out-of-range", node.span, AMOUNT_BOUND)
            return None
        if isinstance(literal.value, int):
            return sign * literal.value
    inference.findings.error(
        "amount-not-literal",
        node.span,
        "the amount of TIMESTAMPADD must be an integer literal",
        help=f"write a number such as -30, up to {LARGEST_AMOUNT}",
    )
    return None


def _aggregate(inference: Inference, node: nodes.Call, _: Function) -> Term:
    return inference.aggregate_term(node)


_TERMS: dict[Kind, Callable[[Inference, nodes.Call, Function], Term]] = {
    Kind.VALUE: _of_values,
    Kind.CLOCK: _now,
    Kind.SHIFT: _shift,
    Kind.CONTAINMENT: _contains,
    Kind.AGGREGATE: _aggregate,
}
"""How a call of each kind of function becomes a term."""
