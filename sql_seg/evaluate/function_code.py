"""The functions that generated code consists of: for one contact, for a pass, for events and subqueries."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.planning import conjoined, conjuncts, rows_of
from sql_seg.core.substitution import with_rows
from sql_seg.core.traits import OF_JSON
from sql_seg.evaluate import python_nodes as syntax
from sql_seg.evaluate.code_names import Names, Trust, maximum_name, record_name, record_variable
from sql_seg.evaluate.condition_code import ConditionWriter
from sql_seg.evaluate.facts import Code, Facts, GuardedValue
from sql_seg.evaluate.python_nodes import placed
from sql_seg.evaluate.value_code import exactly
from sql_seg.language.datatypes import DataType

_MOST_LOOPS = 12
"""Python takes up to 20 loops inside each other; more rows than these are walked in one loop."""

_NO_FACTS: Facts = frozenset()
_ID = "contact_id"
_THE_ID = core.ColumnValue(core.THE_CONTACT, _ID, type=DataType.VARCHAR)


FlatTerm = core.SomeEvent | core.Subquery

EVENT = 1
"""The row of all terms that are asked of events in a walk over them."""


class PassWriter(ConditionWriter):
    """Writes conditions for a pass over many contacts.

    What says nothing of the contact is asked of all events once, before the pass, and gives a set of
    contact ids; only what ties contact and event together walks the events of each contact.
    """

    def _existence(self, term: core.SomeEvent | core.LastEvent, wanted: bool, facts: Facts) -> Code:
        if not is_flat(term):
            function = self.names.of_existence(term)
            events = syntax.call("events_of", syntax.name("contact"))
            found: ast.expr = syntax.call(function, syntax.name("contact"), events)
            return Code(found if wanted else syntax.inverse(found), facts, facts)
        assert isinstance(term, core.SomeEvent)
        walk = self.names.of_flat_walk(term)
        fetched, facts = self._fetched(_THE_ID, facts, keep=term.or_none)
        found = syntax.compare(fetched, ast.In(), syntax.name(f"{walk}_ids"))
        if term.or_none:
            self.names.of_existence(term)
            without = syntax.compare(
                syntax.name(self.variable(_THE_ID)), ast.NotIn(), syntax.name("ids_with_events")
            )
            found = syntax.disjunction([found, syntax.conjunction([syntax.name(f"{walk}_of_none"), without])])
        return Code(found if wanted else syntax.inverse(found), facts, facts)


def is_flat(term: core.Term) -> bool:
    """Return whether a term asks for contacts with one event such that …: one walk over all events."""
    if isinstance(term, core.SomeEvent):
        return len(term.rows) == 1 and rows_of(term.condition) <= set(term.rows)
    if not isinstance(term, core.Subquery) or term.contact is not None or len(term.events) != 1:
        return False
    return isinstance(term.value, core.ColumnValue) and term.value.name == _ID


def predicate_function(names: Names, condition: core.Term) -> ast.FunctionDef:
    """``def predicate(contact, events): return condition``, with wrong values blamed on the contact."""
    writer = ConditionWriter(names, [condition])
    test = writer.decide(condition, Goal.TRUE, _NO_FACTS).node
    if not isinstance(test, ast.Constant):  # numpy's numbers compare to truths of numpy's own
        test = placed.IfExp(test, syntax.TRUE, syntax.FALSE)
    again = syntax.call("again", *map(syntax.name, ("contact", "events", "error")))
    body = _recovering([placed.Return(test)], [placed.Return(again)])
    function = syntax.function("predicate", ["contact", "events"], [body])
    function.args.defaults = [placed.Tuple([], ast.Load())]
    return function


def members_function(names: Names, condition: core.Term) -> ast.FunctionDef:
    """``def members(contacts)``: yields the contacts for which a condition is TRUE."""
    return _pass(names, condition, "members", [placed.Expr(placed.Yield(syntax.name("contact")))])


def ids_function(names: Names, condition: core.Term) -> ast.FunctionDef:
    """``def ids(contacts)``: yields their contact ids; the email is that of a contact without one."""
    contact = syntax.name("contact")
    identity = syntax.disjunction([_get(contact, _ID), _get(contact, "email")])
    found = placed.Expr(placed.Yield(identity))
    return _pass(names, condition, "ids", [found])


def count_function(names: Names, condition: core.Term) -> ast.FunctionDef:
    """``def count(contacts)``: the number of contacts for which a condition is TRUE."""
    found = placed.AugAssign(placed.Name("count", ast.Store()), ast.Add(), syntax.constant(1))
    none_yet = syntax.assign("count", syntax.constant(0))
    return _pass(names, condition, "count", [found], [none_yet], [placed.Return(syntax.name("count"))])


def _pass(
    names: Names,
    condition: core.Term,
    identifier: str,
    found: list[ast.stmt],
    first: Sequence[ast.stmt] = (),
    last: Sequence[ast.stmt] = (),
) -> ast.FunctionDef:
    writer = PassWriter(names, [condition])
    test = writer.decide(condition, Goal.TRUE, _NO_FACTS).node
    loop: ast.stmt = syntax.loop("contact", syntax.name("contacts"), [syntax.when(test, *found)])
    body: list[ast.stmt] = [*first, syntax.assign("contact", syntax.name("NO_CONTACT"))]
    if names.trust is Trust.ALL:
        body += [blaming([loop]), *last]
    else:
        again = syntax.call("again", syntax.name("contact"), syntax.name("error"))
        walk = _recovering([loop, placed.Break()], [syntax.when(again, *found)])
        body += [
            syntax.assign("contacts", syntax.call("iter", syntax.name("contacts"))),
            placed.While(syntax.TRUE, [walk], []),
            *last,
        ]
    return syntax.function(identifier, ["contacts"], body)


def judge_function(names: Names, condition: core.Term) -> ast.FunctionDef:
    """``def judge(contact): return condition``, as a pass asks it."""
    test = PassWriter(names, [condition]).decide(condition, Goal.TRUE, _NO_FACTS).node
    return syntax.function("judge", ["contact"], [placed.Return(test)])


def blaming(body: list[ast.stmt]) -> ast.Try:
    """``try: body``, where a wrong type of value is reported as such: caught around a loop, not in it."""
    blame = placed.Expr(syntax.call("blame", syntax.name("contact"), syntax.name("error")))
    return _recovering(body, [blame, placed.Raise()])


def _recovering(body: list[ast.stmt], then: list[ast.stmt]) -> ast.Try:
    """``try: body``, and ``then`` after an ``error`` that a value of another type makes."""
    return placed.Try(body, [placed.ExceptHandler(syntax.name("ERRORS"), "error", then)], [], [])


def existence_function(names: Names, term: core.SomeEvent | core.LastEvent) -> ast.FunctionDef:
    """``def exists(contact, events)``: whether the contact has such events."""
    terms = conjuncts(term.condition)
    if isinstance(term, core.SomeEvent):
        writer = ConditionWriter(names, terms)
        body, facts = _hoisted(writer, terms)
        body += _event_loops(writer, term.rows, terms, facts, [placed.Return(syntax.TRUE)], term.or_none)
        body.append(placed.Return(syntax.FALSE))
    else:
        body = _last_event_body(names, term, terms)
    return syntax.function(names.of_existence(term), ["contact", "events"], body)


def _last_event_body(names: Names, term: core.LastEvent, terms: Sequence[core.Term]) -> list[ast.stmt]:
    writer = ConditionWriter(names, [*terms, *term.maxima, term.having])
    body, facts = _hoisted(writer, [*terms, *term.maxima, term.having])
    maxima = [maximum_name(index) for index in range(len(term.maxima))]
    body.append(syntax.assign("found", syntax.FALSE))
    body += [syntax.assign(maximum, syntax.NONE) for maximum in maxima]
    innermost: list[ast.stmt] = [syntax.assign("found", syntax.TRUE)]
    for maximum, operand in zip(maxima, term.maxima, strict=True):
        value = writer.value(operand, facts)
        value.guards.extend(writer.sound(operand, value.node, value.facts))
        node = exactly(operand, value.node)
        larger = syntax.compare(node, ast.Gt(), syntax.name(maximum))
        is_new = syntax.disjunction([syntax.is_none(syntax.name(maximum)), larger])
        innermost.append(syntax.when(_exists(value, is_new), syntax.assign(maximum, node)))
    body += _event_loops(writer, term.rows, terms, facts, innermost)
    having = writer.decide(term.having, Goal.TRUE, facts).node
    body.append(placed.Return(syntax.conjunction([syntax.name("found"), having])))
    return body


def _exists(value: GuardedValue, test: ast.expr) -> ast.expr:
    return syntax.conjunction([*(guard.node for guard in value.guards), test])


def _hoisted(writer: ConditionWriter, terms: Sequence[core.Term]) -> tuple[list[ast.stmt], Facts]:
    """Return the statements that read the contact's columns before the loops, and what then is known."""
    body: list[ast.stmt] = []
    facts = _NO_FACTS
    columns = dict.fromkeys(
        inner
        for term in terms
        for inner in core.walk(term)
        if isinstance(inner, core.ColumnValue) and inner.row == core.THE_CONTACT
    )
    for column in columns:
        variable = writer.variable(column)
        body.append(syntax.assign(variable, writer.reading(column)))
        facts |= {variable}
    return body, facts


