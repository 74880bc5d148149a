"""What nobody was taught proves nothing: a term, function, operator or unit that is new to the analysis.

Each is planted while the test runs: the interpreter knows it, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg import check, parse
from sql_seg.analysis import claims, ordered, taught
from sql_seg.analysis import known as functions
from sql_seg.analysis.claims import Duplicate
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import interpreter
from sql_seg.core.logic import strict
from sql_seg.core.terms import (
    All,
    AnyOf,
    Applied,
    ColumnValue,
    Compared,
    Constant,
    InSubquery,
    Inverse,
    NullTest,
    SomeEvent,
    Subquery,
    Term,
    TruthTest,
    walk,
)
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.operators import Comparator
from sql_seg.solver import Difference, Found, Impossible, distinguish, near_miss, witness

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CITY = ColumnValue(0, "city", type=DataType.VARCHAR)
OTHER_CITY = ColumnValue(2, "city", type=DataType.VARCHAR)
EVENT_TYPE = ColumnValue(1, "event_type", type=DataType.VARCHAR)
A, B = (Constant(text, type=DataType.VARCHAR) for text in "ab")


@frozen
class StartsWith(Term):
    """A kind of condition that is new to all but the interpreter."""

    text: Term
    start: Term


@frozen
class EachEvent(Term):
    """A quantifier that is new: it binds a row of its own."""

    row: int
    condition: Term


def starts_with(text: Term, start: Term) -> Term:
    return Applied("NEW", (text, start), type=DataType.BOOLEAN)


def or_a(text: Term) -> Term:
    """A function that is NULL nowhere: COALESCE(text, 'a')."""
    return Compared(Comparator.EQ, Applied("OR_A", (text,), type=DataType.VARCHAR), A)


def of_new_kind(text: Term, start: Term) -> Term:
    return StartsWith(text, start)


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Teach the interpreter, and nobody else."""
    new = replace(FUNCTIONS["CONCAT"], name="NEW", result=DataType.BOOLEAN, evaluate=str.startswith)
    monkeypatch.setitem(FUNCTIONS, "NEW", new)

    def applied(reader: interpreter.Interpreter, term: Applied, rows: Any) -> Any:
        values = [reader.value(operand, rows) for operand in term.operands]
        if term.function == "OR_A":
            return "a" if values[0] is None else values[0]
        evaluate = FUNCTIONS[term.function].evaluate
        assert evaluate is not None
        return strict(evaluate, *values)

    def new_kind(reader: interpreter.Interpreter, term: StartsWith, rows: Any) -> Any:
        return strict(
            lambda text, start: text.startswith(start), *[reader.value(t, rows) for t in term.children()]
        )

    monkeypatch.setitem(interpreter._VALUES, Applied, applied)
    monkeypatch.setitem(interpreter._VALUES, StartsWith, new_kind)
    monkeypatch.setitem(interpreter._VALUES, EachEvent, lambda *_: True)


def query(condition: Term) -> CheckedQuery:
    return replace(check(parse("city = 'a'")), condition=condition)


NEW: dict[str, Callable[[], Term]] = {
    "a function": lambda: starts_with(CITY, A),
    "a function that is never NULL": lambda: or_a(CITY),
    "a kind of condition": lambda: of_new_kind(CITY, A),
    "a function of an event": lambda: SomeEvent((1,), starts_with(EVENT_TYPE, A)),
    "a quantifier": lambda: EachEvent(1, Compared(Comparator.EQ, EVENT_TYPE, A)),
    "in a subquery": lambda: InSubquery(
        CITY, Subquery(2, (), OTHER_CITY, starts_with(OTHER_CITY, A), type=DataType.VARCHAR)
    ),
}
AROUND: dict[str, Callable[[Term], Term]] = {
    "alone": lambda new: new,
    "NOT": Inverse,
    "never by its form": lambda new: All((new, Inverse(new))),
    "always by its form": lambda new: AnyOf((new, Inverse(new), NullTest(new))),
    "beside what contradicts it": lambda new: All((new, Compared(Comparator.EQ, CITY, B))),
    "beside a NULL": lambda new: All((new, NullTest(CITY))),
    "IS TRUE and not": lambda new: All((TruthTest(new, True), TruthTest(new, False))),
}


