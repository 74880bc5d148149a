"""Each documented construct of v1, and the v2 that a person would write for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sql_seg import QuerySyntaxError, check, diagnose, parse
from sql_seg.language.schema import SENDGRID
from sql_seg.solver import Difference, distinguish
from sql_seg.upgrading import Obstacle, downgrade, upgrade

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "birthday", "field_type": "Date"},
    ]
)
CASES = re.findall(
    r"^```v1\n(.*?)^```\n\n```v2\n(.*?)^```$",
    (Path(__file__).parent / "golden.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
PROMISED = {"snow", "ours", "seen"}


@pytest.mark.parametrize(("before", "after"), CASES, ids=[case[0].split("\n")[0] for case in CASES])
def test_the_upgrade_is_what_a_person_would_write(before: str, after: str) -> None:
    upgraded = upgrade(before, SCHEMA, now=NOW)
    assert upgraded.text + "\n" == after
    assert upgraded.is_proven, upgraded.verdict
    assert not isinstance(distinguish(before, upgraded.text, schema=SCHEMA, now=NOW), Difference) or (
        "event_data" in before
    )
    old = {found.code for found in diagnose(before, SCHEMA)}
    new = {found.code for found in diagnose(upgraded.text, SCHEMA)}
    assert new - old <= {"undocumented-construct"}


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("email LIKE '%a_b'", Obstacle.PATTERN),
        ("email LIKE 'a%100%%'", Obstacle.PATTERN),
        ("CONTAINS(event_data, event_type)", Obstacle.KEY),
    ],
)
def test_what_v2_cannot_say_is_refused_by_kind(query: str, kind: Obstacle) -> None:
    upgraded = upgrade(query, SCHEMA)
    assert upgraded.query is None
    assert [refusal.kind for refusal in upgraded.refusals] == [kind]
    span = upgraded.refusals[0].span
    assert query[span.start : span.end] == query


def test_v2_needs_no_upgrade_and_v1_no_downgrade() -> None:
    with pytest.raises(ValueError, match="v2 already"):
        upgrade("SELECT contact_id, updated_at FROM contact_data")
    with pytest.raises(ValueError, match="v1 already"):
        downgrade("email = 'x'")


def test_a_parent_list_is_taken_from_the_query() -> None:
    taken = upgrade("(email LIKE '%x') AND CONTAINS(list_ids, 'a')", in_segment=True)
    assert taken.parent_list_ids == ("a",)
    assert "ARRAY_CONTAINS" not in taken.text
    kept = upgrade("email LIKE '%x' AND CONTAINS(list_ids, 'a')", in_segment=True)
    assert kept.parent_list_ids == ()
    assert "ARRAY_CONTAINS" in kept.text


@pytest.mark.parametrize("before", [case[0] for case in CASES])
def test_the_way_back_selects_the_same(before: str) -> None:
    upgraded = upgrade(before, SCHEMA, now=NOW)
    back = downgrade(upgraded.text, SCHEMA, now=NOW)
    if back.query is None:
        assert back.refusals[0].kind in (Obstacle.SHAPE, Obstacle.KEY, Obstacle.PATTERN)
    else:
        assert back.verdict.startswith("the same")


DOWN = "SELECT contact_id, updated_at FROM contact_data WHERE "


@pytest.mark.parametrize(
    ("condition", "after"),
    [
        ("created_at > '2024-01-01'", "created_at > TIMESTAMP '2024-01-01'"),
        ("updated_at > TIMESTAMPADD(week, -2, CURRENT_TIMESTAMP)", "updated_at > NOW() - INTERVAL 14 DAY"),
        ("ARRAY_CONTAINS(list_ids, ['a', 'b'])", "CONTAINS(list_ids, 'a') OR CONTAINS(list_ids, 'b')"),
        ("10 - 2 + 3 = age", "(10 - 2) + 3 = age"),
        ("contact_id NOT IN (SELECT contact_id FROM event_data)", "event_type IS NULL"),
        ("contact_id IN (SELECT contact_id FROM event_data)", "event_type IS NOT NULL"),
    ],
)
def test_a_downgrade(condition: str, after: str) -> None:
    assert downgrade(DOWN + condition, SCHEMA, now=NOW).text == after


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')", Obstacle.SHAPE),
        ("city LIKE 'a_'", Obstacle.PATTERN),
        ("UPPER(city) = 'A'", Obstacle.SHAPE),
    ],
)
def test_what_v1_cannot_say_is_refused_by_kind(condition: str, kind: Obstacle) -> None:
    assert downgrade(DOWN + condition, SCHEMA, now=NOW).refusals[0].kind is kind


def test_a_query_without_text_is_upgraded() -> None:
    from sql_seg.syntax.nodes import Predicate

    parsed = parse("event_type = 'open'")
    assert isinstance(parsed, Predicate)
    built = Predicate(parsed.where)
    assert upgrade(built).text == upgrade(parsed).text == upgrade(check(parsed)).text


def test_comments_that_people_wrote_into_v1_stand_above_the_query() -> None:
    upgraded = upgrade("-- name: Home\ncountry = 'US' -- it's home\nAND /* no\nbots */ city = '-- x'", SCHEMA)
    assert upgraded.text == (
        "-- name: Home\n-- it's home\n/* no\nbots */\n"
        "SELECT contact_id, updated_at FROM contact_data WHERE country = 'US' AND city = '-- x'"
    )
    with pytest.raises(QuerySyntaxError):
        upgrade("country = 'US' --AND num_orders", SCHEMA)


def test_a_segment_of_the_api_gets_no_comments_but_notes() -> None:
    upgraded = upgrade("event_type = 'open' OR event_data['a'] IS NULL", SCHEMA, in_segment=True)
    assert "--" not in upgraded.text
    assert "--" in upgrade("event_type = 'open' OR event_data['a'] IS NULL", SCHEMA).text
    assert any("counts as missing" in note for note in upgraded.notes)
