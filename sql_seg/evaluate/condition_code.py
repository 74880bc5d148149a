"""Conditions to Python expressions that ask one question: is this TRUE, or: is this FALSE.

The conditions are in their full form. NOT turns the question around, so that no NULL is carried at run time.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.goals import Goal, goal_of, pushed_down
from sql_seg.core.traits import STORED, is_constant, is_null, is_rowed
from sql_seg.evaluate import python_nodes as syntax
from sql_seg.evaluate.code_names import Trust, record_name
from sql_seg.evaluate.facts import Code, Facts, conjunction, disjunction, learned, opposite
from sql_seg.evaluate.python_nodes import placed
from sql_seg.evaluate.value_code import (
    PLAIN_TYPES,
    ValueWriter,
    constant_value,
    exactly,
    is_double,
    is_exact,
    is_finite_float,
    is_of_class,
    is_small,
    is_zoned,
)
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.language.patterns import Pattern


class ConditionWriter(ValueWriter):
    """Writes conditions as expressions, for one function's scope."""

    def decide(self, term: core.Term, goal: Goal, facts: Facts) -> Code:
        """Return the expression that is true just where a goal is reached of a condition in its full form."""
        term, goal = pushed_down(term, goal)
        if is_constant(term):
            return Code(syntax.constant(goal.is_reached_by(constant_value(term))), facts, facts)
        if goal.is_definite:
            return _DECISIONS[type(term)](self, term, goal is Goal.TRUE, facts)
        return opposite(self.decide(term, goal.opposite, facts))

    def _guarded(self, guards: list[Code], test: ast.expr, facts: Facts) -> Code:
        return conjunction([*guards, Code(test, facts, facts)])

    def _compared(self, term: core.Compared, wanted: bool, facts: Facts) -> Code:
        operator = term.operator if wanted else term.operator.negated
        left, right = term.left, term.right
        if operator is Comparator.EQ and isinstance(right, core.ColumnValue) and not is_rowed(left):
            left, right = right, left
        is_plain = isinstance(left, STORED) and not is_zoned(left)
        is_plain = is_plain and not (self._is_doubted(left) and _may_equal_truths(right))
        if operator is Comparator.EQ and is_plain and is_exact(right):
            other = self.value(right, facts)
            is_strict = self._is_doubted(left)
            fetched, after = self._fetched(left, other.facts, keep=is_strict)
            variable = self.variable(left)
            test = syntax.compare(fetched, ast.Eq(), other.node)
            if is_strict:
                return conjunction([*other.guards, self._looked_at(left, test, after)])
            known = learned(after, f"{variable}!") if variable in after else after
            return conjunction([*other.guards, Code(test, known, after)])
        guards, (first, second), facts = self._operands([left, right], facts)
        if operator in (Comparator.EQ, Comparator.NE):  # an order fails by itself on what is of another type
            guards += [*self.sound(left, first, facts), *self.sound(right, second, facts)]
        if operator is Comparator.EQ and isinstance(right, core.Constant) and isinstance(right.value, str):
            guards += self._length_in_case(left, right.value, facts)
        if left.type is DataType.VARCHAR and is_rowed(left) and is_rowed(right) and self.names.untyped:
            first, second = syntax.call("loosely", first), syntax.call("loosely", second)
        tests = [
            self._comparison(
                operator,
                _comparable(operator, left, first, right),
                _comparable(operator, right, second, left),
            ),
            *self._of_doubles(operator, left, first, right),
            *self._of_doubles(operator.mirrored, right, second, left),
        ]
        return self._guarded(guards, syntax.conjunction(tests), facts)

    def _of_doubles(
        self, operator: Comparator, term: core.Term, node: ast.expr, other: core.Term
    ) -> list[ast.expr]:
        """Return what must hold of a column's number that compares so with a constant: it is a double.

        An integer past all doubles is one of no column, and passes no test by its size. Where it fails the
        test, nobody is a member for it.
        """
        is_asked = (
            term.type is DataType.NUMBER and self._is_doubted(term) and isinstance(other, core.Constant)
        )
        if not is_asked or operator is Comparator.EQ:
            return []
        return [is_double(node, is_low=operator in _UPWARD, is_high=operator in _DOWNWARD)]

    def _comparison(self, operator: Comparator, left: ast.expr, right: ast.expr) -> ast.expr:
        own = PYTHON_OPERATORS.get(operator)
        if own is not None:
            return syntax.compare(left, own, right)
        return placed.Call(self.names.of_value(operator.evaluate), [left, right], [])

    def _one_of(self, term: core.OneOf, wanted: bool, facts: Facts) -> Code:
        if (not wanted and term.or_null) or (wanted and not term.values):
            return Code(syntax.FALSE, facts, facts)
        exact = all(is_small(value) for value in term.values) and not is_zoned(term.operand)
        simple = all(isinstance(value, (str, int, float)) for value in term.values)
        if len(term.values) == 1:
            members = self._constant(term.values[0], facts).node
        elif simple:
            members = syntax.constant(frozenset(term.values))
        else:
            members = self.names.of_value(frozenset(term.values))
        yes, no = (ast.Eq(), ast.NotEq()) if len(term.values) == 1 else (ast.In(), ast.NotIn())
        is_plain = exact and isinstance(term.operand, STORED)
        if (
            wanted
            and is_plain
            and not (self._is_doubted(term.operand) and not _TRUTHS.isdisjoint(term.values))
        ):
            is_strict = self._is_doubted(term.operand)
            fetched, after = self._fetched(term.operand, facts, keep=is_strict)
            variable = self.variable(term.operand)
            if is_strict:
                return self._looked_at(term.operand, syntax.compare(fetched, yes, members), after)
            known = learned(after, f"{variable}!") if variable in after else after
            return Code(syntax.compare(fetched, yes, members), known, after)
        value = self.value(term.operand, facts)
        if not wanted:
            value.guards.extend(self.sound(term.operand, value.node, value.facts))
        node = value.node if exact else exactly(term.operand, value.node)
        found: ast.expr = syntax.compare(node, yes if wanted else no, members)
        if not wanted and term.operand.type is DataType.NUMBER and self._is_doubted(term.operand):
            found = syntax.conjunction([found, is_double(value.node)])
        return self._guarded(value.guards, found, value.facts)

    def _looked_at(self, term: core.Term, test: ast.expr, facts: Facts) -> Code:
        """Return a test of a column's value, of which an odd value is an error: that is looked for once."""
        fact = f"{self.variable(term)}?"
        if fact in facts:
            return Code(test, facts, facts)
        is_sound, is_odd = self._soundness(term)
        passed = syntax.conjunction([test, is_sound])
        known = learned(facts, fact)
        return Code(syntax.disjunction([passed, is_odd]), known, known)

    def _soundness(self, term: core.Term) -> tuple[ast.expr, ast.expr]:
        """Return whether a column's value is sound, and what raises an error where it is odd, else is false.

        They are the same nodes for each test of a column: of 10,000 tests they took half of the memory.
        """
        known = self._soundness_of.get(term)
        if known is None:
            known = self._soundness_of[term] = self._written_soundness(term)
        return known

    def _written_soundness(self, term: core.Term) -> tuple[ast.expr, ast.expr]:
        variable = syntax.name(self.variable(term))
        is_own = is_of_class(variable, PLAIN_TYPES[term.type])
        is_other = [syntax.inverse(is_own)]
        if term.type is DataType.NUMBER:
            is_other.append(syntax.inverse(is_finite_float(variable)))
        odd = syntax.conjunction(
            [syntax.is_not_none(variable), syntax.call(f"odd_{term.type.name}", variable)]
        )
        if self._may_be_misnamed(term):
            odd = syntax.disjunction([odd, syntax.call("absent", syntax.name("contact"))])
        # arrays, fractions and the like may equal a constant, too
        is_sound = syntax.disjunction([is_own, syntax.call(f"sound_{term.type.name}", variable)])
        return is_sound, syntax.conjunction([*is_other, odd])

    def _matched(self, term: core.Matched, wanted: bool, facts: Facts) -> Code:
        value = self.value(term.operand, facts)
        test = self._pattern_test(term.pattern, value.node)
        if not (
            isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute)
        ):  # a text's own method fails
            value.guards.extend(self._of_operand(term.operand, value.facts))
        return self._guarded(value.guards, test if wanted else syntax.inverse(test), value.facts)

    def _pattern_test(self, pattern: Pattern, text: ast.expr) -> ast.expr:
        plain = [run.text for run in pattern.runs]
        if None in plain:
            return placed.Call(self.names.of_value(pattern.matches), [text], [])
        match plain:
            case [whole]:
                return syntax.compare(text, ast.Eq(), syntax.constant(whole))
            case ["", ""]:
                return syntax.TRUE
            case ["", suffix]:
                return syntax.method(text, "endswith", syntax.constant(suffix))
            case [prefix, ""]:
                return syntax.method(text, "startswith", syntax.constant(prefix))
            case ["", part, ""]:
                return syntax.compare(syntax.constant(part), ast.In(), text)
        return placed.Call(self.names.of_value(pattern.matches), [text], [])

    def _contains_any(self, term: core.ContainsAny, wanted: bool, facts: Facts) -> Code:
        if not wanted and any(is_null(value) for value in term.values):
            return Code(syntax.FALSE, facts, facts)
        array = self.value(term.array, facts)
        facts = array.facts
        is_doubted = self._is_doubted(term.array)
        if is_doubted and f"{self.variable(term.array)}~" not in facts:
            facts = learned(facts, f"{self.variable(term.array)}~")
            array.guards.append(Code(_is_list_of_texts(array.node), facts, array.facts))
        tests: list[Code] = []
        for item in term.values:
            if is_null(item):
                continue
            value = self.value(item, facts)
            value.guards.extend(self.sound(item, value.node, value.facts))
            operator = ast.In() if wanted else ast.NotIn()
            test = self._guarded(value.guards, syntax.compare(value.node, operator, array.node), value.facts)
            tests.append(test)
            facts = test.when_false if wanted else test.when_true
        if wanted:
            return conjunction([*array.guards, disjunction(tests, array.facts)])
        return conjunction([*array.guards, *tests])

    def _has_key(self, term: core.HasKey, wanted: bool, facts: Facts) -> Code:
        data = syntax.method(record_name(term.row), "get", syntax.constant("data"))
        held = self._partial([], data, facts)
        key = self.value(term.key, facts)
        found = syntax.call("read_key", held.node, key.node)
        test = syntax.is_not_none(found) if wanted else syntax.is_none(found)
        return self._guarded([*held.guards, *key.guards], test, key.facts)

    def _null_test(self, term: core.NullTest, wanted: bool, facts: Facts) -> Code:
        operand = term.operand
        if operand.type is DataType.BOOLEAN and not is_rowed(operand):
            return self._is_unknown(operand, wanted, facts)
        if isinstance(operand, STORED):
            can_be_nan = self.names.trust is not Trust.ALL and isinstance(operand, core.ColumnValue)
            fetched, after = self._fetched(operand, facts, keep=can_be_nan)
            variable = self.variable(operand)
            if can_be_nan:
                return self._null_or_nan(operand, fetched, wanted, after)
            known = learned(after, f"{variable}!") if variable in after else after
            if f"{variable}!" in facts:
                return Code(syntax.constant(not wanted), facts, facts)
            if wanted:
                return Code(syntax.is_none(fetched), after, known)
            return Code(syntax.is_not_none(fetched), known, after)
        value = self.value(operand, facts)
        value.guards.extend(self._of_operand(operand, value.facts))
        exists = conjunction([*value.guards, Code(syntax.TRUE, value.facts, value.facts)])
        return opposite(exists) if wanted else exists

    def _of_operand(self, operand: core.Term, facts: Facts) -> list[Code]:
        """Return what must hold of the columns in an operand that are not None: they are of their types."""
        columns = [term for term in core.walk(operand) if isinstance(term, core.ColumnValue)]
        bound = [column for column in dict.fromkeys(columns) if self.variable(column) in facts]
        return [
            code for column in bound for code in self.sound(column, syntax.name(self.variable(column)), facts)
        ]

    def _null_or_nan(self, term: core.Term, fetched: ast.expr, wanted: bool, facts: Facts) -> Code:
        """Return whether a value that nobody checked is NULL: None, NaN and the like."""
        variable = syntax.name(self.variable(term))
        is_value = self._is_value(term, variable)
        is_none: ast.expr = syntax.is_none(fetched)
        if not wanted:
            return Code(syntax.conjunction([syntax.inverse(is_none), is_value]), facts, facts)
        if self._may_be_misnamed(term):
            absent = syntax.call("absent", syntax.name("contact"))
            is_none = syntax.conjunction([is_none, syntax.inverse(absent)])
        return Code(syntax.disjunction([is_none, syntax.inverse(is_value)]), facts, facts)

    def _is_value(self, term: core.Term, variable: ast.expr) -> ast.expr:
        """Return whether what a column holds beside None is a value; one of another type is an error."""
        if not self._is_doubted(term) or term.type not in (*PLAIN_TYPES, DataType.ARRAY):
            return syntax.compare(variable, ast.Eq(), variable)
        if term.type is DataType.ARRAY:
            return _is_list_of_texts(variable)
        is_plain = is_of_class(variable, PLAIN_TYPES[term.type])
        if term.type is DataType.NUMBER:
            is_plain = syntax.conjunction([is_plain, is_double(variable)])
        return syntax.disjunction([is_plain, syntax.call(f"sound_{term.type.name}", variable)])

    def _is_unknown(self, term: core.Term, wanted: bool, facts: Facts) -> Code:
        value = self._three_valued(term, facts)
        return Code(syntax.is_none(value) if wanted else syntax.is_not_none(value), facts, facts)

    def _chain(self, term: core.All | core.AnyOf, wanted: bool, facts: Facts) -> Code:
        if not term.operands:
            return Code(syntax.constant(isinstance(term, core.All) is wanted), facts, facts)
        codes: list[Code] = []
        is_conjunction = isinstance(term, core.All) is wanted
        before = facts
        for operand in term.operands:
            code = self.decide(operand, goal_of(wanted), facts)
            codes.append(code)
            facts = code.when_true if is_conjunction else code.when_false
        return conjunction(codes) if is_conjunction else disjunction(codes, before)

    def _boolean_value(self, term: core.Term, wanted: bool, facts: Facts) -> Code:
        value = self.value(term, facts)
        value.guards.extend(self.sound(term, value.node, value.facts))
        return self._guarded(value.guards, value.node if wanted else syntax.inverse(value.node), value.facts)

    def _in_subquery(self, term: core.InSubquery, wanted: bool, facts: Facts) -> Code:
        identifier = self.names.of_subquery(term.subquery)
        members, has_null = syntax.name(f"{identifier}_values"), syntax.name(f"{identifier}_has_null")
        value = self.value(term.operand, facts)
        value.guards.extend(self.sound(term.operand, value.node, value.facts))
        node = exactly(term.operand, value.node)
        if wanted:
            return self._guarded(value.guards, syntax.compare(node, ast.In(), members), value.facts)
        absent = self._guarded(value.guards, syntax.compare(node, ast.NotIn(), members), value.facts)
        either = syntax.disjunction([syntax.inverse(members), absent.node])
        return Code(syntax.conjunction([syntax.inverse(has_null), either]), facts, facts)

    def _existence(self, term: core.SomeEvent | core.LastEvent, wanted: bool, facts: Facts) -> Code:
        function = self.names.of_existence(term)
        found = syntax.call(function, syntax.name("contact"), syntax.name("events"))
        return Code(found if wanted else syntax.inverse(found), facts, facts)


