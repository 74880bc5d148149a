"""The canonical text of a query."""

from __future__ import annotations

from textwrap import dedent

import pytest

from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import (
    Binary,
    Column,
    Comparison,
    Expression,
    Negative,
    Number,
    Predicate,
    Select,
    SelectItem,
    Star,
    Table,
)
from sql_seg.syntax.parsing import parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("email='x'", "email = 'x'"),
        ("email  like\n'%x'", "email LIKE '%x'"),
        ('Email = "it\'s"', "Email = 'it\\'s'"),
        ("(((a)))", "a"),
        ("(a or b) and c", "(a OR b) AND c"),
        ("(a and b) or c", "a AND b OR c"),
        ("(a and b) and c", "(a AND b) AND c"),
        ("not (a)", "NOT a"),
        ("not (a = 1)", "NOT a = 1"),
        ("not (a or b)", "NOT (a OR b)"),
        ("a <> 1", "a != 1"),
        ("a not in (1,2)", "a NOT IN (1, 2)"),
        ("a not between 1 and 2", "a NOT BETWEEN 1 AND 2"),
        ("contains(list_ids,'x')", "CONTAINS(list_ids, 'x')"),
        ("1.50 = 01", "1.5 = 1"),
        ("`email` = 1", "email = 1"),
        ("`first name` = 1", "`first name` = 1"),
        ("timestamp '2020-01-01' < a", "TIMESTAMP '2020-01-01' < a"),
        ("a > now() - interval '+10' days", "a > NOW() - INTERVAL 10 DAY"),
        ("a > now() - interval - 0 day", "a > NOW() - INTERVAL 0 DAY"),
        ("event_data[\"k\"] = 'v'", "event_data['k'] = 'v'"),
        ("10-(2+3) = 1", "10 - 2 + 3 = 1"),
        ("(10-2)+3 = 1", "(10 - 2) + 3 = 1"),
        ("a - (b - c) = 1", "a - (b - c) = 1"),
        ("(a) = (b = c)", "a = (b = c)"),
        ("--a = 1", "- -a = 1"),
    ],
)
def test_v1(text: str, canonical: str) -> None:
    assert to_text(parse(text, "v1")) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("select contact_id,updated_at from contact_data", "SELECT contact_id, updated_at FROM contact_data"),
        ("select a x from b c", "SELECT a AS x FROM b AS c"),
        ("select a from b inner join c on d", "SELECT a FROM b JOIN c ON d"),
        ("select a from b join c using(d)", "SELECT a FROM b JOIN c USING (d)"),
        ("select a from b where c;", "SELECT a FROM b WHERE c"),
        ("select a from b where c is not true", "SELECT a FROM b WHERE c IS NOT TRUE"),
        ("select a from b where c = 'it\\'s'", "SELECT a FROM b WHERE c = 'it''s'"),
        ("select a from b where c = '\\\"x\\\"'", "SELECT a FROM b WHERE c = '\"x\"'"),
        ('select a from b where `c` = "d e"', 'SELECT a FROM b WHERE c = "d e"'),
        ("select a from b where c in(select d from e)", "SELECT a FROM b WHERE c IN (SELECT d FROM e)"),
        ("select a from b where f(x,[1,2])", "SELECT a FROM b WHERE F(x, [1, 2])"),
        ("select current_timestamp() from b", "SELECT CURRENT_TIMESTAMP FROM b"),
        ("select f(+5) from b", "SELECT F(5) FROM b"),
        ("select e.data : payload . url from b", "SELECT e.data:payload.url FROM b"),
        ("select data:['a-b']['c'].d from b", "SELECT data:['a-b'].c.d FROM b"),
        ("select data:select from b", "SELECT data:select FROM b"),
        ("select * from b", "SELECT * FROM b"),
        ("select b.* from b", "SELECT b.* FROM b"),
        ("select count(*) from b", "SELECT COUNT(*) FROM b"),
        ("select (10-2)+3 from b", "SELECT 10 - 2 + 3 FROM b"),
        ("select 10-(2+3) from b", "SELECT 10 - (2 + 3) FROM b"),
        ("select a - -b from b", "SELECT a - -b FROM b"),
        ("select - -b from b", "SELECT (- -b) FROM b"),
        ("select c, -(-b) from b", "SELECT c, - -b FROM b"),
        ("select a from b group by c,d having e", "SELECT a FROM b GROUP BY c, d HAVING e"),
        ("select a -- why\nfrom b /* not */", "SELECT a FROM b"),
    ],
)
def test_v2(text: str, canonical: str) -> None:
    assert to_text(parse(text, "v2")) == canonical


def test_a_long_query_breaks_at_clauses_and_where_a_clause_does_not_fit() -> None:
    query = parse(
        "SELECT contact_id, updated_at FROM contact_data AS c "
        "JOIN event_data AS e ON c.contact_id = e.contact_id "
        "WHERE e.event_type = 'open' AND (a = 1 OR b = 2) GROUP BY c.contact_id HAVING x OR y"
    )
    assert to_text(query, width=80) == dedent(
        """\
        SELECT contact_id, updated_at
        FROM contact_data AS c
        JOIN event_data AS e ON c.contact_id = e.contact_id
        WHERE e.event_type = 'open' AND (a = 1 OR b = 2)
        GROUP BY c.contact_id
        HAVING x OR y"""
    )
    assert to_text(query, width=30).splitlines()[-4:] == [
        "WHERE e.event_type = 'open'",
        "  AND (a = 1 OR b = 2)",
        "GROUP BY c.contact_id",
        "HAVING x OR y",
    ]
    assert to_text(parse("a = 1 AND (b = 2 OR c = 3)"), width=22) == "a = 1\nAND (b = 2 OR c = 3)"
    assert "\n" not in to_text(query, width=1000)
    assert "\n" not in to_text(query)


def compared(operator: Comparator, left: Expression, right: Expression) -> Predicate:
    return Predicate(Comparison(operator, left, right))


@pytest.mark.parametrize("word", ["select", "WITH", "Delete", "drop"])
def test_a_v1_text_that_starts_like_a_statement(word: str) -> None:
    query = compared(Comparator.EQ, Column(word), Number(1))
    assert to_text(query) == f"`{word}` = 1"
    assert parse(to_text(query)) == query


def test_a_call_that_starts_like_a_statement_is_guarded() -> None:
    for text in ["(SELECT(a))", "(WITH(a) = 1)"]:
        query = parse(text, "v1")
        assert to_text(query) == text
        assert parse(to_text(query)) == query


@pytest.mark.parametrize("first", [Negative(Column("a")), Star()])
def test_a_select_whose_list_starts_with_an_operator(first: Expression) -> None:
    query = Select((SelectItem(first), SelectItem(Column("b"))), Table("t"))
    assert parse(to_text(query)) == query


def test_minus_signs_never_touch() -> None:
    inner = Binary(Arithmetic.SUBTRACT, Column("a"), Negative(Negative(Negative(Column("b")))))
    assert to_text(Predicate(inner)) == "a - - - -b"
