"""``sql-seg sql``."""

from __future__ import annotations

import json

import duckdb
import pytest

from sql_seg.sql import ENGINES
from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

NOW = "2026-11-23T12:00Z"
STATES = EXAMPLES / "segments" / "us_mountain_states.sql"


@pytest.mark.parametrize("engine", ENGINES)
def test_all_segments_of_a_directory(engine: str) -> None:
    result = run("sql", EXAMPLES / "segments", "--to", engine, "--fields", FIELDS, "--now", NOW)
    assert result.exit_code == FINE, result.output
    assert result.stdout.count("SELECT c.contact_id, c.updated_at\n") == 6
    assert result.stdout.count(";\n") == 6
    assert "at now = 2026-11-23T12:00:00Z" in result.stdout


def test_the_printed_text_runs_with_its_comments() -> None:
    result = run("sql", "-q", r"email LIKE '%;--\'x'", "--to", "duckdb", "--contacts-table", "crm.People")
    assert result.exit_code == FINE, result.output
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA crm")
    connection.execute('CREATE TABLE crm."People" (contact_id VARCHAR, updated_at TIMESTAMP, email VARCHAR)')
    connection.execute("""INSERT INTO crm."People" VALUES ('a', NULL, 'y;--''x'), ('b', NULL, 'y')""")
    assert connection.execute(result.stdout).fetchall() == [("a", None)]


def test_a_name_cannot_end_its_comment() -> None:
    segments = json.dumps({"name": "x\nDROP TABLE contact_data; --", "query_dsl": "email = 'x'"})
    result = run("sql", "-", "--to", "duckdb", stdin=segments)
    assert not any(line.startswith("DROP") for line in result.output.splitlines())


def test_columns_are_called_otherwise() -> None:
    columns = '{"email": "E mail", "event_data.event_type": "kind"}'
    query = "email = 'x' AND event_type = 'open'"
    result = run("sql", "-q", query, "--to", "postgres", "--columns", columns)
    assert result.exit_code == FINE, result.output
    assert "c.\"E mail\" = 'x'" in result.stdout
    assert "e1.kind = 'open'" in result.stdout


@pytest.mark.parametrize("columns", ["[]", "{", '{"x": 1}'])
def test_columns_that_are_no_object_of_names(columns: str) -> None:
    result = run("sql", "-q", "email = 'x'", "--to", "duckdb", "--columns", columns)
    assert result.exit_code == COULD_NOT_RUN
    assert "--columns" in result.output


def test_what_an_engine_cannot_run_is_refused_with_its_reason() -> None:
    query = "SELECT contact_id, updated_at FROM contact_data WHERE LENGTH(email) % 0.5 = 0"
    result = run("sql", "-q", query, "--to", "postgres")
    assert result.exit_code == QUERY_ERRORS
    assert "PostgreSQL cannot run this query: it has no % of fractions" in result.output


def test_a_query_with_errors() -> None:
    result = run("sql", "-q", "emial = 'x'", "--to", "duckdb")
    assert result.exit_code == QUERY_ERRORS
    assert "emial" in result.output
    assert "SELECT" not in result.stdout


def test_an_engine_that_is_unknown() -> None:
    result = run("sql", "-q", "email = 'x'", "--to", "oracle")
    assert result.exit_code == COULD_NOT_RUN


def test_a_column_that_is_named_twice_is_refused() -> None:
    asked = run("sql", "-q", "city = 'x'", "--to", "duckdb", "--columns", '{"city": "a", "city": "b"}')
    assert asked.exit_code == COULD_NOT_RUN
    assert "the key city is there twice" in asked.output
