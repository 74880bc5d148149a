"""Expressions of v1 as v2 writes them, node by node."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.core.terms import THE_CONTACT
from sql_seg.language.datatypes import DataType
from sql_seg.language.event_data import path_of_key
from sql_seg.language.literals import CURRENT_TIMESTAMP
from sql_seg.language.operators import Arithmetic
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk
from sql_seg.upgrading.both_ways import Rewriting, outside
from sql_seg.upgrading.like_patterns import like
from sql_seg.upgrading.result import CannotSayError, Obstacle

_MISSING = "a key that holds null, a list or an object counts as missing, as it does in v1"
_PREFIX = "texts between two others are those that start with the first: LIKE reads _ and % as wildcards"


class ExpressionRewriter(Rewriting):
    """Writes expressions of one v1 query; ``contact`` and ``event`` qualify columns, where they are given.

    ``notes`` gathers what the texts rest on.
    """

    def __init__(self, checked: CheckedQuery, notes: dict[str, None], comments: dict[str, None]) -> None:
        super().__init__(checked)
        self.notes = notes
        self.comments = comments
        self.contact: str | None = None
        self.event: str | None = None

    def named(self, contact: str | None, event: str | None) -> ExpressionRewriter:
        """Return the same for a place where tables have these names."""
        other = ExpressionRewriter(self.checked, self.notes, self.comments)
        other.contact, other.event = contact, event
        return other

    def __call__(self, node: nodes.Expression, *, lax: bool = False) -> nodes.Expression:
        """Return an expression as v2 writes it; ``lax`` where FALSE may stand for NULL."""
        if isinstance(node, (nodes.And, nodes.Or)):
            return self._chain(node, lax=lax)
        if lax:
            found = self._where_true_matters(node)
            if found is not None:
                return found
        return super().__call__(node)

    def _chain(self, node: nodes.And | nodes.Or, *, lax: bool) -> nodes.Expression:
        """Return a chain; what became one of the same kind needs no parentheses in it."""
        kind, written = type(node), list[nodes.Expression]()
        for operand in node.operands:
            part = self(operand, lax=lax)
            is_new = isinstance(part, kind) and not isinstance(operand, kind)
            written += part.operands if is_new else (part,)  # type: ignore[attr-defined]
        return kind(tuple(written))

    def reads_event(self, node: nodes.Expression) -> bool:
        """Return whether an expression reads an event."""
        return any(
            isinstance(part, nodes.Path) or (isinstance(part, nodes.Column) and self._is_event(part))
            for part in walk(node)
        )

    def reads_contact(self, node: nodes.Expression) -> bool:
        """Return whether an expression reads the contact."""
        return any(
            isinstance(part, nodes.Column) and not self._is_event(part) for part in outside(node, nodes.Path)
        )

    def _is_event(self, node: nodes.Column) -> bool:
        term = self.checked.term_of(node)
        return isinstance(term, core.ColumnValue) and term.row != THE_CONTACT

    def _where_true_matters(self, node: nodes.Expression) -> nodes.Expression | None:
        """Return the shorter form that a condition has where it only counts whether it is TRUE."""
        inner = node.operand if isinstance(node, nodes.Not) else node
        key = self._asked_key(inner)
        if key is None:
            return None
        has_text = _is_text(self._path(key))
        if inner is node:
            return has_text
        self.comments[_MISSING] = None
        has_data = nodes.IsNull(self._event_column("data"), negated=True)
        return nodes.And((has_data, _is_text(self._path(key), negated=False)))

    def _asked_key(self, node: nodes.Expression) -> str | None:
        """Return the key that ``CONTAINS(event_data, 'key')`` asks for, if a condition is that."""
        if not isinstance(node, nodes.Call):
            return None
        term = self.checked.term_of(node)
        if not isinstance(term, core.HasKey):
            return None
        key = node.arguments[1]
        if isinstance(key, nodes.String):
            return key.value
        if isinstance(key, nodes.Null):
            return None
        raise CannotSayError(
            Obstacle.KEY,
            "the key that CONTAINS looks for is computed: v2 has paths of fixed keys alone",
            node.span,
            "write the key in quotes",
        )

    def _path(self, key: str) -> nodes.Path:
        keys = path_of_key(key)
        place = "payload" if len(keys) == 2 else "payload.unique_args"
        self.notes[
            f"event_data['{key}'] is read at data:{place}, where the Event Webhook has it; a number "
            "there reads as its shortest text"
        ] = None
        return nodes.Path(self._event_column("data"), keys)

    def _event_column(self, name: str) -> nodes.Column:
        return nodes.Column(name, self.event)

    def _column(self, node: nodes.Column) -> nodes.Expression:
        term = self.checked.term_of(node)
        if isinstance(term, core.ColumnValue) and term.row != THE_CONTACT:
            return self._event_column(term.name)
        return nodes.Column(node.name, self.contact)

    def _map_key(self, node: nodes.Path) -> nodes.Expression:
        return self._path(node.keys[0])

    def _call(self, node: nodes.Call) -> nodes.Expression:
        if node.name == "NOW":
            return nodes.Call(CURRENT_TIMESTAMP)
        if node.name != "CONTAINS":
            return nodes.Call(node.name, tuple(map(self, node.arguments)))
        key = self._asked_key(node)
        if key is None and isinstance(self.checked.term_of(node), core.HasKey):
            return nodes.Null()
        if key is None:
            return nodes.Call("ARRAY_CONTAINS", tuple(map(self, node.arguments)))
        has_text = _is_text(self._path(key))
        without_data = nodes.IsNull(self._event_column("data"))
        return nodes.Or((has_text, nodes.And((without_data, nodes.Null()))))

    def _binary(self, node: nodes.Binary) -> nodes.Expression:
        term = self.checked.term_of(node)
        if isinstance(term, core.ShiftedTime):
            size = nodes.Number(abs(term.amount))
            amount: nodes.Expression = nodes.Negative(size) if term.amount < 0 else size
            return nodes.Call("TIMESTAMPADD", (nodes.Column(str(term.unit)), amount, self(node.left)))
        if isinstance(term, core.Applied):
            return nodes.Call("CONCAT", tuple(map(self, self._joined(node))))
        return super()._binary(node)

    def _joined(self, node: nodes.Expression) -> Sequence[nodes.Expression]:
        """Return the texts that a chain of + joins."""
        if not isinstance(node, nodes.Binary) or node.operator is not Arithmetic.ADD:
            return (node,)
        if not isinstance(self.checked.term_of(node), core.Applied):
            return (node,)
        return (*self._joined(node.left), *self._joined(node.right))

    def beside(self, *operands: nodes.Expression) -> list[nodes.Expression]:
        """Return expressions that are compared: v2 takes plain texts as moments, and no two paths.

        The first one stays a literal with its type, so that all others are beside a timestamp.
        """
        has_moment = any(map(self._is_sure_moment, operands))
        paths = sum(isinstance(operand, nodes.Path) for operand in operands)
        unsure = any(
            isinstance(operand, nodes.Column) and operand.name.lower() in self.checked.assumed_types
            for operand in operands
        )
        written: list[nodes.Expression] = []
        for index, operand in enumerate(operands):
            if isinstance(operand, nodes.Timestamp) and has_moment and (index or len(operands) == 2):
                written.append(nodes.String(operand.value))
            elif isinstance(operand, nodes.Path) and (paths > 1 or unsure):
                written.append(nodes.Call("CONCAT", (self(operand), nodes.String(""))))
            else:
                written.append(self(operand))
        return written

    def _is_sure_moment(self, node: nodes.Expression) -> bool:
        if isinstance(node, nodes.Timestamp):
            return False
        if isinstance(node, nodes.Column) and node.name.lower() in self.checked.assumed_types:
            return False
        term = self.checked.term_of(node)
        return term is not None and term.type is DataType.TIMESTAMP

    def _like(self, node: nodes.Like) -> nodes.Expression:
        written = like(node, self(node.operand))
        if not isinstance(written, (nodes.Like, nodes.Comparison)):
            self.comments[_PREFIX] = None
        return written

    def _is_null(self, node: nodes.IsNull) -> nodes.Expression:
        if isinstance(node.operand, nodes.Path):
            self.comments[_MISSING] = None
            return _is_text(self(node.operand), negated=node.negated)
        return nodes.IsNull(self(node.operand), node.negated)


def _is_text(path: nodes.Expression, *, negated: bool = True) -> nodes.Expression:
    """Return whether a text is read at a path; ``path IS NULL`` alone takes JSON's null for a value."""
    return nodes.IsNull(nodes.Call("CONCAT", (path, nodes.String(""))), negated)


ExpressionRewriter.own = {
    nodes.Column: ExpressionRewriter._column,
    nodes.Path: ExpressionRewriter._map_key,
    nodes.Call: ExpressionRewriter._call,
    nodes.Binary: ExpressionRewriter._binary,
    nodes.Like: ExpressionRewriter._like,
    nodes.IsNull: ExpressionRewriter._is_null,
}