def _event_loops(
    writer: ConditionWriter,
    rows: Sequence[int],
    terms: Sequence[core.Term],
    facts: Facts,
    innermost: list[ast.stmt],
    or_none: bool = False,
) -> list[ast.stmt]:
    """Return a loop over ``events`` for each row, each condition as far out as its rows allow."""
    outer, inner = rows[:_MOST_LOOPS], rows[_MOST_LOOPS:]
    level_of = {row: level for level, row in enumerate(outer, 1)} | dict.fromkeys(inner, len(outer) + 1)
    ready: list[list[core.Term]] = [[] for _ in range(len(outer) + 2)]
    for term in terms:
        ready[max((level_of.get(row, 0) for row in rows_of(term)), default=0)].append(term)
    levels: list[ast.expr] = []
    for level in ready:
        tests: list[ast.expr] = []
        for term in level:
            code = writer.decide(term, Goal.TRUE, facts)
            tests.append(code.node)
            facts = code.when_true
        levels.append(syntax.conjunction(tests))
    events: ast.expr = syntax.name("events")
    if or_none:
        events = placed.BoolOp(ast.Or(), [events, syntax.name("NO_EVENT")])
    body = _tested(levels.pop(), innermost)
    if inner:
        body = [syntax.loop_over_choices([record_variable(row) for row in inner], events, body)]
    for row in reversed(outer):
        body = _tested(levels.pop(), body)
        body = [syntax.loop(record_variable(row), events, body)]
    return _tested(levels.pop(), body)


