"""Values to Python expressions, with the guards that rule out NULL.

A value is an expression and the guards before it: tests without which it may not be evaluated, that a column
is not None, say, or that a number is one. What is a fact at a place, because a test around it has shown it,
needs no guard there. So no NULL is ever carried: where a guard fails, the condition is not TRUE.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.core.traits import ROWED, is_constant, is_moment
from sql_seg.evaluate import python_nodes as syntax
from sql_seg.evaluate.code_names import Names, Trust, maximum_name, record_name
from sql_seg.evaluate.facts import Code, Facts, GuardedValue, learned
from sql_seg.evaluate.path_code import path_reader
from sql_seg.evaluate.python_nodes import placed
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.language.schema import EVENT_TABLE, SENDGRID

_RESERVED = SENDGRID.contact_data.columns.keys() | EVENT_TABLE.columns.keys()
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def is_small(value: Any) -> bool:
    """Return whether Python compares a value with any integer as doubles are compared."""
    return not isinstance(value, (int, float)) or abs(value) < LARGEST_EXACT_INTEGER


def is_exact(term: core.Term) -> bool:
    """Return whether a term is never NULL, or a moment, and Python compares it with any value as it is."""
    if isinstance(term, core.Constant):
        return term.value is not None and is_small(term.value)
    return is_moment(term)


def is_zoned(term: core.Term) -> bool:
    """Return whether a term is a timestamp as a record has it: in any time zone."""
    return isinstance(term, core.ColumnValue) and term.type is DataType.TIMESTAMP


def is_untold(term: core.Term) -> bool:
    """Return whether a term is a column that may hold numbers though its type is that of texts.

    Where a lenient schema's column is only held against another such column, nothing says what it holds.
    """
    return isinstance(term, core.ColumnValue) and term.type is DataType.VARCHAR and term.name not in _RESERVED


def constant_value(term: core.Term) -> Any:
    """Return the value of a constant term."""
    if isinstance(term, core.Constant):
        return term.value
    return Interpreter(_ANY_TIME, NO_ACCOUNT).value(term, {})


class ValueWriter(ABC):
    """Writes values as expressions, for one function's scope.

    It knows which columns the function asks for again: what is asked once needs no variable.
    """

    def __init__(self, names: Names, terms: Sequence[core.Term]) -> None:
        self.names = names
        self._asked_again: set[core.Term] = set()
        asked: set[core.Term] = set()
        for read in [inner for term in terms for inner in core.walk(term) if isinstance(inner, ROWED)]:
            (self._asked_again if read in asked else asked).add(read)
        self._variables: dict[core.Term, str] = {}
        self._temporaries = 0
        self._soundness_of: dict[core.Term, tuple[ast.expr, ast.expr]] = {}

    @abstractmethod
    def decide(self, term: core.Term, goal: Goal, facts: Facts) -> Code:
        """Return the expression that is true just where a goal is reached of a condition."""

    def value(self, term: core.Term, facts: Facts) -> GuardedValue:
        """Return the expression for a value, with the guards that rule out NULL."""
        if type(term) in _FETCHES:
            return self._column(term, facts)
        if is_constant(term):
            return self._constant(constant_value(term), facts)
        if is_moment(term):
            moment = syntax.name(self.names.of_moment(term))
            return GuardedValue([Code(syntax.is_not_none(moment), facts, facts)], moment, facts)
        if term.type is DataType.BOOLEAN and type(term) not in _VALUES:
            return self._truth_as_value(term, facts)
        return _VALUES[type(term)](self, term, facts)

    def _constant(self, value: Any, facts: Facts) -> GuardedValue:
        if value is None:
            return GuardedValue([Code(syntax.FALSE, facts, facts)], syntax.NONE, facts)
        if isinstance(value, (str, int, float)):
            return GuardedValue([], syntax.constant(value), facts)
        return GuardedValue([], self.names.of_value(value), facts)

    def _column(self, term: core.Term, facts: Facts) -> GuardedValue:
        fetched, facts = self._fetched(term, facts, keep=True)
        variable = self.variable(term)
        if f"{variable}!" in facts:
            return GuardedValue([], fetched, facts)
        known = learned(facts, f"{variable}!")
        test: ast.expr = syntax.is_not_none(fetched)
        if term.type is DataType.NUMBER and self._is_doubted(term):
            test = _finite_number(fetched, syntax.name(variable))
        if self._may_be_misnamed(term):
            test = syntax.disjunction([test, syntax.call("absent", syntax.name("contact"))])
        return GuardedValue([Code(test, known, facts)], syntax.name(variable), known)

    def _may_be_misnamed(self, term: core.Term) -> bool:
        """Return whether a value that is not there may stand under another key: its contact is looked at."""
        is_column = isinstance(term, core.ColumnValue) and term.row == core.THE_CONTACT
        return is_column and self.names.trust is Trust.NOTHING

    def variable(self, term: core.Term) -> str:
        """Return the variable of a column."""
        return self._variables.setdefault(term, f"column{len(self._variables)}")

    def reading(self, term: core.ColumnValue) -> ast.expr:
        """Return the expression that reads a column from its record."""
        return self._fetch_column(term)

    def _fetched(self, term: core.Term, facts: Facts, *, keep: bool) -> tuple[ast.expr, Facts]:
        """Return a column's value, from its variable if it is bound; bind it if it is asked for again."""
        variable = self.variable(term)
        if variable in facts:
            return syntax.name(variable), facts
        fetch = _FETCHES[type(term)](self, term)
        if not keep and term not in self._asked_again:
            return fetch, facts
        return syntax.bound(variable, fetch), learned(facts, variable)

    def _fetch_column(self, term: core.ColumnValue) -> ast.expr:
        if term.name == EMAIL_DOMAINS:
            return syntax.call("domains_of", record_name(term.row))
        return syntax.method(record_name(term.row), "get", syntax.constant(term.name))

    def _fetch_json(self, term: core.JsonValue) -> ast.expr:
        data = syntax.method(record_name(term.row), "get", syntax.constant("data"))
        reader = self.names.of_value(path_reader(term.keys, term.type))
        return placed.Call(reader, [data], [])

    def _fetch_key(self, term: core.MapValue) -> ast.expr:
        data = syntax.method(record_name(term.row), "get", syntax.constant("data"))
        return syntax.call("read_key", data, syntax.constant(term.key))

    def sound(self, term: core.Term, node: ast.expr, facts: Facts) -> list[Code]:
        """Return what must hold of a column's value, which is not None, beside: that it is of its type.

        NaN is no value; what is of another type is an error. Where values are trusted, nothing; nor of
        numbers, which have been looked at when they were read.
        """
        if not self._is_doubted(term) or term.type not in PLAIN_TYPES or term.type is DataType.NUMBER:
            return []
        is_plain = is_of_class(node, PLAIN_TYPES[term.type])
        test = syntax.disjunction([is_plain, syntax.call(f"sound_{term.type.name}", node)])
        return [Code(test, facts, facts)]

    def _is_doubted(self, term: core.Term) -> bool:
        """Return whether a term is a column of a contact whose values nobody checked."""
        names = self.names
        if names.trust is Trust.ALL or not isinstance(term, core.ColumnValue):
            return False
        return term.row in names.rows_of_contacts and term.name not in names.untyped

    def _partial(self, guards: list[Code], node: ast.expr, facts: Facts) -> GuardedValue:
        """Return the value of an expression that may be None although its operands are not."""
        variable = f"result{self._temporaries}"
        self._temporaries += 1
        test = Code(syntax.is_not_none(syntax.bound(variable, node)), facts, facts)
        return GuardedValue([*guards, test], syntax.name(variable), facts)

    def _operands(self, terms: Sequence[core.Term], facts: Facts) -> tuple[list[Code], list[ast.expr], Facts]:
        guards: list[Code] = []
        operands: list[ast.expr] = []
        for term in terms:
            value = self.value(term, facts)
            guards += value.guards
            operands.append(value.node)
            facts = value.facts
        return guards, operands, facts

    def _negated(self, term: core.Negated, facts: Facts) -> GuardedValue:
        guards, (operand,), facts = self._operands([term.operand], facts)
        return GuardedValue(guards, placed.UnaryOp(ast.USub(), syntax.call("double", operand)), facts)

    def _calculation(self, term: core.Calculation, facts: Facts) -> GuardedValue:
        guards, operands, facts = self._operands([term.left, term.right], facts)
        calculate = self.names.of_value(term.operator.evaluate)
        return self._partial(guards, placed.Call(calculate, operands, []), facts)

    def _shifted(self, term: core.ShiftedTime, facts: Facts) -> GuardedValue:
        guards, (operand,), facts = self._operands([term.operand], facts)
        unit = self.names.of_value(term.unit)
        node = syntax.call("shift", operand, unit, syntax.constant(term.amount))
        return self._partial(guards, node, facts)

    def _applied(self, term: core.Applied, facts: Facts) -> GuardedValue:
        guards, operands, facts = self._operands(term.operands, facts)
        if term.function in _OF_ANYTHING:
            for operand, node in zip(term.operands, operands, strict=True):
                guards += self.sound(operand, node, facts)
        if term.function in _CASES:
            return GuardedValue(guards, self._in_case(term.function, operands[0]), facts)
        if term.function in _APPLICATIONS:
            return GuardedValue(guards, _APPLICATIONS[term.function](operands), facts)
        function = FUNCTIONS[term.function]
        made = placed.Call(self.names.of_value(function.evaluate), operands, [])
        return GuardedValue(guards, made, facts) if function.total else self._partial(guards, made, facts)

    def _in_case(self, function: str, operand: ast.expr) -> ast.expr:
        """Return a text in lower or upper case: of ASCII by Python's own method, in 0.6 of the time."""
        name = _CASES[function]
        first = text = operand
        if not isinstance(operand, ast.Name):
            variable = f"result{self._temporaries}"
            self._temporaries += 1
            first, text = syntax.bound(variable, operand), syntax.name(variable)
        is_ascii = syntax.method(first, "isascii")
        return placed.IfExp(is_ascii, syntax.method(text, name), syntax.call(name, text))

    def _length_in_case(self, term: core.Term, text: str, facts: Facts) -> list[Code]:
        """Return the test that a column's text is as long as its text in another case must be.

        It is half the time of the mapping, which keeps lengths, and most texts fail it.
        """
        if not isinstance(term, core.Applied) or term.function not in _CASES:
            return []
        (operand,) = term.operands
        if not isinstance(operand, core.ColumnValue) or self.variable(operand) not in facts:
            return []
        length = syntax.call("len", syntax.name(self.variable(operand)))
        return [Code(syntax.compare(length, ast.Eq(), syntax.constant(len(text))), facts, facts)]

    def _maximum(self, term: core.Maximum, facts: Facts) -> GuardedValue:
        variable = syntax.name(maximum_name(term.index))
        return GuardedValue([Code(syntax.is_not_none(variable), facts, facts)], variable, facts)

    def _truth_as_value(self, term: core.Term, facts: Facts) -> GuardedValue:
        return self._partial([], self._three_valued(term, facts), facts)

    def _three_valued(self, term: core.Term, facts: Facts) -> ast.expr:
        """Return the expression for TRUE, FALSE or None; each operand is written once, at any depth."""
        operands: tuple[core.Term, ...] = ()
        match term:
            case core.All(operands) | core.AnyOf(operands):
                items = [self._three_valued(operand, facts) for operand in operands]
                function = "all_of" if isinstance(term, core.All) else "any_of"
                return syntax.call(function, placed.Tuple(items, ast.Load()))
            case core.Inverse(operand):
                return syntax.call("not_", self._three_valued(operand, facts))
            case core.TruthTest(operand, value):
                inner = self._three_valued(operand, facts)
                return syntax.compare(inner, ast.Is(), syntax.constant(value))
            case core.NullTest(operand) if operand.type is DataType.BOOLEAN:
                return syntax.is_none(self._three_valued(operand, facts))
            case core.Compared(operator, left, right) if left.type is DataType.BOOLEAN:
                compare = self.names.of_value(operator.evaluate)
                sides = [self._three_valued(left, facts), self._three_valued(right, facts)]
                return syntax.call("strict", compare, *sides)
            case core.OneOf(operand, values, or_null) if operand.type is DataType.BOOLEAN:
                members = syntax.constant(frozenset(values))
                inner = self._three_valued(operand, facts)
                return syntax.call("is_member", inner, members, syntax.constant(or_null))
        if is_constant(term):
            return syntax.constant(constant_value(term))
        true, false = self.decide(term, Goal.TRUE, facts), self.decide(term, Goal.FALSE, facts)
        return placed.IfExp(true.node, syntax.TRUE, placed.IfExp(false.node, syntax.FALSE, syntax.NONE))


