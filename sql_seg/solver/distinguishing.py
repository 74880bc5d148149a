"""A contact that is in one of two segments alone: whether a query may be written in another way.

Of an event of any shape, ``event_data['url']`` may be found in two places. To compare a v1 query with a v2
query, which reads the one path where the webhook puts the key, events are taken as the webhook sends them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sql_seg.analysis.taught import unknown_parts
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.substitution import canonical
from sql_seg.core.terms import Term, with_children
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.event_data import path_of_key
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.solver.binding import settled
from sql_seg.solver.choices import Simplest
from sql_seg.solver.minimising import minimal
from sql_seg.solver.normal_form import conjuncts, difference, form, normal
from sql_seg.solver.outcome import Found, Impossible, NotFound
from sql_seg.solver.preparing import QueryLike, checked_query, kept_columns, must_agree
from sql_seg.solver.solver import Solver


def reads_map(term: Term) -> bool:
    """Return whether a term reads v1's map of an event's data."""
    return any(isinstance(part, (core.MapValue, core.HasKey)) for part in core.walk(term))


def as_webhook_sends(term: Term) -> Term:
    """Return a term that reads the event map where the webhook has its keys, and nowhere else.

    Texts that are joined by several CONCATs are joined by one.
    """
    if isinstance(term, core.MapValue):
        return core.JsonValue(term.row, path_of_key(term.key), type=DataType.VARCHAR, span=term.span)
    if isinstance(term, core.NullTest) and isinstance(term.operand, core.MapValue):
        return replace(term, operand=_as_text(as_webhook_sends(term.operand)))
    key = term.key if isinstance(term, core.HasKey) else None
    if isinstance(term, core.HasKey) and isinstance(key, core.Constant) and isinstance(key.value, str):
        path = core.JsonValue(term.row, path_of_key(key.value), type=DataType.VARCHAR)
        no_data = core.NullTest(core.JsonValue(term.row, (), type=DataType.VARIANT))
        null = core.Constant(None, type=DataType.NULL)
        is_text = core.NullTest(_as_text(path), negated=True)
        return core.AnyOf((is_text, core.All((no_data, null))), span=term.span)
    if isinstance(term, core.Applied) and term.function == "CONCAT":
        changed = with_children(term, as_webhook_sends)
        assert isinstance(changed, core.Applied)
        operands: list[Term] = []
        for operand in changed.operands:
            is_concat = isinstance(operand, core.Applied) and operand.function == "CONCAT"
            operands += operand.operands if is_concat else (operand,)  # type: ignore[attr-defined]
        return replace(changed, operands=tuple(operands))
    return with_children(term, as_webhook_sends)


def _as_text(path: Term) -> Term:
    """Return a path read as a text, which is NULL where it leads to JSON's null, a list or an object."""
    nothing = core.Constant("", type=DataType.VARCHAR)
    return core.Applied("CONCAT", (path, nothing), type=DataType.VARCHAR)


@dataclass(frozen=True, slots=True)
class Difference(Found):
    """A record that is in one of two segments alone: in the first, or in the second."""

    in_first: bool


def distinguish(
    first: QueryLike,
    second: QueryLike,
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
) -> Difference | Impossible | NotFound:
    """Return a smallest contact, with events, that at ``now`` is in one of two segments and not in the other.

    Impossible is a proof that they hold the same contacts. The queries may be of two dialects: then events
    are taken as the Event Webhook sends them, which is where v2 reads what v1 reads in one flat map, and the
    reason says so [ours]. See ``witness`` for the arguments.

    Raises QuerySyntaxError or CheckError for what is no valid query; ValueError for a naive ``now``, or where
    the queries take a column for values of two types.
    """
    one, other = checked_query(first, schema, dialect), checked_query(second, schema, dialect)
    must_agree(one, other)
    moment = the_moment(now)
    conditions, assumed = _side_by_side(one, other)
    forms = None
    if not unknown_parts(core.All(conditions)):
        forms = [settled(condition, moment) for condition in conditions]
        if canonical(forms[0]) == canonical(forms[1]):
            return Impossible(f"the queries say the same in the same words{assumed}")
        forms = list(map(normal, forms))
        if form(forms[0]) == form(forms[1]):
            return Impossible(f"the queries say the same, in another order or with other words{assumed}")
    tried, reasons, why = 0, [], ""
    for inside, outside in ((one, other), (other, one)):
        asked = None if forms is None else difference(*(forms if inside is one else forms[::-1]))
        outcome = _only_in(inside, outside, moment, asked, effort)
        if isinstance(outcome, Found):
            return Difference(outcome.record, in_first=inside is one)
        if isinstance(outcome, NotFound):
            tried, why = tried + outcome.tried, why or outcome.reason
        else:
            reasons.append(outcome.reason)
    if len(reasons) == 2:
        cases = "in every case that their conditions distinguish, who is in one is in the other"
        return Impossible(cases + assumed)
    return NotFound(tried, why)


def _side_by_side(one: CheckedQuery, other: CheckedQuery) -> tuple[tuple[core.Term, core.Term], str]:
    """Return the conditions of two queries as they are compared, and what that assumes of events."""
    if one.query.dialect is other.query.dialect:
        return (one.condition, other.condition), ""
    has_map = reads_map(one.condition) or reads_map(other.condition)
    assumed = ", where events are as the Event Webhook sends them" if has_map else ""
    return (as_webhook_sends(one.condition), as_webhook_sends(other.condition)), assumed


def _only_in(
    inside: CheckedQuery, outside: CheckedQuery, now: datetime, asked: core.Term | None, effort: int
) -> Found | Impossible | NotFound:
    constraints = [(inside.condition, Goal.TRUE), (outside.condition, Goal.NOT_TRUE)]
    solver = Solver(constraints, inside.schema, now, None if asked is None else conjuncts(asked), effort)
    outcome = solver.solve(Simplest())
    if isinstance(outcome, Found):
        return Found(minimal(outcome.record, solver.is_met, kept_columns(inside, outside)))
    return outcome