_UPWARD = frozenset((Comparator.GT, Comparator.GE))
_DOWNWARD = frozenset((Comparator.LT, Comparator.LE))


def _is_list_of_texts(array: ast.expr) -> ast.expr:
    """Return whether a value is a list of texts: each element is looked at, by the one call that is quick."""
    kinds = [is_of_class(array, name) for name in ("list", "tuple")]
    is_list = syntax.disjunction([*kinds, syntax.call("sound_ARRAY", array)])
    return syntax.conjunction([is_list, syntax.is_not_none(syntax.call("joined", array))])


_TRUTHS = frozenset((0, 1))
"""The numbers that True and False are equal to, in Python alone."""


def _may_equal_truths(term: core.Term) -> bool:
    """Return whether True or False, which are no numbers, would pass for a constant."""
    return isinstance(term, core.Constant) and term.type is DataType.NUMBER and term.value in _TRUTHS


def _comparable(operator: Comparator, term: core.Term, node: ast.expr, other: core.Term) -> ast.expr:
    """Return a column's value as it may be compared: as it is, where the other one settles that."""
    if term.type is DataType.TIMESTAMP:
        settled = is_exact(other) and operator.is_ordering
    else:
        settled = isinstance(other, core.Constant) and is_small(other.value)
    return exactly(term, node) if is_rowed(term) and not settled else node