PLAIN_TYPES = {
    DataType.VARCHAR: "str",
    DataType.NUMBER: "int",
    DataType.TIMESTAMP: "datetime",
    DataType.BOOLEAN: "bool",
}
"""The class that most values of a type have, by its name in generated code."""


# Of 10,000 tests of one column, what is asked of its value each time is the same nodes: half of the memory.
_KEPT = 16


@lru_cache(_KEPT)
def _finite_number(fetched: ast.expr, variable: ast.expr) -> ast.expr:
    """Return whether a column's value is a number: True and infinity would do for any operator."""
    is_other = syntax.conjunction([syntax.is_not_none(variable), syntax.call("sound_NUMBER", variable)])
    return syntax.disjunction([is_of_class(fetched, "int"), is_finite_float(variable), is_other])


@lru_cache(_KEPT)
def is_double(node: ast.expr, *, is_low: bool = False, is_high: bool = False) -> ast.expr:
    """Return whether a number is a double: an integer may be past all of them, where it is no error yet.

    What ``is_low`` or ``is_high`` is so for its comparison: it is not past the other end.
    """
    ends: list[ast.expr] = []
    if not is_high:
        ends.append(syntax.compare(node, ast.Lt(), syntax.constant(LARGEST_EXACT_INTEGER)))
    if not is_low:
        ends.append(syntax.compare(syntax.constant(-LARGEST_EXACT_INTEGER), ast.Lt(), node))
    return syntax.disjunction([syntax.conjunction(ends), syntax.call("sound_NUMBER", node)])


