"""What all of inference shares: conversions without a cast, and the types that stand beside each other.

Little is converted without a cast: in v2 a text beside a timestamp is one, and a path into JSON takes the
type of what stands beside it. A column that a lenient schema takes on trust has no type at first. The first
of two passes learns it from all its uses, and the second one checks each of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from sql_seg.checking.findings import ERROR, Findings
from sql_seg.checking.scope import Scope
from sql_seg.core.terms import ColumnValue, Constant, JsonValue, Term
from sql_seg.diagnostics import Fix, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import COMPARABLE, ORDERED, DataType, Dialect
from sql_seg.language.literals import write_number, write_qualified_name, write_string
from sql_seg.language.operators import Comparator
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax import nodes

_READABLE = COMPARABLE | {DataType.ARRAY}
"""The types that a path is read as beside a value, or as a parameter, of that type."""

_ASSUMABLE = frozenset({DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP})


class Inference(ABC):
    """Turns expressions into terms, in one scope."""

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self.scope = scope
        self.findings = findings
        self.dialect = scope.dialect
        self.sound_parts: list[Term] = []
        """Conditions, and chains of them, whose chain has an error in another operand."""

    @abstractmethod
    def term(self, node: nodes.Expression) -> Term:
        """Return the term of an expression; ERROR where something was reported of it."""

    def aggregate_term(self, node: nodes.Call) -> Term:
        """Return the term of v2's ``MAX(…)`` where it may stand, else report it."""
        raise AssertionError(f"only a SELECT holds an aggregate such as {node}")

    def name_of(self, data_type: DataType) -> str:
        """Return a type's name in the dialect of the query."""
        return data_type.name_in(self.dialect)

    def beside(self, term: Term, node: nodes.Expression, data_type: DataType) -> Term:
        """Return a term as it reads beside a value of a type: the conversions without a cast."""
        if data_type is DataType.TIMESTAMP and self.dialect is Dialect.V2 and isinstance(node, nodes.String):
            return self.timestamp(node, node.value)
        if term.type is DataType.VARIANT and isinstance(term, JsonValue) and data_type in _READABLE:
            return JsonValue(term.row, term.keys, type=data_type, span=term.span)
        column = self.assumed_column(term)
        if column is not None and data_type in _ASSUMABLE:
            self.findings.assumptions.learn(column.name, data_type)
        return term

    def assumed_column(self, term: Term) -> ColumnValue | None:
        """Return the column that a term is, if its type is yet to be learnt from its use."""
        return term if isinstance(term, ColumnValue) and term.type is DataType.UNKNOWN else None

    def timestamp(self, node: nodes.Expression, text: str) -> Constant:
        """Return the instant that a literal names, or report that it names none."""
        instant = read_timestamp(text)
        if instant is not None:
            return Constant(instant, type=DataType.TIMESTAMP, span=node.span)
        shown = text if len(text) <= 40 else text[:39] + "…"
        return self.findings.error(
            "invalid-timestamp",
            node.span,
            f"'{shown}' is no timestamp",
            help="write 2026-01-31, 2026-01-31 18:00:00 or 2026-01-31T18:00:00Z; the years are 1 to 9999",
        )

    def expect(self, node: nodes.Expression, data_type: DataType, message: str, *, help: str = "") -> Term:
        """Return the term of an expression that must be of a type, or report ``message``."""
        term = self.beside(self.term(node), node, data_type)
        if term.type in (data_type, DataType.NULL, DataType.UNKNOWN):
            return term
        if term.type is DataType.ERROR:
            return ERROR
        return self.findings.error(
            "type-mismatch",
            node.span,
            f"{message}, not {self.name_of(term.type)}",
            help=self.misplaced_type_hint(node, term.type) or help,
        )

    def pair(
        self,
        operator: Comparator,
        left_node: nodes.Expression,
        left: Term,
        right_node: nodes.Expression,
        right: Term,
    ) -> tuple[Term, Term] | None:
        """Return two terms as they read beside each other, or None where they do not mix."""
        if DataType.ERROR in (left.type, right.type):
            return None
        columns = self.assumed_column(left), self.assumed_column(right)
        if columns[0] is not None and columns[1] is not None:
            self.findings.assumptions.equate(columns[0].name, columns[1].name)
        left, right = self.beside(left, left_node, right.type), self.beside(right, right_node, left.type)
        known = {left.type, right.type} - {DataType.NULL, DataType.UNKNOWN}
        if DataType.ERROR in known:
            return None
        if known == {DataType.VARIANT} and DataType.NULL in (left.type, right.type):
            return self._beside_null(left, left_node), self._beside_null(right, right_node)
        allowed = ORDERED if operator.is_ordering else COMPARABLE
        if not known or (len(known) == 1 and known <= allowed):
            return left, right
        self._report_pair(operator, left_node, left, right_node, right)
        return None

    def _beside_null(self, term: Term, node: nodes.Expression) -> Term:
        """Return a path as any type that compares: beside a NULL alone, it is NULL as all of them."""
        return self.beside(term, node, DataType.VARCHAR)

    def beside_all(
        self,
        word: str,
        node: nodes.Expression,
        operand: Term,
        value_nodes: Sequence[nodes.Expression],
        values: Sequence[Term],
    ) -> Term:
        """Return the operand of IN or BETWEEN as it reads beside all values: of one type for all of them.

        A path takes the type of the values; a text in quotes is a moment if one of them is.
        """
        shared = self._shared_type(word, operand, value_nodes, values)
        if shared is DataType.ERROR:
            return ERROR
        are_moments = any(value.type is DataType.TIMESTAMP for value in values)
        if shared is None and are_moments and isinstance(node, nodes.String):
            shared = DataType.TIMESTAMP
        return operand if shared is None else self.beside(operand, node, shared)

    def _shared_type(
        self, word: str, operand: Term, value_nodes: Sequence[nodes.Expression], values: Sequence[Term]
    ) -> DataType | None:
        """Return the one type of the values that stand beside a path in IN or BETWEEN.

        None where the operand is no path, or the values say no more than that they are NULL. Reports values
        of two types, of which the path could take neither.
        """
        if operand.type is not DataType.VARIANT or not isinstance(operand, JsonValue):
            return None
        pairs = zip(value_nodes, values, strict=True)
        typed = [(node, term) for node, term in pairs if term.type in COMPARABLE]
        types = dict.fromkeys(term.type for _, term in typed)
        if len(types) < 2:
            return next(iter(types), None)
        texts = [node for node, term in typed if term.type is DataType.VARCHAR]
        if types.keys() == {DataType.VARCHAR, DataType.TIMESTAMP} and all(
            isinstance(node, nodes.String) for node in texts
        ):
            return DataType.TIMESTAMP
        first, second = list(types)[:2]
        node = next(node for node, term in typed if term.type is second)
        self.findings.error(
            "type-mismatch",
            node.span,
            f"{word} compares values of one type, not {self.name_of(first)} and {self.name_of(second)}",
            help=f"the path takes the type of the values beside it: write them all as {self.name_of(first)}",
        )
        return DataType.ERROR

    def _report_pair(
        self,
        operator: Comparator,
        left_node: nodes.Expression,
        left: Term,
        right_node: nodes.Expression,
        right: Term,
    ) -> None:
        span = Span(left_node.span.start, right_node.span.end)
        types = [self.name_of(left.type), self.name_of(right.type)]
        if left.type is right.type:
            message = f"{operator} does not compare {types[0]} values"
        else:
            message = f"{operator} compares two values of one type, not {types[0]} and {types[1]}"
        advice = self._literal_advice(left_node, left, right_node, right)
        advice = advice or self._literal_advice(right_node, right, left_node, left)
        hint, fix = advice or (
            self.misplaced_type_hint(left_node, left.type)
            or self.misplaced_type_hint(right_node, right.type),
            None,
        )
        sendgrid = ""
        if self.dialect is Dialect.V1:
            sendgrid = f"operator {operator} is incompatible with {', '.join(types)}"
        self.findings.error("type-mismatch", span, message, help=hint, sendgrid=sendgrid, fix=fix)

    def _literal_advice(
        self, literal: nodes.Expression, term: Term, other_node: nodes.Expression, other: Term
    ) -> tuple[str, Fix | None] | None:
        """Return how to write a literal so that it has the type of what stands beside it."""
        subject = self.findings.slice(other_node)
        if (meant := self.column_in_quotes(literal, other.type)) is not None:
            return meant
        if isinstance(literal, nodes.String) and other.type is DataType.NUMBER:
            if literal.value.isascii() and literal.value.replace(".", "", 1).isdecimal():
                fix = self.findings.rewriting(literal, literal.value)
                return f"{subject} is a number: write {literal.value} without quotes", fix
            return f"{subject} is a number", None
        if isinstance(literal, nodes.String) and other.type is DataType.TIMESTAMP:
            if read_timestamp(literal.value) is None:
                return "write TIMESTAMP '2026-01-31T18:00:00Z'", None
            text = f"TIMESTAMP {write_string(literal.value, self.dialect)}"
            return f"write {text}", self.findings.rewriting(literal, text)
        if isinstance(literal, nodes.Number) and other.type is DataType.VARCHAR:
            text = f"'{write_number(literal.value)}'"
            return f"{subject} is a text: write {text}", self.findings.rewriting(literal, text)
        is_number = term.type is DataType.NUMBER and isinstance(literal, nodes.Number | nodes.Binary)
        if is_number and other.type is DataType.TIMESTAMP:
            return self._moment_advice(literal, subject)
        if term.type is other.type is DataType.VARIANT and self.dialect is Dialect.V2:
            return (
                "a VARIANT takes the type of what stands beside it: compare it with a literal or a column",
                None,
            )
        return None

    def column_in_quotes(self, literal: nodes.Expression, data_type: DataType) -> tuple[str, Fix] | None:
        """Return how to write a column of a type, where a text is its name."""
        if not isinstance(literal, nodes.String):
            return None
        column = self.scope.schema.contact_data.column(literal.value)
        if column is None or column.type is not data_type:
            return None
        written = write_qualified_name(column.name, None, self.dialect)
        hint = f"in quotes it is a text: for the column, write {written}"
        return hint, self.findings.rewriting(literal, written, Safety.UNSAFE)

    def _moment_advice(self, number: nodes.Expression, subject: str) -> tuple[str, Fix | None]:
        """Return how to write a moment in place of a number, which may be a date without its quotes."""
        keyword = "" if self.dialect is Dialect.V2 else "TIMESTAMP "
        written = self.findings.slice(number)
        if read_timestamp(written) is None:
            return f"{subject} is a timestamp: write a moment, such as {keyword}'2026-01-31'", None
        moment = f"{keyword}'{written}'"
        return f"{subject} is a timestamp: write {moment}", self.findings.rewriting(number, moment)

    def misplaced_type_hint(self, node: nodes.Expression, data_type: DataType) -> str:
        """Return where values of a type may stand instead."""
        subject = self.findings.slice(node)
        if data_type is DataType.ARRAY:
            function = "CONTAINS" if self.dialect is Dialect.V1 else "ARRAY_CONTAINS"
            return f"an array stands only in {function} and IS NULL: write {function}({subject}, '…')"
        if data_type is DataType.VARIANT and self.dialect is Dialect.V1:
            return f"a map is read by a key: write {subject}['key']"
        if data_type is DataType.INTERVAL:
            return "an interval is only added to or taken from a timestamp: NOW() - INTERVAL 10 DAY"
        return ""
