"""The engines' tables: complete, and SQL as its dialect has it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from sql_seg import SENDGRID, UnsupportedSqlError, check, parse, to_sql
from sql_seg.core import terms as core
from sql_seg.sql import ENGINES, engine_of
from sql_seg.sql.common import STANDARD
from sql_seg.sql.statements import _WRITERS
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
@pytest.mark.parametrize("table", ["a\nb", "a\0", "a\u2028b", "\ud800"], ids=ascii)
def test_a_name_that_no_file_can_hold_is_refused(name: str, table: str) -> None:
    with pytest.raises(UnsupportedSqlError, match="cannot be the name"):
        to_sql(check(parse("email = 'x'")), name, now=NOW, contacts=[table])


def test_what_an_engine_cannot_hold_is_refused() -> None:
    nul = check(parse("SELECT contact_id, updated_at FROM contact_data WHERE email = 'a\\0b'"))
    with pytest.raises(UnsupportedSqlError, match="PostgreSQL cannot run this query: its texts cannot hold"):
        to_sql(nul, "postgres", now=NOW)
    assert "chr(0)" in to_sql(nul, "duckdb", now=NOW)


@pytest.mark.parametrize("name", ENGINES)
def test_minus_zero_is_written_as_zero(name: str) -> None:
    schema = SENDGRID.with_fields([{"name": "age", "field_type": "Number"}])
    for condition in ("age IN (-1, -0, 7)", "age + -0 = 1", "age = -0"):
        sql = to_sql(check(parse(condition), schema), name, now=NOW)
        assert not re.search(r"-\(*0(?![.]?[1-9])", sql), sql


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


WRONG_COLUMNS = {
    "no such column": ({"frist_name": "x"}, "contact_data has no column frist_name: did you mean first_name"),
    "an event's, without its table": ({"event_type": "x"}, "write event_data.event_type"),
    "an event's, under an alias": ({"e.timestamp": "x"}, "write event_data.timestamp"),
    "a table that is none": ({"people.email": "x"}, "contact_data has no column people.email"),
    "a near name of an event's": ({"event_data.typ": "x"}, "event_data has no column typ"),
    "one column twice": ({"email": "x", "EMAIL": "y"}, "EMAIL is named twice"),
    "one event column twice": (
        {"event_data.timestamp": "x", "event_data.event_timestamp": "y"},
        "event_data.event_timestamp is named twice",
    ),
    "one path twice": ({"data:payload.url": "x", "event_data.data:payload.url": "y"}, "is named twice"),
    "a number": ({"email": 3}, "the name of email must be a text, not 3"),
    "an empty name": ({"email": ""}, "the name of email must be a text, not ''"),
}


@pytest.mark.parametrize(("columns", "message"), WRONG_COLUMNS.values(), ids=list(WRONG_COLUMNS))
def test_a_column_that_is_none_is_an_error_and_never_passed_over(columns: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        to_sql(check(parse("email = 'x'")), "duckdb", now=NOW, columns=columns)


def test_keys_of_columns_have_no_case_and_may_have_their_table() -> None:
    query = (
        "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON contact_id "
        "WHERE c.email = 'x' AND e.event_type = 'open' AND e.timestamp IS NULL AND e.data:payload.url = 'u'"
    )
    columns = {
        "Contact_Data.EMAIL": "mail",
        "EVENT_DATA.Event_Type": "kind",
        "event_data.event_timestamp": "happened",
        "event_data.data:payload.url": "url",
    }
    sql = to_sql(check(parse(query)), "duckdb", now=NOW, columns=columns)
    for name in ("c.mail", "e1.kind", "e1.happened", "e1.url"):
        assert name in sql


def test_a_lenient_schema_takes_the_columns_of_unknown_fields() -> None:
    checked = check(parse("plan = 'x'"), SENDGRID.as_lenient())
    assert "c.tier = 'x'" in to_sql(checked, "duckdb", now=NOW, columns={"Plan": "tier", "other": "o"})
    with pytest.raises(ValueError, match="write event_data"):
        to_sql(checked, "duckdb", now=NOW, columns={"event_type": "kind"})


@pytest.mark.parametrize("name", ENGINES)
def test_the_answer_has_the_columns_of_a_segment_whatever_the_table_calls_them(name: str) -> None:
    columns = {"contact_id": "ID", "updated_at": "select"}
    sql = to_sql(check(parse("email = 'x'")), name, now=NOW, columns=columns)
    (tree,) = sqlglot.parse(sql, read=name)
    assert isinstance(tree, sqlglot.exp.Select)
    assert [item.alias for item in tree.selects] == ["contact_id", "updated_at"]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("crm.contacts", ["crm", "contacts"]),
        ('"My Schema"."Con.tacts"', ["My Schema", "Con.tacts"]),
        ('crm."a""b"', ["crm", 'a"b']),
        ("`p-x.sales.people`", ["p-x.sales.people"]),
        ("`a``b`.c", ["a`b", "c"]),
        ("it's", ["it's"]),
        ("p-x.people", ["p-x", "people"]),
    ],
)
def test_a_table_may_stand_in_the_quotes_of_sql(written: str, parts: list[str]) -> None:
    checked = check(parse("email = 'x'"))
    for name in ENGINES:
        assert to_sql(checked, name, now=NOW, contacts=written) == to_sql(
            checked, name, now=NOW, contacts=parts
        )


@pytest.mark.parametrize("table", ["", ".", "a.", ".a", "a..b", '"a', '"a"b', "`a", '""', '"a".', []])
def test_what_is_no_tables_name_is_an_error(table: Any) -> None:
    with pytest.raises(ValueError, match="no table's name"):
        to_sql(check(parse("email = 'x'")), "duckdb", now=NOW, contacts=table)


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