@lru_cache(_KEPT)
def is_of_class(node: ast.expr, name: str) -> ast.expr:
    """``node.__class__ is name``."""
    return syntax.compare(placed.Attribute(node, "__class__", ast.Load()), ast.Is(), syntax.name(name))


def is_finite_float(node: ast.expr) -> ast.expr:
    """``node.__class__ is float and node * 0 == 0``: neither NaN nor infinite, without a call."""
    product = placed.BinOp(node, ast.Mult(), syntax.constant(0))
    return syntax.conjunction(
        [is_of_class(node, "float"), syntax.compare(product, ast.Eq(), syntax.constant(0))]
    )


def exactly(term: core.Term, node: ast.expr) -> ast.expr:
    """Return a value that Python compares with any other, and finds in a set, as the language does."""
    if term.type is DataType.NUMBER:
        return syntax.call("double", node)
    if is_untold(term):
        return syntax.call("comparable", node)
    return syntax.call("instant", node) if is_zoned(term) else node


def _concatenation(operands: list[ast.expr]) -> ast.expr:
    node = operands[0]
    for operand in operands[1:]:
        node = placed.BinOp(node, ast.Add(), operand)
    return node


_CASES = {"LOWER": "lower", "UPPER": "upper"}
_OF_ANYTHING = frozenset(("LENGTH", "CONCAT", *_CASES))
"""Functions that Python answers of bytes and lists too: a wrong value must be looked for."""

_APPLICATIONS: dict[str, Callable[[list[ast.expr]], ast.expr]] = {
    "LENGTH": lambda operands: syntax.call("len", operands[0]),
    "CONCAT": _concatenation,
}
"""Functions that Python writes shorter than a call of what evaluates them."""

_FETCHES: dict[type, Callable[[ValueWriter, Any], ast.expr]] = {
    core.ColumnValue: ValueWriter._fetch_column,
    core.JsonValue: ValueWriter._fetch_json,
    core.MapValue: ValueWriter._fetch_key,
}
"""How each value that a record holds is read."""

_VALUES: dict[type, Callable[[ValueWriter, Any, Facts], GuardedValue]] = {
    core.Negated: ValueWriter._negated,
    core.Calculation: ValueWriter._calculation,
    core.ShiftedTime: ValueWriter._shifted,
    core.Applied: ValueWriter._applied,
    core.Maximum: ValueWriter._maximum,
}
"""How each other value is written."""
