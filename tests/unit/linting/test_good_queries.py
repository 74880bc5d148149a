"""Good ordinary queries get no warning, and each rule's own example and advice hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sql_seg import SENDGRID, diagnose
from sql_seg.linting import RULES, Rule
from tests.laws.strategies import SCHEMA
from tests.unit.linting.linting import JOINED, LIST_ID, PLAIN

EXAMPLES = Path(__file__).parents[3] / "examples"
LINTS = [rule for rule in RULES if rule.check is not None]

CLICKED_TOO = JOINED.replace("WHERE", "JOIN event_data f ON c.contact_id = f.contact_id WHERE")
LAST_OPENED = (
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_type = 'open' "
    "GROUP BY c.contact_id, c.updated_at HAVING last_event < TIMESTAMPADD(day, -90, CURRENT_TIMESTAMP)"
)

GOOD = [
    f"email LIKE '%gmail.com' AND CONTAINS(list_ids, '{LIST_ID}')",
    "first_name != 'Dave' OR first_name IS NULL",
    "email IN ('a@x.org', 'b@x.org') OR city = 'Denver'",
    "LOWER(city) LIKE '%denver%' AND age >= 18 AND age < 30",
    "plan IS NULL OR plan = ''",
    "plan IS NOT NULL AND plan != ''",
    "created_at BETWEEN TIMESTAMP '2026-01-01T00:00:00Z' AND TIMESTAMP '2026-02-01T00:00:00Z'",
    "created_at > NOW() - INTERVAL 30 DAY",
    "event_source = 'mail' AND event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 90 DAY",
    "event_type IN ('open', 'click') AND event_data['singlesend_id'] = '5ing1e5e-0000'",
    "age * 2 + 1 > 10 AND Lifetime_Value / 2 > 3",
    f"{PLAIN}email LIKE '%@gmail.com' AND ARRAY_CONTAINS(list_ids, ['{LIST_ID}', '{LIST_ID}'])",
    f"{PLAIN}country = 'US' AND postal_code IN ('80202', '80203')",
    f"{PLAIN}updated_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)",
    f"{PLAIN}created_at >= '2026-01-01' AND created_at < '2026-02-01T00:00:00Z'",
    f"{PLAIN}email LIKE '_%@_%'",
    f"{PLAIN}contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')",
    f"{PLAIN}(age > 30) IS NOT TRUE",
    f"{JOINED}e.event_type = 'open' AND e.timestamp >= TIMESTAMPADD(month, -3, CURRENT_TIMESTAMP)",
    f"{JOINED}e.event_type = 'click' AND e.data:payload.url LIKE '%/pricing%'",
    f"{CLICKED_TOO}e.event_type = 'open' AND f.event_type = 'click'",
    LAST_OPENED,
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_query_gets_no_warning(text: str) -> None:
    assert diagnose(text, SCHEMA) == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("segments/*.sql")), ids=lambda path: path.stem)
def test_an_example_segment_gets_no_warning_but_of_nulls(path: Path) -> None:
    schema = SENDGRID.with_fields(json.loads((EXAMPLES / "field_definitions.json").read_text()))
    codes = {found.code for found in diagnose(path.read_text(), schema)}
    assert codes <= {"null-blind-inequality"}


@pytest.mark.parametrize("rule", LINTS, ids=lambda rule: rule.code)
def test_the_example_provokes_the_rule(rule: Rule) -> None:
    schema = SENDGRID.as_lenient() if rule.lenient else SENDGRID
    assert rule.code in {found.code for found in diagnose(rule.example, schema, rule.dialect, infos=True)}


@pytest.mark.parametrize("rule", LINTS, ids=lambda rule: rule.code)
def test_what_to_write_instead_is_left_alone(rule: Rule) -> None:
    found = diagnose(rule.instead, SENDGRID, rule.dialect, infos=True)
    assert rule.code not in {item.code for item in found}
    assert not any(item.is_error for item in found)
