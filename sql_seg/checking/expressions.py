"""Expressions to terms: names resolved, types inferred, both dialects in one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sql_seg.checking.calls import call_term, is_unknown, unknown_call
from sql_seg.checking.findings import ERROR
from sql_seg.checking.inference import Inference
from sql_seg.checking.scope import column_value
from sql_seg.core.terms import (
    All,
    AnyOf,
    Applied,
    Between,
    Calculation,
    Compared,
    Constant,
    EqualsAny,
    Inverse,
    JsonValue,
    MapValue,
    Matched,
    Negated,
    NullTest,
    OneOf,
    ShiftedTime,
    Term,
    TruthTest,
)
from sql_seg.diagnostics import Fix, Safety, replacement
from sql_seg.diagnostics.source import inside_parentheses
from sql_seg.language.case_mapping import lower
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import AMOUNT_BOUND, LARGEST_AMOUNT, write_string
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.language.patterns import read_pattern
from sql_seg.syntax import nodes


class ExpressionChecker(Inference):
    """Inference over expressions; what depends on the kind of query is for subclasses."""

    def term(self, node: nodes.Expression) -> Term:
        """Return the term of an expression; ERROR where something was reported of it."""
        term = _TERMS[type(node)](self, node)
        self.findings.terms[id(node)] = term
        return term

    def condition(self, node: nodes.Expression, place: str, before: nodes.Expression | None = None) -> Term:
        """Return the term of a condition; ``before`` is the operand before it in a chain."""
        hint = ""
        if isinstance(node, (nodes.String, nodes.Number)) and isinstance(before, nodes.Comparison):
            left = self.findings.slice(before.left)
            hint = f"write the column again: {left} {before.operator} {self.findings.slice(node)}"
        elif isinstance(node, nodes.Column):
            name = self.findings.slice(node)
            hint = f"compare it, or ask whether it is there: {name} IS NOT NULL"
        return self.expect(node, DataType.BOOLEAN, f"{place} must be a condition", help=hint)

    def subquery_term(self, node: nodes.InSubquery) -> Term:
        """Return the term of ``IN (SELECT …)``."""
        raise AssertionError(f"only a SELECT holds a subquery such as {node}")

    def _literal(self, node: nodes.String | nodes.Number | nodes.Boolean) -> Term:
        return Constant(node.value, type=_LITERALS[type(node)], span=node.span)

    def _null(self, node: nodes.Null) -> Term:
        return Constant(None, type=DataType.NULL, span=node.span)

    def _timestamp(self, node: nodes.Timestamp) -> Term:
        return self.timestamp(node, node.value)

    def _interval(self, node: nodes.Interval) -> Term:
        return Constant(None, type=DataType.INTERVAL, span=node.span)

    def column_term(self, node: nodes.Column) -> Term:
        """Return the term of a name."""
        found = self.scope.find(node, self.findings)
        if found is None:
            return ERROR
        value = column_value(*found, node.span)
        if value.type is DataType.VARIANT and self.dialect is Dialect.V2:
            return JsonValue(value.row, (), type=DataType.VARIANT, span=node.span)
        return value

    def _path(self, node: nodes.Path) -> Term:
        found = self.scope.find_path(node, self.findings)
        if found is None:
            return ERROR
        value = column_value(*found, node.span)
        if value.type is not DataType.VARIANT:
            kind = "map" if self.dialect is Dialect.V1 else "VARIANT"
            return self.findings.error(
                "type-mismatch",
                node.span,
                f"{node.column.name} is no {kind}: it has no keys",
                help="only event_data has keys"
                if self.dialect is Dialect.V1
                else "only data, of event_data, has keys",
            )
        if self.dialect is Dialect.V1:
            return MapValue(value.row, node.keys[0], span=node.span)
        return JsonValue(value.row, node.keys, type=DataType.VARIANT, span=node.span)

    def _misplaced(self, node: nodes.Star | nodes.Array) -> Term:
        what = "*" if isinstance(node, nodes.Star) else "a list in square brackets"
        return self.findings.error("misplaced-list", node.span, f"{what} has no place here")

    def _negative(self, node: nodes.Negative) -> Term:
        operand = self.expect(node.operand, DataType.NUMBER, "- takes a number")
        return operand if operand is ERROR else Negated(operand, span=node.span)

    def _binary(self, node: nodes.Binary) -> Term:
        if self._swallows_interval(node):
            return ERROR
        if self._moves_a_clock(node):
            return ERROR
        left, right = self.term(node.left), self.term(node.right)
        if DataType.ERROR in (left.type, right.type):
            return ERROR
        if self.dialect is Dialect.V1 and node.operator in (Arithmetic.ADD, Arithmetic.SUBTRACT):
            special = self._v1_sum(node, left, right)
            if special is not None:
                return special
        left = self.beside(left, node.left, DataType.NUMBER)
        right = self.beside(right, node.right, DataType.NUMBER)
        if {left.type, right.type} <= {DataType.NUMBER, DataType.NULL, DataType.UNKNOWN}:
            return Calculation(node.operator, left, right, span=node.span)
        types = f"{self.name_of(left.type)} and {self.name_of(right.type)}"
        return self.findings.error(
            "type-mismatch",
            node.span,
            f"{node.operator} takes two numbers, not {types}",
            help=self._arithmetic_hint(node, left, right),
            sendgrid=self._incompatible(node, left, right),
        )

    def _moves_a_clock(self, node: nodes.Binary) -> bool:
        """Report ``CURRENT_DATE - 7``, by which other SQL moves the current time by days."""
        is_days = isinstance(node.right, nodes.Number) and isinstance(node.right.value, int)
        if not is_days or node.operator not in (Arithmetic.ADD, Arithmetic.SUBTRACT):
            return False
        if not isinstance(node.left, nodes.Column | nodes.Call):
            return False
        from sql_seg.syntax.other_sql import days_moved  # imported only for what is wrong

        sign = -1 if node.operator is Arithmetic.SUBTRACT else 1
        clock = self.findings.slice(node.left)
        found = days_moved(clock, sign, self.findings.slice(node.right), self.dialect)
        if found is None or (isinstance(node.left, nodes.Column) and self.scope.has_column(node.left.name)):
            return False
        self.findings.error(
            "type-mismatch",
            node.span,
            f"a moment is not moved by {node.operator} and a number",
            help=found.help,
            fix=replacement(node.span, found.written, f"Write {found.written}", found.safety),
        )
        return True

    def _v1_sum(self, node: nodes.Binary, left: Term, right: Term) -> Term | None:
        """Return the term of a sum that is none of numbers: of texts, or of a moment and an interval."""
        adds = node.operator is Arithmetic.ADD
        if isinstance(node.right, nodes.Interval):
            left = self.beside(left, node.left, DataType.TIMESTAMP)
            if left.type in (DataType.TIMESTAMP, DataType.NULL, DataType.UNKNOWN):
                amount = node.right.amount if adds else -node.right.amount
                return ShiftedTime(node.right.unit, amount, left, span=node.span)
        texts = {left.type, right.type}
        if (
            adds
            and DataType.VARCHAR in texts
            and texts <= {DataType.VARCHAR, DataType.NULL, DataType.UNKNOWN}
        ):
            left = self.beside(left, node.left, DataType.VARCHAR)
            right = self.beside(right, node.right, DataType.VARCHAR)
            return Applied("CONCAT", (left, right), type=DataType.VARCHAR, span=node.span)
        return None

    def _swallows_interval(self, node: nodes.Binary) -> bool:
        """Report ``t - INTERVAL … + INTERVAL …``, which v1 reads as ``t - (INTERVAL … + INTERVAL …)``."""
        inner = node.right
        if not (isinstance(inner, nodes.Binary) and isinstance(_leftmost(inner), nodes.Interval)):
            return False
        if self.findings.text[inner.span.start] == "(":
            return False
        text = self.findings.slice(node)
        cut = _leftmost(inner).span.end - node.span.start
        self.findings.error(
            "interval-precedence",
            inner.span,
            "in v1, + binds tighter than -: this adds the intervals first, which cannot be",
            help=f"write ({text[:cut]}){text[cut:]}",
            sendgrid="operator + is incompatible with INTERVAL, INTERVAL",
            fix=replacement(node.span, f"({text[:cut]}){text[cut:]}", "Add the parentheses"),
        )
        return True

    def _arithmetic_hint(self, node: nodes.Binary, left: Term, right: Term) -> str:
        subject = self.findings.slice(node.left)
        types = {left.type, right.type}
        if self.dialect is Dialect.V2:
            if DataType.TIMESTAMP in types and node.operator in (Arithmetic.ADD, Arithmetic.SUBTRACT):
                return f"to move a moment, {_moved(node, subject, self.findings.slice(node.right))}"
            if types <= {DataType.VARCHAR} and node.operator is Arithmetic.ADD:
                return f"to join texts, write CONCAT({subject}, {self.findings.slice(node.right)})"
            return ""
        if left.type is DataType.INTERVAL and right.type is DataType.TIMESTAMP:
            return f"write {self.findings.slice(node.right)} {node.operator} {subject}"
        if left.type is DataType.TIMESTAMP and right.type is DataType.NUMBER:
            return f"write {subject} {node.operator} INTERVAL {self.findings.slice(node.right)} DAY"
        if DataType.INTERVAL in types:
            return self.misplaced_type_hint(node, DataType.INTERVAL)
        return ""

    def _incompatible(self, node: nodes.Binary, left: Term, right: Term) -> str:
        if self.dialect is Dialect.V2:
            return ""
        return (
            f"operator {node.operator} is incompatible with "
            f"{self.name_of(left.type)}, {self.name_of(right.type)}"
        )

    def _comparison(self, node: nodes.Comparison) -> Term:
        left, right = self._side(node.left, node), self._side(node.right, node)
        pair = self.pair(node.operator, node.left, left, node.right, right)
        return ERROR if pair is None else Compared(node.operator, *pair, span=node.span)

    def _side(self, node: nodes.Expression, comparison: nodes.Comparison) -> Term:
        """Return the term of a side of a comparison, which a function that there is not may explain."""
        if isinstance(node, nodes.Call) and is_unknown(self, node):
            return unknown_call(self, node, comparison)
        return self.term(node)

    def _like(self, node: nodes.Like) -> Term:
        operand = self.expect(node.operand, DataType.VARCHAR, "LIKE takes a text")
        if not isinstance(node.pattern, nodes.String):
            hint, fix = self._pattern_advice(node)
            return self.findings.error(
                "pattern-not-literal",
                node.pattern.span,
                "the pattern of LIKE must be a text in quotes",
                help=hint,
                fix=fix,
            )
        if operand is ERROR:
            return ERROR
        pattern = read_pattern(node.pattern.value, self.dialect)
        return Matched(operand, pattern, negated=node.negated, span=node.span)

    def _pattern_advice(self, node: nodes.Like) -> tuple[str, Fix | None]:
        """Return how to write what LIKE asks for whose pattern is no text: any of several, or a sum."""
        subject, pattern = self.findings.slice(node.operand), node.pattern
        if not isinstance(pattern, nodes.Call) or not pattern.arguments:
            return f"write {subject} LIKE '%…%'", None
        if not all(isinstance(argument, nodes.String) for argument in pattern.arguments):
            return f"write {subject} LIKE '%…%'", None
        texts = [argument.value for argument in pattern.arguments if isinstance(argument, nodes.String)]
        word = {"ANY": "OR", "SOME": "OR", "ALL": "AND"}.get(pattern.name)
        if word is None:
            if pattern.name not in ("CONCAT", "LOWER") or (pattern.name == "LOWER" and len(texts) > 1):
                return f"write {subject} LIKE '%…%'", None
            text = "".join(texts) if pattern.name == "CONCAT" else lower(texts[0])
            written = write_string(text, self.dialect)
            return f"write {subject} LIKE {written}", self.findings.rewriting(pattern, written)
        likes = [f"{subject} LIKE {self.findings.slice(argument)}" for argument in pattern.arguments]
        written = f"{'NOT ' * node.negated}({f' {word} '.join(likes)})"
        place = inside_parentheses(self.findings.text, node.span)
        safety = Safety.UNSAFE if node.negated else Safety.SAFE
        return f"write {written}", self.findings.rewriting_at(place, written, safety)

    def _between(self, node: nodes.Between) -> Term:
        operand, low, high = self.term(node.operand), self.term(node.low), self.term(node.high)
        operand = self.beside_all("BETWEEN", node.operand, operand, (node.low, node.high), (low, high))
        at_least = self.pair(Comparator.GE, node.operand, operand, node.low, low)
        at_most = None
        if at_least is not None or low.type is DataType.ERROR:
            subject = operand if at_least is None else at_least[0]
            at_most = self.pair(Comparator.LE, node.operand, subject, node.high, high)
        if at_least is None or at_most is None:
            return ERROR
        (_, least), (subject, most) = at_least, at_most
        return Between(subject, least, most, negated=node.negated, span=node.span)

    def _in(self, node: nodes.In) -> Term:
        operand = self.term(node.operand)
        known = [self.term(value_node) for value_node in node.values]
        operand = self.beside_all("IN", node.operand, operand, node.values, known)
        failed = operand.type is DataType.ERROR
        values = []
        for value_node, value in zip(node.values, known, strict=True):
            pair = self.pair(Comparator.EQ, node.operand, operand, value_node, value)
            if pair is None:
                failed = True
                if operand.type is DataType.ERROR or value.type is not DataType.ERROR:
                    break
            else:
                operand, value = pair
                values.append(value)
        if failed:
            return ERROR
        return _membership(operand, values, node)

    def _null_test(self, node: nodes.IsNull) -> Term:
        operand = self.term(node.operand)
        if operand.type is DataType.ERROR:
            return ERROR
        if operand.type is DataType.INTERVAL:
            return self.findings.error(
                "type-mismatch",
                node.operand.span,
                "an interval is never NULL",
                help=self.misplaced_type_hint(node.operand, DataType.INTERVAL),
            )
        return NullTest(operand, negated=node.negated, span=node.span)

    def _boolean_test(self, node: nodes.IsBoolean) -> Term:
        operand = self.condition(node.operand, f"the operand of IS {'TRUE' if node.value else 'FALSE'}")
        if operand is ERROR:
            return ERROR
        return TruthTest(operand, node.value, negated=node.negated, span=node.span)

    def _not(self, node: nodes.Not) -> Term:
        operand = self.condition(node.operand, "the operand of NOT")
        return ERROR if operand is ERROR else Inverse(operand, span=node.span)

    def _chain(self, node: nodes.And | nodes.Or) -> Term:
        word = "AND" if isinstance(node, nodes.And) else "OR"
        operands = []
        before = None
        for operand in node.operands:
            operands.append(self.condition(operand, f"an operand of {word}", before))
            before = operand
        kind = All if isinstance(node, nodes.And) else AnyOf
        sound = tuple([operand for operand in operands if operand is not ERROR])
        if len(sound) < len(operands):
            self.sound_parts += sound if len(sound) <= 1 else [kind(sound, span=node.span)]
            return ERROR
        return kind(tuple(operands), span=node.span)


def _moved(node: nodes.Binary, subject: str, written: str) -> str:
    """Return how v2 moves a moment by what is added to it or taken from it, if that is a number of days."""
    amount = node.right.value if isinstance(node.right, nodes.Number) else None
    if amount is not None and amount > LARGEST_AMOUNT:
        return f"write TIMESTAMPADD; {AMOUNT_BOUND}"
    sign = "-" if node.operator is Arithmetic.SUBTRACT else ""
    days = written if isinstance(amount, int) else "30"
    return f"write TIMESTAMPADD(day, {sign}{days}, {subject})"


def _leftmost(node: nodes.Expression) -> nodes.Expression:
    while isinstance(node, nodes.Binary):
        node = node.left
    return node


def _membership(operand: Term, values: list[Term], node: nodes.In) -> Term:
    """Return ``=`` with any of the values: over literals a set."""
    literals = [value.value for value in values if isinstance(value, Constant)]
    if len(literals) < len(values):
        return EqualsAny(operand, tuple(values), negated=node.negated, span=node.span)
    members = tuple(dict.fromkeys(value for value in literals if value is not None))
    return OneOf(operand, members, None in literals, negated=node.negated, span=node.span)


_LITERALS = {
    nodes.String: DataType.VARCHAR,
    nodes.Number: DataType.NUMBER,
    nodes.Boolean: DataType.BOOLEAN,
}

_TERMS: dict[type, Callable[[ExpressionChecker, Any], Term]] = {
    nodes.String: ExpressionChecker._literal,
    nodes.Number: ExpressionChecker._literal,
    nodes.Boolean: ExpressionChecker._literal,
    nodes.Null: ExpressionChecker._null,
    nodes.Timestamp: ExpressionChecker._timestamp,
    nodes.Interval: ExpressionChecker._interval,
    nodes.Column: lambda expressions, node: expressions.column_term(node),
    nodes.Path: ExpressionChecker._path,
    nodes.Star: ExpressionChecker._misplaced,
    nodes.Array: ExpressionChecker._misplaced,
    nodes.Call: call_term,
    nodes.Negative: ExpressionChecker._negative,
    nodes.Binary: ExpressionChecker._binary,
    nodes.Comparison: ExpressionChecker._comparison,
    nodes.Like: ExpressionChecker._like,
    nodes.In: ExpressionChecker._in,
    nodes.InSubquery: lambda expressions, node: expressions.subquery_term(node),
    nodes.Between: ExpressionChecker._between,
    nodes.IsNull: ExpressionChecker._null_test,
    nodes.IsBoolean: ExpressionChecker._boolean_test,
    nodes.Not: ExpressionChecker._not,
    nodes.And: ExpressionChecker._chain,
    nodes.Or: ExpressionChecker._chain,
}
"""How each node becomes a term."""
