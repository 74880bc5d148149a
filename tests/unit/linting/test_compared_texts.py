"""Texts beside columns: their case, and their length."""

from __future__ import annotations

import pytest

from sql_seg import diagnose
from tests.unit.linting.linting import PLAIN, finds, is_silent


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("email = «'Ann@x.org'»", "email = 'ann@x.org'"),
        ("«'Ann@x.org'» != email", "'ann@x.org' != email"),
        ('email = («"It\'s@X.org"»)', 'email = ("it\'s@x.org")'),
        ("email IN ('a@b.c', «'B@b.c'», «'C@b.c'»)", "email IN ('a@b.c', 'b@b.c', 'c@b.c')"),
        (f"{PLAIN}email = «'O''Hara@x.org'»", f"{PLAIN}email = 'o''hara@x.org'"),
        (
            f"{PLAIN}ARRAY_CONTAINS(alternate_emails, ['a', «'B'»])",
            f"{PLAIN}ARRAY_CONTAINS(alternate_emails, ['a', 'b'])",
        ),
    ],
)
def test_emails_are_in_lower_case(marked: str, fixed: str) -> None:
    message = "SendGrid stores emails in lower case: none equals a text with capitals"
    finds(marked, "email-capitals", message, help="write '", fixed=fixed)


def test_patterns_and_domains_too() -> None:
    message = "SendGrid stores emails in lower case: none matches a text with capitals"
    finds("email NOT LIKE «'%@X.org'»", "email-capitals", message, fixed="email NOT LIKE '%@x.org'")
    message = "SendGrid stores domains in lower case: none equals a text with capitals"
    fixed = "CONTAINS(email_domains, 'x.org')"
    finds("CONTAINS(email_domains, «'X.org'»)", "email-capitals", message, fixed=fixed)


def test_at_most_five_more_texts_are_labelled() -> None:
    values = ", ".join(f"«'A{n}'»" if n < 6 else f"'A{n}'" for n in range(20))
    fixed = ", ".join(f"'a{n}'" for n in range(20))
    message = "SendGrid stores emails in lower case: none equals a text with capitals"
    finds(f"email IN ({values})", "email-capitals", message, fixed=f"email IN ({fixed})")


@pytest.mark.parametrize(
    "text",
    [
        "email = 'ann@x.org'",
        "city = 'Denver'",
        "LOWER(email) = 'Ann@x.org'",
        f"{PLAIN}UPPER(email) = 'ANN@X.ORG'",
        "email < 'Z'",
        "email = external_id",
        "event_data['email'] = 'Ann@x.org'",
    ],
)
def test_other_capitals_are_left_alone(text: str) -> None:
    is_silent(text, "email-capitals")


def test_the_other_case_beside_lower_and_upper() -> None:
    message = "LOWER(…) has no capitals: it never equals this text"
    finds("LOWER(city) = «'Denver'»", "case-never-matches", message, fixed="LOWER(city) = 'denver'")
    finds(
        "LOWER(city) NOT IN («'A'», 'b', «'C'»)",
        "case-never-matches",
        message,
        fixed="LOWER(city) NOT IN ('a', 'b', 'c')",
    )
    message = "LOWER(…) has no capitals: it never matches this text"
    finds("LOWER(email) LIKE «'%X%'»", "case-never-matches", message, fixed="LOWER(email) LIKE '%x%'")
    message = "UPPER(…) has no small letters: it never equals this text"
    finds(
        f"{PLAIN}UPPER(city) = «'Denver'»",
        "case-never-matches",
        message,
        fixed=f"{PLAIN}UPPER(city) = 'DENVER'",
    )


@pytest.mark.parametrize(
    "text", ["LOWER(city) = 'denver 1'", f"{PLAIN}UPPER(city) LIKE '%DEN\\_%'", "city = 'Denver'"]
)
def test_the_right_case_beside_lower_and_upper(text: str) -> None:
    is_silent(text, "case-never-matches")


def test_a_text_longer_than_its_column() -> None:
    message = "country holds at most 55 characters and never equals these 56"
    finds(f"country = «'{'x' * 56}'»", "long-literal", message, help="country LIKE '…%'")
    message = "plan holds at most 1,000 characters and never equals these 1,001"
    finds(f"plan NOT IN ('a', «'{'x' * 1001}'»)", "long-literal", message)


@pytest.mark.parametrize(
    "text",
    [
        f"country = '{'x' * 55}'",
        f"phone_number_id = '{'x' * 500}'",
        f"country LIKE '{'x' * 60}%'",
        f"contact_id = '{'x' * 60}'",
        f"event_type = '{'x' * 2000}'",
        f"LOWER(country) = '{'x' * 60}'",
    ],
)
def test_a_text_that_fits_or_whose_column_has_no_length(text: str) -> None:
    is_silent(text, "long-literal")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("LOWER(\"city\") = 'x'", "never-matches"),
        ("LOWER(\"city\") LIKE 'x%'", "never-matches"),
        ('LENGTH("city") > 3', "always-matches"),
        ("CONCAT(\"city\", 'y') = 'x'", "never-matches"),
        ("'x' = LOWER(\"city\")", "never-matches"),
        ('"x" = "city"', "never-matches"),
        ("LOWER(\"city\") IN ('x', 'y') OR country = 'US'", "never-matches"),
        ('LOWER("city") IS NULL', "never-matches"),
    ],
)
def test_a_column_in_quotes_is_a_text_also_inside_of_functions(condition: str, code: str) -> None:
    found = [it for it in diagnose(condition) if it.code == code]
    assert found
    assert found[0].help == "in quotes it is a text: for the column, write city"


@pytest.mark.parametrize(
    ("condition", "code"),
    [("1 + 1 = 2", "always-matches"), ("10 / 0 > 3", "never-matches"), ("5 % 3 IN (1, 3)", "never-matches")],
)
def test_what_is_worked_out_of_constants_is_a_constant(condition: str, code: str) -> None:
    assert code in {it.code for it in diagnose(f"{condition} AND city = 'x'")}