def conditions() -> Iterator[Any]:
    for name, new in NEW.items():
        for place, around in AROUND.items():
            yield pytest.param(around(new()), id=f"{name}, {place}")


def unknown_claims(condition: Term) -> list[Any]:
    """Return what is claimed of what nobody knows; that a condition stands there twice can be seen."""
    return [
        claim
        for claim in claims(query(condition))
        if not isinstance(claim, Duplicate) and any(map(taught.unknown_part, walk(claim.condition)))
    ]


@pytest.mark.parametrize("condition", list(conditions()))
def test_nothing_is_claimed_of_what_nobody_taught(condition: Term) -> None:
    assert unknown_claims(condition) == []
    for inside in (True, False):
        assert not isinstance(witness(query(condition), inside=inside, now=NOW), Impossible)
    assert not isinstance(near_miss(query(condition), now=NOW), Impossible)


@pytest.mark.parametrize("condition", list(conditions()))
def test_nothing_unknown_is_proven_the_same(condition: Term) -> None:
    for other in (condition, Compared(Comparator.EQ, CITY, A), Inverse(condition)):
        assert not isinstance(distinguish(query(condition), query(other), now=NOW), Impossible)


def test_what_is_found_is_right_whoever_was_taught_it() -> None:
    inside = All((starts_with(CITY, A), Compared(Comparator.NE, CITY, A)))
    found = witness(query(All((starts_with(CITY, A), Compared(Comparator.EQ, CITY, A)))), now=NOW)
    assert isinstance(found, Found)
    assert found.record.contact == {"city": "a"}
    assert not isinstance(witness(query(inside), now=NOW), Impossible)
    differing = distinguish(query(starts_with(CITY, A)), query(Compared(Comparator.EQ, CITY, B)), now=NOW)
    assert isinstance(differing, Difference)


def test_it_says_what_it_does_not_know() -> None:
    found = witness(query(All((of_new_kind(CITY, A), starts_with(CITY, A)))), now=NOW)
    assert found.reason == "the solver does not know NEW, StartsWith"  # type: ignore[union-attr]


TAUGHT = {
    "LOWER": (functions.FUNCTIONS, "LOWER", "LOWER(city) = 'A'"),
    "<": (ordered.COMPARED, Comparator.LT, "age < 1 AND age > 2"),
    "a kind": (taught.KINDS, NullTest, "updated_at IS NULL"),
    "a type": (taught.TYPES, DataType.NUMBER, "age = 1 AND age = 2"),
}


@pytest.mark.parametrize(("table", "item", "text"), TAUGHT.values(), ids=TAUGHT)
def test_what_is_taken_out_of_a_table_is_unknown(
    table: Any, item: Any, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.corpus.cases import SCHEMA

    checked = check(parse(text), SCHEMA)
    assert claims(checked)
    assert isinstance(witness(checked, now=NOW), Impossible)
    before = list(table.items()) if isinstance(table, dict) else list(table)
    table.pop(item) if isinstance(table, dict) else table.remove(item)
    try:
        assert not isinstance(witness(checked, now=NOW), Impossible)
        assert not isinstance(distinguish(checked, checked, now=NOW), Impossible)
        if item is not NullTest:
            assert claims(checked) == []
    finally:
        table.clear()
        table.update(before)


def test_all_kinds_of_terms_are_taught() -> None:
    """A new kind that the interpreter reads is named in the analysis, or claimed nothing of: say which."""
    known = set(interpreter._VALUES) - {StartsWith, EachEvent}
    assert known - taught.KINDS == set()
    assert taught.KINDS - known == {Subquery}