def _tested(test: ast.expr, body: list[ast.stmt]) -> list[ast.stmt]:
    is_always = isinstance(test, ast.Constant) and test.value is True
    return body if is_always else [syntax.when(test, *body)]


def walk_function(names: Names, identifier: str, terms: Sequence[FlatTerm]) -> ast.FunctionDef:
    """``def walk(events)``: for each test of one event, the ids of the contacts that have such an event."""
    tests = [conjuncts(_of_the_event(term)) for term in terms]
    shared = [part for part in tests[0] if all(part in others for others in tests) and not _is_dear(part)]
    tests = [[part for part in test if part not in shared] for test in tests]
    writer = ConditionWriter(names, [*shared, *itertools.chain(*tests)])
    guard = writer.decide(conjoined(shared), Goal.TRUE, _NO_FACTS)
    inner, facts = _bound_at_once(writer, tests, guard.when_true)
    before: list[ast.stmt] = []
    sets: list[ast.expr] = []
    for number, test in enumerate(tests):
        ids = syntax.name(f"ids{number}")
        code = writer.decide(conjoined(test), Goal.TRUE, facts)
        facts = code.when_true & code.when_false
        found = placed.Expr(syntax.call(f"add{number}", _get(record_name(EVENT), _ID)))
        before.append(syntax.assign(f"ids{number}", syntax.call("set")))
        before.append(syntax.assign(f"add{number}", placed.Attribute(ids, "add", ast.Load())))
        inner += _tested(code.node, [found])
        sets.append(ids)
    body = [*before, syntax.loop(record_variable(EVENT), syntax.name("events"), _tested(guard.node, inner))]
    return syntax.function(identifier, ["events"], [*body, placed.Return(placed.Tuple(sets, ast.Load()))])


