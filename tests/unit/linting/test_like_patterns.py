"""Texts beside LIKE: wildcards that are missing, not meant or doubled."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, diagnose
from sql_seg.diagnostics import Safety
from tests.unit.linting.linting import PLAIN, findings, finds, is_silent


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("email LIKE «'gmail.com'»", "email = 'gmail.com'"),
        ("email NOT LIKE «'gmail.com'»", "email != 'gmail.com'"),
        ("email LIKE («'a'»)", "email = ('a')"),
        ("email LIKE «'a_b'»", "email = 'a_b'"),
        ("email LIKE «''»", "email = ''"),
        (f"{PLAIN}email NOT /* is */ LIKE -- so\n«'ab'»", f"{PLAIN}email != -- so\n'ab'"),
        (f"{PLAIN}city LIKE «'O''Fallon'»", f"{PLAIN}city = 'O''Fallon'"),
    ],
)
def test_like_without_a_wildcard_is_an_equality(marked: str, fixed: str) -> None:
    word, operator = ("NOT LIKE", "!=") if "NOT" in marked else ("LIKE", "=")
    message = f"a pattern without % matches this very text: {word} is only {operator} here"
    finds(marked, "like-without-wildcard", message, help="write ", fixed=fixed, safety=Safety.SAFE)


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("email LIKE «'*gmail.com'»", "email LIKE '%gmail.com'"),
        ("email LIKE «'**gmail.com'»", "email LIKE '%gmail.com'"),
        (f"{PLAIN}city NOT LIKE «'*O''Fall*'»", f"{PLAIN}city NOT LIKE '%O''Fall%'"),
    ],
)
def test_a_star_is_no_wildcard(marked: str, fixed: str) -> None:
    finds(marked, "like-without-wildcard", "% stands for any text, not *", help="write '%", fixed=fixed)


@pytest.mark.parametrize(
    "text", ["email LIKE '%'", "email LIKE 'a%'", f"{PLAIN}email LIKE 'a_b'", "email LIKE 'max%%'"]
)
def test_like_with_a_wildcard(text: str) -> None:
    is_silent(text, "like-without-wildcard")


@pytest.mark.parametrize("written", [r"a\\b", r"a\b", r"\x41"])
def test_an_equality_that_rests_on_backslashes_is_not_safe(written: str) -> None:
    (found,) = findings(f"{PLAIN}plan LIKE '{written}'", "like-without-wildcard")
    assert found.fix is not None
    assert found.fix.safety is Safety.UNSAFE


@pytest.mark.parametrize("pattern", ["max_m@%", "%_test@%", "test_%", r"a\_b_c", r"a\\_b_c"])
def test_an_underscore_of_an_address_is_a_wildcard(pattern: str) -> None:
    finds(
        f"{PLAIN}email LIKE «'{pattern}'»",
        "underscore-wildcard",
        "_ in a pattern is any one character",
        help="a pattern cannot ask for an underscore",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}email LIKE '_%@_%._%'",
        f"{PLAIN}email LIKE '____@%'",
        f"{PLAIN}city LIKE 'a_b'",
        f"{PLAIN}email = 'max_m@x.org'",
        "email LIKE 'max_m@%'",
    ],
)
def test_an_underscore_that_stands_for_any_character(text: str) -> None:
    is_silent(text, "underscore-wildcard")


@pytest.mark.parametrize(
    ("pattern", "fixed"), [("'max%%'", "'max%'"), ('"%%max%%%"', '"%max%"'), ("'%%%%'", "'%'")]
)
def test_a_doubled_percent_sign_is_one_percent_sign(pattern: str, fixed: str) -> None:
    finds(
        f"email LIKE «{pattern}»",
        "doubled-percent",
        "in v1, %% is a percent sign: this finds texts that hold one",
        help=f"for any text, write a single %: '{fixed[1:-1]}'",
        fixed=f"email LIKE {fixed}",
    )


@pytest.mark.parametrize(
    "text", ["email LIKE 'max%'", "city LIKE '%100%%%'", f"{PLAIN}email LIKE 'max%%'", "city = 'max%%'"]
)
def test_percent_signs_that_are_meant(text: str) -> None:
    is_silent(text, "doubled-percent")


@pytest.mark.parametrize(
    "condition",
    [
        "stage LIKE 'free_trial%'",
        "LOWER(stage) LIKE '%black_friday%'",
        "CONCAT(first_name, last_name) LIKE '%van_der%'",
        "NOT city LIKE 'new_york'",
    ],
)
def test_an_underscore_between_words_is_a_wildcard(condition: str) -> None:
    lenient = SENDGRID.as_lenient()
    found = [it for it in diagnose(PLAIN + condition, lenient) if it.code == "underscore-wildcard"]
    assert len(found) == 1, condition
    v1 = condition.replace("CONCAT(first_name, last_name)", "city")
    assert "underscore-wildcard" not in {it.code for it in diagnose(v1, lenient)}


@pytest.mark.parametrize("pattern", ["J_n", "8____", "St__t%", "_a%", "a_bc", "%_", "group_%"])
def test_an_underscore_that_stands_for_a_character_on_purpose(pattern: str) -> None:
    codes = {it.code for it in diagnose(f"{PLAIN}city LIKE '{pattern}'")}
    assert "underscore-wildcard" not in codes
