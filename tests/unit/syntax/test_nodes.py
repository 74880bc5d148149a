"""What the constructors take, and what they refuse because no text could say it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import (
    MOST_LEVELS,
    And,
    Array,
    Call,
    Column,
    Expression,
    In,
    InSubquery,
    Interval,
    IsBoolean,
    Join,
    NestingError,
    Not,
    Number,
    Or,
    Path,
    Predicate,
    Select,
    SelectItem,
    Star,
    Table,
    Using,
)
from sql_seg.syntax.parsing import parse
from tests.unit.round_trips import comes_back

A = Column("a")
T = Table("t")


def select(*items: Expression, where: Expression | None = None) -> Select:
    return Select(tuple(SelectItem(item) for item in items), T, where=where)


REFUSED: dict[str, Callable[[], object]] = {
    "a number literal is finite": lambda: Number(-1),
    "unlike -0.0": lambda: Number(-0.0),
    "unlike nan": lambda: Number(float("nan")),
    "unlike inf": lambda: Number(float("inf")),
    "unlike True": lambda: Number(True),
    "unlike '1'": lambda: Number("1"),  # type: ignore[arg-type]
    "unlike 1000000000": lambda: Number(10**400),
    "an interval's amount is an integer, unlike 1.5": lambda: Interval(1.5, TimeUnit.DAY),  # type: ignore[arg-type]
    "amount is an integer, unlike True": lambda: Interval(True, TimeUnit.DAY),
    "out of range": lambda: Interval(2**53 + 1, TimeUnit.DAY),
    "INTERVAL has no weeks": lambda: Interval(1, TimeUnit.WEEK),
    "at least one key": lambda: Path(A, ()),
    "a list in square brackets cannot be empty": lambda: Array(()),
    "an IN list cannot be empty": lambda: In(A, ()),
    "an IN list holds at most 100,000 values": lambda: In(A, (A,) * 100_001),
    "AND takes at least two operands, not 1": lambda: And((A,)),
    "OR takes at least two operands, not 0": lambda: Or(()),
    "a select list cannot be empty": lambda: Select((), T),
    "v1 has no Star": lambda: Predicate(Call("F", (Star(),))),
    "v1 has no Array": lambda: Predicate(Call("F", (Array((A,)),))),
    "v1 has no InSubquery": lambda: Predicate(InSubquery(A, select(A))),
    "v1 has no IsBoolean": lambda: Predicate(IsBoolean(A, True)),
    "v2 has no Interval": lambda: select(Interval(1, TimeUnit.DAY)),
    "v1 has no qualified names, such as t.a": lambda: Predicate(Column("a", "t")),
    "a map of v1 is read by one key": lambda: Predicate(Path(A, ("b", "c"))),
    "stands in a select list": lambda: select(A, where=Star()),
    "alone in a function's parentheses": lambda: select(Call("F", (Star(), A))),
    "[*] stands in a select list": lambda: select(Call("F", (Star("t"),))),
    "[*] has no alias": lambda: Select((SelectItem(Star(), "x"),), T),
    "stands only as a function's argument": lambda: select(Array((A,))),
    "only as a function's argument$": lambda: select(Call("F", (Array((Array((A,)),)),))),
    "a predicate cannot stand inside another query": lambda: Predicate(Not(Predicate(A))),  # type: ignore[arg-type]
    "a name cannot be empty": lambda: Predicate(Column("")),
    "no v1 text can hold the name": lambda: Predicate(Column("a`")),
    "no v2 text can hold the name": lambda: select(Column("a`\"")),
    "can hold the name 't`": lambda: select(Column("a", "t`\"")),
    "can hold the name 'x`": lambda: Select((SelectItem(A, "x`\""),), T),
    "can hold the name 'y`": lambda: Select((SelectItem(A),), Table("y`\"")),
    "can hold the name 'z`": lambda: Select((SelectItem(A),), Table("t", "z`\"")),
    "can hold the name 'u`": lambda: Select((SelectItem(A),), T, (Join(T, Using("u`\"")),)),
    "can hold the name 's`": lambda: select(Star("s`\"")),
    "'A B' cannot be a function's name": lambda: Predicate(Call("a b")),
    "'AND' cannot be a function's name": lambda: Predicate(Call("and")),
    "'' cannot be a function's name": lambda: Predicate(Call("")),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_what_has_no_text_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()


def test_what_is_reserved_in_one_dialect_may_be_called_in_the_other() -> None:
    assert to_text(Predicate(Call("left", (A,)))) == "LEFT(a)"
    with pytest.raises(ValueError, match="'LEFT' cannot be a function's name"):
        select(Call("left", (A,)))


def test_integers_past_the_exact_ones_become_doubles() -> None:
    assert type(Number(2**53).value) is int
    assert type(Number(2**53 + 1).value) is float


def test_spans_and_texts_are_not_compared() -> None:
    assert Column("a", span=Span(3, 4)) == A
    assert hash(Column("a", span=Span(3, 4))) == hash(A)
    assert parse("a = 1") == parse("  (a)=1")
    assert parse("a = 1").text != parse("  (a)=1").text


def test_nodes_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        A.name = "b"  # type: ignore[misc]


def test_the_text_is_kept_and_none_where_a_query_was_made_by_hand() -> None:
    assert parse(" a ").text == " a "
    assert Predicate(A).text is None


def test_children_come_in_the_order_of_the_text() -> None:
    query = parse("SELECT a, b FROM t JOIN u ON c WHERE d GROUP BY e HAVING f")
    kinds = [type(child).__name__ for child in query.children()]
    assert kinds == ["SelectItem", "SelectItem", "Table", "Join", "Column", "Column", "Column"]
    starts = [child.span.start for child in query.children()]
    assert starts == sorted(starts)


class TestNesting:
    """The innermost operator is level 0, each one around it a level more."""

    def test_the_bound(self) -> None:
        deep: Expression = A
        for _ in range(MOST_LEVELS + 1):
            deep = Not(deep)
        assert comes_back(Predicate(deep))
        with pytest.raises(NestingError, match="at most 200 levels"):
            Predicate(Not(deep))

    def test_a_chain_is_one_level(self) -> None:
        wide = Or((A,) * 50_000)
        assert Predicate(And((wide, wide))).where == And((wide, wide))

    def test_what_nests_too_deep_is_found_without_recursion(self) -> None:
        deep: Expression = A
        for _ in range(100_000):
            deep = Not(deep)
        with pytest.raises(NestingError):
            Predicate(deep)
        with pytest.raises(NestingError):
            select(A, where=deep)

    def test_subqueries_are_levels(self) -> None:
        query = select(A)
        for _ in range(MOST_LEVELS // 2):
            query = select(A, where=InSubquery(A, query))
        with pytest.raises(NestingError):
            select(A, where=InSubquery(A, query))


def test_dialects_are_of_the_classes() -> None:
    assert Predicate(A).dialect is Dialect.V1
    assert select(A).dialect is Dialect.V2


def test_a_function_is_kept_in_upper_case() -> None:
    assert Call("lower", (A,)) == Call("LOWER", (A,))
    assert Call("größe").name == "größe"