def _is_dear(term: core.Term) -> bool:
    """Return whether a condition reads JSON: not for events whose type nothing asks for."""
    return core.has(term, *OF_JSON)


def _of_the_event(term: FlatTerm) -> core.Term:
    """Return the condition of a flat term as one on the event that is walked over."""
    (row,) = term.events if isinstance(term, core.Subquery) else term.rows
    return with_rows(term.condition, {row: EVENT})


def _bound_at_once(
    writer: ConditionWriter, tests: Sequence[Sequence[core.Term]], facts: Facts
) -> tuple[list[ast.stmt], Facts]:
    """Return the statements that bind the columns that each of several tests reads."""
    if len(tests) == 1:  # its columns are read as far as it comes
        return [], facts
    read = [
        [inner for part in test for inner in core.walk(part) if isinstance(inner, core.ColumnValue)]
        for test in tests
    ]
    shared = [column for column in dict.fromkeys(read[0]) if all(column in others for others in read)]
    columns = [column for column in shared if writer.variable(column) not in facts]
    statements: list[ast.stmt] = [
        syntax.assign(writer.variable(column), writer.reading(column)) for column in columns
    ]
    return statements, facts.union(map(writer.variable, columns))


def subquery_function(names: Names, subquery: core.Subquery) -> ast.FunctionDef:
    """``def subquery(account)``: the set of its values, and whether NULL is one of them."""
    terms = conjuncts(subquery.condition)
    if subquery.contact is not None:
        names.rows_of_contacts.add(subquery.contact)
    writer = ConditionWriter(names, [*terms, subquery.value])
    facts: Facts = _NO_FACTS
    value = writer.value(subquery.value, facts)
    value.guards.extend(writer.sound(subquery.value, value.node, value.facts))
    node = exactly(subquery.value, value.node)
    add = placed.Expr(syntax.call("collect", node))
    guard = syntax.conjunction([code.node for code in value.guards])
    innermost: list[ast.stmt] = [placed.If(guard, [add], [syntax.assign("has_null", syntax.TRUE)])]
    loops = _event_loops(writer, subquery.events, terms, facts, innermost)
    body: list[ast.stmt] = [
        syntax.assign("values", syntax.call("set")),
        syntax.assign("collect", placed.Attribute(syntax.name("values"), "add", ast.Load())),
        syntax.assign("has_null", syntax.FALSE),
        *_account_loops(subquery, loops),
        placed.Return(placed.Tuple([syntax.name("values"), syntax.name("has_null")], ast.Load())),
    ]
    return syntax.function(names.of_subquery(subquery), ["account"], body)


def _account_loops(subquery: core.Subquery, loops: list[ast.stmt]) -> list[ast.stmt]:
    """Return the loops around those over ``events``: over contacts, or over the groups of events."""
    account = syntax.name("account")
    if subquery.contact is None:
        if len(subquery.events) == 1:
            return [syntax.assign("events", placed.Attribute(account, "events", ast.Load())), *loops]
        return [syntax.loop("events", syntax.method(account, "event_groups"), loops)]
    record = record_variable(subquery.contact)
    if subquery.events:
        loops = [
            syntax.assign("events", syntax.method(account, "events_of", syntax.name(record))),
            *loops,
        ]
    return [syntax.loop(record, placed.Attribute(account, "contacts", ast.Load()), loops)]


def _get(record: ast.expr, column: str) -> ast.expr:
    return syntax.method(record, "get", syntax.constant(column))
