"""v1's conditions on events as v2 asks for them: by a join, or by subqueries.

A v1 predicate that names an event field holds of a contact if it is TRUE of one of its events; of a contact
without events, if it is TRUE with all event fields NULL [ours]. Where it never is, that is a join. Else the
conditions on the contact alone stay what they are, and each of the others becomes a subquery, beside what it
comes to for those who have no events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sql_seg.core import terms as core
from sql_seg.frozen import replace
from sql_seg.language.functions import Kind, is_of
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA
from sql_seg.syntax import nodes
from sql_seg.upgrading.rewriting import ExpressionRewriter

NULL, TRUE, FALSE = nodes.Null(), nodes.Boolean(True), nodes.Boolean(False)
_ALWAYS_THERE = frozenset({"event_type", "timestamp"})
"""What every event has."""

_CONDITIONS = (
    *(nodes.And, nodes.Or, nodes.Not),
    *(nodes.Comparison, nodes.In, nodes.Between, nodes.Like, nodes.IsNull),
)
_WITHOUT_EVENTS = "NOT IN finds contacts without any event: to v1 their event fields are NULL"

CONTACT, EVENT = "c", "e"
_ID = "contact_id"


class PredicateRewriter:
    """Turns the predicate of a v1 query into a SELECT."""

    def __init__(self, expressions: ExpressionRewriter) -> None:
        self.write = expressions

    def select(self, where: nodes.Expression) -> nodes.Select:
        """Return the SELECT that a predicate is."""
        if not self.write.reads_event(where):
            return _select(self.write(where, lax=True))
        where = self.inwards(where)
        if _where_true(self.of_nobody(where)) == FALSE:
            of_event = self.of_event(where)
            if of_event not in (TRUE, FALSE, NULL) and self.write.reads_event(of_event):
                return self._joined(of_event)
        return _select(self.members(where))

    def _joined(self, where: nodes.Expression) -> nodes.Select:
        named = self.write.named(CONTACT, EVENT)
        if isinstance(where, nodes.And) and sum(map(self.write.reads_event, where.operands)) > 1:
            named.comments["one event must pass the whole condition"] = None
        return _select(named(where, lax=True), CONTACT, (_join(),))

    def members(self, node: nodes.Expression) -> nodes.Expression:
        """Return the condition on the contact that a predicate of events, NOTs inside, comes to."""
        if not self.write.reads_event(node):
            return self.write(node, lax=True)
        if isinstance(node, nodes.Or):
            return self._any(node.operands)
        if isinstance(node, nodes.And):
            of_events = [part for part in node.operands if self.write.reads_event(part)]
            of_contact = [self.write(p, lax=True) for p in node.operands if p not in of_events]
            inner = self.members(of_events[0]) if len(of_events) == 1 else self._some_event(of_events)
            return _all([*of_contact, inner])
        return self._some_event([node])

    def _any(self, operands: Sequence[nodes.Expression]) -> nodes.Expression:
        """Return the OR of predicates; what asks of events alone is asked in one subquery."""
        of_contact = [self.write(part, lax=True) for part in operands if not self.write.reads_event(part)]
        of_both = [part for part in operands if self.write.reads_event(part)]
        mixed = [part for part in of_both if self.write.reads_contact(part)]
        of_events = [part for part in of_both if part not in mixed]
        parts = [*of_contact]
        if of_events:
            parts.append(self._some_event([_any(of_events)]))
        return _any([*parts, *map(self.members, mixed)])

    def _some_event(self, parts: Sequence[nodes.Expression]) -> nodes.Expression:
        """Return that an event passes some conditions, or that they hold of a contact without events."""
        whole = _all(parts)
        found: list[nodes.Expression] = []
        of_event = self.of_event(whole)
        if of_event == TRUE:
            found.append(self._in_events(None))
        elif of_event not in (FALSE, NULL):
            found.append(self._in_events(of_event))
        of_nobody = _where_true(self.of_nobody(whole))
        if of_nobody != FALSE:
            self.write.comments[_WITHOUT_EVENTS] = None
            without = nodes.InSubquery(nodes.Column(_ID), _ids(nodes.Table(EVENT_DATA)), True)
            more = [] if of_nobody == TRUE else [self.write(of_nobody, lax=True)]
            found.append(_all([*more, without]))
        return _any(found)

    def _in_events(self, where: nodes.Expression | None) -> nodes.Expression:
        if where is not None and self.write.reads_contact(where):
            named = self.write.named(CONTACT, EVENT)
            inner = nodes.Select(
                (nodes.SelectItem(nodes.Column(_ID, CONTACT)),),
                nodes.Table(CONTACT_DATA, CONTACT),
                (_join(),),
                named(where, lax=True),
            )
        else:
            inner = _ids(nodes.Table(EVENT_DATA), None if where is None else self.write(where, lax=True))
        return nodes.InSubquery(nodes.Column(_ID), inner)

    def inwards(self, node: nodes.Expression) -> nodes.Expression:
        """Return a predicate with each NOT over conditions on events moved inside AND and OR."""
        if isinstance(node, (nodes.And, nodes.Or)):
            flat: list[nodes.Expression] = []
            for part in map(self.inwards, node.operands):
                flat += part.operands if type(part) is type(node) else (part,)
            return type(node)(tuple(flat))
        if isinstance(node, nodes.Not) and self.write.reads_event(node):
            inner = node.operand
            if isinstance(inner, nodes.Not):
                return self.inwards(inner.operand)
            if isinstance(inner, (nodes.And, nodes.Or)):
                other = nodes.Or if isinstance(inner, nodes.And) else nodes.And
                return self.inwards(other(tuple(map(_negated, inner.operands))))
        return node

    def of_event(self, node: nodes.Expression) -> nodes.Expression:
        """Return what a condition comes to where there is an event: each has a type and a time."""
        return self._folded(node, is_event=True)

    def of_nobody(self, node: nodes.Expression) -> nodes.Expression:
        """Return what a condition comes to where all event fields are NULL."""
        return self._folded(node, is_event=False)

    def _folded(self, node: nodes.Expression, *, is_event: bool) -> nodes.Expression:
        """Return a condition simplified by what is known of the event; TRUE, FALSE and NULL are nodes."""
        if not self.write.reads_event(node):
            return node
        if isinstance(node, (nodes.And, nodes.Or)):
            parts = [self._folded(part, is_event=is_event) for part in node.operands]
            return _all(parts) if isinstance(node, nodes.And) else _any(parts)
        if isinstance(node, nodes.Not):
            inner = self._folded(node.operand, is_event=is_event)
            return _NOT[inner] if inner in _NOT else nodes.Not(inner) if inner != node.operand else node
        if isinstance(node, nodes.IsNull):
            return self._folded_null_test(node, is_event=is_event)
        return node if is_event else self._without_event(node)

    def _folded_null_test(self, node: nodes.IsNull, *, is_event: bool) -> nodes.Expression:
        if is_event:
            term = self.write.checked.term_of(node.operand)
            is_there = isinstance(term, core.ColumnValue) and term.row and term.name in _ALWAYS_THERE
            return nodes.Boolean(node.negated) if is_there else node
        if self._is_condition(node.operand):
            inner = self._folded(node.operand, is_event=False)
        else:
            inner = self._value(node.operand)
        if inner in (NULL, TRUE, FALSE):
            return nodes.Boolean((inner == NULL) is not node.negated)
        return nodes.IsNull(inner, node.negated)

    def _without_event(self, node: nodes.Expression) -> nodes.Expression:
        """Return a test of values, or of truths, with each event field NULL."""
        match node:
            case nodes.Comparison(operator, left, right):
                left, right = self._value(left), self._value(right)
                if NULL in (left, right):
                    return NULL
                if left in (TRUE, FALSE) and right in (TRUE, FALSE):
                    return nodes.Boolean((left == right) is (operator is Comparator.EQ))
                return nodes.Comparison(operator, left, right)
            case nodes.In(operand, values, negated):
                operand, values = self._value(operand), tuple(map(self._value, values))
                if operand == NULL or all(value == NULL for value in values):
                    return NULL
                return nodes.In(operand, values, negated)
            case nodes.Between(operand, low, high, negated):
                operand, low, high = self._value(operand), self._value(low), self._value(high)
                if operand == NULL or (low == NULL and high == NULL):
                    return NULL
                return nodes.Between(operand, low, high, negated)
        return NULL

    def _value(self, node: nodes.Expression) -> nodes.Expression:
        """Return an operand with each event field NULL: what is made of a NULL is NULL."""
        if self._is_condition(node):
            return self._folded(node, is_event=False)
        return NULL if self.write.reads_event(node) else node

    def _is_condition(self, node: nodes.Expression) -> bool:
        if isinstance(node, nodes.Call):
            return is_of(node.name, Kind.CONTAINMENT)
        return isinstance(node, _CONDITIONS)


def _negated(node: nodes.Expression) -> nodes.Expression:
    """Return the NOT of a condition, inside it where its kind has a form for that."""
    if isinstance(node, nodes.Comparison):
        return replace(node, operator=node.operator.negated)
    if isinstance(node, (nodes.Like, nodes.In, nodes.Between, nodes.IsNull)):
        return replace(node, negated=not node.negated)
    return nodes.Not(node)


def _where_true(node: nodes.Expression) -> nodes.Expression:
    """Return a condition that is TRUE where another is, without what is never TRUE in it."""
    if isinstance(node, nodes.And):
        return _all(map(_where_true, node.operands))
    if isinstance(node, nodes.Or):
        return _any(map(_where_true, node.operands))
    return FALSE if node == NULL else node


_NOT: dict[nodes.Expression, nodes.Expression] = {TRUE: FALSE, FALSE: TRUE, NULL: NULL}


def _all(parts: Iterable[nodes.Expression]) -> nodes.Expression:
    return _chain(nodes.And, parts, neutral=TRUE, deciding=FALSE)


def _any(parts: Iterable[nodes.Expression]) -> nodes.Expression:
    return _chain(nodes.Or, parts, neutral=FALSE, deciding=TRUE)


def _chain(
    kind: type[nodes.And] | type[nodes.Or],
    parts: Iterable[nodes.Expression],
    *,
    neutral: nodes.Expression,
    deciding: nodes.Expression,
) -> nodes.Expression:
    """Return an AND or an OR, flat, without what does not matter to it."""
    flat: list[nodes.Expression] = []
    for part in parts:
        flat += part.operands if isinstance(part, kind) else (part,)
    if deciding in flat:
        return deciding
    kept = [part for part in flat if part != neutral]
    if not kept:
        return neutral
    if all(part == NULL for part in kept):
        return NULL
    return kind(tuple(kept)) if len(kept) > 1 else kept[0]


def _select(
    where: nodes.Expression, alias: str | None = None, joins: tuple[nodes.Join, ...] = ()
) -> nodes.Select:
    items = tuple(nodes.SelectItem(nodes.Column(name, alias)) for name in (_ID, "updated_at"))
    return nodes.Select(items, nodes.Table(CONTACT_DATA, alias), joins, where)


def _ids(table: nodes.Table, where: nodes.Expression | None = None) -> nodes.Select:
    return nodes.Select((nodes.SelectItem(nodes.Column(_ID)),), table, (), where)


def _join() -> nodes.Join:
    on = nodes.Comparison(Comparator.EQ, nodes.Column(_ID, CONTACT), nodes.Column(_ID, EVENT))
    return nodes.Join(nodes.Table(EVENT_DATA, EVENT), on)
