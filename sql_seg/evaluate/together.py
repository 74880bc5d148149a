"""Several conditions in one pass over contacts: what they share is asked of each contact once."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, pushed_down
from sql_seg.core.traits import is_constant
from sql_seg.evaluate import python_nodes as syntax
from sql_seg.evaluate.code_names import Names
from sql_seg.evaluate.facts import Code, Facts
from sql_seg.evaluate.function_code import PassWriter, blaming
from sql_seg.evaluate.python_nodes import placed

_Question = tuple[core.Term, Goal]
"""What is asked of a condition, inside all NOT and IS TRUE around it."""

_NOT_OF_THE_CONTACT = core.SomeEvent | core.LastEvent | core.Subquery


def together_function(names: Names, conditions: Sequence[core.Term]) -> ast.FunctionDef:
    """``def together(contacts)``: for each condition, the list of the contacts for which it is TRUE."""
    inner, tests = _asked(names, conditions)
    before: list[ast.stmt] = []
    lists: list[ast.expr] = []
    for number, test in enumerate(tests):
        found = syntax.name(f"found{number}")
        before.append(syntax.assign(f"found{number}", placed.List([], ast.Load())))
        before.append(syntax.assign(f"add{number}", placed.Attribute(found, "append", ast.Load())))
        inner.append(syntax.when(test, placed.Expr(syntax.call(f"add{number}", syntax.name("contact")))))
        lists.append(found)
    if not conditions:
        return syntax.function("together", ["contacts"], [placed.Return(placed.Tuple([], ast.Load()))])
    return _over_contacts("together", before, inner, placed.Tuple(lists, ast.Load()))


def tallies_function(names: Names, conditions: Sequence[core.Term]) -> ast.FunctionDef:
    """``def tallies(contacts)``: a dict of how many contacts have which of the conditions TRUE, as bits.

    A condition that another one is FALSE is only asked where that one is not TRUE.
    """
    inner, tests = _asked(names, conditions)
    inner.append(syntax.assign("mask", syntax.constant(0)))
    numbers = {condition: number for number, condition in enumerate(conditions)}
    opposite: dict[int, int] = {}
    for number, condition in enumerate(conditions):
        if isinstance(condition, core.TruthTest) and not condition.value and not condition.negated:
            other = numbers.get(condition.operand)
            if other is not None:
                opposite[other] = number
    for number, test in enumerate(tests):
        if number in opposite.values():
            continue
        asked = syntax.when(test, _bit(number))
        if number in opposite:
            asked.orelse = [syntax.when(tests[opposite[number]], _bit(opposite[number]))]
        inner.append(asked)
    mask = syntax.name("mask")
    before = syntax.call("get", mask, syntax.constant(0))
    inner.append(
        placed.Assign(
            [placed.Subscript(syntax.name("counted"), mask, ast.Store())],
            placed.BinOp(before, ast.Add(), syntax.constant(1)),
        )
    )
    first: list[ast.stmt] = [
        syntax.assign("counted", placed.Dict([], [])),
        syntax.assign("get", placed.Attribute(syntax.name("counted"), "get", ast.Load())),
    ]
    return _over_contacts("tallies", first, inner, syntax.name("counted"))


def _bit(number: int) -> ast.stmt:
    return placed.AugAssign(placed.Name("mask", ast.Store()), ast.Add(), syntax.constant(1 << number))


def _asked(names: Names, conditions: Sequence[core.Term]) -> tuple[list[ast.stmt], list[ast.expr]]:
    """Return what is found out of a contact once, and the test that it is TRUE for each condition."""
    shared = _shared(conditions)
    writer = _SharingWriter(names, [*conditions, *(term for term, _ in shared)])
    columns = _columns_read_again([*conditions, *(term for term, _ in shared)])
    inner: list[ast.stmt] = [syntax.assign(writer.variable(it), writer.reading(it)) for it in columns]
    facts: Facts = frozenset(map(writer.variable, columns))
    for number, (term, goal) in enumerate(shared):
        inner.append(syntax.assign(f"shared{number}", writer.decide(term, goal, facts).node))
        writer.known[term, goal] = f"shared{number}"
    return inner, [writer.decide(condition, Goal.TRUE, facts).node for condition in conditions]


def _over_contacts(
    identifier: str, before: list[ast.stmt], inner: list[ast.stmt], result: ast.expr
) -> ast.FunctionDef:
    body: list[ast.stmt] = [
        *before,
        syntax.assign("contact", syntax.name("NO_CONTACT")),
        blaming([syntax.loop("contact", syntax.name("contacts"), inner)]),
        placed.Return(result),
    ]
    return syntax.function(identifier, ["contacts"], body)


class _SharingWriter(PassWriter):
    """Writes conditions of which some are ``known`` already: each by its variable."""

    def __init__(self, names: Names, terms: Sequence[core.Term]) -> None:
        super().__init__(names, terms)
        self.known: dict[_Question, str] = {}

    def decide(self, term: core.Term, goal: Goal, facts: Facts) -> Code:
        term, goal = pushed_down(term, goal)
        variable = self.known.get((term, goal))
        if variable is not None:
            return Code(syntax.name(variable), facts, facts)
        return super().decide(term, goal, facts)


def _shared(conditions: Iterable[core.Term]) -> list[_Question]:
    """Return what is asked more than once, the parts of a question before it."""
    times: Counter[_Question] = Counter()
    met: list[_Question] = []
    for condition in conditions:
        _meet(condition, Goal.TRUE, times, met)
    return [question for question in met if times[question] > 1]


def _meet(term: core.Term, goal: Goal, times: Counter[_Question], met: list[_Question]) -> None:
    term, goal = pushed_down(term, goal)
    if is_constant(term):
        return
    times[term, goal] += 1
    if times[term, goal] > 1:
        return
    if isinstance(term, core.All | core.AnyOf):
        inner = goal if goal.is_definite else goal.opposite
        for operand in term.operands:
            _meet(operand, inner, times, met)
    met.append((term, goal))


def _columns_read_again(terms: Iterable[core.Term]) -> list[core.ColumnValue]:
    """Return the contact's columns that are read at several places, those of tests of events apart."""
    times: Counter[core.ColumnValue] = Counter()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if isinstance(term, core.ColumnValue) and term.row == core.THE_CONTACT:
            times[term] += 1
        if not isinstance(term, _NOT_OF_THE_CONTACT):
            waiting += term.children()
    return [column for column, number in times.items() if number > 1]
