"""Which dialect a text is in."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import STATEMENT_WORDS, detect_dialect
from sql_seg.syntax.parsing import parse

V1 = [
    "email = 'x'",
    "",
    "   ",
    "(SELECT contact_id FROM contact_data)",
    "'SELECT'",
    "`select` = 1",
    '"SELECT" = 1',
    "selected = 1",
    "SELECT_ = 1",
    "with2 = 'x'",
    "selécted = 1",
    "ſelect x",
    *(
        f"{word.lower()} {operator} 1"
        for word in STATEMENT_WORDS
        for operator in ("=", "!=", "<>", "<", ">", "+", "/", "%")
    ),
    "delete IS NULL",
    "update IN ('x')",
    "drop NOT IN ('x')",
    "with LIKE 'x'",
    "alter BETWEEN 1 AND 2",
    "create AND x = 1",
    "insert or x = 1",
    "select - 1 = 2",
    "select * 2 = 4",
    "select*2 = 4",
]
V2 = [
    *(f"{word} x" for word in STATEMENT_WORDS),
    *(word.lower() for word in STATEMENT_WORDS),
    "SELECT contact_id, updated_at FROM contact_data",
    "  \n\tselect contact_id",
    "-- why\nSELECT contact_id",
    "/* why */SELECT contact_id",
    "\N{NO-BREAK SPACE}SELECT contact_id",
    "\N{IDEOGRAPHIC SPACE}select\N{NO-BREAK SPACE}* FROM contact_data",
    "/* = */ -- =\r\n /**/ WITH x",
    "SELECT/* = */contact_id",
    "SELECT -- =\n contact_id",
    "SELECT/* a */contact_id, MAX(2 /* b */* 3) FROM x",
    "SELECT(contact_id) FROM x",
    'SELECT"contact_id" FROM x',
    "SELECT * FROM contact_data",
    "SELECT*FROM contact_data",
    "SELECT *, contact_id FROM contact_data",
    "SELECT *",
    "SELECT * ;",
    "SELECT inner_id FROM x",
    "SELECT order FROM x",
]


@pytest.mark.parametrize("text", V1)
def test_v1(text: str) -> None:
    assert detect_dialect(text) is Dialect.V1


@pytest.mark.parametrize("text", V2)
def test_v2(text: str) -> None:
    assert detect_dialect(text) is Dialect.V2


def test_many_comments_take_no_time() -> None:
    assert detect_dialect("/**/" * 10_000 + "x") is Dialect.V1
    assert detect_dialect("SELECT" + "/**/" * 10_000 + "x") is Dialect.V2


def test_parse_detects_and_may_be_told() -> None:
    assert parse("email = 'x'").dialect is Dialect.V1
    assert parse("SELECT a FROM b").dialect is Dialect.V2
    assert parse("select < 1", "v1").dialect is Dialect.V1
    with pytest.raises(QuerySyntaxError):
        parse("email = 'x'", "v2")


def test_parse_knows_two_dialects() -> None:
    with pytest.raises(ValueError, match="v3"):
        parse("a = 1", "v3")
