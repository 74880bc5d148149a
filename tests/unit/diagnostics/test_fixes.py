"""Fixing queries by the fixes of their diagnostics."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, Diagnostic, diagnose
from sql_seg.diagnostics import Edit, Fix, Safety
from sql_seg.diagnostics.fixes import apply_fixes, fix_text
from sql_seg.diagnostics.source import Span

SCHEMA = SENDGRID.with_fields([{"name": "age", "field_type": "Number"}])
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOIN = "FROM contact_data AS c JOIN event_data AS e ON c.contact_id = e.contact_id"


def errors(text: str) -> list[Diagnostic]:
    return [found for found in diagnose(text, SCHEMA) if found.is_error]


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("age = '30'", "age = 30"),
        ("age = ( '30' )", "age = ( 30 )"),
        ("postal_code = 80202", "postal_code = '80202'"),
        ("age > 1 AND(postal_code = 80202)", "age > 1 AND(postal_code = '80202')"),
        ("updated_at > '2026-01-31'", "updated_at > TIMESTAMP '2026-01-31'"),
        ("NOT(ARRAY_CONTAINS(list_ids, 'x'))", "NOT(CONTAINS(list_ids, 'x'))"),
        (
            "updated_at - INTERVAL 1 DAY + INTERVAL 2 HOUR < NOW()",
            "(updated_at - INTERVAL 1 DAY) + INTERVAL 2 HOUR < NOW()",
        ),
        (f'{WHERE}first_name = "John"', f"{WHERE}first_name = 'John'"),
        (f'{WHERE}first_name = "O\'Neil"', f"{WHERE}first_name = 'O''Neil'"),
        (f"{WHERE}CONTAINS(list_ids, 'x')", f"{WHERE}ARRAY_CONTAINS(list_ids, 'x')"),
        (f"{WHERE}postal_code = 80202 AND age = '3'", f"{WHERE}postal_code = '80202' AND age = 3"),
        ("SELECT * FROM contact_data", "SELECT contact_id, updated_at FROM contact_data"),
        (
            "SELECT updated_at FROM contact_data",
            "SELECT contact_id, updated_at FROM contact_data",
        ),
        (
            "SELECT contact_id AS id, updated_at FROM contact_data",
            "SELECT contact_id, updated_at FROM contact_data",
        ),
        (f"SELECT contact_id, c.updated_at {JOIN}", f"SELECT c.contact_id, c.updated_at {JOIN}"),
        (
            f"SELECT c.contact_id, c.updated_at {JOIN} WHERE contact_data.email = 'x'",
            f"SELECT c.contact_id, c.updated_at {JOIN} WHERE c.email = 'x'",
        ),
        (
            f"SELECT c.contact_id, c.updated_at, MAX(e.timestamp) {JOIN}",
            f"SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event {JOIN}",
        ),
    ],
)
def test_safe_fixes_of_errors(broken: str, repaired: str) -> None:
    assert errors(broken)
    fixed = fix_text(broken, errors)
    assert fixed.text == repaired
    assert errors(repaired) == []
    assert fixed.applied


def test_a_guess_is_only_applied_on_demand() -> None:
    assert fix_text("emial = 'x'", errors).text == "emial = 'x'"
    assert fix_text("emial = 'x'", errors, unsafe=True).text == "email = 'x'"


def test_a_text_without_fixes_stays() -> None:
    assert fix_text("email = ", errors) == ("email = ", [])


def test_a_fix_that_makes_things_worse_is_left_out() -> None:
    worse = Fix("Spoil it", (Edit(Span(0, 5), "emial"),), Safety.SAFE)

    def diagnose_and_spoil(text: str) -> list[Diagnostic]:
        found = errors("age = '30'")[0]
        return [*errors(text), Diagnostic("spoil", found.severity, "", 1, 1, 1, 6, fix=worse)]

    assert fix_text("email = 'x'", diagnose_and_spoil).text == "email = 'x'"


def test_edits_are_applied_from_the_end() -> None:
    fix = Fix("Both", (Edit(Span(0, 1), "xyz"), Edit(Span(2, 3), "")))
    assert apply_fixes("abc", [fix]) == "xyzb"


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("updated_at > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)", "updated_at > NOW() - INTERVAL 30 DAY"),
        ("updated_at > TIMESTAMPADD(weeks, -3, NOW())", "updated_at > NOW() - INTERVAL 21 DAY"),
        (
            "updated_at > TIMESTAMPADD(month, 3, '2026-01-01')",
            "updated_at > TIMESTAMP '2026-01-01' + INTERVAL 3 MONTH",
        ),
        ("updated_at > TIMESTAMPADD(hour, 1, created_at)", "updated_at > created_at + INTERVAL 1 HOUR"),
        ("updated_at > CURRENT_TIMESTAMP", "updated_at > NOW()"),
        ("updated_at < now", "updated_at < NOW()"),
    ],
)
def test_moments_of_v2_and_elsewhere_in_v1(broken: str, repaired: str) -> None:
    assert errors(broken)
    assert fix_text(broken, errors).text == repaired
    assert errors(repaired) == []


def test_what_v2_does_not_have_is_not_written_into_it() -> None:
    broken = f"{WHERE}CONTAINS(event_data, 'k')"
    assert fix_text(broken, errors, unsafe=True).text == broken


def test_a_missing_column_is_selected_in_the_usual_order() -> None:
    fixed = fix_text("SELECT contact_id FROM contact_data", errors)
    assert fixed.text == "SELECT contact_id, updated_at FROM contact_data"


@pytest.mark.parametrize(
    "condition",
    [
        "age == {}",
        "city !== 'a{}'",
        "city = 'a{}'::text",
        "[city] = 'a{}'",
        "city IS DISTINCT FROM 'a{}'",
        "city = 'a{}' && country = 'x'",
        "created_at > now() - interval '{} days'",
    ],
)
def test_a_mistake_that_stands_a_hundred_times_is_fixed_each_time_as_it_is_alone(condition: str) -> None:
    start, schema = "SELECT contact_id, updated_at FROM contact_data WHERE ", SENDGRID.as_lenient()

    def fixed(*conditions: str) -> str:
        text = start + " OR ".join(conditions)
        return fix_text(text, errors_of, unsafe=True).text.removeprefix(start)

    def errors_of(text: str) -> list[Diagnostic]:
        return [found for found in diagnose(text, schema) if found.is_error]

    conditions = [condition.format(number + 1) for number in range(100)]
    alone = [fixed(one) for one in conditions]
    assert not any(item.is_error for item in diagnose(start + alone[0], schema))
    assert fixed(*conditions) == " OR ".join(alone)


@pytest.mark.parametrize(
    ("condition", "fixed"),
    [
        ("city IN 'a','b'", "city IN ('a','b')"),
        ("city IN 'a', 'b', 'c' AND country = 'x'", "city IN ('a', 'b', 'c') AND country = 'x'"),
        ("city IN 'a'", "city IN ('a')"),
    ],
)
def test_a_list_without_parentheses_is_put_in_them_as_a_whole(condition: str, fixed: str) -> None:
    assert fix_text(WHERE + condition, errors).text == WHERE + fixed
    assert errors(WHERE + fixed) == []


def test_like_any_of_an_array_leads_to_several_likes() -> None:
    for word, join in (("ANY", " OR "), ("SOME", " OR "), ("ALL", " AND ")):
        asked = WHERE + f"city LIKE {word} ARRAY['a%', 'b%']"
        assert fix_text(asked, errors).text == WHERE + f"(city LIKE 'a%'{join}city LIKE 'b%')"
