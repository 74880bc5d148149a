"""Every table of a reading knows every kind of term, function and operator, or says that it does not.

What is added and forgotten somewhere fails here first, by the name of the table that lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql_seg.analysis import claims, ordered, taught
from sql_seg.analysis import known as functions
from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import interpreter
from sql_seg.core import terms as core
from sql_seg.core.full_form import WRITTEN_OUT, in_full
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.core.terms import within_lists
from sql_seg.core.traits import FORMULAS, TRAITS
from sql_seg.errors import UnsupportedSqlError
from sql_seg.evaluate import condition_code as conditions
from sql_seg.evaluate import value_code as values
from sql_seg.evaluate.compiler import Compiler
from sql_seg.explain.deciders import Decider
from sql_seg.language.datatypes import DataType, Dialect, TimeUnit
from sql_seg.language.functions import FUNCTIONS, Function, Kind, Parameter, Reading
from sql_seg.language.operators import ARITHMETIC, COMPARATORS, Arithmetic, Comparator
from sql_seg.solver import NotFound, inverting, witness
from sql_seg.solver.expansion import ATOMS, EXPANSIONS
from sql_seg.sql import ENGINES, engine_of, to_sql
from sql_seg.sql import functions as sql_functions
from sql_seg.sql.statements import Renderer
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.other_sql import families
from sql_seg.syntax.parsing import parse
from sql_seg.testing.operands import functions as drawn_functions
from tests.corpus.cases import SCHEMA

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
ABSTRACT = (core.Term, core._Typed, core.Negatable)
KINDS: set[type[core.Term]] = {
    kind
    for kind in vars(core).values()
    if isinstance(kind, type) and issubclass(kind, core.Term) and kind not in ABSTRACT
}
IN_FULL = KINDS - WRITTEN_OUT
NO_VALUE = {core.Subquery}
"""What is no term with a value of its own: it stands in an InSubquery."""
PUSHED_DOWN = {core.Inverse, core.TruthTest}

SELECT = "SELECT contact_id, updated_at FROM contact_data"
JOIN = f"{SELECT} JOIN event_data AS e ON contact_id"
IN_SUBQUERY = f"{SELECT} WHERE contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open')"
LAST = (
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last FROM contact_data AS c JOIN event_data AS e "
    "ON c.contact_id = e.contact_id HAVING last < '2024-03-01'"
)
EXAMPLES: dict[type[core.Term], str] = {
    core.Constant: "city = 'a'",
    core.ColumnValue: "city = 'a'",
    core.JsonValue: f"{JOIN} WHERE data:payload.url = 'a'",
    core.MapValue: "event_data['url'] = 'a'",
    core.Now: "created_at < NOW()",
    core.Negated: "-age > 1",
    core.Calculation: "age + 1 > 2",
    core.ShiftedTime: "created_at < NOW() - INTERVAL 1 DAY",
    core.Applied: "LOWER(city) = 'a'",
    core.Maximum: LAST,
    core.Compared: "age > 1",
    core.Between: "age NOT BETWEEN 1 AND 5",
    core.OneOf: "age IN (1, 2)",
    core.EqualsAny: "age NOT IN (score, 2)",
    core.Matched: "city NOT LIKE 'a%'",
    core.ContainsAny: "CONTAINS(list_ids, 'a')",
    core.HasKey: "CONTAINS(event_data, 'url')",
    core.NullTest: "age IS NOT NULL",
    core.TruthTest: f"{SELECT} WHERE (age > 1) IS NOT TRUE",
    core.Inverse: "NOT age > 1",
    core.All: "age > 1 AND city = 'a'",
    core.AnyOf: "age > 1 OR city = 'a'",
    core.SomeEvent: "event_type = 'open'",
    core.LastEvent: LAST,
    core.Subquery: IN_SUBQUERY,
    core.InSubquery: IN_SUBQUERY,
    core.OnParentList: "age > 1",
}
"""A query for each kind of term."""

EVENT = {
    "contact_id": "2",
    "event_source": "mail",
    "event_type": "open",
    "timestamp": NOW - timedelta(days=50),
    "data": {"payload": {"url": "a"}},
}
CONTACTS: list[dict[str, Any]] = [
    {"contact_id": "1"},
    {"contact_id": "2", "city": "a", "age": 3, "score": 3, "list_ids": ["a"], "created_at": NOW},
    {"contact_id": "3", "city": "Ab", "age": -3, "score": 0.5, "created_at": NOW - timedelta(days=2)},
]


def example(kind: type[core.Term]) -> CheckedQuery:
    checked = check(parse(EXAMPLES[kind]), SCHEMA)
    return within_lists(checked, ["a"]) if kind is core.OnParentList else checked


def truths(checked: CheckedQuery) -> list[bool | None]:
    account = Account(CONTACTS, [EVENT])
    reader = Interpreter(NOW, account)
    return [reader.verdict(checked.condition, contact, account.events_of(contact)) for contact in CONTACTS]


def members(checked: CheckedQuery) -> list[bool]:
    account = Account(CONTACTS, [EVENT])
    found = set(Compiler(checked).ids(CONTACTS, account, NOW))
    return [contact["contact_id"] in found for contact in CONTACTS]


def the_compiler_agrees(checked: CheckedQuery) -> None:
    assert members(checked) == [truth is True for truth in truths(checked)]


def every_engine_writes_it_or_says_why_not(checked: CheckedQuery) -> None:
    for name in ENGINES:
        with suppress(UnsupportedSqlError):
            assert to_sql(checked, name, now=NOW).startswith("SELECT")


def the_analysis_reads_it(checked: CheckedQuery) -> None:
    claims(checked)


def the_solver_finds_or_proves(checked: CheckedQuery) -> None:
    assert not isinstance(witness(checked, now=NOW), NotFound)


def it_is_explained(checked: CheckedQuery) -> None:
    decider = Decider(checked, NOW, Account(CONTACTS, [EVENT]))
    for contact, truth in zip(CONTACTS, truths(checked), strict=True):
        assert decider.decide(contact, [EVENT] * (contact["contact_id"] == "2")).is_member is (truth is True)


EACH_KIND = [kind for kind in EXAMPLES if kind in KINDS]
READINGS: tuple[Callable[[CheckedQuery], None], ...] = (
    the_compiler_agrees,
    every_engine_writes_it_or_says_why_not,
    the_analysis_reads_it,
    the_solver_finds_or_proves,
    it_is_explained,
)
BY_READING = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.__name__)


def named(kinds: set[Any] | frozenset[Any]) -> list[str]:
    return sorted(getattr(kind, "__name__", str(kind)) for kind in kinds)


# terms

TABLES: dict[str, tuple[set[Any], set[Any]]] = {
    "the examples of this file": (set(EXAMPLES), KINDS),
    "traits": (set(TRAITS), KINDS),
    "the interpreter": (set(interpreter._VALUES), KINDS - NO_VALUE),
    "the compiler of conditions": (
        set(conditions._DECISIONS) - set(values._VALUES) - set(values._FETCHES),
        set(FORMULAS) - WRITTEN_OUT - PUSHED_DOWN,
    ),
    "the compiler of values": (
        set(values._VALUES) | set(values._FETCHES) | {core.Constant, core.Now},
        IN_FULL - set(FORMULAS) - NO_VALUE,
    ),
    "SQL": (
        set(Renderer.writers(None)) - WRITTEN_OUT,  # type: ignore[arg-type]
        IN_FULL - NO_VALUE,
    ),
    "the analysis": (taught.KINDS | taught.UNSUPPORTED, KINDS),
    "the solver": ({*EXPANSIONS, *ATOMS}, set(FORMULAS) - WRITTEN_OUT - PUSHED_DOWN),
}


@pytest.mark.parametrize(("table", "kinds"), TABLES.values(), ids=TABLES)
def test_a_table_has_each_kind_of_term_and_no_other(table: set[Any], kinds: set[Any]) -> None:
    assert named(table) == named(kinds)


@pytest.mark.parametrize("kind", EACH_KIND)
def test_the_example_of_a_kind_has_it(kind: type[core.Term]) -> None:
    assert core.has(example(kind).condition, kind)


@BY_READING
@pytest.mark.parametrize("kind", EACH_KIND)
def test_each_reading_knows_each_kind(kind: type[core.Term], reading: Callable[[CheckedQuery], None]) -> None:
    reading(example(kind))


def test_the_full_form_has_none_of_the_kinds_that_it_writes_out() -> None:
    for kind in EXAMPLES:
        full = in_full(example(kind).condition)
        assert not {type(term) for term in core.walk(full)} & WRITTEN_OUT
        assert not any(getattr(term, "negated", False) for term in core.walk(full))


# functions

SAMPLES = {
    Parameter.TEXT: "city",
    Parameter.NUMBER: "age",
    Parameter.TIMESTAMP: "updated_at",
    Parameter.COMPARABLE: "e.timestamp",
    Parameter.UNIT: "day",
    Parameter.INTEGER: "-1",
    Parameter.ARRAY: "list_ids",
    Parameter.ARRAY_OR_MAP: "list_ids",
    Parameter.TEXT_OR_LIST: "['a', 'b']",
}
VALUES = [function for function in FUNCTIONS.values() if function.kind is Kind.VALUE]
EACH_VALUE = pytest.mark.parametrize("function", VALUES, ids=lambda function: function.name)


def calls() -> Iterator[Any]:
    """Yield a query for each function in each dialect that has it."""
    for function in FUNCTIONS.values():
        for dialect in function.provenance:
            yield pytest.param(query_of(function, dialect), id=f"{function.name} in {dialect}")


def query_of(function: Function, dialect: Dialect) -> str:
    arguments = [SAMPLES[parameter] for parameter in function.parameters]
    arguments = ["'a'" if text in arguments[:index] else text for index, text in enumerate(arguments)]
    call = f"{function.name}({', '.join(arguments)})"
    if function.kind is Kind.AGGREGATE:
        return LAST.replace("MAX(e.timestamp)", call)
    test = {
        DataType.VARCHAR: f"{call} = 'a'",
        DataType.NUMBER: f"{call} > 1",
        DataType.TIMESTAMP: f"{call} > created_at",
        DataType.BOOLEAN: call,
    }[function.result]  # type: ignore[index]
    return test if dialect is Dialect.V1 else f"{SELECT} WHERE {test}"


@BY_READING
@pytest.mark.parametrize("text", list(calls()))
def test_each_reading_knows_each_function(text: str, reading: Callable[[CheckedQuery], None]) -> None:
    is_gap = any(f"{function.name}(" in text for function in VALUES if function.unsupported)
    if reading is the_solver_finds_or_proves and is_gap:
        pytest.skip("what is not known in a reading may be found by no guess")
    reading(check(parse(text), SCHEMA))


@pytest.mark.parametrize("text", list(calls()))
def test_a_call_is_written_as_it_was(text: str) -> None:
    assert to_text(parse(to_text(parse(text)))) == to_text(parse(text))


@EACH_VALUE
def test_a_function_of_values_says_what_evaluates_it(function: Function) -> None:
    assert function.evaluate is not None
    assert function.result is not None
    for parameter in function.parameters:
        assert parameter.type in (DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP)


def test_only_functions_of_values_are_evaluated() -> None:
    for function in FUNCTIONS.values():
        assert (function.evaluate is not None) is (function.kind is Kind.VALUE)


@EACH_VALUE
def test_the_analysis_has_a_function_or_its_row_says_that_it_has_not(function: Function) -> None:
    assert (function.name in functions.FUNCTIONS) is not (Reading.ANALYSIS in function.unsupported)


@EACH_VALUE
def test_the_solver_has_an_inverse_or_the_row_says_that_it_has_not(function: Function) -> None:
    assert (function.name in inverting.INVERSES) is not (Reading.INVERSE in function.unsupported)


@EACH_VALUE
@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_has_a_function_or_a_gap(function: Function, engine: str) -> None:
    """Its row names each engine: none takes a new function over without a look at it."""
    assert engine in sql_functions.FUNCTIONS.get(function.name, ())


@EACH_VALUE
def test_the_kit_draws_a_function(function: Function) -> None:
    assert function.result is not None
    for dialect in function.provenance:
        assert function in drawn_functions(dialect, function.result)


def test_no_table_has_functions_that_there_are_not() -> None:
    names = {function.name for function in VALUES}
    assert set(sql_functions.FUNCTIONS) <= names
    assert all(set(row) <= set(ENGINES) for row in sql_functions.FUNCTIONS.values())
    assert set(functions.FUNCTIONS) <= names
    assert set(inverting.INVERSES) <= names


def test_no_function_of_both_dialects_has_a_row_of_other_sql() -> None:
    """Such a row is never asked. Clocks have one, for their names without parentheses."""
    of_both = [f for f in FUNCTIONS.values() if set(f.provenance) == set(Dialect)]
    names = {function.name for function in of_both if function.kind is not Kind.CLOCK}
    assert not names & set(families._FAMILIES)


# operators

OPERATORS: dict[str, tuple[set[Any], set[Any]]] = {
    "comparators": (set(COMPARATORS), set(Comparator)),
    "comparators of the analysis": ({*ordered.COMPARED, *ordered.UNSUPPORTED}, set(Comparator)),
    "arithmetic": (set(ARITHMETIC), set(Arithmetic)),
    "arithmetic of the analysis": (taught.CALCULATIONS, set(Arithmetic)),
    "arithmetic of the solver": (set(inverting.CALCULATIONS), set(Arithmetic)),
    "units of the analysis": (taught.UNITS, set(TimeUnit)),
}


@pytest.mark.parametrize(("table", "operators"), OPERATORS.values(), ids=OPERATORS)
def test_a_table_has_each_operator_and_no_other(table: set[Any], operators: set[Any]) -> None:
    assert named(table) == named(operators)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_has_each_operator_or_a_gap(engine: str) -> None:
    rows = engine_of(engine).rows
    for operator in Comparator:
        assert operator.value in rows
        assert f"text {operator.value}" in rows or not operator.is_ordering
    assert {operator.name.lower() for operator in Arithmetic} <= set(rows)
    assert {f"add {unit.value}s" for unit in TimeUnit} <= set(rows)


@BY_READING
@pytest.mark.parametrize("operator", Comparator)
def test_each_reading_knows_each_comparator(
    operator: Comparator, reading: Callable[[CheckedQuery], None]
) -> None:
    for operands in ("age {} 1", "city {} 'a'", "created_at {} NOW()", "age {} score", "LENGTH(city) {} 2"):
        reading(check(parse(operands.format(operator)), SCHEMA))
    if not operator.is_ordering:
        reading(check(parse(f"{SELECT} WHERE (age > 1) {operator} (city = 'a')"), SCHEMA))


@BY_READING
@pytest.mark.parametrize("operator", Arithmetic)
def test_each_reading_knows_each_arithmetic_operator(
    operator: Arithmetic, reading: Callable[[CheckedQuery], None]
) -> None:
    reading(check(parse(f"age {operator} 2 > 0.5"), SCHEMA))


@pytest.mark.parametrize("operator", Comparator)
def test_a_comparator_and_its_opposites_agree(operator: Comparator) -> None:
    for left, right in ((1, 2), (2, 1), (1, 1)):
        assert operator.evaluate(left, right) is not operator.negated.evaluate(left, right)
        assert operator.evaluate(left, right) is operator.mirrored.evaluate(right, left)
    assert operator.negated.negated is operator.mirrored.mirrored is operator