PYTHON_OPERATORS: dict[Comparator, ast.cmpop] = {
    Comparator.EQ: ast.Eq(),
    Comparator.NE: ast.NotEq(),
    Comparator.LT: ast.Lt(),
    Comparator.LE: ast.LtE(),
    Comparator.GT: ast.Gt(),
    Comparator.GE: ast.GtE(),
}
"""Comparison operators that are Python's own; any other is a call of what evaluates it."""

_DECISIONS: dict[type, Callable[[ConditionWriter, Any, bool, Facts], Code]] = {
    core.Compared: ConditionWriter._compared,
    core.OneOf: ConditionWriter._one_of,
    core.Matched: ConditionWriter._matched,
    core.ContainsAny: ConditionWriter._contains_any,
    core.HasKey: ConditionWriter._has_key,
    core.NullTest: ConditionWriter._null_test,
    core.All: ConditionWriter._chain,
    core.AnyOf: ConditionWriter._chain,
    core.InSubquery: ConditionWriter._in_subquery,
    core.SomeEvent: lambda writer, term, wanted, facts: writer._existence(term, wanted, facts),
    core.LastEvent: lambda writer, term, wanted, facts: writer._existence(term, wanted, facts),
    core.Applied: ConditionWriter._boolean_value,
    core.ColumnValue: ConditionWriter._boolean_value,
    core.JsonValue: ConditionWriter._boolean_value,
}
"""How each condition is decided."""
