"""The engines' tables: complete, and SQL as its dialect has it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
import sqlglot

from sql_seg import SENDGRID, UnsupportedSqlError, check, parse, to_sql
from sql_seg.core import terms as core
from sql_seg.sql import ENGINES, engine_of
from sql_seg.sql.common import STANDARD
from sql_seg.sql.rendering import _WRITERS
from tests.laws.strategies import SCHEMA
from tests.laws.test_small_worlds import NOW, TEXTS
from tools import sql_reference

HOSTILE = [
    "'; DROP TABLE contact_data; --",
    "\\",
    "\\'",
    "\\\\' OR 1 = 1 --",
    '"',
    "`",
    "%_%",
    "${env:HOME}",
    "{{ jinja }}",
    "{0}",
    "a\nb\r\tc",
    "\u2028",
    "SELECT",
    "naïve 😀",
    "*/ /* --",
    "$$",
    "?",
    ":name",
]


@pytest.mark.parametrize("name", ENGINES)
def test_a_table_has_a_row_or_a_gap_for_every_operation(name: str) -> None:
    rows = set(engine_of(name).rows)
    known = {row.removesuffix(" once") for row in rows}
    wanted = known_operations()
    assert wanted - known == set()
    assert {row for row in rows if row.endswith(" once")} <= {f"{row} once" for row in known}


def known_operations() -> set[str]:
    """Return the operations that DuckDB, which has no gaps, has a row for."""
    optional = {"divisor"}
    return {row.removesuffix(" once") for row in engine_of("duckdb").rows} | set(STANDARD) - optional


@pytest.mark.parametrize("name", ENGINES)
def test_every_statement_parses_in_its_dialect(name: str) -> None:
    for text in TEXTS[:: 1 if name == "duckdb" else 4]:
        try:
            sql = to_sql(check(parse(text), SCHEMA), name, now=NOW)
        except UnsupportedSqlError:
            continue
        (tree,) = sqlglot.parse(sql, read=name)
        assert isinstance(tree, sqlglot.exp.Select), sql
        assert [item.name for item in tree.selects] == ["contact_id", "updated_at"]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_stays_one_value(name: str, text: str) -> None:
    literal = text.replace("\\", "\\\\").replace("'", "''")
    query = f"SELECT contact_id, updated_at FROM contact_data WHERE email = '{literal}'"
    sql = to_sql(check(parse(query)), name, now=NOW)
    (tree,) = sqlglot.parse(sql, read=name)
    assert isinstance(tree, sqlglot.exp.Select), sql
    where = tree.args["where"].this
    assert isinstance(where, sqlglot.exp.EQ), sql
    assert not list(where.find_all(sqlglot.exp.Column))[1:], sql
    assert "\n" not in sql.partition("WHERE")[2]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("table", ["select", 'a"b', "a`b", "a b", "a'b", "A", "a\\b", "a;b"])
def test_a_name_stays_one_name(name: str, table: str) -> None:
    sql = to_sql(check(parse("email = 'x'")), name, now=NOW, contacts=[table])
    (tree,) = sqlglot.parse(sql, read=name)
    assert isinstance(tree, sqlglot.exp.Select), sql
    assert len(list(tree.find_all(sqlglot.exp.Table))) == 1


@pytest.mark.parametrize("name", ENGINES)
def test_a_name_with_a_line_break_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedSqlError, match="cannot be the name"):
        to_sql(check(parse("email = 'x'")), name, now=NOW, contacts=["a\nb"])


def test_what_an_engine_cannot_hold_is_refused() -> None:
    nul = check(parse("SELECT contact_id, updated_at FROM contact_data WHERE email = 'a\\0b'"))
    with pytest.raises(UnsupportedSqlError, match="PostgreSQL cannot run this query: its texts cannot hold"):
        to_sql(nul, "postgres", now=NOW)
    assert "chr(0)" in to_sql(nul, "duckdb", now=NOW)


def test_an_unknown_engine_a_naive_now_and_an_unknown_column() -> None:
    checked = check(parse("email = 'x'"))
    with pytest.raises(ValueError, match="there is no SQL for 'oracle'"):
        to_sql(checked, "oracle", now=NOW)
    with pytest.raises(ValueError, match="aware"):
        to_sql(checked, "duckdb", now=datetime(2024, 1, 1))
    with pytest.raises(ValueError, match="event_data has no column nope"):
        to_sql(checked, "duckdb", now=NOW, columns={"event_data.nope": "x"})
    with pytest.raises(ValueError, match="is no path"):
        to_sql(checked, "duckdb", now=NOW, columns={"data:payload..a": "x"})


def test_a_path_has_a_column_of_its_own() -> None:
    query = (
        "SELECT c.contact_id, c.updated_at FROM contact_data c "
        "JOIN event_data e ON c.contact_id = e.contact_id WHERE e.data:payload.unique_args.send = 'X'"
    )
    sql = to_sql(check(parse(query)), "duckdb", now=NOW, columns={"data:payload.unique_args.send": "send"})
    assert "json_extract_string(e1.send, '$') = 'X'" in sql


def test_what_is_nested_does_not_double() -> None:
    deep = "age" + " + age" * 150 + " > 1"
    nested = "(" * 60 + "age" + " * score)" * 60 + " > 1"
    schema = SENDGRID.with_fields([{"name": name, "field_type": "Number"} for name in ("age", "score")])
    for name in ENGINES:
        for text in (deep, nested):
            try:
                assert len(to_sql(check(parse(text), schema), name, now=NOW)) < 150_000
            except UnsupportedSqlError:
                assert not engine_of(name).is_run


def test_the_documentation_has_every_engine() -> None:
    text = (Path(__file__).parents[3] / "docs" / "sql.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)`(?: \(\d\))? \| (?:yes|no) \|", text, re.MULTILINE)
    assert sorted(named) == sorted(ENGINES)


def test_the_documentation_has_the_sql_of_every_function() -> None:
    text = sql_reference.PAGE.read_text(encoding="utf-8")
    assert text == sql_reference.page(text), "python -m tools.sql_reference writes it"


def test_every_kind_of_term_is_written() -> None:
    def below(kind: type) -> set[type]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    abstract = {core.Term, core.Negatable, core._Typed, core.Subquery, core.OnParentList}
    kinds = {kind for kind in below(core.Term) if kind.__module__ == core.__name__}  # tests plant others
    assert kinds - abstract == set(_WRITERS)
