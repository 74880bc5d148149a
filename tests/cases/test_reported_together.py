"""What is wrong and what is doubtful are reported in one run, as far as neither depends on the other."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, Segment, check, diagnose, lint, parse
from tests.cli.running import run

SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (SELECT + "contry = 'US' AND email = 'A@x.com'", {"unknown-column", "email-capitals"}),
        (SELECT + "contry = 'US' AND city = 'a' AND city = 'b'", {"unknown-column", "never-matches"}),
        ("contry = 'US' OR city LIKE 'x%%'", {"unknown-column", "doubled-percent"}),
        (SELECT + "contry = 'US' AND ARRAY_CONTAINS(list_ids, 'x')", {"unknown-column", "malformed-id"}),
        (SELECT + "city == 'x' AND created_at IS NULL", {"unexpected-text", "never-null"}),
        (JOIN + "e.evnt = 3 AND e.event_type = 'opened'", {"unknown-column", "unknown-event-type"}),
        ("contry = 'US' AND email = 'A@x.com'", {"unknown-column", "email-capitals"}),
        ("SELECT email FROM contact_data WHERE email = 'A@x'", {"select-list", "email-capitals"}),
    ],
)
def test_what_is_sound_is_linted(text: str, codes: set[str]) -> None:
    assert codes <= {item.code for item in diagnose(text)}


@pytest.mark.parametrize(
    "text",
    [
        SELECT + "first_nam IS NULL OR first_name != 'Dave'",
        SELECT + "(contry = 'US' OR city = 'a') AND city = 'b'",
    ],
)
def test_what_depends_on_the_error_is_not_said(text: str) -> None:
    assert {item.code for item in diagnose(text)} == {"unknown-column"}


def test_warnings_are_looked_for_when_they_are_asked_for() -> None:
    text = SELECT + "email = 'A@x.com'"
    checked = check(parse(text), SENDGRID)
    assert checked.diagnostics == ()
    assert [item.code for item in lint(checked)] == ["email-capitals"]
    assert Segment(text).diagnostics == lint(checked)


def test_a_from_of_many_tables_is_told_at_once() -> None:
    joins = " ".join(f"JOIN event_data AS e{i} ON c.contact_id = e{i}.contact_id" for i in range(100))
    (error,) = diagnose(f"SELECT c.contact_id, c.updated_at FROM contact_data AS c {joins}")
    assert (error.code, error.message) == ("too-many-tables", "a FROM holds at most 100 tables, not 101")


@pytest.mark.parametrize("text", ["\"city\" = 'x'", "'city' = \"Denver\""])
def test_a_column_in_quotes_is_a_text_in_v1(text: str) -> None:
    (warning,) = diagnose(text, dialect="v1")
    assert warning.code == "never-matches"
    assert "in quotes it is a text: for the column, write city" in warning.help


def test_of_a_query_without_conditions_every_contact_is_an_example() -> None:
    result = run("example", "-q", "SELECT contact_id, updated_at FROM contact_data")
    assert "every contact is in this segment" in result.stderr
    assert '"in"' in result.stdout
